"""Many cells of one build, over the cores of this machine.

The build and the compiled functions of the first cell are inherited by forked workers, so that a worker costs nothing
to start. Where the system cannot fork, one process does it all. Leaves out: studies that outlive the process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lisse.cell.cell import Cell
from lisse.cell.options import Options
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies.prepared import RTOL, OtherBuildError, Prepared

Task = Cell | tuple[Cell, dict[str, float]]
"""A cell, and parameters of its model that have other values (see :meth:`~lisse.studies.prepared.Prepared.solve`)."""
Progress = Callable[[int, int], None]
"""Called with the number of finished cells and of all cells."""
CHUNK = 4
"""Cells that a worker takes at once."""
LOOKED_AT = 8
"""Cells that are made beforehand to see which numbers differ."""


@dataclass(frozen=True)
class Refused:
    """A cell that cannot be: what was drawn or asked for fits no cell, for the reason given."""

    reason: str


_PREPARED: Prepared | None = None
_READ: Callable[[Any], Any] | None = None
_MAKE: Callable[[int], Task] | None = None
_FUNCTION: Callable[[int], Any] | None = None


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def solve_many(
    cell: Cell,
    protocol: str | Protocol,
    make: Callable[[int], Task],
    count: int,
    *,
    read: Callable[[Any], Any] | None = None,
    workers: int | None = None,
    options: Options | dict[str, Any] | None = None,
    rtol: float = RTOL,
    also: Iterable[str] = (),
    progress: Progress | None = None,
) -> list[Any]:
    """Run a protocol on cells that differ from one by numbers alone.

    Parameters
    ----------
    cell
        The one whose build and currents hold for all.
    protocol
        Protocol string, name or object.
    make
        Makes a cell, with parameters to change if any, given its number from 0 on; called in the workers.
    count
        Number of cells.
    read
        Turns a :class:`~lisse.studies.prepared.Solved` into what is returned, which must be picklable; its summary by
        default.
    workers
        Processes; as many as there are cores by default, 1 for none but this one.
    options, rtol, also
        As in :class:`~lisse.studies.prepared.Prepared`.
    progress
        Called after each cell.

    Returns
    -------
    list
        In the order of the cells; :class:`Refused` where none could be made. A cell that needs a build of its own is
        run by itself.
    """
    global _PREPARED, _READ, _MAKE
    _READ, _MAKE = read or _summary, make
    _PREPARED = Prepared(cell, protocol, _some(cell, make, count, options), options, rtol, also)
    wanted = min(workers or cores(), max(1, count // CHUNK))
    found: list[Any] = []
    try:
        if wanted > 1:
            # The first solution compiles the functions that forked workers then share.
            _PREPARED.solve(cell).summary()
        with _mapper(wanted) as apply:
            for result in apply(_one, range(count)):
                found.append(result)
                if progress is not None:
                    progress(len(found), count)
    finally:
        _PREPARED = _READ = _MAKE = None
    return found


def in_parallel(
    function: Callable[[int], Any], count: int, workers: int | None = None, progress: Progress | None = None
) -> list[Any]:
    """Return a function of 0, 1, ... count - 1, in this order.

    Parameters
    ----------
    function
        Anything, also a closure: forked workers inherit it. What it returns must be picklable.
    count, workers, progress
        As in :func:`solve_many`.

    Examples
    --------
    >>> in_parallel(lambda number: number**2, 4)
    [0, 1, 4, 9]
    """
    found: list[Any] = []
    for result in as_they_come(function, count, workers):
        found.append(result)
        if progress is not None:
            progress(len(found), count)
    return found


def as_they_come(function: Callable[[int], Any], count: int, workers: int | None = None) -> Iterator[Any]:
    """Yield a function of 0, 1, ... count - 1 in this order, each value as soon as it and those before it are known.

    Parameters
    ----------
    function, count, workers
        As in :func:`in_parallel`.
    """
    global _FUNCTION
    before, _FUNCTION = _FUNCTION, function
    try:
        with _mapper(min(workers or cores(), count), chunk=1) as apply:
            yield from apply(_call, range(count))
    finally:
        _FUNCTION = before


def _call(number: int) -> Any:
    assert _FUNCTION is not None
    return _FUNCTION(number)


def _some(cell: Cell, make: Callable[[int], Task], count: int, options: Options | dict[str, Any] | None) -> list[Cell]:
    """Return some of the cells, of those whose options are those of the first one."""
    from lisse.cell.parameter_sets import options_for

    wanted, found = options_for(cell, options), []
    for number in range(min(count, LOOKED_AT)):
        try:
            other, _ = _task(make(number))
        except InputError:
            continue
        if options_for(other, options) == wanted:
            found.append(other)
    return found


def _one(number: int) -> Any:
    """Make and solve one of the cells; forked workers have inherited what makes them."""
    assert _PREPARED is not None
    assert _READ is not None
    assert _MAKE is not None
    try:
        cell, changes = _task(_MAKE(number))
        try:
            solved = _PREPARED.solve(cell, changes)
        except OtherBuildError:
            own = Prepared(cell, _PREPARED.protocol, [cell], _PREPARED.asked, _PREPARED.rtol, changes)
            solved = own.solve(cell, changes)
    except InputError as error:
        return Refused(str(error))
    return _READ(solved)


def _task(made: Task) -> tuple[Cell, dict[str, float]]:
    return made if isinstance(made, tuple) else (made, {})


def _summary(solved: Any) -> dict[str, Any]:
    found: dict[str, Any] = solved.summary()
    return found


@contextmanager
def _mapper(workers: int, chunk: int = CHUNK) -> Iterator[Callable[..., Iterator[Any]]]:
    if workers < 1:
        raise InputError(f"workers: {workers} is not a number of processes; write 1 or more.")
    if workers == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield map
        return
    # Ctrl-C reaches the workers too: they end without a word, and this process says what happened.
    default = (signal.SIGINT, signal.SIG_DFL)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, fork, signal.signal, default) as pool:
        yield lambda function, items: pool.map(function, items, chunksize=chunk)
