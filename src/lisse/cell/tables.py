"""What all tables of a cell file share: unknown keys are refused, and keys that say the same exclude each other.

Leaves out: the tables themselves (``specification``, ``format``).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from lisse.cell.fields import refuse


class Table(BaseModel):
    """A table of the cell file: unknown keys are refused, numbers do not change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def _one_of(self, *names: str, required: bool = True) -> str | None:
        """Return the one of ``names`` that is given; refuse two, and none when one is required."""
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) > 1:
            raise refuse(f"both {given[0]} and {given[1]} are given, but they say the same thing; give one", given[1])
        if required and not given:
            raise refuse(f"one of {', '.join(names)} must be given", names[0])
        return given[0] if given else None
