"""Run a protocol on a cell's model: one build, progress, a clean stop, and whatever was finished before it.

Leaves out: the choice of parameters and protocol (``lisse.simulate``) and the reading of the result (``results``).
"""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm

from lisse.cell.common_terms import CellSolver
from lisse.cell.consistent import consistent_state
from lisse.cell.jumping import Jumper, Layout, moved_solution
from lisse.cell.model import SolidStateCell
from lisse.cell.options import Options, SurfaceForm
from lisse.cell.symmetric import cell_model

RTOL, ATOL = 5e-6, 5e-8
"""Tolerances at which the books of a run close (:mod:`lisse.cell.audit`)."""

TOO_MUCH = "current_not_sustainable"
"""Reason of a run with a step whose current no state of the cell carries, while a smaller one is carried."""

QUIET = {"silence_sundials_errors": True}
"""What goes wrong reaches the user as status and reason, not as lines of the solver."""
STATES_ONLY = {"suppress_algebraic_error": True}
"""Steps follow the error of the states alone. Where reaction and diffusion are fast, the current of each size class is
the small difference of nearly equal potentials, and its own error would drive the step to nothing."""
SMALLEST_STEP = 1e-7
"""A step below a tenth of a microsecond means a jump in the equations: fail instead of creeping on [s]."""

STUCK = "limit_exceeded_at_start"
"""Reason of a run with a step that is over before it begins: the ohmic drop alone exceeds a voltage limit."""

AT_START = "non-positive at initial conditions"
"""What PyBaMM says of an event that has happened before the first step."""

SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of a current for which a start is sought, largest first."""

Progress = Callable[[int, int, str], None]
"""Called at the start of each step with the cycle, the number of cycles and the step's text."""


State = dict[str, Any]
"""Value of every state of the model by name, arrays in the order of the mesh."""


@dataclass
class Outcome:
    """What came of a run.

    Attributes
    ----------
    solution
        The solution as far as it goes; None if not even the first step ran.
    status
        ``completed``, ``stopped`` (an event ended it) or ``failed`` (the solver gave up).
    reason
        Name of the event, or the solver's message; None when completed.
    build_s, solve_s
        Wall time of building the model and of solving it [s].
    edges
        Shell edges of the particles' mesh, from 0 to 1; None for a symmetric cell, which has no particles.
    jumper
        Which cycles were simulated; None for all of them.
    """

    solution: pybamm.Solution | None
    status: str
    reason: str | None
    build_s: float
    solve_s: float
    edges: Any
    jumper: Jumper | None = None


class Watch(pybamm.callbacks.Callback):
    """Listens to PyBaMM's experiment loop: progress, and why it ended early."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.status = "completed"
        self.reason: str | None = None

    def on_step_start(self, logs: dict[str, Any]) -> None:
        """Report progress."""
        cycle, cycles = logs["cycle number"]
        if _Jump.by is not None:
            _Jump.due = cycle > 1 and logs["step number"][0] == 1
            cycle = _Jump.by.numbers[-1] + _Jump.due
        if self.progress is not None:
            self.progress(cycle, cycles, logs["step operating conditions"])

    def on_experiment_infeasible_event(self, logs: dict[str, Any]) -> None:
        """Note the event that ended the run."""
        self.status, self.reason = "stopped", slug(str(logs["termination"]))

    def on_experiment_infeasible_time(self, logs: dict[str, Any]) -> None:
        """Note that a step reached its longest duration."""
        self.status, self.reason = "stopped", "step_duration"

    def on_experiment_error(self, logs: dict[str, Any]) -> None:
        """Note the solver's complaint, that the user interrupted, or that no step could begin."""
        message = str(logs["error"])
        if _Jump.DONE in message:
            pass
        elif _Interrupt.MESSAGE in message:
            self.status, self.reason = "stopped", "interrupted"
        elif message.startswith("All steps in the cycle") or AT_START in message:
            self.status, self.reason = "stopped", STUCK
        else:
            self.status, self.reason = "failed", solver_reason(message)


class _Interrupt:
    """Ctrl-C ends the run after the current step instead of throwing away what is done."""

    MESSAGE = "interrupted by the user"
    requested = False


class _Jump:
    """Whose turn it is to carry the state over cycles, before the first step of a cycle."""

    DONE = "the last cycle is done"
    by: Jumper | None = None
    due = False


@contextmanager
def _jumping(jumper: Jumper | None) -> Iterator[None]:
    """Let a jumper carry the state over cycles while the experiment runs."""
    _Jump.by, _Jump.due = jumper, False
    try:
        yield
    finally:
        _Jump.by = None


class InterruptibleSolver(CellSolver):
    """IDA that stops between steps when asked to, so that PyBaMM returns what was finished, and jumps over cycles."""

    _twin: pybamm.IDAKLUSolver | None = None

    def set_up(self, model: pybamm.BaseModel, inputs: Any = None, t_eval: Any = None, ics_only: bool = False) -> Any:
        """Set up a model; where only the state at the start is asked for anew, call what the first time compiled."""
        known = self._model_set_up.get(model)
        if ics_only and known is not None and known["initial conditions"] is model.concatenated_initial_conditions:
            self._set_initial_conditions(model, 0.0, inputs if isinstance(inputs, list) else [inputs or {}])
            return None
        return super().set_up(model, inputs, t_eval, ics_only)

    def step(
        self, old_solution: pybamm.Solution, model: pybamm.BaseModel, *args: Any, **kwargs: Any
    ) -> pybamm.Solution:
        """Solve one step, unless an interrupt has been requested or all cycles are done."""
        if _Interrupt.requested:
            raise pybamm.SolverError(_Interrupt.MESSAGE)
        if _Jump.by is not None and _Jump.due:
            state = np.asarray(old_solution.last_state.all_ys[0], dtype=float).ravel()
            moved = _Jump.by.begin_cycle(state, float(old_solution.t[-1]), Layout(model, kwargs.get("inputs") or {}))
            if moved is None:
                raise pybamm.SolverError(_Jump.DONE)
            old_solution = moved_solution(old_solution, moved)
        try:
            return super().step(old_solution, model, *args, **kwargs)
        except pybamm.SolverError as error:
            if AT_START in str(error):
                raise
            return self._again(error, old_solution, model, *args, **kwargs)

    def _again(
        self, error: Exception, old_solution: pybamm.Solution, model: pybamm.BaseModel, *args: Any, **kwargs: Any
    ) -> pybamm.Solution:
        """Solve a step that has failed: with the other kind of error control, and from a state found elsewhere."""
        if self._twin is None:
            options = {**self._options, "suppress_algebraic_error": not self._options["suppress_algebraic_error"]}
            self._twin = pybamm.IDAKLUSolver(rtol=self.rtol, atol=self.atol, on_extrapolation="ignore", options=options)
        inputs = kwargs.get("inputs") or {}
        try:
            return self._twin.step(old_solution, model, *args, **kwargs)
        except pybamm.SolverError:
            found = consistent_state(old_solution, model, inputs)
        if found is None:
            raise error
        if isinstance(old_solution, pybamm.EmptySolution):
            begun = pybamm.Solution(np.zeros(1), found[:, None], model, inputs, termination="final time")
        else:
            begun = moved_solution(old_solution, found)
        try:
            return super().step(begun, model, *args, **kwargs)
        except pybamm.SolverError:
            return self._twin.step(begun, model, *args, **kwargs)


@contextmanager
def deferred_interrupt() -> Iterator[None]:
    """Turn the first Ctrl-C into a request; a second one raises as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.getsignal(signal.SIGINT)

    def request(number: int, frame: Any) -> None:
        if _Interrupt.requested:
            raise KeyboardInterrupt
        _Interrupt.requested = True

    signal.signal(signal.SIGINT, request)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        _Interrupt.requested = False


@contextmanager
def quiet() -> Iterator[None]:
    """Keep PyBaMM's log off the terminal: what it says reaches the user as status and reason."""
    level = pybamm.logger.level
    pybamm.logger.setLevel("CRITICAL")
    try:
        yield
    finally:
        pybamm.logger.setLevel(level)


def slug(text: str) -> str:
    """Return an event's name for a summary: ``"event: Minimum voltage [V]"`` is ``minimum_voltage``."""
    text = re.sub(r"^event: ", "", text)
    text = re.sub(r"\[[^\]]*\]", "", text)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def solver_reason(message: str) -> str:
    """Shorten a solver's message to its first sentence."""
    return re.sub(r"^input set \d+: ", "", message).split("\n")[0].split(". ")[0][:200]


def last_state(options: Options, solution: pybamm.Solution) -> State:
    """Return the state in which a solution ends."""
    model = cell_model(options).set_initial_conditions_from(solution, inplace=False)
    return {variable.name: value.evaluate() for variable, value in model.initial_conditions.items()}


def _standing_at(model: SolidStateCell, state: State) -> SolidStateCell:
    """Let a model start in a state."""
    for variable in list(model.initial_conditions):
        model.initial_conditions[variable] = pybamm.Vector(state[variable.name], domains=variable.domains)
    return model


def why_no_start(
    model: SolidStateCell, values: dict[str, Any], current: float, solution: pybamm.Solution | None = None
) -> str | None:
    """Tell why a step of constant current cannot begin; None if it can, or if nothing is known.

    A cell that hardly conducts has no state that carries the current inside the window, and the search for one may
    fail before the event is seen. It is sought here without an experiment around it and for smaller currents: a limit
    that one of those exceeds, the whole one exceeds too; and if only those have a state, the cell cannot carry the
    whole one (the surface of its particles is full or empty).

    Parameters
    ----------
    model, values
        The model and its parameters.
    current
        [A], positive on discharge.
    solution
        Where the cell stands; None for the cell as built.
    """
    if solution is not None:
        model = model.set_initial_conditions_from(solution, inplace=False)
    with quiet():
        for share in SHARES:
            simulation = pybamm.Simulation(
                model,
                parameter_values=pybamm.ParameterValues({**values, "Current function [A]": share * current}),
                solver=pybamm.IDAKLUSolver(rtol=RTOL, atol=ATOL, on_extrapolation="ignore", options=QUIET),
            )
            try:
                simulation.solve([0, 1])
            except pybamm.SolverError as error:
                if AT_START in str(error):
                    return STUCK
            else:
                return None if share == 1.0 else TOO_MUCH
    return None


def solve(
    model: SolidStateCell,
    values: dict[str, Any],
    experiment: pybamm.Experiment,
    progress: Progress | None = None,
    rtol: float = RTOL,
    atol: float = ATOL,
    state: State | None = None,
    options: dict[str, Any] | None = None,
    jumper: Jumper | None = None,
) -> Outcome:
    """Build the model, run the experiment and return what came of it; never raises for a cell that cannot run.

    Parameters
    ----------
    model
        The model.
    values
        Its parameters.
    experiment
        What to do with it.
    progress
        Called at each step.
    rtol, atol
        Tolerances of the solver.
    state
        Where the cell stands; None for the cell as built.
    options
        Further options of the solver.
    jumper
        Carries the state over cycles that are then not simulated.
    """
    start = time.perf_counter()
    if state is not None:
        model = _standing_at(model, state)
    # Double layers charge within nanoseconds where the power is held, so no step is too small for them.
    layered = model.cell_options.surface_form is SurfaceForm.DIFFERENTIAL
    smallest_step = 0.0 if layered else SMALLEST_STEP
    simulation = pybamm.Simulation(
        model,
        experiment=experiment,
        parameter_values=pybamm.ParameterValues(values),
        solver=InterruptibleSolver(
            rtol=rtol,
            atol=atol,
            on_extrapolation="ignore",
            options={**QUIET, **(options or {}), "dt_min": smallest_step},
        ),
    )
    simulation.build_for_experiment()
    built = time.perf_counter()
    watch = Watch(progress)
    try:
        with deferred_interrupt(), quiet(), _jumping(jumper):
            solution = simulation.solve(callbacks=[watch], calc_esoh=False)
    except pybamm.SolverError as error:
        solution = None
        watch.on_experiment_error({"error": error})
    if isinstance(solution, pybamm.EmptySolution):
        # Already outside the limits at the first instant: nothing was solved.
        solution = None
        watch.status, watch.reason = ("stopped", STUCK) if watch.status == "completed" else (watch.status, watch.reason)
    edges = None if model.cell_options.symmetric else simulation.mesh["positive particle"].edges
    return Outcome(solution, watch.status, watch.reason, built - start, time.perf_counter() - built, edges, jumper)


def solve_robustly(
    options: Options,
    values: dict[str, Any],
    experiment: Callable[[], pybamm.Experiment],
    currents: Sequence[float | None],
    progress: Progress | None = None,
    rtol: float = RTOL,
    state: State | None = None,
    jumper: Callable[[], Jumper] | None = None,
) -> tuple[Outcome, bool]:
    """Solve; where that fails, say whether the cell could have started at all, and try in two other ways.

    Parameters
    ----------
    options
        Of the build.
    values
        Parameters of the model.
    experiment
        Makes the experiment anew (a PyBaMM experiment belongs to one simulation).
    currents
        Current of each step [A]; None where it is not constant.
    progress
        Called at each step.
    rtol
        Relative tolerance; the absolute one follows it.
    state
        Where the cell stands; None for the cell as built.
    jumper
        Makes what carries the state over cycles; None to simulate all of them.

    Returns
    -------
    tuple
        The outcome, and whether it was solved with double layers although the options did not ask for them.
    """
    model = cell_model(options)
    atol = rtol * ATOL / RTOL
    # Rates of damage are algebraic numbers whose own error moves nothing: the states they feed are controlled.
    coupled = options.cathode_mechanisms or options.lithium_mechanisms or options.bending
    first, second = (STATES_ONLY, None) if coupled else (None, STATES_ONLY)

    def attempt(model: SolidStateCell, extra: dict[str, Any] | None, start: State | None) -> Outcome:
        jumps = None if jumper is None else jumper()
        return solve(model, values, experiment(), progress, rtol, atol, start, extra, jumps)

    outcome = attempt(model, first, state)
    if outcome.status != "failed":
        return outcome, False
    done = sum(len(cycle.steps) for cycle in outcome.solution.cycles) if outcome.solution is not None else 0
    current = currents[done] if done < len(currents) else None
    reason = why_no_start(cell_model(options), values, current, outcome.solution) if current else None
    if reason is not None:
        outcome.status, outcome.reason = "stopped", reason
        return outcome, False
    again = attempt(cell_model(options), second, state)
    if again.status != "failed":
        return again, False
    if options.surface_form is SurfaceForm.DIFFERENTIAL or state is not None or options.symmetric:
        return outcome, False
    # Double layers turn the potentials into states: slower, but every initial state is consistent.
    layered = SolidStateCell(options.model_copy(update={"surface_form": SurfaceForm.DIFFERENTIAL}))
    again = attempt(layered, None, None)
    return (again, True) if again.status != "failed" else (outcome, False)
