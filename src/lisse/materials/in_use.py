"""Which claims a computation asks materials for, and other materials in their place while it is repeated.

Leaves out: the files (``library``) and how values are drawn (``lisse.studies.sampling``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lisse.materials.library import Material
    from lisse.materials.schema import Claim

_replaced: ContextVar[Mapping[str, Material]] = ContextVar("replaced", default={})  # noqa: B039 (never written to)
_asked: ContextVar[list[tuple[Material, Claim]] | None] = ContextVar("asked", default=None)


@contextmanager
def claims_recorded() -> Iterator[list[tuple[Material, Claim]]]:
    """Yield a list that every claim which is asked for inside goes to, with its material."""
    found: list[tuple[Material, Claim]] = []
    token = _asked.set(found)
    try:
        yield found
    finally:
        _asked.reset(token)


@contextmanager
def materials_replaced(materials: Mapping[str, Material]) -> Iterator[None]:
    """Let :meth:`lisse.Material.load` return these materials, by name, for those that it finds."""
    token = _replaced.set(materials)
    try:
        yield
    finally:
        _replaced.reset(token)


def note(material: Material, claim: Claim) -> None:
    """Take note that a claim is asked for."""
    found = _asked.get()
    if found is not None:
        found.append((material, claim))


def in_place_of(material: Material) -> Material:
    """Return what stands in place of a material; itself mostly."""
    return _replaced.get().get(material.name, material)
