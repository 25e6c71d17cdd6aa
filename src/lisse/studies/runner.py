"""Run a study: on the cores of this machine, on a Dask scheduler, or on the queue of a cluster.

Points travel in chunks of about a second; a chunk whose worker dies is sent again, then point by point, and a point
that kills its worker every time is a row with that reason. Leaves out: optimisers (``optimise``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError
from lisse.studies.batch import cores
from lisse.studies.evaluate import Row, evaluate
from lisse.studies.points import Points, points_of
from lisse.studies.store import Store
from lisse.studies.study_file import StudyFile, make_study

if TYPE_CHECKING:
    from distributed import Client, Future

CHUNK_S = 1.0
"""Time that a chunk should take [s]."""
MOST_IN_CHUNK = 1000
AHEAD = 3
"""Chunks a worker that wait for it."""
ALLOWED_FAILURES = 2
"""Deaths of workers that a chunk may cause before it is taken apart."""
PATIENCE_S = 15
"""Time that a scheduler has to answer [s]."""

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
        Points of the study, rows there are, and those among the rows of this call that failed.
    seconds
        Wall time of this call.
    done_now
        Points finished in this call.
    interrupted
        Whether Ctrl-C ended it.
    """

    folder: Path
    points: int
    finished: int
    failed: int
    seconds: float
    done_now: int
    interrupted: bool = False

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
        }


@dataclass(frozen=True)
class Place:
    """Where a study runs.

    Attributes
    ----------
    workers
        Processes of this machine; 0 for none but this one.
    scheduler
        Address of a running Dask scheduler in their place.
    queue
        TOML file of a cluster's queue, see :func:`read_queue`, in their place.
    """

    workers: int = 0
    scheduler: str | None = None
    queue: Path | None = None


def here(workers: int | None = None) -> Place:
    """Return this machine with so many processes, as many as it has cores by default."""
    return Place(cores() if workers is None else workers)


@lru_cache(maxsize=4)
def _points(document: str) -> Points:
    import json

    return points_of(make_study(json.loads(document)))


def run_chunk(document: str, numbers: list[int]) -> list[Row]:
    """Return the rows of some points; what a worker does."""
    points = _points(document)
    return [_row(points, number) for number in numbers]


def _row(points: Points, number: int) -> Row:
    start = time.perf_counter()
    found = evaluate(points.study.evaluator, lambda: points.setup(number))
    return {**_head(points, number), **found, "seconds": time.perf_counter() - start}


def _head(points: Points, number: int) -> Row:
    values = points.values(number)
    inputs = {
        f"in.{path}": value if isinstance(value, float | int | str) else str(value) for path, value in values.items()
    }
    return {"id": points.identity(number), "point": number, **inputs}


def _lost(points: Points, number: int) -> Row:
    return {**_head(points, number), "status": "failed", "reason": "every worker that took this point died"}


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
    with _mapper(place or here(), study) as apply:
        store = Store(folder, study, resume)
        known = store.finished()
        todo = [number for number in range(len(points)) if points.identity(number) not in known]
        start, done, failed, interrupted = time.perf_counter(), 0, 0, False
        before = len(points) - len(todo)
        if progress is not None:
            progress(before, 0, len(points))
        try:
            for rows in apply(points, todo):
                store.add(rows)
                done += len(rows)
                failed += sum(row["status"] == "failed" for row in rows)
                if progress is not None:
                    progress(before + done, failed, len(points))
        except KeyboardInterrupt:
            interrupted = True
    seconds = time.perf_counter() - start
    return Result(folder, len(points), before + done, failed, seconds, done, interrupted)


Apply = Callable[[Points, list[int]], Iterator[list[Row]]]


@contextmanager
def _mapper(place: Place, study: StudyFile) -> Iterator[Apply]:
    if place.scheduler is None and place.queue is None and place.workers == 0:
        yield _alone
        return
    with client_of(place) as client:
        yield lambda points, todo: _spread(client, study.model_dump_json(), points, todo)


def _alone(points: Points, todo: list[int]) -> Iterator[list[Row]]:
    """Yield the rows of points, some at a time, in this process."""
    sizes = _Sizes()
    place = 0
    while place < len(todo):
        numbers = todo[place : place + sizes.size]
        start = time.perf_counter()
        yield [_row(points, number) for number in numbers]
        sizes.learn(len(numbers), time.perf_counter() - start)
        place += len(numbers)


class _Sizes:
    """How many points make a chunk: as many as take about a second."""

    def __init__(self) -> None:
        self.size = 1

    def learn(self, count: int, seconds: float) -> None:
        """Take note of what a chunk took; no chunk is more than four times as large as those before."""
        fitting = int(count * CHUNK_S / max(seconds, 1e-4))
        self.size = max(1, min(fitting, 4 * count, MOST_IN_CHUNK))


def _spread(client: Client, document: str, points: Points, todo: list[int]) -> Iterator[list[Row]]:
    """Yield the rows of points as workers send them; a few chunks a worker are under way."""
    from distributed import wait

    sizes, waiting = _Sizes(), list(reversed(todo))
    alone: list[int] = []
    under_way: dict[Future[Any], list[int]] = {}

    def send(numbers: list[int]) -> None:
        future = client.submit(run_chunk, document, numbers, pure=False)
        under_way[future] = numbers

    try:
        while waiting or alone or under_way:
            room = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
            while len(under_way) < room and (alone or waiting):
                if alone:
                    send([alone.pop()])
                else:
                    count = min(sizes.size, len(waiting))
                    send([waiting.pop() for _ in range(count)])
            for future in wait(list(under_way), return_when="FIRST_COMPLETED").done:
                numbers = under_way.pop(future)
                rows = _result(future)
                if rows is not None:
                    sizes.learn(len(numbers), sum(float(row.get("seconds") or 0.0) for row in rows))
                    yield rows
                elif len(numbers) == 1:
                    yield [_lost(points, numbers[0])]
                else:
                    alone += numbers
                future.release()
    finally:
        with suppress(Exception):
            client.cancel(list(under_way))


def _result(future: Future[Any]) -> list[Row] | None:
    """Return the rows of a chunk; None where its workers died, or it was lost with its scheduler."""
    from distributed.scheduler import KilledWorker

    if future.status == "finished":
        rows: list[Row] = future.result()
        return rows
    if future.status == "cancelled" or isinstance(future.exception(), KilledWorker):
        return None
    raise InputError(f"study: a worker refused its points ({future.exception()}).")


@contextmanager
def client_of(place: Place) -> Iterator[Client]:
    """Yield a Dask client of a place, and close what was started for it.

    Raises
    ------
    InputError
        If Dask is not installed, or the scheduler does not answer.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "lisse study on several workers needs Dask, which is not installed; pip install 'lisse[studies]' or write "
            "--workers 0."
        ) from None
    import logging

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {
        "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
        "distributed.comm.timeouts.connect": PATIENCE_S,
        "distributed.worker.memory.terminate": False,
    }
    with dask.config.set(settings):
        if place.scheduler is not None:
            try:
                client = Client(place.scheduler, timeout=PATIENCE_S)
            except (OSError, ValueError, TimeoutError) as error:
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                raise InputError(f"--scheduler: {place.scheduler} does not answer ({reason}).") from None
            with client:
                yield client
            return
        if place.queue is not None:
            cluster = cluster_of(place.queue)
        else:
            cluster = LocalCluster(
                n_workers=place.workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
        with cluster, Client(cluster) as client:
            yield client


def read_queue(path: Path) -> tuple[str, int, dict[str, Any]]:
    """Return kind, number of jobs and settings of a queue file.

    The file has ``kind`` (``slurm``, ``pbs``, ``lsf`` or ``sge``), ``jobs``, and a table ``settings`` that
    dask-jobqueue takes as it is: cores, memory, walltime, queue, account and so on.

    Raises
    ------
    InputError
        If it cannot be read or lacks a key.
    """
    import tomllib

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"--queue: {path} cannot be read as TOML ({error}).") from None
    kind, jobs, settings = document.get("kind"), document.get("jobs", 1), document.get("settings", {})
    if kind not in _QUEUES:
        raise InputError(f"--queue: kind is {kind!r} in {path}; write one of {', '.join(_QUEUES)}.")
    if not isinstance(jobs, int) or jobs < 1:
        raise InputError(f"--queue: jobs is {jobs!r} in {path}; write a whole number above 0.")
    if not isinstance(settings, dict) or "cores" not in settings or "memory" not in settings:
        raise InputError(f"--queue: the settings in {path} lack cores or memory, which dask-jobqueue needs.")
    return str(kind), jobs, settings


_QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "lsf": "LSFCluster", "sge": "SGECluster"}


def cluster_of(path: Path) -> Any:
    """Return the cluster of a queue file, with its jobs submitted."""
    kind, jobs, settings = read_queue(path)
    try:
        import dask_jobqueue
    except ImportError:
        raise InputError("--queue needs dask-jobqueue, which is not installed; pip install dask-jobqueue.") from None
    cluster = getattr(dask_jobqueue, _QUEUES[kind])(**settings)
    cluster.scale(jobs=jobs)
    return cluster
