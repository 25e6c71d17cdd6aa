"""Which products of a reaction conduct electrons, and what type of interphase they make by that.

A stated rule on the formula with lists of metallic compounds (``data/electronic.toml``). Leaves out: how well a product
conducts, doping, and whether the conducting grains touch.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from lisse.thermodynamics.composition import Composition, parse


@dataclass(frozen=True)
class _Layered:
    """A layered sulfide that lithium turns into a metal: sulfur per metal atom, and up to how much lithium."""

    metal: str
    sulfur: float
    most_lithium: float


@dataclass(frozen=True)
class _Rule:
    nonmetals: frozenset[str]
    metalloids: frozenset[str]
    exceptions: frozenset[str]
    listed: dict[str, str]
    layered: tuple[_Layered, ...]


@lru_cache(maxsize=1)
def _rule() -> _Rule:
    path = resources.files("lisse.thermodynamics").joinpath("data/electronic.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return _Rule(
        nonmetals=frozenset(data["nonmetals"]),
        metalloids=frozenset(data["metalloids"]),
        exceptions=frozenset(parse(formula).reduced for group in data["exceptions"] for formula in group["formulas"]),
        listed={parse(formula).reduced: group["kind"] for group in data["conductors"] for formula in group["formulas"]},
        layered=tuple(
            _Layered(row["metal"], row["sulfur_per_metal"], row["most_lithium"]) for row in data["layered_sulfides"]
        ),
    )


@lru_cache(maxsize=8192)
def conducts_electrons(formula: str) -> str | None:
    """Return why a phase conducts electrons, None if it does not.

    Returns
    -------
    str or None
        ``metal``, ``lithium alloy``, ``intermetallic``, ``carbon``, ``metallic transition-metal sulfide`` or
        ``metallic transition-metal phosphide``.

    Raises
    ------
    InputError
        If the formula does not parse.

    Examples
    --------
    >>> [conducts_electrons(formula) for formula in ("Ni", "Li15Ge4", "TiAl", "Co9S8", "MnS", "Li2S")]
    ['metal', 'lithium alloy', 'intermetallic', 'metallic transition-metal sulfide', None, None]
    """
    rule, composition = _rule(), parse(formula)
    reduced = composition.reduced
    if reduced in rule.listed:
        return rule.listed[reduced]
    if any(_is_intercalated(composition, layered) for layered in rule.layered):
        return "metallic transition-metal sulfide"
    metals = composition.elements - rule.nonmetals
    if not metals or not composition.elements <= metals | rule.metalloids or reduced in rule.exceptions:
        return None
    if len(composition.elements) == 1:
        return "metal"
    return "lithium alloy" if "Li" in metals else "intermetallic"


def _is_intercalated(composition: Composition, layered: _Layered) -> bool:
    amounts = composition.amounts
    if composition.elements != {"Li", "S", layered.metal}:
        return False
    per_metal = {symbol: count / amounts[layered.metal] for symbol, count in amounts.items()}
    return abs(per_metal["S"] - layered.sulfur) < 1e-6 and per_metal["Li"] <= layered.most_lithium + 1e-6


def interphase_type(products: Sequence[str], reacts: bool) -> int:
    """Return the type of an interface as the review counts them.

    Parameters
    ----------
    products
        Formulas of what forms. Lithium itself does not count: it is what is left over.
    reacts
        Whether anything forms at all.

    Returns
    -------
    int
        1: no reaction; 2: a product conducts electrons, and the layer keeps growing; 3: none does.

    Examples
    --------
    >>> interphase_type(["Li2S", "Li3P", "LiCl", "Li"], True), interphase_type(["Li15Ge4", "Li2S", "Li3P"], True)
    (3, 2)
    """
    if not reacts:
        return 1
    return 2 if any(conducts_electrons(product) for product in products if parse(product).elements != {"Li"}) else 3
