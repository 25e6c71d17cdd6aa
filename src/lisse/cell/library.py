"""The library of cell files, and how a cell file is found and read.

Leaves out: what a file means (see ``cell``).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from lisse.cell.fields import brief
from lisse.cell.messages import nearest
from lisse.errors import InputError

_DIRECTORY = Path(__file__).parent / "data"


def cell_library() -> dict[str, Path]:
    """Return name and file of every cell of the library, sorted by name.

    Examples
    --------
    >>> "reference" in cell_library()
    True
    """
    return {path.stem: path for path in sorted(_DIRECTORY.glob("*.toml"))}


def read_cell_file(name_or_path: str | Path) -> dict[str, Any]:
    """Return the document of a library cell or of a TOML file.

    Raises
    ------
    InputError
        If there is no such cell or file, or if it is not TOML.
    """
    text = str(name_or_path)
    library = cell_library()
    looks_like_path = isinstance(name_or_path, Path) or text.endswith(".toml") or "/" in text or "\\" in text
    if not looks_like_path:
        match = {name.casefold(): name for name in library}.get(text.casefold())
        if match is None:
            raise _not_found(f"{brief(text)} is not a cell of the library", text, library)
        path = library[match]
    else:
        path = Path(text).expanduser()
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        raise _not_found(f"there is no readable file {brief(text)}", path.stem, library) from None
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise InputError(f"cell: {brief(path.name)} is not valid TOML: {reason.rstrip('.')}.") from None
    if not document:
        raise InputError(f'cell: the file {brief(path.name)} is empty; write at least a name, as in name = "my cell".')
    return document


def _not_found(what: str, word: str, library: dict[str, Path]) -> InputError:
    close = nearest(word, library)
    hint = f'the nearest cell of the library is "{close}"' if close else "`lisse cells` lists the library"
    return InputError(f"cell: {what}; {hint}.")
