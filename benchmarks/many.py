"""Many varied discharges on two threads: lisse's model beside PyBaMM's half-cell, both by ``solve(inputs=[...])``.

What varies on both sides: diffusivity in the particles, electronic conductivity of the electrode, and the current. Only
the voltage is kept, and neither side integrates energies.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from benchmarks.bench import WITHOUT_BOOKS, best_of, coupled_problem, fine_problem, problem, rms_millivolt

import lisse

COUNT = 2000
THREADS = 2
FULL = "full model"
LONGEST_S = 3 * 3600 / 0.35
"""Longest discharge [s]; the lower limit of the voltage ends every one before."""
LARGEST_ERROR = 1.0
"""Voltage error against the fine mesh that either side may have [mV RMS]."""
DIFFUSIVITY, CONDUCTIVITY, CURRENT = "Particle diffusivity", "Electrode conductivity", "Applied current"
_ELECTRONIC = "Positive electrode electronic conductivity [S.m-1]"
_PYBAMM = {
    "Positive particle diffusivity [m2.s-1]": DIFFUSIVITY,
    "Positive electrode conductivity [S.m-1]": CONDUCTIVITY,
    "Current function [A]": CURRENT,
}


def varied(count: int, seed: int = 0) -> list[dict[str, float]]:
    """Return inputs that differ by half a decade in diffusivity and conductivity and by 30 % in current."""
    random = np.random.default_rng(seed)
    source = problem("pybamm")["parameter_values"]
    factors = 10 ** random.uniform(-0.5, 0.5, (count, 2))
    currents = source["Nominal cell capacity [A.h]"] * random.uniform(0.35, 0.65, count)
    diffusivity = source["Positive particle diffusivity [m2.s-1]"]
    conductivity = source["Positive electrode conductivity [S.m-1]"]
    return [
        {DIFFUSIVITY: diffusivity * one, CONDUCTIVITY: conductivity * other, CURRENT: current}
        for (one, other), current in zip(factors, currents, strict=True)
    ]


def made(side: str, arguments: dict[str, Any]) -> Any:
    """Return a simulation of one side with the three inputs."""
    import pybamm

    values = arguments["parameter_values"].copy()
    diffusivity, conductivity, current = (pybamm.InputParameter(name) for name in (DIFFUSIVITY, CONDUCTIVITY, CURRENT))
    if side == "pybamm":
        values.update(dict(zip(_PYBAMM, (diffusivity, conductivity, current), strict=True)))
    else:
        # The peer's set gives the conductivity of the electrode as pressed: its share of that of the material stays.
        share = values[_ELECTRONIC] / problem("pybamm")["parameter_values"]["Positive electrode conductivity [S.m-1]"]
        values.update(
            {
                "Positive particle diffusivity integral [m2.s-1]": lambda content: diffusivity * content,
                _ELECTRONIC: share * conductivity,
                "Current function [A]": current,
            }
        )
    return pybamm.Simulation(**{**arguments, "parameter_values": values})


def full_problem(**settings: Any) -> dict[str, Any]:
    """Arguments for the full model: every mechanism of both electrodes, a diffusivity that may vary with content."""

    from lisse.cell.solving import STATES_ONLY

    arguments = coupled_problem()
    options = arguments["model"].cell_options.model_copy(update={"transform": True, "audit": False})
    model = lisse.SolidStateCell(options)
    usual = model.default_solver
    more = {**STATES_ONLY, **settings.pop("options", {})}
    solver = type(usual)(rtol=usual.rtol, atol=usual.atol, on_extrapolation="ignore", options=more, **settings)
    return {**arguments, "model": model, "solver": solver}


def many_discharges(count: int = COUNT, repeats: int = 2) -> list[dict[str, Any]]:
    """Time varied discharges on both sides, and the full model beside the same peer."""
    settings: dict[str, Any] = {"options": {"num_threads": THREADS}, "output_variables": ["Voltage [V]"]}
    simulations = {
        "pybamm": made("pybamm", problem("pybamm", **settings)),
        "lisse": made("lisse", problem(WITHOUT_BOOKS, **settings)),
        FULL: made("lisse", full_problem(**settings)),
    }
    inputs = varied(count)
    end = [0, LONGEST_S]
    for simulation in simulations.values():
        simulation.solve(end, inputs=inputs[:THREADS])  # compiles
    times = best_of(
        repeats, {side: partial(simulation.solve, end, inputs=inputs) for side, simulation in simulations.items()}
    )
    few = inputs[:3]
    reference = made("pybamm", fine_problem()).solve(end, inputs=few)
    errors = {
        side: rms_millivolt(
            made(side, problem(WITHOUT_BOOKS if side == "lisse" else side)).solve(end, inputs=few), reference
        )
        for side in ("lisse", "pybamm")
    }
    accurate = all(error <= LARGEST_ERROR for error in errors.values())
    rows = []
    for side, name, goal in (
        ("lisse", f"{count} varied discharges", 0.5),
        (FULL, f"{count} discharges, full model", 1.0),
    ):
        ratio = times[side] / times["pybamm"]
        rows.append(
            {
                "name": name,
                "ratio": ratio,
                "goal": goal,
                "holds": ratio <= goal and accurate,
                "own_s": times[side],
                "peer_s": times["pybamm"],
                **({"own_error_mV": errors["lisse"], "peer_error_mV": errors["pybamm"]} if side == "lisse" else {}),
            }
        )
    return rows
