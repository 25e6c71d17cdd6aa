"""Numbers of a design that can be an objective or a constraint, each computed only when something asks for it.

Leaves out: how designs are chosen (``design``) and the equations, which stand where their mechanism is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.cell.remarks import percolation_remarks
from lisse.errors import InputError
from lisse.lithium.parameters import creeps
from lisse.studies.batch import Refused, solve_many

if TYPE_CHECKING:
    from lisse.studies.prepared import Solved
    from lisse.studies.uncertainty import Layered

LITHIUM_CELLS = 100
"""Cells of a test of the lithium interface while a design is sought: they are solved together and cost little."""
HALF_CYCLES = 30
"""Cycles of such a test unless told otherwise."""
CURRENT_STEPS = (2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0)
"""Steps of the critical-current test of a design [A/m2]: few, as every one costs a third of a second."""
FOIL = 100e-6
"""Least thickness of the lithium in a critical-current test [m]: four times what the highest step strips in an hour."""
USUAL_RATE = 1 / 3
"""C-rate of the tests of the lithium interface unless told otherwise [1/h]."""


@dataclass(frozen=True)
class Settings:
    """How designs are evaluated.

    Attributes
    ----------
    cycles
        Cycles over which a cell must not short.
    cells
        Cells of a test of the lithium interface.
    draws
        Draws of the claims for chance constraints; 0 takes every claim's own value.
    charge_rate, discharge_rate
        C-rates of plating and of stripping in the tests of the lithium interface [1/h].
    seed
        Of all random numbers; equal for all designs.
    workers
        Processes.
    """

    cycles: int = HALF_CYCLES
    cells: int = LITHIUM_CELLS
    draws: int = 0
    charge_rate: float = USUAL_RATE
    discharge_rate: float = USUAL_RATE
    seed: int = 0
    workers: int | None = None


class Candidate:
    """One design and its numbers.

    Parameters
    ----------
    cell
        The design.
    protocol
        What is done with it.
    settings
        How it is evaluated.
    """

    def __init__(self, cell: Cell, protocol: str, settings: Settings) -> None:
        self.cell, self.protocol, self.settings = cell, protocol, settings

    @cached_property
    def runs(self) -> list[dict[str, Any]]:
        """Summaries of the runs: of the cell as it is, then of draws of its claims."""
        from lisse.studies.prepared import RTOL
        from lisse.studies.sampling import draw
        from lisse.studies.uncertainty import Layered

        count, seed = self.settings.draws, self.settings.seed
        # In a Latin hypercube the draws of a claim depend on nothing but its name, so that all designs share them.
        draws = draw(self.cell, count, seed, "lhs") if count else None

        def make(number: int) -> Cell:
            return self.cell if number == 0 or draws is None else draws.make(number - 1)

        read, workers = partial(_read, Layered(self.cell, self.protocol, rtol=RTOL)), self.settings.workers
        found = solve_many(self.cell, self.protocol, make, count + 1, read=read, workers=workers)
        return [
            {"status": "refused", "reason": one.reason, "cycles": [], "energy": {}} if isinstance(one, Refused) else one
            for one in found
        ]

    def of_runs(self, read: Callable[[dict[str, Any]], float]) -> list[float]:
        """Read a number out of every run."""
        return [read(run) for run in self.runs]

    def why_nothing(self) -> str:
        """Say why the run delivered nothing: what stopped it, and phases of the composite that do not percolate."""
        first = self.runs[0]
        reason = first.get("energy_refused") or first.get("reason") or "no discharge before the lower limit"
        return " ".join([f"the run delivered nothing: {str(reason).rstrip('.')}.", *percolation_remarks(self.cell)])

    @cached_property
    def life(self) -> LifeTest:
        """Cycling of the lithium side at the nominal capacity of the design; equal seeds for all designs."""
        from lisse.lithium.build import build
        from lisse.lithium.cycling import Cycle, run_cycles
        from lisse.lithium.interface import Ending

        settings, charge = self.settings, self.cell.derived.nominal_capacity
        plating, stripping = charge * settings.charge_rate / 3600, charge * settings.discharge_rate / 3600
        # A full cell is built discharged: its lithium is plated first.
        cycle = Cycle(-plating, -stripping, charge / plating, charge / stripping)
        simulator = build(self.cell, count=settings.cells, seed=settings.seed + 1)
        history = run_cycles(simulator, cycle, settings.cycles)
        return LifeTest(history.cycles, simulator.state.ending == Ending.SHORT)

    def short_probability(self) -> list[float]:
        """Share of cells that short within the cycles asked for [-]."""
        return [float(self.life.shorted.mean())]

    def median_life(self) -> list[float]:
        """Median of the cycles done, at most those asked for."""
        return [float(np.median(self.life.cycles))]

    def mean_life(self) -> list[float]:
        """Mean of the cycles done, at most those asked for."""
        return [float(self.life.cycles.mean())]

    def critical_current_margin(self) -> list[float]:
        """Median critical current over the plating current [-]; the highest step counts where cells outlive it.

        The test strips a foil first. A thin one would end there for want of lithium, which the cathode of the design
        brings along, so the foil of the test is thick.
        """
        from lisse.lithium.critical_current import Ladder, critical_current

        settings, charge, ladder = self.settings, self.cell.derived.nominal_capacity, Ladder(CURRENT_STEPS)
        thick = self.cell
        if thick.spec.anode.thickness < FOIL:
            thick = thick.replace(**{"anode.thickness": f"{FOIL * 1e6:g} um"})
        found = critical_current(thick, ladder, cells=settings.cells, seed=settings.seed + 1)
        reached = np.minimum(found.current, ladder.currents[-1])
        return [float(np.median(reached)) / (charge * settings.charge_rate / 3600)]

    def window_margin(self) -> list[float]:
        """Oxidation edge of the coating, without one of the electrolyte, less the upper potential [V]."""
        return [self.cell.number(_oxidised(self.cell), "oxidation_potential") - self.cell.derived.upper_potential]


@dataclass(frozen=True)
class LifeTest:
    """Cycles that each cell of a test did, and which of them shorted; shape (cells,) each."""

    cycles: NDArray[np.int64]
    shorted: NDArray[np.bool_]


def _read(layered: Layered, solved: Solved) -> dict[str, Any]:
    """Return the summary of a run, its energies, and the highest stress of its separator where bending is on."""
    from lisse.cell.observing import read

    solved = layered.rescue(solved)
    name = "Separator stress intensity [Pa.m0.5]"
    found = solved.summary() if solved.solution is not None else _unsolved(solved)
    found |= _energies(solved.cell, found)
    if solved.solution is not None and name in solved.solution.all_models[0].variables:
        highest = float(read(solved.solution, [name])[name].max())
        found["separator_stress_ratio"] = highest / solved.cell.number("separator", "fracture_toughness")
    return found


def _unsolved(solved: Solved) -> dict[str, Any]:
    return {"status": solved.status, "reason": solved.reason, "cycles": []}


def _energies(cell: Cell, run: dict[str, Any]) -> dict[str, Any]:
    """Return what the last discharge gives at every level [Wh/kg, Wh/L]; the fixture holds the highest pressure."""
    from lisse.energy import energy_of

    last = _last(run)
    capacity, voltage = last.get("discharge_capacity_mAh_cm2"), last.get("mean_discharge_voltage_V")
    if not (capacity and voltage):
        return {"energy": {}}
    try:
        found = energy_of(cell, capacity, voltage, stack_pressure_MPa=_highest_pressure(run))
    except InputError as error:
        return {"energy": {}, "energy_refused": str(error)}
    levels = found.levels
    return {
        "energy": {
            "specific": levels["cell"].specific_energy,
            "pressed": levels["cell_with_fixture"].specific_energy,
            "density": levels["cell"].energy_density,
        }
    }


def _highest_pressure(run: dict[str, Any]) -> float | None:
    """Highest stack pressure of a run [MPa]; None where no cycle has one."""
    found = [given["max"] for row in run["cycles"] if (given := row.get("stack_pressure_MPa"))]
    return max(found, default=None)


def _energy(key: str) -> Callable[[Candidate], list[float]]:
    def read(candidate: Candidate) -> list[float]:
        return candidate.of_runs(lambda run: float(run["energy"].get(key, np.nan)))

    return read


def _stress(candidate: Candidate) -> list[float]:
    return candidate.of_runs(lambda run: float(run.get("separator_stress_ratio", np.nan)))


def _oxidised(cell: Cell) -> str:
    return "coating" if cell.spec.composite.coating is not None else "electrolyte"


def _must_creep(cell: Cell) -> str | None:
    return None if creeps(cell) else f"the anode of {cell.name} keeps its skeleton and has no filaments or voids"


def _must_bend(cell: Cell) -> str | None:
    return None if "bending" in cell.spec.mechanisms else "it needs the mechanism bending; add --mechanism bending"


def _must_oxidise(cell: Cell) -> str | None:
    role = _oxidised(cell)
    if cell.has_claim(role, "oxidation_potential"):
        return None
    return f"no claim on the oxidation potential of the {role} of {cell.name}"


def _last(run: dict[str, Any]) -> dict[str, Any]:
    return dict(run["cycles"][-1]) if run["cycles"] else {}


def _cycle(key: str, scale: float = 1.0) -> Callable[[Candidate], list[float]]:
    def read(candidate: Candidate) -> list[float]:
        return candidate.of_runs(lambda run: scale * float(_last(run).get(key) or 0.0))

    return read


def _retention(candidate: Candidate) -> list[float]:
    def read(run: dict[str, Any]) -> float:
        found = [row["discharge_capacity_mAh_g"] for row in run["cycles"] if row["discharge_capacity_mAh_g"]]
        return found[-1] / found[0] if found else 0.0

    return candidate.of_runs(read)


def _pressure(candidate: Candidate) -> list[float]:
    still = candidate.cell.derived.stack_pressure / 1e6
    return candidate.of_runs(lambda run: still if (found := _highest_pressure(run)) is None else found)


@dataclass(frozen=True)
class Metric:
    """One number of a design.

    Attributes
    ----------
    name, unit, label
        How it is called; the unit is empty for a pure number.
    read
        Returns it: of the cell as it is first, then of draws of its claims where it depends on them.
    cost
        Rank of what it costs to compute: 0 nothing, 1 a run, 2 a critical-current test, 3 cycles of the lithium.
    resolution
        Smallest step in which it can change, by how designs are evaluated; 0 for a continuous one.
    refusal
        Says why a cell has no such number; None where it has.
    """

    name: str
    unit: str
    label: str
    read: Callable[[Candidate], list[float]]
    cost: int
    resolution: Callable[[Settings], float] = lambda settings: 0.0
    refusal: Callable[[Cell], str | None] = lambda cell: None


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("specific_energy", "Wh/kg", "energy per mass of the cell", _energy("specific"), 1),
        Metric("pressed_energy", "Wh/kg", "energy per mass of the cell and its fixture", _energy("pressed"), 1),
        Metric("energy_density", "Wh/L", "energy per volume of the cell", _energy("density"), 1),
        Metric("capacity", "mAh/g", "last discharge, per active mass", _cycle("discharge_capacity_mAh_g"), 1),
        Metric("areal_capacity", "mAh/cm^2", "last discharge, per area", _cycle("discharge_capacity_mAh_cm2"), 1),
        Metric("mean_voltage", "V", "mean voltage of the last discharge", _cycle("mean_discharge_voltage_V"), 1),
        Metric(
            "coulombic_efficiency", "", "discharge over charge of the last cycle", _cycle("coulombic_efficiency"), 1
        ),
        Metric("retention", "", "last over first discharge", _retention, 1),
        Metric("highest_pressure", "MPa", "highest stack pressure of the run", _pressure, 1),
        Metric(
            "separator_stress",
            "",
            "stress intensity at the largest flaw of the separator over its toughness",
            _stress,
            1,
            refusal=_must_bend,
        ),
        Metric(
            "window_margin",
            "V",
            "oxidation edge at the oxide less the upper potential",
            Candidate.window_margin,
            0,
            refusal=_must_oxidise,
        ),
        Metric(
            "lithium_excess",
            "",
            "lithium of the anode over the areal capacity",
            lambda candidate: [float(candidate.cell.derived.lithium_excess)],
            0,
        ),
        Metric(
            "stack_thickness",
            "um",
            "thickness of the stack",
            lambda candidate: [1e6 * float(candidate.cell.derived.stack_thickness)],
            0,
        ),
        Metric(
            "short_probability",
            "",
            "share of cells that short within the cycles",
            Candidate.short_probability,
            3,
            lambda settings: 1 / settings.cells,
            _must_creep,
        ),
        Metric(
            "median_life", "", "median of the cycles done", Candidate.median_life, 3, lambda settings: 1.0, _must_creep
        ),
        Metric(
            "mean_life",
            "",
            "mean of the cycles done",
            Candidate.mean_life,
            3,
            lambda settings: 1 / settings.cells,
            _must_creep,
        ),
        Metric(
            "ccd_margin",
            "",
            "median critical current over the plating current",
            Candidate.critical_current_margin,
            2,
            refusal=_must_creep,
        ),
    )
}
"""Every number that can be an objective or a constraint."""
