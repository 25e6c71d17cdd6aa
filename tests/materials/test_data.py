"""The values of the built-in library against what the review prints, and the rules every file keeps."""

import warnings

import numpy as np
import pytest

from lisse.materials import KINDS, Material, library

# Table 2 of the review, typed row by row: name, state, S/cm, eV, id of the claim
TABLE_2 = [
    ("50Li2S-50GeS2", "glass", 4e-5, 0.51, "review-table2"),
    ("60Li2S-40SiS2", "glass", 5.3e-4, 0.33, "review-table2"),
    ("67Li2S-33P2S5", "glass", 1e-4, 0.36, "review-table2"),
    ("Li7P3S11", "glass-ceramic", 3.2e-3, 0.125, "review-table2-a"),
    ("Li7P3S11", "glass-ceramic", 1.7e-2, 0.18, "review-table2-b"),
    ("Li3PS4", "glass-ceramic", 2.8e-4, 0.356, "review-table2"),
    ("78Li2S-22P2S5", "glass-ceramic", 1.78e-3, 0.31, "review-table2"),
    ("80Li2S-20P2S5", "glass-ceramic", 7.2e-4, 0.25, "review-table2"),
    ("Li7Ge3PS12", "crystal", 1.1e-4, 0.26, "review-table2"),
    ("Li3.25Ge0.25P0.75S4", "crystal", 2.2e-3, 0.207, "review-table2"),
    ("Li9.54Si1.74P1.44S11.7Cl0.3", "crystal", 2.5e-2, 0.238, "review-table2"),
    ("Li10GeP2S12", "crystal", 1.2e-2, 0.21, "review-table2"),
    ("Li10SnP2S12", "crystal", 4e-3, 0.87, "review-table2"),
    ("Li10SiP2S12", "crystal", 2.3e-3, 0.20, "review-table2"),
    ("Li11AlP2S12", "crystal", 8e-4, 0.263, "review-table2"),
    ("Li6PS5Cl", "argyrodite", 1.3e-3, 0.33, "review-table2"),
    ("Li6PS5Br", "argyrodite", 1e-2, 0.20, "review-table2"),
]
SUSPECT = {("Li7P3S11", 0.125), ("Li10SnP2S12", 0.87), ("Li6PS5Br", 0.20)}
ELECTROLYTES = [material for material in library().values() if material.kind == "electrolyte"]
COATINGS = ["LiNbO3", "Li2SiO3", "LiAlO2", "Li4Ti5O12", "LiTaO3", "LiNb0.5Ta0.5O3", "Li3PO4", "Li2ZrO3"]
NEEDED = [
    "ionic_conductivity",
    "activation_energy",
    "arrhenius_form",
    "density",
    "lithium_contact_hardness",
    "lithium_contact_resistance",
    "lithium_contact_unloading_exponent",
    "electronic_conductivity",
    "heat_capacity",
    "binder_sensitivity",
]


@pytest.mark.parametrize(("name", "state", "sigma", "energy", "id"), TABLE_2)
def test_table_2_is_verbatim(name, state, sigma, energy, id):
    material = Material.load(name)
    assert material.state == state
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        conductivity = material.claim("ionic_conductivity", id)
        activation = material.claim("activation_energy", id)
    assert conductivity.value == pytest.approx(100 * sigma, rel=1e-12)
    assert activation.value == pytest.approx(energy * 96485.33212, rel=1e-9)
    assert conductivity.source.tag == activation.source.tag == "seed"
    assert bool(activation.suspect) == ((name, energy) in SUSPECT)


def test_table_1_electrolytes_and_polymorphs_are_there():
    for name in ("Li6PS4.7O0.3Br", "Li5.7Zn0.15PS4.85O0.15Br", "Li6.55P0.45Si0.55S5I", "Li3PS4-LiI", "LLZO"):
        assert Material.load(name).kind == "electrolyte"
    distinct = {Material.load(name).name for name in ("Li3PS4", "beta-Li3PS4", "gamma-Li3PS4", "75Li2S-25P2S5")}
    assert len(distinct) == 4


@pytest.mark.parametrize("material", ELECTROLYTES, ids=lambda material: material.name)
def test_every_electrolyte_has_what_a_cell_needs(material):
    for name in NEEDED:
        claim = material.claim(name)
        assert claim.suspect is None, name
    assert 1500 < material.value("density") < 5500


def test_conductivities_at_other_temperatures():
    # anode.md 5.1: Li6PS5Cl 1.33e-4, 4.0e-4, 5.0e-3, 9.6e-3 S/cm at -20, 0, 60, 80 degC
    material = Material.load("Li6PS5Cl")
    assert material.value("arrhenius_form") == "exp"
    sigma, energy = material.value("ionic_conductivity"), material.value("activation_energy")
    temperatures = np.array([-20, 0, 60, 80]) + 273.15
    got = sigma * np.exp(-energy / 8.314462618 * (1 / temperatures - 1 / 298.15)) / 100
    assert got == pytest.approx([1.33e-4, 4.0e-4, 5.0e-3, 9.6e-3], rel=0.03)


def test_li6ps5cl_densifies_and_touches_lithium_as_measured():
    material = Material.load("Li6PS5Cl")
    pressed = material.value("densification_intercept") + 370e6 / material.value("densification_pressure")
    assert 1 - np.exp(-pressed) == pytest.approx(0.821, abs=0.01)  # Doux 2020: four pellets at 370 MPa
    assert 1 - np.exp(-material.value("densification_intercept")) == pytest.approx(0.60, abs=0.01)
    # Doux 2020, two contacts on 1.267 cm2: 110, 50, 40, 35, 32 ohm at 5, 10, 15, 20, 25 MPa
    hardness, contact = material.value("lithium_contact_hardness"), material.value("lithium_contact_resistance")
    pressure = np.array([5e6, 10e6, 15e6, 20e6, 25e6])
    measured = np.array([110, 50, 40, 35, 32])
    rest = 2 * contact * 1e4 / 1.267 / np.expm1(pressure / hardness)
    bulk = np.mean((measured - rest)[1:])
    assert bulk + rest == pytest.approx(measured, rel=0.15)


def test_glass_densifies_as_measured():
    glass = Material.load("75Li2S-25P2S5")  # Sakuda 2013: above 90 percent at 350 MPa
    pressed = glass.value("densification_intercept") + 350e6 / glass.value("densification_pressure")
    assert 1 - np.exp(-pressed) == pytest.approx(0.90, abs=0.01)


def test_windows_of_the_review():
    for name, reduction, oxidation in (
        ("Li3PS4", 1.71, 2.31),
        ("Li6PS5Cl", 1.71, 2.01),
        ("Li10GeP2S12", 1.71, 2.14),
    ):
        assert Material.load(name).value("reduction_potential") == reduction
        assert Material.load(name).value("oxidation_potential") == oxidation
    assert Material.load("Li6PS5Cl").value("oxidation_potential", "indirect") == 2.24
    assert Material.load("Li6PS5Cl").value("reduction_potential", "indirect") == 1.08


def test_interphase_types():
    for name, kind in (("LLZO", 1), ("Li10GeP2S12", 2), ("Li6PS5Cl", 3), ("Li3PS4", 3), ("Li7P3S11", 3)):
        assert Material.load(name).value("interphase_type") == kind


ELASTIC = ("shear_modulus", "poisson_ratio", "youngs_modulus")


@pytest.mark.parametrize(
    "material",
    [material for material in ELECTROLYTES if all(map(material.has, ELASTIC))],
    ids=lambda material: material.name,
)
def test_elastic_constants_agree(material):
    isotropic = 2 * material.value("shear_modulus") * (1 + material.value("poisson_ratio"))
    assert isotropic == pytest.approx(material.value("youngs_modulus"), rel=0.5)


@pytest.mark.parametrize("name", COATINGS)
def test_coatings_do_not_contradict_working_cells(name):
    coating = Material.load(name)
    for needed in ("density", "molar_mass", "ionic_conductivity", "film_thickness", "residual_reactivity"):
        assert coating.has(needed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resistance = coating.value("film_thickness") / coating.value("ionic_conductivity")
    assert resistance < 135e-4  # ohm m2 of true area (cathode.md 3.3)


def test_densities_from_lattices():
    # Li6PS5Cl: a = 9.859 angstrom, four formula units of 268.4 g/mol
    material = Material.load("Li6PS5Cl")
    lattice = 4 * material.value("molar_mass") / (6.02214e23 * (9.859e-10) ** 3)
    assert material.value("density") == pytest.approx(lattice, rel=0.02)


def test_every_claim_of_every_material_has_a_source_and_a_spread():
    counted = 0
    for material in library().values():
        assert material.kind in KINDS
        assert material.description, material.name
        for claim in material.claims:
            counted += 1
            assert len(claim.source.citation) > 10
            if claim.source.is_assumption:
                assert claim.method == "assumed", (material.name, claim.property)
            if claim.spread.kind == "none":
                row_is_exact = claim.method == "defined" or isinstance(claim.value, str)
                assert row_is_exact or claim.property == "interphase_type"
            if claim.default and claim.source.tag == "mem-l":
                assert claim.suspect or claim.method == "assumed", (material.name, claim.property)
    assert counted > 700
