"""The text form of a protocol: ``"formation + 20 cycles at C/3"``, PyBaMM step strings and repeats of both.

Leaves out: drive cycles, which need a file (``tables``), and the cell's own limits (``resolve``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from lisse.cell.fields import brief
from lisse.cell.messages import nearest
from lisse.errors import InputError
from lisse.experiments.steps import Cycle, Limit, Step, check_step, hold_after
from lisse.experiments.values import NUMBER, is_time, read_control, read_limit, read_temperature, read_time

MOST_CYCLES = 100_000
REST_S = 600.0
"""Rest after each half of ``N cycles at RATE`` [s]."""
_DEEPEST = 5
_LONGEST = 20_000
_VERBS = ("charge", "discharge", "hold", "rest")
_I = re.IGNORECASE | re.ASCII
_COUNT = re.compile(r"(\d{1,9})\s*(?:x|times|\*)\s*(.+)", _I | re.DOTALL)
_CYCLES = re.compile(r"(\d{1,9})\s+cycles?\s+(?:at\s+)?(.+)", _I)
_STEP = re.compile(rf"(?:{'|'.join(_VERBS)})\b", _I)
_SECOND_HALF = re.compile(r"\S.*?\b(?:charge|discharge)\b.*", _I)
_HALVES = re.compile(r"(.+?)\s+(charge|discharge)\s*(?:,|\band\b)\s*(.+?)\s+(charge|discharge)", _I)
_HOLD = re.compile(r"(.+?)[\s,]+with\s+hold\s+(?:to|until)\s+(.+)", _I)
_BETWEEN = re.compile(r"(.+?)\s+between\s+(.+?)\s+and\s+(.+)", _I)
_TEMPERATURE = re.compile(rf"(.+?)\s+at\s+({NUMBER}\s*(?:K|degC|oC|°C))", re.IGNORECASE)
_PERIOD = re.compile(r"(.+?)\s*\(\s*([^()]+?)\s+period\s*\)", _I)
_UNTIL = re.compile(r"\s+(?:or\s+)?until\s+", _I)
_OR = re.compile(r"\s+or\s+(?:until\s+)?", _I)

Named = Callable[[str], "tuple[Cycle, ...] | None"]


def parse_cycles(text: str, named: Named, names: Iterable[str], field: str = "protocol") -> tuple[Cycle, ...]:
    """Return the cycles that a protocol text describes.

    Parameters
    ----------
    text
        Parts joined by "+" (a new cycle begins) or "," (steps stay in one cycle).
    named
        Gives the cycles of a named protocol, None if there is no such name.
    names
        The known names, for messages.
    field
        Start of the messages.

    Raises
    ------
    InputError
        If a part is neither a name, nor "N cycles at RATE", nor a step.

    Examples
    --------
    >>> cycles = parse_cycles("2 cycles at C/3 charge, 1C discharge", lambda name: None, [])
    >>> len(cycles), [step.kind for step in cycles[0].steps]
    (2, ['charge', 'rest', 'discharge', 'rest'])
    """
    if len(text) > _LONGEST:
        raise InputError(f"{field}: the text is longer than {_LONGEST} characters; write a protocol file instead.")
    return _Reader(named, tuple(names), field).read(text, 0)


def parse_step(text: str, field: str) -> tuple[Step, ...]:
    """Return the step that a text such as "Charge at C/10 until 4.3 V" describes; two if a hold is added.

    Raises
    ------
    InputError
        If the text is not such a step.

    Examples
    --------
    >>> [step.kind for step in parse_step("Charge at C/10 until upper with hold to C/50", "step")]
    ['charge', 'hold']
    """
    body = " ".join(text.split())
    body, period = _suffix(_PERIOD, body)
    body, temperature = _suffix(_TEMPERATURE, body)
    body, cutoff = _suffix(_HOLD, body)
    if temperature is None:
        body, temperature = _suffix(_TEMPERATURE, body)
    head, *tail = _UNTIL.split(body, maxsplit=1)
    limits, duration = read_limits(_OR.split(tail[0]), field) if tail else ((), None)
    head, shorter = _duration(head, field)
    duration = min((time for time in (duration, shorter) if time is not None), default=None)
    step = replace(
        _headed(head, text, field),
        limits=limits,
        duration_s=duration,
        temperature_K=None if temperature is None else read_temperature(_spaced(temperature), field),
        period_s=None if period is None else read_time(period, field),
    )
    check_step(step, field)
    if cutoff is None:
        return (step,)
    return (step, hold_after(step, read_limit(cutoff, field), field))


def read_limits(texts: Iterable[str], field: str) -> tuple[tuple[Limit, ...], float | None]:
    """Return the limits among ``texts`` and the shortest of the times among them [s].

    Raises
    ------
    InputError
        If one of them is neither.
    """
    limits: list[Limit] = []
    times: list[float] = []
    for text in texts:
        if isinstance(text, str) and is_time(text):
            times.append(read_time(text, field))
        else:
            limits.append(read_limit(text, field))
    return tuple(limits), min(times, default=None)


def repeated(cycles: tuple[Cycle, ...], count: int, field: str) -> tuple[Cycle, ...]:
    """Return ``cycles`` ``count`` times over.

    Raises
    ------
    InputError
        If the count is less than one or the result too long.
    """
    if not 1 <= count * len(cycles) <= MOST_CYCLES:
        raise InputError(f"{field}: {count} repeats are not accepted; 1 to {MOST_CYCLES} cycles are.")
    return cycles * count


def _suffix(pattern: re.Pattern[str], body: str) -> tuple[str, str | None]:
    match = pattern.fullmatch(body)
    return (match[1], match[2]) if match else (body, None)


def _spaced(temperature: str) -> str:
    """Return the temperature with its unit in the one spelling that is read everywhere."""
    number, unit = re.fullmatch(r"(.*?)\s*([A-Za-z°]+)", temperature).groups()  # type: ignore[union-attr]  # matched before
    return f"{number} {'K' if unit.casefold() == 'k' else 'degC'}"


def _duration(head: str, field: str) -> tuple[str, float | None]:
    parts = re.split(r"\s+for\s+", head, maxsplit=1, flags=_I)
    if len(parts) == 2:
        return parts[0], read_time(parts[1], field)
    rest = re.fullmatch(r"(rest)\s+(.+)", head, _I)
    return (rest[1], read_time(rest[2], field)) if rest else (head, None)


def _headed(head: str, text: str, field: str) -> Step:
    """Return the step that stands before "for" and "until": a verb and what is controlled."""
    verb, _, rest = head.partition(" ")
    kind = verb.casefold()
    if kind not in _VERBS:
        close = nearest(kind, _VERBS)
        hint = (
            f'the nearest verb is "{close}"' if close else 'a step starts with "Charge", "Discharge", "Hold" or "Rest"'
        )
        raise InputError(f"{field}: {brief(text)} is not a step; {hint}.")
    if kind == "rest":
        return Step("rest", "rest")
    value = re.fullmatch(r"at\s+(.+)", rest, _I)
    if value is None:
        example = "Hold at 4.3 V until C/50" if kind == "hold" else f"{kind.capitalize()} at C/10 until 4.3 V"
        raise InputError(f'{field}: {brief(text)} is not a step such as "{example}".')
    mode, number = read_control(value[1], field)
    if (mode == "hold") != (kind == "hold"):
        needs = 'a voltage such as "4.3 V"' if kind == "hold" else 'a rate, a current or a power such as "C/3"'
        raise InputError(f"{field}: {brief(value[1])} cannot be held in {brief(text)}; a {kind} needs {needs}.")
    return Step(kind, mode, number)  # type: ignore[arg-type]  # both are checked above


class _Reader:
    """Reads a protocol text part by part."""

    def __init__(self, named: Named, names: tuple[str, ...], field: str) -> None:
        self._named, self._names, self._field = named, names, field

    def read(self, text: str, depth: int) -> tuple[Cycle, ...]:
        if depth > _DEEPEST:
            raise InputError(f"{self._field}: brackets are nested deeper than {_DEEPEST}.")
        cycles: list[Cycle] = []
        for group in _split(text, "+", self._field):
            steps: list[Step] = []
            for part in _joined(_split(group, ",", self._field)):
                if _STEP.match(part):
                    steps += parse_step(part, self._field)
                    continue
                if steps:
                    cycles.append(Cycle(tuple(steps)))
                    steps = []
                cycles += self._part(part, depth)
                if len(cycles) > MOST_CYCLES:
                    raise InputError(f"{self._field}: at most {MOST_CYCLES} cycles are accepted.")
            if steps:
                cycles.append(Cycle(tuple(steps)))
        return tuple(cycles)

    def _part(self, part: str, depth: int) -> tuple[Cycle, ...]:
        """Return the cycles of a part that is not a step."""
        if part.startswith("(") and part.endswith(")"):
            return self.read(part[1:-1], depth + 1)
        known = self._named(part)
        if known is not None:
            return known
        match = _CYCLES.fullmatch(part)
        if match:
            return repeated((_cycle(match[2], part, self._field),), int(match[1]), self._field)
        match = _COUNT.fullmatch(part)
        if match:
            return repeated(self.read(match[2], depth + 1), int(match[1]), self._field)
        words = [*self._names, *_VERBS]
        close = nearest(part.split()[0], words)
        hint = f'; the nearest known word is "{close}"' if close else ""
        raise InputError(
            f"{self._field}: {brief(part)} is neither a named protocol ({', '.join(self._names)}) nor "
            f'"N cycles at C/3" nor a step such as "Charge at C/10 until 4.3 V"{hint}.'
        )


def _cycle(body: str, part: str, field: str) -> Cycle:
    """Return the cycle of ``N cycles at BODY``: charge, rest, discharge, rest, with what BODY adds."""
    body = " ".join(body.split())
    body, temperature = _suffix(_TEMPERATURE, body)
    kelvin = None if temperature is None else read_temperature(_spaced(temperature), field)
    body, cutoff = _suffix(_HOLD, body)
    between = _BETWEEN.fullmatch(body)
    window: tuple[float | str, float | str] = ("lower", "upper")
    if between:
        body, window = between[1], (_voltage(between[2], field), _voltage(between[3], field))
    halves = _HALVES.fullmatch(body)
    rates = {"charge": body, "discharge": body}
    if halves:
        rates = {halves[2].casefold(): halves[1], halves[4].casefold(): halves[3]}
        if len(rates) != 2:
            raise InputError(
                f"{field}: {brief(part)} names one half twice; give one rate for charge and one for discharge."
            )
    steps: list[Step] = []
    for kind, limit in (("charge", window[1]), ("discharge", window[0])):
        mode, value = read_control(rates[kind], field)
        if mode == "hold":
            raise InputError(
                f'{field}: {brief(rates[kind])} is a voltage; cycles need a rate or a current such as "C/3".'
            )
        half = Step(kind, mode, value, (Limit("voltage", limit),), temperature_K=kelvin)  # type: ignore[arg-type]
        steps.append(check_step(half, field))
        if kind == "charge" and cutoff is not None:
            steps.append(hold_after(half, read_limit(cutoff, field), field))
        steps.append(Step("rest", "rest", duration_s=REST_S, temperature_K=kelvin))
    return Cycle(tuple(steps))


def _voltage(text: str, field: str) -> float | str:
    mode, value = read_control(text, field)
    if mode != "hold":
        raise InputError(f'{field}: {brief(text)} is not a voltage such as "4.3 V".')
    return value


def _split(text: str, mark: str, field: str) -> list[str]:
    """Split at ``mark`` outside of brackets; the sign of an exponent (1e+3) does not count."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            break
        exponent = (
            mark == "+" and re.search(r"\d[eE]$", text[max(0, place - 2) : place]) and text[place + 1 :][:1].isdigit()
        )
        if letter == mark and depth == 0 and not exponent:
            parts.append(text[start:place].strip())
            start = place + 1
    if depth:
        raise InputError(f"{field}: {brief(text)} has a bracket without its partner.")
    parts.append(text[start:].strip())
    if not all(parts):
        raise InputError(f'{field}: {brief(text)} has an empty part; parts are joined by a single "+" or ",".')
    return parts


def _joined(parts: list[str]) -> list[str]:
    """Put ``3 cycles at C/10 charge`` and ``1C discharge`` back together: that comma joins two halves of a cycle."""
    out: list[str] = []
    for part in parts:
        halves = _SECOND_HALF.fullmatch(part) and not _STEP.match(part) and not _CYCLES.fullmatch(part)
        if out and halves and _CYCLES.fullmatch(out[-1]) and re.search(r"\b(?:charge|discharge)$", out[-1], _I):
            out[-1] = f"{out[-1]}, {part}"
        else:
            out.append(part)
    return out
