"""Thin layers on an electrolyte, on lithium or on an oxide (ALD, MLD, solution, pressed): their formulas and sources.

What the ranking of coatings compares besides the coatings of the library. Leaves out: thickness, pinholes, and how a
layer is grown.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from lisse.citations import Source

Side = Literal["cathode", "lithium", "both"]


@dataclass(frozen=True)
class SurfaceLayer:
    """A layer.

    Attributes
    ----------
    name
        Name to show.
    formula
        What it is taken to be made of, a formula or a mixture; empty where it has none.
    side
        Contact that it is made for.
    process
        How it is made.
    material
        The same thing in the library of materials; empty where it is not there.
    note
        What the formula leaves open.
    reason
        Why it has no formula; empty where it has one.
    source
        Where the layer is described.
    """

    name: str
    formula: str
    side: Side
    process: str
    material: str
    note: str
    reason: str
    source: Source


@lru_cache(maxsize=1)
def surface_layers() -> tuple[SurfaceLayer, ...]:
    """Return all layers.

    Examples
    --------
    >>> [layer.name for layer in surface_layers() if layer.reason]
    ['alucone (MLD)', 'plastic crystal']
    """
    path = resources.files("lisse.thermodynamics").joinpath("data/surface_layers.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {key: Source(**row) for key, row in data["sources"].items()}
    return tuple(
        SurfaceLayer(
            name=row["name"],
            formula=row.get("formula", ""),
            side=row["side"],
            process=row["process"],
            material=row.get("material", ""),
            note=row.get("note", ""),
            reason=row.get("reason", ""),
            source=sources[row["source"]],
        )
        for row in data["layers"]
    )
