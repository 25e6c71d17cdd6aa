"""Electrolytes with exchanged elements: published edges, types of interphase, changes, refusals."""

import pytest

from lisse.errors import InputError
from lisse.thermodynamics.substitutions import QUANTITIES, compare_substitutions, known_substitutions
from lisse.thermodynamics.table import SCHEMES


@pytest.fixture(scope="module")
def found():
    return compare_substitutions("LiCoO2", [("Li3PS4", "Li6PS5Cl")])


@pytest.fixture(scope="module")
def rows(found):
    return {row.substitution.material: row for row in found.rows}


def test_edges_and_energies_are_the_published_ones(rows):
    """Zhu, He and Mo 2015: windows; -1.42 and -1.25 eV/atom for Li3PS4 and Li10GeP2S12 beside lithium."""
    parent, iodide = rows["Li7P2S8I"].parent["uncorrected_S"].values, rows["Li7P2S8I"].material["uncorrected_S"].values
    for values in (parent, iodide):
        assert [values["reduction_V"], values["oxidation_V"]] == pytest.approx([1.71, 2.31], abs=0.015)
    assert parent["lithium_energy_eV_atom"] == pytest.approx(-1.42, abs=0.02)
    germanium = rows["Li10SnP2S12"].parent["uncorrected_S"].values
    # Theirs counts from the phase itself, 0.02 eV/atom above the hull.
    assert germanium["lithium_energy_eV_atom"] == pytest.approx(-1.25, abs=0.03)
    assert germanium["oxidation_V"] == pytest.approx(2.14, abs=0.015)


def test_bare_contact_of_argyrodite_and_licoo2(rows):
    """Xiao et al. 2019: -339 meV/atom."""
    assert rows["Li6PS5Cl"].material["uncorrected_S"].values["discharged_energy_meV_atom"] == pytest.approx(
        -339, abs=15
    )


def test_metals_make_the_interphase_conduct(rows):
    """S. Wenzel et al. 2016 saw Ge in the interphase of Li10GeP2S12; Li6PS5Cl and Li7P3S11 make none."""
    for scheme in SCHEMES:
        assert rows["Li10SnP2S12"].parent[scheme].lithium_type == 2
        assert "Li15Ge4" in rows["Li10SnP2S12"].parent[scheme].lithium_conductors
        for name in ("Li10SnP2S12", "Li10SiP2S12", "Li11AlP2S12", "Li5.7Zn0.15PS4.85O0.15Br", "Li4SnS4"):
            assert rows[name].material[scheme].lithium_type == 2, name
        for name in ("Li6PS5Cl", "Li7P2S8I", "Li6PS4.7O0.3Br"):
            assert rows[name].material[scheme].lithium_type == 3, name


def test_oxygen_helps_against_water_and_oxide(rows):
    """What the library says of Li6PS4.7O0.3Br (after Z. Zhang et al. 2019), by energies of two schemes."""
    for scheme in SCHEMES:
        changes = [rows["Li6PS4.7O0.3Br"].change(quantity, scheme) for quantity in QUANTITIES]
        assert changes[:2] == pytest.approx([0, 0], abs=1e-6), "no new phase, no new edge"
        assert min(changes[2:]) > 0


def test_document(found):
    document = found.as_dict()
    assert set(document) == {"cathode", "states", "schemes", "polyanion", "phases", "notes"}
    for scheme in SCHEMES:
        part = document["schemes"][scheme]
        assert [row["material"] for row in part["parents"]] == ["Li6PS5Br", "Li10GeP2S12", "Li3PS4"]
        row = part["substitutions"][0]
        assert set(row["change"]) == set(QUANTITIES) <= set(row)
    assert all(row.source.citation for row in known_substitutions())


def test_oxide_with_one_state():
    row = compare_substitutions("TiS2").rows[0]
    assert row.material["mp2020"].values["charged_energy_meV_atom"] is None
    assert row.change("charged_energy_meV_atom", "mp2020") is None
    assert row.material["mp2020"].values["discharged_energy_meV_atom"] <= 0


def test_refusals():
    with pytest.raises(InputError, match="lithium metal"):
        compare_substitutions("Li")
    with pytest.raises(InputError, match="holds no sulfur"):
        compare_substitutions("NMC811", [("Li3PS4", "Li3PO4")])
