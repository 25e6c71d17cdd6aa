"""Voids at the lithium: open and occluded volume, re-exposure on stripping, and what they do to the contact.

A calibrated flux balance (anode.md 2.4): its structure is mechanistic, its coefficients are fitted. Leaves out: the
shape of single voids and where they sit (``patches``, ``rough_contact``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lisse.mechanism import FARADAY

LITHIUM_MOLAR_VOLUME = 12.997e-6
"""Molar volume of lithium [m3/mol] (534 kg/m3)."""
VOLUME_PER_CHARGE = LITHIUM_MOLAR_VOLUME / FARADAY
"""Thickness of lithium per charge [m3/C]: 4.85 um per mAh/cm2."""
SMALLEST_HEIGHT = 1e-13
"""Void height below which there is none [m]."""
COVER_SKIN = 1e-9
"""Cover thickness below which it counts as gone [m]."""
COVERAGE_LOST = 0.05
"""Share of the contact that voids leave when contact counts as lost [-]."""


@dataclass(frozen=True)
class VoidLaw:
    r"""Coefficients of the void balance, each a number, an array over cells or a PyBaMM symbol.

    Attributes
    ----------
    void_yield
        :math:`\chi` [-]: share of the stripped deficit that drift of the lithium does not close.
    coverage_height
        :math:`h_1` [m]: void volume per area at which contact has fallen to 1/e.
    onset_ratio
        :math:`r = h_r/h_1` [-]: void height, over h_1, at which half of the healing current flows.
    refill_efficiency
        :math:`\lambda` [-]: void volume closed per volume plated.
    occluded_fraction
        :math:`\omega` [-]: share of the closed volume that is covered instead of filled.
    reexposure_thickness
        :math:`z_r` [m]: cover thickness at which stripping starts to open covered voids.
    """

    void_yield: Any
    coverage_height: Any
    onset_ratio: Any
    refill_efficiency: Any
    occluded_fraction: Any
    reexposure_thickness: Any

    @property
    def onset_height(self) -> Any:
        """Void height at which half of the healing current flows, :math:`h_r` [m]."""
        return self.onset_ratio * self.coverage_height


def void_rates(
    law: VoidLaw, open_height: Any, occluded_height: Any, cover: Any, current: Any, healing: Any, closure: Any
) -> tuple[Any, Any, Any]:
    r"""Rates of open void volume, occluded void volume (both per area) and of the cover over it [m/s].

    With :math:`s = h_v/(h_v + h_r)`, stripping current :math:`i_s` and plating current :math:`i_p`:

    .. math::
        \dot h_v &= V_F[\chi(i_s - i_h s) - \lambda i_p s] + e \\
        \dot h_o &= \omega\lambda V_F i_p s - k_o h_o - e,\qquad
             e = h_o\,\frac{6 V_F i_s}{z_r}\exp[-(z_c/z_r)^4] \\
        \dot z_c &= V_F i_p - V_F i_s\left(1-e^{-z_c/1\,nm}\right) - z_c\,\frac{\omega\lambda V_F i_p s}{h_o + h_{min}}

    Parameters
    ----------
    law
        Coefficients.
    open_height, occluded_height, cover
        :math:`h_v`, :math:`h_o`, :math:`z_c` [m].
    current
        :math:`i` [A/m^2], positive when stripping.
    healing
        :math:`i_h` [A/m^2], see :func:`lisse.anode.healing.healing_current`.
    closure
        :math:`k_o` [1/s], see :func:`lisse.anode.creep.void_closure_rate`.

    Examples
    --------
    Below the healing current voids settle where its flow balances the current, at h_r i / (i_h - i):

    >>> law = VoidLaw(0.7, 15e-6, 0.003, 3.0, 0.8, 0.3e-6)
    >>> rates = void_rates(law, law.onset_height * 1.0 / (2.0 - 1.0), 0.0, 0.0, 1.0, 2.0, 0.0)
    >>> bool(abs(rates[0]) < 1e-20)
    True
    """
    stripping, plating = np.maximum(current, 0.0), np.maximum(-current, 0.0)
    volume = VOLUME_PER_CHARGE
    saturation = open_height / (open_height + law.onset_height)
    closing = law.refill_efficiency * volume * plating * saturation
    occluding = law.occluded_fraction * closing
    cover = np.maximum(cover, 0.0)
    covered = (cover / law.reexposure_thickness) ** 2
    opening = occluded_height * (6 * volume / law.reexposure_thickness) * stripping * np.exp(-covered * covered)
    open_rate = volume * law.void_yield * (stripping - healing * saturation) - closing + opening
    occluded_rate = occluding - closure * occluded_height - opening
    dilution = cover * occluding / (np.maximum(occluded_height, 0.0) + SMALLEST_HEIGHT)
    cover_rate = volume * plating - volume * stripping * (1 - np.exp(-cover / COVER_SKIN)) - dilution
    return open_rate, occluded_rate, cover_rate


def coverage(open_height: Any, coverage_height: Any) -> Any:
    r"""Share of the statically touching area that voids leave [-].

    .. math:: \theta_v = \exp\left[-(h_v/h_1)^{2/3}\right]

    Flat voids of equal shape that overlap at random.

    Parameters
    ----------
    open_height, coverage_height
        :math:`h_v`, :math:`h_1` [m].

    Examples
    --------
    >>> round(float(coverage(15e-6, 15e-6)), 3)
    0.368
    """
    ratio = np.maximum(open_height, SMALLEST_HEIGHT) / coverage_height
    return np.exp(-(ratio ** (2 / 3)))


def void_radius(covered_share: Any, spacing: Any) -> Any:
    r"""Radius of the voids [m] that leave a share of the contact: :math:`a = \ell_v\sqrt{-\ln\theta_v/\pi}`.

    Parameters
    ----------
    covered_share
        :math:`\theta_v` [-], in (0, 1].
    spacing
        :math:`\ell_v` [m], one over the root of the voids' number per area.

    Examples
    --------
    >>> round(float(void_radius(0.5, 200e-6)) * 1e6)
    94
    """
    return spacing * np.sqrt(np.maximum(-np.log(covered_share), 0.0) / np.pi)


def spot_resistance(covered_share: Any, spacing: Any, conductivity: Any) -> Any:
    r"""Constriction resistance per area of contact spots between voids [ohm m^2] (Cooper, Mikic, Yovanovich).

    .. math:: R_v = \frac{\sqrt\pi}{4}\frac{\ell_v}{\kappa}\frac{(1-\sqrt{\theta_v})^{3/2}}{\sqrt{\theta_v}}

    Only for interfaces whose contact resistance is zero: a fitted R_c already contains it.

    Parameters
    ----------
    covered_share
        :math:`\theta_v` [-].
    spacing
        :math:`\ell_v` [m].
    conductivity
        :math:`\kappa` of the electrolyte [S/m].

    References
    ----------
    M. G. Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat Mass Transfer 12 (1969) 279,
    doi:10.1016/0017-9310(69)90011-8.

    Examples
    --------
    >>> round(float(spot_resistance(0.25, 200e-6, 0.2)) * 1e4, 2)
    3.13
    """
    root = np.sqrt(covered_share)
    return np.sqrt(np.pi) / 4 * spacing / conductivity * (1 - root) ** 1.5 / root


def steady_height(onset_height: Any, current: Any, healing: Any) -> Any:
    r"""Void height at which a stripping current below the healing current settles [m].

    .. math:: h_{v,ss} = h_r\,\frac{i}{i_h - i}

    Parameters
    ----------
    onset_height
        :math:`h_r` [m].
    current, healing
        :math:`i < i_h` [A/m^2].

    Examples
    --------
    >>> steady_height(45e-9, 1.0, 2.0)
    4.5e-08
    """
    return onset_height * current / (healing - current)
