"""The report's plot of the lithium interface against time: contact, voids, interphase, pressure, short.

Reads the columns that the mechanisms of the lithium interface add to a run's table; draws those that are there.
"""

from __future__ import annotations

import numpy as np

from lisse.report.charts import WIDE, time_unit
from lisse.report.palette import CHARGE, DISCHARGE, NEUTRAL, WARM
from lisse.report.svg import Figure, LegendItem, Panel, Scale, drawing, limits
from lisse.report.view import RunLike

ADDED = ("void_coverage", "anode_interphase_nm", "short_conductance_S_cm2")
"""Columns of which at least one is there where a mechanism of the lithium interface is on."""
PANELS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...], float, float], ...] = (
    ("contact", "contact fraction", "", (("contact_fraction", "lowest contact"),), 0.05, 84.0),
    (
        "voids",
        "void height",
        "µm",
        (
            ("open_void_height_um", "open, anode"),
            ("occluded_void_height_um", "occluded, anode"),
            ("counter_open_void_height_um", "open, counter electrode"),
            ("counter_occluded_void_height_um", "occluded, counter electrode"),
        ),
        0.1,
        120.0,
    ),
    ("interphase", "interphase", "nm", (("anode_interphase_nm", "thickest interphase"),), 1.0, 84.0),
    ("pressure", "pressure", "MPa", (("stack_pressure_MPa", "stack pressure"),), 0.05, 62.0),
    ("short", "short", "mS/cm²", (("short_conductance_mS_cm2", "conductance"),), 1e-2, 62.0),
)
"""Panels from top to bottom: key, name, unit, columns with their names, smallest span and height."""
NO_SHORT = 1e-8
"""Conductance up to which nothing has shorted [S/cm2]."""
COLOURS = (DISCHARGE, WARM, CHARGE, NEUTRAL)


def interface(run: RunLike) -> Figure | None:
    """Return the lithium interface against time; None where no mechanism of it was on or nothing was solved."""
    table = run.timeseries
    if table is None or len(table) < 2 or not any(name in table.columns for name in ADDED):
        return None
    columns = {name: table[name].to_numpy(dtype=float) for name in table.columns if name != "kind"}
    if "short_conductance_S_cm2" in columns and np.nanmax(columns["short_conductance_S_cm2"]) > NO_SHORT:
        columns["short_conductance_mS_cm2"] = 1e3 * columns["short_conductance_S_cm2"]
    time = columns["time_s"]
    unit, seconds = time_unit(float(np.nanmax(time) - np.nanmin(time)))
    span = limits([time / seconds], pad=0.0)
    shown = [row for row in PANELS if any(name in columns for name, _ in row[3])]
    body, y = [], 24.0
    legend: dict[str, LegendItem] = {}
    for place, (_, name, dim, series, least, height) in enumerate(shown):
        drawn = [(label, columns[key]) for key, label in series if key in columns]
        panel = Panel(
            Scale(*span, 46, WIDE - 14),
            Scale(*limits([values for _, values in drawn], least=least, pad=0.08), y + height, y),
            "time", name, unit, dim, hover="near", show_x=place == len(shown) - 1, xticks=10,
            yticks=max(3, int(height / 28)), label_above=True,
        )  # fmt: skip
        for (label, values), colour in zip(drawn, COLOURS, strict=False):
            panel.line(time / seconds, values, label, colour)
            if len(drawn) > 1:
                legend[label] = LegendItem(label, colour, "line")
        body.append(panel.render())
        y += height + 32
    title = "Lithium interface"
    caption = (
        "Contact fraction and interphase are those of the worse face; voids as volume per area; contact counts as lost "
        "where voids leave 5 % of it."
    )
    return Figure("interface", title, drawing(WIDE, y + 16, title, body), caption, tuple(legend.values()), wide=True)
