"""Cycles, capacities and losses of a table whose sums are known."""

import numpy as np
import pandas as pd
import pytest

from lisse.cell.results import LOSS_COLUMNS, cycles, half_cycle_capacity, mean_losses

MASS, AREA = 1e-5, 1e-4


def step(cycle, number, kind, start, end, voltage, loss=0.0):
    """A step that passes charge evenly at one voltage; the separator takes ``loss``."""
    passed = np.linspace(start, end, 11)
    columns = dict.fromkeys(LOSS_COLUMNS.values(), 0.0) | {"loss_separator_V": loss}
    energy = {"discharge_energy_Wh": passed * voltage}
    return pd.DataFrame(
        {"cycle": cycle, "step": number, "kind": kind, "discharge_capacity_Ah": passed} | energy | columns
    )


@pytest.fixture
def frame():
    return pd.concat(
        [
            step(1, 1, "rest", 0.0, 0.0, 3.5),
            step(2, 1, "charge", 0.0, -2e-3, 4.0),
            step(2, 2, "rest", -2e-3, -2e-3, 3.9),
            step(2, 3, "discharge", -2e-3, -0.5e-3, 3.6, loss=0.02),
            step(3, 1, "discharge", -0.5e-3, 0.0, 3.5, loss=0.06),
            step(4, 1, "rest", 0.0, 0.0, 3.5),
        ],
        ignore_index=True,
    )


def test_only_cycles_with_charge_have_an_entry(frame):
    first, second = cycles(frame, MASS, AREA)
    assert (first["cycle"], second["cycle"]) == (2, 3)
    assert first["charge_capacity_mAh_g"] == pytest.approx(200.0)
    assert first["discharge_capacity_mAh_g"] == pytest.approx(150.0)
    assert first["discharge_capacity_mAh_cm2"] == pytest.approx(1.5)
    assert first["coulombic_efficiency"] == pytest.approx(0.75)
    assert first["mean_discharge_voltage_V"] == pytest.approx(3.6)
    assert first["discharge_energy_Wh"] == pytest.approx(1.5e-3 * 3.6)
    assert second["charge_capacity_mAh_g"] is None
    assert second["coulombic_efficiency"] is None
    assert second["discharge_capacity_mAh_g"] == pytest.approx(50.0)


def test_losses_are_weighted_with_the_charge(frame):
    found = mean_losses(frame)
    assert found["separator"] == pytest.approx((1.5 * 0.02 + 0.5 * 0.06) / 2.0)
    assert found["anode"] == 0.0


def test_capacity_counts_from_the_start_of_each_half(frame):
    counted = half_cycle_capacity(frame)
    last = frame.groupby(["cycle", "step"]).tail(1).index
    assert counted[last] == pytest.approx([0.0, 2e-3, 0.0, 1.5e-3, 0.5e-3, 0.0])


def test_an_empty_table_has_neither(frame):
    assert cycles(frame.iloc[:0], MASS, AREA) == []
    assert set(mean_losses(frame.iloc[:0]).values()) == {None}
    assert half_cycle_capacity(frame.iloc[:0]).size == 0
