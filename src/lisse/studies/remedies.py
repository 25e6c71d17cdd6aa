"""What to change about a cell: single changes, each simulated, ranked by what they gain.

A change is one that a laboratory can make: half the separator, smaller particles, more pressure, a coating. Each is run
by itself with all that follows from it. Leaves out: changes together (``design``), and what a change costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lisse.cell.cell import Cell
from lisse.cell.particles import mean_radius
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies.prepared import Prepared

HIGHEST_PRESSURE = 400e6
"""Stack pressure that no change exceeds [Pa]."""
HIGHEST_TEMPERATURE = 333.15
"""Temperature that no change exceeds [K]."""
SHIFTED_SHARE = 0.05
"""Mass fraction that moves between active material and electrolyte."""


@dataclass(frozen=True)
class Change:
    """One change and what came of it.

    Attributes
    ----------
    label
        In words.
    fields
        Fields of the cell file, before and after.
    capacity_mAh_g, energy_Wh_kg_active, energy_Wh_m2
        Gains against the cell as it is: of the last discharge, per mass of active material, and per cell area.
    reason
        Why it could not be simulated, or ended early; None otherwise.
    """

    label: str
    fields: dict[str, tuple[Any, Any]]
    capacity_mAh_g: float | None
    energy_Wh_kg_active: float | None
    energy_Wh_m2: float | None
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "change": self.label,
            "fields": {name: {"from": before, "to": after} for name, (before, after) in self.fields.items()},
            "gain_capacity_mAh_g": self.capacity_mAh_g,
            "gain_energy_Wh_kg_active": self.energy_Wh_kg_active,
            "gain_energy_Wh_m2": self.energy_Wh_m2,
            "reason": self.reason,
        }


Lever = Callable[[Cell], tuple[str, dict[str, tuple[Any, Any]]] | None]


def _separator(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    thickness = cell.derived.separator_thickness
    fields = {"separator.thickness": (_um(thickness), _um(thickness / 2))}
    return "separator half as thick", fields


def _particles(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    cathode = cell.spec.composite
    if cathode.distribution is not None or cathode.blend:
        return None
    diameter = 2 * mean_radius(cell.size_classes)
    return "oxide particles half as large", {"cathode.particle_diameter": (_um(diameter), _um(diameter / 2))}


def _pressure(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    pressure = cell.spec.operation.stack_pressure
    if not pressure or 2 * pressure > HIGHEST_PRESSURE:
        return None
    return "twice the stack pressure", {"operation.stack_pressure": (_mpa(pressure), _mpa(2 * pressure))}


def _temperature(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    kelvin = cell.spec.operation.temperature
    if kelvin + 20 > HIGHEST_TEMPERATURE:
        return None
    fields = {"operation.temperature": (f"{kelvin - 273.15:g} degC", f"{kelvin + 20 - 273.15:g} degC")}
    return "20 K warmer", fields


def _porosity(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    porosity = cell.derived.void_fraction
    if not porosity > 0.02:
        return None
    return "composite with half the pores", {"cathode.porosity": (round(porosity, 4), round(porosity / 2, 4))}


def _loading(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    loading = cell.derived.active_loading * 100
    return "loading a quarter lower", {"cathode.loading": (f"{loading:.4g} mg/cm^2", f"{0.75 * loading:.4g} mg/cm^2")}


def _electrolyte(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    return _shifted(cell, SHIFTED_SHARE, "more electrolyte in the composite")


def _active(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    return _shifted(cell, -SHIFTED_SHARE, "more oxide in the composite")


def _shifted(cell: Cell, share: float, label: str) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    fractions = dict(cell.spec.composite.mass_fractions)
    before = {name: fractions[name] for name in ("active", "electrolyte")}
    after = {"active": round(before["active"] - share, 6), "electrolyte": round(before["electrolyte"] + share, 6)}
    if min(after.values()) <= 0:
        return None
    return label, {f"cathode.mass_fractions.{name}": (before[name], after[name]) for name in before}


def _coating(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    cathode = cell.spec.composite
    if cathode.coating is not None:
        return "no coating on the oxide", {"cathode.coating": (cathode.coating.material, None)}
    after = {"material": "LiNbO3", "thickness": "10 nm"}
    return "10 nm of LiNbO3 on the oxide", {"cathode.coating": (None, after)}


def _crystal(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    if cell.spec.composite.morphology != "polycrystal" or "cracks" not in cell.spec.mechanisms:
        return None
    return "single crystals", {"cathode.morphology": ("polycrystal", "single-crystal")}


LEVERS: tuple[Lever, ...] = (
    _separator,
    _particles,
    _pressure,
    _temperature,
    _porosity,
    _loading,
    _electrolyte,
    _active,
    _coating,
    _crystal,
)
"""Changes that are tried, as far as the cell has what they change."""


def _um(length: float) -> str:
    return f"{length * 1e6:.4g} um"


def _mpa(pressure: float) -> str:
    return f"{pressure / 1e6:.4g} MPa"


def _delivered(cell: Cell, protocol: Protocol) -> tuple[float, float, float, str | None]:
    """Return capacity [mAh/g], energy per active mass [Wh/kg] and per area [Wh/m2] of the last discharge."""
    solved = Prepared(cell, protocol, [cell]).solve(cell)
    cycles = solved.summary()["cycles"]
    last = cycles[-1] if cycles else {}
    capacity, voltage = last.get("discharge_capacity_mAh_g") or 0.0, last.get("mean_discharge_voltage_V") or 0.0
    energy = capacity * voltage
    return (
        capacity,
        energy,
        energy * cell.derived.active_loading,
        None if solved.status == "completed" else solved.reason,
    )


def remedies(cell: Cell, protocol: str | Protocol = "1 cycle at C/3") -> list[Change]:
    """Simulate single changes of a full cell and return them, the largest gain of energy per active mass first.

    The C-rate means the same everywhere: the current follows the capacity of the changed cell.

    Raises
    ------
    InputError
        If the cell is symmetric or the protocol cannot be read.
    """
    if cell.symmetric:
        raise InputError(f"cell: {cell.name} is symmetric and delivers no capacity; name a cell with a cathode.")
    loaded = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
    base = _delivered(cell, loaded)
    found = []
    for lever in LEVERS:
        asked = lever(cell)
        if asked is None:
            continue
        label, fields = asked
        try:
            changed = cell.replace(**{name: after for name, (_, after) in fields.items()})
            capacity, energy, area_energy, reason = _delivered(changed, loaded)
        except InputError as error:
            found.append(Change(label, fields, None, None, None, str(error)))
            continue
        found.append(Change(label, fields, capacity - base[0], energy - base[1], area_energy - base[2], reason))
    return sorted(found, key=lambda change: -(change.energy_Wh_kg_active or float("-inf")))
