"""A protocol: what is done to a cell, read from text, from a file or from the library.

Leaves out: the cell's window and size (``resolve``) and PyBaMM (``pybamm_steps``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from lisse.cell.fields import brief
from lisse.errors import InputError
from lisse.experiments.grammar import MOST_CYCLES, parse_cycles, repeated
from lisse.experiments.resolve import CellFacts, ResolvedProtocol, resolve
from lisse.experiments.steps import Cycle
from lisse.experiments.tables import CYCLE_KEYS, check_keys, read_cycle_table, read_repeat
from lisse.experiments.values import suggestion

_DIRECTORY = Path(__file__).parent / "data"
PROTOCOL_KEYS = ("name", "description", "cycles")


def protocol_library() -> dict[str, Path]:
    """Return name and file of every named protocol, sorted by name.

    Examples
    --------
    >>> list(protocol_library())
    ['cycle', 'formation', 'rate', 'reference', 'strip-plate']
    """
    return {path.stem: path for path in sorted(_DIRECTORY.glob("*.toml"))}


class Protocol:
    """What is done to a cell, before the cell is known.

    Use :meth:`load` or :meth:`from_dict`.

    Attributes
    ----------
    name
        Name of the protocol; of a text, the text itself.
    text
        What it was read from: the text, or the name of the file.
    description
        The file's own sentence; empty for a text.
    cycles
        The cycles in order; repeats are the same object.

    Examples
    --------
    >>> protocol = Protocol.load("formation + 2 cycles at C/3")
    >>> len(protocol.cycles)
    3
    """

    def __init__(self, name: str, text: str, cycles: tuple[Cycle, ...], description: str = "") -> None:
        self.name = name
        self.text = text
        self.description = description
        self.cycles: list[Cycle] = list(cycles)

    def __repr__(self) -> str:
        return f"Protocol({self.name!r}, {len(self.cycles)} cycles)"

    @classmethod
    def load(cls, source: str | Path) -> Self:
        """Return a named protocol, the one in a TOML file, or the one that a text describes.

        Parameters
        ----------
        source
            A name of the library (any case), a path (a ``Path``, or text that ends in ``.toml``), or protocol text.

        Raises
        ------
        InputError
            One sentence that names what is wrong, what is accepted and the nearest known name.
        """
        if isinstance(source, Path):
            return cls._from_file(source)
        if not isinstance(source, str):
            raise InputError(f'protocol: {brief(source)} is not text such as "formation + 5 cycles at C/3".')
        text = " ".join(source.split())
        path = _named_path(text)
        if path is not None:
            return cls._from_file(path)
        if text.casefold().endswith(".toml"):
            return cls._from_file(Path(source.strip()))
        if not text:
            raise InputError('protocol: the text is empty; write for example "formation + 5 cycles at C/3".')
        return cls(text, text, parse_cycles(text, _named_cycles, protocol_library()))

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], directory: Path | None = None, text: str = "") -> Self:
        """Return the protocol that a document (the content of a protocol file) describes.

        Parameters
        ----------
        document
            Keys ``name``, ``description`` (both optional) and ``cycles``.
        directory
            Where drive files with relative paths lie; None for the working directory.
        text
            What the document was read from, for :attr:`text`.

        Raises
        ------
        InputError
            If a key or a value is not accepted.
        """
        table = check_keys(document, PROTOCOL_KEYS, "protocol")
        for key in ("name", "description"):
            if not isinstance(table.get(key, ""), str):
                raise InputError(f"protocol.{key}: {brief(table[key])} is not text in quotes.")
        entries = table.get("cycles")
        if not isinstance(entries, list) or not entries:
            raise InputError(f"protocol.cycles: {brief(entries)} is not a list of [[cycles]] tables.")
        cycles: list[Cycle] = []
        for k, entry in enumerate(entries):
            cycles += _entry_cycles(entry, directory, f"cycles[{k}]")
            if len(cycles) > MOST_CYCLES:
                raise InputError(f"protocol.cycles: at most {MOST_CYCLES} cycles are accepted.")
        name = table.get("name") or text or "protocol"
        return cls(name, text or name, tuple(cycles), table.get("description", ""))

    @classmethod
    def _from_file(cls, path: Path) -> Self:
        try:
            content = path.expanduser().read_bytes()
        except (OSError, ValueError, RuntimeError):
            hint = suggestion(path.stem, protocol_library())
            raise InputError(f"protocol: there is no readable file {brief(str(path))}; {hint}.") from None
        try:
            document = tomllib.loads(content.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            reason = " ".join(str(error).split()) or "nested too deeply"
            raise InputError(f"protocol: {brief(path.name)} is not valid TOML: {reason.rstrip('.')}.") from None
        return cls.from_dict({"name": path.stem, **document}, path.parent, path.name)

    def resolve(self, cell_facts: CellFacts) -> ResolvedProtocol:
        """Return the protocol with the numbers of one cell.

        Raises
        ------
        InputError
            If a voltage lies too far outside of the cell's window, or the facts are no numbers of a cell.
        """
        return resolve(self.name, self.text, self.cycles, cell_facts)


def _named_path(text: str) -> Path | None:
    return {name.casefold(): path for name, path in protocol_library().items()}.get(text.casefold())


@lru_cache(maxsize=64)
def _cycles_of(path: Path) -> tuple[Cycle, ...]:
    return tuple(Protocol.load(path).cycles)


def _named_cycles(text: str) -> tuple[Cycle, ...] | None:
    path = _named_path(text)
    return None if path is None else _cycles_of(path)


def _entry_cycles(entry: Any, directory: Path | None, field: str) -> tuple[Cycle, ...]:
    """Return the cycles of one ``[[cycles]]`` table: its steps, or the protocol text that it refers to."""
    table = check_keys(entry, CYCLE_KEYS, field)
    if ("steps" in table) == ("protocol" in table):
        raise InputError(f"{field}: either steps or protocol must be given, and not both.")
    if "steps" in table:
        return read_cycle_table(table, directory, field)
    text = table["protocol"]
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'{field}.protocol: {brief(text)} is not protocol text such as "formation".')
    cycles = parse_cycles(" ".join(text.split()), _named_cycles, protocol_library(), f"{field}.protocol")
    return repeated(cycles, read_repeat(table, field), f"{field}.repeat")
