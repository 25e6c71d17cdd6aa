"""Mean open-circuit voltages against the integral of the curve between the contents of the window."""

import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from lisse.cell.cell import Cell
from lisse.energy.equilibrium import mean_voltages


@pytest.mark.parametrize("name", ["reference", "table1-52-lpscl-nca", "koerver-2017"])
def test_means_are_integrals_of_the_curve(name):
    cell = Cell.load(name)
    curve, anode = cell.claim("active", "open_circuit_voltage").value, cell.derived.anode_potential
    low, high = curve.range
    top = brentq(lambda x: curve(x) - cell.derived.upper_potential, low, high)
    bottom = high
    if curve(high) < cell.derived.lower_potential:
        bottom = brentq(lambda x: curve(x) - cell.derived.lower_potential, low, high)
    whole = quad(curve, top, bottom, limit=200)[0] / (bottom - top) - anode
    capacity = 0.6 * (bottom - top) * 96485.33 / cell.number("active", "molar_mass")
    part = quad(curve, top, top + 0.6 * (bottom - top), limit=200)[0] / (0.6 * (bottom - top)) - anode
    assert mean_voltages(cell, capacity) == pytest.approx((whole, part), abs=1e-3)


def test_less_is_at_a_higher_voltage_and_nothing_is_at_the_top():
    cell = Cell.load("reference")
    voltages = [mean_voltages(cell, 3600 * capacity)[1] for capacity in (1e-6, 50, 100, 150, 200)]
    assert voltages == sorted(voltages, reverse=True)
    assert voltages[0] == pytest.approx(4.3, abs=1e-4)
