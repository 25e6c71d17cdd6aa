"""One build for many cells: each equals a run of its own, and what it cannot take is refused."""

from __future__ import annotations

import numpy as np
import pytest

import lisse
from lisse import Cell
from lisse.errors import InputError
from lisse.studies.batch import Refused, in_parallel, solve_many
from lisse.studies.prepared import OtherBuildError, Prepared
from lisse.studies.sampling import draw
from lisse.studies.uncertainty import held_current

TIGHT = 1e-6


@pytest.mark.parametrize("mechanisms", [[], ["contact_loss", "cracks", "cathode_interphase"]])
def test_a_prepared_cell_equals_a_run_of_its_own(mechanisms):
    from lisse.cell.solving import RTOL

    cell = held_current(Cell.load("reference").replace(mechanisms=mechanisms))
    draws = draw(cell, 4, seed=5)
    cells = [draws.make(number) for number in (1, 2)]
    prepared = Prepared(cell, "1 cycle at C/3", cells, rtol=RTOL)
    for one in cells:
        ours, alone = prepared.solve(one).summary(), lisse.run(one, "1 cycle at C/3").summary
        assert ours["status"] == alone["status"] == "completed"
        for mine, other in zip(ours["cycles"], alone["cycles"], strict=True):
            numbers = [(mine[key], other[key]) for key in mine if isinstance(mine[key], float)]
            assert len(numbers) > 6
            for left, right in numbers:
                assert left == pytest.approx(right, rel=TIGHT)
        for origin, volts in ours["losses_V"].items():
            assert volts == pytest.approx(alone["losses_V"][origin], rel=TIGHT, abs=1e-8)


@pytest.fixture(scope="module")
def cell():
    return Cell.load("reference")


def test_another_protocol_value_or_mechanism_needs_another_build(cell):
    other = cell.drawn({("separator", "ionic_conductivity"): 0.2})
    prepared = Prepared(cell, "1 cycle at C/3", [other])
    with pytest.raises(OtherBuildError, match="is no input of the build"):
        prepared.solve(cell.replace(**{"cathode.loading": "5 mg/cm^2"}))
    curved = cell.replace(**{"claims.active.diffusivity": {"id": "conforto"}})
    with pytest.raises(OtherBuildError):
        prepared.solve(curved)


def test_cells_that_cannot_be_are_refused_in_their_place(cell):
    def make(number):
        if number == 1:
            raise InputError("claims: this one cannot be.")
        return cell.drawn({("separator", "ionic_conductivity"): 0.1 + 0.1 * number})

    found = solve_many(cell, "1 cycle at C/3", make, 4, workers=2)
    assert isinstance(found[1], Refused)
    assert found[1].reason == "claims: this one cannot be."
    volts = [found[number]["losses_V"]["separator"] for number in (0, 2, 3)]
    # the loss of the separator goes as one over its conductivity
    assert volts[1] / volts[0] == pytest.approx(1 / 3, rel=0.02)
    assert volts[2] / volts[0] == pytest.approx(1 / 4, rel=0.02)


def test_a_cell_with_another_build_is_run_by_itself(cell):
    made = [cell, cell.replace(mechanisms=["contact_loss"])]
    plain, lossy = solve_many(cell, "1 cycle at C/3", lambda number: made[number], 2, workers=1)
    assert plain["cycles"][0]["wetted_fraction"] is None
    assert lossy["cycles"][0]["wetted_fraction"] is not None


def test_parameters_can_be_changed_besides(cell):
    name = "Contact resistance [Ohm.m2]"
    found = solve_many(
        cell,
        "1 cycle at C/3",
        lambda number: (cell, {name: 1e-3 * (1 + number)}),
        2,
        workers=1,
        also=[name],
        read=lambda solved: solved.summary()["losses_V"]["contacts"],
    )
    assert found[1] / found[0] == pytest.approx(2.0, rel=1e-3)


def test_work_in_parallel_keeps_its_order():
    assert in_parallel(lambda number: number**2, 7, workers=2) == [number**2 for number in range(7)]
    with pytest.raises(InputError, match="workers: -1"):
        in_parallel(abs, 3, workers=-1)
    assert np.array_equal(in_parallel(np.sqrt, 3, workers=1), np.sqrt([0, 1, 2]))
