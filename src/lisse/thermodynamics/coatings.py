"""Coatings and surface layers ranked by what they do to both of their neighbours, by window and by lithium.

Each contact is a closed system of two solids at the hull. Leaves out: rates, thickness, pinholes, and how well a film
conducts; a coating that reacts may still be the one that lasts, if its products stay thin and let lithium through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.materials import Material
from lisse.materials.library import library
from lisse.thermodynamics.composition import Substance, parse, resolve
from lisse.thermodynamics.electronic import interphase_type
from lisse.thermodynamics.facts import CHARGED_POTENTIAL, charged_content, reason_against
from lisse.thermodynamics.interface import REACTS, Reaction, reaction
from lisse.thermodynamics.surface_layers import surface_layers
from lisse.thermodynamics.table import SCHEMES, Scheme, Table, missing_pairs, table
from lisse.thermodynamics.windows import HIGHEST_VOLTAGE, Window, window

STEP = 0.020
"""Reaction energies are told apart in steps of this size [eV/atom], from where two states of the database differ."""
SEPARATES = 0.5
"""Share of the energy of the bare contact from which a coating counts as reacting as strongly."""
OUTSIDE = 0.01
"""Distance from the window that breaks it [V]."""
LOWER_POTENTIAL = 2.5
"""Lower end of the working range of an oxide [V against lithium], the usual end of a discharge (assumed)."""
CHARGED_CONTENT = 0.4
"""Lithium per formula unit of a charged oxide without an open-circuit curve (assumed)."""
ELECTROLYTE = "electrolyte"
"""Key of the contact with the electrolyte; the others are those of the partner's states."""
LITHIUM = "lithium"
"""Key of the contact with lithium metal."""
RULE = (
    f"first the strongest reaction of a layer with any of its neighbours, in steps of {1e3 * STEP:.0f} meV/atom; "
    "within a step how far its window is left; then its share of lithium"
)
"""The rule of the ranking in words."""
_LITHIUM = frozenset({"Li"})
_COMMON = frozenset({"Li", "O"})


@dataclass(frozen=True)
class Layer:
    """Something that may stand between electrolyte and partner.

    Attributes
    ----------
    name
        Name to show.
    substance
        What it is made of.
    conductivity
        Of lithium ions, from the library [S/m]; None where it is not known.
    process
        How a surface layer is made; empty for coatings.
    """

    name: str
    substance: Substance
    conductivity: float | None = None
    process: str = ""

    @property
    def lithium_fraction(self) -> float:
        """Atomic fraction of lithium."""
        return self.substance.composition.fractions.get("Li", 0.0)


@dataclass(frozen=True)
class Options:
    """Choices that hold for all reactions of a ranking: see :func:`lisse.thermodynamics.windows.window`."""

    polyanion: bool = False
    phases: Path | None = None

    def table(self, scheme: Scheme) -> Table:
        """Return the table of a scheme."""
        return table(scheme, self.polyanion, self.phases)


@dataclass(frozen=True)
class Rating:
    """One layer in one scheme.

    Attributes
    ----------
    layer
        The layer.
    contacts
        Reaction with the electrolyte and with each state of the partner; None where both are the same thing.
    window
        Its window.
    lower, upper
        Working range [V].
    bare
        Reaction energies of the electrolyte with the partner, by state [eV/atom].
    """

    layer: Layer
    contacts: Mapping[str, Reaction | None]
    window: Window
    lower: float
    upper: float
    bare: Mapping[str, float]

    def energy(self, contact: str) -> float:
        """Reaction energy of one contact [eV/atom]."""
        found = self.contacts[contact]
        return 0.0 if found is None else found.energy

    @property
    def worst(self) -> float:
        """Lowest energy of the contacts [eV/atom]."""
        return min(self.energy(contact) for contact in self.contacts)

    @property
    def outside(self) -> float:
        """How far the working range leaves the window [V]; 0 inside."""
        return max(self.window.reduction - self.lower, self.upper - self.window.oxidation, 0.0)

    @property
    def key(self) -> tuple[int, float, float]:
        """What the ranking sorts by, see :data:`RULE`."""
        return int(-self.worst / STEP), round(self.outside, 2), -round(self.layer.lithium_fraction, 3)

    @property
    def reasons(self) -> list[str]:
        """Why it does not separate its two sides; empty where it does."""
        found = []
        strongest = min(self.bare.values())
        for contact in self.contacts:
            bare = strongest if contact == ELECTROLYTE else self.bare[contact]
            if bare <= -REACTS and (share := self.energy(contact) / bare) >= SEPARATES:
                found.append(f"{contact}: reacts with {share:.0%} of the energy of the bare contact")
        if (low := self.window.reduction - self.lower) > OUTSIDE:
            found.append(f"reduced {low:.2f} V above {self.lower:.2f} V")
        if (high := self.upper - self.window.oxidation) > OUTSIDE:
            found.append(f"oxidised {high:.2f} V below {self.upper:.2f} V")
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "name": self.layer.name,
            "formula": self.layer.substance.composition.formula,
            "process": self.layer.process or None,
            "contacts": {name: _contact(found, name, self.window) for name, found in self.contacts.items()},
            "worst_energy_meV_atom": 1e3 * self.worst,
            "reduction_V": self.window.reduction,
            "oxidation_V": self.window.oxidation,
            "outside_window_V": self.outside,
            "lithium_fraction": self.layer.lithium_fraction,
            "ionic_conductivity_S_cm": None if self.layer.conductivity is None else self.layer.conductivity / 100,
            "separates": not self.reasons,
            "reasons": self.reasons,
        }


def _contact(found: Reaction | None, name: str, own: Window) -> dict[str, Any]:
    """Return one contact; beside lithium metal, of which there is always more, with the lowest rung of the ladder."""
    if found is None or not found.reacts:
        return {"reaction_energy_meV_atom": 0.0, "mixing_fraction": None, "products": [], "interphase_type": 1}
    products, kind = list(found.products), found.type
    if name == LITHIUM:
        products = list(own.ladder[0].phases)
        kind = interphase_type(products, True)
    return {
        "reaction_energy_meV_atom": 1e3 * found.energy,
        "mixing_fraction": found.strongest.fraction,
        "products": products,
        "interphase_type": kind,
    }


@dataclass(frozen=True)
class Ranking:
    """Layers between an electrolyte and its partner, in both schemes.

    Attributes
    ----------
    electrolyte
        The electrolyte.
    partner
        What it must not touch: an oxide, or lithium.
    states
        States of the partner by name.
    lower, upper
        Working range [V against lithium].
    layers
        What was compared.
    left_out
        Name of what could not be compared, with the reason.
    further
        More electrolytes, whose contacts with the layers are shown and not ranked.
    options
        Choices of the calculation.
    """

    electrolyte: Substance
    partner: Substance
    states: Mapping[str, Substance]
    lower: float
    upper: float
    layers: tuple[Layer, ...]
    left_out: Mapping[str, str]
    further: tuple[Substance, ...]
    options: Options

    @cached_property
    def bare(self) -> dict[Scheme, dict[str, Reaction]]:
        """Reaction of the electrolyte with each state of its partner, nothing between them."""
        return {
            scheme: {name: self._reaction(self.electrolyte, state, scheme) for name, state in self.states.items()}
            for scheme in SCHEMES
        }

    @cached_property
    def ratings(self) -> dict[Scheme, list[Rating]]:
        """Rated layers, the best first."""
        return {
            scheme: sorted((self._rate(layer, scheme) for layer in self.layers), key=lambda rating: rating.key)
            for scheme in SCHEMES
        }

    @cached_property
    def further_energies(self) -> dict[Scheme, dict[str, dict[str, float]]]:
        """Reaction energy [eV/atom] of each layer with the further electrolytes, by layer and electrolyte."""
        return {
            scheme: {
                layer.name: {
                    other.name: 0.0 if found is None else found.energy
                    for other in self.further
                    for found in [self._touch(layer.substance, other, scheme)]
                }
                for layer in self.layers
            }
            for scheme in SCHEMES
        }

    def places(self, scheme: Scheme) -> dict[str, int]:
        """Rank of every layer; those that the rule cannot tell apart share one."""
        found: dict[str, int] = {}
        last: tuple[tuple[int, float, float], int] | None = None
        for count, rating in enumerate(self.ratings[scheme], 1):
            last = last if last is not None and last[0] == rating.key else (rating.key, count)
            found[rating.layer.name] = last[1]
        return found

    def _rate(self, layer: Layer, scheme: Scheme) -> Rating:
        sides = {ELECTROLYTE: self.electrolyte, **self.states}
        contacts = {name: self._touch(layer.substance, side, scheme) for name, side in sides.items()}
        bare = {name: found.energy for name, found in self.bare[scheme].items()}
        return Rating(layer, contacts, self._window(layer.substance, scheme), self.lower, self.upper, bare)

    def _window(self, substance: Substance, scheme: Scheme) -> Window:
        return window(substance, scheme, polyanion=self.options.polyanion, phases=self.options.phases)

    def _touch(self, layer: Substance, side: Substance, scheme: Scheme) -> Reaction | None:
        if layer.composition.is_same(side.composition):
            return None
        return self._reaction(layer, side, scheme)

    def _reaction(self, first: Substance, second: Substance, scheme: Scheme) -> Reaction:
        return reaction(first, second, scheme, polyanion=self.options.polyanion, phases=self.options.phases)

    @property
    def notes(self) -> list[str]:
        """What to know about the numbers, each a sentence."""
        found = [f"rule: {RULE}.", "energies say what may happen at equilibrium, nothing of how fast or how thick."]
        for name in self.states:
            if not any(self.bare[scheme][name].reacts for scheme in SCHEMES):
                state = self.partner.name if name == LITHIUM else f"{self.partner.name}, {name},"
                found.append(f"{self.electrolyte.name} and {state} do not react with each other: they need no layer.")
        if dry := [layer.name for layer in self.layers if not layer.lithium_fraction]:
            found.append(f"without lithium, which they must take up before they conduct: {', '.join(dry)}.")
        found += [f"{name} is left out ({reason})." for name, reason in self.left_out.items()]
        gaps: dict[str, list[str]] = {}
        for layer in self.layers:
            missing = unknown_pairs(layer.substance, self.states.values(), self.options.table(SCHEMES[0]))
            if missing:
                gaps.setdefault(", ".join(missing), []).append(layer.name)
        found += [
            f"the table has no compound of {pairs}: reactions of {', '.join(names)} with the partner may come out too "
            "weak."
            for pairs, names in gaps.items()
        ]
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        schemes = {}
        for scheme in SCHEMES:
            places = self.places(scheme)
            further = self.further_energies[scheme]
            schemes[scheme] = {
                "bare": {
                    name: _contact(found, name, self._window(self.electrolyte, scheme))
                    for name, found in self.bare[scheme].items()
                },
                "coatings": [
                    {
                        "rank": places[rating.layer.name],
                        **rating.as_dict(),
                        "further_electrolytes_meV_atom": {
                            name: 1e3 * energy for name, energy in further[rating.layer.name].items()
                        },
                    }
                    for rating in self.ratings[scheme]
                ],
            }
        return {
            "electrolyte": self.electrolyte.name,
            "partner": self.partner.name,
            "states": {name: state.composition.formula for name, state in self.states.items()},
            "lower_V": self.lower,
            "upper_V": self.upper,
            "rule": RULE,
            "schemes": schemes,
            "left_out": dict(self.left_out),
            "notes": self.notes,
        }


def unknown_pairs(layer: Substance, states: Iterable[Substance], energies: Table) -> list[str]:
    """Return pairs of elements, one of a layer and one of its partner, that no phase of a table has together.

    Examples
    --------
    >>> [unknown_pairs(resolve(formula), [resolve("LiCoO2")], table()) for formula in ("HfO2", "LiNbO3")]
    [['Hf with Co'], []]
    """
    there = frozenset[str]().union(*(state.composition.elements for state in states))
    return missing_pairs(layer.composition.elements - _COMMON, there - _COMMON, energies)


def library_layers(lithium: bool) -> tuple[list[Layer], dict[str, str]]:
    """Return the coatings and surface layers that lisse knows, and those that cannot be compared with the reason.

    Parameters
    ----------
    lithium
        For lithium metal in place of an oxide.
    """
    found, left_out = [], {}
    for material in sorted((m for m in library().values() if m.kind == "coating"), key=lambda m: m.name):
        if (reason := reason_against(material.formula)) is not None:
            left_out[material.name] = reason
        elif not lithium or material.formula not in {layer.formula for layer in surface_layers()}:
            found.append(Layer(material.name, resolve(material.name), _conductivity(material)))
    for layer in surface_layers():
        if layer.side not in ("both", "lithium" if lithium else "cathode"):
            continue
        if layer.reason:
            left_out[layer.name] = layer.reason
            continue
        substance = Substance(layer.name, resolve(layer.formula).composition)
        if not any(substance.composition.is_same(other.substance.composition) for other in found):
            known = Material.load(layer.material) if layer.material else None
            found.append(Layer(layer.name, substance, _conductivity(known), layer.process))
    return found, left_out


def _conductivity(material: Material | None) -> float | None:
    claims = () if material is None else material.claims
    found = (claim.value for claim in claims if claim.default and claim.property == "ionic_conductivity")
    value = next(found, None)
    return value if isinstance(value, float) else None


def rank(
    electrolyte: str,
    partner: str,
    *,
    coatings: Iterable[str] = (),
    further: Iterable[str] = (),
    charged: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    options: Options | None = None,
) -> Ranking:
    """Rank what may stand between an electrolyte and an oxide, or lithium.

    Parameters
    ----------
    electrolyte, partner
        Name of the library, formula or mixture; a partner of lithium alone is lithium metal.
    coatings
        More layers than those of the library, as formulas, names or mixtures.
    further
        More electrolytes, whose contacts with the layers are shown.
    charged
        Lithium per formula unit of the charged oxide; from its open-circuit curve at the upper potential, else
        :data:`CHARGED_CONTENT`, without it.
    lower, upper
        Working range [V against lithium]: 2.5 to 4.3 V, and 0 V for lithium metal, without them.
    options
        Choices of the calculation.

    Raises
    ------
    InputError
        If something cannot be read, is not covered by the table, or is out of range.

    Examples
    --------
    Xiao et al. (2019) print 0 for Li3PO4 with Li3PS4 and -123 meV/atom for LiNbO3 with Li6PS5Cl:

    >>> found = rank("Li6PS5Cl", "LiCoO2").ratings["uncorrected_S"]
    >>> {rating.layer.name: round(1e3 * rating.energy("electrolyte")) for rating in found}["LiNbO3"]
    -117
    """
    first, second = resolve(electrolyte), resolve(partner)
    metal = second.composition.elements == _LITHIUM
    low = (0.0 if metal else LOWER_POTENTIAL) if lower is None else lower
    high = (0.0 if metal else CHARGED_POTENTIAL) if upper is None else upper
    if not 0 <= low <= high <= HIGHEST_VOLTAGE:
        raise InputError(
            f"--lower, --upper: {low:g} to {high:g} V is no working range; write potentials against lithium from 0 to "
            f"{HIGHEST_VOLTAGE:g} V, the lower one first."
        )
    choice = options or Options()
    others = _unlike(first, map(resolve, further))
    asked = [Layer(found.name, found, _conductivity(found.material)) for found in map(resolve, coatings)]
    for substance in (first, second, *others, *(layer.substance for layer in asked)):
        choice.table(SCHEMES[0]).check_covered(substance.composition)
    if first.composition.is_same(second.composition):
        raise InputError(f"materials: {first.name} and {second.name} are the same composition; name two that differ.")
    if any(other.composition.elements == _LITHIUM for other in (first, *others)):
        raise InputError(
            "electrolyte: lithium metal is no electrolyte; name a compound, and lithium as the second material."
        )
    if any(layer.substance.composition.elements == _LITHIUM for layer in asked):
        raise InputError("--coating: lithium metal is no coating; name a compound.")
    layers, left_out = library_layers(metal)
    for layer in asked:
        layers = [known for known in layers if not known.substance.composition.is_same(layer.substance.composition)]
        layers.append(layer)
    if not metal:
        check_oxide(second)
    states = {LITHIUM: second} if metal else oxide_states(second, charged, high)
    return Ranking(first, second, states, low, high, tuple(layers), left_out, others, choice)


def _unlike(first: Substance, others: Iterable[Substance]) -> tuple[Substance, ...]:
    """Return what differs from the first and from each other."""
    found: list[Substance] = []
    for other in others:
        if not any(other.composition.is_same(known.composition) for known in (first, *found)):
            found.append(other)
    return tuple(found)


def check_oxide(cathode: Substance) -> None:
    """Refuse what cannot stand for a cathode's oxide: an anode or electrolyte of the library, or an element.

    Raises
    ------
    InputError
        If so.
    """
    kind = None if cathode.material is None else cathode.material.kind
    if kind in ("anode", "electrolyte") or len(cathode.composition.elements) == 1:
        what = f"an {kind}" if kind in ("anode", "electrolyte") else "an element"
        raise InputError(f"cathode: {cathode.name} is {what}; name an oxide such as NMC811.")


def oxide_states(oxide: Substance, charged: float | None, upper: float) -> dict[str, Substance]:
    """Return the oxide as it is made, and charged."""
    held = oxide.composition.amounts.get("Li", 0.0)
    if "@" in oxide.name and charged is None:
        return {"as named": oxide}
    if charged is None:
        found = None if oxide.material is None else charged_content(oxide.material, upper)
        charged = CHARGED_CONTENT if found is None else found
    elif not 0 <= charged < held:
        raise InputError(
            f"--charged: {charged:g} lithium per formula unit of {oxide.name} is not from 0 to less than its {held:g}."
        )
    if charged >= held:
        return {"as named": oxide}
    content = oxide.composition.with_amount("Li", charged)
    return {"discharged": oxide, "charged": Substance(f"{oxide.name}@{charged:g}", content, oxide.material)}


def electrolytes() -> list[str]:
    """Return the names of the library's electrolytes that the table covers, one a formula."""
    found: dict[str, str] = {}
    for material in sorted((m for m in library().values() if m.kind == "electrolyte"), key=lambda m: m.name):
        if reason_against(material.formula) is None:
            found.setdefault(parse(material.formula).reduced, material.name)
    return list(found.values())
