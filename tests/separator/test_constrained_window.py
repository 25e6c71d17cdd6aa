"""Confined electrolyte: limits of the shell, energy balance at the edge, the review's core-shell window."""

import numpy as np
import pytest

from lisse.materials import Material
from lisse.separator import constrained_window as window

FARADAY = 96485.33212


def test_shell_has_the_limits_of_lames_solution():
    modulus, poisson = 22e9, 0.37
    shear = modulus / (2 * (1 + poisson))
    assert window.shell_modulus(modulus, poisson, 200.0) == pytest.approx(4 / 3 * shear, rel=1e-5)
    # a thin shell is a membrane: p = 2 s t / a with s = E u/(a (1 - nu)), volume strain 3 u/a
    thin = 1e-5
    assert window.shell_modulus(modulus, poisson, 1 + thin) == pytest.approx(
        2 * modulus * thin / (3 * (1 - poisson)), rel=1e-4
    )
    assert window.shell_modulus(modulus, poisson, 1.0) == 0.0


def test_series_of_core_and_shell():
    assert window.confinement_modulus(30e9, 1e15) == pytest.approx(30e9, rel=1e-4)
    assert window.confinement_modulus(30e9, 0.0) == 0.0


def test_edges_balance_chemical_and_strain_energy():
    """At the edge F times the overvoltage equals the work against the confinement, 10 GPa x 5 cm3/mol = 50 kJ/mol."""
    for bare, oxidation, sign in ((1.71, False, -1), (2.01, True, 1)):
        edge = window.window_edge(bare, 10e9, 5e-6, oxidation=oxidation)
        assert sign * (edge - bare) * FARADAY == pytest.approx(50e3, rel=1e-9)
    assert window.window_edge(1.71, 0.0, 5e-6, oxidation=False) == 1.71


def test_growth_is_throttled_to_the_floor():
    moduli = np.array([0.0, 0.2e9, 0.4e9, 20e9])
    factor = window.growth_factor(moduli, 5e-6)
    assert factor[0] == 1.0
    assert factor[2] == pytest.approx(factor[1] ** 2, rel=1e-9)
    assert factor[3] == 1e-3
    assert factor[1] == pytest.approx(np.exp(-1000 / (8.314462618 * 298.15)), rel=1e-9)


def test_core_shell_particle_of_the_review():
    """About 0.4 V wide when bare, 2.4 V in its shell, which 5 to 20 GPa bracket."""
    material = Material.load("Li10SnP2S12")
    volume = material.value("decomposition_volume")
    lower, upper = material.value("reduction_potential"), material.value("oxidation_potential")
    widths = [
        window.window_edge(upper, modulus, volume, oxidation=True)
        - window.window_edge(lower, modulus, volume, oxidation=False)
        for modulus in (0.0, 5e9, 20e9)
    ]
    assert widths[0] == pytest.approx(0.4, abs=0.1)
    assert widths[0] < widths[1] < 2.4 < widths[2]
