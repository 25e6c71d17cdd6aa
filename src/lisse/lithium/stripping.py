"""One stripping half cycle: the critical stripping current and how the contact goes.

Leaves out: cycling (``cycle_life``) and lateral patches (``patches``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build, range_warnings
from lisse.lithium.simulator import Simulator
from lisse.lithium.statistics import band, endings, rounded

Array = NDArray[np.float64]

DEFAULT_CAPACITY = 3.6e4
"""Charge of the half cycle [C/m2] (1 mAh/cm2)."""
POINTS = 60


@dataclass(frozen=True)
class Strip:
    """Outcome of a stripping half cycle.

    Attributes
    ----------
    time
        [s], shape (points,).
    contact, coverage
        Contact fraction, and the share of it that voids leave, of each cell, shape (points, cells); NaN after a cell
        has ended.
    voltage
        Of the cell [V], same shape.
    critical
        Critical stripping current density of each cell [A/m2].
    """

    cell: Cell
    current: float
    time: Array
    contact: Array
    coverage: Array
    voltage: Array
    critical: Array
    deterministic: float
    simulator: Simulator
    seed: int | None
    warnings: list[str]

    def summary(self) -> dict[str, Any]:
        """Return the outcome as plain types."""
        lost = np.where(self.simulator.state.alive, np.inf, self.simulator.state.time)
        return rounded(
            {
                "cell": self.cell.name,
                "stack_pressure_MPa": float(np.median(self.simulator.setup.pressure)) / 1e6,
                "temperature_degC": float(np.median(self.simulator.face.around.temperature)) - 273.15,
                "current_density_mA_cm2": self.current / 10,
                "critical_stripping_current_mA_cm2": {
                    **{name: value if value is None else value / 10 for name, value in band(self.critical).items()},
                    "deterministic": self.deterministic / 10,
                },
                "endings": endings(self.simulator),
                "time_to_end_h": {name: value if value is None else value / 3600 for name, value in band(lost).items()},
                "history": {
                    "time_h": self.time / 3600,
                    "contact_fraction": _median(self.contact),
                    "void_coverage": _median(self.coverage),
                    "voltage_V": _median(self.voltage),
                },
                "cells": len(self.critical),
                "seed": self.seed,
                "warnings": self.warnings,
            }
        )


def strip(
    cell: Cell,
    current: float,
    conditions: Conditions | None = None,
    *,
    capacity: float = DEFAULT_CAPACITY,
    cells: int = 200,
    seed: int = 1,
) -> Strip:
    """Strip lithium from fresh interfaces and follow the contact.

    Parameters
    ----------
    cell
        Cell file.
    current
        Current density [A/m2], above 0.
    conditions
        Pressure and temperature where they differ from the file.
    capacity
        Charge of the half cycle [C/m2].
    cells, seed
        How many cells are drawn, and the seed.

    Raises
    ------
    InputError
        If current or capacity are not above 0, or the materials lack a claim.
    """
    for name, value in (("current", current), ("capacity", capacity), ("cells", cells)):
        if value <= 0:
            raise InputError(f"{name}: {value:g} is not accepted; it must be above 0.")
    simulator, single = build(cell, conditions, count=cells, seed=seed), build(cell, conditions)
    duration = capacity / current
    times = np.linspace(0, duration, POINTS + 1)[1:]
    contact: list[Array] = []
    coverage: list[Array] = []
    voltage: list[Array] = []
    for _ in times:
        alive = simulator.state.alive
        simulator.advance(current, duration / POINTS)
        share = simulator.coverage()[0]
        alive &= simulator.state.alive
        for rows, values in (
            (contact, simulator.contact_fraction()[0]),
            (coverage, share),
            (voltage, simulator.state.voltage),
        ):
            rows.append(np.where(alive, values, np.nan))
        if not alive.any():
            break
    pressure, temperature = simulator.state.pressure, simulator.face.around.temperature
    return Strip(
        cell=cell,
        current=current,
        time=times[: len(contact)],
        contact=np.array(contact),
        coverage=np.array(coverage),
        voltage=np.array(voltage),
        critical=simulator.face.healing(pressure),
        deterministic=float(single.face.healing(single.state.pressure)[0]),
        simulator=simulator,
        seed=seed,
        warnings=range_warnings(cell, _ends(pressure), _ends(temperature), (current, current)),
    )


def _median(rows: Array) -> list[float]:
    """Return the median of each row over the cells that live; not a number where none does."""
    return [float(np.median(row[np.isfinite(row)])) if np.isfinite(row).any() else float("nan") for row in rows]


def _ends(values: Array) -> tuple[float, float]:
    return float(values.min()), float(values.max())
