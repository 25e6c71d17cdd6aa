"""Figure of a virtual test of lithium (Matplotlib): one panel, one colour a condition, one line style a law.

Leaves out: measured curves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lisse.errors import InputError
from lisse.report.palette import cycle_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.anode.mechanical_test_result import MechanicalTest

FORMATS = (".svg", ".png", ".pdf")
"""Endings of figure files."""
SIZE = (4.8, 2.9)  # inches, with the legend beside the panel
_STYLE = {
    "font.size": 8.5,
    "axes.linewidth": 0.7,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "lines.linewidth": 1.3,
    "svg.fonttype": "none",
}
_LINES = ("-", "--", ":")


def plot_lithium_test(test: MechanicalTest) -> Figure:
    """Return the figure of a test; it belongs to no window, save it with ``figure.savefig``.

    Parameters
    ----------
    test
        Result of one of :data:`lisse.anode.mechanical_tests.TESTS`.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.add_subplot()
        labels = list(dict.fromkeys(curve.label for curve in test.curves))
        models = list(dict.fromkeys(curve.model for curve in test.curves))
        for curve in test.curves:
            axes.plot(
                curve.x,
                curve.y,
                color=cycle_colour(labels.index(curve.label), len(labels)).light,
                linestyle=_LINES[models.index(curve.model) % len(_LINES)],
            )
        axes.set(xlabel=test.x, ylabel=test.y, title=f"{test.name} of {test.material}")
        if test.logarithmic:
            axes.set(xscale="log", yscale="log")
        else:
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0)
        _legend(figure, labels, models)
    return figure


def _legend(figure: Figure, labels: list[str], models: list[str]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=cycle_colour(place, len(labels)).light, label=label) for place, label in enumerate(labels)
    ]
    if len(models) > 1 and len(labels) != len(models):
        handles += [
            Line2D([], [], color="#4a5561", linestyle=_LINES[place % len(_LINES)], label=model)
            for place, model in enumerate(models)
        ]
    figure.legend(handles=handles, loc="outside right upper")


def check_figure_name(path: str | Path) -> Path:
    """Return the path of a figure to be written.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise InputError(f"--figure: {target.name!r} does not end in {', '.join(FORMATS)}.")
    return target


def write_lithium_test(test: MechanicalTest, path: str | Path) -> Path:
    """Write the figure of a test and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    target = check_figure_name(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    plot_lithium_test(test).savefig(target, dpi=160)
    return target
