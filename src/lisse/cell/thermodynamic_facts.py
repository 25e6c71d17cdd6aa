"""What the thermodynamics of a cell's materials says of that cell: windows against its potentials, contacts, coating.

Materials of the library are read from the table that comes with lisse; those of the user are computed when a cell names
them. Leaves out: rates and onsets, which are claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lisse.materials import Material
from lisse.materials.thermodynamic_claims import (
    KINDS,
    PREFIX,
    library_facts,
    library_table,
    own_volume,
    reaction_text,
    with_thermodynamics,
)

if TYPE_CHECKING:
    from lisse.cell.cell import Cell

Facts = dict[str, Any]

SEPARATES = 0.5
"""Share of the energy of the bare contact from which a coating counts as reacting as strongly."""
OUTSIDE = 0.01
"""Distance from a window that is named [V]."""


def facts_of(material: Material) -> tuple[Facts, str]:
    """Return the facts of an electrolyte or coating, and whether the ``library`` has them or they are ``computed``."""
    known, volume = library_facts().get(material.name), own_volume(material.claims)
    if known is not None and (known["formula"], known["molar_volume_m3_mol"]) == (material.formula, volume):
        return dict(known), "library"
    from lisse.thermodynamics.facts import cached_material_facts

    return cached_material_facts(material.formula, volume), "computed"


def completed(material: Material) -> Material:
    """Return a material with the claims that follow from its formula, where the table of the library has none on it."""
    if material.kind not in KINDS or not material.formula:
        return material
    if any(claim.id.startswith(PREFIX) for claim in material.claims):
        return material
    facts, _ = facts_of(material)
    return replace(material, claims=with_thermodynamics(material.kind, material.claims, facts))


def thermodynamics(cell: Cell) -> Facts:
    """Return the facts of a cell (keys: docs/thermodynamics-in-the-cell.md).

    Examples
    --------
    >>> from lisse.cell.cell import Cell
    >>> found = thermodynamics(Cell.load("reference"))["separator"]["schemes"]["uncorrected_S"]
    >>> found["reduction_V"] > 1.7, found["at_potential"]["products"]
    (True, {'Li2S': 5.0, 'Li3P': 1.0, 'LiCl': 1.0})
    """
    places = {"separator": cell.number("anode", "potential")}
    if not cell.symmetric:
        places |= dict.fromkeys(("electrolyte", "coating"), cell.derived.upper_potential)
    found = {
        role: _part(material, potential)
        for role, potential in places.items()
        if (material := cell.material(role)) is not None
    }
    return found if cell.symmetric else {**found, "contacts": [*_contacts(cell)]}


def _part(material: Material, potential: float) -> Facts:
    """Window of a material, and what it turns into at a potential against lithium [V]."""
    facts, origin = facts_of(material)
    return {
        "material": material.name,
        "origin": origin,
        "reason": facts["reason"],
        "potential_V": potential,
        "schemes": {scheme: _at(values, potential) for scheme, values in facts["schemes"].items()},
    }


def _at(values: Facts, potential: float) -> Facts:
    steps = [step for step in values["ladder"] if step["voltage_V"] <= max(potential, 0.0)]
    below, above = values["reduction_V"] - potential, potential - values["oxidation_V"]
    return {
        "reduction_V": values["reduction_V"],
        "oxidation_V": values["oxidation_V"],
        "outside_window_V": max(below, above, 0.0),
        "at_potential": steps[-1],
    }


def _contacts(cell: Cell) -> Iterator[Facts]:
    """Yield the contacts of electrolyte and coating with the oxides, and with each other."""
    from lisse.thermodynamics.library_table import contact

    parts = [part for part in map(cell.material, ("electrolyte", "coating")) if part is not None]
    oxides = [oxide for oxide in map(cell.material, cell.active_roles) if oxide is not None]
    pairs: list[tuple[Material, str, str, str | None]] = [
        (part, oxide.name, formula, state)
        for part in parts
        for oxide in oxides
        for state, formula in (("discharged", oxide.formula), ("charged", _charged(oxide)))
    ]
    if len(parts) == 2:
        pairs.append((parts[0], parts[1].name, parts[1].formula, None))
    for part, name, formula, state in pairs:
        yield {"first": part.name, "second": name, "state": state, **contact(part.formula, formula)}


def _charged(oxide: Material) -> str:
    """Formula of a charged oxide; empty where it has none."""
    known = library_table()["oxides"].get(oxide.name)
    if known is not None and known["formula"] == oxide.formula:
        return known["charged_formula"] or ""
    from lisse.thermodynamics.facts import charged_formula

    return charged_formula(oxide) or ""


def thermodynamic_remarks(cell: Cell) -> Iterator[str]:
    """Yield a line on each place where the window is left, and one on a coating that does not separate."""
    found = thermodynamics(cell)
    separator = found["separator"]
    if cell.spec.anode.interlayer is None and (distance := _distance(separator)):
        yield (
            f"{separator['material']} on {cell.spec.anode.material} is {distance} below its reduction edge; at "
            f"equilibrium it turns into {_products(separator)}, an interphase of type {_type(separator)}."
        )
    if cell.symmetric:
        return
    electrolyte = found["electrolyte"]
    if distance := _distance(electrolyte):
        yield (
            f"{electrolyte['material']} in the cathode is {distance} above its oxidation edge at "
            f"{electrolyte['potential_V']:.2f} V against lithium; at equilibrium it turns into "
            f"{_products(electrolyte)}."
        )
    if "coating" in found and (reasons := [*_leaks(found)]):
        yield f"{found['coating']['material']} does not separate its two sides at equilibrium: {'; '.join(reasons)}."


def _leaks(found: Facts) -> Iterator[str]:
    """Yield why a coating does not separate electrolyte and charged oxide."""
    coating, electrolyte = found["coating"], found["electrolyte"]["material"]
    if distance := _distance(coating):
        yield f"it is {distance} above its own oxidation edge at {coating['potential_V']:.2f} V against lithium"
    bare = _strongest(found, electrolyte, "charged")
    for first, state, other in (
        (electrolyte, None, electrolyte),
        (coating["material"], "charged", "the charged oxide"),
    ):
        energies = _strongest(found, first, state)
        shares = [energies[scheme] / bare[scheme] for scheme in energies.keys() & bare.keys() if bare[scheme] < 0]
        if shares and max(shares) >= SEPARATES:
            yield (
                f"with {other} it reacts with {min(energies.values()):.0f} meV/atom, {max(shares):.0%} of what bare "
                f"{electrolyte} and the charged oxide do"
            )


def _strongest(found: Facts, first: str, state: str | None) -> dict[str, float]:
    """Lowest energy by scheme of the contacts of one material in one state [meV/atom]."""
    lowest: dict[str, float] = {}
    for row in found["contacts"]:
        if (row["first"], row["state"]) == (first, state):
            for scheme, values in row["schemes"].items():
                lowest[scheme] = min(lowest.get(scheme, 0.0), values["reaction_energy_meV_atom"])
    return lowest


def _distance(part: Facts) -> str:
    """Return how far outside of its window a material is, as a band over the schemes; empty where it is inside."""
    distances = [values["outside_window_V"] for values in part["schemes"].values()]
    if not distances or max(distances) < OUTSIDE:
        return ""
    low, high = f"{min(distances):.2f}", f"{max(distances):.2f}"
    return f"{low} V" if low == high else f"{low} to {high} V"


def _first(part: Facts) -> Facts:
    return next(iter(part["schemes"].values()))["at_potential"]


def _products(part: Facts) -> str:
    return reaction_text(_first(part)["products"])


def _type(part: Facts) -> int:
    return int(_first(part)["interphase_type"])
