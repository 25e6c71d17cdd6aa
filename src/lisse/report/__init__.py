"""The written faces of a run: an HTML report, an impedance report, and a paper figure.

Leaves out: BibTeX (``lisse.citations``) and the live page. Importing this package loads no plotting or table library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lisse.report.measured import MeasuredCurve, MeasuredData

if TYPE_CHECKING:
    from lisse.report.figures import plot_run
    from lisse.report.impedance import write_impedance_report
    from lisse.report.write import report_html, write_report

__all__ = [
    "MeasuredCurve",
    "MeasuredData",
    "plot_run",
    "report_html",
    "write_impedance_report",
    "write_report",
]

_HOMES = {
    "plot_run": "figures",
    "report_html": "write",
    "write_impedance_report": "impedance",
    "write_report": "write",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
