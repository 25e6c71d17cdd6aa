"""Plating and stripping cycles of many symmetric cells, with leaps over cycles that repeat themselves.

Leaves out: full cells (``lisse run``) and the statistics of the outcome (``tests_of_lithium``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lisse.anode import interphase
from lisse.lithium.interface import FACES
from lisse.lithium.simulator import Simulator
from lisse.mechanism import VOLUME_PER_CHARGE

Array = NDArray[np.float64]

REPEATS = 1e-2
"""Relative change of the voids over a cycle below which the cycle counts as repeating itself [-]; errors of the steps
alone change them by some parts in a thousand."""
SMALLEST_LEAP = 3
"""A leap over fewer cycles does not pay."""
LONGEST_LEAP = 0.2
"""A leap is at most this part of the cycles already done: the interphase keeps changing slowly."""


@dataclass(frozen=True)
class Cycle:
    """One cycle of a plating and stripping test; arrays over cells or numbers, SI.

    Attributes
    ----------
    forward, backward
        Current densities of the first half (it strips the first face) and of the second [A/m2], both positive.
    forward_time, backward_time
        Their durations [s].
    rest
        Rest after each half [s].
    """

    forward: Array | float
    backward: Array | float
    forward_time: Array | float
    backward_time: Array | float
    rest: float = 0.0


@dataclass(frozen=True)
class History:
    """What a test leaves: per cycle and cell, shape (cycles, cells); NaN once a cell has ended.

    Attributes
    ----------
    coverage
        Lowest share of the contact that voids left in the cycle [-].
    contact
        Lowest contact fraction [-].
    voltage
        Largest of the two halves' last voltages [V].
    interphase
        Thickness of the thicker interphase at the end [m].
    lithium_lost
        Lithium in both interphases [C/m2].
    pressure
        Stack pressure at the end [Pa].
    cycles
        Cycles that each cell finished, shape (cells,).
    """

    coverage: Array
    contact: Array
    voltage: Array
    interphase: Array
    lithium_lost: Array
    pressure: Array
    cycles: NDArray[np.int64]


def run_cycles(simulator: Simulator, cycle: Cycle, number: int, *, first: Cycle | None = None) -> History:
    """Cycle the cells until they end or have done their cycles.

    Parameters
    ----------
    simulator
        Cells; advanced in place.
    cycle
        The cycle that repeats.
    number
        How many.
    first
        A first cycle that differs (loss of the first charge).
    """
    state = simulator.state
    count = len(state.time)
    shape = (number, count)
    kept = {name: np.full(shape, np.nan) for name in ("coverage", "contact", "voltage", "interphase", "lost", "press")}
    done = np.zeros(count, dtype=np.int64)
    previous: Array | None = None
    while True:
        running = state.alive & (done < number)
        if not running.any():
            break
        chosen = first if first is not None and not done.any() else cycle
        before = _slow(simulator)
        lowest, voltage = _one(simulator, chosen, running)
        done[running & state.alive] += 1
        index = np.where(state.alive, done - 1, done)
        _record(simulator, kept, running, index, lowest, voltage)
        if previous is not None and simulator.setup.stiffness == 0:
            same = _repeats(state.voids[:2], previous) & running & state.alive
            _leap(simulator, kept, done, same, before, number)
        previous = state.voids[:2].copy()
    return History(
        kept["coverage"], kept["contact"], kept["voltage"], kept["interphase"], kept["lost"], kept["press"], done
    )


def _one(simulator: Simulator, cycle: Cycle, running: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Run one cycle of the running cells; return the lowest coverage and the largest voltage."""
    lowest, voltage = np.ones_like(simulator.state.time), np.zeros_like(simulator.state.time)
    halves = ((cycle.forward, cycle.forward_time), (-np.asarray(cycle.backward), cycle.backward_time))
    for current, duration in halves:
        simulator.advance(current, np.where(running, duration, 0.0))
        lowest = np.minimum(lowest, simulator.lowest_coverage)
        voltage = np.maximum(voltage, simulator.state.voltage)
        if cycle.rest:
            simulator.advance(0.0, np.where(running, cycle.rest, 0.0))
    return lowest, voltage


def _record(
    simulator: Simulator,
    kept: dict[str, Array],
    running: NDArray[np.bool_],
    index: NDArray[np.int64],
    lowest: Array,
    voltage: Array,
) -> None:
    state, face = simulator.state, simulator.face
    static = face.static_fraction(state.pressure, state.highest_pressure)
    values = {
        "coverage": lowest,
        "contact": static * lowest,
        "voltage": voltage,
        "interphase": interphase.thickness(state.interphase.max(axis=0), face.p["interphase_thickness"]),
        "lost": state.interphase.sum(axis=0),
        "press": state.pressure,
    }
    cells = np.flatnonzero(running & (index < len(kept["coverage"])))
    for name, value in values.items():
        kept[name][index[cells], cells] = value[cells]


def _slow(simulator: Simulator) -> dict[str, Array]:
    """Return copies of the states that only grow."""
    state = simulator.state
    names = ("hazard", "front", "crack", "conductance", "time", "plated", "extruded", "interphase", "lithium")
    return {name: getattr(state, name).copy() for name in names}


def _repeats(voids: Array, previous: Array) -> NDArray[np.bool_]:
    change = np.abs(voids - previous) / (np.maximum(np.abs(voids), np.abs(previous)) + 1e-8)
    return np.asarray(change.max(axis=(0, 1)) < REPEATS)


def _leap(
    simulator: Simulator,
    kept: dict[str, Array],
    done: NDArray[np.int64],
    same: NDArray[np.bool_],
    before: dict[str, Array],
    number: int,
) -> None:
    """Repeat the last cycle's increments in the cells that repeat it, short of anything that could end them."""
    state, p = simulator.state, simulator.face.p
    step = {name: getattr(state, name) - old for name, old in before.items()}
    quiet = same & (step["conductance"] == 0) & (step["crack"].max(axis=0) == 0)
    far = simulator.filaments.cycles_to_start(state, step)
    with np.errstate(divide="ignore", invalid="ignore"):
        lithium = state.lithium.min(axis=0) / np.maximum(-step["lithium"].min(axis=0), 1e-30)
    leap = np.minimum.reduce([far, lithium, LONGEST_LEAP * done, (number - done).astype(float)])
    leap = np.where(quiet & np.isfinite(leap), np.floor(leap) - 1, 0).astype(np.int64)
    leap[leap < SMALLEST_LEAP] = 0
    if not leap.any():
        return
    for name in ("hazard", "front", "time", "plated", "extruded"):
        getattr(state, name)[...] += step[name] * leap
    duration = step["time"] * leap
    grown = interphase.charge_after(
        duration, state.interphase, p["interphase_rate"], p["interphase_parabolic"], simulator.face.interphase_speed
    )
    moved = step["lithium"] + VOLUME_PER_CHARGE * step["interphase"]
    state.lithium += moved * leap - VOLUME_PER_CHARGE * (grown - state.interphase)
    state.interphase = grown
    for cell in np.flatnonzero(leap):
        last, end = done[cell] - 1, done[cell] + leap[cell]
        for values in kept.values():
            values[last + 1 : end, cell] = values[last, cell]
        thickness = interphase.thickness(state.interphase[:, cell].max(), p["interphase_thickness"][cell])
        kept["interphase"][last:end, cell] = np.sqrt(
            np.linspace(kept["interphase"][last, cell] ** 2, thickness**2, leap[cell] + 1)
        )
        kept["lost"][last:end, cell] = np.linspace(
            kept["lost"][last, cell], state.interphase[:, cell].sum(), leap[cell] + 1
        )
    done += leap


def half_time(capacity: float, current: Array | float) -> Array | float:
    """Return the duration [s] of a half cycle of a capacity [C/m2] at a current density [A/m2]."""
    return np.asarray(capacity / np.asarray(current, dtype=float)) if np.ndim(current) else capacity / float(current)


__all__ = ["FACES", "Cycle", "History", "half_time", "run_cycles"]
