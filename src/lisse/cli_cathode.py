"""The commands ``first-cycle``, ``cutoff`` and ``nyquist``: what the mechanisms of the composite do to a cell.

Heavy modules are imported inside the commands. Leaves out: the computations (``lisse.first_cycle``, ``cutoff`` and
``nyquist``).
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
    deliver,
    make_console,
    progress_of_cycles,
    read_changes,
    show_notes,
    show_pairs,
)
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cutoff import Cutoff
    from lisse.first_cycle import FirstCycle
    from lisse.nyquist import Nyquist

RateOption = Annotated[str, typer.Option(help="Current of charge and discharge.")]
MechanismOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mechanism",
        metavar="NAME",
        help="Mechanism to switch on, in place of the cell file's (all of the composite where it lists none); may be "
        "repeated.",
    ),
]
TERMS = {
    "kinetic": "slow diffusion near the full oxide",
    "isolation": "particles that lost their path",
    "oxidation": "oxidation of the electrolyte",
    "polarisation": "polarisation at the lower limit",
    "anode": "anode",
}
"""Terms of the first-cycle loss in words."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("first-cycle")(first_cycle)
    app.command()(cutoff)
    app.command()(nyquist)


def first_cycle(
    cell: CellArgument,
    rate: RateOption = "C/10",
    mechanism: MechanismOption = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Where the capacity of the first cycle goes: the loss by term, and the share of the solid interface."""
    from lisse.cell.mechanism_choice import composite_mechanisms
    from lisse.first_cycle import first_cycle as divide
    from lisse.report.composite_figures import write_first_cycle

    check_figure(figure)
    wanted = asked(uncertainty, seed, sampling)
    with progress_of_cycles(not as_json and sys.stderr.isatty()) as progress:
        found = divide(cell, rate, mechanisms=mechanism or None, changes=read_changes(set_), progress=progress)
    described, _ = composite_mechanisms(cell, mechanism or None, read_changes(set_))
    spread = spread_over(wanted, lambda drawn: divide(drawn, rate).as_dict(), described, not as_json)
    deliver(found, _show_first_cycle, write_first_cycle, figure, as_json, spread)


def _show_first_cycle(found: FirstCycle) -> None:
    rows = [("first charge", f"{found.charge:.2f}")]
    rows += [(TERMS[name], f"{-value:+.2f}") for name, value in found.terms.items()]
    rows.append(("first discharge", f"{found.discharge:.2f}"))
    show_pairs(f"{found.cell}, first cycle at {found.rate}, mAh/g", rows)
    console, share = make_console(), f" ({found.loss / found.charge:.1%} of the charge)"
    console.print(f"lost: {found.loss:.1f} mAh/g{share}")
    part = f" ({found.interface_loss / found.loss:.0%} of the loss)" if found.loss > 0 else ""
    console.print(f"by the solid interface (lost paths and oxidation): {found.interface_loss:.1f} mAh/g{part}")
    if found.loss_without_mechanisms is not None:
        console.print(f"lost with the mechanisms of the composite off: {found.loss_without_mechanisms:.1f} mAh/g")
    show_notes(found.warnings)


def cutoff(
    cell: CellArgument,
    lowest: Annotated[float, typer.Option("--from", help="Lowest upper limit in V vs Li.")] = 4.0,
    highest: Annotated[
        float | None, typer.Option("--to", help="Highest; 4.6 without it, or the end of the open-circuit curve.")
    ] = None,
    step: Annotated[float, typer.Option(help="Distance of the limits in V.")] = 0.05,
    cycles: Annotated[int, typer.Option(help="Cycles to each limit.")] = 10,
    rate: RateOption = "C/10",
    mechanism: MechanismOption = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """How high to charge: capacity and energy against shrinkage, interphase and fade, by upper cut-off voltage."""
    from lisse.cell.mechanism_choice import composite_mechanisms
    from lisse.cutoff import LAST, curve_end, voltages
    from lisse.cutoff import cutoff as compare
    from lisse.report.composite_figures import write_cutoff

    check_figure(figure)
    wanted = asked(uncertainty, seed, sampling)
    described, _ = composite_mechanisms(cell, mechanism or None, read_changes(set_))
    limits = voltages(lowest, highest, step) if highest else voltages(lowest, LAST, step, curve_end(described))
    with progress_of_cycles(not as_json and sys.stderr.isatty(), "limit") as progress:
        found = compare(
            cell,
            limits,
            cycles=cycles,
            rate=rate,
            mechanisms=mechanism or None,
            changes=read_changes(set_),
            progress=progress,
        )
    spread = spread_over(
        wanted, lambda drawn: compare(drawn, limits, cycles=cycles, rate=rate).as_dict(), described, not as_json
    )
    deliver(found, _show_cutoff, write_cutoff, figure, as_json, spread)


def _show_cutoff(found: Cutoff) -> None:
    from rich.table import Table

    table = Table(
        title=f"{found.cell}, {found.cycles} cycles at {found.rate}", box=None, padding=(0, 1, 0, 0), pad_edge=False
    )
    columns: tuple[tuple[str, str, int, float], ...] = (
        ("upper\nV vs Li", "upper_voltage_V", 2, 1.0),
        ("first\nmAh/g", "first_discharge_capacity_mAh_g", 1, 1.0),
        ("mean\nV", "mean_discharge_voltage_V", 3, 1.0),
        ("first\nWh/kg", "first_discharge_energy_Wh_kg", 0, 1.0),
        ("last\nmAh/g", "last_discharge_capacity_mAh_g", 1, 1.0),
        ("last\nWh/kg", "last_discharge_energy_Wh_kg", 0, 1.0),
        ("all\nWh/kg", "total_discharge_energy_Wh_kg", 0, 1.0),
        ("strain\n%", "oxide_shrinkage", 2, 100.0),
        ("film\nnm", "cathode_interphase_nm", 1, 1.0),
        ("cathode\nohm cm2", "cathode_resistance_ohm_cm2", 0, 1.0),
        ("active\n%", "active_mass_fraction", 1, 100.0),
    )
    for heading, *_ in columns:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in (row.as_dict() for row in found.rows):
        table.add_row(*(_text(row[key], digits, factor) for _, key, digits, factor in columns))
    console = make_console()
    console.print(table)
    best, most = found.best("last_energy"), found.best("first_energy")
    if best is None or most is None:
        console.print("no limit was reached in all cycles, so none is recommended")
    else:
        console.print(
            f"most energy in cycle {found.cycles}: {best.upper_potential:g} V; in the first: {most.upper_potential:g} V"
        )
    for failed in (row for row in found.rows if row.status != "completed"):
        console.print(f"note: to {failed.upper_potential:g} V the run {failed.status}: {failed.reason}.", markup=False)
    show_notes(found.warnings)


def nyquist(
    cell: CellArgument,
    cycles: Annotated[str, typer.Option(help="Cycles whose spectrum is taken; 0 is the cell as built.")] = "1,10,50",
    state_of_charge: Annotated[float, typer.Option("--soc", help="0 (as built) to 1 (at the upper limit).")] = 0.5,
    rate: RateOption = "C/10",
    lowest: Annotated[float, typer.Option(help="Lowest frequency in Hz.")] = 1e-3,
    highest: Annotated[float, typer.Option(help="Highest frequency in Hz.")] = 1e6,
    mechanism: MechanismOption = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Impedance by cycle: spectra at one lithium content after different numbers of cycles."""
    from lisse.cell.eis import default_frequencies
    from lisse.cell.mechanism_choice import composite_mechanisms
    from lisse.nyquist import impedance_by_cycle
    from lisse.report.composite_figures import write_nyquist

    check_figure(figure)
    wanted, numbers = asked(uncertainty, seed, sampling), _whole_numbers(cycles)
    frequencies = default_frequencies(lowest, highest)
    with progress_of_cycles(not as_json and sys.stderr.isatty()) as progress:
        found = impedance_by_cycle(
            cell,
            numbers,
            state_of_charge=state_of_charge,
            frequencies=frequencies,
            rate=rate,
            mechanisms=mechanism or None,
            changes=read_changes(set_),
            progress=progress,
        )
    described, _ = composite_mechanisms(cell, mechanism or None, read_changes(set_))
    spread = spread_over(
        wanted,
        lambda drawn: impedance_by_cycle(
            drawn, numbers, state_of_charge=state_of_charge, frequencies=frequencies, rate=rate
        ).as_dict(),
        described,
        not as_json,
    )
    deliver(found, _show_nyquist, write_nyquist, figure, as_json, spread)


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f'--cycles: "{text}" is not a list of whole numbers such as 1,10,50.') from None


def _show_nyquist(found: Nyquist) -> None:
    from rich.table import Table

    table = Table(title=f"{found.cell}, cycled at {found.rate}: resistance in ohm cm2")
    for column in (
        "cycle",
        "lithium\ncontent",
        "rest\nV",
        "highest\nfrequency",
        "lowest\nfrequency",
        "cathode\nreaction",
    ):
        table.add_column(column, justify="right")
    for cycle, spectrum in found.spectra.items():
        order = spectrum.frequency_Hz.argsort()
        real = spectrum.impedance_ohm_cm2.real[order]
        table.add_row(
            str(cycle),
            f"{spectrum.lithium_content:.3f}",
            f"{spectrum.open_circuit_voltage_V:.3f}",
            f"{real[-1]:.1f}",
            f"{real[0]:.1f}",
            _text(spectrum.resistances_ohm_cm2.get("cathode reaction"), 1),
        )
    make_console().print(table)
    show_notes(found.warnings)


def _text(value: Any, digits: int, factor: float = 1.0) -> str:
    return "-" if value is None else f"{factor * value:.{digits}f}"
