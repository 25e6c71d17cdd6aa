"""Published results as data: what was printed, under which conditions, how near is near enough, how lisse computes it.

Leaves out: the computing (``runner``, ``computations``) and the judging (``results``).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lisse.citations import Source

_DIRECTORY = Path(__file__).parent / "data"
SECTIONS = ("table1", "cathode", "anode", "separator", "thermodynamics", "energy")
"""Sections in the order in which they are shown."""
Goal = Literal["median", "largest"]
"""Absolute error for which a section may name a limit."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Tolerance(_Strict):
    """How far a value may lie from the published one; exactly one form.

    Attributes
    ----------
    absolute
        Largest deviation, in the target's unit.
    relative
        Largest deviation over the published value [-].
    factor
        Largest ratio either way [-].
    offset
        Accepted deviations from ... to, in the target's unit, where the published number is known to lie to one side.
    at_most, at_least
        The published number is a bound; the value of the key is the margin by which it may be broken.
    """

    absolute: float | None = Field(default=None, ge=0)
    relative: float | None = Field(default=None, gt=0)
    factor: float | None = Field(default=None, gt=1)
    offset: tuple[float, float] | None = None
    at_most: float | None = Field(default=None, ge=0)
    at_least: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [name for name, value in self if value is not None]
        if len(given) != 1:
            raise ValueError(f"a tolerance has one form, not {len(given)}")
        if self.offset is not None and self.offset[0] >= self.offset[1]:
            raise ValueError("an offset runs from the lower to the higher deviation")
        return self

    def accepted(self, published: float) -> tuple[float, float]:
        """Return the lowest and the highest value that count as a hit.

        Examples
        --------
        >>> Tolerance(relative=0.1).accepted(-50.0)
        (-55.0, -45.0)
        >>> Tolerance(factor=2.0).accepted(3.0)
        (1.5, 6.0)
        """
        if self.offset is not None:
            return published + self.offset[0], published + self.offset[1]
        if self.at_most is not None:
            return -math.inf, published + self.at_most
        if self.at_least is not None:
            return published - self.at_least, math.inf
        if self.factor is not None:
            ends = (published / self.factor, published * self.factor)
            return min(ends), max(ends)
        width = self.absolute if self.absolute is not None else abs(published) * (self.relative or 0.0)
        return published - width, published + width

    def text(self, unit: str) -> str:
        """Return the tolerance as people write it.

        Examples
        --------
        >>> Tolerance(absolute=25).text("mAh/g"), Tolerance(relative=0.1).text("V"), Tolerance(factor=2).text("V")
        ('±25 mAh/g', '±10 %', '×/÷2')
        >>> Tolerance(at_most=5).text("mV"), Tolerance(absolute=0).text("S/cm")
        ('at most, margin 5 mV', 'exact')
        """
        suffix = f" {unit}" if unit and unit != "-" else ""
        if self.offset is not None:
            return f"{self.offset[0]:+g} … {self.offset[1]:+g}{suffix}"
        for word, margin in (("at most", self.at_most), ("at least", self.at_least)):
            if margin is not None:
                return word + (f", margin {margin:g}{suffix}" if margin else "")
        if self.factor is not None:
            return f"×/÷{self.factor:g}"
        if self.relative is not None:
            return f"±{100 * self.relative:g} %"
        return f"±{self.absolute:g}{suffix}" if self.absolute else "exact"


class RunRecipe(_Strict):
    """A run of a library cell; targets with equal recipes share one."""

    cell: str
    protocol: str
    changes: dict[str, Any] = Field(default_factory=dict)


class Target(_Strict):
    """One published number and how lisse computes its counterpart.

    Attributes
    ----------
    id
        ``section.row``, for example ``anode.B1.10MPa``; the row is the name in the physics notes or in the paper.
    kind
        ``analytic`` (mathematics, regression and transcription), ``calibrated`` (the number helped to choose an
        input), ``predicted`` (it did not), ``ordering`` (which of two is larger).
    gate
        Whether the tests insist on a hit.
    run, quantity
        A run and the path of a number in its summary.
    compute, arguments
        Name in :data:`lisse.validation.computations.COMPUTATIONS` and its arguments.
    secondary
        A second reading of a cell; left out of the section's skill.
    known_deviation
        Why it is off, as far as that is known; empty for targets that are hit.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(\.[A-Za-z0-9-]+)+$")
    section: str
    description: str = Field(min_length=1)
    conditions: str = Field(min_length=1)
    published: float = Field(allow_inf_nan=False)
    unit: str
    tolerance: Tolerance
    kind: Literal["analytic", "calibrated", "predicted", "ordering"]
    gate: bool = False
    source: Source
    run: RunRecipe | None = None
    quantity: str | None = None
    compute: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    secondary: bool = False
    known_deviation: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.run is None) == (self.compute is None) or (self.run is None) != (self.quantity is None):
            raise ValueError(f"{self.id}: give run and quantity, or compute and arguments")
        if not self.id.startswith(f"{self.section}."):
            raise ValueError(f"{self.id}: the name starts with its section, {self.section}")
        return self


class Section(_Strict):
    """The targets of one file.

    Attributes
    ----------
    skill
        Whether the targets are one kind of number over many cells, so that guessing can be compared with lisse.
    skill_goal
        Errors that were asked for beforehand: ``median`` and ``largest`` absolute error.
    """

    name: str
    title: str
    description: str
    skill: bool = False
    skill_goal: dict[Goal, float] = Field(default_factory=dict)
    targets: tuple[Target, ...]


@cache
def load_section(name: str) -> Section:
    """Return the targets of a section: of its file, and of the files ``<section>-<topic>.toml`` beside it.

    Examples
    --------
    >>> len([target for target in load_section("table1").targets if not target.secondary])
    24
    """
    section = read_section((_DIRECTORY / f"{name}.toml").read_text(encoding="utf-8"))
    further = [
        target
        for path in sorted(_DIRECTORY.glob(f"{name}-*.toml"))
        for target in _read_targets(tomllib.loads(path.read_text(encoding="utf-8")), name)
    ]
    targets = (*section.targets, *(Target.model_validate(target) for target in further))
    return section.model_copy(update={"targets": targets})


def read_section(text: str) -> Section:
    """Return the section that a TOML text describes; sources are named once and referred to by key."""
    document = tomllib.loads(text)
    document["targets"] = _read_targets(document, document["name"])
    for key in ("sources", "tables", "deviations"):
        document.pop(key, None)
    return Section.model_validate(document)


def _read_targets(document: dict[str, Any], section: str) -> list[dict[str, Any]]:
    """Return the targets of a file, each with the first entry of ``deviations`` whose pattern its name matches."""
    sources, deviations = document["sources"], dict(document.get("deviations", {}))
    found = []
    for target in (*document.get("targets", ()), *_from_tables(document.get("tables", ()))):
        name = target["id"]
        why = next((text for pattern, text in deviations.items() if fnmatchcase(name, pattern)), "")
        made = {"id": f"{section}.{name}", "section": section, "source": sources[target["source"]]}
        found.append({**target, **made, "known_deviation": why})
    return found


def _from_tables(tables: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return the targets of tables: keys of their own that all rows share, ``columns`` and ``rows``.

    A column ``arguments.x`` is the argument ``x``; a description may name arguments, as in ``{material}``.

    Examples
    --------
    >>> table = {"unit": "V", "description": "edge of {m}", "columns": ["id", "arguments.m"], "rows": [["a", "LiF"]]}
    >>> list(_from_tables([table]))
    [{'unit': 'V', 'description': 'edge of LiF', 'id': 'a', 'arguments': {'m': 'LiF'}}]
    """
    for table in tables:
        shared = {key: value for key, value in table.items() if key not in ("columns", "rows")}
        for row in table["rows"]:
            target, arguments = dict(shared), dict(shared.get("arguments", {}))
            for column, value in zip(table["columns"], row, strict=True):
                name = column.removeprefix("arguments.")
                (arguments if name != column else target)[name] = value
            description = str(target["description"]).format(**arguments)
            yield {**target, "description": description, "arguments": arguments}
