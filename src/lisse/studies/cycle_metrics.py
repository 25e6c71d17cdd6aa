"""Any number of a cycle of the summary as an objective or a constraint: ``last.cathode_resistance_ohm_cm2``.

Leaves out: the numbers that have a name of their own (``metrics``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lisse.cell.messages import nearest
from lisse.errors import InputError
from lisse.studies.metrics import Candidate, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

CYCLES = {"first": 0, "last": -1}
"""Cycles whose numbers can be asked for, and their places among those of a run."""
_NAME = re.compile(rf"({'|'.join(CYCLES)})\.([A-Za-z]\w*(?:\.\w+)*)")
_UNITS = (
    ("_mAh_g", "mAh/g"),
    ("_mAh_cm2", "mAh/cm^2"),
    ("_mWh_cm2", "mWh/cm^2"),
    ("_ohm_cm2", "ohm cm^2"),
    ("_MPa", "MPa"),
    ("_um", "um"),
    ("_nm", "nm"),
    ("_V", "V"),
)
"""Units by the end of a key of the summary."""


def cycle_metric(name: str) -> Metric | None:
    """Return the number of a cycle that a name such as ``"last.stack_pressure_MPa.max"`` means; None for other names.

    Whether a run has it is known once there is a run: one without it cannot be judged, and says what there is.

    Examples
    --------
    >>> cycle_metric("last.discharge_capacity_mAh_g").unit
    'mAh/g'
    >>> cycle_metric("specific_energy") is None
    True
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    cycle, key = found[1], found[2]
    steps = key.split(".")

    def read(candidate: Candidate) -> list[float]:
        return candidate.of_runs(lambda run: _number(run, cycle, steps))

    unit = next((unit for step in steps for end, unit in _UNITS if step.endswith(end)), "")
    return Metric(name, unit, f"{key} of the {cycle} cycle of the summary", read, 1)


def _number(run: dict[str, Any], cycle: str, steps: list[str]) -> float:
    rows = run["cycles"]
    if not rows:
        return float("nan")
    value: Any = rows[CYCLES[cycle]]
    for place, step in enumerate(steps):
        if step not in value:
            raise InputError(_unknown(cycle, steps[:place], step, value))
        value = value[step]
        if value is None:
            return float("nan")
        if place + 1 < len(steps) and not isinstance(value, dict):
            raise InputError(f'"{cycle}.{".".join(steps[: place + 1])}" is one number and has no "{steps[place + 1]}".')
    if isinstance(value, dict):
        inside = " or ".join(f'"{cycle}.{".".join([*steps, key])}"' for key in value)
        raise InputError(f'"{cycle}.{".".join(steps)}" is several numbers; write {inside}.')
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f'"{cycle}.{".".join(steps)}" is no number but {value!r}.')
    return float(value)


def _unknown(cycle: str, above: list[str], step: str, there: Mapping[str, Any]) -> str:
    close = nearest(step, list(there))
    hint = f'the nearest known one is "{close}"' if close else f"known are {', '.join(there)}"
    return f'"{".".join([cycle, *above, step])}" is not in the summary of this run; {hint}.'
