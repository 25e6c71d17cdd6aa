"""What to change about a cell: single changes, each simulated, ranked by what they gain.

A change is one that a laboratory can make: half the separator, smaller particles, more pressure, a coating. Each is run
by itself with all that follows from it. Leaves out: changes together (``design``), and what a change costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.cell.particles import mean_radius
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies.batch import Progress, in_parallel
from lisse.studies.explain import QUANTITIES, discharge
from lisse.studies.prepared import Prepared

Array = NDArray[np.float64]

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
    capacity_mAh_g, voltage_V, energy_Wh_kg_active, energy_Wh_kg, energy_Wh_m2
        Gains of the last discharge against the cell as it is: capacity, mean voltage, and energy per mass of active
        material, per mass of the cell in its format, and per area.
    reason
        Why it could not be simulated, or ended early; None otherwise.
    """

    label: str
    fields: dict[str, tuple[Any, Any]]
    capacity_mAh_g: float | None
    voltage_V: float | None
    energy_Wh_kg_active: float | None
    energy_Wh_kg: float | None
    energy_Wh_m2: float | None
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "change": self.label,
            "fields": {name: {"from": before, "to": after} for name, (before, after) in self.fields.items()},
            "gain_capacity_mAh_g": self.capacity_mAh_g,
            "gain_voltage_V": self.voltage_V,
            "gain_energy_Wh_kg_active": self.energy_Wh_kg_active,
            "gain_energy_Wh_kg": self.energy_Wh_kg,
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


def _less(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    return _loaded(cell, 0.75, "loading a quarter lower")


def _more(cell: Cell) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    return _loaded(cell, 1.25, "loading a quarter higher")


def _loaded(cell: Cell, factor: float, label: str) -> tuple[str, dict[str, tuple[Any, Any]]] | None:
    loading = cell.derived.active_loading * 100
    return label, {"cathode.loading": (f"{loading:.4g} mg/cm^2", f"{factor * loading:.4g} mg/cm^2")}


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
    _less,
    _more,
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


def _delivered(cell: Cell, protocol: Protocol) -> tuple[Array, str | None]:
    """Return what the last discharge gave, with its energy per area [Wh/m2] at the end, and why the run ended early."""
    solved = Prepared(cell, protocol, [cell]).solve(cell)
    found = discharge(cell, solved.summary()["cycles"])
    area = found[QUANTITIES.index("energy_Wh_kg_active")] * cell.derived.active_loading
    return np.append(found, area), None if solved.status == "completed" else solved.reason


def remedies(
    cell: Cell,
    protocol: str | Protocol = "1 cycle at C/3",
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Change]:
    """Simulate single changes of a full cell and return them, the largest gain of energy per mass of the cell first.

    The C-rate means the same everywhere: the current follows the capacity of the changed cell.

    Parameters
    ----------
    cell
        A full cell.
    protocol
        What is done with it; its last discharge counts.
    workers
        Processes.
    progress
        Called with finished and all runs.

    Raises
    ------
    InputError
        If the cell is symmetric or the protocol cannot be read.
    """
    if cell.symmetric:
        raise InputError(f"cell: {cell.name} is symmetric and delivers no capacity; name a cell with a cathode.")
    loaded = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
    asked = [found for lever in LEVERS if (found := lever(cell)) is not None]

    def one(number: int) -> tuple[Array | None, str | None]:
        if number == 0:
            return _delivered(cell, loaded)
        _, fields = asked[number - 1]
        try:
            return _delivered(cell.replace(**{name: after for name, (_, after) in fields.items()}), loaded)
        except InputError as error:
            return None, str(error)

    (base, _), *rows = in_parallel(one, 1 + len(asked), workers, progress)
    assert base is not None
    changes = []
    for (label, fields), (row, reason) in zip(asked, rows, strict=True):
        gains = [None] * len(base) if row is None else [float(gain) for gain in row - base]
        capacity, voltage, active, whole, area = gains
        changes.append(Change(label, fields, capacity, voltage, active, whole, area, reason))
    return sorted(changes, key=lambda change: -np.inf if change.energy_Wh_kg is None else change.energy_Wh_kg)[::-1]
