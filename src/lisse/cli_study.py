"""The commands ``study`` and ``query``: many cells, and questions to what came of them.

Heavy modules are imported inside the commands. Leaves out: how points are chosen and run (``lisse.studies``).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import JsonOption, make_console, print_json, show_pairs
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.studies.query import Answer
    from lisse.studies.runner import Result

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


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
    as_json: JsonOption = False,
) -> None:
    """Run many cells: a factorial, Sobol or listed design, or an optimiser; rows go to a Parquet data set."""
    from lisse.simulate import safe_name
    from lisse.studies.runner import Place, here, run_study
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
    place = Place(0, scheduler, queue) if scheduler or queue else here(workers)
    folder = out or Path("lisse-studies") / safe_name(described.name)
    with _progress(not as_json) as update:
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
def _progress(show: bool) -> Iterator[Any]:
    if not show:
        yield None
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
    if found.interrupted:
        console.print("interrupted; the finished points are kept, go on with --resume", markup=False)
    else:
        console.print(f'ask: lisse query "select * from points limit 5" --from {found.folder}', markup=False)


def query(
    sql: Annotated[str, typer.Argument(help='SQL; the table is "points".')],
    folder: Annotated[Path, typer.Option("--from", help="Folder of the study.")] = Path("."),
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on standard output and nothing else.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the rows of a study in SQL, also while it runs."""
    from lisse.studies.query import query as ask

    if as_csv and as_json:
        raise InputError("--csv and --json are both given; give one.")
    found = ask(folder, sql)
    if as_json:
        print_json(found.as_dict())
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(found.columns)
        writer.writerows(found.rows)
    else:
        _show_answer(found)


def _show_answer(found: Answer) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1))
    for name in found.columns:
        table.add_column(name)
    for row in found.rows:
        table.add_row(
            *("" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value) for value in row)
        )
    make_console().print(table)
