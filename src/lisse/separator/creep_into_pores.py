"""Creep of lithium into the connected pores of a pressed separator, and the short when it has crossed.

An empirical rate, exponential in the stack pressure above a threshold, fitted to the times to short of one study; plus
shorts by high pressure alone. Leaves out: any pressure-free path, and every test of the extrapolation to separators
thinner than 1 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse._math import clip
from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius
from lisse.separator.hazard import REFERENCE_POROSITY

REFERENCE_CURRENT = 0.75
"""Plating current density at which the front velocity is given [A/m2]."""
THRESHOLD_PRESSURE = 5e6
"""Pressure below which lithium does not creep into pores [Pa]; assumed, 3 to 7 MPa."""
SMALLEST_CURRENT = 1e-3
"""Plating currents below about this do not move the front, whatever the exponent [A/m2]."""
CROSSING_SPREAD = 0.45
"""Standard deviation of the logarithm of the path length of a cell over its thickness [-]: the scatter of the fit."""
PRESSURE_STEP = 1e6
"""Width over which shorts by pressure alone set in [Pa]."""
DOUX_PRESSURES = (10e6, 15e6, 20e6, 25e6)
"""Stack pressures of the times to short that the front is fitted to [Pa]."""
DOUX_HOURS = (474.0, 272.0, 190.0, 48.0)
"""Times to short there, of 1 h plating and 1 h stripping at 0.075 mA/cm2 [h] (Doux et al., second-hand)."""
DOUX_THICKNESS = 1e-3
"""Thickness of the pellets there [m]; their porosity is the reference porosity."""
PLATING_SHARE = 0.5
"""Part of the time that one electrode of a symmetric cell plates [-]."""
HOUR = 3600.0


@dataclass(frozen=True)
class Front:
    """Constants of the creep front; numbers or arrays over draws.

    Attributes
    ----------
    velocity
        v_0 [m/s] at 0.075 mA/cm2, 18 % porosity, 25 degC.
    pressure_scale
        P_0 [Pa].
    threshold
        P_th [Pa].
    critical_porosity
        epsilon_c [-].
    current_exponent
        a_i [-].
    residual
        Scatter of the logarithm of the fitted times [-], two degrees of freedom.
    """

    velocity: Any
    pressure_scale: Any
    threshold: Any = THRESHOLD_PRESSURE
    critical_porosity: Any = 0.05
    current_exponent: Any = 1.0
    residual: float = 0.0


def pore_connectivity(porosity: Any, critical_porosity: Any = 0.05) -> Any:
    r"""How well pores connect [-], 1 at 18 % porosity.

    .. math:: g = \left[\frac{\max(0, \varepsilon_p-\varepsilon_c)}{0.18-\varepsilon_c}\right]^2

    Parameters
    ----------
    porosity
        :math:`\varepsilon_p` [-].
    critical_porosity
        :math:`\varepsilon_c` [-], below 0.18: assumed, 0.02 to 0.10. It decides whether a dense separator can fail this
        way at all.

    Examples
    --------
    A pellet pressed at 700 MPa (8.6 % porosity) has a thirteenth of it:

    >>> [round(float(pore_connectivity(p)), 2) for p in (0.18, 0.086, 0.04)]
    [1.0, 0.08, 0.0]
    """
    open_pores = np.maximum(0.0, porosity - critical_porosity) / (REFERENCE_POROSITY - critical_porosity)
    return open_pores * open_pores


def driving(pressure: Any, pressure_scale: Any, threshold: Any = THRESHOLD_PRESSURE) -> Any:
    r"""Pressure dependence of the front [-].

    .. math:: D = \max\left(0,\; e^{P/P_0} - e^{P_{th}/P_0}\right)

    Parameters
    ----------
    pressure
        :math:`P` [Pa].
    pressure_scale
        :math:`P_0` [Pa].
    threshold
        :math:`P_{th}` [Pa]; minus infinity gives the bare exponential.

    Examples
    --------
    >>> [round(float(driving(p, 10.7e6)), 2) for p in (5e6, 10e6, 25e6)]
    [0.0, 0.95, 8.75]
    """
    return np.maximum(0.0, np.exp(pressure / pressure_scale) - np.exp(threshold / pressure_scale))


def front_velocity(
    current: Any,
    pressure: Any,
    temperature: Any,
    porosity: Any,
    velocity: Any,
    pressure_scale: Any,
    threshold: Any = THRESHOLD_PRESSURE,
    critical_porosity: Any = 0.05,
    current_exponent: Any = 1.0,
    activation_energy: Any = 37e3,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Velocity of the lithium front in the pores [m/s]; it moves only while this electrode plates.

    .. math:: \dot x_f = v_0\left(\frac{i_p}{i_{ref}}\right)^{a_i} D(P)\,g(\varepsilon_p)\,
              e^{-\frac{Q}{R}\left(\frac1T-\frac1{T_0}\right)}

    Parameters
    ----------
    current
        :math:`i` [A/m^2], positive on stripping; :math:`i_p = \max(0, -i)`.
    pressure
        :math:`P` [Pa], stack pressure.
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].
    porosity, critical_porosity
        See :func:`pore_connectivity`.
    velocity
        :math:`v_0` [m/s], see :func:`fit_front`.
    pressure_scale, threshold
        See :func:`driving`.
    current_exponent
        :math:`a_i` [-], 0 to 1, assumed; measured at one current only.
    activation_energy
        :math:`Q` [J/mol] of creep.

    Returns
    -------
    array or symbol
        0 where the electrode strips or rests, below the threshold, and without connected pores.

    References
    ----------
    J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253, doi:10.1002/aenm.201903253 (second-hand; fitted).

    Examples
    --------
    >>> law = dict(temperature=298.15, porosity=0.18, velocity=9.46e-10, pressure_scale=10.69e6)
    >>> [round(float(front_velocity(i, 25e6, **law)) * 3.6e9, 1) for i in (-0.75, 0.75)]  # um/h
    [29.9, 0.0]
    """
    plating = np.maximum(0.0, -current)
    power = (plating + SMALLEST_CURRENT) ** (current_exponent - 1) * plating / REFERENCE_CURRENT**current_exponent
    warmth = arrhenius(activation_energy, temperature, reference_temperature)
    pores = pore_connectivity(porosity, critical_porosity)
    return velocity * power * driving(pressure, pressure_scale, threshold) * pores * warmth


def mechanical_rate(pressure: Any, median_time: Any = 3 * HOUR, onset: Any = 50e6) -> Any:
    r"""Rate at which high pressure alone shorts a cell [1/s], :math:`1/t_m` above 50 MPa and 0 below.

    Parameters
    ----------
    pressure
        [Pa].
    median_time
        :math:`t_m` [s]: lognormal with median 3 h and standard deviation 2 of its logarithm (at once in one study and
        13 h in another, at 75 MPa).
    onset
        [Pa]; assumed, between 25 MPa (no short at rest) and 75 MPa. Full 1 MPa above it.

    Examples
    --------
    >>> [round(float(mechanical_rate(p)) * 3600, 2) for p in (25e6, 75e6)]
    [0.0, 0.33]
    """
    return clip((pressure - onset) / PRESSURE_STEP, 0.0, 1.0) / median_time


def crossing_rate(velocity: Any, thickness: Any, mechanical: Any = 0.0) -> Any:
    r"""Rate of the crossed fraction of the separator [1/s], :math:`\dot x_f/L + 1/t_m`; a short at 1 (or at the cell's
    own draw, see :func:`draw_paths`).

    Parameters
    ----------
    velocity
        :math:`\dot x_f` [m/s], see :func:`front_velocity`.
    thickness
        :math:`L` [m].
    mechanical
        See :func:`mechanical_rate` [1/s].

    Examples
    --------
    >>> round(crossing_rate(1e-9, 1e-3) * 1e6, 3)
    1.0
    """
    return velocity / thickness + mechanical


def draw_paths(random: np.random.Generator, cells: int, spread: float = CROSSING_SPREAD) -> NDArray[np.float64]:
    """Draw the path length of each cell over the thickness of its separator [-], lognormal with median 1.

    Parameters
    ----------
    random, cells
        Source of random numbers, and how many.
    spread
        Standard deviation of the logarithm: 0.45 is the scatter of the four times about the fit.

    Examples
    --------
    >>> round(float(np.median(draw_paths(np.random.default_rng(1), 100_000))), 2)
    1.0
    """
    return np.exp(spread * random.standard_normal(cells))


def time_to_short(
    plating_current: Any,
    pressure: Any,
    thickness: Any,
    porosity: Any,
    front: Front,
    temperature: Any = REFERENCE_TEMPERATURE,
    plating_share: Any = PLATING_SHARE,
    path: Any = 1.0,
    median_time: Any = 3 * HOUR,
) -> Any:
    r"""Time to short under constant conditions [s].

    .. math:: t = \frac{\xi}{s\,\dot x_f/L + 1/t_m}

    Parameters
    ----------
    plating_current
        :math:`i_p` [A/m^2], magnitude; 0 for a cell at rest.
    pressure, temperature
        [Pa], [K].
    thickness, porosity
        :math:`L` [m], :math:`\varepsilon_p` [-] of the separator.
    front
        Constants of the front, see :func:`fit_front`.
    plating_share
        :math:`s` [-], part of the time that the electrode plates.
    path
        :math:`\xi` [-], see :func:`draw_paths`.
    median_time
        :math:`t_m` [s], see :func:`mechanical_rate`.

    Returns
    -------
    array
        Infinite where nothing moves: no current and below 50 MPa, or below the threshold. Times go with the thickness,
        which no experiment has tested below 1 mm.

    Examples
    --------
    >>> with np.errstate(divide="ignore"):
    ...     hours = time_to_short(0.75, np.array([5e6, 15e6, 25e6]), 1e-3, 0.18, fit_front()) / 3600
    >>> [round(float(t)) if np.isfinite(t) else "never" for t in hours]
    ['never', 238, 67]
    """
    velocity = front_velocity(
        -np.asarray(plating_current, dtype=float),
        pressure,
        temperature,
        porosity,
        front.velocity,
        front.pressure_scale,
        front.threshold,
        front.critical_porosity,
        front.current_exponent,
    )
    with np.errstate(divide="ignore"):
        return path / crossing_rate(plating_share * velocity, thickness, mechanical_rate(pressure, median_time))


def fitted_velocity(pressure_scale: Any, threshold: Any = THRESHOLD_PRESSURE) -> Any:
    r"""Front velocity that fits the four times to short for given pressure scale and threshold [m/s].

    The mean over the four points of :math:`\ln[L/(s\,t\,D(P))]`, by which a draw of the threshold stays calibrated.

    Parameters
    ----------
    pressure_scale, threshold
        :math:`P_0`, :math:`P_{th}` [Pa], below 10 MPa the latter; numbers or arrays.

    Examples
    --------
    Without a threshold 0.86 um/h:

    >>> round(float(fitted_velocity(6.92e6, -np.inf)) * 3.6e9, 2)
    0.86
    """
    logs = [
        np.log(DOUX_THICKNESS / (PLATING_SHARE * hours * HOUR)) - np.log(driving(pressure, pressure_scale, threshold))
        for pressure, hours in zip(DOUX_PRESSURES, DOUX_HOURS, strict=True)
    ]
    return np.exp(sum(logs) / len(logs))


def fit_front(threshold: float = THRESHOLD_PRESSURE) -> Front:
    """Fit velocity and pressure scale to the four times to short, by least squares of the logarithms of time.

    Parameters
    ----------
    threshold
        P_th [Pa], assumed and not fitted; below 10 MPa.

    Returns
    -------
    Front
        With the standard deviation of the logarithms.

    References
    ----------
    J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253, doi:10.1002/aenm.201903253 (second-hand): 474, 272, 190 and
    48 h at 10, 15, 20 and 25 MPa.

    Examples
    --------
    >>> front = fit_front()
    >>> round(front.velocity * 3.6e9, 2), round(front.pressure_scale / 1e6, 2), round(front.residual, 2)
    (3.41, 10.69, 0.45)
    """
    from scipy.optimize import minimize_scalar

    pressures = np.array(DOUX_PRESSURES)

    def scatter(logarithm: float) -> float:
        # With the velocity at its best the residuals are the deviations from their mean.
        return float(np.var(np.log(DOUX_HOURS) + np.log(driving(pressures, np.exp(logarithm), threshold))))

    found = minimize_scalar(scatter, bounds=(np.log(1e6), np.log(1e8)), method="bounded", options={"xatol": 1e-8})
    scale = float(np.exp(found.x))
    points = len(DOUX_PRESSURES)
    residual = float(np.sqrt(found.fun * points / (points - 2)))
    return Front(float(fitted_velocity(scale, threshold)), scale, threshold, residual=residual)
