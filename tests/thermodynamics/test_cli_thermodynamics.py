"""``lisse window``, ``interface``, ``voltammogram`` and ``fetch-phases``: keys, words, refusals, figures."""

import json

import pytest

from lisse.thermodynamics.windows import window


def test_window_has_the_keys_of_the_page(document):
    found = document("window", "LPSCl", "--voltage", "4.3", "--confinement", "15 GPa")
    assert set(found) == {
        "material", "formula", "treated_at_hull", "polyanion_correction", "phases", "band", "schemes",
        "kinetic_windows", "published_decomposition_windows", "claims", "notes", "confined_by_claims",
    }  # fmt: skip
    assert list(found["schemes"]) == ["uncorrected_S", "mp2020"]
    plain = found["schemes"]["uncorrected_S"]
    assert set(plain) == {
        "reduction_V", "oxidation_V", "is_oxidised", "reduction_products", "oxidation_products", "above_hull_meV_atom",
        "decomposition_energy_eV_atom", "ladder", "confined",
    }  # fmt: skip
    # Zhu, He and Mo 2015.
    assert (plain["reduction_V"], plain["oxidation_V"]) == pytest.approx((1.71, 2.01), abs=0.015)
    assert plain["decomposition_energy_eV_atom"]["0"] == pytest.approx(-0.96, abs=0.006)
    assert list(plain["decomposition_energy_eV_atom"]) == ["0", "4.3", "5"]
    assert [step["voltage_V"] for step in plain["ladder"]] == pytest.approx(
        [0, 0.87, 0.93, 1.17, 1.30, 1.71, 2.01, 2.31, 2.88], abs=0.05
    )
    assert found["band"]["oxidation_V"] == pytest.approx([2.009, 2.261], abs=0.002)
    assert found["treated_at_hull"] is False
    quantities = {row["quantity"]: (row["reduction_V"], row["oxidation_V"]) for row in found["kinetic_windows"]}
    assert quantities["intrinsic"] == (1.11, 2.19)
    assert {claim["id"] for claim in found["claims"]} == {"grand-potential", "topotactic", "indirect"}
    assert plain["confined"]["reduction_V"] < 1.0


def test_window_in_words(call):
    code, out, err = call("window", "0.7 Li3PS4 + 0.3 LiI")
    assert (code, err) == (0, "")
    assert "at the hull" in out
    assert "no energy of this composition itself" in " ".join(out.split())
    assert "oxidation 2.30 to 2.39 V" in " ".join(out.split())


def test_a_polymer_is_not_believed(document):
    notes = document("window", "polypyrrole")["notes"]
    assert any("no polymers" in note and "do not trust" in note for note in notes)


def test_one_scheme_and_the_polyanion_switch(document):
    found = document("window", "Li3PO4", "--scheme", "legacy", "--polyanion")
    assert list(found["schemes"]) == ["legacy"]
    assert any("artefacts" in note for note in found["notes"])
    plain, moved = (document("window", "Li3PO4", *more)["schemes"]["mp2020"] for more in ((), ("--polyanion",)))
    assert moved["reduction_V"] > plain["reduction_V"] + 0.02


def test_a_table_of_the_user(document, tmp_path):
    path = tmp_path / "phases.csv"
    path.write_text("formula,formation_energy_eV_per_atom\nLi2S,-1.5\n", encoding="utf-8")
    found = document("window", "Li2S", "--phases", str(path))
    assert found["phases"] == str(path)
    assert found["schemes"]["uncorrected_S"]["oxidation_V"] == pytest.approx(2.25)


def test_all_windows(call, document, tmp_path):
    rows = document("window", "--all")["materials"]
    by_name = {row["name"]: row for row in rows}
    assert by_name["Li3PS4"]["also"] == ["Li3PS4 glass", "beta-Li3PS4", "gamma-Li3PS4"]
    assert by_name["polypyrrole"]["reason"]
    assert by_name["polypyrrole"]["band"] is None
    assert by_name["LiF"]["schemes"]["uncorrected_S"]["oxidation_V"] == pytest.approx(6.38, abs=0.05)
    assert by_name["Li6PS5Cl"]["kinetic_windows"][0]["oxidation_V"] == 2.19
    assert [row["group"] for row in rows] == sorted((row["group"] for row in rows), key=lambda group: (
        ("electrolyte", "coating", "binary").index(group)
    ))  # fmt: skip
    figure = tmp_path / "new" / "windows.svg"
    code, out, _ = call("window", "--all", "--figure", str(figure))
    assert code == 0
    assert "LiTaO3" in out
    assert figure.read_text(encoding="utf-8").startswith("<?xml")


def test_interface_has_the_keys_of_the_page(document):
    found = document("interface", "Li6PS5Cl", "LiCoO2")
    assert set(found) == {
        "first", "second", "voltage_V", "polyanion_correction", "phases", "schemes", "type_rule", "notes",
    }  # fmt: skip
    plain = found["schemes"]["uncorrected_S"]
    # Xiao et al. 2019.
    assert plain["reaction_energy_meV_atom"] == pytest.approx(-339, abs=12)
    assert set(plain["products"]) == {"Li3PO4", "Li2S", "Co9S8", "Li2SO4", "LiCl"}
    assert plain["interphase_type"] == 2
    assert plain["reactants_per_atom"].keys() == {"Li6PS5Cl", "LiCoO2"}
    assert 0 < plain["mixing_fraction"] < 1
    assert found["second"]["treated_at_hull"] is False


def test_lithium_in_excess_decides_the_type(document):
    """The review: LGPS makes a mixed conductor (type 2) with its alloy of germanium, Li3PS4 an insulator (type 3)."""
    mixed = document("interface", "Li10GeP2S12", "Li")["schemes"]["uncorrected_S"]
    assert mixed["interphase_type"] == 2
    assert "Li15Ge4" in mixed["products_in_excess_lithium"]
    assert list(mixed["electronic_conductors"]) == ["Li15Ge4"]
    assert document("interface", "Li", "Li3PS4")["schemes"]["uncorrected_S"]["interphase_type"] == 3


def test_what_does_not_react_has_no_products(call, document):
    found = document("interface", "Li3PO4", "Li3PS4")["schemes"]["uncorrected_S"]
    assert found["reacts"] is False
    assert (found["products"], found["mixing_fraction"], found["interphase_type"]) == ([], None, 1)
    assert "no reaction" in call("interface", "Li3PO4", "Li3PS4")[1]


def test_interface_at_a_voltage_in_words(call, tmp_path):
    figure = tmp_path / "interface.pdf"
    code, out, _ = call("interface", "LPSCl", "NMC811@0.3", "--voltage", "4.3", "--figure", str(figure))
    words = " ".join(out.split())
    assert code == 0
    assert "lithium exchanged at 4.3 V" in words
    assert "with each other alone" in words
    assert "type 2: a product conducts electrons" in words
    assert figure.read_bytes().startswith(b"%PDF")


def test_voltammogram(call, document, tmp_path):
    found = document("voltammogram", "LPSCl")
    assert set(found) == {"material", "schemes", "assumed", "why"}
    plain = found["schemes"]["uncorrected_S"]
    assert plain["se_carbon"]["apparent_window_V"] == pytest.approx([1.721, 2.009], abs=0.002)
    assert plain["flat_metal"]["apparent_window_V"] == [0.0, 5.0]
    assert {"peak_width_V", "detection_limit_A_m2", "flat_area_ratio"} <= set(found["assumed"])
    assert len(plain["curve"]["voltage_V"]) == len(plain["curve"]["capacity_slope_mAh_g_V"])
    figure = tmp_path / "sweep.png"
    code, out, _ = call("voltammogram", "LPSCl", "--figure", str(figure))
    assert code == 0
    assert "Li | SE | metal: window appears as 0.00 to 5.00 V" in " ".join(out.split())
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_fetch_phases(call, document, monkeypatch, tmp_path):
    path = tmp_path / "phases.csv"
    code, _, err = call("fetch-phases", "Li-S", "--out", str(path))
    assert code == 2
    assert err.count("\n") == 1
    assert "fetch-phases" in err

    def fetched(elements, target):
        target.write_text("formula,formation_energy_eV_per_atom\nLi2S,-1.4\n", encoding="utf-8")
        return len(elements)

    monkeypatch.setattr("lisse.thermodynamics.fetch.fetch_phases", fetched)
    assert document("fetch-phases", "Li", "S", "--out", str(path)) == {"file": str(path), "phases": 2}
    assert "2 phases" in " ".join(call("fetch-phases", "Li", "S", "--out", str(path))[1].split())
    assert window("Li2S", phases=path).oxidation == pytest.approx(2.1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["window"], "give either a material or --all"),
        (["window", "Li2S", "--all"], "give either a material or --all"),
        (["window", "--all", "--voltage", "3"], "belong to one material"),
        (["window", "LATP"], '"L" is not an element'),
        (["window", "Cs2S"], "which covers Ag Al Au"),
        (["window", "Li2S", "--voltage", "9"], "write 0 to 8 V"),
        (["window", "Li2S", "--voltage", "-1"], "write 0 to 8 V"),
        (["window", "Li2S", "--voltage", "nan"], "out of range"),
        (["window", "Li2S", "--scheme", "r2scan"], "take one of uncorrected_S, mp2020, legacy"),
        (["window", "Li2S", "--confinement", "15"], "has no unit"),
        (["window", "Li2S", "--confinement", "-5 GPa"], "0 to 1000 GPa"),
        (["window", "Li2S", "--figure", "ladder.txt"], ".svg, .png, .pdf"),
        (["window", "Li2S", "--phases", "missing.csv"], "cannot be read"),
        (["interface", "Li2S", "Li4S2"], "name two that differ"),
        (["interface", "Li2S", "Li", "--voltage", "1"], "leave the 1 V out"),
        (["interface", "Li2S", "P2S5", "--voltage", "12"], "write 0 to 8 V"),
        (["voltammogram", "Li2Q"], '"Q" is not an element'),
        (["fetch-phases", "Li", "--out", "phases.csv"], "write Li-P-S"),
    ],
)
def test_bad_input_is_one_sentence(call, tmp_path, monkeypatch, arguments, why):
    monkeypatch.chdir(tmp_path)
    for form in ([], ["--json"]):
        code, out, err = call(*arguments, *form)
        assert (code, out) == (2, "")
        assert why in err
        assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_json_is_plain_json(call):
    text = call("window", "Li6PS5Cl", "--json")[1]
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text)["material"] == "Li6PS5Cl"
