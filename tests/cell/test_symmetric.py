"""Symmetric cells in a run: two sets of interface states, books, and agreement with the vectorised simulator."""

import numpy as np
import pytest

import lisse
from lisse import Cell
from lisse.cell.parameter_sets import options_for
from lisse.cell.remarks import remarks
from lisse.cell.symmetric import SymmetricCell
from lisse.errors import InputError
from lisse.lithium.build import build
from lisse.lithium.cycling import Cycle, run_cycles

CELLS = ("sym-li-lpscl", "sym-li-lpscl-doux", "sym-li-llzo")


@pytest.fixture(scope="module")
def stripped():
    return lisse.run("sym-li-lpscl", "strip-plate")


@pytest.mark.parametrize("name", CELLS)
def test_library_cells_run_and_their_books_close(name):
    run = lisse.run(name, "5 cycles at 0.1 mA/cm^2")
    assert run.summary["status"] == "completed"
    assert run.options.lithium_mechanisms == ("voids", "interphase", "filaments")
    run.books.check()
    assert abs(run.books.lithium_relative_error) < 1e-9
    assert abs(run.books.energy_relative_error) < 1e-6
    # A step without a time passes the nominal capacity.
    capacity = run.cell.derived.nominal_capacity / 36000
    assert [row["discharge_capacity_mAh_cm2"] for row in run.summary["cycles"]] == pytest.approx([capacity] * 5)


def test_what_has_no_meaning_is_null(stripped):
    summary = stripped.summary
    assert summary["conditions"]["one_C_mA_g"] is None
    assert summary["conditions"]["symmetric"] is True
    row = summary["cycles"][-1]
    assert row["charge_capacity_mAh_g"] is None
    assert row["discharge_capacity_mAh_g"] is None
    assert summary["losses_V"]["cathode_ionic"] is None
    assert row["discharge_capacity_mAh_cm2"] == pytest.approx(0.5)
    assert row["lithium_lost_mAh_cm2"] > 0
    assert summary["time_to_short_h"] is None


def test_losses_add_up_to_the_voltage(stripped):
    read = stripped.solution
    names = ("Separator", "Anode", "Counter electrode", "Contacts")
    total = sum(read[f"{name} overpotential [V]"].entries for name in names)
    assert read["Voltage [V]"].entries == pytest.approx(-total, abs=1e-12)
    means = stripped.summary["losses_V"]
    assert means["counter_electrode"] > 0
    assert means["anode"] > means["counter_electrode"]  # the anode strips on discharge


def test_the_faces_change_places_when_the_current_turns():
    forth, back = (
        lisse.run("sym-li-lpscl", f"{first} at 1 mA/cm^2 for 30 minutes, {then} at 1 mA/cm^2 for 20 minutes")
        for first, then in (("Discharge", "Charge"), ("Charge", "Discharge"))
    )
    for kind in ("open void height [m]", "occluded void height [m]", "interphase charge [C.m-2]"):
        for own, other in (("Anode", "Counter electrode"), ("Counter electrode", "Anode")):
            ends = forth.solution[f"{own} {kind}"].entries[-1], back.solution[f"{other} {kind}"].entries[-1]
            assert ends[0] == pytest.approx(ends[1], rel=1e-4, abs=1e-11)
    assert forth.solution["Voltage [V]"].entries[-1] == pytest.approx(
        -back.solution["Voltage [V]"].entries[-1], rel=1e-4
    )


def test_it_agrees_with_the_vectorised_simulator(stripped):
    simulator = build(Cell.load("sym-li-lpscl"))
    simulator.tolerance = 1e-6
    history = run_cycles(simulator, Cycle(5.0, 5.0, 3600.0, 3600.0), 10)
    rows = stripped.summary["cycles"]
    assert [row["void_coverage"] for row in rows] == pytest.approx(history.coverage[:, 0], rel=1e-3)
    assert [row["anode_interphase_nm"] for row in rows] == pytest.approx(history.interphase[:, 0] * 1e9, rel=1e-2)
    assert stripped.solution["Voltage [V]"].entries[-1] == pytest.approx(history.voltage[-1, 0], rel=0.05)


def cycled(current, pressure, cycles=30):
    """Strip and plate 1 h each way without rests."""
    steps = [f"{kind} at {current} mA/cm^2 for 1 hour" for kind in ("Discharge", "Charge")]
    document = {"name": "strip and plate", "cycles": [{"repeat": cycles, "steps": steps}]}
    return lisse.run("sym-li-lpscl", lisse.Protocol.from_dict(document), pressure=pressure)


def test_ratchet_of_published_cells():
    """1 mA/cm2 at 3 MPa fails between cycles 4 and 10; 7 MPa, or 0.2 mA/cm2, does not in 30 cycles."""
    failed = cycled(1.0, "3 MPa")
    assert failed.summary["reason"] == "short"
    assert 4 <= failed.summary["cycles"][-1]["cycle"] <= 10
    for current, pressure in ((1.0, "7 MPa"), (0.2, "3 MPa")):
        lived = cycled(current, pressure).summary
        assert (lived["status"], len(lived["cycles"])) == ("completed", 30)


def test_it_ends_when_the_vectorised_simulator_ends():
    simulator = build(Cell.load("sym-li-lpscl"))
    history = run_cycles(simulator, Cycle(10.0, 10.0, 3600.0, 3600.0), 30)
    run = cycled(1.0, "3 MPa")
    assert abs(run.summary["cycles"][-1]["cycle"] - (history.cycles[0] + 1)) <= 1
    # The last cycles creep up on the critical current, so that a smoothed criterion may be met a cycle apart.
    assert run.summary["time_to_short_h"] == pytest.approx(simulator.state.time[0] / 3600, abs=2.1)


def test_spring_and_temperature():
    changes = {"operation.fixture": "constant_gap", "operation.heat_transfer": "10 W/m^2/K"}
    run = lisse.run("sym-li-lpscl", "2 cycles at 0.5 mA/cm^2", changes=changes)
    assert run.summary["status"] == "completed"
    run.books.check()
    pressure = run.solution["Stack pressure [Pa]"].entries
    assert np.ptp(pressure) > 1e5
    change = run.solution["Thickness change [m]"].entries
    assert pressure - pressure[0] == pytest.approx(run.cell.fixture_stiffness * (change - change[0]), rel=1e-9, abs=1.0)


def test_lithium_runs_out():
    run = lisse.run(
        "sym-li-lpscl", "Discharge at 0.5 mA/cm^2 for 10 hours", changes={"anode.thickness": "10 um"}, pressure="7 MPa"
    )
    assert run.summary["reason"] == "lithium_exhausted"
    # 10 um are 2.06 mAh/cm2, of which the interphase took some.
    taken = run.timeseries["current_density_mA_cm2"].iloc[-1] * run.timeseries["time_s"].iloc[-1] / 3600
    assert taken == pytest.approx(2.06, rel=0.02)


def test_lithium_indium_has_neither_voids_nor_filaments():
    cell = Cell.load("sym-li-lpscl").replace(**{"anode.material": "Li-In"})
    assert options_for(cell).lithium_mechanisms == ("interphase",)


def test_the_cell_file_chooses_the_mechanisms():
    cell = Cell.load("sym-li-lpscl").replace(mechanisms=["voids"])
    assert options_for(cell).lithium_mechanisms == ("voids",)
    run = lisse.run(cell, "1 cycle at 0.5 mA/cm^2")
    assert run.summary["cycles"][0]["anode_interphase_nm"] is None
    assert run.summary["cycles"][0]["void_coverage"] < 1


@pytest.mark.parametrize("step", ["Discharge at 1 mW for 1 hour", "Discharge at 1 ohm for 1 hour"])
def test_steps_that_set_no_current_are_refused(step):
    with pytest.raises(InputError, match="symmetric cell"):
        lisse.run("sym-li-lpscl", step)


def test_options_of_full_cells_are_refused():
    with pytest.raises(InputError, match="impedance: sym-li-lpscl is a symmetric cell"):
        lisse.impedance("sym-li-lpscl")
    with pytest.raises(InputError, match="option bending"):
        SymmetricCell({"symmetric": True, "bending": True})
    with pytest.raises(InputError, match="option symmetric"):
        options_for(Cell.load("reference"), {"symmetric": True})


def test_an_interrupted_run_resumes(tmp_path):
    """The state of a symmetric cell can be written and read back."""
    from lisse.cell.solving import last_state

    run = lisse.run("sym-li-lpscl", "1 cycle at 0.5 mA/cm^2")
    state = last_state(run.options, run.solution)
    assert state["Counter electrode open void height [m]"].item() == pytest.approx(
        run.solution["Counter electrode open void height [m]"].entries[-1]
    )


def test_report_has_the_interface_and_no_cathode(stripped, tmp_path):
    page = stripped.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Lithium interface" in page
    assert "counter electrode" in page
    assert "Overpotential by origin" not in page
    assert ">nan" not in page
    assert "NaN" not in page
    full = lisse.run("reference", "1 cycle at C/3", mechanisms=["voids"])
    assert "Lithium interface" in full.report(tmp_path / "full.html").read_text(encoding="utf-8")
    assert "Overpotential by origin" in (tmp_path / "full.html").read_text(encoding="utf-8")


def test_what_a_symmetric_run_leaves_out_is_said():
    cell = Cell.load("sym-li-lpscl")
    assert not [text for text in remarks(cell) if "leaves out" in text]
    asked = cell.replace(**{"anode.die_confined": False, "separator.reference_electrode": 0.5})
    said = next(text for text in remarks(asked) if "leaves out" in text)
    assert "unconfined foil" in said
    assert "reference electrode" in said
