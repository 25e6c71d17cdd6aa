"""The report's plots of the composite cathode: breathing, contact, interphase, coating, resistances, first-cycle loss.

Reads the columns and keys that the mechanisms of the composite add; a plot is there where its mechanism was on, or what
it shows varies. Leaves out: populations of particles one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lisse.report.charts import HALF, curves
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, ORIGINS, SITUATIONS, TERMS, WARM, cycle_colour
from lisse.report.svg import Array, Colour, Figure, LegendItem, Panel, Scale, drawing, limits, summary_number
from lisse.report.view import RunLike

LEFT, RIGHT, BASE, TOP = 62.0, HALF - 14, 330.0, 24.0
HEIGHT = 376.0
MOST_DOTS = 60
"""Cycles up to which each gets a marker of its own."""
STEADY = {"stack_pressure_MPa": 1e-3, "thickness_change_um": 1e-2}
"""Spans below which pressure [MPa] and thickness [um] count as constant."""
LEAST_SHARE = 1e-3
"""Share of the larger capacity from which a term of the loss is written with its sign [-]."""


def figures(run: RunLike) -> list[Figure]:
    """Return the plots of the composite that a run has something to show in."""
    drawn = [breathing(run), contact(run), interphase(run), situations(run), resistances(run), waterfall(run)]
    return [figure for figure in drawn if figure is not None]


def by_cycle(run: RunLike, *keys: str) -> dict[str, Array]:
    """Return numbers of the cycles by key, not a number where a cycle has none; shape (cycles,)."""
    rows = run.summary.get("cycles") or []

    def read(row: Mapping[str, Any], key: str) -> float:
        value = row.get(key)
        return float(value) if isinstance(value, int | float) else float("nan")

    return {key: np.array([read(row, key) for row in rows]) for key in ("cycle", *keys)}


def breathing(run: RunLike) -> Figure | None:
    """Stack pressure and change of thickness against lithium content, first and last cycle."""
    up, down = curves(run, "charge"), curves(run, "discharge")
    cycles = sorted(set(up) | set(down))
    found = [group[c] for group in (up, down) for c in cycles if c in group]
    shown = [
        (key, name, unit)
        for key, name, unit in (
            ("stack_pressure_MPa", "stack pressure", "MPa"),
            ("thickness_change_um", "change of thickness", "µm"),
        )
        if any(key in part and np.nanmax(part[key]) - np.nanmin(part[key]) > STEADY[key] for part in found)
    ]
    if not shown or not all("lithium_content" in part for part in found):
        return None
    picked = list(dict.fromkeys([cycles[0], cycles[-1]]))
    drawn = [(c, kind, group[c]) for c in picked for kind, group in (("charge", up), ("discharge", down)) if c in group]
    rich, poor = limits([part["lithium_content"] for _, _, part in drawn], pad=0.02)[::-1]
    body, height = [], (BASE - TOP - 46 * (len(shown) - 1)) / len(shown)
    for place, (key, name, unit) in enumerate(shown):
        top = TOP + place * (height + 46)
        span = limits([part[key] for _, _, part in drawn], least=STEADY[key])
        panel = Panel(
            Scale(rich, poor, LEFT, RIGHT), Scale(*span, top + height, top), "lithium content x", name, "", unit,
            show_x=place == len(shown) - 1, label_above=len(shown) > 1, yticks=5 if len(shown) == 1 else 4,
        )  # fmt: skip
        for cycle, kind, part in drawn:
            style = "line" if kind == "charge" else "line dash"
            colour = cycle_colour(picked.index(cycle), len(picked))
            panel.line(part["lithium_content"], part[key], f"cycle {cycle}, {kind}", colour, style)
        body.append(panel.render())
    legend = [LegendItem(f"cycle {c}", cycle_colour(k, len(picked)), "line") for k, c in enumerate(picked)]
    legend += [LegendItem("discharge", NEUTRAL, "dash")]
    title = "Breathing of the stack"
    caption = "Against the content of the connected oxide; charge runs to the right. Thickness counts from the start."
    return Figure("breathing", title, drawing(HALF, HEIGHT, title, body), caption, tuple(legend))


def _by_number(run: RunLike, panels: list[tuple[str, str, list[tuple[str, str, Colour]]]], top_share: float) -> str:
    """Draw numbers by cycle in one or two panels; each has a name, a unit, and keys with their names and colours."""
    keys = [key for _, _, series in panels for key, _, _ in series]
    table = by_cycle(run, *keys)
    number = table["cycle"]
    lo, hi = limits([number], pad=0.0)
    span = (lo - 0.5, hi + 0.5) if hi - lo < 40 else (lo - 0.02 * (hi - lo), hi + 0.02 * (hi - lo))
    room, gap = BASE - TOP, 40.0
    heights = [room] if len(panels) == 1 else [top_share * (room - gap), (1 - top_share) * (room - gap)]
    body, y = [], TOP
    for place, ((name, unit, series), height) in enumerate(zip(panels, heights, strict=True)):
        values = [table[key] for key, _, _ in series]
        panel = Panel(
            Scale(*span, LEFT, RIGHT), Scale(*limits(values, least=0.02, pad=0.1), y + height, y), "cycle", name, "",
            unit, whole_x=True, show_x=place == len(panels) - 1, label_above=True, yticks=max(4, int(height / 26)),
        )  # fmt: skip
        for (_, label, colour), column in zip(series, values, strict=True):
            few = number.size < MOST_DOTS
            panel.line(number, column, label, colour, "line thin" if few else "line")
            if few:
                panel.dots(number, column, label, colour)
        body.append(panel.render())
        y += height + gap
    return "".join(body)


def contact(run: RunLike) -> Figure | None:
    """Wetted area, connected and uncracked fractions, and diffusion length, by cycle."""
    fractions = [
        ("wetted_fraction", "wetted area (lowest)", DISCHARGE),
        ("connected_fraction", "connected by contact", WARM),
        ("uncracked_mass_fraction", "not cut off by cracks", CHARGE),
    ]
    table = by_cycle(run, *(key for key, _, _ in fractions), "diffusion_length_ratio")
    shown = [entry for entry in fractions if np.isfinite(table[entry[0]]).any()]
    if not shown:
        return None
    title = "Contact and integrity of the particles"
    panels = [
        ("fraction", "", shown),
        ("diffusion length over radius", "", [("diffusion_length_ratio", "diffusion length over radius", NEUTRAL)]),
    ]
    svg = drawing(HALF, HEIGHT, title, [_by_number(run, panels, 0.62)])
    caption = "Wetted area is the lowest of each cycle (charged), the rest is as the cycle leaves it."
    legend = [LegendItem(name, colour, "dot") for _, name, colour in shown]
    legend.append(LegendItem("diffusion length", NEUTRAL, "dot"))
    return Figure("contact", title, svg, caption, tuple(legend))


def interphase(run: RunLike) -> Figure | None:
    """Thickness of the cathode's interphase and resistance of its reaction, by cycle."""
    if not np.isfinite(by_cycle(run, "cathode_interphase_nm")["cathode_interphase_nm"]).any():
        return None
    title = "Cathode interphase"
    panels = [
        ("interphase", "nm", [("cathode_interphase_nm", "thickness of the interphase", WARM)]),
        ("cathode resistance", "Ω cm²", [("cathode_resistance_ohm_cm2", "resistance of the reaction", DISCHARGE)]),
    ]
    svg = drawing(HALF, HEIGHT, title, [_by_number(run, panels, 0.5)])
    caption = "Mean thickness at the end of each cycle. Below: charge transfer and film per cell area, end of charge."
    legend = (LegendItem("thickness", WARM, "dot"), LegendItem("resistance of the reaction", DISCHARGE, "dot"))
    return Figure("cathode_interphase", title, svg, caption, legend)


def _steps(number: Array, *columns: Array) -> tuple[Array, ...]:
    """Turn numbers by cycle into a staircase: abscissae half a cycle to both sides, every value twice."""
    edges = np.column_stack([number - 0.5, number + 0.5]).ravel()
    return (edges, *(np.repeat(column, 2) for column in columns))


def _stacked(number: Array, layers: list[tuple[str, Array, Colour]], name: str, unit: str, whole: bool) -> str:
    """Draw layers on top of each other by cycle."""
    total = np.sum([np.nan_to_num(values) for _, values, _ in layers], axis=0)
    span = (0.0, 1.0) if whole else limits([total], zero=True, pad=0.06, least=1e-6)
    panel = Panel(
        Scale(float(number.min()) - 0.5, float(number.max()) + 0.5, LEFT, RIGHT), Scale(*span, BASE, TOP), "cycle",
        name, "", unit, hover="column", whole_x=True,
    )  # fmt: skip
    low = np.zeros(number.size)
    for label, values, colour in layers:
        high = low + np.nan_to_num(values)
        edges, a, b, value = _steps(number, low, high, values)
        panel.area(edges, a, b, value, label, colour, digits=3)
        low = high
    return panel.render()


def situations(run: RunLike) -> Figure | None:
    """Share of the particles that are coated and in contact, detached, or decompose electrolyte, by cycle."""
    table = by_cycle(run, *SITUATIONS)
    number = table["cycle"]
    if not number.size or not np.isfinite(table["detached_fraction"]).any():
        return None
    layers = [(name, table[key], colour) for key, (name, colour) in SITUATIONS.items()]
    layers = [entry for entry in layers if np.nanmax(entry[1]) > 0]
    title = "Three situations of a particle"
    svg = drawing(HALF, HEIGHT, title, [_stacked(number, layers, "share of active material", "", True)])
    caption = (
        "At the end of each cycle: in contact under the coating, in contact without it (where the electrolyte "
        "decomposes), and detached."
    )
    legend = tuple(LegendItem(name, colour, "area") for name, _, colour in layers[::-1])
    return Figure("situations", title, svg, caption, legend)


def origin_resistances(run: RunLike) -> tuple[Array, dict[str, Array]]:
    r"""Return cycle numbers and resistance of each origin in the discharge of each cycle [ohm cm2].

    .. math:: R_k = \frac{\int \eta_k\,dq}{\int i\,dq}

    The charge-weighted mean of an overpotential over that of the current density: what a resistor would have to be to
    cost the same. Diffusion in the particles counts as one of them.
    """
    found = curves(run, "discharge")
    numbers = np.array(sorted(found), dtype=float)
    table: dict[str, list[float]] = {key: [] for key in ORIGINS}
    for cycle in sorted(found):
        part = found[cycle]
        passed = np.diff(part["capacity_mAh_g"], prepend=part["capacity_mAh_g"][:1])
        current = float(np.nansum(passed * part["current_density_mA_cm2"])) * 1e-3
        for key in ORIGINS:
            drop = part.get(f"loss_{key}_V")
            lost = float("nan") if drop is None else float(np.nansum(passed * drop))
            table[key].append(lost / current if current > 0 else float("nan"))
    columns = {key: np.array(values) for key, values in table.items()}
    return numbers, {key: values for key, values in columns.items() if np.isfinite(values).any()}


def resistances(run: RunLike) -> Figure | None:
    """Resistance by origin and cycle, stacked; where a mechanism that ages the composite or the anode was on."""
    ageing = by_cycle(run, "wetted_fraction", "uncracked_mass_fraction", "cathode_interphase_nm", "anode_interphase_nm")
    number, table = origin_resistances(run)
    if not number.size or not any(np.isfinite(ageing[key]).any() for key in ageing if key != "cycle"):
        return None
    layers = [(name, np.maximum(table[key], 0.0), colour) for key, (name, colour) in ORIGINS.items() if key in table]
    title = "Resistance by origin"
    svg = drawing(HALF, HEIGHT, title, [_stacked(number, layers, "resistance", "Ω cm²", False)])
    caption = "Mean overpotential of a discharge over its mean current density, per cell area."
    legend = tuple(LegendItem(name, colour, "area") for name, _, colour in layers[::-1])
    return Figure("resistances", title, svg, caption, legend)


def waterfall(run: RunLike) -> Figure | None:
    """Loss of the first cycle by term; None where the run cannot tell it or no mechanism of the composite was on."""
    from lisse.errors import LisseError
    from lisse.first_cycle import TERMS as NAMES
    from lisse.first_cycle import decompose, divisible
    from lisse.simulate import Run

    rows = by_cycle(run, "wetted_fraction", "uncracked_mass_fraction", "cathode_interphase_nm")
    on = any(np.isfinite(rows[key]).any() for key in rows if key != "cycle")
    if not on or not isinstance(run, Run) or divisible(run):
        return None
    try:
        found = decompose(run)
    except LisseError:  # the continued discharge has no solution: the page does without this plot
        return None
    steps = [(TERMS[name][0], found.terms[name], TERMS[name][1]) for name in NAMES]
    title = "First-cycle loss"
    svg = drawing(HALF, HEIGHT, title, [_bars(found.charge, steps, found.discharge)])
    share = f" of it ({found.interface_loss / found.loss:.0%})" if found.loss > 0 else ""
    caption = (
        f"The first cycle loses {found.loss:.1f} mAh/g. Particles that lost their path and oxidised electrolyte, which "
        f"only the solid interface brings, cost {found.interface_loss:.1f} mAh/g{share}."
    )
    return Figure("first_cycle", title, svg, caption)


def _bars(charge: float, steps: list[tuple[str, float, Colour]], discharge: float) -> str:
    """Draw a waterfall of capacities [mAh/g], from the charge down to the discharge."""
    left, right, y, pitch = 150.0, HALF - 78, 22.0, 46.0
    scale = Scale(0.0, max(charge, discharge, charge - min(value for _, value, _ in steps)), left, right)
    out, level = [], charge
    rows: list[tuple[str, float, float, Colour, str]] = [("first charge", 0.0, charge, CHARGE, "")]
    for name, value, colour in steps:
        rows.append((name, level - value, level, colour, "−" if value >= 0 else "+"))
        level -= value
    rows.append(("first discharge", 0.0, discharge, DISCHARGE, ""))
    for place, (name, low, high, colour, sign) in enumerate(rows):
        at, a, b = y + place * pitch, scale.at(min(low, high)), scale.at(max(low, high))
        value = abs(high - low)
        small = value < LEAST_SHARE * max(charge, discharge)
        words = "< 0.1" if sign and small and 0 < value < 0.1 else f"{sign}{value:.1f}"
        out.append(
            f'<text class="tick" x="{left - 9:g}" y="{at + 19:g}" text-anchor="end">{name}</text>'
            f'<rect class="c fill" style="{colour.style}" x="{a:.1f}" y="{at:g}" width="{max(b - a, 0.8):.1f}" '
            f'height="28"><title>{name}: {summary_number(value)} mAh/g</title></rect>'
            f'<text class="value" x="{b + 7:.1f}" y="{at + 19:g}">{words}</text>'
        )
        if place < len(rows) - 1:
            edge = scale.at(high if place == 0 else low)
            out.append(f'<path class="grid" d="M{edge:.1f},{at + 28:g}V{at + pitch:g}"/>')
    out.append(f'<path class="axis" d="M{left:g},{y - 8:g}V{y + len(rows) * pitch - 10:g}"/>')
    where = f'x="{(left + right) / 2:g}" y="{HEIGHT - 14:g}" text-anchor="middle"'
    out.append(f'<text class="label" {where}>capacity / mAh/g</text>')
    return "<g>" + "".join(out) + "</g>"
