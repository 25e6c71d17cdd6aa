"""What is said of a material and of a contact beside the hull: notes, claims, overview."""

import pytest

from lisse.errors import InputError
from lisse.stability import contact, overview, stability


def test_claims_are_those_of_the_library_and_not_of_this_hull():
    rows = stability("Li6PS5Cl").claims()
    assert {row["property"] for row in rows} == {"reduction_potential", "oxidation_potential"}
    assert not any(row["id"].startswith("hull-") for row in rows)
    assert all(row["citation"] for row in rows)


def test_published_windows_are_kept_apart_from_the_hull():
    found = stability("Li10GeP2S12").as_dict()
    assert {row["quantity"] for row in found["kinetic_windows"]} == {"intrinsic"}
    assert {row["quantity"] for row in found["published_decomposition_windows"]} == {"decomposition"}
    assert 2.38 not in found["band"]["oxidation_V"]


def test_at_the_hull_or_not():
    assert stability("Li7P2S8I").at_hull
    assert not stability("Li6PS5Cl").at_hull
    assert stability("Li6PS5Cl").notes() == []


def test_without_a_window_that_is_said():
    """A mixture of Li2S and sulfur takes lithium below the voltage of a lithium-sulfur cell and gives it above."""
    found = stability("3 Li2S + S")
    first = found.windows["uncorrected_S"]
    assert first.reduction == first.oxidation == pytest.approx(2.01, abs=0.01)
    assert any("there is no window" in note for note in found.notes())


def test_overview_has_every_electrolyte_and_coating_once():
    from lisse.materials.library import library

    rows = overview().rows
    names = [name for row in rows if row.group != "binary" for name in row.names]
    assert sorted(names) == sorted(m.name for m in library().values() if m.kind in ("electrolyte", "coating"))


def test_lithium_metal_is_found_on_either_side():
    forth, back = contact("Li6PS5Cl", "Li"), contact("Li", "Li6PS5Cl")
    assert forth.interphase("mp2020") == back.interphase("mp2020")
    assert forth.excess("mp2020").phases.keys() == {"Li2S", "Li3P", "LiCl"}
    assert contact("Li6PS5Cl", "LiCoO2").excess("mp2020") is None


def test_lithium_beside_its_oxide_does_not_react():
    found = contact("Li2O", "Li")
    assert found.interphase("uncorrected_S") == (1, {})
    assert found.as_dict()["schemes"]["uncorrected_S"]["volume_change"] == 0


@pytest.mark.parametrize("modulus", [-1.0, 2e12, float("nan")])
def test_confinement_out_of_range(modulus):
    with pytest.raises(InputError, match="out of range"):
        stability("Li3PS4", confinement=modulus)
