"""The virtual tests of lithium against published numbers (A6 to A8) and against closed forms of their limits."""

import json

import numpy as np
import pytest

from lisse.anode import mechanical_tests as tests
from lisse.anode.creep import CreepLaw, creep_rate, flow_stress
from lisse.errors import InputError

LAW = CreepLaw.of("Li")


def test_tension_curves_rise_with_the_rate():
    """A6: 0.57 MPa at 5e-4 1/s (from memory, 30 %)."""
    result = tests.tension([5e-4, 5e-2])
    slow, fast = result.rows
    assert slow["yield_stress_MPa"] == pytest.approx(0.57, rel=0.30)
    # Anand at small strain: exponent m = 0.15; the elastic part of the offset is the same for both.
    assert fast["yield_stress_MPa"] / slow["yield_stress_MPa"] == pytest.approx(100**0.15, rel=0.01)
    assert [curve.model for curve in result.curves] == ["Anand", "creep", "Anand", "creep"]
    anand, level = result.curves[:2]
    assert np.all(np.diff(anand.y) > 0)
    assert level.y == pytest.approx(float(flow_stress(5e-4, 298.15, LAW)) / 1e6)


def test_yield_is_read_at_the_offset():
    """At the yield stress the plastic strain is 0.2 %."""
    result = tests.tension([2e-3])
    curve, stress = result.curves[0], result.rows[0]["yield_stress_MPa"]
    strain = np.interp(stress, curve.y, curve.x) / 100
    assert strain - stress * 1e6 / 7.82e9 == pytest.approx(0.002, abs=1e-5)


def test_short_tension_has_no_stress_at_ten_percent():
    assert tests.tension([2e-3], largest_strain=0.05).rows[0]["stress_at_10_percent_MPa"] is None


def test_creep_curves():
    """A1: 1.34e-5 to 1.72e-5 1/s at 0.4 MPa and 26 degC, a factor of 1.8; strain is rate times time."""
    result = tests.creep([0.4e6], temperature=299.15, duration=7200.0)
    row, line = result.rows[0], result.curves[0]
    assert 1.72e-5 / 1.8 < row["creep_law_rate_1_s"] < 1.34e-5 * 1.8
    assert line.y[-1] / 100 == pytest.approx(row["creep_law_rate_1_s"] * 7200)
    primary = result.curves[1]
    assert primary.model == "Anand"
    # Hardening: the mean rate is above the last one.
    assert primary.y[-1] / 100 / 7200 > row["anand_rate_at_end_1_s"]


def test_creep_beyond_necking_has_no_points():
    result = tests.creep([2e6], duration=3600.0)
    assert result.rows[0]["anand_rate_at_end_1_s"] is None
    assert result.as_dict()["curves"][0]["y"][-1] is None
    json.dumps(result.as_dict(), allow_nan=False)


@pytest.mark.parametrize("aspect_ratio", [0.5, 1.0, 2.0])
def test_compression_under_a_higher_load_ends_slower(aspect_ratio):
    """A8: 1.93e-4 to 4.0e-5 1/s from 0.8 to 2.4 MPa after 12 min; the sign counts."""
    result = tests.compression([0.8e6, 2.4e6], 299.15, 720.0, aspect_ratio)
    low, high = result.rows
    assert high["engineering_rate_at_end_1_s"] < low["engineering_rate_at_end_1_s"]
    assert all(row["rate_at_end_1_s"] < row["rate_at_start_1_s"] for row in result.rows)


def test_friction_slows_the_cylinder_and_the_more_the_flatter_it_is():
    def ratio(aspect_ratio):
        oiled, rough = (tests.compression([0.8e6], aspect_ratio=aspect_ratio, friction=m).rows[0] for m in (0.0, 1.0))
        return rough["rate_at_start_1_s"] / oiled["rate_at_start_1_s"]

    assert ratio(0.25) < ratio(1.0) < ratio(4.0) < 1


def test_compression_without_friction_is_a_dead_load():
    """Power law: strain = ln(1 + n r t)/n with r the first rate, as the area grows with the strain."""
    result = tests.compression([0.3e6], friction=0.0, duration=5e4)
    row = result.rows[0]
    first = float(creep_rate(0.3e6, 298.15, LAW))
    assert row["rate_at_start_1_s"] == pytest.approx(first, rel=1e-9)
    expected = np.log1p(6.56 * first * 5e4) / 6.56
    # 1.4 % of the sinh at 0.3 MPa fade as the stress falls.
    assert -np.log1p(-row["compression_at_end_percent"] / 100) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(("depth", "hardness"), [("0.25", 43), ("10", 7.5)])
def test_hardness(depth, hardness):
    """A7: within a factor of 1.5."""
    found = tests.indentation([0.05]).rows[0][f"hardness_{depth}um_MPa"]
    assert hardness / 1.5 < found < hardness * 1.5


def test_indentation_follows_its_similarity_solution():
    """With S = (l*/h)^beta the depth grows at (loading rate)/(2 - beta) and the load as h^(2 - beta)."""
    result = tests.indentation([0.05], depth=10e-6)
    curve = result.curves[0]
    slope = np.diff(np.log(curve.y)) / np.diff(np.log(curve.x))
    assert slope == pytest.approx(np.full_like(slope, 2 - 0.47), rel=1e-4)
    flow = float(flow_stress(0.05 / 1.53, 298.15, LAW))
    load = 24.5 * (10e-6) ** 2 * 3 * flow * 2.5**0.47
    assert curve.y[-1] == pytest.approx(load * 1e3, rel=1e-4)


def test_deep_indentation_forgets_the_size():
    """Far above 25 um the depth grows at half of the loading rate over load."""
    result = tests.indentation([0.05], depth=2e-3)
    flow = float(flow_stress(0.025, 298.15, LAW))
    assert result.curves[0].y[-1] == pytest.approx(24.5 * 4e-6 * 3 * flow * 1e3, rel=1e-3)


def test_pillars_get_stronger_and_miss_the_published_ones():
    """A7: smaller is stronger; 105 MPa at 1.2 um is far from what the size effect of indentation gives."""
    result = tests.pillar([9.5e-6, 1.2e-6, 100e-6])
    small, large, bulk = result.rows
    assert small["diameter_um"] == pytest.approx(1.2)
    assert small["strength_MPa"] / large["strength_MPa"] == pytest.approx((9.5 / 1.2) ** 0.47, rel=1e-9)
    assert small["strength_pillars_MPa"] / large["strength_pillars_MPa"] == pytest.approx(105 / 15, rel=0.1)
    assert small["strength_MPa"] < 105 / 15
    assert bulk["strength_MPa"] == pytest.approx(result.conditions["bulk_flow_stress_MPa"])
    assert any("published pillars" in warning for warning in result.warnings)


def test_warnings_say_what_is_extrapolated():
    assert tests.creep([0.4e6], 298.15).warnings[0].startswith("Anand model of lithium: strain rate of 1.9e-05")
    warnings = tests.tension([2e-4], temperature=233.15).warnings
    assert [w for w in warnings if w.startswith("creep law of lithium: temperature of -40 degC")]
    assert [w for w in warnings if w.startswith("Anand model of lithium: temperature of -40 degC")]
    assert any("0.05 um lies below the measured 0.25 um" in w for w in tests.indentation(depth=2e-6).warnings)


def test_claims_behind_the_numbers():
    names = [claim["property"] for claim in tests.compression([0.8e6]).claims]
    assert names == ["creep_prefactor", "creep_exponent", "creep_activation_energy", "creep_sinh_coefficient"]
    pillars = [claim["id"] for claim in tests.pillar([1e-6]).claims if claim["property"] == "size_effect_exponent"]
    assert pillars == ["indentation", "pillars"]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("tension", {"strain_rates": []}, "strain rate: the list is empty; give at least one value."),
        ("tension", {"strain_rates": [-1.0]}, "strain rate: -1 1/s is not accepted; give a value above 0."),
        ("creep", {"temperature": 460.0}, "temperature: 186.85 degC is not accepted; give one below"),
        ("creep", {"duration": 0.0}, "duration: 0 s is not accepted"),
        ("compression", {"friction": 1.5}, "friction: 1.5 is outside of its range; give 0"),
        ("compression", {"aspect_ratio": float("nan")}, "aspect ratio: nan is not accepted"),
        ("indentation", {"depth": -1e-6}, "depth: -1e-06 m is not accepted"),
        ("pillar", {"material": "Li-In"}, 'Li-In: there is no claim about "creep_prefactor"'),
    ],
)
def test_bad_input_is_one_sentence(name, arguments, sentence):
    with pytest.raises(InputError) as error:
        tests.TESTS[name](**arguments)
    assert str(error.value).startswith(sentence)
