"""The page on cell files shows every table of the schema, and every field has a meaning."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from lisse.cell.cell import Cell

DOCS = Path(__file__).parents[2] / "docs"


def test_every_table_is_on_the_page_and_every_field_has_a_meaning() -> None:
    schema = Cell.json_schema()
    tables = {"CellFile": schema, **schema["$defs"]}
    shown = re.findall(r"{lisse-table} cell-file (\w+)", (DOCS / "cell-file.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(tables)
    meanings = tomllib.loads((DOCS / "_data" / "cell_fields.toml").read_text(encoding="utf-8"))
    assert {name: set(fields) for name, fields in meanings.items()} == {
        name: set(table["properties"]) for name, table in tables.items()
    }
