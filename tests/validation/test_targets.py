"""The targets as data: complete, sourced, and not fed back into what is held against them."""

import math

import pytest
from pydantic import ValidationError

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.validation import SECTIONS, Tolerance, load_section, read_section, validate_all
from lisse.validation.computations import all_computations

TARGETS = [target for name in SECTIONS for target in load_section(name).targets]
# First capacities as the review's Table 1 prints them, typed from the paper a second time.
TABLE1 = {
    47: 153.4, 48: 108.7, 49: 98, 50: 150, 51: 80, 52: 147, 53: 122, 54: 150, 55: 140, 56: 98.6, 57: 90, 58: 144,
    59: 150, 60: 176, 61: 166, 62: 120, 63: 170.1, 64: 140, 65: 133.5, 66: 175.7, 67: 176.0, 68: 163.1, 69: 146,
    70: 119.2,
}  # fmt: skip


def test_names_are_unique_and_carry_their_section():
    names = [target.id for target in TARGETS]
    assert len(set(names)) == len(names)
    assert {"anode.B1.10MPa", "cathode.B10.0.02C", "table1.47", "separator.E1.17"} <= set(names)


def test_every_target_has_a_source_that_is_no_assumption():
    assert all(len(target.source.citation) > 20 and target.source.tag for target in TARGETS)
    assert not [target.id for target in TARGETS if target.source.is_assumption]


def test_every_computation_is_used_and_known():
    asked = {target.compute for target in TARGETS if target.compute}
    assert asked == set(all_computations())


def test_table1_has_the_24_rows_as_printed():
    rows = [target for target in load_section("table1").targets if not target.secondary]
    assert {int(target.id.removeprefix("table1.")): target.published for target in rows} == TABLE1
    assert {target.kind for target in rows} == {"predicted"}
    assert not any(target.gate for target in rows)
    assert len({target.run.cell for target in rows}) == 24


def test_table1_runs_at_the_printed_current_density():
    for target in load_section("table1").targets:
        row = Cell.load(target.run.cell).spec.table1
        value = float(target.run.protocol.removeprefix("1 cycle at ").removesuffix(" mA/cm^2"))
        assert value * 10 == pytest.approx(row.current_density)
        assert not target.run.changes


def test_row_60_is_a_charge_and_its_discharge_counts_beside_it():
    rows = {target.id: target for target in load_section("table1").targets}
    assert rows["table1.60"].quantity == "cycles[0].charge_capacity_mAh_g"
    assert rows["table1.60-discharge"].published == 124
    assert rows["table1.60-discharge"].secondary


@pytest.mark.parametrize(
    ("tolerance", "published", "accepted"),
    [
        ({"absolute": 25}, 150, (125, 175)),
        ({"relative": 0.1}, -50, (-55, -45)),
        ({"factor": 2}, 3, (1.5, 6)),
        ({"factor": 2}, -3, (-6, -1.5)),
        ({"offset": (0.02, 0.07)}, 3.83, (3.85, 3.90)),
        ({"at_most": 5}, 20, (-math.inf, 25)),
        ({"at_least": 0}, 500, (500, math.inf)),
    ],
)
def test_tolerances(tolerance, published, accepted):
    assert Tolerance(**tolerance).accepted(published) == pytest.approx(accepted)


@pytest.mark.parametrize("tolerance", [{}, {"absolute": 1, "relative": 0.1}, {"factor": 1}, {"offset": (1, 1)}])
def test_a_tolerance_has_one_sensible_form(tolerance):
    with pytest.raises(ValidationError):
        Tolerance(**tolerance)


SECTION = """
name = "anode"
title = "t"
description = "d"
[sources]
a = { citation = "A. Author, J. Journal 1 (2020) 1", tag = "web" }
[[targets]]
id = "X"
description = "d"
conditions = "c"
published = 1
unit = "-"
tolerance = { absolute = 1 }
kind = "predicted"
source = "a"
"""


@pytest.mark.parametrize(
    "how",
    [
        "",
        'run = { cell = "reference", protocol = "cycle" }',
        'compute = "anode_potential"\nquantity = "cycles[0]"',
        'compute = "anode_potential"\nrun = { cell = "reference", protocol = "cycle" }\nquantity = "status"',
    ],
)
def test_a_target_is_computed_in_exactly_one_way(how):
    with pytest.raises(ValidationError, match="give run and quantity, or compute"):
        read_section(SECTION + how)


def test_an_unknown_section_is_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"section: 'tabel1' is not one of table1, cathode, anode, [a-z, ]+\."):
        validate_all("tabel1")
