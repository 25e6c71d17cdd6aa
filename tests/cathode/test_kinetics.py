"""Charge transfer: published maxima, exact limits, inverse pairs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.cathode import kinetics


def test_exchange_current_is_greatest_at_half_filling():
    assert kinetics.exchange_current_density(0.5, 0.155) == pytest.approx(0.155)
    # 2 sqrt(0.2 * 0.8) = 0.8 exactly
    assert kinetics.exchange_current_density(0.2, 0.155) == pytest.approx(0.8 * 0.155)
    assert kinetics.exchange_current_density(0.8, 0.155) == pytest.approx(0.8 * 0.155)


@pytest.mark.parametrize("content", [-0.5, 0.0, 1.0, 1.3])
def test_exchange_current_stays_real_and_positive_outside(content):
    assert kinetics.exchange_current_density(content, 1.0) == pytest.approx(2 * math.sqrt(1e-4 * 0.9999), rel=1e-9)


def test_sulfide_cells_lose_a_factor_ten_in_resistance_to_60_celsius():
    """Lee 2020: 50 to 5 ohm cm2 between 25 and 60 degC is 0.56 eV (B26: +- 0.05 eV)."""
    ratio = kinetics.exchange_current_density(0.5, 1.0, 0.56 * 96485.33, 333.15) / 1.0
    assert ratio == pytest.approx(10, rel=0.02)


def test_small_signal_slope_is_thermal_voltage_over_exchange_current():
    slope = kinetics.overpotential(1e-9, 0.155, 298.15) / 1e-9
    assert slope == pytest.approx(8.314462618 * 298.15 / 96485.33212 / 0.155, rel=1e-9)


def test_film_adds_its_ohmic_drop():
    bare = kinetics.overpotential(2.0, 0.155, 298.15)
    assert kinetics.overpotential(2.0, 0.155, 298.15, 0.29) - bare == pytest.approx(0.58)


@given(st.floats(-1.0, 1.0), st.floats(1e-3, 1e3), st.floats(250.0, 370.0))
def test_asinh_form_inverts_butler_volmer(eta, exchange, temperature):
    current = kinetics.current_density(eta, exchange, temperature)
    # Written out with two exponentials, as the textbook does.
    f = 96485.33212 / (8.314462618 * temperature)
    textbook = exchange * (math.exp(0.5 * f * eta) - math.exp(-0.5 * f * eta))
    assert math.isclose(current, textbook, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(kinetics.overpotential(current, exchange, temperature), eta, rel_tol=1e-9, abs_tol=1e-12)


def test_kinetics_serve_symbols():
    import pybamm

    x = pybamm.InputParameter("x")
    symbol = kinetics.overpotential(1.0, kinetics.exchange_current_density(x, 0.155, 50e3, 310.0), 310.0)
    for value in (0.0, 0.3, 0.98):
        number = kinetics.overpotential(1.0, kinetics.exchange_current_density(value, 0.155, 50e3, 310.0), 310.0)
        assert float(symbol.evaluate(inputs={"x": value})) == pytest.approx(float(number), rel=1e-12)
