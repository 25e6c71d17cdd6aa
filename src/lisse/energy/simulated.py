"""The energy of a cell at the capacity and voltage that a protocol brings out of it.

Leaves out: anything that needs no run (``breakdown``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from lisse.cell.cell import Cell
from lisse.energy.breakdown import EnergyBreakdown, energy_of
from lisse.errors import InputError, LisseError

if TYPE_CHECKING:
    from lisse.cell.solving import Progress

DEFAULT_PROTOCOL = "formation + 1 cycle at C/3"
"""A C/10 cycle and a C/3 cycle, whose discharge counts."""


class FinishedRun(Protocol):
    """What is read of a run: its cell, its summary and its table."""

    @property
    def cell(self) -> Cell: ...  # noqa: D102

    @property
    def summary(self) -> dict[str, Any]: ...  # noqa: D102

    @property
    def timeseries(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class SimulatedEnergy:
    """The energy of one discharge of a run.

    Attributes
    ----------
    breakdown
        Masses, volumes, costs and energies.
    protocol
        As given.
    cycle
        Number of the cycle whose discharge counts.
    status, reason
        Of the run.
    warnings
        What a reader must know.
    claims
        Every claim that run, masses and prices rest on, as rows of a summary.
    """

    breakdown: EnergyBreakdown
    protocol: str
    cycle: int
    status: str
    reason: str | None
    warnings: tuple[str, ...] = ()
    claims: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse energy --json`` prints."""
        return {
            **self.breakdown.as_dict(),
            "protocol": self.protocol,
            "cycle": self.cycle,
            "status": self.status,
            "reason": self.reason,
            "warnings": list(self.warnings),
            "claims": list(self.claims),
        }


def energy_of_cycle(run: FinishedRun, cycle: int | None = None) -> tuple[EnergyBreakdown, int]:
    """Return the energy of the discharge of one cycle of a run, and the number of that cycle.

    The fixture holds the highest pressure of the run.

    Parameters
    ----------
    run
        A finished run of a cell with a cathode.
    cycle
        Its number; the last that discharged by default.

    Raises
    ------
    LisseError
        If no cycle discharged, or not this one.
    """
    rows = {row["cycle"]: row for row in run.summary.get("cycles") or () if row.get("discharge_capacity_mAh_cm2")}
    if not rows or (cycle is not None and cycle not in rows):
        why = f" ({reason})" if (reason := run.summary.get("reason")) else ""
        which = "no cycle" if not rows else f"not cycle {cycle}, only {', '.join(str(number) for number in rows)}"
        raise LisseError(f"energy: {which} of the run of {run.cell.name} discharged{why}; nothing is delivered.")
    number = max(rows) if cycle is None else cycle
    row = rows[number]
    pressures = [given["max"] for other in rows.values() if (given := other.get("stack_pressure_MPa"))]
    found = energy_of(
        run.cell,
        row["discharge_capacity_mAh_cm2"],
        row["mean_discharge_voltage_V"],
        equilibrium_voltage_V=_mean_at_rest(run, number),
        stack_pressure_MPa=max(pressures, default=None),
    )
    return found, number


def _mean_at_rest(run: FinishedRun, cycle: int) -> float | None:
    """Mean equilibrium voltage of the discharge of a cycle, weighted with the charge passed [V]."""
    frame = run.timeseries
    rows = frame[(frame["cycle"] == cycle) & (frame["kind"] == "discharge")]
    voltage = rows["equilibrium_voltage_V"].to_numpy(dtype=float)
    passed = np.maximum(np.diff(rows["capacity_mAh_g"].to_numpy(dtype=float)), 0.0)
    total = float(passed.sum())
    if not total > 0 or not np.isfinite(voltage).all():
        return None
    return float((passed * (voltage[1:] + voltage[:-1]) / 2).sum()) / total


def simulated_energy(
    cell: Cell | str | Path,
    protocol: str = DEFAULT_PROTOCOL,
    *,
    cycle: int | None = None,
    changes: Mapping[str, Any] | None = None,
    mechanisms: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> SimulatedEnergy:
    """Run a protocol and return the energy of a discharge.

    Parameters
    ----------
    cell
        A cell, the name of a library cell, or the path of a cell file.
    protocol
        As for :func:`lisse.run`.
    cycle
        Number of the cycle whose discharge counts; the last that discharged by default.
    changes
        Fields of the cell file to replace, by dotted path.
    mechanisms
        In place of those of the cell file.
    progress
        Called at the start of each step.

    Raises
    ------
    InputError
        If cell, protocol or a change cannot be accepted.
    LisseError
        If the run delivers nothing.

    Examples
    --------
    >>> found = simulated_energy("reference", "1 cycle at C/10")
    >>> found.status, found.cycle
    ('completed', 1)
    """
    from lisse.simulate import changed, claim_row, run

    if cycle is not None and cycle < 1:
        raise InputError(f"cycle: {cycle} is no number of a cycle; they count from 1.")
    described = changed(cell if isinstance(cell, Cell) else Cell.load(cell), None, None, changes)
    energy_of(described, 1e-9, 1.0)  # what has no energy is refused before it is run
    result = run(described, protocol, mechanisms=mechanisms, progress=progress)
    found, number = energy_of_cycle(result, cycle)
    summary = result.summary
    return SimulatedEnergy(
        breakdown=found,
        protocol=str(protocol),
        cycle=number,
        status=summary["status"],
        reason=summary["reason"],
        warnings=tuple(summary["warnings"]),
        claims=tuple(claim_row(claim) for claim in result.cell.claims_used()),
    )
