"""The convex hull of a chemical system as a linear programme, walked along a voltage or a mixing line.

The phases that minimise the energy of a composition are a basis of at most as many phases as elements. From one
solution the next is a pivot away: the voltage ladder is a parametric programme in the cost, a mixing line one in the
right-hand side. The elements themselves are a first basis. Leaves out: temperature, surfaces, and kinetics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lisse.thermodynamics.composition import Composition
from lisse.thermodynamics.table import Table

Array = NDArray[np.float64]

OPTIMAL = 1e-11
"""Reduced cost above which a phase would not lower the energy [eV/atom]."""
PIVOT = 1e-10
"""Smallest entry of a column that may leave the basis."""
PERTURBATION = 1e-9
"""Atoms of each element added so that no two phases run out at once; they make amounts this small."""
PRESENT = 1e-6
"""Amount per atom of the composition above which a phase counts as present."""
MOLECULES = {symbol: f"{symbol}2" for symbol in ("H", "N", "O", "F", "Cl")}
"""Elements that are written as the molecules of their gas."""
NARROWEST = 1e-7
"""Range of voltage [V], or of mixing, that is passed over."""
MOST_PIVOTS = 2000
"""Pivots after which a walk is given up; systems of ten elements need some sixty."""


@dataclass(frozen=True)
class Rung:
    """Equilibrium of a composition in touch with lithium between two voltages; amounts per atom of the composition.

    Attributes
    ----------
    lower, upper
        Voltages [V].
    phases
        Formula and atoms in it.
    lithium
        Lithium in the phases.
    energy
        Their formation energy [eV].
    """

    lower: float
    upper: float
    phases: dict[str, float]
    lithium: float
    energy: float


@dataclass(frozen=True)
class System:
    """Phases of one chemical system, elements among them.

    Attributes
    ----------
    elements
        Symbols, E.
    formulas
        Formulas, N.
    columns
        Atomic fractions, E x N.
    energies
        Formation energies [eV/atom], N.
    """

    elements: tuple[str, ...]
    formulas: tuple[str, ...]
    columns: Array
    energies: Array

    def vector(self, composition: Composition) -> Array:
        """Return atomic fractions of a composition in the order of the elements."""
        fractions = composition.fractions
        return np.array([fractions.get(symbol, 0.0) for symbol in self.elements])


def system_of(table: Table, *compositions: Composition) -> System:
    """Return the phases made of nothing but the elements of some compositions.

    Raises
    ------
    InputError
        If the table does not cover an element.
    """
    for composition in compositions:
        table.check_covered(composition)
    elements = tuple(sorted(frozenset[str]().union(*(composition.elements for composition in compositions))))
    inside = np.isin(table.elements, elements)
    rows = np.flatnonzero(table.fractions[:, inside].sum(axis=1) > 1 - 1e-9)
    order = [table.elements.index(symbol) for symbol in elements]
    columns = np.hstack([np.eye(len(elements)), table.fractions[rows][:, order].T])
    energies = np.concatenate([np.zeros(len(elements)), table.energies[rows]])
    names = tuple(MOLECULES.get(symbol, symbol) for symbol in elements)
    return System(elements, names + tuple(table.formulas[row] for row in rows), columns, energies)


class Basis:
    """A set of phases that makes up a composition with the lowest cost, and its pivots.

    Parameters
    ----------
    columns
        What each phase takes of each balance, M x N; the first M columns need not be a unit matrix.
    costs
        Cost of each phase, N.
    amounts
        What there is of each balance, M, not negative.
    start
        Phases of the first basis, M of them, which must be able to make up the amounts.
    """

    def __init__(self, columns: Array, costs: Array, amounts: Array, start: list[int]) -> None:
        self.columns = columns
        self.costs = costs
        self.amounts = amounts
        # Unequal shares, so that two phases that would run out together do so one after the other.
        self._small = PERTURBATION * (1 + 0.37 * np.arange(len(amounts)) % 1.0) * columns[:, start].sum(axis=1)
        self.phases = list(start)
        self.inverse = np.linalg.inv(columns[:, start])
        self._minimise()

    @property
    def values(self) -> Array:
        """Amount of each phase of the basis, without the perturbation."""
        return np.asarray(self.inverse @ self.amounts)

    @property
    def prices(self) -> Array:
        """Chemical potential of each balance."""
        return np.asarray(self.costs[self.phases] @ self.inverse)

    @property
    def cost(self) -> float:
        """Lowest cost of the amounts."""
        return float(self.prices @ self.amounts)

    def reduced(self, costs: Array) -> Array:
        """Return how far each phase lies above the plane that the basis spans under some costs."""
        return np.asarray(costs - (costs[self.phases] @ self.inverse) @ self.columns)

    def enter(self, phase: int) -> bool:
        """Bring a phase into the basis for the one that runs out first; False where none runs out."""
        direction = self.inverse @ self.columns[:, phase]
        amounts = self.inverse @ (self.amounts + self._small)
        able = direction > PIVOT
        if not able.any():
            return False
        ratios = np.where(able, np.maximum(amounts, 0) / np.where(able, direction, 1), np.inf)
        self.replace(int(ratios.argmin()), phase, direction)
        return True

    def replace(self, row: int, phase: int, direction: Array) -> None:
        """Put a phase in the place of another."""
        self.inverse[row] /= direction[row]
        others = np.arange(len(direction)) != row
        self.inverse[others] -= np.outer(direction[others], self.inverse[row])
        self.phases[row] = phase

    def refresh(self) -> None:
        """Compute the inverse afresh, so that errors of many pivots do not add up."""
        self.inverse = np.linalg.inv(self.columns[:, self.phases])

    def _minimise(self) -> None:
        for count in range(MOST_PIVOTS):
            above = self.reduced(self.costs)
            phase = int(above.argmin())
            if above[phase] > -OPTIMAL:
                self.refresh()
                return
            if not self.enter(phase):
                raise ArithmeticError("the energy of the composition has no lower bound")
            if count % 50 == 49:
                self.refresh()
        raise ArithmeticError("no lowest energy found")  # pragma: no cover


def equilibrium(system: System, composition: Composition) -> tuple[float, dict[str, float]]:
    """Return the energy of the hull at a composition [eV/atom] and its phases, atoms per atom of the composition.

    Examples
    --------
    >>> from lisse.thermodynamics.composition import parse
    >>> from lisse.thermodynamics.table import table
    >>> argyrodite = parse("Li6PS5Cl")
    >>> sorted(equilibrium(system_of(table(), argyrodite), argyrodite)[1])
    ['Li2S', 'Li3PS4', 'LiCl']
    """
    basis = Basis(system.columns, system.energies, system.vector(composition), list(range(len(system.elements))))
    return basis.cost, present(system, basis)


def present(system: System, basis: Basis, columns: NDArray[np.int64] | None = None) -> dict[str, float]:
    """Return the phases of a basis that are there, and their amounts."""
    names = basis.phases if columns is None else columns[basis.phases]
    return {
        system.formulas[int(place)]: float(amount)
        for place, amount in zip(names, basis.values, strict=True)
        if amount > PRESENT
    }


def walk_voltage(system: System, composition: Composition, highest: float, element: str = "Li") -> Iterator[Rung]:
    """Walk the equilibria of a composition that exchanges lithium with a reservoir, from 0 V up to a highest voltage.

    Ranges without width are passed over, and bases that differ by phases without an amount are one rung.
    """
    last: Rung | None = None
    for rung in _walk_bases(system, composition, highest, element):
        if last is not None and last.phases.keys() != rung.phases.keys():
            yield last
            last = None
        last = rung if last is None else replace(last, upper=rung.upper)
    if last is not None:
        yield last


def _walk_bases(system: System, composition: Composition, highest: float, element: str) -> Iterator[Rung]:
    place = system.elements.index(element)
    host = [row for row in range(len(system.elements)) if row != place]
    inside = np.flatnonzero(system.columns[host].sum(axis=0) > PIVOT)
    columns, lithium = system.columns[host][:, inside], system.columns[place, inside]
    energies = system.energies[inside]
    start = [int(np.flatnonzero(inside == row)[0]) for row in host]
    basis = Basis(columns, energies, system.vector(composition)[host], start)
    reached = opened = 0.0
    while True:
        following, phase = _next_voltage(basis, energies, lithium, reached)
        end = min(following, highest)
        if end > opened + NARROWEST:
            held = basis.phases
            yield Rung(
                opened,
                end,
                present(system, basis, inside),
                float(lithium[held] @ basis.values),
                float(energies[held] @ basis.values),
            )
            opened = end
        if phase is None or following >= highest or not basis.enter(phase):
            return
        basis.refresh()
        reached = following


def _next_voltage(basis: Basis, energies: Array, lithium: Array, reached: float) -> tuple[float, int | None]:
    """Return the voltage at which another phase comes in, and that phase."""
    at_zero, slope = basis.reduced(energies), basis.reduced(lithium)
    at_zero[basis.phases], slope[basis.phases] = 0.0, 0.0
    falling = slope < -PIVOT
    if not falling.any():
        return np.inf, None
    voltages = np.where(falling, -at_zero / np.where(falling, slope, -1.0), np.inf)
    phase = int(voltages.argmin())
    return max(float(voltages[phase]), reached), phase


def walk_mixing(
    columns: Array, costs: Array, first: Array, second: Array, start: list[int]
) -> Iterator[tuple[float, Basis]]:
    """Walk the equilibria of mixtures from a first composition (0) to a second (1).

    Yields
    ------
    fraction, basis
        Atomic fraction of the second at each kink, ends included, and the basis that holds up to there.
    """
    basis = Basis(columns, costs, first.copy(), start)
    line = second - first
    fraction = 0.0
    yield fraction, basis
    for _ in range(MOST_PIVOTS):
        change = basis.inverse @ line
        leaving = change < -1e-14
        # The perturbed amounts say which phase runs out, the true ones where.
        ratios, true_ratios = (
            np.where(leaving, np.maximum(basis.inverse @ amounts, 0) / np.where(leaving, -change, 1), np.inf)
            for amounts in (first + basis._small, first)
        )
        row = int(ratios.argmin())
        following = float(ratios[row])
        end = float(true_ratios.min())
        end = 1.0 if max(following, end) > 1.0 - NARROWEST else end
        if end > fraction + NARROWEST:
            fraction = end
            basis.amounts = first + fraction * line
            yield fraction, basis
        if following >= 1.0:
            return
        above = np.maximum(basis.reduced(costs), 0)
        share = basis.inverse[row] @ columns
        share[basis.phases] = 0.0
        able = share < -PIVOT
        if not able.any():
            return
        phase = int(np.where(able, above / np.where(able, -share, 1), np.inf).argmin())
        basis.replace(row, phase, basis.inverse @ columns[:, phase])
        basis.refresh()
