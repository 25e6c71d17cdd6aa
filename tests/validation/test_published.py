"""The published results themselves: every gate holds."""

import pytest

from lisse.validation import validate_all


@pytest.mark.parametrize("section", ["anode", "separator"])
def test_gates_of_the_closed_forms_hold(section):
    results = validate_all(section)
    assert results.broken_gates() == []
    assert sum(result.target.gate for result in results.results) >= 12


@pytest.mark.slow
def test_gates_of_the_reference_sets_hold():
    results = validate_all("cathode")
    assert results.broken_gates() == []
    assert results.failed_runs() == []
    assert sum(result.target.gate for result in results.results) >= 45


@pytest.mark.slow
def test_table1_runs_and_says_what_it_is_worth():
    results = validate_all("table1")
    skill = results.skills["table1"]
    assert skill["cells"] == 24
    assert skill["without_value"] == []
    assert results.failed_runs() == []
    assert skill["best_constant"]["value"] == 160.0
    assert 0 < skill["leave_one_out_regression"]["median_absolute_error"] < 60
    assert 0 < skill["simulation"]["median_absolute_error"] < 60
