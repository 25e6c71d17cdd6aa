"""Linear stability of a flat lithium front against an elastic separator (Monroe-Newman, Ahmad-Viswanathan).

A diagnostic, never a criterion of a short: the shear moduli of all sulfides lie around the threshold and all of them
short. Leaves out: surface tension (it matters below a micrometre), flaws, plastic flow, and the kinetic prefactor.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SEPARATOR_POISSON = 0.33
"""Poisson's ratio of the separator in the published threshold [-]."""
LITHIUM_POISSON = 0.42
"""Poisson's ratio of lithium in the published threshold [-] (0.381 by pulse-echo)."""


def _coefficients(volume_ratio: Any, nu_s: Any, nu_e: Any) -> tuple[Any, Any, Any]:
    """Return the coefficients of 1, G and G^2 of the elastic chemical potential times (gamma G + delta)."""
    b_s, b_e = 3 - 4 * nu_s, 3 - 4 * nu_e
    gamma, delta = 1 / b_s + 1, 1 / b_e + 1
    # Pressures and normal stresses at the crest, by powers of G = G_s/G_e; both times (gamma G + delta).
    pressure_s2 = 8 / 3 * (1 + nu_s) / b_s
    pressure_s1 = pressure_s2 / b_e
    pressure_e0 = -8 / 3 * (1 + nu_e) / b_e
    pressure_e1 = pressure_e0 / b_s
    traction_s2 = 2 * ((1 - 2 * nu_s) * 2 / b_s - gamma) + pressure_s2
    traction_s1 = 2 * ((1 - 2 * nu_s) * 2 / (b_s * b_e) - delta) + pressure_s1
    traction_e1 = 2 * (gamma - (1 - 2 * nu_e) * 2 / (b_s * b_e)) + pressure_e1
    traction_e0 = 2 * (delta - (1 - 2 * nu_e) * 2 / b_e) + pressure_e0
    both, difference = (1 + volume_ratio) / 2, (1 - volume_ratio) / 2
    return (
        both * traction_e0 + difference * pressure_e0,
        both * (traction_e1 - traction_s1) + difference * (pressure_e1 + pressure_s1),
        -both * traction_s2 + difference * pressure_s2,
    )


def stability_map(Gratio: Any, vratio: Any, nu_s: Any = SEPARATOR_POISSON, nu_e: Any = LITHIUM_POISSON) -> Any:
    r"""Elastic shift of the chemical potential of the electron at the crest of a ripple, without dimension.

    .. math:: \frac{\Delta\mu}{V_M G_e k W} = \frac{(1+v)(\tau_e-\tau_s) + (1-v)(p_e+p_s)}{2\,G_e k W},\quad
              v = \frac{V_+}{V_M}

    for two bonded isotropic half-spaces in plane strain whose flat interface is rippled by :math:`W\cos kx`; the
    lithium is stressed by the ripple. Zero is neutral stability.

    Parameters
    ----------
    Gratio
        :math:`G_s/G_e` [-], shear modulus of the separator over that of lithium; above 0.
    vratio
        :math:`v` [-], partial molar volume of lithium ions in the separator over the molar volume of lithium.
    nu_s, nu_e
        Poisson's ratios of separator and lithium [-], below 0.5. All four broadcast.

    Returns
    -------
    array
        With stresses positive in tension, a positive value raises the potential at the crest and hinders growth
        there. **The sign is not settled**: Monroe and Newman, and Ahmad and Viswanathan, call the opposite half of
        the map stable, and which convention is right has not been checked against their papers. Where the sign
        changes does not depend on it.

    References
    ----------
    C. Monroe, J. Newman, J. Electrochem. Soc. 152 (2005) A396-A404; Z. Ahmad, V. Viswanathan, Phys. Rev. Lett. 119
    (2017) 056003, doi:10.1103/PhysRevLett.119.056003; derived again from Navier's equations.

    Examples
    --------
    >>> import numpy as np
    >>> [bool(value > 0) for value in stability_map(np.array([1.0, 4.0]), 100.0)]
    [True, False]
    """
    c0, c1, c2 = _coefficients(vratio, nu_s, nu_e)
    b_s, b_e = 3 - 4 * nu_s, 3 - 4 * nu_e
    return (c0 + c1 * Gratio + c2 * Gratio**2) / ((1 / b_s + 1) * Gratio + 1 / b_e + 1)


def neutral_modulus_ratio(
    vratio: Any, nu_s: Any = SEPARATOR_POISSON, nu_e: Any = LITHIUM_POISSON
) -> NDArray[np.float64]:
    r"""Ratio of shear moduli at which the elastic shift is zero (the Monroe-Newman root).

    Parameters
    ----------
    vratio
        :math:`V_+/V_M` [-].
    nu_s, nu_e
        Poisson's ratios of separator and lithium [-]. All broadcast.

    Returns
    -------
    array
        The positive root :math:`G_s/G_e`, the smaller one where there are two, NaN where there is none (about equal
        molar volumes).

    Examples
    --------
    The modulus "about twice that of lithium" is the limit of ions much larger than atoms of the metal:

    >>> [round(float(r), 2) for r in neutral_modulus_ratio([100.0, 12.9, 2.0, 0.5])]
    [2.2, 2.4, 6.25, 0.29]
    """
    c0, c1, c2 = np.broadcast_arrays(*_coefficients(np.asarray(vratio, dtype=float), nu_s, nu_e))
    with np.errstate(invalid="ignore", divide="ignore"):
        half = -(c1 + np.copysign(np.sqrt(c1**2 - 4 * c0 * c2), c1)) / 2
        roots = np.stack([half / c2, c0 / half])
    positive = np.where(roots > 0, roots, np.inf)
    smallest = positive.min(axis=0)
    return np.asarray(np.where(np.isfinite(smallest), smallest, np.nan))


def threshold_modulus(lithium_modulus: Any, nu_s: Any = SEPARATOR_POISSON, nu_e: Any = LITHIUM_POISSON) -> Any:
    r"""Shear modulus of the Monroe-Newman threshold [Pa], in the limit :math:`V_+ \gg V_M`.

    Parameters
    ----------
    lithium_modulus
        Shear modulus of lithium [Pa]: 2.83e9 by pulse-echo, 4.8e9 in older tables.
    nu_s, nu_e
        Poisson's ratios [-].

    Examples
    --------
    The shear moduli of sulfides, 4.5 to 11 GPa, lie on both sides of it:

    >>> [round(float(threshold_modulus(g)) / 1e9, 1) for g in (2.83e9, 4.8e9)]
    [6.1, 10.4]
    """
    return lithium_modulus * neutral_modulus_ratio(1e9, nu_s, nu_e)
