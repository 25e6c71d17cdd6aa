"""What ``lisse materials`` shows: claims by property, spreads in the unit of the value, numbered references.

Leaves out: printing, which is the command line's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from lisse.materials.library import Material
from lisse.materials.quantities import written_spread
from lisse.materials.schema import Claim, Method

METHODS: tuple[str, ...] = get_args(Method)
"""How a value can be known, from measured to defined."""


@dataclass(frozen=True)
class Listing:
    """A material as text.

    Attributes
    ----------
    groups
        Property (without underscores) and its rows: claim, value with spread, method, number of the reference. The
        default claim carries an asterisk and comes first, a suspect one an exclamation mark.
    references
        Citations in the order of their numbers, from 1.
    suspects
        Property, claim and what is wrong with it.
    """

    groups: dict[str, list[tuple[str, str, str, str]]]
    references: tuple[str, ...]
    suspects: tuple[tuple[str, str, str], ...]


def listing(material: Material) -> Listing:
    """Return what there is to show of a material."""
    numbers: dict[str, int] = {}
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    suspects = []
    order = list(dict.fromkeys(claim.property for claim in material.claims))
    for claim in sorted(material.claims, key=lambda item: (order.index(item.property), not item.default)):
        name = claim.property.replace("_", " ")
        citation = claim.source.citation + (f", doi:{claim.source.doi}" if claim.source.doi else "")
        number = numbers.setdefault(citation, len(numbers) + 1)
        marks = ("*" if claim.default else "") + ("!" if claim.suspect else "")
        groups.setdefault(name, []).append((claim.id + marks, shown(claim), claim.method, f"[{number}]"))
        if claim.suspect:
            suspects.append((name, claim.id, claim.suspect))
    return Listing(groups, tuple(numbers), tuple(suspects))


def shown(claim: Claim) -> str:
    """Return the value as it was written and its spread in the same unit, for example ``0.33 eV ± 0.03 eV``."""
    if claim.curve is not None:
        low, high = claim.curve.range or (0.0, 1.0)
        value = f"curve, {low:g} to {high:g}"
    else:
        value = claim.text
    spread = written_spread(claim.spread, claim.text, claim.unit)
    return f"{value} {spread}" if spread else value


def counts(claims: Iterable[Claim]) -> dict[str, int]:
    """Return how many claims are known in which way, every way being named.

    Examples
    --------
    >>> from lisse.materials import Material
    >>> counts(Material.load("PVC").claims)["fitted"]
    0
    """
    found = Counter(claim.method for claim in claims)
    return {method: found[method] for method in METHODS}
