"""Patches of one symmetric cell in half cycles: the current moves to where the contact lasts, and voids follow it.

Draws what differs between patches, presses on each, and says what comes out (``patched_cell`` does the steps).
Leaves out: filaments beyond their start, extrusion, and fixtures that do not hold the pressure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.anode.contact import ATMOSPHERE
from lisse.anode.creep import CreepLaw
from lisse.anode.extrusion import lithium_pressure
from lisse.anode.patches import Layout, PatchNetwork, disc_layout
from lisse.anode.voids import COVERAGE_LOST
from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build, range_warnings
from lisse.lithium.filaments import Filaments
from lisse.lithium.interface import FACES, Interface, Surroundings
from lisse.lithium.parameters import creeps, draw, read_claims
from lisse.lithium.patched_cell import PatchedCell, PatchHistory
from lisse.lithium.statistics import rounded

Array = NDArray[np.float64]

VARIED = (
    "coverage_height",
    "healing_offset",
    "healing_linear",
    "healing_power",
    "critical_plating_current",
)
"""What differs from patch to patch: void height, healing current and critical plating current (anode.md 2.8)."""
DEFAULT_CAPACITY = 3.6e4
"""Charge of a half cycle [C/m2] (1 mAh/cm2)."""
DEFAULT_STEPS = 40
"""Sub-steps of a half cycle with frozen currents; each patch's current is then within 0.04 % (docs/lateral-patches)."""
MOST_PATCHES = 2000
CENTRE, RIM = 0.5, 0.85
"""Relative radii inside and outside of which patches count as the middle and as the rim."""


@dataclass(frozen=True)
class LocalCurrents:
    """Half cycles of a cell made of patches.

    Attributes
    ----------
    time, voltage
        At the start of each half cycle and after each sub-step [s], [V], shape (points,).
    half_cycle
        Number of the half cycle of each point, from 1.
    current
        Current density of the patches of both faces, positive where the first face strips [A/m^2], shape
        (points, 2, patches).
    coverage, contact
        Share of the contact that voids leave, and contact fraction [-], same shape.
    edge_current
        Plating current at the edge of the voids [A/m^2], 0 on the face that strips; same shape.
    critical
        Initiation current density of filaments of each patch [A/m^2], shape (2, patches).
    pressure, healing
        On each patch [Pa], shape (patches,), and its healing current [A/m^2], shape (2, patches).
    mean_current
        [A/m^2], that of the first half cycle.
    ending
        ``contact_loss``, ``voltage_limit``, ``lithium_exhausted`` or None.
    """

    cell: Cell
    layout: Layout
    patch_side: float
    time: Array
    voltage: Array
    half_cycle: NDArray[np.int64]
    current: Array
    coverage: Array
    contact: Array
    edge_current: Array
    critical: Array
    pressure: Array
    healing: Array
    mean_current: float
    ending: str | None
    seed: int
    warnings: list[str]

    @property
    def positions(self) -> Array:
        """Centres of the patches from the middle of the electrode [m], shape (patches, 2)."""
        return self.layout.positions * self.patch_side

    @property
    def current_over_mean(self) -> Array:
        """Local current over the mean [-], shape (points, 2, patches)."""
        return np.asarray(self.current / self.current.mean(axis=2, keepdims=True))

    def summary(self) -> dict[str, Any]:
        """Return the outcome of the followed (first) face as plain types.

        With more than one half cycle the histories hold their ends, and of the plating current over its critical value
        the highest of each half cycle; ``map`` is the last point.
        """
        ends = np.append(self.half_cycle[1:] != self.half_cycle[:-1], True)
        kept = ends if self.half_cycle[-1] > 1 else np.ones_like(ends)
        relative, contact = self.current_over_mean[kept, 0], self.contact[kept, 0]
        plating = self.edge_current / self.critical
        if self.half_cycle[-1] > 1:
            plating = np.array([plating[self.half_cycle == half].max(axis=0) for half in np.unique(self.half_cycle)])
        return rounded(
            {
                "cell": self.cell.name,
                "patches": len(self.pressure),
                "seed": self.seed,
                "current_density_mA_cm2": self.mean_current / 10,
                "half_cycles": int(self.half_cycle[-1]),
                "time_h": self.time[kept] / 3600,
                "voltage_V": self.voltage[kept],
                "local_current_over_mean": {
                    "median": np.median(relative, axis=1),
                    "p90": np.percentile(relative, 90, axis=1),
                    "max": relative.max(axis=1),
                },
                "patches_lost": [int(n) for n in (self.coverage[kept, 0] < COVERAGE_LOST).sum(axis=1)],
                "contact_fraction": {
                    "mean": contact.mean(axis=1),
                    "p10": np.percentile(contact, 10, axis=1),
                    "min": contact.min(axis=1),
                },
                "patches_above_critical_plating_current": [int(n) for n in (plating >= 1).sum(axis=(1, 2))],
                "plating_current_over_critical": plating.max(axis=(1, 2)),
                "rim": self._rim(),
                "map": self._map(),
                "ended_by": self.ending or "survived",
                "warnings": self.warnings,
            }
        )

    def _rim(self) -> dict[str, Any]:
        """Compare the rim with the middle at the last point."""
        radius = self.layout.relative_radius
        middle, rim = radius < CENTRE, radius > RIM
        contact, relative = self.contact[-1, 0], self.current_over_mean[-1, 0]

        def mean(values: Array, where: NDArray[np.bool_]) -> float:
            return float(values[where].mean()) if where.any() else float("nan")

        return {
            "contact_fraction_rim": mean(contact, rim),
            "contact_fraction_middle": mean(contact, middle),
            "current_over_mean_rim": mean(relative, rim),
            "current_over_mean_middle": mean(relative, middle),
            "pressure_rim_MPa": mean(self.pressure, rim) / 1e6,
            "pressure_middle_MPa": mean(self.pressure, middle) / 1e6,
        }

    def _map(self) -> dict[str, Any]:
        x, y = self.positions.T * 1e3
        return {
            "x_mm": x,
            "y_mm": y,
            "side_mm": self.patch_side * 1e3,
            "contact_fraction": self.contact[-1, 0],
            "local_current_over_mean": self.current_over_mean[-1, 0],
            "pressure_MPa": self.pressure / 1e6,
        }


def local_currents(
    cell: Cell,
    current: float,
    conditions: Conditions | None = None,
    *,
    patches: int = 100,
    seed: int = 1,
    capacity: float = DEFAULT_CAPACITY,
    half_cycles: int = 1,
    steps: int = DEFAULT_STEPS,
) -> LocalCurrents:
    """Follow the local current of a cell over half cycles of alternating sign.

    Parameters
    ----------
    cell
        Cell file; of a full cell, the symmetric cell of its anode and separator is taken.
    current
        Current density over the electrode's area [A/m^2]; positive strips the followed (first) face in the first half
        cycle, negative plates it. Not 0.
    conditions
        Pressure, temperature and voltage limit, where they differ from the file; numbers.
    patches
        Number of patches of each face, 2 to 2000.
    seed
        Of the random numbers from which the patches' void heights, healing and critical currents come.
    capacity
        Charge of a half cycle [C/m^2].
    half_cycles
        How many.
    steps
        Sub-steps of a half cycle.

    Raises
    ------
    InputError
        If a number is out of range, the anode is not a metal that creeps, or the materials lack a claim.
    """
    _check(cell, current, patches, capacity, half_cycles, steps)
    asked = conditions or Conditions()
    parts = _assemble(cell, asked, patches, seed)
    history, numbers, ending = _run(parts, current, capacity / abs(current), half_cycles, steps)
    pressure = parts.cell.pressure
    temperature = float(parts.cell.face.around.temperature[0])
    found = range_warnings(
        cell, (float(pressure.min()), float(pressure.max())), (temperature, temperature), (abs(current), abs(current))
    )
    return LocalCurrents(
        cell=cell,
        layout=parts.cell.network.layout,
        patch_side=float(np.sqrt(parts.cell.network.patch_area)),
        time=np.array(history.time),
        voltage=np.array(history.voltage),
        half_cycle=np.array(numbers),
        current=np.array(history.current),
        coverage=np.array(history.coverage),
        contact=np.array(history.contact),
        edge_current=np.array(history.edge_current),
        critical=parts.critical,
        pressure=pressure,
        healing=parts.cell.healing.reshape(parts.cell.shape),
        mean_current=current,
        ending=ending,
        seed=seed,
        warnings=[*found, *_remarks(cell)],
    )


@dataclass(frozen=True)
class _Parts:
    """A patched cell, its limits, and the area resistance of its leads."""

    cell: PatchedCell
    critical: Array
    voltage_limit: float
    leads: float


def _run(
    parts: _Parts, current: float, duration: float, half_cycles: int, steps: int
) -> tuple[PatchHistory, list[int], str | None]:
    """Return what the half cycles leave, the half cycle of each point, and what ended them."""
    history = PatchHistory()
    numbers: list[int] = []
    for half in range(half_cycles):
        mean = current * (-1) ** half
        piece = parts.cell.half_cycle(mean, duration, steps)
        piece.voltage = [abs(voltage) + abs(mean) * parts.leads for voltage in piece.voltage]
        count, ending = _ended(piece, parts)
        history.extend(piece, count, history.time[-1] if history.time else 0.0)
        numbers += [half + 1] * count
        if ending:
            return history, numbers, ending
    return history, numbers, None


def _check(cell: Cell, current: float, patches: int, capacity: float, half_cycles: int, steps: int) -> None:
    if not creeps(cell):
        raise InputError(f'patches: the anode "{cell.spec.anode.material}" is no metal that creeps; it grows no voids.')
    if current == 0 or not np.isfinite(current):
        raise InputError(f"current: {current:g} is not accepted; it must be a number other than 0.")
    if not 2 <= patches <= MOST_PATCHES:
        raise InputError(f"patches: {patches} is not accepted; it must be 2 to {MOST_PATCHES}.")
    for name, value in (("capacity", capacity), ("half_cycles", half_cycles), ("steps", steps)):
        if not value > 0:
            raise InputError(f"{name}: {value:g} is not accepted; it must be above 0.")


def _assemble(cell: Cell, asked: Conditions, patches: int, seed: int) -> _Parts:
    """Return the cell with drawn patches under the pressure that its confinement gives each."""
    layout = disc_layout(patches)
    base = build(cell, asked)
    mean = float(base.state.pressure[0])
    profile = pressure_profile(cell, layout)
    pressure = np.maximum(mean * profile, ATMOSPHERE)
    highest = np.maximum(float(base.state.highest_pressure[0]) * profile, pressure)
    count = FACES * patches
    claims = read_claims(cell)
    parameters = {name: np.full(count, value[0]) for name, value in base.face.p.items()}
    parameters |= draw({name: claims[name] for name in VARIED}, count, seed)
    around = base.face.around
    face = Interface(
        parameters,
        Surroundings(
            np.full(count, around.temperature[0]),
            np.full(count, around.separator_resistance[0]),
            np.full(count, around.conductivity[0]),
        ),
    )
    thickness, conductivity = cell.derived.separator_thickness, float(around.conductivity[0])
    network = PatchNetwork.of_separator(layout, cell.derived.cell_area, thickness, conductivity)
    leads = cell.derived.series_resistance
    layers = float(around.separator_resistance[0]) - network.column_resistance - leads
    filaments = Filaments(cell, parameters, face, np.tile(pressure, FACES), None)
    patched = PatchedCell(face, filaments, network, pressure, highest, base.state.lithium, max(layers, 0.0) / FACES)
    return _Parts(patched, filaments.critical[0].reshape(FACES, patches), base.setup.voltage_limit, leads)


def pressure_profile(cell: Cell, layout: Layout) -> Array:
    """Pressure on each patch over the stack pressure [-], mean 1: even in a die, a hill between free platens.

    Parameters
    ----------
    cell
        Its ``anode.die_confined`` decides.
    layout
        The patches.
    """
    if cell.spec.anode.die_confined:
        return np.ones(len(layout.positions))
    law = CreepLaw(
        cell.number("anode", "creep_prefactor"),
        cell.number("anode", "creep_exponent"),
        cell.number("anode", "creep_activation_energy"),
        cell.number("anode", "creep_sinh_coefficient"),
    )
    hill = np.asarray(lithium_pressure(1.0, layout.relative_radius, law))
    return np.asarray(hill / hill.mean())


def _ended(piece: PatchHistory, parts: _Parts) -> tuple[int, str | None]:
    """Return how many points of a half cycle count, and what ended it."""
    for place, (covered, voltage) in enumerate(zip(piece.coverage, piece.voltage, strict=True)):
        if covered.mean(axis=1).min() < COVERAGE_LOST:
            return place + 1, "contact_loss"
        if voltage > parts.voltage_limit:
            return place + 1, "voltage_limit"
    exhausted = parts.cell.state.lithium.min() <= 0
    return len(piece.time), "lithium_exhausted" if exhausted else None


def _remarks(cell: Cell) -> list[str]:
    found = ["patches: differ by the spreads that claims give for samples; how far one electrode varies is assumed."]
    if cell.spec.anode.die_confined:
        found.append("patches: the lithium is confined by a die, so every patch bears the stack pressure.")
    if cell.fixture_stiffness > 0:
        found.append("patches: the fixture is taken to hold the pressure.")
    return found
