"""The paper figure."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pytest

from lisse.report import plot_run


def test_paper_figure_shows_each_cycle_and_each_origin(run) -> None:
    figure = plot_run(run)
    left, right = figure.axes
    assert len(left.lines) == 18  # nine cycles, charge and discharge
    assert len(right.collections) == 7
    # The overpotential of the stack at half capacity is U - V of the run's last discharge.
    part = run.timeseries[(run.timeseries.cycle == 9) & (run.timeseries.kind == "discharge")].iloc[80]
    tops = [c.get_paths()[0].vertices for c in right.collections]
    near = [v[abs(v[:, 0] - part.capacity_mAh_g) < 1e-9, 1].max() for v in tops]
    assert max(near) == pytest.approx((part.equilibrium_voltage_V - part.voltage_V) * 1e3, rel=1e-6)
    figure.savefig(BytesIO(), format="svg")


def test_paper_figure_of_an_empty_run_says_so(make_run) -> None:
    left, right = plot_run(make_run(0)).axes
    assert left.texts[0].get_text() == "no charge or discharge"
    assert right.texts[0].get_text() == "no discharge"


def test_importing_the_report_is_light() -> None:
    heavy = "('pybamm', 'plotly', 'matplotlib', 'pandas', 'jinja2')"
    code = f"import sys, lisse.report; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
