"""A protocol with the numbers of one cell: volts for the window, amperes for densities, times for every step.

Leaves out: PyBaMM's own objects (``pybamm_steps``), which are made only when an experiment is asked for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Protocol

from lisse.cell.fields import brief
from lisse.errors import InputError
from lisse.experiments.endings import StepEnd, match_cycles, step_ends
from lisse.experiments.resolved_steps import ResolvedCycle, ResolvedLimit, ResolvedStep
from lisse.experiments.steps import Cycle, Drive, Limit, Step

if TYPE_CHECKING:
    import pybamm

POINTS = 200
"""Outputs of a charge or a discharge that runs for its expected time [-]."""
REST_POINTS = 10
"""Outputs of a rest [-]."""
HOLD_PERIOD_S = 60.0
"""Time between outputs of a hold without a duration: its current falls within hours whatever its limit [s]."""
GENEROUS = 3.0
"""A step that only a limit ends may take this many times its expected time [-]."""
LONGEST_HOLD_S = 86400.0
"""Shortest cap on a hold without a duration [s]; a limit at a low C-rate raises it."""
LONGEST_WAIT_S = 240 * 3600.0
"""Cap on a rest or a hold that only a variable of the solution ends [s]."""
MARGIN_V = 1.0
"""PyBaMM stops a run this far outside of the model's voltage window [V]."""
OVERPOTENTIAL_V = 0.1
"""A limit may lie this far outside of the open-circuit curve: the overpotential keeps the oxide inside [V]."""


class CellFacts(Protocol):
    """What a protocol needs to know of a cell."""

    @property
    def lower_voltage_V(self) -> float:
        """Lower limit of the terminal voltage [V]."""

    @property
    def upper_voltage_V(self) -> float:
        """Upper limit of the terminal voltage [V]."""

    @property
    def area_m2(self) -> float:
        """Cell area [m2]."""

    @property
    def nominal_capacity_Ah(self) -> float:
        """Capacity that defines 1C [A.h]."""

    @property
    def lowest_equilibrium_V(self) -> float:
        """Terminal voltage at rest at the lower end of the open-circuit curve [V]."""

    @property
    def highest_equilibrium_V(self) -> float:
        """Terminal voltage at rest at the upper end of the open-circuit curve [V]."""


class ResolvedProtocol:
    """A protocol with the numbers of one cell.

    Attributes
    ----------
    name, text
        As in the protocol.
    cycles
        The cycles in order; repeats are the same object.
    """

    def __init__(self, name: str, text: str, cycles: Sequence[ResolvedCycle], facts: CellFacts) -> None:
        self.name = name
        self.text = text
        self.cycles = list(cycles)
        self._facts = facts

    def __repr__(self) -> str:
        return f"ResolvedProtocol({self.name!r}, {len(self.cycles)} cycles)"

    @property
    def step_kinds(self) -> list[list[str]]:
        """Kind of every step, cycle by cycle."""
        return [[step.kind for step in cycle.steps] for cycle in self.cycles]

    @cached_property
    def max_c_rate(self) -> float:
        """Highest C-rate that a step prescribes [1/h].

        A power counts at the lower voltage, a resistance at the upper one; a hold prescribes none.
        """
        distinct = {id(step): step for cycle in self.cycles for step in cycle.steps}
        return max((_c_rate(step, self._facts, fastest=True) for step in distinct.values()), default=0.0)

    def after(self, cycles: int, steps: int) -> ResolvedProtocol:
        """Return what is left when whole cycles and some steps of the next one are done."""
        left = self.cycles[cycles:]
        if steps and left:
            left = [replace(left[0], steps=left[0].steps[steps:]), *left[1:]]
        return ResolvedProtocol(self.name, self.text, left, self._facts)

    @property
    def alike_from(self) -> int:
        """First of the cycles at the end that are all alike, counted from 1."""
        last = self.cycles[-1]
        return 1 + max((k for k, cycle in enumerate(self.cycles, start=1) if cycle is not last), default=0)

    def shortened(self, cycles: int) -> ResolvedProtocol:
        """Return the first cycles alone."""
        return ResolvedProtocol(self.name, self.text, self.cycles[:cycles], self._facts)

    def experiment(self, period_s: float | None = None, *, adaptive: bool = False) -> pybamm.Experiment:
        """Return the protocol as PyBaMM runs it.

        Parameters
        ----------
        period_s
            Time between outputs of every step [s]; None keeps each step's own.
        adaptive
            Keep the solver's own steps, dense where something happens, wherever the user gave no period.

        Raises
        ------
        InputError
            If the period is not positive. A stop on a variable that the model does not have raises it when the
            simulation is built.
        """
        from lisse.experiments.pybamm_steps import make_experiment

        if period_s is not None and not (math.isfinite(period_s) and period_s > 0):
            raise InputError(f"period_s: {brief(period_s)} is not a positive number of seconds.")
        return make_experiment(self.cycles, period_s, adaptive)

    def run_cycles(self, solution: pybamm.Solution) -> list[Any]:
        """Return PyBaMM's solution of every cycle of a run of :meth:`experiment`, None for a cycle without one.

        A cycle has none if it was not reached, if ``save_at_cycles`` left it out, or if its only step was skipped:
        PyBaMM drops such a cycle from its list, so that ``solution.cycles`` and :attr:`cycles` may differ in length.
        """
        return match_cycles(self.cycles, solution.cycles, self._facts.nominal_capacity_Ah)

    def endings(self, solution: pybamm.Solution) -> list[StepEnd]:
        """Return how every step of a run of :meth:`experiment` ended; cycles that were not saved in full are left out.

        PyBaMM keeps no record of a cycle whose only step was skipped; such a cycle is told from one that was not
        reached by whether the run went on or came to its end without an unforeseen event.
        """
        return list(step_ends(self.cycles, self.run_cycles(solution), solution.cycles))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as text, numbers, lists and tables; equal cycles in a row are written once."""
        cycles = []
        for count, cycle in _runs(self.cycles):
            steps = [{"text": step.text, **step.table(), **_facts_of(step)} for step in cycle.steps]
            cycles.append({"repeat": count, "steps": steps})
        return {
            "name": self.name,
            "text": self.text,
            "lower_voltage_V": float(self._facts.lower_voltage_V),
            "upper_voltage_V": float(self._facts.upper_voltage_V),
            "nominal_capacity_Ah": float(self._facts.nominal_capacity_Ah),
            "area_m2": float(self._facts.area_m2),
            "max_c_rate": self.max_c_rate,
            "cycles": cycles,
        }

    def to_toml(self) -> str:
        """Return a protocol file that reads back as this protocol for the same cell; drive cycles are written out."""
        lines = [f"name = {_toml(self.name)}", f"description = {_toml('Resolved from: ' + self.text)}"]
        for count, cycle in _runs(self.cycles):
            lines += ["", "[[cycles]]", f"repeat = {count}", "steps = ["]
            lines += [f"  {_toml(step.table())},  # {_comment(step.text)}" for step in cycle.steps]
            lines.append("]")
        return "\n".join(lines) + "\n"


def resolve(name: str, text: str, cycles: Sequence[Cycle], facts: CellFacts) -> ResolvedProtocol:
    """Return the cycles with the numbers of a cell.

    Raises
    ------
    InputError
        If a voltage lies further outside of the window than a run can go or outside of the open-circuit curve, or the
        facts are no numbers of a cell.
    """
    _check_facts(facts)
    steps: dict[Step, ResolvedStep] = {}
    done: dict[int, ResolvedCycle] = {}
    for cycle in cycles:
        if id(cycle) not in done:
            for step in cycle.steps:
                if step not in steps:
                    steps[step] = _resolve_step(step, facts)
            done[id(cycle)] = ResolvedCycle(tuple(steps[step] for step in cycle.steps))
    return ResolvedProtocol(name, text, [done[id(cycle)] for cycle in cycles], facts)


def _symmetric(facts: CellFacts) -> bool:
    """Tell whether both electrodes are lithium (``facts.symmetric``, which other cells need not have)."""
    return bool(getattr(facts, "symmetric", False))


def _check_facts(facts: CellFacts) -> None:
    voltages = () if _symmetric(facts) else ("lower_voltage_V", "upper_voltage_V")
    for field in (*voltages, "area_m2", "nominal_capacity_Ah"):
        value = getattr(facts, field)
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"cell.{field}: {brief(value)} is not a positive number.")
    if not facts.lower_voltage_V < facts.upper_voltage_V:
        raise InputError(
            f"cell.lower_voltage_V: {facts.lower_voltage_V:g} V is not below the upper {facts.upper_voltage_V:g} V."
        )
    if not facts.lowest_equilibrium_V < facts.highest_equilibrium_V:
        raise InputError(
            f"cell.lowest_equilibrium_V: {brief(facts.lowest_equilibrium_V)} is not below the highest_equilibrium_V of "
            f"{brief(facts.highest_equilibrium_V)}."
        )


def _resolve_step(step: Step, facts: CellFacts) -> ResolvedStep:
    limits = tuple(_resolve_limit(limit, step, facts) for limit in step.limits)
    guarded = {limit.operator for limit in limits if limit.kind == "voltage"}
    limits += tuple(limit for limit in _window_limits(step, facts) if limit.operator not in guarded)
    limits = tuple(sorted(limits, key=lambda limit: limit.kind == "variable"))  # the order in which a file has them
    mode, value = step.mode, 0.0
    drive = step.drive
    if _symmetric(facts) and (step.mode in ("power", "resistance") or (drive is not None and drive.mode == "power")):
        raise InputError(
            f"protocol: a {step.mode if drive is None else drive.mode} sets no current in a symmetric cell, which "
            "rests at 0 V; a step in C, A or mA/cm^2 is accepted."
        )
    if drive is not None:
        value = math.nan
        if drive.mode == "current_density":
            drive = Drive("current", drive.times_s, tuple(v * facts.area_m2 for v in drive.values))
            mode = "current"
    elif step.mode == "hold":
        value = _volts(step.value, facts)
        for operator in "<>":  # a held cell comes to rest at this voltage
            _check_curve(value, operator, facts, 0.0)
    elif isinstance(step.value, float):
        value = step.value * (-1 if step.kind == "charge" else 1)
        if step.mode == "current_density":
            mode, value = "current", value * facts.area_m2
    capped = step.duration_s is None and not _symmetric(facts)
    bare = ResolvedStep(step.kind, mode, value, limits, 1.0, capped, 1.0, step.temperature_K, drive)
    duration, period = _times(bare, step, facts)
    return replace(bare, duration_s=duration, period_s=period, period_is_default=step.period_s is None)


def _volts(value: float | str | None, facts: CellFacts) -> float:
    """Return a voltage in volts, refusing what lies beyond PyBaMM's margin around the window."""
    words = {"upper": facts.upper_voltage_V, "lower": facts.lower_voltage_V}
    volts = float(words[value] if isinstance(value, str) else value or 0.0)
    if not facts.lower_voltage_V - MARGIN_V < volts < facts.upper_voltage_V + MARGIN_V:
        raise InputError(
            f"protocol: {volts:g} V lies more than {MARGIN_V:g} V outside of the cell's terminal window of "
            f"{facts.lower_voltage_V:g} V to {facts.upper_voltage_V:g} V; a voltage within it is accepted."
        )
    return volts


def _check_curve(volts: float, operator: str, facts: CellFacts, slack: float) -> None:
    """Refuse a voltage at which the oxide would be outside of its open-circuit curve; the window is always accepted."""
    if operator == ">":
        outside, end = volts > max(facts.highest_equilibrium_V + slack, facts.upper_voltage_V), "above"
        covered = f"up to {facts.highest_equilibrium_V:.3f} V"
    else:
        outside, end = volts < min(facts.lowest_equilibrium_V - slack, facts.lower_voltage_V), "below"
        covered = f"down to {facts.lowest_equilibrium_V:.3f} V"
    if outside:
        allowance = f", and for a limit {slack:g} V more" if slack else ""
        raise InputError(
            f"protocol: {volts:g} V lies {end} the range of the cell's open-circuit curve; a voltage {covered} at the "
            f"terminals{allowance} is accepted."
        )


def _resolve_limit(limit: Limit, step: Step, facts: CellFacts) -> ResolvedLimit:
    if limit.kind == "voltage":
        operator, volts = limit.operator or _direction(step), _volts(limit.value, facts)
        _check_curve(volts, operator, facts, OVERPOTENTIAL_V)
        return ResolvedLimit("voltage", operator, volts)
    number = float(limit.value)
    if limit.kind == "current_density":
        return ResolvedLimit("current", "<", number * facts.area_m2)
    return ResolvedLimit(limit.kind, limit.operator or "<", number, limit.variable)


def _direction(step: Step) -> str:
    return ">" if step.kind == "charge" else "<"


def _window_limits(step: Step, facts: CellFacts) -> tuple[ResolvedLimit, ...]:
    """Return the window as limits: a cycler never leaves it unless it is told to."""
    upper = ResolvedLimit("voltage", ">", float(facts.upper_voltage_V), from_window=True)
    lower = ResolvedLimit("voltage", "<", float(facts.lower_voltage_V), from_window=True)
    if step.drive is not None:
        return (lower, upper)
    return {"charge": (upper,), "discharge": (lower,)}.get(step.kind, ())


def _times(step: ResolvedStep, asked: Step, facts: CellFacts) -> tuple[float, float]:
    """Return longest time and time between outputs [s]."""
    given = asked.duration_s
    if step.drive is not None:
        times = step.drive.times_s
        duration = given or times[-1]
        period = max(min(b - a for a, b in pairwise(times)), duration / 20_000)
    elif step.kind == "rest":
        duration = given or LONGEST_WAIT_S
        period = duration / REST_POINTS if given else HOLD_PERIOD_S
    elif step.kind == "hold":
        rates = [_limit_c_rate(limit, facts) for limit in step.limits if limit.kind != "variable"]
        cap = max([LONGEST_HOLD_S, *(GENEROUS * 3600 / rate for rate in rates)]) if rates else LONGEST_WAIT_S
        duration = given or cap
        period = min(duration / POINTS, HOLD_PERIOD_S) if given and not step.limits else HOLD_PERIOD_S
        period = min(period, duration / REST_POINTS)
    else:
        expected = 3600 / _c_rate(step, facts, fastest=False)
        # A symmetric cell has no capacity that ends a step: each half passes the nominal one.
        duration = given or expected * (1.0 if _symmetric(facts) else GENEROUS)
        period = min(expected, duration) / POINTS
    return duration, asked.period_s or period


def _limit_c_rate(limit: ResolvedLimit, facts: CellFacts) -> float:
    return limit.value if limit.kind == "c_rate" else limit.value / facts.nominal_capacity_Ah


def _c_rate(step: ResolvedStep, facts: CellFacts, *, fastest: bool) -> float:
    """Return the C-rate of a step, at its fastest or at the middle of the window [1/h]."""
    low, high = facts.lower_voltage_V, facts.upper_voltage_V
    middle = (low + high) / 2
    if step.mode in ("hold", "rest"):
        return 0.0
    size = abs(step.value) if step.drive is None else max(abs(v) for v in step.drive.values)
    if step.mode == "c_rate":
        return size
    if step.mode == "power":
        amperes = size / (low if fastest else middle)
    elif step.mode == "resistance":
        amperes = (high if fastest else middle) / size
    else:
        amperes = size
    return amperes / facts.nominal_capacity_Ah


def _runs(cycles: Sequence[ResolvedCycle]) -> Iterator[tuple[int, ResolvedCycle]]:
    for _, group in groupby(cycles, key=id):
        members = list(group)
        yield len(members), members[0]


def _facts_of(step: ResolvedStep) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "longest_s": step.duration_s,
        "longest_is_cap": step.duration_is_cap,
        "limits": [limit.text for limit in step.limits],
    }


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _toml(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return repr(value)
