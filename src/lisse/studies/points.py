"""The points of a study: which values each has, made one by one from their number, and what makes a point the same.

Leaves out: what is computed of them (``evaluate``).
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.studies.study_file import CELL, MOST_POINTS, PROTOCOL, StudyFile
from lisse.studies.variables import read_variable, with_changes

USUAL_POINTS = 5
"""Points of a range in a factorial design that gives no number."""


@dataclass(frozen=True)
class Points:
    """All points of a study; a point is made when it is asked for.

    Attributes
    ----------
    study
        The study.
    levels
        Values of each path, of a factorial design.
    shares
        Where each point lies between the ends of each path, shape (points, paths), of a Sobol design.
    """

    study: StudyFile
    levels: tuple[tuple[Any, ...], ...] = ()
    shares: Any = None

    def __len__(self) -> int:
        study = self.study
        if study.design.kind == "list":
            return len(study.points)
        if study.design.kind == "factorial":
            return math.prod(len(values) for values in self.levels)
        return study.design.count or 0

    def values(self, number: int) -> dict[str, Any]:
        """Return the values of a point by path, as a cell file has them."""
        study = self.study
        if study.design.kind == "list":
            return dict(study.points[number])
        if study.design.kind == "factorial":
            found = {}
            for path, values in zip(reversed(study.paths), reversed(self.levels), strict=True):
                number, place = divmod(number, len(values))
                found[path] = values[place]
            return dict(reversed(found.items()))
        rows = zip(study.paths, study.vary.values(), self.shares[number], strict=True)
        return {path: _between(study, path, variation.values, share) for path, variation, share in rows}

    def setup(self, number: int) -> tuple[Cell, str]:
        """Return cell and protocol of a point.

        Raises
        ------
        InputError
            If a field is unknown or no cell follows.
        """
        return setup(self.study, self.values(number) if self.study.design.kind != "optimise" else _middle(self.study))

    def identity(self, number: int) -> str:
        """Return what tells a point from all others: a hash of all that goes into it."""
        return identity(self.study, self.values(number))


def setup(study: StudyFile, values: dict[str, Any]) -> tuple[Cell, str]:
    """Return cell and protocol for some values."""
    cell = fixed_cell(str(values.get(CELL, study.cell)), study.fixed)
    protocol = str(values.get(PROTOCOL, study.protocol))
    fields = {path: value for path, value in values.items() if path not in (CELL, PROTOCOL)}
    inside = {path: value for path, value in fields.items() if "{" + path + "}" in protocol}
    for path, value in inside.items():
        protocol = protocol.replace("{" + path + "}", str(value))
    return with_changes(cell, {path: value for path, value in fields.items() if path not in inside}), protocol


def fixed_cell(name: str, fixed: dict[str, Any]) -> Cell:
    """Return a cell with the fields that are the same for all points."""
    return _fixed(name, json.dumps(fixed))


@lru_cache(maxsize=32)
def _fixed(name: str, fixed: str) -> Cell:
    """Return the same, read once in a process."""
    cell = Cell.load(name)
    changes = json.loads(fixed)
    return cell.replace(**changes) if changes else cell


def identity(study: StudyFile, values: dict[str, Any]) -> str:
    """Return the hash of a point: of the study's core and its values."""
    text = json.dumps([study.core, values], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _middle(study: StudyFile) -> dict[str, Any]:
    return {variable.path: variable.written(variable.at(0.5)) for variable in study.variables}


def _between(study: StudyFile, path: str, values: list[Any] | None, share: float) -> Any:
    if values is not None:
        return values[min(int(share * len(values)), len(values) - 1)]
    variable = read_variable(f"{path}={study.vary[path].range}", study.protocol)
    return variable.written(variable.at(share))


def points_of(study: StudyFile) -> Points:
    """Return the points of a study.

    Raises
    ------
    InputError
        If a range cannot be read, or the points are too many.
    """
    if study.design.kind in ("list", "optimise"):
        if study.design.kind == "optimise":
            _ = study.variables
        return Points(study)
    if study.design.kind == "sobol":
        from scipy.stats import qmc

        count = study.design.count or 0
        sampler = qmc.Sobol(len(study.vary), scramble=True, rng=study.design.seed)
        # A power of two of points has the balance that the sequence is made for; the first ones are those asked for.
        return Points(study, shares=sampler.random_base2(max(0, math.ceil(math.log2(count))))[:count])
    levels = []
    for path, variation in study.vary.items():
        if variation.values is not None:
            levels.append(tuple(variation.values))
        else:
            variable = read_variable(f"{path}={variation.range}", study.protocol)
            shares = np.linspace(0.0, 1.0, variation.points or USUAL_POINTS)
            levels.append(tuple(variable.written(variable.at(float(share))) for share in shares))
    total = math.prod(len(values) for values in levels)
    if total > MOST_POINTS:
        raise InputError(f"{study.name}: a factorial design of {total} points is more than {MOST_POINTS}; vary less.")
    return Points(study, tuple(levels))
