"""Jumped runs end where full ones do, keep the books of lithium and charge, and say what they have left out."""

import json
import signal

import numpy as np
import pytest

import lisse
from lisse import SolidStateCell
from lisse.cell.jumping import FIRST_CYCLES, LAST_CYCLES, Jumper
from lisse.cell.options import CATHODE_MECHANISMS
from lisse.errors import InputError
from lisse.resume import resume

ON = {"mechanisms": list(CATHODE_MECHANISMS)}
JUMP = 0.005


@pytest.fixture
def small_mesh(monkeypatch):
    monkeypatch.setattr(SolidStateCell, "default_var_pts", property(lambda self: {"x_p": 3, "r_p": 6}))


class Plain:
    """Where the states of a vector stand that has nothing to balance."""

    def __init__(self, size):
        self.slow = self.judged = np.ones(size, dtype=bool)

    def balanced(self, state, moved):
        return moved


def jumped(law, total, tolerance=JUMP):
    """Simulate cycles of a law by which a state changes from one cycle to the next; return the jumper and the end."""
    jumper, state, time = Jumper(total=total, first=1, tolerance=tolerance), np.zeros(2), 0.0
    while state is not None:
        last = state = law(state)
        time += 100.0
        state = jumper.begin_cycle(state, time, Plain(2))
    return jumper, last


def test_what_grows_evenly_is_jumped_exactly():
    jumper, end = jumped(lambda state: state + np.array([1e-3, 2e-3]), 500)
    assert end == pytest.approx([0.5, 1.0], rel=1e-12)
    assert jumper.numbers[-1] == 500
    assert len(jumper.numbers) < 50
    assert jumper.largest_error < 1e-9
    # The time of the cycles jumped over counts: 500 of 100 s.
    assert jumper.offsets_s[-1] + 100 * len(jumper.numbers) == pytest.approx(500 * 100)


@pytest.mark.parametrize(
    ("law", "end"),
    [
        # A film that slows itself, y^2 + y = n/100; a loss that ends, 1 - exp(-n/150).
        (lambda y: (np.sqrt((2 * y + 1) ** 2 + 0.04) - 1) / 2, (np.sqrt(1 + 0.04 * 1000) - 1) / 2),
        (lambda y: 1 - (1 - y) * np.exp(-1 / 150), 1 - np.exp(-1000 / 150)),
    ],
    ids=["root", "saturating"],
)
def test_closed_forms_come_back_within_a_per_cent_in_a_fifth_of_the_cycles(law, end):
    jumper, found = jumped(law, 1000)
    assert found == pytest.approx([end, end], rel=0.01)
    assert len(jumper.numbers) < 200
    assert jumper.largest_jump > 10
    rough, _ = jumped(law, 1000, tolerance=0.05)
    assert len(rough.numbers) < len(jumper.numbers)


def test_first_and_last_cycles_are_simulated_one_by_one():
    jumper, _ = jumped(lambda y: y + 1e-4, 60)
    assert jumper.numbers[:FIRST_CYCLES] == list(range(1, FIRST_CYCLES + 1))
    assert jumper.numbers[-LAST_CYCLES:] == [59, 60]
    assert np.all(np.diff(jumper.numbers) >= 1)
    cycles = jumper.spread([f"cycle {number}" for number in jumper.numbers])
    assert len(cycles) == 60
    assert [c for c in cycles if c is not None][-1] == "cycle 60"
    assert cycles[58] == "cycle 59"


def test_a_jumped_run_ends_like_the_full_one(small_mesh):
    """300 cycles, all mechanisms of the composite: states within 1 %, at most a third of the cycles."""
    full, short = (lisse.run("reference", "300 cycles at 1C", **ON, jump=jump) for jump in (None, JUMP))
    assert full.summary["cycle_jumping"] is None
    report = short.summary["cycle_jumping"]
    assert report["total_cycles"] == 300
    assert report["simulated_cycles"] <= 100
    assert report["tolerance"] == JUMP
    assert 1 < report["largest_jump"] < 300
    rows = short.summary["cycles"]
    assert len(rows) == report["simulated_cycles"]
    last, expected = rows[-1], full.summary["cycles"][-1]
    assert last["cycle"] == expected["cycle"] == 300
    for key in (
        "active_mass_fraction",
        "connected_fraction",
        "cathode_interphase_nm",
        "diffusion_length_ratio",
        "gap_volume_fraction",
        "cathode_resistance_ohm_cm2",
    ):
        assert last[key] == pytest.approx(expected[key], rel=0.01), key
    assert last["discharge_capacity_mAh_g"] == pytest.approx(expected["discharge_capacity_mAh_g"], abs=0.1)
    frame = short.timeseries
    assert frame["time_s"].is_monotonic_increasing
    assert frame["time_s"].iloc[-1] == pytest.approx(full.timeseries["time_s"].iloc[-1], rel=0.03)
    books = short.summary["audit"]
    assert abs(books["lithium_relative_error"]) < 1e-8
    assert abs(books["charge_relative_error"]) < 1e-8
    assert books["energy_relative_error"] is None
    total = sum(
        short.solution[f"{name} lithium inventory [mol]"].entries
        for name in ("Cathode", "Isolated cathode", "Cathode interphase", "Anode")
    )
    assert np.ptp(total) < 1e-9 * total[0]


@pytest.mark.parametrize("cell", ["reference", "koerver-2017"])
def test_jumps_with_the_mechanisms_of_both_electrodes_keep_the_books(small_mesh, cell):
    everything = ["voids", "interphase", "filaments", *CATHODE_MECHANISMS]
    run = lisse.run(cell, "30 cycles at C/5", mechanisms=everything, jump=JUMP)
    assert run.summary["status"] == "completed"
    assert run.summary["cycle_jumping"]["simulated_cycles"] < 30
    assert abs(run.books.lithium_relative_error) < 1e-8
    assert abs(run.books.charge_relative_error) < 1e-8


def test_formation_is_simulated_and_not_jumped(small_mesh):
    run = lisse.run("reference", "formation + 30 cycles at 1C", **ON, jump=JUMP)
    numbers = [row["cycle"] for row in run.summary["cycles"]]
    assert numbers[: 1 + FIRST_CYCLES] == list(range(1, 2 + FIRST_CYCLES))
    assert numbers[-1] == 31


@pytest.mark.parametrize("jump", [0, 0.0, -0.01, 1, 0.2, True, float("nan"), "0.005"])
def test_a_tolerance_that_is_none_is_refused(jump):
    with pytest.raises(InputError, match=r"^jump: .* give a number above 0 and at most 0\.1\.$"):
        lisse.run("reference", "20 cycles at 1C", **ON, jump=jump)


@pytest.mark.parametrize("protocol", ["9 cycles at 1C", "20 cycles at 1C + 1 cycle at C/2", "formation"])
def test_too_few_equal_cycles_are_refused(protocol):
    with pytest.raises(
        InputError, match=r"^jump: the protocol ends with \d equal cycles; jumping needs at least 10\.$"
    ):
        lisse.run("reference", protocol, **ON, jump=JUMP)


def test_an_interrupted_jumped_run_goes_on_where_it_stood(small_mesh, tmp_path):
    """Ctrl-C in the middle of a cycle that follows a jump: cycles jumped over count as done."""
    began = [0]

    def press(cycle, cycles, text):
        if "discharge" in text.lower() and cycle > began[-1]:
            began.append(cycle)
            if cycle > 10 and cycle > began[-2] + 1:
                signal.raise_signal(signal.SIGINT)

    part = lisse.run("reference", "40 cycles at 1C", **ON, jump=JUMP, progress=press)
    assert part.summary["reason"] == "interrupted"
    numbers = part.outcome.jumper.numbers
    assert numbers[-1] > len(numbers)  # it has jumped
    part.save(tmp_path / "run", report=False)
    note = json.loads((tmp_path / "run" / "resume.json").read_text(encoding="utf-8"))
    assert note["cycles"] == numbers[-1] - 1
    assert note["steps"] == [step.kind for step in part.protocol.cycles[-1].steps].index("discharge")
    again = resume(tmp_path / "run")
    assert again.summary["status"] == "completed"
    shown = [row["cycle"] for row in again.summary["cycles"]]
    assert shown == numbers + list(range(numbers[-1] + 1, 41))
    whole = lisse.run("reference", "40 cycles at 1C", **ON).summary["cycles"][-1]
    last = again.summary["cycles"][-1]
    for key in ("active_mass_fraction", "cathode_interphase_nm", "gap_volume_fraction"):
        assert last[key] == pytest.approx(whole[key], rel=0.01), key


def test_the_command_line_jumps(small_mesh, document, tmp_path):
    summary = document("run", "reference", "--protocol", "20 cycles at 1C", "--mechanism", "cracks", "--jump", "0.005")
    assert summary["cycle_jumping"]["simulated_cycles"] < 20
    assert summary["conditions"]["mechanisms"] == ["cracks"]
