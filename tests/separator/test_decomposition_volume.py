"""Room that decomposition takes, and windows under confinement, by hand and for the core-shell particle."""

import pytest

from lisse.mechanism import FARADAY
from lisse.separator.decomposition_volume import NO_EDGE, NO_ROOM, by_claims, confined_window
from lisse.thermodynamics.composition import resolve
from lisse.thermodynamics.volumes import molar_volume
from lisse.thermodynamics.windows import window


def confined(name, modulus):
    return confined_window(resolve(name), window(name), modulus)


def test_reduction_of_a_thiophosphate_by_hand():
    """Li3PS4 + 5 Li -> P + 4 Li2S; the lithium comes from outside."""
    before, after = molar_volume("Li3PS4").value, molar_volume("P").value + 4 * molar_volume("Li2S").value
    found = confined("Li3PS4", 10e9)
    room = found.reduction_room
    assert room.volume == pytest.approx((after - before) / 5, rel=1e-5)
    assert (room.source, room.reason) == ("products", "")
    assert found.reduction == pytest.approx(window("Li3PS4").reduction - 10e9 * room.volume / FARADAY, abs=1e-9)


def test_sulfur_takes_less_room_so_that_oxidation_is_not_held_back():
    found = confined("Li6PS5Cl", 15e9)
    assert found.oxidation_room.volume < 0
    assert found.oxidation_room.reason == NO_ROOM
    assert found.oxidation == window("Li6PS5Cl").oxidation


def test_no_confinement_changes_nothing_and_more_never_narrows():
    bare = window("Li10GeP2S12")
    edges = [confined("Li10GeP2S12", modulus).reduction for modulus in (0.0, 5e9, 20e9, 1e12)]
    assert edges[0] == bare.reduction
    assert edges == sorted(edges, reverse=True)
    assert edges[-1] == 0.0


def test_a_gas_has_no_volume_and_that_is_said():
    found = confined("Li3PO4", 15e9)
    assert found.oxidation is None
    assert "O2: a gas" in found.oxidation_room.reason
    assert found.as_dict()["volume_from"] == {"reduction": "products", "oxidation": None}


def test_a_claim_stands_in_where_products_are_not_known():
    """Of the tin thiophosphate a paper gives the room; the phases of a formula without density have none."""
    substance = resolve("Li10SnP2S12")
    # The oxide that would give oxygen, as if it were the electrolyte's: its step has a gas in it.
    found = confined_window(substance, window("Li3PO4"), 15e9)
    claim = substance.material.claim("decomposition_volume")
    assert found.oxidation_room.source == claim.id
    assert found.oxidation == pytest.approx(window("Li3PO4").oxidation + 15e9 * claim.value / FARADAY)


def test_a_formula_without_density():
    found = confined("Li9P3S9Br0.5O0.1", 15e9)
    assert found.reduction is None
    assert "no density of its own" in found.reduction_room.reason


def test_lithium_sulfide_cannot_be_reduced():
    found = confined("Li2S", 15e9)
    assert (found.reduction, found.reduction_room.reason) == (0.0, NO_EDGE)


def test_core_shell_particle():
    """The review: 1.7 to 2.1 V bare, 0.7 to 3.1 V in a shell (F. Wu et al. 2018); the lower edge is fitted."""
    (row,) = by_claims(resolve("Li10SnP2S12"), window("Li10SnP2S12"), 15e9)
    assert (row["reduction_V"], row["oxidation_V"]) == pytest.approx((0.7, 3.1), abs=0.06)
    assert row["method"] == "fitted"
    # From the products the lower edge comes out as well, the upper one does not move.
    found = confined("Li10SnP2S12", 15e9)
    assert found.reduction == pytest.approx(0.7, abs=0.2)
    assert found.oxidation == pytest.approx(2.09, abs=0.01)
