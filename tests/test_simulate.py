"""The main job, end to end: run a cell, keep its books, write its directory."""

import itertools
import json
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lisse
from lisse import Cell
from lisse.cell import bookkeeping, solving
from lisse.cell.audit import LIMITS
from lisse.cell.options import SurfaceForm
from lisse.cell.results import LOSS_COLUMNS
from lisse.cell.solving import slug
from lisse.experiments import ResolvedProtocol
from lisse.resume import resume
from lisse.simulate import CellFacts, _currents, safe_name


@pytest.fixture(scope="module")
def reference():
    return lisse.run("reference")


def test_reference_cell_completes_with_closed_books(reference):
    summary = reference.summary
    assert summary["status"] == "completed"
    assert summary["reason"] is None
    assert len(summary["cycles"]) == 10
    for name, limit in LIMITS.items():
        assert abs(summary["audit"][name]) < limit


def test_capacity_of_the_reference_cell_lies_between_its_bounds(reference):
    first = reference.summary["cycles"][0]
    content = reference.cell.derived.initial_lithium_content
    assert first["charge_capacity_mAh_g"] < 275.5 * content  # all lithium of the formula
    assert first["discharge_capacity_mAh_g"] <= first["charge_capacity_mAh_g"]
    assert first["coulombic_efficiency"] == pytest.approx(
        first["discharge_capacity_mAh_g"] / first["charge_capacity_mAh_g"]
    )


def test_rate_steps_cost_capacity(reference):
    discharges = [row["discharge_capacity_mAh_g"] for row in reference.summary["cycles"][1:5]]
    assert all(slow > fast for slow, fast in itertools.pairwise(discharges))


def test_losses_add_up_at_every_time(reference):
    frame = reference.timeseries
    total = sum(frame[column] for column in LOSS_COLUMNS.values())
    difference = frame["equilibrium_voltage_V"] - total - frame["voltage_V"]
    assert difference.abs().max() < 1e-3


def test_summary_energy_equals_the_integral_of_the_time_series(reference):
    frame = reference.timeseries
    part = frame[(frame["cycle"] == 1) & (frame["kind"] == "discharge")]
    energy = np.trapezoid(part["voltage_V"], part["discharge_capacity_Ah"])
    assert reference.summary["cycles"][0]["discharge_energy_Wh"] == pytest.approx(energy, rel=1e-3)


def test_pressure_acts_through_contact_and_open_circuit():
    low, high = (lisse.run("reference", "1 cycle at C/10", pressure=p) for p in ("1 MPa", "50 MPa"))
    # Lithium was attached at 25 MPa: the contact remembers, and 50 MPa closes it further.
    assert low.summary["losses_V"]["anode"] > high.summary["losses_V"]["anode"]
    at_rest = [run.timeseries["equilibrium_voltage_V"].iloc[0] for run in (low, high)]
    # Equal contents: the anode alone gives 0.135 mV/MPa, the oxide takes a little back.
    assert 0.5e-3 < at_rest[1] - at_rest[0] < 49 * 0.135e-3


def test_warm_cell_gives_more():
    cold, warm = (lisse.run("reference", "1 cycle at C/3", temperature=t) for t in ("0 degC", "60 degC"))
    key = "discharge_capacity_mAh_g"
    assert warm.summary["cycles"][0][key] > cold.summary["cycles"][0][key] + 20


def test_run_directory_is_complete_and_reads_back(reference, tmp_path):
    target = reference.save(tmp_path / "run")
    names = {path.name for path in target.iterdir()}
    assert names == {
        "cell.toml",
        "protocol.toml",
        "summary.json",
        "timeseries.parquet",
        "references.bib",
        "report.html",
    }
    assert json.loads((target / "summary.json").read_text())["cell"] == "reference"
    assert lisse.Cell.load(target / "cell.toml") == reference.cell
    table = pd.read_parquet(target / "timeseries.parquet")
    assert len(table) == len(reference.timeseries)
    again = lisse.Protocol.load(target / "protocol.toml")
    assert len(again.cycles) == 10
    assert "@article" in (target / "references.bib").read_text()


def test_a_foreign_directory_is_not_overwritten(reference, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(lisse.InputError, match="holds other files"):
        reference.save(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_cell_that_runs_out_of_lithium_stops_with_the_reason():
    poor = lisse.run(
        "reference",
        "Discharge at C/2 until 2.6 V",
        changes={"anode.thickness": "1 um", "cathode.initial_lithium_content": 0.3},
    )
    assert poor.summary["status"] == "stopped"
    assert poor.summary["reason"] == "anode_lithium_exhausted"
    # 1 um of lithium is 0.206 mAh/cm2.
    assert poor.summary["cycles"][0]["discharge_capacity_mAh_cm2"] == pytest.approx(0.206, rel=0.01)


def test_a_voltage_beyond_the_open_circuit_curve_is_refused():
    # The library's NMC811 curve runs from 4.525 V at x = 0.11 to 2.016 V at x = 0.994.
    with pytest.raises(lisse.InputError, match=r"5 V lies above .* up to 4\.525 V"):
        lisse.run("reference", "Charge at C/10 until 5 V")
    with pytest.raises(lisse.InputError, match=r"1\.8 V lies below .* down to 2\.016 V"):
        lisse.run("reference", "Discharge at C/10 until 1.8 V")
    # Against Li-In every terminal voltage is 0.62 V lower.
    with pytest.raises(lisse.InputError, match=r"4\.2 V lies above .* up to 3\.905 V"):
        lisse.run("table1-60-lps-nmc811", "Charge at C/10 until 4.2 V")


def test_a_charge_stops_where_the_open_circuit_curve_ends():
    over = lisse.run("reference", "Charge at C/100 until 4.6 V, rest 1 h")
    assert (over.summary["status"], over.summary["reason"]) == (
        "stopped",
        "lithium_content_below_the_open_circuit_curve",
    )
    assert not over.books.failures()
    surface = over.solution["Surface lithium content"].entries
    assert surface[:, -1].min() == pytest.approx(0.11 - 0.005, abs=1e-4)
    # Every particle's mean lies above its surface on charge, and so does the mean of all.
    assert 0.105 < over.timeseries["lithium_content"].min() < 0.13


def test_the_whole_open_circuit_curve_can_be_cycled_warm():
    # At 60 degC 4.525 V lies 3.5 mV beyond the curve's end at 25 degC; that is no reason to stop.
    wide = {"operation.voltage_window": ["1.5 V", "4.525 V"], "operation.temperature": "60 degC"}
    run = lisse.run("reference", "1 cycle at C/10 with hold to C/100", changes=wide)
    assert run.summary["status"] == "completed"
    assert run.solution["Surface lithium content"].entries.min() < 0.11


def test_size_classes_stop_at_the_curve_too():
    classes = {"cathode.distribution": {"diameters": ["3 um", "9 um"], "volume_fractions": [0.3, 0.7]}}
    run = lisse.run("reference", "Charge at C/100 until 4.6 V", changes=classes)
    assert run.summary["reason"].startswith("lithium_content_below_the_open_circuit_curve")


def test_a_cell_that_cannot_start_says_so():
    blocked = lisse.run("reference", "1 cycle at C/10", changes={"contacts.series_resistance": "10 kohm*cm^2"})
    assert blocked.summary["status"] == "stopped"
    assert blocked.summary["reason"] == "limit_exceeded_at_start"
    assert blocked.summary["cycles"] == []
    assert blocked.summary["losses_V"]["separator"] is None


def test_between_plates_that_do_not_move_the_stack_presses_on_itself():
    gap = lisse.run("reference", "Charge at C/10 until 4.3 V", changes={"operation.fixture": "constant_gap"})
    layers = {"anode": (50e-6, 7.82e9), "separator": (100e-6, 22e9)}  # thickness [m], Young's modulus [Pa]
    layers["cathode"] = (gap.cell.derived.cathode_thickness, 22e9)
    stiffness = 1 / sum(thickness / modulus for thickness, modulus in layers.values())
    series = gap.timeseries
    grown = series["thickness_change_um"].iloc[-1] * 1e-6
    assert series["stack_pressure_MPa"].iloc[-1] == pytest.approx(5 + stiffness * grown / 1e6, rel=1e-3)


def test_spring_fixture_raises_the_pressure_on_charge():
    run = lisse.run(
        "reference",
        "Charge at C/10 until 4.3 V",
        changes={"operation.fixture": "spring", "operation.spring_stiffness": "0.3 MPa/um"},
    )
    frame = run.timeseries
    grown = frame["thickness_change_um"].iloc[-1]
    assert frame["stack_pressure_MPa"].iloc[-1] == pytest.approx(5 + 0.3 * grown, rel=1e-6)
    # 2.2 mAh/cm2 plate about 10.8 um of lithium; the shrinking oxide takes back some of it.
    plated = frame["capacity_mAh_g"].iloc[-1] * 11e-3 * 4.85
    assert 0.8 * plated < grown < plated


def test_interrupt_keeps_what_is_finished():
    timer = threading.Timer(2.5, signal.raise_signal, [signal.SIGINT])
    timer.start()
    run = lisse.run("reference", "400 cycles at C/3")
    timer.cancel()
    assert run.summary["status"] == "stopped"
    assert run.summary["reason"] == "interrupted"
    assert 0 < len(run.summary["cycles"]) < 400


def test_event_names():
    assert slug("event: Minimum voltage [V]") == "minimum_voltage"


def test_resume_gives_what_an_uninterrupted_run_gives(tmp_path):
    protocol = "3 cycles at C/2 + 300 cycles at 1C"
    timer = threading.Timer(2.5, signal.raise_signal, [signal.SIGINT])
    timer.start()
    part = lisse.run("reference", protocol)
    timer.cancel()
    assert part.summary["reason"] == "interrupted"
    part.save(tmp_path / "run", report=False)
    # Cut the protocol short, so that what is left is a few cycles.
    done = len(part.summary["cycles"])
    whole = lisse.Protocol.load(tmp_path / "run" / "protocol.toml").resolve(CellFacts.of(part.cell))
    short = ResolvedProtocol(whole.name, whole.text, whole.cycles[: done + 2], CellFacts.of(part.cell))
    (tmp_path / "run" / "protocol.toml").write_text(short.to_toml(), encoding="utf-8")
    again = resume(tmp_path / "run")
    assert again.summary["status"] == "completed"
    rows = again.summary["cycles"]
    assert [row["cycle"] for row in rows] == list(range(1, done + 3))
    # Cycling is steady from the fifth cycle on: the joint must not show.
    steady = [row["discharge_capacity_mAh_g"] for row in rows[5:]]
    assert max(steady) - min(steady) < 0.05
    assert again.timeseries["time_s"].is_monotonic_increasing
    assert not again.books.failures()
    again.save(tmp_path / "run", report=False)
    with pytest.raises(lisse.InputError, match="not interrupted"):
        resume(tmp_path / "run")


def interrupted_at(cycle):
    """Return a progress callback that presses Ctrl-C when a cycle begins."""
    return lambda now, *_: signal.raise_signal(signal.SIGINT) if now == cycle else None


def test_resume_goes_on_with_the_double_layers_that_the_first_part_needed(tmp_path, monkeypatch):
    """The algebraic form is made to fail, as it does in a cell for which it finds no start."""
    plain = solving.solve

    def fails_without_layers(model, *arguments, **options):
        outcome = plain(model, *arguments, **options)
        if model.cell_options.surface_form is not SurfaceForm.DIFFERENTIAL:
            outcome.solution, outcome.status, outcome.reason = None, "failed", "made to fail"
        return outcome

    monkeypatch.setattr(solving, "solve", fails_without_layers)
    monkeypatch.setattr(solving, "why_no_start", lambda *_: None)
    part = lisse.run("reference", "4 cycles at 1C", progress=interrupted_at(3))
    first = part.summary
    assert first["reason"] == "interrupted"
    part.save(tmp_path / "run", report=False)
    again = resume(tmp_path / "run")
    summary = again.summary
    assert summary["status"] == "completed"
    assert [row["cycle"] for row in summary["cycles"]] == [1, 2, 3, 4]
    assert summary["warnings"] == first["warnings"]
    assert sum("double layers" in warning for warning in summary["warnings"]) == 1
    for name, seconds in first["timing_s"].items():
        assert summary["timing_s"][name] > seconds
    assert not again.books.failures()
    # The state is handed over whole: the voltage of the first instant is that of the last.
    frame = again.timeseries
    joint = frame[frame["cycle"] == 3].index[0]
    assert frame["discharge_capacity_Ah"].diff()[joint] == pytest.approx(0.0, abs=1e-12)
    assert frame["voltage_V"].diff().abs()[joint] == pytest.approx(
        frame["voltage_V"].diff().abs()[frame[frame["cycle"] == 2].index[0]], rel=0.05
    )


def test_a_resumed_run_that_is_interrupted_at_once_can_be_resumed_again(tmp_path):
    part = lisse.run("reference", "3 cycles at 1C", progress=interrupted_at(2))
    part.save(tmp_path / "run", report=False)
    at_once = resume(tmp_path / "run", interrupted_at(1))
    assert at_once.solution is None
    assert [row["cycle"] for row in at_once.summary["cycles"]] == [1]
    at_once.save(tmp_path / "run", report=False)
    assert [row["cycle"] for row in resume(tmp_path / "run").summary["cycles"]] == [1, 2, 3]


def test_time_of_the_audit_counts_once(monkeypatch):
    quick = bookkeeping.audit

    def slow(*arguments, **options):
        time.sleep(0.5)
        return quick(*arguments, **options)

    monkeypatch.setattr(bookkeeping, "audit", slow)
    start = time.perf_counter()
    timing = lisse.run("reference", "1 cycle at 1C").summary["timing_s"]
    assert timing["audit"] >= 0.5
    assert min(timing.values()) > 0
    assert sum(timing.values()) <= time.perf_counter() - start


def test_cycles_without_charge_have_no_entry():
    run = lisse.run("reference", "rest 1 h + 1 cycle at C/2 + rest 1 h")
    assert [row["cycle"] for row in run.summary["cycles"]] == [2]
    assert set(run.timeseries["cycle"]) == {1, 2, 3}


@pytest.mark.parametrize("step", ["Discharge at 1 mW until lower", "Discharge at 2000 ohm until lower"])
def test_power_and_resistance_steps(step):
    result = lisse.run("reference", f"Charge at C/10 until 3.9 V, {step}")
    assert result.summary["status"] == "completed"
    part = result.timeseries[result.timeseries["kind"] == "discharge"]
    power = part["current_A"] * part["voltage_V"]
    resistance = part["voltage_V"] / part["current_A"]
    held, target = (power, 1e-3) if "mW" in step else (resistance, 2000.0)
    assert np.allclose(held, target, rtol=1e-4)


def test_a_summary_of_someone_else_does_not_make_a_run_directory(reference, tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    with pytest.raises(lisse.InputError, match="holds other files"):
        reference.save(tmp_path)
    assert (tmp_path / "summary.json").read_text() == "{}"


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/b", "..", "x\\y"])
def test_a_cell_name_never_leads_out_of_the_run_directory(name):
    assert Path(safe_name(name)).name == safe_name(name)
    assert ".." not in safe_name(name)


def test_double_layers_as_an_option():
    layered = lisse.run("reference", "1 cycle at C/5", options={"surface_form": "differential"})
    plain = lisse.run("reference", "1 cycle at C/5")
    key = "discharge_capacity_mAh_g"
    assert layered.summary["cycles"][0][key] == pytest.approx(plain.summary["cycles"][0][key], abs=0.1)


def test_a_drive_cycle_counts_what_it_passes_both_ways(tmp_path):
    (tmp_path / "drive.csv").write_text(
        "time,current\n0,0\n10,0.002\n190,0.002\n200,0\n210,-0.001\n290,-0.001\n300,0\n"
    )
    steps = ["Charge at C/10 until 3.9 V", {"drive": {"file": "drive.csv", "mode": "current"}}]
    document = {"name": "drive", "description": "d", "cycles": [{"repeat": 1, "steps": steps}]}
    row = lisse.run("reference", lisse.Protocol.from_dict(document, tmp_path)).summary["cycles"][0]
    grams = Cell.load("reference").derived
    mass = grams.active_loading * grams.cell_area
    # 0.002 A for 180 s with two ramps of 10 s: 0.38 A s out; half of it in, for less time, comes back.
    assert row["discharge_capacity_mAh_g"] == pytest.approx(0.38 / 3600 / mass, rel=0.01)
    assert row["mean_discharge_voltage_V"] > 3.0


def test_lumped_and_spring_need_their_numbers():
    with pytest.raises(lisse.InputError, match="heat_transfer"):
        lisse.run("reference", "1 cycle at C/10", options={"thermal": "lumped"})
    with pytest.raises(lisse.InputError, match="spring_stiffness"):
        lisse.run("reference", "1 cycle at C/10", options={"fixture": "spring"})


SIZES = {"cathode.distribution": {"d10": "3 um", "d50": "5 um", "d90": "9 um"}}
SPRING = {
    "operation.fixture": "spring",
    "operation.spring_stiffness": "0.3 MPa/um",
    "operation.stack_pressure": "0 MPa",
}


@pytest.mark.parametrize(
    ("options", "changes", "words"),
    [
        ({"populations": 3}, {}, ["populations", "3", "size classes is 1", "cathode.distribution"]),
        ({"populations": 1}, SIZES, ["populations", "size classes is 5"]),
        ({"transform": False}, {}, ["transform", "NMC811", "constant diffusivity"]),
        ({}, SPRING, ["operation.stack_pressure", "above 0"]),
        ({"audit": False}, {}, ["audit"]),
        ({"mechanisms": "voids"}, {}, ["mechanisms", "tuple"]),
        ({"mechanisms": ("voids", "voids")}, {}, ["mechanisms", "twice"]),
        ({"surface_form": "algebraic"}, {}, ["surface_form", "'false'"]),
        ({"surface form": "false", "surface_form": "false"}, {}, ["twice"]),
        ({"populaions": 1}, {}, ["populaions", "populations"]),
        ({1: 2}, {}, ["{1: 2}", "option names"]),
        (["thermal"], {}, ["['thermal']", "option names"]),
        ("lumped", {}, ["'lumped'", "option names"]),
    ],
)
def test_options_that_a_cell_cannot_take(options, changes, words):
    cell = Cell.load("reference").replace(**changes)
    with pytest.raises(lisse.InputError) as caught:
        lisse.run(cell, "rest 1 h", options=options)
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_options_of_an_impedance_are_checked_too():
    with pytest.raises(lisse.InputError, match="option names"):
        lisse.impedance("reference", [1.0], options="lumped")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"Stack presure [Pa]": 1.0}, ["'Stack presure [Pa]'", "nearest known one", "Stack pressure [Pa]"]),
        ({"Stack pressure [Pa]": "1 MPa"}, ["Stack pressure [Pa]", "'1 MPa'", "finite number"]),
        ({"Stack pressure [Pa]": float("nan")}, ["nan", "finite number"]),
        ({"Stack pressure [Pa]": None}, ["None", "finite number"]),
        ({1: 2.0}, ["1 is not a parameter"]),
        ([1], ["[1]", "dictionary"]),
    ],
)
def test_parameters_that_the_model_does_not_read(parameters, words):
    with pytest.raises(lisse.InputError) as caught:
        lisse.run("reference", "rest 1 h", parameters=parameters)
    for word in words:
        assert word in str(caught.value)


def test_a_sparse_drive_cycle_closes_its_books(tmp_path):
    (tmp_path / "drive.csv").write_text("time,current\n0,-0.001\n100,-0.002\n200,0.0005\n300,-0.001\n")
    steps = ["Charge at C/5 for 1 hour", {"drive": {"file": "drive.csv", "mode": "current"}}]
    document = {"name": "drive", "description": "d", "cycles": [{"repeat": 1, "steps": steps}]}
    assert lisse.run("reference", lisse.Protocol.from_dict(document, tmp_path)).summary["status"] == "completed"


@pytest.mark.parametrize("size", [1e-3, 3e-4])
def test_a_drive_cycle_passes_the_integral_of_its_rows(size):
    """Straight lines between rows: the integral is the trapezoid. The solver restarts at each of the 60 kinks."""
    times = np.arange(0, 601, 10.0)
    current = size * np.random.default_rng(1).standard_normal(times.size)
    drive = {"mode": "current", "data": np.column_stack([times, current]).tolist()}
    document = {"name": "drive", "cycles": [{"steps": ["Charge at C/5 for 1 hour", {"drive": drive}]}]}
    frame = lisse.run("reference", lisse.Protocol.from_dict(document)).timeseries
    passed = frame[frame["step"] == 2]["discharge_capacity_Ah"]
    fine = np.linspace(0, 600, 600_001)
    throughput = np.trapezoid(np.abs(np.interp(fine, times, current)), fine)
    error = 3600 * (passed.iloc[-1] - passed.iloc[0]) - np.trapezoid(current, times)
    assert abs(error) < 5e-5 * throughput


def test_a_drive_cycle_has_no_constant_current(tmp_path):
    (tmp_path / "drive.csv").write_text("time,current\n0,0\n100,0.001\n")
    steps = ["Rest for 1 minute", {"drive": {"file": "drive.csv", "mode": "current"}}]
    document = {"name": "drive", "description": "d", "cycles": [{"repeat": 1, "steps": steps}]}
    cell = Cell.load("reference")
    plan = lisse.Protocol.from_dict(document, tmp_path).resolve(CellFacts.of(cell))
    assert _currents(plan, cell.derived.nominal_current) == [0.0, None]
