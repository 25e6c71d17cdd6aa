"""Search of the best cell: what to vary, what to maximise, what must hold; an answer may be that nothing fits.

Optuna proposes designs (a tree of Parzen estimators for one objective, NSGA-II for several) and every one is simulated;
constraints are judged on draws of the claims where a probability is asked for. Leaves out: the numbers themselves
(``metrics``) and the final check with full physics (``proof``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from lisse.cell.cell import Cell
from lisse.cell.messages import nearest
from lisse.errors import InputError, LisseError
from lisse.studies.metrics import METRICS, Candidate, Metric, Settings
from lisse.studies.variables import Variable, changed_cell, written_protocol

_CONSTRAINT = re.compile(r"^\s*([a-z_]+)\s*(<=|>=)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")
BINDING = 0.03
"""Relative slack below which a constraint binds."""
SKIPPED = 1.0
"""Violation that a design counts with for a costly constraint that was not computed because a cheaper one is broken."""
TRIALS_FILE = "trials.jsonl"


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
    if unit and unit != metric.unit:
        raise InputError(f'--subject-to: "{text}" is in {unit}, but {metric.name} is in {metric.unit or "no unit"}.')
    return Constraint(metric, found[2], float(found[3]))


def read_metric(name: str, field: str) -> Metric:
    """Return a number of designs by its name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in METRICS:
        close = nearest(name, list(METRICS))
        hint = f'; the nearest known one is "{close}"' if close else f"; known are {', '.join(METRICS)}"
        raise InputError(f'{field}: "{name}" is not a number of a design{hint}.')
    return METRICS[name]


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
        return Candidate(changed_cell(self.cell, self.variables, values), protocol, self.settings)


@dataclass(frozen=True)
class Trial:
    """One design that was tried.

    Attributes
    ----------
    values
        Of the variables, by path.
    objectives
        In the order of the problem; not a number where the design could not be run.
    violations
        Relative excess over each bound; negative is slack.
    constrained
        Number that each constraint was judged on; None where it was not computed.
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

    @property
    def total_violation(self) -> float:
        """Sum of the relative excesses; infinite where the design could not be run."""
        return math.inf if self.reason is not None else sum(max(violation, 0.0) for violation in self.violations)


def evaluate(problem: Problem, values: Mapping[str, Any]) -> Trial:
    """Simulate one design; a design that cannot be is a trial with its reason."""
    nothing = tuple(math.nan for _ in problem.objectives)
    try:
        candidate = problem.candidate(values)
        violations: dict[Constraint, float] = {}
        constrained: dict[Constraint, float | None] = {}
        for constraint in sorted(problem.constraints, key=lambda constraint: constraint.metric.cost):
            # A test of the lithium interface takes seconds: it is not worth them where a cheaper bound is broken.
            if constraint.metric.cost > 1 and any(violation > 0 for violation in violations.values()):
                violations[constraint], constrained[constraint] = SKIPPED, None
            else:
                judged = constraint.violation(constraint.metric.read(candidate), problem.probability)
                violations[constraint], constrained[constraint] = judged
        objectives = tuple(float(metric.read(candidate)[0]) for metric, _ in problem.objectives)
    except LisseError as error:
        return Trial(dict(values), nothing, tuple(math.inf for _ in problem.constraints), (), str(error))
    rows = [(violations[constraint], constrained[constraint]) for constraint in problem.constraints]
    reason = None if all(map(math.isfinite, objectives)) else "the run delivered nothing"
    return Trial(dict(values), objectives, tuple(row[0] for row in rows), tuple(row[1] for row in rows), reason)


@dataclass(frozen=True)
class Design:
    """Outcome of a search.

    Attributes
    ----------
    problem
        What was sought.
    trials
        Every design that was tried.
    """

    problem: Problem
    trials: tuple[Trial, ...]

    @property
    def front(self) -> list[Trial]:
        """Feasible designs that no other one beats in every objective; of one objective the best alone."""
        signs = np.array([sign for _, sign in self.problem.objectives])
        good = [trial for trial in self.trials if trial.feasible]
        scores = [signs * np.array(trial.objectives) for trial in good]
        kept = [
            trial
            for trial, score in zip(good, scores, strict=True)
            if not any(np.all(other >= score) and np.any(other > score) for other in scores)
        ]
        kept.sort(key=lambda trial: -signs[0] * trial.objectives[0])
        return kept[:1] if len(signs) == 1 else kept

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
        """Return the constraints that a design keeps barely, or breaks."""
        pairs = zip(self.problem.constraints, trial.violations, strict=True)
        return [constraint for constraint, violation in pairs if violation > -BINDING]

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
            "failed": sum(trial.reason is not None for trial in self.trials),
            "feasible": best is not None,
            "best": None if best is None else self._row(best),
            "front": [self._row(trial) for trial in self.front],
            "nearest": None if best is not None or close is None else self._row(close),
        }

    def _row(self, trial: Trial) -> dict[str, Any]:
        names = [metric.name for metric, _ in self.problem.objectives]
        return {
            "values": {v.path: v.written(trial.values[v.path]) for v in self.problem.variables},
            "objectives": dict(zip(names, trial.objectives, strict=True)),
            "constraints": [
                {"constraint": str(constraint), "value": value, "relative_excess": violation, "holds": violation <= 0}
                for constraint, value, violation in zip(
                    self.problem.constraints, trial.constrained, trial.violations, strict=True
                )
            ],
            "binding": [str(constraint) for constraint in self.binding(trial)],
            "at_bounds": {variable.path: bound for variable, bound in self.at_bounds(trial)},
            "assumed_at_bounds": self.assumed_at_bounds(trial),
        }


Progress = Callable[[int, int, Trial], None]
"""Called after each design with the number tried, the number to try, and the design."""


def search(
    problem: Problem,
    trials: int = 100,
    *,
    out: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Design:
    """Look for the best design.

    Parameters
    ----------
    problem
        What is sought.
    trials
        Designs to try, those of an earlier search among them.
    out
        Folder in which every design is noted as soon as it is done; none without it.
    resume
        Go on with the designs noted there.
    progress
        Called after each design.

    Raises
    ------
    InputError
        If Optuna is not installed, the folder holds a search already, or one of another problem is resumed.
    """
    from lisse.studies.proposer import Proposer

    proposer = Proposer(problem)
    note = _Notes(problem, out, resume)
    done = note.earlier
    for trial in done:
        proposer.learn(trial)
    while len(done) < trials:
        asked, values = proposer.propose()
        try:
            trial = evaluate(problem, values)
        except KeyboardInterrupt:
            break
        proposer.learn(trial, asked)
        note.add(trial)
        done.append(trial)
        if progress is not None:
            progress(len(done), trials, trial)
    return Design(problem, tuple(done))


class _Notes:
    """Designs on disk, a line each, written as soon as they are done."""

    def __init__(self, problem: Problem, out: Path | None, resume: bool) -> None:
        self._path = None if out is None else out / TRIALS_FILE
        self.earlier: list[Trial] = []
        if self._path is None:
            if resume:
                raise InputError("--resume: name the folder of the search with --out.")
            return
        head = _identity(problem)
        if self._path.exists():
            if not resume:
                raise InputError(f"--out: {out} holds a search already; go on with --resume or name another folder.")
            lines = self._path.read_text(encoding="utf-8").splitlines()
            if not lines or json.loads(lines[0]) != head:
                raise InputError(f"--resume: {out} holds the search of another problem; name another folder.")
            self.earlier = [found for line in lines[1:] if (found := _read_line(line)) is not None]
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write(head, "w")

    def add(self, trial: Trial) -> None:
        """Write one design."""
        if self._path is not None:
            self._write(trial.__dict__, "a")

    def _write(self, document: Mapping[str, Any], mode: str) -> None:
        assert self._path is not None
        try:
            with self._path.open(mode, encoding="utf-8") as file:
                file.write(json.dumps(document) + "\n")
        except OSError as error:
            raise InputError(
                f"--out: {self._path} cannot be written ({error.strerror}); what is done is kept."
            ) from None


def _read_line(line: str) -> Trial | None:
    """Return the design of a line; None for one that was cut off."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return None
    return Trial(
        row["values"], tuple(row["objectives"]), tuple(row["violations"]), tuple(row["constrained"]), row["reason"]
    )


def _identity(problem: Problem) -> dict[str, Any]:
    """Return what must be equal for a search to go on."""
    return {
        "cell": problem.cell.to_toml(),
        "protocol": problem.protocol,
        "objectives": [[metric.name, sign] for metric, sign in problem.objectives],
        "variables": [[v.path, str(v.low), str(v.high), v.unit, v.log, list(v.choices)] for v in problem.variables],
        "constraints": [str(constraint) for constraint in problem.constraints],
        "probability": problem.probability,
        "settings": {**replace(problem.settings, workers=None).__dict__},
    }
