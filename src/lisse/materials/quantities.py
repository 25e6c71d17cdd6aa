"""Quantities and spreads as material files write them: "1.3 mS/cm", "0.33 eV", "x/÷ 1.5", "+- 0.02 eV".

Adds to ``lisse.units`` what files need: speed over thousands of values, eV per particle, spreads. Leaves
out: distributions to draw from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lisse.errors import InputError
from lisse.units import quantity

FARADAY = 96485.33212
"""Coulombs per mole, which is J/mol per eV (CODATA 2018)."""
_SIMPLE = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z%/*^·\d().\s-]*?)\s*")
_OFFSET_UNITS = ("degC", "degF", "celsius", "fahrenheit")


@dataclass(frozen=True)
class Spread:
    """How uncertain a value is: one sigma, as a factor or in the unit of the value.

    Attributes
    ----------
    kind
        "factor" (the logarithm is normal, sigma = ln size), "absolute" (normal) or "none" (defined values).
    size
        The factor, or one sigma in SI.
    """

    kind: Literal["factor", "absolute", "none"]
    size: float

    def __str__(self) -> str:
        return {"factor": f"×/÷ {self.size:g}", "absolute": f"± {self.size:g}", "none": "exact"}[self.kind]


@lru_cache(maxsize=1024)
def _factor(unit_text: str, unit: str, field: str) -> float:
    factor: float = quantity(f"1 {unit_text}", unit, field)
    return factor


def si(value: str | float, unit: str, field: str) -> float:
    """Read a quantity as :func:`lisse.units.quantity` does, but look up the factor of each unit once."""
    if unit == "J/mol" and isinstance(value, str) and value.strip().endswith("eV"):
        return si(value, "eV", field) * FARADAY  # per particle, as activation energies are often printed
    found = _SIMPLE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[2] or any(name in found[2] for name in _OFFSET_UNITS):
        return quantity(value, unit, field)
    try:
        factor = _factor(found[2], unit, "")
    except InputError:
        return quantity(value, unit, field)  # names the field and the value
    return float(found[1]) * factor


def parse_spread(text: str, unit: str, field: str) -> Spread:
    """Read ``"x/÷ 1.5"`` or ``"+- 0.02 eV"``.

    Raises
    ------
    InputError
        If the text is neither, the factor is not above 1, or the quantity is not above 0 or not in the unit.
    """
    absolute = re.fullmatch(r"\s*(?:\+/?-|±)\s*(.+)", text)
    if absolute:
        size = si(absolute[1], unit, field)
        if size > 0:
            return Spread("absolute", size)
    factor = re.fullmatch(r"\s*[x×]\s*/\s*÷?\s*([\d.]+(?:[eE][-+]?\d+)?)\s*", text)
    if factor:
        size = si(factor[1], "", field)
        if size > 1:
            return Spread("factor", size)
    example = f'"+- 0.1 {unit}"' if unit else '"+- 0.1"'
    raise InputError(
        f'{field}: "{text}" is not a spread; write a factor above 1 such as "x/÷ 1.5", or {example}.'
    )
