"""Hard and soft acids: how much the cations of a sulfide prefer oxygen to sulfur, as a number and an order.

Absolute hardness of Parr and Pearson from ionisation energies. Leaves out: structure, and everything that is rate; a
cation has one charge, the usual one in sulfide electrolytes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from lisse.citations import Source
from lisse.thermodynamics.composition import Composition


@dataclass(frozen=True)
class Acid:
    """A cation.

    Attributes
    ----------
    element, charge
        Which.
    energies
        Ionisation energies that lead to it, and beyond it [eV].
    sources
        Of the quantity and of the energies.
    """

    element: str
    charge: int
    energies: tuple[float, float]
    sources: tuple[Source, Source]

    @property
    def name(self) -> str:
        """Symbol with its charge."""
        return f"{self.element}{'' if self.charge == 1 else self.charge}+"

    @property
    def hardness(self) -> float:
        """Absolute hardness [eV]: half of the distance of the two ionisation energies."""
        lower, upper = self.energies
        return (upper - lower) / 2


@lru_cache(maxsize=1)
def acids() -> dict[str, Acid]:
    """Return the cations by element, the hardest first.

    Examples
    --------
    Pearson (1988) prints 45.77 eV for Al3+, 10.88 eV for Zn2+ and 6.28 eV for Cu+.

    >>> [round(acids()[element].hardness, 2) for element in ("Al", "Zn", "Cu")]
    [45.77, 10.88, 6.28]
    """
    path = resources.files("lisse.thermodynamics").joinpath("data/acids.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = Source(**data["sources"]["absolute_hardness"]), Source(**data["sources"]["energies"])
    found = [
        Acid(row["element"], row["charge"], (row["energies_eV"][0], row["energies_eV"][1]), sources)
        for row in data["acids"]
    ]
    return {acid.element: acid for acid in sorted(found, key=lambda acid: -acid.hardness)}


def framework(composition: Composition) -> list[Acid]:
    """Return the cations of a sulfide other than lithium, the hardest first; lithium where there is no other."""
    found = [acid for element, acid in acids().items() if element in composition.elements and element != "Li"]
    return found or [acids()["Li"]]


def mean_hardness(composition: Composition) -> float:
    """Return the mean hardness of the framework's cations, each by the sulfur that its charge binds [eV].

    Examples
    --------
    >>> from lisse.thermodynamics.composition import parse
    >>> [round(mean_hardness(parse(formula)), 1) for formula in ("Li3PS4", "Li10GeP2S12", "Li10SnP2S12")]
    [77.7, 61.9, 60.7]
    """
    shares = {acid: acid.charge * composition.amounts.get(acid.element, 0.0) for acid in framework(composition)}
    total = sum(shares.values())
    return sum(share * acid.hardness for acid, share in shares.items()) / total if total else float("nan")
