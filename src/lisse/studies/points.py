"""The points of a study: which values each has, made one by one from their number, and what makes a point the same.

Leaves out: what is computed of them (``evaluate``).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.studies.study_file import CELL, MOST_POINTS, PROTOCOL, StudyFile
from lisse.studies.variables import with_changes
from lisse.units import registry, writable

_QUANTITY = re.compile(r"^\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")

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


def input_columns(study: StudyFile, values: dict[str, Any]) -> dict[str, float | int | str]:
    """Return the columns of a row that say what the point is.

    ``in.PATH`` is a value as the study file would have it. A quantity of the cell file, which is text there, is also
    the column ``si.PATH``: its number in SI, 1.5e-05 for ``"15 um"`` and 298.15 for ``"25 degC"``.
    """
    found: dict[str, float | int | str] = {}
    for path, value in values.items():
        found[f"in.{path}"] = value if isinstance(value, float | int | str) else json.dumps(value, default=str)
        if isinstance(value, str) and path not in (CELL, PROTOCOL) and "{" + path + "}" not in study.protocol:
            number = number_in_si(value)
            if number is not None:
                found[f"si.{path}"] = number
    return found


def number_in_si(text: str) -> float | None:
    """Return the number of a quantity in SI base units; None for text that is no number with a unit.

    Examples
    --------
    >>> number_in_si("25 degC"), number_in_si("NMC811")
    (298.15, None)
    """
    found = _QUANTITY.match(text)
    scale = _scale(found[2]) if found else None
    if found is None or scale is None:
        return None
    # Fifteen digits, so that "15 um" is 1.5e-05 and not its neighbour.
    return float(f"{scale[0] * float(found[1]) + scale[1]:.15g}")


@lru_cache(maxsize=256)
def _scale(unit: str) -> tuple[float, float] | None:
    """Return factor and offset from a unit to SI; None for text that is none."""
    if not unit or not writable(unit):
        return None if unit else (1.0, 0.0)
    plain = unit.replace("µ", "u").replace("Ω", "ohm").replace("°C", "degC").replace("mAh", "mA*h")
    try:
        unity = registry().parse_units(plain)
        zero, one = (float(registry().Quantity(number, unity).to_base_units().magnitude) for number in (0.0, 1.0))
    except Exception:
        # Pint raises errors of many kinds on text that it cannot read; such text is no unit.
        return None
    return one - zero, zero


def _middle(study: StudyFile) -> dict[str, Any]:
    return {variable.path: variable.written(variable.at(0.5)) for variable in study.variables}


def _between(study: StudyFile, path: str, values: list[Any] | None, share: float) -> Any:
    if values is not None:
        return values[min(int(share * len(values)), len(values) - 1)]
    variable = study.variables[study.paths.index(path)]
    return variable.written(variable.at(float(share)))


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

        _ = study.variables  # refuses an empty range
        count = study.design.count or 0
        sampler = qmc.Sobol(len(study.vary), scramble=True, rng=np.random.default_rng(study.design.seed))
        # A power of two of points has the balance that the sequence is made for; the first ones are those asked for.
        return Points(study, shares=sampler.random_base2(max(0, math.ceil(math.log2(count))))[:count])
    levels = []
    for path, variation in study.vary.items():
        if variation.values is not None:
            levels.append(tuple(variation.values))
        else:
            variable = study.variable(path)
            shares = np.linspace(0.0, 1.0, variation.points or USUAL_POINTS)
            levels.append(tuple(variable.written(variable.at(float(share))) for share in shares))
    total = math.prod(len(values) for values in levels)
    if total > MOST_POINTS:
        raise InputError(f"{study.name}: a factorial design of {total} points is more than {MOST_POINTS}; vary less.")
    return Points(study, tuple(levels))
