"""Lost cycles by cause: paired cells, values that add up, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.lithium.parameters import draw, read_claims
from lisse.studies.life import CAUSES, LEAST_CELLS, _cycle, _cycles_of, explain_life

EVERY = frozenset(range(len(CAUSES)))


def lived(name, on, cycles, current=10.0, charge=3.6e4, cells=LEAST_CELLS):
    """Return the cycles of cells with some causes on."""
    cell = Cell.load(name)
    drawn = draw(read_claims(cell), cells, 1)
    return _cycles_of(cell, drawn, on, _cycle(cell, current, charge), cycles, 1)


@pytest.fixture(scope="module")
def short():
    return explain_life(Cell.load("sym-li-lpscl"), current=10.0, capacity=3.6e4, cycles=2, workers=2)


def test_shares_of_every_cell_add_up_to_its_lost_cycles(short):
    shares = short.shares
    assert shares.values.shape == (4, LEAST_CELLS)
    assert np.abs(shares.values.sum(axis=0) - (shares.full - shares.empty)).max() < 1e-12
    assert (shares.exact, shares.coalitions) == (True, 16)


def test_the_ideal_cell_does_all_its_cycles(short):
    assert (short.shares.empty == 2).all()
    assert short.shares.full.min() < 2  # and these do not


def test_cells_are_paired(short):
    """Where no cause ends a cell none has a share in it: chance is the same with every set of causes."""
    survived = short.shares.full == 2
    assert 10 < survived.sum() < LEAST_CELLS
    alone = np.array([lived("sym-li-lpscl", frozenset({k}), 2) for k in range(len(CAUSES))])
    untouched = survived & (alone == 2).all(axis=0)
    assert untouched.any()
    assert np.abs(short.shares.values[:, untouched]).mean() < 0.05


def test_the_document(short):
    document = short.as_dict()
    assert set(document) == {
        "cells", "seed", "cycles_asked", "current_density_mA_cm2", "half_cycle_capacity_mAh_cm2", "mean_cycles",
        "median_cycles", "survived_fraction", "ideal_mean_cycles", "causes",
    }  # fmt: skip
    assert (document["current_density_mA_cm2"], document["half_cycle_capacity_mAh_cm2"]) == (1.0, 1.0)
    lost = sum(row["cycles"] for row in document["causes"])
    assert lost == pytest.approx(document["mean_cycles"] - document["ideal_mean_cycles"], abs=1e-9)
    values = short.shares.values[2]
    assert document["causes"][2]["standard_error"] == pytest.approx(values.std(ddof=1) / np.sqrt(len(values)))
    assert [row["review_figure_1"] for row in document["causes"]] == ["a", "b", "c", "e"]


def test_lithium_that_a_full_cell_plates_comes_out_of_its_cathode():
    """A pouch cell with a fifth of the cathode's lithium at the anode is no symmetric cell with two thin foils."""
    cell = Cell.load("practical-pouch")
    assert cell.derived.lithium_excess < 0.5
    charge = cell.derived.nominal_capacity
    assert (lived("practical-pouch", frozenset(), 3, charge / 3 / 3600, charge) == 3).all()


def test_without_filaments_an_interlayer_with_a_host_lets_no_crack_through():
    """The host carries only so much current; with the filaments off that starts none that moves."""
    layer = {"material": "Ag-C", "thickness": "10 um"}
    cell = Cell.load("sym-li-lpscl").replace(**{"anode.interlayer": layer})
    drawn = draw(read_claims(cell), 20, 1)
    cycle = _cycle(cell, 50.0, 3.6e4)
    without = EVERY - {[cause.name for cause in CAUSES].index("filaments"), 3, 0}
    assert (_cycles_of(cell, drawn, without, cycle, 2, 1) == 2).all()


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sym-li-lpscl", {"cells": 199}, "cells: 199"),
        ("sym-li-lpscl", {"cycles": 0}, "cycles: 0"),
        ("sym-li-lpscl", {"current": -1.0}, "above 0"),
        ("koerver-2017", {}, "keeps its skeleton"),
    ],
)
def test_bad_input(name, arguments, words):
    with pytest.raises(InputError, match=words):
        explain_life(Cell.load(name), **arguments)


@pytest.mark.slow
def test_equal_seeds_give_equal_lives_with_any_number_of_processes(short):
    one = explain_life(Cell.load("sym-li-lpscl"), current=10.0, capacity=3.6e4, cycles=2, workers=1)
    assert (one.shares.values == short.shares.values).all()
    other = explain_life(Cell.load("sym-li-lpscl"), current=10.0, capacity=3.6e4, cycles=2, seed=2)
    assert (other.shares.values != short.shares.values).any()
