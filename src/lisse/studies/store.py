"""Rows of a study on disk: Parquet files that appear whole, one a chunk, readable while the study runs.

A point is finished when the file with its row has its final name. Leaves out: queries (``query``).
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.studies.study_file import StudyFile, make_study

ROWS, NOTE = "points", "study.json"
"""Folder of the rows and file with the study, in the folder of a study."""


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

    Raises
    ------
    InputError
        If it holds a study and none is resumed, or another one is.
    """

    def __init__(self, folder: Path, study: StudyFile, resume: bool = False) -> None:
        self.folder, self._rows = folder, folder / ROWS
        note = folder / NOTE
        if note.exists():
            if not resume:
                raise InputError(f"--out: {folder} holds a study already; go on with --resume or name another folder.")
            if make_study(json.loads(note.read_text(encoding="utf-8")), str(note)).core != study.core:
                raise InputError(
                    f"--resume: the study in {folder} has another cell, protocol, evaluator, range or seed; only more "
                    "points may be asked for; name another folder."
                )
        elif folder.exists() and any(folder.iterdir()):
            raise InputError(f"--out: {folder} holds other files; name a folder that is new or empty.")
        try:
            self._rows.mkdir(parents=True, exist_ok=True)
            for left in self._rows.glob(".*"):
                left.unlink()
            _write_whole(note, study.model_dump_json(indent=2).encode())
        except OSError as error:
            raise refusal(error, folder) from None
        self._next = 1 + max((int(path.stem) for path in self._rows.glob("*.parquet")), default=-1)

    def finished(self) -> set[str]:
        """Return the identities of all finished points."""
        import pyarrow.parquet as pq

        found: set[str] = set()
        for path in sorted(self._rows.glob("*.parquet")):
            found.update(pq.read_table(path, columns=["id"])["id"].to_pylist())
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return all rows, in the order in which they were written."""
        import pyarrow.parquet as pq

        return [row for path in sorted(self._rows.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]

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


def _column(values: list[Any]) -> Any:
    """Return a column of one type: text where any value is, else numbers, so that files of a study fit together."""
    import pyarrow as pa

    if any(isinstance(value, str) for value in values):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name, make sure that it is on disk, and give it its name."""
    scratch = path.with_name(f".{path.name}")
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
    return InputError(f"--out: {folder} cannot be written ({error.strerror}); the points written are kept.")
