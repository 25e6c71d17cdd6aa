"""Error bars of what is computed from materials alone: their claims are drawn as those of a cell are.

Leaves out: the draws themselves (``sampling``) and what is made of the results (``uncertainty``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self

from lisse.cell.claims import ResolvedClaim
from lisse.materials import Curve
from lisse.materials.in_use import claims_recorded, materials_replaced
from lisse.materials.library import Material
from lisse.studies.batch import Progress
from lisse.studies.sampling import Key
from lisse.studies.uncertainty import COUNT, Uncertainty, spread_of


class MaterialsInUse:
    """The materials that a computation takes from the library, each as a role of its own.

    Parameters
    ----------
    materials
        By name.
    claims
        Those that are asked for, by material and property.
    """

    def __init__(self, materials: Mapping[str, Material], claims: Mapping[Key, ResolvedClaim]) -> None:
        self._materials, self._claims = dict(materials), dict(claims)

    @classmethod
    def of(cls, compute: Callable[[], Any]) -> Self:
        """Return the materials that a computation uses; it is run for that."""
        with claims_recorded() as asked:
            compute()
        claims: dict[Key, ResolvedClaim] = {}
        for material, claim in asked:
            found = ResolvedClaim(
                role=material.name,
                property=claim.property,
                value=claim.value,
                spread=claim.spread,
                source=claim.source,
                method=claim.method,
                claim_id=claim.id,
                material=material.name,
                own=False,
                temperature=claim.temperature,
                suspect=claim.suspect,
                correlated=claim.correlated,
            )
            claims.setdefault((material.name, claim.property), found)
        return cls({material.name: material for material, _ in asked}, claims)

    @property
    def name(self) -> str:
        """Names of the materials."""
        return " and ".join(self._materials) or "no material"

    def has_claim(self, role: str, name: str) -> bool:
        """Tell whether a claim of a material is in use."""
        return (role, name) in self._claims

    def claim(self, role: str, name: str) -> ResolvedClaim:
        """Return a claim in use."""
        return self._claims[role, name]

    def number(self, role: str, name: str) -> float:
        """Return the number of a claim in use [SI]."""
        value = self.claim(role, name).value
        assert isinstance(value, float)
        return value

    def claims_used(self) -> tuple[ResolvedClaim, ...]:
        """Return all claims in use."""
        return tuple(self._claims.values())

    def drawn(self, values: Mapping[Key, float | Curve]) -> Self:
        """Return the same with other values of some claims."""
        claims = {
            key: replace(claim, value=values[key]) if key in values else claim for key, claim in self._claims.items()
        }
        return type(self)({name: self._with(material, values) for name, material in self._materials.items()}, claims)

    def _with(self, material: Material, values: Mapping[Key, float | Curve]) -> Material:
        made = []
        for claim in material.claims:
            used = self._claims.get((material.name, claim.property))
            drawn = values.get((material.name, claim.property)) if used and used.claim_id == claim.id else None
            made.append(claim if drawn is None else replace(claim, value=drawn))
        return replace(material, claims=tuple(made))

    @contextmanager
    def loaded(self) -> Iterator[None]:
        """Let all that is computed inside take its materials from here."""
        with materials_replaced(self._materials):
            yield


def spread_of_materials(
    function: Callable[[], Mapping[str, Any]],
    count: int = COUNT,
    seed: int = 0,
    sampling: str = "sobol",
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """Call a function, which takes materials from the library, on draws of the claims that it asks for.

    Parameters
    ----------
    function
        Gives a document of nested tables, lists and numbers.
    count, seed, sampling, workers, progress
        As in :func:`lisse.studies.uncertainty.uncertainty`.

    Raises
    ------
    InputError
        If an argument is not accepted or none of the claims has a spread.

    Examples
    --------
    >>> from lisse import Material
    >>> found = spread_of_materials(lambda: {"S_m": Material.load("Li6PS5Cl").value("ionic_conductivity")}, 16)
    >>> band = found.band("S_m")
    >>> band["p05"] < Material.load("Li6PS5Cl").value("ionic_conductivity") < band["p95"]
    True
    """

    def repeated(drawn: MaterialsInUse) -> Mapping[str, Any]:
        with drawn.loaded():
            return function()

    in_use = MaterialsInUse.of(function)
    return spread_of(repeated, in_use, count, seed, sampling, workers=workers, progress=progress)
