"""The state of one symmetric cell whose faces are patches, and one half cycle of it.

Each patch has a void balance of its own; between sub-steps the network of ``anode.patches`` shares the current anew.
Leaves out: where the patches' parameters come from, and what ends a test (``patches``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lisse.anode import interphase
from lisse.anode.patches import PatchNetwork, share_current
from lisse.lithium.filaments import Filaments
from lisse.lithium.integrate import integrate
from lisse.lithium.interface import FACES, Interface
from lisse.lithium.simulator import VOID_SCALE
from lisse.mechanism import VOLUME_PER_CHARGE

Array = NDArray[np.float64]

SMALLEST_CURRENT = 1e-3
"""Current density below which a patch's resistance is that at this one [A/m2]."""


@dataclass
class PatchedFaces:
    """State of both faces' patches, shape (2, patches); voids (3, 2, patches)."""

    voids: Array
    interphase: Array
    lithium: Array
    current: Array | None = None


class PatchedCell:
    """One symmetric cell whose faces are patches.

    Parameters
    ----------
    face
        Equations with one set of parameters per patch, arrays of shape (2 * patches,): first face, then second.
    filaments
        Of the same patches: critical current density, and fresh surface where plating comes near it.
    network
        The separator.
    pressure, highest_pressure
        On each patch [Pa], shape (patches,).
    lithium
        Thickness of both faces' lithium [m], shape (2, 1) or (2, patches).
    layer_resistance
        Of what lies between each face and the separator [ohm m^2] (half of a symmetric cell's interlayers).
    """

    def __init__(
        self,
        face: Interface,
        filaments: Filaments,
        network: PatchNetwork,
        pressure: Array,
        highest_pressure: Array,
        lithium: Array,
        layer_resistance: float = 0.0,
    ) -> None:
        self.face, self.filaments = face, filaments
        self.network, self.layer_resistance = network, layer_resistance
        self.shape = (FACES, network.patches)
        self.pressure = pressure
        both, highest = np.tile(pressure, FACES), np.tile(highest_pressure, FACES)
        self.healing, self.closure = face.healing(both), face.closure(both)
        self.static = face.static_fraction(both, highest)
        self.state = PatchedFaces(
            voids=np.zeros((3, *self.shape)),
            interphase=np.full(self.shape, interphase.FIRST_CHARGE),
            lithium=np.broadcast_to(lithium, self.shape).copy(),
        )

    def coverage(self) -> Array:
        """Share of the contact that voids leave on each patch [-], shape (2, patches)."""
        return self.face.coverage(self.state.voids[0].ravel()).reshape(self.shape)

    def contact_fraction(self) -> Array:
        """Contact fraction of each patch, static and voids together [-], shape (2, patches)."""
        return self.static.reshape(self.shape) * self.coverage()

    def edge_current(self, current: Array) -> Array:
        """Plating current at the edge of each patch's voids [A/m^2], 0 where it strips; shape (2, patches)."""
        plating = np.maximum(-self._signed(current), 0.0)
        return self.face.edge_current(plating, self.coverage().ravel()).reshape(self.shape)

    def share(self, mean_current: float) -> float:
        """Share a current among the patches at their present state; return the voltage of faces and separator [V]."""
        covered, charge = self.coverage().ravel(), self.state.interphase.ravel()

        def resistance(current: Array) -> Array:
            seen = np.maximum(np.abs(current.ravel()), SMALLEST_CURRENT)
            drop = self.face.overpotential(seen, self.static, covered, charge)
            return np.asarray((drop / seen).reshape(self.shape) + self.layer_resistance)

        start = self.state.current
        if start is not None and start.mean() * mean_current <= 0:
            start = None
        found = share_current(self.network, resistance, mean_current, start)
        self.state.current = found.current
        return found.voltage

    def half_cycle(self, mean_current: float, duration: float, steps: int) -> PatchHistory:
        """Apply a current for a time in sub-steps; stop where a foil's first patch has run out of lithium.

        Currents stay what they are within a sub-step: those of its middle, extrapolated from the last two solutions,
        which makes the splitting of second order. The extrapolation keeps the total.

        Parameters
        ----------
        mean_current
            Over the electrode's area [A/m^2]; positive strips the first face.
        duration
            [s].
        steps
            Number of sub-steps.
        """
        history = PatchHistory()
        step = duration / steps
        history.add(0.0, self, self.share(mean_current))
        last = self._half_step_back(mean_current, step)
        for number in range(steps):
            now = self.state.current
            assert now is not None
            self._advance(1.5 * now - 0.5 * last, step)
            last = now
            history.add((number + 1) * step, self, self.share(mean_current))
            if self.state.lithium.min() <= 0:
                break
        return history

    def _half_step_back(self, mean_current: float, step: float) -> Array:
        """Return the currents that, extrapolated, give those of the middle of the first sub-step."""
        now, voids = self.state.current, self.state.voids
        assert now is not None
        self.state.voids = self._integrated(now, 0.5 * step)
        self.share(mean_current)
        middle = self.state.current
        self.state.voids, self.state.current = voids, now
        assert middle is not None
        return np.asarray(3 * now - 2 * middle)

    def _signed(self, current: Array) -> Array:
        """Current of every patch, positive when stripping; shape (2 * patches,)."""
        return np.concatenate([current[0], -current[1]])

    def _integrated(self, current: Array, duration: float) -> Array:
        signed, samples = self._signed(current), self.state.voids[0].size

        def clipped(step: Array, voids: Array, advanced: NDArray[np.bool_]) -> NDArray[np.bool_]:
            np.maximum(voids, 0.0, out=voids)
            return np.zeros_like(advanced)

        reached = integrate(
            lambda voids: self.face.rates(voids, signed, self.healing, self.closure),
            self.state.voids.reshape(3, 1, samples),
            np.full(samples, duration),
            VOID_SCALE,
            observe=clipped,
        )
        return reached.reshape(3, *self.shape)

    def _advance(self, current: Array, duration: float) -> None:
        state, p = self.state, self.face.p
        state.voids = self._integrated(current, duration)
        edge = self.edge_current(current).ravel()
        fresh = 1 + p["fresh_surface_factor"] * self.filaments.roughening(edge)
        grown = interphase.charge_after(
            duration,
            state.interphase.ravel(),
            p["interphase_rate"],
            p["interphase_parabolic"],
            self.face.interphase_speed * fresh,
        ).reshape(self.shape)
        consumed = self._signed(current).reshape(self.shape) * duration + grown - state.interphase
        state.lithium -= VOLUME_PER_CHARGE * consumed
        state.interphase = grown


@dataclass
class PatchHistory:
    """What a half cycle leaves at its start and after each sub-step; arrays (2, patches), times [s], voltages [V]."""

    time: list[float] = field(default_factory=list)
    current: list[Array] = field(default_factory=list)
    coverage: list[Array] = field(default_factory=list)
    contact: list[Array] = field(default_factory=list)
    edge_current: list[Array] = field(default_factory=list)
    voltage: list[float] = field(default_factory=list)

    def add(self, time: float, cell: PatchedCell, voltage: float) -> None:
        """Record the state of a cell."""
        assert cell.state.current is not None
        self.time.append(time)
        self.current.append(cell.state.current)
        self.coverage.append(cell.coverage())
        self.contact.append(cell.contact_fraction())
        self.edge_current.append(cell.edge_current(cell.state.current))
        self.voltage.append(voltage)

    def extend(self, other: PatchHistory, count: int, start: float) -> None:
        """Append the first points of another history, whose time begins at ``start`` [s]."""
        self.time += [start + time for time in other.time[:count]]
        for name in ("current", "coverage", "contact", "edge_current", "voltage"):
            getattr(self, name).extend(getattr(other, name)[:count])
