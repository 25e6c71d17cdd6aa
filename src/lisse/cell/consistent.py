"""A consistent start of a step where the solver's own search finds none: the current is changed little by little.

After a deep discharge the surface of a nearly full oxide hardly diffuses: its content is a very flat function of the
current, and Newton steps overshoot. Leaves out: where no start exists (``solving.why_no_start`` tells).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pybamm

Array = np.ndarray[Any, np.dtype[np.float64]]

CLOSED = 1e-9
"""Largest residual of a consistent state, each equation in its own scale [-]."""
FIRST_SHARE, LEAST_SHARE = 0.1, 1e-7
"""Share of the way to the new current that is tried first, and that below which there is no way."""
MOST_ITERATIONS = 12
"""Newton iterations for one share."""


def consistent_state(solution: pybamm.Solution, model: pybamm.BaseModel, inputs: dict[str, Any]) -> Array | None:
    """Return the last state of a solution with algebraic states that satisfy a model; None if none is found.

    Parameters
    ----------
    solution
        Up to now.
    model
        Built model of the step that is to begin.
    inputs
        Its inputs.
    """
    import pybamm

    if isinstance(solution, pybamm.EmptySolution):
        first = model.concatenated_initial_conditions
        state = np.asarray(first.evaluate(0.0, inputs=inputs) if hasattr(first, "evaluate") else first).ravel()
    else:
        state = np.asarray(solution.last_state.all_ys[0], dtype=float).ravel()
    if state.size != model.len_rhs_and_alg or not model.len_alg or not hasattr(model, "algebraic_eval"):
        return None
    fixed, guess, time = state[: model.len_rhs], state[model.len_rhs :], float(solution.t[-1])
    values = [np.ravel(value) for value in pybamm.BaseSolver._set_up_model_inputs(model, inputs).values()]
    given = np.concatenate([np.empty(0), *values])

    def residual(algebraic: Array) -> Array:
        found = model.algebraic_eval(time, np.concatenate([fixed, algebraic]), given)
        return np.asarray(found, dtype=float).ravel()

    def slope(algebraic: Array) -> Array:
        found = model.jac_algebraic_eval(time, np.concatenate([fixed, algebraic]), given)
        full: Array = np.asarray(found.full() if hasattr(found, "full") else found)[:, -algebraic.size :]
        return full

    found = _continued(residual, slope, guess)
    return None if found is None else np.concatenate([fixed, found])


def _continued(residual: Callable[[Array], Array], slope: Callable[[Array], Array], guess: Array) -> Array | None:
    """Return where a residual vanishes: that of a guess is taken to zero in shares that Newton's method follows."""
    first = residual(guess)
    found, left, share = guess, 1.0, FIRST_SHARE
    while left > 0:
        wanted = max(0.0, left - share)
        closer = _newton(residual, slope, found, wanted * first)
        if closer is None:
            share /= 4
            if share < LEAST_SHARE:
                return None
        else:
            found, left, share = closer, wanted, 2 * share
    return found


def _newton(
    residual: Callable[[Array], Array], slope: Callable[[Array], Array], guess: Array, wanted: Array
) -> Array | None:
    """Return where a residual has a wanted value; None where Newton's method does not get there."""
    found = guess
    for _ in range(MOST_ITERATIONS):
        off = residual(found) - wanted
        if not np.isfinite(off).all():
            return None
        if np.abs(off).max() < CLOSED:
            return found
        try:
            found = found - np.linalg.solve(slope(found), off)
        except np.linalg.LinAlgError:
            return None
    return None
