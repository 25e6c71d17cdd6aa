"""What a solution says: time series, cycles and mean losses.

Leaves out: the books (``bookkeeping``), files (``lisse.simulate``) and reports (``lisse.report``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cell.observing import read
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
    "contact_fraction": "Lowest contact fraction",
} | {column: f"{origin.capitalize()} overpotential [V]" for origin, column in LOSS_COLUMNS.items()}
_SCALE = {"current_density_mA_cm2": 0.1, "stack_pressure_MPa": 1e-6, "thickness_change_um": 1e6}
LITHIUM_COLUMNS = {
    "void_coverage": ("Lowest void coverage", 1.0),
    "anode_interphase_nm": ("Thickest interphase [m]", 1e9),
    "lithium_lost_mAh_cm2": ("Lithium lost to interphases [C.m-2]", 1 / 36000),
    "short_conductance_S_cm2": ("Short conductance [S.m-2]", 1e-4),
}
"""Columns that mechanisms of the lithium interface add: variable and factor."""
COMPOSITE_COLUMNS = {
    "wetted_fraction": ("Wetted fraction of composite", 1.0),
    "connected_fraction": ("Contact-connected fraction of composite", 1.0),
    "active_mass_fraction": ("Active mass fraction", 1.0),
    "uncracked_mass_fraction": ("Uncracked mass fraction of composite", 1.0),
    "diffusion_length_ratio": ("Diffusion length factor of composite", 1.0),
    "contact_gap_nm": ("Mean contact gap [m]", 1e9),
    "gap_volume_fraction": ("Gap volume per particle volume of composite", 1.0),
    "cathode_interphase_nm": ("Mean cathode interphase thickness [m]", 1e9),
    "cathode_oxidation_mAh_cm2": ("Charge of cathode interphases [C.m-2]", 1 / 36000),
    "coated_in_contact_fraction": ("Coated fraction in contact", 1.0),
    "detached_fraction": ("Detached fraction", 1.0),
    "decomposing_fraction": ("Decomposing fraction", 1.0),
    "cathode_resistance_ohm_cm2": ("Cathode resistance [Ohm.m2]", 1e4),
}
"""Columns of the composite: means over its populations."""
FACE_COLUMNS = {
    f"{prefix}{name}": (f"{face} {variable}", factor)
    for face, prefix in (("Anode", ""), ("Counter electrode", "counter_"))
    for name, variable, factor in (
        ("open_void_height_um", "open void height [m]", 1e6),
        ("occluded_void_height_um", "occluded void height [m]", 1e6),
    )
} | {
    "counter_interphase_nm": ("Counter electrode interphase thickness [m]", 1e9),
    "counter_contact_fraction": ("Counter electrode contact fraction", 1.0),
    "loss_counter_electrode_V": ("Counter electrode overpotential [V]", 1.0),
}
"""Further columns, of single faces."""
WORST = ("contact_fraction", "void_coverage")
"""Columns of which a cycle shows the lowest value, not the last."""
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
    steps = [
        (cycle_number, step_number, len(step.t))
        for cycle_number, cycle in enumerate(solved_cycles or solution.cycles, start=1)
        if cycle is not None
        for step_number, step in enumerate(cycle.steps, start=1)
        if hasattr(step, "all_ts")  # else it was over before it began
    ]
    if not steps:
        return pd.DataFrame(columns=columns)
    cycle, step, rows = (np.asarray(part) for part in zip(*steps, strict=True))
    total = int(rows.sum())
    model = solution.all_models[0].variables
    offered = LITHIUM_COLUMNS | COMPOSITE_COLUMNS | FACE_COLUMNS
    added = {name: entry for name, entry in offered.items() if entry[0] in model}
    columns = [*columns[:-1], *added, columns[-1]]
    known = [variable for variable in _STATES.values() if variable in model]
    read_out = read(solution, [*known, *(variable for variable, _ in added.values())])
    missing = np.full(len(solution.t), np.nan)  # a symmetric cell has no composite
    table = {name: read_out.get(variable, missing)[:total] for name, variable in _STATES.items()}
    table["temperature_degC"] = table["temperature_degC"] - 273.15
    for name, factor in _SCALE.items():
        table[name] = table[name] * factor
    for name, (variable, factor) in added.items():
        table[name] = read_out[variable][:total] * factor
    frame = pd.DataFrame({"time_s": solution.t[:total], "cycle": np.repeat(cycle, rows), "step": np.repeat(step, rows)})
    frame["kind"] = np.repeat(_kinds(table, np.cumsum(rows), nominal_current), rows)
    frame = pd.concat([frame, pd.DataFrame(table)], axis=1)
    frame["capacity_mAh_g"] = half_cycle_capacity(frame) / active_mass
    return frame[columns]


def _kinds(table: dict[str, Any], ends: Any, nominal_current: float) -> Any:
    """Return what each step does on the whole: a drive cycle counts by the charge that it passes.

    Parameters
    ----------
    table
        Columns by name.
    ends
        Row after the last one of each step.
    nominal_current
        1C [A].
    """
    starts = np.concatenate([[0], ends[:-1]])
    largest = np.maximum.reduceat(np.abs(table["current_A"]), starts)
    passed = table["discharge_capacity_Ah"][ends - 1] - table["discharge_capacity_Ah"][starts]
    moving = np.where(passed > 0, "discharge", "charge").astype(object)
    return np.where(largest < REST_CURRENT * nominal_current, "rest", moving)


def half_cycle_capacity(frame: pd.DataFrame) -> Any:
    """Charge passed since the start of the present charge or discharge [A.h], holds included."""
    passed = frame["discharge_capacity_Ah"].to_numpy(dtype=float)
    if not passed.size:
        return passed
    fresh = _changes(frame, "kind", "cycle")
    start = np.maximum.accumulate(np.where(fresh, np.arange(passed.size), 0))
    return np.abs(passed - passed[start])


def _changes(frame: pd.DataFrame, *names: str) -> Any:
    """Tell for each row whether any of the columns differs from the row before; True for the first row."""
    changed = np.zeros(len(frame), dtype=bool)
    changed[:1] = True
    for name in names:
        column = frame[name].to_numpy()
        changed[1:] |= column[1:] != column[:-1]
    return changed


def cycles(frame: pd.DataFrame, active_mass: float, area: float) -> list[dict[str, float | int | None]]:
    """Return one dictionary per cycle in which charge flowed, under the keys of the summary.

    A cycle of rests alone, or whose charges and discharges were all over before they began, has none; the numbers of
    the others stay. A value is None where a cycle has no such half.

    Parameters
    ----------
    frame
        From :func:`time_series`.
    active_mass
        [kg]; not a number for a symmetric cell.
    area
        Cell area [m2].
    """
    passed, work = (_within_steps(frame, name) for name in ("discharge_capacity_Ah", "discharge_energy_Wh"))
    working = frame["kind"].to_numpy() != "rest"
    number = frame["cycle"].to_numpy(dtype=int)
    down, up = working & (passed > 0), working & (passed < 0)
    size = int(number.max(initial=0)) + 1
    sums = [
        np.bincount(number[rows], weights=values[rows], minlength=size)
        for values, rows in ((-passed, up), (passed, down), (work, down))
    ]
    table: list[dict[str, float | int | None]] = []
    for cycle in np.flatnonzero((sums[0] > 0) | (sums[1] > 0)):
        charge, discharge, energy = (float(column[cycle]) for column in sums)
        table.append(
            {
                "cycle": int(cycle),
                "charge_capacity_mAh_g": charge / active_mass if charge and active_mass > 0 else None,
                "discharge_capacity_mAh_g": discharge / active_mass if discharge and active_mass > 0 else None,
                "discharge_capacity_mAh_cm2": discharge * 1e3 / (area * 1e4) if discharge else None,
                "coulombic_efficiency": discharge / charge if charge and discharge else None,
                "mean_discharge_voltage_V": energy / discharge if discharge else None,
                "discharge_energy_Wh": energy if discharge else None,
                **_interface(frame[number == cycle]),
                **_composite(frame[number == cycle]),
            }
        )
    return table


def _interface(frame: pd.DataFrame) -> dict[str, float | None]:
    """What a cycle leaves at the lithium: the worst contact in it, and the rest at its end; None for what is off."""
    found: dict[str, float | None] = {}
    for name in ("contact_fraction", *LITHIUM_COLUMNS):
        found[name] = None
        if name in frame:
            column = frame[name].to_numpy(dtype=float)
            found[name] = float(column.min() if name in WORST else column[-1])
    return found


def _composite(frame: pd.DataFrame) -> dict[str, Any]:
    """What a cycle does to the composite and the stack: states at its end, the resistance at the end of its charge."""
    found: dict[str, Any] = {"stack_pressure_MPa": None, "thickness_change_um": None}
    if "stack_pressure_MPa" in frame:
        pressure, change = (frame[name].to_numpy(dtype=float) for name in found)
        found["stack_pressure_MPa"] = {"min": float(pressure.min()), "max": float(pressure.max())}
        found["thickness_change_um"] = float(change.max() - change.min())
    charged = np.flatnonzero(frame["kind"].to_numpy() == "charge")
    for name in COMPOSITE_COLUMNS:
        found[name] = None
        if name in frame:
            column = frame[name].to_numpy(dtype=float)
            at_charge = name == "cathode_resistance_ohm_cm2" and charged.size
            value = float(column[charged[-1] if at_charge else -1])
            found[name] = min(float(column.min()), value) if name == "wetted_fraction" else value
    return found


def _within_steps(frame: pd.DataFrame, name: str) -> Any:
    """Return the growth of a column since the row before, 0 in the first row of every step."""
    column = frame[name].to_numpy(dtype=float)
    return np.where(_changes(frame, "cycle", "step"), 0.0, np.diff(column, prepend=column[:1]))


def mean_losses(frame: pd.DataFrame) -> dict[str, float | None]:
    """Return the mean overpotential of all discharges by origin [V], weighted with the charge passed."""
    passed = np.maximum(_within_steps(frame, "discharge_capacity_Ah"), 0.0)
    total = float(passed.sum())
    if not total:
        return {origin.replace(" ", "_"): None for origin in ORIGINS}
    found: dict[str, float | None] = {}
    counter = {"counter electrode": "loss_counter_electrode_V"} if "loss_counter_electrode_V" in frame else {}
    for origin, column in (LOSS_COLUMNS | counter).items():
        values = frame[column].to_numpy(dtype=float)
        mean = float((passed[1:] * (values[1:] + values[:-1]) / 2).sum()) / total
        found[origin.replace(" ", "_")] = mean if np.isfinite(mean) else None
    return found
