"""How particle sizes move the percolation of the composite: thresholds of ions and electrons, utilisation.

The shapes come from packings of hard spheres, which percolate worse than pressed sulfides; the thresholds are therefore
anchored to measured ones. Leaves out: size distributions (a size is one diameter) and carbon.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse._math import clip, is_number
from lisse.cathode.conductivity import ELECTRONIC_THRESHOLD, IONIC_THRESHOLD
from lisse.errors import InputError

__all__ = [
    "IONIC_THRESHOLD_RANGE",
    "electronic_threshold",
    "half_connected_share",
    "ionic_threshold",
    "ionic_utilisation",
]

# Fit by lisse to the 28 printed values of T. Shi et al., Adv. Energy Mater. 10 (2020) 1902881, second-hand: utilisation
# against weight at a size ratio of 1.67, against size ratio at 70 wt%, and size ratios at which 98, 90 and 80 % are
# reached; by volume with the densities of that paper, 4850 and 1870 kg/m3. Residuals: rms 0.031, largest 0.064.
HALF_SHARE = 0.377
"""Electrolyte among the solids by volume at which half of the active material is connected, for the finest grains."""
HALF_SHARE_RISE, HALF_SHARE_EXPONENT = 0.063, 2.32
WIDTH, WIDTH_EXPONENT = 0.088, 1.65

COARSE_SIZE_RATIO = 0.9
"""Size ratio of the composites behind :data:`~lisse.cathode.conductivity.IONIC_THRESHOLD` [-]: assumed."""
IONIC_THRESHOLD_RANGE = (0.10, 0.22)
"""Where thresholds of pressed sulfide composites may lie [-]: the uncertainty of :func:`ionic_threshold`."""
ELECTRONIC_SLOPE = 0.0783
"""Rise of the electronic threshold per e-fold of the diameter [-] (Bielefeld 2019: 7.83 vol%)."""
ELECTRONIC_DIAMETERS = (3e-6, 15e-6)
"""Diameters that the slope was computed for [m]; beyond them the threshold stays."""
REFERENCE_DIAMETER = 3e-6
"""Diameter of the particles behind :data:`~lisse.cathode.conductivity.ELECTRONIC_THRESHOLD` [m]."""


def _require_ratio(size_ratio: Any) -> None:
    if is_number(size_ratio) and not (np.all(np.isfinite(size_ratio)) and np.all(np.asarray(size_ratio) > 0)):
        raise InputError(f"size_ratio: {size_ratio!r} is no ratio of two diameters; a number above 0 is accepted.")


def half_connected_share(size_ratio: Any) -> Any:
    r"""Electrolyte among the solids by volume at which a packing of spheres is half connected.

    .. math:: s_{1/2} = 0.377 + 0.063\,\lambda^{-2.32},\qquad \lambda = d_{AM}/d_{SE}

    Parameters
    ----------
    size_ratio
        :math:`\lambda` [-], diameter of the active material over that of the electrolyte; fitted from 0.34 to 5.9.

    Raises
    ------
    InputError
        If a number is not above 0.

    Examples
    --------
    Half of the material is connected at 80 wt% (39 vol% of electrolyte) and a ratio of 1.67:

    >>> round(half_connected_share(1.67), 2)
    0.4
    """
    _require_ratio(size_ratio)
    return HALF_SHARE + HALF_SHARE_RISE * size_ratio**-HALF_SHARE_EXPONENT


def ionic_utilisation(active_share: Any, size_ratio: Any) -> Any:
    r"""Share of the active material that a path through the electrolyte connects to the separator.

    .. math:: u = \left(1+\exp\left[-\frac{1-s-s_{1/2}(\lambda)}{w(\lambda)}\right]\right)^{-1},\qquad
              w = 0.088\,\lambda^{-1.65}

    Finer electrolyte never connects less: where the formula would fall with :math:`\lambda` (little electrolyte), it
    stays at its highest value. Computed packings of hard spheres (200 MPa, glassy Li3PS4, 5 wt% of fibres), which
    agreed with cells of the same paper. Denser composites connect more: 61 vol% of NMC622 in 25 vol% of fine Li6PS5Cl
    delivers what 42 vol% does (P. Minnmann et al. 2021), where this law leaves a fifth.

    Parameters
    ----------
    active_share
        :math:`s` [-], active material over active material and electrolyte, by volume without voids, 0 to 1; fitted
        from 0.42 to 0.78.
    size_ratio
        :math:`\lambda` [-], see :func:`half_connected_share`.

    Returns
    -------
    Any
        :math:`u`, 0 to 1; within 0.065 of the packings it was fitted to.

    Raises
    ------
    InputError
        If ``size_ratio`` is a number and not above 0.

    References
    ----------
    Own fit to T. Shi et al., Adv. Energy Mater. 10 (2020) 1902881, doi 10.1002/aenm.201902881; values second-hand.

    Examples
    --------
    At 70 wt% (47 vol%) coarse oxide in fine electrolyte is all connected, fine oxide in coarse electrolyte is not
    (0.22, 0.67 and 0.99 in that paper):

    >>> [round(float(ionic_utilisation(0.474, ratio)), 2) for ratio in (0.34, 1.0, 1.67)]
    [0.23, 0.73, 0.97]
    """
    share = 1 - active_share
    _require_ratio(size_ratio)
    steepest = HALF_SHARE_RISE * (HALF_SHARE_EXPONENT - WIDTH_EXPONENT) / WIDTH_EXPONENT
    lacking = np.maximum(HALF_SHARE - share, 1e-9)
    ratio = np.minimum(size_ratio, (steepest / lacking) ** (1 / HALF_SHARE_EXPONENT))
    argument = (share - half_connected_share(ratio)) / (WIDTH * ratio**-WIDTH_EXPONENT)
    return 1 / (1 + np.exp(-clip(argument, -500.0, 500.0)))


def ionic_threshold(size_ratio: Any) -> Any:
    r"""Percolation threshold of the electrolyte in a pressed composite, by the ratio of the particle sizes.

    .. math:: \varepsilon_c = \min\left(0.221,\; 0.221\,\frac{s_{1/2}(\lambda)}{s_{1/2}(0.9)}\right)

    The value is that of the coarser of two measured electrolytes, the shape that of :func:`half_connected_share`. The
    finer of the two has 0.188, which the shape has at a ratio of 2. The ratios of the pair, 0.9 and 2 (grains of 3.3
    and 1.5 um beside oxide of 3 um), are assumed: the notes that the pair comes from do not give them.

    Parameters
    ----------
    size_ratio
        :math:`\lambda` [-], diameter of the active material over that of the electrolyte.

    Returns
    -------
    Any
        :math:`\varepsilon_c` of the electrode's volume, 0.182 to 0.221; uncertain within
        :data:`IONIC_THRESHOLD_RANGE`.

    Raises
    ------
    InputError
        If a number is not above 0.

    References
    ----------
    P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537; T. Shi et al., Adv. Energy Mater. 10 (2020) 1902881;
    both second-hand, put together by lisse.

    Examples
    --------
    >>> [round(float(ionic_threshold(ratio)), 3) for ratio in (0.5, 0.9, 2.0, 5.0)]
    [0.221, 0.221, 0.188, 0.183]
    """
    relative = half_connected_share(size_ratio) / half_connected_share(COARSE_SIZE_RATIO)
    return IONIC_THRESHOLD * np.minimum(relative, 1.0)


def electronic_threshold(
    diameter: Any, threshold: Any = ELECTRONIC_THRESHOLD, reference: Any = REFERENCE_DIAMETER
) -> Any:
    r"""Percolation threshold of the active material for electrons, without carbon, by its particle size.

    .. math:: \varphi_c(d) = \varphi_c(d_0) + 0.0783\,\ln\frac{d}{d_0}

    The slope is that of packings of hard spheres in an electrolyte of 3 um, whose own threshold (45 vol% at 3 um) lies
    far above that of pressed composites; the level is measured. The law explains less than the known cells show:
    between 4 and 15.6 um the measured conductivity falls by 700, here by 3 (F. Strauss et al., ACS Energy Lett. 3
    (2018) 992).

    Parameters
    ----------
    diameter
        :math:`d` [m]; outside 3 to 15 um the threshold stays.
    threshold, reference
        :math:`\varphi_c` [-] measured with particles of diameter :math:`d_0` [m].

    References
    ----------
    A. Bielefeld, D.A. Weber, J. Janek, J. Phys. Chem. C 123 (2019) 1626 (slope) and P. Minnmann et al., J.
    Electrochem. Soc. 168 (2021) 040537 (level); both second-hand.

    Examples
    --------
    >>> [round(float(electronic_threshold(d)), 3) for d in (1e-6, 3e-6, 8.3e-6, 15e-6)]
    [0.234, 0.234, 0.314, 0.361]
    """
    ratio = clip(diameter, *ELECTRONIC_DIAMETERS) / clip(reference, *ELECTRONIC_DIAMETERS)
    return np.maximum(threshold + ELECTRONIC_SLOPE * np.log(ratio), 0.0)
