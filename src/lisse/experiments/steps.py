"""The steps of a protocol as it is written: what is controlled, and what ends it.

Leaves out: the cell. Limits such as ``upper`` get their number in ``resolve``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lisse.errors import InputError

Kind = Literal["charge", "discharge", "rest", "hold"]
Mode = Literal["c_rate", "current", "current_density", "power", "resistance", "hold", "rest"]
LimitKind = Literal["voltage", "c_rate", "current", "current_density", "variable"]

UNITS: dict[str, str] = {
    "c_rate": "",
    "current": "A",
    "current_density": "A/m^2",
    "power": "W",
    "resistance": "ohm",
    "hold": "V",
    "voltage": "V",
}
"""SI unit of the value of a step or of a limit."""
DRIVE_MODES = ("current", "current_density", "power", "c_rate")
WINDOW = ("upper", "lower")
"""Words for the cell's terminal voltage limits."""


@dataclass(frozen=True)
class Limit:
    """What ends a step.

    Attributes
    ----------
    kind
        Quantity that is watched.
    value
        Number in SI (V, A, A/m^2, 1/h for a C-rate, the variable's own unit), or ``"upper"`` or ``"lower"``.
    operator
        ``">"`` or ``"<"``; empty where the step's direction decides (voltage) or where the magnitude falls (currents).
    variable
        Name of the solution's variable, for ``kind == "variable"``.
    """

    kind: LimitKind
    value: float | str
    operator: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Drive:
    """A profile in time, positive on discharge.

    Attributes
    ----------
    mode
        What the profile prescribes.
    times_s
        Times, from 0 on, strictly increasing [s].
    values
        Values at those times [A, A/m^2, W or 1/h]; linear in between.
    """

    mode: Mode
    times_s: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def kind(self) -> Kind:
        """Charge or discharge, by the sign of the profile's integral; rest if that is zero."""
        spans = zip(self.times_s, self.times_s[1:], self.values, self.values[1:], strict=False)
        total = sum((t1 - t0) * (v0 + v1) / 2 for t0, t1, v0, v1 in spans)
        return "discharge" if total > 0 else "charge" if total < 0 else "rest"


@dataclass(frozen=True)
class Step:
    """One step of a protocol.

    Attributes
    ----------
    kind
        charge, discharge, rest or hold.
    mode
        What is controlled.
    value
        Magnitude in SI (A, A/m^2, W, ohm, V, 1/h for a C-rate), ``"upper"`` or ``"lower"`` for a hold, None for a rest
        or a drive.
    limits
        What ends the step, whichever comes first.
    duration_s
        Longest time [s], None if the user gives none.
    temperature_K
        Ambient temperature during the step [K], None for the cell's own.
    period_s
        Time between outputs [s], None to let lisse choose.
    drive
        Profile in time, in place of ``value``.
    """

    kind: Kind
    mode: Mode
    value: float | str | None = None
    limits: tuple[Limit, ...] = ()
    duration_s: float | None = None
    temperature_K: float | None = None
    period_s: float | None = None
    drive: Drive | None = None


@dataclass(frozen=True)
class Cycle:
    """Steps whose capacities are summed up together."""

    steps: tuple[Step, ...]


def check_step(step: Step, field: str) -> Step:
    """Return ``step`` if its parts agree with one another.

    Raises
    ------
    InputError
        If the step never ends, or if a limit cannot end it.
    """
    if step.kind == "rest" and step.drive is None and step.duration_s is None and not step.limits:
        raise InputError(f'{field}: a rest needs a duration such as "10 minutes" or a stop on a variable.')
    if step.kind == "hold" and step.duration_s is None and not step.limits:
        raise InputError(f'{field}: a hold needs a limit such as "until C/50" or a duration such as "for 10 hours".')
    if step.mode == "resistance" and step.kind != "discharge":
        raise InputError(f"{field}: a resistance only discharges a cell; charge at a rate, a current or a power.")
    for limit in step.limits:
        if limit.kind == "voltage" and step.mode == "hold":
            raise InputError(
                f"{field}: a voltage limit cannot end a hold, where the voltage is fixed; a rate, a current, a time "
                "or a variable of the solution can."
            )
        no_direction = step.mode == "rest" or step.drive is not None
        if limit.kind == "voltage" and no_direction and not limit.operator:
            raise InputError(f'{field}: here a voltage limit needs a direction, such as "> 4.3 V" or "< 2.5 V".')
        if limit.kind in ("c_rate", "current", "current_density") and step.mode not in ("hold", "power", "resistance"):
            raise InputError(
                f'{field}: a limit on the current ends only a hold, a power or a resistance step; add "with hold to '
                'C/50" after a charge to hold its last voltage.'
            )
    return step


def hold_after(step: Step, cutoff: Limit, field: str) -> Step:
    """Return the hold at the voltage at which ``step`` ends, until ``cutoff``.

    Raises
    ------
    InputError
        If ``step`` is neither a charge nor a discharge at constant current, or if ``cutoff`` is not a current.
    """
    if step.kind not in ("charge", "discharge") or step.mode not in ("c_rate", "current", "current_density"):
        raise InputError(f"{field}: only a charge or a discharge at a rate or a current can be followed by a hold.")
    if cutoff.kind not in ("c_rate", "current", "current_density") or cutoff.operator:
        raise InputError(
            f'{field}: a hold after a charge ends at a rate or a current such as "C/50" or "0.05 mA/cm^2".'
        )
    voltages = [limit.value for limit in step.limits if limit.kind == "voltage"]
    if len(voltages) > 1:
        raise InputError(f"{field}: a step with two voltage limits has no single voltage to hold.")
    voltage = voltages[0] if voltages else ("upper" if step.kind == "charge" else "lower")
    return Step("hold", "hold", voltage, (cutoff,), temperature_K=step.temperature_K, period_s=step.period_s)
