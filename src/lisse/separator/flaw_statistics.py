"""How deep and how wide the flaws of a pellet are, and what that does to the current at which a cell starts to short.

A Poisson process of flaws with a Pareto tail of depths and lognormal widths; grain size and porosity set its scale.
How flaws follow from grain size and porosity, and how many there are, is assumed. Leaves out: the mechanics of one
flaw (``flaws``) and the waiting time (``hazard``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.separator.flaws import Loading, critical_stress, initiation_current, nernst_stress
from lisse.separator.hazard import REFERENCE_AREA, REFERENCE_POROSITY

REFERENCE_EXPONENT = 2.5
"""Exponent of the tail for which the smallest flaw is claimed [-]: a Weibull modulus of 5."""
REFERENCE_GRAIN_SIZE = 5e-6
"""Grain size of the pellet whose smallest flaw is claimed [m]."""
FLAW_DENSITY = 1e8
"""Flaws per area of the interface [1/m2], one in a square of 100 um; assumed, times or over 10."""
WIDTH_SPREAD = 0.7
"""Standard deviation of the logarithm of width over depth [-]; assumed."""
LOWEST_FACTOR = 0.05
"""A flaw that the stack pressure alone can run keeps this part of its initiation current [-]; assumed."""
HIGHEST_FACTOR = 1e3
"""A cell whose flaws are all too wide to run is given this factor [-]: it never shorts by them, and stays finite."""
FLAWS_DRAWN = 16
"""Deepest flaws of a cell that are drawn; those below them do not decide."""


def tail_exponent(weibull_modulus: Any) -> Any:
    r"""Exponent of the Pareto tail of depths [-], :math:`r = m/2`.

    Strength goes as :math:`a^{-1/2}`, so that this tail gives Weibull's distribution with the modulus m.

    Examples
    --------
    >>> tail_exponent(5.0)
    2.5
    """
    return weibull_modulus / 2


def number_of_flaws(area: Any, density: Any = FLAW_DENSITY) -> Any:
    """Mean number of flaws of a cell [-], in proportion to its area [m^2].

    Examples
    --------
    >>> round(number_of_flaws(1e-4))
    10000
    """
    return area * density


def depth_exceeded(number: Any, exceedance: Any, smallest: Any, exponent: Any) -> Any:
    r"""Depth that a given number of flaws exceeds [m].

    .. math:: N(>a) = N\left(\frac{a}{a_{min}}\right)^{-r}

    Parameters
    ----------
    number
        :math:`N` [-] of all flaws.
    exceedance
        :math:`N(>a)` [-], above 0.
    smallest
        :math:`a_{min}` [m].
    exponent
        :math:`r` [-].

    Examples
    --------
    Ten thousand flaws of 0.5 um and more, r = 2.5: the deepest is about 20 um:

    >>> round(float(depth_exceeded(1e4, 1.0, 0.5e-6, 2.5)) * 1e6, 1)
    19.9
    """
    return smallest * (number / exceedance) ** (1 / exponent)


def a_99(smallest: Any, exponent: Any) -> Any:
    r"""Depth that one flaw in a hundred exceeds [m], :math:`a_{99} = a_{min}\,100^{1/r}`.

    Examples
    --------
    >>> round(float(a_99(0.5e-6, 2.5)) * 1e6, 2)
    3.15
    """
    return depth_exceeded(100.0, 1.0, smallest, exponent)


def pellet_a_99(
    grain_size: Any,
    relative_density: Any,
    reference: Any,
    grain_exponent: Any = 1.0,
    porosity_exponent: Any = 1.0,
) -> Any:
    r"""Depth that one flaw in a hundred of a pellet exceeds [m].

    .. math:: a_{99} = a_{99,ref}\left(\frac{d}{d_{ref}}\right)^{p}\left(\frac{\varepsilon_p}{0.18}\right)^{q}

    Assumed: flaws are pores between grains, so that they scale with the grain and with the pore volume. It agrees with
    one observation that was not used: of two argyrodite pellets the coarse-grained, denser one shorted.

    Parameters
    ----------
    grain_size
        :math:`d` [m]; :math:`d_{ref}` is 5 um.
    relative_density
        :math:`1-\varepsilon_p` [-]; from 0.999 on the porosity counts as 0.001.
    reference
        :math:`a_{99,ref}` [m], see :func:`a_99`.
    grain_exponent, porosity_exponent
        :math:`p`, :math:`q` [-].

    Examples
    --------
    Grains of 30 um at 92 % against 0.5 um at 83 % (Singh et al. 2022), in um:

    >>> [round(float(pellet_a_99(d, rho, 3.15e-6)) * 1e6, 1) for d, rho in ((30e-6, 0.92), (0.5e-6, 0.83))]
    [8.4, 0.3]
    """
    porosity = np.maximum(1 - np.asarray(relative_density, dtype=float), 1e-3)
    grains = (grain_size / REFERENCE_GRAIN_SIZE) ** grain_exponent
    return reference * grains * (porosity / REFERENCE_POROSITY) ** porosity_exponent


def initiation_scale(
    toughness: Any,
    largest_flaw: Any,
    local_resistance: Any = 1.0,
    toughness_exponent: Any = 1.0,
    flaw_exponent: Any = 0.5,
) -> Any:
    r"""Factor on the initiation current density [-], against the pellet in which it was calibrated.

    .. math:: \frac{i_w}{i_{w,ref}} = \left(\frac{K_{Ic}}{K_{Ic,ref}}\right)^{\kappa_1}
              \left(\frac{a_{99}}{a_{ref}}\right)^{-\kappa_2}\left(\frac{R_{loc}}{R_{ref}}\right)^{-1}

    Parameters
    ----------
    toughness, largest_flaw, local_resistance
        Ratios to the calibration pellet [-].
    toughness_exponent, flaw_exponent
        :math:`\kappa_1` = 1 and :math:`\kappa_2` = 1/2 where the overpotential limits; 3/2 for the second by the theory
        of least dissipation (Lowack 2026).

    Examples
    --------
    Fibres that raise the overpotential to short 2.5 times should raise the critical current as much (in Duan et al.
    2023 it went from 1.5 to 4.0 mA/cm2, 2.7 times):

    >>> float(initiation_scale(2.5, 1.0))
    2.5
    """
    return toughness**toughness_exponent * largest_flaw**-flaw_exponent / local_resistance


@dataclass(frozen=True)
class FlawDraw:
    """Random numbers of the deepest flaws of some cells; the same draw serves every pellet, so that pellets compare.

    Attributes
    ----------
    exceedance
        Expected number of deeper flaws [-], shape (cells, flaws), increasing along a row. The first column is
        exponential with mean 1: it is the cell's threshold of the cumulative hazard.
    width
        Standard normal, shape (cells, flaws).
    """

    exceedance: NDArray[np.float64]
    width: NDArray[np.float64]

    @property
    def threshold(self) -> NDArray[np.float64]:
        """Cumulative hazard at which each cell starts to short [-], shape (cells,)."""
        return self.exceedance[:, 0]


def draw_flaws(random: np.random.Generator, cells: int, flaws: int = FLAWS_DRAWN) -> FlawDraw:
    """Draw the deepest flaws of some cells (the points of a Poisson process, in order).

    Parameters
    ----------
    random
        Source of random numbers.
    cells, flaws
        How many cells, and flaws of each.

    Examples
    --------
    >>> draw = draw_flaws(np.random.default_rng(1), 100_000, 2)
    >>> round(float(draw.threshold.mean()), 1), round(float(draw.exceedance[:, 1].mean()), 1)
    (1.0, 2.0)
    """
    exceedance = np.cumsum(random.standard_exponential((cells, flaws)), axis=1)
    return FlawDraw(exceedance, random.standard_normal((cells, flaws)))


@dataclass(frozen=True)
class FlawPopulation:
    """The flaws of a pellet; numbers, or arrays over the cells.

    Attributes
    ----------
    smallest
        a_min [m].
    exponent
        r [-], see :func:`tail_exponent`.
    number
        Flaws of a cell [-], see :func:`number_of_flaws`.
    aspect_ratio
        Median width over depth [-]: 0.03.
    aspect_spread
        Standard deviation of its logarithm [-].
    """

    smallest: Any
    exponent: Any
    number: Any
    aspect_ratio: Any = 0.03
    aspect_spread: Any = WIDTH_SPREAD

    @classmethod
    def scaled(cls, largest_flaw: Any, exponent: Any, number: Any, aspect_ratio: Any = 0.03) -> FlawPopulation:
        """Return the population of which one flaw in a hundred is deeper than ``largest_flaw`` [m]."""
        return cls(largest_flaw / a_99(1.0, exponent), exponent, number, aspect_ratio)

    @classmethod
    def of_pellet(
        cls,
        flaw_size: Any,
        exponent: Any,
        grain_size: Any = REFERENCE_GRAIN_SIZE,
        relative_density: Any = 1 - REFERENCE_POROSITY,
        number: Any = FLAW_DENSITY * REFERENCE_AREA,
        aspect_ratio: Any = 0.03,
    ) -> FlawPopulation:
        """Return the flaws of a pellet, held at the deepest one of 1 cm2 when only the exponent changes.

        The critical plating current fixes the weakest flaw of its cell, whatever the Weibull modulus; with the smallest
        flaw held instead, a modulus of 2 would put flaws of millimetres into a pellet.

        Parameters
        ----------
        flaw_size
            Smallest depth [m] of the reference pellet (grains of 5 um, 82 % dense) for the exponent 2.5.
        exponent
            r [-].
        grain_size, relative_density
            Of the pellet, see :func:`pellet_a_99`.
        number, aspect_ratio
            See the class.

        Examples
        --------
        >>> middle = FlawDraw(np.array([[1.0]]), np.array([[0.0]]))
        >>> [round(float(FlawPopulation.of_pellet(0.5e-6, r).depths(middle)[0, 0]) * 1e6, 1) for r in (1.0, 2.5, 5.0)]
        [19.9, 19.9, 19.9]
        """
        deepest = depth_exceeded(FLAW_DENSITY * REFERENCE_AREA, 1.0, flaw_size, REFERENCE_EXPONENT)
        scaled = pellet_a_99(grain_size, relative_density, deepest)
        smallest = scaled * (FLAW_DENSITY * REFERENCE_AREA) ** (-1 / exponent)
        return cls(smallest, exponent, number, aspect_ratio)

    def depths(self, draw: FlawDraw) -> NDArray[np.float64]:
        """Return the depths of the flaws drawn [m], shape (cells, flaws), deepest first."""
        number, smallest, exponent = (_column(x) for x in (self.number, self.smallest, self.exponent))
        return np.asarray(depth_exceeded(number, draw.exceedance, smallest, exponent))

    def widths(self, draw: FlawDraw) -> NDArray[np.float64]:
        """Return the widths of the flaws drawn [m], shape (cells, flaws)."""
        ratio, spread = _column(self.aspect_ratio), _column(self.aspect_spread)
        return np.asarray(self.depths(draw) * ratio * np.exp(spread * draw.width))


def _column(value: Any) -> Any:
    """Let an array over cells broadcast with (cells, flaws)."""
    array = np.asarray(value, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def weakest_flaw(draw: FlawDraw, population: FlawPopulation, loading: Loading) -> tuple[NDArray[np.float64], ...]:
    """Return current density, depth and width of the flaw of each cell that runs first.

    Parameters
    ----------
    draw, population
        See :func:`draw_flaws` and :class:`FlawPopulation`.
    loading
        Toughness, pressure, local resistance, compression; numbers, or arrays over the cells.

    Returns
    -------
    tuple of arrays, shape (cells,)
        Initiation current density [A/m^2], depth [m], width [m].

    Examples
    --------
    >>> draw = draw_flaws(np.random.default_rng(1), 2000)
    >>> found = weakest_flaw(draw, FlawPopulation(0.5e-6, 2.5, 1e4), Loading(0.3e6, 5e6, 1e-4))
    >>> [round(float(np.median(x)) * scale, 1) for x, scale in zip(found, (0.1, 1e6, 1e9), strict=True)]
    [4.3, 20.3, 402.8]
    """
    depths, widths = population.depths(draw), population.widths(draw)
    columns = Loading(
        _column(loading.toughness),
        _column(loading.stack_pressure),
        _column(loading.local_resistance),
        _column(loading.residual_stress),
        loading.metal,
    )
    current = initiation_current(depths, widths, columns)
    first = np.argmin(current, axis=1)[:, None]
    return tuple(np.take_along_axis(x, first, axis=1)[:, 0] for x in (current, depths, widths))


def width_factor(draw: FlawDraw, population: FlawPopulation, loading: Loading) -> NDArray[np.float64]:
    r"""Initiation current of each cell over that of its deepest flaw without flow, pressure and compression [-].

    .. math:: \varphi = \frac{\min_k i_{init}(a_k, w_k)}{\sigma_c(a_1)\,\Omega/(F R_{loc})}

    The denominator is what :func:`initiation_scale` scales: wide flaws and compression raise the factor above it, stack
    pressure lowers it. Kept between 0.05 and 1000.

    Parameters
    ----------
    draw, population, loading
        See :func:`weakest_flaw`; the local resistance must be finite.

    Examples
    --------
    >>> draw, pellet = draw_flaws(np.random.default_rng(1), 2000), FlawPopulation(0.5e-6, 2.5, 1e4)
    >>> [round(float(np.median(width_factor(draw, pellet, Loading(0.3e6, p, 1e-4)))), 2) for p in (0.0, 5e6, 25e6)]
    [1.19, 0.98, 0.22]
    """
    current = weakest_flaw(draw, population, loading)[0]
    deepest = population.depths(draw)[:, 0]
    limit = critical_stress(loading.toughness, deepest) / nernst_stress(loading.local_resistance)
    return np.clip(current / limit, LOWEST_FACTOR, HIGHEST_FACTOR)


def cell_scale(
    draw: FlawDraw,
    pellet: FlawPopulation,
    loading: Loading,
    reference_pellet: FlawPopulation,
    reference_loading: Loading,
    toughness_exponent: Any = 1.0,
    flaw_exponent: Any = 0.5,
) -> NDArray[np.float64]:
    """Return the factor on the initiation current density of each cell, against the calibration pellet [-].

    :func:`initiation_scale` times :func:`width_factor`, the latter over its median in the calibration pellet with the
    same random numbers: the calibration pellet itself has median 1. Area is not in it: the hazard carries the area.

    Parameters
    ----------
    draw
        Shared with every pellet that is to be compared; ``draw.threshold`` is the threshold of the hazard.
    pellet, loading
        Of the cells; numbers, or arrays over the cells.
    reference_pellet, reference_loading
        Of the cells in which the critical plating current was measured; with the exponents of ``pellet``, so that only
        the pellets differ.
    toughness_exponent, flaw_exponent
        See :func:`initiation_scale`.
    """
    scale = initiation_scale(
        loading.toughness / reference_loading.toughness,
        a_99(pellet.smallest, pellet.exponent) / a_99(reference_pellet.smallest, reference_pellet.exponent),
        loading.local_resistance / reference_loading.local_resistance,
        toughness_exponent,
        flaw_exponent,
    )
    usual = np.median(width_factor(draw, reference_pellet, reference_loading))
    return np.asarray(scale * width_factor(draw, pellet, loading) / usual)
