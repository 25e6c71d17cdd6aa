"""The figure of ``lisse coatings``: reaction energies of layers with electrolytes and states of the cathode, as a map.

Leaves out: the numbers (``lisse.thermodynamics.coatings``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.report.figures import STYLE, save_figure
from lisse.report.thermodynamics import NAMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.thermodynamics.coatings import Ranking
    from lisse.thermodynamics.table import Scheme

CELL = (0.50, 0.23)
"""Width and height of a cell [inch]."""
MARGINS = (1.75, 1.45)
"""Room for names [inch]."""
BAR = 0.6
"""Room for the colour scale [inch]."""
MOST_BESIDE = 5
"""Columns up to which the schemes stand beside each other."""
DARK = 0.55
"""Share of the colour scale above which numbers are white."""
LEAST_RANGE = 100.0
"""Smallest end of the colour scale [meV/atom]."""


def matrix(found: Ranking, scheme: Scheme) -> tuple[list[str], list[str], NDArray[np.float64]]:
    """Return rows, columns and reaction energies [meV/atom] of the map, the bare contact first.

    A bare electrolyte has no contact with an electrolyte: NaN.
    """
    electrolytes = [found.electrolyte.name, *(other.name for other in found.further)]
    columns = [*electrolytes, *_states(found)]
    further = found.further_energies[scheme]
    rows = ["bare"]
    bare = [found.bare[scheme][state].energy for state in found.states]
    energies = [[float("nan")] * len(electrolytes) + bare]
    for rating in found.ratings[scheme]:
        rows.append(rating.layer.name)
        others = [further[rating.layer.name][other.name] for other in found.further]
        energies.append([rating.energy("electrolyte"), *others, *(rating.energy(state) for state in found.states)])
    return rows, columns, 1e3 * np.array(energies)


def _number(energy: float) -> str:
    """Return whole meV/atom with a minus that is not a hyphen."""
    return "0" if energy > -0.5 else f"−{-energy:.0f}"


def _states(found: Ranking) -> list[str]:
    return [state if len(found.states) == 1 else f"{found.partner.name}, {state}" for state in found.states]


def plot_coatings(found: Ranking) -> Figure:
    """Return the map, one panel a scheme, layers in the order of their rank.

    Parameters
    ----------
    found
        From :func:`lisse.thermodynamics.coatings.rank`.
    """
    import matplotlib as mpl
    from matplotlib.colors import PowerNorm
    from matplotlib.figure import Figure

    maps = {scheme: matrix(found, scheme) for scheme in found.ratings}
    rows, columns, _ = next(iter(maps.values()))
    strongest = max(LEAST_RANGE, *(-float(np.nanmin(energies)) for _, _, energies in maps.values()))
    width = MARGINS[0] + CELL[0] * len(columns)
    beside = len(columns) <= MOST_BESIDE
    height = MARGINS[1] + CELL[1] * len(rows)
    size = (2 * width + BAR, height) if beside else (width + BAR, 2 * height)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(*((1, 2) if beside else (2, 1)))
        norm = PowerNorm(0.5, 0.0, strongest)  # small energies matter most
        for axes, (scheme, content) in zip(panels, maps.items(), strict=True):
            image = _panel(axes, content, norm)
            axes.set_title(NAMES[scheme], fontsize=8.5)
        bar = figure.colorbar(image, ax=list(panels), label="reaction energy / meV atom$^{-1}$", shrink=0.7)
        marks = [mark for mark in (0, 20, 100, 400) if mark <= strongest]
        bar.set_ticks(marks, labels=[_number(-mark) for mark in marks])
        bar.outline.set_linewidth(0.5)
    return figure


def _panel(axes: Any, content: tuple[list[str], list[str], NDArray[np.float64]], norm: Any) -> Any:
    """Draw one scheme."""
    rows, columns, energies = content
    image = axes.imshow(np.maximum(-energies, 0), cmap="YlOrBr", norm=norm, aspect="auto")
    for (row, column), energy in np.ndenumerate(energies):
        if np.isfinite(energy):
            colour = "white" if norm(-energy) > DARK else "black"
            axes.text(column, row, _number(energy), ha="center", va="center", color=colour, fontsize=6.5)
    axes.set_xticks(range(len(columns)), labels=columns, rotation=35, ha="right", fontsize=7)
    axes.set_yticks(range(len(rows)), labels=rows, fontsize=7)
    axes.tick_params(length=0)
    axes.axhline(0.5, color="black", linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    return image


def write_coatings_figure(found: Ranking, path: Path) -> Path:
    """Write the map to a file."""
    return save_figure(plot_coatings(found), path)
