"""Compute the targets: each run once, however many numbers are read from it.

Leaves out: what the numbers are compared with (``targets``, ``results``) and the closed forms (``computations``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from lisse.errors import InputError
from lisse.validation.computations import all_computations
from lisse.validation.results import Result, Results
from lisse.validation.skill import section_skill
from lisse.validation.targets import SECTIONS, RunRecipe, Section, Target, load_section

Progress = Callable[[int, int, str], None]
"""Called before each run with its number, the number of runs and the cell's name."""
_Summary = tuple[dict[str, Any], tuple[str, ...]]
# Of a run: its summary, and the assumed fields of its cell.
_STEP = re.compile(r"([A-Za-z_]\w*)|\[(\d+)\]")


def validate_all(section: str | None = None, progress: Progress | None = None) -> Results:
    """Compute all targets, or those of one section.

    Parameters
    ----------
    section
        Name of a section, None for all.
    progress
        Called before each run.

    Raises
    ------
    InputError
        If there is no such section.
    """
    if section is not None and section not in SECTIONS:
        raise InputError(f"section: {section!r} is not one of {', '.join(SECTIONS)}.")
    return validate([load_section(name) for name in SECTIONS if section in (None, name)], progress)


def validate(sections: Iterable[Section], progress: Progress | None = None) -> Results:
    """Compute the targets of some sections."""
    chosen = list(sections)
    targets = [target for section in chosen for target in section.targets]
    summaries = _solve({_key(target.run): target.run for target in targets if target.run is not None}, progress)
    results = tuple(_result(target, summaries) for target in targets)
    skills = {
        section.name: section_skill(
            [result for result in results if result.target.section == section.name and not result.target.secondary],
            section.skill_goal,
        )
        for section in chosen
        if section.skill
    }
    return Results(results, {section.name: section.title for section in chosen}, skills)


def _key(recipe: RunRecipe) -> str:
    return json.dumps(recipe.model_dump(), sort_keys=True)


def _solve(recipes: dict[str, RunRecipe], progress: Progress | None) -> dict[str, _Summary]:
    from lisse.simulate import run

    runs = {}
    for number, (key, recipe) in enumerate(recipes.items(), start=1):
        if progress is not None:
            progress(number, len(recipes), recipe.cell)
        found = run(recipe.cell, recipe.protocol, changes=recipe.changes)
        runs[key] = found.summary, tuple(found.cell.assumed)
    return runs


def _result(target: Target, summaries: dict[str, _Summary]) -> Result:
    if target.run is None or target.quantity is None:
        return Result(target, float(all_computations()[str(target.compute)](**target.arguments)))
    summary, assumed = summaries[_key(target.run)]
    note = "" if summary["status"] == "completed" else f"{summary['status']}: {summary['reason']}"
    return Result(target, read_quantity(summary, target.quantity), note, assumed)


def read_quantity(summary: dict[str, Any], path: str) -> float | None:
    """Return the number at a path such as ``cycles[0].discharge_capacity_mAh_g``; None if the run did not get there.

    Raises
    ------
    KeyError
        If the path names a key that no summary has.

    Examples
    --------
    >>> read_quantity({"cycles": [{"charge_capacity_mAh_g": 176.0}]}, "cycles[0].charge_capacity_mAh_g")
    176.0
    >>> read_quantity({"cycles": []}, "cycles[0].charge_capacity_mAh_g")
    """
    found: Any = summary
    for key, index in _STEP.findall(path):
        if index:
            if int(index) >= len(found):
                return None
            found = found[int(index)]
        else:
            found = found[key]
    return None if found is None else float(found)
