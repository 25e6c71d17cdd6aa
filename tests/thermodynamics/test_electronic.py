"""Which products conduct: known metals, semiconductors and insulators; the types of interphase that papers found."""

import tomllib
from importlib import resources

import pytest

from lisse.citations import TAGS
from lisse.errors import InputError
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.electronic import conducts_electrons, interphase_type

SULFIDE = "metallic transition-metal sulfide"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        *[(symbol, "metal") for symbol in ("Li", "Ni", "Co", "In", "Sn", "Sb", "Bi", "Zr", "Ti", "Ag")],
        *[(name, "lithium alloy") for name in ("LiIn", "Li15Ge4", "Li17Sn4", "Li21Si5", "Li3Bi", "LiMg", "Li0.5In")],
        *[(name, "intermetallic") for name in ("TiAl", "Co3Ni", "ZrSi2", "Mg2Sn", "Nb5Si3", "Ni3Ge", "ZrAl3")],
        *[
            (name, SULFIDE)
            for name in ("Co9S8", "Ni3S2", "NiS", "CoS2", "Co3S4", "Co2NiS4", "Co(NiS2)2", "Ni9S8", "NbS2", "TaS2")
        ],
        *[
            (name, SULFIDE)
            for name in ("TiS2", "LiTiS2", "Li(TiS2)2", "Li5(NbS2)7", "Li2(TaS2)3", "Ni3(SnS)2", "Ni6S4")
        ],
        *[(name, "metallic transition-metal phosphide") for name in ("Fe2P", "Ni12P5", "TiP", "CoP")],
        *[(name, "carbon") for name in ("C", "LiC6", "LiC12")],
    ],
)
def test_conductors(formula, reason):
    assert conducts_electrons(formula) == reason


@pytest.mark.parametrize(
    "formula",
    [
        "Li2S",
        "Li3P",
        "LiCl",
        "LiF",
        "Li3N",
        "Li2O",
        "P",
        "S",
        "Si",
        "Ge",
        "I",
        "MnS",
        "MnS2",
        "NiS2",
        "FeS2",
        "ZrS2",
        "TiS3",
        "MoS2",
        "SnS2",
        "GeS2",
        "SiS2",
        "ZnS",
        "Mg2Si",
        "Mg2Ge",
        "Zr3O",
        "InP",
        "AlP",
        "GaP",
        "ZnP2",
        "MgP4",
        "Sn4P3",
        "LiP",
        "NiO",
        "Co3O4",
        "MnO",
        "Li3PO4",
        "Li2SO4",
        "LiNbS2",
        "Li4TiS4",
        "TiO2",
        "LiNbO3",
        "LiB",
        "B",
        "C3N4",
    ],
)
def test_what_insulates(formula):
    assert conducts_electrons(formula) is None


@pytest.mark.parametrize(
    ("products", "reacts", "expected"),
    [
        # P. Hartmann et al. (2013), S. Wenzel et al. (2015-2018): Li3PS4, Li7P3S11, Li6PS5Cl and LiPON make an SEI
        # (type 3), LGPS, LATP and LAGP a mixed conductor (type 2); LiF or Li2O touch lithium without reaction.
        (["Li2S", "Li3P"], True, 3),
        (["Li2S", "Li3P", "LiCl"], True, 3),
        (["Li2S", "Li3P", "Li15Ge4"], True, 2),
        (["Li3P", "Li2O", "TiAl", "Ti3P"], True, 2),
        (["Li3N", "Li2O", "Li3P"], True, 3),
        (["LiF"], False, 1),
        # LiCoO2 with Li3PS4: cobalt sulfides conduct, so that a coating is needed.
        (["Li3PO4", "Li2S", "Li2SO4", "Co9S8"], True, 2),
        (["Li3PO4", "Li2S", "MnS"], True, 3),
    ],
)
def test_types_of_interphases(products, reacts, expected):
    assert interphase_type(products, reacts) == expected


def test_lithium_left_over_makes_no_mixed_conductor():
    assert interphase_type(["Li2S", "Li3P", "Li"], True) == 3
    assert interphase_type([], True) == 3


def test_file_is_whole():
    text = resources.files("lisse.thermodynamics").joinpath("data/electronic.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    groups = [*data["conductors"], *data["exceptions"], *data["layered_sulfides"]]
    assert all(group["source"] and group["tag"] in TAGS for group in groups)
    names = [parse(name).reduced for group in data["conductors"] for name in group["formulas"]]
    assert len(names) == len(set(names))
    assert all(group["reason"] for group in data["conductors"] + data["exceptions"])


def test_a_formula_that_does_not_parse():
    with pytest.raises(InputError, match="formula"):
        conducts_electrons("Co9S8?")
