"""What moves when a parameter of the lithium interface moves: claims by their spreads, fields of the cell by a range.

Each is moved alone, all else held, in a few short tests that together exercise every equation. Leaves out: parameters
that act together (draws of whole cells do that), and the coupled cell of ``lisse run``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.anode.voids import coverage
from lisse.cell.cell import Cell
from lisse.lithium.build import Conditions, build
from lisse.lithium.cycling import Cycle, run_cycles
from lisse.lithium.filaments import Filaments
from lisse.lithium.interface import Ending, Interface, Surroundings
from lisse.lithium.parameters import ROWS, medians, read_claims
from lisse.lithium.simulator import Simulator

if TYPE_CHECKING:
    from lisse.cell.claims import ResolvedClaim

Array = NDArray[np.float64]
Outputs = dict[str, Array]
Judged = dict[str, tuple[Array, float]]
"""Outputs of the cells, each with the change that numerics can make."""

NOISE = 1e-2
"""Relative change of an output below which it may come from the integrator's steps and the leaps over cycles [-]; they
change a time to short by up to 5e-3."""
STEPS = (2.0, 4.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 26.0, 34.0)
"""Current densities of the critical-current test [A/m2]."""
FIELDS: tuple[tuple[str, Any, Any], ...] = (
    ("separator.thickness", "0.5 mm", "2 mm"),
    ("separator.relative_density", 0.78, 0.92),
    ("separator.grain_size", "2 um", "12 um"),
    ("geometry.area", "0.5 cm^2", "2 cm^2"),
    ("anode.thickness", "4 um", "200 um"),
    ("anode.attach_pressure", "10 MPa", "25 MPa"),
    ("anode.die_confined", True, False),
    ("anode.interlayer", None, {"material": "Ag-C", "thickness": "10 um"}),
    ("operation.temperature", "0 degC", "60 degC"),
    ("operation.stack_pressure", "1 MPa", "7 MPa"),
)
"""Fields of the cell file and the two values that each is given."""
LAYER = {"material": "Li3N-LiF", "thickness": "20 um"}
"""Interlayer of the cell in which the claims that only an interlayer makes are moved."""
NO_RESERVOIR = {"reservoir": 0.0}
"""What a cell without an interlayer has of what only an interlayer brings; 1 for the factors."""
SPRINGS = ("1e11 Pa/m", "1e12 Pa/m")
"""Stiffnesses of a spring in place of a fixture that holds the pressure."""


@dataclass(frozen=True)
class Influence:
    """What one parameter moves.

    Attributes
    ----------
    parameter
        Name in :data:`~lisse.lithium.parameters.ROWS`, or a dotted field of the cell file.
    claim
        Role and property of the materials library; empty for a field.
    value
        In the cell; None where the file does not give the field. SI for a claim.
    low, high
        What it is moved to.
    moved
        By command and output, the relative changes at ``low`` and ``high``, largest first, where one exceeds what
        numerics can make. Infinite where the output (a time, a current) is then not reached in the test, minus infinite
        where it is reached only then.
    """

    parameter: str
    claim: str
    value: Any
    low: Any
    high: Any
    moved: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Scenario:
    """A short test.

    Attributes
    ----------
    command
        The command whose outputs it makes.
    conditions, measure
        What acts on the cells, and what is run and read.
    changes
        Fields of the cell file that all its cells change.
    by_chance
        The hazard and a median threshold; else the deterministic criterion.
    fields
        Whether cells with changed fields take part.
    tolerance, noise
        Relative error of a step, and the change of an output that it can make [-].
    """

    command: str
    conditions: Conditions
    measure: Callable[[Simulator], Outputs]
    changes: Mapping[str, Any] = field(default_factory=dict)
    by_chance: bool = True
    fields: bool = False
    tolerance: float = 1e-3
    noise: float = NOISE


def influences(cell: str | Cell = "sym-li-lpscl") -> list[Influence]:
    """Move every parameter alone by its spread and report which outputs move.

    Parameters
    ----------
    cell
        Name or path of a cell, or the cell: a symmetric one whose fields :data:`FIELDS` may replace.

    Returns
    -------
    list of Influence
        One row for each of :data:`~lisse.lithium.parameters.ROWS` that the cell needs, then one for each field.
    """
    own = Cell.load(cell) if isinstance(cell, str) else cell
    layered = own.replace(**{"anode.interlayer": LAYER})
    claims = read_claims(own)
    extra = {name: claim for name, claim in read_claims(layered).items() if name not in claims}
    variants = [own.replace(**{name: value}) for name, *values in FIELDS for value in values]
    outputs = _run([(own, _arrays(own, claims)), (layered, _arrays(layered, extra)), *((v, None) for v in variants)])
    rows, first = [], 0
    for group in (claims, extra):
        rows += [
            Influence(
                name,
                f"{claim.role}.{claim.property}",
                claim.value,
                *moved_values(name, claim),
                _moved(outputs, first, first + 1 + 2 * index),
            )
            for index, (name, claim) in enumerate(group.items())
        ]
        first += 1 + 2 * len(group)
    rows += [
        Influence(name, "", _field(own, name), low, high, _moved(outputs, 0, first + 2 * index))
        for index, (name, low, high) in enumerate(FIELDS)
    ]
    return [*rows, _fixture(own)]


def _arrays(cell: Cell, moving: dict[str, ResolvedClaim]) -> dict[str, Array]:
    """Return parameters of cells: as they are, then two for each claim that moves."""
    arrays = medians(read_claims(cell), 1 + 2 * len(moving))
    for index, (name, claim) in enumerate(moving.items()):
        arrays[name][1 + 2 * index : 3 + 2 * index] = moved_values(name, claim)
    return arrays


def moved_values(name: str, claim: ResolvedClaim) -> tuple[float, float]:
    """Return a claim's value one standard deviation down and up, or its bounds; kept where a draw would be.

    Parameters
    ----------
    name
        In :data:`~lisse.lithium.parameters.ROWS`.
    claim
        With its spread.
    """
    assert isinstance(claim.value, float | int)
    row = next(row for row in ROWS if row.name == name)
    value, spread = float(claim.value), claim.spread
    if spread.low is not None and spread.high is not None:
        low, high = spread.low, spread.high
    elif spread.kind == "factor":
        low, high = value / spread.size, value * spread.size
    else:
        low, high = value - spread.size, value + spread.size
    return float(np.clip(low, row.lowest, row.highest)), float(np.clip(high, row.lowest, row.highest))


def _run(groups: Sequence[tuple[Cell, dict[str, Array] | None]]) -> Judged:
    """Run every scenario on groups of cells, all together; groups without parameters are one cell each."""
    found: Judged = {}
    for scenario in SCENARIOS:
        parts = []
        for cell, p in groups:
            if p is not None or scenario.fields:
                changed = cell.replace(**scenario.changes) if scenario.changes else cell
                count = 1 if p is None else len(p["conductivity"])
                parts.append(build(changed, scenario.conditions, count=count, parameters=p))
        simulator = joined(parts)
        # The median cell under the hazard: its start of a filament moves smoothly, that of the bare criterion in steps.
        simulator.filaments.by_chance = scenario.by_chance
        simulator.tolerance = scenario.tolerance
        for name, values in scenario.measure(simulator).items():
            found[f"{scenario.command}: {name}"] = values, scenario.noise
    return found


class _SomeLayered(Interface):
    """Equations where only some of the cells have pores next to the lithium that hold a reservoir."""

    def coverage(self, open_height: Array) -> Array:
        """Share of the contact that voids leave [-]; without a reservoir every void counts in full."""
        bare = coverage(open_height, self.p["coverage_height"])
        return np.where(self.p.get("reservoir", 0.0) > 0, super().coverage(open_height), bare)


def joined(parts: Sequence[Simulator]) -> Simulator:
    """Return one simulator of the cells of several fresh ones, whose fixtures hold the pressure.

    Parameters
    ----------
    parts
        Simulators without a spring, built without a seed; what only some have (an interlayer) leaves the others alone.
    """
    first = parts[0]
    counts = [len(part.state.time) for part in parts]
    faces, fixed, setups = ([getattr(p, name) for p in parts] for name in ("face", "filaments", "setup"))
    names = dict.fromkeys(name for face in faces for name in face.p)
    parameters = {
        name: np.concatenate(
            [face.p.get(name, np.full(n, NO_RESERVOIR.get(name, 1.0))) for face, n in zip(faces, counts, strict=True)]
        )
        for name in names
    }
    around = Surroundings(
        *(
            np.concatenate([getattr(face.around, name) for face in faces])
            for name in ("temperature", "separator_resistance", "conductivity")
        )
    )
    face = _SomeLayered(parameters, around)

    def per_cell(values: Sequence[Any]) -> Array:
        return np.concatenate([np.broadcast_to(v, n) for v, n in zip(values, counts, strict=True)]).astype(float)

    filaments: Filaments = copy.copy(first.filaments)
    filaments.p, filaments.face, filaments.count = parameters, face, sum(counts)
    for name in ("thickness", "porosity", "area", "grain_size"):
        setattr(filaments, name, per_cell([getattr(part, name) for part in fixed]))
    for name in ("critical", "weibull_scale", "threshold", "depth", "path"):
        setattr(filaments, name, np.concatenate([getattr(part, name) for part in fixed], axis=1))
    lithium = [np.broadcast_to(np.reshape(s.lithium, (2, -1)), (2, n)) for s, n in zip(setups, counts, strict=True)]
    held = ("pressure", "highest_pressure", "separator_thickness", "voltage_limit", "extrusion_rate")
    shared: dict[str, Any] = {name: per_cell([getattr(setup, name) for setup in setups]) for name in held}
    return Simulator(face, filaments, replace(first.setup, lithium=np.concatenate(lithium, axis=1), **shared))


def _moved(outputs: Judged, base: int, index: int) -> dict[str, tuple[float, float]]:
    """Return the outputs that differ between a cell and the two from ``index`` on, largest change first."""
    changes = {}
    for name, (values, noise) in outputs.items():
        if index + 1 < len(values):
            low, high = (_change(values[base], values[index + side]) for side in (0, 1))
            if max(abs(low), abs(high)) > noise:
                changes[name] = (low, high)
    for name in [name for name in changes if "time to end" in name]:
        if changes.get(name.replace("to end", "to short")) == changes[name]:
            del changes[name]
    return dict(sorted(changes.items(), key=lambda item: -max(map(abs, item[1]))))


def _change(base: float, value: float) -> float:
    if np.isnan(base) or np.isnan(value):
        return 0.0
    if np.isinf(base):
        return 0.0 if np.isinf(value) else -np.inf
    return float((value - base) / max(abs(base), 1e-30)) if value != base else 0.0


def _field(cell: Cell, name: str) -> Any:
    table, key = name.split(".")
    value = getattr(getattr(cell.spec, table), key)
    return cell.derived.cell_area if name == "geometry.area" else value


def _fixture(cell: Cell) -> Influence:
    """Compare springs with a fixture that holds the pressure: two cycles."""
    conditions = Conditions()
    springs = [
        cell.replace(**{"operation.fixture": "spring", "operation.spring_stiffness": stiffness})
        for stiffness in SPRINGS
    ]
    found = [_two_cycles(build(variant, conditions)) for variant in (cell, *springs)]
    outputs = {f"cycle-life: {name}": (np.concatenate([run[name] for run in found]), NOISE) for name in found[0]}
    return Influence("operation.spring_stiffness", "", None, *SPRINGS, _moved(outputs, 0, 1))


def _strip(simulator: Simulator) -> Outputs:
    """Strip 1 mAh/cm2 at 1 mA/cm2."""
    critical = simulator.face.healing(simulator.state.pressure)
    simulator.advance(10.0, 3600.0)
    return {
        "critical stripping current": critical,
        "coverage": simulator.coverage()[0],
        "contact fraction": simulator.contact_fraction()[0],
        "voltage": simulator.state.voltage.copy(),
        "time to end": _ended(simulator),
    }


def _ladder(simulator: Simulator, steps: Sequence[float] = STEPS) -> Outputs:
    """Climb until a filament has started in every cell; its current density is interpolated between the steps.

    Filaments that have started are held, or the short that ends the step would cut off its hazard.
    """
    filaments = simulator.filaments
    filaments.p = {**filaments.p, "filament_speed": np.zeros_like(simulator.state.time)}
    state = simulator.state
    threshold = simulator.filaments.threshold.min(axis=0)
    before, reached = np.full(len(state.time), 1e-30), np.full(len(state.time), np.inf)
    lower, voltage = steps[0] / 2, np.zeros(len(state.time))
    for current in steps:
        running = state.alive & np.isinf(reached)
        if not running.any():
            break
        for sign in (1.0, -1.0):
            simulator.advance(np.where(np.isinf(reached), sign * current, 0.0), 3600.0)
        hazard = np.maximum(state.hazard.max(axis=0), before)
        started = running & (hazard >= threshold)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.log(threshold / before) / np.log(hazard / before)
        reached[started] = (lower * (current / lower) ** part)[started]
        stopped = running & ~started & ~state.alive
        reached[stopped] = current
        voltage = np.where(running & (current == steps[0]), state.voltage, voltage)
        before, lower = hazard, current
    return {"critical current": reached, "voltage": voltage}


def _cycles(simulator: Simulator, current: float, number: int, watched: int = 2) -> Outputs:
    """Cycle with half cycles of an hour; histories are read at the cycle ``watched``."""
    history = run_cycles(simulator, Cycle(current, current, 3600.0, 3600.0), number)
    state = simulator.state
    return {
        "coverage": history.coverage[watched - 1],
        "contact fraction": history.contact[watched - 1],
        "voltage": history.voltage[watched - 1],
        "interphase thickness": history.interphase[watched - 1],
        "lithium lost": history.lithium_lost[watched - 1],
        "stack pressure": history.pressure[watched - 1],
        "time to short": np.where(state.ending == Ending.SHORT, state.time, np.inf),
        "time to end": _ended(simulator),
    }


def _two_cycles(simulator: Simulator) -> Outputs:
    return _cycles(simulator, 10.0, 2)


def _life(simulator: Simulator) -> Outputs:
    return _cycles(simulator, 10.0, 11)


def _slow(simulator: Simulator) -> Outputs:
    found = _cycles(simulator, 4.0, 70)
    return {f"{name} at 25 MPa, 88 % dense": found[name] for name in ("time to short", "time to end")}


def _warm(simulator: Simulator) -> Outputs:
    found = _two_cycles(simulator)
    found["critical stripping current"] = simulator.face.healing(simulator.state.pressure)
    names = ("critical stripping current", "coverage", "contact fraction", "voltage", "interphase thickness")
    return {f"{name} at 60 degC": found[name] for name in names}


def _cold(simulator: Simulator) -> Outputs:
    """Half a cycle at 0.1 mA/cm2."""
    simulator.advance(1.0, 3600.0)
    state = simulator.state
    return {
        "voltage at -20 degC": state.voltage.copy(),
        "interphase thickness at -20 degC": simulator.face.p["interphase_thickness"] * state.interphase.max(axis=0),
    }


def _attached(simulator: Simulator) -> Outputs:
    found = _strip(simulator)
    names = ("critical stripping current", "coverage", "contact fraction")
    return {f"{name} at 7 MPa after 25 MPa": found[name] for name in names}


def _days(simulator: Simulator) -> Outputs:
    """Half cycles of a day at 0.4 mA/cm2, in which occluded voids close by creep."""
    history = run_cycles(simulator, Cycle(4.0, 4.0, 24 * 3600.0, 24 * 3600.0), 2)
    return {"coverage with half cycles of a day": history.coverage[1]}


def _point(simulator: Simulator) -> Outputs:
    history = run_cycles(simulator, Cycle(10.0, 10.0, 3600.0, 3600.0), 4)
    return {
        "finished cycles at 1 mA/cm2 and 5 MPa": history.cycles.astype(float),
        "coverage at 1 mA/cm2 and 5 MPa": history.coverage[1],
    }


def _rest(simulator: Simulator) -> Outputs:
    """Rest for three hours; what has crossed by then says when the rest is."""
    simulator.advance(0.0, 3 * 3600.0)
    crossed = simulator.filaments.path.min(axis=0) / np.maximum(simulator.state.front.max(axis=0), 1e-30)
    return {"time to cross at rest at 60 MPa": np.where(crossed < 1e20, crossed, np.inf)}


def _bulk(simulator: Simulator) -> Outputs:
    return {"critical current with bulk nucleation": _ladder(simulator, STEPS[:6])["critical current"]}


def _ended(simulator: Simulator) -> Array:
    return np.where(simulator.state.alive, np.inf, simulator.state.time)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("strip", Conditions(), _strip, fields=True),
    Scenario("strip", Conditions(temperature=253.15), _cold),
    Scenario("strip", Conditions(pressure=7e6), _attached, {"anode.attach_pressure": "25 MPa"}),
    Scenario("ccd", Conditions(), _ladder, fields=True),
    Scenario("ccd", Conditions(bulk_nucleation=True), _bulk),
    Scenario("cycle-life", Conditions(), _life, fields=True),
    Scenario("cycle-life", Conditions(temperature=333.15), _warm),
    Scenario("cycle-life", Conditions(pressure=25e6), _slow, {"separator.relative_density": 0.88}, fields=True),
    Scenario("cycle-life", Conditions(), _days, tolerance=1e-4, noise=1e-3),
    Scenario("cycle-life", Conditions(pressure=60e6), _rest),
    Scenario("map", Conditions(pressure=5e6), _point, by_chance=False),
)
"""Together they exercise every equation: voids, shorts by cracks and by pores, warmth, high pressure, leak."""
