"""Commands that make the figures of the composite cathode: ``lisse pressure-voltage``.

Heavy modules are imported inside the commands. Leaves out: the calculations (``lisse.cathode``).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import FigureOption, JsonOption, check_figure, deliver, make_console, show_notes
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over_materials

if TYPE_CHECKING:
    from lisse.cathode.pressure_voltage import PressureVoltage


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("pressure-voltage")(pressure_voltage)


def pressure_voltage(
    material: Annotated[str, typer.Argument(help="Name of an active material, or path of a material file.")],
    anode: Annotated[str, typer.Option(help="Anode: Li, Li-In or a material file.")] = "Li",
    pressure: Annotated[
        list[str] | None, typer.Option(help='Pressure whose shift is shown, e.g. "70 MPa"; may be repeated.')
    ] = None,
    content: Annotated[
        list[float] | None, typer.Option(help="Lithium content of a row, e.g. 0.8; may be repeated.")
    ] = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Voltage of a cell at rest with pressure: slope and shift over lithium content, and the lattice behind them."""
    from lisse.cathode.pressure_voltage import PRESSURES
    from lisse.cathode.pressure_voltage import pressure_voltage as compute
    from lisse.report.pressure_voltage import write_pressure_voltage_figure
    from lisse.units import quantity

    check_figure(figure)
    pressures = [quantity(text, "Pa", "--pressure") for text in pressure or []] or PRESSURES
    wanted, slopes = asked(uncertainty, seed, sampling), partial(compute, material, anode, pressures, content or None)
    found = slopes()
    spread = spread_over_materials(wanted, lambda: slopes().as_dict(), not as_json)
    deliver(found, _show, write_pressure_voltage_figure, figure, as_json, spread)


def _show(found: PressureVoltage) -> None:
    from rich.table import Table

    document = found.as_dict()
    table = Table(title=f"{found.anode.name} | {found.material.name}: voltage with pressure", box=None, padding=(0, 1))
    heads = ("x", "U\nV vs Li", "dU/dp\nmV/MPa", "V(Li)\ncm3/mol", "strain\n%", "a - c\n%")
    for head in (*heads, *(f"{pressure:g} MPa\nmV" for pressure in document["pressures_MPa"])):
        table.add_column(head, justify="right", no_wrap=True)
    for row in document["rows"]:
        mismatch = row["axes_mismatch_percent"]
        table.add_row(
            f"{row['lithium_content']:.3f}",
            f"{row['voltage_V']:.3f}",
            f"{row['slope_mV_MPa']:.3f}",
            f"{row['lithium_molar_volume_cm3_mol']:.2f}",
            f"{row['volume_strain_percent']:.2f}",
            "-" if mismatch is None else f"{mismatch:.2f}",
            *(f"{shift:.2f}" for shift in row["shift_mV"]),
        )
    make_console().print(table)
    show_notes(
        [
            "shifts count from one atmosphere; V(Li) is the volume that lithium adds to the oxide.",
            "a - c is the mismatch of its axes, without sign.",
            f"measured slopes agree with such values within a factor {document['tolerance_factor']:g}, not better.",
        ]
    )
