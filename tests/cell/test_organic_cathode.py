"""An organic cathode material in a cell: it runs, from the state in which it is made."""

from __future__ import annotations

import pytest

import lisse
from lisse.cell.cell import Cell

CHANGES = {
    "cathode.active": "PTO",
    "cathode.loading": "3 mg/cm^2",
    "cathode.mass_fractions": {"active": 0.4, "electrolyte": 0.5, "carbon": 0.1},
    "cathode.particle_diameter": "1 um",
    "cathode.coating": None,
    "operation.nominal_capacity": None,
    "operation.voltage_window": ["1.6 V", "3.2 V"],
}


def test_a_quinone_cell_runs_a_cycle() -> None:
    cell = Cell.load("reference").replace(**CHANGES)
    assert cell.derived.initial_lithium_content == pytest.approx(0.02)
    summary = lisse.run(cell, "2 cycles at C/10").summary
    assert summary["status"] == "completed"
    first, second = summary["cycles"]
    # it is made charged: the first charge has nothing to take, the discharge fills all but two percent of four lithium
    assert first["charge_capacity_mAh_g"] < 10
    assert 0.9 * 408.8 < first["discharge_capacity_mAh_g"] < 408.8
    assert first["mean_discharge_voltage_V"] == pytest.approx(2.4, abs=0.1)
    assert second["charge_capacity_mAh_g"] == pytest.approx(first["discharge_capacity_mAh_g"], rel=0.02)
    assert max(summary["audit"].values()) < 1e-5
