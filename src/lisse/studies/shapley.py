"""Shapley values: what each player of a game adds, averaged over all orders in which the players may come.

Exact where the players are few; beyond, from random orders taken forwards and backwards, with the error of the mean.
The shares add up to the value of all players less that of none. Leaves out: what the value of a coalition is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Player = TypeVar("Player")
Values = Callable[[Sequence[frozenset[int]]], Array]
"""Returns the values of many coalitions at once, shape (coalitions, ...); players are numbers from 0 on."""

MOST_EXACT = 9
"""Players up to which all coalitions are asked for: 512."""


@dataclass(frozen=True)
class Shares:
    """What each player adds.

    Attributes
    ----------
    values
        Shape (players, ...).
    errors
        Standard errors of the mean over random orders, same shape; 0 where the values are exact.
    empty, full
        Value of no player and of all of them.
    coalitions
        Number of coalitions that were valued.
    exact
        Whether all of them were.
    """

    values: Array
    errors: Array
    empty: Array
    full: Array
    coalitions: int
    exact: bool


def shapley(players: int, values: Values, orders: int = 32, seed: int = 0, most_exact: int = MOST_EXACT) -> Shares:
    """Return the Shapley values of a game.

    Parameters
    ----------
    players
        Number of players.
    values
        Value of coalitions.
    orders
        Random orders where not all coalitions are valued; each is taken forwards and backwards.
    seed
        Of the orders.
    most_exact
        Players up to which the values are exact.

    Examples
    --------
    Two gloves make a pair: of three players the one with the only left glove gets two thirds.

    >>> def pairs(coalitions):
    ...     return np.array([float(0 in c and len(c) > 1) for c in coalitions])
    >>> [round(float(share), 4) for share in shapley(3, pairs).values]
    [0.6667, 0.1667, 0.1667]
    """
    if players <= most_exact:
        return _exact(players, values)
    return _sampled(players, values, orders, seed)


def _exact(players: int, values: Values) -> Shares:
    everyone = range(players)
    coalitions = [frozenset(some) for size in range(players + 1) for some in combinations(everyone, size)]
    found = dict(zip(coalitions, values(coalitions), strict=True))
    shares = []
    for player in everyone:
        share = np.zeros_like(found[frozenset()], dtype=float)
        for coalition in coalitions:
            if player not in coalition:
                weight = 1 / (players * math.comb(players - 1, len(coalition)))
                share = share + weight * (found[coalition | {player}] - found[coalition])
        shares.append(share)
    stacked = np.array(shares)
    full, empty = found[frozenset(everyone)], found[frozenset()]
    return Shares(stacked, np.zeros_like(stacked), np.asarray(empty), np.asarray(full), len(coalitions), True)


def _sampled(players: int, values: Values, orders: int, seed: int) -> Shares:
    random = np.random.default_rng(seed)
    drawn = [random.permutation(players) for _ in range(orders)]
    walks = [(_prefixes(order), _prefixes(order[::-1]), order) for order in drawn]
    wanted = list(dict.fromkeys(c for forwards, backwards, _ in walks for c in (*forwards, *backwards)))
    found = dict(zip(wanted, values(wanted), strict=True))
    # A walk and its reverse are one sample: together they scatter less.
    samples = []
    for forwards, backwards, order in walks:
        added = np.zeros((players, *np.shape(found[frozenset()])))
        for path, way in ((forwards, order), (backwards, order[::-1])):
            for place, player in enumerate(way):
                added[player] += (found[path[place + 1]] - found[path[place]]) / 2
        samples.append(added)
    stacked = np.array(samples)
    errors = stacked.std(axis=0, ddof=1) / math.sqrt(orders) if orders > 1 else np.full_like(stacked[0], np.nan)
    empty, full = found[frozenset()], found[frozenset(range(players))]
    return Shares(stacked.mean(axis=0), errors, np.asarray(empty), np.asarray(full), len(found), False)


def _prefixes(order: Iterable[int]) -> list[frozenset[int]]:
    found = [frozenset[int]()]
    for player in order:
        found.append(found[-1] | {int(player)})
    return found
