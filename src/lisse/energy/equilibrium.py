"""Mean open-circuit voltage of a cell over its window, and over the part of it that a discharge covers.

At 25 degC, without pressure, from the upper limit of the window down. Leaves out: hysteresis, and the gradients that a
run leaves in its particles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lisse.cell.active_materials import mass_shares
from lisse.cell.cell import Cell
from lisse.materials import Curve
from lisse.mechanism import FARADAY

POINTS = 401
"""Lithium contents at which a curve is read."""


def _discharge(cell: Cell) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Charge passed from the upper limit down [A s/kg of active material] and voltage at rest [V], falling."""
    derived, curves = cell.derived, {}
    for role in cell.active_roles:
        curve = cell.claim(role, "open_circuit_voltage").value
        assert isinstance(curve, Curve)
        content = np.linspace(*(curve.range or (0.0, 1.0)), POINTS)
        curves[role] = content, np.asarray(curve(content))
    top = min(derived.upper_potential, *(float(values[0]) for _, values in curves.values()))
    bottom = max(derived.lower_potential, *(float(values[-1]) for _, values in curves.values()))
    inner = np.concatenate([values for _, values in curves.values()])
    levels = np.unique(np.concatenate([[bottom, top], inner[(inner > bottom) & (inner < top)]]))[::-1]
    charge = np.zeros(levels.size)
    for role, share in mass_shares(cell.spec).items():
        content, values = curves[role]
        found = np.interp(levels, values[::-1], content[::-1])
        charge += share * FARADAY / cell.number(role, "molar_mass") * (found - found[0])
    return charge, levels - derived.anode_potential


def mean_voltages(cell: Cell, capacity: float) -> tuple[float, float]:
    """Return the mean open-circuit voltage over the whole window and over a capacity from its top [V].

    Parameters
    ----------
    cell
        With a cathode.
    capacity
        Per mass of active material [A s/kg], above 0; the voltage of the lower limit goes on below it.

    Examples
    --------
    >>> [round(value, 2) for value in mean_voltages(Cell.load("reference"), 180 * 3600)]
    [3.83, 3.9]
    """
    charge, voltage = _discharge(cell)
    whole = float(np.trapezoid(voltage, charge) / charge[-1])
    inside = charge < capacity
    passed = np.append(charge[inside], capacity)
    part = np.append(voltage[inside], np.interp(capacity, charge, voltage))
    return whole, float(np.trapezoid(part, passed) / capacity)
