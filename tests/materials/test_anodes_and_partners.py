"""The data files of anodes, carbons, binders and collectors against published numbers and identities."""

from __future__ import annotations

import numpy as np
import pytest

from lisse.materials import Material

FARADAY = 96485.33
CHARGE = 36000.0  # C/m^2 in 1 mA h/cm^2


@pytest.mark.parametrize(("name", "micrometres"), [("Li", 4.85), ("Li-In", 2.944)])
def test_thickness_per_areal_charge(name, micrometres):
    """Thickness of the stored lithium per mA h/cm^2 ."""
    volume = Material.load(name).value("lithium_molar_volume")
    assert 1e6 * CHARGE / FARADAY * volume == pytest.approx(micrometres, rel=2e-3)


def test_lithium_capacity_and_volume():
    lithium = Material.load("lithium metal")
    assert lithium.value("specific_capacity") / 3600 == pytest.approx(3860, rel=1e-3)
    assert FARADAY / lithium.value("molar_mass") / 3600 == pytest.approx(3860, rel=2e-3)
    # 2061 mA h/cm^3
    assert lithium.value("density") * lithium.value("specific_capacity") / 3.6e6 == pytest.approx(2061, rel=1e-3)
    assert lithium.value("potential") == 0


def test_lithium_moduli_are_those_of_an_isotropic_solid():
    """Masias 2019: E 7.82, G 2.83, K 11.1 GPa, Poisson's ratio 0.381; tied by isotropy within 3 %."""
    lithium = Material.load("Li")
    E, G, K, nu = (lithium.value(k) for k in ("youngs_modulus", "shear_modulus", "bulk_modulus", "poisson_ratio"))
    assert pytest.approx(7.82e9, rel=1e-9) == E
    assert pytest.approx(2 * G * (1 + nu), rel=0.03) == E
    assert pytest.approx(E / (3 * (1 - 2 * nu)), rel=0.03) == K


def test_lithium_creep_returns_the_tension_tests():
    """Masias 2019, table S1 (second-hand): strain rates at 0.2 to 0.6 MPa within a factor 1.8."""
    lithium = Material.load("Li")
    stress = np.array([0.200, 0.301, 0.396, 0.400, 0.400, 0.400, 0.600])
    rate = np.array([2.00e-7, 4.95e-6, 1.58e-5, 1.34e-5, 1.36e-5, 1.72e-5, 3.89e-4])
    model = lithium.value("creep_prefactor") * stress ** lithium.value("creep_exponent")
    assert np.all(np.abs(np.log(model / rate)) < np.log(1.8))
    # LePage 2019: from -25 to 125 degC the rate rises by 860 at constant stress
    inverse = 1 / 248.15 - 1 / 398.15
    assert np.exp(lithium.value("creep_activation_energy") / 8.314463 * inverse) == pytest.approx(860, rel=0.02)


def test_lithium_kinetics_is_one_claim():
    lithium = Material.load("Li")
    resistance = lithium.value("charge_transfer_resistance")
    assert 8.314463 * 298.15 / FARADAY / resistance == pytest.approx(257, rel=1e-3)
    assert sum(c.property == "charge_transfer_resistance" for c in lithium.claims) == 1
    spread = lithium.claim("charge_transfer_resistance").spread
    # a factor 30 reaches the lowest published exchange current density, 8.87 A/m^2
    assert spread.kind == "factor"
    assert 257 / spread.size < 8.87


def test_lithium_indium_two_phase_electrode():
    alloy = Material.load("InLi")
    assert alloy.value("potential") == pytest.approx(0.62)
    # three-electrode measurement (B28): 0.6210 V within 6 mV
    assert alloy.value("potential") == pytest.approx(0.6210, abs=0.006)
    # 1 Li per In on 114.82 g/mol, and In 15.71 to InLi 23.60 cm^3/mol (+50 %)
    assert alloy.value("specific_capacity") / 3600 == pytest.approx(233, rel=5e-3)
    assert alloy.value("lithium_molar_volume") == pytest.approx((23.60 - 15.71) * 1e-6)
    filled = alloy.value("lithium_fraction_initial")
    volume = (15.71 + filled * 7.89) * 1e-6
    assert alloy.value("density") == pytest.approx(alloy.value("molar_mass") / volume, rel=1e-3)
    # 6 to 14 ohm cm^2 for one electrode
    assert 6e-4 < alloy.value("charge_transfer_resistance") < 14e-4


def test_lithium_magnesium_content_and_diffusion():
    """Krauskopf 2019 (second-hand): 69.6 mmol of lithium per cm^3, D 3.0e-11 cm^2/s, 0.57 eV."""
    alloy = Material.load("Li0.9Mg0.1")
    lithium_content = 0.9 * alloy.value("density") / alloy.value("molar_mass")
    assert lithium_content == pytest.approx(69.6e3, rel=5e-3)
    assert alloy.value("specific_capacity") == pytest.approx(69.6e3 * FARADAY / alloy.value("density"), rel=5e-3)
    assert alloy.value("diffusivity") == pytest.approx(3.0e-15)
    assert alloy.value("diffusivity_activation_energy") == pytest.approx(0.57 * FARADAY, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "kind", "density"),
    [
        ("VGCF", "additive", 2000),
        ("Super P", "additive", 1900),
        ("CNF", "additive", 1950),
        ("PTFE", "binder", 2200),
        ("NBR", "binder", 1000),
        ("ethyl cellulose", "binder", 1140),
        ("PVC", "binder", 1400),
        ("Al", "collector", 2700),
        ("Cu", "collector", 8960),
        ("Ni", "collector", 8900),
        ("stainless steel", "collector", 7930),
        ("C-Al", "collector", 2660),
    ],
)
def test_density_of_cell_partners(name, kind, density):
    material = Material.load(name)
    assert material.kind == kind
    assert material.value("density") == pytest.approx(density)


def test_vapour_grown_fibres_carry_a_composite():
    """3 vol% of fibres give about 0.1 S/m; below the threshold (1 to 3 vol%) nothing."""
    carbon = Material.load("VGCF")
    prefactor, threshold, exponent = (
        carbon.value(f"percolation_{k}") for k in ("conductivity", "threshold", "exponent")
    )
    assert 0.01 <= threshold <= 0.03
    assert prefactor * ((0.03 - threshold) / (1 - threshold)) ** exponent == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("name", ["Al", "Cu", "Ni", "SUS", "C-Al"])
def test_collectors_are_metals(name):
    material = Material.load(name)
    # Wiedemann-Franz metals at room temperature: between steel and copper
    assert 1e6 < material.value("electronic_conductivity") < 6.2e7
    # Dulong-Petit: 3R per mole of atoms within 10 % (not for the composite foil)
    atoms = {"Al": 26.98e-3, "Cu": 63.55e-3, "Ni": 58.69e-3}.get(name)
    if atoms:
        assert material.value("heat_capacity") * atoms == pytest.approx(3 * 8.314463, rel=0.1)
