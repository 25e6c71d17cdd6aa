"""The option ``--uncertainty`` of the commands that take a cell, and the command ``sensitivity``.

Heavy modules are imported inside the functions. Leaves out: the draws and what they give (``lisse.studies``).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import make_console
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.simulate import Run
    from lisse.studies.batch import Progress
    from lisse.studies.uncertainty import Uncertainty

UncertaintyOption = Annotated[
    int | None,
    typer.Option(
        "--uncertainty",
        metavar="N",
        help="Draw N times from the spreads of the claims: median and 5 to 95 % of every number.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of the draws; equal seeds give equal results.")]
SamplingOption = Annotated[str, typer.Option("--sampling", help="How --uncertainty draws: sobol or lhs.")]
MOST_ROWS = 40
"""Rows of a table of numbers with their bands; all are in the JSON document."""
LONGEST_LIST = 20
"""Numbers of a list that a table still shows; longer ones are curves."""
MOST_DRAWS = 100_000
_PLACE = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True)
class Asked:
    """What ``--uncertainty``, ``--seed`` and ``--sampling`` say."""

    count: int
    seed: int
    sampling: str


def asked(count: int | None, seed: int, sampling: str) -> Asked | None:
    """Check the options; None where no draws are asked for.

    Raises
    ------
    InputError
        If one of them is not accepted.
    """
    if sampling not in ("sobol", "lhs"):
        raise InputError(f'--sampling: "{sampling}" is not known; write sobol or lhs.')
    if not 0 <= seed < 2**32:
        raise InputError(f"--seed: {seed} is not accepted; give a whole number from 0 to 4294967295.")
    if count is None:
        return None
    if not 2 <= count <= MOST_DRAWS:
        raise InputError(f"--uncertainty: {count} is not accepted; give a whole number from 2 to {MOST_DRAWS}.")
    return Asked(count, seed, sampling)


def spread_over(
    wanted: Asked | None,
    function: Callable[[Cell], Mapping[str, Any]],
    cell: Cell,
    show: bool,
    hold: bool = True,
    also: Callable[[Cell], Any] | None = None,
) -> Uncertainty | None:
    """Call a command's function on draws of its cell; None where no draws are asked for.

    Parameters
    ----------
    wanted
        The options.
    function
        Gives the document of the command for a cell.
    cell
        With all changes of the command line.
    show
        Draw a bar on standard error.
    hold
        Keep the currents of the cell, whatever capacity is drawn.
    also
        Asks the cell for claims that its model does not use.
    """
    if wanted is None:
        return None
    from lisse.studies.uncertainty import held_current, spread_of

    with draws_progress(show) as progress:
        return spread_of(
            function,
            held_current(cell) if hold else cell,
            wanted.count,
            wanted.seed,
            wanted.sampling,
            also=also,
            progress=progress,
        )


def spread_over_materials(
    wanted: Asked | None, function: Callable[[], Mapping[str, Any]], show: bool
) -> Uncertainty | None:
    """Call a command's function on draws of the claims of the materials that it uses; None where none are asked for."""
    if wanted is None:
        return None
    from lisse.studies.material_draws import spread_of_materials

    with draws_progress(show) as progress:
        return spread_of_materials(function, wanted.count, wanted.seed, wanted.sampling, progress=progress)


def spread_of_run(
    wanted: Asked | None,
    result: Run,
    protocol: str,
    again: Callable[[Cell], Run] | None,
    show: bool,
) -> Uncertainty | None:
    """Repeat a run on draws of its cell: by one build, or with a function where the run was no plain one."""
    if wanted is None:
        return None
    if again is not None:
        return spread_over(wanted, lambda drawn: again(drawn).summary, result.cell, show)
    from lisse.studies.uncertainty import uncertainty

    with draws_progress(show) as progress:
        return uncertainty(
            result.cell,
            protocol,
            wanted.count,
            wanted.seed,
            wanted.sampling,
            options=result.options,
            progress=progress,
        )


def spread_of_energy(
    wanted: Asked | None, cell: Cell, protocol: str, cycle: int | None, show: bool
) -> Uncertainty | None:
    """Repeat the energy of a discharge on draws of its cell: densities, prices and the run itself."""
    if wanted is None:
        return None
    from types import SimpleNamespace

    from lisse.energy import energy_of
    from lisse.energy.simulated import energy_of_cycle
    from lisse.studies.uncertainty import uncertainty

    def document(run: Any, summary: dict[str, Any]) -> dict[str, Any]:
        finished = SimpleNamespace(cell=run.cell, summary=summary, timeseries=run.timeseries)
        return energy_of_cycle(finished, cycle)[0].as_dict()

    with draws_progress(show) as progress:
        return uncertainty(
            cell,
            protocol,
            wanted.count,
            wanted.seed,
            wanted.sampling,
            document=document,
            also=lambda asked_of: energy_of(asked_of, 1e-9, 1.0),
            progress=progress,
        )


@contextmanager
def draws_progress(show: bool, word: str = "draw") -> Iterator[Progress | None]:
    """Yield a progress callback that draws a bar on standard error, or None."""
    if not show or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn(word), MofNCompleteColumn(), BarColumn(), TimeElapsedColumn(), Remaining())
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task(word, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def document(spread: Uncertainty | None) -> dict[str, Any]:
    """Return the key ``uncertainty`` of a JSON document; nothing where no draws were asked for."""
    return {} if spread is None else {"uncertainty": spread.as_dict()}


def with_band(text: str, spread: Uncertainty | None, path: str, digits: int = 3, factor: float = 1.0) -> str:
    """Return a number as shown, and below it the median of the draws and their 5 to 95 %."""
    band = None if spread is None else spread.band(path)
    if band is None:
        return text
    median, low, high = (f"{factor * band[key]:.{digits}f}" for key in ("median", "p05", "p95"))
    return f"{text}\n{median}\n({low} to {high})"


def band_text(band: Mapping[str, float]) -> str:
    """Return ``median (5 % to 95 %)``.

    Examples
    --------
    >>> band_text({"median": 123.4, "p05": 25.0, "p95": 168.9})
    '123.4 (25 to 168.9)'
    """
    median, low, high = (f"{band[key]:.4g}" for key in ("median", "p05", "p95"))
    return f"{median} ({low} to {high})"


def show_spread(spread: Uncertainty | None, table: bool = True) -> None:
    """Print the bands of all numbers, and what became of the draws."""
    if spread is None:
        return
    console = make_console()
    if table:
        from rich.table import Table

        shown = Table(title=f"{len(spread.draws)} draws of {len(spread.draws.dimensions)} claims")
        shown.add_column("number")
        shown.add_column("median (5 % to 95 %)", justify="right", no_wrap=True)
        paths = sorted(_short_lists(spread.samples), key=lambda path: path.count("."))
        for path in paths[:MOST_ROWS]:
            band = spread.band(path)
            assert band is not None
            shown.add_row(path, band_text(band))
        console.print(shown)
        if len(spread.samples) > min(len(paths), MOST_ROWS):
            console.print(f"and {len(spread.samples) - min(len(paths), MOST_ROWS)} more numbers with --json")
    for line in spread_notes(spread):
        console.print(line, markup=False)


def _short_lists(paths: Iterable[str]) -> list[str]:
    """Return paths without those of curves and time series.

    Examples
    --------
    >>> _short_lists(["capacity", *(f"rows.{k}.voltage" for k in range(100)), "shift.0", "shift.1"])
    ['capacity', 'shift.0', 'shift.1']
    """
    given = list(paths)
    kinds = [_PLACE.sub(".#", path) for path in given]
    lengths = Counter(kinds)
    return [path for path, kind in zip(given, kinds, strict=True) if lengths[kind] <= LONGEST_LIST]


def show_cells(found: Mapping[str, Any]) -> None:
    """Print the error bars of a test of the lithium interface: those over its own cells."""
    from rich.table import Table

    shown = Table(title=f"{found['count']} cells, drawn from the spreads of their claims")
    shown.add_column("number")
    shown.add_column("median (5 % to 95 %)", justify="right", no_wrap=True)
    for path, band in list(found["values"].items())[:MOST_ROWS]:
        texts = ["not reached" if band[key] is None else f"{band[key]:.4g}" for key in ("median", "p05", "p95")]
        shown.add_row(path, f"{texts[0]} ({texts[1]} to {texts[2]})")
    make_console().print(shown)


def spread_notes(spread: Uncertainty) -> list[str]:
    """Return what a reader must know of the draws: how many there are, and which gave nothing."""
    draws = spread.draws
    notes = [
        f"error bars: median and 5 to 95 % of {len(draws)} draws of {len(draws.dimensions)} claims "
        f"({draws.sampling}, seed {draws.seed})."
    ]
    for reason, count in spread.failures.items():
        notes.append(f"note: {count} of {len(draws)} draws gave no cell or no result: {reason.rstrip('.')}.")
    return notes
