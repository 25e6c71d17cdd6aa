"""What a design may vary: fields of the cell file between two bounds or among choices, and numbers of the protocol.

A field is named as in ``lisse run --set``; a name in braces in the protocol is a number of it. Leaves out: how
the next point is chosen (``design``).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lisse.cell.cell import Cell
from lisse.errors import InputError

_QUANTITY = re.compile(r"^\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")
_SHARES = "cathode.mass_fractions."
_AMOUNT = (
    "cathode.active",
    "cathode.loading",
    "cathode.thickness",
    "cathode.composite_mass",
    "cathode.mass",
    "cathode.porosity",
)
AT_BOUND = 0.01
"""Share of a range within which a value counts as being at its bound."""


@dataclass(frozen=True)
class Variable:
    """One thing that varies.

    Attributes
    ----------
    path
        Dotted field of the cell file, or a name of the protocol.
    low, high
        Bounds, in the unit; equal to nan where there are choices.
    unit
        Unit of both bounds as written; empty for a pure number.
    log
        Whether steps are equal factors.
    choices
        Values to choose among, as TOML; empty for a range.
    in_protocol
        Whether it is a number of the protocol.
    """

    path: str
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    log: bool = False
    choices: tuple[str, ...] = ()
    in_protocol: bool = False

    def written(self, value: Any) -> Any:
        """Return a value as a cell file has it."""
        if self.choices:
            return _toml(str(value))
        number = float(f"{value:.6g}")
        return f"{number:g} {self.unit}" if self.unit else number

    def at(self, share: float) -> Any:
        """Return the value at a share of the way from the lower bound to the upper one, or of the choices."""
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.log:
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + share * (self.high - self.low)
        return min(max(value, self.low), self.high)

    def share(self, value: float) -> float:
        """Return how far a value of a range is on the way from the lower bound to the upper one."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def bound(self, value: Any) -> str | None:
        """Tell whether a value is at its ``lower`` or ``upper`` bound; None for a choice or in between."""
        if self.choices:
            return None
        share = self.share(value)
        if share <= AT_BOUND:
            return "lower"
        return "upper" if share >= 1 - AT_BOUND else None


def _toml(text: str) -> Any:
    if text == "none":
        return None
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


@lru_cache(maxsize=256)
def read_variable(text: str, protocol: str = "") -> Variable:
    """Read ``"separator.thickness=15 um..100 um"``, with `` log`` for equal factors, or ``"field=one|another"``.

    Raises
    ------
    InputError
        If it is neither, or the range is empty.

    Examples
    --------
    >>> read_variable("separator.thickness=15 um..100 um").high
    100.0
    """
    path, equals, rest = (part.strip() for part in text.partition("="))
    if not equals or not path or not rest:
        raise InputError(f'--vary: "{text}" is not of the form field=low..high or field=one|another.')
    inside = "{" + path + "}" in protocol
    if ".." not in rest:
        choices = tuple(part.strip() for part in rest.split("|"))
        if len(choices) < 2 or not all(choices) or len(set(choices)) < len(choices):
            raise InputError(f'--vary: "{text}" names one value; write a range low..high or two or more values with |.')
        return Variable(path, choices=choices, in_protocol=inside)
    log = rest.endswith(" log")
    ends = rest.removesuffix(" log").split("..")
    if len(ends) != 2:
        raise InputError(f'--vary: "{text}" has more than two ends; write field=low..high.')
    (low, low_unit), (high, high_unit) = _end(ends[0], text), _end(ends[1], text)
    if low_unit and high_unit and low_unit != high_unit:
        raise InputError(f'--vary: "{text}" has ends in {low_unit} and {high_unit}; write both in one unit.')
    if not low < high:
        raise InputError(f'--vary: the range in "{text}" is empty; the first end must be below the second.')
    if log and low <= 0:
        raise InputError(f'--vary: "{text}" cannot step by factors from {low:g}; begin above 0.')
    return Variable(path, low, high, high_unit or low_unit, log, in_protocol=inside)


def _end(text: str, whole: str) -> tuple[float, str]:
    found = _QUANTITY.match(text)
    if not found:
        raise InputError(f'--vary: "{text.strip()}" in "{whole}" is not a number with or without a unit.')
    return float(found[1]), found[2]


def changed_cell(cell: Cell, variables: tuple[Variable, ...], values: Mapping[str, Any]) -> Cell:
    """Return the cell with other values of the variables.

    What a share of the composite gains the electrolyte loses, unless its own share varies; a nominal capacity that the
    file gives follows the composite where its amount varies.

    Raises
    ------
    InputError
        If a field is unknown or no cell follows.
    """
    return with_changes(cell, {v.path: v.written(values[v.path]) for v in variables if not v.in_protocol})


def with_changes(cell: Cell, fields: Mapping[str, Any]) -> Cell:
    """Return the cell with other fields, and what follows from them, as :func:`changed_cell` does."""
    changes = dict(fields)
    if not changes:
        return cell
    shares = {path.removeprefix(_SHARES) for path in changes if path.startswith(_SHARES)}
    if shares and "electrolyte" not in shares:
        rest = sum(
            float(changes[_SHARES + name]) if name in shares else share
            for name, share in cell.spec.composite.mass_fractions
            if name != "electrolyte"
        )
        changes[f"{_SHARES}electrolyte"] = round(1 - rest, 9)
    if shares or any(path in _AMOUNT for path in changes):
        changes.setdefault("operation.nominal_capacity", None)
    return cell.replace(**changes)


def written_protocol(protocol: str, variables: tuple[Variable, ...], values: Mapping[str, Any]) -> str:
    """Return the protocol with the numbers that vary in the place of their names."""
    for variable in variables:
        if variable.in_protocol:
            protocol = protocol.replace("{" + variable.path + "}", str(variable.written(values[variable.path])))
    return protocol
