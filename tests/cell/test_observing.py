"""Variables read together are those that PyBaMM reads one by one."""

import numpy as np
import pytest

import lisse
from lisse.cell.observing import read, read_fields
from lisse.cell.results import _STATES


@pytest.fixture(scope="module", params=["algebraic", "double layers", "power"])
def solution(request):
    """A solution of several steps, so of several models."""
    protocol = "Charge at C/2 until 4 V, Rest for 10 minutes, Discharge at 5 mW until 3.6 V"
    if request.param != "power":
        protocol = "2 cycles at 1C"
    options = {"surface_form": "differential"} if request.param == "double layers" else None
    found = lisse.run("reference", protocol, options=options).solution
    assert len({id(model) for model in found.all_models}) > 1
    return found


def test_single_numbers(solution):
    table = read(solution, list(_STATES.values()))
    for name, values in table.items():
        one_by_one = solution[name].entries
        assert values.shape == solution.t.shape
        assert values == pytest.approx(one_by_one, rel=1e-12, abs=1e-12 * np.abs(one_by_one).max() + 1e-300), name


@pytest.mark.parametrize("chunk", [7, 400])
def test_fields(solution, chunk):
    names = ["Lithium content", "Surface lithium content"]
    pieces = list(read_fields(solution, names, chunk))
    assert [piece.start for piece, _ in pieces[1:]] == [piece.stop for piece, _ in pieces[:-1]]
    assert (pieces[0][0].start, pieces[-1][0].stop) == (0, solution.t.size)
    content, surface = (np.concatenate([fields[name] for _, fields in pieces], axis=1) for name in names)
    expected = solution["Lithium content"].entries  # shells, depth, times
    shells, depth, times = expected.shape
    assert np.array_equal(content.reshape(depth, shells, times).swapaxes(0, 1), expected)
    assert np.array_equal(surface, solution["Surface lithium content"].entries)


def test_a_field_is_no_single_number(solution):
    with pytest.raises(ValueError, match="Lithium content"):
        read(solution, ["Voltage [V]", "Lithium content"])
