"""The command ``design``: the best cell within bounds and constraints, or that there is none.

Heavy modules are imported inside the command. Leaves out: the search (``lisse.studies.design``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    read_changes,
)
from lisse.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from lisse.studies.design import Design, Trial
    from lisse.studies.proof import Proof
    from lisse.studies.variables import Variable

MOST_TRIALS = 100_000
MOST_RATE = 1000.0
"""C-rate."""
MOST_ROWS = 20
"""Designs of a front that are shown."""
MOST_REASONS = 5
"""Reasons for designs that could not be run that are shown."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(design)


def design(
    cell: CellArgument,
    maximise: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="What to maximise; may be repeated (Pareto front).")
    ] = None,
    minimise: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER", help="What to minimise; may be repeated.")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=LOW..HIGH", help='e.g. "separator.thickness=15 um..60 um" or "field=one|another".'),
    ] = None,
    subject_to: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER<=BOUND", help='e.g. "short_probability <= 0.1"; may be repeated.'),
    ] = None,
    probability: Annotated[
        float | None, typer.Option(help="Share of draws of the claims that must keep every constraint, e.g. 0.9.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the claims per design, with --probability.")] = 16,
    protocol: Annotated[
        str, typer.Option(help='What each design does; "{name}" is a number of it that --vary names.')
    ] = "1 cycle at C/3",
    trials: Annotated[int, typer.Option(help="Designs to try.")] = 100,
    cycles: Annotated[int, typer.Option(help="Cycles over which a cell must not short.")] = 30,
    cells: Annotated[int, typer.Option(help="Cells of a test of the lithium interface while searching.")] = 100,
    charge_rate: Annotated[
        float,
        typer.Option(help='C-rate of plating in those tests; that of "{charge_rate}" in the protocol goes first.'),
    ] = 1 / 3,
    discharge_rate: Annotated[float, typer.Option(help="C-rate of stripping in them, likewise.")] = 1 / 3,
    changes: SetOption = None,
    mechanism: Annotated[
        list[str] | None, typer.Option(help="Mechanism that is on in the search; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 0,
    proof: Annotated[bool, typer.Option(help="Simulate the best design again with full physics and 200 draws.")] = True,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are cores without it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder where every design is noted as soon as it is done.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the search in --out.")] = False,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Best design of a cell: what to vary, what to maximise, what must hold."""
    from lisse.cell.cell import Cell
    from lisse.studies.design import Problem, read_constraint, read_metric
    from lisse.studies.metrics import Settings
    from lisse.studies.proof import prove
    from lisse.studies.search import search
    from lisse.studies.variables import read_variable

    check_figure(figure)
    if not vary:
        raise InputError('--vary: nothing varies; write for example --vary "separator.thickness=15 um..60 um".')
    for name, value, low, high in (
        ("trials", trials, 1, MOST_TRIALS),
        ("cycles", cycles, 1, 10_000),
        ("cells", cells, 1, 10_000),
        ("draws", draws, 2, 10_000),
        ("seed", seed, 0, 2**31),
        ("workers", workers or 1, 1, 1024),
    ):
        if not low <= value <= high:
            raise InputError(f"--{name}: {value} is out of range; write {low} to {high}.")
    if probability is not None and not 0 < probability < 1:
        raise InputError(f"--probability: {probability:g} is not between 0 and 1.")
    for name, rate in (("charge", charge_rate), ("discharge", discharge_rate)):
        if not 0 < rate <= MOST_RATE:
            raise InputError(f"--{name}-rate: {rate:g} is out of range; write a C-rate above 0, {MOST_RATE:g} at most.")
    objectives = [(read_metric(name, "--maximise"), 1) for name in maximise or ()]
    objectives += [(read_metric(name, "--minimise"), -1) for name in minimise or ()]
    if not objectives:
        objectives = [(read_metric("specific_energy", "--maximise"), 1)]
    described = Cell.load(cell)
    edits = read_changes(changes)
    if mechanism:
        edits["mechanisms"] = list(mechanism)
    problem = Problem(
        described.replace(**edits) if edits else described,
        protocol,
        tuple(objectives),
        tuple(read_variable(text, protocol) for text in vary),
        tuple(read_constraint(text) for text in subject_to or ()),
        probability,
        Settings(cycles, cells, draws if probability is not None else 0, charge_rate, discharge_rate, seed),
    )
    sign = objectives[0][1]
    with _progress(not as_json, sign) as update:
        found = search(problem, trials, out=out, resume=resume, workers=workers, progress=update)
    proved, stopped = None, found.interrupted
    if proof and found.best is not None and not stopped:
        try:
            proved = prove(problem, found.best)
        except KeyboardInterrupt:  # what was found is shown all the same
            stopped = True
    if figure is not None:
        from lisse.report.design import write_design_figure

        write_design_figure(found, figure)
    if as_json:
        print_json({**found.as_dict(), "proof": None if proved is None else proved.as_dict()})
    else:
        _show(found, proved)
        if figure is not None:
            make_console().print(f"figure: {figure}", markup=False)
    if stopped:
        raise typer.Exit(130)
    if found.shortfall:
        raise InputError(found.shortfall)


@contextmanager
def _progress(show: bool, sign: int) -> Iterator[Any]:
    if not show:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("designs"),
        MofNCompleteColumn(),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    console = make_console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        best: float | None = None

        def update(done: int, total: int, trial: Trial) -> None:
            nonlocal best
            if trial.feasible and (best is None or sign * trial.objectives[0] > sign * best):
                best = trial.objectives[0]
            text = "none fits yet" if best is None else f"best {best:.4g}"
            bar.update(task, completed=done, total=total, description=text)

        yield update


def _show(found: Design, proved: Proof | None) -> None:
    console = make_console()
    document = found.as_dict()
    count = f"{len(found.trials)} design{'s' if len(found.trials) != 1 else ''}"
    if found.interrupted:
        console.print(f"Interrupted: {count} are done; --resume goes on with those in --out.", markup=False)
    rows = document["front"] if document["feasible"] else [document["nearest"]] if document["nearest"] else []
    if document["feasible"]:
        title = f"best of {count}" if len(found.problem.objectives) == 1 else f"front of {count}"
    else:
        title = f"none of {count} keeps every constraint; the nearest"
    if rows:
        console.print(f"{found.problem.cell.name}: {title}", markup=False)
        console.print(_front_table(found, rows) if len(rows) > 1 else _one_table(found, rows[0]))
        _show_constraints(found, rows[0], len(rows) > 1)
    for failure in document["failures"][:MOST_REASONS]:
        console.print(f"{failure['count']} of {count} could not be run: {failure['reason']}", markup=False)
    if proved is not None:
        _show_proof(proved)


def _one_table(found: Design, row: dict[str, Any]) -> Table:
    """Return one design, a line for each number."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for metric, _ in found.problem.objectives:
        table.add_row(metric.name, f"{row['objectives'][metric.name]:.4g} {metric.unit}".strip(), "")
    for variable in found.problem.variables:
        bound = row["at_bounds"].get(variable.path)
        table.add_row(variable.path, _rounded(variable, row), f"at its {bound} bound" if bound else "")
    return table


def _front_table(found: Design, rows: list[dict[str, Any]]) -> Table:
    """Return the designs of a front, a line each; the names of columns are broken where words end."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1))
    for metric, _ in found.problem.objectives:
        table.add_column("\n".join([*metric.name.split("_"), metric.unit]).strip(), justify="right", overflow="fold")
    for variable in found.problem.variables:
        words = variable.path.replace("_", ".").split(".")
        table.add_column("\n".join([*words, variable.unit]).strip(), justify="right", overflow="fold")
    step = max(1.0, (len(rows) - 1) / (MOST_ROWS - 1))
    for place in sorted({round(number * step) for number in range(min(len(rows), MOST_ROWS))}):
        row = rows[place]
        values = [_rounded(variable, row).removesuffix(variable.unit).strip() for variable in found.problem.variables]
        table.add_row(*(f"{value:.4g}" for value in row["objectives"].values()), *values)
    return table


def _rounded(variable: Variable, row: dict[str, Any]) -> str:
    """Return a value of a design with four digits; choices as they are."""
    value = row["values"][variable.path]
    if variable.choices:
        return next(text for text in variable.choices if variable.written(text) == value)
    number = float(str(value).split(" ")[0])
    return f"{number:.4g} {variable.unit}".strip()


def _show_constraints(found: Design, row: dict[str, Any], of_first: bool) -> None:
    console = make_console()
    if of_first:
        console.print("of the first:", markup=False)
    for constraint, entry in zip(found.problem.constraints, row["constraints"], strict=True):
        console.print(f"{constraint}: {constraint.judged(entry['value'])}", markup=False)
    console.print(f"binding: {', '.join(row['binding']) or 'no constraint'}", markup=False)
    bounds = [f"{path} ({bound})" for path, bound in row["at_bounds"].items()]
    console.print(f"at a bound of its range: {', '.join(bounds) or 'nothing'}", markup=False)
    if row["assumed_at_bounds"]:
        console.print(f"assumed and at its bound: {', '.join(row['assumed_at_bounds'])}", markup=False)


def _show_proof(proved: Proof) -> None:
    console = make_console()
    console.print(f"full physics ({', '.join(proved.mechanisms)}), {proved.count} draws:", markup=False)
    for name, band in proved.objectives.items():
        console.print(f"  {name}: {band['median']:.4g} ({band['p05']:.4g} to {band['p95']:.4g})", markup=False)
    for row in proved.constraints:
        verdict = "holds" if row["holds"] else "does not hold"
        console.print(f"  {row['constraint']}: {row['value']:.4g}, {verdict}", markup=False)
    if proved.failed:
        console.print(f"  {proved.failed} draws delivered nothing", markup=False)
