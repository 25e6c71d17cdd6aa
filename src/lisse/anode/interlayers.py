"""What a layer between lithium and electrolyte does: it resists, stores, limits and fills in.

A layer acts by its thickness, conductivities, host capacity and diffusivity; only what no equation here covers
(healing, plating, interphase) is a plain factor among the claims. Leaves out: nucleation, and ageing of the layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse._math import conduction_factor
from lisse.mechanism import REFERENCE_TEMPERATURE

TRANSITION = 1e-9
"""Width over which a reservoir gives way to loss of contact [m]."""


def area_resistance(
    thickness: Any,
    conductivity: Any,
    activation_energy: Any,
    temperature: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Ionic resistance of the layer per area [ohm m^2].

    .. math:: R = \frac{L}{\sigma_0}\,e^{\frac{E}{R}\left(\frac1T-\frac1{T_0}\right)}

    Parameters
    ----------
    thickness
        :math:`L` [m].
    conductivity
        :math:`\sigma_0` [S/m] at the reference temperature.
    activation_energy
        :math:`E` [J/mol].
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K]; the claims on some layers hold at 60 degC.

    Examples
    --------
    10 um of a plastic crystal (1 mS/cm) add 1 ohm cm2 at 25 degC and a quarter of it at 60 degC (0.35 eV):

    >>> [round(float(area_resistance(10e-6, 0.1, 33.77e3, t)) * 1e4, 2) for t in (298.15, 333.15)]
    [1.0, 0.24]
    """
    return thickness / (conductivity * conduction_factor(activation_energy, temperature, 0.0, reference_temperature))


def host_charge(specific_capacity: Any, density: Any, thickness: Any) -> Any:
    """Return the charge that the layer takes up before lithium plates [C/m2].

    Parameters
    ----------
    specific_capacity
        [C/kg] of layer.
    density
        [kg/m3] of the layer with its pores.
    thickness
        [m].

    Examples
    --------
    4.5 g/m2 of carbon and silver at 290 mA h/g, in mA h/cm2:

    >>> round(host_charge(290 * 3600.0, 900.0, 5e-6) / 3.6e4, 2)
    0.13
    """
    return specific_capacity * density * thickness


def transport_limited_current(specific_capacity: Any, density: Any, diffusivity: Any, thickness: Any) -> Any:
    r"""Largest current density that lithium carries through a host by diffusion [A/m^2].

    .. math:: i_C = \frac{F D\,\Delta c}{L} = \frac{D\,q\,\rho}{L}

    The host is full at the electrolyte and empty at the collector; :math:`q\rho/F` is its lithium per volume when full.

    Parameters
    ----------
    specific_capacity, density
        :math:`q` [C/kg], :math:`\rho` [kg/m^3] of the layer.
    diffusivity
        :math:`D` [m^2/s] at the temperature of interest.
    thickness
        :math:`L` [m].

    Examples
    --------
    10 um of graphite and silver at 60 degC carry 2.8 mA/cm2:

    >>> round(transport_limited_current(419 * 3600.0, 1500.0, 1.25e-13, 10e-6) / 10, 1)
    2.8
    """
    return diffusivity * specific_capacity * density / thickness


def deficit_beyond_reservoir(height: Any, reservoir: Any, width: Any = TRANSITION) -> Any:
    r"""Void height [m] that costs contact, when the pores of the layer hold lithium to make up for the first of it.

    .. math:: h = \frac12\left[(h_v - V) + \sqrt{(h_v - V)^2 + 4w^2}\right]

    A smooth :math:`\max(0, h_v - V)`, so that a solver can follow it.

    Parameters
    ----------
    height
        :math:`h_v` [m], open void volume per area.
    reservoir
        :math:`V` [m], lithium in the pores as a thickness; 0 for none.
    width
        :math:`w` [m].

    Examples
    --------
    >>> [round(float(deficit_beyond_reservoir(h * 1e-6, 4e-6)) * 1e6, 3) for h in (1.0, 6.0)]
    [0.0, 2.0]
    """
    beyond = height - reservoir
    return (beyond + np.sqrt(beyond**2 + 4 * width**2)) / 2
