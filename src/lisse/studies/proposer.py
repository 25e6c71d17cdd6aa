"""Which design to try next: Optuna's samplers, told what came of every design, and steps from the best so far.

One in four is Optuna's, which looks everywhere (a tree of Parzen estimators for one objective, NSGA-II for several).
Leaves out: how a design is evaluated (``design``).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError
from lisse.studies.steps import Steps

if TYPE_CHECKING:
    import optuna

    from lisse.studies.design import Problem, Trial
    from lisse.studies.variables import Variable

POPULATION = 24
"""Designs of one generation of NSGA-II."""
SHARE = 4
"""One design in so many is Optuna's; the others are steps."""
START = 10
"""Designs before the first step from one."""
WORST = 1e9
"""Size of the objective, and of the excess over each bound, of a design that could not be run."""


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
        self._steps = Steps(problem)
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
        number = len(self._study.get_trials(deepcopy=False))
        if number == 0:
            # The middle is usually sound: a search of few designs then has one that can be run.
            self._study.enqueue_trial(self.problem.middle)
        elif number >= START and number % SHARE and (values := self._steps.next(number)) is not None:
            self._study.enqueue_trial(values)
        asked = self._study.ask()
        return asked, {variable.path: _suggest(asked, variable) for variable in self.problem.variables}

    def learn(self, trial: Trial, asked: optuna.Trial | None = None) -> None:
        """Take note of what came of a design; one of an earlier search has no proposal."""
        import optuna

        failed = trial.reason is not None
        values = [
            value if math.isfinite(value) and not failed else -WORST * sign
            for value, (_, sign) in zip(trial.objectives, self.problem.objectives, strict=True)
        ]
        violations = [*(min(violation, WORST) for violation in trial.violations), float(failed)]
        if asked is not None:
            self._steps.learn(asked.number, trial)
            asked.set_user_attr("violations", violations)
            self._study.tell(asked, values)
            return
        self._steps.learn(len(self._study.get_trials(deepcopy=False)), trial)
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
