"""Run a study: its points travel in chunks to where it runs, and come back as rows.

A chunk whose workers die is halved, and a point that kills every worker that takes it, also when nothing else runs,
is a row with that reason. Leaves out: the workers (``cluster``) and optimisers (``optimise``).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.studies.cluster import AGAIN, Place, client_of, finished_of, here, result_of
from lisse.studies.evaluate import Row, evaluate, of_metrics
from lisse.studies.points import Points, input_columns, points_of
from lisse.studies.store import Store
from lisse.studies.study_file import OF_DESIGN, StudyFile, make_study

if TYPE_CHECKING:
    from distributed import Client, Future

CHUNK_S = 1.0
"""Time that a chunk should take at least, so that sending and writing it cost little [s]."""
LONGEST_CHUNK_S = 30.0
CHUNK_SHARE = 0.02
"""Share of the time so far that a chunk may take: long studies are some hundreds of files, not many thousands."""
MOST_IN_CHUNK = 1000
AHEAD = 3
"""Chunks a worker that wait for it."""
LOST = "every worker that took this point died"

Progress = Callable[[int, int, int], None]
"""Called with finished, failed and all points."""


@dataclass(frozen=True)
class Result:
    """What came of a study.

    Attributes
    ----------
    folder
        Where the rows are.
    points, finished, failed
        Points of the study, rows there are, and those of them that failed.
    seconds
        Wall time of this call.
    done_now
        Points finished in this call.
    interrupted
        Whether Ctrl-C ended it.
    best
        Of an optimiser: the best design, of several objectives those that none beats in all; None else.
    """

    folder: Path
    points: int
    finished: int
    failed: int
    seconds: float
    done_now: int
    interrupted: bool = False
    best: list[dict[str, Any]] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "folder": str(self.folder),
            "points": self.points,
            "finished": self.finished,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
            "points_per_s": self.done_now / self.seconds if self.seconds else 0.0,
            "interrupted": self.interrupted,
            "best": self.best,
        }


@lru_cache(maxsize=4)
def _points(document: str) -> Points:
    import json

    return points_of(make_study(json.loads(document)))


def run_chunk(document: str, numbers: list[int]) -> list[Row]:
    """Return the results of some points; what a worker does."""
    points = _points(document)
    return [_results(points, number) for number in numbers]


def _results(points: Points, number: int) -> Row:
    start, study = time.perf_counter(), points.study
    chosen = (lambda: of_metrics(study, points.values(number))) if study.evaluator == OF_DESIGN else study.evaluator
    found = evaluate(chosen, lambda: points.setup(number))
    return {"point": number, **found, "seconds": time.perf_counter() - start}


def run_study(
    study: StudyFile,
    folder: Path,
    place: Place | None = None,
    *,
    resume: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Run all points of a study that have no row yet.

    Parameters
    ----------
    study
        The study, of any kind but ``optimise``.
    folder
        Where its rows go.
    place
        Where it runs; this machine by default.
    resume
        Go on with a folder that holds rows.
    progress
        Called after every chunk.

    Raises
    ------
    InputError
        If the folder, the scheduler or the disk refuses.
    """
    points = points_of(study)
    # Of equal points, as a list may have them, one is run.
    numbers = {points.identity(number): number for number in reversed(range(len(points)))}
    identities = {number: identity for identity, number in reversed(numbers.items())}
    # The place comes first: a scheduler that does not answer leaves no folder behind.
    with _mapper(place or here(), study) as apply, Store.opened(folder, study, resume, identities.values()) as store:
        tally = Tally(store, len(identities), progress)
        todo = [number for number, identity in identities.items() if identity not in tally.known]
        interrupted = False
        try:
            for rows in apply(points, todo):
                heads = [(identities[int(row["point"] or 0)], points.values(int(row["point"] or 0))) for row in rows]
                tally.write(
                    [
                        {"id": identity, "point": row["point"], **input_columns(study, values), **row}
                        for (identity, values), row in zip(heads, rows, strict=True)
                    ]
                )
        except KeyboardInterrupt:
            interrupted = True
        return tally.result(interrupted)


class Tally:
    """Counts and writes the rows of a study, and tells how far it is.

    Parameters
    ----------
    store
        Where they go.
    total
        Number of points.
    progress
        Is told.
    """

    def __init__(self, store: Store, total: int, progress: Progress | None) -> None:
        earlier = store.rows(["id", "status"])
        self.known = {str(row["id"]) for row in earlier}
        self._before, self._failed = len(earlier), sum(row["status"] == "failed" for row in earlier)
        self._done, self._store, self._total, self._progress = 0, store, total, progress
        self._start = time.perf_counter()
        self._tell()

    def write(self, rows: list[Row]) -> None:
        """Write some rows."""
        self._store.add(rows)
        self._done += len(rows)
        self._failed += sum(row["status"] == "failed" for row in rows)
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._before + self._done, self._failed, self._total)

    def result(self, interrupted: bool) -> Result:
        """Return what came of the study."""
        seconds, finished = time.perf_counter() - self._start, self._before + self._done
        points = max(self._total, finished)
        return Result(self._store.folder, points, finished, self._failed, seconds, self._done, interrupted)


Apply = Callable[[Points, list[int]], Iterator[list[Row]]]


@contextmanager
def _mapper(place: Place, study: StudyFile) -> Iterator[Apply]:
    if place.scheduler is None and place.queue is None and place.workers == 0:
        yield _alone
        return
    with client_of(place) as client:
        yield lambda points, todo: _spread(client, study.model_dump_json(), todo)


def _alone(points: Points, todo: list[int]) -> Iterator[list[Row]]:
    """Yield the results of points, some at a time, in this process; on Ctrl-C first those of the last chunk."""
    sizes, place = _Sizes(), 0
    while place < len(todo):
        numbers = todo[place : place + sizes.size]
        start, rows = time.perf_counter(), list[Row]()
        try:
            for number in numbers:
                rows.append(_results(points, number))
        except KeyboardInterrupt:
            yield rows
            raise
        yield rows
        sizes.learn(len(numbers), time.perf_counter() - start)
        place += len(numbers)


class _Sizes:
    """How many points make a chunk: as many as take about a second, or a small share of the time so far."""

    def __init__(self) -> None:
        self.size, self._start = 1, time.perf_counter()

    def learn(self, count: int, seconds: float) -> None:
        """Take note of what a chunk took; the next is at most four times as large."""
        wanted = CHUNK_SHARE * (time.perf_counter() - self._start)
        fitting = int(count * min(max(wanted, CHUNK_S), LONGEST_CHUNK_S) / max(seconds, 1e-4))
        self.size = max(1, min(fitting, 4 * count, MOST_IN_CHUNK))


def _spread(client: Client, document: str, todo: list[int]) -> Iterator[list[Row]]:
    """Yield the results of points as workers send them; a few chunks a worker are under way.

    A worker that dies takes with it what waits for it. So a chunk whose workers died is halved until one point is
    left, and that one has a last chance when nothing else is under way.
    """
    sizes, waiting = _Sizes(), deque(todo)
    halves: deque[list[int]] = deque()
    suspects: deque[int] = deque()
    under_way: dict[Future[Any], list[int]] = {}

    def send(numbers: list[int]) -> None:
        under_way[client.submit(run_chunk, document, numbers, pure=False)] = numbers

    try:
        while waiting or halves or suspects or under_way:
            room = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
            while len(under_way) < room and (halves or waiting):
                count = min(sizes.size, len(waiting))
                send(halves.popleft() if halves else [waiting.popleft() for _ in range(count)])
            last_chance = not under_way
            if last_chance:
                send([suspects.popleft()])
            for future in finished_of(under_way):
                numbers = under_way.pop(future)
                rows = result_of(client, future)
                if rows is AGAIN:
                    send(numbers)
                elif rows is not None:
                    sizes.learn(len(numbers), sum(float(row["seconds"] or 0.0) for row in rows))
                    yield rows
                elif len(numbers) > 1:
                    halves += [numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]]
                elif last_chance:
                    yield [{"point": numbers[0], "status": "failed", "reason": LOST, "seconds": None}]
                else:
                    suspects += numbers
    finally:
        with suppress(Exception):
            client.cancel(list(under_way), force=True)
