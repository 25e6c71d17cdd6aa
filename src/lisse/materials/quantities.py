"""Quantities and spreads as material files write them: "1.3 mS/cm", "0.33 eV", "x/÷ 1.5", "+- 0.02 eV",
"uniform 0.2 .. 0.5 eV".

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
    ("USD/kg", "USD/kg"): 1.0,
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
    ("1/V", "1/V"): 1.0,
    ("A*s/m^3", "A*s/m^3"): 1.0,
    ("mA*h/g", "A*s/kg"): 3600.0,
    ("nm", "m"): 1e-9,
    ("um", "m"): 1e-6,
    ("m^2/s", "m^2/s"): 1.0,
    ("m^2/g", "m^2/kg"): 1e3,
    ("A/m^2", "A/m^2"): 1.0,
    ("mA/cm^2", "A/m^2"): 10.0,
    ("uA/cm^2", "A/m^2"): 1e-2,
    ("mA/cm^2/MPa", "A/m^2/Pa"): 1e-5,
    ("uA*h/cm^2/h^0.5", "A*s^0.5/m^2"): 0.6,
    ("nm/(uA*h/cm^2)", "m^3/C"): 1e-9 / 36,
    ("S/cm^2/h", "S/m^2/s"): 1e4 / 3600,
    ("J/m^2", "J/m^2"): 1.0,
    ("um/h", "m/s"): 1e-6 / 3600,
    ("mm/h", "m/s"): 1e-3 / 3600,
    ("h", "s"): 3600.0,
    ("1/MPa", "1/Pa"): 1e-6,
    ("kg/m^2/s", "kg/m^2/s"): 1.0,
    ("mmol/cm^3", "mol/m^3"): 1e3,
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
    """How uncertain a value is: one sigma, as a factor or in the unit of the value, or two bounds.

    Attributes
    ----------
    kind
        "factor" (the logarithm is normal, sigma = ln size), "absolute" (normal), "uniform" (anything between
        the bounds is as likely) or "none" (defined values).
    size
        The factor, or one sigma in SI; for bounds, their distance over the square root of 12.
    low, high
        The bounds in SI of a uniform spread; None otherwise.
    """

    kind: Literal["factor", "absolute", "uniform", "none"]
    size: float
    low: float | None = None
    high: float | None = None

    @classmethod
    def uniform(cls, low: float, high: float) -> Spread:
        """Return the spread of a value that lies somewhere between two bounds.

        Examples
        --------
        >>> round(Spread.uniform(0.0, 6.0).size, 3)
        1.732
        """
        return cls("uniform", (high - low) / math.sqrt(12), low, high)

    def __str__(self) -> str:
        if self.kind == "uniform":
            return f"uniform {self.low:g} .. {self.high:g}"
        return {"factor": f"×/÷ {self.size:g}", "absolute": f"± {self.size:g}", "none": "exact"}[self.kind]

    def to_dict(self) -> dict[str, str | float] | None:
        """Return the spread as plain JSON types, None for an exact value."""
        if self.kind == "none":
            return None
        if self.low is None or self.high is None:
            return {"kind": self.kind, "size": self.size}
        return {"kind": self.kind, "size": self.size, "low": self.low, "high": self.high}


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


_UNIFORM = re.compile(r"\s*uniform\s+(?P<low>.+?)\s*\.\.\s*(?P<high>.+?)\s*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def parse_spread(text: str, unit: str, field: str) -> Spread:
    """Read ``"x/÷ 1.5"``, ``"+- 0.02 eV"`` or ``"uniform 0.2 .. 0.5 eV"`` (the lower bound may have its own unit).

    Raises
    ------
    InputError
        If the text is none of these, the factor is not above 1, the quantity is not above 0 or not in the unit,
        or the bounds do not rise.
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
    bounds = _UNIFORM.fullmatch(text)
    if bounds:
        low, high = _lower_bound(bounds["low"], bounds["high"], unit, field), si(bounds["high"], unit, field)
        if low < high:
            return Spread.uniform(low, high)
    tail = f" {unit}" if unit else ""
    raise InputError(
        f'{field}: "{text}" is not a spread; write a factor above 1 such as "x/÷ 1.5", "+- 0.1{tail}", '
        f'or rising bounds such as "uniform 0.1 .. 0.3{tail}".'
    )


def _lower_bound(low: str, high: str, unit: str, field: str) -> float:
    """Read the lower bound, in the unit of the upper one where it has none of its own."""
    bare = _NUMBER.fullmatch(low)
    tail = _NUMBER.sub("", high, count=1).strip()
    return si(f"{low} {tail}".strip() if bare else low, unit, field)


def written_spread(spread: Spread, text: str, unit: str) -> str:
    """Write a spread in the unit in which a value is written, empty for an exact one.

    Parameters
    ----------
    spread
        The spread, in SI.
    text
        The value as written, such as ``"0.33 eV"``; empty for a curve, whose spread is shown in SI.
    unit
        SI unit of the property.

    Examples
    --------
    >>> written_spread(Spread("absolute", 1929.7), "0.35 eV", "J/mol")
    '± 0.02 eV'
    >>> written_spread(Spread.uniform(0.0, 1.0), "0.05 mA/cm^2", "A/m^2")
    'in 0 .. 0.1 mA/cm^2'
    """
    if spread.kind in ("none", "factor"):
        return "" if spread.kind == "none" else str(spread)
    shown = _NUMBER.sub("", text, count=1).strip() if text else unit
    factor = si(f"1 {shown}", unit, "spread") if shown else 1.0
    tail = f" {shown}" if shown else ""
    if spread.low is not None and spread.high is not None:
        return f"in {spread.low / factor:.3g} .. {spread.high / factor:.3g}{tail}"
    return f"± {spread.size / factor:.3g}{tail}"
