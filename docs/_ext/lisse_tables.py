"""Tables of the documentation that are made from the code: a Sphinx directive ``lisse-table``.

What is looked up: the JSON Schema of cell files, the parameters and variables of the cell model, the derived
quantities, the property table of materials, the libraries of materials and cells. Leaves out: prose.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

Row = list[str]
MEANINGS = Path(__file__).parent.parent / "_data" / "cell_fields.toml"
"""What each field of a cell file means; the build warns about a field without one and one without a field."""
EVERYTHING = {
    "thermal": "lumped",
    "surface_form": "differential",
    "fixture": "spring",
    "voids": True,
    "interphase": True,
    "filaments": True,
    "extrusion": True,
    "bending": True,
    "reference_electrode": True,
}
"""Options that bring in variables which the default options leave out."""

_log = logging.getLogger(__name__)


def markdown(header: Row, rows: list[Row]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines]


def code(text: Any) -> str:
    """Return ``text`` as inline code; nothing where it is empty."""
    return f"`{text}`" if str(text) else ""


def field_kind(schema: dict[str, Any]) -> tuple[str, str]:
    """Return how a field is written and its SI unit, from its JSON Schema."""
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    option = options[0] if options else {}
    if "$ref" in option:
        return f"table {code(option['$ref'].rsplit('/', 1)[1])}", ""
    if option.get("type") == "array":
        kind, unit = field_kind(option.get("items", {}))
        return f"list of {kind}", unit
    if "enum" in option:
        return ", ".join(code(choice) for choice in option["enum"]), ""
    unit = str(option.get("description", "")).removeprefix("SI unit: ").removesuffix("none")
    if option.get("examples"):
        example = option["examples"][0]
        return code(f'"{example}"' if isinstance(example, str) else example), unit
    named = {"string": "text", "integer": "integer", "object": "table", None: "see below"}
    return named.get(option.get("type"), str(option.get("type"))), ""


def cell_fields(table: str) -> tuple[Row, list[Row]]:
    """Fields of one table of the cell file, by the name of its model (``CellFile`` is the top level)."""
    from lisse.cell.cell import Cell

    schema = Cell.json_schema()
    model = schema if table == "CellFile" else schema["$defs"][table]
    meanings = tomllib.loads(MEANINGS.read_text(encoding="utf-8")).get(table, {})
    for name in set(meanings) ^ set(model["properties"]):
        _log.warning("cell file, %s.%s: a field and its meaning must come in pairs", table, name)
    rows = []
    for name, field in model["properties"].items():
        kind, unit = field_kind(field)
        default = field.get("default")
        simple = isinstance(default, str | int | float) and not isinstance(default, bool)
        need = "yes" if name in model.get("required", []) else (code(default) if simple else "")
        rows.append([code(name), kind, code(unit), need, meanings.get(name, "")])
    return ["field", "written as", "SI unit", "required or default", "meaning"], rows


def parameters(_: str) -> tuple[Row, list[Row]]:
    """Every parameter that the cell model reads, with unit, meaning and default."""
    import pybamm

    from lisse.cell.model import SolidStateCell

    model = SolidStateCell(EVERYTHING)
    known = {info.name: info for info in model.parameter_table}
    read = {symbol.name: symbol for symbol in model.parameters}
    rows = []
    for name in [*known, *(name for name in read if name not in known)]:
        info = known.get(name)
        meaning = info.description if info else ""
        if isinstance(read.get(name), pybamm.FunctionParameter) and name != "Current function [A]":
            meaning = f"{meaning}; a function of the lithium content".removeprefix("; ")
        default = "" if info is None or info.default is None else f"{info.default:g}"
        stem, unit = split_unit(name)
        rows.append([code(stem), code(unit), meaning, default])
    return ["parameter", "unit", "meaning", "default"], rows


def variables(_: str) -> tuple[Row, list[Row]]:
    """Every variable of a solution, with unit and where it is resolved."""
    from lisse.cell.model import SolidStateCell

    places = {(): "cell", ("positive electrode",): "through the cathode", ("positive particle",): "in the particles"}
    default = SolidStateCell().variables
    rows = []
    for name, symbol in (default | SolidStateCell(EVERYTHING).variables).items():
        stem, unit = split_unit(name)
        when = "always" if name in default else "with the options named above"
        rows.append([code(stem), code(unit), places.get(tuple(symbol.domain), ", ".join(symbol.domain)), when])
    return ["variable", "unit", "resolved", "present"], sorted(rows, key=lambda row: row[0].casefold())


def split_unit(name: str) -> tuple[str, str]:
    """Split PyBaMM's ``Name [unit]``."""
    if name.endswith("]"):
        stem, unit = name[:-1].rsplit(" [", 1)
        return stem, unit
    return name, ""


def derived(_: str) -> tuple[Row, list[Row]]:
    """Quantities that follow from a cell file."""
    from dataclasses import fields

    from lisse.cell.derived import Derived

    rows = [[code(f.name), code(f.metadata["unit"]), f.metadata["label"]] for f in fields(Derived)]
    return ["name", "SI unit", "meaning"], rows


def properties(_: str) -> tuple[Row, list[Row]]:
    """The property table of materials."""
    from lisse.materials import KINDS, PROPERTIES

    rows = []
    for row in PROPERTIES.values():
        kinds = "all" if set(row.kinds) == set(KINDS) else ", ".join(kind.replace("_", " ") for kind in row.kinds)
        choices = f" ({', '.join(code(choice) for choice in row.choices)})" if row.choices else ""
        rows.append([code(row.name), code(row.unit), row.form, kinds, row.description + choices])
    return ["property", "SI unit", "value", "kinds", "meaning"], rows


def library_data(_: str) -> tuple[Row, list[Row]]:
    """Properties that the library holds and no mechanism reads yet, with the number of materials that claim them."""
    from lisse.materials import PROPERTIES, library

    found = library().values()
    rows = []
    for row in PROPERTIES.values():
        if not row.read_by:
            holders = sum(material.has(row.name) for material in found)
            rows.append([code(row.name), code(row.unit), str(holders), row.description])
    return ["property", "SI unit", "materials", "meaning"], rows


def tags(_: str) -> tuple[Row, list[Row]]:
    """How a value reached the library, by the tag of its source, with the number of claims."""
    from collections import Counter

    from lisse.citations import TAGS
    from lisse.materials import library

    claims = [claim for material in library().values() for claim in material.claims]
    all_of, without = Counter(c.source.tag for c in claims), Counter(c.source.tag for c in claims if not c.source.doi)
    rows = [[code(tag), meaning, str(all_of[tag]), str(without[tag])] for tag, meaning in TAGS.items()]
    return ["tag", "how the value was come by", "claims", "without DOI"], rows


def materials(kind: str) -> tuple[Row, list[Row]]:
    """Materials of one kind in the library."""
    from lisse.materials import library

    found = sorted((item for item in library().values() if item.kind == kind), key=lambda item: item.name.casefold())
    if not found:
        _log.warning("materials: there is none of the kind %s", kind)
    rows = []
    for material in found:
        assumed = sum(claim.method == "assumed" for claim in material.claims)
        counts = [str(len(material.claims) - assumed), str(assumed)]
        rows.append([code(material.name), ", ".join(material.aliases), *counts, material.description])
    return ["name", "also", "sourced claims", "assumed claims", "what it is"], rows


def cells(_: str) -> tuple[Row, list[Row]]:
    """The library of cells, as their files say it."""
    from lisse.cell.cell import Cell
    from lisse.cell.library import cell_library, read_cell_file

    rows = []
    for name in cell_library():
        file, described = read_cell_file(name), Cell.load(name)
        operation, cathode = file["operation"], file.get("cathode", {})
        anode = file["anode"]["material"]
        oxide = described.spec.cathode.active_name if described.spec.cathode else anode
        amount = cathode.get("loading") or cathode.get("composite_mass") or cathode.get("thickness", "")
        rows.append(
            [
                code(name),
                f"{anode}, {file['separator']['material']}, {oxide}",
                str(amount),
                str(operation["temperature"]),
                str(operation.get("stack_pressure") or operation.get("frame_force", "")),
                str(len(described.assumed)),
            ]
        )
    return ["cell", "anode, separator, oxide", "amount", "temperature", "stack pressure", "assumed fields"], rows


def assumed(_: str) -> tuple[Row, list[Row]]:
    """How often each field of the library's cells is an assumption."""
    from collections import Counter

    from lisse.cell.cell import Cell
    from lisse.cell.library import cell_library

    count = Counter(field for name in cell_library() for field in Cell.load(name).assumed)
    return ["field", "cells in which it is assumed"], [[code(name), str(n)] for name, n in count.most_common()]


def influence(_: str) -> tuple[Row, list[Row]]:
    """What every parameter of the lithium interface moves, the four outputs that move most."""
    from lisse.lithium.influence import influences

    rows = []
    for row in influences():
        moved = [f"{code(name.split(':')[0])}{name.split(':')[1]} {_both(*pair)}" for name, pair in row.moved.items()]
        name = code(row.claim or row.parameter)
        rows.append([name, f"{_short(row.low)} to {_short(row.high)}", "; ".join(moved[:4]) or "nothing"])
    return [
        "claim or field",
        "moved from .. to (claims in SI)",
        "what moves, at the first and at the second value",
    ], rows


def _short(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(str(item) for item in value.values())
    return str(value) if isinstance(value, str | bool) else f"{value:.3g}"


def _both(low: float, high: float) -> str:
    return " / ".join(
        "never" if x == float("inf") else "at all" if x == -float("inf") else _percent(x) for x in (low, high)
    )


def _percent(change: float) -> str:
    return "0" if change == 0 else f"{100 * change:+.2g} %" if abs(change) < 0.995 else f"x {1 + change:.3g}"


TABLES: dict[str, Callable[[str], tuple[Row, list[Row]]]] = {
    "cell-file": cell_fields,
    "parameters": parameters,
    "variables": variables,
    "derived": derived,
    "properties": properties,
    "library-data": library_data,
    "tags": tags,
    "materials": materials,
    "cells": cells,
    "assumed": assumed,
    "influence": influence,
}
"""Tables by the first word of the directive; the second word is their argument."""


class LisseTable(SphinxDirective):
    """``{lisse-table} NAME [ARGUMENT]`` in Markdown: one of :data:`TABLES`."""

    required_arguments = 1
    optional_arguments = 1
    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        """Make the table and let the page's own parser read it."""
        name, argument = [*self.arguments, ""][:2]
        if name not in TABLES:
            raise self.error(f"lisse-table: {name} is not one of {', '.join(TABLES)}")
        header, rows = TABLES[name](argument)
        return list(self._parse(markdown(header, rows)))

    def _parse(self, lines: list[str]) -> Iterator[nodes.Node]:
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source=self.get_source_info()[0]), self.content_offset, holder)
        yield from holder.children


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive; the tables depend on the code, so pages are not read in parallel."""
    app.add_directive("lisse-table", LisseTable)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
