"""The table of the library: rebuilt and compared, and held against stoichiometry, published numbers and handbooks."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from lisse.materials import Material, library
from lisse.materials.thermodynamic_claims import library_table
from lisse.thermodynamics import library_table as builder
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.facts import charged_formula, contact_facts, decimals, material_facts, significant

FARADAY = 96485.33212
TABLE = library_table()
MATERIALS = {name: row for name, row in TABLE["materials"].items() if row["reason"] is None}


@pytest.fixture(scope="module")
def rebuilt():
    return builder.text(builder.build())


def test_the_table_is_what_the_entries_give(rebuilt):
    stored = resources.files("lisse").joinpath("thermodynamics/data/library.json").read_text(encoding="utf-8")
    assert json.loads(rebuilt) == json.loads(stored), "run make thermo-table"
    assert rebuilt == stored


def test_it_holds_every_electrolyte_coating_and_oxide(rebuilt):
    kinds = {"electrolyte": "materials", "coating": "materials", "active_material": "oxides"}
    for material in library().values():
        if material.kind in kinds:
            assert TABLE[kinds[material.kind]][material.name]["formula"] == material.formula
    left_out = {name for name, row in TABLE["materials"].items() if row["reason"] is not None}
    assert left_out == {"polypyrrole"}
    assert {name for name, row in TABLE["oxides"].items() if row["reason"] is not None} == {"PTO"}


@pytest.mark.parametrize("name", MATERIALS)
def test_every_step_conserves_the_atoms(name):
    """Products hold the atoms of the formula and the lithium taken up; charge and volume follow from that lithium."""
    formula = parse(MATERIALS[name]["formula"]).amounts
    for facts in MATERIALS[name]["schemes"].values():
        uptakes = [step["lithium_uptake"] for step in facts["ladder"]]
        assert uptakes == sorted(uptakes, reverse=True)  # the higher the voltage, the less lithium
        for step in facts["ladder"]:
            made: dict[str, float] = {}
            for product, amount in step["products"].items():
                for element, count in parse(product).amounts.items():
                    made[element] = made.get(element, 0.0) + amount * count
            expected = dict(formula) | {"Li": formula.get("Li", 0.0) + step["lithium_uptake"]}
            assert made == pytest.approx({e: n for e, n in expected.items() if n > 1e-9}, rel=2e-3, abs=2e-3)
            volume = MATERIALS[name]["molar_volume_m3_mol"]
            charge = max(-step["lithium_uptake"], 0.0) * FARADAY / volume
            assert step["charge_density_A_s_m3"] == pytest.approx(charge, rel=1e-3)
            inside = facts["reduction_V"] - 1e-3 <= step["voltage_V"] < facts["oxidation_V"] - 1e-3
            assert (step["interphase_type"] == 1) == (step["lithium_uptake"] == 0 and inside)


def test_what_lithium_makes_of_argyrodite():
    """Li6PS5Cl + 8 Li to 5 Li2S + Li3P + LiCl, 9 nm of it per uA h/cm2 (Aktekin et al. 2023)."""
    contact = MATERIALS["Li6PS5Cl"]["schemes"]["uncorrected_S"]["lithium_contact"]
    assert contact["products"] == {"Li2S": 5, "Li3P": 1, "LiCl": 1}
    assert contact["lithium_uptake"] == 8
    assert contact["interphase_m3_C"] * 36 * 1e9 == pytest.approx(9, rel=0.05)
    # lithium metal, 13.0 cm3/mol, and 143.5 cm3/mol of argyrodite shrink while they react
    made = contact["products_volume_m3_mol"] * 1e6
    assert contact["volume_change_with_lithium"] == pytest.approx(made / (143.5 + 8 * 13.0) - 1, abs=0.005)


def test_thiophosphate_gives_three_lithium_away():
    """2 Li3PS4 to P2S5 + 3 S + 6 Li, above 2.31 V (Zhu, He and Mo 2015)."""
    facts = MATERIALS["Li3PS4"]["schemes"]["uncorrected_S"]
    above = next(step for step in facts["ladder"] if step["lithium_uptake"] < 0)
    assert above["voltage_V"] == facts["oxidation_V"] == pytest.approx(2.31, abs=0.02)
    assert above["products"] == {"P2S5": 0.5, "S": 1.5}
    assert above["charge_density_A_s_m3"] == pytest.approx(3 * FARADAY / 95.76e-6, rel=1e-3)


def test_interphases_are_of_the_type_that_was_found():
    """The review's types, where its electrolytes were examined; on garnet a film that stops at once is none."""
    for name, row in MATERIALS.items():
        if row["kind"] != "electrolyte" or name == "LLZO":
            continue
        found = {facts["lithium_contact"]["interphase_type"] for facts in row["schemes"].values()}
        measured = [c for c in Material.load(name).claims if c.property == "interphase_type" and c.method == "measured"]
        assert not measured or found == {measured[0].value}, name


def test_a_missing_volume_is_null_with_its_reason():
    facts = MATERIALS["LiNbO3"]["schemes"]["uncorrected_S"]
    above = next(step for step in facts["ladder"] if step["lithium_uptake"] < 0)
    assert above["products_volume_m3_mol"] is None
    assert above["volume_change"] is None
    assert above["volume_unknown_of"] == {"O2": "a gas at room temperature"}
    assert material_facts("Li6PS5Cl", None)["schemes"]["mp2020"]["ladder"][0]["volume_change"] is None


def test_charged_oxides_stand_at_their_potential():
    for name, row in TABLE["oxides"].items():
        if row["reason"] is None:
            oxide = Material.load(name)
            content = parse(row["charged_formula"]).amounts["Li"]
            low, high = (float(oxide.value("open_circuit_voltage")(content + step)) for step in (0.011, -0.011))
            assert min(low, high) <= 4.3 + 1e-3, name
            assert charged_formula(oxide) == row["charged_formula"]
    assert charged_formula(Material.load("PTO")) is None


def test_contacts_are_found_either_way_or_computed():
    known = builder.contact("Li6PS5Cl", "LiNbO3")
    assert builder.contact("LiNbO3", "Li6PS5Cl") == known
    # Xiao et al. 2019: -123 meV/atom
    assert known["schemes"]["uncorrected_S"]["reaction_energy_meV_atom"] == pytest.approx(-123, abs=12)
    assert "Li4SnS4" not in TABLE["contacts"]
    assert builder.contact("Li4SnS4", "LiCoO2") == contact_facts("Li4SnS4", "LiCoO2")
    assert "not in the table" in builder.contact("UO2", "LiCoO2")["reason"]
    assert "cannot be read" in builder.contact("Li3PS4", "C16H6O4, per carbonyl")["reason"]
    assert builder.contact("Li3PS4", "")["reason"] == "one material: its file gives no formula"
    assert "same composition" in builder.contact("Li3PS4", "Li6P2S8")["reason"]


def test_rounding_does_not_hang_on_a_last_bit():
    for error in (-1e-15, 1e-15):
        assert decimals(0.03125 + error, 4) == 0.0313
        assert significant(0.03125 + error, 3) == 0.0313
    assert str(decimals(-1e-9, 4)) == "0.0"
