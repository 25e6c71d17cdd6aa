"""Where the table ends: pairs of elements that it lacks, polymers, water, artefacts, and phases of the user."""

from __future__ import annotations

import pytest

from lisse.errors import InputError
from lisse.stability import contact, stability
from lisse.thermodynamics.coatings import rank
from lisse.thermodynamics.composition import resolve
from lisse.thermodynamics.interface import reaction
from lisse.thermodynamics.substitutions import compare_substitutions
from lisse.thermodynamics.table import SCHEMES, artefacts, missing_pairs, rows, table, unlikely
from lisse.thermodynamics.windows import window


def said(found, words):
    return any(words in note for note in found.notes())


def test_elements_that_the_table_has_no_compound_of_are_named():
    assert said(stability("LiBH4"), "no compound of B with H")
    assert said(contact("Cu", "Sn"), "no compound of Cu with Sn")
    assert not said(stability("Li6PS5Cl"), "no compound")
    assert not said(contact("Li6PS5Cl", "NMC811@0.3"), "no compound")
    together = {frozenset(pair) for pair in (("Li", "O"), ("P", "S"))}
    assert missing_pairs(["Li", "P"], ["O", "S"], table()) == []
    assert all(any(pair <= parsed for parsed in map(elements, table().formulas)) for pair in together)


def elements(formula):
    return resolve(formula).composition.elements


def test_polymers_and_water_carry_a_warning():
    assert said(contact("Li3PS4", "PTFE"), "polymers")
    assert said(contact("Li6PS5Cl", "H2O"), "lisse hydrolysis")
    assert not said(stability("Li2S"), "hydrolysis")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_carbon_does_not_react_with_sulfur(scheme):
    """Sulfur rings with a little carbon are bound by a correction alone; they would oxidise sulfides beside carbon."""
    assert "CS14" in artefacts()
    assert not reaction("C", "S", scheme).reacts
    assert window("Li2S + C", scheme).oxidation == pytest.approx(window("Li2S", scheme).oxidation, abs=1e-9)
    assert any(row.formula == "CS14" and row.energies["uncorrected_S"] > 0 for row in rows())


def test_a_ladder_without_an_end_says_so():
    found = stability("S")
    assert said(found, "up to there nothing is oxidised")
    assert not found.as_dict()["schemes"]["mp2020"]["is_oxidised"]
    assert stability("Li2S").as_dict()["schemes"]["mp2020"]["is_oxidised"]


def test_a_bare_contact_that_does_not_react_needs_no_layer():
    found = rank("Li3PO4", "LiAlO2")
    reasons = [reason for rating in found.ratings["uncorrected_S"] for reason in rating.reasons]
    assert any("they need no layer" in note for note in found.notes)
    assert not any("% of the energy" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rank("Li6PS5Cl", "Li-In"), "cathode: Li-In is an anode"),
        (lambda: rank("NMC811", "Li6PS5Cl"), "cathode: Li6PS5Cl is an electrolyte"),
        (lambda: compare_substitutions("Cu"), "cathode: Cu is an element"),
        (lambda: contact("Li6PS5Cl", "SUS"), "formula of SUS in the library"),
        (lambda: resolve("Li9999999PS4"), "1e+07 atoms of one element for one of another"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises(InputError) as error:
        call()
    assert words in str(error.value)


def test_a_state_that_is_named_is_the_only_one():
    assert set(rank("Li6PS5Cl", "NMC811@0.3").states) == {"as named"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("S,-1", "line 2 of .* gives the element S"),
        ("Foo2,-1", 'line 2 of .*"Foo2" cannot be read'),
        (",-1", "line 2 of"),
    ],
)
def test_phases_of_the_user_that_are_refused(tmp_path, line, words):
    path = tmp_path / "mine.csv"
    path.write_text(f"formula,formation_energy_eV_per_atom\n{line}\n")
    with pytest.raises(InputError, match=words):
        stability("Li2S", phases=path)


def test_a_phase_of_the_user_far_below_all_others_is_pointed_out(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("formula,formation_energy_eV_per_atom\nLi3YCl6,-9.9\nLi2S,-1.45\n")
    assert len(unlikely(path)) == 1
    assert said(stability("Li2S", phases=path), "Li3YCl6 of mine.csv lies")


def test_missing_volumes_have_their_reason():
    found = contact("Li6PS5Cl", "NMC811@0").as_dict()["schemes"]["uncorrected_S"]
    assert found["volume_change"] is None
    assert all(isinstance(why, str) and why for why in found["volume_unknown_of"].values())
