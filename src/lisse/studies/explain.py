"""Why a cell falls short of its ideal: the loss of capacity, voltage and energy shared out among its causes.

The ideal cell is the same cell at equilibrium: no resistance, no slow particle, no damage; it delivers what its
open-circuit curve holds between the voltage limits. Every set of causes is simulated (or random orders of them), and
Shapley values share the gap. Leaves out: life under random shorts (``life``) and what to do about it (``remedies``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.cell.options import Options
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies.batch import Progress, Refused, Task, solve_many
from lisse.studies.causes import Cause, causes_of, changes_without, options_without
from lisse.studies.shapley import Shares, shapley

if TYPE_CHECKING:
    from lisse.studies.prepared import Solved

Array = NDArray[np.float64]

QUANTITIES = ("capacity_mAh_g", "voltage_V", "energy_Wh_kg_active")
"""What is shared out: capacity and mean voltage of the last discharge, and its energy per mass of active material."""
RTOL = 5e-5
"""Relative tolerance of the runs."""
EASES = (1.0, 5.0, 50.0)
"""Divisors of the factors that switch a cause off: larger ones only where the solver cannot follow."""


@dataclass(frozen=True)
class Explanation:
    """Shares of the causes in the gap between the ideal cell and this one.

    Attributes
    ----------
    cell
        The cell.
    protocol
        What was done with it, in words.
    causes
        The causes.
    shares
        Shapley values, shape (causes, 3) in the order of :data:`QUANTITIES`; a loss is negative.
    incomplete
        Number of sets of causes whose run ended early; they count with what they delivered.
    """

    cell: Cell
    protocol: str
    causes: tuple[Cause, ...]
    shares: Shares
    incomplete: int

    @property
    def ideal(self) -> dict[str, float]:
        """The ideal cell, by quantity."""
        return dict(zip(QUANTITIES, map(float, self.shares.empty), strict=True))

    @property
    def actual(self) -> dict[str, float]:
        """The cell as it is, by quantity."""
        return dict(zip(QUANTITIES, map(float, self.shares.full), strict=True))

    @property
    def residual(self) -> dict[str, float]:
        """Gap less the sum of the shares, by quantity: round-off."""
        gap = self.shares.full - self.shares.empty - self.shares.values.sum(axis=0)
        return dict(zip(QUANTITIES, map(float, gap), strict=True))

    def ranked(self, quantity: str = "energy_Wh_kg_active") -> list[tuple[Cause, float, float]]:
        """Return causes with share and standard error, the largest loss first."""
        column = QUANTITIES.index(quantity)
        rows = zip(self.causes, self.shares.values[:, column], self.shares.errors[:, column], strict=True)
        return sorted(((cause, float(share), float(error)) for cause, share, error in rows), key=lambda row: row[1])

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "cell": self.cell.name,
            "protocol": self.protocol,
            "ideal": self.ideal,
            "actual": self.actual,
            "residual": self.residual,
            "exact": self.shares.exact,
            "coalitions": self.shares.coalitions,
            "incomplete_runs": self.incomplete,
            "causes": [
                {
                    "name": cause.name,
                    "label": cause.label,
                    "review_figure_1": cause.figure or None,
                    **dict(zip(QUANTITIES, map(float, self.shares.values[row]), strict=True)),
                    "standard_error": dict(zip(QUANTITIES, map(float, self.shares.errors[row]), strict=True)),
                }
                for row, cause in enumerate(self.causes)
            ],
        }


class _Game:
    """Values of sets of causes: runs of the cell with the other causes off."""

    def __init__(self, cell: Cell, protocol: Protocol, workers: int | None, progress: Progress | None) -> None:
        self.cell, self.protocol, self.workers, self.progress = cell, protocol, workers, progress
        self.options = options_for(cell)
        self.values = parameter_values(cell, self.options)
        self.causes = causes_of(cell, self.options, self.values)
        self.incomplete = 0

    def __call__(self, coalitions: Sequence[frozenset[int]]) -> Array:
        """Return the values of sets of causes that are on, shape (sets, 3)."""
        builds: dict[Options, list[int]] = {}
        off = [[cause for number, cause in enumerate(self.causes) if number not in some] for some in coalitions]
        for place, absent in enumerate(off):
            builds.setdefault(options_without(self.options, absent), []).append(place)
        table = np.zeros((len(coalitions), len(QUANTITIES)))
        done = 0
        for options, places in builds.items():
            for place, (row, complete) in zip(places, self._run(options, [off[p] for p in places]), strict=True):
                table[place] = row
                self.incomplete += not complete
            done += len(places)
            if self.progress is not None:
                self.progress(done, len(coalitions))
        return table

    def _run(self, options: Options, off: list[list[Cause]]) -> list[tuple[Array, bool]]:
        """Run the cell without some causes; what the solver gives up is tried again with smaller factors."""
        found: list[tuple[Array, bool]] = [(np.zeros(len(QUANTITIES)), False)] * len(off)
        left = list(range(len(off)))
        for ease in EASES:
            again = self._attempt(options, [off[place] for place in left], ease)
            for place, outcome in zip(left, again, strict=True):
                if outcome[1] or ease == EASES[-1]:
                    found[place] = outcome
            left = [place for place, outcome in zip(left, again, strict=True) if not outcome[1]]
            if not left:
                break
        return found

    def _attempt(self, options: Options, off: list[list[Cause]], ease: float) -> list[tuple[Array, bool]]:
        values = parameter_values(self.cell, options)
        changes = [changes_without(absent, values, ease) for absent in off]
        make = partial(_task, self.cell, changes)
        also = {name for change in changes for name in change}
        found = solve_many(
            self.cell,
            self.protocol,
            make,
            len(off),
            read=_read,
            workers=self.workers,
            options=options,
            rtol=RTOL,
            also=also,
        )
        return [(np.zeros(len(QUANTITIES)), False) if isinstance(one, Refused) else one for one in found]


def _task(cell: Cell, changes: list[dict[str, float]], number: int) -> Task:
    return cell, changes[number]


def _read(solved: Solved) -> tuple[Array, bool]:
    """Return capacity, mean voltage and energy of the last discharge, and whether the run was completed."""
    cycles = solved.summary()["cycles"]
    last = cycles[-1] if cycles else {}
    capacity, voltage = last.get("discharge_capacity_mAh_g") or 0.0, last.get("mean_discharge_voltage_V") or 0.0
    return np.array([capacity, voltage, capacity * voltage]), solved.status == "completed"


def explain(
    cell: Cell,
    protocol: str | Protocol = "1 cycle at C/3",
    *,
    orders: int = 32,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Share out the gap between the ideal cell and a cell among its causes.

    Parameters
    ----------
    cell
        A full cell.
    protocol
        What is done with it; its last discharge counts.
    orders
        Random orders where the causes are too many to simulate every set of them.
    seed
        Of the orders.
    workers
        Processes.
    progress
        Called with finished and all runs.

    Raises
    ------
    InputError
        If the cell is symmetric, or the protocol cannot be read or has no discharge.
    """
    if cell.symmetric:
        raise InputError(f"cell: {cell.name} is symmetric and delivers no capacity; name a cell with a cathode.")
    loaded = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
    game = _Game(cell, loaded, workers, progress)
    shares = shapley(len(game.causes), game, orders, seed)
    if not shares.empty[0] > 0:
        raise InputError(
            f"protocol: {loaded.name} discharges nothing even of the ideal cell; give one that discharges."
        )
    return Explanation(cell, loaded.name, game.causes, shares, game.incomplete)
