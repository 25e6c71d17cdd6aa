"""Claims taken over from another material, and spreads between two bounds."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from lisse.errors import InputError
from lisse.materials import Material, Spread, check_file
from lisse.materials.analogy import widened
from lisse.materials.quantities import parse_spread, written_spread

HEAD = """name = "Mine"
kind = "electrolyte"
state = "glass"
{like}
[[claims]]
id = "one"
property = "density"
value = "1900 kg/m^3"
spread = "x/÷ 1.05"
method = "assumed"
source = {{ citation = "lisse assumption: a test" }}
"""


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.delenv("LISSE_MATERIALS", raising=False)
    monkeypatch.setattr(sys.modules["lisse.materials.library"], "_added", [])


def write(path: Path, like: str) -> Path:
    path.write_text(HEAD.format(like=like), encoding="utf-8")
    return path


def test_a_property_of_another_material(tmp_path):
    like = '[[like]]\nmaterial = "lpscl"\nwiden = 2\nproperties = ["densification_pressure", "ionic_conductivity"]\n'
    material = check_file(write(tmp_path / "mine.toml", like))
    claim, model = material.claim("densification_pressure"), Material.load("Li6PS5Cl").claim("densification_pressure")
    assert claim.value == model.value
    assert claim.id == "as-lpscl"
    assert claim.method == "assumed"
    assert claim.source.is_assumption
    # in logarithms, the sum of squares of the model's own factor and of 2
    assert math.log(claim.spread.size) ** 2 == pytest.approx(math.log(model.spread.size) ** 2 + math.log(2) ** 2)
    # of several claims the default one
    assert material.value("ionic_conductivity") == pytest.approx(0.13)
    assert len(material.claims) == 3


def test_a_file_can_be_like_another_file(tmp_path):
    other = write(tmp_path / "other.toml", "")
    like = f'[[like]]\nmaterial = "{other}"\nproperties = ["density"]\n'
    path = tmp_path / "mine.toml"
    path.write_text(HEAD.format(like=like).replace('"density"\nvalue = "1900', '"densification_pressure"\nvalue = "19'))
    path.write_text(path.read_text().replace("19 kg/m^3", "200 MPa"))
    assert check_file(path).value("density") == 1900


def test_analogies_do_not_chain(tmp_path):
    first = write(tmp_path / "first.toml", '[[like]]\nmaterial = "LLZO"\nproperties = ["void_height"]\n')
    assert check_file(first).has("void_height")
    second = write(tmp_path / "second.toml", f'[[like]]\nmaterial = "{first}"\nproperties = ["void_height"]\n')
    with pytest.raises(InputError, match=r"has no claim itself; leave it out\.$"):
        check_file(second)


@pytest.mark.parametrize(
    ("like", "words"),
    [
        ('[[like]]\nmaterial = "Unobtainium"\nproperties = ["density"]\n', 'like: material: "Unobtainium" is not in'),
        ('[[like]]\nmaterial = "LLZO"\nproperties = ["density"]\n', "a claim already"),
        ('[[like]]\nmaterial = "LLZO"\nproperties = ["particle_radius"]\n', "no property of the kind electrolyte"),
        ('[[like]]\nmaterial = "LLZO"\nproperties = []\n', "properties"),
        ('[[like]]\nmaterial = "LLZO"\nproperties = ["hardness"]\nwiden = 0.5\n', "greater than 1"),
        ('[[like]]\nmaterial = "LLZO"\npropertys = ["hardness"]\n', 'did you mean "properties"'),
    ],
)
def test_mistakes_get_one_sentence(tmp_path, like, words):
    with pytest.raises(InputError, match=words) as caught:
        check_file(write(tmp_path / "mine.toml", like))
    assert str(caught.value).startswith("mine.toml")
    assert "\n" not in str(caught.value)


def test_bounds_and_exact_values_do_not_widen():
    bounds = Spread.uniform(0.3, 0.6)
    assert widened(bounds, 0.4, 3.0) == bounds
    assert widened(Spread("none", 0.0), 0.4, 3.0).kind == "none"


def test_uniform_spreads():
    spread = parse_spread("uniform 0.3 .. 0.6 eV", "J/mol", "f")
    # one electronvolt a particle is 96485 J/mol; the sigma of a uniform distribution is its width over root 12
    assert (spread.low, spread.high) == pytest.approx((0.3 * 96485.332, 0.6 * 96485.332), rel=1e-7)
    assert spread.size == pytest.approx(0.3 * 96485.332 / 12**0.5, rel=1e-7)
    assert str(parse_spread("uniform 1..5", "", "f")) == "uniform 1 .. 5"
    assert parse_spread("uniform 20 nm .. 1 um", "m", "f").low == pytest.approx(20e-9)
    assert parse_spread("uniform -3e-1 .. 2e-1 V", "V", "f").to_dict() == {
        "kind": "uniform",
        "size": pytest.approx(0.5 / 12**0.5),
        "low": pytest.approx(-0.3),
        "high": pytest.approx(0.2),
    }


@pytest.mark.parametrize(
    "text", ["uniform 5 .. 1", "uniform 1 .. 1", "uniform 1", "uniform a .. b", "uniform 1 V .. 2"]
)
def test_bad_bounds_get_one_sentence(text):
    with pytest.raises(InputError) as caught:
        parse_spread(text, "", "field")
    assert str(caught.value).startswith("field: ")


@pytest.mark.parametrize(
    ("property", "value", "spread", "words"),
    [
        ("density", '"1900 kg/m^3"', "uniform 2000 .. 3000 kg/m^3", "does not contain the value"),
        ("density", '"1900 kg/m^3"', "uniform 0 .. 3000 kg/m^3", "reaches out of range"),
        ("poisson_ratio", "0.4", "uniform 0.3 .. 0.6", "at most 0.5"),
        ("void_yield", "0.4", "uniform 0.3 .. 1", None),
    ],
)
def test_bounds_hold_the_value_and_nothing_impossible(tmp_path, property, value, spread, words):
    text = HEAD.format(like="").replace('"density"', f'"{property}"').replace('"1900 kg/m^3"', value)
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("x/÷ 1.05", spread), encoding="utf-8")
    if words is None:
        assert check_file(path).claim(property).spread.high == 1.0
        return
    with pytest.raises(InputError, match=words):
        check_file(path)


def test_spreads_are_shown_in_the_unit_of_the_value():
    assert written_spread(parse_spread("+- 0.02 eV", "J/mol", "f"), "0.33 eV", "J/mol") == "± 0.02 eV"
    assert written_spread(parse_spread("+- 6 kJ/mol", "J/mol", "f"), "37 kJ/mol", "J/mol") == "± 6 kJ/mol"
    assert written_spread(parse_spread("+- 20 mV", "V", "f"), "", "V") == "± 0.02 V"
    assert written_spread(parse_spread("uniform 20 nm .. 1 um", "m", "f"), "0.3 um", "m") == "in 0.02 .. 1 um"
    assert written_spread(parse_spread("+- 0.3", "", "f"), "6.56", "") == "± 0.3"
    assert written_spread(parse_spread("x/÷ 1.5", "S/m", "f"), "1 mS/cm", "S/m") == "×/÷ 1.5"
    assert written_spread(Spread("none", 0.0), "0 V", "V") == ""
