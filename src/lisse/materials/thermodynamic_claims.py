"""Claims of a material that follow from formation energies: its window, and what it turns into beside lithium.

They are listed like all others, under the ids ``hull-uncorrected_S`` and ``hull-mp2020``, and take
the place of what the file only assumes. Leaves out: rates and onsets, of which energies say nothing; the computing
(``lisse.thermodynamics``), whose table of the library is read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import Any

from lisse.citations import Source
from lisse.materials.properties import PROPERTIES
from lisse.materials.quantities import Spread
from lisse.materials.schema import Claim

FILE = "thermodynamics/data/library.json"
"""The table of the library, within the package."""
SECTIONS = ("about", "materials", "oxides", "contacts")
"""Its parts."""
PREFIX = "hull-"
"""Start of the ids."""
DEFAULT = f"{PREFIX}uncorrected_S"
"""Claim that takes the place of an assumed one: the scheme that reproduces the published windows."""
KINDS = ("electrolyte", "coating")
"""Kinds of materials that have such claims."""
SOURCE = Source(
    citation=(
        "C.J. Bartel, A. Trewartha, Q. Wang, A. Dunn, A. Jain, G. Ceder, npj Comput. Mater. 6 (2020) 97; derived by "
        "lisse from the Materials Project formation energies published there (CC BY 4.0)"
    ),
    doi="10.1038/s41524-020-00362-y",
    tag="derived",
)
LEAST_DOUBT = 0.05
"""Smallest one-sigma spread of an edge of a window [V]; the distance between the schemes where that is more."""
VOLUME_DOUBT = 1.15
"""One-sigma factor on volumes of products, which are those of crystals without pores."""
DENSITY_DOUBT = 0.05
"""One-sigma share by which the volumes of electrolyte and products are off against each other [-]."""
CHARGE_DOUBT = 3.0
"""One-sigma factor on the charge of oxidation: equilibrium takes three electrons from PS4, books count one."""
OXIDATION_VOLTAGE = 4.3
"""Voltage at which the charge of oxidation is read from the ladder [V against lithium]."""

_Row = tuple[str, float, str, Spread, str]


@lru_cache(maxsize=1)
def library_table() -> dict[str, Any]:
    """Return the table that comes with lisse (:mod:`lisse.thermodynamics.library_table`); empty while it is made."""
    file = resources.files("lisse").joinpath(FILE)
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {key: {} for key in SECTIONS}


def library_facts() -> Mapping[str, Mapping[str, Any]]:
    """Return the facts of the library's electrolytes and coatings by name."""
    return library_table()["materials"]


def own_volume(claims: Iterable[Claim]) -> float | None:
    """Return the molar volume that a material's claims give [m^3/mol]; None without them."""
    found = {claim.property: claim.value for claim in claims if claim.default}
    mass, density = found.get("molar_mass"), found.get("density")
    if not isinstance(mass, float) or not isinstance(density, float):
        return None
    return float(f"{mass / density:.6g}")


def with_library_claims(name: str, kind: str, formula: str, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return the claims of a material with those that the table of the library has on it.

    A file that shares its name with a material of the library, but not its formula and molar volume, gets none.
    """
    facts = library_facts().get(name) if kind in KINDS else None
    if facts is None or (facts["formula"], facts["molar_volume_m3_mol"]) != (formula, own_volume(claims)):
        return claims
    return with_thermodynamics(kind, claims, facts)


def with_thermodynamics(kind: str, claims: tuple[Claim, ...], facts: Mapping[str, Any]) -> tuple[Claim, ...]:
    """Return the claims of a material with those that follow from its facts.

    Parameters
    ----------
    kind
        Kind of the material.
    claims
        What its file says, with what it takes over from others.
    facts
        See :func:`lisse.thermodynamics.facts.material_facts`.

    Returns
    -------
    tuple of Claim
        An assumed default gives way to the computed claim; any other keeps its place.
    """
    computed = [
        claim
        for scheme, values in facts["schemes"].items()
        for claim in _claims(kind, scheme, values, _beside(facts["schemes"], scheme))
    ]
    if not computed or any(claim.id.startswith(PREFIX) for claim in claims):
        return claims
    defaults = {claim.property: claim for claim in claims if claim.default}
    taken = {
        claim.property
        for claim in computed
        if claim.id == DEFAULT and (claim.property not in defaults or defaults[claim.property].method == "assumed")
    }
    kept = [replace(claim, default=False) if claim.property in taken else claim for claim in claims]
    new = [replace(claim, default=claim.id == DEFAULT and claim.property in taken) for claim in computed]
    return tuple(_grouped([*kept, *new]))


def _grouped(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield claims in the order in which their properties first appear."""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.property, []).append(claim)
    for group in groups.values():
        yield from group


def _beside(schemes: Mapping[str, Any], scheme: str) -> Mapping[str, Any]:
    """Return the facts of the other scheme; the same where there is one only."""
    return next((values for name, values in schemes.items() if name != scheme), schemes[scheme])


def _claims(kind: str, scheme: str, facts: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Claim]:
    rows = [*_edges(facts, other)]
    if kind == "electrolyte":
        rows += [*_lithium(facts), *_oxidation(facts)]
    for name, value, text, spread, note in rows:
        yield Claim(
            property=name,
            id=PREFIX + scheme,
            value=value,
            unit=PROPERTIES[name].unit,
            spread=spread,
            temperature=None,
            method="computed",
            source=SOURCE,
            note=note,
            default=False,
            suspect=None,
            text=text,
        )


def _edges(facts: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[_Row]:
    for edge in ("reduction", "oxidation"):
        value = facts[f"{edge}_V"]
        spread = Spread("absolute", max(LEAST_DOUBT, abs(value - other[f"{edge}_V"])))
        yield f"{edge}_potential", value, f"{value:.3f} V", spread, "edge of the window at 0 K"


def _lithium(facts: Mapping[str, Any]) -> Iterator[_Row]:
    contact = facts["lithium_contact"]
    note = f"with {contact['lithium_uptake']:g} Li to {reaction_text(contact['products'])}"
    if contact["lithium_uptake"] <= 0:
        note = "no reaction with lithium"
    kind = float(contact["interphase_type"])
    yield "interphase_type", kind, f"{kind:g}", Spread("none", 0.0), note
    made = contact["interphase_m3_C"]
    if made is not None:
        text = f"{made * 36e9:.3g} nm/(uA*h/cm^2)"
        yield "interphase_thickness_per_charge", made, text, Spread("factor", VOLUME_DOUBT), note
    edge = [step for step in facts["ladder"] if step["voltage_V"] < facts["reduction_V"] and step["lithium_uptake"] > 0]
    growth = edge[-1]["volume_growth_m3_mol"] if edge else None
    if growth is not None and growth > 0:
        note = f"at the lower edge, to {reaction_text(edge[-1]['products'])}"
        # A small difference of two large volumes.
        spread = Spread("absolute", DENSITY_DOUBT * edge[-1]["products_volume_m3_mol"] / edge[-1]["lithium_uptake"])
        yield "decomposition_volume", growth, f"{growth * 1e6:.3g} cm^3/mol", spread, note


def _oxidation(facts: Mapping[str, Any]) -> Iterator[_Row]:
    reached = [step for step in facts["ladder"] if step["voltage_V"] <= OXIDATION_VOLTAGE][-1]
    charge = reached["charge_density_A_s_m3"]
    if not charge:
        return
    note = f"{-reached['lithium_uptake']:.4g} Li at {OXIDATION_VOLTAGE:g} V, to {reaction_text(reached['products'])}"
    yield "oxidation_charge_density", charge, f"{charge:.4g} A*s/m^3", Spread("factor", CHARGE_DOUBT), note


def reaction_text(products: Mapping[str, float]) -> str:
    """Return products as chemists write them.

    Examples
    --------
    >>> reaction_text({"Li2S": 5.0, "Li3P": 1.0, "LiCl": 0.5})
    '5 Li2S + Li3P + 0.5 LiCl'
    """
    return " + ".join(name if amount == 1 else f"{amount:.3g} {name}" for name, amount in products.items())
