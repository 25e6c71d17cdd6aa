"""Numbers of a design that can be an objective or a constraint, each computed only when something asks for it.

Leaves out: how designs are chosen (``design``) and the equations, which stand where their mechanism is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.parameters import creeps
from lisse.studies.batch import Refused, solve_many

if TYPE_CHECKING:
    from lisse.energy import EnergyBreakdown
    from lisse.lithium.cycle_life import Life
    from lisse.studies.prepared import Solved

LITHIUM_CELLS = 40
"""Cells of a test of the lithium interface while a design is sought."""
HALF_CYCLES = 30
"""Cycles of such a test unless told otherwise."""
CURRENT_STEPS = tuple(float(step) for step in np.arange(2.5, 50.1, 2.5))
"""Steps of the critical-current test of a design [A/m2]: 0.25 to 5 mA/cm2."""


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
    charge_rate
        C-rate of plating in the tests of the lithium interface [1/h].
    seed
        Of all random numbers; equal for all designs.
    workers
        Processes.
    """

    cycles: int = HALF_CYCLES
    cells: int = LITHIUM_CELLS
    draws: int = 0
    charge_rate: float = 1 / 3
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
        from lisse.studies.sampling import draw

        count, seed = self.settings.draws, self.settings.seed
        draws = draw(self.cell, count, seed) if count else None

        def make(number: int) -> Cell:
            return self.cell if number == 0 or draws is None else draws.make(number - 1)

        workers = self.settings.workers
        found = solve_many(self.cell, self.protocol, make, count + 1, read=_read, workers=workers)
        nothing: dict[str, Any] = {"status": "refused", "cycles": []}
        return [nothing if isinstance(one, Refused) else one for one in found]

    def of_runs(self, read: Callable[[dict[str, Any]], float]) -> list[float]:
        """Read a number out of every run."""
        return [read(run) for run in self.runs]

    def _energy(self, read: Callable[[EnergyBreakdown], float]) -> list[float]:
        """Read a number out of the energy of every run; not a number where a run delivered nothing."""
        from lisse.energy import energy_of

        def of_run(run: dict[str, Any]) -> float:
            last = _last(run)
            capacity, voltage = last.get("discharge_capacity_mAh_cm2"), last.get("mean_discharge_voltage_V")
            return read(energy_of(self.cell, capacity, voltage)) if capacity and voltage else float("nan")

        return self.of_runs(of_run)

    def specific_energy(self) -> list[float]:
        """Energy per mass of the cell [Wh/kg]."""
        return self._energy(lambda found: found.specific_energy)

    def energy_density(self) -> list[float]:
        """Energy per volume of the cell [Wh/L]."""
        return self._energy(lambda found: found.energy_density)

    def pressed_energy(self) -> list[float]:
        """Energy per mass of the cell and what presses it [Wh/kg]."""
        return self._energy(lambda found: found.levels["cell_with_fixture"].specific_energy)

    @cached_property
    def life(self) -> Life:
        """Cycling of the lithium side at the areal capacity of the design."""
        from lisse.lithium.cycle_life import cycle_life

        charge = self.cell.derived.nominal_capacity
        settings = self.settings
        plating, stripping = charge * settings.charge_rate / 3600, charge / 3 / 3600
        return cycle_life(
            self.cell,
            current=stripping,
            plate_current=plating,
            capacity=charge,
            cycles=settings.cycles,
            cells=settings.cells,
            seed=settings.seed + 1,
        )

    def short_probability(self) -> list[float]:
        """Share of cells that short within the cycles asked for [-]."""
        self._must_creep()
        return [float(np.isfinite(self.life.time_to_short).mean())]

    def median_life(self) -> list[float]:
        """Median of the cycles done, at most those asked for."""
        self._must_creep()
        return [float(np.median(self.life.history.cycles))]

    def critical_current_margin(self) -> list[float]:
        """Median critical current over the plating current [-]."""
        from lisse.lithium.critical_current import Ladder, critical_current

        self._must_creep()
        settings, charge = self.settings, self.cell.derived.nominal_capacity
        found = critical_current(self.cell, Ladder(CURRENT_STEPS), cells=settings.cells, seed=settings.seed + 1)
        reached = np.minimum(found.current, CURRENT_STEPS[-1])
        return [float(np.median(reached)) / (charge * settings.charge_rate / 3600)]

    def window_margin(self) -> list[float]:
        """Oxidation edge of the coating, without one of the electrolyte, less the upper potential [V]."""
        role = "coating" if self.cell.spec.composite.coating is not None else "electrolyte"
        if not self.cell.has_claim(role, "oxidation_potential"):
            return [float("nan")]
        return [self.cell.number(role, "oxidation_potential") - self.cell.derived.upper_potential]

    def _must_creep(self) -> None:
        if not creeps(self.cell):
            raise InputError(
                f"constraint: the anode of {self.cell.name} keeps its skeleton and has no short or critical current; "
                "leave that constraint out."
            )


def _read(solved: Solved) -> dict[str, Any]:
    """Return the summary of a run, and the highest stress of its separator where bending is on."""
    from lisse.cell.observing import read

    name = "Separator stress intensity [Pa.m0.5]"
    found = solved.summary()
    if solved.solution is not None and name in solved.solution.all_models[0].variables:
        highest = float(read(solved.solution, [name])[name].max())
        found["separator_stress_ratio"] = highest / solved.cell.number("separator", "fracture_toughness")
    return found


def _stress(candidate: Candidate) -> list[float]:
    if "bending" not in candidate.cell.spec.mechanisms:
        raise InputError("constraint separator_stress: it needs the mechanism bending; add --mechanism bending.")
    return candidate.of_runs(lambda run: float(run.get("separator_stress_ratio", np.nan)))


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
    def read(run: dict[str, Any]) -> float:
        found = [row["stack_pressure_MPa"]["max"] for row in run["cycles"] if row["stack_pressure_MPa"]]
        return max(found, default=candidate.cell.derived.stack_pressure / 1e6)

    return candidate.of_runs(read)


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
        Rank of what it costs to compute: 0 nothing, 1 a run, 2 a test of the lithium interface.
    """

    name: str
    unit: str
    label: str
    read: Callable[[Candidate], list[float]]
    cost: int


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("specific_energy", "Wh/kg", "energy per mass of the cell", Candidate.specific_energy, 1),
        Metric("pressed_energy", "Wh/kg", "energy per mass of the cell and its fixture", Candidate.pressed_energy, 1),
        Metric("energy_density", "Wh/L", "energy per volume of the cell", Candidate.energy_density, 1),
        Metric("capacity", "mAh/g", "last discharge, per active mass", _cycle("discharge_capacity_mAh_g"), 1),
        Metric("areal_capacity", "mAh/cm^2", "last discharge, per area", _cycle("discharge_capacity_mAh_cm2"), 1),
        Metric("mean_voltage", "V", "mean voltage of the last discharge", _cycle("mean_discharge_voltage_V"), 1),
        Metric("coulombic_efficiency", "", "of the last cycle", _cycle("coulombic_efficiency"), 1),
        Metric("retention", "", "last over first discharge", _retention, 1),
        Metric("highest_pressure", "MPa", "highest stack pressure of the run", _pressure, 1),
        Metric(
            "separator_stress",
            "",
            "stress intensity at the largest flaw of the separator over its toughness",
            _stress,
            1,
        ),
        Metric(
            "window_margin", "V", "oxidation edge at the oxide less the upper potential", Candidate.window_margin, 0
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
            lambda c: [1e6 * float(c.cell.derived.stack_thickness)],
            0,
        ),
        Metric("short_probability", "", "share of cells that short within the cycles", Candidate.short_probability, 2),
        Metric("median_life", "", "median of the cycles done", Candidate.median_life, 2),
        Metric(
            "ccd_margin", "", "median critical current over the plating current", Candidate.critical_current_margin, 2
        ),
    )
}
"""Every number that can be an objective or a constraint."""
