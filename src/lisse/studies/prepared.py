"""One build for many cells: the numbers that differ between them are inputs of the model.

So each cell costs its solution only. The cells must share options and protocol, as draws of one cell do; currents
stay those of the first cell. Leaves out: the books, which the first cell of a study keeps for all (``lisse.run``), and
cells that need another build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.cell.options import Options
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.simulate import CellFacts

if TYPE_CHECKING:
    import pandas as pd
    import pybamm

RTOL = 5e-5
"""Relative tolerance of a cell among many: 0.1 mV and 0.01 % of capacity, ten times coarser than books need."""
MOST_STEPS = 20_000
"""Steps of the solver in one step of the protocol: usual are some hundreds, and a cell that needs more has run away."""
MOST_ITERATIONS = 6
"""Newton iterations before the Jacobian is renewed: at the loose tolerance of draws 15 % faster than PyBaMM's 40."""
FIXED = frozenset(
    {
        "Ambient temperature [K]",
        "Initial temperature [K]",
        "Current function [A]",
        "Nominal cell capacity [A.h]",
        "Nominal current density [A.m-2]",
        "Upper voltage cut-off [V]",
        "Lower voltage cut-off [V]",
    }
)
"""Numbers of the protocol and the temperature, which PyBaMM's experiments hold themselves: equal for all cells."""
PROBES = np.array([0.45, 0.62, 0.8])
"""Lithium contents at which two functions are compared to find factor and shift."""
SAME_SHAPE = 1e-6
"""Relative misfit of factor and shift above which two functions differ in shape."""


MOVES = ("factor", "shift")
"""What a draw does to a function."""


class OtherBuildError(InputError):
    """A cell differs from the first by more than numbers that the build can take; run it by itself."""


@dataclass(frozen=True)
class Solved:
    """What came of one cell.

    Attributes
    ----------
    cell
        The cell.
    solution
        From PyBaMM; None if not even the first step ran.
    status, reason
        As in the summary of a run.
    """

    cell: Cell
    solution: pybamm.Solution | None
    status: str
    reason: str | None

    @cached_property
    def timeseries(self) -> pd.DataFrame:
        """Series as in ``timeseries.parquet``."""
        from lisse.cell.results import time_series

        derived = self.cell.derived
        return time_series(self.solution, derived.nominal_current, derived.active_loading * derived.cell_area)

    def summary(self) -> dict[str, Any]:
        """Return ``cycles``, ``losses_V`` and how it ended, as in the summary of a run."""
        from lisse.cell.results import cycles, mean_losses

        derived = self.cell.derived
        frame = self.timeseries
        return {
            "status": self.status,
            "reason": self.reason,
            "cycles": cycles(frame, derived.active_loading * derived.cell_area, derived.cell_area),
            "losses_V": mean_losses(frame),
        }


class Prepared:
    """A model built once for a cell and a protocol.

    Parameters
    ----------
    cell
        The first cell; its capacity sets the currents.
    protocol
        Protocol string, name or object.
    cells
        Cells that will be solved, so that only what differs among them becomes an input; without them every number is
        one.
    options
        Of the build.
    rtol
        Relative tolerance of the solver.
    also
        Names of parameters that become inputs in any case, so that :meth:`solve` can change them.

    Raises
    ------
    OtherBuildError
        If one of the cells needs another build.
    """

    def __init__(
        self,
        cell: Cell,
        protocol: str | Protocol = "1 cycle at C/3",
        cells: Iterable[Cell] | None = None,
        options: Options | dict[str, Any] | None = None,
        rtol: float = RTOL,
        also: Iterable[str] = (),
    ) -> None:
        import pybamm

        from lisse.cell.solving import ATOL, QUIET, SMALLEST_STEP, STATES_ONLY, InterruptibleSolver
        from lisse.cell.solving import RTOL as BOOKS
        from lisse.cell.symmetric import cell_model

        self.cell, self.asked, self.rtol = cell, options, rtol
        self.options = options_for(cell, options)
        self.protocol = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
        self.plan = self.protocol.resolve(CellFacts.of(cell))
        self._base = parameter_values(cell, self.options)
        self._inputs = self._varied(cells) | frozenset(also) & self._base.keys()
        values = {name: self._symbol(name, value) for name, value in self._base.items()}
        coupled = self.options.cathode_mechanisms or self.options.lithium_mechanisms or self.options.bending
        solver = InterruptibleSolver(
            rtol=rtol,
            atol=rtol * ATOL / BOOKS,
            on_extrapolation="ignore",
            options={
                **QUIET,
                **(STATES_ONLY if coupled else {}),
                "dt_min": SMALLEST_STEP,
                "max_num_steps": MOST_STEPS,
                **({"max_nonlinear_iterations": MOST_ITERATIONS} if rtol > BOOKS else {}),
            },
        )
        self._simulation = pybamm.Simulation(
            cell_model(self.options),
            experiment=self.plan.experiment(adaptive=True),
            parameter_values=pybamm.ParameterValues(values),
            solver=solver,
        )
        self._simulation.build_for_experiment()

    def _varied(self, cells: Iterable[Cell] | None) -> frozenset[str]:
        """Return the names of the values that become inputs."""
        able = frozenset(
            name for name, value in self._base.items() if name not in FIXED and (_is_number(value) or callable(value))
        )
        if cells is None:
            return able
        found: set[str] = set()
        for cell in cells:
            values = self._values(cell)
            found |= {name for name in able - found if _differs(self._base[name], values[name])}
        return frozenset(found)

    def _values(self, cell: Cell) -> dict[str, Any]:
        values = parameter_values(cell, self.options)
        if values.keys() != self._base.keys():
            raise OtherBuildError(
                f"cells: {cell.name} has other parameters than {self.cell.name} and needs its own build."
            )
        return values

    def _symbol(self, name: str, value: Any) -> Any:
        """Return what the model is built with in place of a value."""
        import pybamm

        if name not in self._inputs:
            return value
        if _is_number(value):
            return "[input]"
        return _moved(value, *(pybamm.InputParameter(f"{name} {kind}") for kind in MOVES))

    def inputs(self, cell: Cell) -> dict[str, float]:
        """Return the inputs of the model for a cell.

        Raises
        ------
        OtherBuildError
            If a value that is no input differs from that of the first cell, or a function in more than size.
        """
        found: dict[str, float] = {}
        for name, value in self._values(cell).items():
            base = self._base[name]
            if name in self._inputs:
                if _is_number(base):
                    found[name] = float(value)
                else:
                    moves = _moves(name, base, value)
                    found |= {f"{name} {kind}": move for kind, move in zip(MOVES, moves, strict=True)}
            elif name not in FIXED and _differs(base, value):
                raise OtherBuildError(
                    f"cells: {name} of {cell.name} differs from the first cell's but is no input of the build."
                )
        return found

    def solve(self, cell: Cell, changes: Mapping[str, float] | None = None) -> Solved:
        """Run the protocol on a cell; never raises for one that cannot run.

        Parameters
        ----------
        cell
            The cell.
        changes
            Parameters among the inputs with other values: numbers, or factors of functions.
        """
        import pybamm

        from lisse.cell.solving import STUCK, Watch, deferred_interrupt, quiet

        watch, inputs = Watch(None), self.inputs(cell)
        for name, number in (changes or {}).items():
            inputs[name if name in inputs else f"{name} {MOVES[0]}"] = number
        try:
            with deferred_interrupt(), quiet():
                solution = self._simulation.solve(callbacks=[watch], calc_esoh=False, inputs=inputs)
        except pybamm.SolverError as error:
            solution = None
            watch.on_experiment_error({"error": error})
        if watch.reason == "interrupted":
            raise KeyboardInterrupt  # a run may end early and be kept, a study of many may not
        if isinstance(solution, pybamm.EmptySolution):
            solution = None
            watch.status, watch.reason = (
                ("stopped", STUCK) if watch.status == "completed" else (watch.status, watch.reason)
            )
        if solution is not None:
            # PyBaMM keeps only the inputs that the equations read; what is read out of the solution may need others.
            solution.all_inputs = [{name: np.array([number]) for name, number in inputs.items()}] * len(solution.all_ts)
            solution._all_inputs_stacked = solution._all_inputs_casadi = None
        return Solved(cell, solution, watch.status, watch.reason)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moved(function: Callable[[Any], Any], factor: Any, shift: Any) -> Callable[[Any], Any]:
    def moved(content: Any) -> Any:
        return function(content) * factor + shift

    return moved


def _differs(one: Any, other: Any) -> bool:
    if _is_number(one) and _is_number(other):
        return float(one) != float(other)
    if callable(one) and callable(other):
        return one is not other and bool(np.any(_probe(one) != _probe(other)))
    return bool(one != other)


def _probe(function: Callable[[Any], Any]) -> Any:
    return np.asarray(function(PROBES), dtype=float) + 0 * PROBES


def _moves(name: str, base: Callable[[Any], Any], value: Any) -> tuple[float, float]:
    """Return factor and shift that turn one function into another of the same shape."""
    if not callable(value):
        raise OtherBuildError(f"cells: {name} is a function in one cell and a number in another.")
    ours, theirs = _probe(base), _probe(value)
    width = float(np.ptp(ours))
    if width == 0:
        factor, shift = 1.0, float(theirs[0] - ours[0])
    else:
        low, high = int(ours.argmin()), int(ours.argmax())
        factor = float(theirs[high] - theirs[low]) / width
        shift = float(theirs[low] - factor * ours[low])
    if not np.all(np.abs(factor * ours + shift - theirs) <= SAME_SHAPE * np.abs(theirs).max()):
        raise OtherBuildError(f"cells: {name} has another shape in one cell than in the first.")
    return factor, shift


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names of parameters that differ between two sets."""
    return sorted(name for name in one.keys() | other.keys() if _differs(one.get(name), other.get(name)))
