"""The figure of ``lisse explain``: from the ideal cell to this one, cause by cause, in mAh/g and in Wh/kg.

Leaves out: the shares themselves (``lisse.studies.explain``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.report.figures import STYLE, save_figure
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, ORIGINS, WARM
from lisse.report.svg import Colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.studies.explain import Explanation

COLOURS: dict[str, Colour] = {
    "lithium_contact": ORIGINS["anode"][1],
    "lithium_interphase": ORIGINS["anode"][1],
    "anode_diffusion": ORIGINS["anode"][1],
    "filaments": WARM,
    "separator": ORIGINS["separator"][1],
    "separator_mechanics": ORIGINS["separator"][1],
    "composite_transport": ORIGINS["cathode_ionic"][1],
    "particle_diffusion": ORIGINS["cathode_diffusion"][1],
    "charge_transfer": ORIGINS["cathode_kinetics"][1],
    "contact_loss": ORIGINS["contacts"][1],
    "cathode_interphase": ORIGINS["contacts"][1],
    "electrolyte_oxidation": ORIGINS["contacts"][1],
    "cracks": ORIGINS["contacts"][1],
}
"""Colour of each cause: that of the place where it acts."""
PANELS = (
    ("capacity_mAh_g", "capacity / mAh g$^{-1}$ of oxide"),
    ("energy_Wh_kg", "specific energy / Wh kg$^{-1}$ of cell"),
)
"""Quantities of the two panels, with the label of the axis."""
SMALLEST = 5e-3
"""Share of the ideal below which a cause, in both panels, is put together with the others."""


def plot_explanation(found: Explanation) -> Figure:
    """Return the two waterfalls, causes in the order of their share in the energy.

    Parameters
    ----------
    found
        From :func:`lisse.studies.explain.explain`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = _rows(found)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 1.2 + 0.3 * (len(rows) + 2)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for axes, (quantity, label) in zip((left, right), PANELS, strict=True):
            _waterfall(axes, found, rows, quantity)
            axes.set_xlabel(label)
        names = ["ideal cell", *(label for label, _, _ in rows), "this cell"]
        left.set_yticks(range(len(names)), names)
        left.invert_yaxis()
        for axes in (left, right):
            axes.tick_params(axis="y", length=0)
        figure.suptitle(f"{found.cell.name}, {found.protocol} (letters: Fig. 1 of the review)", fontsize=8.5)
    return figure


def write_explanation(found: Explanation, path: Path) -> Path:
    """Write the waterfalls to a file."""
    return save_figure(plot_explanation(found), path)


def _rows(found: Explanation) -> list[tuple[str, Colour, list[int]]]:
    """Return label, colour and places of the causes to be drawn, the largest loss first, small ones as one."""
    large: list[tuple[str, Colour, list[int]]] = []
    small: list[int] = []
    for cause, _, _ in found.ranked():
        place = found.causes.index(cause)
        parts = [abs(found.share(place, quantity)) / max(found.ideal[quantity], 1e-30) for quantity, _ in PANELS]
        if max(parts) < SMALLEST:
            small.append(place)
        else:
            label = f"{cause.label} ({cause.figure})" if cause.figure else cause.label
            large.append((_broken(label), COLOURS.get(cause.name, NEUTRAL), [place]))
    if small:
        large.append((f"{len(small)} smaller", NEUTRAL, small))
    return large


def _broken(label: str) -> str:
    """Break a long label after its middle."""
    middle = label.find(" ", len(label) // 2)
    return label if len(label) < 32 or middle < 0 else f"{label[:middle]}\n{label[middle + 1 :]}"


def _waterfall(axes: Any, found: Explanation, rows: list[tuple[str, Colour, list[int]]], quantity: str) -> None:
    ideal, actual = found.ideal[quantity], found.actual[quantity]
    changes = [sum(found.share(place, quantity) for place in places) for _, _, places in rows]
    errors = [float(np.hypot.reduce([found.error(place, quantity) for place in places])) for _, _, places in rows]
    levels = ideal + np.concatenate([[0.0], np.cumsum(changes)])
    axes.barh(0, ideal, color=CHARGE.light, height=0.7)
    for k, ((_, colour, _), change, error) in enumerate(zip(rows, changes, errors, strict=True), start=1):
        ends = sorted((levels[k - 1], levels[k]))
        # A bar too thin to see is drawn as a line.
        axes.barh(k, ends[1] - ends[0], left=ends[0], color=colour.light, edgecolor=colour.light, height=0.7)
        axes.plot([levels[k - 1]] * 2, [k - 1.35, k + 0.35], color=NEUTRAL.light, linewidth=0.6)
        text = f"{change:+.1f}" + (f" \u00b1 {error:.1f}" if error else "")
        axes.annotate(
            text.replace("-", "\u2212"), (ends[1], k), (3, 0), textcoords="offset points", va="center", fontsize=7.5
        )
    last = len(rows) + 1
    axes.plot([levels[-1]] * 2, [last - 1.35, last + 0.35], color=NEUTRAL.light, linewidth=0.6)
    axes.barh(last, actual, color=DISCHARGE.light, height=0.7)
    for place, value in ((0, ideal), (last, actual)):
        axes.annotate(f"{value:.0f}", (value, place), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.locator_params(axis="x", prune="upper", nbins=6)  # no number at the edge, where the other panel begins
    axes.set_xlim(0, 1.18 * max(ideal, float(levels.max())))
