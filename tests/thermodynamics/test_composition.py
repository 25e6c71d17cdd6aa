"""Formulas, mixtures and names of the library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.thermodynamics.composition import ELEMENTS, Composition, parse, resolve

amounts = st.dictionaries(st.sampled_from(sorted(ELEMENTS)), st.integers(1, 40).map(float), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("formula", "atoms"),
    [
        ("Li6PS5Cl", {"Li": 6, "P": 1, "S": 5, "Cl": 1}),
        ("Li(PO3)2", {"Li": 1, "P": 2, "O": 6}),
        ("Li1.3Al0.3Ti1.7(PO4)3", {"Li": 1.3, "Al": 0.3, "Ti": 1.7, "P": 3, "O": 12}),
        ("LiNi1/3Co1/3Mn1/3O2", {"Li": 1, "Ni": 1 / 3, "Co": 1 / 3, "Mn": 1 / 3, "O": 2}),
        ("[Li2(SO4)2]3", {"Li": 6, "S": 6, "O": 24}),
        ("CoCO3", {"Co": 1, "C": 1, "O": 3}),
        ("Li₆PS₅Cl", {"Li": 6, "P": 1, "S": 5, "Cl": 1}),
        ("LiLi0.5S", {"Li": 1.5, "S": 1}),
    ],
)
def test_counts_atoms(formula, atoms):
    assert dict(parse(formula).amounts) == pytest.approx(atoms)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("Xx2", '"Xx" is not an element'),
        ("li2S", '"l" is not part of a formula'),
        ("Li2(S", "brackets do not match"),
        ("Li2(S]", "brackets do not match"),
        ("Li2S)", "brackets do not match"),
        ("(2LiS)", "a number stands after an opening bracket"),
        ("Li0", "it counts no atoms"),
        ("", "it counts no atoms"),
    ],
)
def test_refusals_say_why_in_one_sentence(formula, why):
    with pytest.raises(InputError) as refused:
        parse(formula)
    text = str(refused.value)
    assert why in text
    assert text.count(". ") == 0
    assert text.endswith(".")


@given(amounts)
def test_written_formulas_read_back(atoms):
    composition = Composition(atoms)
    assert dict(parse(composition.formula).amounts) == atoms
    assert parse(composition.reduced).is_same(composition)


@given(amounts, st.sampled_from([0.1, 1 / 3, 2.0, 7.0]))
def test_multiples_are_the_same_and_reduce_alike(atoms, factor):
    one, other = Composition(atoms), Composition({symbol: factor * count for symbol, count in atoms.items()})
    assert one.is_same(other)
    assert one.reduced == other.reduced
    assert sum(other.fractions.values()) == pytest.approx(1)


def test_mixtures_count_formula_units():
    mixed = resolve("0.7 Li3PS4 + 0.3 LiI")
    assert dict(mixed.composition.amounts) == pytest.approx({"Li": 2.4, "P": 0.7, "S": 2.8, "I": 0.3})
    assert mixed.material is None
    # The 75:25 glass of sulfides is Li3PS4.
    assert resolve("3 Li2S + P2S5").composition.is_same(parse("Li3PS4"))
    assert resolve("1/3 * Li2S + 2 SiS2").composition.amounts["Li"] == pytest.approx(2 / 3)


def test_names_of_the_library_and_lithium_contents():
    charged = resolve("NMC811@0.3")
    assert charged.material is not None
    assert charged.material.name == "NMC811"
    assert charged.composition.amounts["Li"] == 0.3
    assert resolve("lpscl").name == "Li6PS5Cl"
    assert "Li" not in resolve("LiCoO2@0").composition.amounts


@pytest.mark.parametrize("text", ["", "Li2S +", "0 Li2S", "LiCoO2@much", "LiCoO2@-1", "LiCoO2@2.5", "no such thing"])
def test_what_names_nothing_is_refused(text):
    with pytest.raises(InputError):
        resolve(text)
