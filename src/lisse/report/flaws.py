"""The figure of ``lisse flaw``: stress and overpotential that a flaw withstands, against its depth.

Leaves out: the calculation (``lisse.separator.flaw_assessment``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lisse.report.figures import save_figure

if TYPE_CHECKING:
    from lisse.separator.flaw_assessment import FlawAssessment


def write_flaw_figure(found: FlawAssessment, path: Path) -> Path:
    """Write the figure: Griffith curve left, initiation current against width right."""
    from matplotlib.figure import Figure

    from lisse.separator import flaws

    figure = Figure(figsize=(7.2, 3.1), layout="constrained")
    left, right = figure.subplots(1, 2)
    depths = np.geomspace(0.05e-6, 200e-6, 200)
    left.loglog(depths * 1e6, flaws.critical_stress(found.toughness, depths) / 1e6, color="#0b62a4")
    here = float(flaws.critical_stress(found.toughness, found.depth)) / 1e6
    left.plot([found.depth * 1e6], [here], "o", color="#c94f0a", label=f"{found.depth * 1e6:g} µm")
    per_millivolt = float(flaws.nernst_stress(1e-3)) / 1e6
    other = left.secondary_yaxis("right", functions=(lambda y: y / per_millivolt, lambda y: y * per_millivolt))
    left.set(xlabel="flaw depth / µm", ylabel="stress / MPa", title=found.material)
    other.set_ylabel("overpotential / mV")
    left.legend(frameon=False)
    widths = np.geomspace(1e-3, 1.0, 160) * found.depth
    for loading, label, colour in (
        (found.loading, "with the overpotential's ceiling", "#0b62a4"),
        (found.flow_loading, "flow alone", "#8a929c"),
    ):
        current = flaws.initiation_current(found.depth, widths, loading) / 10
        seen = np.isfinite(current) & (current > 1e-3) & (current < 1e4)
        right.loglog(widths[seen] * 1e9, current[seen], color=colour, label=label)
    right.plot([found.width * 1e9], [found.current / 10], "o", color="#c94f0a", label="this flaw")
    right.set(xlabel="flaw width / nm", ylabel="initiation current / mA cm$^{-2}$")
    right.set_title(f"depth {found.depth * 1e6:g} µm, {found.pressure / 1e6:g} MPa")
    right.legend(frameon=False, fontsize="small")
    return save_figure(figure, path)
