"""Rows of a study on disk: Parquet files that appear whole, one a chunk, readable while the study runs.

A point is finished when the file with its row has its final name. Leaves out: queries (``query``).
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from lisse.errors import InputError
from lisse.studies.study_file import StudyFile

ROWS, NOTE, LOCK = "points", "study.json", ".lock"
"""Folder of the rows, file with the study, and file that the process running it holds, in the folder of a study."""


_OWN = (ROWS, LOCK, f".{NOTE}.part")
"""What a process that was killed before it noted its study may have left."""


class Store:
    """The folder of a study.

    Parameters
    ----------
    folder
        Made where it is not there.
    study
        The study.
    resume
        Go on with what is there.
    known
        Identities of the points of the study; None where they do not follow from its file.

    Raises
    ------
    InputError
        If it holds a study and none is resumed, or another one is, or rows of points that the study does not have.
    """

    def __init__(
        self, folder: Path, study: StudyFile, resume: bool = False, known: Collection[str] | None = None
    ) -> None:
        self.folder, self._rows = folder, folder / ROWS
        try:
            self._open(study, resume, known)
        except OSError as error:
            raise refusal(error, folder) from None

    def _open(self, study: StudyFile, resume: bool, known: Collection[str] | None) -> None:
        folder, note = self.folder, self.folder / NOTE
        if note.exists():
            if not resume:
                raise InputError(f"--out: {folder} holds a study already; go on with --resume or name another folder.")
            if _noted_core(note) != study.core:
                raise InputError(
                    f"--resume: the study in {folder} has another cell, protocol, evaluator, range or seed; only more "
                    "points may be asked for; name another folder."
                )
            dropped = set() if known is None else {str(row["id"]) for row in self.rows(["id"])} - set(known)
            if dropped:
                raise InputError(
                    f"--resume: {len(dropped)} finished points in {folder} are not among those of the study any more; "
                    "points can be added and none taken away; name another folder."
                )
        elif folder.exists() and (not folder.is_dir() or any(path.name not in _OWN for path in folder.iterdir())):
            raise InputError(f"--out: {folder} holds other files; name a folder that is new or empty.")
        self._rows.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder)
        for left in self._rows.glob(".*"):
            left.unlink()  # of a process that was killed while it wrote
        document = {"core": study.core, "study": study.model_dump(mode="json")}
        _write_whole(note, json.dumps(document, indent=2).encode())
        self._next = 1 + max((int(path.stem) for path in self._rows.glob("*.parquet")), default=-1)

    @classmethod
    @contextmanager
    def opened(
        cls, folder: Path, study: StudyFile, resume: bool = False, known: Collection[str] | None = None
    ) -> Iterator[Self]:
        """Yield the folder of a study, held against other processes until the end; arguments as of the class."""
        store = cls(folder, study, resume, known)
        try:
            yield store
        finally:
            if store._lock is not None:
                store._lock.close()

    def rows(self, columns: list[str] | None = None) -> list[dict[str, Any]]:
        """Return all rows, in the order in which they were written; all columns by default."""
        import pyarrow.parquet as pq

        files = sorted(self._rows.glob("*.parquet"))
        return [row for path in files for row in pq.ParquetFile(path).read(columns).to_pylist()]

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows as one file, whole or not at all.

        Raises
        ------
        InputError
            If the disk is full or cannot be written; what is there stays.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        listed = list(rows)
        if not listed:
            return
        names = list(dict.fromkeys(name for row in listed for name in row))
        columns = {name: _column([row.get(name) for row in listed]) for name in names}
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns), sink)
        try:
            _write_whole(self._rows / f"{self._next:08d}.parquet", sink.getvalue().to_pybytes())
        except OSError as error:
            raise refusal(error, self.folder) from None
        self._next += 1


def _noted_core(note: Path) -> str:
    """Return the fingerprint of the study that a folder notes; empty where it notes none."""
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["core"])
    except (ValueError, KeyError, TypeError):
        return ""


def _locked(folder: Path) -> Any:
    """Hold a folder for this process until it ends, however it ends; None where the system cannot."""
    try:
        import fcntl
    except ImportError:
        return None
    file = (folder / LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise InputError(f"--out: another process runs the study in {folder}; wait for it or stop it.") from None
    except OSError:
        file.close()  # some network file systems have no locks
        return None
    return file


def _column(values: list[Any]) -> Any:
    """Return a column of one type: text where any value is, else numbers, so that files of a study fit together."""
    import pyarrow as pa

    if any(isinstance(value, str) for value in values):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name, make sure that it is on disk, and give it its name."""
    # The name ends in no .parquet, so that no reader takes half a file for a whole one.
    scratch = path.with_name(f".{path.name}.part")
    try:
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise


def refusal(error: OSError, folder: Path) -> InputError:
    """Return the sentence for a folder that cannot be written."""
    if error.errno == errno.ENOSPC:
        return InputError(f"--out: the disk of {folder} is full; the points written are kept, go on with --resume.")
    return InputError(f"--out: {folder} cannot be written ({error.strerror or error}); the points written are kept.")
