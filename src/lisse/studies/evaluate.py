"""What is computed of a point of a study: evaluators by name, each giving a row of plain values.

``run`` is a whole run with its books, ``solve`` the same solution from one build in each worker, ``energy`` adds mass
and energy, ``cell`` needs no run, ``metrics`` gives those design numbers that the study lists. Leaves out: how rows
are stored (``store``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lisse.cell.cell import Cell
from lisse.cell.messages import nearest
from lisse.errors import InputError, LisseError
from lisse.studies.study_file import OF_DESIGN

if TYPE_CHECKING:
    from lisse.studies.study_file import StudyFile

Row = dict[str, float | int | str | None]
Evaluator = Callable[[Cell, str], Mapping[str, Any]]
"""Gives a document of nested tables and numbers for a cell and a protocol."""

EVALUATORS: dict[str, Evaluator] = {}
"""Evaluators by name; :func:`evaluator_named` adds one."""


def evaluator_named(name: str) -> Callable[[Evaluator], Evaluator]:
    """Register a function as an evaluator."""

    def register(function: Evaluator) -> Evaluator:
        EVALUATORS[name] = function
        return function

    return register


def evaluator(name: str) -> Evaluator:
    """Return an evaluator by its name, or the function that ``"package.module:function"`` names.

    Raises
    ------
    InputError
        If there is none.
    """
    module, colon, function = name.partition(":")
    if colon and name not in EVALUATORS:
        try:
            own: Evaluator = getattr(import_module(module), function)
        except (ImportError, AttributeError, ValueError) as error:
            raise InputError(f'evaluator: "{name}" cannot be imported ({error}).') from None
        return own
    if name not in EVALUATORS:
        known = [*EVALUATORS, OF_DESIGN]
        close = nearest(name, known)
        hint = f'the nearest known one is "{close}"' if close else f"known are {', '.join(known)}"
        raise InputError(f'evaluator: "{name}" is not known; {hint}.')
    return EVALUATORS[name]


@evaluator_named("cell")
def of_cell(cell: Cell, protocol: str) -> Mapping[str, Any]:
    """Return what follows from the cell file: derived quantities in SI."""
    derived = cell.derived
    return {name: value for name, value in vars(derived).items() if isinstance(value, float | int | str)}


@evaluator_named("run")
def of_run(cell: Cell, protocol: str) -> Mapping[str, Any]:
    """Return the numbers of a whole run, its books among them."""
    from lisse.simulate import run

    summary = run(cell, protocol).summary
    if summary["reason"] == "interrupted":
        raise KeyboardInterrupt  # a run that Ctrl-C ended early is no finished point
    return {
        **_of_cycles(summary),
        "audit": summary["audit"],
        "run_status": summary["status"],
        "run_reason": summary["reason"],
    }


@evaluator_named("solve")
def of_solve(cell: Cell, protocol: str) -> Mapping[str, Any]:
    """Return the numbers of a run without books, from one build for all cells that differ by numbers of the model."""
    summary = _solved(cell, protocol).summary()
    return {**_of_cycles(summary), "run_status": summary["status"], "run_reason": summary["reason"]}


@evaluator_named("energy")
def of_energy(cell: Cell, protocol: str) -> Mapping[str, Any]:
    """Return what ``solve`` gives, and mass and energy of the cell in its format at the last discharge."""
    from lisse.energy import energy_of

    found = dict(of_solve(cell, protocol))
    last = found.get("last", {})
    capacity, voltage = last.get("discharge_capacity_mAh_cm2"), last.get("mean_discharge_voltage_V")
    if capacity and voltage:
        found["energy"] = {
            name: {"Wh_kg": level.specific_energy, "Wh_L": level.energy_density, "mass_mg_cm2": 100 * level.mass}
            for name, level in energy_of(cell, capacity, voltage).levels.items()
        }
    return found


def of_metrics(study: StudyFile, values: Mapping[str, Any]) -> Evaluator:
    """Return what gives the design numbers that a study lists, at a point with these values.

    With ``settings.draws`` every number also has its median and its 5 and 95 % over draws of the claims.
    """
    from lisse.studies.design import RATES, read_metric
    from lisse.studies.metrics import Candidate
    from lisse.studies.uncertainty import band_of

    metrics = [read_metric(name, "metrics") for name in study.metrics]
    rates = {name: float(values[name]) for name in RATES if name in values and "{" + name + "}" in study.protocol}
    settings = replace(study.evaluation, **rates)  # type: ignore[arg-type]

    def numbers(cell: Cell, protocol: str) -> Mapping[str, Any]:
        refusal = next((text for metric in metrics if (text := metric.refusal(cell))), None)
        if refusal is not None:
            raise LisseError(refusal)
        candidate, found = Candidate(cell, protocol, settings), dict[str, Any]()
        for metric in metrics:
            first, *draws = metric.read(candidate)
            name = metric.name.replace(".", "_")
            found[name] = first
            if draws:
                found |= {f"{name}_{key}": value for key, value in band_of(draws).items()}
        if any(metric.cost == 1 for metric in metrics):
            run = candidate.runs[0]
            found |= {"run_status": run["status"], "run_reason": run["reason"]}
        return found

    return numbers


def _of_cycles(summary: Mapping[str, Any]) -> dict[str, Any]:
    cycles = summary["cycles"]
    return {
        "cycles_done": len(cycles),
        "first": cycles[0] if cycles else {},
        "last": cycles[-1] if cycles else {},
        "losses_V": summary["losses_V"],
    }


def _solved(cell: Cell, protocol: str) -> Any:
    """Solve a cell with a build that an earlier one of the same kind has left in this process."""
    from lisse.cell.parameter_sets import options_for, parameter_values
    from lisse.studies.prepared import FIXED, OtherBuildError, Prepared

    options = options_for(cell)
    values = parameter_values(cell, options)
    held = tuple(sorted((name, float(values[name])) for name in FIXED & values.keys()))
    try:
        return _build(_Key(cell, protocol, (options.model_dump_json(), protocol, held))).solve(cell)
    except OtherBuildError:
        return Prepared(cell, protocol, [cell]).solve(cell)


class _Key:
    """A first cell and its protocol; equal for all cells that its build serves."""

    def __init__(self, cell: Cell, protocol: str, identity: tuple[Any, ...]) -> None:
        self.cell, self.protocol, self.identity = cell, protocol, identity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)


@lru_cache(maxsize=8)
def _build(key: _Key) -> Any:
    from lisse.studies.prepared import Prepared

    return Prepared(key.cell, key.protocol)


def flat(document: Mapping[str, Any], prefix: str = "") -> Row:
    """Return nested tables as one, names joined by underscores; lists are left out, what is not finite is None.

    Examples
    --------
    >>> flat({"first": {"capacity": 1.0, "pressure": {"max": 5}}, "rows": [1]})
    {'first_capacity': 1.0, 'first_pressure_max': 5}
    """
    found: Row = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}_")
        elif isinstance(value, float):
            found[f"{prefix}{name}"] = float(value) if math.isfinite(value) else None
        elif value is None or isinstance(value, int | str):
            found[f"{prefix}{name}"] = value
    return found


def evaluate(name: str | Callable[[], Evaluator], make: Callable[[], tuple[Cell, str]]) -> Row:
    """Return the row of a point; one that cannot be computed has the status ``failed`` and its reason.

    Parameters
    ----------
    name
        Of the evaluator, or what gives it.
    make
        Gives cell and protocol.
    """
    try:
        cell, protocol = make()
        chosen = evaluator(name) if isinstance(name, str) else name()
        found = flat(chosen(cell, protocol))
    except LisseError as error:
        return {"status": "failed", "reason": str(error)}
    except Exception as error:
        # A point that fails is a row with its reason: an error nobody foresaw must not end the study of the others.
        return {"status": "failed", "reason": f"{type(error).__name__}: {error}"[:500]}
    failed = found.get("run_status") == "failed"
    return {
        "status": "failed" if failed else "done",
        "reason": str(found.get("run_reason") or "") if failed else "",
        **found,
    }
