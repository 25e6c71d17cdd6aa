"""What water does to sulfides at equilibrium, as a ranking: H2S and the driving force, beside hard and soft acids.

Measured Gibbs energies for water, H2S and LiOH, hulls of the table for all other solids, with the entropy of the oxygen
that they bind. Leaves out: rates, and with them what sets phosphorus sulfides apart in air; CO2; hydrates and
hydroxides other than LiOH, whose computed energies are as wrong as those of water.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lisse.errors import InputError
from lisse.materials.library import library
from lisse.thermodynamics.acids import framework, mean_hardness
from lisse.thermodynamics.composition import Composition, Substance, parse, resolve
from lisse.thermodynamics.facts import reason_against
from lisse.thermodynamics.hull import Basis, System, equilibrium, present, system_of
from lisse.thermodynamics.molecules import gibbs_energy
from lisse.thermodynamics.table import SCHEMES, Scheme, table, unlikely

RANKING = (
    "ranking only: the energies of the solids are wrong by 0.5 to 1 eV a PS4 unit, and no rate enters; within the "
    "sulfides of phosphorus the order in air is one of rates"
)
"""What every result says of itself."""
OXYGEN_ENTROPY = 0.3192
"""Entropy of half an O2 times 300 K [eV], from 205.33 J/mol/K (NIST-JANAF): oxides lose it, energies at 0 K do not."""
MEASURED = {"H2O": "liquid", "H2S": "gas", "LiOH": "solid"}
"""Compounds of hydrogen that may form, with the state whose measured Gibbs energy they have."""
EXCESS = 4.0
"""Water per sulfur: more than any sulfide takes up."""
FORBIDDEN = 10.0
"""Energy at which an element would form [eV/atom]: water turns sulfide into H2S and nothing into an element."""
ANIONS = frozenset({"O", "S", "F", "Cl", "Br", "I", "N"})
"""What every product has one of: nothing is reduced to a phosphide or an alloy."""
MADE = 1e-3
"""Atoms of such products per sulfur from which a sulfide cannot be turned without reducing something."""
KEPT = 1e-3
"""Share of sulfur that counts as kept."""
_WATER = Composition({"H": 2.0, "O": 1.0})


@dataclass(frozen=True)
class Hydrolysis:
    """One sulfide with water, in one scheme.

    Attributes
    ----------
    material
        The sulfide.
    scheme
        Corrections of the energies.
    energy
        Of the reaction that turns all sulfur into H2S at 1 bar [eV per H2S].
    products
        What it leaves, formula units per formula unit.
    sulfur_left
        Share of the sulfur that stays in solids at equilibrium with water and H2S at 1 bar.
    sulfides_left
        These solids.
    """

    material: Substance
    scheme: Scheme
    energy: float
    products: Mapping[str, float]
    sulfur_left: float
    sulfides_left: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "hydrolysis_energy_eV_H2S": self.energy,
            "products": list(self.products),
            "amounts": dict(self.products),
            "sulfur_left": self.sulfur_left,
            "sulfides_left": list(self.sulfides_left),
        }


def hydrolysis(
    material: str | Substance, scheme: Scheme = "mp2020", *, polyanion: bool = False, phases: Path | None = None
) -> Hydrolysis:
    """Let a sulfide react with all the water it can take.

    Parameters
    ----------
    material
        Name of the library, formula or mixture; it is taken at the hull.
    scheme
        Corrections of the energies; ``uncorrected_S`` makes every sulfide about 0.5 eV per sulfur less stable.
    polyanion
        Correct salts of oxo-anions.
    phases
        CSV file with phases of the user.

    Raises
    ------
    InputError
        If it holds no sulfur, or sulfur that is not sulfide, or elements that the table lacks.

    Examples
    --------
    >>> found = hydrolysis("Li3PS4")
    >>> dict(found.products), round(hydrolysis("Li4SnS4").energy - found.energy, 1)
    ({'Li3PO4': 1.0}, 0.9)
    """
    substance = resolve(material) if isinstance(material, str) else material
    composition = substance.composition
    sulfur = composition.amounts.get("S", 0.0)
    if not sulfur:
        raise InputError(f"material: {substance.name} holds no sulfur; name a sulfide.")
    if "H" in composition.elements:
        raise InputError(f"material: {substance.name} holds hydrogen, for which the table has no reliable energies.")
    energies = table(scheme, polyanion, phases)
    before, _ = equilibrium(system_of(energies, composition), composition)
    start = before * composition.atoms + OXYGEN_ENTROPY * composition.amounts.get("O", 0.0)
    full = _react(_system(system_of(energies, composition, _WATER), sulfides=False), composition, substance.name)
    held = _react(_system(system_of(energies, composition, _WATER), sulfides=True), composition, substance.name)
    left = {formula: count for formula, count in held.phases.items() if formula not in ("H2S", "H2O")}
    kept = sum(count * parse(formula).amounts.get("S", 0.0) for formula, count in left.items()) / sulfur
    return Hydrolysis(
        substance,
        scheme,
        (full.energy - start) / sulfur,
        {formula: round(count, 6) for formula, count in full.phases.items() if formula not in ("H2S", "H2O")},
        kept if kept > KEPT else 0.0,
        tuple(formula for formula in left if "S" in parse(formula).elements) if kept > KEPT else (),
    )


@dataclass(frozen=True)
class _State:
    """Energy [eV] and phases of a formula unit and its water, the energy of that water taken off."""

    energy: float
    phases: dict[str, float]


def _system(system: System, *, sulfides: bool) -> System:
    """Keep what may form: no elements, no oxo-anions of sulfur, of the compounds of hydrogen the measured ones."""
    count = len(system.elements)
    formulas = [parse(formula) for formula in system.formulas[count:]]
    measured = {parse(formula).reduced: gibbs_energy(formula) for formula in MEASURED}
    places, energies = list(range(count)), [FORBIDDEN] * count
    for place, composition in enumerate(formulas, count):
        elements, own = composition.elements, measured.get(composition.reduced)
        if own is not None:
            energy = own / composition.atoms
        elif "H" in elements or ("S" in elements and (not sulfides or "O" in elements)):
            continue
        else:
            energy = float(system.energies[place]) + OXYGEN_ENTROPY * composition.fractions.get("O", 0.0)
        places.append(place)
        energies.append(energy)
    kept = tuple(_spelt(system.formulas[place], place < count) for place in places)
    return System(system.elements, kept, system.columns[:, places], np.array(energies))


def _spelt(formula: str, element: bool) -> str:
    """Spell compounds of hydrogen as they are usually written."""
    if element:
        return formula
    return {parse(usual).reduced: usual for usual in MEASURED}.get(parse(formula).reduced, formula)


def _is_salt(composition: Composition) -> bool:
    """Whether a product is neither an element nor a phosphide or an alloy."""
    return len(composition.elements) > 1 and bool(composition.elements & ANIONS)


def _react(system: System, composition: Composition, name: str) -> _State:
    sulfur = composition.amounts["S"]
    water = EXCESS * sulfur
    amounts = dict(composition.amounts)
    for symbol, count in _WATER.amounts.items():
        amounts[symbol] = amounts.get(symbol, 0.0) + count * water
    whole = Composition(amounts)
    basis = Basis(system.columns, system.energies, system.vector(whole), list(range(len(system.elements))))
    found = {formula: share * whole.atoms / parse(formula).atoms for formula, share in present(system, basis).items()}
    reduced = {formula: count for formula, count in found.items() if not _is_salt(parse(formula))}
    if sum(count * parse(formula).atoms for formula, count in reduced.items()) > MADE * sulfur:
        raise InputError(
            f"material: water alone does not turn {name} into oxides and H2S, since its charges do not balance with "
            "sulfide; name a sulfide."
        )
    phases = {formula: count for formula, count in found.items() if formula not in reduced}
    return _State(basis.cost * whole.atoms - water * gibbs_energy("H2O"), phases)


@dataclass(frozen=True)
class AirRow:
    """One sulfide in the ranking.

    Attributes
    ----------
    material
        The sulfide.
    results
        Hydrolysis by scheme.
    cations
        Cations other than lithium, the hardest first.
    hardness
        Their mean hardness [eV].
    oxygen_share
        Share of oxygen among oxygen and sulfur.
    rate
        Rate of hydrolysis that the library assumes [kg/m^2/s]; None without one.
    """

    material: Substance
    results: Mapping[Scheme, Hydrolysis]
    cations: tuple[str, ...]
    hardness: float
    oxygen_share: float
    rate: float | None

    @property
    def softness_key(self) -> tuple[float, float]:
        """What the order of hard and soft acids sorts by: softer cations first, then more oxygen."""
        return round(self.hardness, 1), -round(self.oxygen_share, 3)


@dataclass(frozen=True)
class AirRanking:
    """Sulfides from the one that water attacks least, in both schemes.

    Attributes
    ----------
    rows
        The sulfides, as ``mp2020`` ranks them.
    left_out
        Name of what could not be compared, with the reason.
    polyanion
        Whether salts of oxo-anions are corrected.
    phases
        CSV file with phases of the user.
    """

    rows: tuple[AirRow, ...]
    left_out: Mapping[str, str]
    polyanion: bool
    phases: Path | None

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings about the phases of the user."""
        return () if self.phases is None else unlikely(self.phases)

    def order(self, scheme: Scheme) -> list[str]:
        """Names, the most stable first."""
        return list(self.places(scheme))

    def places(self, scheme: Scheme) -> dict[str, int]:
        """Rank by name, the most stable first; what differs by less than 1 meV per H2S shares a rank."""
        energies = {row.material.name: round(row.results[scheme].energy, 3) for row in self.rows}
        falling = sorted(energies.values(), reverse=True)
        return {name: falling.index(energies[name]) + 1 for name in sorted(energies, key=lambda name: -energies[name])}

    def softness_order(self) -> dict[str, int]:
        """Rank by hard and soft acids; what it cannot tell apart shares a rank."""
        keys = sorted(row.softness_key for row in self.rows)
        return {row.material.name: keys.index(row.softness_key) + 1 for row in self.rows}

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        soft = self.softness_order()
        return {
            "ranking_only": RANKING,
            "schemes": {scheme: self._scheme(scheme) for scheme in SCHEMES},
            "hard_soft": [
                {
                    "name": row.material.name,
                    "rank": soft[row.material.name],
                    "cations": list(row.cations),
                    "hardness_eV": row.hardness,
                    "oxygen_share": row.oxygen_share,
                    "library_rate_kg_m2_s": row.rate,
                }
                for row in sorted(self.rows, key=lambda row: row.softness_key)
            ],
            "left_out": dict(self.left_out),
            "polyanion": self.polyanion,
            "phases": None if self.phases is None else str(self.phases),
            "notes": list(self.notes),
        }

    def _scheme(self, scheme: Scheme) -> list[dict[str, Any]]:
        by_name = {row.material.name: row for row in self.rows}
        return [
            {"rank": place, "name": name, **by_name[name].results[scheme].as_dict()}
            for name, place in self.places(scheme).items()
        ]


def rank_in_air(materials: Iterable[str] = (), *, polyanion: bool = False, phases: Path | None = None) -> AirRanking:
    """Rank sulfides by the energy of their reaction with water.

    Parameters
    ----------
    materials
        Names, formulas or mixtures; the library's sulfides, one a formula, without any.
    polyanion
        Correct salts of oxo-anions.
    phases
        CSV file with phases of the user.

    Raises
    ------
    InputError
        If a named material cannot be ranked.

    Examples
    --------
    >>> rank_in_air(["Li3PS4", "Li4SnS4", "Li10SnP2S12"]).order("mp2020")
    ['Li4SnS4', 'Li10SnP2S12', 'Li3PS4']
    """
    named = list(materials)
    substances, left_out = ([resolve(name) for name in named], {}) if named else _library_sulfides()
    rows = [_row(substance, polyanion, phases) for substance in substances]
    ranked = sorted(rows, key=lambda row: -row.results["mp2020"].energy)
    return AirRanking(tuple(ranked), left_out, polyanion, phases)


def _row(substance: Substance, polyanion: bool, phases: Path | None) -> AirRow:
    results: dict[Scheme, Hydrolysis] = {
        scheme: hydrolysis(substance, scheme, polyanion=polyanion, phases=phases) for scheme in SCHEMES
    }
    composition = substance.composition
    oxygen, sulfur = composition.amounts.get("O", 0.0), composition.amounts["S"]
    material = substance.material
    claims = () if material is None else material.claims
    rate = next((claim.value for claim in claims if claim.default and claim.property == "hydrolysis_rate"), None)
    return AirRow(
        substance,
        results,
        tuple(acid.name for acid in framework(composition)),
        mean_hardness(composition),
        oxygen / (oxygen + sulfur),
        rate if isinstance(rate, float) else None,
    )


def _library_sulfides() -> tuple[list[Substance], dict[str, str]]:
    found: list[Substance] = []
    left_out: dict[str, str] = {}
    for material in sorted((m for m in library().values() if m.kind == "electrolyte"), key=lambda m: m.name):
        if (reason := reason_against(material.formula)) is not None:
            left_out[material.name] = reason
            continue
        substance = resolve(material.name)
        if "S" not in substance.composition.elements:
            left_out[material.name] = "holds no sulfur"
        elif (same := _same(substance, found)) is not None:
            left_out[material.name] = f"same composition as {same}"
        else:
            found.append(substance)
    return found, left_out


def _same(substance: Substance, others: Iterable[Substance]) -> str | None:
    return next((other.name for other in others if other.composition.is_same(substance.composition)), None)
