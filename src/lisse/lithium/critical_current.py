"""The stepwise critical-current test: at which current density a symmetric cell dies, and of what.

Short, contact loss and voltage limit are told apart. Leaves out: cells with a composite cathode, of which the lithium
and the separator are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build, range_warnings
from lisse.lithium.interface import Ending
from lisse.lithium.simulator import Simulator
from lisse.lithium.statistics import band, endings, main_ending, rounded

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

DEFAULT_STEPS = tuple(float(i) for i in np.round(np.arange(1, 51) * 1.0, 6))
"""Current densities of the test [A/m2]: 0.1 to 5 mA/cm2 in steps of 0.1."""
DEFAULT_STEP_TIME = 3600.0
"""Duration of each half cycle [s]."""


@dataclass(frozen=True)
class Ladder:
    """The steps of a test, SI.

    Attributes
    ----------
    currents
        Current densities in rising order [A/m2].
    time
        Of each half cycle [s]; None where the capacity is fixed.
    capacity
        Of each half cycle [C/m2]; None where the time is fixed.
    rest
        After each half cycle [s].
    """

    currents: Sequence[float] = DEFAULT_STEPS
    time: float | None = None
    capacity: float | None = None
    rest: float = 0.0

    def __post_init__(self) -> None:
        if not len(self.currents):
            raise InputError("steps: the list of current densities is empty; give at least one above 0.")
        if min(self.currents) <= 0 or any(b <= a for a, b in zip(self.currents[:-1], self.currents[1:], strict=True)):
            raise InputError("steps: the current densities must be positive and rise from one to the next.")
        if self.time is not None and self.capacity is not None:
            raise InputError("step-time and step-capacity are both given, but one follows from the other; give one.")
        for name, value in (("step-time", self.time), ("step-capacity", self.capacity)):
            if value is not None and value <= 0:
                raise InputError(f"{name}: {value:g} is not accepted; it must be above 0.")

    def duration(self, current: float) -> float:
        """Return how long a half cycle takes [s]."""
        if self.capacity is not None:
            return self.capacity / current
        return DEFAULT_STEP_TIME if self.time is None else self.time


@dataclass(frozen=True)
class CriticalCurrent:
    """Outcome of a test.

    Attributes
    ----------
    current
        Current density of the step in which each cell ended [A/m2]; infinite for those that outlived the last step.
    deterministic
        The same of the cell with every claim's own value and the deterministic criterion [A/m2].
    deterministic_ending
        How it ended; None if it did not.
    steps
        One row a step: current density, cells that ended by cause, lowest coverage and voltage of the median cell.
    """

    cell: Cell
    ladder: Ladder
    current: Array
    deterministic: float
    deterministic_ending: str | None
    simulator: Simulator
    steps: list[dict[str, Any]]
    seed: int
    warnings: list[str]

    def summary(self) -> dict[str, Any]:
        """Return the outcome as plain types; current densities in mA/cm2."""
        counts = endings(self.simulator)
        state = self.simulator.state
        return rounded(
            {
                "cell": self.cell.name,
                "stack_pressure_MPa": float(np.median(self.simulator.setup.pressure)) / 1e6,
                "temperature_degC": float(np.median(self.simulator.face.around.temperature)) - 273.15,
                "critical_current_density_mA_cm2": {
                    name: value if value is None else value / 10 for name, value in band(self.current).items()
                },
                "ended_by": main_ending(counts),
                "endings": counts,
                "short_causes": self.simulator.filaments.count_causes(state),
                "filament_modes": self.simulator.filaments.count_modes(state),
                "deterministic": {
                    "critical_current_density_mA_cm2": self.deterministic / 10,
                    "ended_by": self.deterministic_ending or "survived",
                },
                "step_time_h": None if self.ladder.capacity is not None else self.ladder.duration(1.0) / 3600,
                "step_capacity_mAh_cm2": None if self.ladder.capacity is None else self.ladder.capacity / 3.6e4,
                "cells": len(self.current),
                "seed": self.seed,
                "steps": self.steps,
                "warnings": self.warnings,
            }
        )


def critical_current(
    cell: Cell,
    ladder: Ladder | None = None,
    conditions: Conditions | None = None,
    *,
    cells: int = 200,
    seed: int = 1,
    progress: Progress | None = None,
) -> CriticalCurrent:
    """Run the critical-current test on cells that differ by the spreads of their claims.

    Parameters
    ----------
    cell
        Cell file; of a full cell the symmetric cell of its lithium and separator.
    ladder
        Steps; default 0.1 to 5 mA/cm2 in steps of 0.1, one hour each way.
    conditions
        Pressure, temperature, voltage limit where they differ from the file.
    cells
        Number of simulated cells, 1 or more.
    seed
        Of the random numbers.
    progress
        Called after each step with its number and the number of steps.

    Raises
    ------
    InputError
        If the steps or the number of cells make no test, or the materials lack a claim.
    """
    steps = ladder or Ladder()
    if cells < 1:
        raise InputError(f"cells: {cells} is not accepted; give 1 or more.")
    drawn = build(cell, conditions, count=cells, seed=seed)
    single = build(cell, conditions)
    currents, rows = _climb(drawn, steps, progress)
    alone, _ = _climb(single, steps, None)
    pressure = np.atleast_1d(drawn.setup.pressure)
    temperature = drawn.face.around.temperature
    warnings = range_warnings(
        cell,
        (float(pressure.min()), float(pressure.max())),
        (float(temperature.min()), float(temperature.max())),
        (
            min(steps.currents),
            min(max(steps.currents), float(np.nanmax(np.append(currents[np.isfinite(currents)], 0)))),
        ),
    )
    state = single.state
    ending = Ending(int(state.ending[0])).label
    warnings += drawn.filaments.warnings(drawn.state)
    return CriticalCurrent(cell, steps, currents, float(alone[0]), ending, drawn, rows, seed, warnings)


def _climb(simulator: Simulator, ladder: Ladder, progress: Progress | None) -> tuple[Array, list[dict[str, Any]]]:
    """Apply the steps until every cell has ended; return the current density at which each did, and a row a step."""
    state = simulator.state
    reached = np.full(len(state.time), np.inf)
    rows = []
    for number, current in enumerate(ladder.currents, start=1):
        running = state.alive
        if not running.any():
            break
        duration = ladder.duration(current)
        lowest = np.ones_like(state.time)
        for sign in (1.0, -1.0):
            simulator.advance(sign * current, duration)
            lowest = np.minimum(lowest, simulator.lowest_coverage)
            voltage = state.voltage.copy()
            if ladder.rest:
                simulator.advance(0.0, ladder.rest)
        ended = running & ~state.alive
        reached[ended] = current
        counts = endings(simulator)
        rows.append(
            {
                "current_density_mA_cm2": current / 10,
                "ended": int(ended.sum()),
                "survived": counts["survived"],
                "coverage_median": float(np.median(lowest[running])),
                "voltage_median_V": float(np.median(voltage[running])),
            }
        )
        if progress is not None:
            progress(number, len(ladder.currents))
    return reached, rows
