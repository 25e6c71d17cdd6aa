"""Symmetric lithium cells under current steps, many at once: voids, interphase, filaments, and how each cell ends.

Two faces with opposite signs of one current share separator, pressure and fate. Leaves out: composite cathodes (the
coupled model has them) and diffusion in alloys.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lisse.anode import interphase
from lisse.anode.contact import ATMOSPHERE
from lisse.anode.voids import COVERAGE_LOST
from lisse.lithium.filaments import Filaments
from lisse.lithium.integrate import integrate
from lisse.lithium.interface import FACES, Ending, Interface
from lisse.mechanism import VOLUME_PER_CHARGE

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

VOID_SCALE = 1e-9
"""Void height whose error does not matter [m]."""
LONGEST_STEP = 900.0
"""Longest step [s]: how a cell ends is seen at the ends of steps."""
VISIBLE_DROP = 0.3
"""Fall of the voltage that counts as a short [-] (anode.md 3.10)."""


@dataclass(frozen=True)
class Setup:
    """What the simulated cells share or bring along; arrays over cells or numbers, SI.

    Attributes
    ----------
    pressure
        Stack pressure at the start [Pa].
    highest_pressure
        Highest pressure that the contact has seen [Pa].
    stiffness
        Of the fixture [Pa/m]; 0 holds the pressure.
    lithium
        Thickness of the lithium of both faces [m], shape (2,) or (2, cells).
    separator_thickness
        [m].
    voltage_limit
        Largest magnitude of the voltage [V].
    extrusion_rate
        Relative thinning of a foil that no die confines [1/s]; 0 where a die does.
    """

    pressure: Array | float
    highest_pressure: Array | float
    stiffness: float
    lithium: Array
    separator_thickness: float
    voltage_limit: float
    extrusion_rate: Array | float = 0.0


@dataclass
class State:
    """States of all cells; faces come first where a face has its own."""

    voids: Array
    interphase: Array
    hazard: Array
    crack: Array
    drive: Array
    front: Array
    conductance: Array
    lithium: Array
    pressure: Array
    highest_pressure: Array
    extruded: Array
    time: Array
    plated: Array
    highest_plating: Array
    ending: NDArray[np.int64]
    ending_face: NDArray[np.int64]
    pore_path: Flags
    voltage: Array

    @property
    def alive(self) -> Flags:
        """Cells that have not ended."""
        return self.ending == Ending.NONE


class Simulator:
    """Many cells under one sequence of steps.

    Parameters
    ----------
    face
        Equations and parameters of a lithium face.
    filaments
        When filaments start, how fast they cross, and what conducts then.
    setup
        Pressure, lithium, limits.
    tolerance
        Relative error per step of the void balance.
    """

    def __init__(self, face: Interface, filaments: Filaments, setup: Setup, tolerance: float = 1e-3) -> None:
        self.face, self.filaments, self.setup, self.tolerance = face, filaments, setup, tolerance
        count = len(face.around.temperature)
        pressure = np.broadcast_to(np.maximum(setup.pressure, ATMOSPHERE), (count,)).astype(float)
        lithium = np.broadcast_to(np.asarray(setup.lithium, dtype=float).reshape(FACES, -1), (FACES, count)).copy()
        pair = (FACES, count)
        self.state = State(
            voids=np.zeros((3, FACES, count)),
            interphase=np.full(pair, interphase.FIRST_CHARGE),
            hazard=np.zeros(pair),
            crack=np.zeros(pair),
            drive=np.zeros(pair),
            front=np.zeros(pair),
            conductance=np.zeros(count),
            lithium=lithium,
            pressure=pressure.copy(),
            highest_pressure=np.maximum(setup.highest_pressure, pressure),
            extruded=np.zeros(count),
            time=np.zeros(count),
            plated=np.zeros(pair),
            highest_plating=np.zeros(count),
            ending=np.zeros(count, dtype=np.int64),
            ending_face=np.full(count, -1, dtype=np.int64),
            pore_path=np.zeros(count, dtype=bool),
            voltage=np.zeros(count),
        )
        self._start_pressure, self._start_lithium = pressure, lithium.sum(axis=0)
        self.lowest_coverage = np.ones(count)

    def advance(self, current: Array | float, duration: Array | float) -> None:
        """Apply a current for a time; cells that end stay where they are.

        Parameters
        ----------
        current
            Applied current density [A/m^2], positive strips the first face; shape (cells,) or a number.
        duration
            [s].
        """
        state = self.state
        count = len(state.time)
        applied = np.broadcast_to(current, (count,)).astype(float)
        left = np.where(state.alive, np.broadcast_to(duration, (count,)), 0.0)
        self.lowest_coverage = np.ones(count)
        step = _Step(self, applied)
        if not self.face.flows:
            step.coarse(left)
            return
        longest = np.maximum(np.minimum(left / 20, LONGEST_STEP), 1e-9)
        state.voids = integrate(
            step.rates,
            state.voids,
            left,
            VOID_SCALE,
            tolerance=self.tolerance,
            longest_step=longest,
            observe=step.observe,
        )

    def coverage(self) -> Array:
        """Share of the contact that voids leave on each face [-]."""
        if not self.face.flows:
            return np.ones_like(self.state.hazard)
        return self.face.coverage(self.state.voids[0])

    def contact_fraction(self) -> Array:
        """Contact fraction of each face, static and voids together [-]."""
        static = self.face.static_fraction(self.state.pressure, self.state.highest_pressure)
        return np.asarray(static * self.coverage())


class _Step:
    """One current step: rates for the integrator, and everything else at the accepted steps."""

    def __init__(self, simulator: Simulator, applied: Array) -> None:
        self.simulator, self.applied = simulator, applied
        self.face, self.filaments, self.state = simulator.face, simulator.filaments, simulator.state
        self.current = applied.copy()
        self.signed = np.stack([applied, -applied])
        self.static = self.face.static_fraction(self.state.pressure, self.state.highest_pressure)
        self.held = simulator.setup.stiffness == 0
        self._press()
        self._short()
        self.hazard_rate = self._hazard_rate(simulator.coverage())

    def rates(self, voids: Array) -> Array:
        """Rates of both faces' voids, shape (3, faces, cells)."""
        return self.face.rates(voids, self.signed, self.healing, self.closure)

    def observe(self, step: Array, voids: Array, advanced: Flags) -> Flags:
        """Advance what follows the voids, and stop cells that end."""
        np.maximum(voids, 0.0, out=voids)
        covered = self.face.coverage(voids[0])
        return self._follow(step, covered, advanced, voids)

    def coarse(self, left: Array) -> None:
        """Advance cells whose interface grows no voids."""
        covered = np.ones_like(self.state.hazard)
        pieces = max(20, int(np.ceil(left.max(initial=0.0) / LONGEST_STEP)))
        for _ in range(pieces):
            step = np.where(self.state.alive, left / pieces, 0.0)
            self._follow(step, covered, step > 0, self.state.voids)

    def _follow(self, step: Array, covered: Array, advanced: Flags, voids: Array) -> Flags:
        state, face = self.state, self.face
        plating = np.maximum(-self.signed, 0.0)
        state.time += step
        state.plated += plating * step
        state.highest_plating = np.maximum(state.highest_plating, plating.max(axis=0))
        self._grow_interphase(step, plating, covered)
        state.lithium -= VOLUME_PER_CHARGE * self.signed * step
        state.extruded += self.simulator.setup.extrusion_rate * step
        rate = self._hazard_rate(covered)
        state.hazard += 0.5 * (rate + self.hazard_rate) * step
        self.hazard_rate = rate
        self.filaments.advance(state, step, plating, self._edge(plating, covered))
        if not self.held:
            height = (voids[0] + voids[1]).sum(axis=0)
            swelling = (face.p["interphase_thickness"] - VOLUME_PER_CHARGE) * state.interphase.sum(axis=0)
            change = height + swelling + state.lithium.sum(axis=0) - self.simulator._start_lithium
            state.pressure = np.maximum(
                self.simulator._start_pressure + self.simulator.setup.stiffness * change, ATMOSPHERE
            )
            state.highest_pressure = np.maximum(state.highest_pressure, state.pressure)
            self.static = face.static_fraction(state.pressure, state.highest_pressure)
            self._press()
        bare = self._voltage(covered)
        self._short(bare)
        lost = covered.min(axis=0)
        self.simulator.lowest_coverage = np.where(
            advanced, np.minimum(self.simulator.lowest_coverage, lost), self.simulator.lowest_coverage
        )
        return self._end(advanced, covered, bare)

    def _press(self) -> None:
        self.healing = self.face.healing(self.state.pressure)
        self.closure = self.face.closure(self.state.pressure) if self.face.flows else np.zeros_like(self.healing)

    def _voltage(self, covered: Array) -> Array:
        """Magnitude of the voltage that the internal current costs [V]."""
        faces = self.face.overpotential(self.current, self.static, covered, self.state.interphase)
        return np.asarray(faces.sum(axis=0) + np.abs(self.current) * self.face.around.separator_resistance)

    def _short(self, bare: Array | None = None) -> None:
        """Share the applied current between the cell and its short."""
        if bare is None:
            bare = self._voltage(self.simulator.coverage())
        resistance = bare / np.maximum(np.abs(self.current), 1e-9)
        self.drop = resistance * self.state.conductance / (1 + resistance * self.state.conductance)
        self.current = self.applied * (1 - self.drop)
        self.signed = np.stack([self.current, -self.current])
        self.state.voltage = np.abs(self.current) * resistance

    def _edge(self, plating: Array, covered: Array) -> Array:
        if not self.face.flows:
            return plating
        return self.face.edge_current(plating, covered)

    def _hazard_rate(self, covered: Array) -> Array:
        plating = np.maximum(-self.signed, 0.0)
        return self.filaments.hazard_rate(plating, self._edge(plating, covered), self.state.pressure)

    def _grow_interphase(self, step: Array, plating: Array, covered: Array) -> None:
        state, p = self.state, self.face.p
        fresh = 1 + p["fresh_surface_factor"] * self.filaments.roughening(self._edge(plating, covered))
        grown = interphase.charge_after(
            step, state.interphase, p["interphase_rate"], p["interphase_parabolic"], self.face.interphase_speed * fresh
        )
        state.lithium -= VOLUME_PER_CHARGE * (grown - state.interphase)
        state.interphase = grown

    def _end(self, advanced: Flags, covered: Array, bare: Array) -> Flags:
        state, setup = self.state, self.simulator.setup
        shorted = self.filaments.hard(state.conductance) | (self.drop > VISIBLE_DROP)
        film = self.face.p["interphase_thickness"] * state.interphase.max(axis=0)
        reasons = (
            (Ending.SHORT, shorted),
            (Ending.CONTACT_LOSS, covered.min(axis=0) < COVERAGE_LOST),
            (Ending.VOLTAGE_LIMIT, state.voltage > setup.voltage_limit),
            (Ending.LITHIUM_EXHAUSTED, state.lithium.min(axis=0) <= 0),
            (Ending.LITHIUM_EXTRUSION, state.extruded > self.filaments.LARGEST_EXTRUSION),
            (Ending.INTERPHASE_THROUGH, self.filaments.mixed & (film > setup.separator_thickness)),
        )
        stopped = np.zeros_like(advanced)
        for reason, holds in reasons:
            new = advanced & state.alive & holds
            state.ending[new] = reason
            if reason is Ending.SHORT:
                state.ending_face[new] = self.filaments.leading_face(state)[new]
            stopped |= new
        return stopped
