"""Where a study runs: the cores of this machine, a Dask scheduler, or the queue of a cluster.

Leaves out: what is sent there and what becomes of it (``runner``, ``optimise``).
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError, LisseError
from lisse.studies.batch import cores

if TYPE_CHECKING:
    from distributed import Client, Future

ALLOWED_FAILURES = 2
"""Deaths of workers that a chunk may cause before it is taken apart."""
PATIENCE_S = 15
"""Time that a scheduler has to answer, and to have a worker [s]."""
AGAIN = object()
"""What :func:`result_of` says of work that must be sent again."""
MEND_S = 5.0
"""Time between two looks for workers that are lost for good [s]."""
GONE = "study: the scheduler has gone; the points written are kept, go on with --resume."


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
