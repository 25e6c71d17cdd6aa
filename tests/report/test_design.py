"""The figure of a design: every design that was run, those that keep the constraints, and the front."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lisse import Cell
from lisse.report.design import plot_design
from lisse.studies.design import Design, Problem, Trial, read_constraint, read_metric


def design_of(names, *rows):
    """Designs by their objectives and the violation of their constraint."""
    problem = Problem(
        Cell.load("practical-pouch"),
        "1 cycle at C/3",
        tuple((read_metric(name, "test"), 1) for name in names),
        (),
        (read_constraint("ccd_margin >= 1"),),
    )
    return Design(
        problem,
        tuple(
            Trial({}, objectives, (violation,), (1 - violation,), None if np.isfinite(objectives).all() else "failed")
            for *objectives, violation in rows
            for objectives in [tuple(objectives)]
        ),
    )


def points(axes):
    return {row.get_label(): [tuple(point) for point in row.get_offsets().tolist()] for row in axes.collections}


def test_two_objectives():
    rows = [(400.0, 50.0, -0.1), (450.0, 30.0, -0.1), (420.0, 20.0, -0.1), (500.0, 60.0, 0.2), (math.nan, 1.0, 0.0)]
    axes = plot_design(design_of(("specific_energy", "mean_life"), *rows)).axes[0]
    assert points(axes) == {
        "keeps all": [(400.0, 50.0), (450.0, 30.0), (420.0, 20.0)],
        "breaks a constraint": [(500.0, 60.0)],
    }
    (front,) = axes.lines
    # (420, 20) is beaten by (450, 30), and (500, 60) breaks the constraint.
    assert [tuple(point) for point in front.get_xydata().tolist()] == [(400.0, 50.0), (450.0, 30.0)]
    assert axes.get_xlabel() == "energy per mass of the cell / Wh/kg"
    assert axes.get_ylabel() == "mean of the cycles done"


def test_one_objective_over_the_number_tried():
    axes = plot_design(design_of(("capacity",), (150.0, -0.1), (math.nan, 0.0), (170.0, -0.1))).axes[0]
    assert points(axes) == {"keeps all": [(1.0, 150.0), (3.0, 170.0)]}
    assert axes.get_xlabel() == "design"
    assert axes.get_ylabel() == "last discharge, per active mass / mAh/g"


@pytest.mark.parametrize("names", [("capacity",), ("specific_energy", "mean_life")])
def test_nothing_ran(names):
    axes = plot_design(design_of(names, (*[math.nan] * len(names), 0.0))).axes[0]
    assert not axes.collections
    assert not axes.lines
