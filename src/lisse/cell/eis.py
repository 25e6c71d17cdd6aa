"""Impedance of a cell at rest, through PyBaMM's frequency-domain solver.

Leaves out: the bulk and grain-boundary arcs of the electrolyte (their capacitance acts above 0.1 MHz; the resistance
is there) and impedance under current.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cell.cell import Cell
from lisse.cell.options import Options, SurfaceForm
from lisse.errors import InputError, LisseError
from lisse.materials import Curve

if TYPE_CHECKING:
    import pybamm

    from lisse.cell.model import SolidStateCell

LOWEST_FREQUENCY, HIGHEST_FREQUENCY = 1e-3, 1e6
"""Default range of frequencies [Hz]."""
POINTS_PER_DECADE = 8
"""Default density of frequencies."""
REST = 10 * 3600.0
"""Rest of a cell that has worked before its spectrum is taken [s]."""


@dataclass(frozen=True)
class Impedance:
    """Impedance spectrum of a cell.

    Attributes
    ----------
    cell
        The cell.
    frequency_Hz
        Frequencies, falling [Hz], shape (n,).
    impedance_ohm_cm2
        Complex impedance per cell area [ohm cm2], shape (n,).
    lithium_content
        Lithium content of the oxide at which the cell rests.
    open_circuit_voltage_V
        Terminal voltage at rest [V].
    resistances_ohm_cm2
        What adds up to the real axis: series parts known without a spectrum, by origin.
    """

    cell: Cell
    frequency_Hz: np.ndarray[Any, np.dtype[np.float64]]
    impedance_ohm_cm2: np.ndarray[Any, np.dtype[np.complex128]]
    lithium_content: float
    open_circuit_voltage_V: float
    resistances_ohm_cm2: dict[str, float]
    solve_s: float

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse eis --json`` prints."""
        return {
            "cell": self.cell.name,
            "lithium_content": self.lithium_content,
            "open_circuit_voltage_V": self.open_circuit_voltage_V,
            "frequency_Hz": self.frequency_Hz.tolist(),
            "impedance_real_ohm_cm2": self.impedance_ohm_cm2.real.tolist(),
            "impedance_imaginary_ohm_cm2": self.impedance_ohm_cm2.imag.tolist(),
            "resistances_ohm_cm2": self.resistances_ohm_cm2,
            "timing_s": {"solve": self.solve_s},
        }


def default_frequencies(lowest: float = LOWEST_FREQUENCY, highest: float = HIGHEST_FREQUENCY) -> list[float]:
    """Return frequencies from ``highest`` to ``lowest`` [Hz], eight per decade."""
    if not 0 < lowest < highest < 1e12:
        raise InputError(f"frequencies: {lowest:g} to {highest:g} Hz is no rising, positive range below 1e12 Hz.")
    decades = np.log10(highest / lowest)
    count = int(np.ceil(decades * POINTS_PER_DECADE)) + 1
    return [float(frequency) for frequency in np.geomspace(highest, lowest, count)]


def content_at(cell: Cell, state_of_charge: float) -> float:
    """Return the lithium content at a state of charge between the cell as built (0) and its upper limit (1).

    Of a blend it is that of the whole active material.

    Examples
    --------
    >>> content_at(Cell.load("reference"), 0.0)
    0.98
    """
    return cell.mean_content(contents_at_charge(cell, state_of_charge))


def contents_at_charge(cell: Cell, state_of_charge: float) -> dict[str, float]:
    """Return the lithium content of each active material at a state of charge, by role.

    The state of charge counts the lithium of all materials, which rest at one potential.

    Raises
    ------
    InputError
        If the state of charge is not between 0 and 1.
    """
    from scipy.optimize import brentq

    if not 0 <= state_of_charge <= 1:
        raise InputError(f"state of charge: {state_of_charge:g} is not between 0 and 1.")
    if len(cell.active_roles) > 1:
        return _contents_of_blend(cell, state_of_charge)
    curve, start = cell.claim("active", "open_circuit_voltage").value, cell.derived.initial_lithium_content
    assert isinstance(curve, Curve)
    assert curve.range is not None
    upper = cell.derived.upper_potential
    lowest = curve.range[0]
    charged = lowest if float(curve(lowest)) <= upper else brentq(lambda x: float(curve(x)) - upper, lowest, start)
    return {"active": float(start - state_of_charge * (start - charged))}


def _contents_of_blend(cell: Cell, state_of_charge: float) -> dict[str, float]:
    """Find the potential at which the materials of a blend hold what is left of their lithium."""
    from scipy.optimize import brentq

    upper, lower = cell.derived.upper_potential, cell.derived.lowest_equilibrium_voltage + cell.derived.anode_potential

    def held(potential: float) -> float:
        return cell.mean_content(cell.contents_at(potential))

    start = cell.derived.initial_lithium_content
    left = start - state_of_charge * (start - held(upper))
    for end, beyond in ((lower, held(lower) <= left), (upper, held(upper) >= left)):
        if beyond:
            return cell.contents_at(end)
    return cell.contents_at(brentq(lambda potential: held(potential) - left, lower, upper, xtol=1e-12))


def impedance(
    cell: Cell | str,
    frequencies: Sequence[float] | None = None,
    state_of_charge: float = 0.5,
    options: Options | dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
    rest: float = REST,
) -> Impedance:
    """Return the impedance of a cell at rest.

    Parameters
    ----------
    cell
        A cell or the name of one.
    frequencies
        [Hz]; default 1 MHz to 1 mHz.
    state_of_charge
        Where the cell rests, from 0 (as built) to 1 (open circuit at the upper limit of its window); not read where a
        state is given.
    options
        Options of the build; the double layers are always on.
    state
        Where the cell stands, from :func:`lisse.cell.solving.last_state` of a run with the same mechanisms; None for
        a cell that has never worked.
    rest
        How long the cell in that state rests first [s].

    Returns
    -------
    Impedance
        Per cell area.

    Raises
    ------
    InputError
        If the state of charge or a frequency is out of range, or the cell is symmetric.
    """
    import pybamm

    from lisse.cell.model import SolidStateCell
    from lisse.cell.parameter_sets import options_for, parameter_values

    described = cell if isinstance(cell, Cell) else Cell.load(cell)
    if described.symmetric:
        raise InputError(f"impedance: {described.name} is a symmetric cell; the spectrum of a full cell is modelled.")
    pristine = described.initial_contents
    if state is None:
        content = contents_at_charge(described, state_of_charge)["active"]
        described = described.replace(**{"cathode.initial_lithium_content": content})
    grid = list(frequencies) if frequencies is not None else default_frequencies()
    if not grid or not all(np.isfinite(f) and f > 0 for f in grid):
        raise InputError("frequencies: every frequency must be a positive number of hertz.")
    forced = {"surface_form": SurfaceForm.DIFFERENTIAL, "audit": False}
    build = options_for(described, {**Options.asked(options), **forced})
    model, numbers = SolidStateCell(build), parameter_values(described, build)
    for number, size in enumerate(described.size_classes, start=1):
        name = population_name("Pristine lithium content", number)
        if name in numbers:
            numbers[name] = pristine[size.role]  # the composite was pressed as built, wherever the cell rests
    values = pybamm.ParameterValues(numbers)
    start = time.perf_counter()
    stands = None if state is None else _rest(model, values, state, rest)
    if stands is not None:
        model = model.set_initial_conditions_from(stands, inplace=False)
    solution = pybamm.EISSimulation(model, parameter_values=values).solve(grid)
    content, voltage, resistances = _at_rest(described, model, values, stands)
    return Impedance(
        cell=described,
        frequency_Hz=np.asarray(grid, dtype=float),
        impedance_ohm_cm2=np.asarray(solution.impedance, dtype=np.complex128) * described.derived.cell_area * 1e4,
        lithium_content=content,
        open_circuit_voltage_V=voltage,
        resistances_ohm_cm2=resistances,
        solve_s=round(time.perf_counter() - start, 3),
    )


def _rest(
    model: SolidStateCell, values: pybamm.ParameterValues, state: dict[str, Any], duration: float
) -> pybamm.Solution:
    """Let a cell rest from a state; double layers that the state does not know start empty."""
    import pybamm

    from lisse.cell.solving import ATOL, QUIET, RTOL, quiet, solver_reason

    for variable in list(model.initial_conditions):
        if variable.name in state:
            model.initial_conditions[variable] = pybamm.Vector(state[variable.name], domains=variable.domains)
    resting = values.copy()
    resting.update({"Current function [A]": 0.0})
    solver = pybamm.IDAKLUSolver(rtol=RTOL, atol=ATOL, on_extrapolation="ignore", options=QUIET)
    simulation = pybamm.Simulation(model, parameter_values=resting, solver=solver)
    try:
        with quiet():
            return simulation.solve([0, duration])
    except pybamm.SolverError as error:
        raise LisseError(f"impedance: the rest before the spectrum failed ({solver_reason(str(error))}).") from None


def _at_rest(
    cell: Cell, model: SolidStateCell, values: pybamm.ParameterValues, stands: pybamm.Solution | None
) -> tuple[float, float, dict[str, float]]:
    """Lithium content, voltage [V] and known resistances [ohm cm2] of a cell at rest."""
    derived = cell.derived
    series = derived.series_resistance * 1e4
    if stands is None:
        potential = values.evaluate(model.variables["Initial open-circuit potential [V]"])
        voltage = float(np.ravel(potential)[0]) - derived.anode_potential
        known = {"separator": derived.separator_resistance * 1e4, "anode contact": derived.contact_resistance * 1e4}
        return derived.initial_lithium_content, voltage, {**known, "contacts": series}
    from lisse.cell.observing import read

    resistances = {
        "separator": "Separator area resistance [Ohm.m2]",
        "anode contact": "Anode contact area resistance [Ohm.m2]",
        "cathode reaction": "Cathode resistance [Ohm.m2]",
    }
    content, voltage_name = "Mean lithium content of all populations", "Voltage [V]"
    found = read(stands.last_state, [content, voltage_name, *resistances.values()])
    end = {name: float(column[-1]) for name, column in found.items()}
    known = {origin: end[name] * 1e4 for origin, name in resistances.items()}
    return end[content], end[voltage_name], {**known, "contacts": series}
