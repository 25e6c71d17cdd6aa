"""Stability window of a confined electrolyte: decomposition that grows has to push its surroundings away.

Leaves out: which phases form, the metastable states behind the widest published windows, and the stiffness that a real
microstructure offers (a spherical shell stands for it).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.mechanism import FARADAY, GAS_CONSTANT, REFERENCE_TEMPERATURE

SLOWEST = 1e-3
"""Lowest factor on the growth of an interphase by confinement [-] (assumed)."""


def shell_modulus(youngs_modulus: Any, poisson_ratio: Any, radius_ratio: Any) -> Any:
    r"""Pressure per volume strain of a core [Pa] that an elastic spherical shell holds back (Lame).

    .. math:: K_{sh} = \frac{E\,(s^3 - 1)}{3\left[(1-2\nu) + \frac{1+\nu}{2}s^3\right]}

    Parameters
    ----------
    youngs_modulus, poisson_ratio
        :math:`E` [Pa], :math:`\nu` [-] of the shell.
    radius_ratio
        :math:`s` [-], outer over inner radius, at least 1.

    Examples
    --------
    A thick shell holds with 4/3 of its shear modulus (22 GPa, 0.37: 10.7 GPa):

    >>> round(float(shell_modulus(22e9, 0.37, 50.0)) / 1e9, 1)
    10.7
    """
    cube = radius_ratio**3
    return youngs_modulus * (cube - 1) / (3 * (1 - 2 * poisson_ratio + (1 + poisson_ratio) / 2 * cube))


def confinement_modulus(core_bulk_modulus: Any, surroundings: Any) -> Any:
    r"""Modulus against which a decomposition inside a core works [Pa], :math:`1/K_{eff} = 1/K_{core} + 1/K_{sh}`.

    Examples
    --------
    >>> round(confinement_modulus(30e9, 10e9) / 1e9, 1)
    7.5
    """
    return core_bulk_modulus * surroundings / (core_bulk_modulus + surroundings)


def window_edge(bare_edge: Any, modulus: Any, decomposition_volume: Any, *, oxidation: bool) -> Any:
    r"""Edge of the window [V against Li] under confinement: where decomposition just pays for its strain energy.

    .. math:: \Delta G(V) = -F\,|V - V_0| + K_{eff}\,\Delta V_{Li} = 0

    Per mole of lithium exchanged, the driving force grows by :math:`F` for each volt beyond the bare edge
    :math:`V_0`; :math:`\Delta V_{Li} = \varepsilon_{rxn} V_{ref}/n` is the growth of volume that it brings.

    Parameters
    ----------
    bare_edge
        :math:`V_0` [V].
    modulus
        :math:`K_{eff}` [Pa]: 0 for an open pellet, up to about 20e9 in a core-shell particle.
    decomposition_volume
        :math:`\Delta V_{Li}` [m^3/mol of lithium].
    oxidation
        True for the upper edge.

    References
    ----------
    F. Wu, W. Fitzhugh, L. Ye, J. Ning, X. Li, Nat. Commun. 9 (2018) (mechanical constriction; as the review tells it).

    Examples
    --------
    >>> [round(window_edge(v, 15e9, 6.43e-6, oxidation=ox), 2) for v, ox in ((1.7, False), (2.1, True))]
    [0.7, 3.1]
    """
    shift = modulus * decomposition_volume / FARADAY
    return bare_edge + shift if oxidation else bare_edge - shift


def growth_factor(
    modulus: Any, decomposition_volume: Any, temperature: Any = REFERENCE_TEMPERATURE, floor: float = SLOWEST
) -> Any:
    r"""Factor on the rate of an interphase under confinement [-].

    .. math:: f = \max\left(e^{-K_{eff}\Delta V_{Li}/RT},\ f_{min}\right)

    Parameters
    ----------
    modulus, decomposition_volume
        As in :func:`window_edge`.
    temperature
        :math:`T` [K].
    floor
        :math:`f_{min}` [-], assumed: some growth is always left.

    Examples
    --------
    0.1 GPa takes a quarter off at 25 degC, 15 GPa all that it can:

    >>> [round(float(growth_factor(modulus, 6.43e-6)), 3) for modulus in (0.0, 0.1e9, 15e9)]
    [1.0, 0.772, 0.001]
    """
    return np.maximum(np.exp(-modulus * decomposition_volume / (GAS_CONSTANT * temperature)), floor)
