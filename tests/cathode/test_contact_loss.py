"""Gaps at the particles of the composite: limits, a spec's own numbers, and the exact gap of a shrunken sphere."""

import numpy as np
import pytest

from lisse.cathode import debonding
from lisse.cathode.contact_loss import (
    connected_fraction,
    fabrication_quality,
    gap,
    gap_length_factor,
    path_ratio,
    wetted_fraction,
)

RADIUS, LPS = 3.5e-6, 9.5e9


@pytest.mark.parametrize("loss", [0.03, 0.05, 0.07])
def test_the_gap_is_that_of_a_sphere_that_shrinks_away(loss):
    """r [1 - (1 - s)^(1/3)], to first order in s: the next order is s/3 of it."""
    exact = RADIUS * (1 - (1 - loss) ** (1 / 3))
    assert gap(RADIUS, loss, 0.0, LPS) == pytest.approx(exact, rel=loss / 3 + 1e-3)
    assert debonding.gap(loss, RADIUS, LPS, 0.0) == pytest.approx(exact)


def test_pressure_shortens_the_gap_by_what_it_has_pressed_the_matrix():
    """r p0/(3 K*), as for a single particle: 86 nm at 700 MPa, 8.6 nm at 70 MPa."""
    free, pressed = (gap(RADIUS, 0.05, pressure, LPS) for pressure in (0.0, 70e6))
    assert free - pressed == pytest.approx(RADIUS * 70e6 / (3 * LPS), rel=1e-2)
    assert 0 < gap(RADIUS, 0.05, 700e6, LPS) < 0.1e-9  # 7.4 % of volume: it does not open


def test_a_closed_contact_has_hardly_a_gap_and_no_kink():
    strains = np.linspace(-0.02, 0.06, 801)
    found = gap(RADIUS, strains, 0.0, LPS)
    assert np.all(np.diff(found) > 0)
    assert found[0] < 0.2e-9
    slope = np.diff(found) / np.diff(strains)
    assert slope.max() <= RADIUS / 3 * (1 + 1e-9)
    assert np.all(np.diff(slope) > -1e-15)
    assert gap(RADIUS, 0.05, 0.0, LPS, shell=30e-9) == pytest.approx(gap(RADIUS, 0.05, 0.0, LPS) - 30e-9, rel=0.01)


@pytest.mark.parametrize(("strain", "left"), [(0.04, 0.80), (0.024, 0.89), (0.01, 0.98)])
def test_connected_fractions_of_the_physics_page(strain, left):
    """0.45 of the strain becomes height; u of 20 nm and 0.75 is .80/.89/.98 at 4, 2.4 and 1 % (derived there)."""
    opening = RADIUS / 3 * (1 - 0.45) * strain
    assert connected_fraction(opening, 0.75, 20e-9) == pytest.approx(left, abs=0.005)


def test_limits_of_the_fractions():
    assert connected_fraction(0.0, 0.75, 20e-9) == 1.0
    assert connected_fraction(1e-6, 0.75, 20e-9) == pytest.approx(0.75)
    assert wetted_fraction(0.0, 0.8, 0.3, 40e-9) == pytest.approx(0.8)
    assert wetted_fraction(1e-6, 0.8, 0.3, 40e-9) == pytest.approx(0.3)
    assert (path_ratio(1.0, 0.5), path_ratio(0.25, 0.5)) == (1.0, 1.5)
    widths = np.linspace(0, 200e-9, 50)
    assert np.all(np.diff(connected_fraction(widths, 0.75, 20e-9)) <= 0)
    assert np.all(np.diff(wetted_fraction(widths, 0.8, 0.3, 40e-9)) < 0)


def test_gaps_open_as_late_as_the_energy_criterion_says():
    """Critical strain of a single particle without pressure, times r/3: the lengths are in that proportion."""
    cases = [(2.6, 3.5e-6, 9.5e9), (10.0, 2.0e-6, 9.5e9), (1.0, 6.0e-6, 16.6e9)]
    critical = [
        radius / 3 * debonding.energy_critical_strain(radius, tough, modulus, 0.0) for tough, radius, modulus in cases
    ]
    lengths = [gap_length_factor(*case) for case in cases]
    assert np.asarray(lengths) == pytest.approx(np.asarray(critical) / critical[0])


def test_fabrication_fills_contact_and_then_saturates():
    pressures = np.linspace(1e6, 1000e6, 50)
    quality = fabrication_quality(pressures)
    assert np.all(np.diff(quality) > 0)
    assert fabrication_quality(446e6) == pytest.approx(1.0)
    assert quality[-1] == pytest.approx(1 / (1 - np.exp(-446 / 150)), rel=2e-3)  # what endless pressure would give
