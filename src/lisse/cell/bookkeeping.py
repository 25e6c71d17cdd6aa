"""How the books of a solution are read: inventories and integrals on one side, final profiles on the other.

Leaves out: the states that keep the integrals (``audit``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cathode.open_circuit import open_circuit_voltage
from lisse.cell.audit import DISSIPATED, REVERSIBLE, Audit
from lisse.mechanism import FARADAY, arrhenius

if TYPE_CHECKING:
    import pybamm

Array = np.ndarray[Any, np.dtype[np.float64]]


def audit(solution: pybamm.Solution | None, values: dict[str, Any], edges: Any, populations: int) -> Audit:
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
        Number of populations.

    Returns
    -------
    Audit
        Relative errors; None where nothing has flowed.
    """
    if solution is None:
        return Audit(None, None, None)
    known = solution.all_models[0].variables
    current, voltage = (np.asarray(solution[name].entries) for name in ("Current [A]", "Voltage [V]"))
    throughput = _integral(solution, np.abs(current)) / 3600
    work = _integral(solution, np.abs(current * voltage)) / 3600
    if throughput <= 0 or work <= 0:
        return Audit(None, None, None)

    def change(name: str) -> float:
        entries = np.asarray(solution[name].entries)
        return float(entries[-1] - entries[0]) if name in known else 0.0

    names = [population_name("cathode", k).capitalize() for k in range(1, populations + 1)]
    cathode = sum(change(f"{name} lithium inventory [mol]") for name in names) * FARADAY / 3600
    anode = change("Anode lithium inventory [mol]") * FARADAY / 3600
    cathode += change("Cathode double-layer charge [A.h]") if "Cathode double-layer charge [A.h]" in known else 0.0
    anode -= change("Anode double-layer charge [A.h]") if "Anode double-layer charge [A.h]" in known else 0.0
    passed = change("Discharge capacity [A.h]")
    given = change("Discharge energy [W.h]") + change(DISSIPATED)
    given += change("Double-layer energy [W.h]") if "Double-layer energy [W.h]" in known else 0.0
    chemical = 0.0
    moving = REVERSIBLE in known
    given += change(REVERSIBLE) if moving else 0.0
    for k in range(1, populations + 1):
        book = ParticleBook.of(solution, values, np.asarray(edges), k, enthalpy=moving)
        chemical += book.change()
        given += 0.0 if moving else book.mixing(solution)
    return Audit(
        lithium_relative_error=(cathode + anode) / throughput,
        charge_relative_error=max((cathode - passed, -anode - passed), key=abs) / throughput,
        energy_relative_error=(given - chemical) / work,
    )


def _integral(solution: pybamm.Solution, power: Array) -> float:
    """Integrate over time, step by step (the current may jump between steps); monotone cubics inside a step."""
    from scipy.interpolate import PchipInterpolator

    total, offset = 0.0, 0
    for times in solution.all_ts:
        part = power[offset : offset + len(times)]
        offset += len(times)
        distinct = np.concatenate([[True], np.diff(times) > 0])
        if distinct.sum() > 1:
            total += float(PchipInterpolator(times[distinct], part[distinct]).integrate(times[0], times[-1]))
    return total


@dataclass(frozen=True)
class ParticleBook:
    """Free energy (or chemical enthalpy) of one population and the heat of mixing in it.

    Attributes
    ----------
    content
        Lithium content, shape (shells, depth, times).
    surface
        At the surface, shape (depth, times).
    potential
        Potential per content whose integral is the stored energy [V].
    transform
        Kirchhoff transform of the content [m2/s].
    speed
        Arrhenius factor over squared diffusion length [1/m2].
    edges
        Shell edges.
    capacity
        Charge of the population per unit of content, in the whole cell [A.h].
    """

    content: Array
    surface: Array
    potential: Any
    transform: Any
    speed: float
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

        length = get("Positive particle radius [m]") * get("Positive particle diffusion length ratio")
        energy = get("Positive particle diffusivity activation energy [J.mol-1]")
        active = get("Positive electrode active material volume fraction")
        active *= get("Positive electrode connected fraction")
        area = values["Electrode width [m]"] * values["Electrode height [m]"]
        sites = get("Maximum concentration in positive electrode [mol.m-3]")
        return cls(
            content=np.asarray(solution[population_name("Lithium content", population)].entries),
            surface=np.asarray(solution[population_name("Surface lithium content", population)].entries),
            potential=potential,
            transform=lambda content: evaluate(get("Positive particle diffusivity integral [m2.s-1]"), content),
            speed=float(arrhenius(energy, values["Ambient temperature [K]"])) / length**2,
            edges=edges,
            capacity=FARADAY * sites * active * values["Positive electrode thickness [m]"] * area / 3600,
        )

    def change(self) -> float:
        """Energy that the particles took up between the first and the last state [W.h]."""
        from scipy.interpolate import CubicHermiteSpline

        start, end = self.content[..., 0], self.content[..., -1]
        low, high = float(min(start.min(), end.min())), float(max(start.max(), end.max()))
        if high == low:
            return 0.0
        grid = np.linspace(low, high, 4001)
        points, quadrature = np.polynomial.legendre.leggauss(5)
        half = np.diff(grid)[:, None] / 2
        cells = (half * quadrature * self.potential(grid[:-1, None] + half * (1 + points))).sum(axis=1)
        stored = CubicHermiteSpline(grid, np.concatenate([[0.0], np.cumsum(cells)]), self.potential(grid))
        shells = np.diff(self.edges**3)[:, None]
        return self.capacity * float(np.mean((shells * (stored(end) - stored(start))).sum(axis=0)))

    def mixing(self, solution: pybamm.Solution) -> float:
        """Heat of mixing [W.h]: flux times potential drop at every face of the spheres, integrated over time."""
        nodes = (self.edges[1:] + self.edges[:-1]) / 2
        power = np.zeros(self.content.shape[-1])
        chunk = 2000  # output times at once: bounds the memory of long runs
        for first in range(0, len(power), chunk):
            now = slice(first, first + chunk)
            profile = np.concatenate([self.content[..., now], self.surface[None, :, now]])
            distance = np.diff(np.append(nodes, 1.0))[:, None, None]
            slope = np.diff(self.transform(profile), axis=0) / distance
            drop = np.diff(self.potential(profile), axis=0)
            faces = (self.edges[1:] ** 2)[:, None, None]
            power[now] = -3 * self.speed * (faces * slope * drop).sum(axis=0).mean(axis=0)
        return self.capacity * _integral(solution, power)


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
