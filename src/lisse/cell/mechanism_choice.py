"""Which mechanisms a question about the composite is asked with: given ones, the cell file's, or all of the composite.

Leaves out: what the mechanisms do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lisse.cell.cell import Cell
from lisse.cell.options import CATHODE_MECHANISMS


def composite_mechanisms(
    cell: Cell | str | Path, mechanisms: Sequence[str] | None = None, changes: Mapping[str, Any] | None = None
) -> tuple[Cell, str]:
    """Return a cell with the mechanisms to be on, and a sentence where the choice was lisse's.

    Parameters
    ----------
    cell
        A cell, the name of a library cell, or the path of a cell file.
    mechanisms
        To be on, in place of the cell file's; None for those of the file, and where it lists none of the composite,
        all of these besides.
    changes
        Further fields of the cell file to replace, by dotted path.

    Raises
    ------
    InputError
        If a name or a change cannot be accepted, or the cell has no composite.

    Examples
    --------
    >>> described, note = composite_mechanisms("reference")
    >>> described.spec.mechanisms
    ['contact_loss', 'cracks', 'cathode_interphase']
    """
    described = cell if isinstance(cell, Cell) else Cell.load(cell)
    edits: dict[str, Any] = dict(changes or {})
    if mechanisms is not None:
        edits["mechanisms"] = list(mechanisms)
    if edits:
        described = described.replace(**edits)
    described.spec.composite  # noqa: B018  a symmetric cell is refused here, in one sentence
    listed = list(described.spec.mechanisms)
    if mechanisms is not None or set(listed) & set(CATHODE_MECHANISMS):
        return described, ""
    note = f"The cell file lists no mechanism of the composite, so all are on: {', '.join(CATHODE_MECHANISMS)}."
    return described.replace(mechanisms=[*listed, *CATHODE_MECHANISMS]), note


def without_composite(cell: Cell) -> Cell:
    """Return the cell with the mechanisms of its composite off, those of its lithium as they are."""
    return cell.replace(mechanisms=[name for name in cell.spec.mechanisms if name not in CATHODE_MECHANISMS])
