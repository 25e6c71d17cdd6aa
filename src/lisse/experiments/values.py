"""Numbers of a protocol as people write them: rates, currents, voltages, times, temperatures, limits.

Leaves out: how they combine to steps (``grammar``, ``tables``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from lisse.cell.fields import brief
from lisse.cell.messages import nearest
from lisse.errors import InputError
from lisse.experiments.steps import UNITS, WINDOW, Limit
from lisse.units import quantity

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
RATE_EXAMPLES = '"C/3", "0.5C", "2 mA", "0.5 mA/cm^2", "5 mW"'
_C_RATE = re.compile(rf"(?P<times>{NUMBER})?\s*\*?\s*C(?:\s*/\s*(?P<over>{NUMBER}))?", re.IGNORECASE | re.ASCII)
_TIME = re.compile(rf"(?P<number>{NUMBER})?\s*(?P<unit>[A-Za-z]+)", re.ASCII)
# Only this shape reaches the unit parser, which would evaluate any arithmetic.
_QUANTITY = re.compile(
    rf"(?P<number>{NUMBER})\s*(?P<unit>[A-Za-zµμΩ°]{{1,8}}(?:\s*(?:/|per )\s*[a-zµμ]{{1,3}}(?:\^?2|²))?)", re.ASCII
)
_VARIABLE = re.compile(rf"(?P<name>[^<>=]*[^<>=\s])\s*(?P<operator>[<>])=?\s*(?P<number>{NUMBER})")
_TIME_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
}
_LONGEST = 80
_RANGES = {
    "c_rate": (1e-4, 1e3, "C/10000 to 1000C"),
    "current": (1e-12, 1e4, "1 pA to 10 kA"),
    "current_density": (1e-6, 1e6, "0.1 nA/cm^2 to 100 A/cm^2"),
    "power": (1e-12, 1e5, "1 pW to 100 kW"),
    "resistance": (1e-6, 1e12, "1 uohm to 1 Tohm"),
    "hold": (1e-3, 10.0, "1 mV to 10 V"),
    "voltage": (1e-3, 10.0, "1 mV to 10 V"),
}
_MODE_OF_UNIT = (("A/m^2", "current_density"), ("A", "current"), ("W", "power"), ("V", "hold"), ("ohm", "resistance"))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the end of a message: the known name nearest to ``word``, or all of them."""
    names = list(known)
    close = nearest(word, names)
    return f'the nearest known name is "{close}"' if close else f"known names are {', '.join(names)}"


def _clean(value: Any, field: str, accepted: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST or not value.isprintable():
        raise InputError(f"{field}: {brief(value)} is not {accepted}.")
    return value.strip()


def _bounded(number: float, mode: str, shown: Any, field: str) -> float:
    low, high, words = _RANGES[mode]
    if not low <= number <= high:
        raise InputError(f"{field}: {brief(shown)} is out of range; {words} is accepted.")
    return number


def read_c_rate(text: str) -> float | None:
    """Return a C-rate [1/h], or None if the text is not one.

    Examples
    --------
    >>> read_c_rate("C/10"), read_c_rate("0.5 C"), read_c_rate("2 mA")
    (0.1, 0.5, None)
    """
    match = _C_RATE.fullmatch(text.strip())
    if match is None:
        return None
    over = float(match["over"] or 1.0)
    return float(match["times"] or 1.0) / over if over else math.inf


def read_control(value: Any, field: str) -> tuple[str, float | str]:
    """Return mode and SI value of what a step controls; a voltage has the mode ``"hold"``.

    Raises
    ------
    InputError
        If the text is no rate, current, current density, power, resistance or voltage, or is out of range.

    Examples
    --------
    >>> read_control("0.5 mA/cm^2", "value")
    ('current_density', 5.0)
    >>> read_control("C/3", "value")[0]
    'c_rate'
    """
    text = _clean(value, field, f'a value such as {RATE_EXAMPLES} or "4.3 V"')
    if text.casefold() in WINDOW:
        return "hold", text.casefold()
    rate = read_c_rate(text)
    if rate is not None:
        return "c_rate", _bounded(rate, "c_rate", value, field)
    match = _QUANTITY.fullmatch(text)
    if match is not None:
        unit = re.sub(r"\s*(?:/|per )\s*", "/", match["unit"])
        unit = re.sub(r"(?<=[a-zµμ])\^?2$|²$", "^2", unit)
        unit = {"v": "V", "a": "A", "w": "W"}.get(unit, unit.replace("Ohm", "ohm"))
        for si, mode in _MODE_OF_UNIT:
            try:
                number = quantity(f"{match['number']} {unit}", si, field)
            except InputError:
                continue
            return mode, _bounded(number, mode, value, field)
    raise InputError(f'{field}: {brief(value)} is not a value such as {RATE_EXAMPLES} or "4.3 V".')


def read_time(value: Any, field: str) -> float:
    """Return a time in seconds.

    Raises
    ------
    InputError
        If the text is not a positive time of at most ten years with a unit.

    Examples
    --------
    >>> read_time("1.5 h", "duration")
    5400.0
    """
    accepted = 'a time such as "10 minutes" or "1 h"'
    match = _TIME.fullmatch(_clean(value, field, accepted))
    if match is None or match["unit"].casefold() not in _TIME_UNITS:
        raise InputError(f"{field}: {brief(value)} is not {accepted}.")
    seconds = float(match["number"] or 1.0) * _TIME_UNITS[match["unit"].casefold()]
    if not 1e-6 <= seconds <= 3.2e8:
        raise InputError(f"{field}: {brief(value)} is out of range; one microsecond to ten years is accepted.")
    return seconds


def is_time(text: str) -> bool:
    """Tell whether ``text`` has the shape of a time."""
    match = _TIME.fullmatch(text.strip())
    return match is not None and match["unit"].casefold() in _TIME_UNITS


def read_temperature(value: Any, field: str) -> float:
    """Return a temperature [K].

    Raises
    ------
    InputError
        If the text is not a temperature with a unit between 150 and 600 K.
    """
    accepted = 'a temperature such as "60 degC" or "333 K"'
    text = _clean(value, field, accepted)
    match = re.fullmatch(rf"(?P<number>{NUMBER})\s*(?P<unit>K|degC|oC|°C)", text)
    if match is None:
        raise InputError(f"{field}: {brief(value)} is not {accepted}.")
    kelvin = float(match["number"]) + (0.0 if match["unit"] == "K" else 273.15)
    if not 150.0 <= kelvin <= 600.0:
        raise InputError(f"{field}: {brief(value)} is out of range; 150 K to 600 K is accepted.")
    return kelvin


def read_limit(value: Any, field: str) -> Limit:
    """Return one limit: ``upper``, ``lower``, a voltage, a rate, a current, or a comparison with a variable.

    Raises
    ------
    InputError
        If the text is none of them.

    Examples
    --------
    >>> read_limit("Mean lithium content > 0.8", "until")
    Limit(kind='variable', value=0.8, operator='>', variable='Mean lithium content')
    """
    accepted = 'a limit such as "upper", "4.3 V", "C/50", "10 h" or "Mean lithium content > 0.8"'
    text = _clean(value, field, accepted) if not isinstance(value, str) or len(value) > 200 else value.strip()
    operator = text[:1] if text[:1] in ("<", ">") else ""
    bare = text[1:].strip() if operator else text
    variable = _VARIABLE.fullmatch(text)
    if variable is not None and variable["name"].isprintable():
        return variable_limit(variable["name"], variable["operator"], float(variable["number"]), field)
    try:
        mode, number = read_control(bare, field)
    except InputError:
        if read_c_rate(bare) is not None or _QUANTITY.fullmatch(bare) is not None:
            raise
        raise InputError(f"{field}: {brief(value)} is not {accepted}.") from None
    if mode == "hold":
        return Limit("voltage", number, operator)
    if mode not in ("c_rate", "current", "current_density") or operator:
        raise InputError(f"{field}: {brief(value)} is not {accepted}.")
    return Limit(mode, number)  # type: ignore[arg-type]  # narrowed by the test above


def variable_limit(name: str, operator: str, number: float, field: str) -> Limit:
    """Return the limit ``name operator number`` on a variable of the solution."""
    if not math.isfinite(number):
        raise InputError(f"{field}: {brief(number)} is not a finite number.")
    return Limit("variable", number, operator, " ".join(name.split()))


def show_value(mode: str, value: float | str) -> str:
    """Return the text that reads back as the value of a step or a limit.

    Examples
    --------
    >>> show_value("c_rate", 0.1), show_value("current_density", 5.0)
    ('0.1C', '5.0 A/m^2')
    """
    if isinstance(value, str):
        return value
    return f"{value!r}C" if mode == "c_rate" else f"{value!r} {UNITS[mode]}"
