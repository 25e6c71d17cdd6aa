"""Experimental Gibbs energies: against kJ/mol of other tables, and the reaction of water with lithium sulfide."""

import tomllib
from importlib import resources

import pytest

from lisse.errors import InputError
from lisse.thermodynamics.molecules import experimental_energies, gibbs_energy, molecules

KJ = 96.48533212


@pytest.mark.parametrize(
    ("formula", "state", "kilojoule"),
    [
        # CODATA key values (1989) and the CRC Handbook, at 298.15 K.
        ("H2O", "liquid", -237.1),
        ("H2O", "gas", -228.6),
        ("H2S", "gas", -33.4),
        ("CO2", "gas", -394.4),
        ("CO", "gas", -137.2),
        ("SO2", "gas", -300.1),
        ("HCl", "gas", -95.3),
        ("HF", "gas", -275.4),
        ("Li2O", "solid", -561.2),
        ("LiOH", "solid", -439.0),
        ("LiF", "solid", -587.7),
        ("LiCl", "solid", -384.4),
        ("LiBr", "solid", -342.0),
        ("LiI", "solid", -270.3),
        ("LiH", "solid", -68.3),
        ("Li2CO3", "solid", -1132.1),
        ("Li2SO4", "solid", -1321.7),
        ("Al2O3", "solid", -1582.3),
        ("SiO2", "solid", -856.3),
        ("ZrO2", "solid", -1039.7),
    ],
)
def test_against_other_tables(formula, state, kilojoule):
    assert gibbs_energy(formula, state) * KJ == pytest.approx(kilojoule, abs=1.6)


def test_only_the_molecules_replace_computed_energies():
    """Salts keep their computed energies, else the published windows that rest on them would move."""
    assert set(experimental_energies()) == {"H2O", "H2S"}
    assert experimental_energies()["H2O"] == gibbs_energy("H2O", "liquid")


def test_shift_of_water_gas():
    """CO + H2O(g) -> CO2 + H2 gives 28.6 kJ/mol at room temperature."""
    gain = gibbs_energy("CO2") - gibbs_energy("CO") - gibbs_energy("H2O", "gas")
    assert gain * KJ == pytest.approx(-28.6, abs=0.3)


def test_water_evaporates_with_its_vapour_pressure():
    """3.5 kPa at 300 K: RT ln p."""
    from math import log

    assert gibbs_energy("H2O", "gas") - gibbs_energy("H2O", "liquid") == pytest.approx(
        -8.617e-5 * 300 * log(0.0353), abs=2e-3
    )


def test_multiples_and_unknown_ones():
    assert gibbs_energy("Li4O2") == pytest.approx(2 * gibbs_energy("Li2O"))
    with pytest.raises(InputError, match="Li2S"):
        gibbs_energy("Li2S")
    with pytest.raises(InputError, match="gas"):
        gibbs_energy("LiCl", "gas")


def test_every_row_is_one_substance_with_a_source():
    keys = [(row.formula, row.state) for row in molecules()]
    assert len(keys) == len(set(keys)) > 20
    assert all(row.source.tag for row in molecules())


def test_polyanion_medians():
    """Each binds too strongly, the sulfate the most per atom."""
    text = (
        resources.files("lisse.thermodynamics").joinpath("data/polyanion_correction.toml").read_text(encoding="utf-8")
    )
    rows = {row["element"]: row["median_error_eV"] for row in tomllib.loads(text)["anions"]}
    assert rows == {"S": -1.93, "N": -2.0, "C": -0.9, "P": -0.45, "Si": -0.28}
