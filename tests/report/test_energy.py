"""The waterfall as bars: they join, and a run that delivers nothing has none."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from lisse.cell.cell import Cell
from lisse.energy import energy_of
from lisse.report.energy import bars, energy_panel


def test_bars_join_from_theory_to_delivery() -> None:
    found = energy_of(Cell.load("practical-pouch"), 5, 3.7)
    drawn = bars(found)
    assert [drawn[0].label, drawn[-1].label] == ["theoretical", "delivered"]
    for before, bar in pairwise(drawn[1:-1]):
        assert bar.high == pytest.approx(before.low)
    assert drawn[-2].low == pytest.approx(drawn[-1].high)


def test_steps_that_change_nothing_are_left_out() -> None:
    keys = [bar.key for bar in bars(energy_of(Cell.load("reference"), 1.9, 3.7))]
    assert "casing" not in keys
    assert "tabs" not in keys
    assert "separator" in keys


def test_panel_of_a_run(run: Any) -> None:
    panel = energy_panel(run)
    assert panel is not None
    assert "as a pellet" in panel.caption
    assert len(re.findall("<rect", panel.svg)) == len(re.findall("<title>", panel.svg)) >= 7


def test_a_run_without_a_discharge_has_no_panel(run: Any) -> None:
    for row in run.summary["cycles"]:
        row["discharge_capacity_mAh_cm2"] = None
    assert energy_panel(run) is None
