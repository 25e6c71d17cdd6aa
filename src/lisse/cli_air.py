"""The command ``lisse air``: a sulfide in humid air.

Leaves out: the chemistry (``lisse.separator.air``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import FigureOption, JsonOption, MaterialArgument, check_figure, deliver, show_notes, show_pairs
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over_materials

if TYPE_CHECKING:
    from lisse.separator.air import Exposure


def air(
    material: MaterialArgument,
    humidity: Annotated[str, typer.Option(help='Relative humidity "50 %", or dew point "-40 degC dew point".')],
    time: Annotated[str, typer.Option(help='Time in the air, e.g. "2 h".')],
    temperature: Annotated[str, typer.Option(help='Of the air, e.g. "20 degC".')] = "25 degC",
    thickness: Annotated[
        str | None, typer.Option(help='Of a dense sheet open on both sides, e.g. "30 um"; without it a powder.')
    ] = None,
    area: Annotated[str | None, typer.Option(help='Of that sheet, e.g. "100 cm^2"; gives the volume of gas.')] = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """H2S that a sulfide gives off in humid air, and the conductivity it has left."""
    from lisse.separator.air import expose

    check_figure(figure)
    wanted, compute = (
        asked(uncertainty, seed, sampling),
        partial(expose, material, humidity, time, temperature, thickness, area),
    )
    result = compute()
    spread = spread_over_materials(wanted, lambda: compute().as_dict(), not as_json)
    deliver(result, show, write_figure, figure, as_json, spread)


def show(result: Exposure) -> None:
    """Print the result as a table, warnings below it."""
    values = result.as_dict()
    rows = [
        ("time", f"{values['time_h']:.4g} h at {values['temperature_degC']:.4g} degC"),
        ("surface", f"{values['specific_surface_m2_g']:.3g} m2/g"),
        ("reacted", f"{100 * values['reacted_fraction']:.3g} %"),
        ("H2S", f"{values['h2s_cm3_g']:.3g} cm3/g"),
    ]
    if values["h2s_cm3"] is not None:
        rows.append(("H2S of the sheet", f"{values['h2s_cm3']:.3g} cm3"))
    fresh, left = values["conductivity_fresh_S_cm"], values["conductivity_left_S_cm"]
    rows.append(("conductivity", f"{fresh:.3g} to {left:.3g} S/cm"))
    show_pairs(f"{result.material} in air of {100 * result.activity:.3g} % humidity", rows)
    show_notes(result.warnings)


def write_figure(result: Exposure, path: Path) -> None:
    """Write H2S and conductivity against time."""
    from matplotlib.figure import Figure

    from lisse.report.figures import save_figure

    picture = Figure(figsize=(7.2, 2.9), layout="constrained")
    gas, left = picture.subplots(1, 2)
    hours = result.time / 3600
    gas.plot(hours, 1e3 * result.gas_volume, color="#c94f0a")
    gas.set(xlabel="time / h", ylabel="H$_2$S / cm$^3$ g$^{-1}$", xlim=(0, hours[-1]))
    gas.set_ylim(bottom=0)
    left.plot(hours, 100 * result.conductivity / result.conductivity[0], color="#0b62a4")
    left.set(xlabel="time / h", ylabel="conductivity left / %", xlim=(0, hours[-1]))
    left.set_ylim(top=100)
    picture.suptitle(f"{result.material}, {100 * result.activity:.3g} % humidity", fontsize="medium")
    save_figure(picture, path)
