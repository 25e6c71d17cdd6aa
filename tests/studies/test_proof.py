"""The check of a design: all mechanisms on, draws of the claims, and the share of them that must keep each bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lisse import Cell
from lisse.cell.options import CATHODE_MECHANISMS, CELL_MECHANISMS
from lisse.studies import proof
from lisse.studies.design import Problem, evaluate, read_constraint, read_metric
from lisse.studies.metrics import Settings
from lisse.studies.variables import read_variable

COUNT = 6


def prove(cell, *constraints, objectives=("specific_energy",), probability=None):
    problem = Problem(
        cell,
        "1 cycle at C/10",
        tuple((read_metric(name, "test"), 1) for name in objectives),
        (read_variable("separator.thickness=20 um..40 um"),),
        tuple(read_constraint(text) for text in constraints),
        probability,
        Settings(cycles=2, workers=1),
    )
    values = problem.middle
    return evaluate(replace(problem, constraints=()), values), proof.prove(problem, evaluate(problem, values), COUNT)


@pytest.fixture(scope="module")
def cell():
    return Cell.load("practical-pouch").replace(**{"operation.temperature": "60 degC"})


def test_a_design_with_all_mechanisms_on_and_draws(cell):
    bounds = "capacity >= 100", "capacity >= 250", "short_probability <= 1"
    plain, found = prove(cell, *bounds, objectives=("specific_energy", "mean_life"))
    assert set(found.mechanisms) == set(CELL_MECHANISMS)
    assert (found.count, found.failed) == (COUNT, 0)
    band = found.objectives["specific_energy"]
    assert band["p05"] < band["median"] < band["p95"]
    # Contact loss, cracks and interphases only cost.
    assert band["median"] < plain.objectives[0]
    # No more than 275.5 mAh/g are in NMC811, and hardly 250 within the window.
    assert [row["holds"] for row in found.constraints] == [True, False, True]
    assert found.holds is False
    # A share of cells is a whole number of them.
    assert (found.constraints[2]["value"] * COUNT) % 1 == pytest.approx(0)
    assert found.as_dict()["holds"] is False
    # A number of drawn cells has one value and no spread.
    band = found.objectives["mean_life"]
    assert 0 <= band["p05"] == band["median"] == band["p95"] <= 2


def test_an_alloy_has_no_voids_and_no_filaments(cell):
    alloy = cell.replace(anode={"material": "Li-In", "thickness": "100 um"})
    _, found = prove(alloy, "capacity >= 1", objectives=("capacity",), probability=0.1)
    assert set(found.mechanisms) == set(CATHODE_MECHANISMS)
    # The value that a tenth of the draws keeps: the best of six.
    value, band = found.constraints[0]["value"], found.objectives["capacity"]
    assert value > band["p95"] > band["median"]
    assert value == pytest.approx(band["p95"], rel=0.1)
