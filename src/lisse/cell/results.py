"""What a solution says: time series, cycles, mean losses and the audited books.

Leaves out: files and reports (``lisse.run``, ``lisse.report``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cell.audit import Audit
from lisse.mechanism import FARADAY, ORIGINS, REFERENCE_TEMPERATURE

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
            current = part["current_A"].iloc[-1]
            kind = "rest" if abs(current) < REST_CURRENT * nominal_current else "discharge" if current > 0 else "charge"
            frames.append(part.assign(cycle=cycle_number, step=step_number, kind=kind))
    if not frames:
        return pd.DataFrame(columns=columns)
    frame = pd.concat(frames, ignore_index=True)
    frame["capacity_mAh_g"] = _half_cycle_capacity(frame) / active_mass
    return frame[columns]


def _entries(solution: pybamm.Solution, variable: str) -> Any:
    values = np.asarray(solution[variable].entries, dtype=float)
    return np.broadcast_to(values, solution.t.shape) if values.ndim == 0 else values


def _half_cycle_capacity(frame: pd.DataFrame) -> Any:
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
            passed = float(step["discharge_capacity_Ah"].iloc[-1] - step["discharge_capacity_Ah"].iloc[0])
            if step["kind"].iloc[0] == "charge":
                charge -= passed
            elif step["kind"].iloc[0] == "discharge":
                discharge += passed
                energy += float(step["discharge_energy_Wh"].iloc[-1] - step["discharge_energy_Wh"].iloc[0])
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
    for _, step in frame[frame["kind"] == "discharge"].groupby(["cycle", "step"], sort=True):
        passed = step["discharge_capacity_Ah"].to_numpy()
        total += float(passed[-1] - passed[0])
        for origin, column in LOSS_COLUMNS.items():
            charge[origin] += float(np.trapezoid(step[column].to_numpy(), passed))
    return {origin.replace(" ", "_"): value / total if total else None for origin, value in charge.items()}


def audit(solution: pybamm.Solution | None, values: dict[str, Any], edges: Any, populations: int) -> Audit:
    """Compare the final state of a solution with what has flowed.

    Parameters
    ----------
    solution
        From PyBaMM, built with the option ``audit``.
    values
        Parameters of the model (for the open-circuit curve and the capacities).
    edges
        Shell edges of the particles' mesh.
    populations
        Number of populations.

    Returns
    -------
    Audit
        Relative errors; None where nothing has flowed.
    """
    if solution is None:
        return Audit(None, None, None)
    first, last = solution.first_state, solution.last_state

    def change(name: str) -> float:
        return float(np.ravel(last[name].entries)[-1] - np.ravel(first[name].entries)[0])

    throughput, work = change("Throughput capacity [A.h]"), change("Throughput energy [W.h]")
    if throughput <= 0 or work <= 0:
        return Audit(None, None, None)
    names = [population_name("cathode", k).capitalize() for k in range(1, populations + 1)]
    cathode = sum(change(f"{name} lithium inventory [mol]") for name in names) * FARADAY / 3600
    anode = change("Anode lithium inventory [mol]") * FARADAY / 3600
    passed = change("Discharge capacity [A.h]")
    known = solution.all_models[0].variables
    layers = {name: f"{name} double-layer charge [A.h]" for name in ("Cathode", "Anode")}
    withheld = {name: change(variable) if variable in known else 0.0 for name, variable in layers.items()}
    charge_errors = (cathode + withheld["Cathode"] - passed, -anode + withheld["Anode"] - passed)
    enthalpy = sum(_enthalpy_change(first, last, values, edges, k) for k in range(1, populations + 1))
    given = change("Discharge energy [W.h]") + change("Dissipated energy [W.h]") + change("Reversible energy [W.h]")
    if "Double-layer energy [W.h]" in known:
        given += change("Double-layer energy [W.h]")
    return Audit(
        lithium_relative_error=(cathode + anode + withheld["Cathode"] - withheld["Anode"]) / throughput,
        charge_relative_error=max(charge_errors, key=abs) / throughput,
        energy_relative_error=(given - enthalpy) / work,
    )


def _enthalpy_change(first: Any, last: Any, values: dict[str, Any], edges: Any, population: int) -> float:
    """Change of the chemical enthalpy of one population between two states [W.h], from its profiles."""

    def get(name: str) -> Any:
        return values[population_name(name, population)]

    name = population_name("Lithium content", population)
    start, end = (np.asarray(state[name].entries)[..., -1] for state in (first, last))  # shells, depth
    weights = np.diff(np.asarray(edges) ** 3)[:, None]
    potential, entropy = get("Positive electrode OCP [V]"), get("Positive electrode OCP entropic change [V.K-1]")
    low, high = float(min(start.min(), end.min())), float(max(start.max(), end.max()))
    if high == low:
        return 0.0
    grid = np.linspace(low, high, 4001)
    points, quadrature = np.polynomial.legendre.leggauss(5)
    half = np.diff(grid)[:, None] / 2
    inside = grid[:-1, None] + half * (1 + points)

    def chemical(content: Any) -> Any:
        return _evaluate(potential, content) - REFERENCE_TEMPERATURE * _evaluate(entropy, content)

    integral = np.concatenate([[0.0], np.cumsum((half * quadrature * chemical(inside)).sum(axis=1))])
    from scipy.interpolate import CubicHermiteSpline

    stored = CubicHermiteSpline(grid, integral, chemical(grid))
    change = float(np.mean((weights * (stored(end) - stored(start))).sum(axis=0)))
    active = get("Positive electrode active material volume fraction") * get("Positive electrode connected fraction")
    charge = FARADAY * get("Maximum concentration in positive electrode [mol.m-3]") * active
    volume = values["Positive electrode thickness [m]"] * values["Electrode width [m]"] * values["Electrode height [m]"]
    # The anode's potential is constant: what it gives is charge times potential.
    anode = values["Anode potential [V]"] * float(np.mean((weights * (end - start)).sum(axis=0)))
    return charge * volume * (change - anode) / 3600


def _evaluate(function: Any, content: Any) -> Any:
    """Evaluate a parameter (number, curve, or function that may return a PyBaMM symbol) on an array."""
    if not callable(function):
        return np.full_like(content, float(function))
    result = function(content)
    if hasattr(result, "evaluate"):
        result = result.evaluate()
    return np.asarray(result, dtype=float).reshape(content.shape)
