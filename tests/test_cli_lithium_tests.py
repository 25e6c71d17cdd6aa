"""``lisse lithium``: what it prints, writes and refuses."""

import json

import pytest


def test_json(call):
    code, out, err = call("lithium", "tension", "--strain-rate", "5e-4 1/s", "--strain-rate", "30 /min", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert set(document) == {"test", "material", "conditions", "x", "y", "curves", "rows", "warnings", "claims"}
    assert document["conditions"]["strain_rates_1_s"] == [5e-4, 0.5]
    assert len(document["curves"]) == 4
    assert len(document["curves"][0]["x"]) == len(document["curves"][0]["y"])


@pytest.mark.parametrize(
    ("arguments", "condition", "value"),
    [
        (("creep", "--stress", "0.4 MPa", "--duration", "2 h"), "duration_s", 7200.0),
        (("compression", "--aspect-ratio", "0.5", "--friction", "0.3"), "friction", 0.3),
        (("indentation", "--loading-rate", "0.1 1/s", "--depth", "2 um"), "depth_um", 2.0),
        (("pillar", "--diameter", "1 um", "--strain-rate", "1e-3 1/s"), "strain_rate_1_s", 1e-3),
        (("tension", "--temperature", "60 degC"), "temperature_degC", 60.0),
    ],
)
def test_options_reach_the_tests(call, arguments, condition, value):
    code, out, _ = call("lithium", *arguments, "--json")
    assert code == 0
    assert json.loads(out)["conditions"][condition] == pytest.approx(value)


def test_table_notes_and_figure(call, tmp_path):
    target = tmp_path / "new" / "pillar.svg"
    code, out, _ = call("lithium", "pillar", "--diameter", "1.2 um", "--figure", str(target))
    assert code == 0
    assert "strength" in out
    assert "note: size effect of lithium" in out
    assert "<svg" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("bend",), 'lithium: "bend" is not a test; accepted are tension, creep, compression, indentation, pillar.'),
        (("creep", "--depth", "1 um"), "--depth: it belongs to indentation, not to creep."),
        (
            ("tension", "--strain-rate", "5 m"),
            "--strain-rate: '5 m' has the wrong dimension; write a quantity such as \"5e-4",
        ),
        (("pillar", "--strain-rate", "1/s", "--strain-rate", "2/s"), "--strain-rate: pillar takes one value, not 2"),
        (("tension", "--figure", "a.txt"), '--figure: "a.txt" ends in none of .svg, .png, .pdf;'),
        (("tension", "--temperature", "200 degC"), "temperature: 200 degC is not accepted"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(monkeypatch, call, tmp_path, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("lithium", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"lisse: {sentence}")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
