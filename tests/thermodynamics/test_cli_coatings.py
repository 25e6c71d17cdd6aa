"""``lisse coatings``, ``lisse substitutions`` and ``lisse hydrolysis``: keys, tables, figures, refusals."""

import json

import pytest


def test_coatings_as_json(call):
    """Xiao et al. 2019: LiNbO3 with Li6PS5Cl -123, LiPO3 with NMC111 -89 meV/atom."""
    code, out, err = call("coatings", "Li6PS5Cl", "NMC111", "--coating", "LiPO3", "--also", "Li3PS4", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert set(found) == {
        "electrolyte", "partner", "states", "lower_V", "upper_V", "rule", "schemes", "left_out", "notes",
    }  # fmt: skip
    assert set(found["schemes"]) == {"uncorrected_S", "mp2020"}
    part = found["schemes"]["uncorrected_S"]
    assert part["bare"]["discharged"]["reaction_energy_meV_atom"] == pytest.approx(-330, abs=20)
    rows = {row["name"]: row for row in part["coatings"]}
    assert set(rows["LiNbO3"]) == {
        "rank", "name", "formula", "process", "contacts", "worst_energy_meV_atom", "reduction_V", "oxidation_V",
        "outside_window_V", "lithium_fraction", "ionic_conductivity_S_cm", "separates", "reasons",
        "further_electrolytes_meV_atom",
    }  # fmt: skip
    contacts = rows["LiNbO3"]["contacts"]
    assert set(contacts) == {"electrolyte", "discharged", "charged"}
    assert contacts["electrolyte"]["reaction_energy_meV_atom"] == pytest.approx(-123, abs=15)
    assert contacts["electrolyte"]["products"]
    assert rows["LiPO3"]["contacts"]["discharged"]["reaction_energy_meV_atom"] == pytest.approx(-89, abs=15)
    assert rows["Li3PO4"]["further_electrolytes_meV_atom"]["Li3PS4"] == pytest.approx(0, abs=1)
    assert rows["LiNbO3"]["lithium_fraction"] == pytest.approx(0.2)
    assert rows["LiNbO3"]["ionic_conductivity_S_cm"] == pytest.approx(1e-6)
    assert [row["rank"] for row in part["coatings"]] == sorted(row["rank"] for row in part["coatings"])


def test_coatings_as_table_and_map(call, tmp_path):
    figure = tmp_path / "new" / "map.svg"
    code, out, err = call("coatings", "Li6PS5Cl", "NMC811", "--also", "Li3PS4", "--figure", str(figure))
    assert (code, err) == (0, "")
    for word in ("bare", "LiNbO3", "-117/-109", "does not separate", "polypyrrole is left out", "rule:"):
        assert word in out
    drawing = figure.read_text(encoding="utf-8")
    for word in ("NMC811, charged", "no S correction", "MP2020", "−117", "−109", "Li3PS4"):
        assert word in drawing


def test_many_electrolytes_in_one_map(call, tmp_path):
    figure = tmp_path / "map.svg"
    others = [word for name in ("Li3PS4", "LGPS", "Li7P3S11", "LLZO") for word in ("--also", name)]
    assert call("coatings", "Li6PS5Cl", "LiCoO2", *others, "--figure", str(figure))[0] == 0
    drawing = figure.read_text(encoding="utf-8")
    assert all(name in drawing for name in ("Li10GeP2S12", "LLZO", "LiCoO2, discharged"))


def test_all_electrolytes(call):
    code, out, _ = call("coatings", "Li6PS5Cl", "LiCoO2", "--all", "--json")
    rows = json.loads(out)["schemes"]["mp2020"]["coatings"]
    assert code == 0
    assert {"Li3PS4", "LLZO", "Li10GeP2S12"} <= set(rows[0]["further_electrolytes_meV_atom"])
    assert "Li6PS5Cl" not in rows[0]["further_electrolytes_meV_atom"]


def test_beside_lithium(call):
    code, out, _ = call("coatings", "Li6PS5Cl", "Li")
    assert code == 0
    assert "lithium" in out
    assert "Li3N-LiF" in out
    assert "plastic crystal is left out" in out


def test_hydrolysis(call):
    code, out, err = call("hydrolysis", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert set(found) == {"ranking_only", "schemes", "hard_soft", "left_out", "polyanion", "phases", "notes"}
    assert set(found["schemes"]["mp2020"][0]) == {
        "rank", "name", "hydrolysis_energy_eV_H2S", "products", "amounts", "sulfur_left", "sulfides_left",
    }  # fmt: skip
    assert set(found["hard_soft"][0]) == {
        "name", "rank", "cations", "hardness_eV", "oxygen_share", "library_rate_kg_m2_s",
    }  # fmt: skip
    code, out, _ = call("hydrolysis", "Li3PS4", "Li4SnS4")
    assert code == 0
    assert out.index("Li4SnS4") < out.index("Li3PS4")
    assert "ranking only" in out


def test_substitutions(call):
    code, out, err = call("substitutions", "LiCoO2", "--pair", "Li3PS4:Li3SbS4", "--json")
    assert (code, err) == (0, "")
    rows = json.loads(out)["schemes"]["uncorrected_S"]["substitutions"]
    assert rows[-1]["material"] == "Li3SbS4"
    assert rows[-1]["change"]["hydrolysis_energy_eV_H2S"] > 0.5
    code, out, _ = call("substitutions")
    assert code == 0
    assert "Li10SnP2S12" in out
    assert "ranking only" in out


def test_phases_of_the_user_count_against_water_and_in_substitutions(call, tmp_path):
    phases = tmp_path / "phases.csv"
    phases.write_text("formula,formation_energy_eV_per_atom\nLi5SnPS7,-1.3\n")
    asked = ("hydrolysis", "Li5SnPS7", "Li3PS4", "--json")
    without, given = (json.loads(call(*asked, *more)[1]) for more in ((), ("--phases", str(phases))))
    before, after = (
        {row["name"]: row["hydrolysis_energy_eV_H2S"] for row in found["schemes"]["mp2020"]}
        for found in (without, given)
    )
    assert after["Li5SnPS7"] > before["Li5SnPS7"] + 0.2
    assert after["Li3PS4"] == before["Li3PS4"]
    assert (without["phases"], without["notes"], given["phases"]) == (None, [], str(phases))
    assert any("check its unit" in note for note in given["notes"])
    code, out, err = call(
        "substitutions", "LiCoO2", "--pair", "Li3PS4:Li5SnPS7", "--phases", str(phases), "--polyanion", "--json"
    )
    assert (code, err) == (0, "")
    compared = json.loads(out)
    assert (compared["phases"], compared["polyanion"]) == (str(phases), True)
    row = next(r for r in compared["schemes"]["mp2020"]["substitutions"] if r["material"] == "Li5SnPS7")
    assert row["hydrolysis_energy_eV_H2S"] == pytest.approx(after["Li5SnPS7"], abs=0.3)
    assert any("check its unit" in note for note in compared["notes"])


@pytest.mark.parametrize(
    "words",
    [
        ("coatings", "Xx", "NMC811"),
        ("coatings", "Li6PS5Cl", "LiVO2"),
        ("coatings", "Li6PS5Cl", "PTO"),
        ("coatings", "Li6PS5Cl", "NMC811", "--charged", "2"),
        ("coatings", "Li6PS5Cl", "NMC811", "--upper", "9"),
        ("coatings", "Li6PS5Cl", "NMC811", "--phases", "nowhere.csv"),
        ("coatings", "Li6PS5Cl", "NMC811", "--figure", "map.bmp"),
        ("hydrolysis", "Li3PO4"),
        ("substitutions", "Li"),
        ("substitutions", "NMC811", "--pair", "Li3PS4"),
    ],
)
def test_one_sentence_and_exit_code_2(call, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
