"""``lisse energy``: keys, table, figure, refusals."""

import pytest

KEYS = {
    "cell", "format", "assumed", "stack_pressure_MPa", "delivered", "theoretical", "whole", "levels", "waterfall",
    "parts", "warnings",
}  # fmt: skip
RUN_KEYS = {"protocol", "cycle", "status", "reason", "claims"}


def test_keys_with_a_run_and_without(document):
    run = document("energy", "reference", "--protocol", "1 cycle at C/10", "--format", "pouch", "--layers", "4")
    assert set(run) == KEYS | RUN_KEYS
    assert (run["format"]["kind"], run["format"]["layers"]) == ("pouch", 4)
    assert (run["protocol"], run["cycle"], run["status"]) == ("1 cycle at C/10", 1, "completed")
    quick = document("energy", "reference", "--capacity", "1.9", "--voltage", "3.8")
    assert set(quick) == KEYS
    assert list(quick["levels"]) == ["material", "stack", "cell", "cell_with_fixture"]
    assert set(quick["levels"]["cell"]) == {
        "Wh_kg", "Wh_L", "theoretical_Wh_kg", "theoretical_Wh_L", "mass_mg_cm2", "thickness_um", "cost_USD_kWh",
    }  # fmt: skip
    total = sum(step["change_Wh_kg"] for step in quick["waterfall"])
    assert total == pytest.approx(quick["levels"]["cell_with_fixture"]["Wh_kg"], rel=1e-12)
    assert quick["delivered"]["energy_mWh_cm2"] == pytest.approx(1.9 * 3.8)


def test_set_reaches_the_format(document):
    found = document("energy", "reference", "--capacity", "1.9", "--voltage", "3.8", "--set", "format.layers=20")
    assert found["whole"]["capacity_Ah"] == pytest.approx(20 * 1.9e-3 * 1.327, rel=1e-3)  # a die of 13 mm


def test_table_and_figure(call, tmp_path):
    figure = tmp_path / "new" / "energy.svg"
    code, out, err = call(
        "energy", "practical-pouch", "--capacity", "5", "--voltage", "3.8", "--figure", str(figure)
    )  # fmt: skip
    assert (code, err) == (0, "")
    for word in ("practical-pouch, pouch of 20 layers", "catholyte (Li6PS5Cl)", "utilisation", "pressure fixture"):
        assert word in out
    text = figure.read_text()
    assert "specific energy" in text
    assert "catholyte" in text
    assert "collectors" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "puch"), ("format.kind", '"pouch"')),
        (("--layers", "0"), ("format.layers: 0",)),
        (("--set", "format.packing_efficiency=1.3"), ("format.packing_efficiency", "at most 1")),
        (("--capacity", "5"), ("--capacity", "--voltage")),
        (("--capacity", "5", "--voltage", "3.8", "--cycle", "2"), ("--capacity", "--cycle")),
        (("--capacity", "5", "--voltage", "3.8"), ("capacity: 5", "mAh/cm2")),
        (("--figure", "x.doc"), ("x.doc", ".svg")),
        (("--protocol", "fly"), ("fly",)),
    ],
)
def test_bad_input_is_one_sentence(call, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("energy", "reference", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(word in err for word in words)
    assert list(tmp_path.iterdir()) == []
