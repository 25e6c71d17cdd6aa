"""The targets on debonding: every gate holds, and what is ordered differs by more than nothing."""

from lisse.validation import validate
from lisse.validation.targets import load_section


def contact():
    section = load_section("cathode")
    targets = tuple(target for target in section.targets if (target.compute or "").startswith("contact_"))
    return validate([section.model_copy(update={"targets": targets})])


def test_gates_of_debonding_hold():
    results = contact()
    assert len(results.results) == 31
    assert results.broken_gates() == []
    assert results.failed_runs() == []


def test_trends_are_strict():
    ratios = {
        result.target.id: result.simulated
        for result in contact().results
        if result.target.compute == "contact_severity_ratio"
    }
    better = ratios.pop("cathode.C1.debonding-pressure")
    assert better < 0.9
    assert len(ratios) == 5
    assert min(ratios.values()) > 1.1
