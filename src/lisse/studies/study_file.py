"""The study file: which cells and protocols, what varies and how, and what is computed of each point.

Leaves out: the points themselves (``points``) and how they are run (``runner``).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lisse.cell.cell import Cell
from lisse.cell.messages import nearest
from lisse.errors import InputError
from lisse.studies.metrics import HALF_CYCLES, LITHIUM_CELLS, USUAL_RATE, Settings
from lisse.studies.variables import Variable, read_variable

if TYPE_CHECKING:
    from lisse.studies.points import Points

Kind = Literal["factorial", "sobol", "list", "optimise"]
MOST_POINTS = 10_000_000
TRIED = 3
"""Points of a list at which a field is tried before the study starts."""
OF_DESIGN = "metrics"
"""Evaluator that gives the design numbers which the study lists."""
CELL, PROTOCOL = "cell", "protocol"
"""Names under which whole cells and protocols vary."""
_STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Variation(BaseModel):
    """What one field does: a range with a number of points, or values; text alone is a range, a list alone values."""

    model_config = _STRICT
    range: str | None = Field(default=None, description='such as "20 um..100 um", with " log" for equal factors')
    points: Annotated[int, Field(ge=2, le=10_000)] | None = Field(default=None, description="of a factorial design")
    values: list[Any] | None = Field(default=None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"range": given} if isinstance(given, str) else {"values": given} if isinstance(given, list) else given

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.range is None) == (self.values is None):
            raise ValueError("give either a range or values")
        if self.values is not None and self.points is not None:
            raise ValueError("points belong to a range; values are taken as they are")
        if self.values is not None and len({_text(value) for value in self.values}) < len(self.values):
            raise ValueError("a value is given twice")
        if self.range is not None and ".." not in self.range:
            raise ValueError(f'"{self.range}" is not a range such as "20 um..100 um"')
        return self


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


class Objective(BaseModel):
    """What an optimiser looks for."""

    model_config = _STRICT
    metric: str
    sense: Literal["maximise", "minimise"] = "maximise"


class SettingsSpec(BaseModel):
    """How design numbers are computed, as the options of ``lisse design`` say it."""

    model_config = _STRICT
    cycles: Annotated[int, Field(ge=1, le=10_000)] = HALF_CYCLES
    cells: Annotated[int, Field(ge=1, le=10_000)] = LITHIUM_CELLS
    draws: Annotated[int, Field(ge=0, le=10_000)] = 0
    charge_rate: Annotated[float, Field(gt=0, le=1000)] = USUAL_RATE
    discharge_rate: Annotated[float, Field(gt=0, le=1000)] = USUAL_RATE


class DesignSpec(BaseModel):
    """How the points are chosen."""

    model_config = _STRICT
    kind: Kind
    count: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    objectives: list[Objective] = Field(default_factory=list)
    constraints: list[str] = Field(default_factory=list)
    probability: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in ("sobol", "optimise") and self.count is None:
            raise ValueError(f'a design of kind "{self.kind}" needs a count')
        if self.kind in ("factorial", "list") and self.count is not None:
            raise ValueError(f'the count of a design of kind "{self.kind}" follows from its points; leave it out')
        if self.kind == "optimise" and not self.objectives:
            raise ValueError("an optimiser needs objectives")
        if self.kind != "optimise" and (self.objectives or self.constraints or self.probability is not None):
            raise ValueError('objectives, constraints and probability belong to the kind "optimise"')
        return self


class StudyFile(BaseModel):
    """A study as its file describes it."""

    model_config = _STRICT
    name: str = Field(min_length=1)
    cell: str = Field(default="reference", description="library name or path")
    protocol: str = "1 cycle at C/3"
    evaluator: str = "run"
    metrics: list[str] = Field(default_factory=list, description="numbers of a design, of the evaluator metrics")
    settings: SettingsSpec = Field(default_factory=SettingsSpec, description="of the numbers of a design")
    fixed: dict[str, Any] = Field(default_factory=dict, description="fields of the cell file, the same for all points")
    design: DesignSpec
    vary: dict[str, Variation] = Field(default_factory=dict)
    points: list[dict[str, Any]] = Field(default_factory=list, description="of a design of kind list")

    @model_validator(mode="before")
    @classmethod
    def _usual_design(cls, document: Any) -> Any:
        if isinstance(document, dict) and "design" not in document:
            return document | {"design": {"kind": "list" if "points" in document else "factorial"}}
        return document

    @model_validator(mode="after")
    def _points(self) -> Self:
        if self.design.kind == "list":
            if not self.points or self.vary:
                raise ValueError('a design of kind "list" has points and no vary')
        elif self.points or not self.vary:
            raise ValueError(f'a design of kind "{self.design.kind}" has vary and no points')
        return self

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        optimised = self.design.kind == "optimise"
        if (self.evaluator == OF_DESIGN) != bool(self.metrics) or (optimised and self.metrics):
            raise ValueError(f'metrics belong to the evaluator "{OF_DESIGN}", which needs them')
        if self.settings != SettingsSpec() and not (optimised or self.metrics):
            raise ValueError(f'settings belong to the evaluator "{OF_DESIGN}" and to the kind "optimise"')
        if self.design.probability is not None and self.settings.draws < 2:
            raise ValueError("a probability needs draws of the claims: settings.draws of 2 or more")
        if optimised and self.design.probability is None and self.settings.draws:
            raise ValueError("an optimiser uses settings.draws only with design.probability")
        return self

    @property
    def evaluation(self) -> Settings:
        """How design numbers are computed; in one process, as a study has its own."""
        return Settings(**self.settings.model_dump(), seed=self.design.seed, workers=1)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Names of all that varies, in the order of the file."""
        if self.design.kind == "list":
            return tuple(dict.fromkeys(path for point in self.points for path in point))
        return tuple(self.vary)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """What varies over ranges and values, as an optimiser takes it; choices are JSON."""
        return tuple(self.variable(path) for path in self.vary)

    def variable(self, path: str) -> Variable:
        """Return what varies under a name.

        Raises
        ------
        InputError
            If its range cannot be read, or is empty.
        """
        variation = self.vary[path]
        if variation.range is None:
            choices = tuple(json.dumps(value) for value in variation.values or ())
            return Variable(path, choices=choices, in_protocol="{" + path + "}" in self.protocol)
        try:
            return read_variable(f"{path}={variation.range}", self.protocol)
        except InputError as error:
            raise InputError(f"vary.{path}: {str(error).removeprefix('--vary: ')}") from None

    @cached_property
    def core(self) -> str:
        """Fingerprint of what must stay as it is when a study is resumed: all but the number and list of points."""
        document = self.model_dump(exclude={"points", "name"})
        document["design"].pop("count")
        if self.design.kind != "optimise":
            document["vary"] = {
                path: "values" if variation.range is None else variation.range for path, variation in self.vary.items()
            }
        document["files"] = [_content(name) for name in (self.cell, self.protocol)]
        return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _content(name: str) -> str:
    """Return the content of the file that a cell or protocol is read from; empty for a name of the library."""
    path = Path(name).expanduser()
    return path.read_text(encoding="utf-8") if name.endswith(".toml") and path.is_file() else ""


def read_study(path: Path) -> StudyFile:
    """Read and check a study file.

    Raises
    ------
    InputError
        If it cannot be read, or a field is unknown or refused; a field of the cell file is tried on the cell.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise InputError(f"study: {path} cannot be read ({reason}); name a TOML file.") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"study: {path} is not TOML ({error}).") from None
    return make_study({"name": path.stem} | document, str(path))


def make_study(document: dict[str, Any], name: str = "study") -> StudyFile:
    """Check a document that describes a study; errors as in :func:`read_study`."""
    try:
        study = StudyFile.model_validate(document)
    except ValidationError as error:
        raise _refusal(error, name) from None
    _check(study)
    return study


def _refusal(error: ValidationError, name: str) -> InputError:
    found = error.errors()
    first = next((detail for detail in found if detail["type"] == "extra_forbidden"), found[0])
    where = ".".join(str(step) for step in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        models = (StudyFile, DesignSpec, SettingsSpec, Variation, Objective)
        known = [name for model in models for name in model.model_fields]
        close = nearest(key, known)
        hint = f'the nearest known one is "{close}"' if close else f"known are {', '.join(StudyFile.model_fields)}"
        return InputError(f"{name}: {where} is not a field of a study; {hint}.")
    if first["type"] == "missing":
        return InputError(f"{name}: {where} must be given, but is not.")
    text = first["msg"].removeprefix("Value error, ")
    return InputError(f"{name}: {where}: {text[:1].lower()}{text[1:].rstrip('.')}.")


def _check(study: StudyFile) -> None:
    """Try evaluator, cell, protocol, and every field with some of its values."""
    from lisse.studies.design import read_metric
    from lisse.studies.evaluate import evaluator
    from lisse.studies.points import points_of

    if study.design.kind == "optimise":
        _check_search(study)
    elif study.evaluator == OF_DESIGN:
        for name in study.metrics:
            read_metric(name, "metrics")
    else:
        evaluator(study.evaluator)
    Cell.load(study.cell)
    points = points_of(study)
    last = len(points) - 1
    _try(study, points, dict.fromkeys((0, last // 2, last)))
    if study.design.kind == "list":
        for path in study.paths:
            having = [number for number, point in enumerate(study.points) if path in point]
            _try(study, points, having[:TRIED])


def _check_search(study: StudyFile) -> None:
    from lisse.studies.design import read_constraint, read_metric

    for objective in study.design.objectives:
        read_metric(objective.metric, "design.objectives")
    for text in study.design.constraints:
        read_constraint(text)
    for path in study.vary:
        if path in (CELL, PROTOCOL):
            raise InputError(f"vary.{path}: an optimiser varies fields and numbers, not whole cells.")


def _try(study: StudyFile, points: Points, numbers: Iterable[int]) -> None:
    """Refuse the study if none of some points gives a cell and a protocol."""
    from lisse.experiments import Protocol

    refused = ""
    for number in numbers:
        try:
            _, protocol = points.setup(number)
            Protocol.load(protocol)
            return
        except InputError as error:
            refused = refused or str(error)
    raise InputError(f"{study.name}: {refused}")
