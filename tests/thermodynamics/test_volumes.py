"""Molar volumes: lattices recomputed, a least-squares sum of volumes per element, expansions that papers report."""

import csv
import math
import re
from importlib import resources

import numpy as np
import pytest
from scipy.optimize import nnls

from lisse.citations import TAGS
from lisse.errors import InputError
from lisse.materials import Material
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.volumes import molar_volume, reaction_volume, unknown_because

AVOGADRO_CM3_PER_A3 = 0.602214076
ANIONS = {"O", "N", "S", "P", "F", "Cl", "Br", "I"}


def _rows():
    text = resources.files("lisse.thermodynamics").joinpath("data/molar_volumes.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


ROWS = _rows()


def _cell_volume(note):
    found = {name: float(value) for name, value in re.findall(r"\b(a|b|c|alpha|beta|gamma) = ([\d.]+)", note)}
    a = found["a"]
    b, c = found.get("b", a), found.get("c", a)
    angles = [found.get(name, 90.0) for name in ("alpha", "beta", "gamma")]
    if found.keys() == {"a", "alpha"}:
        angles = [found["alpha"]] * 3
    x, y, z = (math.cos(math.radians(angle)) for angle in angles)
    return a * b * c * math.sqrt(1 - x * x - y * y - z * z + 2 * x * y * z)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["method"] == "computed from lattice"], ids=lambda row: row["formula"]
)
def test_volume_is_that_of_its_lattice(row):
    """Cell volume over Z, both as the note of the row gives them."""
    numerator, _, denominator = re.search(r"Z = ([\d/]+)", row["note"])[1].partition("/")
    units = float(numerator) / float(denominator or 1)
    expected = _cell_volume(row["note"]) * AVOGADRO_CM3_PER_A3 / units
    assert float(row["molar_volume_cm3_mol"]) == pytest.approx(expected, rel=1e-3)


def test_table_is_whole():
    reduced = [parse(row["formula"]).reduced for row in ROWS]
    assert len(reduced) == len(set(reduced)) > 400
    assert {row["method"] for row in ROWS} == {"computed from lattice", "density", "estimated"}
    for row in ROWS:
        assert re.match(r"\[([\w-]+)\]", row["note"])[1] in TAGS
        assert row["source"]


def test_handbook_densities_agree_with_the_lattices():
    """Where the CRC Handbook has a density of the same polymorph too, both agree to 5 %, and most to 2 %."""
    pairs = [(row, re.search(r"handbook density gives ([\d.]+)", row["note"])) for row in ROWS]
    off = [abs(float(row["molar_volume_cm3_mol"]) / float(found[1]) - 1) for row, found in pairs if found]
    assert len(off) > 90
    assert max(off) < 0.05
    assert np.percentile(off, 80) < 0.025


def test_volumes_add_up_of_those_of_the_elements():
    """A blunder of a factor (a wrong Z, a missing digit) shows against a sum over the elements, fitted to all salts."""
    salts = []
    for row in ROWS:
        symbols = parse(row["formula"]).elements
        if symbols & ANIONS and len(symbols) > 1 and not symbols <= ANIONS | {"C", "H"}:
            salts.append((row["formula"], float(row["molar_volume_cm3_mol"])))
    elements = sorted({symbol for formula, _ in salts for symbol in parse(formula).elements})
    counts = np.array([[parse(formula).amounts.get(symbol, 0.0) for symbol in elements] for formula, _ in salts])
    volumes = np.array([volume for _, volume in salts])
    fitted, _ = nnls(counts / volumes[:, None], np.ones(len(volumes)))
    off = counts @ fitted / volumes - 1
    worst = salts[int(np.argmax(np.abs(off)))]
    assert np.max(np.abs(off)) < 0.30, worst
    assert np.sqrt(np.mean(off**2)) < 0.11


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["formula"])
def test_atoms_take_a_volume_that_solids_have(row):
    """Per atom between close-packed oxides and graphite (5 cm3/mol) and iodine and the liquids (26)."""
    per_atom = float(row["molar_volume_cm3_mol"]) / parse(row["formula"]).atoms
    assert 4.5 < per_atom < 26.5


@pytest.mark.parametrize(
    ("reactants", "products", "change", "tolerance"),
    [
        # M.N. Obrovac, V.L. Chevrier, Chem. Rev. 114 (2014) 11444: Li15Si4 280 %, LiAl 97 %, Li22Sn5 near 260 %.
        ({"Si": 4}, {"Li15Si4": 1}, 2.80, 0.05),
        ({"Al": 1}, {"LiAl": 1}, 0.96, 0.03),
        ({"Sn": 4}, {"Li17Sn4": 1}, 2.55, 0.06),
        ({"C": 6}, {"LiC6": 1}, 0.12, 0.02),
        # The 80 % by which sulfur grows to Li2S, as every review of lithium-sulfur cells gives it.
        ({"S": 1}, {"Li2S": 1}, 0.80, 0.02),
    ],
)
def test_expansions_that_papers_report(reactants, products, change, tolerance):
    got, unknown = reaction_volume(reactants, products)
    assert unknown == []
    assert got == pytest.approx(change, abs=tolerance)


def test_argyrodite_with_lithium_shrinks():
    """Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl, by handbook densities: 143.5 + 8 x 13.0 -> 5 x 28.0 + 36.0 + 20.5."""
    got, _ = reaction_volume({"Li6PS5Cl": 1, "Li": 8}, {"Li2S": 5, "Li3P": 1, "LiCl": 1})
    assert got == pytest.approx((5 * 28.0 + 36.0 + 20.5) / (143.5 + 8 * 13.0) - 1, abs=0.01)


def test_volume_scales_with_the_formula_and_knows_its_spellings():
    assert molar_volume("Li4S2").value == pytest.approx(2 * molar_volume("Li2S").value)
    assert molar_volume("Ni3Sn2S2").value == pytest.approx(molar_volume("Ni3(SnS)2").value)
    assert molar_volume("SLi2") == molar_volume("Li2S")


def test_library_densities_come_first_and_assumed_ones_last():
    material = Material.load("Li6PS5Cl")
    expected = material.value("molar_mass") / material.value("density")
    assert molar_volume("Li6PS5Cl").value == pytest.approx(expected)
    assert molar_volume("Li6PS5Cl").method == "measured"
    assert molar_volume("Li7P3S11").method == "assumed"
    assert molar_volume("Li2S").method == "computed from lattice"


def test_charged_oxides_follow_the_measured_volume_strain():
    whole, charged = molar_volume("LiNi0.8Co0.1Mn0.1O2"), molar_volume("Li0.26Ni0.8Co0.1Mn0.1O2")
    assert charged.value < whole.value
    strain = Material.load("NMC811").value("volume_strain")
    assert charged.value / whole.value == pytest.approx(1 + float(strain(0.26)) - float(strain(1.0)), rel=1e-6)
    assert molar_volume("Li0.52Ni1.6Co0.2Mn0.2O4").value == pytest.approx(2 * charged.value)
    assert molar_volume("Li0.05Ni0.8Co0.1Mn0.1O2") is None  # beyond what was measured


@pytest.mark.parametrize(
    ("formula", "reason"), [("O2", "gas"), ("SO2", "gas"), ("Ni3O4", "no crystal"), ("Mg149P", "no crystal")]
)
def test_unknown_volumes_say_why_and_make_no_number(formula, reason):
    assert molar_volume(formula) is None
    assert reason in unknown_because(formula)
    assert reaction_volume({"Li2S": 1}, {formula: 1, "Li": 2}) == (None, [formula])
    assert reaction_volume({"Li2S": 1}, {"Li2S": 1, formula: 0}) == (0.0, [])


@pytest.mark.parametrize(
    ("reactants", "products"),
    [({}, {"Li": 1}), ({"Li": 0}, {"Li": 1}), ({"Li": 1}, {"Li": -1}), ({"Li": math.nan}, {})],
)
def test_reactions_that_are_refused(reactants, products):
    with pytest.raises(InputError, match="reaction: "):
        reaction_volume(reactants, products)


def test_a_formula_that_does_not_parse():
    with pytest.raises(InputError, match="formula"):
        molar_volume("Qx2")
