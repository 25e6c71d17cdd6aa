"""The README's table of published results: counts, median, misses, and what stands around it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "docs" / "fill_readme.py"
_spec = importlib.util.spec_from_file_location("fill_readme", _SCRIPT)
assert _spec is not None
assert _spec.loader is not None
fill_readme = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fill_readme)

TARGETS = [
    {"id": "a.1", "section": "a", "kind": "predicted", "verdict": "hit", "published": 100, "simulated": 104},
    {"id": "a.2", "section": "a", "kind": "predicted", "verdict": "miss", "published": 100, "simulated": 70},
    {"id": "a.3", "section": "a", "kind": "predicted", "verdict": "hit", "published": 50, "simulated": 51},
    {"id": "b.1", "section": "b", "kind": "ordering", "verdict": "hit", "published": None, "simulated": None},
]


def test_counts_median_and_misses() -> None:
    assert fill_readme.table(TARGETS).splitlines()[2:] == [
        "| a | predicted | 2 of 3 | 4.0% |",
        "| b | ordering | 1 of 1 |  |",
        "",
        "Missed: a.2.",
    ]


def test_only_what_stands_between_the_markers_changes() -> None:
    readme = f"before\n{fill_readme.START}\nold\n{fill_readme.END}\nafter\n"
    filled = fill_readme.fill(readme, TARGETS[:1])
    assert filled.startswith(f"before\n{fill_readme.START}\n| section")
    assert filled.endswith(f"|\n{fill_readme.END}\nafter\n")
    assert fill_readme.fill(filled, TARGETS[:1]) == filled


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(SystemExit, match="lacks"):
        fill_readme.fill("no markers", TARGETS)
