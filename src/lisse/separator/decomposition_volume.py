"""Room that the decomposition of an electrolyte takes at either edge of its window, and the window under confinement.

Volumes are those of the crystals of electrolyte and products. Leaves out: pores, and the lithium itself, which comes
from outside or goes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lisse.materials.thermodynamic_claims import PREFIX, own_volume
from lisse.separator.constrained_window import window_edge
from lisse.thermodynamics.composition import Substance
from lisse.thermodynamics.volumes import molar_volume, unknown_because
from lisse.thermodynamics.windows import Step, Window

HIGHEST_MODULUS = 1e12
"""Confinement beyond which nothing is [Pa]: diamond holds with half of it."""
NO_ROOM = "the products take less room than the material, so that confinement does not hold them back"
"""Why an edge stays where it is."""
NO_EDGE = "nothing decomposes beyond this edge"
"""Why an edge has no volume."""


@dataclass(frozen=True)
class Room:
    """Growth of volume by decomposition at one edge.

    Attributes
    ----------
    volume
        Per mole of lithium exchanged [m^3/mol], negative where the products are smaller; None where it is not known.
    source
        ``products``, or the id of the claim that stands in for them; empty where there is neither.
    reason
        Why it is not known or does not count; empty else.
    """

    volume: float | None
    source: str
    reason: str


@dataclass(frozen=True)
class ConfinedWindow:
    """Window of a confined electrolyte in one scheme.

    Attributes
    ----------
    modulus
        Confinement [Pa].
    reduction, oxidation
        Edges [V against lithium], not below 0; None where the room that decomposition takes is not known.
    reduction_room, oxidation_room
        That room.
    """

    modulus: float
    reduction: float | None
    oxidation: float | None
    reduction_room: Room
    oxidation_room: Room

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        rooms = {"reduction": self.reduction_room, "oxidation": self.oxidation_room}
        return {
            "modulus_Pa": self.modulus,
            "reduction_V": self.reduction,
            "oxidation_V": self.oxidation,
            "decomposition_volume_m3_mol": {edge: room.volume for edge, room in rooms.items()},
            "volume_from": {edge: room.source or None for edge, room in rooms.items()},
            "reason": {edge: room.reason or None for edge, room in rooms.items()},
        }


def room(substance: Substance, step: Step | None) -> Room:
    """Return the room that one step of a ladder takes.

    Parameters
    ----------
    substance
        What decomposes; a library material brings its own density, and the claim that stands in for unknown products.
    step
        Step just outside of the window; None where there is none.
    """
    if step is None:
        return Room(None, "", NO_EDGE)
    before = _volume_of(substance)
    unknown = {formula: why for formula in step.phases if (why := unknown_because(formula)) is not None}
    if before is None:
        unknown = {substance.name: "no density of its own"} | unknown
    if not unknown and before is not None:
        volumes = ((amount, molar_volume(formula)) for formula, amount in step.phases.items())
        after = sum(amount * volume.value for amount, volume in volumes if volume is not None)
        growth = (after - before) / abs(step.lithium_uptake)
        return Room(growth, "products", "" if growth > 0 else NO_ROOM)
    why = "; ".join(f"{formula}: {reason}" for formula, reason in unknown.items())
    if substance.material is not None and substance.material.has("decomposition_volume"):
        claim = substance.material.claim("decomposition_volume")
        if isinstance(claim.value, float):
            return Room(claim.value, claim.id, why)
    return Room(None, "", why)


def _volume_of(substance: Substance) -> float | None:
    """Return the volume of a formula unit [m^3/mol], the library's own where a name was given."""
    if substance.material is not None and "@" not in substance.name:
        own = own_volume(substance.material.claims)
        if own is not None:
            return own
    known = molar_volume(substance.composition.formula)
    return None if known is None else known.value


def confined_window(substance: Substance, found: Window, modulus: float) -> ConfinedWindow:
    """Return the window of an electrolyte that cannot expand freely.

    Parameters
    ----------
    substance
        The electrolyte.
    found
        Its window without confinement.
    modulus
        Confinement [Pa], see :func:`lisse.separator.constrained_window.confinement_modulus`.

    Examples
    --------
    Reduction of Li3PS4 makes Li2S, which needs room; oxidation makes sulfur in the place of lithium sulfide:

    >>> from lisse.thermodynamics.composition import resolve
    >>> from lisse.thermodynamics.windows import window
    >>> confined = confined_window(resolve("Li3PS4"), window("Li3PS4"), 15e9)
    >>> round(confined.reduction, 1), round(confined.oxidation, 1), confined.oxidation_room.volume < 0
    (0.8, 2.3, True)
    """
    below = [step for step in found.ladder if step.upper <= found.reduction and step.lithium_uptake > 0]
    above = [step for step in found.ladder if step.lower >= found.oxidation and step.lithium_uptake < 0]
    lower, upper = room(substance, below[-1] if below else None), room(substance, above[0] if above else None)
    return ConfinedWindow(
        modulus,
        _edge(found.reduction, modulus, lower, oxidation=False),
        _edge(found.oxidation, modulus, upper, oxidation=True),
        lower,
        upper,
    )


def _edge(bare: float, modulus: float, taken: Room, *, oxidation: bool) -> float | None:
    if taken.reason == NO_EDGE:
        return bare
    if taken.volume is None:
        return None
    return max(0.0, float(window_edge(bare, modulus, max(taken.volume, 0.0), oxidation=oxidation)))


def by_claims(substance: Substance, found: Window, modulus: float) -> list[dict[str, Any]]:
    """Return the confined window by each volume that a paper gives for the material, the same volume on both sides."""
    claims = substance.material.claims if substance.material is not None else ()
    windows = []
    for claim in claims:
        if (
            claim.property == "decomposition_volume"
            and not claim.id.startswith(PREFIX)
            and isinstance(claim.value, float)
        ):
            taken = Room(claim.value, claim.id, "")
            windows.append(
                {
                    "claim": claim.id,
                    "method": claim.method,
                    "citation": claim.source.citation,
                    "decomposition_volume_m3_mol": claim.value,
                    "reduction_V": _edge(found.reduction, modulus, taken, oxidation=False),
                    "oxidation_V": _edge(found.oxidation, modulus, taken, oxidation=True),
                }
            )
    return windows
