"""Conduction of the sulfide layer against the review's Table 2 (E1) and printed pellets."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.separator import conduction

EV = 96485.33212


@pytest.mark.parametrize(
    ("celsius", "siemens_per_cm"), [(-20, 1.33e-4), (0, 4.0e-4), (25, 1.3e-3), (60, 5.0e-3), (80, 9.6e-3)]
)
def test_argyrodite_check_values(celsius, siemens_per_cm):
    """E1: within 1 %."""
    value = conduction.conductivity(0.13, 0.33 * EV, 273.15 + celsius) / 100
    assert value == pytest.approx(siemens_per_cm, rel=0.01)


def test_the_two_forms_differ_by_the_ratio_of_temperatures():
    plain = conduction.conductivity(0.13, 0.33 * EV, 353.15, 0)
    divided = conduction.conductivity(0.13, 0.33 * EV, 353.15, 1)
    assert divided / plain == pytest.approx(298.15 / 353.15, rel=1e-12)
    assert conduction.conductivity(0.13, 0.33 * EV, 298.15, 1) == pytest.approx(0.13)


def test_binder_of_a_tape():
    """Lee 2020: 1 wt% lowers 1.8 to 1.31 mS/cm."""
    assert 1.8 * conduction.binder_factor(0.01) == pytest.approx(1.31, rel=0.005)
    assert conduction.binder_factor(0.0) == 1.0


def test_density_factor_refers_to_the_sample_that_was_measured():
    assert conduction.density_factor(0.82, 0.82) == 1.0
    # (0.82/0.90)^2.5 by hand: exp(2.5 ln 0.9111) = 0.7924
    assert conduction.density_factor(0.82, 0.90) == pytest.approx(0.7924, rel=1e-3)


def test_koerver_pellet():
    """400 um of LPS at 0.11 mS/cm is 363 ohm cm2; 29 ohm cm2 of grain boundaries stand in series."""
    assert conduction.area_resistance(400e-6, 0.011) * 1e4 == pytest.approx(363, rel=0.005)
    with_boundaries = conduction.area_resistance(400e-6, 0.011, 29e-4)
    assert with_boundaries * 1e4 == pytest.approx(392.6, rel=0.001)


def test_grain_boundaries_follow_their_own_energy():
    cold = conduction.grain_boundary_resistance(29e-4, 0.33 * EV, 253.15)
    # The same Arrhenius factor as 1.3e-3 to 1.33e-4 S/cm.
    assert cold / 29e-4 == pytest.approx(1.3e-3 / 1.33e-4, rel=0.01)


@given(st.floats(5e3, 6e4), st.floats(240.0, 380.0), st.sampled_from([0.0, 1.0]))
def test_conductivity_rises_with_temperature(energy, temperature, exponent):
    low = conduction.conductivity(0.1, energy, temperature, exponent)
    high = conduction.conductivity(0.1, energy, temperature + 5.0, exponent)
    assert 0 < low < high
    assert math.isfinite(high)


def test_conduction_serves_symbols():
    import pybamm

    temperature = pybamm.InputParameter("T")
    symbol = conduction.conductivity(0.13, 0.33 * EV, temperature, 1.0)
    assert float(symbol.evaluate(inputs={"T": 333.15})) == pytest.approx(
        float(conduction.conductivity(0.13, 0.33 * EV, 333.15, 1.0)), rel=1e-12
    )


def test_grains_of_the_reference_size_change_nothing_and_finer_ones_add_boundaries():
    assert conduction.grain_size_resistance(2e-7, 100e-6, 5e-6, 5e-6) == 0.0
    # 200 boundaries in place of 20
    assert conduction.grain_size_resistance(2e-7, 100e-6, 0.5e-6, 5e-6) == pytest.approx(180 * 2e-7)
    assert conduction.grain_size_resistance(2e-7, 100e-6, 30e-6, 5e-6) < 0
