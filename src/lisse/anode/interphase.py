"""Interphase between lithium and the electrolyte: charge consumed, thickness, resistance.

One rate law with mixed reaction and diffusion control covers the three types: none (1), mixed-conducting and
unbounded (2), ion-conducting and self-limiting (3). Leaves out: the phases' own thermodynamics (windows).
"""

from __future__ import annotations

from typing import Any

import numpy as np

FIRST_CHARGE = 3.6
"""Charge of the film that forms on touching [C/m2] (0.1 uAh/cm2), below which the root law is singular."""
NO_REACTION = 1e30
"""Stands for an infinite rate constant in the sum of the two resistances to growth."""


def consumption_rate(charge: Any, reaction_rate: Any, parabolic_constant: Any) -> Any:
    r"""Current density that the interphase consumes [A/m^2] at the reference temperature.

    .. math:: \dot q = \left[\frac{1}{k_r} + \frac{2q}{k_q^2}\right]^{-1}

    Parameters
    ----------
    charge
        :math:`q` [C/m^2] of lithium consumed so far.
    reaction_rate
        :math:`k_r` [A/m^2]; infinite growth control by diffusion: use a large number.
    parabolic_constant
        :math:`k_q` [C/(m^2 s^0.5)].

    Examples
    --------
    Li6PS5Cl at 400 h: 60 uAh/cm2, so its rate is half of that over the time:

    >>> k_q = 3.0e-6 * 3600 * 1e4 / 60
    >>> round(float(consumption_rate(60e-6 * 3.6e7, 1e30, k_q)) * 400 * 3600 / 3.6e7 * 1e6)
    30
    """
    return 1 / (1 / reaction_rate + 2 * charge / parabolic_constant**2)


def charge_after(
    duration: Any, charge: Any, reaction_rate: Any, parabolic_constant: Any, temperature_factor: Any = 1.0
) -> Any:
    r"""Charge consumed [C/m^2] after a time at constant temperature, in closed form.

    .. math:: \frac{q}{k_r} + \frac{q^2}{k_q^2} = a_T\,t + \text{const.}

    Parameters
    ----------
    duration
        Time [s].
    charge
        :math:`q` at its beginning [C/m^2].
    reaction_rate, parabolic_constant
        :math:`k_r` [A/m^2], :math:`k_q` [C/(m^2 s^0.5)].
    temperature_factor
        :math:`a_T` [-], and any factor of fresh surface.

    Examples
    --------
    >>> k_q = 3.0e-6 * 3600 * 1e4 / 60
    >>> [round(float(charge_after(h * 3600, 0.0, 1e30, k_q)) / 3.6e7 * 1e6, 1) for h in (100, 400)]
    [30.0, 60.0]
    """
    half = parabolic_constant**2 / (2 * reaction_rate)
    reached = charge**2 + 2 * half * charge + parabolic_constant**2 * temperature_factor * duration
    return np.sqrt(half**2 + reached) - half


def thickness(charge: Any, thickness_per_charge: Any) -> Any:
    r"""Thickness of the interphase [m], :math:`\delta = v_q q`.

    Examples
    --------
    60 uAh/cm2 on Li6PS5Cl are 540 nm:

    >>> round(thickness(60e-6 * 3.6e7, 9e-9 / 36.0) * 1e9)
    540
    """
    return thickness_per_charge * charge


def area_resistance(charge: Any, thickness_per_charge: Any, conductivity: Any) -> Any:
    r"""Ionic resistance of the interphase per area [ohm m^2], :math:`R = \delta/\sigma`.

    Examples
    --------
    300 nm with 1e-6 S/cm are 30 ohm cm2, the bound of the published spectra:

    >>> round(area_resistance(1200.0, 9e-9 / 36.0, 1e-4) * 1e4)
    30
    """
    return thickness(charge, thickness_per_charge) / conductivity
