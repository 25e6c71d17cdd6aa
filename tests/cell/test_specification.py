from __future__ import annotations

import json
import math
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lisse.cell.cell import Cell
from lisse.cell.library import cell_library
from lisse.errors import InputError

from .conftest import PELLET
from .strategies import documents, scalars, valid_cells

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def leaves(table: dict[str, Any], prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for key, value in table.items():
        found.append((*prefix, key))
        if isinstance(value, dict):
            found += leaves(value, (*prefix, key))
    return found


def sentence(document: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        Cell.from_dict(document)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith((".", "?"))
    return text


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("reference", ["lithium"], ["voids", "interphase", "filaments"]),
        ("reference", ["cracks", "composite"], ["cracks", "contact_loss", "cathode_interphase"]),
        ("sym-li-lpscl", ["all"], ["voids", "interphase", "filaments", "bending"]),
        (
            "reference",
            ["all"],
            ["voids", "interphase", "filaments", "bending", "contact_loss", "cracks", "cathode_interphase"],
        ),
    ],
)
def test_a_word_stands_for_a_group_of_mechanisms(name, given, meant):
    assert Cell.load(name).replace(mechanisms=given).spec.mechanisms == meant


def test_pellet_lab_notes_are_read_as_they_are(pellet):
    cell = Cell.from_dict(pellet())
    # 4 kN on a 10 mm die (0.7854 cm2) is 50.93 MPa
    assert cell.derived.stack_pressure == pytest.approx(50.93e6, rel=1e-4)
    assert cell.derived.cell_area == pytest.approx(0.7854e-4, rel=1e-4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cathode.porositty": 0.1}, ["cathode.porositty", 'nearest known key is "porosity"']),
        ({"anod": {"material": "Li"}}, ["anod", '"anode"']),
        ({"cathode.porosity": "30 um"}, ["cathode.porosity", "wrong dimension", "0.5"]),
        ({"anode.thickness": 30}, ["anode.thickness", "has no unit", "30 um"]),
        ({"anode.thickness": "5 MPa"}, ["anode.thickness", "wrong dimension"]),
        ({"anode.thickness": "-5 um"}, ["anode.thickness", "-5 um", "above 0"]),
        ({"cathode.porosity": 1.4}, ["cathode.porosity", "1.4", "at most 0.7"]),
        ({"cathode.porosity": math.nan}, ["cathode.porosity", "finite"]),
        ({"cathode.porosity": 10**400}, ["cathode.porosity", "finite"]),
        ({"cathode.porosity": True}, ["cathode.porosity", "True"]),
        ({"anode.thickness": "9^9^9^9 m"}, ["anode.thickness", "9^9^9^9"]),
        ({"operation.temperature": "600 degC"}, ["operation.temperature", "600 degC", "at most 176."]),
        ({"cathode.mass_fractions": {"active": 0.7, "electrolyte": 0.2}}, ["mass_fractions", "0.9", "add up to 1"]),
        ({"cathode.mass_fractions": {"active": 1.7, "electrolyte": -0.7}}, ["mass_fractions.active", "1.7"]),
        ({"cathode.carbon": "VGCF"}, ["cathode.carbon", "VGCF", "mass_fractions.carbon"]),
        (
            {"cathode.mass_fractions": {"active": 0.7, "electrolyte": 0.28, "carbon": 0.02}},
            ["cathode.carbon", "must be named"],
        ),
        ({"cathode.loading": "10 mg/cm^2"}, ["cathode.composite_mass", "loading", "say the same"]),
        ({"cathode.thickness": "50 um"}, ["cathode.thickness", "two of them fix the third"]),
        ({"cathode.composite_mass": None}, ["cathode.loading", "only porosity is given"]),
        ({"separator.thickness": "100 um"}, ["separator.mass", "say the same"]),
        ({"separator.mass": None}, ["separator.thickness", "must be given"]),
        ({"geometry.area": "1 cm^2"}, ["geometry.die_diameter", "say the same"]),
        ({"operation.stack_pressure": "5 MPa"}, ["operation.frame_force", "say the same"]),
        ({"cathode.mass": "12 mg"}, ["cathode.mass", "composite_mass", "say the same"]),
        (
            {"cathode.porosity": None, "operation.fabrication_pressure": None, "separator.relative_density": 0.8},
            ["cathode.porosity", "fabrication_pressure"],
        ),
        ({"cathode.porosity": None, "cathode.electrolyte": "LLZO"}, ["cathode.porosity", "LLZO", "densifies"]),
        (
            {
                "cathode.porosity": None,
                "claims.electrolyte.densification_intercept": 0.0,
                "operation.fabrication_pressure": "10 MPa",
            },
            ["cathode.porosity", "0.978", "at most 0.7"],
        ),
        ({"operation.frame_force": "900 kN"}, ["operation.frame_force", "at most 2000 MPa"]),
        ({"operation.fixture": "clamp"}, ["operation.fixture", "clamp", "constant_pressure"]),
        ({"operation.fixture": "spring"}, ["operation.spring_stiffness", "spring"]),
        ({"operation.voltage_window": ["4.3 V", "2.5 V"]}, ["operation.voltage_window", "4.3", "not below"]),
        ({"operation.voltage_window": ["2 V"]}, ["operation.voltage_window", "2 items"]),
        ({"operation.voltage_window": ["2 V", "4.9 V"]}, ["voltage_window", "5.520 V", "NMC811", "ends at"]),
        ({"operation.voltage_window": ["0 V", "3.6 V"]}, ["voltage_window", "0.620 V", "at least 1.5 V"]),
        ({"operation.voltage_window": ["1.0 V", "2.0 V"]}, ["voltage_window", "2.620 V", "could not be charged"]),
        ({"operation.nominal_capacity": "3 V"}, ["operation.nominal_capacity", "mA*h/g", "mA*h/cm^2"]),
        ({"operation.nominal_capacity": "-3 mA*h/g"}, ["operation.nominal_capacity", "positive"]),
        ({"cathode.active": "NMC812"}, ["cathode.active", "NMC812", "NMC811"]),
        ({"cathode.active": "Li6PS5Cl"}, ["cathode.active", "electrolyte", "active_material"]),
        ({"anode": "Li"}, ["anode", "not a table"]),
        ({"cathode.active": 811}, ["cathode.active", "811", "text"]),
        ({"name": None}, ["name", "must be given"]),
        ({"cathode.transport": {"closure": "measured"}}, ["cathode.transport.ionic_conductivity", "needs"]),
        ({"cathode.transport": {"ionic_conductivity": "1 S/m"}}, ["ionic_conductivity", "only with", "measured"]),
        ({"cathode.transport": {"ionic_threshold": 0.9}}, ["ionic_threshold", "0.9", "at most 0.5"]),
        ({"cathode.transport": {"closure": "table"}, "cathode.porosity": 0.6}, ["closure", "0.25 to 0.61"]),
        ({"cathode.distribution": {"d10": "5 um", "d50": "4 um", "d90": "9 um"}}, ["distribution", "must rise"]),
        ({"cathode.distribution": {"d10": "5 um"}}, ["cathode.distribution", "all be given"]),
        (
            {"cathode.distribution": {"diameters": ["3 um"], "volume_fractions": [0.5, 0.5]}},
            ["cathode.distribution", "pair up"],
        ),
        ({"cathode.initial_lithium_content": 0.05}, ["cathode.initial_lithium_content", "0.05", "covers 0.11"]),
        (
            {
                "cathode.coating": {"material": "LiNbO3", "thickness": "10 nm"},
                "claims.coating.ionic_conductivity": "1e-11 S/cm",
            },
            ["cathode.coating", "1e+05 ohm*cm^2", "1e4 ohm*cm^2"],
        ),
        ({"claims.diffusivity": "1 m^2/s"}, ["claims", "diffusivity", "role.property"]),
        ({"claims.active.diffusivity": "1 m"}, ["claims.active.diffusivity", "wrong dimension"]),
        ({"claims.active.diffusivity": {"id": "nobody"}}, ["claims.active.diffusivity", "nobody"]),
        ({"claims.active.colour": "1 m"}, ["claims.active.colour", "colour"]),
        ({"claims.cathode.density": "1 kg/m^3"}, ["claims", "'cathode'", "active"]),
        ({"claims.carbon.density": "1 kg/m^3"}, ["claims.carbon.density", "no carbon"]),
        ({"operation.fabrication_pressure": None}, ["separator.relative_density", "fabrication_pressure"]),
        ({"cathode.porosity": None, "cathode.thickness": "20 um"}, ["cathode.thickness", "porosity of -", "20 um"]),
    ],
)
def test_refusals_name_field_value_and_what_is_accepted(pellet, changes, words):
    text = sentence(pellet(changes))
    for word in words:
        assert word in text, text


def test_unknown_key_is_named_before_the_key_that_it_was_meant_to_be(pellet):
    document = pellet({"cathode.active": None, "cathode.activ": "NMC811"})
    assert 'nearest known key is "active"' in sentence(document)


def test_missing_file_and_unknown_cell_name_the_nearest(tmp_path):
    with pytest.raises(InputError, match=r'"reference"'):
        Cell.load("referense")
    with pytest.raises(InputError, match=r"no readable file .*nearest cell of the library"):
        Cell.load(tmp_path / "reference2.toml")


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe\x00", b"[a]\n[a]\n", b"x = " + b"[" * 5000])
def test_corrupt_toml_is_one_sentence(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.toml.* is not valid TOML") as caught:
        Cell.load(path)
    assert "\n" not in str(caught.value)


@QUICK
@given(documents)
def test_any_document_gives_input_error(document):
    with pytest.raises(InputError):
        Cell.from_dict(document)


@QUICK
@given(st.sampled_from(leaves(PELLET)), scalars)
def test_any_value_in_any_field_gives_a_cell_or_one_sentence(path, value):
    document = json.loads(json.dumps(PELLET))
    table = document
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    try:
        cell = Cell.from_dict(document)
    except InputError as error:
        problems = str(error).splitlines()[1:]
    else:
        problems = [n for n, v, _, _ in cell.derived.rows() if isinstance(v, float) and not math.isfinite(v)]
    assert problems == []


@QUICK
@given(valid_cells())
def test_valid_cells_are_accepted_and_survive_writing_and_reading(document):
    cell = Cell.from_dict(document)
    again = Cell.from_dict(tomllib.loads(cell.to_toml()))
    assert again == cell
    assert again.derived == cell.derived
    derived = cell.derived
    fractions = (
        derived.active_fraction
        + derived.electrolyte_fraction
        + derived.carbon_fraction
        + derived.binder_fraction
        + derived.void_fraction
    )
    assert fractions == pytest.approx(1, abs=1e-12)
    resolved = Cell.from_dict(tomllib.loads(cell.to_toml(resolved=True)))
    assert resolved == cell
    assert resolved.derived == derived
    assert all(math.isfinite(v) for _, v, _, _ in derived.rows() if isinstance(v, float))


@QUICK
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_text_survives_toml(name, description):
    cell = Cell.load("reference")
    try:
        changed = cell.replace(name=name, description=description)
    except InputError:
        return
    assert tomllib.loads(changed.to_toml())["description"] == description


def test_replace_checks_and_drops_what_says_the_same():
    cell = Cell.load("table1-60-lps-nmc811")
    assert cell.replace(**{"cathode.loading": "5 mg/cm^2"}).derived.active_loading == pytest.approx(0.05)
    assert cell.replace(**{"separator.thickness": "30 um"}).derived.separator_thickness == pytest.approx(30e-6)
    force = cell.replace(**{"operation.frame_force": "1 kN"}).derived.stack_pressure
    assert force == pytest.approx(1000 / (math.pi * 25e-6))
    assert cell.derived.active_loading == pytest.approx(0.107, rel=2e-3)  # the first cell has not changed
    with pytest.raises(InputError, match=r"operation\.temperature"):
        cell.replace(**{"operation.temperature": "60 bar"})
    with pytest.raises(InputError, match="name is a value"):
        cell.replace(**{"name.first": "x"})
    own = cell.replace(**{"claims.active.diffusivity": "1e-15 m^2/s"}).claim("active", "diffusivity")
    assert own.own
    assert own.value == 1e-15


def test_replace_with_a_thickness_keeps_the_porosity():
    cell = Cell.load("reference").replace(**{"cathode.thickness": "100 um"})
    assert cell.derived.cathode_thickness == pytest.approx(100e-6)
    assert cell.derived.void_fraction == 0.14


def check(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str = "cell") -> None:
    """Check a document against the parts of JSON Schema that the exported schema uses."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            try:
                return check(value, option, root, where)
            except AssertionError:
                continue
        raise AssertionError(f"{where}: {value!r} fits no option")
    if "enum" in schema:
        assert value in schema["enum"], where
    kinds = schema.get("type", [])
    python = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "null": type(None)}
    if kinds:
        names = [kinds] if isinstance(kinds, str) else kinds
        assert any(isinstance(value, python[name]) for name in names), f"{where}: {value!r} is not {kinds}"
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", [])) <= set(value), where
        for key, inner in value.items():
            assert key in schema["properties"], f"{where}.{key} is not in the schema"
            check(inner, schema["properties"][key], root, f"{where}.{key}")
    if isinstance(value, list) and "items" in schema:
        for inner in value:
            check(inner, schema["items"], root, where)
    return None


def test_json_schema_describes_every_library_cell():
    schema = json.loads(json.dumps(Cell.json_schema()))
    assert schema["additionalProperties"] is False
    for path in cell_library().values():
        check(tomllib.loads(path.read_text()), schema, schema)
    wrong = tomllib.loads(cell_library()["reference"].read_text())
    wrong["cathode"]["porositty"] = 0.1
    with pytest.raises(AssertionError, match="porositty"):
        check(wrong, schema, schema)


def test_claims_used_name_their_sources():
    cell = Cell.load("reference")
    used = {(claim.role, claim.property): claim for claim in cell.claims_used()}
    assert used["active", "density"].value == 4770
    assert used["active", "density"].source.citation
    assert ("active", "diffusivity") not in used
    cell.claim("active", "diffusivity")
    assert ("active", "diffusivity") in {(c.role, c.property) for c in cell.claims_used()}
