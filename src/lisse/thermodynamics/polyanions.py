"""What computed energies of salts of oxo-anions are found to miss, as a switch to see how much depends on it.

The correction fitted to oxides binds sulfates, nitrates, carbonates, phosphates and silicates too strongly. Leaves out:
everything that is not such a salt; which atom an anion sits around is read from the formula alone.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from lisse.thermodynamics.composition import Composition

LEAST_OXYGEN = {"S": 3.0, "N": 3.0, "C": 3.0, "P": 3.0, "Si": 2.5}
"""Oxygen per central atom from which a formula counts as a salt of the oxo-anion [-]."""


@lru_cache(maxsize=1)
def medians() -> dict[str, float]:
    """Return what is added per central atom [eV]: the median error against experiment with its sign turned."""
    text = (
        resources.files("lisse.thermodynamics").joinpath("data/polyanion_correction.toml").read_text(encoding="utf-8")
    )
    return {row["element"]: -float(row["median_error_eV"]) for row in tomllib.loads(text)["anions"]}


def correction(composition: Composition) -> float:
    """Return what is added to the energy of a phase [eV/atom]; 0 for all but salts of one oxo-anion or several.

    Examples
    --------
    >>> from lisse.thermodynamics.composition import parse
    >>> round(7 * correction(parse("Li2SO4")), 2), correction(parse("Li2S")), correction(parse("P2O5"))
    (1.93, 0.0, 0.0)
    """
    amounts = composition.amounts
    oxygen = amounts.get("O", 0.0)
    centres = {symbol: amounts[symbol] for symbol in LEAST_OXYGEN if symbol in amounts}
    if (
        not centres
        or len(amounts) < 3
        or oxygen < sum(LEAST_OXYGEN[symbol] * count for symbol, count in centres.items())
    ):
        return 0.0
    return sum(medians()[symbol] * count for symbol, count in centres.items()) / composition.atoms
