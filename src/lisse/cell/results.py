"""What a solution says: time series, cycles and mean losses.

Leaves out: the books (``bookkeeping``), files (``lisse.simulate``) and reports (``lisse.report``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.mechanism import ORIGINS

if TYPE_CHECKING:
    import pandas as pd
    import pybamm

LOSS_COLUMNS = {origin: f"loss_{origin.replace(' ', '_')}_V" for origin in ORIGINS}
"""Column of the time series for each origin of a loss."""
_STATES = {
    "current_A": "Current [A]",
    "current_density_mA_cm2": "Total current density [A.m-2]",
    "voltage_V": "Voltage [V]",
    "equilibrium_voltage_V": "Equilibrium voltage [V]",
    "discharge_capacity_Ah": "Discharge capacity [A.h]",
    "discharge_energy_Wh": "Discharge energy [W.h]",
    "lithium_content": "Mean lithium content of all populations",
    "temperature_degC": "Temperature [K]",
    "stack_pressure_MPa": "Stack pressure [Pa]",
    "thickness_change_um": "Thickness change [m]",
    "contact_fraction": "Anode contact fraction",
} | {column: f"{origin.capitalize()} overpotential [V]" for origin, column in LOSS_COLUMNS.items()}
_SCALE = {"current_density_mA_cm2": 0.1, "stack_pressure_MPa": 1e-6, "thickness_change_um": 1e6}
REST_CURRENT = 1e-6
"""Currents below this share of the nominal one count as rest."""


def time_series(
    solution: pybamm.Solution | None,
    nominal_current: float,
    active_mass: float,
    solved_cycles: list[Any] | None = None,
) -> pd.DataFrame:
    """Return one row per output time with the columns documented under ``timeseries.parquet``.

    Parameters
    ----------
    solution
        From PyBaMM; None gives an empty table with the same columns.
    nominal_current
        1C [A].
    active_mass
        Active material of the cell [kg], for capacities per gram.
    solved_cycles
        Cycle solutions, None where a cycle was skipped; default those of the solution.
    """
    import pandas as pd

    columns = ["time_s", "cycle", "step", "kind", *_STATES, "capacity_mAh_g"]
    if solution is None:
        return pd.DataFrame(columns=columns)
    frames = []
    offset = 0
    table = {name: _entries(solution, variable) for name, variable in _STATES.items()}
    table["temperature_degC"] = table["temperature_degC"] - 273.15
    for name, factor in _SCALE.items():
        table[name] = table[name] * factor
    whole = pd.DataFrame({"time_s": solution.t, **table})
    for cycle_number, cycle in enumerate(solved_cycles or solution.cycles, start=1):
        if cycle is None:
            continue
        for step_number, step in enumerate(cycle.steps, start=1):
            if not hasattr(step, "all_ts"):
                continue  # a step that was over before it began
            part = whole.iloc[offset : offset + len(step.t)]
            offset += len(step.t)
            kind = _kind(part, nominal_current)
            frames.append(part.assign(cycle=cycle_number, step=step_number, kind=kind))
    if not frames:
        return pd.DataFrame(columns=columns)
    frame = pd.concat(frames, ignore_index=True)
    frame["capacity_mAh_g"] = half_cycle_capacity(frame) / active_mass
    return frame[columns]


def _kind(step: pd.DataFrame, nominal_current: float) -> str:
    """Return what a step does on the whole: a drive cycle counts by the charge that it passes."""
    if step["current_A"].abs().max() < REST_CURRENT * nominal_current:
        return "rest"
    passed = step["discharge_capacity_Ah"].iloc[-1] - step["discharge_capacity_Ah"].iloc[0]
    return "discharge" if passed > 0 else "charge"


def _entries(solution: pybamm.Solution, variable: str) -> Any:
    values = np.asarray(solution[variable].entries, dtype=float)
    return np.broadcast_to(values, solution.t.shape) if values.ndim == 0 else values


def half_cycle_capacity(frame: pd.DataFrame) -> Any:
    """Charge passed since the start of the present charge or discharge [A.h], holds included."""
    passed = frame["discharge_capacity_Ah"].to_numpy()
    kind = frame["kind"].to_numpy()
    cycle = frame["cycle"].to_numpy()
    start = np.zeros(len(frame))
    for row in range(len(frame)):
        fresh = row == 0 or kind[row] != kind[row - 1] or cycle[row] != cycle[row - 1]
        start[row] = passed[row] if fresh else start[row - 1]
    return np.abs(passed - start)


def cycles(frame: pd.DataFrame, active_mass: float, area: float) -> list[dict[str, float | int | None]]:
    """Return one dictionary per cycle, under the keys of the summary; None where a cycle has no such half.

    Parameters
    ----------
    frame
        From :func:`time_series`.
    active_mass
        [kg].
    area
        Cell area [m2].
    """
    table: list[dict[str, float | int | None]] = []
    for number, part in frame.groupby("cycle", sort=True):
        charge = discharge = energy = 0.0
        for _, step in part.groupby("step", sort=True):
            if step["kind"].iloc[0] == "rest":
                continue
            passed = np.diff(step["discharge_capacity_Ah"].to_numpy())
            work = np.diff(step["discharge_energy_Wh"].to_numpy())
            charge -= float(passed[passed < 0].sum())
            discharge += float(passed[passed > 0].sum())
            energy += float(work[passed > 0].sum())
        table.append(
            {
                "cycle": int(str(number)),
                "charge_capacity_mAh_g": charge / active_mass if charge else None,
                "discharge_capacity_mAh_g": discharge / active_mass if discharge else None,
                "discharge_capacity_mAh_cm2": discharge * 1e3 / (area * 1e4) if discharge else None,
                "coulombic_efficiency": discharge / charge if charge and discharge else None,
                "mean_discharge_voltage_V": energy / discharge if discharge else None,
                "discharge_energy_Wh": energy if discharge else None,
            }
        )
    return table


def mean_losses(frame: pd.DataFrame) -> dict[str, float | None]:
    """Return the mean overpotential of all discharges by origin [V], weighted with the charge passed."""
    charge = dict.fromkeys(ORIGINS, 0.0)
    total = 0.0
    for _, step in frame.groupby(["cycle", "step"], sort=True):
        passed = np.maximum(np.diff(step["discharge_capacity_Ah"].to_numpy()), 0.0)
        total += float(passed.sum())
        for origin, column in LOSS_COLUMNS.items():
            values = step[column].to_numpy()
            charge[origin] += float((passed * (values[1:] + values[:-1]) / 2).sum())
    return {origin.replace(" ", "_"): value / total if total else None for origin, value in charge.items()}
