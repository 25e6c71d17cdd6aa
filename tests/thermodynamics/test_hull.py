"""The hull against scipy's linear programming, at random and at degenerate compositions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lisse.thermodynamics.composition import Composition, parse
from lisse.thermodynamics.hull import Basis, equilibrium, system_of, walk_mixing, walk_voltage
from lisse.thermodynamics.table import table

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
ELEMENTS = ("Li", "P", "S", "Cl", "O", "Ni", "Co", "Mn", "Ge", "Si", "La", "Zr", "Nb", "Al", "H", "I")
AMOUNTS = st.one_of(
    st.integers(1, 12).map(float),
    st.floats(1e-4, 1.0),
    st.sampled_from([1e-4, 1e-3, 1 / 3, 0.1]),
)
compositions = st.dictionaries(st.sampled_from(ELEMENTS), AMOUNTS, min_size=1, max_size=8).map(Composition)


def programme(columns, costs, amounts):
    found = linprog(costs, A_eq=columns, b_eq=amounts, method="highs", options=TIGHT)
    assert found.status == 0
    return found.fun


@given(compositions)
@example(parse("Li3PS4"))
@example(parse("Li2S"))
@example(parse("Li3PS3O"))
@example(parse("Li"))
@example(Composition({"Li": 1.0, "S": 1e-4}))
@example(Composition({"Li": 6.0, "P": 1.0, "S": 5.0, "Cl": 1.0, "O": 1e-4, "Ni": 1e-4}))
@settings(max_examples=150, deadline=None)
def test_energy_is_that_of_the_linear_programme(composition):
    system = system_of(table(), composition)
    energy, phases = equilibrium(system, composition)
    assert energy == pytest.approx(programme(system.columns, system.energies, system.vector(composition)), abs=1e-8)
    places = [system.formulas.index(formula) for formula in phases]
    made = system.columns[:, places] @ np.array(list(phases.values()))
    assert made == pytest.approx(system.vector(composition), abs=1e-5)
    assert energy == pytest.approx(system.energies[places] @ np.array(list(phases.values())), abs=1e-4)


@given(compositions, st.data())
@settings(max_examples=100, deadline=None)
def test_no_mixture_of_phases_lies_lower(composition, data):
    system = system_of(table("mp2020"), composition)
    places = data.draw(st.lists(st.integers(0, len(system.formulas) - 1), min_size=1, max_size=5, unique=True))
    shares = np.array(data.draw(st.lists(st.floats(1e-4, 1), min_size=len(places), max_size=len(places))))
    shares /= shares.sum()
    # One to five phases mixed: fewer than elements, so most of these lie on an edge of the system.
    mixed = dict(zip(system.elements, (system.columns[:, places] @ shares).tolist(), strict=True))
    mixture = Composition({symbol: amount for symbol, amount in mixed.items() if amount > 0})
    within = system_of(table("mp2020"), composition, mixture)
    energy, _ = equilibrium(within, mixture)
    assert energy <= float(system.energies[places] @ shares) + 1e-10
    assert energy == pytest.approx(programme(within.columns, within.energies, within.vector(mixture)), abs=1e-8)


@given(compositions.filter(lambda found: found.elements != {"Li"}), st.floats(0.001, 7.9))
@example(parse("Li3PS4"), 2.2)
@example(parse("Li6PS5Cl"), 2.31)
@settings(max_examples=100, deadline=None)
def test_rungs_are_lowest_at_their_voltage(composition, voltage):
    system = system_of(table(), composition, Composition({"Li": 1.0}))
    rungs = list(walk_voltage(system, composition, 8.0))
    assert rungs[0].lower == 0
    assert [rung.upper for rung in rungs[:-1]] == [rung.lower for rung in rungs[1:]]
    rung = next(rung for rung in rungs if voltage <= rung.upper)
    place = system.elements.index("Li")
    host = [row for row in range(len(system.elements)) if row != place]
    # Lithium is free to come and go at the cost of the voltage.
    costs = system.energies + voltage * system.columns[place]
    lowest = programme(system.columns[host], costs, system.vector(composition)[host])
    assert rung.energy + voltage * rung.lithium == pytest.approx(lowest, abs=1e-8)


@pytest.mark.parametrize("scheme", ["uncorrected_S", "mp2020", "legacy"])
@pytest.mark.parametrize("formula", ["Li3PS4", "Li7P2S8I", "Li2SiO3", "LiNbO3", "Li10GeP2S12"])
def test_each_rung_has_other_phases_than_the_one_below(formula, scheme):
    composition = parse(formula)
    rungs = list(walk_voltage(system_of(table(scheme), composition), composition, 8.0))
    assert all(low.phases.keys() != high.phases.keys() for low, high in pairwise(rungs))
    assert rungs[-1].upper == 8.0


@given(compositions, compositions, st.floats(0, 1))
@example(parse("Li3PS4"), parse("LiCoO2"), 0.4)
@example(parse("LiCoGe2"), parse("LiCl"), 0.0)
@example(parse("Li10GeP2S12"), parse("LiNi0.8Co0.1Mn0.1O2"), 1e-4)
@settings(max_examples=60, deadline=None)
def test_a_mixing_line_is_straight_between_its_kinks(first, second, fraction):
    system = system_of(table(), first, second)
    ends = system.vector(first), system.vector(second)
    if np.allclose(*ends, atol=1e-6):
        return
    start = list(range(len(system.elements)))
    walk = [(at, basis.cost) for at, basis in walk_mixing(system.columns, system.energies, *ends, start)]
    fractions, energies = map(np.array, zip(*walk, strict=True))
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert np.all(np.diff(fractions) > 0)
    mixture = (1 - fraction) * ends[0] + fraction * ends[1]
    lowest = programme(system.columns, system.energies, mixture)
    assert np.interp(fraction, fractions, energies) == pytest.approx(lowest, abs=1e-7)


def test_pivots_keep_the_inverse():
    system = system_of(table(), parse("Li6PS5Cl"))
    basis = Basis(system.columns, system.energies, system.vector(parse("Li6PS5Cl")), list(range(4)))
    assert basis.inverse @ system.columns[:, basis.phases] == pytest.approx(np.eye(4), abs=1e-12)
    assert np.all(basis.reduced(system.energies) > -1e-10)
