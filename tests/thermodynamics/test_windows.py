"""Windows and ladders against hand calculation, published values, and conservation."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.thermodynamics.composition import Composition, parse
from lisse.thermodynamics.table import table
from lisse.thermodynamics.windows import HIGHEST_VOLTAGE, band, window, windows

ELEMENTS = ("Li", "P", "S", "Cl", "O", "Ni", "Co", "Ge", "Si", "La", "Zr", "Nb", "Al", "I", "N", "F")
AMOUNTS = st.one_of(st.integers(1, 12).map(float), st.floats(0.05, 3.0))
compositions = (
    st.dictionaries(st.sampled_from(ELEMENTS), AMOUNTS, min_size=1, max_size=6)
    .map(Composition)
    .filter(lambda found: found.elements != {"Li"})
)
schemes = st.sampled_from(["uncorrected_S", "mp2020", "legacy"])


def per_formula(formula, scheme="uncorrected_S"):
    """Return the formation energy of a formula unit [eV]."""
    composition = parse(formula)
    return composition.atoms * table(scheme).own_energy(composition)


@pytest.mark.parametrize("scheme", ["uncorrected_S", "mp2020"])
def test_oxidation_of_lithium_sulfide_by_hand(scheme):
    """Li2S -> 2 Li + S costs its formation energy, shared by two electrons."""
    assert window("Li2S", scheme).oxidation == pytest.approx(-per_formula("Li2S", scheme) / 2, abs=1e-9)
    assert window("Li2S", scheme).reduction == 0


def test_step_between_two_phosphides_by_hand():
    """LiP + 2 Li -> Li3P; Li3P oxidises there as well."""
    voltage = -(per_formula("Li3P") - per_formula("LiP")) / 2
    assert window("Li3P").oxidation == pytest.approx(voltage, abs=1e-9)
    ladder = window("Li3PS4").ladder
    assert "Li3P" in ladder[0].phases
    assert ladder[0].upper == pytest.approx(voltage, abs=1e-9)
    assert ladder[1].lithium_uptake - ladder[0].lithium_uptake == pytest.approx(-2, abs=1e-6)


def test_step_of_a_thiophosphate_by_hand():
    """Li3PS4 + 5 Li -> P + 4 Li2S at the lower edge."""
    voltage = -(4 * per_formula("Li2S") - per_formula("Li3PS4")) / 5
    assert window("Li3PS4").reduction == pytest.approx(voltage, abs=1e-9)
    assert dict(window("Li3PS4").reduction_products) == pytest.approx({"P": 1, "Li2S": 4}, abs=1e-6)


def test_decomposition_energy_by_hand():
    """Beside lithium Li3PS4 turns into Li3P and Li2S; at 5 V Li2S gives up all lithium."""
    gained = per_formula("Li3P") + 4 * per_formula("Li2S") - per_formula("Li3PS4")
    assert window("Li3PS4").decomposition_energy(0.0) == pytest.approx(gained / 8, abs=1e-9)
    expected = (-per_formula("Li2S") - 2 * 5.0) / 3
    assert window("Li2S").decomposition_energy(5.0) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("material", "low", "high"),
    [("Li10GeP2S12", 1.71, 2.14), ("Li6PS5Cl", 1.71, 2.01), ("Li7La3Zr2O12", 0.05, 2.91), ("Li3PO4", 0.69, 4.21)],
)
def test_windows_that_zhu_he_and_mo_published(material, low, high):
    """ACS Appl. Mater. Interfaces 7 (2015) 23685."""
    found = window(material)
    assert (found.reduction, found.oxidation) == pytest.approx((low, high), abs=0.015)


def test_the_schemes_differ_where_sulfur_is_made_and_not_where_it_is_not():
    sulfide, oxide = band(windows("Li6PS5Cl")), band(windows("Li7La3Zr2O12"))
    assert sulfide["oxidation_V"] == pytest.approx((2.009, 2.261), abs=0.002)
    assert sulfide["reduction_V"][1] - sulfide["reduction_V"][0] < 1e-3
    assert oxide["oxidation_V"][1] - oxide["oxidation_V"][0] < 0.02


def test_a_composition_without_energy_is_taken_at_the_hull():
    mixed, known = window("Li7P2S8I"), window("Li6PS5Cl")
    assert mixed.above_hull is None
    assert mixed.energy == mixed.hull_energy
    assert mixed.as_dict()["above_hull_meV_atom"] is None
    # Zhu, He and Mo: 83 meV/atom above the hull.
    assert known.as_dict()["above_hull_meV_atom"] == pytest.approx(83, abs=1)


def test_json_has_the_energies_that_are_asked_for():
    document = window("Li6PS5Cl").as_dict([0.0, 4.3, 5.0])
    assert list(document["decomposition_energy_eV_atom"]) == ["0", "4.3", "5"]
    assert document["decomposition_energy_eV_atom"]["0"] == pytest.approx(-0.96, abs=0.006)
    first = document["ladder"][0]
    assert first["voltage_V"] == 0
    assert set(first["phases"]) == {"Li3P", "Li2S", "LiCl"}
    assert first["lithium_uptake"] == pytest.approx(8, abs=1e-6)


@given(compositions, schemes)
@example(parse("Li6PS5Cl"), "uncorrected_S")
@example(parse("Li3PS4"), "legacy")
@settings(max_examples=80, deadline=None)
def test_atoms_are_conserved_on_every_step(composition, scheme):
    found = window(composition, scheme)
    held = composition.amounts.get("Li", 0.0)
    tolerance = 2e-5 * composition.atoms
    for step in found.ladder:
        atoms = dict.fromkeys(composition.elements | {"Li"}, 0.0)
        for formula, units in step.phases.items():
            for symbol, count in parse(formula).amounts.items():
                atoms[symbol] += units * count
        assert atoms.pop("Li") == pytest.approx(held + step.lithium_uptake, abs=tolerance)
        kept = {symbol: count for symbol, count in composition.amounts.items() if symbol != "Li"}
        assert atoms == pytest.approx(kept, abs=tolerance)


@given(compositions, schemes, st.floats(0.0, HIGHEST_VOLTAGE))
@settings(max_examples=80, deadline=None)
def test_a_ladder_gives_lithium_away_as_the_voltage_rises(composition, scheme, voltage):
    found = window(composition, scheme)
    assert found.ladder[0].lower == 0
    assert found.ladder[-1].upper == HIGHEST_VOLTAGE
    for low, high in pairwise(found.ladder):
        assert low.upper == high.lower
        assert low.lithium_uptake >= high.lithium_uptake - 1e-6 * composition.atoms
    assert 0 <= found.reduction <= found.oxidation <= HIGHEST_VOLTAGE
    # Decomposition frees energy at every voltage, and nothing is exchanged inside of the window.
    assert found.decomposition_energy(voltage) <= 1e-9
    inside = 0.5 * (found.reduction + found.oxidation)
    if found.oxidation > found.reduction:
        assert found.decomposition_energy(inside) == pytest.approx(found.hull_energy - found.energy, abs=1e-5)


def test_what_has_no_window_is_refused():
    with pytest.raises(InputError, match="lithium has no window against itself"):
        window("Li")
    with pytest.raises(InputError, match=r"8\.5 V against lithium is out of range; write 0 to 8 V"):
        window("Li2S").decomposition_energy(8.5)
    with pytest.raises(InputError, match="out of range"):
        window("Li2S").decomposition_energy(-0.1)
