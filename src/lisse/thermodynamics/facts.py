"""What the thermodynamics of a material and of a contact says to a cell, as plain numbers of JSON, in both schemes.

Products, types of interphases, volumes and charges; rounded, so that the same entries give the same text. Leaves out:
rates, onsets, and everything else that decides how much of a product forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from lisse.errors import InputError
from lisse.materials import Curve, Material
from lisse.mechanism import FARADAY
from lisse.thermodynamics.composition import Substance, parse
from lisse.thermodynamics.electronic import conducts_electrons, interphase_type
from lisse.thermodynamics.interface import Reaction, reaction
from lisse.thermodynamics.table import SCHEMES, table
from lisse.thermodynamics.volumes import molar_volume, unknown_because
from lisse.thermodynamics.windows import NO_EXCHANGE, Step, Window, window

HIGHEST_STEP = 5.5
"""Voltage up to which the steps of a ladder are kept [V against lithium]; no cut-off here lies above."""
CHARGED_POTENTIAL = 4.3
"""Potential of the charged oxide of a contact [V against lithium]."""
GRID = 2001
"""Points at which an open-circuit curve is looked up."""

Facts = dict[str, Any]


def reason_against(formula: str) -> str | None:
    """Return why there are no facts for a formula, None where there are some.

    Examples
    --------
    >>> reason_against("Li6PS5Cl"), reason_against("C2F4")
    (None, 'organic: the table of formation energies holds no polymers')
    """
    if not formula:
        return "its file gives no formula"
    try:
        composition = parse(formula)
        table().check_covered(composition)
    except InputError as error:
        return str(error).rstrip(".")
    if "C" in composition.elements and composition.elements & {"H", "F"}:
        return "organic: the table of formation energies holds no polymers"
    return None


def material_facts(formula: str, volume: float | None) -> Facts:
    """Return window, ladder and contact with lithium of a material.

    Parameters
    ----------
    formula
        Its formula unit, to which amounts, charges and volumes belong.
    volume
        Its molar volume [m^3/mol]; None where it is not known, which leaves what needs it null.

    Returns
    -------
    dict
        ``reason`` (why there are no facts, or null) and ``schemes``; the keys are those of
        docs/thermodynamics-in-the-cell.md.

    Examples
    --------
    >>> contact = material_facts("Li6PS5Cl", 143.5e-6)["schemes"]["uncorrected_S"]["lithium_contact"]
    >>> contact["products"], contact["lithium_uptake"], contact["interphase_type"]
    ({'Li2S': 5.0, 'Li3P': 1.0, 'LiCl': 1.0}, 8.0, 3)
    """
    if (reason := reason_against(formula)) is not None:
        return {"reason": reason, "schemes": {}}
    return {"reason": None, "schemes": {scheme: _facts(window(formula, scheme), volume) for scheme in SCHEMES}}


def _facts(found: Window, volume: float | None) -> Facts:
    steps = [_step(step, found, volume) for step in found.ladder if step.lower < HIGHEST_STEP]
    return {
        "reduction_V": decimals(found.reduction, 4),
        "oxidation_V": decimals(found.oxidation, 4),
        "above_hull_meV_atom": None if found.above_hull is None else decimals(1e3 * found.above_hull, 1),
        "decomposition_energy_eV_atom": decimals(found.decomposition_energy(0.0), 4),
        "lithium_contact": {**steps[0], **_per_charge(steps[0], volume)},
        "ladder": steps,
    }


def _step(step: Step, found: Window, volume: float | None) -> Facts:
    """One rung: what a formula unit turns into there, and what that is like."""
    changes = abs(step.lithium_uptake) >= NO_EXCHANGE * found.composition.atoms
    products = {name: significant(step.phases[name], 4) for name in sorted(step.phases)}
    made, unknown = _volume(step.phases)
    uptake = significant(step.lithium_uptake, 5) if changes else 0.0
    return {
        "voltage_V": decimals(step.lower, 4),
        "products": products,
        "lithium_uptake": uptake,
        "interphase_type": interphase_type(list(products), changes),
        "electronic_conductors": _conductors(products) if changes else [],
        "products_volume_m3_mol": made,
        "volume_unknown_of": unknown,
        "volume_change": None if made is None or volume is None else significant(made / volume - 1, 4),
        "volume_growth_m3_mol": _growth(made, volume, step.lithium_uptake) if changes else None,
        "charge_density_A_s_m3": None if volume is None else significant(max(-uptake, 0.0) * FARADAY / volume, 4),
    }


def _growth(made: float | None, volume: float | None, lithium: float) -> float | None:
    """Growth of what turns, without the lithium that comes or goes, per mole of that lithium [m^3/mol]."""
    return None if made is None or volume is None else significant((made - volume) / abs(lithium), 4)


def _per_charge(contact: Facts, volume: float | None) -> Facts:
    """What one charge of lithium makes where the material touches lithium metal."""
    made, lithium = contact["products_volume_m3_mol"], contact["lithium_uptake"]
    if made is None or lithium <= 0:
        return {"interphase_m3_C": None, "volume_change_with_lithium": None}
    used = None if volume is None else volume + lithium * volume_of("Li")
    return {
        "interphase_m3_C": significant(made / (lithium * FARADAY), 4),
        "volume_change_with_lithium": None if used is None else significant(made / used - 1, 4),
    }


def _volume(phases: Mapping[str, float]) -> tuple[float | None, dict[str, str]]:
    """Return the volume of some phases [m^3 per mole of formula units of the material]; else why it is not known."""
    unknown = {formula: why for formula in sorted(phases) if (why := unknown_because(formula)) is not None}
    if unknown:
        return None, unknown
    return significant(sum(amount * volume_of(formula) for formula, amount in phases.items()), 4), {}


def volume_of(formula: str) -> float:
    """Return the molar volume of a formula that has one [m^3/mol].

    Raises
    ------
    InputError
        If it has none.
    """
    volume = molar_volume(formula)
    if volume is None:
        raise InputError(f"volume: that of {formula} is not known ({unknown_because(formula)}).")
    return volume.value


def _conductors(products: Iterable[str]) -> list[str]:
    return [formula for formula in products if conducts_electrons(formula) is not None]


def contact_facts(first: str, second: str) -> Facts:
    """Return the strongest reaction of two formulas with each other, no lithium exchanged with anything else.

    Examples
    --------
    >>> found = contact_facts("Li3PO4", "Li3PS4")["schemes"]["uncorrected_S"]
    >>> found["reaction_energy_meV_atom"], found["interphase_type"]
    (0.0, 1)
    """
    for formula in (first, second):
        if (reason := reason_against(formula)) is not None:
            return {"reason": f"{formula or 'one material'}: {reason}", "schemes": {}}
    if parse(first).is_same(parse(second)):
        return {"reason": f"{first} and {second} are the same composition", "schemes": {}}
    one, two = (Substance(formula, parse(formula)) for formula in (first, second))
    return {"reason": None, "schemes": {scheme: _contact(reaction(one, two, scheme)) for scheme in SCHEMES}}


def _contact(found: Reaction) -> Facts:
    if not found.reacts:
        return {"reaction_energy_meV_atom": 0.0, "mixing_fraction": None, "products": [], "interphase_type": 1}
    return {
        "reaction_energy_meV_atom": decimals(1e3 * found.energy, 1),
        "mixing_fraction": decimals(found.strongest.fraction, 3),
        "products": sorted(found.products),
        "interphase_type": found.type,
    }


@lru_cache(maxsize=1024)
def cached_material_facts(formula: str, volume: float | None) -> Facts:
    """Return :func:`material_facts`, computed once a process; not to be changed."""
    return material_facts(formula, volume)


@lru_cache(maxsize=1024)
def cached_contact_facts(first: str, second: str) -> Facts:
    """Return :func:`contact_facts`, computed once a process; not to be changed."""
    return contact_facts(first, second)


def charged_formula(material: Material) -> str | None:
    """Return the formula of an oxide at :data:`CHARGED_POTENTIAL`; None without a curve or a usable formula.

    Examples
    --------
    >>> charged_formula(Material.load("NMC811"))
    'Li0.21Mn0.1Co0.1Ni0.8O2'
    """
    content = None if reason_against(material.formula) is not None else charged_content(material)
    return None if content is None else parse(material.formula).with_amount("Li", content).formula


def charged_content(material: Material, potential: float = CHARGED_POTENTIAL) -> float | None:
    """Return the lithium per formula unit that an oxide has at a potential [V against lithium]; None without a curve.

    Examples
    --------
    >>> charged_content(Material.load("NMC811")), charged_content(Material.load("LiCoO2"), 3.9)
    (0.21, 0.77)
    """
    found = (claim for claim in material.claims if claim.property == "open_circuit_voltage" and claim.default)
    curve = next((claim.value for claim in found), None)
    if not isinstance(curve, Curve):
        return None
    low, high = curve.range or (0.0, 1.0)
    contents = np.linspace(low, high, GRID)
    # The curve falls with the content: the lowest content whose potential is not above.
    reached = contents[np.asarray(curve(contents)) <= potential]
    return decimals(float(reached[0]) if len(reached) else high, 2)


def decimals(value: float, digits: int) -> float:
    """Round to a number of decimals; a hair away from zero first, so that exact halves do not fall either way."""
    return round(value * (1 + 1e-9), digits) + 0.0


def significant(value: float, digits: int) -> float:
    """Round to a number of significant digits, halves as in :func:`decimals`."""
    return float(f"{value * (1 + 1e-9):.{digits}g}") + 0.0
