"""Published windows of electrolytes that are no result of the hull: topotactic, indirect and measured ones.

Constants with their sources, each labelled with its quantity. Leaves out: any calculation; the energies of the partly
lithiated frameworks behind these values are in no table that lisse has.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, get_args

from lisse.citations import Source
from lisse.thermodynamics.composition import parse, resolve

Quantity = Literal["intrinsic", "indirect", "measured", "decomposition"]
KINETIC = ("intrinsic", "indirect", "measured")
"""Quantities that are limits of the kinetics, or of a framework that stays; a decomposition is another matter."""


@dataclass(frozen=True)
class KineticWindow:
    """A published window.

    Attributes
    ----------
    material
        Name as the work uses it.
    reduction_V, oxidation_V
        Limits [V against lithium]; None where only the width is known.
    width_V
        Width [V].
    quantity
        ``intrinsic``, ``indirect``, ``measured`` or ``decomposition``.
    source
        The work.
    """

    material: str
    reduction_V: float | None
    oxidation_V: float | None
    width_V: float
    quantity: Quantity
    source: Source


@dataclass(frozen=True)
class _Tables:
    windows: tuple[KineticWindow, ...]
    formulas: dict[str, str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    path = resources.files("lisse.thermodynamics").joinpath("data/kinetic_windows.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {
        key: Source(citation=row["citation"], doi=row["doi"], tag=row["tag"]) for key, row in data["sources"].items()
    }
    found = []
    for group in data["windows"]:
        if group["quantity"] not in get_args(Quantity):
            raise AssertionError(f"kinetic_windows.toml: unknown quantity {group['quantity']}")
        for name, *limits in group["values"]:
            low, high = limits or (None, None)
            width = group["width_V"] if low is None or high is None else round(high - low, 6)
            found.append(KineticWindow(name, low, high, width, group["quantity"], sources[group["source"]]))
    return _Tables(tuple(found), data["materials"])


def kinetic_windows(material: str) -> list[KineticWindow]:
    """Return the topotactic, indirect and measured windows of a material, none if there are none.

    Parameters
    ----------
    material
        Formula, name of the library, or name as the works use it (LGPS, LATP).

    Raises
    ------
    InputError
        If it is none of these.

    Examples
    --------
    >>> [(found.reduction_V, found.oxidation_V, found.quantity) for found in kinetic_windows("LPSCl")]
    [(1.11, 2.19, 'intrinsic'), (1.08, 2.24, 'indirect'), (None, None, 'measured')]
    """
    return [window for window in _found(material) if window.quantity in KINETIC]


def published_decompositions(material: str) -> list[KineticWindow]:
    """Return decomposition windows as other works computed them with their own energies; see :func:`kinetic_windows`.

    Examples
    --------
    >>> [(found.reduction_V, found.oxidation_V) for found in published_decompositions("Li6PS5Cl")]
    [(1.72, 2.01), (2.06, 2.32)]
    """
    return [window for window in _found(material) if window.quantity not in KINETIC]


def _found(material: str) -> list[KineticWindow]:
    tables = _tables()
    names = {window.material.casefold(): window.material for window in tables.windows}
    name = names.get(material.strip().casefold())
    if name is not None:
        return [window for window in tables.windows if window.material == name]
    wanted = resolve(material).composition
    formulas = {window.material: tables.formulas.get(window.material, window.material) for window in tables.windows}
    same = {name for name, formula in formulas.items() if formula and parse(formula).is_same(wanted)}
    return [window for window in tables.windows if window.material in same]
