"""The command ``lisse flaw``: what cracks one flaw of a separator.

Heavy modules are imported inside the command. Leaves out: the mechanics (``lisse.separator.flaws``).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import (
    FigureOption,
    JsonOption,
    MaterialArgument,
    check_figure,
    deliver,
    make_console,
    show_notes,
    show_pairs,
)
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over_materials

if TYPE_CHECKING:
    from lisse.separator.flaw_assessment import FlawAssessment


def flaw(
    material: MaterialArgument,
    current: Annotated[str, typer.Option(help="Plating current density at the flaw.")] = "1 mA/cm^2",
    pressure: Annotated[str, typer.Option(help="Stack pressure.")] = "5 MPa",
    length: Annotated[str, typer.Option(help="Depth of the flaw.")] = "5 um",
    width: Annotated[
        str | None, typer.Option(help='Width of the flaw, e.g. "150 nm"; a share of its depth without it.')
    ] = None,
    resistance: Annotated[
        str | None, typer.Option(help='At its mouth, e.g. "1 ohm*cm^2"; charge transfer of lithium without it.')
    ] = None,
    temperature: Annotated[str, typer.Option(help="Temperature.")] = "25 degC",
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """What cracks a flaw of a separator: Griffith curve, critical width, initiation current, Monroe-Newman verdict."""
    from lisse.report.flaws import write_flaw_figure
    from lisse.separator.flaw_assessment import assess_flaw
    from lisse.units import quantity

    check_figure(figure)
    wanted = asked(uncertainty, seed, sampling)
    assess = partial(
        assess_flaw,
        material,
        quantity(current, "A/m^2", "--current"),
        quantity(pressure, "Pa", "--pressure"),
        quantity(length, "m", "--length"),
        None if width is None else quantity(width, "m", "--width"),
        None if resistance is None else quantity(resistance, "ohm*m^2", "--resistance"),
        quantity(temperature, "K", "--temperature"),
    )
    found = assess()
    spread = spread_over_materials(wanted, lambda: assess().as_dict(), not as_json)
    deliver(found, _show, write_flaw_figure, figure, as_json, spread)


def _show(found: FlawAssessment) -> None:
    from rich.table import Table

    values = found.as_dict()
    curve = Table(title=f"Griffith curve of {found.material}, {found.toughness / 1e6:.3g} MPa m^0.5")
    for column in ("depth\num", "stress\nMPa", "overpotential\nmV"):
        curve.add_column(column, justify="right")
    for row in values["griffith"]:
        curve.add_row(*(f"{row[key]:.3g}" for key in ("depth_um", "stress_MPa", "overpotential_mV")))
    make_console().print(curve)
    show_pairs(
        f"flaw of {values['flaw_depth_um']:.3g} um x {values['flaw_width_nm']:.3g} nm at "
        f"{values['current_density_mA_cm2']:.3g} mA/cm2, {values['stack_pressure_MPa']:.3g} MPa",
        _rows(values),
    )
    show_notes(found.warnings)


def _rows(values: dict[str, Any]) -> list[tuple[str, str]]:
    stability, verdict = values["monroe_newman"], "unknown"
    if stability is not None:
        ratio, threshold = stability["modulus_ratio"], stability["threshold_ratio"]
        verdict = f"{ratio:.2f}, threshold {threshold:.2f}: {stability['verdict']}"
    mode = "" if values["filament_mode"] is None else f" ({values['filament_mode']}, assumed criteria)"
    return [
        ("withstands", f"{values['critical_stress_MPa']:.3g} MPa, {values['critical_overpotential_mV']:.3g} mV"),
        ("pressure of flow alone", f"{values['flow_pressure_MPa']:.3g} MPa"),
        ("pressure that the overpotential holds", f"{values['overpotential_pressure_MPa']:.3g} MPa"),
        ("mean pressure in the flaw", f"{values['mean_pressure_MPa']:.3g} MPa"),
        ("cracks", ("yes" + mode) if values["cracks"] else "no"),
        ("critical width", _width(values["critical_width_nm"])),
        ("critical width, flow alone", _width(values["critical_width_without_ceiling_nm"])),
        ("initiation current", _current(values["initiation_current_density_mA_cm2"])),
        ("initiation current, flow alone", _current(values["initiation_current_density_without_ceiling_mA_cm2"])),
        ("shear modulus over lithium's", verdict),
    ]


def _width(value: float) -> str:
    if value == 0:
        return "none: no width cracks at this current"
    return "every width cracks" if value == float("inf") else f"{value:.3g} nm"


def _current(value: float) -> str:
    if value == 0:
        return "none: the stack pressure alone cracks it"
    return "no current cracks it" if value == float("inf") else f"{value:.3g} mA/cm2"
