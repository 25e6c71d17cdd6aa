"""Schemes, artefacts, measured molecules, and phases of the user."""

import pytest

from lisse.errors import InputError
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.table import artefacts, read_user_phases, rows, table
from lisse.thermodynamics.windows import window

HEAD = "formula,formation_energy_eV_per_atom\n"


def energy(formula, scheme="uncorrected_S", **options):
    return table(scheme, **options).own_energy(parse(formula))


def test_sulfide_correction_is_the_difference_of_the_columns():
    """0.66346 eV per S in the older Materials Project, 0.503 eV in MP2020 (A. Wang et al. 2021), none on a sulfate."""
    assert 3 * (energy("Li2S") - energy("Li2S", "legacy")) == pytest.approx(0.66346, abs=1e-4)
    assert 3 * (energy("Li2S") - energy("Li2S", "mp2020")) == pytest.approx(0.503, abs=1e-3)
    assert energy("Li2SO4") == pytest.approx(energy("Li2SO4", "legacy"), abs=1e-6)


def test_artefacts_are_left_out_with_their_reason_but_for_validation():
    found = artefacts()
    assert {"LiS4", "S8O", "Li7Ti10O24"} <= found.keys()
    assert all(found.values())
    for formula in found:
        assert formula not in table("uncorrected_S").formulas
        assert formula not in table("mp2020").formulas
        assert formula in table("legacy").formulas


def test_without_its_artefact_lithium_titanate_is_oxidised_where_published():
    """Y. Zhu, X. He, Y. Mo 2015: 3.71 V; with Li7Ti10O24 it would be 2.5 V."""
    assert window("Li4Ti5O12").oxidation == pytest.approx(3.71, abs=0.015)


def test_molecules_are_the_measured_ones():
    """JANAF, 300 K: -2.455 eV for water, -0.346 eV for H2S."""
    for scheme in ("uncorrected_S", "mp2020"):
        assert 3 * energy("H2O", scheme) == pytest.approx(-2.455, abs=1e-3)
        assert 3 * energy("H2S", scheme) == pytest.approx(-0.346, abs=1e-3)
    assert 3 * energy("H2O", "legacy") < -4


def test_polyanion_switch_moves_sulfates_and_no_sulfide():
    """Median error of 41 sulfates: -1.93 eV per S; of phosphates -0.45 eV per P."""
    assert 7 * (energy("Li2SO4", polyanion=True) - energy("Li2SO4")) == pytest.approx(1.93, abs=0.01)
    assert 8 * (energy("Li3PO4", polyanion=True) - energy("Li3PO4")) == pytest.approx(0.45, abs=0.01)
    assert energy("Li2S", polyanion=True) == energy("Li2S")
    assert energy("Li2O", polyanion=True) == energy("Li2O")


def test_every_row_has_a_source():
    assert len(rows()) == 5923
    assert {row.source for row in rows()} == {"MP-2019", "this work"}


def test_uncovered_elements_are_named_with_the_covered_ones():
    with pytest.raises(InputError, match=r"Cs, Xe of Cs2XeS are not in the table .* covers Ag Al .* Zr\.$"):
        table().check_covered(parse("Cs2XeS"))


def test_a_phase_of_the_user_replaces_that_of_the_table(tmp_path):
    path = tmp_path / "phases.csv"
    path.write_text(HEAD + "S1Li2,-1.5\nLi3CsS2,-1.2\n", encoding="utf-8")
    assert energy("Li2S", phases=path) == -1.5
    assert energy("Li2S", "mp2020", phases=path) == -1.5
    # Three atoms at -1.5 eV over the two electrons that Li2S gives.
    assert window("Li2S", phases=path).oxidation == pytest.approx(2.25)
    # An element that only the user covers.
    assert energy("Li3CsS2", phases=path) == -1.2
    assert window("Li3CsS2", phases=path).above_hull is not None
    assert energy("Li2S") == pytest.approx(-1.3396, abs=1e-4)


def test_a_third_column_serves_mp2020(tmp_path):
    path = tmp_path / "phases.csv"
    head = "formula,formation_energy_eV_per_atom,formation_energy_mp2020_eV_per_atom\n"
    path.write_text("\ufeff" + head + "Li2S,-1.4,-1.6\n\n", encoding="utf-8")
    assert (energy("Li2S", phases=path), energy("Li2S", "mp2020", phases=path)) == (-1.4, -1.6)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the columns of .* are none"),
        ("formula,energy_kJ_mol\nLi2S,-440\n", "in eV per atom"),
        ("formula,formation_energy_eV_per_atom,comment\nLi2S,-1.3,x\n", "are formula, .*comment"),
        (HEAD + "Li2S,-1.3\nLi4S2,-1.2\n", "line 3 .* gives Li2S a second time"),
        (HEAD + "Li2S,-146.7\n", '"-146.7" in line 2 .* is not a formation energy in eV per atom'),
        (HEAD + "Li2S,nan\n", "is not a formation energy"),
        (HEAD + "Li2S,low\n", '"low" in line 2'),
        (HEAD + "Li2S\n", "line 2 .* has 1 cells; write 2"),
        (HEAD + "Li2Q,-1.0\n", '"Q" is not an element'),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(tmp_path, text, why):
    path = tmp_path / "phases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        read_user_phases(path)


def test_a_table_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "phases.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    for name in (path, tmp_path / "missing.csv"):
        with pytest.raises(InputError, match="cannot be read as text"):
            read_user_phases(name)


def test_an_unknown_scheme_is_refused():
    with pytest.raises(InputError, match="take one of uncorrected_S, mp2020, legacy"):
        table("r2scan")
