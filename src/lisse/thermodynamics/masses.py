"""Masses of formula units, from standard atomic weights.

Leaves out: isotopes.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from lisse.thermodynamics.composition import Composition


@lru_cache(maxsize=1)
def atomic_masses() -> dict[str, float]:
    """Return the standard atomic weights of the elements up to uranium [g/mol]."""
    path = resources.files("lisse.thermodynamics").joinpath("data/atomic_masses.toml")
    return {symbol: float(mass) for symbol, mass in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def molar_mass(composition: Composition) -> float:
    """Return the mass of a formula unit [kg/mol].

    Examples
    --------
    >>> from lisse.thermodynamics.composition import parse
    >>> round(1e3 * molar_mass(parse("Li2S")), 2)
    45.94
    """
    return 1e-3 * sum(atomic_masses()[symbol] * count for symbol, count in composition.amounts.items())
