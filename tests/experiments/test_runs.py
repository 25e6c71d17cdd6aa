"""Every kind of step runs in PyBaMM, on the cheap cell (2.4 mAh, 1.54 cm2, 3.5 V to 4.2 V, charged at the start)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lisse.errors import InputError
from lisse.experiments import Protocol

KINDS = ", ".join(
    [
        "Discharge at C/5 until mean lithium content > 0.7",
        "Charge at 1 mA for 10 minutes",
        "Discharge at 5 mW for 600 s",
        "Discharge at 0.5 mA/cm^2 for 10 min",
        "Discharge at 2000 ohm for 10 min",
        "Hold at 3.9 V until 0.1 mA",
        "Rest for 10 minutes at 60 degC",
    ]
)


@pytest.mark.parametrize("mode", ["legacy", "unified"])
def test_each_kind_of_step_does_what_it_says(run: Callable[..., Any], mode: str) -> None:
    resolved, solution = run(KINDS, mode)
    stop, charge, power, density, resistor, hold, rest = solution.cycles[0].steps
    assert stop["Mean lithium content"].entries[-1] == pytest.approx(0.7, abs=1e-3)
    assert stop["Current [A]"].entries == pytest.approx(2.4e-3 / 5)
    assert 150 < len(stop.t) < 400
    assert charge["Current [A]"].entries == pytest.approx(-1e-3)
    assert charge.t[-1] - charge.t[0] == pytest.approx(600)
    assert power["Voltage [V]"].entries * power["Current [A]"].entries == pytest.approx(5e-3, rel=1e-6)
    assert density["Current [A]"].entries == pytest.approx(5.0 * 1.54e-4)
    assert resistor["Voltage [V]"].entries / resistor["Current [A]"].entries == pytest.approx(2000.0, rel=1e-6)
    assert hold["Voltage [V]"].entries == pytest.approx(3.9, abs=1e-6)
    assert abs(hold["Current [A]"].entries[-1]) == pytest.approx(1e-4, rel=1e-4)
    assert rest["Current [A]"].entries == pytest.approx(0.0, abs=1e-12)
    assert len(rest.t) == 11
    assert hold["Temperature [K]"].entries[-1] == pytest.approx(298.15)
    assert rest["Temperature [K]"].entries[-1] == pytest.approx(333.15)
    reasons = [end.reason for end in resolved.endings(solution)]
    assert reasons[0] == "mean lithium content > 0.7"
    assert reasons[1:5] == ["duration"] * 4
    assert reasons[5] == "abs(Current [A]) < 0.0001 [A]"


def test_cycles_with_hold_over_the_window(run: Callable[..., Any]) -> None:
    resolved, solution = run("Discharge at 1C + 2 cycles at C/2 charge, 1C discharge with hold to C/20")
    assert len(solution.cycles) == 3
    for cycle in solution.cycles[1:]:
        charge, hold, rest, discharge, _ = cycle.steps
        assert charge["Voltage [V]"].entries[-1] == pytest.approx(4.2, abs=1e-6)
        assert hold["C-rate"].entries[-1] == pytest.approx(-0.05, rel=1e-4)
        assert rest["Current [A]"].entries[0] == 0.0
        assert discharge["C-rate"].entries == pytest.approx(1.0)
        assert discharge["Voltage [V]"].entries[-1] == pytest.approx(3.5, abs=1e-6)
    ends = [end.reason for end in resolved.endings(solution)]
    assert ends[1:4] == ["Voltage > 4.2 [V]", "C-rate cut-off", "duration"]


def test_steps_that_are_done_already_are_skipped(run: Callable[..., Any]) -> None:
    # The cell starts above 4.2 V. PyBaMM drops a cycle whose only step is skipped from its list of cycles.
    text = "Charge at C/5 + formation + Discharge at 2C + Discharge at C/5 + Charge at C/2 for 60 s + Discharge at 1 W"
    resolved, solution = run(text)
    assert [end.reason for end in resolved.endings(solution)] == [
        "skipped",
        *("skipped", "duration", "Voltage < 3.5 [V]", "duration"),
        "skipped",
        "Voltage < 3.5 [V]",
        "duration",
        "skipped",
    ]
    cycles = resolved.run_cycles(solution)
    assert [cycle is None for cycle in cycles] == [True, False, True, False, False, True]
    assert cycles[3]["C-rate"].entries[-1] == pytest.approx(0.2)


def test_a_run_that_stops_early_says_what_was_not_run(run: Callable[..., Any]) -> None:
    # The model guards 1 V below its own 3.5 V, before the 2 V that these facts ask for.
    resolved, solution = run("Discharge at C/5, rest 1 h + Charge at C/5", lower_voltage_V=2.0)
    assert solution["Voltage [V]"].entries[-1] == pytest.approx(2.5, abs=1e-6)
    assert [end.reason for end in resolved.endings(solution)] == ["Minimum voltage [V]", "not run", "not run"]


def test_slow_discharge_is_not_cut_at_one_day(run: Callable[..., Any]) -> None:
    resolved, solution = run("Discharge at C/50")  # 79 h on this cell; PyBaMM's own default is 24 h for a current
    assert solution.t[-1] > 50 * 3600
    assert resolved.endings(solution)[0].reason == "Voltage < 3.5 [V]"


def test_a_step_that_meets_no_limit_says_so(run: Callable[..., Any]) -> None:
    resolved, solution = run("Rest until Mean lithium content > 0.99 + rest 10 min")
    assert [end.reason for end in resolved.endings(solution)] == ["duration cap", "duration"]
    assert solution.t[-1] == pytest.approx(240 * 3600 + 600)


def drive(mode: str, rows: list[list[float]], **more: Any) -> dict[str, Any]:
    return {"drive": {"mode": mode, "data": rows}, **more}


@pytest.mark.parametrize("mode", ["legacy", "unified"])
def test_drive_cycles_follow_their_rows(run: Callable[..., Any], mode: str) -> None:
    steps = [
        drive("current", [[0, 1e-3], [60, 2e-3], [120, -1e-3]]),
        drive("power", [[0, 2e-3], [60, 4e-3]]),
        drive("c_rate", [[0, 0.5], [60, 1.0]]),
        drive("current_density", [[0, 10.0], [60, 5.0]]),
    ]
    steps = ["Discharge at C/2 for 30 minutes", *steps]
    _, solution = run(Protocol.from_dict({"cycles": [{"steps": steps}]}), mode)
    _, current, power, rate, density = solution.cycles[0].steps
    start = current.t[0]
    assert current["Current [A]"](start + np.array([30.0, 60.0, 90.0])) == pytest.approx(
        [1.5e-3, 2e-3, 0.5e-3], rel=1e-3
    )
    assert power["Power [W]"](power.t[0] + np.array([30.0, 59.0])) == pytest.approx([3e-3, 2e-3 + 59 / 3e4], rel=1e-3)
    assert rate["C-rate"].entries[-1] == pytest.approx(1.0, rel=1e-6)
    assert density["Current [A]"].entries[-1] == pytest.approx(5.0 * 1.54e-4, rel=1e-6)


def test_long_drive_cycles_that_differ_in_the_middle_stay_apart(run: Callable[..., Any]) -> None:
    # NumPy prints only the ends of arrays of more than 1000 numbers, and PyBaMM tells steps apart by their text.
    low = [[float(t), 5e-4] for t in range(1200)]
    high = [[t, 1e-3 if 300 <= t < 900 else 5e-4] for t, _ in low]
    steps = ["Discharge at C/2 for 30 minutes", drive("current", low), drive("current", high)]
    _, solution = run(Protocol.from_dict({"cycles": [{"steps": steps}]}))
    _, first, second = solution.cycles[0].steps
    assert first["Current [A]"](first.t[0] + 600.0) == pytest.approx(5e-4)
    assert second["Current [A]"](second.t[0] + 600.0) == pytest.approx(1e-3)


def test_drive_cycle_stops_at_the_window(run: Callable[..., Any]) -> None:
    protocol = Protocol.from_dict({"cycles": [{"steps": [drive("c_rate", [[0, 1.0], [1e5, 1.0]])]}]})
    resolved, solution = run(protocol)
    assert solution["Voltage [V]"].entries[-1] == pytest.approx(3.5, abs=1e-6)
    assert resolved.endings(solution)[0].reason == "Voltage < 3.5 [V]"


def test_outputs_follow_the_period(run: Callable[..., Any]) -> None:
    _, solution = run("Discharge at 1C for 10 minutes + rest 1 h", period_s=60.0)
    assert [len(cycle.t) for cycle in solution.cycles] == [11, 61]
    with pytest.raises(InputError, match="period_s"):
        Protocol.load("formation").resolve(_Any()).experiment(-1.0)


class _Any:
    lower_voltage_V, upper_voltage_V, area_m2, nominal_capacity_Ah = 2.5, 4.3, 1e-4, 1e-3
    lowest_equilibrium_V, highest_equilibrium_V = 2.0, 4.5


def test_stop_on_an_unknown_variable_names_the_nearest(run: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match=r"'Mean lithum content' is not a variable .* \"Mean lithium content\"\.$"):
        run("Discharge at C/3 until Mean lithum content > 0.7")


def test_stop_on_a_field_is_refused(run: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="a field over the positive"):
        run("Discharge at C/3 until Lithium content > 0.7")
