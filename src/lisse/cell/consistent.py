"""A consistent start of a step where the solver's own search finds none: a trust region instead of a line search.

After a deep discharge the surface of a nearly full oxide hardly diffuses: its content is a very flat function of the
current, and Newton steps overshoot. Leaves out: where no start exists (``solving.why_no_start`` tells).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pybamm

Array = np.ndarray[Any, np.dtype[np.float64]]

CLOSED = 1e-9
"""Largest residual of a consistent state, each equation in its own scale [-]."""


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
    from scipy.optimize import least_squares

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
        return np.nan_to_num(np.asarray(found, dtype=float).ravel(), nan=1e6)

    def slope(algebraic: Array) -> Array:
        found = model.jac_algebraic_eval(time, np.concatenate([fixed, algebraic]), given)
        full: Array = np.asarray(found.full() if hasattr(found, "full") else found)[:, -algebraic.size :]
        return np.nan_to_num(full)

    found = least_squares(residual, guess, slope, x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=500)
    return np.concatenate([fixed, found.x]) if np.abs(found.fun).max() < CLOSED else None
