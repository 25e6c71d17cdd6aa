from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.experiments import Limit, Protocol, protocol_library


def kinds(text: str) -> list[list[str]]:
    return [[step.kind for step in cycle.steps] for cycle in Protocol.load(text).cycles]


def only_step(text: str):
    (cycle,) = Protocol.load(text).cycles
    (step,) = cycle.steps
    return step


FULL = ["charge", "rest", "discharge", "rest"]


def test_library_holds_the_named_protocols() -> None:
    assert list(protocol_library()) == ["cycle", "formation", "rate", "reference", "strip-plate"]


@pytest.mark.parametrize(
    ("text", "charges", "discharges"),
    [
        ("formation", [0.1], [0.1]),
        ("RATE", [0.1] * 4, [0.1, 0.2, 0.5, 1.0]),
        ("cycle", [1 / 3], [1 / 3]),
        ("reference", [0.1] * 5 + [1 / 3] * 5, [0.1, 0.1, 0.2, 0.5, 1.0] + [1 / 3] * 5),
        ("Formation + 2 CYCLES at c/3", [0.1, 1 / 3, 1 / 3], [0.1, 1 / 3, 1 / 3]),
        ("formation, rate + 1 cycle at 0.2C", [0.1] * 5 + [0.2], [0.1, 0.1, 0.2, 0.5, 1.0, 0.2]),
        ("2 cycles at C/10 charge, 1C discharge", [0.1, 0.1], [1.0, 1.0]),
        ("2 cycles at 1C discharge and C/10 charge", [0.1, 0.1], [1.0, 1.0]),
        ("3 x formation", [0.1] * 3, [0.1] * 3),
        ("2 x (formation + 1 cycle at 1C)", [0.1, 1.0] * 2, [0.1, 1.0] * 2),
    ],
)
def test_rates_of_cycles(text: str, charges: list[float], discharges: list[float]) -> None:
    cycles = Protocol.load(text).cycles
    assert [[step.kind for step in cycle.steps] for cycle in cycles] == [FULL] * len(charges)
    assert [cycle.steps[0].value for cycle in cycles] == pytest.approx(charges)
    assert [cycle.steps[2].value for cycle in cycles] == pytest.approx(discharges)


def test_commas_keep_steps_in_one_cycle_and_plus_begins_another() -> None:
    assert kinds("Charge at C/10, rest 1 h, Discharge at C/10") == [["charge", "rest", "discharge"]]
    assert kinds("Charge at C/10 + rest 1 h + Discharge at C/10") == [["charge"], ["rest"], ["discharge"]]
    assert kinds("rest 1 h, formation") == [["rest"], FULL]
    assert kinds("2 x (Charge at C/10, Discharge at 1C)") == [["charge", "discharge"]] * 2


def test_hold_after_the_charge() -> None:
    (cycle,) = Protocol.load("1 cycle at C/10 with hold to C/50").cycles
    assert [step.kind for step in cycle.steps] == ["charge", "hold", "rest", "discharge", "rest"]
    hold = cycle.steps[1]
    assert (hold.value, hold.limits) == ("upper", (Limit("c_rate", 0.02),))
    charge, hold = Protocol.load("Charge at 1 mA until 4.1 V with hold to 0.05 mA").cycles[0].steps
    assert (charge.value, hold.value, hold.limits[0].value) == pytest.approx((1e-3, 4.1, 5e-5))


def test_window_and_temperature_of_cycles() -> None:
    (cycle,) = Protocol.load("1 cycle at C/3 between 2.8 V and 4.2 V at 60 degC").cycles
    assert [limit.value for step in cycle.steps for limit in step.limits] == [4.2, 2.8]
    assert {step.temperature_K for step in cycle.steps} == {333.15}


@pytest.mark.parametrize(
    ("text", "mode", "value", "duration", "limits"),
    [
        ("Discharge at 1C for 0.5 hours", "c_rate", 1.0, 1800.0, ()),
        ("Discharge at C/20 for 0.5 hours", "c_rate", 0.05, 1800.0, ()),
        ("Charge at 0.5 C for 45 minutes", "c_rate", 0.5, 2700.0, ()),
        ("Charge at 200 mA for 45 minutes", "current", 0.2, 2700.0, ()),
        ("Discharge at 1W for 0.5 hours", "power", 1.0, 1800.0, ()),
        ("Discharge at 50 mOhm for 1 minute", "resistance", 0.05, 60.0, ()),
        ("Discharge at 0.5 mA/cm2 for 20 s", "current_density", 5.0, 20.0, ()),
        ("Rest for 10 minutes", "rest", None, 600.0, ()),
        ("rest 1 h", "rest", None, 3600.0, ()),
        ("Hold at 1V for 20 seconds", "hold", 1.0, 20.0, ()),
        ("Charge at 1 C until 4.1V", "c_rate", 1.0, None, (Limit("voltage", 4.1),)),
        ("Hold at 4.1 V until 50mA", "hold", 4.1, None, (Limit("current", 0.05),)),
        ("Hold at 3V until C/50", "hold", 3.0, None, (Limit("c_rate", 0.02),)),
        ("Discharge at C/3 for 2 hours or until 2.5 V", "c_rate", 1 / 3, 7200.0, (Limit("voltage", 2.5),)),
        ("Discharge at C/3 until 2.5 V or 2 hours", "c_rate", 1 / 3, 7200.0, (Limit("voltage", 2.5),)),
        (
            "Discharge at C/10 until Mean lithium content > 0.8 or lower",
            "c_rate",
            0.1,
            None,
            (Limit("variable", 0.8, ">", "Mean lithium content"), Limit("voltage", "lower")),
        ),
        (
            "Discharge at C/10 until Discharge capacity [A.h] > 1e-3",
            "c_rate",
            0.1,
            None,
            (Limit("variable", 1e-3, ">", "Discharge capacity [A.h]"),),
        ),
    ],
)
def test_step_strings(text: str, mode: str, value: float | None, duration: float | None, limits: tuple) -> None:
    step = only_step(text)
    assert step.mode == mode
    assert step.value == (value if value is None else pytest.approx(value, rel=1e-12))
    assert step.duration_s == duration
    assert step.limits == limits


def test_period_and_temperature_of_a_step() -> None:
    step = only_step("Discharge at C/10 until 3 V at -10 oC (5 minute period)")
    assert (step.temperature_K, step.period_s) == (263.15, 300.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("formaton", ["'formaton'", '"formation"']),
        ("Dischrage at C/3 until 3 V", ["Dischrage", '"discharge"']),
        ("20 cycles", ["N cycles at C/3"]),
        ("0 cycles at C/3", ["0 repeats", "1 to 100000"]),
        ("999999999 cycles at C/3", ["100000"]),
        ("400 x (400 x (400 x formation))", ["100000"]),
        ("3 cycles at 4.2 V", ["4.2 V", "voltage"]),
        ("3 cycles at C/0", ["C/0", "out of range"]),
        ("3 cycles at C/10 charge, 1C charge", ["twice"]),
        ("Charge at 4.2 V until C/50", ["'4.2 V'", "a charge needs a rate"]),
        ("Hold at C/3 until C/50", ["C/3", "4.3 V"]),
        ("Hold at 4.2 V", ["until C/50"]),
        ("Hold at 4.2 V until 4.1 V", ["voltage limit"]),
        ("Charge at C/10 until C/50", ["with hold to C/50"]),
        ("Charge at 5 ohm for 1 h", ["resistance"]),
        ("Charge at 5 mm until 4.3 V", ["'5 mm'", "2 mA"]),
        ("Charge at -1 mA until 4.3 V", ["-1 mA", "out of range"]),
        ("Rest", ["10 minutes"]),
        ("Rest for 10 parsecs", ["10 parsecs", "10 minutes"]),
        ("Rest for -1 h", ["-1 h"]),
        ("Rest until 3.5 V", ["direction"]),
        ("Discharge at C/3 until spoons > 1 V", ["spoons"]),
        ("Discharge at C/3 until 3 V at 5000 degC", ["5000 degC", "150 K"]),
        ("formation + ", ["empty part"]),
        ("formation ++ rate", ["empty part"]),
        ("2 x (formation", ["bracket"]),
        ("2 x formation)", ["bracket"]),
        ("((((((((formation))))))))", ["deeper"]),
        ("", ["empty"]),
        ("nothing.toml", ["nothing.toml", "known name"]),
        ("x" * 30_000, ["20000"]),
    ],
)
def test_refusals_are_one_sentence(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Protocol.load(text)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 400
    for word in words:
        assert word in message


WORDS = st.sampled_from(
    [
        "formation",
        "rate",
        "cycle",
        "reference",
        "charge",
        "Discharge",
        "hold",
        "rest",
        "at",
        "until",
        "for",
        "or",
        "with",
        "to",
        "between",
        "and",
        "x",
        "cycles",
        "C/3",
        "1C",
        "C/0",
        "C/",
        "4.3",
        "V",
        "4.3V",
        "mA/cm^2",
        "2",
        "mA",
        "1e9",
        "1e+999",
        "-1",
        "0",
        "99999999999",
        "minutes",
        "h",
        "upper",
        "lower",
        "+",
        ",",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "=",
        "degC",
        "60",
        "K",
        "period",
        "Mean",
        "lithium",
        "content",
        "0.8",
        "µA",
        "Ω",
        "²",
        "\x00",
        ".toml",
        "9^9^9",
        "9**9**9",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join)))
@example("1 cycle at C/3 between and and 3 V")
@example("rest ٣ h")
@example("hold at lower until upper")
def test_any_text_loads_or_is_refused(text: str) -> None:
    try:
        protocol = Protocol.load(text)
    except InputError as refusal:
        message = str(refusal)
    else:
        message = "."
        assert protocol.cycles
        assert all(cycle.steps for cycle in protocol.cycles)
    assert message.endswith(".")
    assert "\n" not in message


def test_importing_and_resolving_needs_no_pybamm() -> None:
    code = (
        "import sys; from types import SimpleNamespace as N; from lisse.experiments import Protocol;"
        "Protocol.load('reference').resolve(N(lower_voltage_V=2.5, upper_voltage_V=4.3, area_m2=1e-4,"
        " nominal_capacity_Ah=1e-3, lowest_equilibrium_V=2.0, highest_equilibrium_V=4.5)).as_dict();"
        "print([m for m in ('pybamm', 'scipy', 'pandas', 'plotly', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
