"""What a cell file leaves open and what lisse takes instead, so that a run can write its cell out in full.

Leaves out: how such a value is found (``_derive``; the constants stand in ``specification``).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from lisse.cell.active_materials import component_radius, components, initial_contents
from lisse.cell.claims import ClaimBook
from lisse.cell.derived import Derived
from lisse.cell.fields import Quantity
from lisse.cell.format import filled_format
from lisse.cell.specification import CellFile
from lisse.cell.tables import Table
from lisse.units import HUMAN, quantity, show

Filled = dict[str, tuple[float | str, str]]
"""Dotted field to value and SI unit (empty for text and pure numbers)."""

NOT_ASSUMED = (
    "cathode.mass_fractions",  # nought of a component that is not there
    "cathode.space_charge_resistance",  # off
    "cathode.transport",  # a law of the model, not a fact of the cell
    "cathode.initial_lithium_content",  # a claim on the material
    "operation.nominal_capacity",  # a claim on the material
)
"""Defaults that are no assumption about this one cell."""


def has_contact_law(book: ClaimBook) -> bool:
    """Tell whether the anode's contact depends on pressure: that of lithium, which creeps."""
    return book.has("anode", "creep_exponent")


def filled_in(spec: CellFile, book: ClaimBook, derived: Derived) -> Filled:
    """Return the value of every field that the file leaves open and lisse fills in.

    Fields that a resolved file lists in ``defaults`` count as left open, with the value that the file holds. A field
    that may be absent from a cell (an interlayer, a coating, a heat transfer) is none of them.
    """
    operation = spec.operation
    found: Filled = dict(_constants(spec, spec.defaults)) | filled_format(spec)

    def fill(field: str, given: Any, value: float, unit: str = "", when: bool = True) -> None:
        if (given is None and when) or field in spec.defaults:
            found[field] = value, unit

    if has_contact_law(book):
        fill("anode.attach_pressure", spec.anode.attach_pressure, spec.anode.attach_pressure or 0.0, "Pa")
    fill("separator.relative_density", spec.separator.relative_density, derived.separator_density)
    free = operation.frame_force is None
    fill("operation.stack_pressure", operation.stack_pressure, derived.stack_pressure, "Pa", when=free)
    fill("operation.nominal_capacity", operation.nominal_capacity, derived.nominal_capacity, "A*s/m^2")
    if spec.cathode is None:
        return found
    cathode, transport = spec.cathode, spec.cathode.transport
    amount = cathode.loading if cathode.loading is not None else cathode.pressed_mass
    two = amount is not None and cathode.thickness is not None
    fill("cathode.porosity", cathode.porosity, derived.void_fraction, when=not two)
    for role, (table, part) in components(spec).items():
        if part.particle_diameter is None and part.distribution is None:
            fill(f"{table}.particle_radius", part.particle_radius, component_radius(spec, book, role), "m")
    content = initial_contents(spec, book)["active"]
    fill("cathode.initial_lithium_content", cathode.initial_lithium_content, content)
    if transport.closure == "percolation":
        fill("cathode.transport.ionic_threshold", transport.ionic_threshold, derived.ionic_threshold)
    if "cathode.connected_fraction" in found:
        found["cathode.connected_fraction"] = derived.connected_fraction, ""
    return found


def _constants(table: Table, defaults: list[str], path: str = "") -> Iterator[tuple[str, tuple[float | str, str]]]:
    """Yield the constants that stand in for fields left open, table by table."""
    for name, field in type(table).model_fields.items():
        value, dotted = getattr(table, name), f"{path}{name}"
        if isinstance(value, Table):
            yield from _constants(value, defaults, f"{dotted}.")
        elif isinstance(field.default, float) or (isinstance(field.default, str) and field.default):
            unit = next((part.unit for part in field.metadata if isinstance(part, Quantity)), "")
            if name not in table.model_fields_set or dotted in defaults:
                yield dotted, (value, unit)


def assumed(spec: CellFile, filled: Filled) -> tuple[str, ...]:
    """Return the fields that no source gives: those that the file names, then the defaults that it does not name."""
    unread = () if "cracks" in spec.mechanisms else ("cathode.morphology",)
    named = (*spec.assumed, *NOT_ASSUMED, *unread)
    more = [field for field in filled if not any(field == name or field.startswith(f"{name}.") for name in named)]
    return *spec.assumed, *more


def resolved_document(document: Mapping[str, Any], filled: Filled) -> dict[str, Any]:
    """Return a document with every field filled in, and the list ``defaults`` of those that were."""
    resolved: dict[str, Any] = copy.deepcopy(dict(document))
    resolved.pop("defaults", None)
    if filled:
        resolved["defaults"] = list(filled)
    for field, (value, unit) in filled.items():
        *tables, key = field.split(".")
        table: Any = resolved
        for name in tables:
            table = table[int(name)] if isinstance(table, list) else table.setdefault(name, {})
        table.setdefault(key, _exact(value, unit) if isinstance(value, float) and unit else value)
    return resolved


def _exact(value: float, unit: str) -> str:
    """Write a quantity in the unit that people use, with as many digits as it takes to read the same number back."""
    for digits in range(3, 18):
        text = show(value, unit, HUMAN.get(unit, unit), digits)
        if quantity(text, unit, "") == value:
            return text
    return f"{value!r} {unit}"
