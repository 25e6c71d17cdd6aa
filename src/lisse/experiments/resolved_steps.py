"""The steps of a protocol with the numbers of one cell, and how a protocol file writes them.

Leaves out: where the numbers come from (``resolve``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lisse.experiments.steps import Drive, Kind, Mode
from lisse.experiments.values import show_value

_SYMBOLS = {"current": "A", "power": "W", "resistance": "Ohm", "hold": "V"}


@dataclass(frozen=True)
class ResolvedLimit:
    """What ends a step, in numbers.

    Attributes
    ----------
    kind
        ``"voltage"`` [V], ``"current"`` [A], ``"c_rate"`` [1/h] or ``"variable"`` (its own unit).
    operator
        The step ends when the quantity is ``">"`` or ``"<"`` the value; currents and C-rates by magnitude.
    value
        The number.
    variable
        Name of the solution's variable.
    from_window
        True if the user gave no voltage limit and the cell's window was put in.
    """

    kind: str
    operator: str
    value: float
    variable: str = ""
    from_window: bool = False

    @property
    def text(self) -> str:
        """The limit as a protocol file writes it."""
        if self.kind == "variable":
            return f"{self.variable} {self.operator} {self.value!r}"
        if self.kind == "voltage":
            return f"{self.operator} {self.value!r} V"
        return show_value(self.kind, self.value)


@dataclass(frozen=True)
class ResolvedStep:
    """One step with the numbers of a cell.

    Attributes
    ----------
    kind
        charge, discharge, rest or hold.
    mode
        c_rate [1/h], current [A], power [W], resistance [ohm], hold [V] or rest.
    value
        What is controlled, positive on discharge; 0 for a rest; nan for a drive cycle.
    limits
        What ends the step.
    duration_s
        Longest time [s].
    duration_is_cap
        True if the user gave no duration, so that this one only keeps a step from running for ever.
    period_s
        Time between outputs [s].
    temperature_K
        Ambient temperature [K]; None for the cell's own.
    drive
        Profile in time, positive on discharge.
    period_is_default
        True if the user gave no period, so that a run may keep the solver's own steps instead.
    """

    kind: Kind
    mode: Mode
    value: float
    limits: tuple[ResolvedLimit, ...]
    duration_s: float
    duration_is_cap: bool
    period_s: float
    temperature_K: float | None = None
    drive: Drive | None = None
    period_is_default: bool = False

    @property
    def text(self) -> str:
        """The step in words, one line."""
        if self.drive is not None:
            words = f"Drive cycle ({self.drive.mode}, {len(self.drive.times_s)} rows)"
        elif self.kind == "rest":
            words = "Rest"
        else:
            words = f"{self.kind.capitalize()} at {_short(self.mode, abs(self.value))}"
        if not self.duration_is_cap:
            words += f" for {self.duration_s:g} s"
        if self.limits:
            words += (" until " if self.duration_is_cap else " or until ") + " or ".join(_words(x) for x in self.limits)
        return words if self.temperature_K is None else f"{words} at {self.temperature_K - 273.15:g} degC"

    def table(self) -> dict[str, Any]:
        """Return the step as a table of a protocol file, which reads back as this step for the same cell."""
        out: dict[str, Any] = {}
        if self.drive is not None:
            rows = [[t, v] for t, v in zip(self.drive.times_s, self.drive.values, strict=True)]
            out["drive"] = {"mode": self.drive.mode, "data": rows}
        else:
            out["mode"] = self.mode
            if self.mode != "rest":
                out["value"] = show_value(self.mode, abs(self.value))
            if self.kind in ("charge", "discharge"):
                out["kind"] = self.kind
        until = [limit.text for limit in self.limits if limit.kind != "variable"]
        stops: list[dict[str, Any]] = [
            {"variable": limit.variable, "above" if limit.operator == ">" else "below": limit.value}
            for limit in self.limits
            if limit.kind == "variable"
        ]
        if until:
            out["until"] = until
        if stops:
            out["stop"] = stops
        if not self.duration_is_cap:
            out["duration"] = f"{self.duration_s!r} s"
        if not self.period_is_default:
            out["period"] = f"{self.period_s!r} s"
        if self.temperature_K is not None:
            out["temperature"] = f"{self.temperature_K!r} K"
        return out


@dataclass(frozen=True)
class ResolvedCycle:
    """Steps whose capacities are summed up together."""

    steps: tuple[ResolvedStep, ...]


def _short(mode: str, value: float) -> str:
    if mode == "c_rate":
        over = 1 / value
        return f"C/{over:g}" if value < 1 and abs(over - round(over)) < 1e-9 * over else f"{value:g}C"
    return f"{value:.6g} {_SYMBOLS[mode]}"


def _words(limit: ResolvedLimit) -> str:
    if limit.kind == "variable":
        return f"{limit.variable} {limit.operator} {limit.value:g}"
    return _short({"voltage": "hold"}.get(limit.kind, limit.kind), limit.value)
