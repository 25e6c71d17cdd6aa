"""Claims that follow from formation energies: what they replace, what they leave, and what they say."""

from __future__ import annotations

import pytest

from lisse.materials import Material, library
from lisse.materials.thermodynamic_claims import DEFAULT, library_facts, with_library_claims, with_thermodynamics

TOUCHING = [material for material in library().values() if material.kind in ("electrolyte", "coating")]
FARADAY = 96485.33212


@pytest.mark.parametrize("material", TOUCHING, ids=lambda material: material.name)
def test_only_assumptions_give_way(material):
    for name in {claim.property for claim in material.claims}:
        claims = [claim for claim in material.claims if claim.property == name]
        (default,) = (claim for claim in claims if claim.default)
        ids = [claim.id for claim in claims]
        assert len(set(ids)) == len(ids)
        others = [claim for claim in claims if not claim.id.startswith("hull-")]
        if default.id == DEFAULT:
            assert all(claim.method == "assumed" for claim in others)
        elif DEFAULT in ids:
            assert default.method != "assumed"


def test_rates_are_not_computed():
    computed = {claim.property for material in TOUCHING for claim in material.claims if claim.id.startswith("hull-")}
    assert computed == {
        "reduction_potential",
        "oxidation_potential",
        "interphase_type",
        "interphase_thickness_per_charge",
        "decomposition_volume",
        "oxidation_charge_density",
    }


def test_values_by_hand():
    """Li6PS5Br: with 8 Li to 5 Li2S, Li3P, LiBr; at 4.3 V it has lost all six lithium."""
    material = Material.load("Li6PS5Br")
    contact = material.claim("interphase_thickness_per_charge")
    assert contact.id == DEFAULT
    assert contact.note == "with 8 Li to 5 Li2S + Li3P + LiBr"
    # handbook densities 1.66, 1.43 and 3.464 g/cm3 of 45.95, 51.80 and 86.85 g/mol
    crystals = (5 * 45.95 / 1.66 + 51.80 / 1.43 + 86.85 / 3.464) * 1e-6
    assert contact.value == pytest.approx(crystals / (8 * FARADAY), rel=0.05)
    volume = material.value("molar_mass") / material.value("density")
    assert material.value("oxidation_charge_density") == pytest.approx(6 * FARADAY / volume, rel=1e-3)
    assert contact.method == "computed"
    assert contact.source.doi == "10.1038/s41524-020-00362-y"


def test_the_spread_of_an_edge_reaches_the_other_scheme():
    edges = {c.id: c for c in Material.load("LPSCl").claims if c.property == "oxidation_potential"}
    first, second = edges["hull-uncorrected_S"], edges["hull-mp2020"]
    assert first.spread.size == pytest.approx(second.value - first.value) == pytest.approx(0.25, abs=0.01)
    assert not first.default


def test_a_file_with_the_name_of_another_material_gets_none_of_its_claims():
    material = Material.load("Li6PS5Br")
    own = tuple(claim for claim in material.claims if not claim.id.startswith("hull-"))
    assert with_library_claims("Li6PS5Br", "electrolyte", "Li5PS4Br2", own) is own
    assert with_library_claims("Li6PS5Br", "binder", "Li6PS5Br", own) is own
    lighter = tuple(claim for claim in own if claim.property != "density")
    assert with_library_claims("Li6PS5Br", "electrolyte", "Li6PS5Br", lighter) is lighter
    # and a material gets them once
    assert with_thermodynamics("electrolyte", material.claims, library_facts()["Li6PS5Br"]) is material.claims
