"""Cycle life of a symmetric cell: plating and stripping until it shorts, loses contact or has done its cycles.

Leaves out: full cells, which ``lisse run`` cycles with the same interface equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build, range_warnings
from lisse.lithium.cycling import Cycle, History, run_cycles
from lisse.lithium.interface import Ending
from lisse.lithium.simulator import Simulator
from lisse.lithium.statistics import band, endings, main_ending, rounded

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Life:
    """Outcome of a cycling test; see :class:`~lisse.lithium.cycling.History` for the arrays."""

    cell: Cell
    strip_current: float
    plate_current: float
    capacity: float
    number: int
    history: History
    simulator: Simulator
    single: Simulator
    single_history: History
    seed: int
    warnings: list[str]

    @property
    def time_to_short(self) -> Array:
        """Time after which each cell shorted [s]; infinite for those that did not."""
        state = self.simulator.state
        return np.where(state.ending == Ending.SHORT, state.time, np.inf)

    @property
    def time_to_end(self) -> Array:
        """Time after which each cell ended, for whatever reason [s]; infinite for those that live."""
        state = self.simulator.state
        return np.where(state.alive, np.inf, state.time)

    def summary(self) -> dict[str, Any]:
        """Return the outcome as plain types; one row a cycle, medians over the cells that began it."""
        counts, state = endings(self.simulator), self.simulator.state
        single = self.single.state
        return rounded(
            {
                "cell": self.cell.name,
                "stack_pressure_MPa": float(np.median(self.simulator.setup.pressure)) / 1e6,
                "temperature_degC": float(np.median(self.simulator.face.around.temperature)) - 273.15,
                "strip_current_density_mA_cm2": self.strip_current / 10,
                "plate_current_density_mA_cm2": self.plate_current / 10,
                "half_cycle_capacity_mAh_cm2": self.capacity / 3.6e4,
                "time_to_short_h": _hours(band(self.time_to_short)),
                "time_to_end_h": _hours(band(self.time_to_end)),
                "cycles_completed": {**band(self.history.cycles.astype(float))},
                "ended_by": main_ending(counts),
                "endings": counts,
                "short_causes": self.simulator.filaments.count_causes(state),
                "filament_modes": self.simulator.filaments.count_modes(state),
                "deterministic": {
                    "ended_by": Ending(int(single.ending[0])).label or "survived",
                    "cycles_completed": int(self.single_history.cycles[0]),
                    "time_h": float(single.time[0]) / 3600,
                },
                "cells": len(state.time),
                "seed": self.seed,
                "cycles": self._rows(),
                "warnings": self.warnings,
            }
        )

    def _rows(self) -> list[dict[str, Any]]:
        history = self.history
        rows = []
        for index in range(int(history.cycles.max(initial=0))):
            reached = np.isfinite(history.coverage[index])
            if not reached.any():
                break
            rows.append(
                {
                    "cycle": index + 1,
                    "survived": int((history.cycles > index).sum()),
                    "contact_fraction": float(np.median(history.contact[index, reached])),
                    "void_coverage": float(np.median(history.coverage[index, reached])),
                    "voltage_V": float(np.median(history.voltage[index, reached])),
                    "anode_interphase_nm": float(np.median(history.interphase[index, reached])) * 1e9,
                    "lithium_lost_mAh_cm2": float(np.median(history.lithium_lost[index, reached])) / 3.6e4,
                    "stack_pressure_MPa": float(np.median(history.pressure[index, reached])) / 1e6,
                }
            )
        return rows


def cycle_life(
    cell: Cell,
    *,
    current: float,
    plate_current: float | None = None,
    capacity: float = 3.6e4,
    cycles: int = 30,
    rest: float = 0.0,
    efficiency: float = 1.0,
    first_efficiency: float | None = None,
    conditions: Conditions | None = None,
    cells: int = 100,
    seed: int = 1,
) -> Life:
    """Cycle symmetric cells that differ by the spreads of their claims.

    Parameters
    ----------
    cell
        Cell file.
    current, plate_current
        Current densities at which the first face is stripped and plated [A/m2]; a symmetric cell strips it first, a
        full cell plates it first.
    capacity
        Charge of the stripping half cycle [C/m2].
    cycles
        How many at most.
    rest
        After each half [s].
    efficiency, first_efficiency
        Charge stripped over charge plated on the first face [-], above 0: a full cell returns less than it took.
    conditions
        Pressure, temperature, voltage limit where they differ from the file.
    cells, seed
        How many cells are drawn, and the seed.

    Raises
    ------
    InputError
        If a number is not above 0, or the materials lack a claim.
    """
    back = current if plate_current is None else plate_current
    checks = {"current": current, "plate-current": back, "capacity": capacity, "cycles": cycles, "cells": cells}
    checks |= {"efficiency": efficiency, "first-efficiency": first_efficiency or efficiency}
    for name, value in checks.items():
        if value <= 0:
            raise InputError(f"{name}: {value:g} is not accepted; it must be above 0.")
    normal = _cycle(cell, current, back, capacity, efficiency, rest)
    first = None if first_efficiency is None else _cycle(cell, current, back, capacity, first_efficiency, rest)
    simulator, single = build(cell, conditions, count=cells, seed=seed), build(cell, conditions)
    history = run_cycles(simulator, normal, cycles, first=first)
    alone = run_cycles(single, normal, cycles, first=first)
    pressure, temperature = simulator.state.pressure, simulator.face.around.temperature
    warnings = range_warnings(
        cell,
        (float(pressure.min()), float(pressure.max())),
        (float(temperature.min()), float(temperature.max())),
        (min(current, back), max(current, back)),
    )
    warnings += simulator.filaments.warnings(simulator.state)
    return Life(cell, current, back, capacity, cycles, history, simulator, single, alone, seed, warnings)


def _cycle(cell: Cell, strip: float, plate: float, capacity: float, efficiency: float, rest: float) -> Cycle:
    """Return a cycle that strips the first face first; that of a full cell, which is built discharged, plates first."""
    times = capacity / strip, capacity / plate / efficiency
    if cell.symmetric:
        return Cycle(strip, plate, *times, rest)
    return Cycle(-plate, -strip, times[1], times[0], rest)


def _hours(values: dict[str, float | None]) -> dict[str, float | None]:
    return {name: value if value is None else value / 3600 for name, value in values.items()}
