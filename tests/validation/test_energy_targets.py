"""The energy of whole cells: gates hold, misses are named, and simulated cells feed nothing back."""

import pytest

from lisse.validation import load_section, validate

QUICK = tuple(target for target in load_section("energy").targets if target.compute != "simulated_level")


def test_gates_of_the_closed_forms_hold():
    results = validate([load_section("energy").model_copy(update={"targets": QUICK})])
    assert results.broken_gates() == []
    assert sum(result.target.gate for result in results.results) >= 18
    missed = {result.target.id for result in results.results if result.verdict == "miss"}
    assert missed == {"energy.B32.packing"}


@pytest.mark.slow
def test_simulated_cells_give_numbers():
    slow = tuple(target for target in load_section("energy").targets if target not in QUICK)
    results = validate([load_section("energy").model_copy(update={"targets": slow})])
    assert results.failed_runs() == []
    assert not any(target.gate for target in slow)
