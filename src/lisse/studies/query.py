"""Questions in SQL to the rows of a study, also while it runs.

The rows are copied into a data base in memory before the question is asked, which then can neither read nor write
anything else. Leaves out: figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.studies.store import ROWS


@dataclass(frozen=True)
class Answer:
    """Names of columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {"columns": list(self.columns), "rows": [[_plain(value) for value in row] for row in self.rows]}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def query(folder: Path, sql: str) -> Answer:
    """Ask the rows of a study, which are the table ``points``.

    Raises
    ------
    InputError
        If the folder holds no rows, DuckDB is not installed, or the question is refused.
    """
    try:
        import duckdb
    except ImportError:
        raise InputError("lisse query needs DuckDB, which is not installed; pip install 'lisse[studies]'.") from None
    files = sorted(str(path) for path in (folder / ROWS).glob("*.parquet"))
    if not files:
        raise InputError(f"--from: {folder} holds no rows of a study; name the folder of lisse study --out.")
    with duckdb.connect(":memory:") as base:
        base.execute("create table points as select * from read_parquet(?, union_by_name = true)", [files])
        base.execute("set enable_external_access = false")
        base.execute("set lock_configuration = true")
        try:
            found = base.execute(sql)
            # What holds nothing but a comment gives no answer at all.
            names = () if found is None else tuple(column[0] for column in found.description or ())
            return Answer(names, tuple(found.fetchall()) if names else ())
        except duckdb.Error as error:
            first = " ".join(str(error).split("\n\n")[0].split())
            raise InputError(f"sql: {first}") from None
