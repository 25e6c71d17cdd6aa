"""Particle sizes against the printed lists of Shi 2020 (B14), the Minnmann pair and the slope of Bielefeld 2019."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.cathode import percolation_sizes as p
from lisse.cathode.conductivity import IONIC_THRESHOLD, percolating_ionic
from lisse.errors import InputError

# T. Shi et al., Adv. Energy Mater. 10 (2020) 1902881, second-hand: weight of active material in per cent, size ratio
# and utilisation; then the size ratios at which a utilisation is reached.
UTILISATION = [
    *(
        (weight, 1.67, value)
        for weight, value in zip(
            (70, 75, 76, 77, 78, 79, 80, 82, 85, 90),
            (0.985, 0.92, 0.83, 0.73, 0.64, 0.60, 0.50, 0.33, 0.19, 0.13),
            strict=True,
        )
    ),
    *((70, ratio, value) for ratio, value in ((0.34, 0.22), (0.42, 0.35), (0.63, 0.44), (1, 0.67), (3.3, 1), (8, 1))),
    *(
        (weight, ratio, 0.98)
        for weight, ratio in ((65, 1.56), (70, 1.62), (75, 2.05), (77, 2.75), (78, 3.6), (79, 5.2))
    ),
    *((weight, ratio, 0.90) for weight, ratio in ((75, 1.72), (78, 2.97), (80, 5.85))),
    *((weight, ratio, 0.80) for weight, ratio in ((75, 1.5), (78, 2.33), (80, 3.86))),
]


def share(weight: float) -> float:
    """Volume of active material among the solids, with the densities of that paper."""
    active, electrolyte = weight / 4850, (100 - weight) / 1870
    return active / (active + electrolyte)


@pytest.mark.parametrize(("weight", "ratio", "published"), UTILISATION)
def test_utilisation_of_computed_packings(weight, ratio, published):
    assert p.ionic_utilisation(share(weight), ratio) == pytest.approx(published, abs=0.07)


def test_fit_error_is_the_documented_one():
    errors = np.array([p.ionic_utilisation(share(w), ratio) - value for w, ratio, value in UTILISATION])
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(0.031, abs=0.002)
    assert np.max(np.abs(errors)) < 0.065


def test_98_percent_is_out_of_reach_above_79_6_weight_percent_for_ratios_to_eight():
    assert p.ionic_utilisation(share(81), 8.0) < 0.98
    assert p.ionic_utilisation(share(79), 8.0) > 0.98


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.05, 30.0), st.floats(0.05, 30.0))
def test_more_electrolyte_and_finer_electrolyte_never_connect_less(one, other, ratio, another):
    low, high = sorted((one, other))
    small, large = sorted((ratio, another))
    assert p.ionic_utilisation(high, small) <= p.ionic_utilisation(low, small) + 1e-12
    assert p.ionic_utilisation(low, small) <= p.ionic_utilisation(low, large) + 1e-12
    assert 0 <= p.ionic_utilisation(high, small) <= 1


def test_threshold_of_the_measured_pair():
    """61:25 by volume conducts 3.06e-6 S/cm with the coarse and 1.17e-5 S/cm with the fine electrolyte (Minnmann)."""
    assert p.ionic_threshold(0.9) == IONIC_THRESHOLD == 0.221
    assert p.ionic_threshold(2.0) == pytest.approx(0.188, abs=5e-4)
    assert percolating_ionic(0.16, 0.25, p.ionic_threshold(2.0)) == pytest.approx(1.17e-3, rel=0.05)


@given(st.floats(0.01, 100.0))
def test_threshold_stays_in_its_range(ratio):
    assert p.IONIC_THRESHOLD_RANGE[0] <= p.ionic_threshold(ratio) <= IONIC_THRESHOLD


@pytest.mark.parametrize("ratio", [0.0, -1.0, float("nan"), np.array([1.0, -2.0])])
def test_a_ratio_that_is_none_is_refused(ratio):
    for law in (p.ionic_threshold, p.half_connected_share, lambda r: p.ionic_utilisation(0.5, r)):
        with pytest.raises(InputError, match=r"size_ratio: .* above 0"):
            law(ratio)


def test_electronic_threshold_has_the_slope_of_bielefeld_and_the_level_of_minnmann():
    diameters = np.array([3.0, 5.0, 10.0, 15.0]) * 1e-6
    found = p.electronic_threshold(diameters)
    assert found[0] == pytest.approx(0.2345)
    # 45.3, 49.3, 54.7, 57.9 vol% for 3, 5, 10, 15 um: the differences, not the level
    assert 100 * (found - found[0]) == pytest.approx(np.array([45.3, 49.3, 54.7, 57.9]) - 45.3, abs=0.1)
    assert p.electronic_threshold(1e-6) == found[0]
    assert p.electronic_threshold(30e-6) == found[-1]
    assert p.electronic_threshold(9.3e-6, 0.3, 9.3e-6) == 0.3


def test_laws_serve_arrays():
    ratios = np.array([0.5, 1.0, 3.0])
    for law in (p.ionic_threshold, p.half_connected_share, lambda r: p.ionic_utilisation(0.5, r)):
        assert law(ratios) == pytest.approx([float(law(float(r))) for r in ratios])
