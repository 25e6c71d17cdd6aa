"""Static contact against R(P) of Li | LLZO (B1) and Li | Li6PS5Cl (B2), and the limits of each law."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.anode import contact

LLZO = 44.6e6
SULFIDE = 6.0e6


@pytest.mark.parametrize(("megapascal", "ohm_cm2"), [(10, 300), (41, 50)])
def test_garnet_resistance(megapascal, ohm_cm2):
    """B1: 15 %."""
    theta = contact.exponential(megapascal * 1e6, LLZO)
    assert contact.contact_resistance(75.5, theta) == pytest.approx(ohm_cm2, rel=0.15)


def test_garnet_contact_is_predicted():
    """B1: about 20 % at 10 MPa, about 100 % at 400 MPa, below 0.1 ohm cm2 there (0.07 in theta)."""
    assert contact.exponential(10e6, LLZO) == pytest.approx(0.20, abs=0.07)
    assert contact.exponential(400e6, LLZO) == pytest.approx(1.0, abs=0.07)
    assert contact.contact_resistance(75.5, contact.exponential(400e6, LLZO)) < 0.1


def sulfide_cell(pressure, highest):
    """Symmetric cell of 1.267 cm2 [ohm]: 31 ohm of bulk (1 mm at 2.5 mS/cm) and two contacts."""
    theta = contact.contact_fraction(pressure, highest, SULFIDE, 0.09)
    return 31.0 + 2 * contact.contact_resistance(60.0, theta) / 1.267


@pytest.mark.parametrize(("megapascal", "ohm"), [(5, 110), (10, 50), (15, 40), (20, 35), (25, 32)])
def test_sulfide_resistance_on_loading(megapascal, ohm):
    """B2: 10 %."""
    assert sulfide_cell(megapascal * 1e6, megapascal * 1e6) == pytest.approx(ohm, rel=0.10)


def test_sulfide_resistance_at_one_megapascal_and_after_release():
    """B2: above 500 ohm at 1 MPa; 50 ohm back at 5 MPa after 25 MPa."""
    assert sulfide_cell(1e6, 1e6) > 500
    assert sulfide_cell(5e6, 25e6) == pytest.approx(50, rel=0.10)


def test_lithium_is_harder_in_the_cold():
    """1.5 times at -20 degC."""
    assert contact.contact_hardness(6e6, 253.15, 37e3, 6.56) / 6e6 == pytest.approx(1.5, rel=0.01)
    assert contact.contact_hardness(6e6, 298.15, 37e3, 6.56) == pytest.approx(6e6)


def test_the_atmosphere_presses_where_no_fixture_does():
    for law in (
        lambda p: contact.exponential(p, SULFIDE),
        lambda p: contact.persson(p, 6e9, 0.1),
        lambda p: contact.gw_ep(p, 6e9, 10e6, 1e-6, 10e-6),
        lambda p: contact.contact_fraction(p, p, SULFIDE, 0.09),
    ):
        assert law(0.0) == law(1e5) > 0
        assert law(2e5) > law(1e5)


def test_plastic_limits_agree():
    """Small pressures: exponential and Greenwood-Williamson both become Bowden and Tabor's P/H."""
    assert contact.exponential(2e5, 40e6) == pytest.approx(2e5 / 40e6, rel=0.01)
    assert contact.gw_ep(2e5, 6e9, 40e6, 1e-6, 10e-6) == pytest.approx(2e5 / 40e6, rel=1e-12)


def test_persson_small_pressure_limit():
    assert contact.persson(2e5, 6e9, 0.1) == pytest.approx(math.sqrt(8 / math.pi) * 2e5 / 6e8, rel=1e-4)


def test_elastic_asperities_do_not_know_the_hardness():
    """Greenwood-Williamson, exponential heights, elastic: A/A0 = sqrt(pi) P / (E* sqrt(sigma/R))."""
    soft = contact.gw_ep(1e6, 1e9, 1e9, 1e-8, 1e-6)
    hard = contact.gw_ep(1e6, 1e9, 5e9, 1e-8, 1e-6)
    assert contact.plasticity_index(1e9, 1e9, 1e-8, 1e-6) == pytest.approx(0.1)
    assert soft == pytest.approx(hard, rel=1e-12)
    assert soft == pytest.approx(math.sqrt(math.pi) * 1e6 / 1e8, rel=1e-12)


def test_full_contact_has_no_resistance_and_none_is_finite():
    assert contact.contact_resistance(60e-4, 1.0) == 0.0
    assert contact.contact_resistance(60e-4, 1.2) == 0.0
    assert contact.contact_resistance(60e-4, 0.0) == pytest.approx(60e-4 * 9999)


@given(st.floats(0.0, 5e8), st.floats(0.0, 5e8), st.floats(1e6, 1e8), st.floats(0.0, 0.3))
def test_memory_never_harms_and_pressure_never_loosens(pressure, highest, hardness, exponent):
    first = contact.contact_fraction(pressure, pressure, hardness, exponent)
    remembered = contact.contact_fraction(pressure, max(pressure, highest), hardness, exponent)
    more = contact.contact_fraction(pressure * 1.5, max(pressure, highest), hardness, exponent)
    assert 0 < first <= 1
    assert 0 < remembered <= 1
    assert more >= remembered * (1 - 1e-12)
    assert first == pytest.approx(contact.exponential(pressure, hardness), rel=1e-12)


def test_contact_serves_symbols():
    import pybamm

    pressure = pybamm.InputParameter("P")
    laws = (
        lambda p: contact.contact_resistance(60e-4, contact.contact_fraction(p, 25e6, SULFIDE, 0.09)),
        lambda p: contact.persson(p, 6e9, 0.1),
        lambda p: contact.gw_ep(p, 6e9, 10e6, 1e-6, 10e-6),
    )
    for law in laws:
        for value in (0.0, 5e6, 30e6):
            assert float(law(pressure).evaluate(inputs={"P": value})) == pytest.approx(float(law(value)), rel=1e-12)
