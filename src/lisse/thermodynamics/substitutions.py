"""Electrolytes with some elements exchanged for others, against the one they come from.

By window, water, lithium and oxide, all at equilibrium. Leaves out: conductivity, and everything that is rate, such as
the film that lets an iodide outlast its window.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from lisse.citations import Source
from lisse.errors import InputError
from lisse.thermodynamics.coatings import Options, check_oxide, oxide_states
from lisse.thermodynamics.composition import Substance, resolve
from lisse.thermodynamics.electronic import conducts_electrons, interphase_type
from lisse.thermodynamics.facts import CHARGED_POTENTIAL
from lisse.thermodynamics.hydrolysis import hydrolysis
from lisse.thermodynamics.interface import reaction
from lisse.thermodynamics.table import SCHEMES, Scheme, unlikely
from lisse.thermodynamics.windows import NO_EXCHANGE, window

QUANTITIES = (
    "reduction_V",
    "oxidation_V",
    "hydrolysis_energy_eV_H2S",
    "lithium_energy_eV_atom",
    "discharged_energy_meV_atom",
    "charged_energy_meV_atom",
)
"""What is compared; a remedy lowers the first and raises the others."""


@dataclass(frozen=True)
class Substitution:
    """An electrolyte and the one it comes from.

    Attributes
    ----------
    parent, material
        Names of the library, or formulas.
    exchange
        What is put in for what, in words.
    source
        Where it is described.
    """

    parent: str
    material: str
    exchange: str
    source: Source


@lru_cache(maxsize=1)
def known_substitutions() -> tuple[Substitution, ...]:
    """Return the substitutions that lisse knows.

    Examples
    --------
    >>> [row.exchange for row in known_substitutions() if row.parent == "Li6PS5Br"]
    ['O for S', 'Zn for Li, O for S']
    """
    path = resources.files("lisse.thermodynamics").joinpath("data/substitutions.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {key: Source(**row) for key, row in data["sources"].items()}
    return tuple(
        Substitution(row["parent"], row["material"], row["exchange"], sources[row["source"]])
        for row in data["substitutions"]
    )


@dataclass(frozen=True)
class Traits:
    """What is compared of one electrolyte in one scheme.

    Attributes
    ----------
    values
        Numbers by the names of :data:`QUANTITIES`; None where the oxide has one state only.
    lithium_type
        Type of the interphase with lithium metal.
    lithium_conductors
        Its products that conduct electrons.
    """

    values: Mapping[str, float | None]
    lithium_type: int
    lithium_conductors: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A substitution with the traits of both electrolytes, in both schemes."""

    substitution: Substitution
    parent: Mapping[Scheme, Traits]
    material: Mapping[Scheme, Traits]

    def change(self, quantity: str, scheme: Scheme) -> float | None:
        """Return what the substitution changes."""
        before, after = self.parent[scheme].values[quantity], self.material[scheme].values[quantity]
        return None if before is None or after is None else after - before

    def as_dict(self, scheme: Scheme) -> dict[str, Any]:
        """Return plain JSON types."""
        own = self.material[scheme]
        return {
            "parent": self.substitution.parent,
            "material": self.substitution.material,
            "exchange": self.substitution.exchange,
            "source": self.substitution.source.citation,
            **own.values,
            "lithium_interphase_type": own.lithium_type,
            "lithium_electronic_conductors": list(own.lithium_conductors),
            "change": {quantity: self.change(quantity, scheme) for quantity in QUANTITIES},
        }


@dataclass(frozen=True)
class Comparisons:
    """All substitutions against one oxide."""

    oxide: Substance
    states: Mapping[str, Substance]
    rows: tuple[Comparison, ...]
    options: Options

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings about the phases of the user."""
        return () if self.options.phases is None else unlikely(self.options.phases)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        parents = {row.substitution.parent: row.parent for row in self.rows}
        return {
            "cathode": self.oxide.name,
            "states": {name: state.composition.formula for name, state in self.states.items()},
            "schemes": {
                scheme: {
                    "parents": [
                        {
                            "material": name,
                            **traits[scheme].values,
                            "lithium_interphase_type": traits[scheme].lithium_type,
                            "lithium_electronic_conductors": list(traits[scheme].lithium_conductors),
                        }
                        for name, traits in parents.items()
                    ],
                    "substitutions": [row.as_dict(scheme) for row in self.rows],
                }
                for scheme in SCHEMES
            },
            "polyanion": self.options.polyanion,
            "phases": None if self.options.phases is None else str(self.options.phases),
            "notes": list(self.notes),
        }


def compare_substitutions(
    cathode: str = "NMC811",
    pairs: Iterable[tuple[str, str]] = (),
    *,
    charged: float | None = None,
    options: Options | None = None,
) -> Comparisons:
    """Compare electrolytes with those they come from.

    Parameters
    ----------
    cathode
        Oxide that they touch.
    pairs
        Parent and material of more substitutions.
    charged
        Lithium per formula unit of the charged oxide; see :func:`lisse.thermodynamics.coatings.rank`.
    options
        Choices that hold for all reactions.

    Raises
    ------
    InputError
        If a material cannot be read, is not covered by the table, or is no sulfide.

    Examples
    --------
    Tin in place of germanium makes Li10GeP2S12 harder to hydrolyse:

    >>> rows = {row.substitution.exchange: row for row in compare_substitutions("LiCoO2").rows}
    >>> rows["Sn for Ge"].change("hydrolysis_energy_eV_H2S", "mp2020") > 0.02
    True
    """
    choice = options or Options()
    oxide = resolve(cathode)
    if oxide.composition.elements == {"Li"}:
        raise InputError("cathode: lithium metal is no cathode, and stands in the comparison anyway; name an oxide.")
    check_oxide(oxide)
    states = oxide_states(oxide, charged, CHARGED_POTENTIAL)
    asked = [
        Substitution(parent, material, "asked for", Source(citation="lisse assumption: named by the user"))
        for parent, material in pairs
    ]
    known: dict[str, dict[Scheme, Traits]] = {}

    def traits(name: str) -> dict[Scheme, Traits]:
        if name not in known:
            known[name] = {scheme: _traits(resolve(name), states, scheme, choice) for scheme in SCHEMES}
        return known[name]

    rows = [Comparison(row, traits(row.parent), traits(row.material)) for row in (*known_substitutions(), *asked)]
    return Comparisons(oxide, states, tuple(rows), choice)


def _traits(electrolyte: Substance, states: Mapping[str, Substance], scheme: Scheme, options: Options) -> Traits:
    more: dict[str, Any] = {"polyanion": options.polyanion, "phases": options.phases}
    found = window(electrolyte, scheme, **more)
    # Beside lithium metal there is always more of it: the lowest rung of the ladder, not the strongest mixture.
    beside = found.ladder[0]
    lithium = beside.energy / found.composition.atoms - found.hull_energy
    type_ = interphase_type(list(beside.phases), beside.lithium_uptake > NO_EXCHANGE * found.composition.atoms)
    energies = {name: 1e3 * reaction(electrolyte, state, scheme, **more).energy for name, state in states.items()}
    values = {
        "reduction_V": found.reduction,
        "oxidation_V": found.oxidation,
        "hydrolysis_energy_eV_H2S": hydrolysis(electrolyte, scheme, **more).energy,
        "lithium_energy_eV_atom": lithium,
        "discharged_energy_meV_atom": energies.get("discharged", energies.get("as named")),
        "charged_energy_meV_atom": energies.get("charged"),
    }
    conductors = (formula for formula in beside.phases if conducts_electrons(formula) and formula != "Li")
    return Traits(values, type_, tuple(conductors))
