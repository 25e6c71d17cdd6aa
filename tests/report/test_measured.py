"""Measured CSV files in the forms people have them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from lisse.errors import InputError
from lisse.report import MeasuredData, report_html


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    target = tmp_path / "cell.csv"
    target.write_bytes(text.encode(encoding))
    return target


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("voltage [V],capacity [mAh/g]", "3.9,10"),
        ("Voltage (V),Specific capacity", "3.9,10"),
        ("Capacity (mAh g-1),Potential/mV", "10,3900"),
        ("capacity_mAh_g,voltage_V", "10,3.9"),
        ("Ecell/V;Capacity/mAh·g⁻¹", "3,9;10"),
        ("index\tVoltage\tQ [Ah/kg]", "1\t3.9\t10"),
        ("\ufeffVoltage (V),Discharge capacity (mAh/g),note", "3.9,10,"),
        ("# a remark\nvoltage [V] , capacity [mAh/g]", "3.9,10"),
    ],
)
def test_headers_in_use(tmp_path: Path, header: str, row: str) -> None:
    data = MeasuredData.read_csv(write(tmp_path, f"{header}\n{row}\n{row.replace('10', '12')}\n"))
    (curve,) = data.voltage_curves
    assert curve.x.tolist() == [10.0, 12.0]
    assert curve.y.tolist() == [3.9, 3.9]


def test_latin_1_files_are_read(tmp_path: Path) -> None:
    data = MeasuredData.read_csv(write(tmp_path, "voltage [V],time [h],µ\n3.9,0.5,1\n3.8,1,1\n", "latin-1"))
    assert data.time_curves[0].x.tolist() == [1800.0, 3600.0]


def test_capacity_against_cycle(tmp_path: Path) -> None:
    text = "Cycle number,discharge capacity [mAh/g],Charge Capacity (mAh/g)\n1,180,210\n2,,181\n3,178,179\n"
    down, up = MeasuredData.read_csv(write(tmp_path, text)).capacity_curves
    assert (down.label, up.label) == ("discharge", "charge")
    assert down.x.tolist() == [1.0, 3.0]
    assert up.y.tolist() == [210.0, 181.0, 179.0]


def test_curves_are_parted_by_cycle_and_by_restart(tmp_path: Path) -> None:
    rows = ["1,0,3.6", "1,100,4.0", "1,200,4.3", "1,0,4.2", "1,150,3.5", "2,0,3.6", "2,140,4.3"]
    text = "cycle,capacity [mAh/g],voltage [V]\n" + "\n".join(rows)
    curves = MeasuredData.read_csv(write(tmp_path, text)).voltage_curves
    assert [c.x.tolist() for c in curves] == [[0, 100, 200], [0, 150], [0, 140]]
    assert [c.label for c in curves] == ["cycle 1", "cycle 1", "cycle 2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("voltage [V],step\n3.9,1\n", '"capacity [mAh/g]" or "time [s]" column is missing'),
        ("cycle,step\n1,1\n", '"capacity [mAh/g]" column is missing'),
        ("capacity [mAh/g],step\n1,1\n", '"voltage [V]" or "cycle" column is missing'),
        ("capacity [mAh],voltage [V]\n1,3.9\n", 'has the unit "mah"; accepted is mAh/g'),
        ("voltage [kV],time [s]\n1,3\n", "accepted is V or mV"),
        ("voltage [V],time [s]\nhigh,3\n", '"high" in column "voltage [V]", row 1'),
        ("voltage [V],time [s]\n,3\n", "no row holds numbers"),
        ("voltage [V],time [s]\n", "no header with rows"),
        ("", "no header with rows"),
        ("a\0b", "not a text file"),
    ],
)
def test_refusals_are_one_sentence_that_says_what_is_accepted(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(InputError) as error:
        MeasuredData.read_csv(write(tmp_path, text))
    message = str(error.value)
    assert expected in message
    assert "\n" not in message
    assert message.endswith(".")


def test_missing_file_and_directory_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            MeasuredData.read_csv(path)


def test_measured_curves_reach_the_report(run, tmp_path: Path) -> None:
    data = MeasuredData.read_csv(write(tmp_path, "voltage [V],capacity [mAh/g]\n4.2,0\n3.5,180\n"))
    html = report_html(run, data)
    assert html.count('data-n="measured, curve"') == 1
    assert "Measured data: cell.csv." in html
