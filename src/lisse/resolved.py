"""The resolved tier for a cell: its lithium pressed on its separator on a grid, with the cell's own claims.

Leaves out: the equations (``lisse.anode.rough_contact``, ``contact_evolution``, ``current_focusing``) and the drawing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lisse.anode.contact import ATMOSPHERE
from lisse.anode.contact_evolution import Conditions, History, evolve
from lisse.anode.creep import CreepLaw, range_warnings
from lisse.anode.current_focusing import SpotCurrent, spread
from lisse.anode.rough_contact import (
    CONSTRAINT,
    Contact,
    Hardness,
    Roughness,
    contact_modulus,
    press_plastic,
    self_affine,
)
from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.mechanism import FARADAY
from lisse.units import quantity

SIZE = 100e-6
"""Side of the periodic square [m]."""
ELECTROLYTE_POISSON = 0.3
"""Poisson ratio of the electrolyte [-]; assumed, 0.2 to 0.4 moves the contact modulus by 3 %."""
SPREADS = {
    "roughness.rms_height": "x/÷ 3",
    "roughness.hurst": "± 0.1",
    "roughness.longest": "x/÷ 2",
    "roughness.shortest": "x/÷ 2",
    "strain_rate": "x/÷ 10",
    "electrolyte_poisson_ratio": "± 0.1",
}
"""What the resolved tier assumes beside the claims of the cell, and how far it may be off (one sigma)."""
CLAIMS = (
    ("anode", "creep_prefactor"),
    ("anode", "creep_exponent"),
    ("anode", "creep_activation_energy"),
    ("anode", "creep_sinh_coefficient"),
    ("anode", "size_effect_length"),
    ("anode", "size_effect_exponent"),
    ("anode", "youngs_modulus"),
    ("anode", "poisson_ratio"),
    ("anode", "lithium_molar_volume"),
    ("anode", "charge_transfer_resistance"),
    ("separator", "youngs_modulus"),
)
"""Claims of the cell that the resolved tier reads."""


@dataclass(frozen=True)
class ContactMap:
    """Contact of a cell's lithium with its separator, resolved.

    Attributes
    ----------
    cell
        Name of the cell.
    pressure, temperature
        [Pa], [K].
    current_density, duration
        [A/m2] positive where lithium is stripped, and [s]; 0 for the contact right after pressing.
    seed, roughness, hardness
        Of the surface and the metal.
    first, last
        The contact right after pressing and at the end.
    history
        Between the two; None without a time.
    current
        How the current spreads over the last contact.
    warnings
        What a reader should know before believing the numbers.
    """

    cell: str
    pressure: float
    temperature: float
    current_density: float
    duration: float
    seed: int
    roughness: Roughness
    hardness: Hardness
    first: Contact
    last: Contact
    history: History | None
    current: SpotCurrent
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lisse contact-map --json`` prints."""
        surface, radius = self.last.flattened, self.last.feature_radius
        values = {f"roughness.{name}": value for name, value in asdict(self.roughness).items()}
        values |= {"strain_rate": self.hardness.strain_rate, "electrolyte_poisson_ratio": ELECTROLYTE_POISSON}
        return {
            "cell": self.cell,
            "pressure_MPa": self.pressure / 1e6,
            "temperature_degC": self.temperature - 273.15,
            "current_mA_cm2": self.current_density / 10,
            "time_h": self.duration / 3600,
            "grid": len(surface.heights),
            "size_um": surface.size * 1e6,
            "seed": self.seed,
            "contact_fraction": self.last.fraction,
            "contact_fraction_pressed": self.first.fraction,
            "hardness_MPa": CONSTRAINT * self.first.strengthening * self.hardness.flow_stress / 1e6,
            "feature_radius_um": radius * 1e6 if np.isfinite(radius) else None,
            "mean_gap_nm": float(np.mean(self.last.gap)) * 1e9,
            "largest_current_over_mean": self.current.largest,
            "interface_resistance_ohm_cm2": self.current.area_resistance * 1e4,
            "history": _history(self.history),
            "assumed": [{"name": name, "value": values[name], "spread": SPREADS[name]} for name in SPREADS],
            "warnings": list(self.warnings),
        }


def _history(history: History | None) -> dict[str, list[float]] | None:
    if history is None:
        return None
    return {
        "time_s": history.time.tolist(),
        "contact_fraction": history.fraction.tolist(),
        "mean_gap_nm": (history.mean_gap * 1e9).tolist(),
    }


def contact_map(
    cell: Cell | str | Path,
    pressure: str | None = None,
    current: str | None = None,
    time: str | None = None,
    grid: int = 128,
    seed: int = 1,
    roughness: Roughness | None = None,
) -> ContactMap:
    """Press a cell's lithium on its separator on a grid, and let it creep, strip or plate for a while.

    Parameters
    ----------
    cell
        Cell, name or path.
    pressure
        ``"5 MPa"``; that of the cell without it, and at least the atmosphere's 0.1 MPa.
    current
        ``"1 mA/cm^2"``, positive where lithium is stripped; needs a time.
    time
        ``"1 h"``; the contact right after pressing without it.
    grid
        Points along a side of 100 um.
    seed
        Of the surface.
    roughness
        What is assumed of the surface.

    Raises
    ------
    InputError
        If a value cannot be read or used, or the anode is not bare lithium that creeps.
    LisseError
        If a solver does not converge.

    Examples
    --------
    >>> found = contact_map("reference", pressure="20 MPa", grid=64)
    >>> found.last.fraction
    1.0
    """
    described = cell if isinstance(cell, Cell) else Cell.load(cell)
    warnings: list[str] = []
    pressed = _pressure(described, pressure, warnings)
    density = quantity(current, "A/m^2", "current") if current is not None else 0.0
    duration = quantity(time, "s", "time") if time is not None else 0.0
    if duration < 0 or (time is not None and duration == 0):
        raise InputError(f"time: {time!r} is not a time above 0, such as 1 h.")
    if density and not duration:
        raise InputError(f"current: {current!r} needs a time for which it flows; give one, such as 1 h.")
    _check_anode(described)
    temperature = described.spec.operation.temperature
    values = {(role, name): _number(described, role, name) for role, name in CLAIMS}
    hardness, modulus = _mechanics(values, temperature)
    shape = roughness or Roughness()
    surface = self_affine(grid, SIZE, shape, seed)
    history = None
    if duration:
        volume = values["anode", "lithium_molar_volume"] / FARADAY
        history = evolve(surface, Conditions(pressed, density, duration, volume), modulus, hardness)
    first = press_plastic(surface, pressed, modulus, hardness) if history is None else history.first
    last = first if history is None else history.last
    stress = pressed / last.fraction / CONSTRAINT / last.strengthening
    warnings += range_warnings(stress, temperature, "stress in the contact spots")
    resistance = values["anode", "charge_transfer_resistance"]
    spots = spread(last.touching, SIZE, described.derived.separator_conductivity, resistance)
    return ContactMap(
        described.name,
        pressed,
        temperature,
        density,
        duration,
        seed,
        shape,
        hardness,
        first,
        last,
        history,
        spots,
        tuple(warnings),
    )


def _mechanics(values: dict[tuple[str, str], float], temperature: float) -> tuple[Hardness, float]:
    """Return the strength of the lithium and the contact modulus [Pa] from the claims."""
    law = CreepLaw(*(values["anode", name] for _, name in CLAIMS[:4]))
    size = values["anode", "size_effect_length"], values["anode", "size_effect_exponent"]
    modulus = contact_modulus(
        values["anode", "youngs_modulus"],
        values["anode", "poisson_ratio"],
        values["separator", "youngs_modulus"],
        ELECTROLYTE_POISSON,
    )
    return Hardness(law, temperature, *size), modulus


def _check_anode(cell: Cell) -> None:
    """Raise unless the anode is bare metal with a creep law."""
    anode = cell.spec.anode
    if not cell.has_claim("anode", "creep_prefactor"):
        raise InputError(f"anode.material: {anode.material!r} has no creep law; the resolved contact needs lithium.")
    if anode.interlayer is not None:
        name = anode.interlayer.material
        raise InputError(f"anode.interlayer: {name!r} keeps lithium off the separator; take a cell without it.")


def _number(cell: Cell, role: str, name: str) -> float:
    """Return a claim of the cell that is one number [SI]."""
    value = cell.claim(role, name).value
    if not isinstance(value, int | float):
        raise InputError(f"{role}.{name}: {value} is not a number; choose a claim that is.")
    return float(value)


def _pressure(cell: Cell, given: str | None, warnings: list[str]) -> float:
    """Return the pressure on the contact [Pa]; never below the atmosphere's."""
    value = cell.derived.stack_pressure if given is None else quantity(given, "Pa", "pressure")
    if value < 0:
        raise InputError(f"pressure: {given!r} is negative; give a pressure from 0 MPa up.")
    if value <= ATMOSPHERE:
        warnings.append("no stack pressure: the atmosphere presses with 0.1 MPa.")
    return max(value, ATMOSPHERE)
