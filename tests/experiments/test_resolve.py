from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.experiments import Protocol, ResolvedStep


@dataclass(frozen=True)
class Facts:
    lower_voltage_V: float = 2.5
    upper_voltage_V: float = 4.3
    area_m2: float = 2e-4
    nominal_capacity_Ah: float = 4e-3
    lowest_equilibrium_V: float = 2.0
    highest_equilibrium_V: float = 4.5


FACTS = Facts()


def only(text: str) -> ResolvedStep:
    return Protocol.load(text).resolve(FACTS).cycles[0].steps[0]


def table(**step: object) -> Protocol:
    return Protocol.from_dict({"cycles": [{"steps": [step]}]})


def test_density_becomes_current_and_charge_is_negative() -> None:
    step = only("Charge at 0.5 mA/cm^2")  # 5 A/m2 on 2e-4 m2
    assert (step.mode, step.value) == ("current", pytest.approx(-1e-3))
    assert only("Discharge at C/5").value == 0.2


def test_window_is_put_in_where_no_voltage_is_given() -> None:
    assert [(x.operator, x.value, x.from_window) for x in only("Charge at C/5 for 1 h").limits] == [(">", 4.3, True)]
    assert [(x.operator, x.value) for x in only("Discharge at C/5 until lower").limits] == [("<", 2.5)]
    assert [(x.operator, x.value) for x in only("Discharge at C/5 until 2.0 V").limits] == [("<", 2.0)]


def test_drive_cycle_keeps_the_side_of_the_window_that_the_user_leaves_open() -> None:
    step = table(drive={"mode": "current", "data": [[0, 1], [9, 1]]}, until="> 4.1 V").resolve(FACTS).cycles[0].steps[0]
    assert [(x.operator, x.value, x.from_window) for x in step.limits] == [(">", 4.1, False), ("<", 2.5, True)]


@pytest.mark.parametrize(
    ("text", "hours"),
    [("Charge at C/50", 150.0), ("Discharge at 2 mA", 6.0), ("Discharge at 13.6 mW", 3 * 4e-3 * 3.4 / 13.6e-3)],
)
def test_longest_time_is_three_times_the_expected_one(text: str, hours: float) -> None:
    step = only(text)
    assert step.duration_is_cap
    assert step.duration_s == pytest.approx(hours * 3600)
    assert step.period_s == pytest.approx(hours * 1200 / 200)


def test_hold_has_time_for_its_lowest_current() -> None:
    assert only("Hold at upper until C/50").duration_s == pytest.approx(150 * 3600)
    assert only("Hold at upper until 0.4 mA").duration_s == pytest.approx(30 * 3600)
    assert only("Hold at upper until 1C").duration_s == 24 * 3600


def test_own_duration_and_period_are_kept() -> None:
    step = only("Discharge at C/10 for 10 minutes (2 second period)")
    assert (step.duration_s, step.duration_is_cap, step.period_s) == (600.0, False, 2.0)
    assert only("Rest for 10 minutes").period_s == 60.0


def test_highest_rate() -> None:
    assert Protocol.load("reference").resolve(FACTS).max_c_rate == 1.0
    assert Protocol.load("Discharge at 8 mA").resolve(FACTS).max_c_rate == pytest.approx(2.0)
    assert Protocol.load("Discharge at 20 mW").resolve(FACTS).max_c_rate == pytest.approx(2.0)  # 8 mA at 2.5 V
    assert Protocol.load("rest 1 h").resolve(FACTS).max_c_rate == 0.0


def test_kinds_and_summary_are_plain_data() -> None:
    resolved = Protocol.load("formation + 20 cycles at C/3 with hold to C/20").resolve(FACTS)
    assert resolved.step_kinds[0] == ["charge", "rest", "discharge", "rest"]
    assert resolved.step_kinds[20] == ["charge", "hold", "rest", "discharge", "rest"]
    summary = resolved.as_dict()
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert [cycle["repeat"] for cycle in summary["cycles"]] == [1, 20]
    assert summary["cycles"][0]["steps"][0]["text"] == "Charge at C/10 until 4.3 V"


def test_every_key_of_a_step_table() -> None:
    protocol = table(
        mode="current_density",
        value="0.5 mA/cm^2",
        kind="charge",
        until=["upper", "10 h"],
        duration="12 h",
        temperature="60 degC",
        period="30 s",
        stop={"variable": "Mean lithium content", "below": 0.4},
    )
    step = protocol.resolve(FACTS).cycles[0].steps[0]
    assert (step.value, step.duration_s, step.temperature_K, step.period_s) == (
        pytest.approx(-1e-3),
        36000.0,
        333.15,
        30.0,
    )
    assert [limit.text for limit in step.limits] == ["> 4.3 V", "Mean lithium content < 0.4"]


def test_cccv_table_is_a_charge_and_a_hold() -> None:
    protocol = table(mode="cccv", kind="charge", value=0.1, hold_until="C/50", temperature="45 degC")
    charge, hold = protocol.resolve(FACTS).cycles[0].steps
    assert (charge.kind, charge.value, hold.kind, hold.value, hold.temperature_K) == (
        "charge",
        -0.1,
        "hold",
        4.3,
        318.15,
    )


def test_file_with_a_drive_cycle_next_to_it(tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_text("time [s], current [mA]\n0, 1\n10, 2\n30, 2\n# the end\n40, -1\n")
    (tmp_path / "mine.toml").write_text(
        '[[cycles]]\nrepeat = 2\nsteps = ["Charge at C/5", '
        '{drive = {file = "drive.csv", mode = "current", unit = "mA"}}]\n'
        '[[cycles]]\nprotocol = "formation"\n'
    )
    protocol = Protocol.load(str(tmp_path / "mine.toml"))
    assert (protocol.name, len(protocol.cycles)) == ("mine", 3)
    step = protocol.resolve(FACTS).cycles[0].steps[1]
    assert step.drive is not None
    assert step.drive.times_s == (0.0, 10.0, 30.0, 40.0)
    assert step.drive.values == pytest.approx((1e-3, 2e-3, 2e-3, -1e-3))
    assert (step.kind, step.duration_s, step.period_s) == ("discharge", 40.0, 10.0)
    assert [(x.operator, x.value) for x in step.limits] == [("<", 2.5), (">", 4.3)]


TEXTS = st.sampled_from(
    [
        "formation",
        "2 cycles at 0.5 mA/cm^2 with hold to 0.01 mA/cm^2",
        "Discharge at 7 mW until Mean lithium content > 0.8 at 60 degC, rest 1 h (7 s period)",
        "Discharge at 2 kohm for 3 minutes or until Voltage [V] < 3.1",
        "Hold at 4.1 V for 90 s, Hold at upper until 30 uA or 5 h",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4).map(" + ".join))
def test_resolved_file_reads_back_as_the_same_protocol(text: str) -> None:
    import tomllib

    first = Protocol.load(text).resolve(FACTS)
    again = Protocol.from_dict(tomllib.loads(first.to_toml())).resolve(FACTS)
    changed = {"name", "text"}
    assert {k: v for k, v in again.as_dict().items() if k not in changed} == {
        k: v for k, v in first.as_dict().items() if k not in changed
    }


def test_resolved_drive_cycle_reads_back_without_its_file() -> None:
    import tomllib

    protocol = table(drive={"mode": "current_density", "data": [[0, 5.0], [10, -5.0], [20, 0.1]]}, duration="1 min")
    first = protocol.resolve(FACTS)
    again = Protocol.from_dict(tomllib.loads(first.to_toml())).resolve(FACTS)
    assert again.as_dict()["cycles"] == first.as_dict()["cycles"]
    assert again.cycles[0].steps[0].drive is not None
    assert again.cycles[0].steps[0].drive.values == pytest.approx((1e-3, -1e-3, 2e-5))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"mode": "curent", "kind": "charge", "value": "1 mA"}, ["steps[0].mode", "'curent'", '"current"']),
        ({"mode": "current", "kind": "charge", "value": "C/3"}, ["steps[0].value", '"c_rate"']),
        ({"kind": "charg", "value": "C/3"}, ["steps[0].kind", '"charge"']),
        ({"value": "C/3"}, ["steps[0].kind", "must be given"]),
        ({"kind": "charge"}, ["steps[0].value", "must be given"]),
        ({"kind": "charge", "value": "4.2 V"}, ['mode = "hold"']),
        ({"kind": "charge", "value": 0.1}, ["0.1", "C/3"]),
        ({"mode": "c_rate", "kind": "charge", "value": 10**400}, ["out of range"]),
        ({"mode": "rest", "value": "C/3", "duration": "1 h"}, ["a rest has no value"]),
        ({"mode": "hold", "kind": "charge", "value": "4.2 V", "duration": "1 h"}, ["steps[0].kind"]),
        ({"mode": "cccv", "kind": "charge", "value": "C/3"}, ["hold_until"]),
        ({"kind": "charge", "value": "C/3", "temprature": "60 degC"}, ["'temprature'", '"temperature"']),
        ({"kind": "charge", "value": "C/3", "until": 4.3}, ["steps[0].until", "4.3"]),
        ({"kind": "charge", "value": "C/3", "until": [4.3]}, ["steps[0].until", "4.3"]),
        ({"kind": "charge", "value": "C/3", "stop": {"variable": "x"}}, ["above or below"]),
        ({"kind": "charge", "value": "C/3", "stop": {"variable": "x", "above": "1"}}, ["stop.above"]),
        ({"kind": "charge", "value": "C/3", "stop": {"variable": "x", "above": float("nan")}}, ["finite"]),
        ({"drive": {"mode": "voltage", "data": []}}, ["drive.mode", "current"]),
        ({"drive": {"mode": "current"}}, ["file or data"]),
        ({"drive": {"mode": "current", "file": "no.csv"}}, ["drive.file", "no.csv"]),
        ({"drive": {"mode": "current", "data": [[0, 1]]}}, ["two rows"]),
        ({"drive": {"mode": "current", "data": [[1, 1], [2, 1]]}}, ["starts at 0 s"]),
        ({"drive": {"mode": "current", "data": [[0, 1], [0, 1]]}}, ["row 2"]),
        ({"drive": {"mode": "current", "data": [[0, 1], [1, float("inf")]]}}, ["row 2", "1e9"]),
        ({"drive": {"mode": "current", "unit": "mW", "data": [[0, 1], [1, 1]]}}, ["drive.unit", "mW"]),
        ({"drive": {"mode": "current", "data": [[0, 1], [1, 1]]}, "value": "C/3"}, ["steps[0].value"]),
    ],
)
def test_refused_step_tables(step: dict, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        table(**step)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"cycles = [", ["not valid TOML"]),
        (b"\xff\xfe", ["not valid TOML"]),
        (b'cylces = []\nname = "a"', ["'cylces'", '"cycles"']),
        (b"[[cycles]]\nrepeat = 2", ["either steps or protocol"]),
        (b"[[cycles]]\nrepeat = 0\nsteps = ['rest 1 h']", ["cycles[0].repeat", "0"]),
        (b"[[cycles]]\nprotocol = 'formatoin'", ["cycles[0].protocol", '"formation"']),
        (b"[[cycles]]\nsteps = []", ["cycles[0].steps"]),
        (b"[[cycles]]\nsteps = [[1]]", ["steps[0]", "table"]),
    ],
)
def test_refused_files(tmp_path: Path, content: bytes, words: list[str]) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Protocol.load(path)
    for word in words:
        assert word in str(caught.value)


def test_refused_csv_row(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("t;I\n0;1\n1;one\n")
    with pytest.raises(InputError, match="row 3"):
        Protocol.from_dict({"cycles": [{"steps": [{"drive": {"mode": "current", "file": "d.csv"}}]}]}, tmp_path)


def test_refused_facts_and_voltages() -> None:
    with pytest.raises(InputError, match=r"6 V lies more than 1 V outside .* 2\.5 V to 4\.3 V"):
        Protocol.load("Charge at C/3 until 6 V").resolve(FACTS)
    with pytest.raises(InputError, match="lower_voltage_V"):
        Protocol.load("formation").resolve(replace(FACTS, lower_voltage_V=4.4))
    with pytest.raises(InputError, match="area_m2: nan"):
        Protocol.load("formation").resolve(replace(FACTS, area_m2=float("nan")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Charge at C/10 until 5 V", ["5 V lies above", "4.500 V", "0.1 V more"]),
        ("Charge at C/10 until 4.61 V", ["4.61 V lies above"]),
        ("Hold at 4.51 V until C/50", ["4.51 V lies above", "up to 4.500 V at the terminals is accepted"]),
        ("Discharge at C/10 until 1.85 V", ["1.85 V lies below", "2.000 V"]),
        ("Hold at 1.99 V until C/50", ["1.99 V lies below"]),
    ],
)
def test_voltages_that_the_open_circuit_curve_does_not_cover(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Protocol.load(text).resolve(FACTS)
    for word in words:
        assert word in str(caught.value)


def test_both_limits_of_a_drive_cycle_are_held_against_the_open_circuit_curve() -> None:
    for until in ("> 4.7 V", "< 1.8 V"):
        protocol = table(drive={"mode": "current", "data": [[0, 1], [9, 1]]}, until=until)
        with pytest.raises(InputError, match="range of the cell's open-circuit curve"):
            protocol.resolve(FACTS)


def test_voltages_near_the_ends_of_the_open_circuit_curve_are_kept() -> None:
    assert only("Charge at C/10 until 4.6 V").limits[0].value == 4.6  # 0.1 V of overpotential
    assert only("Discharge at C/10 until 1.95 V").limits[0].value == 1.95
    assert only("Hold at 4.5 V until C/50").value == 4.5
    # A cell file may set its window a little beyond the steep lower end; its protocols then go there.
    wide = replace(FACTS, lower_voltage_V=1.6)
    assert Protocol.load("Discharge at C/10").resolve(wide).cycles[0].steps[0].limits[0].value == 1.6
    assert Protocol.load("Discharge at C/10 until 1.6 V").resolve(wide).cycles[0].steps[0].limits[0].value == 1.6


def test_refused_ends_of_the_open_circuit_curve() -> None:
    with pytest.raises(InputError, match=r"lowest_equilibrium_V: 4\.6"):
        Protocol.load("formation").resolve(replace(FACTS, lowest_equilibrium_V=4.6))


LEAVES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["charge", "hold", "rest", "cccv", "current", "C/3", "4.2 V", "1 h", "upper", "60 degC", "1 mA", "lower"]
    ),
    st.integers(-5, 10**30),
    st.floats(),
    st.booleans(),
    st.lists(st.one_of(st.floats(), st.sampled_from(["upper", "C/50", "1 h"])), max_size=3),
)
STEP_TABLES = st.dictionaries(
    st.sampled_from(
        ["kind", "mode", "value", "until", "duration", "stop", "hold_until", "temperature", "period", "drive", "other"]
    ),
    st.one_of(
        LEAVES,
        st.dictionaries(
            st.sampled_from(["variable", "above", "below", "mode", "data", "unit", "file"]), LEAVES, max_size=4
        ),
    ),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(STEP_TABLES, LEAVES))
def test_any_step_table_is_read_or_refused(step: object) -> None:
    try:
        resolved = Protocol.from_dict({"cycles": [{"steps": [step]}]}).resolve(FACTS)
    except InputError as refusal:
        lines = str(refusal).count("\n") + 1
    else:
        lines = 1
        for item in resolved.cycles[0].steps:
            assert 0 < item.period_s < 1e12
            assert 0 < item.duration_s < 1e12
    assert lines == 1
