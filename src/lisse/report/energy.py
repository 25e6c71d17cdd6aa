"""The waterfall from theoretical to delivered specific energy: as a paper figure (Matplotlib) and as a report's panel.

Leaves out: the numbers (``lisse.energy``).
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from lisse.errors import LisseError
from lisse.report import svg
from lisse.report.figures import STYLE, save_figure
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, ORIGINS, WARM
from lisse.report.svg import Colour
from lisse.report.view import RunLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.energy import EnergyBreakdown

COLOURS: dict[str, Colour] = {
    "theoretical": CHARGE,
    "utilisation": WARM,
    "voltage": ORIGINS["cathode_diffusion"][1],
    "composite": ORIGINS["cathode_ionic"][1],
    "separator": ORIGINS["separator"][1],
    "lithium": ORIGINS["anode"][1],
    "collectors": ORIGINS["contacts"][1],
    "delivered": DISCHARGE,
}
"""Colour of each bar; what packs the stack is grey."""
STACK, CELL = "collectors", "casing"
"""Steps after which the stack and the cell are complete."""


class Bar:
    """One bar: what it is called, from where to where it goes [Wh/kg], and what is written above it."""

    def __init__(self, key: str, label: str, low: float, high: float, text: str) -> None:
        self.key, self.label, self.low, self.high, self.text = key, label, low, high, text
        self.colour = COLOURS.get(key, NEUTRAL)


def bars(found: EnergyBreakdown) -> list[Bar]:
    """Return the bars of the waterfall, left to right; steps that change nothing are left out, both ends stay."""
    steps = found.waterfall
    drawn = [Bar("theoretical", "theoretical", 0.0, steps[0].left, f"{steps[0].left:.0f}")]
    for before, step in pairwise(steps):
        if step.change:
            low, high = sorted((before.left, step.left))
            text = f"{step.change:+.0f}" if abs(step.change) >= 0.5 else f"{step.change:+.1f}"
            drawn.append(Bar(step.key, step.label, low, high, text.replace("-", "\u2212")))
    last = steps[-1].left
    return [*drawn, Bar("delivered", "delivered", 0.0, last, f"{last:.0f}")]


def plot_energy(found: EnergyBreakdown) -> Figure:
    """Return the waterfall of a cell.

    Parameters
    ----------
    found
        From :func:`lisse.energy.energy_of` or :func:`lisse.energy.simulated_energy`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawn = bars(found)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        axes = figure.add_subplot()
        for k, bar in enumerate(drawn):
            axes.bar(k, bar.high - bar.low, bottom=bar.low, color=bar.colour.light, width=0.7)
            axes.annotate(
                bar.text, (k, bar.high), (0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=7.5
            )
        for k, step in _levels(found, drawn):
            axes.plot([k - 0.35, k + 1.35], [step, step], color=NEUTRAL.light, linewidth=0.6)
        axes.set_xticks(range(len(drawn)), [_broken(bar.label) for bar in drawn], fontsize=7)
        axes.tick_params(axis="x", length=0)
        axes.set(ylabel="specific energy / Wh kg$^{-1}$", ylim=(0, 1.1 * max(bar.high for bar in drawn)))
        axes.set_title(_title(found), fontsize=8.5)
    return figure


def _levels(found: EnergyBreakdown, drawn: list[Bar]) -> list[tuple[int, float]]:
    """Place and height of the lines that join one bar to the next."""
    left = {step.key: step.left for step in found.waterfall}
    return [(k, left[bar.key]) for k, bar in enumerate(drawn[:-1])]


def _broken(label: str) -> str:
    return (
        label.replace(", ", ",\n")
        .replace(" and ", "\nand ")
        .replace(" losses", "\nlosses")
        .replace("re fix", "re\nfix")
    )


def _title(found: EnergyBreakdown) -> str:
    stack, cell = (found.levels[name] for name in ("stack", "cell"))
    kind = found.format.kind + ("" if found.format.layers == 1 else f", {found.format.layers} layers")
    return (
        f"{found.cell} ({kind}): stack {stack.specific_energy:.0f} Wh/kg, {stack.energy_density:.0f} Wh/L; "
        f"cell {cell.specific_energy:.0f} Wh/kg, {cell.energy_density:.0f} Wh/L"
    )


def write_energy(found: EnergyBreakdown, path: Path) -> Path:
    """Write the waterfall to a file."""
    return save_figure(plot_energy(found), path)


def energy_panel(run: RunLike) -> svg.Figure | None:
    """Return the waterfall of a run's last discharge for its report; None where nothing was delivered."""
    from lisse.energy.simulated import energy_of_cycle

    try:
        found, cycle = energy_of_cycle(run)
    except LisseError:
        return None
    drawn = bars(found)
    width, left, bottom, top = 960.0, 62.0, 250.0, 22.0
    step = (width - left - 8) / len(drawn)
    scale = svg.Scale(0.0, 1.08 * max(bar.high for bar in drawn), bottom, top)
    body = []
    for value in svg.ticks(0.0, scale.hi, 5):
        at = scale.at(value)
        body.append(f'<path class="grid" d="M{left:g},{at:.1f}H{width - 8:g}"/>')
        body.append(f'<text class="tick" x="{left - 7:g}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>')
    for k, bar in enumerate(drawn):
        x, high, low = left + (k + 0.12) * step, scale.at(bar.high), scale.at(bar.low)
        middle = x + 0.38 * step
        body.append(
            f'<rect class="c fill" style="{bar.colour.style}" x="{x:.1f}" y="{high:.1f}" width="{0.76 * step:.1f}" '
            f'height="{max(low - high, 0.5):.1f}"><title>{escape(bar.label)}: {bar.text} Wh/kg</title></rect>'
        )
        body.append(f'<text class="tick" x="{middle:.1f}" y="{high - 5:.1f}" text-anchor="middle">{bar.text}</text>')
        for line, words in enumerate(_broken(bar.label).split("\n")):
            y = bottom + 16 + 12 * line
            body.append(f'<text class="tick" x="{middle:.1f}" y="{y:.1f}" text-anchor="middle">{escape(words)}</text>')
    y = (bottom + top) / 2
    body.append(f'<text class="label" transform="translate(14,{y:g}) rotate(-90)" text-anchor="middle">Wh/kg</text>')
    title = "Energy, from theory to delivery"
    caption = (
        f"Discharge of cycle {cycle}, as a {_title(found).partition('(')[2].replace('):', ':', 1)}. Utilisation and "
        "voltage count per mass of active material; each part then takes what its mass dilutes."
    )
    return svg.Figure("energy", title, svg.drawing(width, bottom + 50, title, body), caption, wide=True)
