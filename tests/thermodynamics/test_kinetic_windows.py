"""Published windows: found by every name, each with its quantity and source, wider than decomposition windows."""

import pytest

from lisse.errors import InputError
from lisse.thermodynamics.kinetic_windows import KINETIC, kinetic_windows, published_decompositions


def test_argyrodite_has_all_three_kinds():
    """Schwietert et al., Nat. Mater. 19 (2020) 428: 1.08, 2.24 and 1.25 V; JACS Au 1 (2021) 1488: 1.11, 2.19 V."""
    found = {window.quantity: window for window in kinetic_windows("Li6PS5Cl")}
    assert (found["intrinsic"].reduction_V, found["intrinsic"].oxidation_V) == (1.11, 2.19)
    assert (found["indirect"].reduction_V, found["indirect"].oxidation_V) == (1.08, 2.24)
    assert found["measured"].reduction_V is None
    assert found["measured"].oxidation_V is None
    assert found["measured"].width_V == 1.25
    assert found["indirect"].width_V == pytest.approx(1.16)
    assert found["indirect"].source.doi == "10.1038/s41563-019-0576-0"


@pytest.mark.parametrize("name", ["LGPS", "lgps", "Li10GeP2S12", "Li20Ge2P4S24"])
def test_one_material_under_many_names(name):
    (window,) = kinetic_windows(name)
    assert (window.material, window.reduction_V, window.oxidation_V, window.quantity) == (
        "LGPS",
        1.19,
        2.38,
        "intrinsic",
    )


def test_names_without_a_stated_composition():
    assert kinetic_windows("LATP")[0].reduction_V == 2.74
    assert kinetic_windows("LAGP") == []
    assert published_decompositions("LAGP")[0].oxidation_V == 3.98


@pytest.mark.parametrize("name", ["Li3PS4", "Li6PS5Br", "Li6PS5Cl", "LGPS", "LLZO"])
def test_frameworks_outlast_the_hull(name):
    """That is their point: the topotactic window holds the decomposition window of the same work."""
    intrinsic = next(window for window in kinetic_windows(name) if window.quantity == "intrinsic")
    hull = published_decompositions(name)[0]
    assert intrinsic.source == hull.source
    assert intrinsic.reduction_V <= hull.reduction_V
    assert intrinsic.oxidation_V >= hull.oxidation_V


def test_kinds_are_never_mixed():
    for name in ("Li6PS5Cl", "LLZO", "Li3PS4", "LiF", "LATP"):
        assert all(window.quantity in KINETIC for window in kinetic_windows(name))
        assert {window.quantity for window in published_decompositions(name)} == {"decomposition"}


def test_binaries_by_experimental_enthalpies():
    """Richards et al. 2016, to 0.15 V of -dfG/(nF) by JANAF: LiF 6.10, LiCl 3.98 with its enthalpy 4.23 V."""
    assert published_decompositions("LiCl")[0].oxidation_V == pytest.approx(408.6 / 96.485, abs=0.03)
    assert published_decompositions("LiF")[0].oxidation_V == pytest.approx(616.0 / 96.485, abs=0.03)


def test_materials_without_any():
    assert kinetic_windows("NaCl") == []
    with pytest.raises(InputError):
        kinetic_windows("not a material")
