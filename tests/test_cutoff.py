"""Upper cut-off voltage: rows against the volume table and the laws of the mechanisms, and which one is recommended."""

from __future__ import annotations

import pytest

import lisse
from lisse.cutoff import Cutoff, CutoffRow, cutoff, voltages, with_upper_limit


@pytest.fixture(scope="module")
def compared():
    return cutoff("koerver-2017", [4.1, 4.4], cycles=3)


def test_shrinkage_is_that_of_the_volume_table(compared):
    run = lisse.run("koerver-2017", "3 cycles at C/10", mechanisms=list(compared.mechanisms), changes=limit("4.4 V"))
    strain = lisse.Cell.load("koerver-2017").claim("active", "volume_strain").value
    lowest = run.timeseries["lithium_content"].min()
    assert compared.rows[1].shrinkage == pytest.approx(-float(strain(lowest)), rel=1e-6)


def limit(upper):
    return {"operation.voltage_window": ["2.6 V", upper]}


def test_a_higher_limit_shrinks_grows_and_cracks_more(compared):
    low, high = compared.rows
    assert high.shrinkage > low.shrinkage
    assert high.interphase > low.interphase
    assert high.resistance > low.resistance
    assert high.active_mass < low.active_mass
    assert high.last / high.first < low.last / low.first


def test_a_row_is_the_run_to_that_limit(compared):
    run = lisse.run("koerver-2017", "3 cycles at C/10", mechanisms=list(compared.mechanisms), changes=limit("4.1 V"))
    rows = run.summary["cycles"]
    row = compared.rows[0].as_dict()
    assert row["first_discharge_capacity_mAh_g"] == pytest.approx(rows[0]["discharge_capacity_mAh_g"])
    assert row["last_discharge_energy_Wh_kg"] == pytest.approx(
        rows[-1]["discharge_capacity_mAh_g"] * rows[-1]["mean_discharge_voltage_V"]
    )
    assert row["total_discharge_energy_Wh_kg"] == pytest.approx(
        sum(r["discharge_capacity_mAh_g"] * r["mean_discharge_voltage_V"] for r in rows)
    )


def row(upper, first, last, status="completed"):
    return CutoffRow(upper, first, last, 3.8, 3.8 * first, 3.8 * last, 30 * last, 0.01, None, None, None, status, None)


def test_the_recommended_limit_has_most_energy_at_the_end():
    rows = (row(4.1, 150, 148), row(4.2, 170, 160), row(4.3, 180, 140), row(4.4, 200, 190, "stopped"))
    found = Cutoff("cell", (), "C/10", 30, rows).as_dict()
    assert found["recommended_upper_voltage_V"] == 4.2
    assert found["most_first_energy_V"] == 4.3
    assert Cutoff("cell", (), "C/10", 30, rows[3:]).best("last_energy") is None


def test_limits_are_on_the_lithium_scale_whatever_that_of_the_file():
    cell = lisse.Cell.load("koerver-2017")
    other = cell.replace(**{"operation.reference": "Li-In", "operation.voltage_window": ["1.98 V", "3.68 V"]})
    for one in (cell, other):
        changed = with_upper_limit(one, 4.2)
        assert changed.derived.upper_potential == pytest.approx(4.2, abs=1e-6)
        assert changed.derived.lower_potential == pytest.approx(one.derived.lower_potential, abs=1e-6)
        assert changed.derived.nominal_current == one.derived.nominal_current


def test_default_limits_end_with_the_curve():
    assert voltages()[0] == 4.0
    assert voltages()[-1] == 4.6
    assert voltages(highest=4.525)[-1] == 4.5
    assert len(voltages(highest=4.525)) == 11


def test_nothing_is_simulated_beyond_the_curve():
    calls = []
    with pytest.raises(lisse.InputError, match=r"4.600 V against lithium, but the curve of NMC811 ends at 4.525 V"):
        cutoff("koerver-2017", [4.0, 4.6], progress=lambda *step: calls.append(step))
    assert calls == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["koerver-2017", "--to", "4.6"], "the curve of NMC811 ends at 4.525 V"),
        (["koerver-2017", "--from", "4.4", "--to", "4.2"], "no rising row of voltages"),
        (["koerver-2017", "--from", "4.7"], "no rising row of voltages"),
        (["koerver-2017", "--from", "4.55"], "where the open-circuit curve ends"),
        (["koerver-2017", "--step", "0.001"], "at most 60"),
        (["koerver-2017", "--step", "nan"], "no rising row of voltages"),
        (["koerver-2017", "--cycles", "0"], "less than one cycle"),
        (["koerver-2017", "--from", "3.0", "--to", "3.2"], "could not be charged"),
        (["sym-li-lpscl"], "symmetric cell"),
    ],
)
def test_refusals_take_one_line(call, arguments, words):
    code, out, err = call("cutoff", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_command(call, document, tmp_path):
    span = ("--from", "4.1", "--to", "4.2", "--step", "0.1", "--cycles", "2")
    found = document("cutoff", "koerver-2017", *span, "--figure", str(tmp_path / "cutoff.png"))
    assert [r["upper_voltage_V"] for r in found["rows"]] == [4.1, 4.2]
    best = max(found["rows"], key=lambda r: r["last_discharge_energy_Wh_kg"])
    assert found["recommended_upper_voltage_V"] == best["upper_voltage_V"]
    assert (tmp_path / "cutoff.png").stat().st_size > 10000
    code, out, _ = call("cutoff", "koerver-2017", *span)
    assert code == 0
    assert "most energy in cycle 2: 4.2 V" in out
    assert max(map(len, out.splitlines())) <= 80
