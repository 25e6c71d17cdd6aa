"""State of charge or rest voltage at which a cell's parameters start, in the words of PyBaMM.

Leaves out: what a cell keeps of its history (first-cycle loss, profiles in the particles): every field starts flat.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lisse.cathode.diffusion import population_name
from lisse.cell.cell import Cell
from lisse.cell.eis import contents_at_charge
from lisse.cell.fields import brief
from lisse.errors import InputError

if TYPE_CHECKING:
    import pybamm


def initial_state(cell: Cell, value: float | str) -> dict[str, float]:
    """Return the parameters that let a cell start at a state of charge or at a voltage; lithium is conserved.

    Parameters
    ----------
    cell
        The cell; what has left its oxide since it was built is in its anode.
    value
        State of charge from 0 (with the lithium as built) to 1 (open circuit at the upper limit of the window), as for
        :func:`lisse.impedance`; or the open-circuit voltage at the terminals with its unit, ``"3.9 V"``. The materials
        of a blend rest at one potential.

    Raises
    ------
    InputError
        If the value is neither, or lies out of range.

    Examples
    --------
    >>> charged = initial_state(Cell.load("reference"), 1.0)
    >>> round(charged["Initial lithium content"], 3)
    0.212
    """
    derived = cell.derived
    contents = _contents_at_voltage(cell, value) if isinstance(value, str) else _contents_at_charge(cell, value)
    moved = 1 - cell.mean_content(contents) / derived.initial_lithium_content
    active = derived.cathode_lithium * derived.connected_fraction
    named = {
        population_name("Initial lithium content", number): contents[size.role]
        for number, size in enumerate(cell.size_classes, start=1)
    }
    return {**named, "Initial anode lithium [mol.m-2]": derived.anode_lithium + moved * active}


def _contents_at_charge(cell: Cell, value: float) -> dict[str, float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            f'initial state: {brief(value)} is neither a number from 0 to 1 nor a voltage such as "3.9 V".'
        )
    return contents_at_charge(cell, value)


def _contents_at_voltage(cell: Cell, text: str) -> dict[str, float]:
    """Contents at which the cell rests at a voltage; the end of a curve where it ends."""
    derived = cell.derived
    low, high = derived.lower_voltage, derived.upper_voltage
    try:
        volts = float(text.strip().removesuffix("V"))
    except ValueError:
        raise InputError(f'initial state: {brief(text)} is not a voltage such as "3.9 V".') from None
    if not (text.strip().endswith("V") and low <= volts <= high):
        raise InputError(
            f"initial state: {brief(text)} is not a voltage in the cell's window of {low:g} V to {high:g} V."
        )
    return cell.contents_at(volts + derived.anode_potential)


def let_pybamm_set_it(values: pybamm.ParameterValues, cell: Cell) -> pybamm.ParameterValues:
    """Make ``values.set_initial_state(value)`` mean :func:`initial_state` of this cell, and return the values.

    PyBaMM chooses this function by chemistry and has no public way to name another one.
    """
    values._set_initial_state = partial(_set_initial_state, cell)
    return values


def _set_initial_state(
    cell: Cell, value: float | str, values: pybamm.ParameterValues, **given: Any
) -> pybamm.ParameterValues:
    """Do what PyBaMM asks for; of what it hands over besides, only ``inplace`` means something for this cell."""
    changed = values if given["inplace"] else values.copy()
    changed.update(initial_state(cell, value))
    return changed
