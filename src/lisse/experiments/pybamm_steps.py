"""From resolved steps to PyBaMM's own; the one module of ``experiments`` that imports PyBaMM.

Leaves out: everything that can be decided without a model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm

from lisse.errors import InputError
from lisse.experiments.resolved_steps import ResolvedCycle, ResolvedLimit, ResolvedStep
from lisse.experiments.values import suggestion

_STEPS = {
    "c_rate": pybamm.step.c_rate,
    "current": pybamm.step.current,
    "power": pybamm.step.power,
    "resistance": pybamm.step.resistance,
    "hold": pybamm.step.voltage,
}


class VariableStop:
    """Event function of a stop on a variable of the solution; positive until the step ends.

    Parameters
    ----------
    limit
        The variable, the operator and the number.
    """

    def __init__(self, limit: ResolvedLimit) -> None:
        self.limit = limit
        self._found = limit.variable

    def __call__(self, variables: Mapping[str, Any]) -> Any:
        """Return the distance to the limit, in the variable's own unit.

        Raises
        ------
        InputError
            If the model has no such variable, or if it is a field in space.
        """
        value = self._look_up(variables)
        domain = getattr(value, "domain", [])
        if domain not in ([], ["current collector"]):
            raise InputError(
                f"protocol: a step cannot stop on {self._found!r}, a field over the {' and '.join(domain)}; a mean or "
                "a surface value of it, a single number at each time, is accepted."
            )
        return self.limit.value - value if self.limit.operator == ">" else value - self.limit.value

    def _look_up(self, variables: Mapping[str, Any]) -> Any:
        try:
            return variables[self._found]
        except KeyError:
            names = list(variables)
        same = [name for name in names if name.casefold() == self._found.casefold()]
        if not same:
            raise InputError(
                f"protocol: {self._found!r} is not a variable of the model, so no step can stop on it; "
                f"{suggestion(self._found, names)}."
            ) from None
        self._found = same[0]
        return variables[self._found]


class DriveArray(np.ndarray):
    """Rows of time and value whose text tells all their content.

    PyBaMM tells steps apart by their text, and NumPy leaves out the middle of a long array.
    """

    def __format__(self, _spec: str) -> str:
        """Return a digest of the content."""
        return f"drive {hashlib.sha256(np.ascontiguousarray(self).tobytes()).hexdigest()}"


def make_experiment(
    cycles: Sequence[ResolvedCycle], period_s: float | None, adaptive: bool = False
) -> pybamm.Experiment:
    """Return the cycles as an experiment, one tuple of steps a cycle.

    Parameters
    ----------
    cycles
        In order.
    period_s
        Time between outputs of every step [s]; None keeps each step's own.
    adaptive
        Keep the solver's own steps where the user gave no period.
    """
    # Equal limits must be one object: PyBaMM compares event functions by identity.
    stops: dict[ResolvedLimit, Any] = {}
    steps: dict[int, Any] = {}
    tuples: dict[int, tuple[Any, ...]] = {}
    for cycle in cycles:
        if id(cycle) in tuples:
            continue
        for step in cycle.steps:
            if id(step) not in steps:
                steps[id(step)] = _make_step(step, period_s, adaptive, stops)
        tuples[id(cycle)] = tuple(steps[id(step)] for step in cycle.steps)
    return pybamm.Experiment([tuples[id(cycle)] for cycle in cycles])


def _make_step(step: ResolvedStep, period_s: float | None, adaptive: bool, stops: dict[ResolvedLimit, Any]) -> Any:
    own = None if adaptive and step.period_is_default else step.period_s
    common = {
        "duration": step.duration_s,
        "termination": [_termination(limit, stops) for limit in step.limits],
        "period": own if period_s is None else period_s,
        "temperature": step.temperature_K,
        "description": step.text,
    }
    if step.drive is not None:
        rows = np.column_stack([step.drive.times_s, step.drive.values]).view(DriveArray)
        return _STEPS[step.mode](rows, **common)
    if step.mode == "rest":
        return pybamm.step.rest(**common)
    return _STEPS[step.mode](step.value, **common)


def _termination(limit: ResolvedLimit, stops: dict[ResolvedLimit, Any]) -> Any:
    if limit.kind == "voltage":
        return pybamm.step.VoltageTermination(limit.value, operator=limit.operator)
    if limit.kind == "current":
        return pybamm.step.CurrentTermination(limit.value)
    if limit.kind == "c_rate":
        return pybamm.step.CRateTermination(limit.value)
    if limit not in stops:
        name = f"{limit.variable} {limit.operator} {limit.value!r}"
        stops[limit] = pybamm.step.CustomTermination(name, VariableStop(limit))
    return stops[limit]
