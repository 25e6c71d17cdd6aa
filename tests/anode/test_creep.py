"""Creep of lithium against the tests that gave it (A1, A2, A4), its two limits, and the closure of voids."""

import math

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.anode import creep
from lisse.anode.creep import CreepLaw

LAW = CreepLaw.of("Li")
BARE = CreepLaw(7.7e-3, 6.56, 37e3, 1e-12)
"""The power law alone: breakdown far above every stress."""


@pytest.mark.parametrize(
    ("megapascal", "rate"),
    [
        (0.200, 2.00e-7),
        (0.301, 4.95e-6),
        (0.396, 1.58e-5),
        (0.4, 1.34e-5),
        (0.4, 1.36e-5),
        (0.4, 1.72e-5),
        (0.6, 3.89e-4),
    ],
)
def test_masias_creep_rates(megapascal, rate):
    """A1: a factor of 1.8 either way, 26 degC."""
    found = creep.creep_rate(megapascal * 1e6, 299.15, LAW)
    assert rate / 1.8 < found < rate * 1.8


def test_masias_exponent():
    """A1: 6.56 within 0.3 over the measured stresses, in spite of the sinh."""
    stress = np.array([0.2e6, 0.6e6])
    rates = creep.creep_rate(stress, 299.15, LAW)
    assert np.log(rates[1] / rates[0]) / np.log(3) == pytest.approx(6.56, abs=0.3)


def test_moduli_are_those_of_an_isotropic_solid():
    """A2: pulse-echo, 3 %."""
    assert creep.shear_modulus(7.82e9, 0.381) == pytest.approx(2.83e9, rel=0.03)
    assert creep.bulk_modulus(7.82e9, 0.381) == pytest.approx(11.1e9, rel=0.03)


def test_temperature_ratios():
    """A4: 860 in rate at equal stress, 2.80 in stress at equal rate, -25 against 125 degC; 2 %."""
    ends = np.array([248.15, 398.15])
    cold, warm = creep.creep_rate(0.4e6, ends, LAW)
    assert warm / cold == pytest.approx(860, rel=0.02)
    cold, warm = creep.flow_stress(2e-5, ends, LAW)
    assert cold / warm == pytest.approx(2.80, rel=0.02)


def test_bulk_lithium_flows_at_the_known_stress():
    """About 0.75 MPa at 1e-3 1/s; 0.733 from the bare law."""
    assert creep.flow_stress(1e-3, 298.15, BARE) == pytest.approx(0.733e6, rel=1e-3)
    assert creep.flow_stress(1e-3, 298.15, LAW) == pytest.approx(0.75e6, rel=0.05)


def test_small_stress_is_the_power_law():
    low, high = (creep.creep_rate(s, 298.15, LAW) for s in (0.01e6, 0.02e6))
    assert high / low == pytest.approx(2**6.56, rel=1e-3)
    assert low == pytest.approx(7.7e-3 * 0.01**6.56, rel=1e-3)


def test_large_stress_is_exponential():
    """Slope n alpha of ln(rate) against stress."""
    low, high = (math.log(creep.creep_rate(s, 298.15, LAW)) for s in (20e6, 21e6))
    assert high - low == pytest.approx(6.56 * 0.35, rel=1e-3)


@pytest.mark.parametrize(("megapascal", "factor"), [(0.6, 1.05), (1, 1.14), (2, 1.7), (3, 3.2), (6, 71)])
def test_the_documented_deviation_from_the_power_law(megapascal, factor):
    ratio = creep.creep_rate(megapascal * 1e6, 298.15, LAW) / (7.7e-3 * megapascal**6.56)
    assert ratio == pytest.approx(factor, rel=0.01)


@given(st.floats(0.01e6, 90e6), st.floats(230, 450), st.floats(1, 50))
def test_flow_stress_is_the_inverse(stress, temperature, strengthening):
    rate = creep.creep_rate(stress, temperature, LAW, strengthening)
    assert creep.flow_stress(rate, temperature, LAW, strengthening) == pytest.approx(stress, rel=1e-9)


def test_the_rate_stays_finite():
    assert np.isfinite(creep.creep_rate(1e12, 298.15, LAW))
    assert creep.creep_rate(0.0, 298.15, LAW) == 0


def test_size_effect():
    """Hardness 43 and 7.5 MPa at 250 nm and 10 um is the ratio that gave the exponent; bulk above the length."""
    small, large = creep.size_factor(np.array([0.25e-6, 10e-6]), 25e-6, 0.47)
    assert small / large == pytest.approx(43 / 7.5, rel=0.02)
    assert creep.size_factor(1e-3, 25e-6, 0.47) == 1


@pytest.mark.parametrize(("megapascal", "rate"), [(3, 1.0e-5), (7, 2.7e-3)])
def test_closure_of_buried_voids(megapascal, rate):
    """Physics notes, table 2.6: bare power law, size factor 2 (two digits)."""
    assert creep.void_closure_rate(megapascal * 1e6, 298.15, BARE, 2.0) == pytest.approx(rate, rel=0.06)
    assert creep.void_closure_rate(megapascal * 1e6, 298.15, LAW, 2.0) == pytest.approx(rate, rel=0.20)


def test_closure_of_voids_in_bulk_lithium():
    """1000 s at 3 MPa and 0.4 s at 10 MPa without size effect (physics notes, 2.1; one digit)."""
    assert 1 / creep.void_closure_rate(3e6, 298.15, BARE) == pytest.approx(1000, rel=0.1)
    assert 1 / creep.void_closure_rate(10e6, 298.15, BARE) == pytest.approx(0.4, rel=0.1)


def test_surface_tension_closes_voids_without_pressure():
    assert creep.void_pressure(2e6, 0.5, 0.5e-6) == pytest.approx(4e6)


def test_symbols_and_numbers_agree():
    names = ("A", "n", "Q", "alpha", "P", "T", "S")
    a, n, q, alpha, pressure, temperature, size = (pybamm.InputParameter(name) for name in names)
    symbol = creep.void_closure_rate(pressure, temperature, CreepLaw(a, n, q, alpha), size)
    values = {"A": 7.7e-3, "n": 6.56, "Q": 37e3, "alpha": 0.35e-6, "P": 7e6, "T": 333.15, "S": 2.0}
    number = creep.void_closure_rate(7e6, 333.15, LAW, 2.0)
    assert symbol.evaluate(inputs=values).item() == pytest.approx(number, rel=1e-12)


def test_warnings_name_the_law_and_its_range():
    assert creep.range_warnings(0.4e6, 298.15, "stress") == []
    found = creep.range_warnings(np.array([0.4e6, 3e6]), 450.0, "stress")
    assert len(found) == 2
    assert "stress of 0.4 to 3 MPa lies outside of the measured 0.2 to 0.6 MPa" in found[0]
    assert "temperature of 177 degC lies outside of the measured -25 to 125 degC" in found[1]
