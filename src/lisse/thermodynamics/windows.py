"""Stability windows: what a material turns into while lithium is taken from it or given to it, by voltage.

The window is the range of voltages against lithium over which the equilibrium of the composition exchanges no lithium
(Richards et al. 2016; Zhu, He and Mo 2015). A composition without an energy of its own is taken at the hull. Leaves
out: kinetics, which make real windows wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.thermodynamics.composition import Composition, Substance, parse, resolve
from lisse.thermodynamics.hull import equilibrium, system_of, walk_voltage
from lisse.thermodynamics.table import SCHEMES, Scheme, table

HIGHEST_VOLTAGE = 8.0
"""Voltage up to which the ladder is walked [V]; nothing that conducts lithium lasts longer."""
NO_EXCHANGE = 1e-5
"""Lithium per atom below which nothing is exchanged."""


@dataclass(frozen=True)
class Step:
    """One rung of the ladder.

    Attributes
    ----------
    lower, upper
        Voltages between which the phases live beside each other [V].
    phases
        Formula and number of formula units per formula unit of the material.
    lithium_uptake
        Lithium taken up per formula unit of the material, negative where it is given away.
    energy
        Formation energy of the phases [eV per formula unit of the material].
    """

    lower: float
    upper: float
    phases: Mapping[str, float]
    lithium_uptake: float
    energy: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "voltage_V": self.lower,
            "upper_voltage_V": self.upper,
            "phases": list(self.phases),
            "amounts": dict(self.phases),
            "lithium_uptake": self.lithium_uptake,
        }


@dataclass(frozen=True)
class Window:
    """Window and ladder of one material in one scheme.

    Attributes
    ----------
    composition
        Its composition.
    scheme
        Name of the scheme.
    reduction, oxidation
        Edges of the window [V against lithium].
    ladder
        Steps from 0 V up.
    energy
        Energy that decomposition is counted from [eV/atom].
    above_hull
        Energy of the phase above the hull [eV/atom]; None where the table has no energy of its own.
    hull_energy
        Energy of the hull at the composition [eV/atom].
    """

    composition: Composition
    scheme: Scheme
    reduction: float
    oxidation: float
    ladder: tuple[Step, ...]
    energy: float
    above_hull: float | None
    hull_energy: float

    def step_at(self, voltage: float) -> Step:
        """Return the step of the ladder at a voltage; at an edge the upper one.

        Raises
        ------
        InputError
            If the voltage is outside of 0 to :data:`HIGHEST_VOLTAGE`.
        """
        check_voltage(voltage)
        return next((step for step in reversed(self.ladder) if step.lower <= voltage), self.ladder[0])

    @property
    def reduction_products(self) -> Mapping[str, float]:
        """Phases just below the window; those of the window where it reaches down to lithium."""
        below = [step for step in self.ladder if step.upper <= self.reduction + 1e-9]
        return (below[-1] if below else self.ladder[0]).phases

    @property
    def oxidation_products(self) -> Mapping[str, float]:
        """Phases just above the window; those of the window where it has no upper end."""
        above = [step for step in self.ladder if step.lower >= self.oxidation - 1e-9]
        return (above[0] if above else self.ladder[-1]).phases

    def decomposition_energy(self, voltage: float) -> float:
        """Energy that decomposition at a voltage sets free, as a negative number [eV per atom of the material].

        Examples
        --------
        Zhu, He and Mo (2015) print -0.96 eV/atom for Li6PS5Cl at 0 V:

        >>> round(window("Li6PS5Cl").decomposition_energy(0.0), 2)
        -0.96
        """
        step = self.step_at(voltage)
        atoms = self.composition.atoms
        return (step.energy + voltage * step.lithium_uptake) / atoms - self.energy

    def as_dict(self, voltages: Iterable[float] = (0.0, 5.0)) -> dict[str, Any]:
        """Return plain JSON types, with the decomposition energy at some voltages [V].

        Examples
        --------
        >>> window("Li2S").as_dict()["decomposition_energy_eV_atom"]["0"]
        0.0
        """
        return {
            "reduction_V": self.reduction,
            "oxidation_V": self.oxidation,
            "is_oxidised": self.oxidation < HIGHEST_VOLTAGE,
            "reduction_products": list(self.reduction_products),
            "oxidation_products": list(self.oxidation_products),
            "above_hull_meV_atom": None if self.above_hull is None else 1e3 * self.above_hull,
            "decomposition_energy_eV_atom": {f"{at:g}": self.decomposition_energy(at) for at in voltages},
            "ladder": [step.as_dict() for step in self.ladder],
        }


def check_voltage(voltage: float) -> None:
    """Refuse a voltage outside of the ladder.

    Raises
    ------
    InputError
        If it is.
    """
    if not 0 <= voltage <= HIGHEST_VOLTAGE:
        raise InputError(f"voltage: {voltage:g} V against lithium is out of range; write 0 to {HIGHEST_VOLTAGE:g} V.")


def window(
    material: str | Substance | Composition,
    scheme: Scheme = "uncorrected_S",
    *,
    polyanion: bool = False,
    phases: Path | None = None,
) -> Window:
    """Compute the window of a material.

    Parameters
    ----------
    material
        Formula, library name, mixture, or composition; it must hold lithium or something that takes lithium up.
    scheme
        Corrections of the energies.
    polyanion
        Correct salts of oxo-anions.
    phases
        CSV file with phases of the user.

    Raises
    ------
    InputError
        If the material cannot be read, or the table does not cover it.

    Examples
    --------
    >>> found = window("Li6PS5Cl")
    >>> round(found.reduction, 2), round(found.oxidation, 2), sorted(found.reduction_products)
    (1.72, 2.01, ['Li2S', 'LiCl', 'P'])
    """
    composition = composition_of(material)
    return _window(_scaled(composition), scheme, polyanion, phases)


def composition_of(material: str | Substance | Composition) -> Composition:
    """Return the composition of what is named."""
    if isinstance(material, Composition):
        return material
    return material.composition if isinstance(material, Substance) else resolve(material).composition


def _scaled(composition: Composition) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(composition.amounts.items()))


@lru_cache(maxsize=1024)
def _window(amounts: tuple[tuple[str, float], ...], scheme: Scheme, polyanion: bool, phases: Path | None) -> Window:
    composition = Composition(dict(amounts))
    if composition.elements == {"Li"}:
        raise InputError("material: lithium has no window against itself; name something that it meets.")
    energies = table(scheme, polyanion, phases)
    system = system_of(energies, composition, Composition({"Li": 1.0}))
    hull_energy, _ = equilibrium(system, composition)
    own = energies.own_energy(composition)
    atoms, held = composition.atoms, composition.amounts.get("Li", 0.0)
    ladder = tuple(
        Step(rung.lower, rung.upper, _units(rung.phases, composition), rung.lithium * atoms - held, rung.energy * atoms)
        for rung in walk_voltage(system, composition, HIGHEST_VOLTAGE)
    )
    reduction, oxidation = _edges(ladder, atoms)
    above = None if own is None else own - hull_energy
    energy = hull_energy if own is None else own
    return Window(composition, scheme, reduction, oxidation, ladder, energy, above, hull_energy)


def _units(found: Mapping[str, float], composition: Composition) -> dict[str, float]:
    """Turn atoms per atom of the material into formula units per formula unit."""
    return {formula: amount * composition.atoms / parse(formula).atoms for formula, amount in found.items()}


def _edges(ladder: tuple[Step, ...], atoms: float) -> tuple[float, float]:
    """Return the voltages between which no lithium is exchanged; twice the same where it changes sign at once."""
    still = [step for step in ladder if abs(step.lithium_uptake) < NO_EXCHANGE * atoms]
    if still:
        return still[0].lower, still[-1].upper
    turning = next((step.lower for step in ladder if step.lithium_uptake < 0), HIGHEST_VOLTAGE)
    return turning, turning


def windows(material: str | Substance | Composition, **options: Any) -> dict[Scheme, Window]:
    """Return the window in both schemes."""
    return {scheme: window(material, scheme, **options) for scheme in SCHEMES}


def band(found: Mapping[Scheme, Window]) -> dict[str, tuple[float, float]]:
    """Return the lowest and the highest value of both edges over some schemes [V], as ``reduction_V``, ``oxidation_V``.

    Examples
    --------
    >>> [round(edge, 2) for edge in band(windows("Li2S"))["oxidation_V"]]
    [2.01, 2.26]
    """
    lower, upper = [one.reduction for one in found.values()], [one.oxidation for one in found.values()]
    return {"reduction_V": (min(lower), max(lower)), "oxidation_V": (min(upper), max(upper))}
