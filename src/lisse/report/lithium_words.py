"""What the tests of the lithium interface found, in words and rows: for the terminal and for the page of a figure.

Leaves out: drawing (``lisse.report.lithium_figures``) and the full numbers, which ``summary()`` has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lisse.lithium.critical_current import CriticalCurrent
    from lisse.lithium.cycle_life import Life
    from lisse.lithium.operating_map import OperatingMap
    from lisse.lithium.patches import LocalCurrents
    from lisse.lithium.simulator import Simulator
    from lisse.lithium.stripping import Strip

WORDS = {
    "short": "shorted",
    "contact_loss": "lost contact",
    "voltage_limit": "reached the voltage limit",
    "lithium_exhausted": "ran out of lithium",
    "lithium_extrusion": "squeezed out their lithium",
    "interphase_through": "were crossed by the interphase",
    "survived": "survived",
}
"""What became of a cell, by the name of its ending."""
LETTERS = {
    "short_voids": "o",
    "short_current": "S",
    "short_pores": "P",
    "contact_loss": "C",
    "voltage_limit": "V",
    "lithium_exhausted": "L",
    "lithium_extrusion": "X",
    "interphase_through": "I",
    "survived": ".",
}
"""One letter for each ending, shorts by their cause, for the map in a terminal."""
LABELS = {
    "short_voids": "short, crowded by voids",
    "short_current": "short, current too high",
    "short_pores": "short, crept through pores",
}
"""What the map calls the shorts; other endings have their names."""
MOST_ROWS = 12
"""A table in a terminal has no more rows than this, the map apart."""
WIDEST_MAP = 45
"""Pressures that fit beside the table of a map in 80 columns."""


@dataclass(frozen=True)
class Words:
    """One result, ready to be read.

    Attributes
    ----------
    title, conditions, verdict
        One line each.
    notes
        Further lines under the verdict.
    columns, rows
        The table; a line break in a heading stands before the unit.
    monospaced, key
        Number of the column whose text is a drawing in characters, and what these mean; None without one.
    warnings
        Sentences of the result.
    """

    title: str
    conditions: str
    verdict: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    monospaced: int | None = None
    key: str = ""
    warnings: Sequence[str] = field(default_factory=tuple)


def counted(counts: Mapping[str, int]) -> str:
    """Say how many cells ended in which way.

    Examples
    --------
    >>> counted({"short": 181, "voltage_limit": 15, "survived": 4})
    '181 of 200 shorted, 15 reached the voltage limit, 4 survived'
    """
    total = sum(counts.values())
    order = sorted((name for name in counts if name != "survived"), key=lambda name: -counts[name])
    parts = [f"{counts[name]} {WORDS[name]}" for name in (*order, "survived") if counts.get(name)]
    first, *others = parts
    number, words = first.split(" ", 1)
    return ", ".join([f"{number} of {total} {words}", *others])


def banded(band: Mapping[str, float | None], unit: str, beyond: str = "not reached") -> str:
    """Say a median with its 10 and 90 % percentiles; ``beyond`` stands for a percentile that no cell reached.

    Examples
    --------
    >>> banded({"median": 1.3, "p10": 0.5, "p90": None}, "mA/cm2", "above 5")
    'median 1.3 mA/cm2 (10-90 %: 0.5 to above 5)'
    """
    median, low, high = (band[name] for name in ("median", "p10", "p90"))
    said = f"{beyond} {unit}" if median is None else f"{median:.3g} {unit}"
    if low is None:
        return f"median {said}"
    return f"median {said} (10-90 %: {low:.3g} to {beyond if high is None else f'{high:.3g}'})"


def ended_by(simulator: Simulator, reached: NDArray[Any], places: NDArray[Any]) -> dict[str, NDArray[np.int64]]:
    """Count the cells that had ended by each place, by ending.

    Parameters
    ----------
    simulator
        Cells after the test.
    reached
        Place at which each cell ended, shape (cells,).
    places
        Rising, shape (n,): current densities, or numbers of cycles.

    Returns
    -------
    dict
        For each ending that occurred, counts of shape (n,).
    """
    from lisse.lithium.interface import Ending

    found = {}
    codes = simulator.state.ending
    for ending in Ending:
        mine = codes == ending
        if ending.label is not None and mine.any():
            found[ending.label] = np.array([int((reached[mine] <= place).sum()) for place in places], dtype=np.int64)
    return found


def points(result: OperatingMap) -> list[list[str]]:
    """Return the ending at each point of a map, shorts with their cause, shape (currents, pressures)."""
    from lisse.lithium.interface import Ending

    return [
        [
            (Ending(int(code)).label or "survived") + (f"_{cause}" if cause else "")
            for code, cause in zip(codes, causes, strict=True)
        ]
        for codes, causes in zip(result.ending, result.cause, strict=True)
    ]


def label(name: str) -> str:
    """Return what an ending of the map is called.

    Examples
    --------
    >>> label("short_pores"), label("voltage_limit")
    ('short, crept through pores', 'voltage limit')
    """
    return LABELS.get(name, name.replace("_", " "))


def critical_current_words(result: CriticalCurrent) -> Words:
    """Return the outcome of a critical-current test in words."""
    values = result.summary()
    steps = values["steps"]
    currents = np.array(result.ladder.currents[: len(steps)])
    ended = ended_by(result.simulator, result.current, currents)
    rows = []
    for first, last in _groups(len(steps)):
        before = {name: counts[first - 1] if first else 0 for name, counts in ended.items()}
        rows.append(
            (
                _span(steps[first]["current_density_mA_cm2"], steps[last]["current_density_mA_cm2"]),
                *(str(counts[last] - before[name] or "") for name, counts in ended.items()),
                str(steps[last]["survived"]),
                f"{steps[last]['coverage_median']:.2f}",
                f"{steps[last]['voltage_median_V']:.3g}",
            )
        )
    alone, notes = values["deterministic"], _shorts(values)
    said = alone["critical_current_density_mA_cm2"]
    fate = "survives" if said is None else f"{said:.3g} mA/cm2, {alone['ended_by'].replace('_', ' ')}"
    notes.append(f"cell with every claim's own value: {fate}")
    half = (
        f"{values['step_time_h']:.3g} h" if values["step_time_h"] else f"{values['step_capacity_mAh_cm2']:.3g} mAh/cm2"
    )
    last_step = result.ladder.currents[-1] / 10
    return Words(
        title=f"critical current density of {values['cell']}",
        conditions=f"{_conditions(values)}; {half} each way; {_cells(values)}",
        verdict=f"{banded(values['critical_current_density_mA_cm2'], 'mA/cm2', f'above {last_step:.3g}')}; "
        f"{counted(values['endings'])}",
        columns=(
            "steps\nmA/cm2",
            *(name.replace("_", "\n", 1).replace("_", " ") for name in ended),
            "cells\nleft",
            "left by\nvoids",
            "voltage\nV",
        ),
        rows=rows,
        notes=notes,
        warnings=values["warnings"],
    )


def strip_words(result: Strip) -> Words:
    """Return the outcome of a stripping half cycle in words."""
    values = result.summary()
    history, critical = values["history"], values["critical_stripping_current_mA_cm2"]
    left = np.isfinite(result.coverage).sum(axis=1)
    rows = [
        (
            f"{history['time_h'][at]:.3g}",
            _number(history["contact_fraction"][at], 3),
            _number(history["void_coverage"][at], 3),
            _number(history["voltage_V"][at], 3),
            str(left[at]),
        )
        for _, at in _groups(len(history["time_h"]))
    ]
    return Words(
        title=f"stripping of {values['cell']} at {values['current_density_mA_cm2']:.3g} mA/cm2",
        conditions=f"{_conditions(values)}; {_cells(values)}",
        verdict=f"critical stripping current: {banded(critical, 'mA/cm2')}; {counted(values['endings'])}",
        columns=("time\nh", "contact\nfraction", "left by\nvoids", "voltage\nV", "cells\nleft"),
        rows=rows,
        notes=[f"cell with every claim's own value: {critical['deterministic']:.3g} mA/cm2"],
        warnings=values["warnings"],
    )


def patch_words(result: LocalCurrents) -> Words:
    """Return how the current spreads over the patches of one electrode, in words."""
    values = result.summary()
    shares, contact = values["local_current_over_mean"], values["contact_fraction"]["mean"]
    rows = [
        (
            f"{values['time_h'][at]:.3g}",
            f"{contact[at]:.3g}",
            f"{shares['median'][at]:.3g}",
            f"{shares['p90'][at]:.3g}",
            f"{shares['max'][at]:.3g}",
            f"{values['voltage_V'][at]:.3g}",
            str(values["patches_lost"][at]),
        )
        for _, at in _groups(len(values["time_h"]))
    ]
    rim = values["rim"]
    return Words(
        title=f"stripping of {values['cell']} at {values['current_density_mA_cm2']:.3g} mA/cm2",
        conditions=f"one electrode of {values['patches']} patches, seed {values['seed']}",
        verdict=f"highest local current {shares['max'][-1]:.2f} of the mean, {values['patches_lost'][-1]} patches lost",
        columns=(
            "time\nh",
            "contact\nfraction",
            "current\nmedian",
            "over mean\np90",
            "\nmax",
            "voltage\nV",
            "patches\nlost",
        ),
        rows=rows,
        notes=[
            f"current over the mean at the rim {rim['current_over_mean_rim']:.2f}, "
            f"in the middle {rim['current_over_mean_middle']:.2f}"
        ],
        warnings=values["warnings"],
    )


def cycle_life_words(result: Life) -> Words:
    """Return the outcome of a cycling test in words."""
    values = result.summary()
    cycles = values["cycles"]
    rows = []
    for _, at in _groups(len(cycles)):
        row = cycles[at]
        rows.append(
            (
                str(row["cycle"]),
                str(int((result.history.cycles >= row["cycle"]).sum())),
                f"{row['contact_fraction']:.2f}",
                f"{row['void_coverage']:.2f}",
                f"{row['voltage_V']:.3g}",
                f"{row['anode_interphase_nm']:.3g}",
                f"{row['lithium_lost_mAh_cm2']:.2g}",
            )
        )
    alone = values["deterministic"]
    strip, plate = values["strip_current_density_mA_cm2"], values["plate_current_density_mA_cm2"]
    current = f"{strip:.3g} mA/cm2" if strip == plate else f"strips at {strip:.3g}, plates at {plate:.3g} mA/cm2"
    counts = values["endings"]
    # A percentile that was not reached: cells that ended otherwise never short, those that live might.
    longest = float(result.simulator.state.time.max()) / 3600
    beyond = f"beyond {longest:.3g}" if counts["survived"] else "never"
    what, times = ("short", "time_to_short_h") if counts.get("short") else ("the end", "time_to_end_h")
    return Words(
        title=f"cycle life of {values['cell']}",
        conditions=f"{_conditions(values)}; {current}, {values['half_cycle_capacity_mAh_cm2']:.3g} mAh/cm2 each way; "
        f"{_cells(values)}",
        verdict=f"time to {what}: {banded(values[times], 'h', beyond)}; {counted(counts)}",
        columns=(
            "cycle",
            "cells\nleft",
            "contact\nfraction",
            "left by\nvoids",
            "voltage\nV",
            "interphase\nnm",
            "lithium lost\nmAh/cm2",
        ),
        rows=rows,
        notes=[
            *_shorts(values),
            f"cell with every claim's own value: {alone['ended_by'].replace('_', ' ')} after "
            f"{alone['cycles_completed']} cycles, {alone['time_h']:.3g} h",
        ],
        warnings=values["warnings"],
    )


def operating_map_words(result: OperatingMap, spacing: tuple[str, str] = ("linear", "linear")) -> Words:
    """Return an operating map in words; ``spacing`` is that of the pressures and of the current densities."""
    values = result.summary()
    pressures, currents = values["stack_pressure_MPa"], values["current_density_mA_cm2"]
    drawn = len(pressures) <= WIDEST_MAP
    between = " " if len(pressures) <= WIDEST_MAP // 2 else ""
    rows, occurring = [], set()
    for endings, window in zip(reversed(points(result)), reversed(values["window"]), strict=True):
        occurring.update(endings)
        low, high = window["lowest_pressure_MPa"], window["highest_pressure_MPa"]
        said = "none" if low is None else _span(low, high)
        row = [f"{window['current_density_mA_cm2']:.3g}"]
        rows.append([*row, between.join(LETTERS[name] for name in endings), said] if drawn else [*row, said])
    safe = [window for window in values["window"] if window["lowest_pressure_MPa"] is not None]
    verdict = "no pressure and current of the map lets the cell live"
    if safe:
        best = safe[-1]
        reach = _span(best["lowest_pressure_MPa"], best["highest_pressure_MPa"])
        verdict = f"the cell lives up to {best['current_density_mA_cm2']:.3g} mA/cm2, there at {reach} MPa"
    legend = ", ".join(f"{LETTERS[name]} {label(name)}" for name in LETTERS if name in occurring)
    ratio = "" if result.ratio == 1 else f"; plates at {result.ratio:.3g} times the stripping current"
    ratio += f"; {values['temperature_degC']:.3g} degC"
    return Words(
        title=f"operating map of {values['cell']}",
        conditions=f"{_axis_of('pressure', pressures, 'MPa', spacing[0])}, "
        f"{_axis_of('current', currents, 'mA/cm2', spacing[1])}; "
        f"{values['half_cycle_capacity_mAh_cm2']:.3g} mAh/cm2 each way, {values['cycles_asked']} cycles{ratio}",
        verdict=verdict,
        columns=("current\nmA/cm2", *(["pressure\n" + _ends(pressures, between)] if drawn else []), "lives at\nMPa"),
        rows=rows,
        key=legend if drawn else "",
        monospaced=1 if drawn else None,
        warnings=values["warnings"],
    )


def _axis_of(name: str, values: Sequence[float], unit: str, spacing: str) -> str:
    """Say what an axis of the map holds."""
    if len(values) == 1:
        return f"{name} {values[0]:.3g} {unit}"
    return f"{len(values)} {name}s ({spacing}) of {_span(values[0], values[-1])} {unit}"


def _ends(pressures: Sequence[float], between: str) -> str:
    """Write the ends of the pressure axis over a row of letters."""
    first, last = f"{pressures[0]:.3g}", f"{pressures[-1]:.3g} MPa"
    if len(pressures) == 1:
        return last
    width = len(pressures) + (len(pressures) - 1) * len(between)
    return first + " " * max(1, width - len(first) - len(last)) + last


def _groups(count: int) -> list[tuple[int, int]]:
    """Share rows among at most MOST_ROWS equal groups; return the first and the last row of each."""
    size = max(1, -(-count // MOST_ROWS))
    return [(first, min(first + size, count) - 1) for first in range(0, count, size)]


def _shorts(values: Mapping[str, Any]) -> list[str]:
    """Say what caused the shorts, and of which mode their filaments were."""
    causes, modes = (
        ", ".join(f"{count} {name}" for name, count in values[key].items())
        for key in ("short_causes", "filament_modes")
    )
    return [f"shorts by cause: {causes}; by filament: {modes}"] if causes and modes else []


def _span(low: float, high: float) -> str:
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}g}"


def _conditions(values: Mapping[str, Any]) -> str:
    return f"{values['stack_pressure_MPa']:.3g} MPa, {values['temperature_degC']:.3g} degC"


def _cells(values: Mapping[str, Any]) -> str:
    return f"{values['cells']} cell{'' if values['cells'] == 1 else 's'}, seed {values['seed']}"
