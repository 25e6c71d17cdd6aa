"""The commands study and query: JSON, tables, CSV, and refusals that write nothing."""

import json
import re

import pytest

pytest.importorskip("duckdb")

STUDY = """
cell = "practical-pouch"
evaluator = "cell"
[design]
kind = "factorial"
[vary]
"separator.thickness" = { range = "15 um..100 um", points = 3 }
"cathode.loading" = { values = ["20 mg/cm^2", "30 mg/cm^2"] }
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Writes a study file and goes where it is."""
    monkeypatch.chdir(tmp_path)

    def write(text=STUDY, name="screen"):
        (tmp_path / "s.toml").write_text(f'name = "{name}"\n{text}')
        return "s.toml"

    return write


def test_a_study_is_run_and_asked(study, call):
    code, out, _ = call("study", study(), "--workers", "0", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["folder"] == "lisse-studies/screen"
    assert (found["points"], found["finished"], found["failed"], found["best"]) == (6, 6, 0, None)
    assert found["points_per_s"] == pytest.approx(6 / found["seconds"], rel=0.1)
    sql = 'select "in.separator.thickness" as t, separator_thickness from points order by point'
    code, out, _ = call("query", sql, "--json")
    answer = json.loads(out)
    assert answer["columns"] == ["t", "separator_thickness"]
    assert [row[0] for row in answer["rows"]] == ["15 um"] * 2 + ["57.5 um"] * 2 + ["100 um"] * 2
    assert answer["rows"][2][1] == pytest.approx(57.5e-6)
    _, out, _ = call(
        "query", "select count(*) as n, max(point) as last from points", "--csv", "--from", found["folder"]
    )
    assert out == "n,last\n6,5.0\n"
    _, out, _ = call("query", "select range as number from range(250)")
    assert "150 more rows" in out
    code, out, _ = call("query", "select * from points order by point")
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["point"] == ["0"]
    assert rows["in.separator.thickness"] == ["15", "um"]
    assert "5 more rows" in out


def test_an_optimiser_prints_its_best(study, call):
    text = STUDY[: STUDY.index("[design]")].replace('evaluator = "cell"\n', "") + (
        '[design]\nkind = "optimise"\ncount = 30\nobjectives = [{ metric = "stack_thickness", sense = "minimise" }]\n'
        '[vary]\n"separator.thickness" = { range = "15 um..100 um" }\n'
    )
    code, out, _ = call("study", study(text), "--workers", "0", "--json")
    (best,) = json.loads(out)["best"]
    assert code == 0
    assert float(best["separator.thickness"].removesuffix(" um")) < 20  # the thinnest separator is the thinnest stack
    sql = "select point, stack_thickness from points order by stack_thickness limit 1"
    _, out, _ = call("query", sql, "--json")
    assert json.loads(out)["rows"] == [[best["point"], best["stack_thickness"]]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("separator.thickness", "separator.thicknes", 'the nearest known key is "thickness"'),
        ("15 um..100 um", "100 um..15 um", "the range in .* is empty"),
        ("kind =", "kin =", 'design.kin is not a field of a study; the nearest known one is "kind"'),
        ('evaluator = "cell"', 'evaluator = "cel"', 'the nearest known one is "cell"'),
        ("practical-pouch", "practical-puch", 'the nearest cell of the library is "practical-pouch"'),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(study, call, tmp_path, old, new, words):
    code, out, err = call("study", study(STUDY.replace(old, new, 1)), "--workers", "0")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert re.search(words, err)
    assert [path.name for path in tmp_path.iterdir()] == ["s.toml"]


def test_many_points_must_be_meant(study, call, tmp_path):
    text = STUDY.replace("points = 3", "points = 10_000").replace(
        '{ values = ["20 mg/cm^2", "30 mg/cm^2"] }', '{ range = "20..30 mg/cm^2", points = 11 }'
    )
    code, _, err = call("study", study(text))
    assert code == 2
    assert "110000 points are more than 100000; add --yes" in err
    assert [path.name for path in tmp_path.iterdir()] == ["s.toml"]


def test_places_exclude_each_other(study, call):
    code, _, err = call("study", study(), "--workers", "2", "--scheduler", "tcp://localhost:1")
    assert code == 2
    assert "--scheduler and --workers are given" in err
    assert call("study", study(), "--workers", "-1")[0] == 2


def test_a_question_needs_a_study(study, call):
    code, _, err = call("query", "select 1")
    assert code == 2
    assert "lisse-studies holds no study" in err
    for name in ("one", "two"):
        call("study", study(name=name), "--workers", "0")
    code, _, err = call("query", "select 1")
    assert code == 2
    assert "lisse-studies holds one, two" in err
    code, _, err = call("query", "select porosity from points", "--from", "lisse-studies/one")
    assert code == 2
    assert err.startswith("lisse: sql: ")
    assert err.count("\n") == 1


def test_progress_is_a_line_where_there_is_no_terminal(monkeypatch, capsys):
    from lisse import cli_study

    now = [0.0]
    monkeypatch.setattr(cli_study.time, "monotonic", lambda: now[0])
    update = cli_study._lines()
    for moment, done in ((1.0, 100), (20.0, 200), (41.0, 500), (50.0, 600)):
        now[0] = moment
        update(done, 3, 2500)
    assert capsys.readouterr().err == "500 of 2500 points, 3 failed, 10 a second, 3 min left\n"
