"""Run a study: on the cores of this machine, on a Dask scheduler, or on the queue of a cluster.

Points travel in chunks; a chunk whose workers die is halved, and a point that kills every worker that takes it, also
when nothing else runs, is a row with that reason. Leaves out: optimisers (``optimise``).
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError, LisseError
from lisse.studies.batch import cores
from lisse.studies.evaluate import Row, evaluate
from lisse.studies.points import Points, input_columns, points_of
from lisse.studies.store import Store
from lisse.studies.study_file import StudyFile, make_study

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
ALLOWED_FAILURES = 2
"""Deaths of workers that a chunk may cause before it is taken apart."""
PATIENCE_S = 15
"""Time that a scheduler has to answer, and to have a worker [s]."""
LOST = "every worker that took this point died"
AGAIN = object()
"""What :func:`result_of` says of work that must be sent again."""
MEND_S = 5.0
"""Time between two looks for workers that are lost for good [s]."""
GONE = "study: the scheduler has gone; the points written are kept, go on with --resume."

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
    """Return the results of some points; what a worker does."""
    points = _points(document)
    return [_results(points, number) for number in numbers]


def _results(points: Points, number: int) -> Row:
    start = time.perf_counter()
    found = evaluate(points.study.evaluator, lambda: points.setup(number))
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
    with _mapper(place or here(), study) as apply, Store.opened(folder, study, resume) as store:
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


def finished_of(futures: Iterable[Future[Any]]) -> set[Future[Any]]:
    """Wait until some futures are finished, failed or lost, and return these."""
    from distributed import wait

    waited = list(futures)
    try:
        return set(wait(waited, return_when="FIRST_COMPLETED").done)
    except CancelledError:  # raised for all where some are lost with their scheduler
        return {future for future in waited if future.status != "pending"}


def result_of(client: Client, future: Future[Any]) -> Any:
    """Return the result of a finished future; None where all workers that took it died.

    A worker that dies with a result that was not fetched yet takes it along: such work is ``AGAIN`` to be done.

    Raises
    ------
    InputError
        If the scheduler has gone, or the workers cannot do it.
    """
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return None
    except Exception as error:
        if client.status != "running":
            raise InputError(GONE) from None
        if isinstance(error, CancelledError | OSError):
            return AGAIN
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"study: the workers cannot compute its points ({type(error).__name__}: {reason}).") from None


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
        from distributed import Client
    except ImportError:
        raise InputError(
            "lisse study on several workers needs Dask, which is not installed; pip install 'lisse[studies]' or write "
            "--workers 0."
        ) from None
    for name in ("distributed", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings = {
        "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
        "distributed.comm.timeouts.connect": PATIENCE_S,
        "distributed.deploy.lost-worker-timeout": "30s",
    }
    with dask.config.set(settings):
        if place.scheduler is not None:
            with _answering(place.scheduler) as client:
                yield client
            return
        cluster, wanted = _started(place)
        with cluster, Client(cluster) as client, _kept(cluster, wanted):
            if place.queue is None:
                client.register_plugin(_deaf())
            yield client


def _started(place: Place) -> tuple[Any, dict[str, int]]:
    """Return a cluster with its workers on the way, and what it must be scaled to."""
    from distributed import LocalCluster

    if place.queue is not None:
        return cluster_of(place.queue)
    main = threading.current_thread() is threading.main_thread()
    # A terminal sends Ctrl-C to all processes of a command: workers ignore it, and this one ends them in order.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        # No limit of memory: a worker that uses much goes on, and one that the system kills is replaced.
        cluster = LocalCluster(
            n_workers=place.workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        )
    except (OSError, RuntimeError) as error:
        raise LisseError(f"study: the workers could not be started ({error}).") from None
    finally:
        if main:
            signal.signal(signal.SIGINT, before)
    return cluster, {"n": place.workers}


def _deaf() -> Any:
    """Return what lets workers that are started later ignore Ctrl-C too."""
    from distributed import WorkerPlugin

    class Deaf(WorkerPlugin):
        name = "lisse-deaf"

        def setup(self, worker: Any) -> None:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    return Deaf()


@contextmanager
def _kept(cluster: Any, wanted: dict[str, int]) -> Iterator[None]:
    """Replace workers that are lost for good: one that is killed while it starts is not started again by Dask."""
    over = threading.Event()

    def mend() -> None:
        while not over.wait(MEND_S):
            with suppress(Exception):
                cluster.scale(**wanted)

    thread = threading.Thread(target=mend, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _answering(address: str) -> Iterator[Client]:
    """Yield a client of a scheduler that answers and has a worker."""
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE_S)
    except (OSError, ValueError, TimeoutError, ImportError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise InputError(f"--scheduler: {address} does not answer ({reason.rstrip('.')}).") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            raise InputError(f"--scheduler: {address} has no workers; start some with dask worker {address}.") from None
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
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"--queue: {path} cannot be read as TOML ({reason}).") from None
    kind, jobs, settings = document.get("kind"), document.get("jobs", 1), document.get("settings", {})
    if kind not in _QUEUES:
        raise InputError(f"--queue: kind is {kind!r} in {path}; write one of {', '.join(_QUEUES)}.")
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        raise InputError(f"--queue: jobs is {jobs!r} in {path}; write a whole number above 0.")
    if not isinstance(settings, dict) or "cores" not in settings or "memory" not in settings:
        raise InputError(f"--queue: the settings in {path} lack cores or memory, which dask-jobqueue needs.")
    return str(kind), jobs, settings


_QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "lsf": "LSFCluster", "sge": "SGECluster"}


def cluster_of(path: Path) -> tuple[Any, dict[str, int]]:
    """Return the cluster of a queue file with its jobs submitted, and what it must be scaled to."""
    kind, jobs, settings = read_queue(path)
    try:
        import dask_jobqueue
    except ImportError:
        raise InputError("--queue needs dask-jobqueue, which is not installed; pip install dask-jobqueue.") from None
    try:
        cluster = getattr(dask_jobqueue, _QUEUES[kind])(**settings)
        cluster.scale(jobs=jobs)
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"--queue: dask-jobqueue cannot submit the jobs of {path} ({reason}).") from None
    return cluster, {"jobs": jobs}
