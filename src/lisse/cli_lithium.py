"""The commands ``lisse ccd``, ``strip``, ``cycle-life`` and ``map``: tests of the lithium interface on many cells.

Heavy modules are imported inside the commands. Leaves out: the tests themselves (``lisse.lithium``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from lisse.cli_common import CellArgument, JsonOption, make_console, print_json, read_changes, show_notes
from lisse.cli_uncertainty import (
    SamplingOption,
    UncertaintyOption,
    asked,
    document,
    show_cells,
    show_spread,
    spread_over,
)
from lisse.cli_uncertainty import SeedOption as DrawSeedOption
from lisse.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.cell.cell import Cell
    from lisse.lithium.build import Conditions
    from lisse.lithium.critical_current import CriticalCurrent, Ladder
    from lisse.lithium.cycle_life import Life
    from lisse.lithium.stripping import Strip
    from lisse.ranges import Range
    from lisse.report.lithium_words import Words
    from lisse.studies.uncertainty import Uncertainty

    Outcome = TypeVar("Outcome", CriticalCurrent, Strip, Life)

MOST_CELLS = 100_000
"""More simulated cells than this fill the memory of a desktop."""
MOST_CYCLES = 100_000
MOST_POINTS = 200

Kind = tuple[str, str, float, float, bool]
"""Unit, example, lowest and highest value in SI, and whether the lowest is excluded."""
PRESSURE: Kind = ("Pa", "5 MPa", 0, 2e9, False)
TEMPERATURE: Kind = ("K", "25 degC", 200, 450, False)
CURRENT: Kind = ("A/m^2", "1 mA/cm^2", 0, 1e6, True)
CHARGE: Kind = ("A*s/m^2", "1 mA*h/cm^2", 0, 3.6e7, True)
TIME: Kind = ("s", "1 h", 0, 3.6e9, True)
REST: Kind = ("s", "1 h", 0, 3.6e9, False)
VOLTAGE: Kind = ("V", "1 V", 0, 1000, True)
RATIO: Kind = ("", "0.99", 0, 100, True)

PressureOption = Annotated[str | None, typer.Option(help='Stack pressure, e.g. "5 MPa"; that of the file without it.')]
TemperatureOption = Annotated[
    str | None, typer.Option(help='Temperature, e.g. "60 degC"; that of the file without it.')
]
CellsOption = Annotated[int, typer.Option(help="Simulated cells, which differ by the spreads of their claims.")]
SeedOption = Annotated[int, typer.Option(help="Of the random numbers; equal seeds give equal results.")]
CellsUncertaintyOption = Annotated[
    int | None,
    typer.Option(
        "--uncertainty",
        metavar="N",
        help="As --cells N, which are draws already: also give median and 5 to 95 % of every number of a cell.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Replace a field of the cell file, e.g. anode.thickness='50 um'."),
]
FigureOption = Annotated[Path | None, typer.Option(help="Write a figure here: SVG, PNG, PDF, or HTML with the table.")]


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command()(ccd)
    app.command()(strip)
    app.command("cycle-life")(cycle_life)
    app.command("map")(operating_map)


def ccd(
    cell: CellArgument,
    pressure: PressureOption = None,
    temperature: TemperatureOption = None,
    steps: Annotated[
        str, typer.Option(help='Current densities, "from:to:step unit" or "a,b,c unit".')
    ] = "0.1:5:0.1 mA/cm^2",
    step_time: Annotated[
        str | None, typer.Option(help='Duration of each half cycle, e.g. "30 min"; 1 h without it.')
    ] = None,
    step_capacity: Annotated[
        str | None, typer.Option(help='Charge of each half cycle instead of its duration, e.g. "1 mA*h/cm^2".')
    ] = None,
    rest: Annotated[str, typer.Option(help='After each half cycle, e.g. "10 min".')] = "0 s",
    voltage_limit: Annotated[
        str | None, typer.Option(help='Ends a cell, e.g. "1 V"; the voltage window of a symmetric cell without it.')
    ] = None,
    bulk_nucleation: Annotated[
        bool, typer.Option("--bulk-nucleation", help="Let electronic leak bear lithium in the bulk (contested).")
    ] = False,
    cells: CellsOption = 200,
    seed: SeedOption = 1,
    uncertainty: CellsUncertaintyOption = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """At which current density cells die, and of what: a stepwise critical-current test."""
    ladder, cells = _ladder(steps, step_time, step_capacity, rest), _cells(cells, uncertainty)
    _check(figure, cells=cells, seed=seed)
    described = _load(cell, set_)
    conditions = _conditions(pressure, temperature, voltage_limit, bulk_nucleation)
    from lisse.lithium.critical_current import critical_current

    with _progress("step", not as_json) as progress:
        found = critical_current(described, ladder, conditions, cells=cells, seed=seed, progress=progress)
    found = _with_remark(found, described, pressure)
    from lisse.report.lithium_figures import plot_critical_current
    from lisse.report.lithium_words import critical_current_words

    _show(found, lambda: plot_critical_current(found), critical_current_words(found), figure, as_json, uncertainty)


def strip(
    cell: CellArgument,
    current: Annotated[str, typer.Option(help='Stripping current density, e.g. "1 mA/cm^2".')],
    pressure: PressureOption = None,
    temperature: TemperatureOption = None,
    capacity: Annotated[str, typer.Option(help="Charge of the half cycle.")] = "1 mA*h/cm^2",
    cells: CellsOption = 200,
    seed: SeedOption = 1,
    uncertainty: CellsUncertaintyOption = None,
    patches: Annotated[
        int | None, typer.Option(help="Divide one electrode into so many patches and show how its current spreads.")
    ] = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """How the contact goes while lithium is stripped, and the critical stripping current."""
    amperes, cells = _read(current, "--current", CURRENT), _cells(cells, uncertainty)
    charge = _read(capacity, "--capacity", CHARGE)
    _check(figure, cells=cells, seed=seed)
    described, conditions = _load(cell, set_), _conditions(pressure, temperature)
    if patches is not None and uncertainty is not None:
        raise InputError("--uncertainty: it goes with many cells and not with --patches, which shows one.")
    if patches is not None:
        from lisse.lithium.patches import local_currents
        from lisse.report.lithium_words import patch_words
        from lisse.report.patch_figure import plot_patches

        spread = local_currents(described, amperes, conditions, patches=patches, seed=seed, capacity=charge)
        _show(spread, lambda: plot_patches(spread), patch_words(spread), figure, as_json)
        return
    from lisse.lithium.stripping import strip as run_strip

    with _waiting("stripping", not as_json):
        found = run_strip(described, amperes, conditions, capacity=charge, cells=cells, seed=seed)
    found = _with_remark(found, described, pressure)
    from lisse.report.lithium_figures import plot_strip
    from lisse.report.lithium_words import strip_words

    _show(found, lambda: plot_strip(found), strip_words(found), figure, as_json, uncertainty)


def cycle_life(
    cell: CellArgument,
    current: Annotated[str, typer.Option(help='Of both halves, or of the stripping half, e.g. "1 mA/cm^2".')],
    plate_current: Annotated[
        str | None, typer.Option(help="Of the half that plates back; --current without it.")
    ] = None,
    capacity: Annotated[str, typer.Option(help="Charge of the stripping half.")] = "1 mA*h/cm^2",
    cycles: Annotated[int, typer.Option(help="How many at most.")] = 30,
    rest: Annotated[str, typer.Option(help='After each half, e.g. "10 min".')] = "0 s",
    efficiency: Annotated[
        str, typer.Option(help='Charge stripped over charge plated, e.g. "99.5 %": a full cell gives less back.')
    ] = "100 %",
    first_efficiency: Annotated[str | None, typer.Option(help="Of the first cycle; --efficiency without it.")] = None,
    pressure: PressureOption = None,
    temperature: TemperatureOption = None,
    cells: CellsOption = 100,
    seed: SeedOption = 1,
    uncertainty: CellsUncertaintyOption = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many cycles of stripping and plating cells live, and what ends them."""
    strip_at, charge = _read(current, "--current", CURRENT), _read(capacity, "--capacity", CHARGE)
    plate_at = _perhaps(plate_current, "--plate-current", CURRENT)
    pause, kept = _read(rest, "--rest", REST), _read(efficiency, "--efficiency", RATIO)
    kept_first, cells = _perhaps(first_efficiency, "--first-efficiency", RATIO), _cells(cells, uncertainty)
    _check(figure, cells=cells, seed=seed, cycles=cycles)
    described, conditions = _load(cell, set_), _conditions(pressure, temperature)
    from lisse.lithium.cycle_life import cycle_life as run_life

    with _waiting("cycling", not as_json):
        found = run_life(
            described,
            current=strip_at,
            plate_current=plate_at,
            capacity=charge,
            cycles=cycles,
            rest=pause,
            efficiency=kept,
            first_efficiency=kept_first,
            conditions=conditions,
            cells=cells,
            seed=seed,
        )
    found = _with_remark(found, described, pressure)
    from lisse.report.lithium_figures import plot_cycle_life
    from lisse.report.lithium_words import cycle_life_words

    _show(found, lambda: plot_cycle_life(found), cycle_life_words(found), figure, as_json, uncertainty)


def operating_map(
    cell: CellArgument,
    pressure: Annotated[str, typer.Option(help='Stack pressures: "1:25 MPa", "1:25:2 MPa", "1:9 MPa log", "1,5 MPa".')],
    current: Annotated[str, typer.Option(help='Stripping current densities, written alike: "0.1:3 mA/cm^2".')],
    points: Annotated[int, typer.Option(help="Values along a range without a step.")] = 20,
    ratio: Annotated[
        str, typer.Option(help="Plating over stripping current density: charge over discharge of a full cell.")
    ] = "1",
    capacity: Annotated[str, typer.Option(help="Charge of a half cycle.")] = "1 mA*h/cm^2",
    cycles: Annotated[int, typer.Option(help="Cycles that a cell must live.")] = 30,
    temperature: TemperatureOption = None,
    set_: SetOption = None,
    uncertainty: UncertaintyOption = None,
    seed: DrawSeedOption = 0,
    sampling: SamplingOption = "sobol",
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """At which stack pressures and current densities a cell lives: the safe operating map."""
    _check(figure, points=points, cycles=cycles)
    wanted = asked(uncertainty, seed, sampling)
    pressures = _read_range(pressure, "--pressure", PRESSURE, points)
    currents = _read_range(current, "--current", CURRENT, points)
    for name, axis in (("--pressure", pressures), ("--current", currents)):
        if len(axis.values) > MOST_POINTS:
            raise InputError(f"{name}: {len(axis.values)} values are too many for a map; at most {MOST_POINTS}.")
    proportion = _read(ratio, "--ratio", RATIO)
    charge = _read(capacity, "--capacity", CHARGE)
    kelvin = _perhaps(temperature, "--temperature", TEMPERATURE)
    described = _load(cell, set_)
    from lisse.lithium.operating_map import operating_map as run_map

    compute = partial(
        run_map,
        pressure=pressures.values,
        current=currents.values,
        ratio=proportion,
        capacity=charge,
        cycles=cycles,
        temperature=kelvin,
    )
    with _waiting("mapping", not as_json):
        found = compute(described)
    from lisse.lithium.parameters import read_claims

    spread = spread_over(wanted, lambda drawn: compute(drawn).summary(), described, not as_json, also=read_claims)
    from lisse.report.lithium_figures import plot_operating_map
    from lisse.report.lithium_words import operating_map_words

    spacing = (pressures.spacing, currents.spacing)
    _show(
        found,
        lambda: plot_operating_map(found, spacing),
        operating_map_words(found, spacing),
        figure,
        as_json,
        spread=spread,
    )


def _read(text: str, field: str, kind: Kind) -> float:
    """Read a quantity within the bounds that a cell file has for its kind."""
    from pydantic_core import PydanticCustomError

    from lisse.cell.fields import Quantity

    try:
        return float(Quantity(*kind).read(text))
    except PydanticCustomError as error:
        raise InputError(f"{field}: {error.message()}.") from None


def _perhaps(text: str | None, field: str, kind: Kind) -> float | None:
    return None if text is None else _read(text, field, kind)


def _read_range(text: str, field: str, kind: Kind, points: int | None = None) -> Range:
    """Read a range of such quantities."""
    from lisse.ranges import parse_range
    from lisse.units import human

    unit, _, _, highest, above = kind
    found = parse_range(text, unit, field, points, zero=not above)
    if found.values[-1] > highest:
        raise InputError(f"{field}: {text!r} is out of range; it must be at most {human(highest, unit)}.")
    return found


def _ladder(steps: str, step_time: str | None, step_capacity: str | None, rest: str) -> Ladder:
    if step_time is not None and step_capacity is not None:
        raise InputError("--step-time and --step-capacity are both given, but one follows from the other; give one.")
    currents = [float(value) for value in _read_range(steps, "--steps", CURRENT).values]
    time = _perhaps(step_time, "--step-time", TIME)
    charge = _perhaps(step_capacity, "--step-capacity", CHARGE)
    pause = _read(rest, "--rest", REST)
    from lisse.lithium.critical_current import Ladder

    return Ladder(currents, time, charge, pause)


def _conditions(
    pressure: str | None,
    temperature: str | None,
    voltage_limit: str | None = None,
    bulk_nucleation: bool = False,
) -> Conditions:
    pascal = _perhaps(pressure, "--pressure", PRESSURE)
    kelvin = _perhaps(temperature, "--temperature", TEMPERATURE)
    volt = _perhaps(voltage_limit, "--voltage-limit", VOLTAGE)
    from lisse.lithium.build import Conditions

    return Conditions(pascal, kelvin, volt, bulk_nucleation)


def _cells(cells: int, uncertainty: int | None) -> int:
    """Return the number of cells: those of ``--uncertainty`` where it is given, which are draws as all others are."""
    wanted = asked(uncertainty, 0, "sobol")
    return cells if wanted is None else wanted.count


def _check(figure: Path | None, **numbers: int) -> None:
    """Refuse counts out of their range, and a figure that cannot be written."""
    ranges = {
        "cells": (1, MOST_CELLS),
        "cycles": (1, MOST_CYCLES),
        "points": (2, MOST_POINTS),
        "seed": (0, 2**32 - 1),
    }
    for name, number in numbers.items():
        low, high = ranges[name]
        if not low <= number <= high:
            raise InputError(f"--{name}: {number} is not accepted; give a whole number from {low} to {high}.")
    if figure is not None:
        from lisse.report.lithium_figures import check_figure

        check_figure(figure)


def _load(name: str, changes: list[str] | None) -> Cell:
    from lisse.cell.cell import Cell

    described = Cell.load(name)
    given = read_changes(changes)
    return described.replace(**given) if given else described


def _with_remark(found: Outcome, cell: Cell, pressure: str | None) -> Outcome:
    """Say so where the atmosphere presses for want of a stack pressure."""
    if pressure is not None or "operation.stack_pressure" not in cell.defaults:
        return found
    said = "stack pressure: none is given, so the atmosphere, 0.1 MPa, presses on the cell."
    return replace(found, warnings=[said, *found.warnings])


@contextmanager
def _progress(word: str, show: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a progress callback that draws a bar on standard error, or None."""
    if not show or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(word), MofNCompleteColumn(), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task(word, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _waiting(word: str, show: bool) -> Iterator[None]:
    """Show on standard error that something goes on, where the test reports no steps."""
    if not show or not sys.stderr.isatty():
        yield
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(word), TimeElapsedColumn())
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        bar.add_task(word, total=None)
        yield


def _show(
    found: Any,
    plot: Callable[[], Figure],
    words: Words,
    figure: Path | None,
    as_json: bool,
    cells: int | None = None,
    spread: Uncertainty | None = None,
) -> None:
    """Print a result with its error bars, those of its own cells or of draws, and write its figure."""
    bars: dict[str, Any] = {}
    if cells is not None:
        from lisse.lithium.samples import spread_of_cells

        bars["uncertainty"] = spread_of_cells(found)
    if as_json:
        print_json(found.summary() | bars | document(spread))
    else:
        from rich.table import Table

        table = Table()
        for number, column in enumerate(words.columns):
            table.add_column(column, justify="left" if number == words.monospaced else "right", no_wrap=True)
        for row in words.rows:
            table.add_row(*row)
        console = make_console()
        console.print(f"{words.title}; {words.conditions}", markup=False)
        if words.rows:
            console.print(table)
        if words.key:
            console.print(words.key, markup=False)
        console.print(words.verdict, markup=False, style="bold")
        for note in words.notes:
            console.print(note, markup=False)
        show_notes(words.warnings)
        show_spread(spread)
        if bars:
            show_cells(bars["uncertainty"])
    if figure is not None:
        from lisse.report.lithium_figures import write_figure

        write_figure(plot(), figure, words)
        if not as_json:
            make_console().print(f"figure: {figure}", markup=False)
