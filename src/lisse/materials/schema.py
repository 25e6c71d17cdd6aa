"""The format of a material file: pydantic models of what stands in it, and claims in SI made from them.

Leaves out: where files are found (``library``) and what curves compute (``curves``).
"""

from __future__ import annotations

import builtins
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, ValidationError, model_validator

from lisse.citations import TAGS, Source
from lisse.errors import InputError
from lisse.materials.curves import Curve, ExpressionCurve, HinderedCurve, TableCurve
from lisse.materials.expressions import Expression
from lisse.materials.properties import KINDS, PROPERTIES, Property, properties_of
from lisse.materials.quantities import Spread, parse_spread, si

Method = Literal["measured", "computed", "fitted", "assumed", "defined"]
State = Literal["glass", "glass-ceramic", "crystal", "argyrodite", "garnet"]
Kind = Literal[
    "electrolyte", "active_material", "anode", "additive", "binder", "collector", "coating", "interlayer", "casing"
]
assert get_args(Kind) == KINDS

_STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
_SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class ExpressionSpec(BaseModel):
    """A closed form, for example of an open-circuit voltage."""

    model_config = _STRICT
    form: Literal["expression"]
    variable: str = "x"
    expression: str = Field(min_length=1)
    where: dict[str, str] = Field(default_factory=dict, description="named parts, evaluated in order")
    range: tuple[float, float] = Field(description="validity in the variable")
    unit: str = ""


class TableSpec(BaseModel):
    """A table of numbers with its interpolation."""

    model_config = _STRICT
    form: Literal["table"]
    variable: Literal["x"] = "x"
    x: list[float] = Field(min_length=2)
    y: list[float] = Field(min_length=2)
    unit: str = ""
    interpolation: Literal["pchip", "linear"] = "pchip"
    log_y: StrictBool = False


class HinderedSpec(BaseModel):
    """Diffusivity of Ni-rich oxides that collapses near full lithiation."""

    model_config = _STRICT
    form: Literal["hindered"]
    variable: Literal["x"] = "x"
    D_min: str
    D_plateau: str
    x_c: float
    w_c: float = Field(gt=0)
    h: float = Field(default=1.0, ge=0, le=1)
    x_h: float = 0.0
    w_h: float = Field(default=0.015, gt=0)
    range: tuple[float, float]


CurveSpec = Annotated[ExpressionSpec | TableSpec | HinderedSpec, Field(discriminator="form")]


class ClaimSpec(BaseModel):
    """One claim about one property, as written in the file."""

    model_config = _STRICT
    id: str = Field(pattern=_SLUG, description="unique within the property")
    property: str
    value: str | StrictFloat | None = None
    curve: CurveSpec | None = None
    spread: str | None = Field(
        default=None, description='one sigma, "x/÷ 1.5" or "+- 0.02 eV", or bounds, "uniform 0.2 .. 0.5 eV"'
    )
    temperature: str | None = None
    method: Method
    note: str | None = None
    default: StrictBool = False
    suspect: str | None = Field(default=None, min_length=1, description="why the value should not be trusted")
    correlated: dict[str, Annotated[float, Field(gt=-1, lt=1)]] = Field(
        default_factory=dict,
        description="properties of the same material whose errors go along, as those of one fit do, with the "
        "correlation coefficient",
    )
    source: Source

    @model_validator(mode="after")
    def _one_value(self) -> ClaimSpec:
        if (self.value is None) == (self.curve is None):
            raise ValueError("has neither or both of value and curve; write exactly one")
        return self


class LikeSpec(BaseModel):
    """Properties that are assumed to be as those of another material, with a wider spread."""

    model_config = _STRICT
    material: str = Field(min_length=1, description="name or file of the other material")
    widen: float = Field(default=1.5, gt=1, le=100, description="doubt of the analogy, a factor of one sigma")
    properties: list[str] = Field(min_length=1)


class MaterialFile(BaseModel):
    """A material file."""

    model_config = _STRICT
    name: str = Field(min_length=1)
    aliases: list[str] = Field(default_factory=list)
    kind: Kind
    formula: str | None = None
    state: State | None = Field(default=None, description="electrolytes only")
    description: str = ""
    like: list[LikeSpec] = Field(default_factory=list, description="what is assumed to be as in another material")
    claims: list[ClaimSpec] = Field(min_length=1)


@dataclass(frozen=True)
class Claim:
    """One claim in SI.

    Attributes
    ----------
    property, unit
        Name and SI unit of the property.
    id
        Slug, unique within the property of its material.
    value
        SI number, a curve, or text.
    spread
        One sigma.
    temperature
        Temperature at which the value holds [K], or None.
    method
        measured, computed, fitted, assumed or defined.
    source
        Where it comes from.
    note
        Conditions and remarks.
    default
        Whether it is the one that a cell uses unless told otherwise.
    suspect
        Why it should not be trusted, or None.
    text
        The value as written in the file; empty for curves.
    correlated
        Correlation coefficient of its error with that of other properties of the material, by name.
    """

    property: str
    id: str
    value: float | Curve | str
    unit: str
    spread: Spread
    temperature: float | None
    method: str
    source: Source
    note: str
    default: bool
    suspect: str | None
    text: str
    correlated: Mapping[str, float] = field(default_factory=dict)

    @builtins.property
    def curve(self) -> Curve | None:
        """The curve, if the value is one."""
        return self.value if isinstance(self.value, Curve) else None

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain JSON types; a curve becomes its range and form."""
        value: Any = self.value
        if isinstance(value, Curve):
            value = {"form": type(value).__name__.removesuffix("Curve").lower(), "range": value.range}
        return {
            "property": self.property,
            "id": self.id,
            "value": value,
            "unit": self.unit,
            "spread": self.spread.to_dict(),
            "temperature_K": self.temperature,
            "method": self.method,
            "note": self.note,
            "default": self.default,
            "suspect": self.suspect,
            "correlated": dict(self.correlated),
            "source": self.source.model_dump(exclude_none=True),
        }


def materials_schema() -> dict[str, Any]:
    """Return the JSON Schema of a material file, with the property names as an enumeration."""
    schema = MaterialFile.model_json_schema()
    schema["$defs"]["ClaimSpec"]["properties"]["property"]["enum"] = sorted(PROPERTIES)
    return schema


def read_material(data: dict[str, Any], file: str) -> tuple[MaterialFile, tuple[Claim, ...]]:
    """Check the content of a material file and turn its claims to SI.

    Parameters
    ----------
    data
        What TOML gave.
    file
        Name of the file, for messages.

    Raises
    ------
    InputError
        In one sentence that names file, claim and what is accepted, at the first thing that is wrong.
    """
    try:
        parsed = MaterialFile.model_validate(data)
    except ValidationError as error:
        raise InputError(_sentence(error, data, file)) from None
    if parsed.kind == "electrolyte" and parsed.state is None:
        raise InputError(f"{file}: an electrolyte needs a state; write one of {', '.join(get_args(State))}.")
    if parsed.kind != "electrolyte" and parsed.state is not None:
        raise InputError(f'{file}: state = "{parsed.state}" is for electrolytes; leave it out for a {parsed.kind}.')
    _check_identity(parsed, file)
    chosen = _defaults(parsed, file)
    return parsed, tuple(_claim(spec, parsed.kind, chosen[spec.property] == spec.id, file) for spec in parsed.claims)


def _check_identity(parsed: MaterialFile, file: str) -> None:
    allowed = [row.name for row in properties_of(parsed.kind)]
    seen: set[tuple[str, str]] = set()
    for spec in parsed.claims:
        if spec.property not in allowed:
            known = difflib.get_close_matches(spec.property, allowed, n=1)
            hint = f'did you mean "{known[0]}"?' if known else f"accepted are {', '.join(allowed)}."
            raise InputError(
                f'{file}: claim "{spec.id}" is about "{spec.property}", unknown for a {parsed.kind}; {hint}'
            )
        if (spec.property, spec.id) in seen:
            raise InputError(f'{file}: the id "{spec.id}" occurs twice for {spec.property}; give each claim its own.')
        seen.add((spec.property, spec.id))
        _check_source(spec, f'{file}: claim "{spec.id}" ({spec.property})')
        for other in spec.correlated:
            if other == spec.property or all(claim.property != other for claim in parsed.claims):
                raise InputError(
                    f'{file}: claim "{spec.id}" ({spec.property}) correlated: "{other}" is not another property that '
                    "this file makes a claim on."
                )


def _check_source(spec: ClaimSpec, field: str) -> None:
    """Demand a DOI, or a tag that says how the value was come by, of all that is neither assumed nor defined."""
    tag = spec.source.tag
    if tag is not None and tag not in TAGS:
        raise InputError(f'{field}: the tag "{tag}" is unknown; write one of {", ".join(TAGS)}.')
    if spec.method not in ("assumed", "defined") and tag is None and spec.source.doi is None:
        raise InputError(
            f"{field}: the source of a {spec.method} value has neither doi nor tag; write the doi, or as its tag how "
            f"the value was come by, one of {', '.join(TAGS)}."
        )


def _defaults(parsed: MaterialFile, file: str) -> dict[str, str]:
    """Return the id of the default claim of each property."""
    groups: dict[str, list[ClaimSpec]] = {}
    for spec in parsed.claims:
        groups.setdefault(spec.property, []).append(spec)
    chosen = {}
    for name, specs in groups.items():
        marked = [spec for spec in specs if spec.default] if len(specs) > 1 else specs
        if len(marked) != 1:
            ids = ", ".join(spec.id for spec in specs)
            raise InputError(f"{file}: {name} has {len(marked)} defaults among {ids}; mark one with default = true.")
        if marked[0].suspect and len(specs) > 1:
            raise InputError(f'{file}: claim "{marked[0].id}" of {name} is suspect; make another one default.')
        chosen[name] = marked[0].id
    return chosen


def _claim(spec: ClaimSpec, kind: str, default: bool, file: str) -> Claim:
    row = PROPERTIES[spec.property]
    field = f'{file}: claim "{spec.id}" ({spec.property})'
    value = _value(spec, row, field)
    temperature = None if spec.temperature is None else si(spec.temperature, "K", f"{field} temperature")
    if temperature is not None and temperature <= 0:
        raise InputError(
            f'{field} temperature: "{spec.temperature}" is below absolute zero; write for example "25 degC".'
        )
    return Claim(
        property=spec.property,
        id=spec.id,
        value=value,
        unit=row.unit,
        spread=_spread(spec, row, value, field),
        temperature=temperature,
        method=spec.method,
        source=spec.source,
        note=spec.note or "",
        default=default,
        suspect=spec.suspect,
        text=f"{spec.value:g}" if isinstance(spec.value, float) else spec.value or "",
        correlated=spec.correlated,
    )


def _spread(spec: ClaimSpec, row: Property, value: float | Curve | str, field: str) -> Spread:
    if isinstance(value, str) or row.choices:
        if spec.spread is not None:
            raise InputError(f'{field}: spread = "{spec.spread}" on a choice or a text; leave it out.')
        return Spread("none", 0.0)
    if spec.spread is None:
        if spec.method == "defined":
            return Spread("none", 0.0)
        raise InputError(
            f'{field}: the spread is missing; write "x/÷ 1.5", "+- ...", "uniform 1 .. 3" or method = "defined".'
        )
    spread = parse_spread(spec.spread, row.unit, f"{field} spread")
    if spread.low is not None and spread.high is not None:
        _check_bounds(spread.low, spread.high, value, row, f'{field} spread: "{spec.spread}"')
    return spread


def _check_bounds(low: float, high: float, value: float | Curve | str, row: Property, field: str) -> None:
    """Refuse bounds around a curve, bounds that leave the value out, and bounds no value may have."""
    if not isinstance(value, float):
        raise InputError(f'{field} gives bounds to a curve; write "x/÷ 1.5" or "+- ..." instead.')
    if not low <= value <= high:
        raise InputError(f"{field} does not contain the value; write bounds on either side of it.")
    if (row.sign == "positive" and low <= 0) or (row.sign == "non-negative" and low < 0):
        raise InputError(f"{field} reaches out of range; write bounds that are {row.sign}.")
    if row.maximum is not None and high > row.maximum:
        raise InputError(f"{field} reaches out of range; write at most {row.maximum:g}.")


def _value(spec: ClaimSpec, row: Property, field: str) -> float | Curve | str:
    if spec.curve is not None:
        if "curve" not in row.form:
            raise InputError(f"{field}: a curve is given where a {row.form} is accepted; write value = ... instead.")
        return _curve(spec.curve, row, field)
    assert spec.value is not None
    if row.form == "text":
        text = str(spec.value)
        if row.choices and text not in row.choices:
            raise InputError(f'{field}: "{text}" is not accepted; write one of {", ".join(map(str, row.choices))}.')
        return text
    if row.form == "curve":
        raise InputError(f"{field}: a value is given where a curve is needed; write a [claims.curve] table instead.")
    number = si(spec.value, row.unit, field)
    if row.choices and number not in row.choices:
        raise InputError(
            f"{field}: {spec.value} is not accepted; write one of {', '.join(f'{c:g}' for c in row.choices)}."
        )
    if (row.sign == "positive" and number <= 0) or (row.sign == "non-negative" and number < 0):
        raise InputError(f"{field}: {spec.value} is out of range; write a {row.sign} quantity.")
    if row.maximum is not None and number > row.maximum:
        raise InputError(f"{field}: {spec.value} is out of range; write at most {row.maximum:g}.")
    return number


def _curve(spec: ExpressionSpec | TableSpec | HinderedSpec, row: Property, field: str) -> Curve:
    import numpy as np

    if isinstance(spec, TableSpec):
        factor = _multiplier(spec.unit, row.unit, field)
        return TableCurve(spec.x, [factor * y for y in spec.y], row.unit, spec.interpolation, spec.log_y, field)
    low, high = spec.range
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InputError(f"{field}: range = [{low:g}, {high:g}] is empty; write the lower end first.")
    curve: Curve
    if isinstance(spec, HinderedSpec):
        if spec.h != 1 and not spec.x_h < spec.x_c:
            raise InputError(f"{field}: x_h = {spec.x_h:g} is not below x_c = {spec.x_c:g}; write x_h < x_c, or h = 1.")
        D_min, D_plateau = (
            si(spec.D_min, row.unit, f"{field} D_min"),
            si(spec.D_plateau, row.unit, f"{field} D_plateau"),
        )
        if not (D_min >= 0 and D_plateau > 0):
            raise InputError(f"{field}: D_min or D_plateau is negative; write positive diffusivities.")
        shape = (spec.x_c, spec.w_c, spec.h, spec.x_h, spec.w_h)
        curve = HinderedCurve(D_min, D_plateau, *shape, limits=(low, high))
    else:
        expression = Expression(spec.expression, spec.variable, spec.where, field)
        curve = ExpressionCurve(expression, (low, high), row.unit, _multiplier(spec.unit, row.unit, field))
    if not np.all(np.isfinite(curve(np.linspace(low, high, 101)))):
        raise InputError(f"{field}: the curve is not finite all over its range [{low:g}, {high:g}]; narrow the range.")
    return curve


def _multiplier(text: str, unit: str, field: str) -> float:
    if not text and not unit:
        return 1.0
    if not text:
        raise InputError(f'{field}: the curve has no unit; write unit = "{unit}" or another of its dimension.')
    return si(f"1 {text}", unit, f"{field} unit")


def _sentence(error: ValidationError, data: dict[str, Any], file: str) -> str:
    """Turn the first pydantic error into one sentence that names the place and what is accepted."""
    errors = error.errors()
    # a misspelt key also leaves its right name missing: the misspelling is what helps
    first = next((item for item in errors if item["type"] == "extra_forbidden"), errors[0])
    where = [
        part
        for part in first["loc"]
        if part not in ("expression", "table", "hindered", "function-after") or part == first["loc"][-1]
    ]
    place = file + _claim_name(where, data)
    path = ".".join(str(part) for part in where if not isinstance(part, int))
    path = path.removeprefix("claims.")
    kind = first["type"]
    if kind == "extra_forbidden":
        accepted = _fields(where[:-1], data)
        known = difflib.get_close_matches(str(where[-1]), accepted, n=1)
        hint = f'did you mean "{known[0]}"?' if known else f"accepted are {', '.join(accepted)}."
        return f'{place}: the key "{path}" is unknown; {hint}'
    if kind == "missing":
        return f'{place}: the key "{path}" is missing; accepted are {", ".join(_fields(where[:-1], data))}.'
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    if kind == "value_error":
        return f"{place}: it {message}."
    shown = repr(first["input"])
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"{place}: {path or 'the file'} = {shown} is not accepted: {message[:1].lower() + message[1:]}."


def _claim_name(where: list[Any], data: dict[str, Any]) -> str:
    if len(where) < 2 or where[0] != "claims" or not isinstance(where[1], int):
        return ""
    claim = data["claims"][where[1]]
    if not isinstance(claim, dict):
        return f": claim {where[1] + 1}"
    return f': claim "{claim.get("id", where[1] + 1)}" ({claim.get("property", "no property")})'


def _fields(parents: list[Any], data: dict[str, Any]) -> list[str]:
    """Return the keys that are known at a place in the file."""
    names = [part for part in parents if isinstance(part, str)]
    if not names:
        return list(MaterialFile.model_fields)
    if names[-1] == "source":
        return list(Source.model_fields)
    if names[0] == "like":
        return list(LikeSpec.model_fields)
    if "curve" in names:
        specs: dict[str, type[BaseModel]] = {
            "expression": ExpressionSpec,
            "table": TableSpec,
            "hindered": HinderedSpec,
        }
        return list(specs[_form(parents, data)].model_fields)
    return list(ClaimSpec.model_fields)


def _form(parents: list[Any], data: dict[str, Any]) -> str:
    index = next(part for part in parents if isinstance(part, int))
    return str(data["claims"][index]["curve"]["form"])
