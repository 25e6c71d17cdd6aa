"""Search of the best design: every proposal is simulated, and noted as soon as it is done.

Leaves out: what a design is (``design``) and which one is tried next (``proposer``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

from lisse.errors import InputError, LisseError
from lisse.studies.batch import as_they_come, cores
from lisse.studies.design import Design, Problem, Trial, evaluate
from lisse.studies.design_notes import Notes
from lisse.studies.proposer import Proposer

BATCH = 4
"""Designs that are chosen at once and simulated side by side; the same on any machine, so that a seed tells all."""

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
    proposer = Proposer(problem)
    note = Notes(_identity(problem), out, resume)
    earlier = [Trial(**row) for row in note.earlier[:trials]]
    done: list[Trial] = []
    interrupted = False
    if (workers or cores()) > 1:
        import pybamm  # noqa: F401  processes that are forked inherit what is imported
    try:
        while len(done) < trials:
            proposals = [proposer.propose() for _ in range(min(BATCH, trials - len(done)))]
            asked, values = zip(*proposals, strict=True)
            known = earlier[len(done) : len(done) + len(asked)]
            if any(old.values != new for old, new in zip(known, values, strict=False)):
                raise InputError(f"--resume: {out} was written by another version of Optuna; name another folder.")
            for one, trial in zip(asked, _simulated(problem, values, known, workers), strict=True):
                if len(done) >= len(earlier):
                    note.add(vars(trial))
                proposer.learn(trial, one)
                done.append(trial)
                if progress is not None:
                    progress(len(done), trials, trial)
    except KeyboardInterrupt:
        interrupted = True
    except BrokenProcessPool:
        kept = f"; {len(done)} designs are kept in {out}, go on with --resume" if out is not None else ""
        raise LisseError(f"design: a process of the search died, most likely for lack of memory{kept}.") from None
    return Design(problem, tuple(done), interrupted)


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
