"""The command ``explain``: what a cell loses against its ideal, to which cause, and what to change about it.

Heavy modules are imported inside the command. Leaves out: the computation (``lisse.studies.explain``, ``life`` and
``remedies``).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import (
    CellArgument,
    FigureOption,
    JsonOption,
    SetOption,
    check_figure,
    make_console,
    print_json,
    progress_of_cycles,
    read_changes,
    show_notes,
)
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.studies.explain import Explanation
    from lisse.studies.life import LifeExplanation
    from lisse.studies.remedies import Change

COLUMNS = {
    "capacity_mAh_g": ("mAh/g", 1),
    "voltage_V": ("V", 3),
    "energy_Wh_kg": ("Wh/kg\ncell", 1),
}
"""Quantities of the tables: head and digits; the document has one more."""
MOST = {"orders": 10_000, "uncertainty": 10_000, "cycles": 100_000, "cells": 100_000}
"""Largest numbers that are accepted."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(explain)


def explain(
    cell: CellArgument,
    protocol: Annotated[
        str, typer.Option("--protocol", "-p", help="What is done with the cell; its last discharge counts.")
    ] = "1 cycle at C/3",
    set_: SetOption = None,
    mechanism: Annotated[
        list[str] | None,
        typer.Option(
            "--mechanism",
            metavar="NAME",
            help="Mechanism that is on, in place of the cell file's; all of them with all.",
        ),
    ] = None,
    orders: Annotated[
        int, typer.Option(help="Random orders of the causes where they are more than nine; each is taken both ways.")
    ] = 8,
    draws: Annotated[
        int,
        typer.Option(
            "--uncertainty",
            metavar="N",
            help="Also do everything for N draws of the claims, common to all sets of causes.",
        ),
    ] = 0,
    life: Annotated[bool, typer.Option("--life", help="Share out lost cycles of the lithium side, too.")] = False,
    cycles: Annotated[int, typer.Option(help="Cycles that are asked of a life.")] = 50,
    cells: Annotated[int, typer.Option(help="Paired cells of a life, 200 or more.")] = 200,
    current: Annotated[
        str | None, typer.Option(help='Current density of a life, e.g. "1 mA/cm^2"; C/3 without it.')
    ] = None,
    no_changes: Annotated[bool, typer.Option("--no-changes", help="Try no changes of the cell.")] = False,
    seed: Annotated[int, typer.Option(help="Of all random numbers; equal seeds give equal results.")] = 0,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a cell loses against its ideal and to which cause, and what to change about it, each change simulated."""
    from lisse.studies.explain import explain as share_out
    from lisse.studies.life import explain_life
    from lisse.studies.remedies import remedies

    check_figure(figure)
    given = {"orders": orders, "uncertainty": draws, "cycles": cycles, "cells": cells, "seed": seed}
    for name, value in given.items():
        if not 0 <= value <= MOST.get(name, 2**32 - 1):
            raise InputError(f"--{name}: {value} is out of range; write 0 to {MOST.get(name, 2**32 - 1)}.")
    density = _current(current)
    described = _described(cell, set_, mechanism)
    show = not as_json and sys.stderr.isatty()
    lived = None
    if life:
        # First, because it refuses a cell or a number that it cannot take before anything long is done.
        with progress_of_cycles(show, "sets of causes of a life") as update:
            lived = explain_life(
                described, current=density, cycles=cycles, cells=cells, seed=seed, progress=_counted(update)
            )
    with progress_of_cycles(show, "sets of causes") as update:
        found = share_out(described, protocol, orders=orders, seed=seed, draws=draws, progress=_counted(update))
    changes = None
    if not no_changes:
        with progress_of_cycles(show, "changes") as update:
            changes = remedies(described, protocol, progress=_counted(update))
    if figure is not None:
        from lisse.report.explain import write_explanation

        write_explanation(found, figure)
    if as_json:
        print_json(document(found, changes, lived))
        return
    _show(found)
    if lived is not None:
        _show_life(lived)
    if changes is not None:
        _show_changes(changes)
    if figure is not None:
        make_console().print(f"figure: {figure}", markup=False)


def document(found: Explanation, changes: list[Change] | None, lived: LifeExplanation | None) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    return {
        **found.as_dict(),
        "changes": None if changes is None else [change.as_dict() for change in changes],
        "life": None if lived is None else lived.as_dict(),
    }


def _described(name: str, pairs: list[str] | None, mechanisms: list[str] | None) -> Cell:
    from lisse.cell.cell import Cell

    described, changes = Cell.load(name), read_changes(pairs)
    changes |= {"mechanisms": list(mechanisms)} if mechanisms else {}
    return described.replace(**changes) if changes else described


def _current(text: str | None) -> float | None:
    from lisse.units import quantity

    if text is None:
        return None
    value = quantity(text, "A/m^2", "--current")
    if not value > 0:
        raise InputError(f'--current: "{text}" is not above 0; write for example "1 mA/cm^2".')
    return value


def _counted(update: Any) -> Any:
    """Return a progress callback of two counts; None without a bar."""
    return None if update is None else lambda done, count: update(done, count, "")


def _show(found: Explanation) -> None:
    from lisse.studies.explain import IDEAL

    table = _table(f"{found.cell.name}: what is lost, and to what ({found.protocol})", *_heads())
    table.add_row("ideal cell", "", *_cells(found.ideal))
    rows = found.as_dict()["causes"]
    names = [cause.name for cause, _, _ in found.ranked()]
    for row in sorted(rows, key=lambda row: names.index(row["name"])):
        errors = None if found.shares.exact else row["standard_error"]
        table.add_row(row["label"], row["review_figure_1"] or "", *_cells(row, errors, sign=True))
    table.add_row("residual", "", *(f"{found.residual[name]:.0e}" for name in COLUMNS))
    table.add_row("this cell", "", *_cells(found.actual))
    make_console().print(table)
    show_notes(_notes(found, IDEAL))
    if found.drawn is not None:
        _show_draws(found)


def _heads() -> tuple[str, ...]:
    return ("", "Fig. 1", *(head for head, _ in COLUMNS.values()))


def _cells(values: dict[str, Any], errors: dict[str, float] | None = None, sign: bool = False) -> list[str]:
    found = []
    for name, (_, digits) in COLUMNS.items():
        text = f"{values[name]:+.{digits}f}" if sign else f"{values[name]:.{digits}f}"
        found.append(text if errors is None else f"{text} \u00b1 {errors[name]:.{digits}f}")
    return found


def _notes(found: Explanation, ideal: str) -> list[str]:
    shares = found.shares
    how = (
        f"exact Shapley values from all {shares.coalitions} sets of causes."
        if shares.exact
        else f"Shapley values with standard errors, from random orders of the causes ({shares.coalitions} sets)."
    )
    notes = [f"the ideal cell is {ideal}.", how, "letters are those of Fig. 1 of the review."]
    if off := found.mechanisms_off:
        notes.append(f"off, so that nothing is put down to them: {', '.join(off)}; --mechanism all has them on.")
    if found.incomplete:
        notes.append(f"{found.incomplete} runs ended early and count with what they delivered.")
    return notes


def _show_draws(found: Explanation) -> None:
    assert found.drawn is not None
    drawn = found.drawn.as_dict(found.causes)
    labels = {cause.name: cause.label for cause in found.causes}
    title = f"median, and 5 to 95 %, of {drawn['draws'] - drawn['failed']} draws of the claims"
    table = _table(title, "", "mAh/g", "Wh/kg cell")
    rows = [("ideal cell", drawn["ideal"]), *((labels[row["name"]], row) for row in drawn["causes"])]
    for label, row in (*rows, ("this cell", drawn["actual"])):
        bands = (row["capacity_mAh_g"], row["energy_Wh_kg"])
        table.add_row(label, *(f"{band['median']:.1f} ({band['p05']:.1f} to {band['p95']:.1f})" for band in bands))
    make_console().print(table)


def _show_life(lived: LifeExplanation) -> None:
    found = lived.as_dict()
    table = _table(
        f"cycles lost of {found['cycles_asked']}, at {found['current_density_mA_cm2']:.3g} mA/cm2 and "
        f"{found['half_cycle_capacity_mAh_cm2']:.3g} mAh/cm2",
        "",
        "Fig. 1",
        "cycles",
    )
    table.add_row("ideal", "", f"{found['ideal_mean_cycles']:.1f}")
    for row in sorted(found["causes"], key=lambda row: float(row["cycles"])):
        table.add_row(row["label"], row["review_figure_1"], f"{row['cycles']:+.1f} \u00b1 {row['standard_error']:.1f}")
    table.add_row("these cells, mean", "", f"{found['mean_cycles']:.1f}")
    make_console().print(table)
    show_notes(
        [
            f"mean of {found['cells']} paired cells; half of them do {found['median_cycles']:.0f} cycles or fewer, "
            f"{100 * found['survived_fraction']:.0f} % do all."
        ]
    )


def _show_changes(changes: list[Change]) -> None:
    table = _table(
        "what to change, each simulated by itself", "", "from", "to", *(head for head, _ in COLUMNS.values())
    )
    for change in changes:
        before, after = (
            ", ".join("none" if pair[place] is None else str(pair[place]) for pair in change.fields.values())
            for place in (0, 1)
        )
        gains = [getattr(change, name) for name in COLUMNS]
        digits = [digits for _, digits in COLUMNS.values()]
        table.add_row(
            change.label,
            _name(before),
            _name(after),
            *("-" if gain is None else f"{gain:+.{n}f}" for gain, n in zip(gains, digits, strict=True)),
        )
    make_console().print(table)
    show_notes(f"{change.label}: {change.reason}" for change in changes if change.reason)


def _name(text: str) -> str:
    """Return the value of a table field in short: its material."""
    return text if not text.startswith("{") else text.split("'material': '")[-1].split("'")[0]


def _table(title: str, *columns: str) -> Any:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for place, column in enumerate(columns):
        justify: Any = "right" if place > 0 and column != "Fig. 1" else "left"
        table.add_column(column, justify=justify, no_wrap=place > 0)
    return table
