"""Figures of stability: windows of many materials, one ladder, energy of an interface, voltammograms.

Leaves out: the numbers (``lisse.stability``, ``lisse.thermodynamics``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError
from lisse.report.figures import STYLE, save_figure
from lisse.report.palette import DISCHARGE, NEUTRAL, ORIGINS, WARM
from lisse.thermodynamics.composition import parse

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lisse.stability import Contact, Overview, Row, Stability
    from lisse.thermodynamics.table import Scheme
    from lisse.thermodynamics.voltammogram import Apparent, Voltammogram

COLOURS = {"uncorrected_S": DISCHARGE.light, "mp2020": WARM.light, "legacy": NEUTRAL.light}
"""Colour of each scheme."""
STYLES = {"uncorrected_S": "-", "mp2020": (0, (4, 1.5)), "legacy": ":"}
"""Line of each scheme: where two lie on each other, both are seen."""
NAMES = {"uncorrected_S": "no S correction", "mp2020": "MP2020", "legacy": "legacy"}
"""Schemes in words."""
GROUPS = {
    "electrolyte": ("electrolytes", ORIGINS["separator"][1].light),
    "coating": ("coatings", ORIGINS["anode"][1].light),
    "binary": ("binaries", NEUTRAL.light),
}
"""Groups of the overview, with their colours."""
HIGHEST_DRAWN = 5.0
"""Upper end of a ladder and of a voltammogram [V]."""
LONGEST_NAME = 30
"""Letters of the names beside a bar."""
LEAST_GAP = 0.19
"""Distance of two labels of a ladder [V]."""


def as_formula(name: str) -> str:
    """Return a name with the numbers of its formulas as subscripts, for Matplotlib.

    Examples
    --------
    >>> as_formula("Li6PS5Cl"), as_formula("67Li2S-33P2S5"), as_formula("0.5 Li(PO3)2"), as_formula("NMC811")
    ('Li$_{6}$PS$_{5}$Cl', '67Li$_{2}$S-33P$_{2}$S$_{5}$', '0.5 Li(PO$_{3}$)$_{2}$', 'NMC811')
    """
    return re.sub(r"[A-Z][A-Za-z0-9.()]*", lambda word: _subscripts(word[0]), name)


def _subscripts(word: str) -> str:
    try:
        parse(word)
    except InputError:
        return word
    return re.sub(r"(?<=[A-Za-z)])(\d+(?:\.\d+)?)", r"$_{\1}$", word)


def joined(phases: Sequence[str]) -> str:
    """Return phases with pluses between them, for Matplotlib."""
    return " + ".join(as_formula(phase) for phase in phases)


# Windows of many materials


def plot_overview(found: Overview) -> Figure:
    """Return bars from the reduction to the oxidation potential: full where all schemes agree, pale where one does.

    Thin lines are kinetic windows of papers. Materials without a window are left out.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawn = [row for row in found.rows if row.windows]
    places = _places(drawn)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.2, 0.7 + 0.165 * (places[-1] + 1 if places else 1)), layout="constrained")
        axes = figure.add_subplot()
        for place, row in zip(places, drawn, strict=True):
            _bar(axes, place, row)
        axes.set_yticks(places, [as_formula(_label(row)) for row in drawn], fontsize=7)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim((places[-1] if places else 0) + 0.8, -0.8)
        axes.set_xlim(left=0)
        axes.set_xlabel("potential against lithium / V")
        axes.grid(axis="x", color="0.9", linewidth=0.5)
        axes.set_axisbelow(True)
        axes.legend(handles=_legend(), loc="lower right", fontsize=7)
    return figure


def _places(rows: Sequence[Row]) -> list[float]:
    """Return the height of each bar, with room between groups."""
    places: list[float] = []
    for before, row in zip([None, *rows], rows, strict=False):
        step = 0.0 if before is None else 1.0 if before.group == row.group else 1.8
        places.append((places[-1] if places else 0.0) + step)
    return places


def _bar(axes: Any, place: float, row: Row) -> None:
    from matplotlib.patheffects import withStroke

    from lisse.thermodynamics.windows import band

    edges, colour = band(row.windows), GROUPS[row.group][1]
    halo = [withStroke(linewidth=2.4, foreground="white")]
    (low, last), (first, high) = edges["reduction_V"], edges["oxidation_V"]
    axes.barh(place, high - low, 0.66, left=low, color=colour, alpha=0.35, linewidth=0)
    if first > last:
        axes.barh(place, first - last, 0.66, left=last, color=colour, linewidth=0)
    for kinetic in row.kinetic:
        if kinetic.quantity == "intrinsic" and kinetic.reduction_V is not None and kinetic.oxidation_V is not None:
            ends = [kinetic.reduction_V, kinetic.oxidation_V]
            axes.plot(ends, [place, place], color="black", linewidth=0.9, marker="|", path_effects=halo)


def _label(row: Row) -> str:
    name = row.names[0]
    more = f" (and {len(row.names) - 1} more)" if len(row.names) > 1 else ""
    return name if len(name + more) > LONGEST_NAME else name + more


def _legend() -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bars: list[Any] = [Patch(color=colour, label=label) for label, colour in GROUPS.values()]
    grey = NEUTRAL.light
    return [
        *bars,
        Patch(facecolor=grey, alpha=0.35, label="one scheme only"),
        Line2D([], [], color="black", linewidth=0.9, marker="|", label="kinetic (topotactic), published"),
    ]


# One ladder


def plot_ladder(found: Stability) -> Figure:
    """Return potential against lithium taken up, in each scheme, with the phases of the first scheme beside it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 3.8), layout="constrained")
        axes, words = figure.subplots(1, 2, sharey=True, width_ratios=(1.0, 1.15))
        for scheme, window in found.windows.items():
            lithium, volts = [], []
            for step in window.ladder:
                if step.lower < HIGHEST_DRAWN:
                    lithium += [step.lithium_uptake] * 2
                    volts += [step.lower, min(step.upper, HIGHEST_DRAWN)]
            axes.plot(lithium, volts, color=COLOURS[scheme], linestyle=STYLES[scheme], label=NAMES[scheme])
            axes.axhspan(window.reduction, window.oxidation, color=COLOURS[scheme], alpha=0.1, linewidth=0)
        axes.set(xlabel="lithium taken up per formula unit", ylabel="potential against lithium / V")
        axes.set_ylim(0, HIGHEST_DRAWN)
        axes.legend(loc="upper right")
        axes.set_title(as_formula(found.substance.name), fontsize=8.5)
        _words(words, found)
    return figure


def _words(axes: Any, found: Stability) -> None:
    """Write the phases of every step beside its middle, apart where steps are narrow."""
    scheme, window = next(iter(found.windows.items()))
    steps = [step for step in window.ladder if step.lower < HIGHEST_DRAWN]
    middles = [0.5 * (step.lower + min(step.upper, HIGHEST_DRAWN)) for step in steps]
    gap = min(LEAST_GAP, HIGHEST_DRAWN / (len(steps) + 1))
    for step, middle, height in zip(steps, middles, _apart(middles, gap), strict=True):
        axes.plot([0, 0.05], [middle, height], color="0.6", linewidth=0.6, clip_on=False)
        axes.text(0.06, height, joined(list(step.phases)), fontsize=min(7.0, 37 * gap), va="center")
    axes.set_xlim(0, 1)
    axes.set_title(f"phases ({NAMES[scheme]})", fontsize=8.5, loc="left")
    axes.axis("off")


def _apart(heights: Sequence[float], gap: float) -> list[float]:
    """Return rising heights at least a gap apart, as near to the given ones as one pass each way brings them."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else max(height, 0.5 * gap))
    limit = HIGHEST_DRAWN - 0.5 * gap
    for place in range(len(moved) - 1, -1, -1):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - gap
    return moved


# An interface


def plot_contact(found: Contact) -> Figure:
    """Return reaction energy against the share of the second material, with the products at the minimum."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.6, 3.2), layout="constrained")
        axes = figure.add_subplot()
        for scheme, reaction in found.reactions.items():
            shares = [kink.fraction for kink in reaction.kinks]
            energies = [1e3 * kink.energy for kink in reaction.kinks]
            axes.plot(shares, energies, color=COLOURS[scheme], marker=".", markersize=3.5, linewidth=1.1)
            label = NAMES[scheme]
            if reaction.reacts:
                lowest = reaction.strongest
                axes.plot(lowest.fraction, 1e3 * lowest.energy, "o", color=COLOURS[scheme], markersize=5)
                label += f": {1e3 * lowest.energy:.0f} meV/atom, {_wrapped(list(lowest.products))}"
            axes.plot([], [], color=COLOURS[scheme], marker="o", markersize=4, label=label)
        axes.axhline(0.0, color="0.7", linewidth=0.6)
        first, second = as_formula(found.first.name), as_formula(found.second.name)
        axes.set(xlabel=f"atoms of {second} in {first}", ylabel="reaction energy / meV per atom", xlim=(0, 1))
        if found.voltage is not None:
            axes.set_title(f"lithium exchanged at {found.voltage:g} V", fontsize=8.5)
        figure.legend(loc="outside lower center", fontsize=6.5)
    return figure


def _wrapped(phases: Sequence[str], in_line: int = 5) -> str:
    lines = [list(phases[start : start + in_line]) for start in range(0, len(phases), in_line)]
    return " +\n".join(joined(line) for line in lines)


# Voltammograms


def plot_voltammogram(found: Mapping[Scheme, Voltammogram], name: str) -> Figure:
    """Return the current of a mixture with carbon and that of a flat metal, both per area of the cell."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 4.2), layout="constrained")
        carbon, metal = figure.subplots(2, 1, sharex=True)
        for scheme, one in found.items():
            for axes, shown in ((carbon, one.carbon), (metal, one.metal)):
                style: dict[str, Any] = {"color": COLOURS[scheme], "linestyle": STYLES[scheme], "label": NAMES[scheme]}
                axes.plot(one.voltages, 1e2 * shown.current, **style)
        one = next(iter(found.values()))
        carbon.axvspan(one.window.reduction, one.window.oxidation, color="0.92", linewidth=0)
        carbon.set_title(f"Li | {as_formula(name)} | {as_formula(name)} + carbon", fontsize=8.5)
        carbon.legend(loc="upper right")
        _flat(metal, name, [each.metal for each in found.values()])
        for axes in (carbon, metal):
            axes.axhline(0.0, color="0.7", linewidth=0.6)
            axes.set_ylabel("current / µA cm$^{-2}$")
        metal.set(xlabel="potential against lithium / V", xlim=(0, HIGHEST_DRAWN))
    return figure


def _flat(axes: Any, name: str, shown: Sequence[Apparent]) -> None:
    """Give the panel of the flat metal the scale on which lithium plates, and say what disappears on it."""
    from lisse.thermodynamics.voltammogram import DETECTION_LIMIT, PLATING

    most = max(1e2 * float(abs(one.current).max()) for one in shown)
    limit, scale = 1e2 * DETECTION_LIMIT, 1e2 * PLATING
    axes.axhspan(-limit, limit, color="0.85", linewidth=0)
    words = f"largest current: {most:.2g} µA cm$^{{-2}}$; under {limit:g} (grey) not told from zero"
    axes.text(0.99, 0.62, words, transform=axes.transAxes, ha="right", fontsize=7, color="0.25")
    axes.set_ylim(-scale, scale)
    axes.set_title(f"Li | {as_formula(name)} | flat metal, on the scale at which lithium plates", fontsize=8.5)


def write_overview(found: Overview, path: Path) -> Path:
    """Write the bars of many windows to a file."""
    return save_figure(plot_overview(found), path)


def write_ladder(found: Stability, path: Path) -> Path:
    """Write a ladder to a file."""
    return save_figure(plot_ladder(found), path)


def write_contact(found: Contact, path: Path) -> Path:
    """Write the energy of an interface to a file."""
    return save_figure(plot_contact(found), path)


def write_voltammogram(found: Mapping[Scheme, Voltammogram], name: str, path: Path) -> Path:
    """Write voltammograms to a file."""
    return save_figure(plot_voltammogram(found, name), path)
