"""Lumped temperature between its two limits, and populations of particles that must not know of each other."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from lisse.cathode.diffusion import population_name
from lisse.cell.model import SolidStateCell
from lisse.cell.peer import from_pybamm_half_cell
from lisse.mechanism import ORIGINS

FARADAY, ROOM = 96485.33212, 298.15
ENTROPIC = -1e-4  # V/K, NMC111 (Viswanathan et al. 2010)
AREA = 0.0154 * 0.01  # m2, Xu2019
CAPACITY = FARADAY * 48230.0 * 0.518 * 42e-6  # C/m2 per unit of content, Xu2019


@pytest.fixture
def values() -> pybamm.ParameterValues:
    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    result = from_pybamm_half_cell(source)
    result["Current function [A]"] = result["Nominal cell capacity [A.h]"]
    return result


def discharge(
    values: pybamm.ParameterValues, options: dict, end: float = 6000, tight: bool = False
) -> pybamm.Simulation:
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10) if tight else None
    simulation = pybamm.Simulation(SolidStateCell(options), parameter_values=values, solver=solver)
    simulation.solve([0, end])
    return simulation


def test_adiabatic_rise_is_the_heat_over_the_heat_capacity(values: pybamm.ParameterValues) -> None:
    # First law: what the reaction's enthalpy gives and the terminals do not take warms the cell.
    heat_capacity = 300.0
    curve = values["Positive electrode OCP [V]"]
    values.update(
        {
            "Heat transfer coefficient [W.m-2.K-1]": 0.0,
            "Heat capacity per area [J.m-2.K-1]": heat_capacity,
            "Positive electrode OCP entropic change [V.K-1]": ENTROPIC,
        }
    )
    simulation = discharge(values, {"thermal": "lumped"})
    solution = simulation.solution
    shells = np.diff(simulation.mesh["positive particle"].edges ** 3)
    first, last = (solution["Lithium content"].entries[:, :, k] for k in (0, -1))
    content = np.linspace(0, 1, 20001)
    potential = np.asarray(curve(pybamm.Vector(content)).evaluate()).ravel() - ROOM * ENTROPIC
    enthalpy = np.concatenate([[0], np.cumsum((potential[1:] + potential[:-1]) / 2 * np.diff(content))])
    ends = [np.mean(shells @ np.interp(profile, content, enthalpy)) for profile in (first, last)]
    released = CAPACITY * (ends[1] - ends[0])
    time, power = solution.t, solution["Power [W]"]
    nodes = np.linspace(0, time[-1], 20001)
    work = np.trapezoid(power(nodes), nodes) / AREA
    rise = solution["Temperature [K]"].entries[-1] - ROOM
    assert rise > 5
    assert rise == pytest.approx((released - work) / heat_capacity, rel=1e-3)


def test_strong_cooling_is_isothermal(values: pybamm.ParameterValues) -> None:
    values["Positive electrode OCP entropic change [V.K-1]"] = ENTROPIC
    isothermal = discharge(values, {}, tight=True).solution
    values["Heat transfer coefficient [W.m-2.K-1]"] = 1e6
    cooled = discharge(values, {"thermal": "lumped"}, tight=True).solution
    time = np.linspace(0, 0.999 * isothermal.t[-1], 200)
    assert np.max(np.abs(cooled["Temperature [K]"].entries - ROOM)) < 1e-3
    assert np.max(np.abs(cooled["Voltage [V]"](time) - isothermal["Voltage [V]"](time))) < 2e-4


def test_cell_relaxes_to_ambient_with_its_time_constant(values: pybamm.ParameterValues) -> None:
    values.update(
        {
            "Current function [A]": 0.0,
            "Initial temperature [K]": 308.15,
            "Heat capacity per area [J.m-2.K-1]": 500.0,
            "Heat transfer coefficient [W.m-2.K-1]": 5.0,
        }
    )
    solution = discharge(values, {"thermal": "lumped"}, end=300, tight=True).solution
    assert solution["Temperature [K]"](200.0) == pytest.approx(ROOM + 10 * np.exp(-2), abs=1e-3)


def split(values: pybamm.ParameterValues, shares: tuple[float, float], radii: tuple[float, float]) -> dict:
    """Parameters of two populations with these shares of the active material and these radii."""
    result = {}
    for number, (share, radius) in enumerate(zip(shares, radii, strict=True), start=1):
        result |= {population_name(name, number): value for name, value in values.items()}
        active = "Positive electrode active material volume fraction"
        result |= {
            population_name(active, number): 0.518 * share,
            population_name("Positive particle radius [m]", number): radius,
        }
    return result


@pytest.mark.parametrize("transform", [True, False])
def test_two_identical_halves_are_one_population(values: pybamm.ParameterValues, transform: bool) -> None:
    radius = values["Positive particle radius [m]"]
    one = discharge(values, {"transform": transform}, end=3600, tight=True).solution
    halves = pybamm.ParameterValues(split(values, (0.5, 0.5), (radius, radius)))
    two = discharge(halves, {"transform": transform, "populations": 2}, end=3600, tight=True).solution
    time = np.linspace(0, 3600, 100)
    assert np.max(np.abs(two["Voltage [V]"](time) - one["Voltage [V]"](time))) < 1e-6


def test_small_particles_of_a_mixture_carry_more_current_and_losses_add_up(values: pybamm.ParameterValues) -> None:
    mixture = pybamm.ParameterValues(split(values, (0.5, 0.5), (2e-6, 8e-6)))
    solution = discharge(mixture, {"populations": 2}).solution
    means = [solution[population_name("Mean lithium content", k)](1800.0) for k in (1, 2)]
    charge = 1800.0 * 0.0024 / AREA  # C/m2
    start = 4631.0 / 48230.0
    assert np.mean(means) == pytest.approx(start + charge / CAPACITY, abs=1e-6)
    assert means[0] > means[1] + 0.02
    losses = sum(solution[f"{origin.capitalize()} overpotential [V]"].entries for origin in ORIGINS)
    missing = solution["Equilibrium voltage [V]"].entries - losses - solution["Voltage [V]"].entries
    assert np.max(np.abs(missing)) < 1e-3
