"""Computations of the targets on windows, ladders, interface reactions and the energies behind them.

Units are those of the targets (V against lithium, eV, meV/atom). Leaves out: what is measured; the hull knows no rates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import numpy as np

from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.hull import system_of, walk_voltage
from lisse.thermodynamics.interface import Kink, reaction
from lisse.thermodynamics.table import Scheme, rows, table
from lisse.thermodynamics.windows import HIGHEST_VOLTAGE, window
from lisse.validation.computations import computation

Edge = Literal["reduction", "oxidation"]


def share_of(found: Iterable[str], expected: Iterable[str]) -> float:
    """Return the phases that two lists have in common over all that either has [-]; 1 where they are the same.

    Examples
    --------
    >>> share_of(["Li2S", "P", "ClLi"], ["LiCl", "Li2S", "P"]), share_of(["Li2S", "P"], ["Li2S", "LiP7"])
    (1.0, 0.3333333333333333)
    """
    one, two = ({parse(formula).reduced for formula in formulas} for formulas in (found, expected))
    return len(one & two) / len(one | two)


# Windows and ladders


@computation
def window_edge(material: str, edge: Edge, scheme: Scheme = "uncorrected_S") -> float:
    """Reduction or oxidation potential of a material [V]."""
    found = window(material, scheme)
    return found.reduction if edge == "reduction" else found.oxidation


@computation
def window_products(material: str, edge: Edge, phases: list[str], scheme: Scheme = "uncorrected_S") -> float:
    """Agreement of the products just outside of an edge of the window with a list [-], see :func:`share_of`."""
    found = window(material, scheme)
    return share_of(found.reduction_products if edge == "reduction" else found.oxidation_products, phases)


@computation
def ladder_voltage(material: str, step: int, scheme: Scheme = "uncorrected_S") -> float:
    """Voltage at which a step of the ladder begins [V]; step 0 begins at 0 V."""
    return window(material, scheme).ladder[step].lower


@computation
def ladder_phases(material: str, step: int, phases: list[str], scheme: Scheme = "uncorrected_S") -> float:
    """Agreement of the phases of a step of the ladder with a list [-], see :func:`share_of`."""
    return share_of(window(material, scheme).ladder[step].phases, phases)


@computation
def ladder_voltage_with_artefacts(material: str, step: int) -> float:
    """Voltage of a step of the ladder [V] where phases known to be artefacts are kept, MP2020 corrections."""
    everything = table("legacy")
    energies = np.array([row.energies["mp2020"] for row in rows()])
    composition = parse(material)
    system = system_of(replace(everything, scheme="mp2020", energies=energies), composition)
    return list(walk_voltage(system, composition, HIGHEST_VOLTAGE))[step].lower


@computation
def decomposition_energy(material: str, voltage: float, scheme: Scheme = "uncorrected_S") -> float:
    """Energy of decomposition at a voltage [eV per atom of the material]."""
    return window(material, scheme).decomposition_energy(voltage)


@computation
def energy_above_hull(material: str, scheme: Scheme = "uncorrected_S") -> float:
    """Energy of a phase above the hull [meV/atom]."""
    above = window(material, scheme).above_hull
    if above is None:
        raise ValueError(f"{material} has no energy of its own")
    return 1e3 * above


# Interfaces


@computation
def reaction_minimum(first: str, second: str, scheme: Scheme = "uncorrected_S", polyanion: bool = False) -> float:
    """Lowest reaction energy of two materials [meV per atom of the mixture]."""
    return 1e3 * reaction(first, second, scheme, polyanion=polyanion).energy


@computation
def reaction_products(
    first: str, second: str, phases: list[str], scheme: Scheme = "uncorrected_S", polyanion: bool = False
) -> float:
    """Agreement of the products at the lowest reaction energy with a list [-], see :func:`share_of`."""
    return share_of(reaction(first, second, scheme, polyanion=polyanion).products, phases)


@computation
def product_amount(first: str, second: str, phase: str, scheme: Scheme, polyanion: bool = False) -> float:
    """Formula units of one product per atom of the mixture at the lowest reaction energy [-]."""
    products = reaction(first, second, scheme, polyanion=polyanion).products
    return sum(amount for formula, amount in products.items() if share_of([formula], [phase]) == 1)


def nearest_kink(first: str, second: str, fraction: float, scheme: Scheme) -> Kink:
    """Return the kink of a mixing line that lies nearest to an atomic fraction of the first material."""
    return min(reaction(first, second, scheme).kinks, key=lambda kink: abs(1 - kink.fraction - fraction))


@computation
def kink_fraction(first: str, second: str, fraction: float, scheme: Scheme = "legacy") -> float:
    """Atomic fraction of the first material at the kink nearest to a printed one [-]."""
    return 1 - nearest_kink(first, second, fraction, scheme).fraction


@computation
def kink_energy(first: str, second: str, fraction: float, scheme: Scheme = "legacy") -> float:
    """Reaction energy at the kink nearest to a printed fraction of the first material [meV/atom]."""
    return 1e3 * nearest_kink(first, second, fraction, scheme).energy


@computation
def kink_products(first: str, second: str, fraction: float, phases: list[str], scheme: Scheme = "legacy") -> float:
    """Agreement of the products at the kink nearest to a printed fraction with a list [-]."""
    return share_of(nearest_kink(first, second, fraction, scheme).products, phases)


# Energies


@computation
def computed_formation_energy(formula: str, scheme: Scheme) -> float:
    """Formation energy of a compound as the table has it, measured ones not put in [eV per formula unit]."""
    composition = parse(formula)
    found = next(row for row in rows() if parse(row.formula).reduced == composition.reduced)
    return found.energies[scheme] * composition.atoms
