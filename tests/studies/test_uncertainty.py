"""Error bars: what is known of the spread of a number in closed form, and what happens to draws that fail."""

from __future__ import annotations

import numpy as np
import pytest

import lisse
from lisse import Cell
from lisse.errors import InputError
from lisse.studies.batch import Refused
from lisse.studies.sampling import draw
from lisse.studies.uncertainty import gather, held_current, numbers_in, spread_of, uncertainty


@pytest.fixture(scope="module")
def cell():
    return Cell.load("reference")


@pytest.fixture(scope="module")
def found(cell):
    return uncertainty(cell, "1 cycle at C/3", 24, seed=1)


def test_a_resistance_has_the_spread_of_its_claim(cell):
    """The separator's resistance is thickness over conductivity: a factor 1.5, cut at 5 and 95 %."""
    spread = spread_of(lambda drawn: {"r": drawn.derived.separator_resistance}, cell, 512, workers=1)
    band = spread.band("r")
    assert band["median"] == pytest.approx(cell.derived.separator_resistance, rel=0.02)
    factor = 1.5**1.645
    assert band["p95"] / band["median"] == pytest.approx(factor, rel=0.05)
    assert band["median"] / band["p05"] == pytest.approx(factor, rel=0.05)
    assert band["count"] == 512


def test_draws_of_a_run_equal_runs_of_the_draws(cell, found):
    one = lisse.run(held_current(cell).drawn(found.draws.values(3)), "1 cycle at C/3").summary["cycles"][0]
    for key in ("discharge_capacity_mAh_g", "mean_discharge_voltage_V", "cathode_resistance_ohm_cm2"):
        assert found.samples[f"cycles.0.{key}"][3] == pytest.approx(one[key], rel=1e-3)


def test_the_document_has_every_number_that_moves(found):
    document = found.as_dict()
    assert (document["count"], document["seed"], document["sampling"]) == (24, 1, "sobol")
    values = document["values"]
    assert {"cycles.0.discharge_capacity_mAh_g", "losses_V.separator", "losses_V.anode"} <= set(values)
    assert "cycles.0.cycle" not in values  # no claim moves it
    assert "losses_V.contacts" not in values  # a resistance of the cell file at a given current
    for band in values.values():
        assert band["p05"] <= band["median"] <= band["p95"]


def test_voltage_bands_lie_around_their_median_and_end_where_cells_do(cell, found):
    bands = {(band.cycle, band.kind): band for band in found.bands}
    down = bands[1, "discharge"]
    assert (down.low <= down.median).all()
    assert (down.median <= down.high).all()
    assert down.low[-1] == pytest.approx(cell.derived.lower_voltage, abs=1e-3)
    capacities = found.samples["cycles.0.discharge_capacity_mAh_g"]
    assert down.capacity[-1] == pytest.approx(np.quantile(capacities, 0.98), rel=1e-6)


def test_equal_seeds_give_equal_draws_and_others_do_not(cell, found):
    again = draw(held_current(cell), 24, seed=1)
    assert np.array_equal(again.shares, found.draws.shares)
    assert not np.array_equal(draw(held_current(cell), 24, seed=2).shares, found.draws.shares)


def test_the_current_is_chosen_and_not_drawn(cell):
    plain = cell.replace(**{"operation.nominal_capacity": None})
    held = held_current(plain)
    name = ("active", "practical_capacity")
    assert plain.drawn({name: 6e5}).derived.nominal_current < plain.derived.nominal_current
    assert held.drawn({name: 6e5}).derived.nominal_current == pytest.approx(plain.derived.nominal_current, rel=1e-12)


def test_failed_draws_are_counted_with_their_reasons(cell):
    draws = draw(cell, 4)
    spread = gather(
        draws,
        [
            {"document": {"a": 1.0, "b": None}},
            Refused("cell file: 1.5 is too much."),
            {"status": "failed", "failure": "cell file: 2.5 is too much."},
            {"document": {"a": 3.0, "b": 2.0}},
        ],
    )
    assert spread.as_dict()["failed"] == {"count": 2, "reasons": {"cell file: 1.5 is too much.": 2}}
    assert spread.band("a") == {"median": 2.0, "p05": pytest.approx(1.1), "p95": pytest.approx(2.9), "count": 2}
    assert spread.band("b") is None


def test_a_function_that_refuses_some_cells_is_counted(cell):
    def function(drawn):
        if drawn.number("separator", "ionic_conductivity") > 0.13:
            raise InputError("claims: too conductive.")
        return {"s": drawn.number("separator", "ionic_conductivity")}

    spread = spread_of(function, cell, 32, workers=2)
    assert spread.as_dict()["failed"]["reasons"] == {"claims: too conductive.": 16}
    assert spread.band("s")["count"] == 16


def test_a_symmetric_cell_with_its_mechanisms(cell):
    spread = uncertainty(Cell.load("sym-li-lpscl"), "1 cycle at C/5", 4)
    assert spread.band("cycles.0.anode_interphase_nm")["count"] == 4
    assert spread.bands == ()


def test_numbers_in_a_document_leave_out_what_is_not_of_the_cell():
    document = {"timing_s": {"a": 1.0}, "audit": {"b": 1.0}, "x": {"y": [1, {"z": 2.5}], "t": True, "s": "3"}}
    assert list(numbers_in(document)) == [("x.y.0", 1.0), ("x.y.1.z", 2.5)]
