"""How a filament crosses the separator once a flaw runs: lithium wedges open a crack that is dry ahead of it.

Linear elastic fracture mechanics and a volume balance; how much of the interface feeds a crack is assumed. Leaves out:
branching, the opening of the crack, and lithium that leaves it again on stripping.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.mechanism import VOLUME_PER_CHARGE
from lisse.separator.flaws import EDGE_CRACK

REFERENCE_CURRENT = 10.0
"""Local current density at which the speed of a filament is given [A/m2]."""


def wedge_intensity(pressure: Any, length: Any, filled: Any = 1.0) -> Any:
    r"""Stress intensity of a crack that lithium fills from its mouth [Pa m^0.5].

    .. math:: K_I = 1.12\,p\sqrt{\pi c}\;\frac2\pi\arcsin f

    Parameters
    ----------
    pressure
        :math:`p` [Pa] of the lithium.
    length
        :math:`c` [m] of the crack.
    filled
        :math:`f` [-], filled part of the length, 0 to 1.

    References
    ----------
    Uniform pressure on part of a crack: any handbook of stress intensities. Dry cracks ahead of lithium: Z. Ning et
    al., Nature 618 (2023) 287-293, doi:10.1038/s41586-023-05970-4.

    Examples
    --------
    Half filled it has a third of the full value:

    >>> round(float(wedge_intensity(10e6, 1e-4, 0.5) / wedge_intensity(10e6, 1e-4)), 3)
    0.333
    """
    return EDGE_CRACK * pressure * np.sqrt(np.pi * length) * 2 / np.pi * np.arcsin(filled)


def filled_to_run(toughness: Any, pressure: Any, length: Any) -> Any:
    r"""Filled part at which a crack runs [-], :math:`f=\sin\left[\frac\pi2\frac{K_{Ic}}{1.12\,p\sqrt{\pi c}}\right]`.

    Parameters
    ----------
    toughness, pressure, length
        :math:`K_{Ic}` [Pa m^0.5], :math:`p` [Pa] above 0, :math:`c` [m].

    Returns
    -------
    array
        Infinite where not even a full crack runs.

    Examples
    --------
    The longer the crack, and the higher the pressure, the less lithium it needs:

    >>> [round(float(filled_to_run(0.3e6, p, 1e-4)), 2) for p in (10e6, 20e6, 40e6)]
    [inf, 0.93, 0.56]
    """
    share = toughness / (EDGE_CRACK * pressure * np.sqrt(np.pi * length))
    return np.where(share <= 1, np.sin(np.pi / 2 * np.minimum(share, 1.0)), np.inf)


def wedge_speed(current: Any, feeding_length: Any, width: Any, filled: Any = 1.0) -> Any:
    r"""Speed of the tip from the volume of lithium that enters [m/s].

    .. math:: \dot c = \frac{V_F\,i\,\ell}{w f}

    Parameters
    ----------
    current
        :math:`i` [A/m^2] at the interface around the mouth, magnitude.
    feeding_length
        :math:`\ell` [m]: length of interface whose current flows into the crack, per unit of its front; assumed.
    width
        :math:`w` [m], opening of the crack.
    filled
        :math:`f` [-], held at the value at which the crack runs.

    Examples
    --------
    1 mA/cm2 over 200 times the opening fills a crack at 1 mm/h:

    >>> round(wedge_speed(10.0, 200e-6, 1e-6) * 3.6e6, 1)
    1.0
    """
    return VOLUME_PER_CHARGE * current * feeding_length / (width * filled)


def advance_rate(
    current: Any, speed: Any, intensity: Any = np.inf, toughness: Any = 0.0, reference_current: Any = REFERENCE_CURRENT
) -> Any:
    r"""Advance of a filament that has started [m/s]: in proportion to the local plating current, while it can run.

    .. math:: v = v_{ref}\,\frac{\max(0,-i)}{i_{ref}} \quad\text{where } K_I \ge K_{Ic}

    Parameters
    ----------
    current
        :math:`i` [A/m^2], local, positive on stripping.
    speed
        :math:`v_{ref}` [m/s] at the reference current; assumed: 1 mm/h at 1 mA/cm2, times or over 10.
    intensity, toughness
        :math:`K_I`, :math:`K_{Ic}` [Pa m^0.5], see :func:`wedge_intensity`; without them it always runs.
    reference_current
        :math:`i_{ref}` [A/m^2].

    Examples
    --------
    >>> [round(float(advance_rate(i, 1e-3 / 3600)) * 3.6e6, 1) for i in (-20.0, 20.0)]  # mm/h
    [2.0, 0.0]
    """
    return speed * np.maximum(0.0, -current) / reference_current * (intensity >= toughness)


def crossing_time(thickness: Any, rate: Any) -> Any:
    r"""Time from the start of a filament to the short [s], :math:`t_{prop} = L/v`; infinite where it does not advance.

    Examples
    --------
    30 um at 1 mm/h:

    >>> round(float(crossing_time(30e-6, 1e-3 / 3600)) / 60, 1)  # min
    1.8
    """
    with np.errstate(divide="ignore"):
        return thickness / np.asarray(rate, dtype=float)


def energy_release_rate(intensity: Any, youngs_modulus: Any, poisson_ratio: Any) -> Any:
    r"""Energy that a crack releases per area [J/m^2], plane strain (Irwin).

    .. math:: G = K_I^2\,\frac{1-\nu^2}{E}

    Parameters
    ----------
    intensity
        :math:`K_I` [Pa m^0.5]; at :math:`K_{Ic}` it is the fracture energy, two surface energies where nothing flows.
    youngs_modulus, poisson_ratio
        :math:`E` [Pa], :math:`\nu` [-] of the separator.

    Examples
    --------
    75Li2S-25P2S5 glass, 0.23 MPa m^0.5 and 24 GPa:

    >>> round(energy_release_rate(0.23e6, 24e9, 0.3), 1)
    2.0
    """
    return intensity * intensity * (1 - poisson_ratio * poisson_ratio) / youngs_modulus
