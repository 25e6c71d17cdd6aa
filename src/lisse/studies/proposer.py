"""Which design to try next: Optuna's samplers, told what came of every design.

Leaves out: how a design is evaluated (``design``).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError

if TYPE_CHECKING:
    import optuna

    from lisse.studies.design import Problem, Trial
    from lisse.studies.variables import Variable

POPULATION = 24
"""Designs of one generation of NSGA-II."""
WORST = 1e9
"""Size of the objective of a design that could not be run."""
LARGEST_VIOLATION = 1e6


class Proposer:
    """Proposes designs: the middle of all ranges first, then what the sampler takes for promising.

    Parameters
    ----------
    problem
        What is sought; its seed decides all proposals.
    earlier
        Designs of an interrupted search, which :meth:`learn` is told; the random numbers then differ from theirs.

    Raises
    ------
    InputError
        If Optuna is not installed.
    """

    def __init__(self, problem: Problem, earlier: int = 0) -> None:
        try:
            import optuna
        except ImportError:
            raise InputError(
                "lisse design needs Optuna, which is not installed; pip install 'lisse[studies]'."
            ) from None
        self.problem, self._seed = problem, problem.settings.seed + earlier
        self._begun = False
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        ways = optuna.study.StudyDirection
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Optuna calls its constraints experimental
            directions = [ways.MAXIMIZE if sign > 0 else ways.MINIMIZE for _, sign in problem.objectives]
            self._study = optuna.create_study(directions=directions, sampler=self._sampler())

    def _sampler(self) -> optuna.samplers.BaseSampler:
        import optuna

        seed = self._seed
        if len(self.problem.objectives) == 1:
            return optuna.samplers.TPESampler(
                seed=seed, multivariate=True, constant_liar=True, constraints_func=_violations
            )
        return optuna.samplers.NSGAIISampler(seed=seed, population_size=POPULATION, constraints_func=_violations)

    def propose(self) -> tuple[optuna.Trial, dict[str, Any]]:
        """Return a proposal to learn from, and its values by path."""
        if not self._begun:
            # The middle is usually sound: a search of few designs then has one that can be run.
            self._study.enqueue_trial({variable.path: variable.at(0.5) for variable in self.problem.variables})
            self._begun = True
        asked = self._study.ask()
        return asked, {variable.path: _suggest(asked, variable) for variable in self.problem.variables}

    def learn(self, trial: Trial, asked: optuna.Trial | None = None) -> None:
        """Take note of what came of a design; one of an earlier search has no proposal."""
        import optuna

        self._begun = True
        worst = [-WORST if sign > 0 else WORST for _, sign in self.problem.objectives]
        values = worst if trial.reason is not None else list(trial.objectives)
        violations = [min(violation, LARGEST_VIOLATION) for violation in trial.violations]
        violations = violations or [1.0 if trial.reason is not None else -1.0]
        if asked is not None:
            asked.set_user_attr("violations", violations)
            self._study.tell(asked, values)
            return
        distributions: dict[str, Any] = {
            variable.path: optuna.distributions.CategoricalDistribution(list(variable.choices))
            if variable.choices
            else optuna.distributions.FloatDistribution(variable.low, variable.high, log=variable.log)
            for variable in self.problem.variables
        }
        made = optuna.trial.create_trial(
            params=trial.values, distributions=distributions, values=values, user_attrs={"violations": violations}
        )
        self._study.add_trial(made)


def _violations(trial: optuna.trial.FrozenTrial) -> Sequence[float]:
    return list(trial.user_attrs["violations"])


def _suggest(asked: optuna.Trial, variable: Variable) -> Any:
    if variable.choices:
        return asked.suggest_categorical(variable.path, list(variable.choices))
    return asked.suggest_float(variable.path, variable.low, variable.high, log=variable.log)
