"""Many small stiff systems at once: each sample has its own step, its own error and its own end.

A Rosenbrock pair of order 2 and 3 (the formula of MATLAB's ode23s), vectorised over samples. Leaves out: dense output
and events; the caller looks at every accepted step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rates = Callable[[Array], Array]
"""Rates [1/s] of the states; both of shape (states, blocks, samples)."""
Observer = Callable[[Array, Array, Flags], Flags]
"""Called with the steps taken [s], the states reached and the samples that advanced; returns the samples to stop."""

_D = 1 / (2 + np.sqrt(2))
_E32 = 6 + np.sqrt(2)
_HIGHEST_STEPS = 20_000


def integrate(
    rates: Rates,
    states: Array,
    duration: Array,
    scale: float,
    *,
    tolerance: float = 1e-3,
    longest_step: Array | None = None,
    observe: Observer | None = None,
) -> Array:
    r"""Advance samples over their own durations.

    Parameters
    ----------
    rates
        Right-hand side, autonomous; called for all samples at once. The states of a block depend on each other, those
        of different blocks do not.
    states
        Values at the start, shape (states, blocks, samples); the blocks of a sample share its step.
    duration
        Time to advance each sample [s], shape (samples,); 0 leaves it as it is.
    scale
        Size of a state below which its error does not matter.
    tolerance
        Relative error per step [-].
    longest_step
        [s], per sample.
    observe
        Sees accepted steps (it may correct the states in place, and change the rates) and may stop samples.

    Returns
    -------
    ndarray
        States at the end, of the shape of ``states``.

    Raises
    ------
    RuntimeError
        If a sample needs more than 20 000 steps.

    References
    ----------
    L. F. Shampine, M. W. Reichelt, SIAM J. Sci. Comput. 18 (1997) 1, doi:10.1137/S1064827594276424.

    Examples
    --------
    Decay with rates from 1 to 1e6 per second, each over one of its own time constants:

    >>> k = np.array([1.0, 1e3, 1e6])
    >>> end = integrate(lambda y: -k * y, np.ones((1, 1, 3)), 1 / k, 1e-6, tolerance=1e-6)
    >>> bool(np.allclose(end, np.exp(-1), rtol=1e-4))
    True
    """
    y, left = states.copy(), np.array(duration, dtype=float)
    step = left / 50
    slope = rates(y)
    for _ in range(_HIGHEST_STEPS):
        active = left > 0
        if not active.any():
            return y
        if longest_step is not None:
            step = np.minimum(step, longest_step)
        step = np.where(active, np.minimum(step, left), 0.0)
        factors = _factorise(_shifted(rates, y, slope, scale, _D * step))
        k1 = _solve(factors, slope)
        middle = rates(y + 0.5 * step * k1)
        k2 = _solve(factors, middle - k1) + k1
        reached = y + step * k2
        ahead = rates(reached)
        k3 = _solve(factors, ahead - _E32 * (k2 - middle) - 2 * (k1 - slope))
        error = np.abs(step / 6 * (k1 - 2 * k2 + k3)) / (scale + np.maximum(np.abs(y), np.abs(reached)))
        worst = np.nan_to_num(error.max(axis=(0, 1)) / tolerance, nan=1e6)
        accepted = active & (worst <= 1)
        y = np.where(accepted, reached, y)
        slope = np.where(accepted, ahead, slope)
        left = np.where(accepted, left - step, left)
        left[accepted & (left <= 1e-12 * step)] = 0.0
        if observe is not None and accepted.any():
            left[observe(np.where(accepted, step, 0.0), y, accepted)] = 0.0
            slope = rates(y)  # the observer may have changed what the rates depend on
        step = step * np.clip(0.8 * np.maximum(worst, 1e-6) ** (-1 / 3), 0.2, 5.0)
    raise RuntimeError("the void balance did not advance: a rate is not finite")


Matrix = list[list[Array]]
"""Small matrices, one for each block of each sample: rows of arrays of shape (blocks, samples)."""


def _shifted(rates: Rates, y: Array, slope: Array, scale: float, weight: Array) -> Matrix:
    """Return the identity minus ``weight`` times the derivatives, which are forward differences."""
    size = len(y)
    matrix: Matrix = [[np.zeros(0)] * size for _ in range(size)]
    for column in range(size):
        shift = 1e-6 * (np.abs(y[column]) + scale)
        moved = y.copy()
        moved[column] += shift
        change = (rates(moved) - slope) / shift
        for row in range(size):
            matrix[row][column] = float(row == column) - weight * change[row]
    return matrix


def _factorise(matrix: Matrix) -> Matrix:
    """Replace small matrices by their triangular factors; their diagonal dominates, so no rows are swapped.

    Written out because a library call on thousands of 3 by 3 matrices spends its time in starting threads.
    """
    size = len(matrix)
    for pivot in range(size):
        for row in range(pivot + 1, size):
            matrix[row][pivot] = matrix[row][pivot] / matrix[pivot][pivot]
            for column in range(pivot + 1, size):
                matrix[row][column] = matrix[row][column] - matrix[row][pivot] * matrix[pivot][column]
    return matrix


def _solve(factors: Matrix, right: Array) -> Array:
    size = len(factors)
    found = [right[row] for row in range(size)]
    for row in range(size):
        for column in range(row):
            found[row] = found[row] - factors[row][column] * found[column]
    for row in reversed(range(size)):
        for column in range(row + 1, size):
            found[row] = found[row] - factors[row][column] * found[column]
        found[row] = found[row] / factors[row][row]
    return np.stack(found)
