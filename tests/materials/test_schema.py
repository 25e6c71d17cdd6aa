"""What a material file may hold: every mistake gets one sentence that names file, claim and what is accepted."""

import contextlib
import copy
import tomllib

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.materials import PROPERTIES, materials_schema
from lisse.materials.quantities import _USUAL, parse_spread, si
from lisse.materials.schema import read_material

GOOD = tomllib.loads("""
name = "Testite"
kind = "electrolyte"
state = "glass"
[[claims]]
id = "one"
property = "ionic_conductivity"
value = "1.3 mS/cm"
spread = "x/÷ 1.5"
temperature = "25 degC"
method = "measured"
source = { citation = "A. Author, J. Test 1 (2000) 1-2", doi = "10.1000/test", tag = "seed" }
""")
CURVE = {
    "form": "expression",
    "variable": "x",
    "expression": "4.4 - 0.8*s",
    "where": {"s": "x/2"},
    "range": [0.2, 0.98],
    "unit": "V",
}


def test_correlated_claims_need_a_partner():
    data = copy.deepcopy(GOOD)
    other = {**data["claims"][0], "property": "activation_energy", "value": "0.3 eV", "spread": "+- 0.02 eV"}
    data["claims"][0]["correlated"] = {"activation_energy": -0.5}
    with pytest.raises(InputError, match='correlated: "activation_energy" is not another property that this file'):
        read_material(data, "test.toml")
    data["claims"].append(other)
    assert read_material(data, "test.toml")[1][0].correlated == {"activation_energy": -0.5}
    data["claims"][0]["correlated"] = {"activation_energy": 1.0}
    with pytest.raises(InputError, match="less than 1"):
        read_material(data, "test.toml")


def changed(**changes):
    data = copy.deepcopy(GOOD)
    data["claims"][0].update(changes)
    return data


def without(*path):
    data = copy.deepcopy(GOOD)
    place = data["claims"][0] if path[0] == "claims" else data
    del place[path[-1]]
    return data


def active(property, **claim):
    data = copy.deepcopy(GOOD)
    data["kind"] = "active_material"
    del data["state"]
    base = data["claims"][0]
    del base["value"]
    base.update(property=property, **claim)
    return data


def two(**second):
    data = copy.deepcopy(GOOD)
    data["claims"].append({**data["claims"][0], **second})
    return data


def test_a_good_claim_is_in_si():
    _, (claim,) = read_material(GOOD, "testite.toml")
    assert claim.value == pytest.approx(0.13)
    assert claim.unit == "S/m"
    assert (claim.spread.kind, claim.spread.size) == ("factor", 1.5)
    assert claim.temperature == pytest.approx(298.15)
    assert claim.default


def test_curves_are_in_si():
    table = {"form": "table", "x": [0.9, 0.5, 0.1], "y": [0, -1.0, -7.0], "unit": "%"}
    _, (claim,) = read_material(active("volume_strain", curve=table, spread="+- 0.15 %"), "f.toml")
    assert claim.curve(0.5) == pytest.approx(-0.01)
    assert (claim.spread.kind, claim.spread.size) == ("absolute", pytest.approx(0.0015))
    _, (claim,) = read_material(active("open_circuit_voltage", curve=CURVE, spread="+- 5 mV"), "f.toml")
    assert claim.curve(0.5) == pytest.approx(4.2)


def test_assumptions_and_definitions_need_no_tag():
    for source, method in (("lisse assumption: why not", "assumed"), ("A definition", "defined")):
        _, (claim,) = read_material(changed(source={"citation": source}, method=method), "f.toml")
        assert claim.source.tag is None


def test_electronvolts_are_per_particle():
    _, (claim,) = read_material(changed(property="activation_energy", value="0.33 eV", spread="+- 0.01 eV"), "f")
    assert claim.value == pytest.approx(0.33 * 96485.332, rel=1e-7)
    assert claim.spread.size == pytest.approx(964.85332, rel=1e-7)


MISTAKES = {
    "unknown top key": ({**GOOD, "colour": "red"}, ["colour", "accepted are"]),
    "misspelt top key": ({**GOOD, "aliasses": []}, ["aliasses", '"aliases"']),
    "misspelt claim key": (changed(metod="measured"), ['"one"', "metod", '"method"']),
    "neither doi nor tag": (
        changed(source={"citation": "A. Author, J. Test 1 (2000) 1-2"}),
        ['"one"', "measured value has neither doi nor tag", "seed"],
    ),
    "unknown tag": (changed(source={"citation": "Some text", "tag": "hearsay"}), ['"one"', "hearsay", "2nd, web"]),
    "bounds of a curve": (
        active("open_circuit_voltage", curve=CURVE, spread="uniform 1 .. 2 V"),
        ['"one"', "gives bounds to a curve"],
    ),
    "unknown source key": (
        changed(source={"citation": "A, B 1 (2000) 1", "isbn": "1"}),
        ['"one"', "isbn", "citation, doi, tag"],
    ),
    "no source": (without("claims", "source"), ['"one"', '"source" is missing']),
    "no citation": (changed(source={"doi": "10.1000/test"}), ['"one"', "citation"]),
    "bad doi": (changed(source={"citation": "Some text", "doi": "https://doi.org/10.1"}), ['"one"', "doi"]),
    "no unit": (changed(value=1.3), ['"one"', "1.3", "S/m"[:1]]),
    "wrong dimension": (changed(value="1.3 V"), ['"one"', "1.3 V", "mS/cm"]),
    "not a number": (changed(value="many S/m"), ['"one"', "many S/m"]),
    "infinite": (changed(value="1e999 S/m"), ['"one"', "1e999"]),
    "a boolean": (changed(value=True), ['"one"', "value"]),
    "no spread": (without("claims", "spread"), ['"one"', "spread is missing", "defined"]),
    "factor below one": (changed(spread="x/÷ 0.5"), ['"one"', "x/÷ 0.5", "factor above 1"]),
    "spread of wrong dimension": (changed(spread="+- 1 V"), ['"one"', "1 V", "dimension"]),
    "free spread": (changed(spread="small"), ['"one"', "small", "x/÷ 1.5"]),
    "negative": (changed(value="-1 S/m"), ['"one"', "-1 S/m", "non-negative"]),
    "below absolute zero": (changed(temperature="-300 degC"), ['"one"', "-300 degC"]),
    "unknown property": (changed(property="ionic_conductvity"), ['"one"', "ionic_conductvity", '"ionic_conductivity"']),
    "property of another kind": (changed(property="particle_radius", value="1 um"), ['"one"', "electrolyte"]),
    "unknown method": (changed(method="guessed"), ['"one"', "guessed", "assumed"]),
    "unknown kind": ({**GOOD, "kind": "salt"}, ["kind", "salt", "electrolyte"]),
    "unknown state": ({**GOOD, "state": "liquid"}, ["state", "liquid", "argyrodite"]),
    "electrolyte without state": (without("state"), ["state", "argyrodite"]),
    "no claims": ({**GOOD, "claims": []}, ["claims"]),
    "two values": (changed(curve=CURVE), ['"one"', "exactly one"]),
    "no value": (without("claims", "value"), ['"one"', "exactly one"]),
    "duplicate id": (two(), ['"one"', "twice"]),
    "two defaults": (
        {**GOOD, "claims": [{**GOOD["claims"][0], "default": True}, {**GOOD["claims"][0], "id": "b", "default": True}]},
        ["ionic_conductivity", "2 defaults", "one, b"],
    ),
    "no default": (two(id="b"), ["ionic_conductivity", "0 defaults", "one, b"]),
    "suspect default": (two(id="b", default=True, suspect="odd"), ['"b"', "suspect"]),
    "curve for a number": (changed(curve=CURVE, property="density", value=None), ['"one"', "value ="]),
    "number for a curve": (active("open_circuit_voltage", value="4 V"), ['"one"', "curve"]),
    "choice": (changed(property="interphase_type", value=4.0, spread=None), ['"one"', "1, 2, 3"]),
    "text choice": (changed(property="arrhenius_form", value="expo", spread=None), ['"one"', "exp/T"]),
    "unknown form": (active("open_circuit_voltage", curve={**CURVE, "form": "poly"}), ['"one"', "poly"]),
    "misspelt curve key": (active("open_circuit_voltage", curve={**CURVE, "rnage": [0, 1]}), ["rnage", '"range"']),
    "empty range": (active("open_circuit_voltage", curve={**CURVE, "range": [0.9, 0.2]}), ["range", "0.9"]),
    "bad expression": (active("open_circuit_voltage", curve={**CURVE, "expression": "q"}), ["'q'", "x, s"]),
    "infinite curve": (
        active("open_circuit_voltage", curve={**CURVE, "expression": "log(x - 1)"}),
        ["not finite", "narrow"],
    ),
    "curve without unit": (active("open_circuit_voltage", curve={**CURVE, "unit": ""}), ["unit", '"V"']),
    "curve of wrong dimension": (active("open_circuit_voltage", curve={**CURVE, "unit": "A"}), ["dimension"]),
    "unsorted table": (
        active("volume_strain", curve={"form": "table", "x": [1, 3, 2], "y": [1, 2, 3]}),
        ["sorted", "rising"],
    ),
    "ragged table": (active("volume_strain", curve={"form": "table", "x": [1, 2], "y": [1, 2, 3]}), ["equal"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_get_one_sentence(name):
    data, words = MISTAKES[name]
    with pytest.raises(InputError) as caught:
        read_material(data, "testite.toml")
    message = str(caught.value)
    assert message.startswith("testite.toml")
    for word in words:
        assert word in message
    assert message.endswith((".", "?"))
    assert "\n" not in message
    assert "pydantic" not in message


def test_usual_factors_are_pints():
    registry = pint.UnitRegistry()
    registry.define("USD = [currency]")
    for (text, unit), factor in _USUAL.items():
        expected = registry.parse_expression(f"1.0 {text}".strip())
        expected = expected.to(unit or "dimensionless").magnitude if hasattr(expected, "to") else expected
        assert factor == pytest.approx(expected, rel=1e-12), text


def test_quantities():
    assert si("1.3e-3 S/cm", "S/m", "f") == pytest.approx(0.13)
    assert si("96.485 kJ/mol", "J/mol", "f") == pytest.approx(96485)
    assert si("25 degC", "K", "f") == pytest.approx(298.15)
    assert si("12 mg", "kg", "f") == pytest.approx(1.2e-5)
    assert str(parse_spread("x/ 1.5", "S/m", "f")) == "×/÷ 1.5"
    assert parse_spread("± 20 mV", "V", "f").size == pytest.approx(0.02)


def test_json_schema_names_the_properties():
    schema = materials_schema()
    assert set(schema["$defs"]["ClaimSpec"]["properties"]["property"]["enum"]) == set(PROPERTIES)
    assert schema["additionalProperties"] is False


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just("1 S/m")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["form", "x", "doi"]), inner)),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted({*GOOD, "aliases", "formula"})), VALUES, max_size=2),
    st.dictionaries(st.sampled_from([*GOOD["claims"][0], "curve", "note", "suspect", "zzz"]), VALUES, max_size=3),
)
def test_any_content_is_a_material_or_an_input_error(top, claim):
    data = copy.deepcopy(GOOD)
    data["claims"][0].update(claim)
    data.update(top)
    with contextlib.suppress(InputError):
        _, claims = read_material(data, "f.toml")
        assert all(len(item.source.citation) >= 4 for item in claims)
