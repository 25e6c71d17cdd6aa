"""Put figures and tables into one HTML page that needs nothing else: no network, no fonts, no plotting library."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.report import cell_drawing, charts, composite_charts, error_bars, interface_chart, stability_table, tables
from lisse.report.energy import energy_panel
from lisse.report.measured import MeasuredData
from lisse.report.svg import summary_number
from lisse.report.view import RunLike, cell_view, derived_table, neat_unit, number

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def render(template: str, context: Mapping[str, Any]) -> str:
    """Fill a template of this package; style and script are inlined, every text is escaped."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    script = (TEMPLATES / "script.js").read_text(encoding="utf-8")
    return _environment().get_template(template).render(style=style, script=script, **context)


def save(path: Path, text: str) -> None:
    """Write the page in one go: a reader never finds half a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def report_html(run: RunLike, data: MeasuredData | None = None) -> str:
    """Return the report of a run as one HTML page.

    Parameters
    ----------
    run
        A run with ``cell``, ``summary`` and ``timeseries``; failed and stopped ones too.
    data
        Measured curves to draw over the simulated ones.
    """
    summary = run.summary
    view = cell_view(run.cell)
    bill, total = tables.bill(view)
    claims, references = tables.claims(summary)
    table = run.timeseries
    books = tables.audit(summary, solved=table is not None and len(table) > 0)
    conditions = summary.get("conditions") or {}
    one_c = [
        f"{summary_number(conditions[key])} {unit}"
        for key, unit in (("nominal_capacity_mAh_cm2", "mA/cm²"), ("one_C_mA_g", "mA/g"))
        if number(conditions.get(key)) > 0
    ]
    figures = [cell_drawing.cell(view)]
    if not run.cell.symmetric:  # its capacity is not that of an active material
        figures += [charts.voltage(run, data), charts.capacity(run, data), charts.losses(run)]
    figures.append(charts.history(run, data))
    if (drawn := interface_chart.interface(run)) is not None:
        figures.append(drawn)
    if not run.cell.symmetric:
        figures += composite_charts.figures(run)
        if (waterfall := energy_panel(run)) is not None:
            figures.append(waterfall)
    origin = str(conditions.get("nominal_capacity_origin") or "")
    status = str(summary.get("status") or "failed")
    return render(
        "report.html.j2",
        {
            "view": view,
            "symmetric": run.cell.symmetric,
            "status": status if status in ("completed", "stopped", "failed") else "stopped",
            "reason": summary.get("reason") or "",
            "conditions": tables.conditions(summary),
            "headline": error_bars.cards(summary, tables.headline(summary)),
            "error_bars": error_bars.rows(summary),
            "error_notes": error_bars.notes(summary),
            "broken": [b.name for b in books if b.verdict == "fail"],
            "figures": figures,
            "cycle_heads": tables.cycle_heads(summary),
            "cycles": tables.cycle_rows(summary),
            "cycle_count": len(summary.get("cycles") or []),
            "efficiency_note": tables.efficiency_note(summary),
            "bill": bill,
            "total": total,
            "derived": derived_table(run.cell.derived),
            "audit": books,
            "one_c": " or ".join(one_c),
            "origin": neat_unit(origin.rstrip(".").replace("mA*h", "mAh")),
            "claims": claims,
            "references": references,
            "warnings": summary.get("warnings") or [],
            "stability": stability_table.parts(summary),
            "contacts": stability_table.contacts(summary),
            "left_out": tables.left_out(summary),
            "versions": sorted((summary.get("versions") or {}).items()),
            "timing": [(f"time, {k}", f"{v:.2f} s") for k, v in _times(summary)],
            "measured": data.name if data else "",
        },
    )


def _times(summary: Mapping[str, Any]) -> list[tuple[str, float]]:
    return [(k, number(v)) for k, v in (summary.get("timing_s") or {}).items() if number(v, -1.0) >= 0]


def write_report(run: RunLike, path: Path, data: MeasuredData | None = None) -> None:
    """Write the self-contained HTML report of a run.

    Parameters
    ----------
    run
        A run with ``cell``, ``summary`` and ``timeseries``; failed and stopped ones too.
    path
        Where the page goes; parent directories are made.
    data
        Measured curves to draw over the simulated ones.
    """
    save(Path(path), report_html(run, data))
