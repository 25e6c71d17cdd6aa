"""The best cell: what varies, what is maximised, what must hold, what came of it; nothing may fit, which is an answer.

Constraints are judged on draws of the claims where a probability is asked for. Leaves out: the numbers themselves
(``metrics``), how designs are chosen (``search``) and the final check with full physics (``proof``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.cell.messages import nearest
from lisse.cell.remarks import remarks
from lisse.errors import InputError, LisseError
from lisse.experiments import Protocol
from lisse.studies.cycle_metrics import cycle_metric
from lisse.studies.metrics import METRICS, Candidate, Metric, Settings
from lisse.studies.variables import Variable, changed_cell, written_protocol

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_CONSTRAINT = re.compile(r"^\s*([A-Za-z][\w.]*)\s*(<=|>=)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")
RATES = ("charge_rate", "discharge_rate")
"""Numbers of the protocol that the tests of the lithium interface plate and strip at too [C-rate]."""
BINDING = 0.03
"""Relative slack below which a constraint binds."""
SKIPPED = 1e3
"""Violation that a design counts with for a costly constraint that was not computed because a cheaper one is broken:
more than a computed one has, so that keeping the cheap ones always is a step ahead."""


@dataclass(frozen=True)
class Constraint:
    """A bound on a number of the design.

    Attributes
    ----------
    metric
        The number.
    sense
        ``<=`` or ``>=``.
    bound
        In the unit of the metric.
    """

    metric: Metric
    sense: str
    bound: float

    def __str__(self) -> str:
        return f"{self.metric.name} {self.sense} {self.bound:g}" + (f" {self.metric.unit}" if self.metric.unit else "")

    def judged(self, value: float | None) -> str:
        """Say what a design has, and by how much that is off where the bound is exceeded."""
        if value is None or not math.isfinite(value):
            return "not computed"
        excess = self.bound - value if self.sense == ">=" else value - self.bound
        if excess <= 0:
            return f"{value:.4g}"
        return f"{value:.4g}, " + (f"{excess / abs(self.bound):.1%} off" if self.bound else f"{excess:.4g} off")

    def violation(self, values: Sequence[float], probability: float | None) -> tuple[float, float]:
        """Return how far the bound is exceeded, relative to it (negative: slack), and the value judged.

        With a probability that is the value which so large a share of draws keeps; without, that of the cell itself.
        """
        value = float(values[0])
        if probability is not None and len(values) > 1:
            worst = -np.inf if self.sense == ">=" else np.inf
            ordered = np.sort(np.nan_to_num(np.asarray(values[1:], dtype=float), nan=worst))
            kept = math.ceil(probability * len(ordered))
            value = float(ordered[len(ordered) - kept] if self.sense == ">=" else ordered[kept - 1])
        if not math.isfinite(value):
            return math.inf, value
        excess = self.bound - value if self.sense == ">=" else value - self.bound
        return excess / (abs(self.bound) or 1.0), value


def read_constraint(text: str) -> Constraint:
    """Read ``"specific_energy >= 500 Wh/kg"``.

    Raises
    ------
    InputError
        If it is none, names an unknown number, or has another unit.

    Examples
    --------
    >>> str(read_constraint("short_probability<=0.1"))
    'short_probability <= 0.1'
    """
    found = _CONSTRAINT.match(text)
    if not found:
        raise InputError(f'--subject-to: "{text}" is not of the form "specific_energy >= 400 Wh/kg".')
    metric = read_metric(found[1], "--subject-to")
    unit = found[4].replace(" ", "")
    if unit and unit != metric.unit.replace(" ", ""):
        raise InputError(f'--subject-to: "{text}" is in {unit}, but {metric.name} is in {metric.unit or "no unit"}.')
    return Constraint(metric, found[2], float(found[3]))


def read_metric(name: str, field: str) -> Metric:
    """Return a number of designs by its name: one of its own, or that of a cycle, as ``last.mean_discharge_voltage_V``.

    Raises
    ------
    InputError
        If there is none.
    """
    metric = METRICS.get(name) or cycle_metric(name)
    if metric is None:
        close = nearest(name, list(METRICS))
        hint = f'the nearest known one is "{close}"' if close else f"known are {', '.join(METRICS)}"
        others = "" if close else ", and keys of the summary's cycles as in last.discharge_capacity_mAh_g"
        raise InputError(f'{field}: "{name}" is not a number of a design; {hint}{others}.')
    return metric


@dataclass(frozen=True)
class Problem:
    """What is sought.

    Attributes
    ----------
    cell
        The cell that the search starts from.
    protocol
        What is done with every design; names of variables may stand in it in braces.
    objectives
        Numbers, each with +1 to maximise or -1 to minimise it.
    variables
        What varies.
    constraints
        What must hold.
    probability
        Share of the draws that must keep every constraint; None judges the cell as it is.
    settings
        How designs are evaluated.
    """

    cell: Cell
    protocol: str
    objectives: tuple[tuple[Metric, int], ...]
    variables: tuple[Variable, ...]
    constraints: tuple[Constraint, ...] = ()
    probability: float | None = None
    settings: Settings = field(default_factory=Settings)

    def candidate(self, values: Mapping[str, Any]) -> Candidate:
        """Return the design with some values of the variables."""
        protocol = written_protocol(self.protocol, self.variables, values)
        rates = {v.path: float(values[v.path]) for v in self.variables if v.path in RATES}
        settings = replace(self.settings, **rates)  # type: ignore[arg-type]
        return Candidate(changed_cell(self.cell, self.variables, values), protocol, settings)

    @property
    def middle(self) -> dict[str, Any]:
        """Values in the middle of all ranges, and the first of all choices."""
        return {variable.path: variable.at(0.0 if variable.choices else 0.5) for variable in self.variables}

    def check(self) -> None:
        """Refuse, before anything is simulated, what no design can be: unknown fields, numbers that the cell lacks.

        Raises
        ------
        InputError
            If so.
        """
        if self.cell.symmetric:
            raise InputError(
                f"cell: {self.cell.name} is symmetric and delivers no energy; design a cell with a cathode."
            )
        made: list[Cell] = []
        Protocol.load(written_protocol(self.protocol, self.variables, self.middle))
        for variable in self.variables:
            ends = variable.choices or (variable.low, variable.high)
            if variable.in_protocol:
                for end in ends:
                    Protocol.load(written_protocol(self.protocol, self.variables, {**self.middle, variable.path: end}))
                continue
            if variable.path in RATES:
                raise InputError(
                    f'--vary {variable.path}: write "{{{variable.path}}}C" in --protocol where it belongs.'
                )
            found, reasons = self._made(variable, ends)
            made += found
            if not found:
                raise InputError(f"--vary {variable.path}: {reasons[0]}")
        metrics = [metric for metric, _ in self.objectives] + [row.metric for row in self.constraints]
        for metric in metrics:
            refusals = [metric.refusal(cell) for cell in made or [self.cell]]
            if all(refusals):
                raise InputError(f"{metric.name}: {refusals[0]}.")

    def _made(self, variable: Variable, ends: Sequence[Any]) -> tuple[list[Cell], list[str]]:
        """Return the cells at the ends of one variable, and why there is none at the others."""
        cells, reasons = [], []
        for end in ends:
            try:
                cells.append(changed_cell(self.cell, (variable,), {variable.path: end}))
            except InputError as error:
                reasons.append(str(error))
        return cells, reasons


@dataclass(frozen=True)
class Trial:
    """One design that was tried.

    Attributes
    ----------
    values
        Of the variables, by path.
    objectives
        In the order of the problem; not a number where the design could not be run, and for those that need a test of
        the lithium interface where a constraint is broken.
    violations
        Relative excess over each bound; negative is slack.
    constrained
        Number that each constraint was judged on; None where it was not computed, as a cheaper one is broken already.
    reason
        Why it could not be run; None if it was.
    """

    values: dict[str, Any]
    objectives: tuple[float, ...]
    violations: tuple[float, ...]
    constrained: tuple[float | None, ...]
    reason: str | None = None

    @property
    def feasible(self) -> bool:
        """Whether it runs and every constraint holds."""
        return self.reason is None and all(violation <= 0 for violation in self.violations)

    def breaks_only(self, place: int) -> bool:
        """Tell whether it breaks the constraint of a place and no other; those not computed are not known to break."""
        broken = [
            row
            for row, (violation, value) in enumerate(zip(self.violations, self.constrained, strict=True))
            if violation > 0 and value is not None
        ]
        return broken == [place]

    @property
    def total_violation(self) -> float:
        """Sum of the relative excesses; infinite where the design could not be run."""
        return math.inf if self.reason is not None else sum(max(violation, 0.0) for violation in self.violations)


def evaluate(problem: Problem, values: Mapping[str, Any]) -> Trial:
    """Simulate one design; a design that cannot be is a trial with its reason."""
    judged: dict[Constraint, tuple[float, float | None]] = {}
    metrics = [metric for metric, _ in problem.objectives]
    found: dict[str, float] = {}
    reason = None
    try:
        candidate = problem.candidate(values)
        # What a run gives comes first: a design that delivers nothing needs no test of its lithium.
        found = {metric.name: float(metric.read(candidate)[0]) for metric in metrics if metric.cost <= 1}
        if not all(map(math.isfinite, found.values())):
            raise LisseError(candidate.why_nothing())
        for constraint in sorted(problem.constraints, key=lambda constraint: constraint.metric.cost):
            # A test of the lithium interface takes seconds: it is not worth them where a cheaper bound is broken.
            if constraint.metric.cost > 1 and any(violation > 0 for violation, _ in judged.values()):
                judged[constraint] = SKIPPED, None
            else:
                judged[constraint] = constraint.violation(constraint.metric.read(candidate), problem.probability)
        if not any(violation > 0 for violation, _ in judged.values()):
            found |= {metric.name: float(metric.read(candidate)[0]) for metric in metrics if metric.cost > 1}
    except LisseError as error:
        reason = str(error)
    except Exception as error:
        # An error nobody foresaw must not end the search of the other designs.
        reason = f"{type(error).__name__}: {error}"[:500]
    objectives = tuple(found.get(metric.name, math.nan) for metric in metrics)
    if reason is not None:
        objectives = (math.nan,) * len(problem.objectives)
    rows = [judged.get(constraint, (math.inf, None)) for constraint in problem.constraints]
    return Trial(dict(values), objectives, tuple(row[0] for row in rows), tuple(row[1] for row in rows), reason)


def front_of(problem: Problem, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials that no other one beats in every objective, the best by the first one first.

    Of trials that are equal in all objectives, and of one objective, the first counts.
    """
    signs = np.array([sign for _, sign in problem.objectives])
    scores = [signs * np.array(trial.objectives) for trial in trials]
    kept: dict[tuple[float, ...], Trial] = {}
    for trial, score in zip(trials, scores, strict=True):
        if not any(np.all(other >= score) and np.any(other > score) for other in scores):
            kept.setdefault(trial.objectives, trial)
    return sorted(kept.values(), key=lambda trial: float(-signs[0] * trial.objectives[0]))


@dataclass(frozen=True)
class Design:
    """Outcome of a search.

    Attributes
    ----------
    problem
        What was sought.
    trials
        Every design that was tried.
    interrupted
        Whether Ctrl-C ended the search early.
    """

    problem: Problem
    trials: tuple[Trial, ...]
    interrupted: bool = False

    @property
    def front(self) -> list[Trial]:
        """Feasible designs that no other one beats in every objective; of one objective the best alone."""
        return front_of(self.problem, [trial for trial in self.trials if trial.feasible])

    @property
    def best(self) -> Trial | None:
        """Best feasible design by the first objective; None where nothing fits."""
        return self.front[0] if self.front else None

    @property
    def nearest(self) -> Trial | None:
        """Design that breaks the constraints the least; None where no design could be run."""
        ran = [trial for trial in self.trials if trial.reason is None]
        return min(ran, key=lambda trial: trial.total_violation, default=None)

    def binding(self, trial: Trial) -> list[Constraint]:
        """Return the constraints that keep a design from being better.

        Those that it breaks or keeps barely (within :data:`BINDING` of the bound or one step of the number), and those
        that alone rule out a design with a better first objective.
        """
        sign = self.problem.objectives[0][1]
        better = [t for t in self.trials if t.reason is None and sign * t.objectives[0] > sign * trial.objectives[0]]
        found = []
        for place, constraint in enumerate(self.problem.constraints):
            step = constraint.metric.resolution(self.problem.settings) / (abs(constraint.bound) or 1.0)
            barely = trial.violations[place] > -max(BINDING, step * (1 + 1e-9))
            if barely or any(other.breaks_only(place) for other in better):
                found.append(constraint)
        return found

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Why designs could not be run and how many, the most frequent first; numbers in a reason may differ."""
        reasons: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for trial in self.trials:
            if trial.reason is not None:
                kind = _NUMBER.sub("#", trial.reason)
                reasons.setdefault(kind, trial.reason)
                counts[kind] += 1
        return [{"reason": reasons[kind], "count": count} for kind, count in counts.most_common()]

    @property
    def shortfall(self) -> str:
        """One sentence on what nothing satisfies and by how much; empty where a design is feasible."""
        if self.best is not None or not self.trials:
            return ""
        close, count = self.nearest, len(self.trials)
        if close is None:
            return f"constraints: none of {count} designs could be run; the first says: {self.failures[0]['reason']}"
        alone = []
        for place, constraint in enumerate(self.problem.constraints):
            known = [t for t in self.trials if t.reason is None and t.constrained[place] is not None]
            least = min(known, key=lambda trial: trial.violations[place], default=None)
            if least is not None and least.violations[place] > 0:
                alone.append(f"{constraint} (at best {constraint.judged(least.constrained[place])})")
        if alone:
            return f"constraints: none of {count} designs keeps {', nor any '.join(alone)}."
        broken = [
            f"{constraint} ({constraint.judged(close.constrained[place])})"
            for place, constraint in enumerate(self.problem.constraints)
            if close.violations[place] > 0
        ]
        return f"constraints: none of {count} designs keeps all at once; the nearest breaks {', '.join(broken)}."

    def at_bounds(self, trial: Trial) -> list[tuple[Variable, str]]:
        """Return the variables that a design has at a bound of their range, and which."""
        found = [(variable, variable.bound(trial.values[variable.path])) for variable in self.problem.variables]
        return [(variable, bound) for variable, bound in found if bound is not None]

    def assumed_at_bounds(self, trial: Trial) -> list[str]:
        """Return fields and claims among those that nothing but an assumption gives."""
        cell = self.problem.cell
        assumed = set(cell.assumed)
        assumed |= {
            f"claims.{claim.role}.{claim.property}" for claim in cell.claims_used() if claim.method == "assumed"
        }
        return [variable.path for variable, _ in self.at_bounds(trial) if variable.path in assumed]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        best, close = self.best, self.nearest
        return {
            "cell": self.problem.cell.name,
            "protocol": self.problem.protocol,
            "objectives": [
                {"name": m.name, "unit": m.unit, "maximise": sign > 0} for m, sign in self.problem.objectives
            ],
            "constraints": [str(constraint) for constraint in self.problem.constraints],
            "probability": self.problem.probability,
            "trials": len(self.trials),
            "interrupted": self.interrupted,
            "failed": sum(trial.reason is not None for trial in self.trials),
            "failures": self.failures,
            "feasible": best is not None,
            "shortfall": self.shortfall or None,
            "best": None if best is None else self._row(best),
            "front": [self._row(trial) for trial in self.front],
            "nearest": None if best is not None or close is None else self._row(close),
            "notes": [] if best is None else remarks(self.problem.candidate(best.values).cell),
        }

    def _row(self, trial: Trial) -> dict[str, Any]:
        names = [metric.name for metric, _ in self.problem.objectives]
        return {
            "values": {v.path: v.written(trial.values[v.path]) for v in self.problem.variables},
            "objectives": dict(zip(names, trial.objectives, strict=True)),
            "constraints": [
                {
                    "constraint": str(constraint),
                    "value": value,
                    "relative_excess": None if value is None else violation,
                    "holds": None if value is None else violation <= 0,
                }
                for constraint, value, violation in zip(
                    self.problem.constraints, trial.constrained, trial.violations, strict=True
                )
            ],
            "binding": [str(constraint) for constraint in self.binding(trial)],
            "at_bounds": {variable.path: bound for variable, bound in self.at_bounds(trial)},
            "assumed_at_bounds": self.assumed_at_bounds(trial),
        }
