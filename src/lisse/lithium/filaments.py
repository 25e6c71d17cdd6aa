"""Filaments of many cells: when they start, how they cross the separator, and what the short conducts.

Two paths to a short: a flaw that cracks and is filled while its electrode plates, and lithium that creeps through
connected pores. Leaves out: the voids that crowd the current (``interface``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lisse.anode.interlayers import transport_limited_current
from lisse.anode.interphase import roughening
from lisse.cell.cell import Cell
from lisse.lithium.interface import FACES, Ending, Interface
from lisse.lithium.parameters import stream
from lisse.materials import Material
from lisse.mechanism import arrhenius
from lisse.separator import cracks, creep_into_pores, electronic_leak, filament_modes, hazard
from lisse.separator.flaw_statistics import (
    FLAWS_DRAWN,
    REFERENCE_GRAIN_SIZE,
    FlawDraw,
    FlawPopulation,
    cell_scale,
    draw_flaws,
    number_of_flaws,
    tail_exponent,
)
from lisse.separator.flaws import Loading

if TYPE_CHECKING:
    from lisse.lithium.simulator import State

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

REFERENCE_PRESSURE = 3.6e6
"""Stack pressure at which a cell of the calibration has exactly the critical plating current [Pa]. Calibrated: 3 and
7 MPa gave the same current within 15 %, and cells at 3 MPa and 1 mA/cm2 failed between cycles 4 and 10."""
REFERENCE_RESISTANCE = 1e-4
"""Local resistance at the mouth of a flaw in those cells [ohm m2]: the charge-transfer resistance of 1 ohm cm2."""
SHORT_RECOVERY = 0.5
"""What stripping takes from a soft short over what plating of the same charge gave it [-] (assumed: part of a
filament is cut off and stays)."""


class Filaments:
    """Filaments from both faces of some cells.

    Parameters
    ----------
    cell
        Cell file: separator thickness, density, grain size, area.
    parameters
        By name, see :data:`lisse.lithium.parameters.ROWS`.
    face
        Equations of the faces (temperature, creep).
    seed
        Shorts start by chance; None for the deterministic criterion: the current at the edge of the voids reaches the
        critical plating current.
    bulk_nucleation
        Whether lithium is born in the bulk above the proposed limit of the electronic conductivity (contested).
    """

    LARGEST_EXTRUSION = 0.05
    """Thinning of an unconfined foil beyond which its edge may bridge the separator [-] (anode.md 1.6)."""

    def __init__(
        self,
        cell: Cell,
        parameters: dict[str, Array],
        face: Interface,
        pressure: Array,
        seed: int | None,
        bulk_nucleation: bool = False,
    ) -> None:
        self.p, self.face, self.bulk_nucleation = parameters, face, bulk_nucleation
        self.possible = face.flows
        """Whether filaments can form: an alloy's skeleton grows none."""
        self.by_chance = seed is not None
        self.count = len(face.around.temperature)
        self.thickness = cell.derived.separator_thickness
        self.porosity = cell.derived.separator_porosity
        self.area = cell.derived.cell_area
        self.grain_size = cell.spec.separator.grain_size or REFERENCE_GRAIN_SIZE
        self.mixed = cell.has_claim("separator", "interphase_type") and cell.number("separator", "interphase_type") == 2
        if not self.possible:
            return
        self.carried = _carried(cell, face)
        self.draws = [self._draw(side, seed) for side in range(FACES)]
        self.path = np.ones((FACES, self.count))
        if seed is not None:
            self.path = np.stack(
                [creep_into_pores.draw_paths(stream(f"path {side}", seed), self.count) for side in range(FACES)]
            )
        material = cell.claim("separator", "fracture_toughness").material
        self.reference_toughness = _number(material, "fracture_toughness")
        if cell.has_claim("separator", "critical_plating_toughness"):
            self.reference_toughness = cell.number("separator", "critical_plating_toughness")
        self.reference_flaw = _number(material, "flaw_size")
        self.reference_aspect = _number(material, "flaw_aspect_ratio")
        self._prepare(pressure)

    def _prepare(self, pressure: Array) -> None:
        """Find the initiation current density of each face at the stack pressure of the start [A/m2]."""
        p = self.p
        modulus = p["weibull_modulus"]
        exponent = tail_exponent(modulus)
        number = number_of_flaws(hazard.REFERENCE_AREA)
        pellet = FlawPopulation.of_pellet(
            p["flaw_size"], exponent, self.grain_size, 1 - self.porosity, number, p["flaw_aspect"]
        )
        reference = FlawPopulation.of_pellet(
            self.reference_flaw, exponent, number=number, aspect_ratio=self.reference_aspect
        )
        loading = Loading(p["toughness"], pressure, REFERENCE_RESISTANCE * p["local_resistance"])
        usual = Loading(self.reference_toughness, REFERENCE_PRESSURE, REFERENCE_RESISTANCE)
        scale = np.stack([cell_scale(draw, pellet, loading, reference, usual) for draw in self.draws])
        warm = self.face.creep_factor
        self.critical = p["critical_plating_current"] * p.get("plating_factor", 1.0) * warm * scale
        if self.carried is not None:
            self.critical = np.minimum(self.critical, self.carried)
        self.weibull_scale = self.critical / np.log(2) ** (1 / modulus)
        self.threshold = np.stack([draw.threshold for draw in self.draws])
        self.depth = np.stack([pellet.depths(draw)[:, 0] for draw in self.draws])

    def hazard_rate(self, plating: Array, edge: Array, pressure: Array) -> Array:
        """Rate of each face's cumulative hazard [1/s]."""
        if not self.possible:
            return np.zeros_like(plating)
        if not self.by_chance:
            # The deterministic criterion: certain at the critical current, impossible below it.
            born = self._bulk_rate(plating) > 0
            return np.where((edge >= self.critical) | born, 1.0, 0.0) * (plating > 0)
        rate = hazard.hazard_rate(-plating, edge, self.weibull_scale, self.p["weibull_modulus"], self.area)
        return np.asarray(rate + self._bulk_rate(plating))

    def _bulk_rate(self, plating: Array) -> Array:
        """Hazard of lithium born in the bulk [1/s]: that of a cell at the critical current, above the limit."""
        if not self.bulk_nucleation:
            return np.zeros_like(plating)
        limit = electronic_leak.conductivity_limit(np.maximum(plating, 1e-9))
        return np.log(2) * plating / hazard.REFERENCE_CHARGE * (self.p["electronic_conductivity"] >= limit)

    def roughening(self, edge: Array) -> Array:
        """Degree to which plating makes fresh surface [-]: rises from 0 to 1 about half of the critical current."""
        if not self.possible:
            return np.zeros_like(edge)
        return np.asarray(roughening(edge, 0.5 * self.p["critical_plating_current"] * self.face.creep_factor))

    def advance(self, state: State, step: Array, plating: Array, edge: Array) -> None:
        """Advance cracks, fronts in the pores and the conductance of shorts."""
        if not self.possible:
            return
        p = self.p
        started = state.hazard >= (self.threshold if self.by_chance else 1e-9)
        running = started & (state.crack < self.thickness)
        state.drive = np.where(running, np.maximum(state.drive, edge / self.critical), state.drive)
        state.crack += np.where(started, cracks.advance_rate(-edge, p["filament_speed"]) * step, 0.0)
        velocity = creep_into_pores.front_velocity(
            -plating,
            state.pressure,
            self.face.around.temperature,
            self.porosity,
            p["pore_rate"],
            p["pore_pressure"],
            p["pore_threshold"],
            p["pore_porosity"],
            p["pore_current_exponent"],
            p["creep_energy"],
        )
        pressed = creep_into_pores.mechanical_rate(state.pressure, p["press_short_time"], p["press_short_pressure"])
        state.front += creep_into_pores.crossing_rate(velocity, self.thickness, pressed) * step
        cracked = state.crack >= self.thickness
        crept = state.front >= self.path
        through = (cracked | crept).any(axis=0)
        state.pore_path |= crept.any(axis=0) & ~cracked.any(axis=0)
        born = through & (state.conductance == 0)
        state.conductance[born] = hazard.BIRTH_CONDUCTANCE
        # A short grows from the face that bore it, whichever that was: the stronger of the two plates for it.
        face = self.leading_face(state)
        columns = np.arange(self.count)
        current = plating[1 - face, columns] - plating[face, columns]
        rate = hazard.conductance_rate(state.conductance, current, p["short_growth"], SHORT_RECOVERY)
        state.conductance = np.where(through, np.maximum(state.conductance + rate * step, 0.0), state.conductance)

    def leading_face(self, state: State) -> NDArray[np.int64]:
        """Return the face whose filament has come furthest, as a part of its own way."""
        if not self.possible:
            return np.zeros(self.count, dtype=np.int64)
        return np.argmax(np.maximum(state.crack / self.thickness, state.front / self.path), axis=0)

    def hard(self, conductance: Array) -> Flags:
        """Tell which shorts are hard."""
        return np.asarray(hazard.is_hard(conductance))

    def cycles_to_start(self, state: State, step: dict[str, Array]) -> Array:
        """Return how many more cycles like the last one bring each cell to a filament or a short."""
        if not self.possible:
            return np.full(self.count, np.inf)
        limit = self.threshold if self.by_chance else np.full_like(state.hazard, 1e-9)
        with np.errstate(divide="ignore", invalid="ignore"):
            starts = np.where(step["hazard"] > 0, (limit - state.hazard) / step["hazard"], np.inf)
            crosses = np.where(step["front"] > 0, (self.path - state.front) / step["front"], np.inf)
        return np.asarray(np.minimum(starts, crosses).min(axis=0))

    def modes(self, state: State) -> list[str | None]:
        """Return the filament mode of each cell that shorted; None for the others."""
        if not self.possible:
            return [None] * self.count
        column = np.arange(self.count), np.maximum(state.ending_face, 0)
        # A crack that ran had at least its strength; lithium that crept through the pores had no crack to drive.
        drive = np.where(state.pore_path, 0.0, np.maximum(state.drive.T[column], 1.0))
        leak = np.zeros(self.count)
        if self.bulk_nucleation:
            highest = np.maximum(state.highest_plating, 1e-9)
            leak = self.p["electronic_conductivity"] / electronic_leak.conductivity_limit(highest)
        connected = creep_into_pores.pore_connectivity(self.porosity, self.p["pore_porosity"])
        codes = filament_modes.filament_mode(drive, self.depth.T[column] / self.grain_size, connected, leak)
        names = filament_modes.mode_names(codes)
        return [name if state.ending[k] == Ending.SHORT else None for k, name in enumerate(names)]

    def causes(self, state: State) -> list[str | None]:
        """Return what shorted each cell: ``voids`` (the current alone would not have), ``current`` or ``pores``."""
        if not self.possible:
            return [None] * self.count
        face = np.maximum(state.ending_face, 0)
        enough = state.highest_plating >= self.critical.T[np.arange(self.count), face]
        names = np.where(state.pore_path, "pores", np.where(enough, "current", "voids"))
        return [str(name) if state.ending[k] == Ending.SHORT else None for k, name in enumerate(names)]

    def count_causes(self, state: State) -> dict[str, int]:
        """Return how many shorts had which cause."""
        names = [name for name in self.causes(state) if name]
        return {name: names.count(name) for name in ("voids", "current", "pores") if name in names}

    def count_modes(self, state: State) -> dict[str, int]:
        """Return how many shorts were of which mode."""
        names = [name for name in self.modes(state) if name]
        return {name: names.count(name) for name in filament_modes.MODES if name in names}

    def warnings(self, state: State) -> list[str]:
        """Return sentences about shorts that rest on assumptions."""
        if not self.possible:
            return []
        short = state.ending == Ending.SHORT
        found = []
        if (short & state.pore_path).any():
            found.append(
                "shorts through pores rest on an assumption: critical porosity, current exponent and threshold "
                "pressure of the creep into pores are not measured."
            )
        if (short & ~state.pore_path).any():
            found.append(
                "shorts through cracks rest on an assumption: speed of the filament, growth of the short, flaw sizes "
                "and local resistance are not measured."
            )
        return found

    def _draw(self, side: int, seed: int | None) -> FlawDraw:
        if seed is not None:
            return draw_flaws(stream(f"flaws {side}", seed), self.count)
        # The medians of the expected numbers of deeper flaws, and median widths.
        ranks = np.arange(1, FLAWS_DRAWN + 1)
        return FlawDraw(
            np.broadcast_to(ranks - 1 / 3, (self.count, FLAWS_DRAWN)).copy(), np.zeros((self.count, FLAWS_DRAWN))
        )


def _carried(cell: Cell, face: Interface) -> Array | None:
    """Largest current density that lithium carries through the host of an interlayer [A/m2]; None without a host."""
    if not all(cell.has_claim("interlayer", name) for name in ("diffusivity", "specific_capacity")):
        return None
    assert cell.spec.anode.interlayer is not None
    warm = arrhenius(cell.number("interlayer", "diffusivity_activation_energy"), face.around.temperature)
    return np.asarray(
        transport_limited_current(
            cell.number("interlayer", "specific_capacity"),
            cell.number("interlayer", "density"),
            cell.number("interlayer", "diffusivity") * warm,
            cell.spec.anode.interlayer.thickness,
        )
    )


def _number(material: str, name: str) -> float:
    value = Material.load(material).value(name)
    assert isinstance(value, float | int)
    return float(value)
