"""Specific energy and energy density of a cell at every level, and what lies between theory and delivery.

Closed forms on a cell, a capacity and a mean voltage: no simulation. Leaves out: where capacity and voltage come from
(``simulated``), and the masses (``parts``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from lisse.cell.cell import Cell
from lisse.cell.format import FormatValues, format_values
from lisse.cell.remarks import percolation_remarks
from lisse.energy.equilibrium import mean_voltages
from lisse.energy.parts import CELL_GROUPS, GROUPS, STACK_GROUPS, Part, parts_of
from lisse.errors import InputError

HOUR = 3600.0
MAH_CM2 = 36_000.0
"""Coulombs per square metre in 1 mAh/cm2."""
LEVELS = {
    "material": ("active",),
    "stack": STACK_GROUPS,
    "cell": CELL_GROUPS,
    "cell_with_fixture": GROUPS,
}
"""Levels and the groups of parts that each counts."""
STEPS = {
    "composite": "catholyte, carbon, binder",
    "separator": "separator",
    "lithium": "lithium and anode",
    "collectors": "collectors",
    "tabs": "tabs",
    "casing": "casing",
    "fixture": "pressure fixture",
}
"""Groups that a waterfall takes off after utilisation and voltage, and what it calls them."""


@dataclass(frozen=True)
class Level:
    """Energy over mass and volume, counting the parts of one level.

    Attributes
    ----------
    mass, volume
        Per area of cathode face [kg/m2, m3/m2]; the volume is that of the charged state.
    specific_energy, energy_density
        Delivered [Wh/kg, Wh/L].
    theoretical_specific_energy, theoretical_energy_density
        Of the theoretical capacity at the mean open-circuit voltage, over the same mass and volume.
    cost
        [USD/kWh] delivered; None where a part has no price.
    """

    mass: float
    volume: float
    specific_energy: float
    energy_density: float
    theoretical_specific_energy: float
    theoretical_energy_density: float
    cost: float | None


@dataclass(frozen=True)
class Step:
    """One step of the waterfall: its name, what it changes and what is left after it [Wh/kg]."""

    key: str
    label: str
    change: float
    left: float


@dataclass(frozen=True)
class EnergyBreakdown:
    """What a cell weighs, takes, costs and gives.

    Attributes
    ----------
    cell
        Name.
    format
        Format, filled in.
    area
        Of one cathode face [m2].
    pressure
        That the fixture holds [Pa].
    parts
        Everything that has a mass or a volume.
    capacity
        Delivered [C/m2].
    mean_voltage
        Of the discharge [V].
    theoretical_capacity
        One lithium per formula unit [C/m2].
    equilibrium_voltage
        Mean open-circuit voltage over the part of the window that the discharge covers [V].
    theoretical_voltage
        Mean open-circuit voltage over the whole window [V].
    warnings
        Phases of the composite that do not percolate: no such cell delivers what it is said to.
    """

    cell: str
    format: FormatValues
    area: float
    pressure: float
    parts: tuple[Part, ...]
    capacity: float
    mean_voltage: float
    theoretical_capacity: float
    equilibrium_voltage: float
    theoretical_voltage: float
    warnings: tuple[str, ...] = ()

    @property
    def energy(self) -> float:
        """Energy delivered per area of cathode face [Wh/m2]."""
        return self.capacity * self.mean_voltage / HOUR

    @property
    def theoretical_energy(self) -> float:
        """Theoretical capacity at the mean open-circuit voltage, per area of cathode face [Wh/m2]."""
        return self.theoretical_capacity * self.theoretical_voltage / HOUR

    @cached_property
    def masses(self) -> dict[str, float]:
        """Mass of every group per area of cathode face [kg/m2]."""
        found = dict.fromkeys(GROUPS, 0.0)
        for part in self.parts:
            found[part.group] += part.mass
        return found

    def _of(self, groups: Iterable[str]) -> list[Part]:
        return [part for part in self.parts if part.group in groups]

    @cached_property
    def levels(self) -> dict[str, Level]:
        """Energy at every level of :data:`LEVELS`, by name."""
        return {name: self._level(groups) for name, groups in LEVELS.items()}

    def _level(self, groups: tuple[str, ...]) -> Level:
        parts = self._of(groups)
        mass, volume = sum(part.mass for part in parts), sum(part.volume for part in parts)
        costs = [part.cost for part in parts]
        known = [cost for cost in costs if cost is not None]
        whole = len(known) == len(costs)
        return Level(
            mass=mass,
            volume=volume,
            specific_energy=self.energy / mass,
            energy_density=self.energy / volume / 1e3,
            theoretical_specific_energy=self.theoretical_energy / mass,
            theoretical_energy_density=self.theoretical_energy / volume / 1e3,
            cost=1e3 * sum(known) / self.energy if whole else None,
        )

    @property
    def specific_energy(self) -> float:
        """Specific energy of the cell without its fixture [Wh/kg]."""
        return self.levels["cell"].specific_energy

    @property
    def energy_density(self) -> float:
        """Energy density of the cell without its fixture [Wh/L]."""
        return self.levels["cell"].energy_density

    @property
    def no_price(self) -> dict[str, str]:
        """Label of every part whose cost is not known, and why."""
        return {part.label: part.reason for part in self.parts if part.cost is None}

    @cached_property
    def waterfall(self) -> tuple[Step, ...]:
        """Steps from the theoretical specific energy of the active material to what the pressed cell delivers.

        Utilisation takes the energy at rest of what is not delivered, voltage what is delivered below rest, both per
        mass of active material; each group of parts then takes what its mass dilutes, in this order. The changes add
        up.
        """
        mass = self.masses["active"]
        left = self.theoretical_energy / mass
        steps = [Step("theoretical", "theoretical", left, left)]

        def go(key: str, label: str, value: float) -> None:
            steps.append(Step(key, label, value - steps[-1].left, value))

        go("utilisation", "utilisation", self.capacity * self.equilibrium_voltage / HOUR / mass)
        go("voltage", "voltage losses", self.energy / mass)
        for group, label in STEPS.items():
            mass += self.masses[group]
            go(group, label, self.energy / mass)
        return tuple(steps)

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse energy --json`` prints."""
        form, active = self.format, self.masses["active"]
        layers, face = form.layers, self.area * self.energy
        series = layers if form.kind == "bipolar" else 1
        weight = layers * self.area * 1e3
        return {
            "cell": self.cell,
            "format": {key: value for key, value in asdict(form).items() if key != "assumed"},
            "assumed": list(form.assumed),
            "stack_pressure_MPa": self.pressure / 1e6,
            "delivered": {
                "capacity_mAh_cm2": self.capacity / MAH_CM2,
                "capacity_mAh_g": self.capacity / HOUR / active,
                "mean_voltage_V": self.mean_voltage,
                "mean_equilibrium_voltage_V": self.equilibrium_voltage,
                "energy_mWh_cm2": self.energy / 10,
            },
            "theoretical": {
                "capacity_mAh_cm2": self.theoretical_capacity / MAH_CM2,
                "capacity_mAh_g": self.theoretical_capacity / HOUR / active,
                "mean_voltage_V": self.theoretical_voltage,
                "energy_mWh_cm2": self.theoretical_energy / 10,
            },
            "whole": {
                "energy_Wh": face * layers,
                "capacity_Ah": self.capacity / HOUR * self.area * layers / series,
                "voltage_V": self.mean_voltage * series,
                "mass_g": weight * self.levels["cell"].mass,
                "fixture_mass_g": weight * self.masses["fixture"],
                "volume_mL": 1e3 * weight * self.levels["cell"].volume,
            },
            "levels": {
                name: {
                    "Wh_kg": level.specific_energy,
                    "Wh_L": level.energy_density,
                    "theoretical_Wh_kg": level.theoretical_specific_energy,
                    "theoretical_Wh_L": level.theoretical_energy_density,
                    "mass_mg_cm2": 100 * level.mass,
                    "thickness_um": 1e6 * level.volume,
                    "cost_USD_kWh": level.cost,
                }
                for name, level in self.levels.items()
            },
            "waterfall": [
                {"step": step.key, "label": step.label, "change_Wh_kg": step.change, "left_Wh_kg": step.left}
                for step in self.waterfall
            ],
            "parts": [
                {
                    "group": part.group,
                    "label": part.label,
                    "material": part.material,
                    "mass_mg_cm2": 100 * part.mass,
                    "thickness_um": 1e6 * part.volume,
                    "price_USD_kg": part.price,
                    "cost_USD_m2": part.cost,
                    "no_price": part.reason or None,
                }
                for part in self.parts
            ],
            "warnings": list(self.warnings),
        }


def energy_of(
    cell: Cell,
    capacity_mAh_cm2: float,
    mean_voltage_V: float,
    *,
    equilibrium_voltage_V: float | None = None,
    stack_pressure_MPa: float | None = None,
) -> EnergyBreakdown:
    """Return what a cell in its format gives at a capacity and a mean voltage; takes under a millisecond.

    Parameters
    ----------
    cell
        With a cathode; what its file leaves open of the format is assumed (:func:`~lisse.cell.format.format_values`).
    capacity_mAh_cm2
        Discharge capacity per area of cathode face.
    mean_voltage_V
        Mean voltage of that discharge.
    equilibrium_voltage_V
        Mean voltage at rest over that discharge; by default that of the open-circuit curve from the upper limit of the
        window down.
    stack_pressure_MPa
        That the fixture must hold; by default the stack pressure of the cell file.

    Raises
    ------
    InputError
        If the cell has no cathode, a number is not above 0, or the capacity is more than the cathode holds.

    Examples
    --------
    >>> found = energy_of(Cell.load("practical-pouch"), 5.0, 3.75)
    >>> round(found.levels["stack"].specific_energy)
    485
    """
    derived = cell.derived
    cell.spec.composite  # noqa: B018  a symmetric cell has none, and says so
    pressure = derived.stack_pressure if stack_pressure_MPa is None else 1e6 * stack_pressure_MPa
    for name, value in (("capacity", capacity_mAh_cm2), ("voltage", mean_voltage_V)):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"{name}: {value:g} gives no energy; it must be above 0.")
    if not (math.isfinite(pressure) and pressure >= 0):
        raise InputError(f"stack_pressure_MPa: {stack_pressure_MPa:g} is no pressure; it must be at least 0.")
    capacity, theoretical = capacity_mAh_cm2 * MAH_CM2, derived.theoretical_capacity * derived.active_loading
    if capacity > theoretical:
        raise InputError(
            f"capacity: {capacity_mAh_cm2:g} mAh/cm2 is more than the {theoretical / MAH_CM2:.4g} mAh/cm2 that one "
            "lithium per formula unit of the cathode makes; give at most that."
        )
    whole, covered = mean_voltages(cell, capacity / derived.active_loading)
    form = format_values(cell.spec)
    return EnergyBreakdown(
        cell=cell.name,
        format=form,
        area=derived.cell_area,
        pressure=pressure,
        parts=parts_of(cell, form, capacity, pressure),
        capacity=capacity,
        mean_voltage=mean_voltage_V,
        theoretical_capacity=theoretical,
        equilibrium_voltage=covered if equilibrium_voltage_V is None else equilibrium_voltage_V,
        theoretical_voltage=whole,
        warnings=tuple(percolation_remarks(cell)),
    )
