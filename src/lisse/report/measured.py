"""Measured curves from the CSV files people have, for drawing over a simulated run.

Reads one table with named columns; leaves out binary cycler formats (``lisse.measurements`` is their place) and any
fitting. Capacities must be per gram of active material: the file does not say how much there was.
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError

Array = NDArray[np.float64]

ACCEPTED = '"voltage [V]" with "capacity [mAh/g]" or "time [s]", or "cycle" with "discharge capacity [mAh/g]"'
_NAMES = {
    "voltage": ("voltage", "potential", "ecell", "ewe", "cell voltage", "terminal voltage", "v", "u", "e"),
    "discharge": ("discharge capacity", "discharge specific capacity", "specific discharge capacity", "q discharge"),
    "charge": ("charge capacity", "charge specific capacity", "specific charge capacity", "q charge"),
    "capacity": ("capacity", "specific capacity", "gravimetric capacity", "q"),
    "time": ("time", "test time", "elapsed time", "t"),
    "cycle": ("cycle", "cycle number", "cycle index", "cycle no", "cycle id", "n cycle"),
}
_UNITS: dict[str, dict[str, float]] = {
    "voltage": {"": 1.0, "v": 1.0, "mv": 1e-3},
    "capacity": {"": 1.0, "mah/g": 1.0, "mahg-1": 1.0, "mag-1h": 1.0, "ah/kg": 1.0, "mah/gam": 1.0, "mah/gcam": 1.0},
    "time": {"": 1.0, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "hr": 3600.0},
    "cycle": {"": 1.0, "-": 1.0, "#": 1.0},
}
_UNITS["charge"] = _UNITS["discharge"] = _UNITS["capacity"]
_ACCEPTED_UNIT = {"voltage": "V or mV", "time": "s, min or h", "cycle": "no unit"}


@dataclass(frozen=True)
class MeasuredCurve:
    """One measured curve: ``x`` and ``y`` of equal length, in the units of the panel it belongs to."""

    label: str
    x: Array
    y: Array


@dataclass(frozen=True)
class MeasuredData:
    """Measured curves of one file.

    Attributes
    ----------
    name
        File name, shown in the report.
    voltage_curves
        Voltage in V against capacity in mAh per gram of active material.
    capacity_curves
        Capacity in mAh per gram of active material against the cycle number.
    time_curves
        Voltage in V against time in s.
    """

    name: str
    voltage_curves: tuple[MeasuredCurve, ...] = ()
    capacity_curves: tuple[MeasuredCurve, ...] = ()
    time_curves: tuple[MeasuredCurve, ...] = ()

    @classmethod
    def read_csv(cls, path: str | Path) -> MeasuredData:
        """Read voltage against capacity, capacity against cycle, or voltage against time.

        Parameters
        ----------
        path
            Text table with one header line; comma, semicolon or tab between the columns, a decimal comma where the
            columns are not parted by commas. Lines that open with ``#`` are skipped.

        Raises
        ------
        InputError
            If the file is missing, is not such a table, or lacks a column; the message says which.
        """
        path = Path(path)
        header, rows = _table(path)
        columns = _columns(path.name, header, rows)
        has = columns.keys()
        if "voltage" in has and has & {"capacity", "charge", "discharge"}:
            return cls(path.name, voltage_curves=_voltage(columns))
        if "voltage" in has and "time" in has:
            good = np.isfinite(columns["time"]) & np.isfinite(columns["voltage"])
            curve = MeasuredCurve("voltage", columns["time"][good], columns["voltage"][good])
            return cls(path.name, time_curves=_some(path.name, (curve,)))
        if "cycle" in has and has & {"capacity", "charge", "discharge"}:
            return cls(path.name, capacity_curves=_some(path.name, _capacity(columns)))
        missing = (
            'a "capacity [mAh/g]" or "time [s]" column' if "voltage" in has
            else 'a "capacity [mAh/g]" column' if "cycle" in has
            else 'a "voltage [V]" or "cycle" column'
        )  # fmt: skip
        found = ", ".join(f'"{h}"' for h in header) or "none"
        raise InputError(f"{path.name}: {missing} is missing (columns found: {found}); accepted are {ACCEPTED}.")


def _some(name: str, found: tuple[MeasuredCurve, ...]) -> tuple[MeasuredCurve, ...]:
    kept = tuple(c for c in found if c.x.size)
    if not kept:
        raise InputError(f"{name}: no row holds numbers in the columns that are needed; accepted are {ACCEPTED}.")
    return kept


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a delimited text file."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise InputError(f'data: the file "{path}" cannot be read; give the path of a CSV file.') from None
    if b"\0" in raw:
        raise InputError(f'data: "{path.name}" is not a text file; give a CSV file with {ACCEPTED}.')
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) < 2:
        raise InputError(f'data: "{path.name}" has no header with rows under it; accepted are {ACCEPTED}.')
    mark = max("\t;,", key=lines[0].count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)]
    if mark != ",":
        rows[1:] = [[cell.replace(",", ".") for cell in row] for row in rows[1:]]
    return rows[0], rows[1:]


def _split(header: str) -> tuple[str, str]:
    """Split ``Voltage (V)``, ``voltage [V]``, ``Ecell/V`` or ``voltage_V`` into a plain name and a unit."""
    text = header.strip().replace("⁻", "-").replace("¹", "1").replace("·", " ").replace("−", "-")
    match = re.fullmatch(r"(.*?)\s*[\[(](.*?)[\])]\s*", text) or re.fullmatch(r"([^/]+?)\s*/\s*(\S.*)", text)
    name, unit = (match.group(1), match.group(2)) if match else (text, "")
    if not match and (tail := re.fullmatch(r"(.+)_(V|mV|s|min|h|mAh_g|mAhg|mAh_g-1|mAh|mAh_cm2)", text)):
        name, unit = tail.group(1), tail.group(2).replace("_", "/")
    name = re.sub(r"[\s_.\-]+", " ", name).strip().lower()
    return name, re.sub(r"[\s*^_]", "", unit).lower()


def _columns(file: str, header: list[str], rows: list[list[str]]) -> dict[str, Array]:
    """Return the columns whose names are known, in V, mAh/g, s and 1; empty cells are NaN."""
    found: dict[str, Array] = {}
    for place, title in enumerate(header):
        name, unit = _split(title)
        role = next((r for r, names in _NAMES.items() if name in names), None)
        if role is None or role in found:
            continue
        if unit not in _UNITS[role]:
            accepted = _ACCEPTED_UNIT.get(role, "mAh/g (per gram of active material)")
            raise InputError(f'{file}: the column "{title}" has the unit "{unit}"; accepted is {accepted}.')
        found[role] = (
            np.array([_number(file, title, k, row[place] if place < len(row) else "") for k, row in enumerate(rows, 1)])
            * _UNITS[role][unit]
        )
    return found


def _number(file: str, title: str, row: int, text: str) -> float:
    if text == "" or text.lower() in {"nan", "na", "-", "–"}:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        raise InputError(f'{file}: "{text}" in column "{title}", row {row}, is not a number such as 3.71.') from None
    return value if math.isfinite(value) else math.nan


def _voltage(columns: dict[str, Array]) -> tuple[MeasuredCurve, ...]:
    """Split a table into one curve for each cycle and for each restart of the capacity counter."""
    v = columns["voltage"]
    cycle = columns.get("cycle", np.ones(v.size))
    curves: list[MeasuredCurve] = []
    for role in ("capacity", "charge", "discharge"):
        if role not in columns:
            continue
        q = columns[role]
        good = np.flatnonzero(np.isfinite(q) & np.isfinite(v) & np.isfinite(cycle))
        if good.size == 0:
            continue
        q_, v_, n_ = q[good], v[good], cycle[good]
        # The counter starts again where it falls by a fifth of its range: the next half cycle.
        fall = np.diff(q_) < -0.2 * max(float(np.ptp(q_)), 1e-12)
        for part in np.split(np.arange(q_.size), np.flatnonzero(fall | (np.diff(n_) != 0)) + 1):
            label = f"cycle {n_[part[0]]:g}" if "cycle" in columns else ""
            label = " ".join(w for w in (label, role if role != "capacity" else "") if w) or "curve"
            curves.append(MeasuredCurve(label, q_[part], v_[part]))
    return _some("data", tuple(curves))


def _capacity(columns: dict[str, Array]) -> tuple[MeasuredCurve, ...]:
    cycle = columns["cycle"]
    curves = []
    for role in ("discharge", "charge", "capacity"):
        if role in columns:
            good = np.isfinite(cycle) & np.isfinite(columns[role])
            curves.append(MeasuredCurve(role, cycle[good], columns[role][good]))
    return tuple(curves)
