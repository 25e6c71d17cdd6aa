"""Cracks along paths of strain: what a cycle adds, whatever its direction, and what a threshold spares."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lisse.cathode.cracks import (
    GROWTH,
    MORPHOLOGIES,
    PUBLISHED_CYCLES,
    PUBLISHED_SHRINKAGE,
    THRESHOLD_STRAIN,
    crack_rate,
    path_ratio,
    uncracked_mass,
)
from lisse.cathode.shrinkage import positive_part


def density_after(corners, start=0.0, growth=40.0, threshold=0.01, mismatch=1.0):
    """Crack density after straight strokes between strains; every stroke takes 1000 s."""
    density = start
    for before, after in pairwise(corners):
        speed = abs(after - before) / 1e3

        def rate(time, state, first=before, last=after, fast=speed):
            return crack_rate(state, first + (last - first) * time / 1e3, fast, growth, threshold, mismatch)

        density = solve_ivp(rate, (0, 1e3), [density], rtol=1e-9, atol=1e-12, max_step=5.0).y[0, -1]
    return density


@pytest.mark.parametrize("largest", [0.03, 0.05])
def test_a_full_cycle_adds_the_square_of_the_strain_beyond_the_threshold(largest):
    """-ln(1 - xi) = k (e - eth)^2, half on the way out; the start of cracking is rounded over 1e-4 of strain."""
    expected = 40.0 * (largest - 0.01) ** 2
    out, back, both = (density_after(path) for path in ([0, largest], [largest, 0], [0, largest, 0]))
    assert -np.log1p(-both) == pytest.approx(expected, rel=0.012)
    assert -np.log1p(-out) == pytest.approx(expected / 2, rel=0.012)
    assert back == pytest.approx(out, rel=1e-6)


def test_strokes_below_the_threshold_cost_nothing_and_half_strokes_less():
    assert density_after([0, 0.01, 0] * 20) == 0.0
    full, half = density_after([0, 0.05, 0]), density_after([0.05, 0.025, 0.05])
    # k (e - eth)^2 of the whole less that of the half that is not travelled: 16 - 2.25 of 16
    assert np.log1p(-half) / np.log1p(-full) == pytest.approx(1 - 0.015**2 / 0.04**2, rel=0.01)
    # A hundred small ripples at the top travel the strain of one stroke.
    ripples = density_after([0.05, 0.049] * 10)
    assert -np.log1p(-ripples) == pytest.approx(40 * 0.0395 * 0.019, rel=0.01)


def test_the_speed_of_a_stroke_does_not_matter_and_cracks_never_exceed_the_whole():
    assert density_after([0, 0.05, 0] * 60, growth=400.0) == pytest.approx(1.0, abs=1e-6)
    assert density_after([0, 0.02, 0.02, 0.02, 0.05, 0.05, 0]) == pytest.approx(density_after([0, 0.05, 0]), rel=1e-6)


def test_published_cycling_comes_back():
    """That paper's fade constant, 15 cycles at a shrinkage of 4.36 %: 63 % of the mass after 40 (calibrated)."""
    strain = PUBLISHED_SHRINKAGE
    found = density_after([0, strain] + [0, strain] * 39 + [0], growth=GROWTH, threshold=THRESHOLD_STRAIN)
    assert found == pytest.approx(1 - np.exp(-40 / PUBLISHED_CYCLES), rel=0.005)
    poly, single = MORPHOLOGIES["polycrystal"], MORPHOLOGIES["single-crystal"]
    assert uncracked_mass(found, poly.active_mass) == pytest.approx(0.63, abs=0.01)
    assert uncracked_mass(found, single.active_mass) == pytest.approx(0.91, abs=0.01)
    assert 1.6 * path_ratio(found, poly.path_ratio) == pytest.approx(5.6, rel=0.1)  # um, after 40 cycles
    assert 1.3 * path_ratio(found, single.path_ratio) == pytest.approx(2.35, rel=0.1)


def test_radial_grains_feel_less_strain():
    """Their mismatch of 0.3 leaves 5 % of shrinkage barely above the threshold."""
    radial = MORPHOLOGIES["radial"]
    found = density_after([0, 0.05, 0], mismatch=radial.mismatch)
    assert -np.log1p(-found) == pytest.approx(40 * (0.3 * 0.05 - 0.01) ** 2, rel=0.05)
    assert found < density_after([0, 0.05, 0]) / 50


def test_the_rounded_positive_part():
    values = np.linspace(-1, 1, 2001)
    found = positive_part(values, 0.01)
    assert np.all(found[values <= 0] == 0)
    assert np.all((found <= np.maximum(values, 0)) & (found >= np.maximum(values, 0) - 0.01))
    assert np.all(np.diff(found, 2) >= -1e-15)
