"""The figure of ``lisse design``: designs tried, those that keep the constraints, and the front of the best.

Leaves out: the search (``lisse.studies.design``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lisse.report.figures import STYLE, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.studies.design import Design


def plot_design(found: Design) -> Figure:
    """Return the designs in the plane of the first two objectives; of one objective over the number tried.

    Parameters
    ----------
    found
        From :func:`lisse.studies.design.search`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    metrics = [metric for metric, _ in found.problem.objectives]
    labels = [f"{metric.label} / {metric.unit}" if metric.unit else metric.label for metric in metrics[:2]]
    ran = [(number, trial) for number, trial in enumerate(found.trials, start=1) if np.isfinite(trial.objectives).all()]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.4, 3.2), layout="constrained")
        axes = figure.add_subplot()
        for feasible, colour, label in ((False, "0.75", "breaks a constraint"), (True, "#2a6f97", "keeps all")):
            chosen = [(number, trial) for number, trial in ran if trial.feasible is feasible]
            across = [t.objectives[0] if len(metrics) > 1 else n for n, t in chosen]
            up = [t.objectives[1] if len(metrics) > 1 else t.objectives[0] for _, t in chosen]
            if chosen:
                axes.scatter(across, up, s=14, color=colour, label=label, linewidths=0)
        front = sorted(trial.objectives for trial in found.front)
        if len(metrics) > 1 and front:
            axes.plot([row[0] for row in front], [row[1] for row in front], color="black", linewidth=1.0, label="front")
        axes.set_xlabel(labels[0] if len(metrics) > 1 else "design")
        axes.set_ylabel(labels[-1])
        if ran:
            axes.legend(frameon=False)
    return figure


def write_design_figure(found: Design, path: Path) -> Path:
    """Write the figure; its format follows the name."""
    return save_figure(plot_design(found), path)
