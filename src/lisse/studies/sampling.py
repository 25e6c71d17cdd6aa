"""Cells drawn from the spreads of the claims that a cell rests on: scrambled Sobol points or a Latin hypercube.

Each claim has a dimension of its own, found by its name; a claim that plays two roles is drawn once. Leaves out: what
is done with the cells (``uncertainty``, ``sensitivity``), and the scatter between samples of one material.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.materials import PROPERTIES, Curve

if TYPE_CHECKING:
    from lisse.cell.claims import ResolvedClaim

Array = NDArray[np.float64]
Key = tuple[str, str]
"""Role and property of a claim."""
Values = dict[Key, float | Curve]
"""What :meth:`lisse.Cell.drawn` takes."""
Sampling = Literal["sobol", "lhs"]
SAMPLINGS: tuple[str, ...] = get_args(Sampling)

SLOTS = 64
"""Sobol dimensions among which up to :data:`FILLED` names are spread, so that a new claim moves few of the others; of
higher dimensions some pairs go together where points are few."""
FILLED = 52
STRAINS = ("volume_strain", "a_axis_strain", "c_axis_strain")
"""Curves that count from their first point: a shift of them means nothing, so an absolute spread scales them."""
EDGE = 2.0**-33
"""Probability below which nothing is drawn: half of the finest step of the Sobol points."""
SMALLEST_SHARE = 1e-3
"""Least share of a positive value that an absolute spread leaves [-]: a zero would divide."""


class Drawable(Protocol):
    """What draws are made of: a cell, or materials."""

    @property
    def name(self) -> str:
        """Name in messages."""

    def has_claim(self, role: str, name: str) -> bool:
        """Tell whether there is such a claim."""

    def claim(self, role: str, name: str) -> ResolvedClaim:
        """Return a claim."""

    def number(self, role: str, name: str) -> float:
        """Return the number of a claim [SI]."""

    def claims_used(self) -> tuple[ResolvedClaim, ...]:
        """Return the claims that were asked for."""

    def drawn(self, values: Mapping[Key, float | Curve]) -> Self:
        """Return the same with other values of some claims."""


AnyDrawable = TypeVar("AnyDrawable", bound=Drawable)


@dataclass(frozen=True)
class Dimension:
    """One uncertain claim.

    Attributes
    ----------
    name
        Material, property and claim, or role and property of a value of the cell file.
    keys
        Roles and properties that it serves.
    claim
        The claim, as its first role uses it.
    lowest, highest
        Bounds of the factor on a curve with a factor, of the shift of a shifted curve, else of the number [SI].
    """

    name: str
    keys: tuple[Key, ...]
    claim: ResolvedClaim
    lowest: float
    highest: float

    @property
    def scales(self) -> bool:
        """Whether a draw multiplies a curve, where it does not shift it."""
        return self.claim.spread.kind == "factor" or self.claim.property in STRAINS

    @property
    def _normal(self) -> tuple[float, float, bool]:
        """Centre and one sigma of the drawn number, and whether both are logarithms."""
        claim, spread = self.claim, self.claim.spread
        if isinstance(claim.value, Curve):
            if spread.kind == "factor":
                return 0.0, math.log(spread.size), True
            return (1.0, spread.size / _height(claim.value), False) if self.scales else (0.0, spread.size, False)
        value = float(claim.value)
        if spread.kind == "factor":
            return math.log(value) if value else -math.inf, math.log(spread.size), True
        return value, spread.size, False

    def numbers(self, shares: Array) -> Array:
        """Return drawn numbers (of a curve its factor or shift) at cumulative probabilities, shape of ``shares``."""
        from scipy.special import ndtr, ndtri

        spread = self.claim.spread
        if spread.low is not None and spread.high is not None:
            low, high = max(spread.low, self.lowest), min(spread.high, self.highest)
            return np.asarray(low + shares * (high - low))
        centre, sigma, logarithmic = self._normal
        if not math.isfinite(centre):
            return np.zeros_like(shares)
        ends = np.array([self.lowest, self.highest])
        with np.errstate(divide="ignore"):
            ends = np.log(np.maximum(ends, 0.0)) if logarithmic else ends
        # The tails beyond the bounds are cut off, and the rest keeps its shape.
        low, high = ndtr((ends - centre) / sigma)
        drawn = centre + sigma * ndtri(np.clip(low + shares * (high - low), EDGE, 1 - EDGE))
        return np.asarray(np.exp(drawn) if logarithmic else drawn)

    def value(self, number: float) -> float | Curve:
        """Return the value of the claim for a drawn number."""
        from lisse.materials.curves import AdjustedCurve

        curve = self.claim.value
        if not isinstance(curve, Curve):
            return number
        return AdjustedCurve(curve, factor=number) if self.scales else AdjustedCurve(curve, offset=number)


def _height(curve: Curve) -> float:
    """Difference of the highest and the lowest value of a curve."""
    low, high = curve.range or (0.0, 1.0)
    found = curve(np.linspace(low, high, 201))
    height = float(np.ptp(found))
    return height or max(abs(float(found[0])), 1.0)


def claims_of(cell: Drawable) -> tuple[ResolvedClaim, ...]:
    """Return all claims that a cell and its model use, with those of its mechanisms; of materials those in use."""
    from lisse.cell.cell import Cell
    from lisse.cell.parameter_sets import parameter_values

    if isinstance(cell, Cell):
        parameter_values(cell)
    return cell.claims_used()


def dimensions(cell: Drawable, claims: Iterable[ResolvedClaim] | None = None) -> tuple[Dimension, ...]:
    """Return the uncertain claims of a cell, by name.

    Parameters
    ----------
    cell
        The cell as its file has it, or materials.
    claims
        Those to look at; all that the model of the cell uses without them.
    """
    used = tuple(claims) if claims is not None else claims_of(cell)
    known = {(claim.role, claim.property) for claim in used}
    groups: dict[str, list[ResolvedClaim]] = {}
    for claim in used:
        if claim.spread.kind != "none" and not isinstance(claim.value, str) and not _follows(claim, known):
            groups.setdefault(dimension_name(claim), []).append(claim)
    found = []
    for name, group in sorted(groups.items()):
        bounds = [_bounds(cell, claim) for claim in group]
        low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
        found.append(Dimension(name, tuple((claim.role, claim.property) for claim in group), group[0], low, high))
    return tuple(found)


def dimension_name(claim: ResolvedClaim) -> str:
    """Return the name of a claim's dimension: equal for two roles of one material.

    Examples
    --------
    >>> from lisse import Cell
    >>> dimension_name(Cell.load("reference").claim("electrolyte", "ionic_conductivity"))
    'Li6PS5Cl.ionic_conductivity.review-table2'
    """
    owner = claim.role if claim.own else claim.material
    return f"{owner}.{claim.property}.{claim.claim_id}"


def _follows(claim: ResolvedClaim, known: set[Key]) -> bool:
    """Tell whether a claim was fitted with others and moves with them: the rate of creep into pores."""
    others = ("pore_creep_pressure", "pore_creep_threshold_pressure")
    return claim.property == "pore_creep_rate" and all((claim.role, name) in known for name in others)


def _bounds(cell: Drawable, claim: ResolvedClaim) -> tuple[float, float]:
    """Return what the drawn number of a claim is kept within."""
    from lisse.lithium.parameters import ROWS

    row = PROPERTIES[claim.property]
    if isinstance(claim.value, Curve):
        scaled = claim.spread.kind == "factor" or claim.property in STRAINS
        return (SMALLEST_SHARE, math.inf) if scaled else (-math.inf, math.inf)
    low = {"positive": SMALLEST_SHARE * abs(float(claim.value)), "non-negative": 0.0, "any": -math.inf}[row.sign]
    high = math.inf if row.maximum is None else row.maximum
    for limits in ROWS:
        if limits.claim == claim.property:
            low, high = max(low, limits.lowest), min(high, limits.highest)
    if claim.property == "pristine_lithium_content" and cell.has_claim(claim.role, "open_circuit_voltage"):
        curve = cell.claim(claim.role, "open_circuit_voltage").value
        assert isinstance(curve, Curve)
        if curve.range is not None:
            low, high = max(low, curve.range[0]), min(high, curve.range[1])
    return low, high


@dataclass(frozen=True)
class Draws(Generic[AnyDrawable]):
    """Cells drawn from the claims of one.

    Attributes
    ----------
    cell
        The cell with every claim's own value.
    dimensions
        The uncertain claims.
    shares
        Cumulative probability of each, shape (count, dimensions).
    sampling, seed
        How they were drawn.
    """

    cell: AnyDrawable
    dimensions: tuple[Dimension, ...]
    shares: Array
    sampling: str
    seed: int

    def __len__(self) -> int:
        return len(self.shares)

    def numbers(self) -> Array:
        """Return the drawn numbers (of curves the factor or the shift), shape of ``shares``."""
        columns = [row.numbers(self.shares[:, column]) for column, row in enumerate(self.dimensions)]
        return np.array(columns).T.reshape(self.shares.shape)

    def values(self, number: int) -> Values:
        """Return the values of one draw by role and property."""
        found: Values = {}
        for column, row in enumerate(self.dimensions):
            value = row.value(float(row.numbers(self.shares[number, column : column + 1])[0]))
            found |= dict.fromkeys(row.keys, value)
        return _with_followers(self.cell, found)

    def make(self, number: int) -> AnyDrawable:
        """Return one of the cells.

        Raises
        ------
        InputError
            If no cell follows from the values.
        """
        return self.cell.drawn(self.values(number))


def _with_followers(cell: Drawable, values: Values) -> Values:
    """Let the claims move along that were fitted with others, as the simulator of the lithium interface does."""
    from lisse.separator.creep_into_pores import fitted_velocity

    found = dict(values)
    for role in {role for role, _ in values}:
        names = ("pore_creep_pressure", "pore_creep_threshold_pressure")
        if all((role, name) in values for name in names) and cell.has_claim(role, "pore_creep_rate"):
            drawn = fitted_velocity(*(values[role, name] for name in names))
            usual = fitted_velocity(*(cell.number(role, name) for name in names))
            found[role, "pore_creep_rate"] = float(cell.number(role, "pore_creep_rate") * drawn / usual)
        buried, refill = values.get((role, "occluded_fraction")), values.get((role, "refill_efficiency"))
        if isinstance(buried, float) and isinstance(refill, float):
            found[role, "occluded_fraction"] = max(buried, 1 - 1 / refill)
    return found


def draw(
    cell: AnyDrawable,
    count: int,
    seed: int = 0,
    sampling: str = "sobol",
    names: Iterable[str] | None = None,
    also: Callable[[AnyDrawable], Any] | None = None,
) -> Draws[AnyDrawable]:
    """Draw cells from the spreads of the claims of one.

    Parameters
    ----------
    cell
        The cell.
    count
        How many.
    seed
        Equal seeds give equal cells.
    sampling
        ``sobol`` (scrambled Sobol points) or ``lhs`` (Latin hypercube).
    names
        Dimensions that vary, the others staying at the claims' own values; all without it.
    also
        Asks the cell for claims that its model does not use, such as :func:`lisse.lithium.parameters.read_claims`.

    Raises
    ------
    InputError
        If a number is out of range, no claim has a spread, or correlations contradict each other.

    Examples
    --------
    >>> from lisse import Cell
    >>> draws = draw(Cell.load("reference"), 8)
    >>> draws.make(0).number("separator", "density") == Cell.load("reference").number("separator", "density")
    False
    """
    if also is not None:
        also(cell)
    rows = dimensions(cell)
    if names is not None:
        chosen = set(names)
        rows = tuple(row for row in rows if row.name in chosen)
    if not rows:
        raise InputError(f"uncertainty: no claim of {cell.name} has a spread to draw from.")
    shares = points([row.name for row in rows], count, seed, sampling)
    return Draws(cell, rows, correlate(rows, shares), sampling, seed)


def points(names: list[str], count: int, seed: int, sampling: str) -> Array:
    """Return independent points in the unit cube, shape (count, names); a column depends on its name and the seed.

    Raises
    ------
    InputError
        If the count, the seed or the sampling is not accepted.
    """
    if not 2 <= count <= 1_000_000:
        raise InputError(f"uncertainty: {count} draws are not accepted; write a whole number from 2 to 1000000.")
    if not 0 <= seed < 2**32:
        raise InputError(f"seed: {seed} is not accepted; write a whole number from 0 to 4294967295.")
    if sampling not in SAMPLINGS:
        raise InputError(f'sampling: "{sampling}" is not known; write {" or ".join(SAMPLINGS)}.')
    found = _latin(names, count, seed) if sampling == "lhs" else _sobol(names, count, seed)
    return np.clip(found, EDGE, 1 - EDGE)


def _latin(names: list[str], count: int, seed: int) -> Array:
    columns = []
    for name in names:
        random = np.random.default_rng([seed, zlib.crc32(name.encode())])
        columns.append((random.permutation(count) + random.random(count)) / count)
    return np.array(columns).T.reshape(count, len(names))


def _sobol(names: list[str], count: int, seed: int) -> Array:
    from scipy.stats import qmc

    places = _slots(names)
    engine = qmc.Sobol(_size(names), scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(engine.random_base2(math.ceil(math.log2(count)))[:count, places])


def _size(names: list[str]) -> int:
    return SLOTS * math.ceil(len(names) / FILLED)


def _slots(names: list[str]) -> list[int]:
    """Return the Sobol dimension of each name: by its checksum, the next free one where two meet."""
    taken: dict[int, str] = {}
    size = _size(names)
    for name in names:
        place = zlib.crc32(name.encode()) % size
        while place in taken:
            place = (place + 1) % size
        taken[place] = name
    found = {name: place for place, name in taken.items()}
    return [found[name] for name in names]


def correlation(rows: tuple[Dimension, ...]) -> Array:
    """Return the matrix of the correlation coefficients that the claims state, shape (rows, rows).

    Raises
    ------
    InputError
        If no distribution has these coefficients.
    """
    matrix = np.eye(len(rows))
    place = {key: column for column, row in enumerate(rows) for key in row.keys}
    for column, row in enumerate(rows):
        for other, coefficient in row.claim.correlated.items():
            for role, _ in row.keys:
                partner = place.get((role, other))
                if partner is not None and rows[partner].claim.material == row.claim.material:
                    matrix[column, partner] = matrix[partner, column] = coefficient
    if np.linalg.eigvalsh(matrix)[0] < 1e-9:
        names = sorted(row.name for row in rows if row.claim.correlated)
        raise InputError(
            f"correlated: the coefficients of {', '.join(names)} contradict each other; lower one of them."
        )
    return matrix


def correlate(rows: tuple[Dimension, ...], shares: Array) -> Array:
    """Return points with the correlations that the claims state (Gaussian copula), of the same shape."""
    from scipy.special import ndtr, ndtri

    matrix = correlation(rows)
    if np.array_equal(matrix, np.eye(len(rows))):
        return shares
    return np.clip(ndtr(ndtri(shares) @ np.linalg.cholesky(matrix).T), EDGE, 1 - EDGE)


def groups(rows: tuple[Dimension, ...]) -> list[tuple[int, ...]]:
    """Return the numbers of the dimensions that go along with each other, in groups; most stand alone."""
    linked = correlation(rows) != 0
    left, found = set(range(len(rows))), []
    while left:
        group, fresh = set[int](), {min(left)}
        while fresh:
            group |= fresh
            fresh = {int(k) for number in fresh for k in np.flatnonzero(linked[number])} - group
        found.append(tuple(sorted(group)))
        left -= group
    return found
