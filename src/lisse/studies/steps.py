"""Steps from the best designs found so far, their length following success: they end a search that Optuna begins.

Leaves out: looking elsewhere, which Optuna does (``search``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.studies.design import Problem, Trial, front_of

FIRST, LEAST, MOST = 0.2, 0.01, 0.5
"""Standard deviation of a step, in shares of each range: the first, the least and the most."""
LONGER, SHORTER = 1.5, 0.95
"""Factors on it after a step that finds a better design, and after one that does not."""
EXTENDING = 0.5
"""Share of the steps that begin at the end of a front."""
MOVED = 0.3
"""Probability that a step changes a variable; at least one changes."""


class Steps:
    """Steps from the best designs of a search.

    Parameters
    ----------
    problem
        What is sought.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._best: list[Trial] = []
        self._length = FIRST
        self._made: set[int] = set()

    def next(self, number: int) -> dict[str, Any] | None:
        """Return the values of the design of a number; None while no design could be run."""
        if not self._best:
            return None
        random = np.random.default_rng([self._problem.settings.seed, number])
        start = self._start(random).values
        variables = self._problem.variables
        moved = random.random(len(variables)) < MOVED
        moved[random.integers(len(variables))] = True
        values = dict(start)
        for variable, move in zip(variables, moved, strict=True):
            if move and variable.choices:
                values[variable.path] = variable.at(float(random.random()))
            elif move:
                share = variable.share(start[variable.path]) + self._length * float(random.standard_normal())
                values[variable.path] = variable.at(min(max(share, 0.0), 1.0))
        self._made.add(number)
        return values

    def _start(self, random: np.random.Generator) -> Trial:
        """Return one of the best designs: of a front any, or the best in one of the objectives, which extends it."""
        objectives = self._problem.objectives
        chosen = self._best[int(random.integers(len(self._best)))]
        if len(objectives) > 1 and chosen.feasible and random.random() < EXTENDING:
            place = int(random.integers(len(objectives)))
            sign = objectives[place][1]
            return max(self._best, key=lambda trial: sign * trial.objectives[place])
        return chosen

    def learn(self, number: int, trial: Trial) -> None:
        """Take in what came of the design of a number."""
        better = trial.reason is None and self._improves(trial)
        if number in self._made:
            self._length = min(max(self._length * (LONGER if better else SHORTER), LEAST), MOST)

    def _improves(self, trial: Trial) -> bool:
        """Tell whether a design is better than all others so far, or on their front; if so it is one to step from."""
        least = self._best[0].total_violation if self._best else np.inf
        if trial.total_violation > 0:
            if trial.total_violation < least:
                self._best = [trial]
            return trial.total_violation < least
        kept = front_of(self._problem, [*(self._best if least == 0 else []), trial])
        joins = any(other is trial for other in kept)
        if joins:
            self._best = kept
        return joins
