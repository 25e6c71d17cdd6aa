"""How the steps of a run ended, read from PyBaMM's solution.

Leaves out: the numbers of the run, which the solution holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lisse.experiments.resolved_steps import ResolvedCycle, ResolvedStep
from lisse.experiments.steps import Kind

_SKIPPED = "Event exceeded in initial conditions"
_TIME = "final time"
_OWN = " [experiment]"


@dataclass(frozen=True)
class StepEnd:
    """How one step of a run ended.

    Attributes
    ----------
    cycle, step
        Places in the protocol, from 0 on.
    kind
        charge, discharge, rest or hold.
    reason
        The limit that was met, for example ``"Voltage > 4.3 [V]"``; ``"duration"``; ``"duration cap"`` if the step met
        none of its limits in the generous time it had; ``"skipped"`` if a limit was already met when it began;
        ``"not run"`` if the run ended before.
    """

    cycle: int
    step: int
    kind: Kind
    reason: str


def match_cycles(cycles: Sequence[ResolvedCycle], run: Sequence[Any], nominal_capacity_Ah: float) -> list[Any]:
    """Return the entry of ``run`` that belongs to each of ``cycles``, None where there is none.

    Parameters
    ----------
    cycles
        The protocol's cycles.
    run
        PyBaMM's ``solution.cycles``: in order, without the cycles whose only step was skipped.
    nominal_capacity_Ah
        Capacity that defines 1C [A.h].
    """
    out: list[Any] = []
    place = 0
    for cycle in cycles:
        entry = run[place] if place < len(run) else None
        may_be_dropped = len(cycle.steps) == 1 and bool(cycle.steps[0].limits)
        if place < len(run) and may_be_dropped and entry is not None:
            fits = len(entry.steps) == 1 and _does(entry.steps[0], cycle.steps[0], nominal_capacity_Ah)
            entry = entry if fits else None
            place += fits
        else:
            place += 1
        out.append(entry)
    return out


def step_ends(cycles: Sequence[ResolvedCycle], matched: Sequence[Any], run: Sequence[Any]) -> Iterator[StepEnd]:
    """Yield how each step ended.

    Parameters
    ----------
    cycles
        The protocol's cycles.
    matched
        What :func:`match_cycles` returns for them.
    run
        PyBaMM's ``solution.cycles``.
    """
    all_kept = all(entry is not None for entry in run)
    last = max((i for i, entry in enumerate(matched) if entry is not None), default=-1)
    goes_on = last < 0 or _complete(cycles[last], matched[last])
    for i, (cycle, entry) in enumerate(zip(cycles, matched, strict=True)):
        droppable = len(cycle.steps) == 1 and bool(cycle.steps[0].limits)
        if entry is None and not all_kept and i < len(run):
            continue
        if i > last and not droppable:
            goes_on = False
        skipped = entry is None and (i < last or goes_on)
        steps = [] if entry is None else entry.steps
        for k, step in enumerate(cycle.steps):
            reason = _reason(steps[k].termination, step) if k < len(steps) else "skipped" if skipped else "not run"
            yield StepEnd(i, k, step.kind, reason)


def _complete(cycle: ResolvedCycle, entry: Any) -> bool:
    """Tell whether a cycle ran to its end by limits of its own."""
    ends = [step.termination for step in entry.steps]
    return len(ends) == len(cycle.steps) and all(end in (_SKIPPED, _TIME) or end.endswith(_OWN) for end in ends)


def _does(solution: Any, step: ResolvedStep, nominal_capacity_Ah: float) -> bool:
    """Tell whether the solution of a step holds what ``step`` controls."""
    if solution.termination == _SKIPPED:
        return False
    current, voltage = (float(solution[name].entries[-1]) for name in ("Current [A]", "Voltage [V]"))
    if step.drive is not None:
        return float(solution.t[-1] - solution.t[0]) <= step.duration_s * (1 + 1e-9)
    found = _controlled(step, current, voltage, nominal_capacity_Ah)
    return math.isclose(found, step.value, rel_tol=1e-3, abs_tol=1e-12)


def _controlled(step: ResolvedStep, current: float, voltage: float, nominal_capacity_Ah: float) -> float:
    """Return the quantity that ``step`` controls, in the unit of its value."""
    if step.mode == "hold":
        return voltage
    if step.mode == "power":
        return current * voltage
    if step.mode == "resistance":
        return voltage / current if current else math.inf
    return current / nominal_capacity_Ah if step.mode == "c_rate" else current


def _reason(termination: str, step: ResolvedStep) -> str:
    if termination == _SKIPPED:
        return "skipped"
    if termination == _TIME:
        return "duration cap" if step.duration_is_cap and step.drive is None else "duration"
    return termination.removeprefix("event: ").removesuffix(_OWN)
