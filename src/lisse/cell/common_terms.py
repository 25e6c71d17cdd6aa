"""What the equations share is computed once: equations, Jacobian and events that PyBaMM has set up, without repeats.

With many mechanisms the Jacobian repeats a fifth of its terms, and each event computes the voltage anew. Leaves out:
what the variables share that are read out of a solution (``observing``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import casadi
import pybamm

from lisse.cell.scalar_jacobian import scalar_jacobian


class CommonTerms(pybamm.BaseSolver):
    """A base of solvers, between PyBaMM's own one and IDA, that simplifies what the first has set up."""

    def set_up(self, model: pybamm.BaseModel, inputs: Any = None, t_eval: Any = None, ics_only: bool = False) -> Any:
        """Set up a model, then take repeated terms out of its equations, Jacobian and events."""
        found = super().set_up(model, inputs, t_eval, ics_only)
        if not ics_only and isinstance(model.jac_rhs_algebraic_eval, casadi.Function):
            for name in ("rhs_algebraic_eval", "jac_rhs_algebraic_eval"):
                setattr(model, name, _once(getattr(model, name)))
            model.jac_rhs_algebraic_eval = scalar_jacobian(model.rhs_algebraic_eval, model.jac_rhs_algebraic_eval)
            if all(isinstance(event, casadi.Function) for event in model.terminate_events_eval):
                model.terminate_events_eval = _together(model.terminate_events_eval)
        return found


class CellSolver(pybamm.IDAKLUSolver, CommonTerms):
    """IDA for the models of this package: the same answers as PyBaMM's own, sooner."""


def _once(function: casadi.Function) -> casadi.Function:
    """Return a function that computes each of its terms once."""
    inputs = function.mx_in()
    return casadi.Function(function.name(), inputs, casadi.cse(function.call(inputs, True, False)))


def _together(events: list[casadi.Function]) -> list[Callable[..., Any]]:
    """Return events that, called with the same symbols, are parts of one function."""
    if not events:
        return []
    inputs = events[0].mx_in()
    values = [event.call(inputs, True, False)[0] for event in events]
    whole = casadi.Function("events", inputs, casadi.cse(values))
    latest: list[Any] = [None, None]

    def value(number: int, *arguments: Any) -> Any:
        if not any(isinstance(argument, casadi.MX) for argument in arguments):
            return events[number](*arguments)
        if latest[0] is None or any(one is not other for one, other in zip(latest[0], arguments, strict=True)):
            latest[:] = [arguments, whole.call(list(arguments))]
        return latest[1][number]

    return [_Event(value, number) for number in range(len(events))]


class _Event:
    """One of the events."""

    def __init__(self, value: Callable[..., Any], number: int) -> None:
        self._value, self._number = value, number

    def __call__(self, *arguments: Any) -> Any:
        return self._value(self._number, *arguments)
