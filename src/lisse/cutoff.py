"""How high to charge: capacity and energy gained against shrinkage, interphase and fade, by upper cut-off voltage.

The same cell is cycled to every voltage with the mechanisms of its composite on. Leaves out: charging with a hold, and
wear that a higher voltage brings to the anode.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.simulate import Run

FIRST, LAST, STEP = 4.0, 4.6, 0.05
"""Default upper limits, lowest, highest and step [V vs Li]."""
CYCLES = 10
"""Default number of cycles."""
MOST_VOLTAGES = 60
"""More simulations than this are refused."""
# A number of its own, not one of a name such as NMC811.
_NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?")


@dataclass(frozen=True)
class CutoffRow:
    """What one upper limit brings and costs.

    Attributes
    ----------
    upper_potential
        [V vs Li].
    first, last
        Discharge capacity of the first and of the last cycle [mAh/g].
    mean_voltage
        Of the first discharge [V].
    first_energy, last_energy, total_energy
        Of the first, of the last and of all discharges, per gram of active material [Wh/kg].
    shrinkage
        Largest loss of volume of the oxide since it was pressed [-].
    interphase
        Mean thickness of the cathode's interphase at the end [m].
    resistance
        Of the cathode's reaction at the end of the last charge [ohm m2].
    active_mass
        Share of the active material that still takes part.
    status, reason
        Of the run.
    """

    upper_potential: float
    first: float | None
    last: float | None
    mean_voltage: float | None
    first_energy: float | None
    last_energy: float | None
    total_energy: float | None
    shrinkage: float
    interphase: float | None
    resistance: float | None
    active_mass: float | None
    status: str
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys of ``lisse cutoff --json``."""
        return {
            "upper_voltage_V": self.upper_potential,
            "first_discharge_capacity_mAh_g": self.first,
            "last_discharge_capacity_mAh_g": self.last,
            "capacity_retention": self.last / self.first if self.first and self.last is not None else None,
            "mean_discharge_voltage_V": self.mean_voltage,
            "first_discharge_energy_Wh_kg": self.first_energy,
            "last_discharge_energy_Wh_kg": self.last_energy,
            "total_discharge_energy_Wh_kg": self.total_energy,
            "oxide_shrinkage": self.shrinkage,
            "cathode_interphase_nm": None if self.interphase is None else 1e9 * self.interphase,
            "cathode_resistance_ohm_cm2": None if self.resistance is None else 1e4 * self.resistance,
            "active_mass_fraction": self.active_mass,
            "status": self.status,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Cutoff:
    """Upper limits compared.

    Attributes
    ----------
    cell
        Name of the cell.
    mechanisms
        Mechanisms that were on.
    rate
        Current of every cycle.
    cycles
        Number of cycles to each limit.
    rows
        One for each limit, lowest first.
    warnings
        What a reader must know.
    """

    cell: str
    mechanisms: tuple[str, ...]
    rate: str
    cycles: int
    rows: tuple[CutoffRow, ...]
    warnings: tuple[str, ...] = ()

    def best(self, name: str) -> CutoffRow | None:
        """Return the completed row with the largest value of an attribute; None if none completed."""
        done = [row for row in self.rows if row.status == "completed" and getattr(row, name) is not None]
        return max(done, key=lambda row: float(getattr(row, name))) if done else None

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse cutoff --json`` prints."""

        def voltage(name: str) -> float | None:
            row = self.best(name)
            return None if row is None else row.upper_potential

        return {
            "cell": self.cell,
            "rate": self.rate,
            "cycles": self.cycles,
            "mechanisms": list(self.mechanisms),
            "recommended_upper_voltage_V": voltage("last_energy"),
            "most_first_energy_V": voltage("first_energy"),
            "most_total_energy_V": voltage("total_energy"),
            "rows": [row.as_dict() for row in self.rows],
            "warnings": list(self.warnings),
        }


def voltages(first: float = FIRST, last: float = LAST, step: float = STEP, highest: float = math.inf) -> list[float]:
    """Return the upper limits to compare [V vs Li].

    Parameters
    ----------
    first, last, step
        Lowest, highest and distance [V].
    highest
        End of the open-circuit curve [V]; limits above it are left out.

    Raises
    ------
    InputError
        If they do not rise, or are more than 60.

    Examples
    --------
    >>> voltages(4.1, 4.3, 0.1)
    [4.1, 4.2, 4.3]
    """
    if not all(map(math.isfinite, (first, last, step))) or step <= 0 or last < first:
        raise InputError(f"cutoff: {first:g} to {last:g} V in steps of {step:g} V is no rising row of voltages.")
    count = int((min(last, highest) - first) / step + 1 + 1e-6)
    if count > MOST_VOLTAGES:
        raise InputError(
            f"cutoff: {count} voltages are to be compared; at most {MOST_VOLTAGES} are, so take wider steps."
        )
    if count < 1:
        raise InputError(f"cutoff: {first:g} V is above {highest:.3f} V, where the open-circuit curve ends.")
    return [round(first + k * step, 6) for k in range(count)]


def cutoff(
    cell: Cell | str | Path,
    upper: Iterable[float] | None = None,
    *,
    cycles: int = CYCLES,
    rate: str = "C/10",
    mechanisms: Sequence[str] | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Cutoff:
    """Cycle a cell to several upper limits and compare what comes of it.

    Parameters
    ----------
    cell
        A cell, the name of a library cell, or the path of a cell file.
    upper
        Upper limits [V vs Li]; without them 4.0 to 4.6 V in steps of 0.05 V, as far as the open-circuit curve goes.
    cycles
        Number of cycles to each.
    rate
        Current of charge and discharge, such as ``"C/10"``.
    mechanisms
        Mechanisms to switch on; without them those of the cell file, and all of the composite where it lists none.
    changes
        Fields of the cell file to replace, by dotted path.
    progress
        Called before each limit with its number, the number of limits and its text.

    Returns
    -------
    Cutoff
        One row a limit.

    Raises
    ------
    InputError
        If a limit lies beyond the open-circuit curve, or another input cannot be accepted; nothing is simulated then.
    """
    from lisse.cell.mechanism_choice import composite_mechanisms
    from lisse.simulate import run

    if cycles < 1:
        raise InputError(f"--cycles: {cycles} is less than one cycle.")
    described, note = composite_mechanisms(cell, mechanisms, changes)
    limits = sorted(upper) if upper is not None else voltages(highest=curve_end(described))
    cells = [with_upper_limit(described, limit) for limit in limits]
    protocol = f"{cycles} cycle{'s' if cycles > 1 else ''} at {rate}"
    rows, notes = [], [note] if note else []
    for number, (limit, one) in enumerate(zip(limits, cells, strict=True), start=1):
        if progress is not None:
            progress(number, len(cells), f"{limit:g} V")
        found = run(one, protocol)
        notes += found.summary["warnings"]
        rows.append(_row(found, limit))
    return Cutoff(described.name, tuple(described.spec.mechanisms), rate, cycles, tuple(rows), highest_limits(notes))


def highest_limits(notes: Iterable[str]) -> tuple[str, ...]:
    """Return notes without those that differ from a later one in their numbers alone.

    Limits rise, so that what stays of "x V above its edge at y V" is the highest.

    Examples
    --------
    >>> highest_limits(["0.1 V above at 4.1 V", "NMC811 assumed", "0.2 V above at 4.2 V", "NMC622 assumed"])
    ('0.2 V above at 4.2 V', 'NMC811 assumed', 'NMC622 assumed')
    """
    return tuple({_NUMBER.sub("#", note): note for note in notes}.values())


def curve_end(cell: Cell) -> float:
    """Return the highest potential of the open-circuit curve of a cell's active material [V vs Li]."""
    return cell.derived.highest_equilibrium_voltage + cell.derived.anode_potential


def with_upper_limit(cell: Cell, potential: float) -> Cell:
    """Return a cell charged to another upper limit.

    Parameters
    ----------
    cell
        The cell.
    potential
        Upper limit [V vs Li]; the file's own scale is kept.

    Raises
    ------
    InputError
        If the open-circuit curve ends below it.
    """
    low, high = cell.spec.operation.voltage_window
    limit = potential - (cell.derived.upper_potential - high)
    return cell.replace(**{"operation.voltage_window": [f"{low:.6g} V", f"{limit:.6g} V"]})


def _row(run: Run, limit: float) -> CutoffRow:
    rows, summary, gram = run.summary["cycles"], run.summary, run.active_mass
    energies = [row["discharge_energy_Wh"] / gram for row in rows if row["discharge_energy_Wh"] is not None]
    first, last = (rows[0], rows[-1]) if rows else ({}, {})
    interphase, resistance = last.get("cathode_interphase_nm"), last.get("cathode_resistance_ohm_cm2")
    return CutoffRow(
        upper_potential=limit,
        first=first.get("discharge_capacity_mAh_g"),
        last=last.get("discharge_capacity_mAh_g"),
        mean_voltage=first.get("mean_discharge_voltage_V"),
        first_energy=energies[0] if energies else None,
        last_energy=energies[-1] if energies else None,
        total_energy=sum(energies) if energies else None,
        shrinkage=largest_shrinkage(run),
        interphase=None if interphase is None else 1e-9 * interphase,
        resistance=None if resistance is None else 1e-4 * resistance,
        active_mass=last.get("active_mass_fraction"),
        status=summary["status"],
        reason=summary["reason"],
    )


def largest_shrinkage(run: Run) -> float:
    """Return the largest loss of volume of the oxide in a run [-], the mean of its populations by volume."""
    import numpy as np

    from lisse.cathode.diffusion import population_name
    from lisse.cell.bookkeeping import evaluate
    from lisse.cell.observing import read

    if run.solution is None:
        return 0.0
    whole, shrunk = 0.0, np.zeros(run.solution.t.size)
    for k in range(1, run.options.populations + 1):
        content = population_name("Mean lithium content", k)
        strain = run.values[population_name("Positive electrode volume strain", k)]
        volume = float(run.values[population_name("Positive electrode active material volume fraction", k)])
        start = run.values[population_name("Initial lithium content", k)]
        now = read(run.solution, [content])[content]
        shrunk = shrunk + volume * (evaluate(strain, np.array([start])) - evaluate(strain, now))
        whole += volume
    return max(float(shrunk.max()) / whole, 0.0)
