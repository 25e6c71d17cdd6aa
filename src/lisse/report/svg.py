"""Scales, ticks and vector panels for the report's figures, written as plain SVG text.

Leaves out: three dimensions, animation and anything that would need a plotting library in the browser. Colours are
given twice (light page, dark page) as CSS variables, so one drawing serves both and the printer gets the light one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Colour:
    """One colour for a light page and its counterpart for a dark one (both ``#rrggbb``)."""

    light: str
    dark: str

    @property
    def style(self) -> str:
        """CSS declarations that the stylesheet's class ``c`` turns into ``currentColor``."""
        return f"--l:{self.light};--d:{self.dark}"


@dataclass(frozen=True)
class LegendItem:
    """One line of a figure's legend; ``shape`` is ``line``, ``dash``, ``area``, ``dot`` or ``ring``."""

    name: str
    colour: Colour | None
    shape: str = "line"


@dataclass(frozen=True)
class Figure:
    """A drawing with what a reader needs beside it."""

    key: str
    title: str
    svg: str
    caption: str = ""
    legend: tuple[LegendItem, ...] = ()
    wide: bool = False


@dataclass(frozen=True)
class Scale:
    """Map data from ``lo`` to ``hi`` onto pixels from ``p0`` to ``p1``, linear or logarithmic."""

    lo: float
    hi: float
    p0: float
    p1: float
    log: bool = False

    def __call__(self, value: ArrayLike) -> Array:
        """Return pixel positions, same shape as ``value``."""
        v = np.asarray(value, dtype=float)
        if self.log:
            part = (np.log10(v) - math.log10(self.lo)) / (math.log10(self.hi) - math.log10(self.lo))
        else:
            part = (v - self.lo) / (self.hi - self.lo)
        return np.asarray(self.p0 + part * (self.p1 - self.p0))

    def at(self, value: float) -> float:
        """Return one pixel position."""
        return float(self(value))

    @property
    def data(self) -> str:
        """Attribute text from which the page's script turns pixels back into data."""
        return f"{self.lo:.10g} {self.hi:.10g} {self.p0:g} {self.p1:g} {int(self.log)}"


def ticks(lo: float, hi: float, count: int = 5, whole: bool = False) -> list[float]:
    """Return round tick values inside ``[lo, hi]``, about ``count`` of them."""
    raw = (hi - lo) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= raw * 0.999)
    if whole:
        step = max(1.0, float(round(step)))
    first = math.ceil(lo / step - 1e-9)
    last = math.floor(hi / step + 1e-9)
    return [0.0 if k == 0 else k * step for k in range(first, last + 1)]


def tick_text(values: Sequence[float]) -> list[str]:
    """Write ticks with as many decimals as their step needs, and with a true minus sign."""
    if len(values) < 2:
        return [f"{v:g}".replace("-", "−") for v in values]
    step = abs(values[1] - values[0])
    decimals = next((d for d in range(9) if abs(step * 10**d - round(step * 10**d)) < 1e-6 * 10**d * step), 9)
    return [f"{v:,.{decimals}f}".replace("-", "−").replace(",", "\u202f") for v in values]


def limits(
    values: Iterable[ArrayLike],
    pad: float = 0.05,
    least: float = 1e-9,
    zero: bool = False,
    fallback: tuple[float, float] = (0.0, 1.0),
) -> tuple[float, float]:
    """Return axis limits that hold every finite value, with a margin.

    Parameters
    ----------
    values
        Arrays in one unit; NaN and infinities are ignored.
    pad
        Margin on each side as a fraction of the span.
    least
        Smallest span shown, so that numerical noise on a constant does not fill the panel.
    zero
        Make the axis start (or end) at zero.
    fallback
        Limits where nothing is finite.
    """
    flat = [np.asarray(v, dtype=float).ravel() for v in values]
    joined = np.concatenate(flat) if flat else np.empty(0)
    joined = joined[np.isfinite(joined)]
    if joined.size == 0:
        return fallback
    lo, hi = float(joined.min()), float(joined.max())
    if zero:
        lo, hi = min(lo, 0.0), max(hi, 0.0)
    if hi - lo < least:
        middle = (lo + hi) / 2
        lo, hi = middle - least / 2, middle + least / 2
    margin = pad * (hi - lo)
    low = lo if zero and lo == 0.0 else lo - margin
    high = hi if zero and hi == 0.0 else hi + margin
    return low, high


def _envelope(x: Array, y: Array) -> Indices:
    """Indices of the first, lowest, highest and last point in each half pixel (x must not decrease)."""
    bins = np.floor(x * 2).astype(int)
    edges = np.flatnonzero(np.diff(bins)) + 1
    keep: list[int] = []
    for part in np.split(np.arange(x.size), edges):
        keep += [part[0], part[int(np.argmin(y[part]))], part[int(np.argmax(y[part]))], part[-1]]
    return np.unique(np.asarray(keep))


def thin(x: Array, y: Array, tolerance: float = 0.12) -> Indices:
    """Return the indices that draw the same line within ``tolerance`` pixels (Douglas and Peucker's rule)."""
    index: Indices = np.arange(x.size)
    if x.size > 4000 and bool(np.all(np.diff(x) >= 0)):
        index = _envelope(x, y)
    px, py = x[index], y[index]
    keep = np.zeros(px.size, dtype=bool)
    keep[[0, -1]] = True
    todo = [(0, px.size - 1)]
    while todo:
        a, b = todo.pop()
        if b - a < 2:
            continue
        dx, dy = px[b] - px[a], py[b] - py[a]
        length = math.hypot(dx, dy)
        mx, my = px[a + 1 : b] - px[a], py[a + 1 : b] - py[a]
        off = np.hypot(mx, my) if length == 0 else np.abs(dx * my - dy * mx) / length
        worst = int(np.argmax(off))
        if off[worst] > tolerance:
            middle = a + 1 + worst
            keep[middle] = True
            todo += [(a, middle), (middle, b)]
    return np.asarray(index[keep])


def path(x: Array, y: Array) -> str:
    """Return an SVG path through pixel positions; NaN lifts the pen."""
    good = np.isfinite(x) & np.isfinite(y)
    parts: list[str] = []
    starts = np.flatnonzero(good & ~np.concatenate(([False], good[:-1])))
    stops = np.flatnonzero(good & ~np.concatenate((good[1:], [False])))
    for a, b in zip(starts, stops, strict=True):
        sx, sy = x[a : b + 1], y[a : b + 1]
        keep = thin(sx, sy) if sx.size > 2 else np.arange(sx.size)
        parts.append("M" + "L".join(f"{u:.2f},{v:.2f}" for u, v in zip(sx[keep], sy[keep], strict=True)))
    return "".join(parts)


@dataclass
class Panel:
    """One plot with axes; several may stand in one drawing.

    ``hover`` is ``near`` (the nearest curve answers) or ``column`` (every curve answers at that abscissa).
    """

    x: Scale
    y: Scale
    xlabel: str = ""
    ylabel: str = ""
    xunit: str = ""
    yunit: str = ""
    hover: str = "near"
    whole_x: bool = False
    show_x: bool = True
    label_above: bool = False
    xticks: int = 6
    yticks: int = 5
    body: list[str] = field(default_factory=list)

    def line(self, x: ArrayLike, y: ArrayLike, name: str, colour: Colour | None, css: str = "line") -> None:
        """Draw a curve; ``colour=None`` takes the ink of the page (used for measured data)."""
        d = path(self.x(x), self.y(y))
        if d:
            self.body.append(f'<path class="s {_cls(colour)} {css}" {_st(colour)} data-n="{escape(name)}" d="{d}"/>')

    def area(
        self,
        x: Array,
        low: Array,
        high: Array,
        value: Array,
        name: str,
        colour: Colour,
        digits: int = 2,
        css: str = "area",
    ) -> None:
        """Fill between two curves; ``value`` is what the pointer reads, at up to 60 abscissae."""
        px, a, b = self.x(x), self.y(low), self.y(high)
        good = np.isfinite(px) & np.isfinite(a) & np.isfinite(b)
        if good.sum() < 2 or not np.isfinite(value).any():
            return
        px, a, b, v = px[good], a[good], b[good], np.asarray(value)[good]
        up, down = thin(px, b), thin(px, a)[::-1]
        points = [f"{px[i]:.2f},{b[i]:.2f}" for i in up] + [f"{px[i]:.2f},{a[i]:.2f}" for i in down]
        known = np.flatnonzero(np.isfinite(v))
        some = known[np.unique(np.linspace(0, known.size - 1, 60).astype(int))]
        at = " ".join(f"{px[i]:.1f}" for i in some)
        val = " ".join(f"{v[i]:.{digits}f}" for i in some)
        self.body.append(
            f'<path class="s c {css}" style="{colour.style}" data-n="{escape(name)}" data-at="{at}" data-v="{val}" '
            f'd="M{"L".join(points)}Z"/>'
        )

    def dots(self, x: ArrayLike, y: ArrayLike, name: str, colour: Colour | None, css: str = "dot") -> None:
        """Draw markers, each with its own title so that values can be read without the script."""
        xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        marks = [
            f'<circle class="m" cx="{self.x.at(u):.2f}" cy="{self.y.at(v):.2f}" r="3.4"><title>'
            f"{escape(name)}: {v:.5g} {escape(self.yunit)} ({escape(self.xlabel)} {u:.5g})</title></circle>"
            for u, v in zip(xs, ys, strict=True)
            if math.isfinite(u) and math.isfinite(v)
        ]
        if marks:
            self.body.append(
                f'<g class="s {_cls(colour)} {css}" {_st(colour)} data-n="{escape(name)}">{"".join(marks)}</g>'
            )

    def text(self, x: float, y: float, words: str, css: str = "note", anchor: str = "start") -> None:
        """Write at a pixel position."""
        self.body.append(f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>')

    def _axis(self, scale: Scale, count: int, whole: bool) -> list[tuple[float, str]]:
        if scale.log:
            powers = range(math.ceil(math.log10(scale.lo) - 1e-9), math.floor(math.log10(scale.hi) + 1e-9) + 1)
            skip = max(1, math.ceil(len(powers) / 7))
            return [(scale.at(10.0**k), _power(k) if k % skip == 0 else "") for k in powers]
        values = ticks(min(scale.lo, scale.hi), max(scale.lo, scale.hi), count, whole)
        return [(scale.at(v), t) for v, t in zip(values, tick_text(values), strict=True)]

    def render(self) -> str:
        """Return the panel as an SVG group."""
        x0, x1, y0, y1 = self.x.p0, self.x.p1, self.y.p0, self.y.p1
        out = [
            f'<g class="plot" data-x="{self.x.data}" data-y="{self.y.data}" data-xn="{escape(self.xlabel)}" '
            f'data-xu="{escape(self.xunit)}" data-yn="{escape(self.ylabel)}" data-yu="{escape(self.yunit)}" '
            f'data-hover="{self.hover}" data-whole="{int(self.whole_x)}">'
        ]
        for p, text in self._axis(self.y, self.yticks, False):
            out.append(f'<path class="grid" d="M{x0:g},{p:.1f}H{x1:g}"/>')
            out.append(f'<text class="tick" x="{x0 - 7:g}" y="{p + 4:.1f}" text-anchor="end">{text}</text>')
        for p, text in self._axis(self.x, self.xticks, self.whole_x):
            out.append(f'<path class="grid" d="M{p:.1f},{y1:g}V{y0:g}"/>')
            if self.show_x:
                out.append(f'<text class="tick" x="{p:.1f}" y="{y0 + 17:g}" text-anchor="middle">{text}</text>')
        out.append(f'<path class="axis" d="M{x0:g},{y1:g}V{y0:g}H{x1:g}"/>')
        out += self.body
        if self.show_x:
            label = _label(self.xlabel, self.xunit)
            out.append(f'<text class="label" x="{(x0 + x1) / 2:g}" y="{y0 + 37:g}" text-anchor="middle">{label}</text>')
        if self.label_above:
            where = f'x="{x0:g}" y="{y1 - 7:g}"'
        else:
            where = f'transform="translate({x0 - 48:g},{(y0 + y1) / 2:g}) rotate(-90)" text-anchor="middle"'
        out.append(f'<text class="label" {where}>{_label(self.ylabel, self.yunit)}</text></g>')
        return "".join(out)


def _cls(colour: Colour | None) -> str:
    return "c" if colour else "ink"


def _st(colour: Colour | None) -> str:
    return f'style="{colour.style}"' if colour else ""


def _label(name: str, unit: str) -> str:
    return escape(f"{name} / {unit}" if unit and name else name or unit)


def _power(k: int) -> str:
    if -2 <= k <= 3:
        return f"{10.0**k:g}"
    return f'10<tspan dy="-4" font-size="9">{str(k).replace("-", "−")}</tspan>'


def drawing(width: float, height: float, label: str, body: Iterable[str], css: str = "chart") -> str:
    """Wrap groups into one scalable drawing with a name for screen readers."""
    return (
        f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}" '
        f'style="--w:{width:g}px">{"".join(body)}</svg>'
    )


def summary_number(value: Any, digits: int = 4) -> str:
    """Write a number for people, an en dash where there is none."""
    if value is None or isinstance(value, bool):
        return "–"
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    if not math.isfinite(number):
        return "–"
    if number != 0 and (abs(number) < 1e-3 or abs(number) >= 1e6):
        mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        superscript = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        if mantissa == "1":
            return f"10{superscript}"
        return f"{mantissa.replace('-', '−')} × 10{superscript}"
    return f"{number:.{digits}g}".replace("-", "−") if abs(number) < 10**digits else f"{number:.0f}"
