"""The command ``sensitivity``: which claim matters most, and so which measurement to make next.

Heavy modules are imported inside the command. Leaves out: the indices (``lisse.studies.sensitivity``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import (
    CellArgument,
    FigureOption,
    JsonOption,
    SetOption,
    check_figure,
    deliver,
    make_console,
    read_changes,
    show_notes,
)
from lisse.cli_uncertainty import SeedOption, draws_progress
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.studies.sensitivity import Sensitivity

MOST_BASE = 100_000


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(sensitivity)


def sensitivity(
    cell: CellArgument,
    protocol: Annotated[
        str, typer.Option("--protocol", "-p", help='Name, file, or text such as "formation + 20 cycles at C/3".')
    ] = "1 cycle at C/3",
    output: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="Key of the last cycle in the summary of a run, or specific_energy_Wh_kg; may be repeated. Capacity, "
            "mean voltage and specific energy without it.",
        ),
    ] = None,
    count: Annotated[int, typer.Option(help="Base points; each costs keep + 3 runs.")] = 128,
    keep: Annotated[int, typer.Option(help="Claims that are told apart; all others act as one.")] = 8,
    screen: Annotated[int, typer.Option(help="Runs of the screen that picks them.")] = 256,
    seed: SeedOption = 0,
    mechanism: Annotated[
        list[str] | None,
        typer.Option("--mechanism", metavar="NAME", help="Mechanism to switch on, or all; may be repeated."),
    ] = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which claim matters most, and so which measurement to make next: Sobol indices of the numbers of a run."""
    from lisse.cell.cell import Cell
    from lisse.report.sensitivity import write_sensitivity
    from lisse.studies.sensitivity import sensitivity as analyse

    check_figure(figure)
    for name, number, least in (("count", count, 8), ("keep", keep, 1), ("screen", screen, 16)):
        if not least <= number <= MOST_BASE:
            raise InputError(f"--{name}: {number} is not accepted; give a whole number from {least} to {MOST_BASE}.")
    if not 0 <= seed < 2**32:
        raise InputError(f"--seed: {seed} is not accepted; give a whole number from 0 to 4294967295.")
    changes = read_changes(set_) | ({"mechanisms": mechanism} if mechanism else {})
    described = Cell.load(cell)
    described = described.replace(**changes) if changes else described
    with draws_progress(not as_json, "run") as progress:
        found = analyse(
            described, protocol, output, base=count, keep=keep, screened=screen, seed=seed, progress=progress
        )
    deliver(found, _show, write_sensitivity, figure, as_json)


def _show(found: Sensitivity) -> None:
    from rich.table import Table

    from lisse.studies.sensitivity import in_words

    console = make_console()
    for row, output in enumerate(found.outputs):
        deviation = float(found.indices.variance[row]) ** 0.5
        name, unit = in_words(output)
        table = Table(title=f"{name}: {found.means[row]:.4g} ± {deviation:.2g} {unit}".rstrip())
        table.add_column("claim")
        table.add_column("alone\n%", justify="right", no_wrap=True)
        table.add_column("with what it\nacts with, %", justify="right", no_wrap=True)
        for factor, numbers in found.ranked(output):
            first, total = (
                f"{100 * numbers[key]:.0f} ± {100 * numbers[f'{key}_error']:.0f}" for key in ("first", "total")
            )
            table.add_row(factor.label, first, total)
        console.print(table)
    for output in found.outputs:
        console.print(found.advice(output), markup=False)
    console.print(
        f"{found.runs} runs of {found.cell}, {found.protocol}: shares of the variance with one standard error; the "
        "screen before them picked the claims that stand alone.",
        markup=False,
    )
    show_notes(found.warnings)
