"""Studies that an optimiser leads: every design tried is a row, several are tried at once, and rows bring it back.

Leaves out: designs with a proof and binding constraints (``lisse design``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lisse.studies.design import Problem, Trial, evaluate, read_constraint, read_metric
from lisse.studies.evaluate import Row
from lisse.studies.points import fixed_cell, identity
from lisse.studies.proposer import Proposer
from lisse.studies.runner import Place, Progress, Result, client_of
from lisse.studies.store import Store
from lisse.studies.study_file import StudyFile, make_study

_VALUES, _OBJECTIVES, _VIOLATIONS, _CONSTRAINED = "values", "objectives", "violations", "constrained"


def problem_of(study: StudyFile) -> Problem:
    """Return what a study of the kind ``optimise`` seeks."""
    from lisse.studies.metrics import Settings

    signs = {"maximise": 1, "minimise": -1}
    objectives = tuple(
        (read_metric(objective.metric, "design.objectives"), signs[objective.sense])
        for objective in study.design.objectives
    )
    return Problem(
        fixed_cell(study.cell, study.fixed),
        study.protocol,
        objectives,
        study.variables,
        tuple(read_constraint(text) for text in study.design.constraints),
        settings=Settings(seed=study.design.seed, workers=1),
    )


def run_optimiser(
    study: StudyFile, folder: Path, place: Place, *, resume: bool = False, progress: Progress | None = None
) -> Result:
    """Try as many designs as the study counts; arguments as of :func:`~lisse.studies.runner.run_study`.

    With one worker the designs follow from the seed; with more, which design is proposed depends on which one is done.
    """
    problem = problem_of(study)
    count = study.design.count or 0
    proposer = Proposer(problem)
    store = Store(folder, study, resume)
    earlier = [_trial(row) for row in store.rows()]
    for trial in earlier:
        proposer.learn(trial)
    start, done, failed, interrupted = time.perf_counter(), 0, 0, False
    try:
        with _spread(study, place) as apply:
            for number, trial, seconds in apply(proposer, len(earlier), count):
                store.add([_row(study, problem, number, trial, seconds)])
                done, failed = done + 1, failed + (trial.reason is not None)
                if progress is not None:
                    progress(len(earlier) + done, failed, count)
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - start
    return Result(folder, max(count, len(earlier)), len(earlier) + done, failed, seconds, done, interrupted)


Apply = Callable[[Proposer, int, int], Iterator[tuple[int, Trial, float]]]


@contextmanager
def _spread(study: StudyFile, place: Place) -> Iterator[Apply]:
    document = study.model_dump_json()
    if place.scheduler is None and place.queue is None and place.workers <= 1:
        yield lambda proposer, first, count: _alone(document, proposer, first, count)
        return
    with client_of(place) as client:
        yield lambda proposer, first, count: _together(client, document, proposer, first, count)


def _try(document: str, values: dict[str, Any]) -> tuple[Trial, float]:
    start = time.perf_counter()
    trial = evaluate(problem_of(make_study(json.loads(document))), values)
    return trial, time.perf_counter() - start


def _alone(document: str, proposer: Proposer, first: int, count: int) -> Iterator[tuple[int, Trial, float]]:
    for number in range(first, count):
        asked, values = proposer.propose()
        trial, seconds = _try(document, values)
        proposer.learn(trial, asked)
        yield number, trial, seconds


def _together(
    client: Any, document: str, proposer: Proposer, first: int, count: int
) -> Iterator[tuple[int, Trial, float]]:
    """Keep every worker busy with a design; a design whose workers die is one that could not be run."""
    from distributed import wait

    under_way: dict[Any, tuple[int, Any, dict[str, Any]]] = {}
    number = first
    while number < count or under_way:
        while number < count and len(under_way) < max(1, len(client.scheduler_info(n_workers=-1)["workers"])):
            asked, values = proposer.propose()
            under_way[client.submit(_try, document, values, pure=False)] = number, asked, values
            number += 1
        for future in wait(list(under_way), return_when="FIRST_COMPLETED").done:
            place, asked, values = under_way.pop(future)
            if future.status == "finished":
                trial, seconds = future.result()
            else:
                nothing = tuple(float("nan") for _ in proposer.problem.objectives)
                none = tuple(float("inf") for _ in proposer.problem.constraints)
                trial, seconds = Trial(values, nothing, none, (), "every worker that took this design died"), 0.0
            proposer.learn(trial, asked)
            yield place, trial, seconds


def _row(study: StudyFile, problem: Problem, number: int, trial: Trial, seconds: float) -> Row:
    """Return a design as a row; the last column brings the optimiser back."""
    written = {variable.path: variable.written(trial.values[variable.path]) for variable in problem.variables}
    objectives = {metric.name: value for (metric, _), value in zip(problem.objectives, trial.objectives, strict=True)}
    return {
        "id": identity(study, {"design": number}),
        "point": number,
        **{
            f"in.{path}": value if isinstance(value, float | int | str) else str(value)
            for path, value in written.items()
        },
        "status": "done" if trial.reason is None else "failed",
        "reason": trial.reason or "",
        **objectives,
        "feasible": int(trial.feasible),
        "seconds": seconds,
        "trial": json.dumps(
            {
                _VALUES: trial.values,
                _OBJECTIVES: trial.objectives,
                _VIOLATIONS: trial.violations,
                _CONSTRAINED: trial.constrained,
            }
        ),
    }


def _trial(row: dict[str, Any]) -> Trial:
    found = json.loads(row["trial"])
    return Trial(
        found[_VALUES],
        tuple(found[_OBJECTIVES]),
        tuple(found[_VIOLATIONS]),
        tuple(found[_CONSTRAINED]),
        row["reason"] or None,
    )
