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
    from lisse.studies.design import Design, Problem, Trial
    from lisse.studies.proof import Proof

MOST_TRIALS = 100_000


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
    cells: Annotated[int, typer.Option(help="Cells of a test of the lithium interface while searching.")] = 40,
    charge_rate: Annotated[float, typer.Option(help="C-rate of plating in those tests.")] = 1 / 3,
    changes: SetOption = None,
    mechanism: Annotated[
        list[str] | None, typer.Option(help="Mechanism that is on in the search; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 0,
    proof: Annotated[bool, typer.Option(help="Simulate the best design again with full physics and 200 draws.")] = True,
    out: Annotated[Path | None, typer.Option(help="Folder where every design is noted as soon as it is done.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the search in --out.")] = False,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Best design of a cell: what to vary, what to maximise, what must hold."""
    from lisse.cell.cell import Cell
    from lisse.studies.design import Problem, read_constraint, read_metric, search
    from lisse.studies.metrics import Settings
    from lisse.studies.proof import prove
    from lisse.studies.variables import read_variable

    check_figure(figure)
    if not vary:
        raise InputError('--vary: nothing varies; write for example --vary "separator.thickness=15 um..60 um".')
    for name, value, low, high in (
        ("trials", trials, 1, MOST_TRIALS),
        ("cycles", cycles, 1, 10_000),
        ("cells", cells, 1, 10_000),
        ("draws", draws, 2, 10_000),
    ):
        if not low <= value <= high:
            raise InputError(f"--{name}: {value} is out of range; write {low} to {high}.")
    if probability is not None and not 0 < probability < 1:
        raise InputError(f"--probability: {probability:g} is not between 0 and 1.")
    if charge_rate <= 0:
        raise InputError(f"--charge-rate: {charge_rate:g} must be above 0.")
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
        Settings(cycles, cells, draws if probability is not None else 0, charge_rate, seed),
    )
    _check(problem)
    with _progress(not as_json) as update:
        found = search(problem, trials, out=out, resume=resume, progress=update)
    proved = prove(problem, found.best) if proof and found.best is not None else None
    if figure is not None:
        from lisse.report.design import write_design_figure

        write_design_figure(found, figure)
    if as_json:
        print_json({**found.as_dict(), "proof": None if proved is None else proved.as_dict()})
    else:
        _show(found, proved)
        if figure is not None:
            make_console().print(f"figure: {figure}", markup=False)


def _check(problem: Problem) -> None:
    """Refuse unknown fields and values before anything is simulated: both ends of every range must make a cell."""
    for variable in problem.variables:
        if variable.in_protocol:
            continue
        ends = variable.choices or (variable.low, variable.high)
        reasons = []
        for end in ends:
            middle = {v.path: v.choices[0] if v.choices else (v.low + v.high) / 2 for v in problem.variables}
            try:
                problem.candidate({**middle, variable.path: end})
            except InputError as error:
                reasons.append(str(error))
        if len(reasons) == len(ends):
            raise InputError(f"--vary {variable.path}: {reasons[0]}")


@contextmanager
def _progress(show: bool) -> Iterator[Any]:
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
    with Progress(*columns, console=make_console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        best: float | None = None

        def update(done: int, total: int, trial: Trial) -> None:
            nonlocal best
            if trial.feasible and (best is None or trial.objectives[0] > best):
                best = trial.objectives[0]
            text = "none fits yet" if best is None else f"best {best:.4g}"
            bar.update(task, completed=done, total=total, description=text)

        yield update


def _show(found: Design, proved: Proof | None) -> None:
    from rich.table import Table

    console = make_console()
    problem = found.problem
    document = found.as_dict()
    failed = f", {document['failed']} of them could not be run" if document["failed"] else ""
    rows = document["front"] if document["feasible"] else [document["nearest"]] if document["nearest"] else []
    if not document["feasible"]:
        console.print(f"Infeasible: none of {len(found.trials)} designs keeps every constraint{failed}.", markup=False)
        if not rows:
            reason = next((trial.reason for trial in found.trials if trial.reason), "")
            console.print(f"none could be run: {reason}", markup=False)
            return
    title = f"{problem.cell.name}: best of {len(found.trials)} designs{failed}" if document["feasible"] else "closest"
    table = Table(title=title, box=None, padding=(0, 1))
    for metric, _ in problem.objectives:
        table.add_column(f"{metric.name}\n{metric.unit}", justify="right")
    for variable in problem.variables:
        table.add_column(variable.path.replace(".", ".\n"), justify="right")
    for row in rows[:20]:
        numbers = [f"{value:.4g}" for value in row["objectives"].values()]
        table.add_row(*numbers, *(str(value) for value in row["values"].values()))
    console.print(table)
    for entry in rows[0]["constraints"]:
        value = "not computed" if entry["value"] is None else f"{entry['value']:.4g}"
        excess = (
            f", {entry['relative_excess']:.1%} too far" if not entry["holds"] and entry["value"] is not None else ""
        )
        console.print(f"{entry['constraint']}: {value}{excess}", markup=False)
    console.print(f"binding: {', '.join(rows[0]['binding']) or 'no constraint'}", markup=False)
    bounds = [f"{path} ({bound})" for path, bound in rows[0]["at_bounds"].items()]
    console.print(f"at a bound of its range: {', '.join(bounds) or 'nothing'}", markup=False)
    if rows[0]["assumed_at_bounds"]:
        console.print(f"assumed and at its bound: {', '.join(rows[0]['assumed_at_bounds'])}", markup=False)
    if proved is not None:
        _show_proof(proved)


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
