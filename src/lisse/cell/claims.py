"""Which claim a cell uses for each property of each of its materials, and where that claim comes from.

Leaves out: what the values are used for.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lisse.cell.fields import brief
from lisse.cell.format import format_values
from lisse.cell.messages import nearest, one_line
from lisse.cell.specification import MOST_ACTIVE_MATERIALS, CellFile
from lisse.cell.thermodynamic_facts import completed
from lisse.errors import InputError
from lisse.materials import Claim, Curve, Material, Source, Spread, names
from lisse.materials.schema import read_material
from lisse.units import writable

ACTIVE_ROLES = ("active", *(f"active_{number}" for number in range(2, MOST_ACTIVE_MATERIALS + 1)))
"""Roles of the active materials: that of ``cathode.active``, and those of ``cathode.blend`` in their order."""
ROLES = (
    "anode",
    "interlayer",
    "separator",
    "separator_binder",
    *ACTIVE_ROLES,
    "electrolyte",
    "carbon",
    "binder",
    "coating",
    "grain_coating",
    "collector_positive",
    "collector_negative",
    "casing",
    "fixture",
)
"""The parts that a material can play in a cell, anode side first."""

_KINDS = {
    "anode": "anode",
    "interlayer": "interlayer",
    "separator": "electrolyte",
    "separator_binder": "binder",
    **dict.fromkeys(ACTIVE_ROLES, "active_material"),
    "electrolyte": "electrolyte",
    "carbon": "additive",
    "binder": "binder",
    "coating": "coating",
    "grain_coating": "coating",
    "collector_positive": "collector",
    "collector_negative": "collector",
    "casing": "casing",
    "fixture": "casing",
}


@dataclass(frozen=True)
class ResolvedClaim:
    """One property as this cell uses it.

    Attributes
    ----------
    role, property
        For example ``"active"`` and ``"diffusivity"``.
    value
        SI number, :class:`~lisse.materials.Curve` or text.
    spread
        One-sigma uncertainty; of kind ``"none"`` when the value is exact or its spread is not known.
    source
        Where the value comes from.
    method
        ``measured``, ``computed``, ``fitted``, ``assumed`` or ``defined``.
    claim_id
        Name of the claim within its property.
    material
        Name of the material.
    own
        Whether the cell file gives the value itself.
    temperature
        Temperature at which the value holds [K]; None when the claim does not say.
    suspect
        Why the claim should not be trusted; None when nothing speaks against it.
    correlated
        Correlation coefficient of its error with that of other properties of the material, by name.
    """

    role: str
    property: str
    value: float | Curve | str
    spread: Spread
    source: Source
    method: str
    claim_id: str
    material: str
    own: bool
    temperature: float | None = None
    suspect: str | None = None
    correlated: Mapping[str, float] = field(default_factory=dict)


def material_names(spec: CellFile) -> dict[str, tuple[str, str]]:
    """Return for each role that the cell fills the dotted field and the name of its material."""
    layers, cathode = spec.collectors, spec.cathode
    others, form = (cathode.blend if cathode is not None else None) or [], format_values(spec)
    filled = {
        "anode": ("anode.material", spec.anode.material),
        "interlayer": ("anode.interlayer.material", spec.anode.interlayer and spec.anode.interlayer.material),
        "separator": ("separator.material", spec.separator.material),
        "separator_binder": (
            "separator.binder.material",
            spec.separator.binder and spec.separator.binder.material,
        ),
        "active": ("cathode.active", cathode and cathode.active),
        **{
            role: (f"cathode.blend.{number}.active", part.active)
            for number, (role, part) in enumerate(zip(ACTIVE_ROLES[1:], others, strict=False))
        },
        "electrolyte": ("cathode.electrolyte", cathode and cathode.electrolyte),
        "carbon": ("cathode.carbon", cathode and cathode.carbon),
        "binder": ("cathode.binder", cathode and cathode.binder),
        "coating": ("cathode.coating.material", cathode and cathode.coating and cathode.coating.material),
        "grain_coating": ("cathode.grain_coating", cathode and cathode.grain_coating),
        "collector_positive": ("collectors.positive.material", layers.positive and layers.positive.material),
        "collector_negative": ("collectors.negative.material", layers.negative and layers.negative.material),
        "casing": ("format.casing.material", form.casing_material),
        "fixture": ("format.fixture.material", form.fixture_material),
    }
    return {role: (field, name) for role, (field, name) in filled.items() if name}


_ROLE_CLAIMS = {("separator", "binder_sensitivity"): "separator"}
"""Claims that a role prefers to the default of the material: a sheet is not a composite."""


class ClaimBook:
    """The materials of one cell and the claims it draws from them; remembers which were used."""

    def __init__(self, spec: CellFile) -> None:
        self._materials: dict[str, Material] = {}
        for role, (path, name) in material_names(spec).items():
            self._materials[role] = _load(path, name, _KINDS[role])
        self._cell = spec.name
        self._choices = dict(spec.claims)
        self._used: dict[tuple[str, str], ResolvedClaim] = {}
        self.drawn_values: Mapping[tuple[str, str], float | Curve] = {}
        for key in self._choices:
            role, _, name = key.partition(".")
            self.resolve(role, name)
        self._used.clear()

    def material(self, role: str) -> Material | None:
        """Return the material that plays ``role``, None when the cell has none."""
        if role not in ROLES:
            raise InputError(f"claims: {brief(role)} is not one of the roles {', '.join(ROLES)}.")
        return self._materials.get(role)

    def name(self, role: str) -> str:
        """Return the name of the material in a role; the role itself where the cell has none."""
        material = self.material(role)
        return role if material is None else material.name

    def has(self, role: str, name: str) -> bool:
        """Tell whether the cell has a material in ``role`` with a claim on that property."""
        material = self.material(role)
        return material is not None and (f"{role}.{name}" in self._choices or material.has(name))

    def drawn(self, values: Mapping[tuple[str, str], float | Curve]) -> ClaimBook:
        """Return a book of the same cell in which some claims have other values, by role and property."""
        book = copy.copy(self)
        book._used, book.drawn_values = {}, dict(values)
        return book

    @property
    def active_roles(self) -> tuple[str, ...]:
        """Roles of the active materials that the cell has."""
        return tuple(role for role in ACTIVE_ROLES if role in self._materials)

    def interface(self, name: str) -> str:
        """Return the role that faces the lithium for a property: an interlayer that claims it, else the separator."""
        return "interlayer" if self.has("interlayer", name) else "separator"

    def resolve(self, role: str, name: str) -> ResolvedClaim:
        """Return the claim that the cell uses: its own value, the one it chose, or the default.

        Raises
        ------
        InputError
            If the cell has no such material, or the material has no such claim.
        """
        if (role, name) in self._used:
            return self._used[role, name]
        material = self.material(role)
        key = f"{role}.{name}"
        if material is None:
            raise InputError(f"claims.{key}: this cell has no {role.replace('_', ' ')}.")
        claim, own = self._claim(material, role, name)
        resolved = ResolvedClaim(
            role=role,
            property=name,
            value=self.drawn_values.get((role, name), claim.value),
            spread=claim.spread,
            source=claim.source,
            method=claim.method,
            claim_id=claim.id,
            material=material.name,
            own=own,
            temperature=claim.temperature,
            suspect=claim.suspect,
            correlated=claim.correlated,
        )
        self._used[role, name] = resolved
        return resolved

    def _claim(self, material: Material, role: str, name: str) -> tuple[Claim, bool]:
        key = f"{role}.{name}"
        choice = self._choices.get(key)
        if choice is None:
            preferred = _ROLE_CLAIMS.get((role, name), "")
            held = any(claim.property == name and claim.id == preferred for claim in material.claims)
            try:
                return material.claim(name, preferred if held else None), False
            except InputError as error:
                raise InputError(f'{str(error).rstrip(".")}; give claims."{key}" in the cell file.') from None
        field = f"claims.{key}"
        if isinstance(choice, Mapping) and "id" in choice:
            try:
                return material.claim(name, choice["id"]), False
            except InputError as error:
                raise InputError(f"{field}: {one_line(error)}") from None
        return _own_claim(material.kind, name, choice, field, self._cell), True

    def number(self, role: str, name: str) -> float:
        """Return a property that must be a single number, in SI."""
        value = self.resolve(role, name).value
        if isinstance(value, Curve):
            constant = value.constant
            if constant is None:
                raise InputError(f"claims.{role}.{name}: a curve is given where a single number is needed.")
            return constant
        if isinstance(value, str):
            raise InputError(f"claims.{role}.{name}: the text {brief(value)} is given where a number is needed.")
        return value

    def curve(self, role: str, name: str) -> Curve:
        """Return a property that must be a curve."""
        value = self.resolve(role, name).value
        if not isinstance(value, Curve):
            raise InputError(f"claims.{role}.{name}: {brief(value)} is given where a curve is needed.")
        return value

    def text(self, role: str, name: str) -> str:
        """Return a property that must be text."""
        value = self.resolve(role, name).value
        if not isinstance(value, str):
            raise InputError(f"claims.{role}.{name}: {brief(value)} is given where text is needed.")
        return value

    def used(self) -> tuple[ResolvedClaim, ...]:
        """Return the claims drawn so far, by role and then by property."""
        return tuple(sorted(self._used.values(), key=lambda c: (ROLES.index(c.role), c.property)))


def _own_claim(kind: str, name: str, choice: Any, field: str, cell: str) -> Claim:
    """Check a value that the cell file gives by the rules of a material file, and return it as a claim."""
    given = dict(choice) if isinstance(choice, Mapping) else {"value": choice}
    curve = given.get("curve")
    quantities = {**given, **curve} if isinstance(curve, Mapping) else given
    for key in set(quantities) - {"citation", "doi", "note", "expression", "where"}:
        text = quantities[key]
        if isinstance(text, str) and not writable(text):
            raise InputError(f"{field}: {brief(text)} is not a quantity with a unit.")
    source = {"citation": given.pop("citation", f"cell file {cell}"), "doi": given.pop("doi", None), "tag": "own"}
    method = given.pop("method", "assumed")
    # A value without a spread is taken as exact, which the rules of material files grant to definitions only.
    spec = {"id": "own", "property": name, "source": source, **given}
    spec["method"] = method if "spread" in given else "defined"
    document = {
        "name": cell,
        "kind": kind,
        "claims": [spec],
        **({"state": "crystal"} if kind == "electrolyte" else {}),
    }
    try:
        claim = read_material(document, field)[1][0]
    except (OverflowError, RecursionError):
        raise InputError(f"{field}: {brief(given.get('value'))} is not a finite number.") from None
    except InputError as error:
        reason = str(error).removeprefix(f"{field}: ").removeprefix('claim "own" ').removeprefix(f"({name}): ")
        raise InputError(f"{field}: {one_line(reason)}") from None
    return replace(claim, method=method)


def _load(field: str, name: str, kind: str) -> Material:
    try:
        material = Material.load(name)
    except ValueError:  # a path with a null character
        raise InputError(f"{field}: {brief(name)} is not a name of a material.") from None
    except InputError as error:
        if name.casefold() in {known.casefold() for known in names()} or name.lower().endswith(".toml"):
            raise InputError(f"{field}: {one_line(error)}") from None
        close = nearest(name, names())
        hint = f'the nearest known one is "{close}"' if close else "`lisse materials` lists those known"
        raise InputError(f"{field}: {brief(name)} is not a known material; {hint}.") from None
    if material.kind != kind:
        raise InputError(f"{field}: {material.name} is of kind {material.kind}, but {kind} is needed here.")
    return completed(material)
