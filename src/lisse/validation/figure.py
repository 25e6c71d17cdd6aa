"""Parity figure: simulated against published, one panel a unit, tolerances as bars, misses open.

Leaves out: units with few targets, which the table shows better.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.report.figures import save_figure
from lisse.validation.results import Result, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "table1": "#0b62a4",
    "cathode": "#c94f0a",
    "anode": "#00855f",
    "separator": "#b0578f",
    "thermodynamics": "#6b5b00",
}
"""Colour of each section (after Okabe and Ito, readable without colour vision)."""
MARKERS = {"analytic": "s", "calibrated": "^", "predicted": "o", "ordering": "D"}
"""Marker of each kind."""
PANELS = 3
"""Most panels in a figure."""


def parity(results: Results) -> Figure:
    """Return the figure: the units with the most targets.

    Transcriptions and regressions (``analytic``) lie on the line by construction: they are left out where anything
    else can be shown.
    """
    from matplotlib.figure import Figure

    finite = [r for r in results.results if r.simulated is not None and math.isfinite(r.simulated)]
    panels: dict[str, list[Result]] = {}
    for result in [r for r in finite if r.target.kind != "analytic"] or finite:
        panels.setdefault(result.target.unit, []).append(result)
    largest = sorted(panels, key=lambda unit: -len(panels[unit]))[:PANELS]
    shown = {unit: panels[unit] for unit in largest}
    columns = max(1, len(shown))
    figure = Figure(figsize=(4.6 * columns, 5.0), layout="constrained")
    for number, (unit, found) in enumerate(shown.items(), start=1):
        _panel(figure.add_subplot(1, columns, number), unit, found)
    _legend(figure, [result for found in shown.values() for result in found])
    return figure


def _panel(axes: Any, unit: str, found: list[Result]) -> None:
    values = [value for result in found for value in (result.target.published, float(result.simulated or 0.0))]
    logarithmic = min(values) > 0 and max(values) / min(values) > 50
    low, high = min(values), max(values)
    if logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
        ends = (low / 1.5, high * 1.5)
    else:
        margin = 0.06 * (high - low or abs(high) or 1.0)
        ends = (low - margin, high + margin)
    axes.plot(ends, ends, color="#8a929c", linewidth=1, zorder=1)
    for result in found:
        target, simulated = result.target, float(result.simulated or 0.0)
        colour = COLOURS.get(target.section, "#4a5561")
        lowest, highest = (min(max(end, ends[0]), ends[1]) for end in target.tolerance.accepted(target.published))
        axes.plot([target.published] * 2, [lowest, highest], color=colour, alpha=0.22, linewidth=4, zorder=2)
        axes.scatter(
            [target.published],
            [simulated],
            marker=MARKERS[target.kind],
            s=30,
            facecolor=colour if result.verdict == "hit" else "white",
            edgecolor=colour,
            zorder=3,
        )
    axes.set(xlim=ends, ylim=ends, xlabel=f"published [{unit or '-'}]", ylabel=f"lisse [{unit or '-'}]")
    axes.set_aspect("equal")


def _legend(figure: Figure, found: list[Result]) -> None:
    from matplotlib.lines import Line2D

    grey = "#4a5561"
    sections = dict.fromkeys(result.target.section for result in found)
    kinds = dict.fromkeys(result.target.kind for result in found)
    handles = [Line2D([], [], color=COLOURS.get(name, grey), marker="o", linestyle="", label=name) for name in sections]
    handles += [Line2D([], [], color=grey, marker=MARKERS[kind], linestyle="", label=kind) for kind in kinds]
    handles.append(Line2D([], [], color=grey, marker="o", markerfacecolor="white", linestyle="", label="miss"))
    handles.append(Line2D([], [], color=grey, alpha=0.3, linewidth=4, label="tolerance"))
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5), frameon=False)


def write_parity(results: Results, path: str | Path) -> Path:
    """Write the parity figure and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(parity(results), path, "--out")
