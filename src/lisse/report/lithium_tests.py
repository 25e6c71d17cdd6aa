"""Figure of a virtual test of lithium (Matplotlib): one panel, one colour a condition, one line style a law.

Leaves out: measured curves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lisse.report.figures import STYLE, save_figure
from lisse.report.palette import cycle_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.anode.mechanical_test_result import MechanicalTest

SIZE = (4.8, 2.9)  # inches, with the legend beside the panel
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

    with mpl.rc_context(STYLE):
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


def write_lithium_test(test: MechanicalTest, path: str | Path) -> Path:
    """Write the figure of a test and return its path.

    Raises
    ------
    InputError
        If the name ends in no known format.
    """
    return save_figure(plot_lithium_test(test), path)
