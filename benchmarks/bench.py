"""Speed of lisse beside PyBaMM's half-cell DFN, measured in one run; prints a table and writes results.json.

Both sides solve Xu 2019's cell (constant diffusivity) with a transference number of one: PyBaMM on its default mesh
with its default solver, lisse as ``lisse.SolidStateCell`` comes, books included. Run with ``--quick`` for 100 instead
of 1000 cycles.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import lisse  # switches PyBaMM's telemetry off; imported first

HERE = Path(__file__).resolve().parent
HALF_CELL = {"working electrode": "positive"}
FINE_MESH = {"x_n": 20, "x_s": 20, "x_p": 80, "r_p": 150}
LARGEST_ERROR = 0.5
"""Voltage error against the fine mesh that either side may have [mV RMS]."""
LARGEST_MEMORY = 3.0
"""Peak memory of the long cycling [GB]."""
CYCLE = ("Discharge at 1C until 3.5 V", "Charge at 1C until 4.2 V", "Hold at 4.2 V until C/20")
SIDES = ("lisse", "pybamm")
COUPLED = "lisse coupled"
"""The same cell with all mechanisms of both electrodes on, their parameters those of the reference cell."""
MECHANISMS = ("contact_loss", "cracks", "cathode_interphase", "voids", "interphase", "filaments", "bending")
WITHOUT_BOOKS = "lisse without books"
"""PyBaMM integrates neither energy nor dissipation; this side of lisse does not either."""


def problem(side: str, mesh: dict[str, int] | None = None, **settings: Any) -> dict[str, Any]:
    """Arguments of ``pybamm.Simulation`` for one side; the defaults of its model where nothing else is given."""
    import pybamm

    from lisse.cell.peer import from_pybamm_half_cell

    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    if side == "pybamm":
        model, values = pybamm.lithium_ion.DFN(HALF_CELL), source
        usual = pybamm.IDAKLUSolver()
    else:
        # The diffusivity is constant, so lisse.run too would solve without the transform.
        options = {"transform": False, "audit": side != WITHOUT_BOOKS}
        model, values = lisse.SolidStateCell(options), from_pybamm_half_cell(source)
        usual = model.default_solver
    solver = type(usual)(**({"rtol": usual.rtol, "atol": usual.atol} | settings))
    return {"model": model, "parameter_values": values, "var_pts": mesh, "solver": solver}


def coupled_problem(**settings: Any) -> dict[str, Any]:
    """Arguments of ``pybamm.Simulation`` for Xu's cell with every mechanism of both electrodes."""
    import pybamm

    from lisse.cell.parameter_sets import options_for, parameter_values
    from lisse.cell.peer import from_pybamm_half_cell
    from lisse.cell.solving import STATES_ONLY, InterruptibleSolver

    cell = lisse.Cell.load("reference").replace(mechanisms=list(MECHANISMS))
    options = options_for(cell)
    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    values = {**parameter_values(cell, options), **from_pybamm_half_cell(source)}
    values["Pristine lithium content"] = values["Initial lithium content"]
    model = lisse.SolidStateCell(options.model_copy(update={"transform": False}))
    usual = model.default_solver
    solver = InterruptibleSolver(
        rtol=usual.rtol, atol=usual.atol, on_extrapolation="ignore", options=STATES_ONLY, **settings
    )
    return {"model": model, "parameter_values": pybamm.ParameterValues(values), "solver": solver}


def fine_problem() -> dict[str, Any]:
    """PyBaMM on a fine mesh with tight tolerances: what both sides are held against."""
    return problem("pybamm", FINE_MESH, rtol=1e-7, atol=1e-8)


def best_of(repeats: int, actions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Shortest wall time of each action [s], repeats interleaved so that both see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repeats):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    return {name: min(values) for name, values in times.items()}


def rms_millivolt(own: list[Any], reference: list[Any]) -> float:
    """Root mean square difference of the voltages [mV], each step from its own start over the time both last."""
    import numpy as np

    square = total = 0.0
    for first, second in zip(own, reference, strict=True):
        span = 0.9999 * min(first.t[-1] - first.t[0], second.t[-1] - second.t[0])
        grid = np.linspace(0, span, 1000)
        difference = first["Voltage [V]"](first.t[0] + grid) - second["Voltage [V]"](second.t[0] + grid)
        square += span * float(np.mean(difference**2))
        total += span
    return 1e3 * (square / total) ** 0.5


def row(name: str, own_s: float, peer_s: float, goal: float, errors: dict[str, float], **more: Any) -> dict[str, Any]:
    """One line of results.json; it holds only if both sides are accurate."""
    accurate = all(error <= LARGEST_ERROR for error in errors.values())
    return {
        "name": name,
        "ratio": own_s / peer_s,
        "goal": goal,
        "holds": own_s / peer_s <= goal and accurate,
        "own_s": own_s,
        "peer_s": peer_s,
        "own_error_mV": errors["lisse"],
        "peer_error_mV": errors["pybamm"],
        **more,
    }


def discharge(repeats: int = 40) -> list[dict[str, Any]]:
    """C/10 discharge to 3.5 V on built models, best of ``repeats``; with and without the books of energy."""
    import pybamm

    rate = 0.1
    end = [0, 2 * 3600 / rate]
    sides = (*SIDES, WITHOUT_BOOKS)
    simulations = {side: pybamm.Simulation(C_rate=rate, **problem(side)) for side in sides}
    reference = pybamm.Simulation(C_rate=rate, **fine_problem()).solve(end)
    errors = {side: rms_millivolt([simulation.solve(end)], [reference]) for side, simulation in simulations.items()}
    times = best_of(repeats, {side: partial(simulation.solve, end) for side, simulation in simulations.items()})
    names = {"lisse": "C/10 discharge", WITHOUT_BOOKS: "C/10 discharge, no books"}
    return [
        row(name, times[side], times["pybamm"], 0.5, {"lisse": errors[side], "pybamm": errors["pybamm"]})
        for side, name in names.items()
    ]


def solve_cycles(side: str, count: int) -> dict[str, float]:
    """Cycle one side in this process: wall time of the solve alone, and the peak memory of the whole process."""
    import pybamm

    # Only the ends of each step are kept, on both sides: a cycle's capacity needs no more.
    made = coupled_problem(store_first_last=True) if side == COUPLED else problem(side, store_first_last=True)
    simulation = pybamm.Simulation(experiment=pybamm.Experiment([CYCLE] * count), **made)
    simulation.build_for_experiment()
    start = time.perf_counter()
    solution = simulation.solve(calc_esoh=False)
    elapsed = time.perf_counter() - start
    if len(solution.cycles) != count:
        raise SystemExit(f"{side} finished {len(solution.cycles)} of {count} cycles")
    return {"seconds": elapsed, "peak_GB": peak_memory() / 1e9}


def peak_memory() -> int:
    """Peak resident memory of this process [bytes]."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux getrusage still counts the parent as it was at the fork; the high-water mark does not.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def cycle_errors() -> dict[str, float]:
    """RMS error of the voltage over the first cycle [mV]."""
    import pybamm

    def steps(arguments: dict[str, Any]) -> list[Any]:
        simulation = pybamm.Simulation(experiment=pybamm.Experiment([CYCLE]), **arguments)
        return list(simulation.solve(calc_esoh=False).cycles[0].steps)

    reference = steps(fine_problem())
    return {side: rms_millivolt(steps(problem(side)), reference) for side in SIDES}


def cycling(count: int, repeats: int) -> list[dict[str, Any]]:
    """CCCV cycles through ``pybamm.Simulation`` and ``Experiment``, each side in a process of its own."""
    sides = (*SIDES, COUPLED)
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for _ in range(repeats):
        for side in sides:
            command = [sys.executable, str(HERE / "bench.py"), "--cycle-side", side, "--cycles", str(count)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            runs[side].append(json.loads(output.splitlines()[-1]))
    times = {side: min(run["seconds"] for run in runs[side]) for side in sides}
    peaks = {side: max(run["peak_GB"] for run in runs[side]) for side in sides}
    result = row(f"{count} CCCV cycles", times["lisse"], times["pybamm"], 0.6, cycle_errors())
    result |= {"own_peak_GB": peaks["lisse"], "peer_peak_GB": peaks["pybamm"]}
    result["holds"] = result["holds"] and peaks["lisse"] < LARGEST_MEMORY
    ratio = times[COUPLED] / times["pybamm"]
    coupled = {
        "name": f"{count} coupled CCCV cycles",
        "ratio": ratio,
        "goal": 2.0,
        "holds": ratio <= 2.0 and peaks[COUPLED] < LARGEST_MEMORY,
        "own_s": times[COUPLED],
        "peer_s": times["pybamm"],
        "own_peak_GB": peaks[COUPLED],
        "peer_peak_GB": peaks["pybamm"],
    }
    return [result, coupled]


def coupled_cycle(repeats: int = 2) -> dict[str, Any]:
    """A further cycle of the reference cell with every mechanism on, beside one with none."""
    few, many = 5, 45
    times: dict[bool, float] = {}
    for coupled in (False, True):

        def solve(count: int, mechanisms: tuple[str, ...]) -> float:
            run = lisse.run("reference", f"{count} cycles at C/5", mechanisms=mechanisms)
            return float(run.summary["timing_s"]["solve"])

        listed = MECHANISMS if coupled else ()
        ends = [min(solve(count, listed) for _ in range(repeats)) for count in (few, many)]
        times[coupled] = (ends[1] - ends[0]) / (many - few)
    ratio = times[True] / times[False]
    return {
        "name": "coupled cycle beside a plain one",
        "ratio": ratio,
        "goal": 2.0,
        "holds": ratio <= 2.0,
        "own_s": times[True],
        "peer_s": times[False],
    }


def seconds(name: str, goal: float, command: list[str], repeats: int) -> dict[str, Any]:
    """Wall time of a command in a fresh process, best of ``repeats``; no peer, so the ratio is to the goal."""

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    best = best_of(repeats, {name: run})[name]
    return {"name": name, "ratio": best / goal, "goal": 1.0, "holds": best <= goal, "own_s": best, "goal_s": goal}


MAP = ("map", "sym-li-lpscl", "--pressure", "1:25MPa", "--current", "0.1:3mA/cm^2")


def fresh_processes() -> list[dict[str, Any]]:
    """What a user waits for: the help text, and whole commands from a cold start."""
    program = Path(sys.executable).parent / "lisse"
    run = [sys.executable, "-c", "import lisse; lisse.run('reference').summary"]
    return [
        seconds("lisse --help", 0.5, [str(program), "--help"], 5),
        seconds("reference cell, cold", 5.0, run, 2),
        seconds("critical current, 200 cells", 20.0, [str(program), "ccd", "sym-li-lpscl", "--json"], 2),
        seconds("operating map, 20 x 20", 60.0, [str(program), *MAP, "--json"], 2),
    ]


def rough_contact() -> list[dict[str, Any]]:
    """Rough lithium on the separator at 5 MPa on 256 x 256 points: elastic, and with the plastic cap (no goal)."""
    from lisse.anode.rough_contact import Roughness, press, self_affine

    surface, goal = self_affine(256, 100e-6, Roughness()), 1.0
    actions = {"elastic": partial(press, surface, 5e6, 6.6e9), "plastic": partial(press, surface, 5e6, 6.6e9, 20e6)}
    times = best_of(3, actions)
    elastic = {"ratio": times["elastic"] / goal, "goal": 1.0, "holds": times["elastic"] <= goal, "goal_s": goal}
    return [
        {"name": "rough contact, elastic", "own_s": times["elastic"], **elastic},
        {"name": "rough contact, with cap", "own_s": times["plastic"], "holds": True},
    ]


def reference_cell() -> dict[str, float]:
    """Build and solve times of the reference cell and its protocol [s], warm."""
    for _ in range(2):
        run = lisse.run("reference")
    return dict(run.summary["timing_s"])


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    def number(entry: dict[str, Any], key: str, digits: int = 3) -> str:
        return f"{entry[key]:.{digits}g}" if key in entry else ""

    table = Table(title="lisse beside PyBaMM (best of the repeats)")
    for heading in ("", "lisse s", "PyBaMM s", "ratio", "goal", "holds", "lisse mV", "PyBaMM mV", "peak GB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for entry in rows:
        table.add_row(
            entry["name"],
            *(number(entry, key) for key in ("own_s", "peer_s", "ratio", "goal")),
            "yes" if entry["holds"] else "NO",
            *(number(entry, key, 2) for key in ("own_error_mV", "peer_error_mV", "own_peak_GB")),
        )
    Console(width=110).print(table)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; the exit code is 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 instead of 1000 cycles")
    parser.add_argument("--cycles", type=int, help="number of CCCV cycles")
    parser.add_argument("--out", type=Path, default=HERE / "results.json", help="where the results go")
    parser.add_argument("--cycle-side", choices=(*SIDES, COUPLED), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    count = given.cycles or (100 if given.quick else 1000)
    if given.cycle_side:
        print(json.dumps(solve_cycles(given.cycle_side, count)))
        return 0
    from benchmarks.error_bars import error_bars
    from benchmarks.many import many_discharges
    from benchmarks.stability import stability
    from benchmarks.study import study_overhead

    rows = [
        *discharge(),
        *many_discharges(200 if given.quick else 2000),
        *error_bars(),
        *cycling(count, repeats=2),
        coupled_cycle(),
        *fresh_processes(),
        *rough_contact(),
        *stability(),
        study_overhead(),
    ]
    show(rows)
    times = reference_cell()
    print("reference cell and protocol, warm: " + ", ".join(f"{name} {value:.2f} s" for name, value in times.items()))
    given.out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 0 if all(entry["holds"] for entry in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
