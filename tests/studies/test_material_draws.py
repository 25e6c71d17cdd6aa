"""Draws of materials: those that a computation asks for, as a file with the drawn value gives it, in any process."""

from __future__ import annotations

import numpy as np
import pytest

from lisse import Material
from lisse.errors import InputError
from lisse.materials.curves import AdjustedCurve
from lisse.materials.in_use import claims_recorded
from lisse.separator.flaw_assessment import assess_flaw
from lisse.studies.material_draws import MaterialsInUse, spread_of_materials
from lisse.studies.sampling import draw


def critical():
    return {"stress_MPa": assess_flaw("Li6PS5Cl").as_dict()["critical_stress_MPa"]}


def test_the_claims_in_use_are_those_asked_for_of_every_material():
    in_use = MaterialsInUse.of(critical)
    assert in_use.has_claim("Li6PS5Cl", "fracture_toughness")
    assert in_use.has_claim("Li", "creep_prefactor")
    assert not in_use.has_claim("Li6PS5Cl", "ionic_conductivity")
    assert in_use.name == "Li6PS5Cl and Li"
    with claims_recorded() as asked:
        Material.load("Li").value("density")
    assert [(material.name, claim.property) for material, claim in asked] == [("Li", "density")]


def test_a_drawn_value_is_what_a_file_with_it_gives(tmp_path):
    found = Material.load("Li6PS5Cl")
    in_use = MaterialsInUse.of(critical).drawn({("Li6PS5Cl", "fracture_toughness"): 0.5e6})
    with in_use.loaded():
        assert Material.load("Li6PS5Cl").value("fracture_toughness") == 0.5e6
        assert Material.load("LPSCl").value("fracture_toughness") == 0.5e6  # an alias
        assert Material.load("Li6PS5Cl").value("density") == found.value("density")
        drawn = critical()["stress_MPa"]
    assert Material.load("Li6PS5Cl") is found
    # The critical stress is proportional to the toughness.
    assert drawn / critical()["stress_MPa"] == pytest.approx(0.5e6 / found.value("fracture_toughness"))


def test_only_the_claim_in_use_is_drawn_and_curves_are_moved():
    in_use = MaterialsInUse.of(lambda: Material.load("NMC811").value("open_circuit_voltage"))
    draws = draw(in_use, 8)
    assert [row.name.split(".")[:2] for row in draws.dimensions] == [["NMC811", "open_circuit_voltage"]]
    own = Material.load("NMC811").claims
    with draws.make(0).loaded():
        moved = Material.load("NMC811")
        changed = [claim.property for claim, other in zip(own, moved.claims, strict=True) if claim is not other]
        assert changed == ["open_circuit_voltage"]
        assert isinstance(moved.value("open_circuit_voltage"), AdjustedCurve)


def test_the_spread_of_a_number_is_that_of_its_claim():
    claim = Material.load("Li6PS5Cl").claim("ionic_conductivity")
    found = spread_of_materials(lambda: {"S_m": Material.load("Li6PS5Cl").value("ionic_conductivity")}, 256)
    band = found.band("S_m")
    assert band["count"] == 256
    assert band["median"] == pytest.approx(claim.value, rel=0.02)
    assert np.log(band["p95"] / band["p05"]) == pytest.approx(2 * 1.645 * np.log(claim.spread.size), rel=0.05)


def test_nothing_to_draw_is_one_sentence():
    with pytest.raises(InputError, match=r"no claim of no material has a spread"):
        spread_of_materials(lambda: {"one": 1.0}, 8)
