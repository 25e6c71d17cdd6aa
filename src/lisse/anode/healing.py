"""Healing current: how fast lithium flows back to a stripped interface, against pressure and temperature.

A flux balance with three channels whose coefficients are calibrated per electrolyte; the current above which voids
grow without end is the critical stripping current. Leaves out: a first-principles void theory (none predicts it).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.anode.contact import ATMOSPHERE
from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius

HIGHEST_HEALING_CURRENT = 1e4
"""Healing currents are held below this [A/m2]: far above any current of a cell."""
CALIBRATED_PRESSURE = {"Li6PS5Cl": (3e6, 7e6), "LLZO": (0.4e6, 2e6)}
"""Stack pressures between which each electrolyte's coefficients were fitted [Pa]."""


def healing_current(
    pressure: Any,
    temperature: Any,
    offset: Any,
    linear: Any,
    power: Any,
    creep_exponent: Any,
    activation_energy: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Largest stripping current density that flow of lithium can follow [A/m^2].

    .. math:: i_h = a_T\left[i_0 + k_1 P + k_n\left(\frac{P}{P_{ref}}\right)^n\right],\quad
              a_T = \exp\left[-\frac{Q}{R}\left(\frac1T-\frac1{T_0}\right)\right]

    Self-diffusion needs no pressure, diffusional creep is linear in it, dislocation creep a power law.

    Parameters
    ----------
    pressure
        :math:`P` [Pa]; at least 0.1 MPa is used.
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].
    offset
        :math:`i_0` [A/m^2]: 0.5 for Li6PS5Cl.
    linear
        :math:`k_1` [A/(m^2 Pa)]: 0.492e-6 for Li6PS5Cl.
    power
        :math:`k_n` [A/m^2] at :math:`P_{ref}` = 1 MPa: 1.74e-5 for Li6PS5Cl.
    creep_exponent, activation_energy
        :math:`n` [-], :math:`Q` [J/mol] of the creep of lithium.

    References
    ----------
    Coefficients fitted to critical stripping currents of J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105,
    doi:10.1038/s41563-019-0438-9 (second-hand); temperature dependence predicted from creep.

    Examples
    --------
    Li | Li6PS5Cl: 0.2 mA/cm2 at 3 MPa and 1.0 at 7 MPa:

    >>> law = dict(offset=0.5, linear=0.492e-6, power=0.0234 / 3**6.56, creep_exponent=6.56, activation_energy=37e3)
    >>> [round(float(healing_current(p, 298.15, **law)) / 10, 1) for p in (3e6, 7e6)]
    [0.2, 1.0]
    """
    pressed = np.maximum(pressure, ATMOSPHERE)
    current = offset + linear * pressed + power * (pressed / 1e6) ** creep_exponent
    return np.minimum(
        HIGHEST_HEALING_CURRENT, arrhenius(activation_energy, temperature, reference_temperature) * current
    )
