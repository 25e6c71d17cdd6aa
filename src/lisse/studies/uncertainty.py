"""Error bars: what the spreads of the claims do to every number that a command gives.

Draws of one cell are run at the currents of the first (a current is chosen, not drawn), by one build where the command
is a run of a protocol, else by the command's own function. Leaves out: errors of the equations themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lisse.errors import LisseError
from lisse.studies.batch import Progress, Refused, in_parallel, solve_many
from lisse.studies.sampling import AnyDrawable, Draws, draw

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.cell.options import Options
    from lisse.experiments import Protocol
    from lisse.studies.prepared import Prepared, Solved

Array = NDArray[np.float64]
Document = Callable[[Any, dict[str, Any]], Mapping[str, Any]]
"""Makes a document of a finished run (a :class:`~lisse.studies.prepared.Solved`) and its summary."""

COUNT = 200
"""Cells drawn unless told otherwise."""
RTOL = 2e-4
"""Relative tolerance of a drawn cell: 0.2 mV RMS and 0.02 % of capacity, far below what any claim moves."""
QUANTILES = {"median": 0.5, "p05": 0.05, "p95": 0.95}
SKIPPED = frozenset({"audit", "claims", "cycle_jumping", "seed", "timing_s", "uncertainty", "versions"})
"""Keys of a document whose numbers say nothing about the cell."""
SAME = 1e-9
"""Relative difference below which all draws have one number: round-off."""
POINTS = 80
"""Points of a voltage curve and of its band."""
CURVES = (("charge", 1), ("discharge", -1))


@dataclass(frozen=True)
class Band:
    """Voltage of the draws against capacity in one half of a cycle.

    Attributes
    ----------
    cycle, kind
        Which half.
    capacity
        [mAh/g], shape (points,).
    low, median, high
        5 %, 50 % and 95 % of the draws [V], shape (points,); one that has reached its limit stays at it.
    """

    cycle: int
    kind: str
    capacity: Array
    low: Array
    median: Array
    high: Array


def band_of(values: ArrayLike) -> dict[str, float | int]:
    """Return median, 5 and 95 % of some draws, and how many there are; draws that are not finite do not count.

    Examples
    --------
    >>> band_of([1.0, 2.0, 3.0, float("nan")])["median"]
    2.0
    """
    given = np.asarray(values, dtype=np.float64)
    finite = given[np.isfinite(given)]
    if not finite.size:
        return {**dict.fromkeys(QUANTILES, float("nan")), "count": 0}
    found = dict(zip(QUANTILES, np.quantile(finite, list(QUANTILES.values())).tolist(), strict=True))
    return {**found, "count": int(finite.size)}


@dataclass(frozen=True)
class Uncertainty:
    """What the draws of a cell gave.

    Attributes
    ----------
    draws
        The cells.
    samples
        Number of each draw by its path in the document, shape (count,); not a number where a draw has none.
    reasons
        Why draws gave nothing, by draw.
    statuses
        How runs ended, by draw; empty for what is no run.
    bands
        Voltage curves of runs.
    """

    draws: Draws[Any]
    samples: Mapping[str, Array]
    reasons: Mapping[int, str]
    statuses: Mapping[int, str] = field(default_factory=dict)
    bands: Sequence[Band] = ()

    def band(self, path: str) -> dict[str, float | int] | None:
        """Return median, 5 and 95 % of a number, and how many draws have it; None where no claim moves it."""
        values = self.samples.get(path)
        return None if values is None else band_of(values)

    @property
    def failures(self) -> dict[str, int]:
        """How many draws gave nothing, by reason; reasons that differ by their numbers alone are one."""
        kinds: dict[str, tuple[str, int]] = {}
        for reason in self.reasons.values():
            key = re.sub(r"[-+.\de]*\d", "#", reason)
            first, count = kinds.get(key, (reason, 0))
            kinds[key] = first, count + 1
        return dict(sorted(kinds.values(), key=lambda item: -item[1]))

    @property
    def ended(self) -> dict[str, int]:
        """How many runs ended in which way."""
        found = list(self.statuses.values())
        return {status: found.count(status) for status in sorted(set(found))}

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types: the key ``uncertainty`` of a command's document."""
        return {
            "count": len(self.draws),
            "seed": self.draws.seed,
            "sampling": self.draws.sampling,
            "claims": len(self.draws.dimensions),
            "failed": {"count": len(self.reasons), "reasons": self.failures},
            "ended": self.ended,
            "values": {path: self.band(path) for path in self.samples},
        }


def uncertainty(
    cell: Cell,
    protocol: str | Protocol = "1 cycle at C/3",
    count: int = COUNT,
    seed: int = 0,
    sampling: str = "sobol",
    *,
    options: Options | dict[str, Any] | None = None,
    document: Document | None = None,
    also: Callable[[Cell], Any] | None = None,
    workers: int | None = None,
    rtol: float = RTOL,
    progress: Progress | None = None,
) -> Uncertainty:
    """Run a protocol on draws of a cell.

    Parameters
    ----------
    cell
        The cell.
    protocol
        Protocol string, name or object.
    count, seed, sampling
        As in :func:`lisse.studies.sampling.draw`.
    options
        Of the build.
    document
        What is kept of a finished run, given it and its summary: cycles and losses without it.
    also
        Asks the cell for claims that only what comes after the run needs.
    workers
        Processes; as many as there are cores without it.
    rtol
        Relative tolerance of the solver.
    progress
        Called with the number of finished and of all draws.

    Raises
    ------
    InputError
        If an argument is not accepted or no claim has a spread.
    """
    draws = draw(held_current(cell), count, seed, sampling, also=also)
    found = solve_many(
        draws.cell,
        protocol,
        draws.make,
        count,
        read=partial(read_run, Layered(draws.cell, protocol, options, rtol), document),
        workers=workers,
        options=options,
        rtol=rtol,
        progress=progress,
    )
    return gather(draws, found)


def spread_of(
    function: Callable[[AnyDrawable], Mapping[str, Any]],
    cell: AnyDrawable,
    count: int = COUNT,
    seed: int = 0,
    sampling: str = "sobol",
    *,
    also: Callable[[AnyDrawable], Any] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """Call a function on draws of a cell, in forked processes.

    Parameters
    ----------
    function
        Gives a document of nested tables, lists and numbers for a cell.
    cell, count, seed, sampling, also, workers, progress
        As in :func:`uncertainty`.

    Examples
    --------
    >>> from lisse import Cell
    >>> found = spread_of(lambda cell: {"ohm_m2": cell.derived.separator_resistance}, Cell.load("reference"), 16)
    >>> low, high = found.band("ohm_m2")["p05"], found.band("ohm_m2")["p95"]
    >>> low < Cell.load("reference").derived.separator_resistance < high
    True
    """
    draws = draw(cell, count, seed, sampling, also=also)
    return gather(draws, in_parallel(partial(_document, function, draws), count, workers, progress))


def _document(function: Callable[[AnyDrawable], Mapping[str, Any]], draws: Draws[AnyDrawable], number: int) -> Any:
    import pybamm

    try:
        return {"document": function(draws.make(number))}
    except (LisseError, pybamm.SolverError) as error:
        return Refused(str(error).strip().splitlines()[0])


def held_current(cell: Cell) -> Cell:
    """Return a cell whose 1C stays what it is when its capacity is drawn."""
    from lisse.cell._derive import PRACTICAL_ORIGIN

    if cell.derived.nominal_capacity_source != PRACTICAL_ORIGIN:
        return cell
    return cell.replace(**{"operation.nominal_capacity": f"{cell.derived.nominal_capacity!r} A*s/m^2"})


class Layered:
    """The same cell with double layers, which make its potentials states: slower, but every start is consistent.

    Built when a draw first needs it, mostly one that dies at once.
    """

    def __init__(
        self,
        cell: Cell,
        protocol: str | Protocol,
        options: Options | dict[str, Any] | None = None,
        rtol: float = RTOL,
    ) -> None:
        self.cell, self.protocol, self.options, self.rtol = cell, protocol, options, rtol
        self._prepared: Prepared | None = None

    def solve(self, cell: Cell) -> Solved:
        """Run the protocol on a draw."""
        from lisse.cell.options import Options, SurfaceForm
        from lisse.studies.prepared import Prepared

        if self._prepared is None:
            options = {**Options.asked(self.options), "surface_form": SurfaceForm.DIFFERENTIAL}
            self._prepared = Prepared(self.cell, self.protocol, None, options, self.rtol)
        return self._prepared.solve(cell)

    def run(self, cell: Cell) -> Solved:
        """Run the protocol on a draw by itself, with all means and at the tolerance of the books."""
        from lisse.simulate import run
        from lisse.studies.prepared import Solved

        found = run(cell, self.protocol, options=self.options)
        return Solved(cell, found.solution, found.summary["status"], found.summary["reason"])

    def rescue(self, solved: Solved) -> Solved:
        """Return a draw as it is, or solved by other means where the solver gave up on it."""
        for other in (self.solve, self.run):
            if solved.status == "failed":
                solved = other(solved.cell)
        return solved


def read_run(layered: Layered, document: Document | None, solved: Solved) -> dict[str, Any] | Refused:
    """Return what is kept of one drawn cell: the document, how it ended, and voltage curves."""
    solved = layered.rescue(solved)
    if solved.status == "failed":
        return {"status": "failed", "failure": solved.reason or "the solver gave up"}
    try:
        made = (document or run_document)(solved, solved.summary())
    except LisseError as error:
        return Refused(str(error))
    return {"document": made, "status": solved.status, "curves": _curves(solved)}


def run_document(solved: Solved, summary: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a run: cycles, losses and the time to a short."""
    frame = solved.timeseries
    short = summary["reason"] == "short" and len(frame) > 0
    return {
        "time_to_short_h": float(frame["time_s"].iloc[-1]) / 3600 if short else None,
        "cycles": summary["cycles"],
        "losses_V": summary["losses_V"],
    }


def _curves(solved: Solved) -> dict[tuple[int, str], tuple[Array, Array]]:
    """Return capacity and voltage of the halves of the first and the last cycle, at a few points."""
    frame = solved.timeseries
    columns = {name: frame[name].to_numpy() for name in ("cycle", "kind", "capacity_mAh_g", "voltage_V")}
    if not len(frame) or solved.cell.symmetric:
        return {}
    found = {}
    for cycle in {int(columns["cycle"][0]), int(columns["cycle"][-1])}:
        for kind, _ in CURVES:
            rows = (columns["cycle"] == cycle) & (columns["kind"] == kind)
            if rows.sum() > 1:
                capacity = columns["capacity_mAh_g"][rows].astype(float)
                grid = np.linspace(0.0, capacity[-1], POINTS)
                found[cycle, kind] = grid, np.interp(grid, capacity, columns["voltage_V"][rows].astype(float))
    return found


def gather(draws: Draws[Any], found: Sequence[Any]) -> Uncertainty:
    """Sort what came of the draws into samples by path.

    Parameters
    ----------
    draws
        The cells.
    found
        For each one a table with its ``document`` (and ``status`` and ``curves`` of a run), one with the reason of its
        ``failure``, or :class:`~lisse.studies.batch.Refused`.
    """
    samples: dict[str, Array] = {}
    reasons: dict[int, str] = {}
    statuses: dict[int, str] = {}
    curves: dict[tuple[int, str], list[tuple[Array, Array]]] = {}
    for number, one in enumerate(found):
        if isinstance(one, Refused):
            reasons[number] = one.reason
            continue
        if "status" in one:
            statuses[number] = one["status"]
        if "failure" in one:
            reasons[number] = one["failure"]
            continue
        for path, value in numbers_in(one["document"]):
            samples.setdefault(path, np.full(len(found), np.nan))[number] = value
        for key, curve in one.get("curves", {}).items():
            curves.setdefault(key, []).append(curve)
    moved = {path: values for path, values in samples.items() if _varies(values)}
    return Uncertainty(draws, moved, reasons, statuses, tuple(_band(*key, made) for key, made in curves.items()))


def _varies(values: Array) -> bool:
    finite = values[np.isfinite(values)]
    return bool(finite.size) and float(np.ptp(finite)) > SAME * float(np.abs(finite).max())


def _band(cycle: int, kind: str, curves: Sequence[tuple[Array, Array]]) -> Band:
    grid = np.linspace(0.0, float(np.quantile([capacity[-1] for capacity, _ in curves], 0.98)), POINTS)
    voltages = np.array([np.interp(grid, *curve) for curve in curves])
    low, median, high = np.quantile(voltages, [0.05, 0.5, 0.95], axis=0)
    return Band(cycle, kind, grid, low, median, high)


def numbers_in(document: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers of a document with their paths, such as ``cycles.0.discharge_capacity_mAh_g``.

    Examples
    --------
    >>> list(numbers_in({"a": [1.5, {"b": 2}], "timing_s": {"solve": 3.0}, "c": None}))
    [('a.0', 1.5), ('a.1.b', 2.0)]
    """
    if isinstance(document, bool):
        return
    if isinstance(document, int | float):
        yield path, float(document)
    elif isinstance(document, Mapping):
        for key, value in document.items():
            if key not in SKIPPED:
                yield from numbers_in(value, f"{path}.{key}" if path else str(key))
    elif isinstance(document, list | tuple):
        for number, value in enumerate(document):
            yield from numbers_in(value, f"{path}.{number}" if path else str(number))
