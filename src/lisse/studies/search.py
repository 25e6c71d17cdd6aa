"""Search of the best design: proposals, every one of which is simulated.

One in four is Optuna's, which looks everywhere (a tree of Parzen estimators for one objective, NSGA-II for several);
the others are steps from the best designs so far (``steps``). Leaves out: what a design is (``design``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError, LisseError
from lisse.studies.batch import as_they_come, cores
from lisse.studies.design import Design, Problem, Trial, evaluate
from lisse.studies.design_notes import Notes
from lisse.studies.steps import Steps
from lisse.studies.variables import Variable

if TYPE_CHECKING:
    import optuna

BATCH = 4
"""Designs that are chosen at once and simulated side by side; the same on any machine, so that a seed tells all."""
START = 10
"""Designs before the first step from one."""
WORST = 1e9
"""Objective, and excess over each bound, that a design which could not be run counts with."""

Progress = Callable[[int, int, Trial], None]
"""Called after each design with the number tried, the number to try, and the design."""


def search(
    problem: Problem,
    trials: int = 100,
    *,
    out: Path | None = None,
    resume: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Design:
    """Look for the best design.

    Parameters
    ----------
    problem
        What is sought.
    trials
        Designs to try, those of an earlier search among them.
    out
        Folder in which every design is noted as soon as it is done; none without it.
    resume
        Go on with the designs noted there: the outcome is that of a search that was never interrupted.
    workers
        Processes; as many as there are cores by default. The outcome does not depend on it.
    progress
        Called after each design.

    Raises
    ------
    InputError
        If no design can be, Optuna is not installed, the folder holds a search already, or one of another problem is
        resumed.
    """
    problem.check()
    study = _study(problem)
    note = Notes(_identity(problem), out, resume)
    earlier = [Trial(**row) for row in note.earlier[:trials]]
    done: list[Trial] = []
    interrupted = False
    study.enqueue_trial(problem.middle)  # a search of few designs then has one that is usually sound
    steps = Steps(problem)
    if (workers or cores()) > 1:
        import pybamm  # noqa: F401  processes that are forked inherit what is imported
    try:
        while len(done) < trials:
            asked = [_asked(study, steps, len(done) + place) for place in range(min(BATCH, trials - len(done)))]
            values = [{v.path: _suggest(one, v) for v in problem.variables} for one in asked]
            known = earlier[len(done) : len(done) + len(asked)]
            if any(old.values != new for old, new in zip(known, values, strict=False)):
                raise InputError(f"--resume: {out} was written by another version of Optuna; name another folder.")
            for one, trial in zip(asked, _simulated(problem, values, known, workers), strict=True):
                if len(done) >= len(earlier):
                    note.add(vars(trial))
                steps.learn(len(done), trial)
                done.append(trial)
                _tell(study, problem, trial, one)
                if progress is not None:
                    progress(len(done), trials, trial)
    except KeyboardInterrupt:
        interrupted = True
    except BrokenProcessPool:
        kept = f"; {len(done)} designs are kept in {out}, go on with --resume" if out is not None else ""
        raise LisseError(f"design: a process of the search died, most likely for lack of memory{kept}.") from None
    return Design(problem, tuple(done), interrupted)


def _asked(study: optuna.Study, steps: Steps, number: int) -> optuna.Trial:
    """Return the trial of a number: a step from the best designs so far, or what Optuna proposes."""
    if number >= START and number % BATCH and (values := steps.next(number)) is not None:
        study.enqueue_trial(values)
    return study.ask()


def _simulated(
    problem: Problem, values: Sequence[Mapping[str, Any]], known: Sequence[Trial], workers: int | None
) -> Iterator[Trial]:
    """Yield the designs of a batch in order: those known from an earlier search, then the others side by side."""
    yield from known
    rest = values[len(known) :]
    wanted = min(workers or cores(), len(rest))
    if wanted == 1:
        yield from (evaluate(problem, row) for row in rest)
    elif rest:
        within = replace(problem, settings=replace(problem.settings, workers=1))
        yield from as_they_come(lambda number: evaluate(within, rest[number]), len(rest), wanted)


def _study(problem: Problem) -> optuna.Study:
    try:
        import optuna
    except ImportError:
        raise InputError("lisse design needs Optuna, which is not installed; pip install 'lisse[studies]'.") from None
    import warnings

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    seed = problem.settings.seed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Optuna calls its constraints experimental
        sampler: optuna.samplers.BaseSampler
        if len(problem.objectives) == 1:
            sampler = optuna.samplers.TPESampler(
                seed=seed, multivariate=True, constant_liar=True, constraints_func=_violations
            )
        else:
            sampler = optuna.samplers.NSGAIISampler(seed=seed, population_size=24, constraints_func=_violations)
        ways = optuna.study.StudyDirection
        directions = [ways.MAXIMIZE if sign > 0 else ways.MINIMIZE for _, sign in problem.objectives]
        return optuna.create_study(directions=directions, sampler=sampler)


def _violations(trial: optuna.trial.FrozenTrial) -> Sequence[float]:
    return list(trial.user_attrs["violations"])


def _suggest(asked: optuna.Trial, variable: Variable) -> Any:
    if variable.choices:
        return asked.suggest_categorical(variable.path, list(variable.choices))
    return asked.suggest_float(variable.path, variable.low, variable.high, log=variable.log)


def _tell(study: optuna.Study, problem: Problem, trial: Trial, asked: optuna.Trial) -> None:
    """Let Optuna know what came of a design; one that could not be run is the worst of all, and breaks a constraint."""
    worst = [-WORST if sign > 0 else WORST for _, sign in problem.objectives]
    failed = trial.reason is not None
    asked.set_user_attr("violations", [min(violation, WORST) for violation in trial.violations] + [float(failed)])
    told = [value if math.isfinite(value) else bad for value, bad in zip(trial.objectives, worst, strict=True)]
    study.tell(asked, told)


def _identity(problem: Problem) -> dict[str, Any]:
    """Return what must be equal for a search to go on."""
    return {
        "cell": problem.cell.to_toml(),
        "protocol": problem.protocol,
        "objectives": [[metric.name, sign] for metric, sign in problem.objectives],
        "variables": [[v.path, str(v.low), str(v.high), v.unit, v.log, list(v.choices)] for v in problem.variables],
        "constraints": [str(constraint) for constraint in problem.constraints],
        "probability": problem.probability,
        "settings": {**replace(problem.settings, workers=None).__dict__},
    }
