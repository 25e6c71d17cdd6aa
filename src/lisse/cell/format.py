"""What a stack is built into: pellet, sheet, pouch of several layers or bipolar stack; casing, tabs and fixture.

Read by ``lisse.energy`` only: no run depends on it. Leaves out: masses (``lisse.energy``), and how stiff the fixture
is (``operation.fixture``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from lisse.cell.fields import Length, Name, PositiveFraction, Quantity, brief, refuse
from lisse.cell.messages import nearest
from lisse.cell.tables import Table

if TYPE_CHECKING:
    from lisse.cell.specification import CellFile

FormatKind = Literal["pellet", "sheet", "pouch", "bipolar"]
FORMATS: tuple[str, ...] = get_args(FormatKind)
"""Kinds of format: one unit as pressed in a die or as a sheet; several in parallel, or in series."""
MOST_LAYERS = 10_000
SAFETY_FACTOR = 1.5
"""Yield strength over allowable stress of a fixture whose file names no stress (usual for ductile metals; assumed)."""

TabShare = Annotated[float, Quantity("", "0.02", 0, 0.9)]
CasingMass = Annotated[float, Quantity("kg", "5 g", 0, 1e3)]
Stress = Annotated[float, Quantity("Pa", "200 MPa", 1e5, 1e10)]
FixtureFactor = Annotated[float, Quantity("", "2", 0, 100)]


class FormatFixture(Table):
    """What holds the stack pressure: bolts and plates, whose mass goes with the force; a factor of 0 leaves it out."""

    material: Name | None = None
    allowable_stress: Stress | None = None
    factor: FixtureFactor | None = None


class FormatCasing(Table):
    """The wall around all layers: its thickness, or its mass; a mass of 0 leaves it out."""

    material: Name | None = None
    thickness: Length | None = None
    mass: CasingMass | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._one_of("thickness", "mass", required=False)
        return self


class Format(Table):
    """What the stack is built into. Every field that is left open is assumed, by the kind of format."""

    kind: FormatKind | None = None
    layers: Annotated[int, Field(ge=1, le=MOST_LAYERS)] | None = None
    tab_mass_share: TabShare | None = None
    packing_efficiency: PositiveFraction | None = None
    casing: FormatCasing = FormatCasing()
    fixture: FormatFixture = FormatFixture()

    @field_validator("kind", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        if value is None or value in FORMATS:
            return value
        close = nearest(value, FORMATS) if isinstance(value, str) else None
        hint = f'; the nearest known one is "{close}"' if close else ""
        raise refuse(f"{brief(value)} is not one of {', '.join(FORMATS)}{hint}")

    @field_validator("layers", mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is None or (whole and 1 <= value <= MOST_LAYERS):
            return value
        raise refuse(f"{brief(value)} is not a number of layers; a whole number from 1 to {MOST_LAYERS} is accepted")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind in ("pellet", "sheet") and (self.layers or 1) > 1:
            raise refuse(
                f'a {self.kind} has one layer, not {self.layers}; kind = "pouch" or "bipolar" has several', "layers"
            )
        return self


@dataclass(frozen=True)
class FormatValues:
    """A format with every field filled in.

    Attributes
    ----------
    kind
        One of :data:`FORMATS`.
    layers
        Units (anode, separator, cathode) that stand on each other.
    tab_mass_share
        Tabs and terminals over the whole cell without its fixture, by mass.
    packing_efficiency
        Area of the electrodes over that of the casing's inside.
    casing_material, casing_thickness
        Of its wall [m]; None where there is none. No thickness where the mass is given.
    casing_mass
        As the file gives it [kg]; None where it follows from the wall.
    fixture_material
        What holds the pressure.
    allowable_stress
        As the file gives it [Pa]; None: the yield strength over :data:`SAFETY_FACTOR`.
    fixture_factor
        Mass of the fixture over that of its bolts alone.
    assumed
        Dotted fields that the file leaves open.
    """

    kind: str
    layers: int
    tab_mass_share: float
    packing_efficiency: float
    casing_material: str | None
    casing_thickness: float | None
    casing_mass: float | None
    fixture_material: str
    allowable_stress: float | None
    fixture_factor: float
    assumed: tuple[str, ...]


FIXTURE_MATERIAL, FIXTURE_FACTOR = "structural steel", 2.0
"""Material of a fixture, and the middle of the range 1 to 3 for its mass over that of its bolts alone (assumed)."""
CASING_MATERIAL, CASING_THICKNESS = "Al laminate", 153e-6
"""Usual film of pouch cells."""
_OPEN: dict[str, tuple[int, float, float]] = {"pellet": (1, 0.0, 1.0), "sheet": (1, 0.0, 1.0)}
_CLOSED: dict[str, tuple[int, float, float]] = {"pouch": (20, 0.02, 0.95), "bipolar": (20, 0.01, 0.95)}
DEFAULTS = {**_OPEN, **_CLOSED}
"""Layers, share of the tabs and packing efficiency by kind (assumed); a pellet and a sheet have no casing."""


def format_values(spec: CellFile) -> FormatValues:
    """Return the format of a cell file with its assumptions filled in.

    Without a kind, several layers are a pouch, a cell pressed in a die is a pellet, and any other is a sheet.
    """
    given, fixture = spec.format, spec.format.fixture
    kind = given.kind
    if kind is None:
        pressed = spec.geometry.die_diameter is not None
        kind = "pouch" if (given.layers or 1) > 1 else "pellet" if pressed else "sheet"
    layers, tabs, packing = DEFAULTS[kind]
    casing = given.casing
    walled = kind in _CLOSED or any(value is not None for _, value in casing)
    values: dict[str, Any] = {
        "kind": (given.kind, kind),
        "layers": (given.layers, layers),
        "tab_mass_share": (given.tab_mass_share, tabs),
        "packing_efficiency": (given.packing_efficiency, packing),
        "fixture.material": (fixture.material, FIXTURE_MATERIAL),
        "fixture.factor": (fixture.factor, FIXTURE_FACTOR),
    }
    if walled:
        values["casing.material"] = casing.material, CASING_MATERIAL
    if walled and casing.mass is None:
        values["casing.thickness"] = casing.thickness, CASING_THICKNESS
    found = {field: default if value is None else value for field, (value, default) in values.items()}
    filled = [f for f, (value, _) in values.items() if value is None or f"format.{f}" in spec.defaults]
    return FormatValues(
        kind=found["kind"],
        layers=found["layers"],
        tab_mass_share=found["tab_mass_share"],
        packing_efficiency=found["packing_efficiency"],
        casing_material=found.get("casing.material"),
        casing_thickness=found.get("casing.thickness"),
        casing_mass=casing.mass,
        fixture_material=found["fixture.material"],
        allowable_stress=fixture.allowable_stress,
        fixture_factor=found["fixture.factor"],
        assumed=tuple(f"format.{field}" for field in filled),
    )


def filled_format(spec: CellFile) -> dict[str, tuple[float | str, str]]:
    """Return value and SI unit of every field of the format that is filled in, where the file has such a table."""
    if not spec.format.model_fields_set:
        return {}
    values = format_values(spec)
    units = {"casing_thickness": "m"}
    named = {field: field.removeprefix("format.").replace(".", "_") for field in values.assumed}
    return {field: (getattr(values, name), units.get(name, "")) for field, name in named.items()}
