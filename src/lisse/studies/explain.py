"""Why a cell falls short of its ideal: the loss of capacity, voltage and energy shared out among its causes.

The ideal cell is the same cell at equilibrium: no resistance, no slow particle, no damage; it delivers what its
open-circuit curve holds between the voltage limits. Every set of causes is simulated (or random orders of them), and
Shapley values share the gap. Leaves out: life under random shorts (``life``) and what to do about it (``remedies``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.cell.options import CELL_MECHANISMS, Options
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies.batch import Progress, Refused, Task, cores, in_parallel, solve_many
from lisse.studies.causes import Cause, causes_of, changes_without, options_without
from lisse.studies.shapley import Shares, shapley

if TYPE_CHECKING:
    from lisse.studies.prepared import Solved
    from lisse.studies.sampling import Draws

Array = NDArray[np.float64]

QUANTITIES = ("capacity_mAh_g", "voltage_V", "energy_Wh_kg_active", "energy_Wh_kg")
"""What is shared out: capacity and mean voltage of the last discharge, and its energy per mass of active material and
of the cell in its format."""
IDEAL = (
    "the same cell at equilibrium, which delivers what its open-circuit curve holds between the voltage limits: no "
    "resistance, uniform particles, full contact and no damage"
)
"""What the ideal cell is."""
RTOL = 5e-5
"""Relative tolerance of the runs."""
EASES = (1.0, 5.0, 50.0)
"""Divisors of the factors that switch a cause off: larger ones only where the solver cannot follow."""
ORDERS = 8
"""Random orders of many causes unless told otherwise."""
NO_CELL = (np.full(len(QUANTITIES), np.nan), "completed")
"""What a draw gives that no cell follows from."""
QUANTILES = {"median": 50, "p05": 5, "p95": 95}


@dataclass(frozen=True)
class Drawn:
    """The same for cells drawn from the spreads of the claims; every draw is the same in all sets of causes.

    Attributes
    ----------
    values
        Shapley values, shape (causes, draws, quantities).
    empty, full
        Ideal and actual cell, shape (draws, quantities).
    asked, seed
        Number of draws, with those of which no cell could be made, and their seed.
    """

    values: Array
    empty: Array
    full: Array
    asked: int
    seed: int

    def as_dict(self, causes: Sequence[Cause]) -> dict[str, Any]:
        """Return plain JSON types: median, 5 and 95 % of the draws."""
        return {
            "draws": self.asked,
            "failed": self.asked - len(self.empty),
            "seed": self.seed,
            "ideal": _bands(self.empty),
            "actual": _bands(self.full),
            "causes": [{"name": cause.name, **_bands(self.values[row])} for row, cause in enumerate(causes)],
        }


def _bands(values: Array) -> dict[str, dict[str, float]]:
    """Return quantiles of draws by quantity; shape (draws, quantities)."""
    found = {name: np.percentile(values, at, axis=0) for name, at in QUANTILES.items()}
    return {
        quantity: {name: float(row[column]) for name, row in found.items()}
        for column, quantity in enumerate(QUANTITIES)
    }


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
        Shapley values, shape (causes, 4) in the order of :data:`QUANTITIES`; a loss is negative.
    incomplete
        Number of runs that ended early; they count with what they delivered.
    drawn
        Spread over draws of the claims; None without them.
    """

    cell: Cell
    protocol: str
    causes: tuple[Cause, ...]
    shares: Shares
    incomplete: int
    drawn: Drawn | None = None

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

    @property
    def mechanisms_off(self) -> tuple[str, ...]:
        """Mechanisms that the cell could have and that are off, so that nothing is put down to them."""
        options, flows = options_for(self.cell), self.cell.has_claim("anode", "creep_prefactor")
        possible = [name for name in CELL_MECHANISMS if flows or name not in ("voids", "filaments")]
        return tuple(name for name in possible if not getattr(options, name))

    def share(self, place: int, quantity: str) -> float:
        """Return the share of a cause, by its place among the causes."""
        return float(self.shares.values[place, QUANTITIES.index(quantity)])

    def error(self, place: int, quantity: str) -> float:
        """Return its standard error; 0 where the shares are exact."""
        return float(self.shares.errors[place, QUANTITIES.index(quantity)])

    def ranked(self, quantity: str = "energy_Wh_kg") -> list[tuple[Cause, float, float]]:
        """Return causes with share and standard error, the largest loss first."""
        column = QUANTITIES.index(quantity)
        rows = zip(self.causes, self.shares.values[:, column], self.shares.errors[:, column], strict=True)
        return sorted(((cause, float(share), float(error)) for cause, share, error in rows), key=lambda row: row[1])

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "cell": self.cell.name,
            "protocol": self.protocol,
            "ideal_cell": IDEAL,
            "ideal": self.ideal,
            "actual": self.actual,
            "residual": self.residual,
            "exact": self.shares.exact,
            "coalitions": self.shares.coalitions,
            "incomplete_runs": self.incomplete,
            "mechanisms_off": list(self.mechanisms_off),
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
            "uncertainty": None if self.drawn is None else self.drawn.as_dict(self.causes),
        }


class _Game:
    """Values of sets of causes: runs of the cell, and of draws of it, with the other causes off."""

    def __init__(
        self,
        cell: Cell,
        protocol: Protocol,
        workers: int | None = None,
        progress: Progress | None = None,
        draws: Draws[Cell] | None = None,
    ) -> None:
        self.cell, self.protocol, self.workers, self.progress, self.draws = cell, protocol, workers, progress, draws
        self.options = options_for(cell)
        self.values = parameter_values(cell, self.options)
        self.causes = causes_of(cell, self.options, self.values)
        self.each = 1 + (len(draws) if draws is not None else 0)
        self.incomplete = 0

    def __call__(self, coalitions: Sequence[frozenset[int]]) -> Array:
        """Return the values of sets of causes that are on, shape (sets, 1 + draws, quantities)."""
        builds: dict[Options, list[int]] = {}
        off = [[cause for number, cause in enumerate(self.causes) if number not in some] for some in coalitions]
        for place, absent in enumerate(off):
            builds.setdefault(options_without(self.options, absent), []).append(place)
        # The largest first, so that no worker is left alone with one at the end.
        groups = sorted(builds.items(), key=lambda item: -len(item[1]))
        sizes = [len(places) for _, places in groups]
        apart = len(groups) >= 2 * (self.workers or cores())

        def one(number: int) -> tuple[Array, int]:
            options, places = groups[number]
            before, progress = sum(sizes[:number]), self.progress

            def report(done: int, _: int) -> None:
                if progress is not None:
                    progress(before + done // self.each, len(off))

            return self._run(options, [off[place] for place in places], 1 if apart else self.workers, report)

        def finished(done: int, _: int) -> None:
            if self.progress is not None:
                self.progress(sum(sizes[:done]), len(off))

        found = in_parallel(one, len(groups), self.workers if apart else 1, finished)
        table = np.zeros((len(coalitions), self.each, len(QUANTITIES)))
        for (_, places), (rows, incomplete) in zip(groups, found, strict=True):
            table[places] = rows
            self.incomplete += incomplete
        return table

    def _run(
        self, options: Options, off: list[list[Cause]], workers: int | None, report: Progress
    ) -> tuple[Array, int]:
        """Run cells without some causes; what the solver gives up is tried again with smaller factors."""
        table = np.zeros((len(off) * self.each, len(QUANTITIES)))
        complete = np.zeros(len(table), dtype=bool)
        left = list(range(len(table)))
        for ease in EASES:
            make = partial(self._task, options, off, left, ease)
            also = changes_without((cause for absent in off for cause in absent), parameter_values(self.cell, options))
            found = solve_many(
                self.cell,
                self.protocol,
                make,
                len(left),
                read=_read,
                workers=workers,
                options=options,
                rtol=RTOL,
                also=also,
                progress=report if ease == EASES[0] else None,
            )
            outcomes = [NO_CELL if isinstance(one, Refused) else one for one in found]
            table[left] = [row for row, _ in outcomes]
            complete[left] = [status != "stopped" for _, status in outcomes]
            left = [place for place, (_, status) in zip(left, outcomes, strict=True) if status == "failed"]
            if not left:
                break
        complete[left] = False
        return table.reshape(len(off), self.each, -1), int((~complete).sum())

    def _task(self, options: Options, off: list[list[Cause]], left: list[int], ease: float, number: int) -> Task:
        place, draw = divmod(left[number], self.each)
        cell = self.cell if draw == 0 or self.draws is None else self.draws.make(draw - 1)
        return cell, changes_without(off[place], parameter_values(cell, options), ease)


def _read(solved: Solved) -> tuple[Array, str]:
    """Return what the last discharge gave, in the order of QUANTITIES, and the status of the run."""
    return discharge(solved.cell, solved.summary()["cycles"]), solved.status


def discharge(cell: Cell, cycles: Sequence[dict[str, Any]]) -> Array:
    """Return capacity, mean voltage and both energies of the last discharge of a run; 0 where there is none.

    Parameters
    ----------
    cell
        The cell that ran.
    cycles
        Of its summary.
    """
    from lisse.energy import energy_of

    last = cycles[-1] if cycles else {}
    capacity, voltage = last.get("discharge_capacity_mAh_g") or 0.0, last.get("mean_discharge_voltage_V") or 0.0
    if not capacity * voltage > 0:
        return np.zeros(len(QUANTITIES))
    whole = energy_of(cell, last["discharge_capacity_mAh_cm2"], voltage).specific_energy
    return np.array([capacity, voltage, capacity * voltage, whole])


def explain(
    cell: Cell,
    protocol: str | Protocol = "1 cycle at C/3",
    *,
    orders: int = ORDERS,
    seed: int = 0,
    draws: int = 0,
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
        Random orders where the causes are too many to simulate every set of them, at least 2; each is also taken
        backwards.
    seed
        Of the orders and of the draws.
    draws
        Draws of the claims for which everything is done as well.
    workers
        Processes.
    progress
        Called with finished and all sets of causes.

    Raises
    ------
    InputError
        If the cell is symmetric, a number is out of range, or the protocol cannot be read or has no discharge.
    """
    from lisse.studies.sampling import draw
    from lisse.studies.uncertainty import held_current

    if cell.symmetric:
        raise InputError(f"cell: {cell.name} is symmetric and delivers no capacity; name a cell with a cathode.")
    if orders < 2:
        raise InputError(f"orders: {orders} leaves no standard error; write 2 or more.")
    if draws < 0:
        raise InputError(f"draws: {draws} is not accepted; write 0 for none, or more.")
    loaded = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
    game = _Game(cell, loaded, workers, progress, draw(held_current(cell), draws, seed) if draws else None)
    if not game.causes:
        raise InputError(f"cell: nothing in the model of {cell.name} costs anything; there is no gap to explain.")
    found = shapley(len(game.causes), game, orders, seed)
    shares = replace(
        found, values=found.values[:, 0], errors=found.errors[:, 0], empty=found.empty[0], full=found.full[0]
    )
    if not shares.empty[0] > 0:
        raise InputError(
            f"protocol: {loaded.name} discharges nothing even of the ideal cell; give one that discharges."
        )
    return Explanation(cell, loaded.name, game.causes, shares, game.incomplete, _drawn(found, draws, seed))


def _drawn(found: Shares, draws: int, seed: int) -> Drawn | None:
    """Return what the draws gave; None without any."""
    if not draws:
        return None
    made = np.isfinite(found.values[:, 1:]).all(axis=(0, 2))
    if not made.any():
        raise InputError(f"draws: none of {draws} makes a cell; ask for more, or for none.")
    return Drawn(found.values[:, 1:][:, made], found.empty[1:][made], found.full[1:][made], draws, seed)
