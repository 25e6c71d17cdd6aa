"""Resistance and impedance of a porous cathode in closed form (Newman and Tobias).

Electrons enter at the collector, ions at the separator. Leaves out: everything non-linear, and the composite
between two blocking electrodes, whose contacts sit elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.mechanism import FARADAY, GAS_CONSTANT


def kinetic_admittance(exchange_current_density: Any, temperature: Any) -> Any:
    r"""Slope of the charge-transfer kinetics at equilibrium per wetted area [S/m^2].

    .. math:: Y = \frac{i_0 F}{R T}

    Examples
    --------
    1 ohm cm2 at 25 degC belongs to 257 A/m2:

    >>> round(1e4 / kinetic_admittance(257.0, 298.15), 3)
    1.0
    """
    return exchange_current_density * FARADAY / (GAS_CONSTANT * temperature)


def reduced_thickness(thickness: Any, ionic: Any, electronic: Any, area_per_volume: Any, admittance: Any) -> Any:
    r"""Thickness over penetration depth :math:`\nu` [-] of the reaction; complex for an impedance.

    .. math:: \nu = L\sqrt{a\,Y\left(\frac{1}{\kappa} + \frac{1}{\sigma}\right)}

    Parameters
    ----------
    thickness
        :math:`L` [m].
    ionic, electronic
        Effective conductivities :math:`\kappa`, :math:`\sigma` [S/m].
    area_per_volume
        :math:`a` [1/m], wetted.
    admittance
        :math:`Y` [S/m^2] per wetted area, real or complex.

    Examples
    --------
    >>> round(float(reduced_thickness(50e-6, 0.0166, 0.0556, 8.4e5, kinetic_admittance(0.3, 298.15))), 5)
    1.38498
    """
    return thickness * np.sqrt(area_per_volume * admittance * (1 / ionic + 1 / electronic))


def impedance(thickness: Any, ionic: Any, electronic: Any, area_per_volume: Any, admittance: Any) -> Any:
    r"""Impedance of the composite per cell area [ohm m^2]; the DC resistance where the admittance is real.

    .. math:: Z = \frac{L}{\kappa+\sigma}\left[1 + \frac{2 + (\sigma/\kappa + \kappa/\sigma)\cosh\nu}
              {\nu\sinh\nu}\right]

    The hyperbolic functions are written with decaying exponentials, so that a thick electrode does not
    overflow.

    Parameters
    ----------
    thickness
        :math:`L` [m].
    ionic, electronic
        Effective conductivities :math:`\kappa`, :math:`\sigma` [S/m].
    area_per_volume
        :math:`a` [1/m], wetted.
    admittance
        :math:`Y` [S/m^2] per wetted area: :func:`kinetic_admittance`, or with double layer and diffusion in
        the particle a complex one.

    References
    ----------
    J. S. Newman, C. W. Tobias, J. Electrochem. Soc. 109 (1962) 1183.

    Examples
    --------
    Two worked cases, 3.29462e-3 and 1.295277e-2 ohm m2:

    >>> f"{impedance(50e-6, 0.0166, 0.0556, 8.4e5, kinetic_admittance(0.3, 298.15)):.5e}"
    '3.29462e-03'
    >>> f"{impedance(40e-6, 0.01, 0.1, 3.6e5, kinetic_admittance(0.155, 298.15)):.6e}"
    '1.295277e-02'
    """
    nu = reduced_thickness(thickness, ionic, electronic, area_per_volume, admittance)
    decay = np.exp(-nu)
    inverse_sinh = 2 * decay / (1 - decay**2)
    coth = (1 + decay**2) / (1 - decay**2)
    ratio = electronic / ionic + ionic / electronic
    return thickness / (ionic + electronic) * (1 + (2 * inverse_sinh + ratio * coth) / nu)
