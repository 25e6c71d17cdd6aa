"""Mechanics of one particle that shrinks in its matrix: limits, the physics notes, other ways to the same numbers."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from scipy.integrate import quad, solve_ivp

from lisse.cathode import debonding
from lisse.cell.cell import Cell
from lisse.cell.library import cell_library
from lisse.materials import Material

LPS = (20e9, 0.3)
OXIDE = (156e9, 0.3)  # 130 GPa in bulk


def test_a_particle_like_its_matrix_and_a_rigid_one():
    # equal constants: K* = 2 E / (9 (1 - nu)), J.D. Eshelby 1957
    assert debonding.mismatch_modulus(*LPS, *LPS) == pytest.approx(2 * 20e9 / (9 * 0.7), rel=1e-12)
    # rigid: the cavity of Lame, p = 4 G u / r
    shear = 20e9 / 2.6
    assert debonding.mismatch_modulus(*LPS) == pytest.approx(4 * shear / 3, rel=1e-12)
    # rigid sphere under a change of shape: sigma' = 2 G (1 - beta)/beta e'
    beta = 2 * (4 - 5 * 0.3) / (15 * 0.7)
    stiff = debonding.shear_mismatch_modulus(*LPS, 1e25, 0.3)
    assert stiff == pytest.approx(shear * (1 - beta) / beta, rel=1e-9)


@pytest.mark.parametrize(
    ("youngs", "poisson", "printed"),
    [(20, 0.3, 9.5), (25, 0.35, 11.3), (37.2, 0.3, 16.6), (5, 0.3, 2.5), (150, 0.25, 49.5)],
)
def test_moduli_of_the_physics_notes(youngs, poisson, printed):
    got = debonding.mismatch_modulus(youngs * 1e9, poisson, *OXIDE) / 1e9
    assert got == pytest.approx(printed, rel=0.01)


def test_thresholds_of_the_physics_notes():
    modulus = debonding.mismatch_modulus(*LPS, *OXIDE)
    traction = debonding.traction_critical_strain(np.array([5e6, 70e6, 200e6]), modulus) * 100
    assert traction == pytest.approx([0.05, 0.74, 2.1], rel=0.06)
    energy = debonding.energy_critical_strain(3.5e-6, np.array([0.1, 1.0, 4.0, 14.0]), modulus) * 100
    assert energy == pytest.approx([0.42, 1.34, 2.7, 5.0], rel=0.012)  # two digits are printed
    radius = debonding.critical_radius(np.array([0.012, 0.025, 0.05]), 1.0, modulus) * 1e6
    assert radius == pytest.approx([4.4, 1.0, 0.25], rel=0.02)
    assert debonding.critical_radius(0.001, 1.0, modulus, 20e6) == np.inf  # still pressed
    assert debonding.gap(0.05, 3.5e-6, modulus) * 1e9 == pytest.approx(59, rel=0.01)
    assert debonding.gap(np.array([0.05, 0.06]), np.array([3e-6, 4.5e-6]), modulus) * 1e9 == pytest.approx(
        [51, 92], rel=0.01
    )


def test_pressure_closes_the_gap_at_the_threshold_of_the_traction():
    modulus, pressure = 9.5e9, 70e6
    threshold = debonding.traction_critical_strain(pressure, modulus)
    # linear in the strain on one side, exact lengths on the other: equal to first order
    assert debonding.gap(threshold, 1e-6, modulus, pressure) == pytest.approx(0.0, abs=1e-6 * threshold**2)
    assert debonding.gap(threshold / 2, 1e-6, modulus, pressure) == 0.0
    assert debonding.interface_pressure(30e6, 400e6, concentration=2.0, share=0.1) == pytest.approx(100e6)


def test_the_energy_is_the_work_that_the_traction_does_on_the_way():
    # pull the surface of particle and matrix together: force K* (s - s_0) over the volume, per area r/3
    modulus, radius, pressure = 9.5e9, 3.5e-6, 50e6
    work, _ = quad(lambda s: modulus * s - pressure, pressure / modulus, 0.04)
    assert debonding.energy_release(0.04, radius, modulus, pressure) == pytest.approx(radius / 3 * work, rel=1e-9)
    assert debonding.energy_release(0.001, radius, modulus, pressure) == 0.0


def test_both_criteria_must_hold():
    adhesion, modulus, strength = 1.0, 9.5e9, 200e6
    for radius in (0.3e-6, 1.4e-6, 5e-6):
        critical = debonding.critical_strain(radius, adhesion, modulus, 10e6, strength)
        below, above = (
            debonding.debonds(critical * factor, radius, adhesion, modulus, 10e6, strength) for factor in (0.999, 1.001)
        )
        assert not below
        assert above
    # Irwin's length: they change over at 6 Gamma K* / sigma^2
    radius = 6 * adhesion * modulus / strength**2
    energy = debonding.energy_critical_strain(radius, adhesion, modulus)
    assert energy == pytest.approx(debonding.traction_critical_strain(0.0, modulus, strength), rel=1e-12)


def test_directions_average_to_the_pressure_of_the_volume():
    modulus = debonding.mismatch_modulus(*LPS, *OXIDE)
    shear = debonding.shear_mismatch_modulus(*LPS, *OXIDE)

    def pressure(cosine: float) -> float:
        return float(debonding.directional_pressure_change(-0.015, 0.016, cosine, modulus, shear))

    mean, _ = quad(pressure, 0.0, 1.0)
    volume = (1 - 0.015) ** 2 * (1 + 0.016) - 1
    assert mean == pytest.approx(debonding.interface_pressure_change(volume, modulus), rel=1e-9)
    assert pressure(0.0) < 1.5 * mean < 0 < pressure(1.0)


def test_energy_of_shape_is_the_work_of_the_surface_tractions():
    # integral of -t.u*/2 over a sphere with sigma' = -2 G* e', u* = e'.x, per area
    shear, radius = 7e9, 3e-6
    misfit = np.array([-0.01, -0.01, 0.02])  # strain_c - strain_a = 0.03, no change of volume

    def density(cosine: float) -> float:
        normal = np.array([np.sqrt((1 - cosine**2) / 2), np.sqrt((1 - cosine**2) / 2), cosine])
        traction, move = -2 * shear * misfit * normal, misfit * radius * normal
        return -0.5 * float(traction @ move)

    work, _ = quad(density, 0.0, 1.0)
    assert debonding.shape_energy_release(-0.01, 0.02, radius, shear) == pytest.approx(work, rel=1e-9)


def test_yielding_of_the_physics_notes():
    first = debonding.cavity_yield_strain(np.array([0.1e9, 0.3e9]), *LPS) * 100
    assert first == pytest.approx([0.65, 1.95], rel=1e-9)
    assert debonding.cavity_strain(150e6, 0.1e9, *LPS) * 100 == pytest.approx(2.7, abs=0.1)
    # a particle that gives way yields later: 2 sigma_y / 3 K*
    modulus = debonding.mismatch_modulus(*LPS, *OXIDE)
    compliant = debonding.cavity_yield_strain(0.1e9, *LPS, 130e9)
    assert compliant == pytest.approx(2 * 0.1e9 / (3 * modulus), rel=1e-12)
    assert debonding.cavity_pressure(0.5 * compliant, 0.1e9, *LPS, 130e9) == pytest.approx(0.1e9 / 3, rel=1e-12)


@pytest.mark.parametrize("bulk", [np.inf, 130e9, 10e9])
@pytest.mark.parametrize("strength", [1e6, 0.1e9, 0.6e9])
def test_pressure_and_strain_are_inverse(bulk, strength):
    strain = np.geomspace(1e-5, 0.9, 60)
    tension = debonding.cavity_pressure(strain, strength, *LPS, bulk)
    assert debonding.cavity_strain(tension, strength, *LPS, bulk) == pytest.approx(strain, rel=1e-12)
    assert np.all(np.diff(tension) > 0)  # no plateau
    zone = debonding.cavity_plastic_radius(strain, strength, *LPS, bulk)
    assert np.all(zone[strain < debonding.cavity_yield_strain(strength, *LPS, bulk)] == 1.0)


def test_hills_cavity_by_integration():
    # perfectly plastic zone: d sigma_r / dr = 2 sigma_y / r outwards of the cavity (tension), elastic beyond c;
    # elastic compressibility (div u = (1 - 2 nu)(sigma_r + 2 sigma_t)/E) carries the displacement inwards
    youngs, poisson, strength = 20e9, 0.3, 0.1e9
    tension = 150e6
    zone = debonding.cavity_plastic_radius(debonding.cavity_strain(tension, strength, *LPS), strength, *LPS)

    def slopes(r, y):
        radial, move = y
        tangential = radial - strength
        divergence = (1 - 2 * poisson) * (radial + 2 * tangential) / youngs
        return [-2 * strength / r, divergence - 2 * move / r]

    start = [2 * strength / 3, -(1 + poisson) * strength / (3 * youngs) * zone]
    solved = solve_ivp(slopes, (float(zone), 1.0), start, rtol=1e-10, atol=1e-14)
    radial, move = solved.y[:, -1]
    assert radial == pytest.approx(tension, rel=1e-8)
    assert -3 * move == pytest.approx(float(debonding.cavity_strain(tension, strength, *LPS)), rel=1e-6)


def test_symbols_pass_through():
    loss, modulus = pybamm.Scalar(0.03), pybamm.Scalar(9.5e9)
    for built, plain in (
        (debonding.gap(loss, 3e-6, modulus, 1e6), debonding.gap(0.03, 3e-6, 9.5e9, 1e6)),
        (debonding.critical_strain(3e-6, loss, modulus), debonding.critical_strain(3e-6, 0.03, 9.5e9)),
        (debonding.energy_release(loss, 3e-6, modulus), debonding.energy_release(0.03, 3e-6, 9.5e9)),
        (debonding.cavity_pressure(loss, 1e8, *LPS), debonding.cavity_pressure(0.03, 1e8, *LPS)),
    ):
        assert isinstance(built, pybamm.Symbol)
        assert float(built.evaluate()) == pytest.approx(float(plain), rel=1e-12)


def test_the_default_fracture_energy_is_that_of_the_glass():
    lps = Material.load("Li3PS4")
    toughness, youngs, poisson = (lps.value(name) for name in ("fracture_toughness", "youngs_modulus", "poisson_ratio"))
    assert lps.value("adhesion_energy") == pytest.approx(toughness**2 * (1 - poisson**2) / youngs, rel=0.01)


@pytest.mark.parametrize("name", list(cell_library()))
def test_every_library_cell_has_the_claims_of_contact_loss(name):
    cell = Cell.load(name)
    if cell.symmetric:
        pytest.skip("no cathode")
    electrolyte, particle = (
        [cell.number(part, claim) for claim in ("youngs_modulus", "poisson_ratio")]
        for part in ("electrolyte", "active")
    )
    assert 2e9 < debonding.mismatch_modulus(*electrolyte, *particle) < 20e9
    assert 0.5 <= cell.number("electrolyte", "adhesion_energy") <= 15
    assert 0.1e9 <= cell.number("electrolyte", "yield_strength") <= 0.6e9
    if cell.spec.composite.binder is not None:
        assert cell.number("binder", "adhesion_per_binder") > 0
