"""Ranges and lists of quantities as people write them."""

import pytest

from lisse.errors import InputError
from lisse.ranges import parse_range


@pytest.mark.parametrize(
    ("text", "points", "values", "spacing"),
    [
        ("1:25 MPa", 3, [1e6, 13e6, 25e6], "linear"),
        ("1:25MPa", 3, [1e6, 13e6, 25e6], "linear"),
        (" 1 MPa : 25 MPa ", 3, [1e6, 13e6, 25e6], "linear"),
        ("500 kPa:1 MPa", 2, [5e5, 1e6], "linear"),
        ("1:100 MPa log", 3, [1e6, 1e7, 1e8], "log"),
        ("1:3:1 MPa", 20, [1e6, 2e6, 3e6], "linear"),
        ("1:3.9:1 MPa", None, [1e6, 2e6, 3e6], "linear"),
        ("1, 5,25MPa", None, [1e6, 5e6, 25e6], "list"),
        ("5 MPa", None, [5e6], "list"),
    ],
)
def test_what_is_accepted(text, points, values, spacing):
    found = parse_range(text, "Pa", "--pressure", points)
    assert found.values == pytest.approx(values)
    assert found.spacing == spacing


def test_steps_of_a_tenth_reach_the_end():
    """0.1 is no binary number; fifty of them still make 5."""
    values = parse_range("0.1:5:0.1 mA/cm^2", "A/m^2", "--steps").values
    assert values.tolist() == [float(step) for step in range(1, 51)]


def test_zero_only_where_it_is_accepted():
    assert parse_range("0:5 MPa", "Pa", "--pressure", 2, zero=True).values.tolist() == [0, 5e6]
    with pytest.raises(InputError, match="no value may be 0 or below"):
        parse_range("0:5 MPa", "Pa", "--pressure", 2)


@pytest.mark.parametrize(
    ("text", "points", "reason"),
    [
        ("", None, "holds no value"),
        ("  ", 3, "holds no value"),
        (",", None, "holds no value"),
        ("MPa", 3, "is not of the form"),
        ("1::2 MPa", 3, "is not of the form"),
        ("1:25", 3, 'has no unit; write for example "1:25 MPa"'),
        ("25:1 MPa", 3, "runs backwards"),
        ("5:5 MPa", 3, "runs backwards or nowhere"),
        ("1:25 MPa", None, "has no step"),
        ("1:2:3:4 MPa", 3, "is not a range"),
        ("1:25:0 MPa", 3, "step must be above 0"),
        ("1:25:-1 MPa", 3, "step must be above 0"),
        ("1:25:1 MPa log", 3, "goes with linear spacing"),
        ("1,2 MPa log", 3, "not a list"),
        ("0:1 MPa log", 3, "a log range starts above 0"),
        ("-1:25 MPa", 3, "no value may be below 0"),
        ("2,1 MPa", 3, "must rise"),
        ("1,1 MPa", 3, "must rise"),
        ("1:25:1e-9 MPa", 3, "at most 1000 are accepted"),
        ("1:5 V", 3, "wrong dimension"),
        ("1:1e999 MPa", 3, "not a finite number"),
    ],
)
def test_what_is_refused(text, points, reason):
    with pytest.raises(InputError, match=reason) as caught:
        parse_range(text, "Pa", "--pressure", points, zero=True)
    assert str(caught.value).startswith("--pressure: ")
    assert "\n" not in str(caught.value)
