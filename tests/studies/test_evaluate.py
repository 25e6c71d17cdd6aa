"""Evaluators: equal numbers from a whole run and from one build for many, and failures that are rows."""

from __future__ import annotations

import math

import pytest

from lisse import Cell
from lisse.studies import evaluate as module
from lisse.studies.evaluate import evaluate, evaluator, flat

RATE = "1 cycle at C/2"


@pytest.fixture(scope="module")
def cells():
    first = Cell.load("reference")
    return [first.replace(**{"separator.thickness": f"{thickness} um"}) for thickness in (20, 45)]


def test_run_and_solve_agree_and_one_build_serves_all(cells, monkeypatch):
    from lisse.studies import prepared

    built = []

    class Counted(prepared.Prepared):
        def __init__(self, *args, **kwargs):
            built.append(1)
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(prepared, "Prepared", Counted)
    module._build.cache_clear()
    for cell in cells:
        whole, quick = (evaluate(name, lambda cell=cell: (cell, RATE)) for name in ("run", "solve"))
        assert whole["status"] == quick["status"] == "done"
        numbers = [name for name, value in quick.items() if isinstance(value, float) and abs(value) > 1e-9]
        assert "first_discharge_capacity_mAh_g" in numbers
        assert len(numbers) > 10
        for name in numbers:
            # A loss is a difference of potentials of 3.7 V, so 1e-4 of it would be less than 1e-4 of what is solved.
            tolerance = 2e-5 if name.startswith("losses_V") else 1e-7
            assert quick[name] == pytest.approx(whole[name], rel=2e-4, abs=tolerance), name
        assert abs(whole["audit_charge_relative_error"]) < 1e-6
    assert len(built) == 1
    module._build.cache_clear()


def test_energy_is_capacity_times_voltage_over_mass(cells):
    row = evaluate("energy", lambda: (cells[0], RATE))
    areal = row["last_discharge_capacity_mAh_cm2"] * row["last_mean_discharge_voltage_V"]  # mWh/cm2
    for level in ("stack", "cell"):
        expected = areal / row[f"energy_{level}_mass_mg_cm2"] * 1000
        assert row[f"energy_{level}_Wh_kg"] == pytest.approx(expected, rel=1e-6)


def test_cell_needs_no_run(cells):
    row = evaluate("cell", lambda: (cells[1], "no protocol is read"))
    assert row["separator_thickness"] == pytest.approx(45e-6)
    assert row["stack_thickness"] - evaluate("cell", lambda: (cells[0], ""))["stack_thickness"] == pytest.approx(25e-6)


def test_a_point_that_fails_is_a_row_with_its_reason(cells, own_evaluators):
    cell = Cell.load("reference")
    refused = evaluate("cell", lambda: (cell.replace(**{"cathode.porosity": 2.0}), RATE))
    assert refused["status"] == "failed"
    assert "cathode.porosity" in refused["reason"]
    at = {"separator.thickness": "30 um"}
    unforeseen = evaluate(f"{own_evaluators}:wrong", lambda: (cell.replace(**at), RATE))
    assert unforeseen == {"status": "failed", "reason": "ZeroDivisionError: nothing to divide by"}
    sound = evaluate(f"{own_evaluators}:wrong", lambda: (cells[0], RATE))
    assert sound == {"status": "done", "reason": "", "broken": None, "thickness_um": pytest.approx(20)}


def test_a_run_whose_solver_fails_is_a_failed_row(cells, monkeypatch):
    summary = {"status": "failed", "reason": "the solver gave up", "cycles": [], "losses_V": {}}
    monkeypatch.setattr(module, "_solved", lambda *_: type("S", (), {"summary": lambda self: summary})())
    row = evaluate("solve", lambda: (cells[0], RATE))
    assert (row["status"], row["reason"], row["cycles_done"]) == ("failed", "the solver gave up", 0)


def test_a_run_that_is_interrupted_is_no_row(cells, monkeypatch):
    import lisse.simulate

    summary = {"status": "stopped", "reason": "interrupted", "cycles": [], "losses_V": {}, "audit": {}}
    monkeypatch.setattr(lisse.simulate, "run", lambda *_: type("R", (), {"summary": summary})())
    with pytest.raises(KeyboardInterrupt):
        evaluate("run", lambda: (cells[0], RATE))


def test_nested_tables_become_columns():
    found = flat({"a": {"b": 1.5, "c": {"d": "text"}}, "rows": [1, 2], "bad": math.inf, "none": None, "yes": True})
    assert found == {"a_b": 1.5, "a_c_d": "text", "bad": None, "none": None, "yes": True}


def test_evaluators_have_the_documented_names():
    for name in ("run", "solve", "energy", "cell"):
        assert callable(evaluator(name))
