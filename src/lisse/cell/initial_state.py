"""State of charge or rest voltage at which a cell's parameters start, in the words of PyBaMM.

Leaves out: what a cell keeps of its history (first-cycle loss, profiles in the particles): every field starts flat.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lisse.cathode.diffusion import population_name
from lisse.cell.cell import Cell
from lisse.cell.eis import content_at
from lisse.cell.fields import brief
from lisse.errors import InputError
from lisse.materials import Curve

if TYPE_CHECKING:
    import pybamm


def initial_state(cell: Cell, value: float | str) -> dict[str, float]:
    """Return the parameters that let a cell start at a state of charge or at a voltage; lithium is conserved.

    Parameters
    ----------
    cell
        The cell; what has left its oxide since it was built is in its anode.
    value
        State of charge from 0 (as built) to 1 (open circuit at the upper limit of the window), as for
        :func:`lisse.impedance`; or the open-circuit voltage at the terminals with its unit, ``"3.9 V"``.

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
    content = _content_at_voltage(cell, value) if isinstance(value, str) else _content_at_charge(cell, value)
    moved = 1 - content / derived.initial_lithium_content
    active = derived.cathode_lithium * derived.connected_fraction
    contents = {
        population_name("Initial lithium content", number): content for number in range(1, len(cell.size_classes) + 1)
    }
    return {**contents, "Initial anode lithium [mol.m-2]": derived.anode_lithium + moved * active}


def _content_at_charge(cell: Cell, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            f'initial state: {brief(value)} is neither a number from 0 to 1 nor a voltage such as "3.9 V".'
        )
    return content_at(cell, value)


def _content_at_voltage(cell: Cell, text: str) -> float:
    from scipy.optimize import brentq

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
    curve = cell.claim("active", "open_circuit_voltage").value
    assert isinstance(curve, Curve)
    poor, rich = curve.range or (0.0, 1.0)
    potential = volts + derived.anode_potential
    if float(curve(rich)) >= potential:
        return rich
    return float(brentq(lambda content: float(curve(content)) - potential, poor, rich))


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
