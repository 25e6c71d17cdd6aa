"""Run a protocol on a cell: the main job. Everything here is made of the model, the protocol and the cell file.

Leaves out: the command line (``lisse.cli``) and how a report looks (``lisse.report``).
"""

from __future__ import annotations

import json
import math
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.cell.cell import Cell
from lisse.cell.claims import ResolvedClaim
from lisse.citations import Bibliography
from lisse.errors import InputError, LisseError
from lisse.experiments import Protocol
from lisse.materials import PROPERTIES, Curve
from lisse.resume import NOTE_FILE, STATE_FILE, Earlier, store_state

if TYPE_CHECKING:
    import pandas as pd
    import pybamm
    from matplotlib.figure import Figure

    from lisse.cell.audit import Audit
    from lisse.cell.options import Options
    from lisse.cell.solving import Outcome, Progress
    from lisse.experiments import ResolvedProtocol, StepEnd
    from lisse.report import MeasuredData
    from lisse.studies.uncertainty import Uncertainty

VERSIONS = ("lisse", "pybamm", "numpy", "scipy", "pydantic", "pint", "pandas", "pyarrow")
"""Packages whose versions a run directory records."""


RUN_FILES = frozenset(
    {
        "cell.toml",
        "protocol.toml",
        "summary.json",
        "timeseries.parquet",
        "references.bib",
        "report.html",
        STATE_FILE,
        NOTE_FILE,
    }
)
"""All that a run directory holds; a directory with anything else in it is not replaced."""
TIGHTER = 20.0
"""Factor on the tolerance for drive cycles, and where the books do not close at the usual one."""


@dataclass(frozen=True)
class CellFacts:
    """What a protocol needs to know of a cell."""

    lower_voltage_V: float
    upper_voltage_V: float
    area_m2: float
    nominal_capacity_Ah: float
    lowest_equilibrium_V: float
    highest_equilibrium_V: float
    symmetric: bool = False

    @classmethod
    def of(cls, cell: Cell) -> CellFacts:
        """Draw the facts from the derived quantities."""
        derived = cell.derived
        return cls(
            lower_voltage_V=derived.lower_voltage,
            upper_voltage_V=derived.upper_voltage,
            area_m2=derived.cell_area,
            nominal_capacity_Ah=derived.nominal_current,
            lowest_equilibrium_V=derived.lower_voltage if cell.symmetric else derived.lowest_equilibrium_voltage,
            highest_equilibrium_V=derived.upper_voltage if cell.symmetric else derived.highest_equilibrium_voltage,
            symmetric=cell.symmetric,
        )


@dataclass
class Run:
    """A finished run (completed, stopped or failed) and everything it says.

    Attributes
    ----------
    cell, protocol
        As resolved.
    outcome
        Solution, status, reason and times.
    values
        Parameters of the model.
    books
        Relative errors of the audit.
    options
        Options of the build that was solved: with double layers where the algebraic form found no start.
    warnings
        What a reader must know.
    earlier
        The part of the run that was finished before it was interrupted and resumed; None for a run in one go.
    timing_s
        Wall time of what this process did: ``build``, ``solve`` (with attempts that were given up) and ``audit`` [s].
    parameters
        Values of parameters that mechanisms of other packages bring.
    spread
        Error bars of its numbers from draws of the cell; None where none were asked for.
    """

    cell: Cell
    protocol: ResolvedProtocol
    outcome: Outcome
    values: dict[str, Any]
    books: Audit
    options: Options
    warnings: list[str] = field(default_factory=list)
    earlier: Earlier | None = None
    timing_s: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    spread: Uncertainty | None = None

    def with_spread(self, spread: Uncertainty | None) -> Run:
        """Return the run with error bars."""
        return replace(self, spread=spread)

    @property
    def solution(self) -> pybamm.Solution | None:
        """PyBaMM's solution; None if not even the first step ran."""
        return self.outcome.solution

    @property
    def active_mass(self) -> float:
        """Active material in the cell [kg]."""
        return self.cell.derived.active_loading * self.cell.derived.cell_area

    @cached_property
    def timeseries(self) -> pd.DataFrame:
        """One row per output time; columns as in ``timeseries.parquet``."""
        from lisse.cell.results import time_series

        nominal = self.cell.derived.nominal_current
        solved = self.part.run_cycles(self.solution) if self.solution is not None else None
        jumper = self.outcome.jumper
        if solved is not None and jumper is not None:
            solved = jumper.spread(solved)
        frame = time_series(self.solution, nominal, self.active_mass, solved)
        if jumper is not None:
            frame["time_s"] += jumper.time_before(frame["cycle"].to_numpy())
        return frame if self.earlier is None else self.earlier.joined_with(frame, self.active_mass)

    @property
    def part(self) -> ResolvedProtocol:
        """The part of the protocol that the solution covers: all of it unless it was resumed, or jumped over cycles."""
        part = self.protocol if self.earlier is None else self.earlier.rest_of(self.protocol)
        jumper = self.outcome.jumper
        return part if jumper is None else part.shortened(len(jumper.numbers))

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The summary that ``lisse run --json`` prints (keys are documented in docs/command-line.md)."""
        from lisse.cell.results import cycles, mean_losses
        from lisse.cell.solving import STUCK
        from lisse.cell.thermodynamic_facts import thermodynamics

        status, reason = self.outcome.status, self.outcome.reason
        if failures := self.books.failures():
            status, reason = "failed", f"audit: {', '.join(failures)}"
        elif status == "completed" and self._never_worked():
            status, reason = "stopped", STUCK
        return {
            "cell": self.cell.name,
            "protocol": self.protocol.name,
            "status": status,
            "reason": reason,
            "conditions": self._conditions(),
            "time_to_short_h": float(self.timeseries["time_s"].iloc[-1]) / 3600 if reason == "short" else None,
            "cycles": cycles(self.timeseries, self.active_mass, self.cell.derived.cell_area),
            "losses_V": mean_losses(self.timeseries),
            "audit": self.books.as_dict(),
            "cycle_jumping": None if self.outcome.jumper is None else self.outcome.jumper.report(),
            "timing_s": self._timing(),
            "claims": [claim_row(claim) for claim in self.cell.claims_used()],
            "thermodynamics": thermodynamics(self.cell),
            "warnings": self._all_warnings(),
            "versions": versions(),
            **({} if self.spread is None else {"uncertainty": self.spread.as_dict()}),
        }

    def _timing(self) -> dict[str, float]:
        """Wall times [s]; of a resumed run, those of both parts together."""
        before = self.earlier.timing_s if self.earlier is not None else {}
        return {name: round(seconds + before.get(name, 0.0), 3) for name, seconds in self.timing_s.items()}

    def _all_warnings(self) -> list[str]:
        """Warnings of the cell and of every part of the run, each once."""
        before = self.earlier.warnings if self.earlier is not None else ()
        return list(dict.fromkeys([*before, *self.warnings, *self._remarks()]))

    @cached_property
    def _endings(self) -> list[StepEnd]:
        return self.part.endings(self.solution) if self.solution is not None else []

    def _never_worked(self) -> bool:
        """Whether every charge, discharge and hold was over before it began."""
        working = [end for end in self._endings if end.kind != "rest"]
        skipped = bool(working) and all(end.reason == "skipped" for end in working)
        return skipped and not (self.timeseries["kind"] != "rest").any()

    def _remarks(self) -> list[str]:
        """Steps that did not do what they were asked to."""
        remarks = []
        for reason, text in (
            ("skipped", "was over before it began (its limit was exceeded at once)"),
            ("duration cap", "was ended by lisse's longest duration, not by its limit"),
        ):
            found = [end for end in self._endings if end.reason == reason]
            if found:
                first = found[0]
                others = len(found) - 1
                more = f", and {others} later step{'s' if others > 1 else ''} likewise" if others else ""
                number = first.cycle + 1 + (self.earlier.cycles if self.earlier is not None else 0)
                remarks.append(f"The {first.kind} of cycle {number} {text}{more}.")
        return remarks

    def _conditions(self) -> dict[str, Any]:
        derived, operation = self.cell.derived, self.cell.spec.operation
        return {
            "temperature_degC": operation.temperature - 273.15,
            "stack_pressure_MPa": derived.stack_pressure / 1e6,
            "symmetric": self.cell.symmetric,
            "mechanisms": [
                *self.options.lithium_mechanisms,
                *["bending"] * self.options.bending,
                *self.options.cathode_mechanisms,
            ],
            "nominal_capacity_mAh_cm2": derived.nominal_capacity / 36000,
            "one_C_mA_g": None if self.cell.symmetric else derived.nominal_capacity / 3600 / derived.active_loading,
            "nominal_capacity_origin": derived.nominal_capacity_source,
            "voltage_window_V": [derived.lower_voltage, derived.upper_voltage],
            "assumed_fields": len(self.cell.assumed),
        }

    def plot(self) -> Figure:
        """Return the paper figure of the run (Matplotlib)."""
        from lisse.report.figures import plot_run

        return plot_run(self)

    def report(self, path: str | Path, data: MeasuredData | None = None) -> Path:
        """Write the self-contained HTML report and return its path."""
        from lisse.report import write_report

        target = Path(path)
        write_report(self, target, data)
        return target

    def bibtex(self) -> str:
        """References of the claims that this run used, as BibTeX."""
        book = Bibliography()
        for claim in self.cell.claims_used():
            book.add(claim.source, claim.method)
        return book.to_bibtex()

    def save(self, directory: str | Path, *, report: bool = True, data: MeasuredData | None = None) -> Path:
        """Write the run directory: cell, protocol, summary, time series, references, report.

        The directory appears whole or not at all; an existing run directory is replaced, anything else is refused.

        Raises
        ------
        InputError
            If the directory exists and is not a run directory.
        """
        target = Path(directory)
        check_target(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            (scratch / "cell.toml").write_text(self.cell.to_toml(resolved=True), encoding="utf-8")
            (scratch / "protocol.toml").write_text(self.protocol.to_toml(), encoding="utf-8")
            (scratch / "summary.json").write_text(
                json.dumps(finite(self.summary), indent=2, allow_nan=False) + "\n", encoding="utf-8"
            )
            (scratch / "references.bib").write_text(self.bibtex(), encoding="utf-8")
            self.timeseries.to_parquet(scratch / "timeseries.parquet", index=False)
            if self.outcome.reason == "interrupted":
                store_state(self, scratch)
            if report:
                self.report(scratch / "report.html", data)
            scratch.chmod(0o755)
            old = scratch.with_name(scratch.name + "-old")
            if target.exists():
                target.rename(old)
            scratch.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return target


def safe_name(name: str) -> str:
    """Return a cell's name as the name of one directory: nothing in it leads elsewhere."""
    return re.sub(r"[^\w.-]+", "-", name).strip(".-") or "cell"


def check_target(target: Path) -> None:
    """Refuse a directory that holds anything but the files of an earlier run."""
    accepted = "give a directory that is new, empty or an earlier run's"
    if target.exists() and not target.is_dir():
        raise InputError(f"--out: {target} is a file; {accepted}.")
    if not target.exists():
        return
    found = {path.name for path in target.iterdir()}
    foreign = sorted(found - RUN_FILES)
    if foreign or (found and not {"summary.json", "cell.toml", "protocol.toml"} <= found):
        raise InputError(f"--out: {target} holds other files ({', '.join(foreign or sorted(found))[:80]}); {accepted}.")


def run(
    cell: Cell | str | Path,
    protocol: str | Path | Protocol = "reference",
    *,
    pressure: str | None = None,
    temperature: str | None = None,
    changes: Mapping[str, Any] | None = None,
    mechanisms: Sequence[str] | None = None,
    options: Options | dict[str, Any] | None = None,
    parameters: Mapping[str, float] | None = None,
    jump: float | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a protocol on a cell.

    Parameters
    ----------
    cell
        A :class:`Cell`, the name of a library cell, or the path of a cell file.
    protocol
        A protocol string ("formation + 20 cycles at C/3"), name, file or :class:`Protocol`.
    pressure, temperature
        Replace the cell file's, for example "5 MPa" and "60 degC".
    changes
        Further fields of the cell file to replace, by dotted path.
    mechanisms
        Mechanisms to switch on, in place of those of the cell file: ``voids``, ``interphase``, ``filaments``,
        ``bending``.
    options
        Options of the build (see :class:`lisse.cell.options.Options`).
    parameters
        Values of parameters that mechanisms of other packages bring, by their full name.
    jump
        Simulate only some of the equal cycles at the end of the protocol, and carry all states over the others; the
        number is the largest relative error of a state per jump, such as 0.005. None simulates every cycle.
    progress
        Called at the start of each step.

    Returns
    -------
    Run
        Also for a cell that stops early or cannot run: with what it has, and the reason.

    Raises
    ------
    InputError
        If cell, protocol or a change cannot be accepted.

    Examples
    --------
    >>> result = run("reference", "1 cycle at C/10")
    >>> result.summary["status"]
    'completed'
    """
    from lisse.cell.parameter_sets import options_for

    if mechanisms is not None:
        changes = {**(changes or {}), "mechanisms": list(mechanisms)}
    described = changed(cell if isinstance(cell, Cell) else Cell.load(cell), pressure, temperature, changes)
    plan = (protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)).resolve(CellFacts.of(described))
    build = options_for(described, options)
    if not build.audit:
        raise InputError("option 'audit': False is for timing the model alone; every run keeps its books.")
    return carry_out(described, plan, build, progress, parameters=parameters, jump=jump)


def carry_out(
    cell: Cell,
    plan: ResolvedProtocol,
    options: Options,
    progress: Progress | None = None,
    earlier: Earlier | None = None,
    parameters: Mapping[str, float] | None = None,
    jump: float | None = None,
) -> Run:
    """Build the model, solve what is to be done of the protocol, and audit it.

    Parameters
    ----------
    cell, plan, options
        As resolved.
    progress
        Called at the start of each step.
    earlier
        What an interrupted run has done already.
    parameters
        Values of parameters that mechanisms of other packages bring.
    jump
        Tolerance of cycle jumping; None simulates every cycle.
    """
    from lisse.cell.bookkeeping import audit
    from lisse.cell.jumping import jumper_for
    from lisse.cell.options import SurfaceForm
    from lisse.cell.parameter_sets import parameter_values, with_parameters
    from lisse.cell.remarks import remarks
    from lisse.cell.solving import RTOL, solve_robustly

    clock = {"start": time.perf_counter(), "audit": 0.0}
    values, notes = with_parameters(options, parameter_values(cell, options), parameters), remarks(cell)
    prepared = time.perf_counter() - clock["start"]
    rest = plan if earlier is None else earlier.rest_of(plan)
    currents = _currents(rest, cell.derived.nominal_current)
    state = None if earlier is None else earlier.state

    jumper = None if jump is None else jumper_for(rest, jump)

    def attempt(rtol: float) -> tuple[Outcome, bool, Audit]:
        outcome, layered = solve_robustly(
            options, values, lambda: rest.experiment(adaptive=True), currents, progress, rtol, state, jumper
        )
        start = time.perf_counter()
        populations = 0 if options.symmetric else options.populations
        books = audit(outcome.solution, values, outcome.edges, populations, whole=jump is None)
        clock["audit"] += time.perf_counter() - start
        return outcome, layered, books

    # Every kink of a drive cycle restarts the solver, and the errors of many short starts add up.
    kinked = any(step.drive is not None for cycle in rest.cycles for step in cycle.steps)
    outcome, double_layers, books = attempt(RTOL / TIGHTER if kinked else RTOL)
    if books.failures() and outcome.reason != "interrupted" and not kinked:
        # A cell that passes little charge along a steep curve needs a finer solution to close its books.
        outcome, double_layers, books = attempt(RTOL / TIGHTER)
    if double_layers:
        notes.append("The potentials were solved with double layers, because the algebraic form found no start.")
        options = options.model_copy(update={"surface_form": SurfaceForm.DIFFERENTIAL})
    total, build = time.perf_counter() - clock["start"], prepared + outcome.build_s
    timing = {"build": build, "solve": total - build - clock["audit"], "audit": clock["audit"]}
    if earlier is not None:
        books = books.worse_of(earlier.books)
    given = {name: float(value) for name, value in (parameters or {}).items()}
    return Run(cell, plan, outcome, values, books, options, notes, earlier, timing, given)


def _currents(plan: ResolvedProtocol, nominal_current: float) -> list[float | None]:
    """Current of every step [A]; None where it is not constant."""
    factor = {"c_rate": nominal_current, "current": 1.0, "rest": 0.0}
    steps = [step for cycle in plan.cycles for step in cycle.steps]
    return [step.value * factor[step.mode] if step.mode in factor and step.drive is None else None for step in steps]


def changed(cell: Cell, pressure: str | None, temperature: str | None, changes: Mapping[str, Any] | None) -> Cell:
    """Return the cell with the asked-for fields replaced."""
    edits: dict[str, Any] = dict(changes or {})
    if pressure is not None:
        edits["operation.stack_pressure"] = pressure
    if temperature is not None:
        edits["operation.temperature"] = temperature
    return cell.replace(**edits) if edits else cell


def finite(value: Any) -> Any:
    """Replace numbers that JSON cannot hold by None, at any depth."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list | tuple) else value


def claim_row(claim: ResolvedClaim) -> dict[str, Any]:
    """Return a claim as a row of the summary; a curve shows its unit and form instead of a value."""
    unit = PROPERTIES[claim.property].unit
    value: float | str = f"curve ({type(claim.value).__name__})" if isinstance(claim.value, Curve) else claim.value
    return {
        "role": claim.role,
        "material": claim.material,
        "property": claim.property,
        "claim": claim.claim_id,
        "value": value,
        "unit": unit,
        "spread": str(claim.spread),
        "method": claim.method,
        "own": claim.own,
        "suspect": claim.suspect,
        "source": {"citation": claim.source.citation, "doi": claim.source.doi, "tag": claim.source.tag},
    }


def versions() -> dict[str, str]:
    """Versions of lisse, Python and the packages that computed the result."""
    found = {"python": platform.python_version()}
    for name in VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


__all__ = ["CellFacts", "LisseError", "Run", "run", "versions"]
