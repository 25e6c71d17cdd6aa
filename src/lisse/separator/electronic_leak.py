"""Electronic conduction of the separator: leak, chemical potential of lithium inside, and lithium born in the bulk.

One dimension, ions and electrons in parallel, conductivities that may change along the way. The evidence that shorts
start this way conflicts, so that nucleation in the bulk is off unless asked for and the leak alone is reported. Leaves
out: space charge, and what a nucleus does to the currents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.mechanism import FARADAY, VOLUME_PER_CHARGE


def leak_current(electronic_conductivity: Any, voltage: Any, thickness: Any) -> Any:
    r"""Leak through the separator [A/m^2], :math:`i_{leak} = \sigma_e U/L`.

    Parameters
    ----------
    electronic_conductivity
        :math:`\sigma_e` [S/m]; pressed sulfides 1e-8 to 1e-6, assumed.
    voltage
        :math:`U` [V].
    thickness
        :math:`L` [m].

    Examples
    --------
    30 um of a sulfide with 1e-9 S/cm at 3.7 V leak 1.2 uA/cm2:

    >>> round(leak_current(1e-7, 3.7, 30e-6) * 100, 2)
    1.23
    """
    return electronic_conductivity * voltage / thickness


def self_discharge(leak: Any, capacity: Any) -> Any:
    """Part of the capacity that leaks away in a time [1/s].

    Parameters
    ----------
    leak
        [A/m^2], see :func:`leak_current`.
    capacity
        Of the cell [C/m^2].

    Examples
    --------
    1.23 uA/cm2 take 18 % of 5 mAh/cm2 in thirty days:

    >>> round(self_discharge(0.0123, 180e3) * 30 * 86400, 2)
    0.18
    """
    return leak / capacity


def conductivity_limit(current: Any) -> Any:
    r"""Proposed highest electronic conductivity without lithium born in the bulk [S/m].

    .. math:: \sigma_{e,max} = 10^{-10}\,\mathrm{S/cm}\left(\frac{i}{1\,\mathrm{mA/cm^2}}\right)^{-2}

    A straight line in logarithms through the two limits that were proposed; no criterion of a short by default.

    Parameters
    ----------
    current
        :math:`i` [A/m^2], magnitude, above 0.

    References
    ----------
    F. Han et al., Nat. Energy 4 (2019) 187-196, doi:10.1038/s41560-018-0312-z (limits from memory).

    Examples
    --------
    >>> [f"{conductivity_limit(i) / 100:.0e}" for i in (10.0, 100.0)]  # S/cm
    ['1e-10', '1e-12']
    """
    return 1e-8 * (current / 10.0) ** -2.0


@dataclass(frozen=True)
class Profile:
    """Currents and chemical potential across the separator.

    Attributes
    ----------
    electronic_current
        i_e [A/m^2], positive along x, shape (...).
    ionic_current
        i_ion [A/m^2], positive along x, shape (...).
    chemical_potential
        Of lithium against the metal [J/mol], at the ends of the layers, shape (..., layers + 1).
    """

    electronic_current: NDArray[np.float64]
    ionic_current: NDArray[np.float64]
    chemical_potential: NDArray[np.float64]

    @property
    def highest(self) -> NDArray[np.float64]:
        """Highest potential of lithium against the metal [V], shape (...): what nucleation can use."""
        return np.asarray(self.chemical_potential.max(axis=-1) / FARADAY)


def chemical_potential_profile(
    thicknesses: Any,
    ionic_conductivity: Any,
    electronic_conductivity: Any,
    current: Any,
    left: Any = 0.0,
    right: Any = 0.0,
) -> Profile:
    r"""Steady chemical potential of lithium across layers of a separator.

    .. math:: \nabla\mu = -\frac{F i_{ion}}{\sigma_i} + \frac{F i_e}{\sigma_e},\quad i_{ion}+i_e = i

    With the potentials of the electrodes given, :math:`i_e = [(\mu_r-\mu_l)/F + iR_i]/(R_i+R_e)`. In one layer the
    potential is a straight line between the electrodes; it rises above both only where the ratio of the conductivities
    changes along the way.

    Parameters
    ----------
    thicknesses
        Of the layers [m], shape (layers,).
    ionic_conductivity, electronic_conductivity
        :math:`\sigma_i`, :math:`\sigma_e` [S/m] of the layers, shape (..., layers).
    current
        :math:`i` [A/m^2], total, positive along x, shape (...).
    left, right
        :math:`\mu_l`, :math:`\mu_r` [J/mol] against the metal, shape (...): 0 at lithium, raised by an overpotential of
        plating, :math:`-FU` at a cathode.

    Examples
    --------
    Li | sulfide | Li: a layer with a hundred times the electronic conductivity at the side that plates pushes the
    potential up by nearly the whole ohmic drop of the other half, 25 mV:

    >>> profile = chemical_potential_profile([15e-6, 15e-6], [0.13, 0.13], [1e-7, 1e-5], 215.0)
    >>> [round(abs(float(v)) * 1e3, 1) for v in profile.chemical_potential / 96485.33]  # mV
    [0.0, 24.3, 0.0]
    """
    layers = np.asarray(thicknesses, dtype=float)
    ionic = layers / np.asarray(ionic_conductivity, dtype=float)
    electronic = layers / np.asarray(electronic_conductivity, dtype=float)
    total_i, total_e = ionic.sum(axis=-1), electronic.sum(axis=-1)
    difference = (np.asarray(right, dtype=float) - left) / FARADAY
    electrons = np.asarray((difference + current * total_i) / (total_i + total_e))
    ions = np.asarray(current - electrons)
    steps = FARADAY * (electrons[..., None] * electronic - ions[..., None] * ionic)
    start = np.broadcast_to(np.asarray(left, dtype=float)[..., None], (*steps.shape[:-1], 1))
    return Profile(electrons, ions, np.concatenate([start, start + np.cumsum(steps, axis=-1)], axis=-1))


def nucleates(chemical_potential: Any, nucleation_overpotential: Any, pores: Any = True) -> Any:
    r"""Tell where lithium is born inside: :math:`\mu \ge F\eta_{nuc}` at a pore or a grain boundary.

    Parameters
    ----------
    chemical_potential
        :math:`\mu` [J/mol] against the metal.
    nucleation_overpotential
        :math:`\eta_{nuc}` [V]; assumed.
    pores
        Whether there is a pore or a boundary to be filled.

    Examples
    --------
    >>> [bool(nucleates(v * 96485.33, 0.01)) for v in (0.005, 0.02)]
    [False, True]
    """
    return (chemical_potential >= FARADAY * nucleation_overpotential) & np.asarray(pores)


def deposit_rate(electronic_current: Any) -> Any:
    r"""Thickness of lithium that the electrons deposit inside [m/s], :math:`V_F\,|i_e|`.

    Examples
    --------
    1.2 uA/cm2 make 4 um in thirty days:

    >>> round(float(deposit_rate(0.0123)) * 30 * 86400 * 1e6, 1)
    4.3
    """
    return VOLUME_PER_CHARGE * np.abs(electronic_current)
