"""Design numbers as what a study computes and what a design seeks: those with a name, and any of a cycle."""

from __future__ import annotations

import math

import pytest

import lisse
from lisse import Cell
from lisse.errors import InputError
from lisse.studies.cluster import Place
from lisse.studies.cycle_metrics import cycle_metric
from lisse.studies.design import read_constraint, read_metric
from lisse.studies.metrics import Candidate, Settings
from lisse.studies.optimise import problem_of, run_optimiser
from lisse.studies.points import points_of
from lisse.studies.query import query
from lisse.studies.runner import run_chunk, run_study
from lisse.studies.study_file import make_study

from .study_help import document

pytest.importorskip("duckdb")

ALONE = Settings(workers=1, cells=30, cycles=10)
QUICK = {"cycles": 3, "cells": 8}
NUMBERS = ["specific_energy", "last.mean_discharge_voltage_V", "short_probability", "stack_thickness"]


@pytest.fixture(scope="module")
def candidate():
    return Candidate(Cell.load("reference"), "1 cycle at C/2", ALONE)


def test_a_number_of_a_cycle_is_that_of_the_run(candidate):
    rows = lisse.run(candidate.cell, candidate.protocol).summary["cycles"]
    for name in ("last.discharge_capacity_mAh_cm2", "first.coulombic_efficiency", "last.stack_pressure_MPa.max"):
        cycle, *steps = name.split(".")
        expected = rows[{"first": 0, "last": -1}[cycle]]
        for step in steps:
            expected = expected[step]
        assert cycle_metric(name).read(candidate) == [pytest.approx(expected, rel=1e-3)], name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("last.mean_discharge_voltag_V", 'the nearest known one is "mean_discharge_voltage_V"'),
        ("last.zzz", "known are cycle, "),
        ("last.stack_pressure_MPa", 'several numbers; write "last.stack_pressure_MPa.min" or'),
        ("last.stack_pressure_MPa.mid", '"last.stack_pressure_MPa.mid" is not in the summary'),
        ("last.coulombic_efficiency.max", 'is one number and has no "max"'),
    ],
)
def test_a_number_that_no_run_has_is_one_sentence(candidate, name, words):
    with pytest.raises(InputError, match=r'^"last.*\.$') as error:
        cycle_metric(name).read(candidate)
    assert words in str(error.value)


def test_constraints_on_a_number_of_a_cycle_know_its_unit():
    found = read_constraint("last.mean_discharge_voltage_V >= 3.6 V")
    assert (found.metric.name, found.sense, found.bound) == ("last.mean_discharge_voltage_V", ">=", 3.6)
    assert read_constraint("last.stack_pressure_MPa.max <= 5 MPa").metric.unit == "MPa"
    assert read_constraint("last.cathode_resistance_ohm_cm2 <= 30 ohm cm^2").bound == 30
    with pytest.raises(InputError, match=r"is in MPa, but last\.mean_discharge_voltage_V is in V\."):
        read_constraint("last.mean_discharge_voltage_V >= 3.6 MPa")
    with pytest.raises(InputError, match=r"keys of the summary's cycles as in last\."):
        read_metric("second.zzz", "--maximise")


def study_of(**changes):
    found = {
        "cell": "practical-pouch",
        "evaluator": "metrics",
        "metrics": NUMBERS,
        "settings": QUICK,
        "protocol": "1 cycle at {charge_rate}C charge, C/3 discharge",
        "vary": {"separator.thickness": ["20 um", "40 um"], "charge_rate": {"values": [0.1, 0.3]}},
    }
    return make_study(document(**found | changes))


def test_a_study_of_design_numbers(tmp_path):
    study = study_of()
    result = run_study(study, tmp_path / "s", Place(0))
    assert (result.finished, result.failed) == (4, 0)
    columns = ", ".join(['"si.separator.thickness"', '"in.charge_rate"', *(n.replace(".", "_") for n in NUMBERS)])
    rows = query(tmp_path / "s", f"select {columns}, run_status from points order by point").rows
    for thickness, rate, *numbers, status in rows:
        assert status == "completed"
        cell = Cell.load("practical-pouch").replace(**{"separator.thickness": f"{1e6 * thickness:.0f} um"})
        settings = Settings(**QUICK, charge_rate=rate, workers=1)
        alone = Candidate(cell, f"1 cycle at {rate}C charge, C/3 discharge", settings)
        assert numbers == [pytest.approx(read_metric(name, "").read(alone)[0], rel=1e-6) for name in NUMBERS]
    thin, thick = rows[0][2], rows[2][2]
    assert thin > thick * 1.02


def test_draws_give_bands_and_a_cell_without_the_number_a_reason():
    study = study_of(
        metrics=["capacity"], settings={"draws": 6}, protocol="1 cycle at C/3", vary={"separator.thickness": ["20 um"]}
    )
    row = run_chunk(study.model_dump_json(), [0])[0]
    assert row["capacity_p05"] < row["capacity_median"] < row["capacity_p95"]
    assert row["capacity_count"] == 6
    study = study_of(metrics=["separator_stress"], protocol="1 cycle at C/3", vary={"separator.thickness": ["20 um"]})
    row = run_chunk(study.model_dump_json(), [0])[0]
    assert row["status"] == "failed"
    assert "mechanism bending" in row["reason"]


def test_short_forms_are_the_long_ones():
    short = document(vary={"separator.thickness": "20 um..40 um", "operation.stack_pressure": ["5 MPa", "10 MPa"]})
    long = document(
        vary={
            "separator.thickness": {"range": "20 um..40 um"},
            "operation.stack_pressure": {"values": ["5 MPa", "10 MPa"]},
        }
    )
    one, other = (points_of(make_study(found)) for found in (short, long))
    assert len(one) == 10
    assert [one.identity(n) for n in range(10)] == [other.identity(n) for n in range(10)]


def test_an_optimiser_takes_settings_a_probability_and_numbers_of_a_cycle(tmp_path):
    study = make_study(
        {
            "name": "voltage",
            "design": {
                "kind": "optimise",
                "count": 4,
                "objectives": [{"metric": "last.mean_discharge_voltage_V"}],
                "constraints": ["capacity >= 1 mAh/g"],
                "probability": 0.7,
            },
            "settings": {"draws": 4},
            "vary": {"cathode.porosity": "0.05..0.2"},
        }
    )
    problem = problem_of(study)
    assert (problem.probability, problem.settings.draws, problem.settings.workers) == (0.7, 4, 1)
    result = run_optimiser(study, tmp_path / "s", Place(0))
    assert result.failed == 0
    best = result.best[0]["last.mean_discharge_voltage_V"]
    tried = query(tmp_path / "s", 'select "last.mean_discharge_voltage_V" from points').rows
    assert best == max(row[0] for row in tried)
    assert all(math.isfinite(row[0]) for row in tried)
