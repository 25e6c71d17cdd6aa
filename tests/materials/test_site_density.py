"""Density, molar mass and capacities of an active material, held against each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lisse.cli import app, main
from lisse.errors import InputError
from lisse.materials import Material, check_file
from lisse.materials.library import SuspectClaimWarning

# Largest concentrations of PyBaMM's parameter sets [mol/m3] (commit 7c9f5bd81d11): what fits of liquid cells returned.
FITTED = {
    "Chen2020": 63104.0,
    "ORegan2022": 51765.0,
    "Xu2019": 48230.0,
    "Mohtat2020": 35380.0,
    "NCA_Kim2011": 49000.0,
    "Marquis2019": 51217.9,
    "Ai2020": 49943.0,
    "Ecker2015": 48580.0,
}
NOT_CRYSTALLOGRAPHIC = {"Chen2020", "Mohtat2020"}


def oxide(folder: Path, **claims: str) -> Path:
    """Write an oxide with the molar mass of NMC811 and the given claims."""
    given = {"molar_mass": "97.28 g/mol", **claims}
    text = 'name = "Own oxide"\nkind = "active_material"\ndescription = "A test."\n'
    for name, value in given.items():
        more = 'suspect = "fitted, not weighed"\n' if value.endswith("!") else ""
        text += (
            f'\n[[claims]]\nid = "own"\nproperty = "{name}"\nvalue = "{value.rstrip("!")}"\nmethod = "defined"\n{more}'
            'source = { citation = "Own laboratory, notebook 3, 2026", tag = "own" }\n'
        )
    path = folder / "own-oxide.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "fitted"), list(FITTED.items()))
def test_fitted_concentrations_of_parameter_sets(tmp_path, name, fitted):
    path = oxide(tmp_path, density=f"{fitted * 97.28e-3:.3f} kg/m^3")
    if name not in NOT_CRYSTALLOGRAPHIC:
        check_file(path)
        return
    with pytest.raises(InputError, match=f"own-oxide.toml: density over molar mass is {fitted:.0f} mol") as caught:
        check_file(path)
    assert "44000 to 56000" in str(caught.value)
    assert str(caught.value).count(". ") == 0


def test_a_density_marked_as_suspect_is_let_through(tmp_path):
    with pytest.warns(SuspectClaimWarning, match="fitted, not weighed"):
        assert check_file(oxide(tmp_path, density="6139 kg/m^3!")).value("density") == 6139.0


def test_theoretical_capacity_follows_faraday(tmp_path):
    # 26.8015 A h/mol over 97.28 g/mol is 275.5 mA h/g
    check_file(oxide(tmp_path, theoretical_capacity="277.5 mA*h/g"))
    with pytest.raises(InputError, match=r"279\.0 mA\*h/g, \+1\.3 % from 275\.5 mA\*h/g"):
        check_file(oxide(tmp_path, theoretical_capacity="279 mA*h/g"))


def test_no_cell_delivers_more_than_one_lithium(tmp_path):
    check_file(oxide(tmp_path, practical_capacity="270 mA*h/g"))
    with pytest.raises(InputError, match=r"practical_capacity is 300\.0 mA\*h/g"):
        check_file(oxide(tmp_path, practical_capacity="300 mA*h/g"))


def test_other_hosts_have_a_wider_range(tmp_path):
    # LiFePO4: 3600 kg/m3 and 157.76 g/mol, 22 820 sites
    check_file(oxide(tmp_path, molar_mass="157.76 g/mol", density="3600 kg/m^3"))
    with pytest.raises(InputError, match="an active material has 10000 to 56000"):
        check_file(oxide(tmp_path, molar_mass="157.76 g/mol", density="36 kg/m^3"))


def test_what_is_borrowed_is_checked_too(tmp_path):
    path = oxide(tmp_path, molar_mass="65.555 g/mol")
    like = '[[like]]\nmaterial = "NMC811"\nproperties = ["density"]\n\n[[claims]]'
    path.write_text(path.read_text(encoding="utf-8").replace("[[claims]]", like, 1), encoding="utf-8")
    with pytest.raises(InputError, match="72763 mol"):  # 4770 kg/m3 over 65.555 g/mol
        Material.load(path)


def test_the_command_says_it_in_one_line(tmp_path, capsys, monkeypatch):
    good = oxide(tmp_path, density="4770 kg/m^3")
    assert CliRunner().invoke(app, ["materials", "--check", str(good)]).exit_code == 0
    bad = oxide(tmp_path, density="6139 kg/m^3")
    monkeypatch.setattr("sys.argv", ["lisse", "materials", "--check", str(bad)])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
