"""The cell file as pydantic models: tables, keys, units, and which keys exclude or need each other.

Numbers are SI once read. Leaves out: everything that needs a material's properties (see ``cell``, ``derived``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator, model_validator

from lisse.cell.fields import (
    Area,
    AreaMass,
    AreaResistance,
    Conductivity,
    CurrentDensity,
    Force,
    Fraction,
    HeatTransfer,
    Length,
    LithiumContent,
    Mass,
    Name,
    Porosity,
    PositiveFraction,
    Potential,
    Pressure,
    Rate,
    Stiffness,
    Temperature,
    Text,
    TortuosityFactor,
    brief,
    read_quantity,
    refuse,
)
from lisse.cell.format import Format
from lisse.cell.options import CATHODE_MECHANISMS, CELL_MECHANISMS, LITHIUM_MECHANISMS
from lisse.cell.tables import Table
from lisse.citations import Source
from lisse.errors import InputError

MASS_FRACTION_TOLERANCE = 1e-3
"""Mass fractions may miss a sum of one by this much (they are printed with two or three digits)."""

ALTERNATIVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "geometry": (("area", "die_diameter"),),
    "separator": (("thickness", "mass"),),
    "cathode": (
        ("loading", "composite_mass", "mass"),
        ("particle_diameter", "particle_radius", "distribution"),
    ),
    "cathode.blend": (("particle_diameter", "particle_radius", "distribution"),),
    "format.casing": (("thickness", "mass"),),
    "operation": (("stack_pressure", "frame_force"),),
}
"""Keys of one table that say the same thing, of which a file gives at most one."""


class Geometry(Table):
    """The area of the cell, or the diameter of the die it was pressed in."""

    area: Area | None = None
    die_diameter: Length | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._one_of("area", "die_diameter")
        return self


class Layer(Table):
    """A layer of one material: a collector, the film of a coating or an interlayer."""

    material: Name
    thickness: Length


class Anode(Table):
    """The negative electrode; ``die_confined`` says whether a die keeps its lithium from flowing out at the edge."""

    material: Name
    thickness: Length
    attach_pressure: Pressure | None = None
    interlayer: Layer | None = None
    die_confined: bool = True
    contact_law: Literal["exponential", "persson", "gw_ep"] | None = None


class CounterElectrode(Table):
    """The second electrode of a symmetric cell: the anode's material, with a thickness of its own if it differs."""

    thickness: Length | None = None


class SeparatorBinder(Table):
    """The binder of a cast separator."""

    material: Name
    mass_fraction: PositiveFraction


class Separator(Table):
    """The electrolyte layer."""

    material: Name
    thickness: Length | None = None
    mass: Mass | None = None
    relative_density: PositiveFraction | None = None
    grain_size: Length | None = None
    binder: SeparatorBinder | None = None
    reference_electrode: Fraction | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._one_of("thickness", "mass")
        if self.binder is not None and self.binder.mass_fraction > 0.5:
            raise refuse(f"{self.binder.mass_fraction:g} is more binder than electrolyte; at most 0.5", "binder")
        return self


class MassFractions(Table):
    """Composition of the composite by weight."""

    active: PositiveFraction
    electrolyte: PositiveFraction
    carbon: Fraction = 0.0
    binder: Fraction = 0.0

    @model_validator(mode="after")
    def _check(self) -> Self:
        total = self.active + self.electrolyte + self.carbon + self.binder
        if abs(total - 1) > MASS_FRACTION_TOLERANCE:
            raise refuse(f"the fractions add up to {total:.4g}; they must add up to 1 within 0.001")
        return self


class Distribution(Table):
    """Particle sizes: three percentiles by volume, or size classes with their volume fractions."""

    d10: Length | None = None
    d50: Length | None = None
    d90: Length | None = None
    diameters: Annotated[list[Length], Field(min_length=1, max_length=50)] | None = None
    volume_fractions: Annotated[list[PositiveFraction], Field(min_length=1, max_length=50)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        percentiles = (self.d10, self.d50, self.d90)
        classes = (self.diameters, self.volume_fractions)
        if any(value is not None for value in percentiles) == any(value is not None for value in classes):
            raise refuse("give either d10, d50 and d90, or diameters and volume_fractions")
        if self.diameters is None and self.volume_fractions is None:
            if self.d10 is None or self.d50 is None or self.d90 is None:
                raise refuse("d10, d50 and d90 must all be given")
            if not self.d10 < self.d50 < self.d90:
                raise refuse("the percentiles must rise, d10 < d50 < d90")
            return self
        if self.diameters is None or self.volume_fractions is None:
            raise refuse("diameters and volume_fractions must both be given")
        if len(self.diameters) != len(self.volume_fractions):
            raise refuse(
                f"{len(self.diameters)} diameters do not pair up with {len(self.volume_fractions)} volume_fractions"
            )
        if abs(sum(self.volume_fractions) - 1) > MASS_FRACTION_TOLERANCE:
            raise refuse(
                f"the volume fractions add up to {sum(self.volume_fractions):.4g}; they must add up to 1",
                "volume_fractions",
            )
        return self


MOST_ACTIVE_MATERIALS = 6
"""Active materials that a cell file may blend."""


class BlendComponent(Table):
    """One more active material of the composite; ``mass_fraction`` is its share of all active material."""

    active: Name
    mass_fraction: PositiveFraction
    particle_diameter: Length | None = None
    particle_radius: Length | None = None
    distribution: Distribution | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._one_of("particle_diameter", "particle_radius", "distribution", required=False)
        return self


class Coating(Layer):
    """A film on the active material's particles; ``coverage`` is the coated share of their area."""

    coverage: PositiveFraction = 1.0


CLOSURE_KEYS = {
    "ionic_conductivity": "measured",
    "electronic_conductivity": "measured",
    "ionic_tortuosity_factor": "tortuosity",
    "electronic_tortuosity_factor": "tortuosity",
    "plugin": "plugin",
}
"""Keys that one closure needs and no other reads."""


class Transport(Table):
    """How the effective conductivities of the composite are found.

    ``ionic_threshold`` is the electrolyte fraction at which ions percolate: 0.221 for a coarse electrolyte
    (default), 0.188 for a fine one (P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537). A tortuosity factor
    is a phase's volume fraction times its conductivity over that of the composite.
    """

    closure: Literal["percolation", "table", "bruggeman", "measured", "tortuosity", "plugin"] = "percolation"
    ionic_threshold: PositiveFraction | None = None
    ionic_conductivity: Conductivity | None = None
    electronic_conductivity: Conductivity | None = None
    ionic_tortuosity_factor: TortuosityFactor | None = None
    electronic_tortuosity_factor: TortuosityFactor | None = None
    plugin: Name | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name, closure in CLOSURE_KEYS.items():
            given = getattr(self, name) is not None
            if given and self.closure != closure:
                raise refuse(f'it is read only with closure = "{closure}", not with "{self.closure}"', name)
            if not given and self.closure == closure:
                raise refuse(f'closure = "{closure}" needs this value', name)
        if self.ionic_threshold is not None:
            if self.closure != "percolation":
                raise refuse('it is read only with closure = "percolation"', "ionic_threshold")
            if self.ionic_threshold > 0.5:
                raise refuse(f"{self.ionic_threshold:g} is no percolation threshold; at most 0.5", "ionic_threshold")
        return self


class Cathode(Table):
    """The composite positive electrode.

    Amount (``loading`` of active material, or ``composite_mass``, also called ``mass``), ``thickness`` and ``porosity``
    are three quantities with one equation between them: a file gives two, or one of the first two and the porosity
    follows from ``operation.fabrication_pressure``. With ``electrolyte_particle_diameter`` the sizes of both kinds of
    particles decide the percolation thresholds and, where the file gives none, the connected fraction. ``blend`` lists
    further active materials; what they leave of the active material is ``active``.
    """

    active: Name
    blend: Annotated[list[BlendComponent], Field(min_length=1, max_length=MOST_ACTIVE_MATERIALS - 1)] | None = None
    electrolyte: Name
    carbon: Name | None = None
    binder: Name | None = None
    mass_fractions: MassFractions
    loading: AreaMass | None = None
    composite_mass: Mass | None = None
    mass: Mass | None = None
    thickness: Length | None = None
    porosity: Porosity | None = None
    particle_diameter: Length | None = None
    particle_radius: Length | None = None
    distribution: Distribution | None = None
    electrolyte_particle_diameter: Length | None = None
    morphology: Literal["polycrystal", "single-crystal", "radial"] = "polycrystal"
    coating: Coating | None = None
    grain_coating: Name | None = None
    space_charge_resistance: AreaResistance = 0.0
    connected_fraction: PositiveFraction = 1.0
    wetted_fraction: PositiveFraction = 0.8
    initial_lithium_content: LithiumContent | None = None
    transport: Transport = Transport()

    @model_validator(mode="after")
    def _check(self) -> Self:
        amount = self._one_of("loading", "composite_mass", "mass", required=False)
        given = [name for name in (amount, "thickness", "porosity") if name and getattr(self, name) is not None]
        if len(given) == 3:
            raise refuse(f"{given[0]}, thickness and porosity are all given, but two of them fix the third", given[1])
        if amount is None and self.thickness is None:
            has = "only porosity is given" if given else "nothing is given"
            raise refuse(f"{has}; give loading, composite_mass (or mass) or thickness", "loading")
        self._one_of("particle_diameter", "particle_radius", "distribution", required=False)
        others = sum(part.mass_fraction for part in self.blend or ())
        if others >= 1:
            raise refuse(
                f"the mass fractions add up to {others:.4g} of the active material, which leaves nothing for "
                f"{brief(self.active)}; they must add up to less than 1",
                "blend",
            )
        for name in ("carbon", "binder"):
            fraction, material = getattr(self.mass_fractions, name), getattr(self, name)
            if fraction > 0 and material is None:
                raise refuse(f"mass_fractions.{name} is {fraction:g}, so the material must be named", name)
            if fraction == 0 and material is not None:
                raise refuse(f"{brief(material)} has no mass fraction; give mass_fractions.{name}", name)
        return self

    @property
    def active_name(self) -> str:
        """Names of the active materials, joined."""
        return " + ".join([self.active, *(part.active for part in self.blend or ())])

    @property
    def pressed_mass(self) -> float | None:
        """Mass of the whole composite [kg], by whichever of its two names it is given; None when it is not."""
        return self.mass if self.composite_mass is None else self.composite_mass


class Collectors(Table):
    """Current collectors; those of a press (steel pistons) are left out."""

    positive: Layer | None = None
    negative: Layer | None = None


CapacityUnit = Literal["A*s/kg", "A*s/m^2"]


def _read_capacity(value: Any) -> tuple[CapacityUnit, float]:
    """Read a capacity per mass of active material or per area; return its SI unit and number."""
    units: tuple[CapacityUnit, ...] = ("A*s/kg", "A*s/m^2")
    for unit in units:
        try:
            number = read_quantity(value, unit, "?")
        except InputError:
            continue
        if not 0 < number < 1e8:
            raise refuse(f"{brief(value)} is not a positive capacity")
        return unit, number
    raise refuse(f'{brief(value)} is not a capacity such as "200 mA*h/g" or "2 mA*h/cm^2"')


NominalCapacity = Annotated[
    tuple[CapacityUnit, float],
    PlainValidator(_read_capacity),
    WithJsonSchema({"type": "string", "examples": ["200 mA*h/g", "2 mA*h/cm^2"]}),
]


class Operation(Table):
    """How the cell is held and cycled.

    Without ``stack_pressure`` and ``frame_force`` the atmosphere presses, 0.1 MPa. With ``heat_transfer`` (per cell
    area; 0 is adiabatic) the cell has a temperature of its own; without it the cell is isothermal.
    """

    temperature: Temperature
    stack_pressure: Pressure | None = None
    frame_force: Force | None = None
    fixture: Literal["constant_pressure", "constant_gap", "spring"] = "constant_pressure"
    spring_stiffness: Stiffness | None = None
    fabrication_pressure: Pressure | None = None
    heat_transfer: HeatTransfer | None = None
    nominal_capacity: NominalCapacity | None = None
    voltage_window: Annotated[list[Potential], Field(min_length=2, max_length=2)]
    reference: Literal["Li", "Li-In"] = "Li"

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._one_of("stack_pressure", "frame_force", required=False)
        if self.voltage_window[0] >= self.voltage_window[1]:
            raise refuse(
                f"the lower limit {self.voltage_window[0]:g} V is not below the upper limit, "
                f"{self.voltage_window[1]:g} V",
                "voltage_window",
            )
        if (self.fixture == "spring") != (self.spring_stiffness is not None):
            raise refuse('spring_stiffness goes with fixture = "spring", and only with it', "spring_stiffness")
        return self


class Contacts(Table):
    """What carries current but is not modelled: leads, pistons, collectors."""

    series_resistance: AreaResistance = 0.0


class Table1Row(Table):
    """How the review's Table 1 prints this cell's test; its printed capacity is a target, not an input."""

    reference: int
    current_density: CurrentDensity
    c_rate: Rate


class CellFile(Table):
    """A whole cell file: with a ``cathode``, or symmetric with a ``counter_electrode`` of the anode's material.

    ``defaults`` is written by lisse: the dotted fields whose values here were filled in, not given.
    """

    name: Name
    description: Text = ""
    source: Source | None = None
    assumed: list[Name] = Field(default_factory=list)
    defaults: list[Name] = Field(default_factory=list)
    geometry: Geometry
    anode: Anode
    separator: Separator
    cathode: Cathode | None = None
    counter_electrode: CounterElectrode | None = None
    collectors: Collectors = Collectors()
    format: Format = Format()
    operation: Operation
    contacts: Contacts = Contacts()
    mechanisms: list[
        Literal[
            "voids",
            "interphase",
            "filaments",
            "bending",
            "contact_loss",
            "cracks",
            "cathode_interphase",
            "lithium",
            "composite",
            "all",
        ]
    ] = Field(default_factory=list)
    claims: dict[Name, Any] = Field(default_factory=dict)
    table1: Table1Row | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.cathode is None) == (self.counter_electrode is None):
            both = "both are given" if self.cathode is not None else "neither is given"
            raise refuse(f"{both}; give [cathode], or [counter_electrode] for a symmetric cell", "cathode")
        low, high = self.operation.voltage_window
        if self.cathode is not None and low < 0:
            raise refuse(f"{low:g} V is below 0, which only a symmetric cell reaches", "operation.voltage_window")
        if self.cathode is None and not low < 0 < high:
            raise refuse(
                f"{low:g} to {high:g} V does not hold 0 V, where a symmetric cell rests", "operation.voltage_window"
            )
        return self

    @property
    def composite(self) -> Cathode:
        """The composite cathode.

        Raises
        ------
        InputError
            If the cell is symmetric.
        """
        if self.cathode is None:
            raise InputError(
                f"cathode: {brief(self.name)} is a symmetric cell and has none, so this needs another cell."
            )
        return self.cathode

    @field_validator("mechanisms")
    @classmethod
    def _expand_groups(cls, value: list[str], given: ValidationInfo) -> list[str]:
        """Replace ``lithium``, ``composite`` and ``all`` (of this cell) by the mechanisms they stand for."""
        groups: dict[str, tuple[str, ...]] = {"lithium": LITHIUM_MECHANISMS, "composite": CATHODE_MECHANISMS}
        here = CELL_MECHANISMS if given.data.get("cathode") else (*LITHIUM_MECHANISMS, "bending")
        groups["all"] = here
        return list(dict.fromkeys(name for item in value for name in groups.get(item, (item,))))

    @field_validator("claims")
    @classmethod
    def _check_claims(cls, value: dict[str, Any]) -> dict[str, Any]:
        for key, choice in value.items():
            role, dot, name = key.partition(".")
            if not (role and dot and name):
                raise refuse(f'{brief(key)} is not of the form "role.property", such as "active.diffusivity"')
            if isinstance(choice, dict):
                keys = (
                    {"id"}
                    if "id" in choice
                    else {"value", "curve", "spread", "method", "temperature", "citation", "doi", "note"}
                )
                unknown = sorted(str(item) for item in set(choice) - keys)
                if unknown:
                    raise refuse(f"{brief(unknown[0])} is not one of {', '.join(sorted(keys))}", key)
                if "id" in choice and not isinstance(choice["id"], str):
                    raise refuse(f"{brief(choice['id'])} is not the id of a claim in quotes", key)
            elif isinstance(choice, bool) or not isinstance(choice, str | int | float):
                raise refuse(f'{brief(choice)} is not a value, {{ id = "..." }} or {{ value = "..." }}', key)
        return value
