"""Closed-form estimates of what limits the rate of a composite: its electrolyte, its particles, its resistance.

Each takes one cause alone and the rest as ideal, to be laid over a measured rate capability. Leaves out: interplay.
"""

from __future__ import annotations

from typing import Any

__all__ = ["diffusion_lag", "electrolyte_limit", "ohmic_loss"]


def electrolyte_limit(ionic_conductivity: Any, voltage: Any, thickness: Any) -> Any:
    r"""Current density at which the ionic drop through a composite that reacts evenly takes up a voltage.

    .. math:: i = \frac{2\,\kappa\,\Delta U}{L}

    Parameters
    ----------
    ionic_conductivity
        :math:`\kappa` [S/m] of the composite.
    voltage
        :math:`\Delta U` [V], what the open-circuit curve leaves to the limit of the window.
    thickness
        :math:`L` [m].

    Returns
    -------
    Any
        :math:`i` [A/m^2] of cell area.

    Examples
    --------
    25 vol% of Li6PS5Cl (0.306 mS/m), 46 um and half a volt: 0.66 mA/cm2, a quarter of the 2.6 of 1C.

    >>> round(electrolyte_limit(3.06e-4, 0.5, 46.2e-6) / 10, 2)
    0.66
    """
    return 2 * ionic_conductivity * voltage / thickness


def diffusion_lag(radius: Any, diffusivity: Any, rate: Any) -> Any:
    r"""How far the surface of a sphere runs ahead of its mean at a constant rate: capacity that is left behind.

    .. math:: q_{lost} = \frac{r^2}{15\,D}\,\frac{\mathrm{d}q}{\mathrm{d}t}

    Exact for a constant diffusivity once the profile is steady, after about :math:`0.1\,r^2/D`.

    Parameters
    ----------
    radius
        :math:`r` [m], the effective one where paths are longer.
    diffusivity
        :math:`D` [m^2/s].
    rate
        :math:`\mathrm{d}q/\mathrm{d}t`, of the mean: per second of lithium content, or any unit of capacity per second.

    Returns
    -------
    Any
        In the unit of ``rate`` times s.

    Examples
    --------
    200 mA/g in particles of 3 um with 5e-16 m2/s leave 67 mAh/g behind:

    >>> round(diffusion_lag(3e-6, 5e-16, 200 / 3600))  # mAh/g
    67
    """
    return radius**2 / (15 * diffusivity) * rate


def ohmic_loss(current: Any, resistance: Any, slope: Any) -> Any:
    r"""Capacity that an ohmic drop cuts off at the end of the window.

    .. math:: \Delta Q = \frac{I R}{|\mathrm{d}U/\mathrm{d}q|}

    Parameters
    ----------
    current
        :math:`I` [A/m^2] of cell area.
    resistance
        :math:`R` [ohm m^2].
    slope
        :math:`\mathrm{d}U/\mathrm{d}q` of the open-circuit curve near the limit [V per unit of capacity]; its sign does
        not matter.

    Returns
    -------
    Any
        In the unit of capacity of ``slope``.

    Examples
    --------
    1 mA/cm2 and 80 ohm cm2 on a slope of 4 mV per mAh/g:

    >>> round(ohmic_loss(10.0, 80e-4, 4e-3))
    20
    """
    return current * resistance / abs(slope)
