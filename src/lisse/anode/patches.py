"""Patches of a lithium face in parallel: how one current shares itself out over uneven contact (anode.md 2.8).

Kirchhoff's current law between two metals of one potential each and the slab of electrolyte between them. Leaves out:
what changes the resistances (``lisse.lithium.patches``), resistance of the metal, stray current at the rim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Resistance = Callable[[Array], Array]
"""Area resistances [ohm m^2] of both faces' patches at given current densities; both of shape (2, patches)."""

_HIGHEST_ITERATIONS = 200
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Layout:
    """Where square patches of equal area lie.

    Attributes
    ----------
    positions
        Centres over the side of a patch, from the middle of the electrode; shape (patches, 2).
    pairs
        Patches that share an edge, each pair once; shape (pairs, 2).
    """

    positions: Array
    pairs: NDArray[np.int64]

    @property
    def relative_radius(self) -> Array:
        """Distance from the middle over the radius of the disc of equal area [-], at most 1; shape (patches,)."""
        distance = np.hypot(*self.positions.T)
        return np.asarray(np.minimum(distance * np.sqrt(np.pi / len(distance)), 1.0))


def disc_layout(count: int) -> Layout:
    """Return the squares of a grid that lie nearest to its middle, roughly a disc.

    Parameters
    ----------
    count
        Number of patches, at least 1.

    Examples
    --------
    >>> layout = disc_layout(100)
    >>> layout.positions.shape, round(float(layout.relative_radius.max()), 1)
    ((100, 2), 1.0)
    """
    reach = int(np.ceil(np.sqrt(count / np.pi))) + 2
    line = np.arange(-reach, reach) + 0.5
    x, y = (grid.ravel() for grid in np.meshgrid(line, line))
    nearest = np.lexsort((x, y, x * x + y * y))[:count]
    return _joined(np.stack([x[nearest], y[nearest]], axis=1))


def row_layout(count: int) -> Layout:
    """Return patches in one row: the one-dimensional case, which has closed forms.

    Parameters
    ----------
    count
        Number of patches, at least 1.

    Examples
    --------
    >>> row_layout(3).pairs.tolist()
    [[0, 1], [1, 2]]
    """
    return _joined(np.stack([np.arange(count) - (count - 1) / 2, np.zeros(count)], axis=1))


def _joined(positions: Array) -> Layout:
    """Return the layout with its pairs of neighbours."""
    lowest = positions.min(axis=0)
    places = {tuple(np.rint(place - lowest).astype(int)): k for k, place in enumerate(positions)}
    pairs = [
        (k, places[right, up])
        for (x, y), k in places.items()
        for right, up in ((x + 1, y), (x, y + 1))
        if (right, up) in places
    ]
    return Layout(positions, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2))


@dataclass(frozen=True)
class PatchNetwork:
    r"""A separator between two faces of patches.

    The potential is linear across each layer of the slab (finite elements), so that one layer is exact for currents
    that vary over lengths far above the thickness; more layers converge to Laplace's equation. For a pattern of
    wavenumber :math:`k` against a plane of one potential the slab's admittance is

    .. math:: \kappa k\coth kL \approx \frac{\kappa}{L}\left[1 + \frac{(kL)^2}{3}\right].

    Attributes
    ----------
    layout
        The patches.
    patch_area
        Of one patch [m^2].
    column_resistance
        :math:`L/\kappa` [ohm m^2].
    sheet_conductance
        :math:`\kappa L` [S], between neighbouring squares when both planes of the slab carry the same pattern.
    layers
        Layers across the thickness.
    """

    layout: Layout
    patch_area: float
    column_resistance: float
    sheet_conductance: float
    layers: int = 1

    @classmethod
    def of_separator(
        cls, layout: Layout, electrode_area: float, thickness: float, conductivity: float, layers: int = 1
    ) -> PatchNetwork:
        """Return the network of a separator.

        Parameters
        ----------
        layout
            The patches.
        electrode_area, thickness
            [m^2], [m].
        conductivity
            Of the separator [S/m].
        layers
            Layers across the thickness.

        Examples
        --------
        >>> network = PatchNetwork.of_separator(disc_layout(4), 1e-4, 1e-3, 0.2)
        >>> network.column_resistance, network.sheet_conductance
        (0.005, 0.0002)
        """
        area = electrode_area / len(layout.positions)
        return cls(layout, area, thickness / conductivity, conductivity * thickness, layers)

    @property
    def patches(self) -> int:
        """Number of patches of one face."""
        return len(self.layout.positions)

    @cached_property
    def matrix(self) -> Any:
        """Conductances [S] between the nodes, plane by plane from the first face to the second; sparse (CSR)."""
        from scipy import sparse

        number, pairs = self.patches, self.layout.pairs
        joints = sparse.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(number, number))
        joints = joints + joints.T
        lateral = sparse.diags_array(joints.sum(axis=0)) - joints
        along, across = np.zeros((2, self.layers + 1, self.layers + 1))
        for layer in range(self.layers):
            planes = np.ix_((layer, layer + 1), (layer, layer + 1))
            across[planes] += self.layers / self.column_resistance * np.array([[1, -1], [-1, 1]])
            along[planes] += self.sheet_conductance / self.layers * np.array([[1 / 3, 1 / 6], [1 / 6, 1 / 3]])
        patches = self.patch_area * sparse.eye_array(number)
        return (sparse.kron(across, patches) + sparse.kron(along, lateral)).tocsr()


@dataclass(frozen=True)
class Sharing:
    """How a current shares itself out.

    Attributes
    ----------
    current
        Current density of each patch of the first and of the second face [A/m^2], positive through the separator from
        the first to the second; shape (2, patches).
    voltage
        Between the two metals [V].
    """

    current: Array
    voltage: float


def share_linear(network: PatchNetwork, resistance: Array, mean_current: float) -> Sharing:
    r"""Return the currents for given area resistances of the patches.

    With :math:`\phi` at the nodes of the electrolyte, :math:`G` their conductances, first metal at :math:`U`, second
    at 0, and :math:`A i = \pm G\phi` at the faces:

    .. math:: U - \phi_{0k} = R_{0k} i_{0k},\qquad \phi_{1k} = R_{1k} i_{1k},\qquad \sum_k A i_{0k} = I

    Parameters
    ----------
    network
        The separator.
    resistance
        Of both faces' patches [ohm m^2], 0 or more; shape (2, patches).
    mean_current
        Current over the electrode's area [A/m^2].

    Examples
    --------
    Without lateral conduction two columns share a current as parallel resistors:

    >>> network = PatchNetwork(row_layout(2), 1e-4, 1.0, 0.0)
    >>> share_linear(network, np.array([[0.0, 2.0], [0.0, 0.0]]), 1.0).current.round(3).tolist()
    [[1.5, 0.5], [1.5, 0.5]]
    """
    from scipy import sparse
    from scipy.sparse.linalg import splu

    number, matrix = network.patches, network.matrix
    nodes = matrix.shape[0]
    scale, held = np.ones(nodes), np.zeros(nodes)
    scale[:number], scale[nodes - number :] = resistance / network.patch_area
    held[:number] = held[nodes - number :] = 1.0
    system = (sparse.diags_array(scale) @ matrix + sparse.diags_array(held)).tocsc()
    unit = np.zeros(nodes)
    unit[:number] = 1.0
    flow = matrix @ splu(system).solve(unit) / network.patch_area
    first, second = flow[:number], -flow[nodes - number :]
    voltage = mean_current / first.mean()
    return Sharing(np.stack([first, second]) * voltage, float(voltage))


def share_current(
    network: PatchNetwork, resistance: Resistance, mean_current: float, start: Array | None = None
) -> Sharing:
    """Return the currents for patches whose resistance depends on their current.

    Solves the linear network again with the resistances (voltage over current) at the last currents. A resistance that
    falls with the current, as that of charge transfer does, makes this converge from any start.

    Parameters
    ----------
    network
        The separator.
    resistance
        Of both faces' patches [ohm m^2] at their current densities [A/m^2].
    mean_current
        Current over the electrode's area [A/m^2].
    start
        Guess of the current densities, shape (2, patches); the mean without it.

    Raises
    ------
    RuntimeError
        If the currents still change after 200 iterations.

    Examples
    --------
    >>> network = PatchNetwork(row_layout(2), 1e-4, 1.0, 0.0)
    >>> found = share_current(network, lambda i: 1 / (1 + np.abs(i)), 3.0)
    >>> found.current[0].round(6).tolist(), round(found.voltage, 6)  # both columns alike: 3 * (1 + 2/4)
    ([3.0, 3.0], 4.5)
    """
    current = np.full((2, network.patches), float(mean_current)) if start is None else start
    for _ in range(_HIGHEST_ITERATIONS):
        found = share_linear(network, resistance(current), mean_current)
        change = np.abs(found.current - current).max()
        current = found.current
        if change <= _TOLERANCE * max(float(np.abs(current).max()), 1e-12):
            return found
    raise RuntimeError("the currents of the patches did not settle: a resistance grows with its current")
