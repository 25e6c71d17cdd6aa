"""Studies that an optimiser leads: a known optimum, rows, going on, and workers that die."""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
import time

import pytest

from lisse.studies.cluster import Place
from lisse.studies.optimise import run_optimiser
from lisse.studies.query import query
from lisse.studies.study_file import make_study

from .study_help import children

pytest.importorskip("optuna")
pytest.importorskip("duckdb")


def thinnest(count, **more):
    """The thinnest stack of 0.5 times the lithium that the cathode takes: separator at its bound, lithium not."""
    return make_study(
        {
            "name": "thinnest",
            "cell": "practical-pouch",
            "design": {
                "kind": "optimise",
                "count": count,
                "seed": 1,
                "objectives": [{"metric": "stack_thickness", "sense": "minimise"}],
                "constraints": ["lithium_excess >= 0.5"],
            },
            "vary": {"separator.thickness": {"range": "15 um..100 um"}, "anode.thickness": {"range": "1 um..40 um"}},
        }
        | more
    )


def best(folder):
    sql = """
        select "si.separator.thickness", "si.anode.thickness", stack_thickness, lithium_excess from points
        where feasible = 1 order by stack_thickness limit 1
    """
    return query(folder, sql).rows[0]


def test_it_finds_a_known_optimum(tmp_path):
    from lisse import Cell

    result = run_optimiser(thinnest(60), tmp_path / "s", Place(0))
    assert (result.points, result.finished, result.failed) == (60, 60, 0)
    separator, anode, thickness, excess = best(tmp_path / "s")
    # Lithium excess is proportional to the thickness of the anode, so one cell gives the optimum.
    cell = Cell.load("practical-pouch").replace(**{"separator.thickness": "15 um", "anode.thickness": "20 um"})
    needed = 20e-6 * 0.5 / cell.derived.lithium_excess
    optimum = 1e6 * (cell.derived.stack_thickness - 20e-6 + needed)
    assert excess >= 0.5
    assert optimum <= thickness <= optimum + 5
    assert separator < 20e-6
    assert anode == pytest.approx(needed, abs=4e-6)


def test_equal_seeds_give_equal_designs_and_resuming_repeats_none(tmp_path):
    run_optimiser(thinnest(8), tmp_path / "a", Place(0))
    run_optimiser(thinnest(8), tmp_path / "b", Place(0))
    sql = 'select point, "in.separator.thickness", "in.anode.thickness" from points order by point'
    first = query(tmp_path / "a", sql).rows
    assert first == query(tmp_path / "b", sql).rows
    assert first[0] == (0, "57.5 um", "20.5 um")
    more = run_optimiser(thinnest(14), tmp_path / "a", Place(0), resume=True)
    assert (more.points, more.finished, more.done_now) == (14, 14, 6)
    rows = query(tmp_path / "a", sql).rows
    assert rows[:8] == first
    assert [row[0] for row in rows] == list(range(14))
    assert len({row[1:] for row in rows}) == 14
    fewer = run_optimiser(thinnest(3), tmp_path / "a", Place(0), resume=True)
    assert (fewer.finished, fewer.done_now) == (14, 0)


def test_choices_and_designs_that_cannot_be_are_rows(tmp_path):
    vary = {"separator.thickness": {"values": ["20 um", "60 um"]}, "cathode.porosity": {"range": "0.02..0.6"}}
    study = thinnest(12, vary=vary)
    run_optimiser(study, tmp_path / "s", Place(0))
    rows = query(tmp_path / "s", 'select "in.separator.thickness", status, reason, stack_thickness from points').rows
    assert {row[0] for row in rows} == {"20 um", "60 um"}
    for _, status, reason, thickness in rows:
        assert (status == "failed") == bool(reason) == (thickness is None)
    trials = query(tmp_path / "s", "select trial from points").rows
    assert all(set(json.loads(trial[0])["values"]) == set(vary) for trial in trials)


def test_ctrl_c_keeps_the_designs_tried(tmp_path, monkeypatch):
    from lisse.studies import optimise

    real, calls = optimise._try, itertools.count()

    def interrupted(*args):
        if next(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(optimise, "_try", interrupted)
    result = run_optimiser(thinnest(9), tmp_path / "s", Place(0))
    assert (result.interrupted, result.finished, result.points) == (True, 3, 9)


def test_workers_that_die_cost_no_design(tmp_path):
    pytest.importorskip("distributed")
    stop = threading.Event()

    def kill():
        until = time.monotonic() + 60
        while not stop.is_set() and time.monotonic() < until:
            for pid in children(os.getpid(), "spawn_main")[:1]:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.05)

    def progress(done, failed, total):
        if done == 4:
            threading.Thread(target=kill, daemon=True).start()

    result = run_optimiser(thinnest(24), tmp_path / "s", Place(2), progress=progress)
    stop.set()
    assert (result.finished, result.failed) == (24, 0)
    found = query(tmp_path / "s", "select count(distinct point), min(point), max(point) from points").rows
    assert found == ((24, 0, 23),)
