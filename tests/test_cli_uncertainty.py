"""``--uncertainty`` of the commands: the key in the document, the tables, and what is refused."""

from __future__ import annotations

import json

import pytest


def bands(found, count):
    assert found["uncertainty"]["count"] == count
    values = found["uncertainty"]["values"]
    assert values
    assert all(band["p05"] <= band["median"] <= band["p95"] for band in values.values())
    return values


def test_run(document, tmp_path):
    found = document("run", "reference", "-p", "1 cycle at C/3", "--uncertainty", "6", "--out", str(tmp_path / "run"))
    values = bands(found, 6)
    own = found["cycles"][0]["discharge_capacity_mAh_g"]
    band = values["cycles.0.discharge_capacity_mAh_g"]
    assert band["p05"] < own < band["p95"]
    page = (tmp_path / "run" / "report.html").read_text()
    assert "<h2>Error bars</h2>" in page
    assert 'class="s c area band"' in page
    assert "5–95 %:" in page


def test_run_again_with_a_pressing_falls_back_to_whole_runs(document):
    found = document(
        "run", "reference", "-p", "1 cycle at C/2", "--mechanism", "contact_loss", "--repress", "300 MPa",
        "--then", "1 cycle at C/2", "--uncertainty", "2",
    )  # fmt: skip
    values = bands(found, 2)
    assert "cycles.1.discharge_capacity_mAh_g" in values


def test_cell(document, call):
    values = bands(document("cell", "reference", "--uncertainty", "64", "--seed", "3"), 64)
    band = values["derived.separator_resistance.value"]
    assert band["p95"] / band["p05"] == pytest.approx(1.5 ** (2 * 1.645), rel=0.2)
    code, out, _ = call("cell", "reference", "--uncertainty", "16", "--sampling", "lhs")
    assert code == 0
    assert "5 % to 95 %" in out
    assert "16 draws of" in out
    assert "(lhs, seed 0)" in out


def test_impedance(document):
    values = bands(document("eis", "reference", "--lowest", "1", "--highest", "1000", "--uncertainty", "4"), 4)
    assert values["impedance_real_ohm_cm2.0"]["p05"] > 0


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (("nyquist", "reference", "--cycles", "0", "--lowest", "10", "--highest", "1000"), "spectra.0.lithium_content"),
        (("energy", "reference", "--capacity", "2", "--voltage", "3.7"), "levels.cell.Wh_kg"),
        (("energy", "reference", "-p", "1 cycle at C/3"), "levels.cell.Wh_kg"),
        (
            ("map", "sym-li-lpscl", "--pressure", "3,10 MPa", "--current", "0.5,1 mA/cm^2", "--cycles", "2"),
            "void_coverage.0.0",
        ),
        (("air", "Li6PS5Cl", "--humidity", "50 %", "--time", "1 h"), "h2s_cm3_g"),
        (("flaw", "Li6PS5Cl"), "critical_overpotential_mV"),
        (("lithium", "creep", "--stress", "0.4 MPa"), "rows.0.creep_law_rate_1_s"),
        (("blend", "NMC811", "LiCoO2", "--voltage", "4.2"), "rows.0.zero_strain_wt_percent"),
        (("pressure-voltage", "NMC811", "--content", "0.6"), "rows.0.slope_mV_MPa"),
    ],
)
def test_other_commands(document, command, path):
    assert path in bands(document(*command, "--uncertainty", "3"), 3)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (("ccd", "sym-li-lpscl", "--steps", "0.5:4:0.5 mA/cm^2"), "critical_current_density_mA_cm2"),
        (("strip", "sym-li-lpscl", "--current", "1 mA/cm^2"), "critical_stripping_current_mA_cm2"),
        (("cycle-life", "sym-li-lpscl", "--current", "1 mA/cm^2", "--cycles", "3"), "cycles.0.void_coverage"),
    ],
)
def test_lithium_tests_are_draws_already(document, command, path):
    found = document(*command, "--uncertainty", "40")
    assert found["cells"] == 40
    band = found["uncertainty"]["values"][path]
    assert band["p05"] < band["median"]
    assert band["p95"] is None or band["p95"] > band["median"]
    assert {key: value for key, value in found.items() if key != "uncertainty"} == document(*command, "--cells", "40")


def test_the_table_of_a_run_has_median_and_ends(call, tmp_path):
    target = tmp_path / "r"
    asked = ("run", "reference", "-p", "1 cycle at C/3", "--mechanism", "composite", "--uncertainty", "4")
    code, out, _ = call(*asked, "--out", str(target), "--no-report")
    assert code == 0
    text = " ".join(out.split())
    assert "error bars: median and 5 to 95 % of 4 draws" in text
    summary = json.loads((target / "summary.json").read_text())
    last, bands = summary["cycles"][-1], summary["uncertainty"]["values"]
    for words, key, digits in (("wetted", "wetted_fraction", 3), ("interphase", "cathode_interphase_nm", 1)):
        band = bands[f"cycles.0.{key}"]
        median, low, high = (f"{band[name]:.{digits}f}" for name in ("median", "p05", "p95"))
        assert f"{words} {last[key]:.{digits}f} ({median}; {low} to {high})" in text


def test_sensitivity(call, document, tmp_path):
    arguments = ("sensitivity", "reference", "--count", "8", "--screen", "16", "--keep", "2", "--output")
    found = document(*arguments, "discharge_capacity_mAh_g")
    assert set(found["outputs"]) == {"discharge_capacity_mAh_g"}
    code, out, _ = call(*arguments, "losses_V", "--figure", str(tmp_path / "a.svg"))
    assert code == 2
    assert not (tmp_path / "a.svg").exists()
    del out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "reference", "--uncertainty", "1"), "--uncertainty: 1 is not accepted"),
        (("cell", "reference", "--uncertainty", "8", "--sampling", "grid"), '--sampling: "grid" is not known'),
        (("eis", "reference", "--uncertainty", "8", "--seed", "-1"), "--seed: -1 is not accepted"),
        (("sensitivity", "reference", "--count", "2"), "--count: 2 is not accepted"),
        (("strip", "sym-li-lpscl", "--current", "1 mA/cm^2", "--patches", "3", "--uncertainty", "9"), "--patches"),
        (("ccd", "sym-li-lpscl", "--uncertainty", "0"), "0 is not accepted"),
    ],
)
def test_what_is_refused(call, arguments, words):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1
