"""Sobol indices of a function on the unit cube: how much of its variance each input, or group of inputs, answers for.

First order after Saltelli et al. 2010, total after Jansen 1999, errors by bootstrap. Leaves out: inputs that are
correlated across groups, for which the indices mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RESAMPLES = 400
"""Bootstrap samples behind the errors."""


@dataclass(frozen=True)
class Indices:
    """Indices of some groups for some outputs, all arrays of shape (outputs, groups).

    Attributes
    ----------
    first, total
        Share of the variance that goes without the group being known: alone, and with all that it acts with.
    first_error, total_error
        One standard error of the two.
    variance
        Of the outputs, shape (outputs,).
    used
        Base points behind each output, shape (outputs,).
    """

    first: Array
    total: Array
    first_error: Array
    total_error: Array
    variance: Array
    used: NDArray[np.int64]


def design(one: Array, other: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Return the points at which a function is asked for.

    Parameters
    ----------
    one, other
        Two independent samples, shape (base, inputs).
    groups
        Columns of each group.

    Returns
    -------
    Array
        Shape (groups + 2, base, inputs): ``one``, ``other``, and ``one`` with the columns of a group from ``other``.
    """
    mixed = []
    for group in groups:
        points = one.copy()
        points[:, list(group)] = other[:, list(group)]
        mixed.append(points)
    return np.stack([one, other, *mixed])


def indices(values: Array, seed: int = 0) -> Indices:
    r"""Return the indices from values at the points of :func:`design`.

    .. math:: S_i = \frac{\overline{(f_B - \bar f)(f_{AB_i} - f_A)}}{V}, \qquad
              T_i = \frac{\overline{(f_A - f_{AB_i})^2}}{2V}

    Parameters
    ----------
    values
        Shape (groups + 2, base, outputs). A base point with a value that is not finite is left out for that output.
    seed
        Of the bootstrap.

    References
    ----------
    M.J.W. Jansen, Comput. Phys. Commun. 117 (1999) 35, doi:10.1016/S0010-4655(98)00154-4; A. Saltelli, P. Annoni,
    I. Azzini, F. Campolongo, M. Ratto, S. Tarantola, Comput. Phys. Commun. 181 (2010) 259,
    doi:10.1016/j.cpc.2009.09.018.
    """
    random = np.random.default_rng(seed)
    shape = (values.shape[2], values.shape[0] - 2)
    found = {name: np.full(shape, np.nan) for name in ("first", "total", "first_error", "total_error")}
    variance, used = np.full(shape[0], np.nan), np.zeros(shape[0], dtype=np.int64)
    for output in range(shape[0]):
        table = values[:, :, output]
        table = table[:, np.isfinite(table).all(axis=0)]
        used[output] = count = table.shape[1]
        if count < 2:
            continue
        first, total, variance[output] = _estimates(table[:, None, :])
        found["first"][output], found["total"][output] = first[0], total[0]
        picked = table[:, random.integers(count, size=(RESAMPLES, count))]
        again = _estimates(picked)
        for name, spread in zip(("first_error", "total_error"), again[:2], strict=True):
            found[name][output] = np.nanstd(spread, axis=0)
    return Indices(found["first"], found["total"], found["first_error"], found["total_error"], variance, used)


def _estimates(table: Array) -> tuple[Array, Array, float]:
    """Return both indices, shape (samples, groups), of values of shape (groups + 2, samples, base), and a variance."""
    one, other, mixed = table[0], table[1], table[2:]
    both = np.concatenate([one, other], axis=1)
    mean, variance = both.mean(axis=1, keepdims=True), both.var(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = ((other - mean) * (mixed - one)).mean(axis=2) / variance
        total = ((one - mixed) ** 2).mean(axis=2) / (2 * variance)
    return first.T, total.T, float(variance[0])


def screen(inputs: Array, values: Array) -> tuple[Array, Array]:
    """Return a cheap guess of the first-order share of every input, and how much of the variance it explains in all.

    A regression on every input and its square, both scaled to normal scores; blind to what acts only in company.

    Parameters
    ----------
    inputs
        Points in the unit cube, shape (count, inputs).
    values
        Shape (count, outputs); points that are not finite are left out.

    Returns
    -------
    tuple
        Shares, shape (outputs, inputs), and their sum capped by the fit, shape (outputs,): its adjusted R squared.
    """
    from scipy.special import ndtri

    scores = ndtri(inputs)
    terms = np.concatenate([scores, (scores**2 - 1) / np.sqrt(2)], axis=1)
    width = inputs.shape[1]
    shares, fits = np.zeros((values.shape[1], width)), np.zeros(values.shape[1])
    for output in range(values.shape[1]):
        good = np.isfinite(values[:, output])
        y, x = values[good, output], terms[good]
        if len(y) < 3 or np.ptp(y) == 0:
            continue
        y = (y - y.mean()) / y.std()
        x = x - x.mean(axis=0)
        # A little ridge keeps the fit from chasing noise where points are few.
        weights = np.linalg.solve(x.T @ x + np.sqrt(len(y)) * np.eye(2 * width), x.T @ y)
        power = weights**2 * x.var(axis=0)
        shares[output] = power[:width] + power[width:]
        fits[output] = max(0.0, 1 - float(((y - x @ weights) ** 2).mean()))
    return shares, fits
