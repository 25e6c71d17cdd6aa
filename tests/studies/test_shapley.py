"""Shapley values: games whose values are known, the axioms on random games, random orders of many players."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.studies.shapley import shapley

COSTS = np.array([1.0, 1.5, 2.0, 2.0, 3.0, 3.5, 4.0, 5.5, 6.0, 7.0, 9.0, 10.0])
"""Lengths of runway of the airport game."""


def each(value):
    """Return a game that values one coalition after the other."""
    return lambda coalitions: np.array([value(coalition) for coalition in coalitions])


def airport(coalition):
    return max((COSTS[player] for player in coalition), default=0.0)


def airport_shares():
    """Littlechild and Owen 1973: whoever needs a piece of the runway shares it."""
    pieces, count = np.diff(COSTS, prepend=0.0), len(COSTS)
    return np.cumsum(pieces / (count - np.arange(count)))


def coalitions_of(players):
    return [frozenset(some) for size in range(players + 1) for some in combinations(range(players), size)]


@st.composite
def games(draw, least=1, most=5):
    """Return a number of players and a value for each of their coalitions."""
    players = draw(st.integers(least, most))
    numbers = st.floats(-100, 100, allow_subnormal=False)
    return players, {coalition: draw(numbers) for coalition in coalitions_of(players)}


def test_gloves():
    """One left glove and n right ones."""
    for right in (1, 2, 3, 4):
        found = shapley(1 + right, each(lambda c: float(0 in c and len(c) > 1))).values
        # The only left glove counts unless it comes first: 1 - 1/(n + 1).
        assert found[0] == pytest.approx(1 - 1 / (right + 1), abs=1e-12)
        assert found[1:] == pytest.approx(np.full(right, 1 / (right * (right + 1))), abs=1e-12)


@pytest.mark.parametrize("carrier", [{0}, {1, 3}, {0, 2, 3, 4}])
def test_unanimity(carrier):
    found = shapley(5, each(lambda c: 12.0 * (carrier <= c)))
    assert found.values == pytest.approx([12 / len(carrier) * (p in carrier) for p in range(5)], abs=1e-12)
    assert (found.exact, found.coalitions) == (True, 32)
    assert not found.errors.any()


def test_an_additive_game_gives_everyone_what_he_adds():
    worth = np.array([3.0, -1.0, 0.0, 7.5])
    found = shapley(4, each(lambda c: 2.0 + sum(worth[p] for p in c)))
    assert found.values == pytest.approx(worth, abs=1e-12)
    assert (found.empty, found.full) == (2.0, 11.5)


def test_values_may_be_arrays():
    found = shapley(2, each(lambda c: np.array([[len(c), 0.0], [2.0, float(c == {0, 1})]])))
    assert found.values.shape == (2, 2, 2)
    assert found.values[0] == pytest.approx(np.array([[1.0, 0.0], [0.0, 0.5]]))


@settings(max_examples=60, deadline=None)
@given(games())
def test_efficiency(game):
    players, value = game
    found = shapley(players, each(value.__getitem__))
    gap = value[frozenset(range(players))] - value[frozenset()]
    assert found.values.sum() == pytest.approx(gap, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(games(least=2))
def test_symmetry(game):
    """Players 0 and 1 that can be swapped in every coalition get the same."""
    players, value = game
    swap = {0: 1, 1: 0}

    def swapped(coalition):
        return frozenset(swap.get(player, player) for player in coalition)

    found = shapley(players, each(lambda c: value[c] + value[swapped(c)])).values
    assert found[0] == pytest.approx(found[1], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(games(most=4), st.floats(-50, 50))
def test_dummy(game, adds):
    """A player who adds the same to every coalition gets just that, and changes nothing for the others."""
    players, value = game
    others = frozenset(range(players))
    found = shapley(players + 1, each(lambda c: value[c & others] + adds * (players in c))).values
    assert found[-1] == pytest.approx(adds, abs=1e-9)
    assert found[:-1] == pytest.approx(shapley(players, each(value.__getitem__)).values, abs=1e-9)


def test_random_orders_agree_with_the_known_values():
    found = shapley(len(COSTS), each(airport), orders=200, seed=3)
    assert not found.exact
    assert found.values.sum() == pytest.approx(COSTS[-1], abs=1e-12)
    deviations = np.abs(found.values - airport_shares()) / found.errors
    assert deviations.max() < 4
    assert np.sqrt((deviations**2).mean()) == pytest.approx(1, abs=0.5)  # errors of the right size


def test_the_exact_values_of_the_same_game():
    found = shapley(len(COSTS), each(airport), most_exact=len(COSTS))
    assert found.values == pytest.approx(airport_shares(), abs=1e-12)
    assert found.coalitions == 2 ** len(COSTS)


def test_taking_each_order_backwards_too_reduces_the_error():
    """Against as many independent walks: the one who comes early on the way comes late on the way back."""
    orders, random = 400, np.random.default_rng(5)
    walks = []
    for _ in range(2 * orders):
        added, before = np.zeros(len(COSTS)), 0.0
        for player in random.permutation(len(COSTS)):
            added[player], before = max(COSTS[player] - before, 0.0), max(before, COSTS[player])
        walks.append(added)
    independent = np.std(walks, axis=0, ddof=1) / math.sqrt(2 * orders)
    paired = shapley(len(COSTS), each(airport), orders=orders, seed=5).errors
    assert (paired < independent).all()
    assert np.mean(paired**2) < 0.7 * np.mean(independent**2)


def test_equal_seeds_give_equal_orders():
    one, same, other = (shapley(12, each(airport), orders=4, seed=seed).values for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
