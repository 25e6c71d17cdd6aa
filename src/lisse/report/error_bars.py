"""Error bars in the report of a run: bands of the voltage curves, ends on the cards, and the table of all numbers.

Leaves out: the draws behind them (``lisse.studies.uncertainty``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lisse.report.svg import Array, Colour, LegendItem, Panel, summary_number

if TYPE_CHECKING:
    from lisse.studies.uncertainty import Band, Uncertainty

SHADE = Colour("#8b95a1", "#8b95a1")
"""Colour of a band: that of no cycle."""
CARDS = {
    "First discharge": ("discharge_capacity_mAh_g", 1.0, False),
    "Areal capacity": ("discharge_capacity_mAh_cm2", 1.0, False),
    "Mean voltage": ("mean_discharge_voltage_V", 1.0, False),
    "First efficiency": ("coulombic_efficiency", 100.0, False),
    "Discharge, cycle": ("discharge_capacity_mAh_g", 1.0, True),
}
"""Number behind a card: key of a cycle, factor, and whether it is of the last cycle."""


def _bands(run: Any) -> list[Band]:
    """Return the bands of the first cycle: those of others would lie on top of them."""
    spread: Uncertainty | None = getattr(run, "spread", None)
    bands = () if spread is None else spread.bands
    return [band for band in bands if band.cycle == min(other.cycle for other in bands)]


def legend(run: Any) -> list[LegendItem]:
    """Return the legend of the bands."""
    return [LegendItem(f"5 to 95 % of the draws, cycle {band.cycle}", SHADE, "area") for band in _bands(run)[:1]]


def shade(panel: Panel, run: Any) -> None:
    """Draw the bands of the voltage curves of a run that has any."""
    for band in _bands(run):
        name = f"cycle {band.cycle}, {band.kind}, median of the draws"
        panel.area(band.capacity, band.low, band.high, band.median, name, SHADE, digits=3, css="area band")


def reach(run: Any) -> tuple[list[Array], list[Array]]:
    """Return capacities and voltages that the bands of a run reach, for the axes."""
    bands = _bands(run)
    return [band.capacity for band in bands], [ends for band in bands for ends in (band.low, band.high)]


def cards(summary: Mapping[str, Any], headline: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Return the cards of the headline, each with the 5 to 95 % of its number; empty where there are none."""
    values = (summary.get("uncertainty") or {}).get("values") or {}
    rows = [
        number
        for number, row in enumerate(summary.get("cycles") or [])
        if (row.get("discharge_capacity_mAh_g") or 0) > 0
    ]
    out = []
    for label, value, unit in headline:
        known = next((entry for start, entry in CARDS.items() if label.startswith(start)), None)
        ends = ""
        if known is not None and rows:
            key, factor, last = known
            band = values.get(f"cycles.{rows[-1] if last else rows[0]}.{key}")
            ends = "" if band is None else _ends(band, factor)
        out.append((label, value, unit, ends))
    return out


def _ends(band: Mapping[str, float], factor: float) -> str:
    return f"{summary_number(factor * band['p05'], 3)} to {summary_number(factor * band['p95'], 3)}"


def rows(summary: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the numbers of the first and the last cycle and the mean losses: name, this cell, median, 5 to 95 %."""
    values = (summary.get("uncertainty") or {}).get("values") or {}
    last = len(summary.get("cycles") or []) - 1
    shown = [path for path in values if path.startswith(("cycles.0.", f"cycles.{last}.", "losses_V."))]
    return [
        (
            _words(path, summary),
            summary_number(_find(summary, path)),
            summary_number(values[path]["median"]),
            _ends(values[path], 1.0),
        )
        for path in shown
    ]


def _words(path: str, summary: Mapping[str, Any]) -> str:
    head, *rest = path.split(".")
    if head == "losses_V":
        return f"mean overpotential, {rest[0].replace('_', ' ')}, V"
    cycle = (summary.get("cycles") or [])[int(rest[0])].get("cycle")
    return f"cycle {cycle}, {' '.join(rest[1:]).replace('_', ' ')}"


def _find(document: Any, path: str) -> Any:
    for step in path.split("."):
        document = document[int(step)] if isinstance(document, list) else document.get(step)
        if document is None:
            return None
    return document


def notes(summary: Mapping[str, Any]) -> list[str]:
    """Return how the error bars came about, and what became of draws that gave nothing."""
    found = summary.get("uncertainty") or {}
    if not found:
        return []
    out = [
        f"{found['count']} draws of {found['claims']} claims ({found['sampling']}, seed {found['seed']}) at the "
        "currents of this cell: what the spreads of the claims below allow. The error of the equations is not in it."
    ]
    reasons: Iterable[tuple[str, int]] = found["failed"]["reasons"].items()
    out += [f"{count} draws gave no cell or no result: {reason}" for reason, count in reasons]
    return out
