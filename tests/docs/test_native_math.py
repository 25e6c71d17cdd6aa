"""Equations of the documentation become MathML on their own: no page asks the network for anything."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
pytest.importorskip("sphinx")


@pytest.fixture
def mathml(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(DOCS / "_ext"), *sys.path])
    from native_math import mathml

    return lambda text, block=False: ET.fromstring(mathml(text, block=block))


def tags(element):
    return [child.tag.rpartition("}")[2] for child in element]


def test_a_fraction(mathml):
    (fraction,) = mathml(r"\frac{RT}{F}")
    assert tags(fraction) == ["mrow", "mi"]
    assert "".join(fraction.itertext()).split() == ["R", "T", "F"]


def test_a_display_is_a_block(mathml):
    assert mathml("x", block=True).get("display") == "block"
    assert mathml("x").get("display") is None


def test_the_subscript_of_an_accented_letter_stands_beside_it(mathml):
    (volume,) = mathml(r"\bar V_a")
    assert volume.tag.endswith("}msub")
    assert tags(volume) == ["mover", "mi"]
    assert "".join(volume[0].itertext()).split() == ["V", "ˉ"]


def test_limits_of_a_sum_stay_above_and_below(mathml):
    total = mathml(r"\sum_{k=1}^n k", block=True)
    assert tags(total.find(".//{*}munderover")) == ["mo", "mrow", "mi"]


def test_what_cannot_be_converted_is_shown_as_written(mathml):
    shown = mathml(r"\frobnicate x < y")
    assert shown.tag == "code"
    assert shown.text == r"\frobnicate x < y"


def test_no_extension_loads_mathematics_from_elsewhere():
    settings = (DOCS / "conf.py").read_text(encoding="utf-8")
    assert 'html_math_renderer = "native"' in settings
    assert "sphinx.ext.mathjax" not in settings
