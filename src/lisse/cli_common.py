"""What the commands share: options, how values are read, and how results are shown.

Leaves out: the commands themselves (``lisse.cli`` and the modules named after it).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from lisse.studies.uncertainty import Uncertainty

CellArgument = Annotated[str, typer.Argument(help="Name of a library cell, or path of a cell file.")]
MaterialArgument = Annotated[str, typer.Argument(help="Name of an electrolyte, or path of a material file.")]
PolyanionOption = Annotated[
    bool, typer.Option("--polyanion", help="Correct salts of oxo-anions, which the energies bind too strongly.")
]
PhasesOption = Annotated[
    Path | None, typer.Option(help="CSV with phases of your own: formula, formation_energy_eV_per_atom.")
]
FigureOption = Annotated[Path | None, typer.Option(help="Write a figure (SVG, PNG or PDF) here.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Replace a field of the cell file, e.g. cathode.porosity=0.1; none leaves it out.",
    ),
]


def make_console(stderr: bool = False) -> Console:
    """Return a console on standard output, or on standard error."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_json(document: Any) -> None:
    """Print a document as JSON, numbers that are not finite as null."""
    from lisse.simulate import finite

    print(json.dumps(finite(document), indent=2, ensure_ascii=False, allow_nan=False))


def read_changes(pairs: list[str] | None) -> dict[str, Any]:
    """Read ``path=value`` pairs; the value is TOML where it can be (numbers, lists, tables), else text.

    The word ``none`` leaves a field out.

    Examples
    --------
    >>> read_changes(["cathode.porosity=0.1", "separator.thickness=30 um", "cathode.coating=none"])
    {'cathode.porosity': 0.1, 'separator.thickness': '30 um', 'cathode.coating': None}

    Raises
    ------
    InputError
        If a pair has no path or no equals sign.
    """
    import tomllib

    changes: dict[str, Any] = {}
    for pair in pairs or []:
        path, equals, text = pair.partition("=")
        if not equals or not path.strip():
            raise InputError(f'--set: "{pair}" is not of the form path=value, such as cathode.porosity=0.1.')
        try:
            changes[path.strip()] = tomllib.loads(f"v = {text}")["v"]
        except tomllib.TOMLDecodeError:
            changes[path.strip()] = None if text.strip() == "none" else text.strip()
    return changes


def check_figure(path: Path | None) -> None:
    """Refuse, before anything is computed, the name of a figure that ends in no known format.

    Raises
    ------
    InputError
        If so.
    """
    if path is not None:
        from lisse.report.figures import check_figure_name

        check_figure_name(path)


def deliver(
    result: Any,
    show: Callable[[Any], None],
    write_figure: Callable[[Any, Path], object],
    figure: Path | None,
    as_json: bool,
    spread: Uncertainty | None = None,
) -> None:
    """Write the figure of a result where one is asked for, and print the result.

    Parameters
    ----------
    result
        Has ``as_dict``, the document printed as JSON.
    show
        Prints it for a reader instead.
    write_figure
        Writes its figure, given the result and the path.
    figure
        Path of the figure; None without one.
    as_json
        Print JSON and nothing else.
    spread
        Error bars of its numbers, where they were asked for.
    """
    if figure is not None:
        write_figure(result, figure)
    if as_json:
        from lisse.cli_uncertainty import document

        print_json(result.as_dict() | document(spread))
        return
    show(result)
    if spread is not None:
        from lisse.cli_uncertainty import show_spread

        show_spread(spread)
    if figure is not None:
        make_console().print(f"figure: {figure}", markup=False)


def show_pairs(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a table of names and values."""
    from rich.table import Table

    table = Table(title=title, show_header=False)
    for row in rows:
        table.add_row(*row)
    make_console().print(table)


def show_notes(warnings: Iterable[str]) -> None:
    """Print warnings, each a line."""
    console = make_console()
    for warning in warnings:
        console.print(f"note: {warning}", markup=False)


@contextmanager
def progress_of_cycles(show: bool, what: str = "cycle") -> Iterator[Any]:
    """Yield a progress callback that draws a bar of what is counted on standard error, or None."""
    if not show:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(what),
        MofNCompleteColumn(),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task("building the model", total=None)

        def update(cycle: int, cycles: int, text: str) -> None:
            bar.update(task, completed=cycle, total=cycles, description=text)

        yield update
