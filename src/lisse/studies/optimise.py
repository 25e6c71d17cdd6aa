"""Studies that an optimiser leads: every design tried is a row, several are tried at once, and rows bring it back.

Leaves out: designs with a proof and binding constraints (``lisse design``).
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from math import inf, isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.studies.cluster import AGAIN, Place, client_of, finished_of, result_of
from lisse.studies.design import Design, Problem, Trial, evaluate, read_constraint, read_metric
from lisse.studies.evaluate import Row
from lisse.studies.points import fixed_cell, identity, input_columns
from lisse.studies.proposer import Proposer
from lisse.studies.runner import LOST, Progress, Result, Tally
from lisse.studies.store import Store
from lisse.studies.study_file import StudyFile, make_study

if TYPE_CHECKING:
    from distributed import Client, Future

_VALUES, _OBJECTIVES, _VIOLATIONS, _CONSTRAINED = "values", "objectives", "violations", "constrained"


def problem_of(study: StudyFile) -> Problem:
    """Return what a study of the kind ``optimise`` seeks."""
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
        study.design.probability,
        study.evaluation,
    )


def run_optimiser(
    study: StudyFile, folder: Path, place: Place, *, resume: bool = False, progress: Progress | None = None
) -> Result:
    """Try as many designs as the study counts; arguments as of :func:`~lisse.studies.runner.run_study`.

    With one worker the designs follow from the seed; with more, which design is proposed depends on which one is done.
    """
    problem = problem_of(study)
    count, interrupted = study.design.count or 0, False
    # The place comes first: a scheduler that does not answer leaves no folder behind.
    with _spread(study, place) as apply, Store.opened(folder, study, resume) as store:
        earlier = store.rows()
        proposer = Proposer(problem, len(earlier))
        for row in earlier:
            proposer.learn(_trial(row))
        tally = Tally(store, count, progress)
        taken = {int(row["point"]) for row in earlier}
        numbers = [number for number in range(count + len(taken)) if number not in taken][: max(0, count - len(taken))]
        try:
            for number, trial, seconds in apply(proposer, numbers):
                tally.write([_row(study, problem, number, trial, seconds)])
        except KeyboardInterrupt:
            interrupted = True
        return replace(tally.result(interrupted), best=_best(problem, store))


def _best(problem: Problem, store: Store) -> list[dict[str, Any]]:
    """Return number, values, objectives and judged constraints of the best designs among the rows."""
    rows = {int(row["point"]): _trial(row) for row in store.rows()}
    numbers = {id(trial): number for number, trial in rows.items()}
    found = []
    for trial in Design(problem, tuple(rows.values())).front:
        values = {variable.path: variable.written(trial.values[variable.path]) for variable in problem.variables}
        objectives = {
            metric.name: value for (metric, _), value in zip(problem.objectives, trial.objectives, strict=True)
        }
        judged = {c.metric.name: value for c, value in zip(problem.constraints, trial.constrained, strict=True)}
        found.append({"point": numbers[id(trial)], **values, **judged, **objectives})
    return found


Apply = Callable[[Proposer, list[int]], Iterator[tuple[int, Trial, float | None]]]


@contextmanager
def _spread(study: StudyFile, place: Place) -> Iterator[Apply]:
    document = study.model_dump_json()
    if place.scheduler is None and place.queue is None and place.workers <= 1:
        yield lambda proposer, numbers: _alone(document, proposer, numbers)
        return
    with client_of(place) as client:
        yield lambda proposer, numbers: _together(client, document, proposer, numbers)


def _try(document: str, values: dict[str, Any]) -> tuple[Trial, float]:
    start = time.perf_counter()
    trial = evaluate(problem_of(make_study(json.loads(document))), values)
    return trial, time.perf_counter() - start


def _alone(document: str, proposer: Proposer, numbers: list[int]) -> Iterator[tuple[int, Trial, float | None]]:
    for number in numbers:
        asked, values = proposer.propose()
        trial, seconds = _try(document, values)
        proposer.learn(trial, asked)
        yield number, trial, seconds


def _together(
    client: Client, document: str, proposer: Proposer, numbers: list[int]
) -> Iterator[tuple[int, Trial, float | None]]:
    """Keep every worker busy with a design; a design whose workers die is one that could not be run."""
    waiting = deque(numbers)
    under_way: dict[Future[Any], tuple[int, Any, dict[str, Any]]] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < max(1, len(client.scheduler_info(n_workers=-1)["workers"])):
                asked, values = proposer.propose()
                under_way[client.submit(_try, document, values, pure=False)] = waiting.popleft(), asked, values
            for future in finished_of(under_way):
                number, asked, values = under_way.pop(future)
                found = result_of(client, future)
                if found is AGAIN:
                    under_way[client.submit(_try, document, values, pure=False)] = number, asked, values
                    continue
                trial, seconds = found or (_lost(proposer, values), None)
                proposer.learn(trial, asked)
                yield number, trial, seconds
    finally:
        with suppress(Exception):
            client.cancel(list(under_way), force=True)


def _lost(proposer: Proposer, values: dict[str, Any]) -> Trial:
    """Return a design that could not be run."""
    problem = proposer.problem
    constraints = len(problem.constraints)
    return Trial(values, (nan,) * len(problem.objectives), (inf,) * constraints, (None,) * constraints, LOST)


def _row(study: StudyFile, problem: Problem, number: int, trial: Trial, seconds: float | None) -> Row:
    """Return a design as a row; the last column brings the optimiser back."""
    written = {variable.path: variable.written(trial.values[variable.path]) for variable in problem.variables}
    objectives = {
        metric.name: value if isfinite(value) else None
        for (metric, _), value in zip(problem.objectives, trial.objectives, strict=True)
    }
    constraints = {
        constraint.metric.name: value
        for constraint, value in zip(problem.constraints, trial.constrained, strict=True)
        if value is None or isfinite(value)
    }
    return {
        "id": identity(study, {"design": number}),
        "point": number,
        **input_columns(study, written),
        "status": "done" if trial.reason is None else "failed",
        "reason": trial.reason or "",
        **constraints,
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
