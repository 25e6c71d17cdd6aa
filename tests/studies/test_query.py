"""Questions in SQL: also while a study runs, and never more than a look at its rows."""

from __future__ import annotations

import json

import pytest

from lisse.errors import InputError
from lisse.studies.cluster import Place
from lisse.studies.query import query
from lisse.studies.runner import run_study
from lisse.studies.study_file import make_study

from .study_help import document, end, start, wait_for

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("query") / "s"
    run_study(make_study(document()), found, Place(0))
    return found


def test_inputs_and_results_can_be_compared_as_numbers(folder):
    sql = """
        select "in.separator.thickness", separator_thickness from points
        where "si.separator.thickness" between 25e-6 and 4e-5 and "si.operation.stack_pressure" = 5e6 order by point
    """
    found = query(folder, sql)
    assert found.columns == ("in.separator.thickness", "separator_thickness")
    assert [row[0] for row in found.rows] == ["30 um", "40 um"]
    assert [row[1] for row in found.rows] == pytest.approx([3e-5, 4e-5])


def test_answers_are_plain_json(folder):
    sql = "select 1.5::decimal(4, 2) d, date '2026-01-02' t, [1, 2] l, null n, count(*) c, true b from points"
    (row,) = json.loads(json.dumps(query(folder, sql).as_dict()))["rows"]
    assert row == [1.5, "2026-01-02", [1, 2], None, 6, True]


@pytest.mark.parametrize(
    "sql",
    [
        "selct * from points",
        "select nothing_such from points",
        "select * from other",
        "",
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('{folder}/study.json')",
        "select * from '{folder}/points/00000000.parquet'",
        "copy points to '{folder}/written.csv'",
        "attach '{folder}/written.db'",
        "export database '{folder}/written'",
        "set enable_external_access = true",
        "install httpfs",
        "load httpfs",
    ],
)
def test_what_is_refused_is_one_sentence_and_touches_nothing(folder, sql):
    before = sorted(folder.rglob("*"))
    text = sql.replace("{folder}", str(folder))
    if not text:
        assert query(folder, text).rows == ()
        return
    with pytest.raises(InputError, match=r"^sql: ") as error:
        query(folder, text)
    assert "\n" not in str(error.value)
    assert sorted(folder.rglob("*")) == before


def test_changes_in_the_answer_change_no_row(folder):
    assert query(folder, "delete from points").rows
    assert query(folder, "select count(*) from points").rows == ((6,),)


def test_a_folder_without_rows(tmp_path):
    with pytest.raises(InputError, match="holds no rows of a study"):
        query(tmp_path, "select 1")


def test_a_study_is_asked_while_it_runs(tmp_path, own_evaluators):
    file, out = tmp_path / "s.toml", tmp_path / "out"
    points = ",\n".join(f'{{"separator.thickness" = "{20 + number} um"}}' for number in range(200))
    text = f'name = "s"\nevaluator = "{own_evaluators}:slow"\npoints = [{points}]\n[design]\nkind = "list"\n'
    file.write_text(text, encoding="utf-8")
    process = start(tmp_path, str(file), "--out", str(out), "--workers", "0")
    try:
        wait_for(lambda: list(out.glob("points/*.parquet")))
        first = query(out, "select count(*) from points").rows[0][0]
        wait_for(lambda: query(out, "select count(*) from points").rows[0][0] > first)
        assert process.poll() is None
    finally:
        end(process)
