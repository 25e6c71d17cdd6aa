"""The commands ``study`` and ``query``: many cells, and questions to what came of them.

Heavy modules are imported inside the commands. Leaves out: how points are chosen and run (``lisse.studies``).
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import JsonOption, make_console, print_json, show_pairs
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.studies.query import Answer
    from lisse.studies.runner import Progress, Result

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
MANY = 100_000
"""Points beyond which a study must be confirmed."""
HOME = Path("lisse-studies")
"""Folder of the studies that name none."""
EVERY_S = 30.0
"""Time between two lines of progress where there is no terminal [s]."""
MOST_ROWS = 100
"""Rows of an answer that a table shows."""
WIDEST_VALUE = 24
"""Columns of the terminal that one value of a turned table may take."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(study)
    app.command()(query)


def study(
    file: Annotated[Path, typer.Argument(help="Study file (TOML).")],
    out: Annotated[Path | None, typer.Option(help="Folder of the rows; lisse-studies/NAME without it.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine; 0 for none but this one, all cores without it.")
    ] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler.")] = None,
    queue: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML file of a cluster's queue.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the folder: finished points stay.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help=f"Run more than {MANY} points.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run many cells: a factorial, Sobol or listed design, or an optimiser; rows go to a Parquet data set."""
    from lisse.simulate import safe_name
    from lisse.studies.cluster import Place, here
    from lisse.studies.points import points_of
    from lisse.studies.runner import run_study
    from lisse.studies.study_file import read_study

    given = [
        name
        for name, value in (("--scheduler", scheduler), ("--queue", queue), ("--workers", workers))
        if value is not None
    ]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are given, but a study runs in one place; give one of them.")
    if workers is not None and workers < 0:
        raise InputError(f"--workers: {workers} is not a number of processes; write 0 or more.")
    described = read_study(file)
    count = len(points_of(described))
    if count > MANY and not yes:
        raise InputError(f"study: {count} points are more than {MANY}; add --yes if that is meant.")
    place = Place(0, scheduler, queue) if scheduler or queue else here(workers)
    folder = out or HOME / safe_name(described.name)
    with _progress() as update:
        if described.design.kind == "optimise":
            from lisse.studies.optimise import run_optimiser

            found = run_optimiser(described, folder, place, resume=resume, progress=update)
        else:
            found = run_study(described, folder, place, resume=resume, progress=update)
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found)
    if found.interrupted:
        raise typer.Exit(INTERRUPTED)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Yield what draws a bar with rate and remaining time on a terminal, and writes a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("points"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True, speed_estimate_period=60) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, failed: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.3g} a second" if speed else ""
            bar.update(task, completed=done, total=total, description=f"{rate}, {failed} failed" if failed else rate)

        yield update


def _lines() -> Progress:
    """Return what writes a line of progress every half a minute, for the log of a job."""
    last, begun, before = time.monotonic(), 0.0, -1

    def update(done: int, failed: int, total: int) -> None:
        nonlocal last, begun, before
        now = time.monotonic()
        if before < 0:
            begun, before = now, done
        if now - last < EVERY_S or done == before:
            return
        last, rate = now, (done - before) / (now - begun)
        text = (
            f"{done} of {total} points, {failed} failed, {rate:.3g} a second, {(total - done) / rate / 60:.0f} min left"
        )
        print(text, file=sys.stderr, flush=True)

    return update


def _show(found: Result) -> None:
    rows = [
        ("points", str(found.points)),
        ("finished", str(found.finished)),
        ("failed", str(found.failed)),
        ("time", f"{found.seconds:.1f} s"),
        ("folder", str(found.folder)),
    ]
    show_pairs("study", rows)
    console = make_console()
    if found.best is not None:
        _show_best(found.best)
    if found.interrupted:
        console.print("interrupted; the finished points are kept, go on with --resume", markup=False)
    else:
        console.print(f'ask: lisse query "select * from points limit 5" --from {found.folder}', markup=False)


def _show_best(best: list[dict[str, Any]]) -> None:
    if not best:
        make_console().print("best: no point keeps every constraint", markup=False)
        return
    from rich.table import Table

    table = Table(title="best" if len(best) == 1 else "none beats these in all objectives", box=None, padding=(0, 1))
    for name in best[0]:
        table.add_column(name, justify="right", overflow="fold")
    for row in best[:MOST_ROWS]:
        table.add_row(*map(_text, row.values()))
    make_console().print(table)


def query(
    sql: Annotated[str, typer.Argument(help='SQL; the table is "points".')],
    folder: Annotated[
        Path | None, typer.Option("--from", help="Folder of the study; the one in lisse-studies without it.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on standard output and nothing else.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the rows of a study in SQL, also while it runs."""
    from lisse.studies.query import query as ask

    if as_csv and as_json:
        raise InputError("--csv and --json are both given; give one.")
    found = ask(folder or _only_study(), sql)
    if as_json:
        print_json(found.as_dict())
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows(found.rows)
    else:
        _show_answer(found)


def _only_study() -> Path:
    """Return the folder of the only study in the usual place."""
    there = sorted(path.parent for path in HOME.glob("*/study.json"))
    if len(there) != 1:
        names = f"{HOME} holds {', '.join(path.name for path in there)}" if there else f"{HOME} holds no study"
        raise InputError(f"--from: {names}; name the folder of a study.")
    return there[0]


def _show_answer(found: Answer) -> None:
    """Print the rows; where they are wider than the terminal turned by 90 degrees, as many as fit."""
    from rich.measure import Measurement
    from rich.table import Table

    console, shown = make_console(), min(len(found.rows), MOST_ROWS)
    table = Table(box=None, padding=(0, 1))
    for name in found.columns:
        table.add_column(name)
    for row in found.rows[:shown]:
        table.add_row(*map(_text, row))
    if Measurement.get(console, console.options.update(max_width=10**6), table).maximum > console.width:
        table = Table(box=None, padding=(0, 1), show_header=False)
        table.add_column(overflow="fold")
        names = min(max(map(len, found.columns)), console.width // 2)
        columns = [[_text(row[place]) for place in range(len(found.columns))] for row in found.rows[:shown]]
        shown, left = 0, console.width - names - 2
        for column in columns:
            left -= min(max(map(len, column)), WIDEST_VALUE) + 2
            if left < 0 and shown:
                break
            shown += 1
            table.add_column(overflow="fold", max_width=WIDEST_VALUE)
        for name, *values in zip(found.columns, *columns[:shown], strict=True):
            table.add_row(name, *values)
    console.print(table)
    if len(found.rows) > shown:
        console.print(f"... and {len(found.rows) - shown} more rows; --csv and --json print all", markup=False)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)
