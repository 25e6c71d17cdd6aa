"""The command ``lisse contact-map``: rough lithium on the separator, resolved on a grid.

Leaves out: the physics (``lisse.resolved``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import (
    CellArgument,
    FigureOption,
    JsonOption,
    check_figure,
    deliver,
    make_console,
    show_notes,
    show_pairs,
)
from lisse.cli_uncertainty import SamplingOption, UncertaintyOption, asked, spread_over

if TYPE_CHECKING:
    from lisse.resolved import ContactMap


def contact_map(
    cell: CellArgument,
    pressure: Annotated[str | None, typer.Option(help='Stack pressure, e.g. "5 MPa".')] = None,
    current: Annotated[
        str | None, typer.Option(help='Current density, e.g. "1 mA/cm^2"; positive strips, negative plates.')
    ] = None,
    time: Annotated[str | None, typer.Option(help='Time under pressure and current, e.g. "1 h".')] = None,
    grid: Annotated[int, typer.Option(help="Points along a side of 100 um.")] = 128,
    seed: Annotated[int, typer.Option(help="Of the random surface, and of the draws.")] = 1,
    uncertainty: UncertaintyOption = None,
    sampling: SamplingOption = "sobol",
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where lithium touches the separator: under pressure, and after creep, stripping or plating."""
    from lisse.cell.cell import Cell
    from lisse.resolved import contact_map as resolve

    check_figure(figure)
    wanted = asked(uncertainty, seed, sampling)
    described = Cell.load(cell)
    compute = partial(resolve, pressure=pressure, current=current, time=time, grid=grid, seed=seed)
    result = compute(described)
    spread = spread_over(wanted, lambda drawn: compute(drawn).as_dict(), described, not as_json, also=compute)
    deliver(result, show, write_figure, figure, as_json, spread)


def show(result: ContactMap) -> None:
    """Print the result as a table, warnings below it."""
    values = result.as_dict()
    rows = [("contact fraction, pressed", f"{values['contact_fraction_pressed']:.3f}")]
    if result.history is not None:
        after = f"after {values['time_h']:.3g} h at {values['current_mA_cm2']:.3g} mA/cm2"
        rows.append((f"contact fraction, {after}", f"{values['contact_fraction']:.3f}"))
    radius = values["feature_radius_um"]
    rows += [
        ("hardness of the spots", f"{values['hardness_MPa']:.3g} MPa"),
        ("radius of spots or voids", "-" if radius is None else f"{radius:.3g} um"),
        ("mean gap", f"{values['mean_gap_nm']:.3g} nm"),
        ("largest current over mean", f"{values['largest_current_over_mean']:.3g}"),
        ("interface with constriction", f"{values['interface_resistance_ohm_cm2']:.3g} ohm cm2"),
    ]
    show_pairs(f"{result.cell}: contact at {values['pressure_MPa']:.3g} MPa", rows)
    make_console().print(f"assumed: {', '.join(item['name'] for item in values['assumed'])}", markup=False)
    show_notes(result.warnings)


def write_figure(result: ContactMap, path: Path) -> None:
    """Write the maps of pressure and current, and the contact fraction in time where there is one."""
    import numpy as np
    from matplotlib.figure import Figure

    from lisse.report.figures import save_figure

    panels = 2 if result.history is None else 3
    picture = Figure(figsize=(3.5 * panels, 3.2), layout="constrained")
    axes = picture.subplots(1, panels)
    side = result.last.flattened.size * 1e6
    # Light where nothing touches, so that spots stand out.
    maps = ((result.last.pressure / 1e6, "pressure / MPa"), (result.current.ratio, "current over mean"))
    for panel, (field, label) in zip(axes, maps, strict=False):
        shown = np.ma.masked_where(~result.last.touching, field)
        panel.set_facecolor("#e8eaed")
        image = panel.imshow(shown, extent=(0, side, 0, side), cmap="viridis", vmin=0, interpolation="nearest")
        picture.colorbar(image, ax=panel, label=label, shrink=0.8)
        panel.set(xlabel="x / µm", ylabel="y / µm")
    if result.history is not None:
        history = result.history
        axes[2].semilogx(history.time[1:], history.fraction[1:], color="#0b62a4")
        axes[2].set(xlabel="time / s", ylabel="contact fraction", ylim=(0, 1.02))
    title = f"{result.cell}, {result.pressure / 1e6:.3g} MPa"
    if result.history is not None:
        title += f", {result.current_density / 10:.3g} mA/cm², {result.duration / 3600:.3g} h"
    picture.suptitle(f"{title}: contact fraction {result.last.fraction:.2f}", fontsize="medium")
    save_figure(picture, path)
