"""``lisse ccd``, ``strip``, ``cycle-life`` and ``map``: what they print, write and refuse."""

import base64
import json
import re
from importlib.resources import files

import pytest

CCD = ("ccd", "sym-li-lpscl", "--cells", "8", "--steps", "0.5,1.5,3 mA/cm^2")
STRIP = ("strip", "sym-li-lpscl", "--current", "1 mA/cm^2", "--cells", "8")
LIFE = ("cycle-life", "sym-li-lpscl", "--current", "1 mA/cm^2", "--cells", "8", "--cycles", "3")
MAP = ("map", "sym-li-lpscl", "--pressure", "1:25 MPa", "--current", "0.1:3 mA/cm^2", "--points", "3", "--cycles", "3")
BAND = {"median", "p10", "p90"}
ENDINGS = {
    "short",
    "contact_loss",
    "voltage_limit",
    "lithium_exhausted",
    "lithium_extrusion",
    "interphase_through",
    "survived",
}


def test_critical_current_keys(document):
    found = document(*CCD, "--pressure", "5 MPa", "--temperature", "60 degC")
    assert set(found) == {
        "cell",
        "stack_pressure_MPa",
        "temperature_degC",
        "critical_current_density_mA_cm2",
        "ended_by",
        "endings",
        "filament_modes",
        "short_causes",
        "deterministic",
        "step_time_h",
        "step_capacity_mAh_cm2",
        "cells",
        "seed",
        "steps",
        "warnings",
    }
    assert set(found["critical_current_density_mA_cm2"]) == BAND
    assert (found["stack_pressure_MPa"], found["temperature_degC"], found["step_time_h"]) == (5.0, 60.0, 1.0)
    assert sum(found["endings"].values()) == found["cells"] == 8
    assert found["ended_by"] in found["endings"]
    assert set(found["endings"]) <= ENDINGS
    assert [row["current_density_mA_cm2"] for row in found["steps"]] == [0.5, 1.5, 3.0][: len(found["steps"])]
    assert sum(row["ended"] for row in found["steps"]) + found["endings"]["survived"] == 8


def test_percentiles_are_those_of_the_steps(document):
    """The median is the step by which half of the cells had ended: counted here from the rows."""
    found = document(*CCD)
    for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9)):
        reached = [row["current_density_mA_cm2"] for row in found["steps"] if 8 - row["survived"] >= share * 8]
        assert found["critical_current_density_mA_cm2"][name] == (reached[0] if reached else None)


def test_equal_seeds_give_equal_results_and_others_do_not(document):
    one_step = (*CCD[:4], "--steps", "1 mA/cm^2")
    once, again = (document(*one_step, "--seed", "3") for _ in range(2))
    other = document(*one_step, "--seed", "4")
    assert once == again
    assert once["steps"] != other["steps"]
    assert once["deterministic"] == other["deterministic"]


def test_steps_of_a_charge_and_of_a_time(document):
    one_step = (*CCD[:4], "--steps", "0.5 mA/cm^2")
    by_charge = document(*one_step, "--step-capacity", "0.25 mA*h/cm^2", "--rest", "1 min")
    assert (by_charge["step_capacity_mAh_cm2"], by_charge["step_time_h"]) == (0.25, None)
    by_time = document(*one_step, "--step-time", "30 min")
    assert (by_time["step_capacity_mAh_cm2"], by_time["step_time_h"]) == (None, 0.5)
    # The first step is the same charge of 0.25 mAh/cm2, the rest apart.
    assert by_charge["steps"][0]["coverage_median"] == pytest.approx(by_time["steps"][0]["coverage_median"], rel=0.02)


def test_voltage_limit_ends_cells(document):
    found = document(*CCD, "--voltage-limit", "1 mV")
    assert found["endings"] == {"voltage_limit": 8, "survived": 0}
    assert found["critical_current_density_mA_cm2"] == {"median": 0.5, "p10": 0.5, "p90": 0.5}


def test_bulk_nucleation_shorts_more(document):
    leaky = ("--set", 'claims.separator.electronic_conductivity="1e-4 S/m"')
    one_step = (*CCD[:2], "--cells", "16", "--steps", "1 mA/cm^2")
    without = document(*one_step, *leaky)
    with_it = document(*one_step, *leaky, "--bulk-nucleation")
    assert with_it["endings"].get("short", 0) > without["endings"].get("short", 0)


def test_strip_keys_and_history(document):
    found = document(*STRIP, "--capacity", "0.5 mA*h/cm^2", "--pressure", "7 MPa")
    assert set(found) == {
        "cell",
        "stack_pressure_MPa",
        "temperature_degC",
        "current_density_mA_cm2",
        "critical_stripping_current_mA_cm2",
        "endings",
        "time_to_end_h",
        "history",
        "cells",
        "seed",
        "warnings",
    }
    assert set(found["critical_stripping_current_mA_cm2"]) == BAND | {"deterministic"}
    assert set(found["history"]) == {"time_h", "contact_fraction", "void_coverage", "voltage_V"}
    assert found["history"]["time_h"][-1] == pytest.approx(0.5)
    coverage = found["history"]["void_coverage"]
    assert 0 < coverage[-1] < coverage[0] <= 1


def test_cycle_life_keys_and_rows(document):
    found = document(*LIFE, "--capacity", "0.5 mA*h/cm^2", "--plate-current", "0.5 mA/cm^2")
    assert set(found) == {
        "cell",
        "stack_pressure_MPa",
        "temperature_degC",
        "strip_current_density_mA_cm2",
        "plate_current_density_mA_cm2",
        "half_cycle_capacity_mAh_cm2",
        "time_to_short_h",
        "time_to_end_h",
        "cycles_completed",
        "ended_by",
        "endings",
        "filament_modes",
        "short_causes",
        "deterministic",
        "cells",
        "seed",
        "cycles",
        "warnings",
    }
    assert found["half_cycle_capacity_mAh_cm2"] == pytest.approx(0.5)
    assert (found["strip_current_density_mA_cm2"], found["plate_current_density_mA_cm2"]) == (1.0, 0.5)
    # Half an hour one way, an hour back.
    assert found["deterministic"]["time_h"] == pytest.approx(1.5 * 3)
    row = found["cycles"][0]
    assert set(row) == {
        "cycle",
        "survived",
        "contact_fraction",
        "void_coverage",
        "voltage_V",
        "anode_interphase_nm",
        "lithium_lost_mAh_cm2",
        "stack_pressure_MPa",
    }
    # Tens of nanometres of interphase hold microampere hours of lithium.
    assert 1e-3 < row["lithium_lost_mAh_cm2"] < 0.1


def test_efficiency_and_rest_lengthen_the_cycles(document):
    options = ("--efficiency", "80 %", "--first-efficiency", "0.5", "--rest", "15 min")
    found = document(*LIFE, "--capacity", "0.1 mA*h/cm^2", *options)
    # 0.1 h to strip, 0.2 h to plate in the first cycle and 0.125 h in the others, and twice a quarter of an hour.
    assert found["deterministic"]["time_h"] == pytest.approx(0.1 * 3 + 0.2 + 0.125 * 2 + 0.5 * 3)


def test_map_keys_and_shapes(document):
    found = document(*MAP, "--ratio", "0.5", "--capacity", "0.5 mA*h/cm^2")
    assert set(found) == {
        "cell",
        "stack_pressure_MPa",
        "current_density_mA_cm2",
        "temperature_degC",
        "plate_over_strip_current",
        "half_cycle_capacity_mAh_cm2",
        "cycles_asked",
        "ending",
        "short_cause",
        "cycles",
        "void_coverage",
        "window",
        "warnings",
    }
    assert found["stack_pressure_MPa"] == [1.0, 13.0, 25.0]
    assert found["current_density_mA_cm2"] == [0.1, 1.55, 3.0]
    assert (found["plate_over_strip_current"], found["half_cycle_capacity_mAh_cm2"]) == (0.5, 0.5)
    assert [len(row) for row in found["ending"]] == [3, 3, 3]
    for endings, window in zip(found["ending"], found["window"], strict=True):
        safe = [p for p, end in zip(found["stack_pressure_MPa"], endings, strict=True) if end == "survived"]
        assert window["lowest_pressure_MPa"] == (safe[0] if safe else None)
        assert window["highest_pressure_MPa"] == (safe[-1] if safe else None)
    assert any("used at 1 to 25 MPa" in warning for warning in found["warnings"])


def test_tables_fit_80_columns_with_a_verdict(monkeypatch, call):
    monkeypatch.setenv("COLUMNS", "80")
    verdicts = {CCD: "of 8 shorted", STRIP: "critical stripping current: median", LIFE: "time to", MAP: "lives at"}
    for arguments, verdict in verdicts.items():
        code, out, err = call(*arguments)
        assert (code, err) == (0, "")
        assert verdict in out.replace("\n", " ")
        assert max(len(line) for line in out.splitlines()) <= 80


def test_the_map_in_letters_is_the_map(call, document):
    found = document(*MAP)
    _, out, _ = call(*MAP)
    letters = {"voids": "o", "current": "S", "pores": "P", "voltage_limit": "V", "contact_loss": "C", "survived": "."}
    highest, lowest = (
        " ".join(
            letters[cause or ending]
            for ending, cause in zip(found["ending"][row], found["short_cause"][row], strict=True)
        )
        for row in (-1, 0)
    )
    rows = [line for line in out.splitlines() if highest in line or lowest in line]
    assert highest in rows[0]
    assert lowest in rows[-1]
    assert "3 pressures (linear) of 1 to 25 MPa" in out.replace("\n", " ")


@pytest.mark.parametrize("arguments", [CCD, STRIP, LIFE, MAP], ids=lambda arguments: arguments[0])
def test_figures(call, tmp_path, arguments):
    page = tmp_path / "new" / "page.html"
    code, out, _ = call(*arguments, "--figure", str(page), "--json")
    assert code == 0
    assert json.loads(out)["cell"] == "sym-li-lpscl"
    text = page.read_text(encoding="utf-8")
    picture = re.search('src="data:image/svg\\+xml;base64,([^"]+)"', text)
    assert picture is not None
    assert base64.b64decode(picture[1]).count(b"<path") > 10
    assert 'src="http' not in text
    assert 'href="http' not in text


def test_a_map_without_a_window_and_one_of_a_single_pressure(call, tmp_path):
    target = tmp_path / "map.png"
    arguments = ("map", "sym-li-lpscl", "--current", "20,30 mA/cm^2", "--cycles", "1", "--figure", str(target))
    code, out, _ = call(*arguments, "--pressure", "3 MPa")
    assert code == 0
    assert "no pressure and current of the map lets the cell live" in out
    assert target.stat().st_size > 1000
    code, out, _ = call(*arguments, "--pressure", "2:4 MPa log", "--points", "2")
    assert code == 0
    assert "2 pressures (log)" in out


def test_no_stack_pressure_is_the_atmosphere_and_says_so(document, tmp_path):
    text = files("lisse.cell.data").joinpath("sym-li-lpscl.toml").read_text(encoding="utf-8")
    target = tmp_path / "loose.toml"
    target.write_text(text.replace('stack_pressure = "3 MPa"\n', ""), encoding="utf-8")
    short = ("strip", str(target), "--current", "0.1 mA/cm^2", "--cells", "3")
    found = document(*short)
    assert found["stack_pressure_MPa"] == pytest.approx(0.1, rel=0.02)
    assert found["warnings"][0].startswith("stack pressure: none is given, so the atmosphere")
    given = document(*short, "--pressure", "0.1 MPa")
    assert not any("none is given" in warning for warning in given["warnings"])


def test_fields_of_the_cell_can_be_replaced(document):
    thin = document(*STRIP, "--set", "anode.thickness=2 um")
    assert thin["endings"]["lithium_exhausted"] > 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ccd", "no-such-cell"), "cell: 'no-such-cell' is not a cell of the library"),
        ((*CCD[:4], "--steps", ""), "--steps: '' holds no value"),
        ((*CCD[:4], "--steps", "2:1:0.1 mA/cm^2"), "--steps: '2:1:0.1 mA/cm^2' runs backwards"),
        ((*CCD[:4], "--steps", "0.1:5:0.1"), "--steps: '0.1:5:0.1' has no unit"),
        ((*CCD[:4], "--steps", "1,2e9 mA/cm^2"), "--steps: '1,2e9 mA/cm^2' is out of range"),
        ((*CCD, "--pressure", "-5 MPa"), "--pressure: '-5 MPa' is out of range; it must be at least 0 MPa"),
        ((*CCD, "--pressure", "5"), "--pressure: '5' has no unit; write a quantity such as \"5 MPa\""),
        ((*CCD, "--temperature", "300 degC"), "--temperature: '300 degC' is out of range"),
        ((*CCD, "--step-time", "1 h", "--step-capacity", "1 mA*h/cm^2"), "--step-time and --step-capacity are both"),
        ((*CCD, "--step-time", "0 h"), "--step-time: '0 h' is out of range"),
        ((*CCD, "--voltage-limit", "1"), "--voltage-limit: '1' has no unit"),
        ((*CCD, "--cells", "0"), "--cells: 0 is not accepted; give a whole number from 1 to"),
        ((*CCD, "--seed", "-1"), "--seed: -1 is not accepted"),
        ((*CCD, "--figure", "a.txt"), '--figure: "a.txt" ends in none of .svg, .png, .pdf, .html'),
        ((*CCD, "--figure", "."), '--figure: "" ends in none of'),
        ((*CCD, "--set", "anode.interlayer.material=nonsense"), "anode.interlayer"),
        (("strip", "sym-li-lpscl"), "Missing option '--current'"),
        ((*STRIP, "--capacity", "1 mA/cm^2"), "--capacity: '1 mA/cm^2' has the wrong dimension"),
        (("strip", "sym-li-lpscl", "--current", "0 mA/cm^2"), "--current: '0 mA/cm^2' is out of range"),
        ((*LIFE, "--cycles", "0"), "--cycles: 0 is not accepted"),
        ((*LIFE, "--efficiency", "0"), "--efficiency: '0' is out of range; it must be above 0"),
        ((*LIFE, "--rest", "-1 s"), "--rest: '-1 s' is out of range"),
        ((*MAP, "--pressure", "25:1 MPa"), "--pressure: '25:1 MPa' runs backwards"),
        ((*MAP, "--pressure", "-1:25 MPa"), "--pressure: '-1:25 MPa' is not accepted; no value may be below 0"),
        ((*MAP, "--current", "0.1:3"), "--current: '0.1:3' has no unit"),
        ((*MAP, "--current", "0:3 mA/cm^2"), "--current: '0:3 mA/cm^2' is not accepted; no value may be 0 or below"),
        ((*MAP, "--current", "0.1:300:0.1 mA/cm^2"), "--current: '0.1:300:0.1 mA/cm^2' asks for 3000 values"),
        ((*MAP, "--current", "0.1:30:0.1 mA/cm^2"), "--current: 300 values are too many for a map; at most 200"),
        ((*MAP, "--points", "1"), "--points: 1 is not accepted"),
        ((*MAP, "--ratio", "0"), "--ratio: '0' is out of range"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(monkeypatch, call, tmp_path, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"lisse: {sentence}")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
