"""The figure of ``lisse sensitivity``: how much of the variance of each output hangs on which claim.

Leaves out: the indices (``lisse.studies.sobol_indices``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lisse.report.figures import STYLE, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.studies.sensitivity import Sensitivity

WIDEST = 34
"""Letters of a label; a longer one is broken into two lines."""


def plot_sensitivity(found: Sensitivity) -> Figure:
    """Return bars of total and first-order indices with their standard errors, one panel for each output."""
    import textwrap

    import matplotlib as mpl
    from matplotlib.figure import Figure

    from lisse.studies.sensitivity import in_words

    count = len(found.outputs)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.6, 0.4 + count * (0.6 + 0.3 * len(found.factors))), layout="constrained")
        panels = np.atleast_1d(figure.subplots(count, 1, sharex=True))
        for axes, output in zip(panels, found.outputs, strict=True):
            ranked = found.ranked(output)
            rows = np.arange(len(ranked))
            for shift, key, label, colour in (
                (-0.19, "total", "with what it acts with", "#0b62a4"),
                (0.19, "first", "alone", "#56b4e9"),
            ):
                values = np.array([numbers[key] for _, numbers in ranked])
                errors = np.array([numbers[f"{key}_error"] for _, numbers in ranked])
                axes.barh(rows + shift, 100 * np.maximum(values, 0.0), 0.36, color=colour, label=label)
                axes.errorbar(
                    100 * values,
                    rows + shift,
                    xerr=100 * errors,
                    fmt="none",
                    ecolor="black",
                    elinewidth=0.7,
                    capsize=1.5,
                )
            axes.set_yticks(rows, [textwrap.fill(factor.label, WIDEST) for factor, _ in ranked])
            axes.invert_yaxis()
            axes.set_title(in_words(output)[0], loc="left")
            axes.set_xlim(left=0)
        panels[-1].set_xlabel("share of the variance / %")
        panels[0].legend(frameon=False, loc="lower right")
    return figure


def write_sensitivity(found: Sensitivity, path: str | Path) -> Path:
    """Write the figure as SVG, PNG or PDF, by the name's ending."""
    return save_figure(plot_sensitivity(found), path)
