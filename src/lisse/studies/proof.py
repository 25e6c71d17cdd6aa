"""The check of a design: every mechanism on, 200 draws of the claims, 200 cells in the tests of its lithium.

A search is done with fewer cells and the mechanisms of the file; what it finds must stand here. Leaves out: draws of
what no claim has a spread for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lisse.cell.options import CATHODE_MECHANISMS, CELL_MECHANISMS
from lisse.lithium.parameters import creeps
from lisse.studies.design import Problem, Trial

COUNT = 200
"""Draws, and cells in the tests of the lithium interface."""
QUANTILES = {"median": 0.5, "p05": 0.05, "p95": 0.95}


@dataclass(frozen=True)
class Proof:
    """A design as it stands with full physics.

    Attributes
    ----------
    mechanisms
        Those that were on.
    count
        Draws.
    objectives
        Median, 5 and 95 % of each objective, by name.
    constraints
        For each constraint its text, the value it was judged on, and whether it holds.
    probability
        Share of the draws that had to keep every constraint.
    failed
        Draws that delivered nothing.
    """

    mechanisms: tuple[str, ...]
    count: int
    objectives: dict[str, dict[str, float]]
    constraints: tuple[dict[str, Any], ...]
    probability: float
    failed: int

    @property
    def holds(self) -> bool:
        """Whether every constraint does."""
        return all(row["holds"] for row in self.constraints)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "mechanisms": list(self.mechanisms),
            "count": self.count,
            "failed": self.failed,
            "objectives": self.objectives,
            "probability": self.probability,
            "constraints": list(self.constraints),
            "holds": self.holds,
        }


def prove(problem: Problem, trial: Trial, count: int = COUNT) -> Proof:
    """Simulate a design again with all mechanisms and the spreads of all claims.

    Parameters
    ----------
    problem
        What was sought.
    trial
        The design.
    count
        Draws, and cells in the tests of the lithium interface.
    """
    # An alloy that keeps its skeleton has no voids and no filaments to switch on.
    mechanisms = CELL_MECHANISMS if creeps(problem.cell) else CATHODE_MECHANISMS
    full = replace(
        problem,
        cell=problem.cell.replace(mechanisms=list(mechanisms)),
        settings=replace(problem.settings, draws=count, cells=count),
    )
    candidate = full.candidate(trial.values)
    probability = 0.5 if problem.probability is None else problem.probability
    rows = []
    for constraint in problem.constraints:
        violation, value = constraint.violation(constraint.metric.read(candidate), probability)
        rows.append({"constraint": str(constraint), "value": value, "holds": violation <= 0})
    objectives = {}
    for metric, _ in problem.objectives:
        values = metric.read(candidate)
        # A number of the lithium interface is of drawn cells already and has no value for each draw of the claims.
        drawn = np.asarray(values[1:] or values, dtype=float)
        drawn = drawn[np.isfinite(drawn)]
        found = np.quantile(drawn, list(QUANTILES.values())) if drawn.size else [float("nan")] * len(QUANTILES)
        objectives[metric.name] = dict(zip(QUANTILES, map(float, found), strict=True))
    failed = sum(not run["cycles"] for run in candidate.runs[1:])
    return Proof(tuple(mechanisms), count, objectives, tuple(rows), probability, failed)
