"""The voltage window of a cell: from the scale of its file to lithium and to the terminals.

Leaves out: where in its window a cell stands (``initial_state``).
"""

from __future__ import annotations

from typing import Any

from lisse.cell.active_materials import ends, initial_contents
from lisse.cell.claims import ClaimBook
from lisse.cell.specification import CellFile
from lisse.errors import InputError
from lisse.materials import Material

LOWEST_POTENTIAL = 1.5
"""Below this the oxide takes up a second lithium, which no curve here describes [V vs Li]."""


def window(spec: CellFile, book: ClaimBook) -> dict[str, Any]:
    """Bring the voltage window to the lithium scale and to the terminals, and hold it against the curve."""
    lower, upper = (limit + _reference_potential(spec, book) for limit in spec.operation.voltage_window)
    curves = {role: book.curve(role, "open_circuit_voltage") for role in book.active_roles}
    starts = {}
    for role, content in initial_contents(spec, book).items():
        low_content, high_content = curves[role].range or (0.0, 1.0)
        if not low_content <= content <= high_content:
            raise InputError(
                f"cathode.initial_lithium_content: {content:g} lies outside the open-circuit curve of "
                f"{book.name(role)}, which covers {low_content:g} to {high_content:g}."
            )
        starts[role] = float(curves[role](content))
    tops = {role: ends(curve)[1] for role, curve in curves.items()}
    # The curve that ends first bounds the charge; the material that starts lowest can be charged first.
    highest, start = min(tops.values()), min(starts.values())
    name, first = (book.name(min(found, key=lambda role: found[role])) for found in (tops, starts))
    field = "operation.voltage_window"
    if upper > highest:
        raise InputError(
            f"{field}: the upper limit is {upper:.3f} V against lithium, but the curve of {name} ends at "
            f"{highest:.3f} V; set it to at most that."
        )
    if upper <= start:
        raise InputError(
            f"{field}: the upper limit is {upper:.3f} V against lithium, but {first} starts at {start:.3f} V and "
            "could not be charged; set it above that."
        )
    if lower < LOWEST_POTENTIAL:
        raise InputError(
            f"{field}: the lower limit is {lower:.3f} V against lithium; it must be at least "
            f"{LOWEST_POTENTIAL} V, below which the oxide takes up a second lithium."
        )
    anode = book.number("anode", "potential")
    return {
        "lower_potential": lower,
        "upper_potential": upper,
        "lower_voltage": lower - anode,
        "upper_voltage": upper - anode,
        "lowest_equilibrium_voltage": max(*(ends(curve)[0] for curve in curves.values()), LOWEST_POTENTIAL) - anode,
        "highest_equilibrium_voltage": highest - anode,
    }


def _reference_potential(spec: CellFile, book: ClaimBook) -> float:
    """Potential against lithium of the electrode that the window is given against [V]."""
    if spec.operation.reference == spec.anode.material:
        return book.number("anode", "potential")
    reference = Material.load(spec.operation.reference)
    anode = book.material("anode")
    if anode is not None and anode.name == reference.name:
        return book.number("anode", "potential")
    potential = reference.value("potential")
    assert isinstance(potential, float)
    return potential


def symmetric_window(spec: CellFile) -> dict[str, Any]:
    """Return the window of a symmetric cell, which its electrodes do not shift."""
    low, high = spec.operation.voltage_window
    return {"lower_voltage": low, "upper_voltage": high}
