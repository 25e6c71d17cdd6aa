"""Rows on disk: whole files, what a killed process leaves, a full disk, and folders that are refused."""

from __future__ import annotations

import errno
import os

import pytest

from lisse.errors import InputError
from lisse.studies import store as module
from lisse.studies.cluster import Place
from lisse.studies.runner import run_study
from lisse.studies.store import Store
from lisse.studies.study_file import make_study

from .study_help import document, listed


@pytest.fixture
def study():
    return make_study(document())


def row(number, **more):
    return {"id": f"id{number}", "point": number, "status": "done", **more}


def test_rows_come_back_in_order_with_all_their_columns(tmp_path, study):
    with Store.opened(tmp_path / "s", study) as store:
        store.add([row(0, value=1.5), row(1, note="text")])
        store.add([])
        store.add([row(2, value=None)])
    files = sorted(path.name for path in (tmp_path / "s" / "points").iterdir())
    assert files == ["00000000.parquet", "00000001.parquet"]
    with Store.opened(tmp_path / "s", study, resume=True) as store:
        rows = store.rows()
        assert [found["id"] for found in rows] == ["id0", "id1", "id2"]
        assert (rows[0]["value"], rows[1]["note"], rows[2]["value"]) == (1.5, "text", None)
        assert store.rows(["id"]) == [{"id": f"id{number}"} for number in range(3)]
        store.add([row(3)])
    assert (tmp_path / "s" / "points" / "00000002.parquet").exists()


def test_what_a_killed_process_leaves_is_ignored_and_removed(tmp_path, study):
    folder = tmp_path / "s"
    with Store.opened(folder, study) as store:
        store.add([row(0)])
    scratch = folder / "points" / ".00000001.parquet.part"
    scratch.write_bytes(b"half a file")
    from lisse.studies.query import query

    assert query(folder, "select count(*) from points").rows == ((1,),)
    with Store.opened(folder, study, resume=True) as store:
        assert not scratch.exists()
        assert len(store.rows()) == 1


def test_a_process_killed_before_it_noted_its_study_is_no_obstacle(tmp_path, study):
    folder = tmp_path / "s"
    (folder / "points").mkdir(parents=True)
    (folder / ".lock").touch()
    (folder / ".study.json.part").write_text("{")
    with Store.opened(folder, study) as store:
        assert store.rows() == []


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_rows_before_it(tmp_path, study, monkeypatch, where):
    folder = tmp_path / "s"
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(*args, **kwargs):
        raise full

    with Store.opened(folder, study) as store:
        store.add([row(0)])
        with monkeypatch.context() as patch:
            if where == "write":
                real = module.Path.open

                class Full:
                    def __init__(self, file):
                        self.file = file

                    def __enter__(self):
                        return self

                    def __exit__(self, *args):
                        self.file.close()

                    write = refuse

                patch.setattr(module.Path, "open", lambda path, *args, **kwargs: Full(real(path, *args, **kwargs)))
            else:
                patch.setattr(*((os, "fsync", refuse) if where == "fsync" else (module.Path, "replace", refuse)))
            with pytest.raises(InputError, match=r"the disk of .* is full; the points written are kept"):
                store.add([row(1)])
        assert [path.name for path in (folder / "points").iterdir()] == ["00000000.parquet"]
        store.add([row(1)])
        assert [found["id"] for found in store.rows()] == ["id0", "id1"]


def test_a_study_on_a_disk_that_fills_up_keeps_its_points_and_goes_on(tmp_path, monkeypatch):
    study, folder = make_study(listed(10)), tmp_path / "s"
    real, calls = os.fsync, []

    def fsync(number):
        calls.append(number)
        if len(calls) == 4:  # the note, two chunks, and then no more
            raise OSError(errno.ENOSPC, "No space left on device")
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(InputError, match="is full"):
        run_study(study, folder, Place(0))
    result = run_study(study, folder, Place(0), resume=True)
    assert result.finished == 10
    assert 0 < result.done_now < 10


def test_folders_that_are_refused(tmp_path, study):
    with Store.opened(tmp_path / "s", study):
        pass
    with pytest.raises(InputError, match=r"holds a study already; go on with --resume"):
        Store(tmp_path / "s", study)
    with pytest.raises(InputError, match=r"has another cell, protocol"):
        Store(tmp_path / "s", make_study(document(protocol="1 cycle at C/2")), resume=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    with pytest.raises(InputError, match="holds other files"):
        Store(tmp_path / "other", study)
    with pytest.raises(InputError, match="holds other files"):
        Store(tmp_path / "other" / "file", study)
    with pytest.raises(InputError, match="cannot be written"):
        Store(tmp_path / "other" / "file" / "below", study)
    (tmp_path / "s" / "study.json").write_text("{}")
    with pytest.raises(InputError, match="another"):
        Store(tmp_path / "s", study, resume=True)


def test_points_can_be_added_but_not_taken_away(tmp_path):
    vary = {"separator.thickness": ["20 um", "30 um", "40 um"]}
    folder = tmp_path / "s"
    run_study(make_study(document(vary=vary)), folder, Place(0))
    note = (folder / "study.json").read_bytes()
    fewer = make_study(document(vary={"separator.thickness": ["20 um", "40 um", "50 um"]}))
    with pytest.raises(InputError, match=r"1 finished points in .* are not among those of the study any more"):
        run_study(fewer, folder, Place(0), resume=True)
    assert (folder / "study.json").read_bytes() == note
    more = make_study(document(vary={"separator.thickness": ["40 um", "50 um", "30 um", "20 um"]}))
    result = run_study(more, folder, Place(0), resume=True)
    assert (result.points, result.finished, result.done_now) == (4, 4, 1)


def test_two_processes_do_not_write_one_folder(tmp_path, study):
    pytest.importorskip("fcntl")
    with Store.opened(tmp_path / "s", study), pytest.raises(InputError, match="another process runs the study"):
        Store(tmp_path / "s", study, resume=True)
    with Store.opened(tmp_path / "s", study, resume=True) as store:
        assert store.rows() == []
