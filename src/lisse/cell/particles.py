"""Particle sizes of the active material: the radius that sets the area, and size classes for the model.

Leaves out: the shape of particles (all are spheres).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from lisse.cell.specification import Distribution

_NORMAL = NormalDist()
_DECILE = _NORMAL.inv_cdf(0.9)


@dataclass(frozen=True)
class SizeClass:
    """Particles of one radius [m], their share of the active material's volume [-], and the role of what they are."""

    radius: float
    volume_fraction: float
    role: str = "active"


def size_classes(distribution: Distribution, count: int = 5) -> tuple[SizeClass, ...]:
    r"""Return size classes, smallest first, whose volume fractions add up to one.

    Percentiles are read as a log-normal distribution of volume through d50 with
    :math:`\sigma = \ln(d_{90}/d_{10})/(2 \cdot 1.2816)`, cut into ``count`` classes of equal volume. The radius
    of a class is the one that keeps its area, so the area of all classes is that of the distribution, whatever
    their number.

    Parameters
    ----------
    distribution
        From the cell file.
    count
        Number of classes made of percentiles, at least 1; classes given as such are kept.

    Examples
    --------
    >>> d = Distribution(d10="3 um", d50="5 um", d90="8 um")
    >>> [round(c.radius * 2e6, 1) for c in size_classes(d, 3)]
    [3.2, 5.0, 7.4]
    """
    if distribution.diameters is not None and distribution.volume_fractions is not None:
        total = sum(distribution.volume_fractions)
        pairs = sorted(zip(distribution.diameters, distribution.volume_fractions, strict=True))
        return tuple(SizeClass(diameter / 2, share / total) for diameter, share in pairs)
    assert distribution.d10 is not None
    assert distribution.d50 is not None
    assert distribution.d90 is not None
    median = distribution.d50 / 2
    sigma = math.log(distribution.d90 / distribution.d10) / (2 * _DECILE)
    edges = [-math.inf, *(_NORMAL.inv_cdf(k / count) for k in range(1, count)), math.inf]
    classes = []
    for low, high in pairwise(edges):
        # Mean of 1/r over the class, weighted by volume: a shifted normal integral.
        share = _NORMAL.cdf(high + sigma) - _NORMAL.cdf(low + sigma)
        inverse = math.exp(sigma**2 / 2) / median * share * count
        classes.append(SizeClass(1 / inverse, 1 / count))
    return tuple(classes)


def mean_radius(classes: tuple[SizeClass, ...]) -> float:
    r"""Return the radius [m] of equal spheres with the same volume and area (Sauter).

    .. math:: r_{32} = \left(\sum_p \phi_p / r_p\right)^{-1}

    Examples
    --------
    >>> mean_radius((SizeClass(1e-6, 0.5), SizeClass(3e-6, 0.5)))
    1.5e-06
    """
    if len(classes) == 1:
        return classes[0].radius
    return 1 / sum(c.volume_fraction / c.radius for c in classes)
