"""Points of a study: how many, in which order, which are the same, and their values as columns."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from lisse.errors import InputError
from lisse.studies.points import input_columns, number_in_si, points_of
from lisse.studies.study_file import make_study

from .study_help import document, listed

RANGES = {
    "separator.thickness": {"range": "20 um..60 um"},
    "cathode.porosity": {"range": "0.01..0.1 log"},
    "anode.material": {"values": ["Li", "Li-In"]},
}


def sobol(count, seed=3):
    return points_of(make_study(document(design={"kind": "sobol", "count": count, "seed": seed}, vary=RANGES)))


def all_values(points):
    return [points.values(number) for number in range(len(points))]


def test_factorial_is_the_product_with_the_last_path_fastest():
    points = points_of(make_study(document()))
    expected = itertools.product(["20 um", "30 um", "40 um"], ["5 MPa", "10 MPa"])
    assert [tuple(values.values()) for values in all_values(points)] == list(expected)
    assert list(points.values(0)) == ["separator.thickness", "operation.stack_pressure"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20 um..60 um", ["20 um", "30 um", "40 um", "50 um", "60 um"]), ("1e-6 m..1e-4 m log", None)],
)
def test_a_range_is_cut_evenly_or_by_equal_factors(text, expected):
    points = points_of(make_study(document(vary={"separator.thickness": {"range": text}})))
    found = [values["separator.thickness"] for values in all_values(points)]
    if expected is not None:
        assert found == expected
        return
    numbers = [float(value.split()[0]) for value in found]
    assert numbers == pytest.approx([1e-6, 10**-5.5, 1e-5, 10**-4.5, 1e-4], rel=1e-5)


def test_more_sobol_points_keep_the_first_ones():
    few, many = sobol(5), sobol(64)
    assert all_values(few) == all_values(many)[:5]
    assert [few.identity(number) for number in range(5)] == [many.identity(number) for number in range(5)]
    assert all_values(sobol(5, seed=4)) != all_values(few)


def test_sobol_points_are_balanced():
    """Of 2^m points of a scrambled Sobol sequence each half of each axis has half (Owen 1995: a (0, m, 1) net)."""
    points = all_values(sobol(64))
    thickness = sorted(float(values["separator.thickness"].split()[0]) for values in points)
    porosity = sorted(values["cathode.porosity"] for values in points)
    for number in range(64):
        assert 20 + 40 * number / 64 - 1e-4 <= thickness[number] <= 20 + 40 * (number + 1) / 64 + 1e-4
        assert 10 ** (number / 64 - 2) * 0.99999 <= porosity[number] <= 10 ** ((number + 1) / 64 - 2) * 1.00001
    assert [values["anode.material"] for values in points].count("Li") == 32


def test_identities_are_unique_and_the_same_in_another_process():
    points = sobol(300)
    found = [points.identity(number) for number in range(300)]
    assert len(set(found)) == 300
    code = (
        "from lisse.studies.study_file import make_study; from lisse.studies.points import identity;"
        f"print(identity(make_study({document(name='renamed')!r}), {{'operation.stack_pressure': '5 MPa', "
        "'separator.thickness': '20 um'}))"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert points_of(make_study(document())).identity(0) == there


def test_points_of_a_list_are_as_written():
    points = points_of(make_study(listed(3)))
    assert all_values(points) == [{"separator.thickness": f"{thickness} um"} for thickness in (20, 21, 22)]


def test_cell_and_protocol_vary_and_names_in_the_protocol_are_filled():
    study = make_study(
        document(
            protocol="{count} cycles at C/{rate}",
            vary={
                "cell": {"values": ["reference", "practical-pouch"]},
                "count": {"values": [1, 2]},
                "rate": {"values": [3]},
            },
        )
    )
    found = [points_of(study).setup(number) for number in range(4)]
    assert [(cell.name, protocol) for cell, protocol in found] == [
        ("reference", "1 cycles at C/3"),
        ("reference", "2 cycles at C/3"),
        ("practical-pouch", "1 cycles at C/3"),
        ("practical-pouch", "2 cycles at C/3"),
    ]


def test_too_many_points_are_refused():
    vary = {f"claims.active.{name}": {"range": "1..2", "points": 1000} for name in "abcd"}
    with pytest.raises(InputError, match="1000000000000 points"):
        make_study(document(vary=vary))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15 um", 1.5e-5),
        ("25 degC", 298.15),
        ("5 MPa", 5e6),
        ("0.5 mS/cm", 0.05),
        ("20 ohm*cm^2", 2e-3),
        ("200 mAh/g", 720e3),
        ("12 %", 0.12),
        ("-3e1 mV", -0.03),
        ("0.33", 0.33),
        ("NMC811", None),
        ("5 V spinel", None),
        ("9^9^9^9 m", None),
        ("1 m^9^9^9", None),
        ("", None),
    ],
)
def test_numbers_in_si(text, number):
    assert number_in_si(text) == number


def test_columns_of_a_point():
    study = make_study(document(protocol="{count} cycles at C/3", vary={"count": {"values": [1]}}))
    values = {"separator.thickness": "16.7 um", "cathode.porosity": 0.1, "mechanisms": ["voids"], "count": 1}
    assert input_columns(study, values | {"protocol": "1 cycle", "anode.material": "Li"}) == {
        "in.separator.thickness": "16.7 um",
        "si.separator.thickness": 1.67e-5,
        "in.cathode.porosity": 0.1,
        "in.mechanisms": '["voids"]',
        "in.count": 1,
        "in.protocol": "1 cycle",
        "in.anode.material": "Li",
    }
