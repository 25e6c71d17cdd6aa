"""The report's panel on the windows of electrolyte and coating, and on their contacts, at equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lisse.materials.thermodynamic_claims import reaction_text

PARTS = {
    "separator": "Separator at the anode",
    "electrolyte": "Cathode electrolyte at the upper limit",
    "coating": "Coating at the upper limit",
}
"""Keys of the facts of a cell and what the panel calls them."""
NONE = "–"


@dataclass(frozen=True)
class StabilityRow:
    """A material in its place: window and distance from it as bands over the schemes, products, interphase."""

    place: str
    material: str
    potential: str
    window: str
    outside: str
    products: str
    interphase: str


@dataclass(frozen=True)
class ContactRow:
    """Two materials that touch: energy as a band over the schemes, products of the first scheme, type."""

    pair: str
    energy: str
    products: str
    interphase: str


def parts(summary: Mapping[str, Any]) -> list[StabilityRow]:
    """Return the rows of the materials; those without facts say why."""
    facts = summary.get("thermodynamics") or {}
    return [_part(PARTS[role], facts[role]) for role in PARTS if role in facts]


def _part(place: str, part: Mapping[str, Any]) -> StabilityRow:
    schemes = list(part["schemes"].values())
    potential = f"{part['potential_V']:.2f} V"
    if not schemes:
        return StabilityRow(place, part["material"], potential, NONE, NONE, part["reason"], NONE)
    edges = " to ".join(band([scheme[f"{edge}_V"] for scheme in schemes], 2) for edge in ("reduction", "oxidation"))
    reached = schemes[0]["at_potential"]
    return StabilityRow(
        place,
        part["material"],
        potential,
        f"{edges} V",
        f"{band([scheme['outside_window_V'] for scheme in schemes], 2)} V",
        reaction_text(reached["products"]),
        str(reached["interphase_type"]),
    )


def contacts(summary: Mapping[str, Any]) -> list[ContactRow]:
    """Return the rows of the contacts."""
    rows = []
    for contact in (summary.get("thermodynamics") or {}).get("contacts") or []:
        state = f" ({contact['state']})" if contact["state"] else ""
        pair = f"{contact['first']} | {contact['second']}{state}"
        schemes = list(contact["schemes"].values())
        if schemes:
            energy = f"{band([scheme['reaction_energy_meV_atom'] for scheme in schemes], 0)} meV/atom"
            products = ", ".join(schemes[0]["products"]) or "no reaction"
            rows.append(ContactRow(pair, energy, products, str(schemes[0]["interphase_type"])))
        else:
            rows.append(ContactRow(pair, NONE, contact["reason"], NONE))
    return rows


def band(values: list[float], digits: int) -> str:
    """Return a number, or two with a slash where the schemes differ.

    Examples
    --------
    >>> band([2.0094, 2.2609], 2), band([1.72, 1.7201], 2)
    ('2.01/2.26', '1.72')
    """
    return "/".join(dict.fromkeys(f"{value:.{digits}f}" for value in values))
