"""Cycle jumping: simulate some of many equal cycles, and carry the state over the others.

States that damage moves are extrapolated; contents of the particles stay, since what evens out within cycles must not
be, and the anode takes what balances lithium and charge. Leaves out: protocols whose last cycles are not alike, and
events inside of a jump (a cell that ends there ends at the next simulated cycle).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cell.audit import SHORT_CHARGE
from lisse.cell.fields import brief
from lisse.errors import InputError
from lisse.mechanism import FARADAY

if TYPE_CHECKING:
    import pybamm

    from lisse.experiments import ResolvedProtocol

Array = np.ndarray[Any, np.dtype[np.float64]]

ANODE_STATE, CHARGE_STATE = "Anode lithium [mol.m-2]", "Discharge capacity [A.h]"
"""States that take what balances the others."""
CATHODE = ("cathode", "isolated cathode", "cathode interphase")
ANODE = ("anode", "anode interphase")
"""Inventories of lithium on the two sides of the books."""
MOST_POPULATIONS = 51
SETTLING = 2
"""Cycles simulated after a jump: one to settle, one to measure what a cycle changes."""
FIRST_CYCLES = 4
"""Equal cycles simulated before the first jump: formation is no measure of what follows."""
LAST_CYCLES = 2
"""Cycles simulated at the end, so that the last ones are no extrapolation."""
FLOOR = 0.1
"""Size below which the error of a state (in the units of its scale) counts absolutely."""
LARGEST_GROWTH = 2.0
"""A jump is at most so many times as long as the one before."""
SAFETY = 0.8
FEWEST_CYCLES = 10
"""Equal cycles at the end of a protocol below which there is nothing to jump over."""
LARGEST_TOLERANCE = 0.1
"""Largest tolerance that is accepted."""


class Layout:
    """Where the states of a built model stand in its vector, and what must balance among them.

    Parameters
    ----------
    model
        Built model.
    inputs
        Its inputs.
    """

    def __init__(self, model: pybamm.BaseModel, inputs: dict[str, Any]) -> None:
        self._model, self._inputs = model, inputs
        self._at = {variable.name: slices[0] for variable, slices in model.y_slices.items()}
        self.slow = np.ones(model.len_rhs_and_alg, dtype=bool)
        """Which states are extrapolated."""
        self.slow[model.len_rhs :] = False
        self._populations = [
            (self._at[name], self._at.get(population_name("Mean lithium of connected particles", k)), k)
            for k in range(1, MOST_POPULATIONS)
            for stem in ("Lithium content", "Connected lithium content")
            if (name := population_name(stem, k)) in self._at
        ]
        for profile, mean, _ in self._populations:
            self.slow[profile] = False
            if mean is not None:
                self.slow[mean] = False
        self.judged = self.slow.copy()
        """Which states the error is that of."""
        for k in range(1, MOST_POPULATIONS):
            if (widest := population_name("Widest contact gap [m]", k)) in self._at:
                # It only grows: slightly too large a value stands still until the gap has caught up.
                self.judged[self._at[widest]] = False
        for name in (ANODE_STATE, CHARGE_STATE):
            if name in self._at and self._populations:
                self.slow[self._at[name]] = self.judged[self._at[name]] = False

    def value(self, name: str, state: Array) -> float:
        """Return a variable of the model at a state; 0 for one that it does not have."""
        if name not in self._model.variables:
            return 0.0
        symbol = self._model.get_processed_variable_or_event(name)
        return float(np.ravel(symbol.evaluate(0.0, state[:, None], inputs=self._inputs))[0])

    def balanced(self, state: Array, moved: Array) -> Array:
        """Let the particles keep their contents, and give what they and the interphases took or lost to the anode."""
        if not self._populations:
            return moved
        balanced: Array = moved.copy()
        for profile, mean, k in self._populations:
            name = population_name("Connected fraction", k)
            factor = self.value(name, moved) / self.value(name, state) if mean is not None else 1.0
            balanced[profile] = state[profile] * factor
            if mean is not None:
                balanced[mean] = state[mean] * factor
        gained = [self._inventory(names, balanced) - self._inventory(names, state) for names in (CATHODE, ANODE)]
        unit = unit_step(balanced, self._at[ANODE_STATE])
        per_unit = self._inventory(ANODE, unit) - self._inventory(ANODE, balanced)
        balanced[self._at[ANODE_STATE]] -= (gained[0] + gained[1]) / per_unit
        # The charge that has passed is the lithium that the cathode's side has gained, less what a short has carried.
        leaked = self.value(SHORT_CHARGE, balanced) - self.value(SHORT_CHARGE, state)
        per_charge = self.value(CHARGE_STATE, unit_step(balanced, self._at[CHARGE_STATE])) - self.value(
            CHARGE_STATE, balanced
        )
        balanced[self._at[CHARGE_STATE]] += (gained[0] * FARADAY / 3600 - leaked) / per_charge
        return balanced

    def _inventory(self, names: tuple[str, ...], state: Array) -> float:
        """Lithium of some inventories, of all populations [mol]."""
        stems = {population_name(name, k) for name in names for k in range(1, len(self._populations) + 1)}
        return sum(self.value(f"{stem.capitalize()} lithium inventory [mol]", state) for stem in sorted(stems))


def unit_step(state: Array, where: slice) -> Array:
    """Return a state with one of its entries larger by one."""
    stepped: Array = state.copy()
    stepped[where] += 1.0
    return stepped


@dataclass
class Jumper:
    """Decides on jumps and carries states over them.

    Attributes
    ----------
    total
        Cycles of the protocol.
    first
        First of the cycles at the end that are all alike, counted from 1.
    tolerance
        Largest error of a state per jump, relative to the state.
    numbers
        True number of each simulated cycle, in order.
    offsets_s
        Time jumped over before each simulated cycle [s].
    largest_error
        Largest estimated error of a jump so far.
    largest_jump
        Most cycles jumped over at once.
    """

    total: int
    first: int
    tolerance: float = 0.005
    numbers: list[int] = field(default_factory=lambda: [1])
    offsets_s: list[float] = field(default_factory=lambda: [0.0])
    largest_error: float = 0.0
    largest_jump: int = 0
    _ends: list[Array] = field(default_factory=list)
    _times: list[float] = field(default_factory=lambda: [0.0])
    _since: int = 0
    _layout: Layout | None = None
    _length: float = 1.0
    _slope: Array | None = None
    _forecast: tuple[Array, int] | None = None

    def begin_cycle(self, state: Array, time: float, layout: Layout) -> Array | None:
        """Return the state in which the next cycle begins, None after the last one; add its number to ``numbers``.

        Parameters
        ----------
        state
            State at the end of the cycle before, shape (states,) or (states, 1).
        time
            Simulated time [s].
        layout
            Where the states stand.
        """
        self._layout = layout
        done = self.numbers[-1]
        if done >= self.total:
            return None
        self._ends.append(state)
        self._times.append(time)
        self._since += 1
        jump = self._jump(done)
        self.numbers.append(done + 1 + jump)
        self.offsets_s.append(self.offsets_s[-1] + jump * (self._times[-1] - self._times[-2]))
        if jump == 0:
            return state
        moved = self._carried(state, jump)
        self._ends, self._since = [], 0
        self.largest_jump = max(self.largest_jump, jump)
        return moved

    def _jump(self, done: int) -> int:
        """Cycles to jump over after cycle ``done``; 0 to simulate the next one."""
        wait = FIRST_CYCLES if self._slope is None else SETTLING
        left = self.total - LAST_CYCLES - done
        if done < self.first + wait - 1 or self._since < wait or len(self._ends) < 2 or left < 1:
            return 0
        if self._forecast is None:
            self._length = self._first_length()
        else:
            self._learn()
        return min(math.floor(self._length), left)

    def _error(self, change: Array, jump: float) -> float:
        """Relative error of the worst state after a jump, if a cycle's change is off by so much at its end."""
        scale = np.maximum(np.abs(self._ends[-1]), FLOOR)
        assert self._layout is not None
        return float(np.max(np.abs(change / scale)[self._layout.judged])) * jump / 2

    def _first_length(self) -> float:
        """Length of the first jump: no longer than the change of the change allows."""
        last, before = self._ends[-1] - self._ends[-2], self._ends[-2] - self._ends[-3]
        return max(1.0, math.sqrt(self.tolerance / max(self._error(last - before, 1.0), 1e-12)))

    def _learn(self) -> None:
        """Compare the change that was forecast with the one found, and set the length of the next jump."""
        assert self._forecast is not None
        forecast, jumped = self._forecast
        found = self._ends[-1] - self._ends[-2]
        error = self._error(found - forecast, jumped)
        self.largest_error = max(self.largest_error, error)
        factor = SAFETY * math.sqrt(self.tolerance / max(error, 1e-12))
        self._length = max(1.0, jumped * min(max(factor, 1 / LARGEST_GROWTH), LARGEST_GROWTH))

    def _carried(self, state: Array, jump: int) -> Array:
        """Extrapolate to second order: the change a cycle makes, and how that has changed since the last jump."""
        slope = self._ends[-1] - self._ends[-2]
        bend = np.zeros_like(slope)
        if self._slope is not None and self._forecast is not None:
            apart = self._forecast[1] + SETTLING
            bend = (slope - self._slope) / apart
            # No further than half of the change itself: a curve that bends more is not yet smooth.
            most = np.abs(slope) / (jump + 1)
            bend = np.clip(bend, -most, most)
        self._slope = slope
        self._forecast = (slope + bend * (jump + SETTLING), jump)
        assert self._layout is not None
        moved: Array = state + np.where(self._layout.slow, jump * slope + bend * jump * (jump + 1) / 2, 0.0)
        return self._layout.balanced(state, moved)

    def spread(self, solved: list[Any]) -> list[Any]:
        """Return simulated cycles at their true place, None for those jumped over."""
        found: list[Any] = [None] * self.total
        for number, cycle in zip(self.numbers, solved, strict=False):
            found[number - 1] = cycle
        return found

    def time_before(self, cycle: Array) -> Array:
        """Return the time jumped over before each of the simulated cycles with these numbers [s]."""
        found: Array = np.asarray(self.offsets_s)[np.searchsorted(self.numbers, cycle)]
        return found

    def report(self) -> dict[str, float | int]:
        """Return what a summary says of the jumps."""
        return {
            "simulated_cycles": len(self.numbers),
            "total_cycles": self.total,
            "largest_jump": self.largest_jump,
            "tolerance": self.tolerance,
            "largest_error": self.largest_error,
        }


def jumper_for(protocol: ResolvedProtocol, tolerance: float) -> Callable[[], Jumper]:
    """Return what makes a jumper for a protocol.

    Raises
    ------
    InputError
        If the tolerance is no small number, or the protocol has too few equal cycles at its end.
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 < tolerance <= LARGEST_TOLERANCE:
        raise InputError(
            f"jump: {brief(tolerance)} is no relative error of a state; give a number above 0 and at most "
            f"{LARGEST_TOLERANCE}."
        )
    total, first = len(protocol.cycles), protocol.alike_from
    if total - first + 1 < FEWEST_CYCLES:
        raise InputError(
            f"jump: the protocol ends with {total - first + 1} equal cycles; jumping needs at least {FEWEST_CYCLES}."
        )
    return lambda: Jumper(total=total, first=first, tolerance=float(tolerance))


def moved_solution(solution: pybamm.Solution, state: Array) -> pybamm.Solution:
    """Return the last state of a solution with other values of its states."""
    last = copy.copy(solution.last_state)
    last._all_ys = [np.asarray(state, dtype=float).reshape(-1, 1)]
    last._last_state = None
    return last
