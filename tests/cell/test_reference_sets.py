"""Published cathodes with the tabulated inputs: Bielefeld 2022 / Ruess 2020 and the front that a slow oxide makes.

Numbers of an independent one-ion P2D solver (implicit Euler, own mesh) are the regression targets; the experiments
are the figure-read values with their scatter. On every one of the runs the books of lithium, charge and energy are
recomputed here from the final profiles, and the losses must add up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pybamm
import pytest

from lisse.cell.model import SolidStateCell
from lisse.cell.peer import from_pybamm_half_cell
from lisse.mechanism import ORIGINS

FARADAY = 96485.33212
SITES, MOLAR_MASS = 49034.0, 97.28e-3
THICKNESS, ACTIVE, RADIUS = 40e-6, 0.42, 3.5e-6
LOADING = ACTIVE * THICKNESS * SITES * MOLAR_MASS * 1e3  # g/m2
KNOTS = np.array([3.6, 3.73, 3.84, 3.94, 4.08, 4.22])
DIFFUSIVITIES = np.array([7e-18, 3.8e-16, 3.3e-16, 6.85e-16, 3.5e-16, 1.7e-17])
EXCHANGE_KNOTS = np.array([3.6, 3.8, 4.0, 4.19])
EXCHANGES = np.array([0.02, 0.155, 0.12, 0.028])

Function = Callable[[object], object]


def chen(x):
    """Open-circuit curve of LG M50's NMC811 in its own stoichiometry (C.-H. Chen et al. 2020)."""
    return (
        4.4875
        - 0.8090 * x
        - 0.0428 * np.tanh(18.5138 * (x - 0.5542))
        - 17.7326 * np.tanh(15.7890 * (x - 0.3117))
        + 17.5842 * np.tanh(15.9308 * (x - 0.3120))
    )


def anchored(x):
    """The same curve in true lithium content, with the knee of a full oxide."""
    return chen((x + 0.0665) / 1.067) - 0.6 * np.exp((x - 0.985) / 0.01)


def hindered(x):
    """Integral of the diffusivity that collapses above x = 0.885 (closed form, equal widths)."""
    width, full, empty = 0.015, 0.885, 0.20
    floor, plateau, share = 1e-18, 8e-16, 0.125

    def soft(y):
        return np.maximum(y, 0) + np.log(1 + np.exp(-abs(y)))

    open_part = x - width * soft((x - full) / width)
    both = width * (soft((x - empty) / width) - soft((x - full) / width)) / (1 - np.exp(-(full - empty) / width))
    return floor * x + plateau * (share * open_part + (1 - share) * both)


def constant(x):
    """Integral of the constant diffusivity D2."""
    return 3.5e-16 * x


def log_interpolated(knots: np.ndarray, values: np.ndarray, voltage: np.ndarray) -> np.ndarray:
    return np.exp(np.interp(voltage, knots, np.log(values)))


def bielefeld(curve: Function, integral: Function, exchange: Function, radius: float) -> pybamm.ParameterValues:
    """REF-B22: 42 vol% NMC811 | Li6PS5Cl, 40 um, 1 m2, no separator resistance, 1C = 200 mA/g."""
    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    values = from_pybamm_half_cell(source)
    values.update(
        {
            "Electrode width [m]": 1.0,
            "Electrode height [m]": 1.0,
            "Nominal cell capacity [A.h]": 0.2 * LOADING,
            "Nominal current density [A.m-2]": 0.2 * LOADING,
            "Positive electrode thickness [m]": THICKNESS,
            "Positive electrode active material volume fraction": ACTIVE,
            "Maximum concentration in positive electrode [mol.m-3]": SITES,
            "Positive particle radius [m]": radius,
            "Initial lithium content": 0.98,
            "Positive electrode ionic conductivity [S.m-1]": 0.0103,
            "Positive electrode electronic conductivity [S.m-1]": 0.05,
            "Positive electrode OCP [V]": curve,
            "Positive particle diffusivity integral [m2.s-1]": integral,
            "Positive electrode exchange-current density [A.m-2]": exchange,
            "Separator thickness [m]": 1e-12,
            "Contact resistance [Ohm.m2]": 0.0,
            "Anode charge-transfer resistance [Ohm.m2]": 1e-9,
            "Upper voltage cut-off [V]": 4.2,
            "Lower voltage cut-off [V]": 2.6,
        }
    )
    return values


def charge(values: pybamm.ParameterValues, rate: float, mesh: dict | None = None) -> tuple[pybamm.Simulation, float]:
    """Charge to 4.2 V; return the simulation and the capacity [mAh/g]."""
    values["Current function [A]"] = -rate * values["Nominal cell capacity [A.h]"]
    simulation = pybamm.Simulation(SolidStateCell(), parameter_values=values, var_pts=mesh)
    solution = simulation.solve([0, 1.5 * 3600 / rate])
    assert solution.termination == "event: Maximum voltage [V]"
    return simulation, -float(solution["Discharge capacity [A.h]"].entries[-1]) / LOADING * 1e3


def books(simulation: pybamm.Simulation, curve: Function, transform: Function) -> dict[str, float]:
    """Relative errors of lithium, charge and energy, from the final profiles and the mesh alone."""
    solution = simulation.solution
    edges = simulation.mesh["positive particle"].edges
    shells = np.diff(edges**3)
    profile = solution["Lithium content"].entries  # shells, places, times
    fine = np.linspace(0.0, 1.02, 40001)
    potential = np.asarray(curve(fine))
    enthalpy = np.concatenate([[0], np.cumsum((potential[1:] + potential[:-1]) / 2 * np.diff(fine))])
    capacity = FARADAY * SITES * ACTIVE * THICKNESS / 3600  # A.h per unit of content, 1 m2

    def total(values: np.ndarray) -> np.ndarray:
        return capacity * np.einsum("r,rxt->xt", shells, values).mean(axis=0)

    def change(name: str) -> float:
        entries = solution[name].entries
        return float(entries[-1] - entries[0])

    held = total(profile)
    reservoir = solution["Anode lithium inventory [mol]"].entries * FARADAY / 3600
    passed = float(solution["Discharge capacity [A.h]"].entries[-1])
    released = np.diff(total(np.interp(profile[:, :, [0, -1]], fine, enthalpy)))[0]
    throughput = float(
        np.trapezoid(np.abs(solution["Current [A]"].entries * solution["Voltage [V]"].entries), solution.t)
    )
    nodes = (edges[1:] + edges[:-1]) / 2
    inside = np.concatenate([profile, solution["Surface lithium content"].entries[None]])
    slope = np.diff(transform(inside), axis=0) / np.diff(np.append(nodes, 1.0))[:, None, None]
    drop = np.diff(np.asarray(curve(inside.ravel())).reshape(inside.shape), axis=0)
    power = -3 * ((edges[1:] ** 2)[:, None, None] * slope * drop).sum(axis=0).mean(axis=0) / RADIUS**2
    mixing = capacity * float(np.trapezoid(power, solution.t))
    work = change("Discharge energy [W.h]") + change("Dissipated energy [W.h]") + mixing
    return {
        "lithium": (held[-1] - held[0] + reservoir[-1] - reservoir[0]) / abs(passed),
        "charge": (held[-1] - held[0] - passed) / abs(passed),
        "energy": (work - released) / (throughput / 3600),
    }


def assert_sound(simulation: pybamm.Simulation, curve: Function, transform: Function) -> None:
    errors = books(simulation, curve, transform)
    assert abs(errors["lithium"]) < 1e-9
    assert abs(errors["charge"]) < 1e-9
    assert abs(errors["energy"]) < 1e-4
    solution = simulation.solution
    losses = sum(solution[f"{origin.capitalize()} overpotential [V]"].entries for origin in ORIGINS)
    missing = solution["Equilibrium voltage [V]"].entries - losses - solution["Voltage [V]"].entries
    assert np.max(np.abs(missing)) < 1e-3


# Rate, prototype and experiment [mAh/g]; D and j0 of the paper, nothing tuned.
BIELEFELD = [(0.02, 194.8, 197), (0.1, 174.2, 172), (0.5, 111.5, 115)]


@pytest.mark.parametrize(("rate", "prototype", "experiment"), BIELEFELD)
def test_bielefeld_constant_diffusivity(rate: float, prototype: float, experiment: float) -> None:
    values = bielefeld(anchored, constant, lambda x: 0.155 + 0 * x, RADIUS)
    simulation, capacity = charge(values, rate)
    assert capacity == pytest.approx(prototype, abs=1)
    assert capacity == pytest.approx(experiment, abs=10)
    assert_sound(simulation, anchored, constant)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_books_balance_with_a_collapsing_diffusivity(rate: float) -> None:
    values = bielefeld(anchored, hindered, lambda x: 0.155 + 0 * x, RADIUS)
    simulation, _ = charge(values, rate)
    assert_sound(simulation, anchored, hindered)


def tabulated(curve: Function) -> tuple[Function, Function]:
    """D(V) and j0(V) of the paper as functions of the content, log-interpolated in V and clamped at the ends."""
    grid = np.linspace(0.0, 1.0, 4001)
    voltage = np.asarray(curve(grid))
    diffusivity = log_interpolated(KNOTS, DIFFUSIVITIES, voltage)
    integral = np.concatenate([[0], np.cumsum((diffusivity[1:] + diffusivity[:-1]) / 2 * np.diff(grid))])
    exchange = log_interpolated(EXCHANGE_KNOTS, EXCHANGES, voltage)
    return (
        lambda x: pybamm.Interpolant(grid, integral, x),
        lambda x: pybamm.Interpolant(grid, exchange, x),
    )


def test_kirchhoff_transform_lets_the_front_move() -> None:
    # A surface extrapolated with the local diffusivity locks the front near 1 mAh/g; the prototype gives 122.8.
    integral, exchange = tabulated(chen)
    _, capacity = charge(bielefeld(chen, integral, exchange, 2.5e-6), 0.5)
    assert capacity == pytest.approx(122.8, abs=5)


def xu(x):
    """Open-circuit curve of Xu 2019, anchored for NMC622 in true lithium content (cathode.md 1.5)."""
    y = np.minimum((x - 0.291) / 0.672, 1.02)
    polynomial = 4.3452 + y * (-1.6518 + y * (1.6225 + y * (-2.0843 + y * (3.5146 - y * 2.2166))))
    return polynomial - 0.5623e-4 * np.exp(109.451 * y - 100.006)


def minnmann(active: float, ionic: float, electronic: float, loading: float, connected: float) -> dict[str, object]:
    """REF-M21: NMC622 | Li6PS5Cl without carbon, 1 m2; conductivities and loadings measured, one set for the rest."""
    density, molar_mass = 4650.0, 96.93e-3
    nominal = 0.2 * loading * 1e3
    return {
        "Nominal cell capacity [A.h]": nominal,
        "Nominal current density [A.m-2]": nominal,
        "Positive electrode thickness [m]": loading / (active * density),
        "Positive electrode active material volume fraction": active,
        "Positive electrode connected fraction": connected,
        "Maximum concentration in positive electrode [mol.m-3]": density / molar_mass,
        "Positive particle radius [m]": 3e-6,
        "Initial lithium content": 0.93,
        "Positive electrode ionic conductivity [S.m-1]": ionic,
        "Positive electrode electronic conductivity [S.m-1]": electronic,
        "Contact resistance [Ohm.m2]": 80e-4,
        "Upper voltage cut-off [V]": 4.3,
    }


MINNMANN = {
    "33": (0.33, 2.66e-2, 2.36e-2, 0.0917, 0.93),
    "42": (0.42, 1.66e-2, 5.56e-2, 0.107, 1.0),
    "61": (0.61, 3.06e-4, 0.143, 0.131, 1.0),
    "61 fine": (0.61, 1.17e-3, 0.0697, 0.131, 1.0),
}
# Composite, rate, prototype and measured capacity [mAh/g]. The coarse 61 vol% one is missed at 0.25C and 0.5C.
MINNMANN_CAPACITIES = [
    pytest.param("33", 0.1, 137, 137, marks=pytest.mark.slow),
    pytest.param("33", 1.0, 81, 83, marks=pytest.mark.slow),
    ("42", 0.1, 149, 155),
    ("42", 1.0, 91, 91),
    ("61", 0.1, 129, 132),
    pytest.param("61", 0.25, 117, 80, marks=pytest.mark.slow),
    pytest.param("61", 0.5, 72, 43, marks=pytest.mark.slow),
    ("61", 1.0, 17, 16),
    ("61 fine", 0.1, 144, 155),
    pytest.param("61 fine", 0.25, 132, 130, marks=pytest.mark.slow),
    pytest.param("61 fine", 0.5, 114, 106, marks=pytest.mark.slow),
    ("61 fine", 1.0, 86, 63),
]


@pytest.mark.parametrize(("composite", "rate", "prototype", "measured"), MINNMANN_CAPACITIES)
def test_minnmann_rate_capability(composite: str, rate: float, prototype: float, measured: float) -> None:
    def integral(x):
        y = (x - 0.90) / 0.015
        return 1e-18 * x + 5e-16 * (x - 0.015 * (np.maximum(y, 0) + np.log(1 + np.exp(-abs(y)))))

    def exchange(x):
        return 0.1 * 2 * np.sqrt(np.maximum(x * (1 - x), 1e-3))

    values = bielefeld(xu, integral, exchange, 3e-6)
    values.update(minnmann(*MINNMANN[composite]))
    experiment = pybamm.Experiment(["Charge at C/10 until 4.3 V", f"Discharge at {rate} C until 2.6 V"])
    solution = pybamm.Simulation(SolidStateCell(), parameter_values=values, experiment=experiment).solve(
        calc_esoh=False
    )
    passed = solution["Discharge capacity [A.h]"].entries
    capacity = (passed[-1] - passed.min()) / (MINNMANN[composite][3] * 1e3) * 1e3
    assert capacity == pytest.approx(prototype, abs=1.5)
    assert capacity == pytest.approx(measured, abs=40 if composite == "61" and 0.2 < rate < 0.6 else 25)
