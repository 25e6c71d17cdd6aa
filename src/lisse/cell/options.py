"""Typed options of the cell model: each set of options is one build, everything else is an input of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lisse.cell.fields import brief
from lisse.errors import InputError


class SurfaceForm(StrEnum):
    """Whether interfaces store charge; impedance needs ``differential``."""

    ALGEBRAIC = "false"
    DIFFERENTIAL = "differential"


class Thermal(StrEnum):
    """``isothermal`` keeps the ambient temperature; ``lumped`` solves one temperature for the cell."""

    ISOTHERMAL = "isothermal"
    LUMPED = "lumped"


class Fixture(StrEnum):
    """What the frame does when the stack breathes."""

    CONSTANT_PRESSURE = "constant_pressure"
    SPRING = "spring"


class ContactLaw(StrEnum):
    """Contact fraction of lithium on first loading (anode.md 2.2)."""

    EXPONENTIAL = "exponential"
    PERSSON = "persson"
    GW_EP = "gw_ep"


LITHIUM_MECHANISMS = ("voids", "interphase", "filaments")
"""Mechanisms of the lithium interface: options of their own, which a cell file can list under ``mechanisms``."""
CATHODE_MECHANISMS = ("contact_loss", "cracks", "cathode_interphase")
"""Mechanisms of the composite cathode, which a cell file can list as well."""
CELL_MECHANISMS = (*LITHIUM_MECHANISMS, "bending", *CATHODE_MECHANISMS)
"""What a cell file can switch on by name."""


class Options(BaseModel):
    """Options of :class:`lisse.SolidStateCell`.

    Attributes
    ----------
    surface_form
        Double layers on both electrodes (``differential``) or none (``false``).
    thermal
        ``isothermal`` or ``lumped``.
    fixture
        ``constant_pressure`` or ``spring``.
    populations
        Number of populations of active particles (size classes).
    transform
        Kirchhoff transform of the particle diffusion; may be off where the diffusivity is constant.
    audit
        States that keep the books of energy and throughput; off only for timing.
    symmetric
        Lithium on both sides of the separator, and no composite.
    voids
        Voids at the lithium: open and occluded, and the contact that they cost.
    interphase
        Interphase at the lithium: lithium consumed, thickness, resistance.
    filaments
        Filaments, and the short beside the cell that they end in.
    contact_loss
        Gaps at the particles of the composite, and what they cost: wetted area, connected fraction, path length.
    cracks
        Cracks in these particles: longer paths, and active mass that is cut off.
    cathode_interphase
        Oxidation of the electrolyte at the oxide: charge, thickness, resistance.
    coated
        Whether the interphase grows under a coating too.
    carbon_oxidation
        Whether it grows on carbon too.
    space_charge
        Space-charge layer on bare oxide; where the interphase is on, the larger of the two resistances counts.
    extrusion
        Lithium foil that no die confines and that the pressure squeezes out.
    bending
        Stress of the separator between electrodes that grow and shrink, and its cracking.
    alloy_diffusion
        Diffusion of lithium in an alloy anode in place of one inventory.
    reference_electrode
        Potentials of both electrodes against a reference electrode in the separator.
    contact_law
        Contact fraction on first loading: ``exponential``, ``persson`` or ``gw_ep``.
    mechanisms
        Names of further mechanisms, registered under the entry-point group ``lisse.mechanisms``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    surface_form: SurfaceForm = SurfaceForm.ALGEBRAIC
    thermal: Thermal = Thermal.ISOTHERMAL
    fixture: Fixture = Fixture.CONSTANT_PRESSURE
    populations: int = Field(default=1, ge=1, le=50)
    transform: bool = True
    audit: bool = True
    symmetric: bool = False
    voids: bool = False
    interphase: bool = False
    filaments: bool = False
    contact_loss: bool = False
    cracks: bool = False
    cathode_interphase: bool = False
    coated: bool = False
    carbon_oxidation: bool = False
    space_charge: bool = False
    extrusion: bool = False
    bending: bool = False
    alloy_diffusion: bool = False
    reference_electrode: bool = False
    contact_law: ContactLaw = ContactLaw.EXPONENTIAL
    mechanisms: tuple[str, ...] = ()

    @property
    def lithium_mechanisms(self) -> tuple[str, ...]:
        """Mechanisms of the lithium interface that are on."""
        return tuple(name for name in (*LITHIUM_MECHANISMS, "extrusion") if getattr(self, name))

    @property
    def cathode_mechanisms(self) -> tuple[str, ...]:
        """Mechanisms of the composite cathode that are on."""
        return tuple(name for name in CATHODE_MECHANISMS if getattr(self, name))

    @classmethod
    def asked(cls, options: Options | Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what is asked for by field name, defaults left out; also of a dictionary with PyBaMM's spelling.

        Raises
        ------
        InputError
            If ``options`` is no table of names, or names an option twice.
        """
        if isinstance(options, Options):
            return options.model_dump(exclude_unset=True)
        if options is None:
            return {}
        known = ", ".join(cls.model_fields)
        if not isinstance(options, Mapping) or not all(isinstance(key, str) for key in options):
            raise InputError(f"options: {brief(options)} is not a dictionary of option names (options are {known}).")
        named = {key.replace(" ", "_"): value for key, value in options.items()}
        if len(named) < len(options):
            raise InputError(f"options: {brief(options)} gives an option twice; give each of them once.")
        return named

    @classmethod
    def make(cls, options: Options | dict[str, Any] | None) -> Options:
        """Accept an :class:`Options`, a dictionary (also with PyBaMM's key ``surface form``) or nothing.

        Raises
        ------
        InputError
            If a key or value is unknown.
        """
        if isinstance(options, Options):
            return options
        try:
            made = cls(**cls.asked(options))
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0]) if first["loc"] else "options"
            known = ", ".join(cls.model_fields)
            raise InputError(f"option {key!r}: {first['msg']} (options are {known}).") from None
        if len(set(made.mechanisms)) < len(made.mechanisms):
            raise InputError(f"option 'mechanisms': {brief(made.mechanisms)} names a mechanism twice; give each once.")
        return made
