"""Paper figures of the composite cathode (Matplotlib): first-cycle loss, impedance by cycle, upper cut-off voltage.

Leaves out: the panels of a run's page (``composite_charts``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.report.figures import STYLE, save_figure
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, TERMS, WARM, cycle_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.cutoff import Cutoff
    from lisse.first_cycle import FirstCycle
    from lisse.nyquist import Nyquist


def plot_first_cycle(result: FirstCycle) -> Figure:
    """Return the waterfall from the first charge down to the first discharge.

    Parameters
    ----------
    result
        From :func:`lisse.first_cycle.first_cycle`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from lisse.first_cycle import TERMS as NAMES

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.2, 3.0), layout="constrained")
        axes = figure.add_subplot()
        labels = ["first\ncharge", *(TERMS[name][0].replace(" ", "\n") for name in NAMES), "first\ndischarge"]
        colours = [CHARGE.light, *(TERMS[name][1].light for name in NAMES), DISCHARGE.light]
        drops = [result.terms[name] for name in NAMES]
        levels = result.charge - np.concatenate([[0.0], np.cumsum(drops)])
        bottoms = [0.0, *np.minimum(levels[1:], levels[:-1]), 0.0]
        heights = [result.charge, *np.abs(drops), result.discharge]
        axes.bar(range(len(labels)), heights, bottom=bottoms, color=colours, width=0.7)
        for k, level in enumerate(levels):
            axes.plot([k - 0.35, k + 1.35], [level, level], color=NEUTRAL.light, linewidth=0.6)
        for k, (bottom, height) in enumerate(zip(bottoms, heights, strict=True)):
            drop = 0 < k < len(labels) - 1
            sign = ("\u2212" if drops[k - 1] >= 0 else "+") if drop else ""
            said = "< 0.1" if drop and height < 0.05 else f"{sign}{height:.1f}"
            axes.annotate(
                said, (k, bottom + height), (0, 2), textcoords="offset points", ha="center",
                va="bottom", fontsize=7.5,
            )  # fmt: skip
        axes.set_xticks(range(len(labels)), labels)
        axes.tick_params(axis="x", length=0)
        axes.set(ylabel="capacity / mAh g$^{-1}$", ylim=(0, 1.1 * max(result.charge, result.discharge)))
        axes.set_title(
            f"{result.cell}, {result.rate}: {result.loss:.1f} mAh g$^{{-1}}$ lost, "
            f"{result.interface_loss:.1f} by the solid interface",
            fontsize="medium",
        )
    return figure


def write_first_cycle(result: FirstCycle, path: str | Path) -> Path:
    """Write the waterfall and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(plot_first_cycle(result), path)


def plot_nyquist(result: Nyquist) -> Figure:
    """Return minus the imaginary against the real part, one curve a cycle, one ohm as long on both axes.

    Whole decades of frequency carry a marker.

    Parameters
    ----------
    result
        From :func:`lisse.nyquist.impedance_by_cycle`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 2.6), layout="constrained")
        axes = figure.add_subplot()
        for place, (cycle, spectrum) in enumerate(result.spectra.items()):
            colour = cycle_colour(place, len(result.spectra)).light
            value, decades = spectrum.impedance_ohm_cm2, np.log10(spectrum.frequency_Hz)
            label = f"cycle {cycle}" if cycle else "as built"
            axes.plot(value.real, -value.imag, color=colour, label=label)
            whole = np.unique([int(np.argmin(np.abs(decades - k))) for k in np.unique(np.round(decades))])
            axes.plot(value[whole].real, -value[whole].imag, ".", color=colour, markersize=4)
        axes.set(xlabel="Z$'$ / Ω cm$^2$", ylabel="$-$Z$''$ / Ω cm$^2$", ylim=(0, None))
        axes.set_aspect("equal", adjustable="box")
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        content = next(iter(result.spectra.values())).lithium_content
        axes.set_title(f"{result.cell}, x = {content:.2f}, cycled at {result.rate}", fontsize="medium")
    return figure


def write_nyquist(result: Nyquist, path: str | Path) -> Path:
    """Write the Nyquist plot and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(plot_nyquist(result), path)


def plot_cutoff(result: Cutoff) -> Figure:
    """Return energy, shrinkage and resistance against the upper cut-off voltage, the recommendation marked.

    Parameters
    ----------
    result
        From :func:`lisse.cutoff.cutoff`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    def column(name: str, factor: float = 1.0) -> np.ndarray[Any, Any]:
        values = [getattr(row, name) for row in result.rows]
        return np.array([np.nan if value is None else factor * value for value in values])

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 2.7), layout="constrained")
        energy, strain, film = figure.subplots(1, 3)
        upper = column("upper_potential")
        energy.plot(upper, column("first_energy"), "o-", color=CHARGE.light, markersize=3, label="cycle 1")
        energy.plot(
            upper, column("last_energy"), "o-", color=DISCHARGE.light, markersize=3, label=f"cycle {result.cycles}"
        )
        strain.plot(upper, column("shrinkage", 100), "o-", color=WARM.light, markersize=3)
        film.plot(upper, column("resistance", 1e4), "o-", color=DISCHARGE.light, markersize=3)
        energy.set(ylabel="discharge energy / Wh kg$^{-1}$")
        strain.set(ylabel="shrinkage of the oxide / %", ylim=(0, None))
        film.set(ylabel="cathode resistance / Ω cm$^2$", ylim=(0, None))
        best = result.best("last_energy")
        for axes in (energy, strain, film):
            axes.set(xlabel="upper cut-off voltage / V vs Li")
            if best is not None:
                axes.axvline(best.upper_potential, color=NEUTRAL.light, linestyle=":", linewidth=1)
        energy.legend(loc="best")
        said = "" if best is None else f": most energy at {best.upper_potential:.2f} V"
        figure.suptitle(f"{result.cell}, {result.cycles} cycles at {result.rate}{said}", fontsize="medium")
    return figure


def write_cutoff(result: Cutoff, path: str | Path) -> Path:
    """Write the figure and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(plot_cutoff(result), path)
