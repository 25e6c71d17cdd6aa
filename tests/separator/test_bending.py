"""Bending of the separator: Timoshenko's bilayer, Stoney's film, equilibrium, and the mechanism inside a cell."""

import numpy as np
import pybamm
import pytest

import lisse.cell.model as cell_model
from lisse.cell.cell import Cell
from lisse.cell.parameter_sets import parameter_values
from lisse.separator import bending
from lisse.separator.bending import Plate


@pytest.mark.parametrize(("thickness_ratio", "modulus_ratio"), [(0.1, 3.0), (1.0, 1.0), (2.5, 0.2)])
def test_timoshenko_bilayer(thickness_ratio, modulus_ratio):
    """Timoshenko 1925, eq. 4: 6 e (1 + m)^2 / (h [3 (1 + m)^2 + (1 + m n)(m^2 + 1/(m n))])."""
    height, misfit, modulus = 1e-3, 2e-3, 15e9
    m, n = thickness_ratio, modulus_ratio
    lower = Plate(height * m / (1 + m), n * modulus, 0.3)
    upper = Plate(height / (1 + m), modulus, 0.3, misfit)
    expected = 6 * misfit * (1 + m) ** 2 / (height * (3 * (1 + m) ** 2 + (1 + m * n) * (m**2 + 1 / (m * n))))
    assert bending.curvature([lower, upper]) == pytest.approx(expected, rel=1e-12)


def test_thin_film_is_stoneys():
    pellet, strain = Plate(1e-3, 22e9, 0.37), -1e-3
    film = Plate(1e-7, 10e9, 0.3, strain)
    stress = -film.biaxial_modulus * strain
    expected = bending.stoney_curvature(stress, 1e-7, 1e-3, pellet.biaxial_modulus)
    # a film in tension above shortens the upper side
    assert bending.curvature([pellet, film]) == pytest.approx(-expected, rel=2e-3)


@pytest.fixture
def stack():
    """Lithium, separator, shrunken composite."""
    return [Plate(30e-6, 7.8e9, 0.38, 1e-4), Plate(100e-6, 22e9, 0.37), Plate(60e-6, 12e9, 0.3, -3e-3)]


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_stresses_balance(stack, share):
    """No net force at any curvature; no net moment when the stack is free. Stress is linear in each layer."""
    bent = share * bending.curvature(stack)
    force = moment = low = 0.0
    for number, layer in enumerate(stack):
        lower, upper = bending.face_stresses(stack, number, bent)
        force += layer.thickness * (lower + upper) / 2
        moment += layer.thickness * (low * (lower + upper) / 2 + layer.thickness * (lower + 2 * upper) / 6)
        low += layer.thickness
    scale = 60e-6 * stack[2].biaxial_modulus * 3e-3
    assert abs(force) < 1e-12 * scale
    if share == 1:
        assert abs(moment) < 1e-10 * scale * low
    else:  # what bends it back: rigidity times the curvature that is missing
        assert abs(moment) == pytest.approx(bending.rigidity(stack) * abs(bending.curvature(stack)) * (1 - share))


def test_a_lone_layer_that_grows_is_free_of_stress():
    pair = [Plate(1e-4, 20e9, 0.3, 1e-3), Plate(2e-4, 5e9, 0.2, 1e-3)]
    assert bending.curvature(pair) == pytest.approx(0.0, abs=1e-12)
    assert bending.face_stresses(pair, 0, 0.0) == pytest.approx((0.0, 0.0), abs=1e-3)


def test_uniform_pressure_sags_as_plate_theory_says():
    """The curvature at the centre of a simply supported disc under q is (3 + nu) q R^2 / (16 D (1 + nu))."""
    modulus, poisson, height, radius, pressure = 22e9, 0.37, 1e-3, 6.5e-3, 2e6
    flexural = modulus * height**3 / (12 * (1 - poisson**2))
    bent = (3 + poisson) * pressure * radius**2 / (16 * flexural * (1 + poisson))
    rigid = bending.rigidity([Plate(height, modulus, poisson)])
    assert bending.flattening_pressure(bent, rigid, radius, poisson) == pytest.approx(pressure, rel=1e-12)


def test_composite_lies_between_its_solids_and_is_each_of_them_alone():
    assert bending.composite_modulus([1.0, 0.0], [178e9, 22e9]) == pytest.approx(178e9)
    assert bending.composite_modulus([0.0, 0.8], [178e9, 22e9]) == pytest.approx(0.8**2 * 22e9)
    assert 22e9 < bending.composite_modulus([0.6, 0.4], [178e9, 22e9]) < 178e9


def test_boundaries_widen_in_tension_only():
    gaps = bending.boundary_gap(np.array([-10e6, 0.0, 20e6]), 4.7e9, 5e-6)
    assert gaps == pytest.approx([0.0, 0.0, 5e-6 * 20e6 / 4.7e9])


def test_functions_take_symbols(stack):
    symbols = [
        Plate(*(pybamm.Scalar(x) for x in (layer.thickness, layer.youngs_modulus, layer.poisson_ratio, layer.strain)))
        for layer in stack
    ]
    assert bending.curvature(symbols).evaluate() == pytest.approx(bending.curvature(stack), rel=1e-12)
    lower, _ = bending.face_stresses(symbols, 1, bending.curvature(symbols))
    assert lower.evaluate() == pytest.approx(bending.face_stresses(stack, 1, bending.curvature(stack))[0], rel=1e-10)


def run_cell(monkeypatch, pressure, flaw, toughness=0.3e6):
    """Charge a thin cell with the mechanism; return the solution."""
    plain = cell_model.make_mechanisms
    monkeypatch.setattr(cell_model, "make_mechanisms", lambda options: [*plain(options), bending.SeparatorBending()])
    cell = Cell.load("reference").replace(**{"operation.stack_pressure": pressure, "geometry.die_diameter": "40 mm"})
    values = parameter_values(cell) | {
        "Separator thickness [m]": 100e-6,
        "Separator Young's modulus [Pa]": 22e9,
        "Separator Poisson's ratio": 0.37,
        "Separator fracture toughness [Pa.m0.5]": toughness,
        "Separator largest flaw [m]": flaw,
        "Separator grain size [m]": 5e-6,
        "Separator grain-boundary resistance [Ohm.m2]": 2e-7,
        "Separator grain-boundary opening [m]": 2e-9,
        "Positive electrode Young's modulus [Pa]": 12e9,
        "Positive electrode Poisson's ratio": 0.3,
        "Positive electrode yield strength [Pa]": 100e6,
        "Electrode in-plane share of volume change": 0.2,
        "Anode thickness [m]": 50e-6,
        "Anode Young's modulus [Pa]": 7.82e9,
        "Anode Poisson's ratio": 0.381,
        "Anode yield strength [Pa]": 0.8e6,
        "Anode in-plane share of volume change": 0.0,
        "Current function [A]": -0.2 * cell.derived.nominal_current,
    }
    model = cell_model.SolidStateCell()
    return pybamm.Simulation(model, parameter_values=pybamm.ParameterValues(values)).solve([0, 3 * 3600])


def test_under_pressure_the_pellet_stays_flat_and_whole(monkeypatch):
    solution = run_cell(monkeypatch, "5 MPa", 5e-6)
    assert solution.termination == "final time"
    assert np.max(np.abs(solution["Stack curvature [m-1]"].entries)) == 0
    # the composite shrinks on charge: held flat, the separator is pressed together and its boundaries stay shut
    assert solution["Separator bending stress [Pa]"].entries[-1] < -1e6
    assert np.max(solution["Separator grain-boundary gap [m]"].entries) == pytest.approx(0, abs=1e-12)


def test_without_pressure_it_bends_and_its_largest_flaw_runs(monkeypatch):
    solution = run_cell(monkeypatch, "0 MPa", 40e-6, toughness=0.05e6)
    assert solution.termination == "event: Separator cracked"
    stress = solution["Separator bending stress [Pa]"].entries[-1]
    assert 1.12 * stress * np.sqrt(np.pi * 40e-6) == pytest.approx(0.05e6, rel=1e-3)
    widened = solution["Separator grain-boundary widening resistance [Ohm.m2]"].entries[-1]
    assert widened == pytest.approx(20 * 2e-7 * (5e-6 * stress / 22e9) / 2e-9, rel=1e-6)
