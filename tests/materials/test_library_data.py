"""The list of properties that nothing reads, held against the code; the tables that docs/materials.md shows of it."""

from __future__ import annotations

import ast
import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import lisse
from lisse.citations import TAGS
from lisse.materials import PROPERTIES, Material, library
from lisse.materials.properties import LIBRARY_DATA

PACKAGE = Path(lisse.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"
SHOWING = ("materials/", "report/", "validation/", "simulate.py", "cli.py")
"""Code that shows or checks values and computes no result with them."""


@cache
def named_in_code() -> set[str]:
    """Names of properties that stand as text in the modules that compute."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).as_posix().startswith(SHOWING):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found & set(PROPERTIES)


def tables() -> ModuleType:
    pytest.importorskip("sphinx")
    path = DOCS / "_ext" / "lisse_tables.py"
    spec = importlib.util.spec_from_file_location("lisse_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_mechanism_reads_what_the_list_calls_unread() -> None:
    assert set(LIBRARY_DATA) <= set(PROPERTIES)
    assert len(set(LIBRARY_DATA)) == len(LIBRARY_DATA)
    assert sorted(set(LIBRARY_DATA) & named_in_code()) == [], "take these out of LIBRARY_DATA"


def test_what_is_not_on_the_list_is_read() -> None:
    unread = [name for name in PROPERTIES if name not in LIBRARY_DATA and name not in named_in_code()]
    assert unread == [], "put these on LIBRARY_DATA"
    assert {name for name, row in PROPERTIES.items() if not row.read_by} == set(LIBRARY_DATA)


def test_the_table_of_library_data_has_one_row_a_property() -> None:
    header, rows = tables().TABLES["library-data"]("")
    assert header == ["property", "SI unit", "materials", "meaning"]
    assert {row[0].strip("`") for row in rows} == set(LIBRARY_DATA)
    holders = {row[0].strip("`"): int(row[2]) for row in rows}
    # both edges of the window: 25 electrolytes and the coatings that have one
    for name in set(LIBRARY_DATA) & {"oxidation_potential", "hardness"}:
        assert holders[name] == sum(Material.load(key).has(name) for key in library())


def test_every_tag_in_the_library_has_a_meaning_in_the_docs() -> None:
    _, rows = tables().TABLES["tags"]("")
    assert [row[0].strip("`") for row in rows] == list(TAGS)
    shown = (DOCS / "materials.md").read_text(encoding="utf-8")
    assert "{lisse-table} tags" in shown
    assert "{lisse-table} library-data" in shown
    claims = [claim for material in library().values() for claim in material.claims]
    assert sum(int(row[2]) for row in rows) == sum(claim.source.tag is not None for claim in claims)
