"""What ``lisse window`` says of a material: windows in several schemes beside what is known of it from elsewhere.

And what ``lisse interface`` says of two. Brings together the hull (``lisse.thermodynamics``), confinement
(``lisse.separator``) and the claims of the library. Leaves out: rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.materials.library import library
from lisse.materials.thermodynamic_claims import PREFIX
from lisse.separator.decomposition_volume import HIGHEST_MODULUS, ConfinedWindow, by_claims, confined_window
from lisse.thermodynamics.composition import Substance, parse, resolve
from lisse.thermodynamics.electronic import conducts_electrons, interphase_type
from lisse.thermodynamics.facts import reason_against
from lisse.thermodynamics.interface import REACTS, Reaction, reactions
from lisse.thermodynamics.kinetic_windows import KineticWindow, kinetic_windows, published_decompositions
from lisse.thermodynamics.table import SCHEMES, Scheme, missing_pairs, table, unlikely
from lisse.thermodynamics.windows import HIGHEST_VOLTAGE, Step, Window, band, check_voltage, window

BINARIES = ("LiF", "LiCl", "LiBr", "LiI", "Li2O", "Li2S", "Li3N", "Li3P")
"""Binary compounds of lithium that the overview shows beside the library."""
ENDS = (0.0, 5.0)
"""Voltages at which the decomposition energy is always given [V]."""
EDGES = ("reduction_potential", "oxidation_potential")
AT_HULL = (
    "the table has no energy of this composition itself; it is taken at the hull, as a mixture of the phases there"
)
"""What is said of a composition without an energy of its own."""
NO_WINDOW = "the equilibrium of this composition exchanges lithium at every voltage: there is no window"


@dataclass(frozen=True)
class Stability:
    """Stability of one material.

    Attributes
    ----------
    substance
        What was named.
    windows
        Window by scheme.
    voltages
        Voltages of the decomposition energies [V].
    kinetic, published
        Windows that papers give for it: kinetic ones, and those that others computed.
    confinement
        Modulus [Pa]; None without.
    polyanion
        Whether salts of oxo-anions were corrected.
    phases
        Table of the user.
    """

    substance: Substance
    windows: Mapping[Scheme, Window]
    voltages: tuple[float, ...]
    kinetic: tuple[KineticWindow, ...]
    published: tuple[KineticWindow, ...]
    confinement: float | None = None
    polyanion: bool = False
    phases: Path | None = None

    @property
    def at_hull(self) -> bool:
        """Whether the table has no energy of the composition itself."""
        return any(found.above_hull is None for found in self.windows.values())

    def confined(self) -> dict[Scheme, ConfinedWindow]:
        """Return the window under confinement by scheme; empty without confinement."""
        if self.confinement is None:
            return {}
        return {
            scheme: confined_window(self.substance, found, self.confinement) for scheme, found in self.windows.items()
        }

    def claims(self) -> list[dict[str, Any]]:
        """Return the claims of the library on the edges of the window, without those that this hull gave."""
        material = self.substance.material
        return [
            {
                "property": claim.property,
                "id": claim.id,
                "value_V": claim.value,
                "method": claim.method,
                "default": claim.default,
                "citation": claim.source.citation,
                "doi": claim.source.doi,
            }
            for claim in (material.claims if material is not None and "@" not in self.substance.name else ())
            if claim.property in EDGES and not claim.id.startswith(PREFIX)
        ]

    def notes(self) -> list[str]:
        """Return what a reader has to know of the numbers, a sentence each."""
        notes = [f"{AT_HULL}."] if self.at_hull else []
        notes += _organic(self.substance) + _gaps(self.substance, self.substance) + _wet(self.substance)
        if any(found.reduction == found.oxidation for found in self.windows.values()):
            notes.append(f"{NO_WINDOW}.")
        if any(found.oxidation >= HIGHEST_VOLTAGE for found in self.windows.values()):
            notes.append(f"the ladder ends at {HIGHEST_VOLTAGE:g} V: up to there nothing is oxidised.")
        if self.phases is not None:
            notes += unlikely(self.phases)
        if "legacy" in self.windows:
            notes.append("the legacy scheme keeps phases that are known to be artefacts; it is there for validation.")
        return notes

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; see docs/thermodynamics.md."""
        confined = self.confined()
        document: dict[str, Any] = {
            "material": self.substance.name,
            "formula": self.substance.composition.formula,
            "treated_at_hull": self.at_hull,
            "polyanion_correction": self.polyanion,
            "phases": None if self.phases is None else str(self.phases),
            "band": {edge: list(ends) for edge, ends in band(self.windows).items()},
            "schemes": {
                scheme: found.as_dict(self.voltages)
                | ({"confined": confined[scheme].as_dict()} if scheme in confined else {})
                for scheme, found in self.windows.items()
            },
            "kinetic_windows": [published(one) for one in self.kinetic],
            "published_decomposition_windows": [published(one) for one in self.published],
            "claims": self.claims(),
            "notes": self.notes(),
        }
        if self.confinement is not None:
            first = next(iter(self.windows.values()))
            document["confined_by_claims"] = by_claims(self.substance, first, self.confinement)
        return document


def _organic(substance: Substance) -> list[str]:
    """Return the warning that a polymer gets: its hull is that of inorganic phases, into which it does not fall."""
    reason = reason_against(substance.composition.formula)
    return [f"{substance.name}: {reason}; do not trust its numbers."] if reason and reason.startswith("organic") else []


def _gaps(one: Substance, other: Substance) -> list[str]:
    """Return the warning that goes with elements that the table has no compound of."""
    missing = missing_pairs(one.composition.elements, other.composition.elements, table())
    if not missing:
        return []
    return [
        f"the table has no compound of {', '.join(missing)}: what they form is not known to it, so a window may come "
        "out wrong and a reaction too weak or missing."
    ]


def _wet(*substances: Substance) -> list[str]:
    """Return the warning that goes with hydrogen and oxygen, of which only some energies are measured."""
    elements = frozenset[str]().union(*(each.composition.elements for each in substances))
    if not {"H", "O"} <= elements:
        return []
    return [
        "water has its measured energy, hydrates, hydroxides and acids their computed ones, which do not go together: "
        "do not trust products with hydrogen and oxygen; lisse hydrolysis leaves them out."
    ]


def published(found: KineticWindow) -> dict[str, Any]:
    """Return a published window in plain JSON types."""
    return {
        "material": found.material,
        "quantity": found.quantity,
        "reduction_V": found.reduction_V,
        "oxidation_V": found.oxidation_V,
        "width_V": found.width_V,
        "citation": found.source.citation,
        "doi": found.source.doi,
    }


def stability(
    material: str,
    *,
    voltages: Iterable[float] = (),
    schemes: Sequence[Scheme] = SCHEMES,
    confinement: float | None = None,
    polyanion: bool = False,
    phases: Path | None = None,
) -> Stability:
    """Compute the windows of a material and collect what is known of them.

    Parameters
    ----------
    material
        Formula, library name, or mixture.
    voltages
        At which decomposition energies are wanted beside 0 V and 5 V [V].
    schemes
        Corrections of the energies.
    confinement
        Modulus against which decomposition has to make room [Pa].
    polyanion, phases
        As in :func:`lisse.thermodynamics.windows.window`.

    Raises
    ------
    InputError
        If the material cannot be read or is not covered, or a number is out of range.

    Examples
    --------
    >>> found = stability("Li7P2S8I", voltages=[4.3])
    >>> found.at_hull, [round(edge, 2) for edge in band(found.windows)["oxidation_V"]]
    (True, [2.3, 2.39])
    """
    wanted = tuple(sorted({*ENDS, *voltages}))
    for voltage in wanted:
        check_voltage(voltage)
    if confinement is not None and not 0 <= confinement <= HIGHEST_MODULUS:
        raise InputError(
            f"confinement: {confinement:g} Pa is out of range; write a modulus from 0 to {HIGHEST_MODULUS / 1e9:g} GPa."
        )
    substance = resolve(material)
    found = {scheme: window(substance, scheme, polyanion=polyanion, phases=phases) for scheme in schemes}
    kinetic, computed = tuple(kinetic_windows(material)), tuple(published_decompositions(material))
    return Stability(substance, found, wanted, kinetic, computed, confinement, polyanion, phases)


@dataclass(frozen=True)
class Row:
    """One composition of the overview.

    Attributes
    ----------
    names
        Materials of that composition.
    group
        ``electrolyte``, ``coating`` or ``binary``.
    windows
        Window by scheme; empty where there is a reason.
    kinetic
        Windows that papers give as kinetic ones.
    reason
        Why there is no window.
    """

    names: tuple[str, ...]
    group: str
    windows: Mapping[Scheme, Window]
    kinetic: tuple[KineticWindow, ...]
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "name": self.names[0],
            "also": list(self.names[1:]),
            "group": self.group,
            "reason": self.reason,
            "treated_at_hull": any(found.above_hull is None for found in self.windows.values()),
            "band": {edge: list(ends) for edge, ends in band(self.windows).items()} if self.windows else None,
            "schemes": {
                scheme: {
                    "reduction_V": found.reduction,
                    "oxidation_V": found.oxidation,
                    "decomposition_energy_eV_atom": {f"{at:g}": found.decomposition_energy(at) for at in ENDS},
                }
                for scheme, found in self.windows.items()
            },
            "kinetic_windows": [published(one) for one in self.kinetic],
        }


@dataclass(frozen=True)
class Overview:
    """Windows of many materials, by group and then by the upper edge."""

    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {"materials": [row.as_dict() for row in self.rows]}


def overview(*, schemes: Sequence[Scheme] = SCHEMES, polyanion: bool = False, phases: Path | None = None) -> Overview:
    """Return the windows of every electrolyte and coating of the library and of the binaries, equal compositions once.

    Examples
    --------
    >>> rows = overview().rows
    >>> sorted({row.group for row in rows}), len([row for row in rows if row.reason is None]) > 30
    (['binary', 'coating', 'electrolyte'], True)
    """
    rows = []
    for group, members in _groups().items():
        for formula, names in members.items():
            reason = reason_against(formula)
            found = (
                {}
                if reason
                else {scheme: window(formula, scheme, polyanion=polyanion, phases=phases) for scheme in schemes}
            )
            kinetic = () if reason else tuple(kinetic_windows(formula))
            rows.append(Row(tuple(names), group, found, kinetic, reason))
    order = list(_groups())

    def place(row: Row) -> tuple[int, bool, float]:
        ends = [found.oxidation for found in row.windows.values()]
        return order.index(row.group), not ends, -max(ends, default=0.0)

    return Overview(tuple(sorted(rows, key=place)))


def _groups() -> dict[str, dict[str, list[str]]]:
    """Return the names of the materials by group and formula, those named by their formula first."""
    groups: dict[str, dict[str, list[str]]] = {"electrolyte": {}, "coating": {}}
    for material in sorted(library().values(), key=lambda one: (one.name != one.formula, one.name)):
        if material.kind in groups:
            groups[material.kind].setdefault(_spelt(material.formula), []).append(material.name)
    return groups | {"binary": {formula: [formula] for formula in BINARIES}}


def _spelt(formula: str) -> str:
    try:
        return parse(formula).formula
    except InputError:  # which becomes the reason of its row
        return formula


TYPE_RULE = (
    f"type 1: the reaction gives less than {1e3 * REACTS:g} meV/atom; type 2: a product conducts electrons (a metal, "
    "an alloy, carbon, or a metallic sulfide or phosphide of a transition metal; metals that hold some oxygen or "
    "nitrogen, such as Zr4O and Co2N, do not count); type 3: no product does; against "
    "lithium metal, products are those beside lithium in excess, else those of the strongest mixture"
)
"""Rule for the type of an interface."""


@dataclass(frozen=True)
class Contact:
    """What two materials do to each other.

    Attributes
    ----------
    first, second
        The materials.
    reactions
        Reaction by scheme.
    voltage
        Of lithium that both exchange [V]; None where nothing is exchanged.
    polyanion
        Whether salts of oxo-anions were corrected.
    phases
        Table of the user.
    """

    first: Substance
    second: Substance
    reactions: Mapping[Scheme, Reaction]
    voltage: float | None
    polyanion: bool = False
    phases: Path | None = None

    def at_hull(self, substance: Substance) -> bool:
        """Whether the table has no energy of a material itself."""
        energies = (table(scheme, self.polyanion, self.phases) for scheme in self.reactions)
        return any(each.own_energy(substance.composition) is None for each in energies)

    @property
    def beside_lithium(self) -> Substance | None:
        """The material that meets lithium metal; None where none does."""
        parts = (self.first, self.second)
        metal = [part.composition.elements == {"Li"} for part in parts]
        return parts[metal.index(False)] if any(metal) else None

    def excess(self, scheme: Scheme) -> Step | None:
        """Return what forms beside lithium metal, of which there is no end; None without lithium metal."""
        if self.beside_lithium is None:
            return None
        return window(self.beside_lithium, scheme, polyanion=self.polyanion, phases=self.phases).step_at(0.0)

    def interphase(self, scheme: Scheme) -> tuple[int, dict[str, str]]:
        """Return the type of the interface by :data:`TYPE_RULE`, and the products that conduct electrons."""
        step, found = self.excess(scheme), self.reactions[scheme]
        if step is None or not found.reacts:
            return found.type, found.conductors if found.reacts else {}
        conductors = {formula: why for formula in step.phases if (why := conducts_electrons(formula)) is not None}
        return interphase_type(list(step.phases), True), conductors

    def notes(self) -> list[str]:
        """Return what a reader has to know of the numbers, a sentence each."""
        parts = (self.first, self.second)
        notes = [f"{one.name}: {AT_HULL}." for one in parts if self.at_hull(one)]
        notes += [note for one in parts for note in _organic(one)]
        notes += _gaps(*parts) + _wet(*parts)
        if self.phases is not None:
            notes += unlikely(self.phases)
        return [
            *notes,
            "both materials count at the hull, so that energies are those of their reaction with each other.",
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; see docs/thermodynamics.md."""
        return {
            "first": self._about(self.first),
            "second": self._about(self.second),
            "voltage_V": self.voltage,
            "polyanion_correction": self.polyanion,
            "phases": None if self.phases is None else str(self.phases),
            "schemes": {scheme: self._reaction(scheme) for scheme in self.reactions},
            "type_rule": TYPE_RULE,
            "notes": self.notes(),
        }

    def _reaction(self, scheme: Scheme) -> dict[str, Any]:
        found, step = self.reactions[scheme], self.excess(scheme)
        kind, conductors = self.interphase(scheme)
        document = {"reacts": found.reacts} | found.as_dict()
        document |= {"interphase_type": kind, "electronic_conductors": conductors}
        if not found.reacts:
            nothing: dict[str, Any] = {"mixing_fraction": None, "products": [], "amounts_per_atom": {}}
            return document | nothing | {"reactants_per_atom": {}, "products_in_excess_lithium": None}
        document |= {"reactants_per_atom": found.reactants()}
        return document | {"products_in_excess_lithium": None if step is None else list(step.phases)}

    def _about(self, substance: Substance) -> dict[str, Any]:
        return {
            "name": substance.name,
            "formula": substance.composition.formula,
            "treated_at_hull": self.at_hull(substance),
        }


def contact(
    first: str,
    second: str,
    *,
    voltage: float | None = None,
    polyanion: bool = False,
    phases: Path | None = None,
) -> Contact:
    """Let two materials react in both schemes.

    Parameters
    ----------
    first, second
        Formula, library name (with ``@x`` for a lithium content) or mixture.
    voltage
        Of lithium that both exchange [V]; a closed system without it.
    polyanion, phases
        As in :func:`lisse.thermodynamics.windows.window`.

    Raises
    ------
    InputError
        If a material cannot be read or is not covered, both are the same, one is lithium where a voltage is given, or
        the voltage is out of range.

    Examples
    --------
    >>> contact("Li10GeP2S12", "Li").interphase("uncorrected_S")
    (2, {'Li15Ge4': 'lithium alloy'})
    """
    one, two = resolve(first), resolve(second)
    if voltage is not None and any(part.composition.elements == {"Li"} for part in (one, two)):
        raise InputError(
            f"voltage: lithium itself stands at 0 V; leave the {voltage:g} V out, or name another material."
        )
    found = reactions(one, two, voltage=voltage, polyanion=polyanion, phases=phases)
    return Contact(one, two, found, voltage, polyanion, phases)
