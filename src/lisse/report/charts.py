"""The report's plots of one run: voltage, overpotential by origin, capacity per cycle, and everything against time.

Reads the run's table and summary only; a run without cycles, or with gaps in its numbers, draws what it has.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.report import error_bars
from lisse.report.measured import MeasuredData
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, ORIGINS, WARM, cycle_colour
from lisse.report.svg import Array, Figure, LegendItem, Panel, Scale, drawing, limits
from lisse.report.tables import efficiency_note
from lisse.report.view import RunLike

MOST_CURVES = 24  # more curves than this cannot be told apart; the caption says which are drawn
MOST_NAMES = 12  # a longer legend would push the drawing off the screen; the caption says how to read the others
HALF, WIDE = 530.0, 1080.0
MEASURED = LegendItem("measured", None, "ring")


def curves(run: RunLike, kind: str) -> dict[int, dict[str, Array]]:
    """Return the columns of each cycle's charge or discharge as float arrays, keyed by cycle number.

    Cycles with fewer than two finite points of voltage against capacity are left out.
    """
    table = run.timeseries
    if table is None or len(table) == 0:
        return {}
    found: dict[int, dict[str, Array]] = {}
    chosen = table[table["kind"] == kind].sort_values("cycle", kind="stable")
    whole = {c: chosen[c].to_numpy(dtype=float) for c in chosen.columns if c != "kind"}
    cycles, starts = np.unique(whole["cycle"], return_index=True)
    for cycle, start, stop in zip(cycles, starts, np.append(starts, len(chosen))[1:], strict=True):
        columns = {c: values[start:stop] for c, values in whole.items()}
        if np.sum(np.isfinite(columns["capacity_mAh_g"]) & np.isfinite(columns["voltage_V"])) >= 2:
            found[int(cycle)] = columns
    return found


def spread_out(items: list[int], most: int) -> list[int]:
    """Pick at most ``most`` items, evenly, always the first and the last."""
    if len(items) <= most:
        return items
    return [items[int(k)] for k in np.unique(np.linspace(0, len(items) - 1, most).round().astype(int))]


def _nothing(key: str, title: str, why: str, wide: bool = False) -> Figure:
    return Figure(key, title, "", why, wide=wide)


def voltage(run: RunLike, data: MeasuredData | None = None) -> Figure:
    """Voltage against capacity, one colour a cycle, with the measured curve where it is one."""
    title = "Voltage against capacity"
    down, up = curves(run, "discharge"), curves(run, "charge")
    cycles = sorted(set(down) | set(up))
    measured = data.voltage_curves if data else ()
    if not cycles and not measured:
        return _nothing("voltage", title, "The run holds no charge or discharge with two points or more.")
    drawn = spread_out(cycles, MOST_CURVES)
    shown = [c[k] for c in (up, down) for k in drawn if k in c]
    capacities, voltages = error_bars.reach(run)
    xs = [*capacities, *(s["capacity_mAh_g"] for s in shown), *(m.x for m in measured)]
    ys = [*voltages, *(s["voltage_V"] for s in shown), *(m.y for m in measured)]
    panel = Panel(
        Scale(*limits(xs, zero=True, least=1.0), 62, HALF - 14),
        Scale(*limits(ys, least=0.05), 330, 12),
        "capacity",
        "voltage",
        "mAh/g",
        "V",
    )
    error_bars.shade(panel, run)
    for place, cycle in enumerate(drawn):
        colour = cycle_colour(place, len(drawn))
        for name, group in (("charge", up), ("discharge", down)):
            if cycle in group:
                s = group[cycle]
                panel.line(s["capacity_mAh_g"], s["voltage_V"], f"cycle {cycle}, {name}", colour)
    for m in measured:
        panel.line(m.x, m.y, f"measured, {m.label}", None, "line dash")
    named = drawn if len(drawn) <= MOST_NAMES else spread_out(drawn, MOST_NAMES // 2)
    legend = [LegendItem(f"cycle {c}", cycle_colour(drawn.index(c), len(drawn)), "line") for c in named]
    legend += error_bars.legend(run)
    if measured:
        legend.append(LegendItem("measured", None, "dash"))
    caption = "Charge rises, discharge falls; capacity counts from the start of each, per gram of active material."
    if len(drawn) < len(cycles):
        caption += f" {len(drawn)} of {len(cycles)} cycles are drawn, evenly chosen with the first and the last."
    if len(named) < len(drawn):
        caption += f" The legend names {len(named)} of them; colours go from dark (early) to bright (late)."
    svg = drawing(HALF, 376, title, [panel.render()])
    return Figure("voltage", title, svg, caption, tuple(legend))


def _losses(columns: dict[str, Array]) -> dict[str, Array]:
    """Overpotential of each origin in mV; origins that the run does not give are left out."""
    return {k: columns[f"loss_{k}_V"] * 1e3 for k in ORIGINS if np.isfinite(columns.get(f"loss_{k}_V", np.nan)).any()}


def _stack(columns: dict[str, Array]) -> dict[str, tuple[Array, Array, Array]]:
    """Stack the losses: losses upward, gains (negative overpotentials) downward from zero."""
    out: dict[str, tuple[Array, Array, Array]] = {}
    size = columns["voltage_V"].size
    up, down = np.zeros(size), np.zeros(size)
    for key, value in _losses(columns).items():
        plain = np.nan_to_num(value)
        high, low = up + np.maximum(plain, 0.0), down + np.minimum(plain, 0.0)
        # A layer that changes sign jumps from one side to the other, so each side gets its own share.
        out[key] = (down, low, value) if np.nansum(plain) < 0 else (up, high, value)
        up, down = high, low
    return out


def _total(columns: dict[str, Array]) -> Array:
    """Sum of the overpotentials in mV, shape of the columns."""
    return np.asarray(sum((np.nan_to_num(v) for v in _losses(columns).values()), np.zeros(columns["voltage_V"].size)))


def ceiling(capacity: Array, total: Array) -> float:
    """Return the highest total before the last 3 % of the capacity, where a discharge dives.

    Outputs crowd in the dive, so a percentile over outputs would follow it and flatten everything else.
    """
    before = np.isfinite(total) & (capacity <= 0.97 * np.nanmax(capacity))
    return max(float(total[before].max()), 1.0) if before.any() else 1.0


def losses(run: RunLike) -> Figure:
    """Overpotential by origin over the first and the last discharge, and the means of the whole run."""
    title = "Overpotential by origin"
    down = curves(run, "discharge")
    means = {k: v for k, v in (run.summary.get("losses_V") or {}).items() if k in ORIGINS and _finite(v)}
    if not down and not means:
        return _nothing("losses", title, "The run holds no discharge, so there is no overpotential to divide.", True)
    picked = list(dict.fromkeys([min(down), max(down)])) if down else []
    stacks = [(c, down[c], _stack(down[c])) for c in picked]
    high = max((ceiling(c["capacity_mAh_g"], _total(c)) for _, c, _ in stacks), default=1.0)
    low = min((float(np.nanmin(a)) for _, _, s in stacks for a, _, _ in s.values()), default=0.0)
    span = limits([np.array([max(low, -0.5 * high), high])], zero=True, least=1.0, pad=0.08)
    cut = any(bool(np.nanmax(_total(c)) > span[1]) for _, c, _ in stacks)
    body: list[str] = []
    for place, (cycle, columns, stack) in enumerate(stacks):
        left = 62 + place * 360.0
        x = columns["capacity_mAh_g"]
        panel = Panel(
            Scale(*limits([x], zero=True, pad=0.0, least=1.0), left, left + 280),
            Scale(*span, 312, 34),
            "capacity",
            "overpotential",
            "mAh/g",
            "mV",
            hover="column",
            xticks=5,
        )
        for key, (a, b, value) in stack.items():
            name, colour = ORIGINS[key]
            a_cut, b_cut = np.clip(a, *span), np.clip(b, *span)
            panel.area(x, a_cut, b_cut, value, name, colour)
        only = len(stacks) == 1
        panel.text(
            left, 20, f"{'Discharge' if only else ('First', 'Last')[place] + ' discharge'}, cycle {cycle}", "head"
        )
        body.append(panel.render())
    body.append(_bars(means, 62 + len(stacks) * 360.0))
    width = max(62 + len(stacks) * 360.0 + 298, HALF)
    svg = drawing(width, 360, title, body)
    names = set(means) | {k for _, _, s in stacks for k in s}
    legend = tuple(LegendItem(ORIGINS[k][0], ORIGINS[k][1], "area") for k in reversed(ORIGINS) if k in names)
    caption = (
        "Reaction-weighted means that add up to the equilibrium voltage U(x) minus the terminal voltage V. "
        "The bars are means over every discharge of the run."
    )
    if cut:
        caption += " The steep end of a discharge runs out of the panel."
    return Figure("losses", title, svg, caption, legend, wide=True)


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))


def _bars(means: dict[str, float], left: float) -> str:
    """Draw mean overpotentials as bars with their numbers, largest at the top of the stack first."""
    if not means:
        return ""
    start, stop = left + 78, left + 228
    most = max(max(abs(v) for v in means.values()) * 1e3, 1e-3)
    out = [f'<text class="head" x="{left - 44:g}" y="20">Mean over the run</text>']
    for row, key in enumerate(k for k in reversed(ORIGINS) if k in means):
        name, colour = ORIGINS[key]
        value = means[key] * 1e3
        y = 44 + row * 33
        length = max(abs(value) / most * (stop - start), 0.8)
        out.append(
            f'<text class="tick" x="{start - 9:g}" y="{y + 14}" text-anchor="end">{name}</text>'
            f'<rect class="c fill" style="{colour.style}" x="{start:g}" y="{y}" width="{length:.1f}" height="20">'
            f"<title>{name}: {value:.2f} mV</title></rect>"
            f'<text class="value" x="{start + length + 7:.1f}" y="{y + 14}">{_mv(value)}</text>'
        )
    total = sum(means.values()) * 1e3
    y = 44 + len(means) * 33
    out.append(
        f'<path class="axis" d="M{start:g},40V{y - 8}"/><text class="tick" x="{start - 9:g}" y="{y + 12}" '
        f'text-anchor="end">together</text>'
        f'<text class="value strong" x="{start + 7:g}" y="{y + 12}">{_mv(total)}</text>'
    )
    return "<g>" + "".join(out) + "</g>"


def _mv(value: float) -> str:
    return f"{value:.1f} mV".replace("-", "−") if abs(value) >= 0.05 or value == 0 else "< 0.1 mV"


def capacity(run: RunLike, data: MeasuredData | None = None) -> Figure:
    """Capacity of each cycle and coulombic efficiency below it, on one axis of cycles."""
    title = "Capacity per cycle"
    rows = run.summary.get("cycles") or []
    column = lambda key, factor=1.0: np.array(  # noqa: E731
        [float(r[key]) * factor if _finite(r.get(key)) else np.nan for r in rows]
    )
    number = column("cycle")
    up, down = column("charge_capacity_mAh_g"), column("discharge_capacity_mAh_g")
    efficiency = column("coulombic_efficiency", 100.0)
    measured = data.capacity_curves if data else ()
    if not (np.isfinite(up).any() or np.isfinite(down).any() or measured):
        return _nothing("capacity", title, "The run completed no charge or discharge.")
    lo, hi = limits([number] + [m.x for m in measured], pad=0.0)
    span = (lo - 0.5, hi + 0.5) if hi - lo < 40 else (lo - 0.02 * (hi - lo), hi + 0.02 * (hi - lo))
    seen = [up, down] + [m.y for m in measured]
    x = (62.0, HALF - 14)
    top = Panel(
        Scale(*span, *x), Scale(*limits(seen, least=10.0, pad=0.12), 222, 12), "cycle", "capacity", "", "mAh/g",
        whole_x=True, show_x=False,
    )  # fmt: skip
    small = "line thin" if number.size < 60 else "line"
    for name, values, colour, css in (("charge", up, CHARGE, "ring"), ("discharge", down, DISCHARGE, "dot")):
        top.line(number, values, name, colour, small)
        if number.size < 60:
            top.dots(number, values, name, colour, css)
    for m in measured:
        top.dots(m.x, m.y, f"measured {m.label}", None, "ring")
    bottom = Panel(
        Scale(*span, *x), Scale(*limits([efficiency], least=1.0, pad=0.12, fallback=(99, 101)), 330, 246), "cycle",
        "efficiency", "", "%", whole_x=True, yticks=3,
    )  # fmt: skip
    bottom.line(number, efficiency, "coulombic efficiency", NEUTRAL, small)
    if number.size < 60:
        bottom.dots(number, efficiency, "coulombic efficiency", NEUTRAL)
    legend = [
        LegendItem("discharge", DISCHARGE, "dot"),
        LegendItem("charge", CHARGE, "ring"),
        LegendItem("coulombic efficiency", NEUTRAL, "dot"),
    ]
    svg = drawing(HALF, 376, title, [top.render(), bottom.render()])
    caption = "Per gram of active material. Below: discharge over charge capacity of the same cycle."
    caption = " ".join(filter(None, (caption, efficiency_note(run.summary))))
    return Figure("capacity", title, svg, caption, (*legend, MEASURED) if measured else tuple(legend))


def time_unit(span: float) -> tuple[str, float]:
    """Return the unit of time that suits a span [s], and its seconds."""
    for unit, seconds, least in (("d", 86400.0, 10 * 86400.0), ("h", 3600.0, 3 * 3600.0), ("min", 60.0, 300.0)):
        if span >= least:
            return unit, seconds
    return "s", 1.0


def history(run: RunLike, data: MeasuredData | None = None) -> Figure:
    """Voltage, current density, temperature and (where it moves) stack pressure against time."""
    title = "Against time"
    table = run.timeseries
    if table is None or len(table) < 2:
        return _nothing("time", title, "The run stopped before its second output.", True)
    columns = {c: table[c].to_numpy(dtype=float) for c in table.columns if c != "kind"}
    time = columns["time_s"]
    unit, seconds = time_unit(float(np.nanmax(time) - np.nanmin(time)))
    rows: list[tuple[str, str, str, Any, float, float]] = [
        ("voltage_V", "voltage", "V", DISCHARGE, 0.05, 130.0),
        ("current_density_mA_cm2", "current", "mA/cm²", NEUTRAL, 0.01, 84.0),
        ("temperature_degC", "temperature", "°C", WARM, 2.0, 62.0),
        ("stack_pressure_MPa", "pressure", "MPa", CHARGE, 0.05, 62.0),
    ]
    pressure = columns.get("stack_pressure_MPa", np.zeros(1))
    if not np.isfinite(pressure).any() or np.nanmax(pressure) - np.nanmin(pressure) < 1e-3:
        rows = rows[:3]
    measured = data.time_curves if data else ()
    span = limits([time / seconds] + [m.x / seconds for m in measured], pad=0.0)
    body, y = [], 24.0
    for place, (key, name, dim, colour, least, height) in enumerate(r for r in rows if r[0] in columns):
        values = columns[key]
        overlay = measured if key == "voltage_V" else ()
        panel = Panel(
            Scale(*span, 46, WIDE - 14),
            Scale(*limits([values] + [m.y for m in overlay], least=least, pad=0.08), y + height, y),
            "time", name, unit, dim, hover="near", show_x=place == len(rows) - 1, xticks=10,
            yticks=max(3, int(height / 28)), label_above=True,
        )  # fmt: skip
        panel.line(time / seconds, values, name, colour)
        for m in overlay:
            panel.line(m.x / seconds, m.y, f"measured, {m.label}", None, "line dash")
        body.append(panel.render())
        y += height + 32
    svg = drawing(WIDE, y + 16, title, body)
    legend = (LegendItem("measured", None, "dash"),) if measured else ()
    return Figure("time", title, svg, "Current is positive on discharge.", legend, wide=True)
