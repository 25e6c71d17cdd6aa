"""Claims of the lithium interface against the published numbers they stand for (typed from the sources)."""

from __future__ import annotations

import numpy as np
import pytest

from lisse.materials import Material, library

ELECTROLYTES = [material for material in library().values() if material.kind == "electrolyte"]
NEEDED = [
    "healing_current_offset",
    "healing_current_linear",
    "healing_current_power",
    "void_height",
    "void_onset_ratio",
    "void_yield",
    "void_spacing",
    "refill_efficiency",
    "occluded_fraction",
    "occluded_size_factor",
    "reexposure_thickness",
    "critical_plating_current",
    "weibull_modulus",
    "pore_creep_pressure",
    "pore_creep_rate",
    "pore_creep_threshold_pressure",
    "pore_creep_critical_porosity",
    "pore_creep_current_exponent",
    "mechanical_short_time",
    "mechanical_short_pressure",
    "flaw_size",
    "flaw_aspect_ratio",
    "filament_speed",
    "soft_short_growth",
    "interphase_type",
    "interphase_parabolic_constant",
    "interphase_rate",
    "interphase_conductivity",
    "interphase_thickness_per_charge",
    "interphase_activation_energy",
    "interphase_fresh_surface_factor",
    "fracture_toughness",
    "youngs_modulus",
    "shear_modulus",
    "bulk_modulus",
    "poisson_ratio",
    "electronic_conductivity",
    "grain_size",
]


@pytest.mark.parametrize("material", ELECTROLYTES, ids=lambda material: material.name)
def test_every_electrolyte_can_lie_on_lithium(material):
    assert [name for name in NEEDED if not material.has(name)] == []


def healing(material: Material, pressure: float) -> float:
    """Stripping current that heals, mA/cm2, at a pressure in MPa."""
    offset, linear, power = (material.value(f"healing_current_{k}") for k in ("offset", "linear", "power"))
    exponent = Material.load("Li").value("creep_exponent")
    return (offset + linear * pressure * 1e6 + power * pressure**exponent) / 10


def test_critical_stripping_currents():
    """Li6PS5Cl: 0.2 and 1.0 mA/cm2 at 3 and 7 MPa (Kasemchainan 2019); garnet: 0.1 and 0.4 at 0.4 and 2.0 MPa."""
    argyrodite, garnet = Material.load("Li6PS5Cl"), Material.load("LLZO")
    assert [healing(argyrodite, p) for p in (3, 7)] == pytest.approx([0.2, 1.0], rel=0.01)
    assert [healing(garnet, p) for p in (0.4, 2.0)] == pytest.approx([0.1, 0.4], rel=0.01)
    # without pressure garnet cells are unstable at 0.1 mA/cm2
    assert healing(garnet, 0.0) < 0.1
    assert argyrodite.value("critical_plating_current") == pytest.approx(20.0)


def test_interphase_charges():
    """Aktekin 2023: 60 uA h/cm2 at 400 h on Li6PS5Cl, 6 and 8 at 200 and 400 h on garnet; in 36 C/m2."""
    constants = {name: Material.load(name).value("interphase_parabolic_constant") for name in ("Li6PS5Cl", "LLZO")}
    assert constants["Li6PS5Cl"] * np.sqrt(400 * 3600) / 36 == pytest.approx(60, rel=0.02)
    assert constants["LLZO"] * np.sqrt(np.array([200, 400]) * 3600) / 36 == pytest.approx([6, 8], rel=0.05)
    # Li10GeP2S12: 0.7 mA h/cm2 in a week, whether linear or parabolic
    germanium = Material.load("LGPS")
    assert germanium.value("interphase_rate") * 168 / 10 == pytest.approx(0.7, rel=0.02)
    parabolic = germanium.value("interphase_parabolic_constant", "aktekin-2023")
    assert parabolic * np.sqrt(168 * 3600) / 36e3 == pytest.approx(0.7, rel=0.02)
    # Li6PS5Cl: 540 nm at 60 uA h/cm2
    assert Material.load("Li6PS5Cl").value("interphase_thickness_per_charge") * 60 * 36 == pytest.approx(540e-9)


def test_anand_model_of_lithium():
    """Steady flow at 1e-3 1/s and 25 degC between the tension tests, about 0.75 MPa, and twice that after hardening."""
    lithium = Material.load("Li")
    value = {claim.property: claim.value for claim in lithium.claims if claim.default}
    rate = value["anand_prefactor"] * np.exp(-value["anand_activation_energy"] / (8.314463 * 298.15))
    start = value["anand_initial_resistance"] * (1e-3 / rate) ** value["anand_rate_sensitivity"]
    exponent = value["anand_rate_sensitivity"] + value["anand_saturation_exponent"]
    end = value["anand_saturation_resistance"] * (1e-3 / rate) ** exponent
    assert 0.5e6 < start < 0.75e6 < end < 1.8e6
    # the power law breaks down where stress over shear modulus passes 1e-3
    assert 1 / value["creep_sinh_coefficient"] == pytest.approx(1e-3 * value["shear_modulus"], rel=0.05)


def test_bulk_moduli_of_isotropic_solids():
    """Landau and Lifshitz, Theory of Elasticity, section 5: K = E / (3 (1 - 2 nu))."""
    counted = 0
    for material in ELECTROLYTES:
        for claim in material.claims:
            if (claim.property, claim.id) == ("bulk_modulus", "isotropic"):
                counted += 1
                expected = material.value("youngs_modulus") / (3 * (1 - 2 * material.value("poisson_ratio")))
                assert claim.value == pytest.approx(expected, rel=0.005), material.name
                assert "E / (3 (1 - 2 nu))" in claim.note
    assert counted == 8


@pytest.mark.parametrize(
    ("name", "reduction", "oxidation", "within"),
    [
        ("Li10SnP2S12", 1.7, 2.1, 0.05),  # the review, section on core-shell particles: about 1.7 to 2.1 V
        ("50Li2S-50GeS2", None, 2.14, 0.01),  # limited by Li4GeS4 as Li10GeP2S12 is (Zhu 2015)
        ("Li2ZrO3", None, 3.44, 0.01),  # Xiao 2019
        ("LiNb0.5Ta0.5O3", 1.74, 3.88, 0.13),  # as LiNbO3 (Zhu 2015), its weaker half
    ],
)
def test_windows_from_formation_energies(name, reduction, oxidation, within):
    material = Material.load(name)
    assert material.value("oxidation_potential") == pytest.approx(oxidation, abs=within)
    if reduction is not None:
        assert material.value("reduction_potential") == pytest.approx(reduction, abs=within)


def test_every_main_electrolyte_and_coating_has_a_window():
    for material in library().values():
        if material.kind in ("electrolyte", "coating"):
            low, high = material.value("reduction_potential"), material.value("oxidation_potential")
            assert -0.01 <= low < high < 4.5, material.name
