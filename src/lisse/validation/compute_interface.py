"""Computations of the targets that need simulated lithium faces: stripping, plating, cycling, interphase.

Units are those of the targets (MPa, mA/cm2, h). Leaves out: closed forms (``compute_filaments``), composite cathodes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from lisse.cell.cell import Cell
from lisse.validation.computations import computation, number, pressed_density

if TYPE_CHECKING:
    from lisse.lithium.cycling import History
    from lisse.lithium.simulator import Simulator

SLOW = frozenset(
    {"critical_current_ratio", "life_ratio", "middle_charge_is_best", "pellet_hours_survived", "surviving_share"}
)
"""Computations of two seconds and more, of no gate: the default tests leave their targets to ``make test-slow``."""
UAH_CM2 = 36.0
"""One uAh/cm2 in C/m2."""
CHARGE_PER_MICROGRAM = 3.86
"""Charge that a microgram of lithium holds [uAh] (3860 mAh/g)."""


@cache
def _cell(name: str, changes: tuple[tuple[str, object], ...] = ()) -> Cell:
    return Cell.load(name).replace(**dict(changes))


def _simulator(cell: Cell, pressure_MPa: float, count: int = 1, seed: int | None = None) -> Simulator:
    from lisse.lithium.build import Conditions, build

    return build(cell, Conditions(pressure=pressure_MPa * 1e6), count=count, seed=seed)


@cache
def _cycled(
    cell: Cell,
    pressure_MPa: float,
    current_mA_cm2: float,
    half_hours: float,
    cycles: int,
    efficiency: float = 1.0,
    first_efficiency: float | None = None,
) -> tuple[Simulator, History]:
    """Cycle one cell with every claim at its value; efficiency is the charge stripped over that plated."""
    from lisse.lithium.cycling import Cycle, run_cycles

    current, half = current_mA_cm2 * 10, half_hours * 3600
    first = None if first_efficiency is None else Cycle(current, current, half, half / first_efficiency)
    simulator = _simulator(cell, pressure_MPa)
    return simulator, run_cycles(simulator, Cycle(current, current, half, half / efficiency), cycles, first=first)


def _hours_to_end(simulator: Simulator, current: float, longest_hours: float) -> float:
    """Apply a current [A/m2] until a cell ends [h], at most ``longest_hours``, in pieces of 0.2 h.

    The simulator notices an end at its steps, of which the longest is a twentieth of what it is asked to advance.
    """
    for _ in range(round(longest_hours / 0.2)):
        simulator.advance(current, 720.0)
        if not simulator.state.alive[0]:
            break
    return float(simulator.state.time[0]) / 3600


# Contact, voids and critical currents


@computation
def simulated_healing_current(cell: str, pressure_MPa: float) -> float:
    """Critical stripping current density of a cell [mA/cm2]."""
    simulator = _simulator(_cell(cell), pressure_MPa)
    return float(simulator.face.healing(simulator.state.pressure)[0]) / 10


@computation
def simulated_plating_current(cell: str, pressure_MPa: float) -> float:
    """Critical plating current density of a cell without voids [mA/cm2]."""
    return float(_simulator(_cell(cell), pressure_MPa).filaments.critical.min()) / 10


@computation
def cycles_completed(
    pressure_MPa: float,
    current_mA_cm2: float,
    efficiency: float = 1.0,
    first_efficiency: float | None = None,
    cycles: int = 30,
    cell: str = "sym-li-lpscl",
) -> float:
    """Cycles of 1 mAh/cm2 that a cell finishes before it ends, at most ``cycles`` [-]."""
    half = 1 / current_mA_cm2
    history = _cycled(_cell(cell), pressure_MPa, current_mA_cm2, half, cycles, efficiency, first_efficiency)[1]
    return float(history.cycles[0])


@computation
def failing_cycle(
    pressure_MPa: float, current_mA_cm2: float, efficiency: float = 1.0, first_efficiency: float | None = None
) -> float:
    """Cycle in which a cell ends; 31 if it lives through 30 [-]."""
    return cycles_completed(pressure_MPa, current_mA_cm2, efficiency, first_efficiency) + 1


@computation
def void_ratchet(pressure_MPa: float, current_mA_cm2: float, cycle: int) -> float:
    """Lowest coverage of the contact in the first cycle over that in a later one [-]; above 1, voids stay."""
    half = 1 / current_mA_cm2
    history = _cycled(_cell("sym-li-lpscl"), pressure_MPa, current_mA_cm2, half, 30, 1.0, None)[1]
    return float(history.coverage[0, 0] / history.coverage[cycle - 1, 0])


@computation
def stripping_resistance_rise(pressure_MPa: float, current_mA_cm2: float, minutes: float) -> float:
    """Rise of contact and charge-transfer resistance of the stripped face [ohm cm2]."""
    simulator = _simulator(_cell("sym-li-lpscl"), pressure_MPa)

    def resistance() -> float:
        face, state = simulator.face, simulator.state
        covered = face.coverage(state.voids[0, 0])
        contact = face.static_fraction(state.pressure, state.highest_pressure) * covered
        return float((face.contact_resistance(contact, covered) + face.charge_transfer / contact)[0]) * 1e4

    before = resistance()
    simulator.advance(current_mA_cm2 * 10, minutes * 60)
    return resistance() - before


@computation
def strip_runaway_hours(current_mA_cm2: float, assembly_MPa: float, longest_hours: float) -> float:
    """Time of stripping without stack pressure until voids have taken the contact of a fine-grained pellet [h]."""
    height = number("Li6PS5Cl", "void_height", "fine-grain") * 1e6
    changes = (("claims.separator.void_height", f"{height} um"), ("anode.attach_pressure", f"{assembly_MPa} MPa"))
    simulator = _simulator(_cell("sym-li-lpscl", changes), 0.0)
    return _hours_to_end(simulator, current_mA_cm2 * 10, longest_hours)


# Shorts


@computation
def hours_survived(
    pressure_MPa: float,
    current_mA_cm2: float,
    half_hours: float,
    cycles: int,
    cell: str = "sym-li-lpscl-doux",
    anode: str = "Li",
    separator: str = "Li6PS5Cl",
) -> float:
    """Time until a cycled cell ends, or the whole test [h]."""
    changes = (("anode.material", anode), ("separator.material", separator))
    simulator, _ = _cycled(_cell(cell, changes), pressure_MPa, current_mA_cm2, half_hours, cycles)
    return float(simulator.state.time[0]) / 3600


@computation
def life_ratio(separator: str, other: str, pressure_MPa: float, current_mA_cm2: float, cycles: int) -> float:
    """Time to the end of a cell with one separator over that with another, 1 h half cycles [-]."""
    one, two = (
        hours_survived(pressure_MPa, current_mA_cm2, 1.0, cycles, "sym-li-lpscl", separator=name)
        for name in (separator, other)
    )
    return one / two


@computation
def charge_hours_to_short(pressure_MPa: float, current_mA_cm2: float, longest_hours: float) -> float:
    """Time of plating in one direction until a cell shorts, at most ``longest_hours`` [h]."""
    simulator = _simulator(_cell("sym-li-lpscl-doux"), pressure_MPa)
    return _hours_to_end(simulator, -current_mA_cm2 * 10, longest_hours)


@computation
def surviving_share(
    pressure_MPa: float, current_mA_cm2: float, half_hours: float, cycles: int, cells: int, seed: int
) -> float:
    """Share of drawn cells that the face that plates first, the anode of a full cell, does not short [-].

    Cells that the other face shorted, which a full cell does not have, do not count.
    """
    from lisse.lithium.cycling import Cycle, run_cycles

    simulator = _simulator(_cell("sym-li-lpscl-doux"), pressure_MPa, cells, seed)
    current, half = current_mA_cm2 * 10, half_hours * 3600
    run_cycles(simulator, Cycle(current, current, half, half), cycles)
    state, filaments = simulator.state, simulator.filaments
    through = (state.crack >= filaments.thickness) | (state.front >= filaments.path)
    living, anode = int(state.alive.sum()), int((~state.alive & through[1]).sum())
    return living / (living + anode)


@computation
def pellet_hours_survived(
    fabrication_MPa: float, pressure_MPa: float, current_mA_cm2: float, half_hours: float, hours: float
) -> float:
    """Time until a cell with a pellet of a fabrication pressure ends, or the whole test [h]."""
    density = pressed_density("Li6PS5Cl", fabrication_MPa) / 100
    pellet = _cell(
        "sym-li-lpscl",
        (("separator.relative_density", density), ("operation.fabrication_pressure", f"{fabrication_MPa} MPa")),
    )
    simulator, _ = _cycled(pellet, pressure_MPa, current_mA_cm2, half_hours, round(hours / half_hours / 2))
    return float(simulator.state.time[0]) / 3600


@computation
def middle_charge_is_best(
    pressure_MPa: float, current_mA_cm2: float, charges_ug: list[float], area_cm2: float, hours: float
) -> float:
    """Tell whether the middle one of three half-cycle charges passes most lithium until the short: 1 or 0 [-].

    A lead of less than 5 percent does not count.
    """
    halves = [charge * CHARGE_PER_MICROGRAM / 1e3 / area_cm2 / current_mA_cm2 for charge in charges_ug]
    lives = [
        float(
            _cycled(_cell("sym-li-lpscl"), pressure_MPa, current_mA_cm2, half, round(hours / 2 / half))[0].state.time[0]
        )
        for half in halves
    ]
    return float(lives[1] > 1.05 * max(lives[0], lives[2]))


@computation
def simulated_critical_current(
    pressure_MPa: float,
    capacity_mAh_cm2: float,
    highest_mA_cm2: float,
    step_mA_cm2: float = 0.1,
    density: float = 0.82,
    separator: str = "Li6PS5Cl",
    interlayer: str | None = None,
) -> float:
    """Critical current density of a stepped test at fixed half-cycle capacity [mA/cm2]; the last step if it lives."""
    from lisse.lithium.build import Conditions
    from lisse.lithium.critical_current import Ladder, critical_current

    changes: list[tuple[str, object]] = [("separator.relative_density", density), ("separator.material", separator)]
    if interlayer is not None:
        thickness = f"{number(interlayer, 'thickness')} m"
        changes += [("anode.interlayer.material", interlayer), ("anode.interlayer.thickness", thickness)]
    steps = np.arange(step_mA_cm2, highest_mA_cm2 + step_mA_cm2 / 2, step_mA_cm2) * 10
    ladder = Ladder(tuple(float(step) for step in steps), capacity=capacity_mAh_cm2 * 3.6e4)
    found = critical_current(
        _cell("sym-li-lpscl", tuple(changes)), ladder, conditions=Conditions(pressure=pressure_MPa * 1e6), cells=1
    )
    return min(found.deterministic / 10, highest_mA_cm2)


@computation
def critical_current_ratio(pressure_MPa: float, capacity_mAh_cm2: float, density: float, other_density: float) -> float:
    """Ratio of the critical current densities of pellets of two relative densities [-]."""
    one, two = (
        simulated_critical_current(pressure_MPa, capacity_mAh_cm2, 10.0, 1.0, density=rho)
        for rho in (density, other_density)
    )
    return one / two


@computation
def interlayer_current_ratio(
    pressure_MPa: float,
    capacity_mAh_cm2: float,
    highest_mA_cm2: float,
    step_mA_cm2: float,
    separator: str,
    interlayer: str,
) -> float:
    """Ratio of the critical current densities with an interlayer and without [-]."""
    covered, bare = (
        simulated_critical_current(
            pressure_MPa, capacity_mAh_cm2, highest_mA_cm2, step_mA_cm2, separator=separator, interlayer=layer
        )
        for layer in (interlayer, None)
    )
    return covered / bare


# Interphase


@cache
def _rested(electrolyte: str, hours: float) -> Simulator:
    """Leave a cell at rest under 13 MPa, 25 degC."""
    simulator = _simulator(_cell("sym-li-lpscl", (("separator.material", electrolyte),)), 13.0)
    simulator.advance(0.0, hours * 3600)
    return simulator


@computation
def interphase_charge(electrolyte: str, hours: float) -> float:
    """Lithium in the interphase of one face after a rest at 25 degC [uAh/cm2]."""
    return float(_rested(electrolyte, hours).state.interphase[0, 0]) / UAH_CM2


@computation
def interphase_charge_ratio(electrolyte: str, other: str, hours: float) -> float:
    """Lithium in the interphase of one electrolyte over that of another after a rest [-]."""
    return interphase_charge(electrolyte, hours) / interphase_charge(other, hours)


@computation
def interphase_thickness_nm(electrolyte: str, hours: float) -> float:
    """Thickness of the interphase of one face after a rest at 25 degC [nm]."""
    return (
        interphase_charge(electrolyte, hours) * UAH_CM2 * number(electrolyte, "interphase_thickness_per_charge") * 1e9
    )


@computation
def simulated_interphase_resistance(electrolyte: str, hours: float) -> float:
    """Resistance of the interphase of one face after a rest at 25 degC [ohm cm2]."""
    simulator = _rested(electrolyte, hours)
    return float(simulator.face.interphase_resistance(simulator.state.interphase)[0, 0]) * 1e4


@computation
def interphase_growth_exponent(electrolyte: str, from_hours: float, to_hours: float) -> float:
    """Slope of log charge against log time between two times [-]: 0.5 by diffusion, 1 by reaction."""
    one, two = (interphase_charge(electrolyte, hours) for hours in (from_hours, to_hours))
    return float(np.log(two / one) / np.log(to_hours / from_hours))
