"""The targets on blends: gates hold, and the misses are those that the page names."""

from lisse.validation import validate
from lisse.validation.targets import load_section


def test_rows_of_b20():
    section = load_section("cathode")
    targets = tuple(target for target in section.targets if target.id.startswith("cathode.B20."))
    results = validate([section.model_copy(update={"targets": targets})])
    assert len(results.results) == 9
    assert results.broken_gates() == []
    missed = [result.target.id for result in results.results if result.verdict == "miss"]
    assert missed == ["cathode.B20.zero.415", "cathode.B20.zero.420"]
