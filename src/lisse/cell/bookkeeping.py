"""How the books of a solution are read: inventories and integrals on one side, final profiles on the other.

Leaves out: the states that keep the integrals (``audit``).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cathode.open_circuit import open_circuit_voltage
from lisse.cell.audit import DISSIPATED, REVERSIBLE, SHORT_CHARGE, Audit
from lisse.cell.observing import Array, read, read_fields
from lisse.mechanism import FARADAY

if TYPE_CHECKING:
    import pybamm

INTERPHASE = "Anode interphase"
COUNTER = ("Counter electrode", "Counter electrode interphase")
CUT_OFF = ("isolated cathode", "cathode interphase")
"""Inventories that not every cell has."""
LEAST_THROUGHPUT = 1e-3
"""Share of the nominal capacity against which errors count where less has flowed: a run that a limit ends in its first
millisecond has nothing that they could be a share of."""
FINEST_CELL = 1e-9
"""Lithium content that a cell of the grid for the energy of the particles spans at least, where there is more."""


def audit(
    solution: pybamm.Solution | None, values: dict[str, Any], edges: Any, populations: int, *, whole: bool = True
) -> Audit:
    """Compare the final state of a solution with what has flowed.

    Parameters
    ----------
    solution
        From PyBaMM, built with the option ``audit`` and with its states at all output times.
    values
        Parameters of the model (for the open-circuit curve and the capacities).
    edges
        Shell edges of the particles' mesh, from 0 to 1.
    populations
        Number of populations; 0 for a symmetric cell.
    whole
        Whether all of the run was simulated. Energy is no linear function of the states: where cycles were jumped over
        its book has no entry for them, and is left out.

    Returns
    -------
    Audit
        Relative errors, of the throughput or of :data:`LEAST_THROUGHPUT`; None where nothing has flowed.
    """
    if solution is None:
        return Audit(None, None, None)
    flow = read(solution, ["Current [A]", "Voltage [V]"])
    current, voltage = flow.values()
    throughput, work = (float(total) / 3600 for total in _integrals(solution, np.abs([current, current * voltage])))
    if throughput <= 0 or work <= 0:
        return Audit(None, None, None)
    scale = max(1.0, LEAST_THROUGHPUT * values["Nominal cell capacity [A.h]"] / throughput)
    throughput, work = scale * throughput, scale * work
    change, moving = _changes(solution, populations), REVERSIBLE in solution.all_models[0].variables
    stems = [population_name("cathode", k).capitalize() for k in range(1, populations + 1)]
    stems += [population_name(name, k).capitalize() for name in CUT_OFF for k in range(1, populations + 1)]
    cathode = sum(change[f"{stem} lithium inventory [mol]"] for stem in stems) * FARADAY / 3600
    cathode += change["Cathode double-layer charge [A.h]"]
    cathode += sum(change[f"{name} lithium inventory [mol]"] for name in COUNTER) * FARADAY / 3600
    anode = change["Anode lithium inventory [mol]"] * FARADAY / 3600 - change["Anode double-layer charge [A.h]"]
    # What the interphase consumes leaves the electrode without a current.
    anode += change[f"{INTERPHASE} lithium inventory [mol]"] * FARADAY / 3600
    passed = change["Discharge capacity [A.h]"] + change[SHORT_CHARGE]
    lithium = (cathode + anode) / throughput
    balance = max((cathode - passed, -anode - passed), key=abs) / throughput
    if not whole:
        return Audit(lithium, balance, None)
    given = change["Discharge energy [W.h]"] + change[DISSIPATED]
    given += change["Double-layer energy [W.h]"] + change[REVERSIBLE]
    chemical = _oxidised(change, values, populations)
    for part, local in [(solution, values)] if moving else _isotherms(solution, values):
        for k in range(1, populations + 1):
            book = ParticleBook.of(part, local, np.asarray(edges), k, enthalpy=moving)
            chemical += book.change(part)
            given += 0.0 if moving else book.mixing(part)
    return Audit(
        lithium_relative_error=lithium,
        charge_relative_error=balance,
        energy_relative_error=(given - chemical) / work,
    )


def _oxidised(change: dict[str, float], values: dict[str, Any], populations: int) -> float:
    """Energy that the oxidation of the electrolyte took up [W.h]: its charge at the potential where it begins."""
    stems = [population_name("cathode interphase", k).capitalize() for k in range(1, populations + 1)]
    charge = sum(change[f"{stem} lithium inventory [mol]"] for stem in stems) * FARADAY / 3600
    if charge == 0:
        return 0.0
    return charge * (values["Cathode interphase oxidation potential [V]"] - values["Anode potential [V]"])


def _isotherms(solution: pybamm.Solution, values: dict[str, Any]) -> list[tuple[pybamm.Solution, dict[str, Any]]]:
    """Split a solution where a step sets another temperature, and give each part its own.

    A change of temperature at rest changes the free energy, but moves no charge: it is in no book.
    """
    import pybamm

    lengths = [len(times) for times in solution.all_ts]
    starts = np.cumsum([0, *lengths[:-1]])
    temperatures = read(solution, ["Temperature [K]"])["Temperature [K]"][starts]
    cuts = [0, *(np.flatnonzero(np.diff(temperatures)) + 1).tolist(), len(lengths)]
    pieces = [slice(first, last) for first, last in pairwise(cuts)]
    lists = (solution.all_ts, solution.all_ys, solution.all_models, solution.all_inputs)
    parts = (
        [solution] if len(pieces) == 1 else [pybamm.Solution(*(entry[piece] for entry in lists)) for piece in pieces]
    )
    return [
        (part, values | {"Ambient temperature [K]": float(temperatures[piece.start])})
        for part, piece in zip(parts, pieces, strict=True)
    ]


def _changes(solution: pybamm.Solution, populations: int) -> dict[str, float]:
    """Change of every inventory and integral from the first to the last state; 0 for what the model does not have."""
    names = [
        population_name(name, k).capitalize() + " lithium inventory [mol]"
        for name in ("cathode", *CUT_OFF)
        for k in range(1, populations + 1)
    ]
    names += ["Anode lithium inventory [mol]", "Cathode double-layer charge [A.h]", "Anode double-layer charge [A.h]"]
    names += [*(f"{name} lithium inventory [mol]" for name in (INTERPHASE, *COUNTER)), SHORT_CHARGE]
    names += ["Discharge capacity [A.h]", "Discharge energy [W.h]", DISSIPATED, REVERSIBLE, "Double-layer energy [W.h]"]
    known = [name for name in names if name in solution.all_models[0].variables]
    start, end = read(solution.first_state, known), read(solution.last_state, known)
    return dict.fromkeys(names, 0.0) | {name: float(end[name][-1] - start[name][0]) for name in known}


def _integrals(solution: pybamm.Solution, powers: Array) -> Array:
    """Integrate over time, step by step (the current may jump between steps); monotone cubics inside a step.

    Parameters
    ----------
    solution
        Gives the output times.
    powers
        Shape (quantities, times).

    Returns
    -------
    ndarray, shape (quantities,)
    """
    from scipy.interpolate import PchipInterpolator

    total, offset = np.zeros(len(powers)), 0
    for times in solution.all_ts:
        part = powers[:, offset : offset + len(times)]
        offset += len(times)
        distinct = np.concatenate([[True], np.diff(times) > 0])
        if distinct.sum() > 1:
            total += PchipInterpolator(times[distinct], part[:, distinct], axis=1).integrate(times[0], times[-1])
    return total


@dataclass(frozen=True)
class ParticleBook:
    """Free energy (or chemical enthalpy) of one population and the heat of mixing in it.

    Attributes
    ----------
    start, end
        Lithium content of the first and the last state, shape (shells, depth).
    names
        Variables of the lithium content and of that at the surface.
    potential
        Potential per content whose integral is the stored energy [V].
    transform
        Kirchhoff transform of the content [m2/s].
    speed
        Arrhenius factor over squared diffusion length [1/m2], shape (times,).
    connected
        Connected fraction, of what the cell file calls connected [-], shape (times,).
    edges
        Shell edges.
    capacity
        Charge of the population per unit of content, all of it connected, in the whole cell [A.h].
    """

    start: Array
    end: Array
    names: tuple[str, str]
    potential: Any
    transform: Any
    speed: Array
    connected: Array
    edges: Array
    capacity: float

    @classmethod
    def of(
        cls, solution: pybamm.Solution, values: dict[str, Any], edges: Array, population: int, *, enthalpy: bool
    ) -> ParticleBook:
        """Read the profiles of a population; ``enthalpy`` leaves out the entropic and pressure terms."""

        def get(name: str) -> Any:
            return values[population_name(name, population)]

        reference = values.get("Reference pressure [Pa]", 101325.0)
        temperature = 0.0 if enthalpy else values["Ambient temperature [K]"]
        pressure = reference if enthalpy else values["Stack pressure [Pa]"]

        def potential(content: Array) -> Array:
            return (
                open_circuit_voltage(
                    evaluate(get("Positive electrode OCP [V]"), content),
                    temperature,
                    evaluate(get("Positive electrode OCP entropic change [V.K-1]"), content),
                    pressure,
                    reference,
                    evaluate(get("Positive electrode partial molar volume of lithium [m3.mol-1]"), content),
                    values["Anode partial molar volume of lithium [m3.mol-1]"],
                )
                - values["Anode potential [V]"]
            )

        speed, connected = (
            population_name(name, population) for name in ("Diffusion speed [m-2]", "Connected fraction")
        )
        known = [name for name in (speed, connected) if name in solution.all_models[0].variables]
        states = read(solution, known)
        active = get("Positive electrode active material volume fraction")
        active *= get("Positive electrode connected fraction")
        area = values["Electrode width [m]"] * values["Electrode height [m]"]
        sites = get("Maximum concentration in positive electrode [mol.m-3]")
        names = population_name("Lithium content", population), population_name("Surface lithium content", population)
        shells = len(edges) - 1
        start, end = (_content(state, names[0], shells) for state in (solution.first_state, solution.last_state))
        return cls(
            start=start,
            end=end,
            names=names,
            potential=potential,
            transform=lambda content: evaluate(get("Positive particle diffusivity integral [m2.s-1]"), content),
            speed=states[speed],
            connected=states.get(connected, np.ones(solution.t.size)),
            edges=edges,
            capacity=FARADAY * sites * active * values["Positive electrode thickness [m]"] * area / 3600,
        )

    def change(self, solution: pybamm.Solution) -> float:
        """Energy that the particles took up between the first and the last state, isolated ones included [W.h]."""
        from scipy.interpolate import CubicHermiteSpline

        start, end = self.start, self.end
        low, high = float(min(start.min(), end.min())), float(max(start.max(), end.max()))
        cut_off = np.ptp(self.connected) > 0
        if cut_off:
            for _, fields in read_fields(solution, self.names[:1]):
                content = fields[self.names[0]]
                low, high = min(low, float(content.min())), max(high, float(content.max()))
        if high == low:
            return 0.0
        grid = np.linspace(low, high, 1 + max(1, min(4000, int((high - low) / FINEST_CELL))))
        points, quadrature = np.polynomial.legendre.leggauss(5)
        half = np.diff(grid)[:, None] / 2
        cells = (half * quadrature * self.potential(grid[:-1, None] + half * (1 + points))).sum(axis=1)
        stored = CubicHermiteSpline(grid, np.concatenate([[0.0], np.cumsum(cells)]), self.potential(grid))
        shells = np.diff(self.edges**3)[:, None]

        def mean(content: Array) -> Any:
            return (shells.reshape(-1, *[1] * (content.ndim - 1)) * stored(content)).sum(axis=0).mean(axis=0)

        if not cut_off:
            return self.capacity * float(self.connected[0] * (mean(end) - mean(start)))
        energy = np.empty(solution.t.size)
        for now, fields in read_fields(solution, self.names[:1]):
            energy[now] = mean(_shells_first(fields[self.names[0]], shells.size))
        kept = (energy[1:] + energy[:-1]) / 2 * np.diff(self.connected)
        return self.capacity * float(self.connected[-1] * energy[-1] - self.connected[0] * energy[0] - kept.sum())

    def mixing(self, solution: pybamm.Solution) -> float:
        """Heat of mixing [W.h]: flux times potential drop at every face of the spheres, integrated over time."""
        nodes = (self.edges[1:] + self.edges[:-1]) / 2
        distance = np.diff(np.append(nodes, 1.0))[:, None, None]
        faces = (self.edges[1:] ** 2)[:, None, None]
        power = np.zeros(solution.t.size)
        for now, fields in read_fields(solution, self.names):
            content, surface = (fields[name] for name in self.names)
            profile = np.concatenate([_shells_first(content, nodes.size), surface[None]])
            slope = np.diff(self.transform(profile), axis=0) / distance
            drop = np.diff(self.potential(profile), axis=0)
            power[now] = -3 * self.speed[now] * self.connected[now] * (faces * slope * drop).sum(axis=0).mean(axis=0)
        return self.capacity * float(_integrals(solution, power[None])[0])


def _shells_first(field: Array, shells: int) -> Array:
    """Reshape a field in the particles from the order of the mesh to (shells, depth, times)."""
    return field.reshape(-1, shells, field.shape[-1]).swapaxes(0, 1)


def _content(state: pybamm.Solution, name: str, shells: int) -> Array:
    """Lithium content of a solution of one state, shape (shells, depth)."""
    _, fields = next(read_fields(state, [name]))
    return _shells_first(fields[name], shells)[..., 0]


def evaluate(function: Any, content: Array) -> Array:
    """Evaluate a parameter (number, curve, or function that may return a PyBaMM symbol) on an array."""
    if not callable(function):
        return np.full_like(content, float(function))
    try:
        result = function(content)
    except TypeError:  # a function written for PyBaMM symbols alone
        import pybamm

        result = function(pybamm.Vector(content.ravel()))
    if hasattr(result, "evaluate"):
        result = result.evaluate()
    return np.broadcast_to(np.asarray(result, dtype=float).reshape(-1), (content.size,)).reshape(content.shape)
