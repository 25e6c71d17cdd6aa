"""Composition algebra against the numbers that papers print (A8) and against its own conservation laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.cathode import composition
from lisse.errors import InputError


def test_koerver_composite_by_volume():
    """70:30 wt NMC811:LPS is printed as 47:53 vol (A8: within 1.5 points)."""
    volumes = composition.volume_fractions(
        {"active": 0.7, "electrolyte": 0.3}, {"active": 4770.0, "electrolyte": 1880.0}, 0.0
    )
    assert volumes["active"] == pytest.approx(0.47, abs=0.015)
    assert volumes["electrolyte"] == pytest.approx(0.53, abs=0.015)


def test_die_recipe_loading():
    """12 mg of 70 % on a 10 mm die is printed as 10.7 mg/cm2 (A8: within 1 %)."""
    loading = composition.loading_from_mass(12e-6, 0.7, composition.die_area(10e-3))
    assert loading == pytest.approx(0.107, rel=0.01)


@pytest.mark.parametrize(
    ("molar_mass", "density", "capacity", "sites"),
    [
        (97.28, 4770.0, 275.5, 49034.0),
        (96.93, 4720.0, 276.5, 48700.0),
        (96.55, 4700.0, 277.6, 48680.0),
        (96.46, 4680.0, 277.9, 48520.0),
        (96.08, 4730.0, 278.9, 49230.0),
        (97.87, 5050.0, 273.8, 51600.0),
    ],
)
def test_crystallographic_table(molar_mass, density, capacity, sites):
    assert composition.theoretical_capacity(molar_mass * 1e-3) / 3600 == pytest.approx(capacity, abs=0.06)
    assert composition.site_density(density, molar_mass * 1e-3) == pytest.approx(sites, rel=2e-4)


@pytest.mark.parametrize(
    ("loading", "fraction", "thickness"), [(9.17, 0.33, 59.8), (10.7, 0.42, 54.8), (13.1, 0.61, 46.2)]
)
def test_minnmann_thicknesses(loading, fraction, thickness):
    computed = composition.thickness_from_loading(loading / 100, fraction, 4650.0)
    assert computed * 1e6 == pytest.approx(thickness, abs=0.06)


def test_true_area_over_cell_area_of_koerver_cells():
    """10.7 mg/cm2 at 0.25 m2/g (spheres of 2.5 um) has 27 times the area of the cell."""
    radius = 3 / (4770.0 * 250.0)
    thickness = composition.thickness_from_loading(0.107, 0.47, 4770.0)
    assert composition.specific_surface_area(0.47, radius) * thickness == pytest.approx(27, rel=0.01)


def test_areal_capacity_of_disconnected_material_is_lost():
    full = composition.areal_capacity(0.107, 200 * 3600.0)
    assert full / 36000 == pytest.approx(2.14)
    assert composition.areal_capacity(0.107, 200 * 3600.0, 0.75) == pytest.approx(0.75 * full)


def test_wetted_area_is_a_share_of_the_true_area():
    true = composition.specific_surface_area(0.42, 1.5e-6)
    assert composition.wetted_surface_area(0.42, 1.5e-6, 1.0, 1.0) == true
    assert composition.wetted_surface_area(0.42, 1.5e-6, 0.9, 0.8) == pytest.approx(0.72 * true)


def test_missing_density_is_named():
    with pytest.raises(InputError, match=r"carbon.*no density"):
        composition.volume_fractions({"active": 0.9, "carbon": 0.1}, {"active": 4770.0}, 0.1)


@given(
    st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(500.0, 6000.0)), min_size=1, max_size=5),
    st.floats(0.0, 0.6),
)
def test_volumes_and_void_fill_the_electrode(parts, porosity):
    weights = {str(i): w for i, (w, _) in enumerate(parts)}
    densities = {str(i): d for i, (_, d) in enumerate(parts)}
    volumes = composition.volume_fractions(weights, densities, porosity)
    assert math.isclose(sum(volumes.values()) + porosity, 1.0, rel_tol=1e-12)
    # Back to masses: the algebra loses nothing.
    masses = {name: volumes[name] * densities[name] for name in volumes}
    for name in masses:
        assert math.isclose(masses[name] / sum(masses.values()), weights[name] / sum(weights.values()), rel_tol=1e-9)


@given(st.floats(1e-6, 5e-4), st.floats(0.1, 0.9), st.floats(1000.0, 6000.0))
def test_loading_and_thickness_are_inverse(thickness, fraction, density):
    loading = composition.areal_loading(thickness, fraction, density)
    assert math.isclose(composition.thickness_from_loading(loading, fraction, density), thickness, rel_tol=1e-12)
