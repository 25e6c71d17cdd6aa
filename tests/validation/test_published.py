"""The published results themselves: every gate holds."""

import pytest

from lisse.validation import validate, validate_all
from lisse.validation.compute_interface import SLOW
from lisse.validation.targets import load_section


@pytest.mark.parametrize(("name", "gates"), [("anode", 90), ("separator", 12)])
def test_gates_of_closed_forms_and_of_quick_simulations_hold(name, gates):
    section = load_section(name)
    quick = tuple(target for target in section.targets if target.compute not in SLOW)
    assert not [target.id for target in section.targets if target.gate and target not in quick]
    results = validate([section.model_copy(update={"targets": quick})])
    assert results.broken_gates() == []
    assert sum(result.target.gate for result in results.results) >= gates


@pytest.mark.slow
def test_the_slow_computations_of_the_anode_give_numbers():
    section = load_section("anode")
    slow = tuple(target for target in section.targets if target.compute in SLOW)
    results = validate([section.model_copy(update={"targets": slow})])
    assert {target.compute for target in slow} == SLOW
    assert results.failed_runs() == []


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
