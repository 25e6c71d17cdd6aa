"""The table form of protocols and steps, as a protocol file holds them, and drive cycles from CSV files.

Leaves out: the text form (``grammar``).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from lisse.cell.fields import brief
from lisse.errors import InputError
from lisse.experiments.grammar import parse_step, read_limits, repeated
from lisse.experiments.steps import DRIVE_MODES, UNITS, Cycle, Drive, Kind, Limit, Mode, Step, check_step, hold_after
from lisse.experiments.values import (
    read_control,
    read_limit,
    read_temperature,
    read_time,
    suggestion,
    variable_limit,
)
from lisse.units import quantity

CYCLE_KEYS = ("repeat", "steps", "protocol")
STEP_KEYS = ("kind", "mode", "value", "until", "duration", "stop", "hold_until", "temperature", "period", "drive")
DRIVE_KEYS = ("mode", "file", "data", "unit")
STOP_KEYS = ("variable", "above", "below")
_MODES = (*get_args(Mode), "cccv")
_MOST_ROWS = 200_000


def read_cycle_table(table: Any, directory: Path | None, field: str) -> tuple[Cycle, ...]:
    """Return the cycles of a ``[[cycles]]`` table that has ``steps``.

    Raises
    ------
    InputError
        If a key or a value is not accepted.
    """
    steps = table["steps"]
    if not isinstance(steps, list) or not steps:
        raise InputError(f"{field}.steps: {brief(steps)} is not a list of steps in square brackets.")
    read = [step for k, entry in enumerate(steps) for step in read_step(entry, directory, f"{field}.steps[{k}]")]
    return repeated((Cycle(tuple(read)),), read_repeat(table, field), f"{field}.repeat")


def read_repeat(table: Mapping[str, Any], field: str) -> int:
    """Return the number of repeats of a ``[[cycles]]`` table, 1 if it says nothing."""
    count = table.get("repeat", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10**9:
        raise InputError(f"{field}.repeat: {brief(count)} is not a whole number from 1 on.")
    return count


def check_keys(table: Any, known: tuple[str, ...], field: str) -> Mapping[str, Any]:
    """Return ``table`` if it is one and has known keys alone.

    Raises
    ------
    InputError
        Otherwise; it names the nearest known key.
    """
    if not isinstance(table, Mapping):
        raise InputError(f"{field}: {brief(table)} is not a table of keys and values.")
    for key in table:
        if key not in known:
            raise InputError(f"{field}: {brief(key)} is not a known key; {suggestion(str(key), known)}.")
    return table


def read_step(entry: Any, directory: Path | None, field: str) -> tuple[Step, ...]:
    """Return the step (two for CCCV) that a string or a table describes.

    Parameters
    ----------
    entry
        A step string, or a table with the keys in ``STEP_KEYS``.
    directory
        Where a drive file with a relative path lies; None for the working directory.
    field
        Start of the messages.

    Raises
    ------
    InputError
        If the entry is not such a step.
    """
    if isinstance(entry, str):
        return parse_step(entry, field)
    table = check_keys(entry, STEP_KEYS, field)
    mode = table.get("mode")
    if mode is not None and mode not in _MODES:
        raise InputError(f"{field}.mode: {brief(mode)} is not a known mode; {suggestion(str(mode), _MODES)}.")
    step = _with_drive(table, directory, field) if "drive" in table else _with_value(table, field)
    step = check_step(_with_rest(step, table, field), field)
    if mode == "cccv" and "hold_until" not in table:
        raise InputError(f'{field}.hold_until: this must be given for the mode "cccv", for example "C/50".')
    if "hold_until" not in table:
        return (step,)
    cutoff = read_limit(table["hold_until"], f"{field}.hold_until")
    return (step, hold_after(step, cutoff, f"{field}.hold_until"))


def _with_value(table: Mapping[str, Any], field: str) -> Step:
    """Return the bare step that ``mode``, ``kind`` and ``value`` describe."""
    mode, kind = table.get("mode"), table.get("kind")
    kinds = get_args(Kind)
    if kind is not None and kind not in kinds:
        raise InputError(f"{field}.kind: {brief(kind)} is not a known kind; {suggestion(str(kind), kinds)}.")
    only = mode if mode in ("rest", "hold") else kind if kind in ("rest", "hold") else None
    if only and ({mode, kind} - {only, None}):
        raise InputError(f"{field}.kind: {brief(kind)} does not go with the mode {brief(mode)}.")
    if only == "rest":
        if "value" in table:
            raise InputError(f"{field}.value: a rest has no value, but {brief(table['value'])} is given.")
        return Step("rest", "rest")
    if "value" not in table:
        raise InputError(f'{field}.value: this must be given, for example "C/10", "0.5 mA/cm^2" or "4.3 V".')
    value = table["value"]
    bare_rate = mode in ("c_rate", "cccv") and isinstance(value, int | float) and not isinstance(value, bool)
    found, number = read_control(f"{_plain(value)}C" if bare_rate else value, f"{field}.value")
    wanted = found if mode in (None, "cccv") else mode
    if found != wanted:
        raise InputError(
            f'{field}.value: {brief(value)} does not go with the mode "{mode}"; its own mode is "{found}".'
        )
    if only is None and found == "hold":
        raise InputError(f'{field}.value: {brief(value)} is a voltage; set mode = "hold" to hold it.')
    if only == "hold":
        if found != "hold":
            raise InputError(f'{field}.value: {brief(value)} is not a voltage such as "4.3 V", which a hold needs.')
        return Step("hold", "hold", number)
    if kind is None:
        raise InputError(f'{field}.kind: this must be given, "charge" or "discharge".')
    return Step(kind, found, number)  # type: ignore[arg-type]  # both are checked above


def _plain(value: float) -> str:
    try:
        return f"{float(value):.15g}"
    except OverflowError:  # an integer beyond the largest float
        return "1e999"


def _with_rest(step: Step, table: Mapping[str, Any], field: str) -> Step:
    """Return ``step`` with limits, times and temperature."""
    until = table.get("until", [])
    texts = [until] if isinstance(until, str) else until
    if not isinstance(texts, list):
        raise InputError(f'{field}.until: {brief(until)} is not a limit such as "upper" or a list of limits.')
    limits, duration = read_limits(texts, f"{field}.until")
    if "duration" in table:
        longest = read_time(table["duration"], f"{field}.duration")
        duration = longest if duration is None else min(duration, longest)
    stops = table.get("stop", [])
    stops = stops if isinstance(stops, list) else [stops]
    limits += tuple(limit for stop in stops for limit in _stop_limits(stop, f"{field}.stop"))
    return replace(
        step,
        limits=limits,
        duration_s=duration,
        temperature_K=read_temperature(table["temperature"], f"{field}.temperature")
        if "temperature" in table
        else None,
        period_s=read_time(table["period"], f"{field}.period") if "period" in table else None,
    )


def _stop_limits(stop: Any, field: str) -> Iterator[Limit]:
    table = check_keys(stop, STOP_KEYS, field)
    name = table.get("variable")
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 200:
        raise InputError(
            f'{field}.variable: {brief(name)} is not the name of a variable such as "Mean lithium content".'
        )
    if not {"above", "below"} & set(table):
        raise InputError(f"{field}: a number must be given for above or below, but neither is.")
    for key, operator in (("above", ">"), ("below", "<")):
        if key in table:
            yield variable_limit(name, operator, _number(table[key], f"{field}.{key}"), f"{field}.{key}")


def _number(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{field}: {brief(value)} is not a number.")
    try:
        return float(value)
    except OverflowError:
        raise InputError(f"{field}: {brief(value)} is not a finite number.") from None


def _with_drive(table: Mapping[str, Any], directory: Path | None, field: str) -> Step:
    """Return the step of a drive cycle."""
    for key in ("mode", "kind", "value", "hold_until"):
        if key in table:
            raise InputError(
                f"{field}.{key}: a step with a drive cycle takes no {key}; the drive table gives the mode."
            )
    field = f"{field}.drive"
    drive = check_keys(table["drive"], DRIVE_KEYS, field)
    mode = drive.get("mode")
    if mode not in DRIVE_MODES:
        raise InputError(f"{field}.mode: {brief(mode)} is not a known mode; {suggestion(str(mode), DRIVE_MODES)}.")
    if ("file" in drive) == ("data" in drive):
        raise InputError(f"{field}: either a file or data must be given, and not both.")
    factor = _factor(drive["unit"], mode, f"{field}.unit") if "unit" in drive else 1.0
    if "file" in drive:
        rows = _read_csv(drive["file"], directory, f"{field}.file")
        field = f"{field}.file"
    else:
        rows = _read_data(drive["data"], f"{field}.data")
        field = f"{field}.data"
    times, values = tuple(t for t, _ in rows), tuple(factor * v for _, v in rows)
    _check_profile(times, values, field)
    profile = Drive(mode, times, values)
    return Step(profile.kind, mode, drive=profile)


def _factor(unit: Any, mode: str, field: str) -> float:
    """Return how many SI units one ``unit`` is."""
    if mode == "c_rate":
        raise InputError(f"{field}: a C-rate has no unit, but {brief(unit)} is given.")
    text = unit if isinstance(unit, str) else ""
    found, number = read_control(f"1 {text}", field)
    if found != mode or isinstance(number, str):
        raise InputError(f'{field}: {brief(unit)} is not a unit of the mode "{mode}" such as "{UNITS[mode]}".')
    return quantity(number, "", field)


def _check_profile(times: tuple[float, ...], values: tuple[float, ...], field: str) -> None:
    if len(times) < 2:
        raise InputError(f"{field}: a drive cycle needs at least two rows of time and value, but has {len(times)}.")
    if times[0] != 0.0:
        raise InputError(f"{field}: the first time is {times[0]:g} s; a drive cycle starts at 0 s.")
    for row, (earlier, later) in enumerate(pairwise(times), start=2):
        if not later > earlier:
            raise InputError(f"{field}: the time of row {row} ({later:g} s) is not later than the one before it.")
    for row, number in enumerate((*times, *values)):
        if not math.isfinite(number) or abs(number) > 1e9:
            raise InputError(f"{field}: {number:g} in row {row % len(times) + 1} is not a number below 1e9.")


def _read_data(data: Any, field: str) -> list[tuple[float, float]]:
    accepted = "a list of pairs of time in seconds and value"
    if not isinstance(data, list) or len(data) > _MOST_ROWS:
        raise InputError(f"{field}: {brief(data)} is not {accepted} (at most {_MOST_ROWS}).")
    rows = []
    for pair in data:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InputError(f"{field}: {brief(pair)} is not a pair of time in seconds and value.")
        rows.append((_number(pair[0], field), _number(pair[1], field)))
    return rows


def _read_csv(name: Any, directory: Path | None, field: str) -> list[tuple[float, float]]:
    """Return the rows of a CSV file: time in seconds and value; one line of headings and # comments are skipped."""
    if not isinstance(name, str) or not name:
        raise InputError(f'{field}: {brief(name)} is not the name of a file such as "drive.csv".')
    path = (directory or Path()) / Path(name)
    try:
        text = path.expanduser().read_text(encoding="utf-8-sig")
    except (OSError, ValueError, RuntimeError):
        raise InputError(f"{field}: there is no readable text file {brief(name)}.") from None
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) > _MOST_ROWS:
        raise InputError(f"{field}: {brief(name)} has {len(lines)} rows; at most {_MOST_ROWS} are accepted.")
    mark = next((m for m in (";", "\t", ",") if lines and m in lines[0]), None)
    cells = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark) if mark else (line.split() for line in lines)
    rows = []
    for number, row in enumerate(cells, start=1):
        try:
            rows.append((float(row[0]), float(row[1])))
        except (ValueError, IndexError):
            if number == 1:  # headings
                continue
            raise InputError(f"{field}: row {number} of {brief(name)} is not a time in seconds and a value.") from None
    return rows
