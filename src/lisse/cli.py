"""The command line: ``lisse run``, ``eis``, ``cell``, ``cells``, ``protocols``, ``schema`` and ``validate``.

Only this file and the other ``cli_*`` print. Heavy modules are imported inside the commands, so that
``lisse --help`` answers at once. Exit codes: 0 done (also a run that an event stopped), 1 failed, 2 bad input.
"""

from __future__ import annotations

import sys
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_air import air
from lisse.cli_blend import register as register_blend
from lisse.cli_cathode import register as register_cathode
from lisse.cli_cathode_figures import register as register_cathode_figures
from lisse.cli_coatings import register as register_coatings
from lisse.cli_common import (
    CellArgument,
    JsonOption,
    SetOption,
    make_console,
    print_json,
    progress_of_cycles,
    read_changes,
)
from lisse.cli_design import register as register_design
from lisse.cli_energy import register as register_energy
from lisse.cli_explain import register as register_explain
from lisse.cli_flaws import flaw
from lisse.cli_lithium import register as register_lithium
from lisse.cli_lithium_tests import lithium
from lisse.cli_materials import materials
from lisse.cli_resolved import contact_map
from lisse.cli_sensitivity import register as register_sensitivity
from lisse.cli_show_run import show_run
from lisse.cli_study import register as register_study
from lisse.cli_thermodynamics import register as register_thermodynamics
from lisse.cli_uncertainty import (
    SamplingOption,
    SeedOption,
    UncertaintyOption,
    asked,
    document,
    show_spread,
    spread_of_run,
    spread_over,
    with_band,
)
from lisse.errors import InputError, LisseError

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.simulate import Run

app = typer.Typer(
    name="lisse",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Design, build and diagnose all-solid-state lithium-metal cells (Li | sulfide | LiMO2).",
)

_warned: set[str] = set()


def main() -> None:
    """Run the command line; every bad input ends in one sentence and exit code 2."""
    warnings.showwarning = _warn  # type: ignore[assignment]
    try:
        # Outside of standalone mode Typer returns the code of an Exit instead of raising it.
        code = app(standalone_mode=False)
    except InputError as error:
        _complain(str(error), 2)
    except LisseError as error:
        _complain(str(error), 1)
    except OSError as error:
        _complain(f"{error.filename or 'file'}: {error.strerror or error}; give a path that can be written or read.", 2)
    except typer.Abort:
        _complain("interrupted.", 130)
    except Exception as error:
        # Click's own usage errors (unknown option, missing argument) carry their message and exit code 2.
        if hasattr(error, "format_message"):
            _complain(error.format_message(), 2)
        raise
    if code == 130:
        _complain("interrupted.", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _warn(message: Warning | str, *_: object) -> None:
    """Print a warning as a sentence, without the line of code that gave it, and each once."""
    if (text := str(message)) not in _warned:
        _warned.add(text)
        print(f"lisse: note: {text}", file=sys.stderr)


def _complain(text: str, code: int) -> None:
    print(f"lisse: {text}", file=sys.stderr)
    sys.exit(code)


@app.command()
def run(
    cell: Annotated[str | None, typer.Argument(help="Name of a library cell, or path of a cell file.")] = None,
    protocol: Annotated[
        str, typer.Option("--protocol", "-p", help='Name, file, or text such as "formation + 20 cycles at C/3".')
    ] = "reference",
    pressure: Annotated[str | None, typer.Option(help='Stack pressure, e.g. "5 MPa".')] = None,
    temperature: Annotated[str | None, typer.Option(help='Temperature, e.g. "60 degC".')] = None,
    set_: SetOption = None,
    mechanism: Annotated[
        list[str] | None,
        typer.Option(
            "--mechanism",
            metavar="NAME",
            help="Switch on voids, interphase, filaments, bending, contact_loss, cracks or cathode_interphase, or all "
            "of the lithium, of the composite, or all; may be repeated.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Run directory; lisse-runs/CELL without it.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="CSV with a measured voltage or capacity curve to draw over the result.")
    ] = None,
    as_json: JsonOption = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Do not write report.html.")] = False,
    resume: Annotated[
        Path | None, typer.Option(help="Continue the interrupted run of this run directory; give no CELL then.")
    ] = None,
    jump: Annotated[
        float | None,
        typer.Option(
            metavar="ERROR",
            help="Simulate only some of the equal cycles at the end, and carry the state over the others with this "
            "relative error, such as 0.005.",
        ),
    ] = None,
    press_again: Annotated[
        str | None, typer.Option("--repress", metavar="PRESSURE", help='Press the cell again after that, "300 MPa" ...')
    ] = None,
    then: Annotated[str | None, typer.Option(metavar="PROTOCOL", help="... and run this protocol.")] = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
) -> None:
    """Run a protocol on a cell; write a run directory with summary, time series and report."""
    from lisse.cell.solving import deferred_interrupt
    from lisse.repress import repress
    from lisse.resume import resume as continue_run
    from lisse.simulate import check_target, safe_name
    from lisse.simulate import run as simulate

    measured = None
    if data is not None:
        from lisse.report import MeasuredData

        measured = MeasuredData.read_csv(data)
    changes, wanted = read_changes(set_), asked(uncertainty, seed, sampling)
    if wanted is not None and resume is not None:
        raise InputError("--uncertainty: it draws whole runs and cannot go with --resume; leave one of them out.")
    if (cell is None) == (resume is None):
        raise InputError("run: give either a cell or --resume with the directory of an interrupted run.")
    if resume is not None:
        if changes or mechanism or pressure or temperature or protocol != "reference" or jump is not None:
            raise InputError(
                "--resume: cell and protocol are those of the run; give no --protocol, --pressure, --set ..."
            )
        out = resume if out is None else out
    if (press_again is None) != (then is None):
        raise InputError("--repress: it goes with --then, the protocol that follows; give both or neither.")
    if out is not None:
        check_target(out)
    # An interrupt ends the protocol early, never the writing of what is done.
    with deferred_interrupt():
        with progress_of_cycles(not as_json and sys.stderr.isatty()) as progress:
            if cell is None:
                assert resume is not None
                result = continue_run(resume, progress)
            else:
                result = simulate(
                    cell,
                    protocol,
                    pressure=pressure,
                    temperature=temperature,
                    changes=changes,
                    mechanisms=mechanism or None,
                    jump=jump,
                    progress=progress,
                )
            if press_again is not None and then is not None and result.outcome.reason != "interrupted":
                result = repress(result, press_again, then, progress)
        if result.outcome.reason != "interrupted":
            again = None if jump is None and then is None else partial(_run_again, protocol, jump, press_again, then)
            result = result.with_spread(spread_of_run(wanted, result, protocol, again, not as_json))
        target = out
        if target is None and not as_json:
            target = Path("lisse-runs") / safe_name(result.cell.name)
        if target is not None:
            result.save(target, report=not no_report, data=measured)
    if as_json:
        print_json(result.summary)
    else:
        show_run(result, target, no_report)
    if result.summary["status"] == "failed":
        raise typer.Exit(1)


def _run_again(protocol: str, jump: float | None, press_again: str | None, then: str | None, drawn: Cell) -> Run:
    """Do with a drawn cell what was done with the first."""
    from lisse.repress import repress
    from lisse.simulate import run as simulate

    result = simulate(drawn, protocol, jump=jump)
    return result if press_again is None or then is None else repress(result, press_again, then)


@app.command()
def eis(
    cell: CellArgument,
    state_of_charge: Annotated[float, typer.Option("--soc", help="0 (as built) to 1 (at the upper limit).")] = 0.5,
    lowest: Annotated[float, typer.Option(help="Lowest frequency in Hz.")] = 1e-3,
    highest: Annotated[float, typer.Option(help="Highest frequency in Hz.")] = 1e6,
    set_: SetOption = None,
    out: Annotated[Path | None, typer.Option(help="Write an HTML page with Nyquist and Bode plots here.")] = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Impedance of a cell at rest: Nyquist and Bode."""
    from lisse.cell.cell import Cell
    from lisse.cell.eis import default_frequencies, impedance

    wanted = asked(uncertainty, seed, sampling)
    frequencies = default_frequencies(lowest, highest)
    described = Cell.load(cell)
    if changes := read_changes(set_):
        described = described.replace(**changes)
    spectrum = impedance(described, frequencies, state_of_charge)
    spread = spread_over(
        wanted, lambda drawn: impedance(drawn, frequencies, state_of_charge).as_dict(), described, not as_json
    )
    if out is not None:
        from lisse.report.impedance import write_impedance_report

        write_impedance_report(spectrum, out)
    if as_json:
        print_json(spectrum.as_dict() | document(spread))
        return
    from rich.table import Table

    table = Table(title=f"{described.name} at {spectrum.open_circuit_voltage_V:.3f} V")
    for column in ("frequency\nHz", "real\nohm cm2", "-imaginary\nohm cm2"):
        table.add_column(column, justify="right")
    for row, (frequency, value) in enumerate(zip(spectrum.frequency_Hz, spectrum.impedance_ohm_cm2, strict=True)):
        real = with_band(f"{value.real:.2f}", spread, f"impedance_real_ohm_cm2.{row}", 2)
        imaginary = with_band(f"{-value.imag:.2f}", spread, f"impedance_imaginary_ohm_cm2.{row}", 2, -1.0)
        table.add_row(f"{frequency:.3g}", real, imaginary)
    console = make_console()
    console.print(table)
    show_spread(spread, table=False)
    if out is not None:
        console.print(f"plots: {out}", markup=False)


@app.command()
def cell(
    name: CellArgument,
    set_: SetOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Show a cell: what its file says and what follows from it."""
    from lisse.cell.cell import Cell
    from lisse.cell.remarks import percolation_remarks
    from lisse.cell.thermodynamic_facts import thermodynamic_remarks, thermodynamics
    from lisse.simulate import claim_row

    wanted = asked(uncertainty, seed, sampling)
    described = Cell.load(name)
    if changes := read_changes(set_):
        described = described.replace(**changes)
    rows, warnings = list(described.derived.rows()), percolation_remarks(described)
    spread = spread_over(wanted, _derived_numbers, described, not as_json, hold=False)
    if as_json:
        print_json(
            {
                "name": described.name,
                "description": described.spec.description,
                "derived": {
                    field: {"value": value, "unit": unit, "label": label} for field, value, unit, label in rows
                },
                "assumed": list(described.assumed),
                "claims": [claim_row(claim) for claim in described.claims_used()],
                "thermodynamics": thermodynamics(described),
                "warnings": warnings,
            }
            | document(spread)
        )
        return
    from rich.table import Table

    from lisse.units import human

    table = Table(title=": ".join(filter(None, (described.name, described.spec.description))))
    table.add_column("quantity")
    table.add_column("value", justify="right")
    if spread is not None:
        table.add_column("5 % to 95 %", justify="right")
    for field, value, unit, label in rows:
        band = None if spread is None else spread.band(f"derived.{field}.value")
        ends = "" if band is None else " to ".join(human(band[end], unit) for end in ("p05", "p95"))
        shown = value if isinstance(value, str) else human(value, unit)
        table.add_row(label, shown, *([ends] if spread is not None else []))
    console = make_console()
    console.print(table)
    show_spread(spread, table=False)
    if described.assumed:
        console.print(f"assumed: {', '.join(described.assumed)}", markup=False)
    for warning in [*warnings, *thermodynamic_remarks(described)]:
        console.print(f"note: {warning}", markup=False)


def _derived_numbers(described: Cell) -> dict[str, Any]:
    rows = described.derived.rows()
    return {"derived": {field: {"value": value} for field, value, *_ in rows if not isinstance(value, str)}}


@app.command()
def cells(as_json: JsonOption = False) -> None:
    """List the library of cells."""
    from lisse.cell.cell import Cell
    from lisse.cell.library import cell_library

    rows = []
    for name in cell_library():
        described = Cell.load(name)
        spec = described.spec
        rows.append(
            {
                "name": name,
                "description": spec.description,
                "anode": spec.anode.material,
                "separator": spec.separator.material,
                "active_material": spec.cathode.active_name if spec.cathode else None,
                "loading_mg_cm2": round(described.derived.active_loading * 100, 3) if spec.cathode else None,
                "temperature_degC": round(spec.operation.temperature - 273.15, 2),
                "assumed_fields": len(described.assumed),
            }
        )
    if as_json:
        print_json({"cells": rows})
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, show_edge=False)
    # Names are typed again, so none is cut.
    table.add_column("name", no_wrap=True, min_width=max(len(str(row["name"])) for row in rows))
    table.add_column("cell")
    for column in ("mg/cm2", "degC", "assumed"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        stack = f"{row['anode']} | {row['separator']} | {row['active_material'] or row['anode']}"
        table.add_row(
            str(row["name"]),
            stack,
            "" if row["loading_mg_cm2"] is None else f"{row['loading_mg_cm2']:.1f}",
            f"{row['temperature_degC']:.0f}",
            str(row["assumed_fields"]),
        )
    make_console().print(table)


app.command()(materials)


@app.command()
def protocols(as_json: JsonOption = False) -> None:
    """List the named protocols."""
    from lisse.experiments import Protocol, protocol_library

    rows: list[dict[str, Any]] = [
        {"name": name, "description": Protocol.load(name).description, "cycles": len(Protocol.load(name).cycles)}
        for name in protocol_library()
    ]
    if as_json:
        print_json({"protocols": rows})
        return
    from rich.table import Table

    table = Table()
    for column in ("name", "cycles", "description"):
        table.add_column(column)
    for row in rows:
        table.add_row(row["name"], str(row["cycles"]), row["description"])
    make_console().print(table)


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(help='"cell" or "material".')] = "cell",
) -> None:
    """Print the JSON Schema of a cell file or of a material file."""
    if kind == "cell":
        from lisse.cell.cell import Cell

        print_json(Cell.json_schema())
    elif kind == "material":
        from lisse.materials import materials_schema

        print_json(materials_schema())
    else:
        raise InputError(f'schema: "{kind}" has no schema; "cell" and "material" have.')


@app.command()
def validate(
    section: Annotated[str | None, typer.Option(help="Run one section only, e.g. table1.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the parity figure (SVG or PNG) here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the published results and print value, target, deviation and verdict."""
    from lisse.report.figures import check_figure_name
    from lisse.validation import show_results, validate_all

    if out is not None:
        check_figure_name(out, "--out")
    with progress_of_cycles(not as_json and sys.stderr.isatty()) as progress:
        results = validate_all(section, progress)
    if out is not None:
        from lisse.validation.figure import write_parity

        write_parity(results, out)
    if as_json:
        print_json(results.as_dict())
    else:
        show_results(results, make_console())
    if results.broken_gates():
        raise typer.Exit(1)


app.command()(lithium)
app.command()(air)
app.command("contact-map")(contact_map)
app.command()(flaw)
register_blend(app)
register_coatings(app)
register_energy(app)
register_explain(app)
register_design(app)
register_study(app)
register_cathode_figures(app)
register_lithium(app)
register_cathode(app)
register_sensitivity(app)
register_thermodynamics(app)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Design, build and diagnose all-solid-state lithium-metal cells (Li | sulfide | LiMO2)."""
    if show:
        from lisse._version import __version__

        print(__version__)
        raise typer.Exit


if __name__ == "__main__":
    main()
