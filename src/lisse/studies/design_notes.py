"""Designs on disk, a line each, written as soon as they are done: a search that is killed loses none of them.

Leaves out: what is in a line (``design``).
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lisse.errors import InputError

TRIALS_FILE = "trials.jsonl"


class Notes:
    """The designs of a search in its folder.

    Parameters
    ----------
    head
        What tells one search from another; the first line.
    folder
        Where it is; None notes nothing.
    resume
        Whether a search may be there already.

    Attributes
    ----------
    earlier
        Designs that were there, as plain tables.

    Raises
    ------
    InputError
        If the folder holds a search already, that of another problem, or cannot be written.
    """

    def __init__(self, head: Mapping[str, Any], folder: Path | None, resume: bool) -> None:
        self._path = None if folder is None else folder / TRIALS_FILE
        self.earlier: list[dict[str, Any]] = []
        if self._path is None:
            if resume:
                raise InputError("--resume: name the folder of the search with --out.")
            return
        try:
            there = self._path.exists() and self._path.stat().st_size > 0
            if there and not resume:
                raise InputError(f"--out: {folder} holds a search already; go on with --resume or name another folder.")
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lines = self._path.read_text(encoding="utf-8").splitlines() if there else []
        except (OSError, UnicodeDecodeError) as error:
            raise self._refusal(error) from None
        rows = [found for line in lines if (found := _table(line)) is not None]
        if rows and rows[0] != json.loads(json.dumps(head)):
            raise InputError(f"--resume: {folder} holds the search of another problem; name another folder.")
        self.earlier = [_read(row) for row in rows[1:]]
        # A line that was cut off goes, so that the next one begins on its own.
        self._replace([head, *(_plain(row) for row in self.earlier)])

    def add(self, row: Mapping[str, Any]) -> None:
        """Write one design."""
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(_plain(row), allow_nan=False) + "\n")
        except OSError as error:
            raise self._refusal(error) from None

    def _replace(self, rows: list[Any]) -> None:
        assert self._path is not None
        beside = self._path.with_suffix(".new")
        try:
            beside.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            os.replace(beside, self._path)
        except OSError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: Exception) -> InputError:
        why = getattr(error, "strerror", None) or "not text"
        return InputError(f"--out: {self._path} cannot be written or read ({why}); what is done is kept.")


def _table(line: str) -> dict[str, Any] | None:
    """Return the table of a line; None for one that was cut off."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a design with null in place of numbers that are not finite, which JSON lacks."""
    return {
        key: [None if isinstance(x, float) and not math.isfinite(x) else x for x in value]
        if isinstance(value, tuple)
        else value
        for key, value in row.items()
    }


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "values": row["values"],
        "objectives": tuple(math.nan if x is None else x for x in row["objectives"]),
        "violations": tuple(math.inf if x is None else x for x in row["violations"]),
        "constrained": tuple(row["constrained"]),
        "reason": row["reason"],
    }
