"""The paper figure of a run (Matplotlib), and what all figures share: style, formats, and how they are written.

Leaves out: everything a reader of a page wants but a column of a journal has no room for (see ``lisse.report.write``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.errors import InputError
from lisse.report.charts import ceiling, curves, spread_out
from lisse.report.palette import ORIGINS, cycle_colour
from lisse.report.view import RunLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOUBLE_COLUMN = (7.2, 2.9)  # inches
STYLE = {
    "font.size": 8.5,
    "axes.linewidth": 0.7,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "lines.linewidth": 1.3,
    "svg.fonttype": "none",
}
"""Matplotlib's settings of all figures."""
FORMATS = (".svg", ".png", ".pdf")
"""Endings of figure files."""


def check_figure_name(path: str | Path, field: str = "--figure", formats: tuple[str, ...] = FORMATS) -> Path:
    """Return the path of a figure to be written.

    Parameters
    ----------
    path
        Its name.
    field
        What the message calls it.
    formats
        Endings that are accepted, in any case.

    Raises
    ------
    InputError
        If the name ends in none of them.
    """
    target = Path(path)
    if target.suffix.lower() not in formats:
        raise InputError(f'{field}: "{target.name}" ends in none of {", ".join(formats)}; write one of them.')
    return target


def save_figure(figure: Figure, path: str | Path, field: str = "--figure") -> Path:
    """Write a figure, with the directories above it, and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format (see :func:`check_figure_name`).
    """
    target = check_figure_name(path, field)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=160)
    return target


def plot_run(run: RunLike) -> Figure:
    """Return a figure of two panels: voltage against capacity, and overpotential by origin.

    The figure belongs to no window; save it with ``figure.savefig``.

    Parameters
    ----------
    run
        A run; panels without data say so.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=DOUBLE_COLUMN, layout="constrained")
        left, right = figure.subplots(1, 2)
        _voltage(left, run)
        _losses(right, run)
    return figure


def _voltage(axes: Any, run: RunLike) -> None:
    down, up = curves(run, "discharge"), curves(run, "charge")
    cycles = spread_out(sorted(set(down) | set(up)), 12)
    named = spread_out(cycles, 5)
    for place, cycle in enumerate(cycles):
        label: str | None = f"cycle {cycle}" if cycle in named else None
        for group in (up, down):
            if cycle in group:
                colour = cycle_colour(place, len(cycles)).light
                axes.plot(group[cycle]["capacity_mAh_g"], group[cycle]["voltage_V"], color=colour, label=label)
                label = None
    axes.set(xlabel="capacity / mAh g$^{-1}$", ylabel="voltage / V")
    axes.set_xlim(left=0)
    if cycles:
        axes.legend(loc="lower left")
    else:
        axes.text(0.5, 0.5, "no charge or discharge", ha="center", transform=axes.transAxes)


def _losses(axes: Any, run: RunLike) -> None:
    down = curves(run, "discharge")
    axes.set(xlabel="capacity / mAh g$^{-1}$", ylabel="overpotential / mV")
    if not down:
        axes.text(0.5, 0.5, "no discharge", ha="center", transform=axes.transAxes)
        return
    last = max(down)
    columns = down[last]
    keys = [k for k in ORIGINS if f"loss_{k}_V" in columns]
    values = [np.nan_to_num(columns[f"loss_{k}_V"]) * 1e3 for k in keys]
    axes.stackplot(
        columns["capacity_mAh_g"],
        values,
        labels=[ORIGINS[k][0] for k in keys],
        colors=[ORIGINS[k][1].light for k in keys],
        edgecolor="white",
        linewidth=0.3,
    )
    axes.set_ylim(0, 1.15 * ceiling(columns["capacity_mAh_g"], np.sum(values, axis=0)))
    axes.set_xlim(0, float(np.nanmax(columns["capacity_mAh_g"])))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        labels[::-1],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        title=f"discharge, cycle {last}",
        title_fontsize=7.5,
    )
