"""The figure of ``lisse pressure-voltage``: slope and shift of the voltage with pressure, and the lattice behind them.

Leaves out: the calculation (``lisse.cathode.pressure_voltage``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.report.figures import STYLE, save_figure

if TYPE_CHECKING:
    from lisse.cathode.pressure_voltage import PressureVoltage

BLUE, ORANGE, GREEN, GREY = "#0b62a4", "#c94f0a", "#3b7d3a", "#8a929c"
POINTS = 241


def write_pressure_voltage_figure(found: PressureVoltage, path: Path) -> Path:
    """Write the figure, over all that the material covers.

    Left the slope against lithium content, in the middle the shift against voltage, right the strains of the lattice.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from lisse.cathode.pressure_voltage import TOLERANCE, pressure_voltage

    ends = pressure_voltage(found.material, found.anode, found.pressures).content
    content = np.linspace(ends[0], ends[-1], POINTS)
    fine = pressure_voltage(found.material, found.anode, found.pressures, content)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 3.0), layout="constrained")
        left, middle, right = figure.subplots(1, 3)
        slope = fine.slope * 1e9
        left.plot(content, slope, color=BLUE)
        left.fill_between(content, slope / TOLERANCE, slope * TOLERANCE, color=BLUE, alpha=0.15, linewidth=0)
        left.axhline(0, color=GREY, linewidth=0.6)
        left.set(xlabel="lithium content $x$", ylabel="d$U$/d$p$ / mV MPa$^{-1}$")
        left.set_title(f"{found.anode.name} | {found.material.name} (factor {TOLERANCE:g} shaded)", fontsize=8.5)
        for pressure, colour in zip(found.pressures, _colours(len(found.pressures)), strict=True):
            middle.plot(fine.voltage, 1e3 * fine.shift(pressure), color=colour, label=f"{pressure / 1e6:g} MPa")
        middle.axhline(0, color=GREY, linewidth=0.6)
        middle.set(xlabel="open-circuit voltage against Li / V", ylabel="shift of the cell's voltage / mV")
        middle.legend(loc="best")
        _strains(right, fine)
    return save_figure(figure, path)


def _colours(count: int) -> list[Any]:
    import matplotlib as mpl

    return [mpl.colormaps["viridis"](place) for place in np.linspace(0.1, 0.8, count)]


def _strains(axes: Any, fine: PressureVoltage) -> None:
    strain = fine.strain
    axes.plot(fine.content, 100 * strain.volume, color=BLUE, label="volume")
    if strain.a_axis is not None and strain.c_axis is not None:
        axes.plot(fine.content, 100 * strain.a_axis, color=GREEN, label="a axis")
        axes.plot(fine.content, 100 * strain.c_axis, color=ORANGE, label="c axis")
    axes.axhline(0, color=GREY, linewidth=0.6)
    axes.set(xlabel="lithium content $x$", ylabel="free strain / %")
    axes.legend(loc="best")
