"""Interface reactions against hand calculation, published values, and conservation."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.thermodynamics.composition import Composition, Substance, parse
from lisse.thermodynamics.interface import reaction, reactions
from lisse.thermodynamics.table import table

ELEMENTS = ("Li", "P", "S", "Cl", "O", "Ni", "Ge", "Nb", "Al", "I")
compositions = st.dictionaries(st.sampled_from(ELEMENTS), st.integers(1, 9).map(float), min_size=1, max_size=4).map(
    Composition
)
voltages = st.one_of(st.none(), st.floats(0.0, 6.0))


def named(composition):
    return Substance(composition.formula, composition)


def per_atom(formula, scheme="uncorrected_S"):
    return table(scheme).own_energy(parse(formula))


def test_lithium_and_sulfur_by_hand():
    """The strongest mixture is Li2S itself, with its formation energy, at one sulfur in three atoms."""
    found = reaction("Li", "S")
    assert found.energy == pytest.approx(per_atom("Li2S"), abs=1e-9)
    assert found.strongest.fraction == pytest.approx(1 / 3, abs=1e-6)
    assert dict(found.products) == pytest.approx({"Li2S": 1 / 3}, abs=1e-6)
    assert found.reactants() == pytest.approx({"Li": 2 / 3, "S": 1 / 3}, abs=1e-6)


def test_a_voltage_charges_for_lithium():
    """Li2S in touch with lithium at 3 V gives its lithium away; what is left is sulfur, which silver takes up."""
    found = reaction("Li2S", "Ag", voltage=3.0)
    start = found.kinks[0]
    expected = -per_atom("Li2S") - 3.0 * 2 / 3
    assert start.energy == pytest.approx(expected, abs=1e-9)
    assert found.own_energies[0] == start.energy
    # Lithium does not count in the share: Ag2S lies at two silver for one sulfur.
    strongest = min(found.kinks, key=lambda kink: kink.energy - (1 - kink.fraction) * expected)
    assert "Ag2S" in strongest.products
    assert found.reactants()["Li"] < 0


def test_phosphate_does_not_react_with_thiophosphate():
    """Y. Xiao et al. 2019: 0 meV/atom, the reason for phosphate coatings."""
    found = reaction("Li3PO4", "Li3PS4")
    assert found.energy == pytest.approx(0, abs=1e-9)
    assert (found.reacts, found.type, found.conductors) == (False, 1, {})


@pytest.mark.parametrize(
    ("first", "second", "energy"),
    [("Li6PS5Cl", "LiCoO2", -339), ("Li6PS5Cl", "NMC111", -330), ("LiNbO3", "Li6PS5Cl", -123), ("LLZO", "LiCoO2", -2)],
)
def test_energies_that_xiao_published(first, second, energy):
    """Joule 3 (2019) 1252; mean error of this table 12 meV/atom."""
    assert 1e3 * reaction(first, second).energy == pytest.approx(energy, abs=18)


def test_products_of_argyrodite_and_cobalt_oxide():
    """The published ones; cobalt sulfide conducts electrons."""
    found = reaction("Li6PS5Cl", "LiCoO2")
    assert set(found.products) == {"Li3PO4", "Li2S", "Co9S8", "Li2SO4", "LiCl"}
    assert (found.type, list(found.conductors)) == (2, ["Co9S8"])


def test_the_order_of_the_materials_does_not_matter():
    forth, back = reaction("Li6PS5Cl", "LiNbO3"), reaction("LiNbO3", "Li6PS5Cl")
    assert forth.energy == pytest.approx(back.energy, abs=1e-9)
    assert forth.strongest.fraction == pytest.approx(1 - back.strongest.fraction, abs=1e-6)
    assert set(forth.products) == set(back.products)


@given(compositions, compositions, voltages)
@settings(max_examples=60, deadline=None)
def test_atoms_are_conserved_at_every_kink(first, second, voltage):
    if first.is_same(second) or (voltage is not None and {"Li"} in (first.elements, second.elements)):
        return
    found = reaction(named(first), named(second), voltage=voltage)
    for kink in found.kinks:
        atoms = dict.fromkeys(first.elements | second.elements | {"Li"}, 0.0)
        for formula, units in kink.products.items():
            for symbol, count in parse(formula).amounts.items():
                atoms[symbol] += units * count
        mixed = {
            symbol: (1 - kink.fraction) * first.fractions.get(symbol, 0.0)
            + kink.fraction * second.fractions.get(symbol, 0.0)
            for symbol in atoms
        }
        if voltage is not None:  # lithium comes and goes
            del atoms["Li"], mixed["Li"]
        assert atoms == pytest.approx(mixed, abs=2e-5)


@given(compositions, compositions, voltages)
@settings(max_examples=60, deadline=None)
def test_the_energy_is_a_convex_line_that_is_never_positive(first, second, voltage):
    if first.is_same(second) or (voltage is not None and {"Li"} in (first.elements, second.elements)):
        return
    kinks = reaction(named(first), named(second), voltage=voltage).kinks
    assert (kinks[0].fraction, kinks[-1].fraction) == pytest.approx((0, 1))
    assert all(kink.energy <= 1e-8 for kink in kinks)
    if voltage is None:
        assert (kinks[0].energy, kinks[-1].energy) == pytest.approx((0, 0), abs=1e-8)
    rises = [
        ((high.energy - low.energy) / (high.fraction - low.fraction), high.fraction - low.fraction)
        for low, high in pairwise(kinks)
    ]
    for (before, width), (after, other) in pairwise(rises):
        assert after >= before - 1e-7 / min(width, other)


def test_same_compositions_and_voltages_out_of_range_are_refused():
    with pytest.raises(InputError, match="name two that differ"):
        reaction("Li2S", "Li4S2")
    with pytest.raises(InputError, match="out of range"):
        reaction("Li2S", "Li3PS4", voltage=-1.0)


def test_both_schemes_by_default():
    found = reactions("Li6PS5Cl", "LiCoO2")
    assert list(found) == ["uncorrected_S", "mp2020"]
    assert found["uncorrected_S"].energy != found["mp2020"].energy
