"""Computations with simulated lithium faces, against what they must be by hand."""

import math

import pytest

from lisse.validation import compute_interface


def test_unidirectional_stripping_ends_when_the_void_balance_says_so():
    # dh/dt = 0.7 V_F (2.0 - 0.55) A/m2 with V_F = 1.347e-10 m3/C, up to theta_v = 0.05 at 1.5 um * 2.996^1.5, by hand
    height = 1.5e-6 * (-math.log(0.05)) ** 1.5
    hours = height / (0.7 * 1.347e-10 * (2.0 - 0.55)) / 3600
    found = compute_interface.strip_runaway_hours(0.2, 265.0, 30.0)
    assert found == pytest.approx(hours, rel=0.02)


def test_stripping_that_outlives_the_test_returns_its_length():
    assert compute_interface.strip_runaway_hours(0.2, 265.0, 4.0) == pytest.approx(4.0)


def test_interphase_of_lgps_grows_by_reaction_first():
    # q/k_r + q^2/k_q^2 = t with 4.2 uA/cm2 and 1000 uAh/cm2/h^0.5, by hand
    assert compute_interface.interphase_charge("Li10GeP2S12", 168.0) == pytest.approx(168 * 4.2, rel=0.005)


def test_a_film_of_three_hundred_nanometres_stays_below_the_published_bound():
    # 38.9 uAh/cm2 times 9 nm per uAh/cm2 through 1e-6 S/cm, by hand
    assert compute_interface.interphase_thickness_nm("Li6PS5Cl", 168.0) == pytest.approx(350, rel=0.01)
    assert compute_interface.simulated_interphase_resistance("Li6PS5Cl", 168.0) == pytest.approx(35.0, rel=0.01)


def test_failing_cycle_is_the_one_after_the_last_that_was_finished():
    finished = compute_interface.cycles_completed(3.0, 1.0, 1.0, None)
    assert compute_interface.failing_cycle(3.0, 1.0) == finished + 1
    assert finished < 30


def test_lithium_indium_outlives_lithium_under_high_pressure():
    lithium = compute_interface.hours_survived(25.0, 0.075, 1.0, 100)
    assert lithium < 200
    assert compute_interface.hours_survived(25.0, 0.075, 1.0, 100, anode="Li-In") == pytest.approx(200)
