"""The command ``energy``: mass, volume, cost and energy of a cell in its format, down from theory to delivery.

Heavy modules are imported inside the command. Leaves out: the computation (``lisse.energy``).
"""

from __future__ import annotations

import sys
from functools import partial
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
)
from lisse.cli_uncertainty import (
    SamplingOption,
    SeedOption,
    UncertaintyOption,
    asked,
    spread_of_energy,
    spread_over,
)
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.energy import EnergyBreakdown, SimulatedEnergy

LEVEL_NAMES = {
    "material": "active material",
    "stack": "stack",
    "cell": "cell",
    "cell_with_fixture": "cell with fixture",
}
"""Levels in words."""
MOST_PARTS_WITHOUT_PRICE = 4
"""Parts without a price that a note names."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(energy)


def energy(
    cell: CellArgument,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", "-p", help="Protocol whose discharge counts: formation and a C/3 cycle without it."),
    ] = None,
    cycle: Annotated[int | None, typer.Option(help="Cycle whose discharge counts; the last without it.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", metavar="KIND", help="pellet, sheet, pouch or bipolar.")
    ] = None,
    layers: Annotated[int | None, typer.Option(help="Layers of a pouch or of a bipolar stack.")] = None,
    capacity: Annotated[
        float | None, typer.Option(help="Capacity in mAh/cm2, with --voltage in the place of a run.")
    ] = None,
    voltage: Annotated[float | None, typer.Option(help="Mean voltage in V, with --capacity.")] = None,
    mechanism: Annotated[
        list[str] | None,
        typer.Option("--mechanism", metavar="NAME", help="Mechanism of the run, in place of the cell file's."),
    ] = None,
    set_: SetOption = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Specific energy, energy density and cost of a cell in its format, and what lies between theory and delivery."""
    from lisse.energy import DEFAULT_PROTOCOL, simulated_energy
    from lisse.report.energy import write_energy

    check_figure(figure)
    wanted = asked(uncertainty, seed, sampling)
    if (capacity is None) != (voltage is None):
        raise InputError("--capacity: it goes with --voltage, in the place of a run; give both or neither.")
    if capacity is not None and not (protocol is None and cycle is None and mechanism is None):
        raise InputError("--capacity: it takes the place of a run; give no --protocol, --cycle or --mechanism with it.")
    changes = read_changes(set_)
    changes |= {} if format_ is None else {"format.kind": format_}
    changes |= {} if layers is None else {"format.layers": layers}
    if capacity is not None and voltage is not None:
        described, compute = _described(cell, changes), partial(_without_run, capacity, voltage)
        spread = spread_over(wanted, lambda drawn: compute(drawn).as_dict(), described, not as_json, also=compute)
        deliver(compute(described), _show_given, write_energy, figure, as_json, spread)
        return
    with progress_of_cycles(not as_json and sys.stderr.isatty()) as progress:
        found = simulated_energy(
            cell,
            protocol or DEFAULT_PROTOCOL,
            cycle=cycle,
            changes=changes,
            mechanisms=mechanism or None,
            progress=progress,
        )
    changes |= {"mechanisms": mechanism} if mechanism else {}
    spread = spread_of_energy(wanted, _described(cell, changes), protocol or DEFAULT_PROTOCOL, cycle, not as_json)
    deliver(found, _show_simulated, lambda run, path: write_energy(run.breakdown, path), figure, as_json, spread)


def _described(cell: str, changes: dict[str, Any]) -> Cell:
    from lisse.cell.cell import Cell

    described = Cell.load(cell)
    return described.replace(**changes) if changes else described


def _without_run(capacity: float, voltage: float, cell: Cell) -> EnergyBreakdown:
    from lisse.energy import energy_of

    return energy_of(cell, capacity, voltage)


def _show_simulated(found: SimulatedEnergy) -> None:
    _show(found.breakdown)
    ended = found.status + (f": {found.reason}" if found.reason else "")
    make_console().print(f"discharge of cycle {found.cycle} of {found.protocol} ({ended})", markup=False)
    show_notes(found.warnings)


def _show_given(found: EnergyBreakdown) -> None:
    _show(found)
    show_notes(found.warnings)


def _show(found: EnergyBreakdown) -> None:
    form = found.format
    kind = form.kind if form.layers == 1 else f"{form.kind} of {form.layers} layers"
    _show_levels(found, f"{found.cell}, {kind}")
    _show_parts(found)
    _show_waterfall(found)
    document = found.as_dict()
    delivered, whole = document["delivered"], document["whole"]
    console = make_console()
    console.print(
        f"delivered: {delivered['capacity_mAh_cm2']:.2f} mAh/cm2 ({delivered['capacity_mAh_g']:.1f} mAh/g) at "
        f"{delivered['mean_voltage_V']:.3f} V"
    )
    console.print(
        f"whole cell: {whole['energy_Wh']:.4g} Wh, {whole['capacity_Ah']:.4g} Ah, {whole['voltage_V']:.4g} V, "
        f"{whole['mass_g']:.4g} g and a fixture of {whole['fixture_mass_g']:.4g} g for {found.pressure / 1e6:g} MPa, "
        f"{whole['volume_mL']:.4g} mL"
    )
    if form.assumed:
        console.print(f"assumed: {', '.join(form.assumed)}", markup=False)
    missing = [f"{label} ({reason})" for label, reason in found.no_price.items()]
    if missing:
        more = (
            "" if len(missing) <= MOST_PARTS_WITHOUT_PRICE else f" and {len(missing) - MOST_PARTS_WITHOUT_PRICE} more"
        )
        show_notes(
            [f"no cost of the whole, for want of a price: {', '.join(missing[:MOST_PARTS_WITHOUT_PRICE])}{more}."]
        )
    show_notes(["prices of the library are assumed, with spreads of a factor 1.5 to 4; making the cell costs more."])


def _table(title: str, *columns: str) -> Any:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(columns[0], no_wrap=True)
    for column in columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _show_levels(found: EnergyBreakdown, title: str) -> None:
    table = _table(title, "", "Wh/kg", "theory", "Wh/L", "theory", "mg/cm2", "um", "USD/kWh")
    for name, level in found.levels.items():
        table.add_row(
            LEVEL_NAMES[name],
            f"{level.specific_energy:.0f}",
            f"{level.theoretical_specific_energy:.0f}",
            f"{level.energy_density:.0f}",
            f"{level.theoretical_energy_density:.0f}",
            f"{100 * level.mass:.2f}",
            f"{1e6 * level.volume:.1f}",
            "-" if level.cost is None else f"{level.cost:.0f}",
        )
    make_console().print(table)


def _show_parts(found: EnergyBreakdown) -> None:
    total = found.levels["cell_with_fixture"].mass
    table = _table("", "per layer", "mg/cm2", "% of mass", "um", "USD/m2")
    for part in found.parts:
        table.add_row(
            " ".join(filter(None, (part.label, part.material and f"({part.material})"))),
            f"{100 * part.mass:.3f}",
            f"{100 * part.mass / total:.1f}",
            f"{1e6 * part.volume:.1f}",
            "-" if part.cost is None else f"{part.cost:.2f}",
        )
    make_console().print(table)


def _show_waterfall(found: EnergyBreakdown) -> None:
    table = _table("", "from theory to delivery", "Wh/kg", "left")
    for step in found.waterfall:
        table.add_row(step.label, "" if step.key == "theoretical" else f"{step.change:+.1f}", f"{step.left:.1f}")
    make_console().print(table)
