"""``lisse design``: table, JSON, figure, refusals in one sentence, and a search that is killed and goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from lisse.studies import search as searching
from lisse.studies.design_notes import TRIALS_FILE

CHEAP = (
    "design", "practical-pouch", "--minimise", "stack_thickness", "--no-proof", "--workers", "1",
    "--vary", "separator.thickness=15 um..60 um", "--vary", "anode.thickness=1 um..20 um",
)  # fmt: skip
KEYS = {
    "cell", "protocol", "objectives", "constraints", "probability", "trials", "interrupted", "failed", "failures",
    "feasible", "shortfall", "best", "front", "nearest", "notes", "proof",
}  # fmt: skip
ROW = {"values", "objectives", "constraints", "binding", "at_bounds", "assumed_at_bounds"}


def test_json(document):
    found = document(*CHEAP, "--trials", "30", "--subject-to", "lithium_excess >= 0.3")
    assert set(found) == KEYS
    assert (found["trials"], found["feasible"], found["shortfall"], found["proof"]) == (30, True, None, None)
    assert set(found["best"]) == ROW
    assert found["front"] == [found["best"]]
    (constraint,) = found["best"]["constraints"]
    assert set(constraint) == {"constraint", "value", "relative_excess", "holds"}
    assert constraint["holds"] is True
    assert found["best"]["values"]["separator.thickness"].endswith(" um")
    assert found["objectives"] == [{"name": "stack_thickness", "unit": "um", "maximise": False}]


def test_a_narrow_terminal_shows_every_name_and_value(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = call(*CHEAP, "--trials", "12", "--vary", "cathode.particle_diameter=2 um..8 um")
    assert code == 0
    assert all(name in out for name in ("stack_thickness", "cathode.particle_diameter", "separator.thickness"))
    assert "…" not in out
    code, out, _ = call(*CHEAP, "--trials", "12", "--maximise", "lithium_excess")
    assert "front of 12 designs" in out
    assert "…" not in out


def test_figure(call, tmp_path):
    path = tmp_path / "new" / "design.svg"
    code, out, _ = call(*CHEAP, "--trials", "12", "--maximise", "lithium_excess", "--figure", str(path))
    assert (code, f"figure: {path}" in out.replace("\n", "")) == (0, True)
    text = path.read_text()
    assert "lithium of the anode over the areal capacity" in text
    assert "thickness of the stack / um" in text


def test_a_run_and_its_proof(document, monkeypatch):
    from lisse.studies import proof

    monkeypatch.setattr(proof.prove, "__defaults__", (3,))
    found = document(
        "design", "reference", "--vary", "charge_rate=0.05..0.2", "--protocol", "1 cycle at {charge_rate}C",
        "--maximise", "capacity", "--trials", "1", "--workers", "1",
    )  # fmt: skip
    assert found["best"]["values"] == {"charge_rate": 0.125}
    assert set(found["proof"]) == {
        "mechanisms", "count", "failed", "objectives", "probability", "constraints", "holds",
    }  # fmt: skip
    assert found["proof"]["count"] == 3


def test_nothing_fits(call, tmp_path):
    """One sentence that says which and by how much, exit code 2; the designs are kept and the nearest is shown."""
    arguments = (*CHEAP, "--trials", "8", "--subject-to", "lithium_excess >= 2", "--out", str(tmp_path))
    code, out, err = call(*arguments)
    assert code == 2
    assert err.count("\n") == 1
    assert "none of 8 designs keeps lithium_excess >= 2 (at best 0." in err
    assert "the nearest" in out
    assert len((tmp_path / TRIALS_FILE).read_text().splitlines()) == 9
    code, out, err = call(*arguments, "--resume", "--json")
    found = json.loads(out)
    assert (code, found["feasible"], found["best"], set(found["nearest"])) == (2, False, None, ROW)
    assert found["shortfall"] in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("--vary",)),
        (("--vary", "separator.thicknes=15 um..60 um"), ('"thickness"',)),
        (("--vary", "separator.thickness=60 um..15 um"), ("empty",)),
        (("--vary", "separator.thickness=15 um..60 um", "--maximise", "specific_enrgy"), ("specific_energy",)),
        (("--vary", "separator.thickness=15 um..60 um", "--subject-to", "energy"), ("--subject-to", "energy")),
        (("--vary", "separator.thickness=15 um..60 um", "--trials", "0"), ("--trials", "0")),
        (("--vary", "separator.thickness=15 um..60 um", "--probability", "1.5"), ("--probability", "1.5")),
        (("--vary", "separator.thickness=15 um..60 um", "--charge-rate", "0"), ("--charge-rate", "0")),
        (("--vary", "separator.thickness=15 um..60 um", "--figure", "x.doc"), ("x.doc", ".svg")),
        (("--vary", "separator.thickness=15 um..60 um", "--resume"), ("--resume", "--out")),
        (("--vary", "rate=0.1..0.2", "--protocol", "1 cycle at {rat}C"), ("rat",)),
    ],
)
def test_refusals(call, arguments, words):
    code, out, err = call("design", "practical-pouch", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(word in err for word in words)


@pytest.mark.parametrize("cell", ["sym-li-lpscl", "practical-puch"])
def test_cells_that_are_refused(call, cell):
    code, out, err = call("design", cell, "--vary", "separator.thickness=15 um..60 um")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "symmetric" in err or '"practical-pouch"' in err


def test_ctrl_c_shows_what_is_done(call, monkeypatch):
    done, evaluate = [], searching.evaluate

    def stopping(problem, values):
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(values)
        return evaluate(problem, values)

    monkeypatch.setattr(searching, "evaluate", stopping)
    code, out, err = call(*CHEAP, "--trials", "20")
    assert (code, err) == (130, "lisse: interrupted.\n")
    assert "Interrupted: 5 designs are done" in out


def test_a_killed_search_goes_on_where_it_was(document, tmp_path):
    path = tmp_path / "killed" / TRIALS_FILE
    command = [sys.executable, "-c", "from lisse.cli import main; main()", *CHEAP, "--trials", "5000"]
    process = subprocess.Popen([*command, "--out", str(path.parent)], stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(600):
            if path.exists() and len(path.read_bytes().splitlines()) > 15:
                break
            time.sleep(0.1)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    kept = path.read_bytes().rpartition(b"\n")[0].splitlines()
    assert len(kept) > 15
    count = str(len(kept) + 9)
    resumed = document(*CHEAP, "--trials", count, "--out", str(path.parent), "--resume")
    assert resumed == document(*CHEAP, "--trials", count, "--out", str(tmp_path / "whole"))
    assert path.read_bytes() == (tmp_path / "whole" / TRIALS_FILE).read_bytes()
    assert path.read_bytes().splitlines()[: len(kept)] == kept
