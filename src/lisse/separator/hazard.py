"""When a cell starts to short: a cumulative hazard of the plated charge with Weibull statistics; and the short itself.

Weakest-link statistics of the flaws of the interface, calibrated by the critical plating current of one cell; the
conductance of a soft short follows an assumed rate law. Leaves out: where the flaws come from (``flaw_statistics``),
how fast the filament crosses (``cracks``), and shorts through pores (``creep_into_pores``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius

REFERENCE_AREA = 1e-4
"""Area of the calibration cell, A_0 [m2]."""
REFERENCE_POROSITY = 0.18
"""Porosity of a cold-pressed pellet [-], at which flaw sizes and the creep into pores are given."""
REFERENCE_CHARGE = 36e3
"""Charge plated in the calibration, q_0 [C/m2]: 1 mAh/cm2."""
REFERENCE_CURRENT = 10.0
"""Current density at which the growth of a soft short is given [A/m2]."""
BIRTH_CONDUCTANCE = 1.0
"""Conductance of a soft short when it forms [S/m2]: 1e-4 S/cm2."""
HARD_CONDUCTANCE = 1e3
"""Conductance from which a short is hard [S/m2]: 0.1 S/cm2."""
VISIBLE_DROP = 0.05
"""Drop of the apparent resistance that an experimenter notices [-]; assumed."""


def initiation_current_density(
    critical_plating_current: Any,
    weibull_modulus: Any,
    temperature: Any = REFERENCE_TEMPERATURE,
    activation_energy: Any = 37e3,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Scale of the hazard [A/m^2]: the current density at which 63 % of the calibration cells short.

    .. math:: i_w = \frac{CCP}{(\ln 2)^{1/m_J}}\,e^{-\frac{Q}{R}\left(\frac1T-\frac1{T_0}\right)}

    Parameters
    ----------
    critical_plating_current
        :math:`CCP` [A/m^2]: local plating current density at which half of the calibration cells short, 20 for
        Li | Li6PS5Cl.
    weibull_modulus
        :math:`m_J` [-], 2 to 10.
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].
    activation_energy
        :math:`Q` [J/mol]: that of the healing current, assumed. No further temperature factor belongs in
        :func:`hazard_rate`.

    References
    ----------
    CCP: J. Kasemchainan et al., Nat. Mater. 18 (2019) 1105-1111, doi:10.1038/s41563-019-0438-9 (second-hand).

    Examples
    --------
    >>> round(float(initiation_current_density(20.0, 5.0)) / 10, 2)
    2.15
    """
    warmth = arrhenius(activation_energy, temperature, reference_temperature)
    return critical_plating_current / np.log(2) ** (1 / weibull_modulus) * warmth


def edge_current(current: Any, void_fraction: Any, focusing: Any = 1.0) -> Any:
    r"""Plating current density at the rim of the voids [A/m^2].

    .. math:: i_{edge} = \frac{K_J}{K_{J,cal}}\,\frac{\max(0,-i)}{\theta_v}

    Parameters
    ----------
    current
        :math:`i` [A/m^2], positive on stripping.
    void_fraction
        :math:`\theta_v` [-]: contact that voids leave.
    focusing
        :math:`K_J/K_{J,cal}` [-]: concentration at the rim, relative to the calibration cell (1 there).

    Examples
    --------
    >>> [float(edge_current(i, 0.5)) for i in (-10.0, 10.0)]
    [20.0, 0.0]
    """
    return focusing * np.maximum(0.0, -current) / void_fraction


def hazard_rate(
    current: Any,
    local_current: Any,
    scale: Any,
    weibull_modulus: Any,
    area: Any = REFERENCE_AREA,
) -> Any:
    r"""Rate of the cumulative hazard [1/s]; only plating counts.

    .. math:: \dot\Lambda = \frac{A}{A_0}\,\frac{\max(0,-i)}{q_0}\left(\frac{i_{edge}}{i_w}\right)^{m_J}

    Parameters
    ----------
    current
        :math:`i` [A/m^2], positive on stripping.
    local_current
        :math:`i_{edge}` [A/m^2], see :func:`edge_current`.
    scale
        :math:`i_w` [A/m^2], see :func:`initiation_current_density`; carries temperature and pellet.
    weibull_modulus
        :math:`m_J` [-].
    area
        :math:`A` [m^2]; :math:`A_0` is 1 cm2.

    Returns
    -------
    array or symbol
        A cell starts to short when the integral reaches its threshold, exponential with mean 1.

    Examples
    --------
    At 0.075 mA/cm2 fracture does not matter, 5e-8 for each mAh/cm2:

    >>> rate = hazard_rate(-0.75, 0.75, initiation_current_density(20.0, 5.0), 5.0)
    >>> f"{rate * 36e3 / 0.75:.1e}"
    '5.1e-08'
    """
    plating = np.maximum(0.0, -current)
    return area / REFERENCE_AREA * plating / REFERENCE_CHARGE * (local_current / scale) ** weibull_modulus


def cumulative_hazard(
    local_currents: Any, charges: Any, scale: Any, weibull_modulus: Any, area: Any = REFERENCE_AREA
) -> NDArray[np.float64]:
    r"""Cumulative hazard after each step of a ladder of constant plating currents [-].

    .. math:: \Lambda_k = \frac{A}{A_0}\sum_{j\le k}\frac{q_j}{q_0}\left(\frac{i_j}{i_w}\right)^{m_J}

    Parameters
    ----------
    local_currents
        :math:`i_j` [A/m^2], magnitude at the rim; the steps along the last axis.
    charges
        :math:`q_j` [C/m^2] plated in each.
    scale, weibull_modulus, area
        See :func:`hazard_rate`.

    Examples
    --------
    Half of the cells short in a step of 1 mAh/cm2 at the critical plating current:

    >>> hazard = cumulative_hazard([20.0], [36e3], initiation_current_density(20.0, 5.0), 5.0)
    >>> round(float(1 - np.exp(-hazard[-1])), 3)
    0.5
    """
    steps = np.asarray(charges, dtype=float) / REFERENCE_CHARGE
    raised = (np.asarray(local_currents, dtype=float) / scale) ** weibull_modulus
    return np.asarray(np.cumsum(area / REFERENCE_AREA * steps * raised, axis=-1))


def initiation_probability(hazard: Any) -> Any:
    r"""Part of the cells that have started to short [-], :math:`1-e^{-\Lambda}`.

    Examples
    --------
    >>> round(float(initiation_probability(0.6931)), 3)
    0.5
    """
    return -np.expm1(-hazard)


def sample_currents(
    threshold: Any, scale: Any, weibull_modulus: Any, area: Any = REFERENCE_AREA, charge: Any = REFERENCE_CHARGE
) -> Any:
    r"""Critical current density of cells of which each plates one charge at one current [A/m^2].

    .. math:: i = i_w\left(\frac{E\,A_0\,q_0}{A\,q}\right)^{1/m_J}

    Parameters
    ----------
    threshold
        :math:`E` [-] of each cell, exponential with mean 1.
    scale, weibull_modulus, area
        See :func:`hazard_rate`.
    charge
        :math:`q` [C/m^2].

    Examples
    --------
    Ten times the area lowers it by :math:`10^{-1/m_J}`:

    >>> round(float(sample_currents(1.0, 20.0, 5.0, 10e-4) / sample_currents(1.0, 20.0, 5.0)), 3)
    0.631
    """
    return scale * (threshold * REFERENCE_AREA * REFERENCE_CHARGE / (area * charge)) ** (1 / weibull_modulus)


def fit_weibull(currents: Any, areas: Any = REFERENCE_AREA) -> tuple[float, float]:
    """Return scale [A/m^2] and modulus [-] of measured critical currents, by maximum likelihood.

    Parameters
    ----------
    currents
        Critical current density of each cell [A/m^2], shape (cells,), not all equal, above 0.
    areas
        Area of each cell [m^2], shape (cells,) or one number; the scale is that of 1 cm2.

    Examples
    --------
    >>> cells = np.random.default_rng(7).standard_exponential(20_000)
    >>> [round(x, 1) for x in fit_weibull(sample_currents(cells, 20.0, 5.0))]
    [20.0, 5.0]
    """
    from scipy.optimize import brentq

    logarithms = np.log(np.asarray(currents, dtype=float))
    # Relative to the largest current, so that no power overflows.
    top = logarithms.max()
    reduced = logarithms - top
    share = np.broadcast_to(np.asarray(areas, dtype=float) / REFERENCE_AREA, reduced.shape)

    def slope(modulus: float) -> float:
        weights = share * np.exp(modulus * reduced)
        return float(1 / modulus + reduced.mean() - np.sum(weights * reduced) / np.sum(weights))

    modulus = float(brentq(slope, 1e-3, 1e4))
    scale = float(np.exp(top) * np.mean(share * np.exp(modulus * reduced)) ** (1 / modulus))
    return scale, modulus


def conductance_rate(
    conductance: Any,
    current: Any,
    growth_rate: Any,
    recovery: Any = 1.0,
    reference_current: Any = REFERENCE_CURRENT,
) -> Any:
    r"""Rate of the conductance of a short [S/(m^2 s)]: plating feeds the filament, stripping thins it.

    .. math:: \dot G_s = k_g\,\frac{G_s}{G_s+G_0}\,\frac{\max(0,-i) - \rho\max(0,i)}{i_{ref}}

    The rate law is assumed. The saturation, with :math:`G_0` the conductance at birth, keeps a short from growing
    before it is born and from falling below zero.

    Parameters
    ----------
    conductance
        :math:`G_s` [S/m^2], 0 or more; set to 1 S/m2 when a filament has crossed.
    current
        :math:`i` [A/m^2], positive on stripping of the electrode from which the filament grew.
    growth_rate
        :math:`k_g` [S/(m^2 s)] at the reference current: 0.28 (0.1 S/cm2 in an hour), times or over 10.
    recovery
        :math:`\rho` [-], loss by stripping over gain by plating of the same charge.
    reference_current
        :math:`i_{ref}` [A/m^2].

    Examples
    --------
    >>> [round(float(conductance_rate(100.0, i, 0.28)), 3) for i in (-10.0, 10.0)]
    [0.277, -0.277]
    """
    gain = np.maximum(0.0, -current) - recovery * np.maximum(0.0, current)
    return growth_rate * conductance / (conductance + BIRTH_CONDUCTANCE) * gain / reference_current


def is_hard(conductance: Any) -> Any:
    """Tell whether a short is hard: 0.1 S/cm2 and more (then the cell is lost).

    Examples
    --------
    >>> [is_hard(g) for g in (1.0, 2e3)]
    [False, True]
    """
    return conductance >= HARD_CONDUCTANCE


def apparent_resistance(resistance: Any, conductance: Any) -> Any:
    r"""Area resistance that an experimenter reads beside a short [ohm m^2], :math:`1/(1/R + G_s)`.

    Examples
    --------
    A hard short beside 40 ohm cm2 leaves 8:

    >>> round(float(apparent_resistance(40e-4, 1e3)) * 1e4, 1)
    8.0
    """
    return resistance / (1 + resistance * conductance)


def resistance_drop(resistance: Any, conductance: Any) -> Any:
    r"""Sign of a soft short: relative drop of the apparent resistance [-], :math:`R G_s/(1+R G_s)`.

    In a symmetric cell it is the only sign, as its open-circuit voltage is 0 with or without a short; a rise of
    coverage or temperature lowers the resistance too, so it is a sign and no proof (Schlenker et al. 2020,
    second-hand). A full cell also shows an open-circuit voltage that falls and an efficiency below one.

    Parameters
    ----------
    resistance
        :math:`R` [ohm m^2] of the cell without the short.
    conductance
        :math:`G_s` [S/m^2].

    Examples
    --------
    At birth nobody sees it, as a hard short everybody does:

    >>> [round(float(resistance_drop(40e-4, g)), 3) for g in (1.0, 1e3)]
    [0.004, 0.8]
    """
    return resistance * conductance / (1 + resistance * conductance)


def shows_short(resistance: Any, conductance: Any, visible: Any = VISIBLE_DROP) -> Any:
    """Tell whether a soft short can be seen as an apparent drop of the resistance (5 % and more).

    Examples
    --------
    >>> [bool(shows_short(40e-4, g)) for g in (1.0, 20.0)]
    [False, True]
    """
    return resistance_drop(resistance, conductance) >= visible


def short_current(conductance: Any, voltage: Any) -> Any:
    """Return the current density that leaks through a short [A/m^2], which discharges a full cell.

    Examples
    --------
    A soft short of 1e-4 S/cm2 at 3.7 V carries 0.37 mA/cm2:

    >>> round(short_current(1.0, 3.7) / 10, 2)
    0.37
    """
    return conductance * voltage
