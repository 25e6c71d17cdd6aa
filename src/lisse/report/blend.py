"""The figure of ``lisse blend``: strain of blends of two materials over composition and potential, and where it is 0.

Leaves out: the calculation (``lisse.cathode.blend``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lisse.report.figures import STYLE, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.cathode.blend import Blend

POINTS = 91
"""Potentials and compositions of the map."""
MARGIN = 0.15
"""Potentials below and above those asked for, where only one is [V]."""


def plot_blend(found: Blend) -> Figure:
    """Return the map over the potentials of a result, its ratios as dotted lines.

    Parameters
    ----------
    found
        Of two materials, from :func:`lisse.cathode.blend.blend`.
    """
    import matplotlib as mpl
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.figure import Figure

    from lisse.cathode.blend import blend, blend_strain

    low, high = _ends(found)
    fine = blend([str(part.material.path) for part in found.components], np.linspace(low, high, POINTS))
    shares = np.linspace(0, 1, POINTS)
    strain = 100 * np.array([blend_strain((share, 1 - share), fine.densities, fine.strain) for share in shares]).T
    limit = max(float(np.abs(strain).max()), 1e-3)
    first, second = found.names
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.4, 3.4), layout="constrained")
        axes = figure.add_subplot()
        levels = np.linspace(-limit, limit, 31)
        norm = TwoSlopeNorm(0.0, -limit, limit)
        filled = axes.contourf(100 * shares, fine.voltages, strain, levels=levels, cmap="RdBu", norm=norm)
        filled.set_edgecolor("face")  # no seams between the bands of a vector file
        if strain.min() < 0 < strain.max():
            axes.contour(100 * shares, fine.voltages, strain, levels=[0.0], colors="black", linewidths=1.6)
        marks = [level for level in (-4, -3, -2, -1, 1, 2, 3, 4) if strain.min() < level < strain.max()]
        if marks:
            lines = axes.contour(100 * shares, fine.voltages, strain, levels=marks, colors="0.35", linewidths=0.6)
            axes.clabel(lines, fmt=lambda value: f"{value:+g} %", fontsize=6.5)
        for ratio in found.ratios:
            axes.axvline(100 * ratio[0], color="black", linewidth=0.8, linestyle=":")
        axes.set(xlabel=f"{first} in {second} / wt%", ylabel="potential against Li / V", xlim=(0, 100))
        axes.set_title("volume strain of the blend (thick line: none)", fontsize=8.5)
        bar = figure.colorbar(filled, ax=axes, label="volume strain / %", ticks=_ticks(limit))
        bar.outline.set_linewidth(0.5)
    return figure


def write_blend_figure(found: Blend, path: Path) -> Path:
    """Write the map to a file."""
    return save_figure(plot_blend(found), path)


def _ends(found: Blend) -> tuple[float, float]:
    """Range of the map: that of the potentials asked for, around a single one as far as the curves go."""
    low, high = float(found.voltages.min()), float(found.voltages.max())
    if low < high:
        return low, high
    bottom, top = [], []
    for part in found.components:
        poor, rich = part.curve.range or (0.0, 1.0)
        bottom.append(float(part.curve(rich)))
        top.append(float(part.curve(poor)))
    return max(low - MARGIN, *bottom), min(high + MARGIN, *top)


def _ticks(limit: float) -> list[float]:
    step = 1.0 if limit >= 1 else limit / 2
    count = int(limit / step)
    return [step * k for k in range(-count, count + 1)]
