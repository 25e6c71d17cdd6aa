"""The figure of lateral patches: local current against time, and maps of current and contact over the electrode.

Leaves out: the calculation (``lisse.lithium.patches``) and the second face.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lisse.report.figures import save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lisse.lithium.patches import LocalCurrents


def plot_patches(found: LocalCurrents) -> Figure:
    """Return the figure of the followed face; it belongs to no window, save it with ``figure.savefig``.

    Parameters
    ----------
    found
        Result of :func:`lisse.lithium.patches.local_currents`.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.size": 8.5, "axes.linewidth": 0.7, "svg.fonttype": "none"}):
        figure = Figure(figsize=(8.6, 2.8), layout="constrained")
        axes = figure.subplots(1, 3, width_ratios=(1.15, 1, 1))
        _against_time(axes[0], found)
        last = found.current_over_mean[-1, 0]
        _map(figure, axes[1], found, last, "current / mean", None)
        _map(figure, axes[2], found, found.contact[-1, 0], "contact fraction", (0.0, 1.0))
    return figure


def _against_time(axes: Axes, found: LocalCurrents) -> None:
    relative = found.current_over_mean[:, 0]
    hours = found.time / 3600
    for name, values, colour in (
        ("highest", relative.max(axis=1), "#c94f0a"),
        ("90 %", np.percentile(relative, 90, axis=1), "#dd9400"),
        ("median", np.median(relative, axis=1), "#0b62a4"),
        ("lowest", relative.min(axis=1), "#8a929c"),
    ):
        axes.plot(hours, values, color=colour, label=name, linewidth=1.2)
    axes.set(xlabel="time / h", ylabel="local current / mean")
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small", loc="lower left")


def _map(
    figure: Figure,
    axes: Axes,
    found: LocalCurrents,
    values: NDArray[np.float64],
    title: str,
    limits: tuple[float, float] | None,
) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    side = found.patch_side * 1e3
    corners = found.positions * 1e3 - side / 2
    squares = PatchCollection([Rectangle((x, y), side, side) for x, y in corners], cmap="viridis", edgecolor="face")
    squares.set_array(values)
    if limits:
        squares.set_clim(*limits)
    axes.add_collection(squares)
    axes.set_xlim(corners.min() - 0.2 * side, corners.max() + 1.2 * side)
    axes.set_ylim(corners.min() - 0.2 * side, corners.max() + 1.2 * side)
    axes.set(aspect="equal", xlabel="mm")
    axes.set_title(f"{title}, {found.time[-1] / 3600:.3g} h", fontsize=8.5, pad=4)
    figure.colorbar(squares, ax=axes, shrink=0.85)


def write_patch_figure(found: LocalCurrents, path: str | Path) -> Path:
    """Write the figure and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(plot_patches(found), path)
