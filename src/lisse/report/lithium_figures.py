"""Figures of the tests of the lithium interface (Matplotlib): critical current, stripping, cycle life, operating map.

An ending has the same colour in all of them. Leaves out: the page around a figure's numbers (``lithium_words``).
"""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.report.figures import FORMATS, STYLE, check_figure_name, save_figure
from lisse.report.lithium_words import Words, ended_by, label, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.lithium.critical_current import CriticalCurrent
    from lisse.lithium.cycle_life import Life
    from lisse.lithium.operating_map import OperatingMap
    from lisse.lithium.stripping import Strip

WITH_PAGE = (*FORMATS, ".html")
"""Endings of figure files, and of a page with the table."""
COLOURS = {
    "survived": "#cfe8df",
    "short": "#e98f5a",
    "short_voids": "#e3a3c6",
    "short_current": "#e98f5a",
    "short_pores": "#b0664a",
    "contact_loss": "#6fb0e6",
    "voltage_limit": "#f6d27d",
    "lithium_exhausted": "#b693e6",
    "lithium_extrusion": "#d98cba",
    "interphase_through": "#8a929c",
}
"""Colour of each ending, in the map of each cause of a short (after Okabe and Ito, readable without colour vision)."""
INK, LINE = "#16191d", "#0b62a4"
BAND = "10 to 90 %"


def _new(panels: int, width: float = 7.2, height: float = 2.9) -> tuple[Figure, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(np.atleast_1d(figure.subplots(1, panels)))


def plot_critical_current(result: CriticalCurrent) -> Figure:
    """Return survival against current density, the endings stacked over it, percentiles marked."""
    import matplotlib as mpl

    tried = np.array(result.ladder.currents[: len(result.steps)])
    with mpl.rc_context(STYLE):
        figure, (axes,) = _new(1, 5.6, 3.0)
        _stacked(axes, tried / 10, ended_by(result.simulator, result.current, tried), len(result.current))
        axes.set(xlabel="current density of the step / mA cm$^{-2}$", ylabel="cells / %")
        summary = result.summary()
        critical = summary["critical_current_density_mA_cm2"]
        for name, left in (("p10", 90), ("median", 50), ("p90", 10)):
            if critical[name] is not None:
                said = f"{name.replace('p', '') + ' %' if name != 'median' else '50 %'}: {critical[name]:.2g}"
                _mark(axes, critical[name], left, said)
        alone = summary["deterministic"]["critical_current_density_mA_cm2"]
        if alone is not None and alone <= tried[-1] / 10:
            axes.axvline(alone, color=INK, linewidth=0.9, linestyle="--", label="every claim's own value")
        _legend(figure, axes)
        axes.set_title(f"{result.cell.name}, {_conditions(summary)}", fontsize="medium")
    return figure


def plot_strip(result: Strip) -> Figure:
    """Return contact fraction and coverage against time, median and band of the cells left."""
    import matplotlib as mpl

    from lisse.anode.voids import COVERAGE_LOST

    summary = result.summary()
    with mpl.rc_context(STYLE):
        figure, axes = _new(2)
        hours = result.time / 3600
        for panel, values, title in (
            (axes[0], result.contact, "contact fraction"),
            (axes[1], result.coverage, "share left by voids"),
        ):
            _banded(panel, hours, values)
            panel.set(xlabel="time / h", ylabel=title, xlim=(0, hours[-1]))
            panel.set_ylim(0, 1.02 if panel is axes[1] else None)
        axes[1].axhline(COVERAGE_LOST, color=INK, linestyle=":", linewidth=1, label="contact lost")
        _legend(figure, axes[1])
        critical = summary["critical_stripping_current_mA_cm2"]["median"]
        figure.suptitle(
            f"{result.cell.name}, {_conditions(summary)}, {result.current / 10:.3g} mA cm$^{{-2}}$"
            f" (critical: {critical:.2g})",
            fontsize="medium",
        )
    return figure


def plot_cycle_life(result: Life) -> Figure:
    """Return coverage, interphase and survival by cycle."""
    import matplotlib as mpl

    from lisse.anode.voids import COVERAGE_LOST

    history, summary = result.history, result.summary()
    seen = np.asarray(np.isfinite(history.coverage).any(axis=1))
    numbers = np.arange(1, len(seen) + 1)[seen]
    with mpl.rc_context(STYLE):
        figure, axes = _new(3, 8.4)
        _banded(axes[0], numbers, history.coverage[seen])
        axes[0].axhline(COVERAGE_LOST, color=INK, linestyle=":", linewidth=1, label="contact lost")
        axes[0].set(ylabel="share left by voids", ylim=(0, 1.02))
        _banded(axes[1], numbers, history.interphase[seen] * 1e9)
        axes[1].set(ylabel="interphase / nm")
        axes[1].set_ylim(bottom=0)
        # A cell that ends in a cycle has not finished it.
        cycles = np.arange(1, result.number + 1)
        _stacked(axes[2], cycles, ended_by(result.simulator, history.cycles + 1, cycles), len(history.cycles))
        axes[2].set(ylabel="cells / %")
        for panel in axes:
            panel.set(xlabel="cycle", xlim=(0.5, max(float(result.number), 2.0) + 0.5))
            panel.xaxis.get_major_locator().set_params(integer=True)
        _legend(figure, axes[0], axes[2])
        figure.suptitle(f"{result.cell.name}, {_conditions(summary)}, {_currents(result)}", fontsize="medium")
    return figure


def plot_operating_map(result: OperatingMap, spacing: tuple[str, str] = ("linear", "linear")) -> Figure:
    """Return the endings as coloured regions over stack pressure and current density, the window outlined.

    Parameters
    ----------
    result
        The map.
    spacing
        Of pressures and currents: ``log`` makes an axis logarithmic.
    """
    import matplotlib as mpl
    from matplotlib.colors import ListedColormap

    from lisse.lithium.interface import Ending

    pressure, current = result.pressure / 1e6, result.current / 10
    names = points(result)
    occurring = [name for name in COLOURS if any(name in row for row in names)]
    codes = np.array([[occurring.index(name) for name in row] for row in names])
    with mpl.rc_context(STYLE):
        figure, (axes,) = _new(1, 6.2, 3.6)
        x, y = _edges(pressure, spacing[0] == "log"), _edges(current, spacing[1] == "log")
        colours = ListedColormap([COLOURS[name] for name in occurring])
        axes.pcolormesh(x, y, codes, cmap=colours, vmin=-0.5, vmax=len(occurring) - 0.5, rasterized=True)
        if "survived" in occurring:
            _outline(axes, x, y, result.ending == Ending.NONE)
        for name in occurring:
            axes.fill_between([], [], color=COLOURS[name], label=label(name))
        axes.set(xlabel="stack pressure / MPa", ylabel="current density / mA cm$^{-2}$")
        for axis, values, kind in ((axes.xaxis, pressure, spacing[0]), (axes.yaxis, current, spacing[1])):
            _axis(axis, values, kind == "log")
        _legend(figure, axes)
        charge = f"{result.capacity / 3.6e4:.3g} mAh cm$^{{-2}}$ each way, {result.number} cycles"
        axes.set_title(f"{result.cell.name}, {charge}", fontsize="medium")
    return figure


def check_figure(path: Path) -> None:
    """Refuse a figure that could not be written, before anything is simulated.

    Raises
    ------
    InputError
        If the name ends in no known format, or its directory cannot be written.
    """
    check_figure_name(path, formats=WITH_PAGE)
    home = next(parent for parent in path.absolute().parents if parent.exists())
    if path.is_dir() or not home.is_dir() or not os.access(home, os.W_OK):
        raise InputError(f'--figure: "{path}" cannot be written; give the path of a file in a directory of yours.')


def write_figure(figure: Figure, path: Path, words: Words) -> None:
    """Write a figure; as HTML with the words and the table around it.

    Raises
    ------
    InputError
        If the name ends in no known format, or its directory cannot be written.
    """
    check_figure(path)
    if path.suffix.lower() != ".html":
        save_figure(figure, path)
        return
    from lisse.report.write import render, save

    picture = io.BytesIO()
    figure.savefig(picture, format="svg")
    encoded = base64.b64encode(picture.getvalue()).decode("ascii")
    save(path, render("lithium.html.j2", {"words": words, "picture": encoded}))


def _stacked(axes: Any, places: NDArray[Any], ended: dict[str, NDArray[np.int64]], count: int) -> None:
    """Draw the share of cells left at each place, and the endings of the others over it."""
    edges = _edges(places, False)
    left = count - np.sum(list(ended.values()), axis=0) if ended else np.full(len(places), count)
    floor = np.zeros(len(places))
    for name, counts in {"survived": left, **ended}.items():
        top = floor + 100 * np.asarray(counts) / count
        called = "alive" if name == "survived" else name.replace("_", " ")
        axes.stairs(top, edges, baseline=floor, fill=True, color=COLOURS[name], label=called, linewidth=0)
        if name == "survived":
            axes.stairs(top, edges, baseline=None, color=INK, linewidth=1.1)
        floor = top
    axes.set(xlim=(edges[0], edges[-1]), ylim=(0, 100))


def _banded(axes: Any, x: NDArray[Any], values: NDArray[Any]) -> None:
    """Draw the median and the band of the cells left."""
    some = np.isfinite(values).any(axis=1)
    x, values = x[some], values[some]
    low, middle, high = np.nanpercentile(values, [10, 50, 90], axis=1)
    axes.fill_between(x, low, high, color=LINE, alpha=0.2, linewidth=0, label=f"{BAND} of cells left")
    axes.plot(x, middle, color=LINE, label="median of cells left", marker="o" if len(x) == 1 else None)


def _mark(axes: Any, x: float, y: float, text: str) -> None:
    axes.plot([x], [y], "o", color=INK, markersize=4, zorder=5)
    axes.annotate(
        text,
        (x, y),
        xytext=(6, 4),
        textcoords="offset points",
        va="bottom",
        fontsize="small",
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        zorder=6,
    )


def _outline(axes: Any, x: NDArray[Any], y: NDArray[Any], inside: NDArray[np.bool_]) -> None:
    """Draw the border of the window where the cell lives, without the frame of the map."""
    from matplotlib.collections import LineCollection

    upright = np.argwhere(inside[:, 1:] != inside[:, :-1])
    level = np.argwhere(inside[1:] != inside[:-1])
    lines = [((x[j + 1], y[i]), (x[j + 1], y[i + 1])) for i, j in upright]
    lines += [((x[j], y[i + 1]), (x[j + 1], y[i + 1])) for i, j in level]
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=1.4, capstyle="round", label="window"))


def _axis(axis: Any, values: NDArray[Any], logarithmic: bool) -> None:
    """Set scale and ends of an axis of the map; numbers are written out on a logarithmic one, too."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if logarithmic:
        axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    low, high = (values[0], values[-1]) if len(values) > 1 else _edges(values, False)
    axis.axes.set(**{f"{axis.axis_name}lim": (low, high)})


def _edges(values: NDArray[Any], logarithmic: bool) -> NDArray[np.float64]:
    """Return the borders between neighbours, half a step beyond the first and the last."""
    if len(values) == 1:
        return np.array([0.9, 1.1]) * float(values[0]) if values[0] else np.array([-0.1, 0.1])
    scaled = np.log(values) if logarithmic else np.asarray(values, dtype=float)
    middles = 0.5 * (scaled[1:] + scaled[:-1])
    ends = np.concatenate([[2 * scaled[0] - middles[0]], middles, [2 * scaled[-1] - middles[-1]]])
    return np.asarray(np.exp(ends) if logarithmic else ends)


def _legend(figure: Figure, *panels: Any) -> None:
    """Put one legend under the panels."""
    handles: dict[str, Any] = {}
    for panel in panels:
        for handle, text in zip(*panel.get_legend_handles_labels(), strict=True):
            handles.setdefault(text, handle)
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower center",
        ncols=min(len(handles), int(figure.get_figwidth() / 1.4)),
    )


def _conditions(summary: dict[str, Any]) -> str:
    return f"{summary['stack_pressure_MPa']:.3g} MPa, {summary['temperature_degC']:.3g} °C"


def _currents(result: Life) -> str:
    strip, plate = result.strip_current / 10, result.plate_current / 10
    return f"{strip:.3g} mA cm$^{{-2}}$" if strip == plate else f"{strip:.3g} and {plate:.3g} mA cm$^{{-2}}$"
