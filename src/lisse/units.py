"""Quantities with units, read as people write them ("5 MPa", "0.5 mA/cm^2", "25 degC") and kept in SI.

Leaves out: uncertainties (claims carry them, see ``lisse.materials``), and currencies other than the US dollar.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError

if TYPE_CHECKING:
    import pint

EXAMPLES = {
    "m": "30 um",
    "Pa": "5 MPa",
    "K": "25 degC",
    "A/m^2": "0.5 mA/cm^2",
    "kg/m^2": "10.7 mg/cm^2",
    "kg": "12 mg",
    "m^2": "0.785 cm^2",
    "N": "4 kN",
    "V": "4.3 V",
    "S/m": "1.3 mS/cm",
    "ohm*m^2": "20 ohm*cm^2",
    "kg/m^3": "1.87 g/cm^3",
    "m^2/s": "5e-16 m^2/s",
    "J/mol": "37 kJ/mol",
    "A*s/kg": "200 mA*h/g",
    "A*s/m^2": "2 mA*h/cm^2",
    "1/s": "5e-4 1/s",
    "s": "12 min",
}


LONGEST_QUANTITY = 80
"""No quantity that a person writes is longer [characters]."""
# A unit parser evaluates powers, and "9^9^9^9 m" would keep it busy for hours.
_RUNAWAY_POWER = re.compile(r"(\^|\*\*)\s*[-+(]*\s*\d[\d.]*\s*\)*\s*(\^|\*\*)|(\^|\*\*)\s*[-+(]*\s*\d{3,}")


def writable(text: str) -> bool:
    """Tell whether a person could have written this as a quantity, and a parser can read it in no time.

    Examples
    --------
    >>> writable("20 ohm*cm^2"), writable("9^9^9^9 m")
    (True, False)
    """
    return len(text) <= LONGEST_QUANTITY and text.isprintable() and not _RUNAWAY_POWER.search(text)


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry:
    """Return the one unit registry (built on first use: it takes 0.2 s)."""
    import pint

    # Written as "25 degC" a temperature is a point on a scale, not a difference.
    found = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    found.define("USD = [currency]")
    return found


def _example(unit: str) -> str:
    return EXAMPLES.get(unit, f"1 {unit}" if unit else "0.5")


def quantity(value: Any, unit: str, field: str) -> float:
    """Read one quantity and return its number in ``unit``.

    Parameters
    ----------
    value
        ``"30 um"``, or a bare number where the quantity has no dimension (``unit == ""``; ``"12 %"`` also works).
    unit
        Unit of the returned number, in pint's grammar (``"m"``, ``"A/m^2"``, ``""`` for a pure number).
    field
        Name used in the error message, for example ``"separator.thickness"``.

    Returns
    -------
    float
        The number in ``unit``; always finite.

    Raises
    ------
    InputError
        If the value has no unit where one is needed, the wrong dimension, or is not a finite number.

    Examples
    --------
    >>> quantity("5 MPa", "Pa", "operation.stack_pressure")
    5000000.0
    >>> round(quantity("25 degC", "K", "operation.temperature"), 2)
    298.15
    >>> round(quantity("0.33 eV", "J/mol", "activation_energy"))
    31840
    """
    import pint

    accepted = f'a quantity such as "{_example(unit)}"' if unit else "a number such as 0.5"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InputError(f"{field}: {value!r} is not {accepted}.")
    if isinstance(value, int | float):
        if unit:
            raise InputError(f"{field}: {value!r} has no unit; write {accepted}.")
        number = float(value)
    else:
        ureg, parsed = registry(), None
        text = value.strip().replace("µ", "u").replace("Ω", "ohm").replace("°C", "degC").replace("mAh", "mA*h")
        text = text.replace("⁻", "-").replace("²", "^2").replace("³", "^3").replace("·", "*")
        if not text:
            raise InputError(f"{field}: the text is empty; write {accepted}.")
        if not writable(text):
            raise InputError(f"{field}: {value[:60]!r} is not {accepted}.")
        try:
            parsed = ureg.parse_expression(text)
            parsed = parsed if hasattr(parsed, "to") else ureg.Quantity(parsed)
            if unit == "J/mol" and parsed.check("[energy]"):
                parsed = parsed * ureg.avogadro_constant  # "0.33 eV" is an energy per particle
            number = float(parsed.to(unit or "dimensionless").magnitude)
        except pint.DimensionalityError:
            wrong = "has no unit" if parsed is not None and parsed.dimensionless else "has the wrong dimension"
            raise InputError(f"{field}: {value!r} {wrong}; write {accepted}.") from None
        except Exception:
            raise InputError(f"{field}: {value!r} is not {accepted}.") from None
    if not math.isfinite(number):
        raise InputError(f"{field}: {value!r} is not a finite number; write {accepted}.")
    return number


def show(value: float, unit: str, to: str, digits: int = 4) -> str:
    """Write an SI number in the unit people use, for example ``show(3e-5, "m", "um") == "30 um"``."""
    number = registry().Quantity(value, unit).to(to).magnitude
    return f"{number:.{digits}g} {to}".strip()


HUMAN = {
    "m": "um",
    "m^2": "cm^2",
    "Pa": "MPa",
    "kg/m^2": "mg/cm^2",
    "A*s/kg": "mA*h/g",
    "A*s/m^2": "mA*h/cm^2",
    "A": "mA",
    "S/m": "mS/cm",
    "ohm*m^2": "ohm*cm^2",
    "mol/m^2": "mol/m^2",
    "J/m^2": "J/m^2",
}
"""The unit in which people say a quantity that lisse keeps in SI."""


def human(value: float, unit: str, digits: int = 4) -> str:
    """Write an SI number in the unit people use for it, for example ``human(3e-5, "m") == "30 um"``."""
    return show(value, unit, HUMAN.get(unit, unit), digits) if unit else f"{value:.{digits}g}"
