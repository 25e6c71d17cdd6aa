"""Whether a simulation says more than guessing: its errors beside those of a constant and of simple statistics.

The statistics see the published numbers of all other cells; the simulation sees none. Leaves out: significance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lisse.validation.results import Result
from lisse.validation.targets import Goal

Array = npt.NDArray[np.float64]


def best_constant(published: Array) -> float:
    """Return the constant with the smallest median absolute error.

    The error is piecewise linear in the constant and bends only at the numbers and half-way between two of them.

    Examples
    --------
    >>> best_constant(np.array([100.0, 101.0, 102.0, 200.0, 10.0]))
    101.0
    """
    candidates = np.unique((published[:, None] + published[None, :]).ravel() / 2)
    errors = np.median(np.abs(candidates[:, None] - published[None, :]), axis=1)
    return float(candidates[int(np.argmin(errors))])


def leave_one_out_regression(descriptors: Array, published: Array) -> Array:
    """Return the prediction for each row of a least-squares fit (with a constant term) to all other rows.

    Parameters
    ----------
    descriptors
        Shape (rows, descriptors).
    published
        Shape (rows,).
    """
    design = np.column_stack([np.ones(len(published)), descriptors])
    predicted = np.empty_like(published)
    for row in range(len(published)):
        others = np.arange(len(published)) != row
        # The smallest solution where the other rows do not fix every coefficient.
        coefficients = np.linalg.lstsq(design[others], published[others], rcond=None)[0]
        predicted[row] = design[row] @ coefficients
    return predicted


def leave_one_out_group_mean(groups: Sequence[str], published: Array) -> Array:
    """Return for each row the mean of the other rows of its group; the mean of all others if it is alone."""
    names = np.asarray(groups)
    predicted = np.empty_like(published)
    for row in range(len(published)):
        others = np.arange(len(published)) != row
        same = others & (names == names[row])
        predicted[row] = published[same if same.any() else others].mean()
    return predicted


def rank_correlation(first: Array, second: Array) -> float | None:
    """Return Spearman's rank correlation, ties sharing their mean rank; None if one side is constant.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0]))
    0.5
    """
    one, two = _ranks(first), _ranks(second)
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    return float(np.round(np.corrcoef(one, two)[0, 1], 12))


def _ranks(values: Array) -> Array:
    lower = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return np.asarray(lower + (equal + 1) / 2, dtype=float)


def errors(predicted: Array, published: Array) -> dict[str, float | None]:
    """Return median and largest absolute error, mean signed error and rank correlation."""
    deviation = predicted - published
    return {
        "median_absolute_error": float(np.median(np.abs(deviation))),
        "largest_absolute_error": float(np.max(np.abs(deviation))),
        "mean_signed_error": float(np.mean(deviation)),
        "rank_correlation": rank_correlation(predicted, published),
    }


def section_skill(results: Sequence[Result], goal: Mapping[Goal, float]) -> dict[str, Any]:
    """Return the errors of the simulations and of the guesses over the cells of a section.

    A run without a value counts as zero and is named under ``without_value``. The best constant is chosen on the very
    numbers it is judged by, which favours it; the regression (nickel content, temperature, logarithm of the C-rate,
    lithium or Li-In anode) and the mean per active material leave the judged row out.

    Parameters
    ----------
    results
        One a cell, each of a run.
    goal
        ``median`` and ``largest`` absolute error that were asked for beforehand.
    """
    published = np.array([result.target.published for result in results], dtype=float)
    simulated = np.array([result.simulated or 0.0 for result in results], dtype=float)
    facts = [_facts(result) for result in results]
    descriptors = np.array([fact["descriptors"] for fact in facts], dtype=float)
    constant = best_constant(published)
    groups = leave_one_out_group_mean([fact["active"] for fact in facts], published)
    found = errors(simulated, published)
    assumed = {fact["cell"]: fact["assumed"] for fact in facts}
    asked = {"median": "median_absolute_error", "largest": "largest_absolute_error"}
    return {
        "cells": len(results),
        "unit": results[0].target.unit,
        "without_value": [result.target.id for result in results if result.simulated is None],
        "simulation": found,
        "best_constant": {"value": constant, **errors(np.full_like(published, constant), published)},
        "leave_one_out_regression": errors(leave_one_out_regression(descriptors, published), published),
        "leave_one_out_active_material_mean": errors(groups, published),
        "goal": {name: {"limit": limit, "holds": (found[asked[name]] or 0.0) <= limit} for name, limit in goal.items()},
        "assumed_fields": assumed,
        "median_assumed_fields": float(np.median(list(assumed.values()))),
    }


def _facts(result: Result) -> dict[str, Any]:
    """What statistics may know of a cell: what the table prints, no more."""
    from lisse.cell.cell import Cell

    recipe = result.target.run
    if recipe is None:
        raise ValueError(f"{result.target.id}: only runs of cells have a skill.")
    cell = Cell.load(recipe.cell)
    row = cell.spec.table1
    if row is None:
        raise ValueError(f"{recipe.cell}: the cell file has no [table1] with its rate.")
    temperature = cell.spec.operation.temperature
    active = cell.spec.composite.active
    descriptors = [
        nickel_share(active),
        temperature,
        float(np.log10(row.c_rate)),
        float(cell.spec.anode.material == "Li"),
    ]
    return {"cell": cell.name, "active": active, "descriptors": descriptors, "assumed": len(cell.assumed)}


def nickel_share(active: str) -> float:
    """Return the nickel per transition metal of a layered oxide from its name.

    Examples
    --------
    >>> nickel_share("NMC811"), round(nickel_share("NMC111"), 2), nickel_share("NCA"), nickel_share("LiCoO2")
    (0.8, 0.33, 0.8, 0.0)
    """
    if active.startswith("NMC"):
        digits = [int(digit) for digit in active[3:6]]
        # NMC711 is a rounded name: its digits add up to nine.
        return digits[0] / sum(digits) if digits[0] == digits[1] else digits[0] / 10
    return {"NCA": 0.8, "LiCoO2": 0.0}[active]
