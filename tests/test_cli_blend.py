"""``lisse blend``: zero-strain ratio, strain of any ratio, keys, refusals, map."""

import json

import pytest


def test_zero_strain_ratio_of_nmc811_and_licoo2(call):
    """R. Koerver et al. 2018 found 55 wt%; none where both shrink."""
    code, out, err = call("blend", "NMC811", "LiCoO2", "--ratio", "55:45", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert set(found) == {
        "materials", "ratios_wt_percent", "pressure_amplitude_over_single", "amplitude_to_voltage_V", "rows",
    }  # fmt: skip
    zero = {row["voltage_V"]: row["zero_strain_wt_percent"] for row in found["rows"]}
    assert list(zero) == pytest.approx([3.95, 4.0, 4.05, 4.1, 4.15, 4.2, 4.25, 4.3])
    assert [zero[3.95], zero[4.0], zero[4.05]] == pytest.approx([55, 55, 55], abs=3)
    assert zero[4.3] is None
    strains = {row["voltage_V"]: row["blend_strain_percent"][0] for row in found["rows"]}
    assert [strains[3.95], strains[4.05], strains[4.3]] == pytest.approx([0.07, 0.0, -3.2], abs=0.05)


def test_one_number_is_the_share_of_the_first_of_two(call):
    rows = [
        json.loads(call("blend", "NMC811", "LiCoO2", "--voltage", "4.0", "--ratio", text, "--json")[1])["rows"]
        for text in ("25", "1:3", "25:75")
    ]
    assert rows[0] == rows[1] == rows[2]


def test_three_materials(call):
    code, out, _ = call("blend", "NMC811", "LiCoO2", "NMC622", "--ratio", "50:30:20", "--voltage", "4.0")
    assert code == 0
    assert "zero strain" not in out
    assert "50:30:20" in out


def test_map(call, tmp_path):
    figure = tmp_path / "new" / "map.svg"
    code, out, _ = call("blend", "NMC811", "LiCoO2", "--figure", str(figure), "--ratio", "55")
    assert code == 0
    assert "56.7" in out
    assert "none" in out
    text = figure.read_text()
    assert "NMC811 in LiCoO2 / wt%" in text
    assert "potential against Li / V" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("NMC811", "LiCoO2", "--voltage", "4.5"), ("LiCoO2", "4.391", "4.5")),
        (("NMC811", "LiCoO2", "--ratio", "much"), ("--ratio", "much", "55:45")),
        (("NMC811", "LiCoO2", "--ratio", "155"), ("--ratio", "155")),
        (("NMC811", "LiCoO2", "NMC622"), ("--ratio", "50:30:20")),
        (("NMC811", "LiCoO2", "NMC622", "--ratio", "1:1:1", "--figure", "x.svg"), ("--figure", "two materials")),
        (("NMC811", "LiCoO2", "--figure", "x.doc"), ("x.doc", ".svg")),
        (("NMC811", "LiCoO2", "--step", "0"), ("--step",)),
        (("NMC811", "LiCoO2", "--from", "4.3", "--to", "4.0"), ("--from", "4.3")),
        (("NMC811", "LiCoO", "--voltage", "4.0"), ("LiCoO",)),
    ],
)
def test_refusals(call, arguments, words):
    code, out, err = call("blend", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(word in err for word in words)
