"""Ranges and lists of quantities, read as people write them: ``"1:25 MPa"``, ``"0.1:5:0.1 mA/cm^2"``, ``"0.2,1 V"``.

Leaves out: scales with a zero of their own (temperatures in degC), of which a step means nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.units import EXAMPLES, quantity

MOST_VALUES = 1000
"""Longest list that a text may ask for."""
_PART = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(.*?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Range:
    """Values in rising order.

    Attributes
    ----------
    values
        In the unit that was asked for, shape (n,).
    spacing
        ``linear``, ``log``, or ``list`` where each value was written.
    """

    values: NDArray[np.float64]
    spacing: str


def parse_range(text: str, unit: str, field: str, points: int | None = None, *, zero: bool = False) -> Range:
    """Read a range or a list of quantities that share a unit.

    Parameters
    ----------
    text
        ``"a:b unit"`` (``points`` values, both ends among them), ``"a:b:step unit"``, ``"a,b,c unit"`` or ``"a unit"``;
        spaces may be left out. ``log`` behind the unit of ``"a:b unit"`` spaces the values evenly in their logarithm.
    unit
        Unit of the values returned, as in :func:`lisse.units.quantity`.
    field
        Name used in error messages.
    points
        Number of values where the text gives no step; None demands a step.
    zero
        Whether 0 is accepted; negative values never are.

    Raises
    ------
    InputError
        If the text is no range, has no unit, runs backwards, is empty or holds values that are not accepted.

    Examples
    --------
    >>> parse_range("1:3MPa", "Pa", "pressure", points=3).values.tolist()
    [1000000.0, 2000000.0, 3000000.0]
    >>> parse_range("0.1:0.4:0.1 mA/cm^2", "A/m^2", "steps").values.tolist()
    [1.0, 2.0, 3.0, 4.0]
    >>> parse_range("1:100 MPa log", "Pa", "pressure", points=3).values.tolist()
    [1000000.0, 10000000.0, 100000000.0]
    """
    body, logarithmic = _spacing(text)
    separator = ":" if ":" in body else ","
    parts = body.split(separator)
    if not body.strip(" ,:"):
        raise InputError(f"{field}: {text!r} holds no value; write for example {_example(unit, points)}.")
    numbers = _quantities(parts, unit, field, text, points)
    if separator == ":":
        values = _span(numbers, logarithmic, field, text, points)
    else:
        values = numbers
        if logarithmic:
            raise InputError(f"{field}: {text!r} is not accepted; log spaces a range of two ends, not a list.")
    if min(values) < 0 or (min(values) == 0 and not zero):
        raise InputError(f"{field}: {text!r} is not accepted; no value may be {'below 0' if zero else '0 or below'}.")
    if any(after <= before for before, after in pairwise(values)):
        raise InputError(f"{field}: {text!r} is not accepted; the values must rise from one to the next.")
    spacing = "log" if logarithmic else "linear" if separator == ":" else "list"
    return Range(np.array([float(f"{value:.12g}") for value in values]), spacing)


def _spacing(text: str) -> tuple[str, bool]:
    """Split off the word for the spacing."""
    words = text.strip().rsplit(maxsplit=1)
    if len(words) == 2 and words[1] in ("log", "linear"):
        return words[0], words[1] == "log"
    return text, False


def _quantities(parts: list[str], unit: str, field: str, text: str, points: int | None) -> list[float]:
    """Read every part; those without a unit have that of the last one."""
    matches = [_PART.fullmatch(part) for part in parts]
    read = [match.groups() for match in matches if match is not None]
    if len(read) < len(parts) or len(parts) > MOST_VALUES:
        most = f" and of at most {MOST_VALUES} values" if len(parts) > MOST_VALUES else ""
        raise InputError(f"{field}: {text[:60]!r} is not of the form {_example(unit, points)}{most}.")
    last = read[-1][1]
    if not last:
        raise InputError(f"{field}: {text!r} has no unit; write for example {_example(unit, points)}.")
    return [quantity(f"{number} {own or last}", unit, field) for number, own in read]


def _span(numbers: list[float], logarithmic: bool, field: str, text: str, points: int | None) -> list[float]:
    """Return the values between two ends."""
    if len(numbers) not in (2, 3):
        raise InputError(f"{field}: {text!r} is not a range; write its two ends and perhaps a step.")
    low, high = numbers[:2]
    if high <= low:
        raise InputError(f"{field}: {text!r} runs backwards or nowhere; write the lower end first.")
    if len(numbers) == 2:
        if points is None:
            raise InputError(f'{field}: {text!r} has no step; write "from:to:step unit" or a list.')
        if logarithmic:
            if low <= 0:
                raise InputError(f"{field}: {text!r} is not accepted; a log range starts above 0.")
            return [float(value) for value in np.geomspace(low, high, points)]
        return [float(value) for value in np.linspace(low, high, points)]
    step = numbers[2]
    if step <= 0 or logarithmic:
        raise InputError(f"{field}: {text!r} is not accepted; the step must be above 0 and goes with linear spacing.")
    # A last value that only rounding keeps out belongs to the range.
    count = math.floor((high - low) / step + 1e-6) + 1
    if count > MOST_VALUES:
        raise InputError(f"{field}: {text!r} asks for {count} values; at most {MOST_VALUES} are accepted.")
    return [low + number * step for number in range(count)]


def _example(unit: str, points: int | None) -> str:
    sample = EXAMPLES.get(unit, f"1 {unit}").split(maxsplit=1)[-1]
    return f'"1:25 {sample}"' if points else f'"0.1:5:0.1 {sample}" or "0.2,0.5,1 {sample}"'
