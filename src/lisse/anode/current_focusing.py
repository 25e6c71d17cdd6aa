"""Current crowding where lithium has lost contact: at the rim of one void, and over a map of contact spots.

Ohm's law in the electrolyte behind a linear interface resistance. Leaves out: stress on the reaction (below 0.4 mV for
lithium), concentration, and the flow of the metal around the void.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lisse.errors import InputError, LisseError

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

COEFFICIENT, EXPONENT = 0.95, 0.91
"""Fit to :func:`solve_void` [-], within 5 % from 0.1 to 100."""
RANGE = (0.1, 100.0)
"""Reduced void radii that the fit covers [-]."""
SMALLEST_CELL = 2.5e-4
"""Width of the cell at the rim over the void's radius [-], whose current counts as that at the rim."""
LARGEST_ITERATIONS = 2000
"""Iterations of the solve over a map before it gives up."""


def reduced_radius(radius: Any, conductivity: Any, area_resistance: Any) -> Any:
    r"""Void radius over the length that the interface evens out [-], :math:`\bar a = a / (\kappa Z)`.

    Parameters
    ----------
    radius
        :math:`a` [m].
    conductivity
        :math:`\kappa` [S/m] of the electrolyte.
    area_resistance
        :math:`Z` [ohm m2] of the interface in contact.

    Examples
    --------
    A void of 20 um where the interface is as resistive as 20 um of electrolyte:

    >>> reduced_radius(20e-6, 0.2, 1e-4)
    1.0
    """
    return radius / (conductivity * area_resistance)


def edge_ratio(radius: Any) -> Any:
    r"""Current density at the rim of a void over the mean [-], closed form.

    .. math:: K_J \approx \sqrt{1 + 0.95\,\bar a^{0.91}}

    Parameters
    ----------
    radius
        :math:`\bar a` [-], see :func:`reduced_radius`; 0.1 to 100 is covered.

    Examples
    --------
    Below 3 up to a reduced radius of 10 (Roy, Fleck, Deshpande, Extreme Mech. Lett. 2021):

    >>> [round(float(edge_ratio(a)), 2) for a in (0.1, 1.0, 10.0)]
    [1.06, 1.4, 2.95]
    """
    return np.sqrt(1 + COEFFICIENT * radius**EXPONENT)


@dataclass(frozen=True)
class VoidCurrent:
    """Current around a disc-shaped void.

    Attributes
    ----------
    radius
        Distance from the axis over the void's radius [-], shape (k,), from the rim outwards.
    ratio
        Current density over its mean [-], shape (k,).
    width
        Width of the first cell over the void's radius [-].
    balance
        Current through the contact over that into the electrolyte, less one [-].
    """

    radius: Array
    ratio: Array
    width: float
    balance: float

    @property
    def edge(self) -> float:
        """Ratio in the first cell at the rim [-]."""
        return float(self.ratio[0])


def solve_void(
    radius: float, smallest_cell: float = SMALLEST_CELL, growth: float = 1.1, extent: float = 40.0
) -> VoidCurrent:
    r"""Solve for the current around a void by axisymmetric finite volumes.

    .. math:: \nabla^2\phi = 0,\quad \kappa\,\partial_z\phi = \phi / Z\ (r > a),\quad \partial_z\phi = 0\ (r < a)

    Parameters
    ----------
    radius
        :math:`\bar a` [-], see :func:`reduced_radius`; above 0.
    smallest_cell
        Width of the cells at the rim over the void's radius [-].
    growth
        Ratio of neighbouring cells [-], above 1.
    extent
        Radius and height of the electrolyte over the void's radius [-].

    Raises
    ------
    InputError
        If the radius is not above 0, or the mesh makes no sense.

    References
    ----------
    U. Roy, N.A. Fleck, V.S. Deshpande, Extreme Mech. Lett. 46 (2021) 101307 (the problem).

    Examples
    --------
    >>> round(solve_void(1.0).edge, 1)
    1.4
    """
    if not (radius > 0 and 0 < smallest_cell < 0.1 and growth > 1 and extent > 2):
        raise InputError(
            f"void: reduced radius {radius:g}, smallest cell {smallest_cell:g}, growth {growth:g} and extent "
            f"{extent:g} must be above 0, between 0 and 0.1, above 1 and above 2."
        )
    inner = 1 - _graded(1.0, smallest_cell, growth, 0.1)[::-1]
    faces = np.concatenate([inner, (1 + _graded(extent - 1, smallest_cell, growth, 2.0))[1:]])
    levels = _graded(extent, smallest_cell, growth, 2.0)
    rings = (faces[1:] ** 2 - faces[:-1] ** 2) / 2
    middle = (faces[1:] + faces[:-1]) / 2
    depth = (levels[1:] + levels[:-1]) / 2
    admittance = np.where(middle > 1, rings / (depth[0] + 1 / radius), 0.0)
    potential = _potential(middle, faces, rings, depth, levels, admittance)
    current = potential[:, 0] * admittance
    outflow = (1 - potential[:, -1]) * rings / (levels[-1] - depth[-1])
    touching = middle > 1
    # Without the void the same potential would drive this current.
    mean = 1 / (extent + 1 / radius)
    ratio = current[touching] / rings[touching] / mean
    balance = float(np.sum(current) / np.sum(outflow)) - 1
    return VoidCurrent(middle[touching], ratio, float(faces[len(inner)] - 1), balance)


def _graded(length: float, first: float, growth: float, largest: float) -> Array:
    """Return faces from 0 to ``length`` whose spacing grows from ``first``."""
    points, width = [0.0], first
    while points[-1] < length:
        points.append(points[-1] + width)
        width = min(width * growth, largest)
    return np.array(points) * length / points[-1]


def _potential(middle: Array, faces: Array, rings: Array, depth: Array, levels: Array, admittance: Array) -> Array:
    """Return the potential, shape (radii, depths): 1 on the far face, the interface's counter-potential 0."""
    import scipy.sparse as sparse
    from scipy.sparse.linalg import spsolve

    shape = len(middle), len(depth)
    index = np.arange(shape[0] * shape[1]).reshape(shape)
    radial = (faces[1:-1] / np.diff(middle))[:, None] * np.diff(levels)[None, :]
    axial = rings[:, None] / np.diff(depth)[None, :]
    first = np.concatenate([index[:-1].ravel(), index[:, :-1].ravel()])
    second = np.concatenate([index[1:].ravel(), index[:, 1:].ravel()])
    couple = np.concatenate([radial.ravel(), axial.ravel()])
    far = rings / (levels[-1] - depth[-1])
    diagonal = np.zeros(index.size)
    np.add.at(diagonal, first, couple)
    np.add.at(diagonal, second, couple)
    np.add.at(diagonal, index[:, 0], admittance)
    np.add.at(diagonal, index[:, -1], far)
    source = np.zeros(index.size)
    source[index[:, -1]] = far
    rows = np.concatenate([first, second, index.ravel()])
    columns = np.concatenate([second, first, index.ravel()])
    values = np.concatenate([-couple, -couple, diagonal])
    matrix = sparse.csc_matrix((values, (rows, columns)))
    return np.asarray(spsolve(matrix, source)).reshape(shape)


@dataclass(frozen=True)
class SpotCurrent:
    """Current over a contact map.

    Attributes
    ----------
    ratio
        Current density over its mean per whole area [-], shape (n, n); nought where nothing touches.
    area_resistance
        Resistance of interface and constriction, per whole area [ohm m2].
    """

    ratio: Array
    area_resistance: float

    @property
    def largest(self) -> float:
        """Largest current density over its mean [-]."""
        return float(np.max(self.ratio))


def spread(touching: Mask, size: float, conductivity: float, area_resistance: float) -> SpotCurrent:
    r"""Distribute the current over the spots of a periodic contact map, the electrolyte being deep.

    .. math:: Z\,i + \phi = V,\quad \hat\phi(q) = \frac{\hat i(q)}{\kappa |q|}

    on the spots, and no current elsewhere: the electrical twin of pressing flat punches on an elastic half-space.
    Solved by conjugate gradients.

    Parameters
    ----------
    touching
        Contact map, shape (n, n).
    size
        Side of the square [m].
    conductivity
        :math:`\kappa` [S/m].
    area_resistance
        :math:`Z` [ohm m2] of the interface in contact, above 0.

    Raises
    ------
    InputError
        If nothing touches, or a number is not above 0.
    LisseError
        If the solve does not converge.

    Examples
    --------
    Full contact leaves the interface alone:

    >>> round(spread(np.ones((8, 8), bool), 1e-4, 0.2, 1e-4).area_resistance, 9)
    0.0001
    """
    if not (conductivity > 0 and area_resistance > 0 and touching.any()):
        raise InputError(
            f"spots: conductivity {conductivity:g} S/m and interface resistance {area_resistance:g} ohm m2 must be "
            f"above 0, and some of the {touching.size} points must touch."
        )
    n = len(touching)
    axis = 2 * np.pi * np.fft.fftfreq(n, size / n)
    q = np.hypot(axis[:, None], axis[None, : n // 2 + 1])
    kernel = np.where(q > 0, 1 / (conductivity * np.where(q > 0, q, 1.0)), 0.0)
    current = np.where(touching, 1.0, 0.0)

    def drop(field: Array) -> Array:
        spreading = np.fft.irfft2(kernel * np.fft.rfft2(field), touching.shape)
        return np.where(touching, area_resistance * field + spreading, 0.0)

    residual = np.where(touching, 1.0, 0.0) - drop(current)
    direction = residual
    square = float(np.sum(residual**2))
    target = 1e-12 * float(np.sum(touching))
    for _ in range(LARGEST_ITERATIONS):
        if square <= target:
            mean = float(np.mean(current))
            return SpotCurrent(current / mean, 1 / mean)
        answer = drop(direction)
        length = square / float(np.sum(direction * answer))
        current = current + length * direction
        residual = residual - length * answer
        before, square = square, float(np.sum(residual**2))
        direction = residual + square / before * direction
    raise LisseError("contact spots: the current did not converge; take a coarser grid.")
