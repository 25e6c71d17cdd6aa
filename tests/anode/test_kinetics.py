"""Anode kinetics: the one claim of the physics notes, exact limits, and the depleted indium anode."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.anode import kinetics


def test_one_ohm_square_centimetre_is_257_amperes():
    assert kinetics.exchange_current_density(1e-4, 298.15) == pytest.approx(257, rel=1e-3)


def test_resistance_and_exchange_current_belong_together():
    exchange = kinetics.exchange_current_density(3e-4, 310.0)
    assert kinetics.overpotential(1e-6, exchange, 310.0) / 1e-6 == pytest.approx(3e-4, rel=1e-9)


def test_resistance_falls_when_warm():
    """0.56 eV is a factor ten from 25 to 60 degC (Lee 2020: 50 to 5 ohm cm2)."""
    warm = kinetics.charge_transfer_resistance(50.0, 0.56 * 96485.33, 333.15)
    assert warm == pytest.approx(5.0, rel=0.03)
    assert kinetics.charge_transfer_resistance(50.0, 0.56 * 96485.33, 298.15) == 50.0


def test_lost_contact_raises_the_overpotential():
    exchange = kinetics.exchange_current_density(1e-4, 298.15)
    small = [kinetics.overpotential(0.1, exchange, 298.15, theta) for theta in (1.0, 0.5, 0.1)]
    # Linear range: inversely proportional to the contact.
    assert small[1] / small[0] == pytest.approx(2.0, rel=1e-4)
    assert small[2] / small[0] == pytest.approx(10.0, rel=1e-4)


@given(st.floats(-0.5, 0.5), st.floats(1.0, 1e4), st.floats(250.0, 370.0), st.floats(0.05, 1.0))
def test_current_and_overpotential_are_inverse_and_odd(eta, exchange, temperature, theta):
    current = kinetics.current_density(eta, exchange, temperature, theta)
    back = kinetics.overpotential(current, exchange, temperature, theta)
    assert math.isclose(back, eta, rel_tol=1e-9, abs_tol=1e-12)
    assert kinetics.current_density(-eta, exchange, temperature, theta) == -current


def test_indium_runs_out():
    """Koerver 2017: 25 to 35 ohm become 590 ohm; the law passes through both near s = 0.95."""
    assert kinetics.depletion_resistance(30.0, 0.0) == 30.0
    assert kinetics.depletion_resistance(30.0, 0.5) == 60.0
    assert 450 < kinetics.depletion_resistance(25.0, 0.95) < kinetics.depletion_resistance(35.0, 0.95) < 750
    assert kinetics.depletion_resistance(30.0, 0.9, 2.0) == pytest.approx(3000.0)


@pytest.mark.parametrize("removed", [1.0, 1.1])
def test_depletion_stays_finite_past_the_end(removed):
    assert kinetics.depletion_resistance(30.0, removed) == pytest.approx(30.0e4)
