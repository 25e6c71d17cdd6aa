"""``lisse explain``: keys, table, figure, refusals."""

import pytest

from lisse.studies.explain import QUANTITIES

QUICK = "bielefeld-2022"
KEYS = {
    "cell", "protocol", "ideal_cell", "ideal", "actual", "residual", "exact", "coalitions", "incomplete_runs", "causes",
    "uncertainty", "changes", "life", "mechanisms_off",
}  # fmt: skip


def test_keys(document):
    found = document("explain", QUICK, "--no-changes", "--uncertainty", "2", "--seed", "3")
    assert set(found) == KEYS
    assert (found["cell"], found["exact"], found["coalitions"]) == (QUICK, True, 32)
    assert (found["changes"], found["life"]) == (None, None)
    assert set(found["ideal"]) == set(found["actual"]) == set(found["residual"]) == set(QUANTITIES)
    for name in QUANTITIES:
        total = sum(cause[name] for cause in found["causes"])
        assert found["ideal"][name] + total == pytest.approx(found["actual"][name], abs=1e-9)
    assert {cause["review_figure_1"] for cause in found["causes"]} == {"a", None}
    assert set(found["mechanisms_off"]) == {
        "voids", "interphase", "filaments", "bending", "contact_loss", "cracks", "cathode_interphase"
    }  # fmt: skip
    assert (found["uncertainty"]["draws"], found["uncertainty"]["seed"]) == (2, 3)


def test_table_and_figure(call, tmp_path, monkeypatch):
    from lisse.studies import remedies

    monkeypatch.setattr(remedies, "LEVERS", (remedies._separator, remedies._coating))
    figure = tmp_path / "new" / "explain.svg"
    code, out, err = call("explain", QUICK, "-p", "1 cycle at C/2", "--figure", str(figure), "--uncertainty", "2")
    assert (code, err) == (0, "")
    for words in ("ideal cell", "diffusion in the oxide", "this cell", "residual", "same cell at equilibrium"):
        assert words in " ".join(out.split())
    assert "LiNbO3" in out
    assert "nothing is put down to them: voids, interphase" in " ".join(out.split())
    assert "5 to 95 %" in out
    text = figure.read_text()
    assert "ideal cell" in text
    assert "diffusion in the oxide" in text
    assert "specific energy" in text


def test_a_life(document, call):
    asked = ("--life", "--cycles", "1", "--current", "2 mA/cm^2", "--no-changes", "--protocol", "1 cycle at C/3")
    found = document("explain", "reference", *asked)["life"]
    assert (found["cells"], found["cycles_asked"], found["current_density_mA_cm2"]) == (200, 1, 2.0)
    assert [cause["review_figure_1"] for cause in found["causes"]] == ["a", "b", "c", "e"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sym-li-lpscl",), "symmetric"),
        ((QUICK, "--orders", "1"), "orders: 1"),
        ((QUICK, "--uncertainty", "-1"), "--uncertainty: -1"),
        ((QUICK, "--seed", "-1"), "--seed: -1"),
        ((QUICK, "--life", "--cells", "100"), "cells: 100"),
        ((QUICK, "--life", "--current", "1 V"), "--current"),
        ((QUICK, "--life", "--current", "0 A/m^2"), "--current"),
        ((QUICK, "--protocol", "fly"), "fly"),
        ((QUICK, "--protocol", "Charge at C/3 until 4.2 V", "--no-changes"), "discharges nothing"),
        ((QUICK, "--mechanism", "magic"), "magic"),
        ((QUICK, "--figure", "x.doc"), "x.doc"),
        (("koerver-2017", "--life"), "skeleton"),
    ],
)
def test_bad_input_is_one_sentence(call, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("explain", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_interrupt_is_said_in_a_word(call, monkeypatch):
    from lisse.studies import explain

    def interrupted(*arguments, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr(explain, "explain", interrupted)
    code, out, err = call("explain", QUICK)
    assert (code, out) == (130, "")
    assert "interrupted" in err
