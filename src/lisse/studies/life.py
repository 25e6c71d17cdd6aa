"""How many cycles the lithium side lives, shared out among what ends them: paired cells that differ by nothing else.

The same drawn cells (the same flaws, the same random numbers) are cycled with every set of causes. Leaves out: the fade
of the composite, whose share in the capacity of a later cycle ``explain`` gives.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import build
from lisse.lithium.cycling import Cycle, run_cycles
from lisse.lithium.parameters import creeps, draw, read_claims
from lisse.studies.batch import Progress, in_parallel
from lisse.studies.shapley import Shares, shapley

Array = NDArray[np.float64]

LEAST_CELLS = 200
"""Paired cells from which a life is attributed."""
NEARLY_NONE = 1e-9
"""Rate of the interphase, in SI, that grows nothing to speak of: its law divides by it."""
NEVER = 1e12
"""Current, time or pressure that no cell reaches, in SI."""


@dataclass(frozen=True)
class LifeCause:
    """One cause of an early end: parameters of the lithium interface that it has no effect with."""

    name: str
    label: str
    figure: str
    without: Mapping[str, float]


CAUSES = (
    LifeCause(
        "lithium_contact", "voids and contact of the lithium", "a", {"void_yield": 0.0, "contact_resistance": 0.0}
    ),
    LifeCause(
        "lithium_interphase",
        "interphase at the lithium",
        "b",
        {"interphase_rate": NEARLY_NONE, "interphase_parabolic": NEARLY_NONE},
    ),
    LifeCause(
        "filaments",
        "filaments driven by the current",
        "c",
        # The speed too: the host of an interlayer sets a critical current of its own.
        {"critical_plating_current": NEVER, "filament_speed": 0.0},
    ),
    LifeCause(
        "separator_mechanics",
        "lithium pressed into pores and flaws of the separator",
        "e",
        {"pore_rate": 0.0, "press_short_time": NEVER, "press_short_pressure": NEVER},
    ),
)
"""Causes by the letters of the review's Fig. 1; with all of them off a cell does all its cycles."""


@dataclass(frozen=True)
class LifeExplanation:
    """Shares of the causes in the cycles that are lost.

    Attributes
    ----------
    cell
        Name of the cell.
    causes
        The causes.
    shares
        Shapley values of the cycles of each paired cell, shape (causes, cells).
    cycles
        How many cycles a cell was to do.
    current, capacity
        Of the cycles [A/m2], [C/m2].
    seed
        Of the cells.
    """

    cell: str
    causes: tuple[LifeCause, ...]
    shares: Shares
    cycles: int
    current: float
    capacity: float
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; errors are those of the mean over the paired cells."""
        values = self.shares.values
        errors = values.std(axis=1, ddof=1) / math.sqrt(values.shape[1])
        lived = self.shares.full
        return {
            "cells": int(values.shape[1]),
            "seed": self.seed,
            "cycles_asked": self.cycles,
            "current_density_mA_cm2": self.current / 10,
            "half_cycle_capacity_mAh_cm2": self.capacity / 3.6e4,
            "mean_cycles": float(lived.mean()),
            "median_cycles": float(np.median(lived)),
            "survived_fraction": float((lived >= self.cycles).mean()),
            "ideal_mean_cycles": float(self.shares.empty.mean()),
            "causes": [
                {
                    "name": cause.name,
                    "label": cause.label,
                    "review_figure_1": cause.figure,
                    "cycles": float(values[row].mean()),
                    "standard_error": float(errors[row]),
                }
                for row, cause in enumerate(self.causes)
            ],
        }


def explain_life(
    cell: Cell,
    *,
    current: float | None = None,
    capacity: float | None = None,
    cycles: int = 100,
    cells: int = LEAST_CELLS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LifeExplanation:
    """Share out the cycles that cells lose among the causes of their end.

    Parameters
    ----------
    cell
        Any cell with lithium; of a full cell its anode and separator are cycled.
    current
        Current density of plating and stripping [A/m2]; a third of the nominal capacity per hour without it.
    capacity
        Charge of a half cycle [C/m2]; the nominal capacity without it.
    cycles
        Cycles that are asked for.
    cells
        Paired cells, at least :data:`LEAST_CELLS`.
    seed
        Of the drawn parameters and of chance.
    workers
        Processes; the result does not depend on them.
    progress
        Called with finished and all sets of causes.

    Raises
    ------
    InputError
        If the anode keeps its skeleton, or a number is out of range.
    """
    if not creeps(cell):
        raise InputError(f"cell: the anode of {cell.name} keeps its skeleton and has no voids or filaments to explain.")
    if cells < LEAST_CELLS:
        raise InputError(f"cells: {cells} is too few to attribute a life; write {LEAST_CELLS} or more.")
    if cycles < 1:
        raise InputError(f"cycles: {cycles} is not accepted; write 1 or more.")
    charge = cell.derived.nominal_capacity if capacity is None else capacity
    rate = charge / 3 / 3600 if current is None else current
    if not (charge > 0 and rate > 0):
        raise InputError("current, capacity: both must be above 0.")
    drawn = draw(read_claims(cell), cells, seed)
    cycle = _cycle(cell, rate, charge)

    def values(coalitions: Sequence[frozenset[int]]) -> Array:
        # The longest first, so that no worker is left alone with one at the end.
        order = sorted(range(len(coalitions)), key=lambda place: -len(coalitions[place]))

        def one(number: int) -> Array:
            return _cycles_of(cell, drawn, coalitions[order[number]], cycle, cycles, seed)

        table = np.zeros((len(coalitions), cells))
        table[order] = in_parallel(one, len(order), workers, progress)
        return table

    shares = shapley(len(CAUSES), values)
    return LifeExplanation(cell.name, CAUSES, shares, cycles, rate, charge, seed)


def _cycle(cell: Cell, current: float, charge: float) -> Cycle:
    """Return the cycle of the lithium of a cell; that of a full cell, which is built discharged, is plated first."""
    signed = current if cell.symmetric else -current
    return Cycle(signed, signed, charge / current, charge / current)


def _cycles_of(cell: Cell, drawn: dict[str, Array], on: frozenset[int], cycle: Cycle, cycles: int, seed: int) -> Array:
    """Return the cycles that each of the drawn cells completes with some causes on."""
    parameters = {name: values.copy() for name, values in drawn.items()}
    for number, cause in enumerate(CAUSES):
        if number not in on:
            for name, value in cause.without.items():
                if name in parameters:
                    parameters[name][:] = value
    count = len(next(iter(parameters.values())))
    simulator = build(cell, count=count, seed=seed, parameters=parameters)
    return run_cycles(simulator, cycle, cycles).cycles.astype(float)
