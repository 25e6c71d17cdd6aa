"""Symmetric cells under current: closed forms of the balances, the published ratchet, and chance."""

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build
from lisse.lithium.critical_current import Ladder, critical_current
from lisse.lithium.cycle_life import cycle_life
from lisse.lithium.cycling import Cycle, run_cycles
from lisse.lithium.interface import Ending
from lisse.lithium.operating_map import operating_map
from lisse.lithium.parameters import draw, read_claims
from lisse.lithium.stripping import strip
from lisse.mechanism import VOLUME_PER_CHARGE

CELL = Cell.load("sym-li-lpscl")
HOUR = 3600.0


def cycled(pressure, current, cycles=30, *, efficiency=1.0, first=None, cell=CELL, capacity=3.6e4):
    simulator = build(cell, Conditions(pressure=pressure))
    time = capacity / current
    opening = None if first is None else Cycle(current, current, time, time / first)
    history = run_cycles(simulator, Cycle(current, current, time, time / efficiency), cycles, first=opening)
    return simulator, history


def test_below_the_healing_current_voids_settle_where_healing_balances_stripping():
    simulator = build(CELL, Conditions(pressure=7e6))
    simulator.advance(5.0, 10 * HOUR)
    p = simulator.face.p
    healing = float(simulator.face.healing(np.array([7e6]))[0])
    expected = p["onset_ratio"][0] * p["coverage_height"][0] * 5.0 / (healing - 5.0)
    assert simulator.state.voids[0, 0, 0] == pytest.approx(expected, rel=2e-3)


def test_above_the_healing_current_voids_grow_by_the_deficit():
    simulator = build(CELL, Conditions(pressure=3e6))
    simulator.advance(10.0, HOUR)
    p = simulator.face.p
    healing = float(simulator.face.healing(np.array([3e6]))[0])
    expected = p["void_yield"][0] * VOLUME_PER_CHARGE * (10.0 - healing) * HOUR
    assert simulator.state.voids[0, 0, 0] == pytest.approx(expected, rel=0.01)


def test_interphase_consumes_what_the_root_of_time_says_and_lithium_pays_for_it():
    simulator = build(CELL)
    start = simulator.state.lithium.copy()
    simulator.advance(0.0, 400 * HOUR)
    charge = simulator.state.interphase[0, 0]
    # 60 uAh/cm2 after 400 h at 25 degC (Aktekin et al., Nat. Commun. 2023); the first film is not zero.
    assert charge / 36 == pytest.approx(60, rel=0.02)
    lost = start - simulator.state.lithium
    assert lost[0, 0] == pytest.approx(VOLUME_PER_CHARGE * (charge - 3.6), rel=1e-6)


def test_lithium_moves_from_face_to_face():
    simulator = build(CELL)
    before = simulator.state.lithium.sum() + VOLUME_PER_CHARGE * simulator.state.interphase.sum()
    simulator.advance(5.0, HOUR)
    simulator.advance(-3.0, HOUR)
    after = simulator.state.lithium.sum() + VOLUME_PER_CHARGE * simulator.state.interphase.sum()
    assert after == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize(("pressure", "current"), [(3e6, 2.0), (7e6, 10.0)])
def test_cells_that_lived_live(pressure, current):
    simulator, history = cycled(pressure, current)
    assert simulator.state.ending[0] == Ending.NONE
    assert history.cycles[0] == 30


BALANCES = [(1.0, None), (0.995, 0.7), (0.99, None), (1.001, None), (1.01, None)]
"""Charge stripped over charge plated, and that of the first cycle where it differs."""


@pytest.mark.parametrize(("efficiency", "first"), BALANCES)
def test_voids_ratchet_whatever_the_balance_of_the_halves(efficiency, first):
    # 1 mA/cm2 at 3 MPa failed between cycles 4 and 10 (Kasemchainan et al. 2019, second-hand).
    simulator, history = cycled(3e6, 10.0, efficiency=efficiency, first=first)
    assert simulator.state.ending[0] == Ending.SHORT
    assert 4 <= history.cycles[0] + 1 <= 10
    assert simulator.filaments.causes(simulator.state) == ["voids"]
    assert cycled(7e6, 10.0, efficiency=efficiency, first=first)[0].state.ending[0] == Ending.NONE


def test_times_to_short_in_the_pressure_series():
    cell = Cell.load("sym-li-lpscl-doux")
    for pressure, hours in ((10e6, 474), (15e6, 272), (20e6, 190), (25e6, 48)):
        simulator, _ = cycled(pressure, 0.75, 1000, cell=cell, capacity=2700.0)
        assert simulator.filaments.causes(simulator.state) == ["pores"]
        assert hours / 2 < simulator.state.time[0] / HOUR < hours * 2
    survivor, _ = cycled(5e6, 0.75, 500, cell=cell, capacity=2700.0)
    assert survivor.state.ending[0] == Ending.NONE
    assert survivor.state.time[0] / HOUR == pytest.approx(1000)


def test_leaping_over_cycles_that_repeat_changes_nothing_that_counts(monkeypatch):
    leaping, history = cycled(5e6, 0.75, 60, capacity=2700.0)
    monkeypatch.setattr("lisse.lithium.cycling.SMALLEST_LEAP", 10**9)
    every, full = cycled(5e6, 0.75, 60, capacity=2700.0)
    assert leaping.state.time[0] == pytest.approx(every.state.time[0])
    np.testing.assert_allclose(leaping.state.interphase, every.state.interphase, rtol=1e-3)
    np.testing.assert_allclose(leaping.state.front, every.state.front, rtol=1e-2, atol=1e-9)
    np.testing.assert_allclose(history.coverage[-1], full.coverage[-1], rtol=1e-3)


def test_equal_seeds_give_equal_cells_and_others_do_not():
    ladder = Ladder(currents=(2.0, 6.0, 10.0, 15.0, 20.0))
    first, again, other = (critical_current(CELL, ladder, cells=30, seed=seed).current for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_three_ends_of_the_critical_current_test_are_told_apart():
    ladder = Ladder(currents=(5.0, 10.0, 20.0, 40.0))
    counts = critical_current(CELL, ladder, cells=60).summary()["endings"]
    assert counts["short"] > 0
    limited = critical_current(CELL, ladder, Conditions(voltage_limit=0.2), cells=60).summary()["endings"]
    assert limited["voltage_limit"] > counts.get("voltage_limit", 0)
    # Flat voids that spread wide, and a cycler that goes on: contact is lost before anything shorts.
    wide = CELL.replace(**{"claims.separator.void_height": "0.5 um"})
    stripped = strip(wide, 10.0, Conditions(pressure=1e6, voltage_limit=1e4), cells=30).summary()["endings"]
    assert stripped["contact_loss"] > 15


def test_interlayers_alloys_and_fixtures_act():
    bare = build(CELL, Conditions(pressure=3e6))
    layer = CELL.replace(**{"anode.interlayer": {"material": "Li3N-LiF", "thickness": "10 um"}})
    covered = build(layer, Conditions(pressure=3e6))
    assert covered.filaments.critical[0, 0] > 2 * bare.filaments.critical[0, 0]
    for simulator in (bare, covered):
        simulator.advance(10.0, HOUR)
    assert covered.coverage()[0, 0] > bare.coverage()[0, 0]
    alloy = critical_current(CELL.replace(**{"anode.material": "Li-In"}), Ladder(currents=(10.0,)), cells=5)
    assert alloy.summary()["endings"] == {"survived": 5}
    assert any("keeps its skeleton" in text for text in alloy.warnings)
    spring = CELL.replace(**{"operation.fixture": "spring", "operation.spring_stiffness": "1 MPa/um"})
    sprung = build(spring, Conditions(pressure=3e6))
    sprung.advance(10.0, HOUR)
    grown = (sprung.state.voids[0] + sprung.state.voids[1]).sum()
    assert sprung.state.pressure[0] == pytest.approx(3e6 + 1e12 * grown, rel=0.05)


def test_the_map_has_voids_below_pores_above_and_a_window_between():
    found = operating_map(CELL, np.array([2.0, 7.0, 20.0]) * 1e6, np.array([10.0]))
    assert found.cause[0] == ["voids", None, "pores"] or found.cause[0][:2] == ["voids", None]
    assert found.ending[0, 1] == Ending.NONE
    assert found.ending[0, 2] == Ending.SHORT
    assert found.window()[0]["lowest_pressure_MPa"] == pytest.approx(7.0)


def test_life_reports_time_to_short_and_what_the_lithium_lost():
    found = cycle_life(CELL, current=10.0, cycles=15, cells=40).summary()
    assert 0 < found["time_to_short_h"]["p10"] < 30
    rows = found["cycles"]
    assert [row["cycle"] for row in rows[:3]] == [1, 2, 3]
    assert rows[1]["anode_interphase_nm"] > rows[0]["anode_interphase_nm"] > 0
    assert found["half_cycle_capacity_mAh_cm2"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Ladder(currents=()), "empty"),
        (lambda: Ladder(currents=(2.0, 1.0)), "rise"),
        (lambda: Ladder(time=60.0, capacity=1.0), "give one"),
        (lambda: critical_current(CELL, cells=0), "cells"),
        (lambda: strip(CELL, -1.0), "current"),
        (lambda: cycle_life(CELL, current=1.0, efficiency=0.0), "efficiency"),
        (lambda: operating_map(CELL, np.array([]), np.array([1.0])), "pressure"),
    ],
)
def test_tests_that_make_no_sense_are_refused(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_parameters_of_one_fit_are_drawn_together():
    """P_H and R_c of the static contact: the library states a correlation of -0.9, and each keeps its own spread."""
    drawn = draw(read_claims(Cell.load("sym-li-lpscl")), 4000, 1)
    hardness, resistance = np.log(drawn["contact_hardness"]), np.log(drawn["contact_resistance"])
    assert np.corrcoef(hardness, resistance)[0, 1] == pytest.approx(-0.9, abs=0.01)
    assert resistance.std() == pytest.approx(np.log(1.25), rel=0.03)


def test_lithium_that_a_full_cell_plates_comes_out_of_its_cathode():
    for name in ("practical-pouch", "sym-li-lpscl"):
        cell = Cell.load(name)
        own, counter = build(cell).setup.lithium / 12.997e-6  # mol/m2
        assert own == pytest.approx(cell.derived.anode_lithium)
        # The pouch cell's foil, and the lithium of its oxide: 5 mAh/cm2 are 1.87 mol/m2.
        more = 0.0 if cell.symmetric else cell.derived.cathode_lithium
        assert counter - own == pytest.approx(more)
    assert Cell.load("practical-pouch").derived.cathode_lithium > 1.87
