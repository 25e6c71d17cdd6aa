"""A cell: its file, the claims that it rests on, and the numbers that follow from both.

Leaves out: the model that runs it (``model``) and the protocol (``lisse.experiments``).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from lisse.cell.active_materials import contents_at, contents_beside, initial_contents, mean, populations, site_shares
from lisse.cell.active_materials import volume_mean as mean_by_volume
from lisse.cell.claims import ClaimBook, ResolvedClaim
from lisse.cell.derived import Derived
from lisse.cell.fields import brief
from lisse.cell.library import read_cell_file
from lisse.cell.messages import input_error
from lisse.cell.particles import SizeClass
from lisse.cell.resolved import Filled, assumed, filled_in, resolved_document
from lisse.cell.specification import ALTERNATIVES, CellFile
from lisse.errors import InputError
from lisse.materials import Curve, Material
from lisse.toml_text import toml_text


class Cell:
    """A cell as its file describes it; never changed after reading.

    Use :meth:`load` or :meth:`from_dict`.

    Examples
    --------
    >>> cell = Cell.load("table1-60-lps-nmc811")
    >>> round(cell.derived.active_loading * 100, 1)  # mg/cm2
    10.7
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        from lisse.cell._derive import derive

        try:
            self._document: dict[str, Any] = copy.deepcopy(dict(document))
            self._spec = CellFile.model_validate(self._document)
        except ValidationError as error:
            raise input_error(error, CellFile) from None
        except RecursionError:
            raise InputError("cell file: tables are nested too deeply; three levels are accepted.") from None
        self._claims = ClaimBook(self._spec)
        try:
            self._derived = derive(self._spec, self._claims)
        except (OverflowError, ZeroDivisionError):
            raise InputError("cell file: its values lie so far apart that no finite cell follows from them.") from None

    @classmethod
    def load(cls, name_or_path: str | Path) -> Self:
        """Return a cell of the library, by name, or the cell of a TOML file.

        Raises
        ------
        InputError
            One sentence that names field, value and what is accepted.
        """
        return cls.from_dict(read_cell_file(name_or_path))

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return the cell that a document (tables of text with units, numbers and lists) describes."""
        if not isinstance(document, Mapping):
            raise InputError(f"cell file: {brief(document)} is not a table of keys and values.")
        return cls(document)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema of a cell file."""
        schema = CellFile.model_json_schema()
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **schema,
            "title": "lisse cell file",
        }

    @property
    def name(self) -> str:
        """Name of the cell."""
        return self._spec.name

    @property
    def spec(self) -> CellFile:
        """The file as read, in SI."""
        return self._spec

    @property
    def derived(self) -> Derived:
        """Thicknesses, fractions, capacities, conductivities and masses that follow, in SI."""
        return self._derived

    @cached_property
    def _filled(self) -> Filled:
        return filled_in(self._spec, self._claims, self._derived)

    @property
    def defaults(self) -> tuple[str, ...]:
        """Dotted fields that the file leaves open and that lisse fills in, whether read or not."""
        return tuple(self._filled)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Dotted fields that no source gives: those that the file lists, and the defaults that say how it is made.

        Examples
        --------
        >>> cell = Cell.load("table1-60-lps-nmc811")
        >>> [name for name in cell.assumed if name not in cell.spec.assumed]
        ['cathode.connected_fraction', 'operation.fixture']
        """
        return assumed(self._spec, self._filled)

    @property
    def size_classes(self) -> tuple[SizeClass, ...]:
        """Size classes of the active materials: one of each unless the file gives a distribution.

        Their order is that of the populations of the model.
        """
        return populations(self._spec, self._claims)

    @property
    def active_roles(self) -> tuple[str, ...]:
        """Roles of the active materials: ``active``, then ``active_2`` and so on for those of ``cathode.blend``."""
        return self._claims.active_roles

    @property
    def initial_contents(self) -> dict[str, float]:
        """Lithium content of each active material when the cell is built, by role."""
        return initial_contents(self._spec, self._claims)

    def contents(self, content: float) -> dict[str, float]:
        """Return the content of every active material, by role, where that of ``cathode.active`` rests at a content."""
        return contents_beside(self._claims, content)

    def contents_at(self, potential: float) -> dict[str, float]:
        """Return the content of every active material, by role, at rest at a potential against lithium [V]."""
        return contents_at(self._claims, potential)

    def mean_content(self, contents: Mapping[str, float]) -> float:
        """Return the content of the whole active material: the mean of those of its materials, by their sites."""
        return mean(site_shares(self._spec, self._claims), contents)

    def volume_mean(self, name: str) -> float:
        """Return the mean of a number of the active materials, by volume."""
        return mean_by_volume(self._spec, self._claims, name)

    @property
    def symmetric(self) -> bool:
        """Whether both electrodes are of the anode's material."""
        return self._spec.cathode is None

    @property
    def counter_thickness(self) -> float:
        """Thickness of the lithium on the other side [m]: of the counter electrode, in a full cell of the anode."""
        from lisse.cell._derive import counter_thickness

        return counter_thickness(self._spec)

    def material(self, role: str) -> Material | None:
        """Return the material in a role, with the claims that follow from its formula; None where there is none."""
        return self._claims.material(role)

    def number(self, role: str, name: str) -> float:
        """Return a claim that must be a single number, in SI; see :meth:`claim`."""
        return self._claims.number(role, name)

    def arrhenius_exponent(self, role: str) -> float:
        """Return m of (1/T)^m exp(-E/RT), as the claim on the conductivity in a role means it."""
        form = self.claim(role, "arrhenius_form").value if self.has_claim(role, "arrhenius_form") else "exp"
        return 1.0 if form == "exp/T" else 0.0

    @property
    def fixture_stiffness(self) -> float:
        """How the pressure answers a change of the free thickness of the stack [Pa/m]; 0 where the fixture holds it.

        A spring has the stiffness of the file; between plates that do not move, the stack presses on itself.
        """
        from lisse.cell.stack import stack_stiffness

        if self._spec.operation.fixture == "constant_gap":
            return stack_stiffness(self)
        return self._spec.operation.spring_stiffness or 0.0

    def interface(self, name: str) -> str:
        """Return ``interlayer`` or ``separator``: whichever faces the lithium for that property."""
        return self._claims.interface(name)

    def has_claim(self, role: str, name: str) -> bool:
        """Tell whether a material plays this role and has a claim on the property."""
        return self._claims.has(role, name)

    def claim(self, role: str, name: str) -> ResolvedClaim:
        """Return the claim that this cell uses for a property of the material in a role.

        Parameters
        ----------
        role
            One of :data:`~lisse.cell.claims.ROLES`, for example ``"active"``.
        name
            A property of the materials library, for example ``"diffusivity"``.

        Raises
        ------
        InputError
            If the cell has no such part or the material no such claim.
        """
        return self._claims.resolve(role, name)

    def claims_used(self) -> tuple[ResolvedClaim, ...]:
        """Return the claims used so far: by the derived quantities, and by whoever asked for more."""
        return self._claims.used()

    def replace(self, **changes: Any) -> Self:
        """Return a new cell with some fields changed, checked like a new file.

        A key that says the same as a changed one is dropped (setting ``cathode.loading`` drops
        ``cathode.composite_mass``); the value None removes a key. An element of a list is named by its number, as in
        ``cathode.blend.0.mass_fraction``. What was drawn (:meth:`drawn`) stays drawn.

        Parameters
        ----------
        **changes
            Dotted paths and values: ``cell.replace(**{"operation.temperature": "60 degC"})``.

        Examples
        --------
        >>> warm = Cell.load("reference").replace(**{"operation.temperature": "60 degC"})
        >>> round(warm.spec.operation.temperature, 2)
        333.15
        """
        document = copy.deepcopy(self._document)
        for path in document.pop("defaults", []):
            _set(document, path, None, changes)  # what was filled in follows anew from what is changed
        for path, value in changes.items():
            _set(document, path, value, changes)
        found, drawn = type(self).from_dict(document), self._claims.drawn_values
        kept = {key: value for key, value in drawn.items() if f"claims.{'.'.join(key)}" not in changes}
        return found.drawn(kept) if kept else found

    def drawn(self, values: Mapping[tuple[str, str], float | Curve]) -> Self:
        """Return this cell with other values of some claims, all that follows from them computed anew.

        The file stays as it is: a draw is one of the cells that the spreads of the claims allow.

        Parameters
        ----------
        values
            Number (SI) or curve by role and property, for example ``("separator", "ionic_conductivity")``.

        Raises
        ------
        InputError
            If no cell follows from the values.

        Examples
        --------
        >>> cell = Cell.load("reference").drawn({("separator", "ionic_conductivity"): 0.5})
        >>> cell.number("separator", "ionic_conductivity")
        0.5
        """
        from lisse.cell._derive import derive

        found = copy.copy(self)
        found.__dict__.pop("_filled", None)
        found._claims = self._claims.drawn(values)
        try:
            found._derived = derive(self._spec, found._claims)
        except (OverflowError, ZeroDivisionError):
            raise InputError("claims: the values drawn lie so far apart that no finite cell follows.") from None
        return found

    def parameter_values(self, options: Any = None) -> Any:
        """Return the parameters of :class:`lisse.SolidStateCell` for this cell, as ``pybamm.ParameterValues``.

        Parameters
        ----------
        options
            Options of the build; default those that the cell file implies.
        """
        from lisse.cell.parameter_sets import pybamm_parameter_values

        return pybamm_parameter_values(self, options)

    def to_toml(self, *, resolved: bool = False) -> str:
        """Return the cell file as text; reading it gives an equal cell.

        Parameters
        ----------
        resolved
            Write every field with its value: also those that the file leaves open, which the list ``defaults`` then
            names. Such a file means the same cell even where a default changes.

        Examples
        --------
        >>> text = Cell.load("reference").to_toml(resolved=True)
        >>> next(line for line in text.splitlines() if line.startswith("wetted_fraction"))
        'wetted_fraction = 0.8'
        """
        return toml_text(resolved_document(self._document, self._filled) if resolved else self._document)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cell) or self._claims.drawn_values != other._claims.drawn_values:
            return False
        return self._resolved_spec == other._resolved_spec

    @cached_property
    def _resolved_spec(self) -> CellFile:
        return CellFile.model_validate(resolved_document(self._document, self._filled))

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Cell({self.name!r})"


def _set(document: dict[str, Any], path: str, value: Any, changes: Mapping[str, Any]) -> None:
    """Set one dotted path; keys of ``claims`` hold a dot themselves."""
    head, dot, rest = path.partition(".")
    steps = [head, rest] if head == "claims" and dot else path.split(".")
    table: Any = document
    for depth, step in enumerate(steps[:-1]):
        inner = _element(table, step) if isinstance(table, list) else table.setdefault(step, {})
        if not isinstance(inner, dict) and (depth == len(steps) - 2 or not isinstance(inner, list)):
            kind = {list: "a list with elements from 0 on", type(None): "not there"}.get(type(inner), "a value")
            where = ".".join(steps[: depth + 1])
            raise InputError(f"{path}: {where} is {kind}, so it has no key {brief(steps[-1])}.")
        table = inner
    if value is None:
        table.pop(steps[-1], None)
        return
    table[steps[-1]] = value
    where = ".".join(step for step in steps[:-1] if not step.isdigit())
    groups = ALTERNATIVES.get(where, ())
    if where == "cathode" and "porosity" in table:
        groups = (*groups, ("loading", "composite_mass", "thickness"))  # the amount, at this porosity
    for group in groups:
        for other in group:
            if steps[-1] in group and f"{path.rpartition('.')[0]}.{other}" not in changes:
                table.pop(other, None)


def _element(table: list[Any], step: str) -> Any:
    """Return an element of a list by its number, None where there is none."""
    return table[int(step)] if step.isdigit() and int(step) < len(table) else None
