"""Diffusion in an alloy anode: closed forms, finite volumes against them, and the mechanism inside a cell."""

import numpy as np
import pybamm
import pytest
from scipy.integrate import solve_ivp

import lisse.cell.model as cell_model
from lisse.anode import alloy_diffusion as alloy
from lisse.cell.cell import Cell
from lisse.cell.parameter_sets import parameter_values

FARADAY = 96485.33212
LENGTH, DIFFUSIVITY, START, LIMIT = 25e-6, 3.0e-15, 69.6e3, 24.0e3


def test_the_two_forms_of_the_series_meet():
    tau = np.array([0.099999, 0.100001])
    early, late = alloy.depletion_depth(tau)
    assert late - early == pytest.approx(2e-6 / np.sqrt(np.pi * 0.1), rel=2e-2)  # slope g' of the half-space there


def test_surface_concentration_solves_the_diffusion_equation():
    """Against a Crank-Nicolson solution on 2000 uniform volumes, written here."""
    n, time, current = 2000, 3 * 3600.0, 1.0
    steps = 4000
    h, dt = LENGTH / n, time / steps
    from scipy.linalg import solve_banded

    r = DIFFUSIVITY * dt / (2 * h**2)
    diagonal = np.full(n, 1 + 2 * r)
    diagonal[[0, -1]] = 1 + r
    band = np.vstack([np.full(n, -r), diagonal, np.full(n, -r)])
    c = np.full(n, START)
    for _ in range(steps):
        flux = np.concatenate([[0.0], np.diff(c), [0.0]])
        right = c + r * np.diff(flux)
        right[-1] -= current / FARADAY * dt / h
        c = solve_banded((1, 1), band, right)
    surface = c[-1] - current / FARADAY / DIFFUSIVITY * h / 2
    exact = alloy.surface_concentration(time, current, LENGTH, DIFFUSIVITY, START)
    assert exact == pytest.approx(surface, rel=2e-4)


@pytest.mark.parametrize(("current", "beta", "total"), [(0.1, 93, 61), (1.0, 41, 27)])
def test_published_utilisation(current, beta, total):
    """Krauskopf 2019 (second-hand), within one point."""
    args = current, LENGTH, DIFFUSIVITY, START, LIMIT
    assert 100 * alloy.utilisation(*args) == pytest.approx(beta, abs=1)
    assert 100 * alloy.utilisation(*args, total=True) == pytest.approx(total, abs=1)


def test_utilisation_falls_as_one_over_the_current_where_the_front_is_thin():
    high = alloy.utilisation(np.array([20.0, 40.0]), LENGTH, DIFFUSIVITY, START, LIMIT)
    assert high[0] / high[1] == pytest.approx(2.0, rel=1e-6)


def march(current, seconds, start=START, layer=0.0):
    """Integrate the finite volumes; return shells, metal and surface over time."""
    n = alloy.SHELLS

    def rates(_, y):
        surface = alloy.surface_state(list(y[:n]), y[n], current, LENGTH, DIFFUSIVITY)
        return [*alloy.concentration_rates(list(y[:n]), surface.outflow, LENGTH, DIFFUSIVITY), surface.layer_growth]

    solution = solve_ivp(rates, (0, seconds), [*[start] * n, layer], method="BDF", rtol=1e-8, atol=1e-8)
    end = solution.y[:, -1]
    return end[:n], end[n], alloy.surface_state(list(end[:n]), end[n], current, LENGTH, DIFFUSIVITY).concentration


@pytest.mark.parametrize("current", [0.1, 1.0, 10.0])
def test_finite_volumes_end_where_the_closed_form_does(current):
    """At the end of the closed form the shells' surface is at the limit, within 1 % of the drop."""
    end = float(alloy.stripping_time(current, LENGTH, DIFFUSIVITY, START, LIMIT))
    shells, _, surface = march(current, end)
    assert surface == pytest.approx(LIMIT, abs=0.01 * (START - LIMIT))
    lost = START * LENGTH - np.dot(alloy.shell_fractions(), shells) * LENGTH
    assert lost == pytest.approx(current * end / FARADAY, rel=1e-6)


def test_plating_fills_the_surface_and_then_grows_metal():
    seconds, current = 3600.0, -5.0
    shells, metal, surface = march(current, seconds)
    assert surface == pytest.approx(alloy.LITHIUM_CONCENTRATION, rel=1e-9)
    # lithium is conserved between alloy and metal
    gained = np.dot(alloy.shell_fractions(), shells) * LENGTH - START * LENGTH + metal
    assert gained == pytest.approx(-current * seconds / FARADAY, rel=1e-6)
    # a half-space held at pure lithium takes 2 (c_Li - c_0) sqrt(D t / pi) from the moment it is full
    full = np.pi * DIFFUSIVITY * ((alloy.LITHIUM_CONCENTRATION - START) * FARADAY / (2 * -current)) ** 2
    most = 2 * (alloy.LITHIUM_CONCENTRATION - START) * np.sqrt(DIFFUSIVITY * seconds / np.pi)
    taken = gained - metal
    assert full < 60  # s, against an hour
    assert taken == pytest.approx(most, rel=0.03)


def test_metal_on_top_is_stripped_before_the_alloy():
    shells, metal, surface = march(5.0, 600.0, start=alloy.LITHIUM_CONCENTRATION, layer=0.5)
    assert metal == pytest.approx(0.5 - 5.0 * 600 / FARADAY, rel=5e-3)
    assert surface == pytest.approx(alloy.LITHIUM_CONCENTRATION, rel=1e-2)
    assert min(shells) > 0.98 * alloy.LITHIUM_CONCENTRATION


def test_in_a_cell_the_surface_ends_the_discharge(monkeypatch):
    """A Li-Mg anode ends a discharge at the time of the closed form, with lithium left; metal would not."""
    monkeypatch.setattr(cell_model, "AnodeReservoir", alloy.AlloyDiffusion)
    cell = Cell.load("reference").replace(
        **{"anode.material": "Li-Mg", "anode.thickness": "25 um", "cathode.initial_lithium_content": 0.4}
    )
    model = cell_model.SolidStateCell()
    current = 10.0  # A/m2
    values = parameter_values(cell) | {
        "Anode alloy thickness [m]": LENGTH,
        "Anode alloy diffusivity [m2.s-1]": DIFFUSIVITY,
        "Anode alloy diffusivity activation energy [J.mol-1]": 55e3,
        "Anode alloy limiting concentration [mol.m-3]": LIMIT,
        "Current function [A]": current * cell.derived.cell_area,
    }
    simulation = pybamm.Simulation(model, parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, 3600])
    start = cell.derived.anode_lithium / LENGTH
    expected = float(alloy.stripping_time(current, LENGTH, DIFFUSIVITY, start, LIMIT))
    assert solution.termination == "event: Anode lithium exhausted"
    assert solution["Time [s]"].entries[-1] == pytest.approx(expected, rel=0.02)
    lithium = solution["Anode lithium [mol.m-2]"].entries
    assert lithium[0] - lithium[-1] == pytest.approx(current * solution["Time [s]"].entries[-1] / FARADAY, rel=1e-5)
    assert lithium[-1] > 0.95 * lithium[0]
