"""The library of materials: built-in files, directories of the user, and files of other installed packages.

An index of names is read from the heads of the files; a file is parsed and checked when its material is asked
for. Leaves out: writing files.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import os
import re
import sys
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

from lisse.citations import Source
from lisse.errors import InputError
from lisse.materials.analogy import borrowed
from lisse.materials.curves import Curve
from lisse.materials.in_use import in_place_of, note
from lisse.materials.schema import Claim, LikeSpec, read_material
from lisse.materials.site_density import check_sites
from lisse.materials.thermodynamic_claims import with_library_claims

ENTRY_POINTS = "lisse.materials"
"""Entry-point group: a package or a callable that returns a directory of material files."""
ENVIRONMENT = "LISSE_MATERIALS"
"""Environment variable with further directories, separated as in PATH."""

_added: list[Path] = []
_HEAD = re.compile(r"^\s*\[", re.MULTILINE)


class SuspectClaimWarning(UserWarning):
    """A value in use is one that its own file calls suspect."""


@dataclass(frozen=True)
class Material:
    """A material: its names and its claims.

    Attributes
    ----------
    name, aliases
        Names under which it is found, in any case.
    kind
        One of :data:`lisse.materials.properties.KINDS`.
    formula, state, description
        As in the file; empty if not given.
    claims
        All claims, in SI, in the order of the file.
    path
        The file.
    """

    name: str
    kind: str
    claims: tuple[Claim, ...]
    path: Path
    aliases: tuple[str, ...] = ()
    formula: str = ""
    state: str = ""
    description: str = ""

    @classmethod
    def load(cls, name: str | Path) -> Material:
        """Return a material by name or alias (any case), or from a ``.toml`` file.

        Raises
        ------
        InputError
            If there is no such material (with the nearest name), or its file is not accepted.
        """
        text = str(name)
        if text.lower().endswith(".toml"):
            return in_place_of(read_file(Path(text).expanduser()))
        index = _index()
        return in_place_of(_whole(_find(text, index), index))

    def has(self, property: str) -> bool:
        """Tell whether there is a claim about this property."""
        return any(claim.property == property for claim in self.claims)

    def claim(self, property: str, id: str | None = None) -> Claim:
        """Return a claim: the default one of a property, or the one with this id.

        Raises
        ------
        InputError
            If there is none, with what there is.

        Warns
        -----
        SuspectClaimWarning
            If the claim in use is one that its file calls suspect.
        """
        found = [claim for claim in self.claims if claim.property == property]
        if not found:
            names = sorted({claim.property for claim in self.claims})
            near = difflib.get_close_matches(property, names, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"it has {', '.join(names)}."
            raise InputError(f'{self.name}: there is no claim about "{property}"; {hint}')
        chosen = [claim for claim in found if (claim.default if id is None else claim.id == id)]
        if not chosen:
            ids = ", ".join(claim.id for claim in found)
            raise InputError(f'{self.name}: {property} has no claim "{id}"; accepted are {ids}.')
        if chosen[0].suspect:
            warnings.warn(
                f"{self.name}: {property} ({chosen[0].id}) is suspect: {chosen[0].suspect}",
                SuspectClaimWarning,
                stacklevel=2,
            )
        note(self, chosen[0])
        return chosen[0]

    def value(self, property: str, id: str | None = None) -> float | Curve | str:
        """Return the SI value of a claim (see :meth:`claim`): a number, a curve or text."""
        return self.claim(property, id).value

    def references(self) -> list[Source]:
        """Return the sources of all claims, each once, without assumptions."""
        unique = {
            claim.source.key: claim.source
            for claim in self.claims
            if claim.method != "assumed" and not claim.source.is_assumption
        }
        return list(unique.values())

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON types."""
        return {
            "name": self.name,
            "aliases": list(self.aliases),
            "kind": self.kind,
            "formula": self.formula,
            "state": self.state,
            "description": self.description,
            "claims": [claim.to_dict() for claim in self.claims],
        }


@dataclass(frozen=True)
class Entry:
    """What the index knows of a file without parsing it."""

    name: str
    path: Path


def check_file(path: str | Path) -> Material:
    """Check a material file against the format; the check behind ``lisse materials --check``.

    Raises
    ------
    InputError
        In one sentence, at the first thing that is wrong.
    """
    return read_file(Path(path).expanduser())


def read_file(path: Path) -> Material:
    """Read a material file; a file that has not changed is parsed once.

    Raises
    ------
    InputError
        If it is missing, not TOML, or not a material.
    """
    return _whole(path, None)


def _whole(path: Path, index: dict[str, Entry] | None) -> Material:
    """Read a material file and the files of what it is like; the index is looked up when it is needed."""
    _, likes = _read(path, _stamp(path))
    models = []
    for like in likes:
        try:
            index = _index() if index is None else index
            model = _find(like.material, index)
            models.append((model, _stamp(model)))
        except InputError as error:
            raise InputError(f"{path.name}: like: {error}") from None
    return _completed(path, _stamp(path), tuple(models))


@lru_cache(maxsize=1024)
def _completed(path: Path, stamp: int, models: tuple[tuple[Path, int], ...]) -> Material:
    """Return a material with the claims that follow from the table of the library's thermodynamics."""
    material = _written(path, stamp, models)
    claims = with_library_claims(material.name, material.kind, material.formula, material.claims)
    return material if claims is material.claims else replace(material, claims=claims)


def _written(path: Path, stamp: int, models: tuple[tuple[Path, int], ...]) -> Material:
    """Return a material with the claims that it takes over from others, of which only their own count."""
    material, likes = _read(path, stamp)
    claims = material.claims
    for like, model in zip(likes, models, strict=True):
        claims += borrowed(like, material.kind, claims, _read(*model)[0].claims, path.name)
    if models:
        check_sites(material.kind, claims, path.name)
    return replace(material, claims=claims)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise InputError(f'material: there is no file "{path}"; write the path of a .toml file.') from None


def _find(text: str, index: dict[str, Entry]) -> Path:
    """Return the file of a material, by name, by alias, or as it is."""
    if text.lower().endswith(".toml"):
        return Path(text).expanduser()
    entry = index.get(text.strip().casefold())
    if entry is None:
        names = {key: found.name for key, found in index.items()}
        near = difflib.get_close_matches(text.strip().casefold(), names, n=1, cutoff=0.75)
        hint = f'did you mean "{names[near[0]]}"?' if near else "`lisse materials` lists what is known."
        raise InputError(f'material: "{text}" is not in the library; {hint}')
    return entry.path


@lru_cache(maxsize=1024)
def _read(path: Path, stamp: int) -> tuple[Material, tuple[LikeSpec, ...]]:
    """Return what stands in a file itself, and what it takes over from others."""
    data = _toml(_text(path), path)
    parsed, claims = read_material(data, path.name)
    check_sites(parsed.kind, claims, path.name)
    material = Material(
        name=parsed.name,
        kind=parsed.kind,
        claims=claims,
        path=path,
        aliases=tuple(parsed.aliases),
        formula=parsed.formula or "",
        state=parsed.state or "",
        description=parsed.description,
    )
    return material, tuple(parsed.like)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}: byte {error.start + 1} is not UTF-8 text; save it as a TOML file in UTF-8."
        ) from None
    except OSError as error:
        raise InputError(
            f"{path.name}: it cannot be read ({error.strerror}); write the path of a .toml file."
        ) from None


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        detail = " ".join(str(error).split()).rstrip(".")
        raise InputError(f"{path.name}: it is not valid TOML ({detail}).") from None


def add_directory(path: str | Path, field: str = "add_directory") -> None:
    """Add a directory of material files to the library for this process.

    Parameters
    ----------
    path
        The directory; those within it are searched too.
    field
        Name used in the error message.

    Raises
    ------
    InputError
        If it is not a directory.
    """
    directory = _directory(Path(path).expanduser(), field)
    if directory not in _added:
        _added.append(directory)


def library() -> dict[str, Material]:
    """Return all materials by name, sorted.

    Raises
    ------
    InputError
        If any file is not accepted, or two files use one name.
    """
    index = _index()
    materials = [_whole(path, index) for path in sorted({entry.path for entry in index.values()})]
    return {material.name: material for material in sorted(materials, key=lambda material: material.name.casefold())}


def built_in() -> list[Material]:
    """Return the materials that come with lisse as their own files have them, without any taken-over claims."""
    files = sorted(_data().rglob("*.toml"))
    return [_read(path, _stamp(path))[0] for path in files]


def names() -> list[str]:
    """Return the names of all materials without parsing their files."""
    return sorted({entry.name for entry in _index().values()}, key=str.casefold)


def directories() -> list[Path]:
    """Return the directories of the library: built-in, other packages', added ones, and the environment's."""
    found = [_data()]
    for entry_point in _entry_points(tuple(_stamped_paths())):
        found.append(_plugin_directory(entry_point))
    found += _added
    for text in os.environ.get(ENVIRONMENT, "").split(os.pathsep):
        if text.strip():
            found.append(_directory(Path(text.strip()).expanduser(), ENVIRONMENT))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _data() -> Path:
    return Path(str(resources.files("lisse.materials") / "data"))


def _stamped_paths() -> Iterator[tuple[str, int]]:
    """Yield where packages are looked for, each place with the time of its last installation."""
    for place in sys.path:
        try:
            yield place, os.stat(place or os.curdir).st_mtime_ns
        except OSError:
            continue


@lru_cache(maxsize=8)
def _entry_points(places: tuple[tuple[str, int], ...]) -> tuple[importlib.metadata.EntryPoint, ...]:
    """Return the entry points of installed packages; asked again only when one was installed, for it takes long."""
    return tuple(importlib.metadata.entry_points(group=ENTRY_POINTS))


def _directory(path: Path, field: str) -> Path:
    if not path.is_dir():
        raise InputError(f'{field}: "{path}" is not a directory; write one that holds .toml files.')
    return path.resolve()


def _plugin_directory(entry_point: importlib.metadata.EntryPoint) -> Path:
    field = f"entry point {ENTRY_POINTS}:{entry_point.name}"
    try:
        target = entry_point.load()
        if isinstance(target, ModuleType):
            target = next(iter(getattr(target, "__path__", [])), None) or Path(str(target.__file__)).parent
        elif callable(target):
            target = target()
        return _directory(Path(target), field)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{field}: it could not be loaded ({type(error).__name__}: {error}).") from None


def _index() -> dict[str, Entry]:
    return _build_index(tuple(_stamped(directories())))


def _stamped(found: list[Path]) -> Iterator[tuple[Path, int]]:
    for directory in found:
        yield from _shipped() if directory == _data() else _files(directory)


def _files(directory: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(directory.rglob("*.toml")):
        yield path, path.stat().st_mtime_ns


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[Path, int], ...]:
    """Return the files of lisse itself; listed once, for a study asks for materials ten thousand times."""
    return tuple(_files(_data()))


@lru_cache(maxsize=8)
def _build_index(files: tuple[tuple[Path, int], ...]) -> dict[str, Entry]:
    index: dict[str, Entry] = {}
    for path, _ in files:
        head = _head(path)
        name, aliases = head.get("name"), head.get("aliases", [])
        if not isinstance(name, str) or not isinstance(aliases, list):
            raise InputError(f'{path.name}: the head of the file has no name; write for example name = "Li6PS5Cl".')
        for key in (name, *aliases):
            folded = str(key).casefold()
            if folded in index and index[folded].path != path:
                raise InputError(f'{path.name}: the name "{key}" is taken by {index[folded].path}; write another one.')
            index[folded] = Entry(name, path)
    return index


def _head(path: Path) -> dict[str, Any]:
    """Parse what stands before the first table, which is a hundredth of a file."""
    text = _text(path)
    end = _HEAD.search(text)
    return _toml(text[: end.start()] if end else text, path)
