"""How dense a cold-pressed sulfide becomes (Heckel).

Leaves out: dwell time, temperature and grain size; the stack pressure of the working cell, far below the
fabrication pressure, does not change the density.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def relative_density(pressure: Any, heckel_pressure: Any, intercept: Any) -> Any:
    r"""Relative density [-] after cold pressing at a fabrication pressure.

    .. math:: \ln\frac{1}{1-D} = \frac{P}{P_y} + A

    Parameters
    ----------
    pressure
        :math:`P` [Pa], fabrication pressure, 0 to about 600 MPa.
    heckel_pressure
        :math:`P_y` [Pa]: 204e6 for 75Li2S-25P2S5 glass, 455e6 for Li6PS5Cl.
    intercept
        :math:`A` [-]: 0.60 and 0.92; it sets the density of the loose powder.

    References
    ----------
    A. Sakuda, A. Hayashi, M. Tatsumisago, Sci. Rep. 3 (2013) 2261, doi:10.1038/srep02261 (glass,
    second-hand); J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253, doi:10.1002/aenm.201903253
    (Li6PS5Cl, one point).

    Examples
    --------
    The glass reaches 90 % at 350 MPa, Li6PS5Cl 82 % at 370 MPa:

    >>> round(float(relative_density(350e6, 204e6, 0.60)), 2)
    0.9
    >>> round(float(relative_density(370e6, 1e6 / 2.2e-3, 0.92)), 2)
    0.82
    """
    return 1 - np.exp(-(pressure / heckel_pressure + intercept))


def fabrication_pressure(density: Any, heckel_pressure: Any, intercept: Any) -> Any:
    r"""Fabrication pressure [Pa] for a relative density; negative below that of the loose powder.

    .. math:: P = P_y\left[\ln\frac{1}{1-D} - A\right]

    Parameters
    ----------
    density
        :math:`D` [-], relative density, below 1.
    heckel_pressure, intercept
        :math:`P_y` [Pa] and :math:`A` [-], see :func:`relative_density`.

    Examples
    --------
    The glass is 90 % dense at about 350 MPa:

    >>> round(float(fabrication_pressure(0.90, 204e6, 0.60)) / 1e6)
    347
    """
    return heckel_pressure * (-np.log(1 - density) - intercept)
