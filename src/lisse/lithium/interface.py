"""The two faces of lithium in one cell, for many cells at once: rates, resistances, edge currents, endings.

Puts together the equations of ``anode`` and ``separator`` for arrays of drawn parameters. Leaves out: time
(``simulator``) and where the parameters come from (``parameters``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lisse.anode import contact, interphase, kinetics
from lisse.anode.creep import CreepLaw, void_closure_rate, void_pressure
from lisse.anode.current_focusing import edge_ratio, reduced_radius
from lisse.anode.healing import HIGHEST_HEALING_CURRENT, healing_current
from lisse.anode.interlayers import deficit_beyond_reservoir
from lisse.anode.voids import (
    CALIBRATION_LENGTH,
    FASTEST_CLOSURE,
    OCCLUDED_RADIUS,
    VoidLaw,
    coverage,
    spot_resistance,
    void_radius,
    void_rates,
)
from lisse.mechanism import arrhenius

Array = NDArray[np.float64]

FACES = 2
"""The electrode that strips on positive current, then the other."""


class Ending(IntEnum):
    """How a cell ended."""

    NONE = 0
    SHORT = 1
    CONTACT_LOSS = 2
    VOLTAGE_LIMIT = 3
    LITHIUM_EXHAUSTED = 4
    LITHIUM_EXTRUSION = 5
    INTERPHASE_THROUGH = 6

    @property
    def label(self) -> str | None:
        """Name in tables and JSON; None for a cell that lives."""
        return None if self is Ending.NONE else self.name.lower()


@dataclass(frozen=True)
class Surroundings:
    """What acts on a cell's lithium: arrays over cells, SI.

    Attributes
    ----------
    temperature
        [K].
    separator_resistance
        Area resistance of the separator, the interlayer and the leads [ohm m^2].
    conductivity
        Of the separator at this temperature [S/m].
    """

    temperature: Array
    separator_resistance: Array
    conductivity: Array


class Interface:
    """Equations of a lithium face with one set of parameters per cell.

    Parameters
    ----------
    parameters
        By name, see :data:`lisse.lithium.parameters.ROWS`; arrays of shape (cells,).
    surroundings
        Temperature and series resistance.
    """

    def __init__(self, parameters: dict[str, Array], surroundings: Surroundings) -> None:
        self.p = parameters
        self.around = surroundings
        self.flows = "creep_prefactor" in parameters

    @cached_property
    def law(self) -> VoidLaw:
        """Coefficients of the void balance."""
        p = self.p
        return VoidLaw(
            p["void_yield"],
            p["coverage_height"],
            p["onset_ratio"],
            p["refill_efficiency"],
            p["occluded_fraction"],
            p["reexposure_thickness"],
        )

    @cached_property
    def creep_factor(self) -> Array:
        """Arrhenius factor of the creep of lithium [-]; the critical currents carry it too."""
        return np.asarray(arrhenius(self.p["creep_energy"], self.around.temperature))

    def healing(self, pressure: Array) -> Array:
        """Healing current [A/m2]; an alloy's skeleton needs none."""
        if not self.flows:
            return np.full_like(pressure, HIGHEST_HEALING_CURRENT)
        p = self.p
        return np.asarray(
            healing_current(
                pressure,
                self.around.temperature,
                p["healing_offset"],
                p["healing_linear"],
                p["healing_power"],
                p["creep_exponent"],
                p["creep_energy"],
            )
            * p.get("healing_factor", 1.0)
        )

    def closure(self, pressure: Array) -> Array:
        """Closing rate of occluded voids [1/s]."""
        p = self.p
        law = CreepLaw(p["creep_prefactor"], p["creep_exponent"], p["creep_energy"], p["sinh_coefficient"])
        pressed = void_pressure(
            np.maximum(pressure, contact.ATMOSPHERE), p["surface_energy"], OCCLUDED_RADIUS * p["void_spacing"]
        )
        rate = void_closure_rate(pressed, self.around.temperature, law, p["occluded_size_factor"])
        return np.asarray(np.minimum(rate, FASTEST_CLOSURE))

    def rates(self, voids: Array, current: Array, healing: Array, closure: Array) -> Array:
        """Rates of open and occluded void height and cover [m/s], of the shape of ``voids``."""
        return np.stack(void_rates(self.law, voids[0], voids[1], voids[2], current, healing, closure))

    def coverage(self, open_height: Array) -> Array:
        """Share of the contact that voids leave [-]."""
        if "reservoir" in self.p:
            held = self.p["reservoir"]
            open_height = np.where(held > 0, deficit_beyond_reservoir(open_height, held), open_height)
        return np.asarray(coverage(open_height, self.p["coverage_height"]))

    def static_fraction(self, pressure: Array, highest: Array) -> Array:
        """Static contact fraction [-]."""
        if not self.flows:
            return np.ones_like(pressure)
        hardness = contact.contact_hardness(
            self.p["contact_hardness"], self.around.temperature, self.p["creep_energy"], self.p["creep_exponent"]
        )
        return np.asarray(contact.contact_fraction(pressure, highest, hardness, self.p["unloading_exponent"]))

    @cached_property
    def charge_transfer(self) -> Array:
        """Charge-transfer resistance at full contact and at temperature [ohm m^2]."""
        return np.asarray(
            kinetics.charge_transfer_resistance(
                self.p["charge_transfer_resistance"], self.p["charge_transfer_energy"], self.around.temperature
            )
        )

    def overpotential(self, current: Array, static: Array, covered: Array, charge: Array) -> Array:
        """Magnitude of the voltage that one face costs [V]."""
        fraction = np.maximum(static * covered, contact.SMALLEST_FRACTION)
        exchange = kinetics.exchange_current_density(self.charge_transfer, self.around.temperature)
        kinetic = kinetics.overpotential(current, exchange, self.around.temperature, fraction)
        film = self.interphase_resistance(charge) / fraction
        return np.asarray(np.abs(kinetic) + np.abs(current) * (self.contact_resistance(fraction, covered) + film))

    def contact_resistance(self, fraction: Array, covered: Array) -> Array:
        """Resistance of the incomplete contact [ohm m^2]; constriction is counted once."""
        if not self.flows:
            return np.zeros_like(fraction)
        fitted = contact.contact_resistance(self.p["contact_resistance"], fraction)
        spots = spot_resistance(covered, self.p["void_spacing"], self.around.conductivity)
        return np.where(self.p["contact_resistance"] > 0, fitted, spots)

    def interphase_resistance(self, charge: Array) -> Array:
        """Area resistance of the interphase [ohm m^2]."""
        return np.asarray(
            interphase.area_resistance(charge, self.p["interphase_thickness"], self.p["interphase_conductivity"])
        )

    @cached_property
    def interphase_speed(self) -> Array:
        """Factor on the interphase's growth with time [-]: temperature, and the square of what an interlayer leaves."""
        left = self.p.get("interphase_factor", 1.0)
        return np.asarray(arrhenius(self.p["interphase_energy"], self.around.temperature) * left**2)

    def edge_current(self, current: Array, covered: Array) -> Array:
        r"""Plating current at the edge of voids [A/m^2]: i/theta_v, focused relative to the calibration cells."""
        radius = void_radius(covered, self.p["void_spacing"])
        own = edge_ratio(reduced_radius(radius, self.around.conductivity, self.charge_transfer))
        return np.asarray(current / covered * own / edge_ratio(radius / CALIBRATION_LENGTH))
