"""Reaction of two materials where they meet: energy against mixing ratio, products, and what the products are.

Mixtures of two compositions are taken at the hull, as Richards et al. (2016) and Xiao et al. (2019) do; with a voltage
the mixture exchanges lithium with a reservoir. Reactants count at the hull too, so that the energy is that of their
reaction with each other. Leaves out: rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.thermodynamics.composition import Composition, Substance, parse, resolve
from lisse.thermodynamics.electronic import conducts_electrons, interphase_type
from lisse.thermodynamics.hull import PIVOT, Basis, System, present, system_of, walk_mixing
from lisse.thermodynamics.table import SCHEMES, Scheme, table
from lisse.thermodynamics.volumes import reaction_volume, unknown_because
from lisse.thermodynamics.windows import check_voltage

REACTS = 5e-4
"""Energy per atom below which two materials are taken not to react [eV]."""


@dataclass(frozen=True)
class Kink:
    """A mixture at which the products change.

    Attributes
    ----------
    fraction
        Atomic fraction of the second material, lithium from the reservoir not counted.
    energy
        Reaction energy [eV per atom of the mixture].
    products
        Formula and formula units per atom of the mixture.
    """

    fraction: float
    energy: float
    products: Mapping[str, float]


@dataclass(frozen=True)
class Reaction:
    """Reaction of two materials in one scheme.

    Attributes
    ----------
    first, second
        The materials.
    scheme
        Corrections of the energies.
    voltage
        Of the reservoir of lithium [V]; None where nothing is exchanged.
    kinks
        From the first material (fraction 0) to the second (1).
    own_energies
        What each does alone with the reservoir [eV/atom], not positive; 0 without one.
    """

    first: Substance
    second: Substance
    scheme: Scheme
    voltage: float | None
    kinks: tuple[Kink, ...]
    own_energies: tuple[float, float]

    @property
    def strongest(self) -> Kink:
        """The mixture that reacts with the most energy."""
        return min(self.kinks, key=lambda kink: kink.energy)

    @property
    def energy(self) -> float:
        """Lowest reaction energy [eV/atom], the materials' own decomposition at the voltage included."""
        return self.strongest.energy

    @property
    def mutual_energy(self) -> float:
        """Lowest energy of the reaction with each other, their own decomposition taken off [eV/atom]."""
        return min(
            kink.energy - (1 - kink.fraction) * self.own_energies[0] - kink.fraction * self.own_energies[1]
            for kink in self.kinks
        )

    @property
    def reacts(self) -> bool:
        """Whether the reaction gives more than :data:`REACTS`."""
        return self.energy < -REACTS

    @property
    def products(self) -> Mapping[str, float]:
        """Formula units per atom of the mixture where it reacts the most."""
        return self.strongest.products

    @property
    def conductors(self) -> dict[str, str]:
        """Products that conduct electrons, with what they are."""
        found = {formula: conducts_electrons(formula) for formula in self.products if self._is_made(formula)}
        return {formula: why for formula, why in found.items() if why is not None}

    @property
    def type(self) -> int:
        """Type of the interface: 1 no reaction, 2 a product conducts electrons, 3 none does."""
        return interphase_type([formula for formula in self.products if self._is_made(formula)], self.reacts)

    def _is_made(self, formula: str) -> bool:
        """Whether a product is not one of the reactants."""
        product = parse(formula)
        return not (product.is_same(self.first.composition) or product.is_same(self.second.composition))

    def reactants(self) -> dict[str, float]:
        """Return formula units of the two materials, and of lithium taken up, per atom of the strongest mixture."""
        kink = self.strongest
        shares = (1 - kink.fraction, self.first.composition), (kink.fraction, self.second.composition)
        found = {part.formula: share / part.atoms for share, part in shares if share > 0}
        if self.voltage is not None:
            made = sum(count * parse(formula).amounts.get("Li", 0.0) for formula, count in kink.products.items())
            had = sum(share * part.fractions.get("Li", 0.0) for share, part in shares)
            found["Li"] = found.get("Li", 0.0) + made - had
        return found

    def volume_change(self) -> tuple[float | None, list[str]]:
        """Return the relative change of volume of the reacting solids, and the phases whose volume is not known."""
        made, used = dict(self.products), self.reactants()
        lithium = used.pop("Li", 0.0) if self.voltage is not None else 0.0
        if lithium > 0 and self.voltage == 0:
            used["Li"] = lithium
        return reaction_volume(used, made)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        change, missing = self.volume_change() if self.reacts else (0.0, [])
        return {
            "reaction_energy_meV_atom": 1e3 * self.energy,
            "mutual_energy_meV_atom": 1e3 * self.mutual_energy,
            "mixing_fraction": self.strongest.fraction,
            "products": list(self.products),
            "amounts_per_atom": dict(self.products),
            "electronic_conductors": self.conductors,
            "interphase_type": self.type,
            "volume_change": change,
            "volume_unknown_of": {formula: unknown_because(formula) for formula in missing},
            "kinks": [
                {
                    "mixing_fraction": kink.fraction,
                    "reaction_energy_meV_atom": 1e3 * kink.energy,
                    "products": list(kink.products),
                }
                for kink in self.kinks
            ],
        }


def reaction(
    first: str | Substance,
    second: str | Substance,
    scheme: Scheme = "uncorrected_S",
    *,
    voltage: float | None = None,
    polyanion: bool = False,
    phases: Path | None = None,
) -> Reaction:
    """Let two materials react.

    Parameters
    ----------
    first, second
        Formula, library name (with ``@x`` for a lithium content) or mixture.
    scheme
        Corrections of the energies.
    voltage
        Of lithium that both exchange, 0 to 8 V; a closed system without it.
    polyanion, phases
        As in :func:`lisse.thermodynamics.windows.window`.

    Raises
    ------
    InputError
        If a material cannot be read, both are the same, or the voltage is out of range.

    Examples
    --------
    LiCoO2 and Li3PS4 in the legacy scheme at 41 %: -406 meV/atom (interface_stability of the Mo group).

    >>> kink = min(reaction("LiCoO2", "Li3PS4", "legacy").kinks, key=lambda kink: abs(kink.fraction - 0.41))
    >>> round(1e3 * kink.energy), round(kink.fraction, 2), sorted(kink.products)
    (-402, 0.41, ['Co9S8', 'Li2S', 'Li2SO4', 'Li3PO4'])
    """
    one = resolve(first) if isinstance(first, str) else first
    two = resolve(second) if isinstance(second, str) else second
    if one.composition.is_same(two.composition):
        raise InputError(f"materials: {one.name} and {two.name} are the same composition; name two that differ.")
    if voltage is not None:
        check_voltage(voltage)
    opened = () if voltage is None else (Composition({"Li": 1.0}),)
    system = system_of(table(scheme, polyanion, phases), one.composition, two.composition, *opened)
    rows, inside, costs = _balances(system, voltage)
    start = [int(np.flatnonzero(inside == row)[0]) for row in rows]
    columns = system.columns[rows][:, inside]
    ends = system.vector(one.composition), system.vector(two.composition)
    reference = [_hull(system, end) + (0.0 if voltage is None else voltage * _lithium(system, end)) for end in ends]
    kinks = tuple(
        _kink(system, basis, inside, fraction, reference)
        for fraction, basis in walk_mixing(columns, costs, ends[0][rows], ends[1][rows], start)
    )
    return Reaction(one, two, scheme, voltage, kinks, (kinks[0].energy, kinks[-1].energy))


def _balances(system: System, voltage: float | None) -> tuple[list[int], NDArray[np.int64], NDArray[np.float64]]:
    """Return the elements that are conserved, the phases that hold any of them, and what those cost."""
    if voltage is None:
        return list(range(len(system.elements))), np.arange(len(system.formulas)), system.energies
    place = system.elements.index("Li")
    rows = [row for row in range(len(system.elements)) if row != place]
    inside = np.flatnonzero(system.columns[rows].sum(axis=0) > PIVOT)
    return rows, inside, system.energies[inside] + voltage * system.columns[place, inside]


def _lithium(system: System, fractions: NDArray[np.float64]) -> float:
    return float(fractions[system.elements.index("Li")])


def _hull(system: System, fractions: NDArray[np.float64]) -> float:
    return Basis(system.columns, system.energies, fractions, list(range(len(system.elements)))).cost


def _kink(system: System, basis: Basis, inside: NDArray[np.int64], fraction: float, reference: list[float]) -> Kink:
    energy = basis.cost - (1 - fraction) * reference[0] - fraction * reference[1]
    products = {formula: atoms / parse(formula).atoms for formula, atoms in present(system, basis, inside).items()}
    return Kink(fraction, energy, products)


def reactions(first: str | Substance, second: str | Substance, **options: Any) -> dict[Scheme, Reaction]:
    """Return the reaction in both schemes."""
    return {scheme: reaction(first, second, scheme, **options) for scheme in SCHEMES}
