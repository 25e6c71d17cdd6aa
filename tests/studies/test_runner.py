"""Studies under fire: killed at any moment, interrupted, workers killed, points that kill, no scheduler."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from lisse.errors import InputError
from lisse.studies.cluster import Place, read_queue
from lisse.studies.optimise import run_optimiser
from lisse.studies.query import query
from lisse.studies.runner import LOST, run_study
from lisse.studies.store import Store
from lisse.studies.study_file import make_study

from .study_help import as_toml, children, document, end, listed, start, wait_for

pytest.importorskip("distributed")
pytest.importorskip("duckdb")


def counts(folder):
    """Rows, different points among them, and failed ones."""
    sql = "select count(*), count(distinct point), count(*) filter (status = 'failed') from points"
    return query(folder, sql).rows[0]


@pytest.mark.parametrize("workers", [0, 2])
def test_all_points_once_with_any_number_of_workers(tmp_path, workers):
    study = make_study(document())
    told = []
    result = run_study(study, tmp_path / "s", Place(workers), progress=lambda *numbers: told.append(numbers))
    assert (result.points, result.finished, result.failed, result.done_now) == (6, 6, 0, 6)
    assert not result.interrupted
    assert told[0] == (0, 0, 6)
    assert told[-1] == (6, 0, 6)
    sql = 'select "in.separator.thickness", separator_thickness from points order by point'
    rows = query(tmp_path / "s", sql).rows
    for written, found in rows:
        assert found == pytest.approx(1e-6 * float(written.split()[0]))
    again = run_study(study, tmp_path / "s", Place(0), resume=True)
    assert (again.finished, again.done_now) == (6, 0)


def test_equal_points_of_a_list_are_run_once(tmp_path):
    points = [{"separator.thickness": text} for text in ("20 um", "30 um", "20 um")]
    result = run_study(make_study(listed(1, points=points)), tmp_path / "s", Place(0))
    assert (result.points, result.finished) == (2, 2)


def test_more_points_are_added_to_a_study(tmp_path):
    run_study(make_study(listed(4)), tmp_path / "s", Place(0))
    result = run_study(make_study(listed(7)), tmp_path / "s", Place(0), resume=True)
    assert (result.points, result.finished, result.done_now) == (7, 7, 3)
    assert counts(tmp_path / "s") == (7, 7, 0)


def test_failed_points_are_counted_over_all_calls(tmp_path, own_evaluators):
    study = make_study(listed(12, evaluator=f"{own_evaluators}:wrong"))
    assert run_study(study, tmp_path / "s", Place(0)).failed == 1
    again = run_study(study, tmp_path / "s", Place(0), resume=True)
    assert (again.failed, again.finished) == (1, 12)
    reasons = query(tmp_path / "s", "select reason from points where status = 'failed'").rows
    assert reasons == (("ZeroDivisionError: nothing to divide by",),)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_kill_9_and_resume_lose_no_point_and_repeat_none(tmp_path, own_evaluators, workers):
    count, file, out = 60, tmp_path / "s.toml", tmp_path / "out"
    file.write_text(as_toml(listed(count, evaluator=f"{own_evaluators}:slow")), encoding="utf-8")
    arguments = (str(file), "--out", str(out), "--workers", workers)
    process = start(tmp_path, *arguments)
    try:
        wait_for(lambda: len(list(out.glob("points/*.parquet"))) >= 3)
    finally:
        end(process)
    before = query(out, "select point, id, seconds from points order by point").rows
    assert 0 < len(before) < count
    process = start(tmp_path, *arguments, "--resume")
    try:
        assert process.wait(timeout=90) == 0
    finally:
        end(process)
    after = query(out, "select point, id, seconds from points order by point").rows
    assert [row[0] for row in after] == list(range(count))
    assert len({row[1] for row in after}) == count
    assert set(before) <= set(after)  # the very rows: not even their times have changed
    assert counts(out)[2] == 0


@pytest.mark.parametrize("workers", ["0", "2"])
def test_ctrl_c_keeps_the_rows_and_says_how_to_go_on(tmp_path, own_evaluators, workers):
    file, out = tmp_path / "s.toml", tmp_path / "out"
    file.write_text(as_toml(listed(500, evaluator=f"{own_evaluators}:slow")), encoding="utf-8")
    process = start(tmp_path, str(file), "--out", str(out), "--workers", workers)
    try:
        wait_for(lambda: len(list(out.glob("points/*.parquet"))) >= 2)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all processes of the command
        printed, complaints = process.communicate(timeout=60)
    finally:
        end(process)
    assert process.returncode == 130
    assert "--resume" in printed
    assert "Traceback" not in printed + complaints
    rows, different, failed = counts(out)
    assert 0 < rows == different < 500
    assert failed == 0


def under_fire(study, folder, every, least=1):
    """Run a study on two workers while they are killed; return what came of it and how often that was done."""
    stop, begun, killed = threading.Event(), threading.Event(), []

    def kill():
        begun.wait(60)
        while not stop.wait(every):
            for pid in children(os.getpid(), "spawn_main")[-1:]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        result = run_study(study, folder, Place(2), progress=lambda done, *_: begun.set() if done else None)
    finally:
        stop.set()
        begun.set()
        thread.join(10)
    assert len(killed) >= least
    return result


def test_workers_that_are_killed_cost_no_point(tmp_path, own_evaluators):
    study = make_study(listed(60, evaluator=f"{own_evaluators}:slow"))
    result = under_fire(study, tmp_path / "s", 1.2)
    assert (result.finished, result.failed) == (60, 0)
    assert counts(tmp_path / "s") == (60, 60, 0)


def test_a_point_that_kills_its_worker_every_time_is_a_failed_row_and_no_other_is(tmp_path, own_evaluators):
    study = make_study(listed(24, evaluator=f"{own_evaluators}:deadly"))
    result = run_study(study, tmp_path / "s", Place(2))
    assert (result.finished, result.failed) == (24, 1)
    found = query(tmp_path / "s", "select \"in.separator.thickness\", reason from points where status = 'failed'").rows
    assert found == (("30 um", LOST),)
    assert counts(tmp_path / "s") == (24, 24, 1)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://nowhere.invalid:8786"])
def test_a_scheduler_that_does_not_answer_is_one_sentence_and_nothing_is_written(tmp_path, monkeypatch, address):
    from lisse.studies import cluster

    monkeypatch.setattr(cluster, "PATIENCE_S", 1)
    for study in (make_study(document()), None):
        run, what = (run_optimiser, search()) if study is None else (run_study, study)
        with pytest.raises(InputError, match=f"^--scheduler: {address} does not answer") as error:
            run(what, tmp_path / "s", Place(scheduler=address))
        assert "\n" not in str(error.value)
        assert list(tmp_path.iterdir()) == []


def search():
    design = {"kind": "optimise", "count": 3, "objectives": [{"metric": "stack_thickness", "sense": "minimise"}]}
    return make_study(document(design=design, vary={"separator.thickness": {"range": "20 um..60 um"}}))


@pytest.fixture
def scheduler(tmp_path):
    """Start a scheduler of its own with its workers, given how many; yields a function and stops them all."""
    started = []

    def begin(workers):
        code = (
            "import sys, time\nfrom distributed import LocalCluster\n"
            "if __name__ == '__main__':\n"
            f"    cluster = LocalCluster(n_workers={workers}, threads_per_worker=1, dashboard_address=':0', "
            "memory_limit=0)\n"
            "    print(cluster.scheduler_address, flush=True)\n    time.sleep(120)\n"
        )
        file = tmp_path / "cluster.py"
        file.write_text(code, encoding="utf-8")
        path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH", ""))))
        process = subprocess.Popen(
            [sys.executable, str(file)],
            env=os.environ | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process.stdout.readline().strip(), process

    yield begin
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def test_a_running_scheduler_is_used_and_left_running(tmp_path, scheduler):
    address, process = scheduler(1)
    result = run_study(make_study(document()), tmp_path / "s", Place(scheduler=address))
    assert (result.finished, result.failed) == (6, 0)
    assert process.poll() is None


def test_a_scheduler_without_workers_is_one_sentence(tmp_path, scheduler, monkeypatch):
    from lisse.studies import cluster

    monkeypatch.setattr(cluster, "PATIENCE_S", 2)
    address, _ = scheduler(0)
    with pytest.raises(InputError, match=f"^--scheduler: {address} has no workers"):
        run_study(make_study(document()), tmp_path / "s", Place(scheduler=address))
    assert not (tmp_path / "s").exists()


def test_a_scheduler_that_goes_away_keeps_the_rows(tmp_path, scheduler, own_evaluators, monkeypatch):
    from lisse.studies import cluster

    monkeypatch.setattr(cluster, "PATIENCE_S", 3)
    address, process = scheduler(1)
    study = make_study(listed(400, evaluator=f"{own_evaluators}:slow"))

    def progress(done, failed, total):
        if done >= 5:
            os.killpg(process.pid, signal.SIGKILL)

    with pytest.raises(InputError, match=r"the scheduler has gone; the points written are kept"):
        run_study(study, tmp_path / "s", Place(scheduler=address), progress=progress)
    with Store.opened(tmp_path / "s", study, resume=True) as store:
        assert 5 <= len(store.rows()) < 400


QUEUE = 'kind = "slurm"\njobs = 10\n[settings]\ncores = 4\nmemory = "8 GB"\nwalltime = "02:00:00"\n'


def test_a_queue_file_is_read(tmp_path):
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    assert read_queue(path) == ("slurm", 10, {"cores": 4, "memory": "8 GB", "walltime": "02:00:00"})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("slurm", "lsv", "kind is 'lsv' .* write one of slurm, pbs, lsf, sge"),
        ("10", "0", "jobs is 0"),
        ("10", '"many"', "jobs is 'many'"),
        ("cores = 4\n", "", "lack cores or memory"),
        ('"slurm"', "slurm", "cannot be read as TOML"),
    ],
)
def test_a_queue_file_that_is_refused(tmp_path, old, new, words):
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=f"--queue: .*{words}"):
        read_queue(path)
    with pytest.raises(InputError, match=r"--queue: .*cannot be read"):
        read_queue(tmp_path / "none.toml")


def test_the_jobs_of_a_queue_are_asked_for(tmp_path, monkeypatch):
    """The classes of dask-jobqueue in name only: a local cluster answers in the place of SLURM's."""
    from types import ModuleType

    from distributed import LocalCluster

    asked = []

    class FakeCluster(LocalCluster):
        def __init__(self, **settings):
            asked.append(settings)
            super().__init__(n_workers=0, threads_per_worker=1, dashboard_address=":0", memory_limit=0)

        def scale(self, n=None, jobs=None, **more):
            asked.append(jobs)
            return super().scale(n if jobs is None else 1)

    module = ModuleType("dask_jobqueue")
    module.SLURMCluster = FakeCluster
    monkeypatch.setitem(sys.modules, "dask_jobqueue", module)
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    result = run_study(make_study(document()), tmp_path / "s", Place(queue=path))
    assert result.finished == 6
    assert asked[:2] == [{"cores": 4, "memory": "8 GB", "walltime": "02:00:00"}, 10]


def test_without_dask_jobqueue_a_queue_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    path = tmp_path / "queue.toml"
    path.write_text(QUEUE, encoding="utf-8")
    with pytest.raises(InputError, match="pip install dask-jobqueue"):
        run_study(make_study(document()), tmp_path / "s", Place(queue=path))
    assert not (tmp_path / "s").exists()


@pytest.mark.slow
def test_ten_thousand_points_while_workers_are_killed(tmp_path):
    vary = {"separator.thickness": {"range": "15 um..100 um"}, "cathode.porosity": {"range": "0.02..0.2"}}
    study = make_study(document(design={"kind": "sobol", "count": 10_000}, vary=vary))
    result = under_fire(study, tmp_path / "s", 8.0, least=3)
    assert (result.points, result.finished, result.failed) == (10_000, 10_000, 0)
    assert counts(tmp_path / "s") == (10_000, 10_000, 0)


@pytest.mark.slow
def test_workers_that_are_killed_while_they_start_are_replaced(tmp_path, own_evaluators):
    """Dask gives such a worker up; with all of them lost a study would wait for ever."""
    study = make_study(listed(200, evaluator=f"{own_evaluators}:slow"))
    stop, killed = threading.Event(), []

    def kill():
        for _ in range(12):  # faster than a worker starts, so both are lost for good
            for pid in children(os.getpid(), "spawn_main") if not stop.wait(0.5) else ():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    thread = threading.Thread(target=kill, daemon=True)
    result = run_study(
        study,
        tmp_path / "s",
        Place(2),
        progress=lambda done, *_: thread.start() if done and not thread.ident else None,
    )
    stop.set()
    thread.join()
    assert len(killed) >= 4
    assert (result.finished, result.failed) == (200, 0)
