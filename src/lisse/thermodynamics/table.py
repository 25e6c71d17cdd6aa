"""The table of formation energies: three schemes of corrections, artefacts, molecules, and phases of the user.

Energies are per atom at 0 K, elements at zero. Leaves out: entropy, and phases that the table lacks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.thermodynamics.composition import Composition, parse

Scheme = Literal["uncorrected_S", "mp2020", "legacy"]
SCHEMES: tuple[Scheme, ...] = ("uncorrected_S", "mp2020")
"""The two schemes that results show: without and with the correction of sulfide anions."""
COLUMNS: dict[Scheme, str] = {
    "uncorrected_S": "ef_no_sulfide_corr",
    "mp2020": "ef_mp2020_converted",
    "legacy": "formation_energy_eV_per_atom",
}
"""Column of the table by scheme; ``legacy`` keeps its artefacts and is there for validation."""
USER_COLUMNS = ("formula", "formation_energy_eV_per_atom")
"""Columns that a user's table must have; a third, ``formation_energy_mp2020_eV_per_atom``, may follow."""
USER_MP2020 = "formation_energy_mp2020_eV_per_atom"
DEFECT_CELL = 100
"""Atoms of one element in a formula from which it is a large cell with a defect in it, and no phase."""
DEFECT = "artefact: a large cell with a defect, not a phase; it would appear wherever a little of an element dissolves"
EXCLUDED = {
    "CS14": "artefact: sulfur rings with a little carbon, unbound by themselves; the correction of sulfide anions, "
    "which sulfur bound to sulfur should not get, makes it a compound",
}
"""Further phases of the table that are left out, with the reason."""
SAME_FRACTION = 1e-6
"""Difference of atomic fractions up to which two compositions are the same [-]."""
UNLIKELY = 0.3
"""Distance below the hull of the table from which a user's phase looks like a wrong unit [eV/atom]."""
LARGEST_ENERGY = 10.0
"""Largest size of a formation energy per atom that a user's table may have [eV]: no compound comes near."""


@dataclass(frozen=True)
class Table:
    """Phases with their energies in one scheme.

    Attributes
    ----------
    scheme
        Name of the scheme.
    elements
        Symbols of all elements that it covers, the columns of ``fractions``.
    formulas
        Formula of each phase, N of them.
    fractions
        Atomic fractions, N x E.
    energies
        Formation energies [eV/atom], N.
    """

    scheme: Scheme
    elements: tuple[str, ...]
    formulas: tuple[str, ...]
    fractions: NDArray[np.float64]
    energies: NDArray[np.float64]

    def check_covered(self, composition: Composition) -> None:
        """Refuse a composition with elements outside of the table.

        Raises
        ------
        InputError
            If it has some.
        """
        outside = sorted(composition.elements - set(self.elements))
        if outside:
            raise InputError(
                f"elements: {', '.join(outside)} of {composition.formula} "
                f"{'is' if len(outside) == 1 else 'are'} not in the table of formation energies, which covers "
                f"{' '.join(self.elements)}."
            )

    def own_energy(self, composition: Composition) -> float | None:
        """Return the energy of the phase with this composition [eV/atom]; None where the table has none."""
        if len(composition.amounts) == 1:
            return 0.0
        shares = composition.fractions
        wanted = np.array([shares.get(symbol, 0.0) for symbol in self.elements])
        # One column first: few phases share a fraction.
        column = int(wanted.argmax())
        near = np.flatnonzero(np.abs(self.fractions[:, column] - wanted[column]) < SAME_FRACTION)
        same = near[np.abs(self.fractions[near] - wanted).max(axis=1) < SAME_FRACTION]
        return float(self.energies[same].min()) if len(same) else None


@dataclass(frozen=True)
class Row:
    """One phase as the table gives it: reduced formula, energy by scheme, whether it is used, and why not."""

    formula: str
    energies: dict[Scheme, float]
    used: bool
    source: str
    note: str


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return every row of the table that comes with lisse, artefacts included."""
    text = resources.files("lisse.thermodynamics").joinpath("data/formation_energies.csv").read_text(encoding="utf-8")
    return tuple(_row(line) for line in csv.DictReader(text.splitlines()))


def _row(line: dict[str, str]) -> Row:
    defect = max(parse(line["formula"]).amounts.values()) >= DEFECT_CELL
    excluded = DEFECT if defect else EXCLUDED.get(line["formula"])
    return Row(
        line["formula"],
        {scheme: float(line[column]) for scheme, column in COLUMNS.items()},
        line["use_by_default"] == "1" and excluded is None,
        line["source"],
        excluded or line["note"],
    )


def missing_pairs(ones: Iterable[str], others: Iterable[str], energies: Table) -> list[str]:
    """Return pairs of elements, one of each side, that no phase of a table has together.

    Examples
    --------
    >>> missing_pairs(["B", "Li"], ["H"], table()), missing_pairs(["P"], ["S"], table())
    (['B with H'], [])
    """
    known = energies.fractions > 0
    here, there = sorted({*ones} & {*energies.elements}), sorted({*others} & {*energies.elements})
    column = {symbol: known[:, energies.elements.index(symbol)] for symbol in {*here, *there}}
    pairs: dict[frozenset[str], str] = {}
    for one in here:
        for two in there:
            if one != two and not (column[one] & column[two]).any():
                pairs.setdefault(frozenset((one, two)), f"{one} with {two}")
    return list(pairs.values())


@lru_cache(maxsize=16)
def unlikely(phases: Path) -> tuple[str, ...]:
    """Return a sentence for every phase of the user that lies far below what the table has for its composition."""
    from lisse.thermodynamics.hull import equilibrium, system_of

    found = []
    for row in read_user_phases(phases):
        composition = parse(row.formula)
        if composition.elements <= {*table().elements}:
            lower = equilibrium(system_of(table(), composition), composition)[0] - row.energies["uncorrected_S"]
            if lower > UNLIKELY:
                where = f"{lower:.2f} eV/atom below all that the table has"
                found.append(f"{row.formula} of {phases.name} lies {where}; check its unit.")
    return tuple(found)


def artefacts() -> dict[str, str]:
    """Return the phases that are left out of every scheme but ``legacy``, with the reason."""
    return {row.formula: row.note for row in rows() if not row.used}


def read_user_phases(path: Path) -> tuple[Row, ...]:
    """Read phases of the user from a CSV file with the columns :data:`USER_COLUMNS`.

    Raises
    ------
    InputError
        If the file cannot be read, has other columns or units, a formula twice, or an energy out of range.
    """
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"phases: {path} cannot be read as text ({error}).") from None
    head = [cell.strip() for cell in lines[0]] if lines else []
    if tuple(head[:2]) != USER_COLUMNS or head[2:] not in ([], [USER_MP2020]):
        raise InputError(
            f"phases: the columns of {path} are {', '.join(head) or 'none'}; write {', '.join(USER_COLUMNS)} and, "
            f"if you like, {USER_MP2020}, in eV per atom."
        )
    found: dict[str, Row] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(head):
            raise InputError(f"phases: line {number} of {path} has {len(line)} cells; write {len(head)}.")
        try:
            composition = parse(line[0].strip())
        except InputError as error:
            raise InputError(f"phases: line {number} of {path}: {error}") from None
        formula = composition.reduced
        if len(composition.elements) == 1:
            raise InputError(
                f"phases: line {number} of {path} gives the element {formula}; elements are at zero, leave it out."
            )
        if formula in found:
            raise InputError(f"phases: line {number} of {path} gives {formula} a second time; give each phase once.")
        energies = [_energy(cell, number, path) for cell in line[1:]]
        plain, corrected = energies[0], energies[-1]
        found[formula] = Row(
            formula, {"uncorrected_S": plain, "mp2020": corrected, "legacy": plain}, True, str(path), ""
        )
    return tuple(found.values())


def _energy(cell: str, number: int, path: Path) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not abs(value) <= LARGEST_ENERGY:
        raise InputError(
            f'phases: "{cell.strip()}" in line {number} of {path} is not a formation energy in eV per atom '
            f"(-{LARGEST_ENERGY:g} to {LARGEST_ENERGY:g}, elements at zero)."
        )
    return value


@lru_cache(maxsize=16)
def table(scheme: Scheme = "uncorrected_S", polyanion: bool = False, phases: Path | None = None) -> Table:
    """Return the table in one scheme.

    Parameters
    ----------
    scheme
        ``uncorrected_S``, ``mp2020`` or ``legacy``.
    polyanion
        Add what the energies of salts of oxo-anions are found to miss (:mod:`lisse.thermodynamics.polyanions`).
    phases
        CSV file with phases of the user, which replace those of the same formula.

    Raises
    ------
    InputError
        If the scheme is unknown or the user's file is refused.
    """
    if scheme not in COLUMNS:
        raise InputError(f'scheme: "{scheme}" is not known; take one of {", ".join(COLUMNS)}.')
    by_formula = {row.formula: row.energies[scheme] for row in rows() if row.used or scheme == "legacy"}
    compositions = {formula: parse(formula) for formula in by_formula}
    if scheme != "legacy":
        _correct(by_formula, compositions, polyanion)
    for row in read_user_phases(phases) if phases else ():
        formula = _same(row.formula, compositions)
        by_formula[formula] = row.energies[scheme]
        compositions[formula] = parse(formula)
    return _assemble(scheme, by_formula, compositions)


def _correct(energies: dict[str, float], compositions: dict[str, Composition], polyanion: bool) -> None:
    from lisse.thermodynamics.molecules import experimental_energies
    from lisse.thermodynamics.polyanions import correction

    for formula, energy in experimental_energies().items():
        if formula in energies:
            energies[formula] = energy / parse(formula).atoms
    if polyanion:
        for formula, composition in compositions.items():
            energies[formula] += correction(composition)


def _same(formula: str, compositions: dict[str, Composition]) -> str:
    """Return the formula as the table spells it."""
    wanted = parse(formula)
    for known, composition in compositions.items():
        if composition.elements == wanted.elements and composition.is_same(wanted):
            return known
    return formula


def _assemble(scheme: Scheme, energies: dict[str, float], compositions: dict[str, Composition]) -> Table:
    present: Iterable[str] = {symbol for composition in compositions.values() for symbol in composition.elements}
    elements = tuple(sorted(present))
    column = {symbol: place for place, symbol in enumerate(elements)}
    fractions = np.zeros((len(energies), len(elements)))
    for row, formula in enumerate(energies):
        for symbol, fraction in compositions[formula].fractions.items():
            fractions[row, column[symbol]] = fraction
    return Table(scheme, elements, tuple(energies), fractions, np.array(list(energies.values())))
