"""Quantities and spreads as material files write them: "1.3 mS/cm", "0.33 eV", "x/÷ 1.5", "+- 0.02 eV".

Adds to ``lisse.units`` what files need: speed over thousands of values, eV per particle, spreads. Leaves
out: distributions to draw from.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from lisse.errors import InputError
from lisse.units import quantity

FARADAY = 96485.33212
"""Coulombs per mole, which is J/mol per eV (CODATA 2018)."""
_SIMPLE = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z%/*^·\d().\s-]*?)\s*")
_USUAL = {
    ("kg/m^3", "kg/m^3"): 1.0,
    ("g/cm^3", "kg/m^3"): 1e3,
    ("g/mol", "kg/mol"): 1e-3,
    ("S/m", "S/m"): 1.0,
    ("S/cm", "S/m"): 1e2,
    ("mS/cm", "S/m"): 1e-1,
    ("eV", "eV"): 1.0,
    ("kJ/mol", "J/mol"): 1e3,
    ("J/kg/K", "J/kg/K"): 1.0,
    ("MPa", "Pa"): 1e6,
    ("GPa", "Pa"): 1e9,
    ("MPa*m^0.5", "Pa*m^0.5"): 1e6,
    ("ohm*cm^2", "ohm*m^2"): 1e-4,
    ("V", "V"): 1.0,
    ("V/K", "V/K"): 1.0,
    ("mA*h/g", "A*s/kg"): 3600.0,
    ("nm", "m"): 1e-9,
    ("um", "m"): 1e-6,
    ("m^2/s", "m^2/s"): 1.0,
    ("m^2/g", "m^2/kg"): 1e3,
    ("A/m^2", "A/m^2"): 1.0,
    ("F/m^2", "F/m^2"): 1.0,
    ("F/cm^2", "F/m^2"): 1e4,
    ("1/s", "1/s"): 1.0,
    ("cm^3/mol", "m^3/mol"): 1e-6,
    ("", ""): 1.0,
    ("%", ""): 1e-2,
}
"""Factors of the units that files use most: the library loads without pint, whose registry takes 0.3 s to build."""


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


def si(value: str | float, unit: str, field: str) -> float:
    """Read a quantity as :func:`lisse.units.quantity` does, without pint for the usual units."""
    if unit == "J/mol" and isinstance(value, str) and value.strip().endswith("eV"):
        return si(value, "eV", field) * FARADAY  # per particle, as activation energies are often printed
    if isinstance(value, float) and not unit and math.isfinite(value):
        return value
    found = _SIMPLE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return quantity(value, unit, field)
    number, text = float(found[1]), found[2]
    if (text, unit) == ("degC", "K"):
        return number + 273.15
    factor = _USUAL.get((text, unit))
    if factor is None or not math.isfinite(number):
        return quantity(value, unit, field)  # any other unit, and every complaint
    return number * factor


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
    raise InputError(f'{field}: "{text}" is not a spread; write a factor above 1 such as "x/÷ 1.5", or {example}.')
