"""Heckel's law against Sakuda's glass (E2) and the argyrodite pellets (E4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.separator.densification import fabrication_pressure, relative_density

GLASS = (204e6, 0.60)
ARGYRODITE = (1e6 / 2.2e-3, 0.92)


@pytest.mark.parametrize(("megapascal", "density"), [(30, 0.50), (150, 0.75), (200, 0.80), (300, 0.87), (450, 0.94)])
def test_sakuda_glass(megapascal, density):
    """E2: 5 points."""
    assert relative_density(megapascal * 1e6, *GLASS) == pytest.approx(density, abs=0.05)


def test_sakuda_glass_is_dense_above_350_megapascal():
    """E2: more than 90 %, 2 points."""
    assert relative_density(350e6, *GLASS) == pytest.approx(0.90, abs=0.02)


def test_doux_pellets():
    """E4: .803, .849, .803, .830 at 370 MPa, mean .821; 5 %."""
    assert relative_density(370e6, *ARGYRODITE) == pytest.approx(0.821, rel=0.05)


def test_singh_fine_grained_pellet():
    """E4: the fine-grained pellet of 362 MPa is 83 % dense."""
    assert relative_density(362e6, *ARGYRODITE) == pytest.approx(0.83, rel=0.05)


def test_loose_powder():
    """0.60 at no pressure."""
    assert relative_density(0.0, *ARGYRODITE) == pytest.approx(0.60, abs=0.005)


@given(st.floats(0.0, 8e8), st.floats(1e8, 1e9), st.floats(0.3, 1.2))
def test_pressing_harder_never_loosens_and_can_be_inverted(pressure, heckel, intercept):
    density = relative_density(pressure, heckel, intercept)
    assert 0 < density < 1
    assert relative_density(pressure + 1e7, heckel, intercept) > density
    assert fabrication_pressure(density, heckel, intercept) == pytest.approx(pressure, rel=1e-6, abs=10.0)
