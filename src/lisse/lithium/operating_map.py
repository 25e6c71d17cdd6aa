"""The safe operating map: which ending a cell meets at each stack pressure and current density.

One cell a point, with every claim's own value and the deterministic criterion. Leaves out: scatter between cells
(``critical_current``, ``cycle_life``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build, range_warnings
from lisse.lithium.cycling import Cycle, run_cycles
from lisse.lithium.interface import Ending
from lisse.lithium.statistics import rounded

Array = NDArray[np.float64]


@dataclass(frozen=True)
class OperatingMap:
    """Outcome: ending, cause of the short, finished cycles and coverage at each point, shape (currents, pressures)."""

    cell: Cell
    pressure: Array
    current: Array
    temperature: float
    ratio: float
    capacity: float
    number: int
    ending: NDArray[np.int64]
    cause: list[list[str | None]]
    cycles: NDArray[np.int64]
    coverage: Array
    warnings: list[str]

    def window(self) -> list[dict[str, float | None]]:
        """Return for each current density the lowest and the highest pressure at which the cell lives [MPa]."""
        rows = []
        for index, current in enumerate(self.current):
            safe = self.pressure[self.ending[index] == Ending.NONE]
            rows.append(
                {
                    "current_density_mA_cm2": float(current) / 10,
                    "lowest_pressure_MPa": float(safe.min()) / 1e6 if len(safe) else None,
                    "highest_pressure_MPa": float(safe.max()) / 1e6 if len(safe) else None,
                }
            )
        return rows

    def summary(self) -> dict[str, Any]:
        """Return the outcome as plain types."""
        return rounded(
            {
                "cell": self.cell.name,
                "stack_pressure_MPa": self.pressure / 1e6,
                "current_density_mA_cm2": self.current / 10,
                "temperature_degC": self.temperature - 273.15,
                "plate_over_strip_current": self.ratio,
                "half_cycle_capacity_mAh_cm2": self.capacity / 3.6e4,
                "cycles_asked": self.number,
                "ending": [[Ending(int(code)).label or "survived" for code in row] for row in self.ending],
                "short_cause": self.cause,
                "cycles": self.cycles.tolist(),
                "void_coverage": self.coverage,
                "window": self.window(),
                "warnings": self.warnings,
            }
        )


def operating_map(
    cell: Cell,
    pressure: Array,
    current: Array,
    *,
    ratio: float = 1.0,
    capacity: float = 3.6e4,
    cycles: int = 30,
    temperature: float | None = None,
) -> OperatingMap:
    """Cycle one cell at every pair of pressure and current density.

    Parameters
    ----------
    cell
        Cell file.
    pressure
        Stack pressures [Pa], shape (n,).
    current
        Stripping current densities of the first face [A/m2], shape (m,).
    ratio
        Plating over stripping current density of that face [-]: charge over discharge of a full cell.
    capacity
        Charge of a half cycle [C/m2].
    cycles
        How many a cell must live.
    temperature
        [K]; None for that of the file.

    Raises
    ------
    InputError
        If a range is empty or not above 0.
    """
    checks = {"current": current.min(initial=np.inf), "ratio": ratio, "capacity": capacity, "cycles": cycles}
    for name, value in checks.items():
        if not 0 < value < np.inf:
            raise InputError(f"{name}: {value:g} is not accepted; it must be above 0.")
    if not len(pressure) or pressure.min() < 0:
        raise InputError("pressure: the range must hold at least one value, none below 0.")
    p, i = (grid.ravel() for grid in np.meshgrid(pressure, current))
    simulator = build(cell, Conditions(pressure=p, temperature=temperature), count=len(p))
    cycle = Cycle(i, ratio * i, capacity / i, capacity / (ratio * i))
    if not cell.symmetric:  # a full cell is built discharged: its lithium is plated first
        cycle = Cycle(-ratio * i, -i, capacity / (ratio * i), capacity / i)
    history = run_cycles(simulator, cycle, cycles)
    shape = (len(current), len(pressure))
    causes = simulator.filaments.causes(simulator.state)
    warm = simulator.face.around.temperature
    highest = float(current.max() * max(1.0, ratio))
    warnings = range_warnings(
        cell,
        (float(pressure.min()), float(pressure.max())),
        (float(warm.min()), float(warm.max())),
        (float(current.min() * min(1.0, ratio)), highest),
    )
    return OperatingMap(
        cell=cell,
        pressure=pressure,
        current=current,
        temperature=float(warm[0]),
        ratio=ratio,
        capacity=capacity,
        number=cycles,
        ending=simulator.state.ending.reshape(shape),
        cause=[causes[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])],
        cycles=history.cycles.reshape(shape),
        coverage=np.nanmin(np.vstack([history.coverage, np.ones(len(p))]), axis=0).reshape(shape),
        warnings=warnings,
    )
