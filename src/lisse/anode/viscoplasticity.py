"""Anand's model of lithium: viscoplastic flow with one hardening resistance, in tension and in creep.

Small strains in one direction, integrated implicitly over many cases at once. Leaves out: large rotations, damage and
any effect of size (multiply the stresses by ``creep.size_factor``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lisse.anode.creep import number
from lisse.errors import LisseError
from lisse.materials import Material
from lisse.mechanism import GAS_CONSTANT

LARGEST_STRAIN_STEP = 1e-3
"""Plastic strain of one implicit step [-]; even 5e-3 moves no stress by more than 0.3 %."""
ELASTIC_STRAIN = 2e-3
"""Strain up to which steps are twenty times shorter [-]: the stress builds up there."""
LARGEST_CREEP_STRAIN = 1.0
"""Strain at which a creep test ends [-]: a bar would have necked long before."""
MEASURED_RATES = (2e-5, 2e-2)
"""Strain rates over which the model is compared with its reference curves [1/s]."""
ANAND_CLAIMS = (
    "anand_prefactor",
    "anand_activation_energy",
    "anand_rate_sensitivity",
    "anand_initial_resistance",
    "anand_saturation_resistance",
    "anand_hardening",
    "anand_hardening_exponent",
    "anand_saturation_exponent",
    "youngs_modulus",
)
"""Claims of an anode material that the model reads, in the order of the fields of :class:`AnandLaw`."""
_ITERATIONS = 60
_RELATIVE = 1e-10
Array = NDArray[np.float64]


@dataclass(frozen=True)
class AnandLaw:
    r"""Coefficients of Anand's model.

    Attributes
    ----------
    prefactor, activation_energy
        :math:`A` [1/s], :math:`Q` [J/mol] of the flow rule.
    rate_sensitivity
        :math:`m` [-].
    initial_resistance, saturation_resistance
        :math:`S_0`, :math:`S_s` [Pa].
    hardening, hardening_exponent
        :math:`H_0` [Pa], :math:`a` [-].
    saturation_exponent
        :math:`n` [-]: how the saturation value grows with the rate.
    youngs_modulus
        :math:`E` [Pa].
    """

    prefactor: float
    activation_energy: float
    rate_sensitivity: float
    initial_resistance: float
    saturation_resistance: float
    hardening: float
    hardening_exponent: float
    saturation_exponent: float
    youngs_modulus: float

    @classmethod
    def of(cls, material: str | Material = "Li") -> Self:
        """Return the law from the default claims of an anode material.

        Examples
        --------
        >>> AnandLaw.of("Li").rate_sensitivity
        0.15
        """
        found = material if isinstance(material, Material) else Material.load(material)
        return cls(*(number(found, name) for name in ANAND_CLAIMS))

    def reference_rate(self, temperature: ArrayLike) -> Array:
        r"""Return :math:`k = A e^{-Q/RT}` [1/s]: the rate at which the stress equals the resistance."""
        return self.prefactor * np.exp(-self.activation_energy / (GAS_CONSTANT * np.asarray(temperature, float)))


def plastic_rate(stress: ArrayLike, resistance: ArrayLike, temperature: ArrayLike, law: AnandLaw) -> Array:
    r"""Plastic strain rate [1/s], :math:`\dot\varepsilon_p = A e^{-Q/RT} (\sigma/S)^{1/m}`.

    Parameters
    ----------
    stress, resistance
        :math:`\sigma`, :math:`S` [Pa].
    temperature
        :math:`T` [K].
    law
        Coefficients.
    """
    ratio = np.asarray(stress, float) / np.asarray(resistance, float)
    return law.reference_rate(temperature) * ratio ** (1 / law.rate_sensitivity)


def steady_stress(strain_rate: ArrayLike, temperature: ArrayLike, law: AnandLaw) -> Array:
    r"""Stress [Pa] once the resistance has saturated: the end of every curve at a constant rate.

    .. math:: \sigma_\infty = S_s\left(\frac{\dot\varepsilon}{A e^{-Q/RT}}\right)^{m+n}

    The stress exponent of steady flow is thus 1/(m + n) = 5, below the 6.56 of the creep tests.

    Examples
    --------
    >>> law = AnandLaw.of("Li")
    >>> float(np.round(steady_stress(2e-3, 298.15, law) / steady_stress(2e-4, 298.15, law), 3)) == round(10**0.2, 3)
    True
    """
    ratio = np.asarray(strain_rate, float) / law.reference_rate(temperature)
    return law.saturation_resistance * ratio ** (law.rate_sensitivity + law.saturation_exponent)


def tension(strain: ArrayLike, strain_rate: ArrayLike, temperature: ArrayLike, law: AnandLaw) -> Array:
    r"""True stress [Pa] of a tension (or frictionless compression) test at a constant true strain rate.

    .. math:: \dot\sigma = E(\dot\varepsilon - \dot\varepsilon_p),\quad
              \dot S = H_0\left|1-\frac{S}{S^*}\right|^a
              \mathrm{sign}\left(1-\frac{S}{S^*}\right)\dot\varepsilon_p,\quad
              S^* = S_s\left(\frac{\dot\varepsilon_p}{A e^{-Q/RT}}\right)^n

    Parameters
    ----------
    strain
        True strains at which the stress is wanted, increasing from 0 or more [-]; shape (points,).
    strain_rate, temperature
        [1/s] and [K]; they broadcast to the shape of the cases.
    law
        Coefficients; rates of 2e-5 to 2e-2 1/s and -25 to 125 degC are covered.

    Returns
    -------
    ndarray
        Stress, shape (cases, points); (points,) for one case.

    References
    ----------
    S. Narayan, L. Anand, Extreme Mech. Lett. 24 (2018) 21; coefficients as used in public finite-element inputs.

    Examples
    --------
    2e-3 1/s at 25 degC, independent integration of the same equations: 0.74, 0.78, 0.84 and 0.99 MPa:

    >>> np.round(tension([0.02, 0.05, 0.1, 0.3], 2e-3, 298.15, AnandLaw.of("Li")) / 1e6, 2).tolist()
    [0.74, 0.78, 0.84, 0.99]
    """
    points = np.asarray(strain, float)
    rate, kelvin = np.broadcast_arrays(np.asarray(strain_rate, float), np.asarray(temperature, float))
    cases = rate.shape
    rate, reference = rate.ravel(), law.reference_rate(kelvin.ravel())
    stress, resistance = np.zeros_like(rate), np.full_like(rate, law.initial_resistance)
    found = np.empty((len(rate), len(points)))
    before = 0.0
    for column, point in enumerate(points):
        for increment in _increments(before, point):
            time = increment / rate
            trial = stress + law.youngs_modulus * increment
            plastic, resistance = _step(trial, law.youngs_modulus * time, time, resistance, reference, law)
            stress = trial - law.youngs_modulus * time * plastic
        found[:, column], before = stress, point
    return found.reshape((*cases, len(points)))


def creep(time: ArrayLike, stress: ArrayLike, temperature: ArrayLike, law: AnandLaw) -> Array:
    """Strain [-] of a test at constant true stress: fast at first, slower as the metal hardens.

    Parameters
    ----------
    time
        Times at which the strain is wanted, increasing from 0 or more [s]; shape (points,).
    stress, temperature
        [Pa] and [K]; they broadcast to the shape of the cases.
    law
        Coefficients.

    Returns
    -------
    ndarray
        Strain, elastic and plastic, shape (cases, points); (points,) for one case. NaN after it has reached 1.
    """
    points = np.asarray(time, float)
    load, kelvin = np.broadcast_arrays(np.asarray(stress, float), np.asarray(temperature, float))
    cases = load.shape
    load, reference = load.ravel(), law.reference_rate(kelvin.ravel())
    resistance, plastic = np.full_like(load, law.initial_resistance), np.zeros_like(load)
    rate = reference * (load / resistance) ** (1 / law.rate_sensitivity)
    found = np.empty((len(load), len(points)))
    before = 0.0
    for column, point in enumerate(points):
        # Each case takes its own steps in time; those that harden slowly arrive first and wait.
        left = np.where(plastic < LARGEST_CREEP_STRAIN, point - before, 0.0)
        while np.any(left > 0):
            step = np.minimum(left, LARGEST_STRAIN_STEP / np.maximum(rate, 1e-300))
            rate, resistance = _step(load, np.zeros_like(load), step, resistance, reference, law)
            plastic += rate * step
            left = np.where(plastic < LARGEST_CREEP_STRAIN, left - step, 0.0)
        found[:, column], before = plastic + load / law.youngs_modulus, point
    found[found >= LARGEST_CREEP_STRAIN] = np.nan
    return found.reshape((*cases, len(points)))


def _increments(start: float, end: float) -> list[float]:
    """Cut a stretch of strain into the steps of the integration."""
    middle = min(max(start, ELASTIC_STRAIN), end)
    increments: list[float] = []
    for length, largest in ((middle - start, LARGEST_STRAIN_STEP / 20), (end - middle, LARGEST_STRAIN_STEP)):
        steps = math.ceil(length / largest)
        increments += [length / max(steps, 1)] * steps
    return increments


def _step(
    trial: Array, relief: Array, time: Array, resistance: Array, reference: Array, law: AnandLaw
) -> tuple[Array, Array]:
    """Take one implicit step; return plastic rate [1/s] and resistance [Pa] at its end.

    Solves S(y) (e^y/k)^m + relief e^y = trial for y = ln(plastic rate). The left side rises and is convex in y, so that
    Newton's method converges from any start; ``relief`` is E dt [Pa s], 0 where the stress is held.
    """
    m = law.rate_sensitivity
    y = np.log(reference) + np.log(trial / resistance) / m
    y = np.where(relief > 0, np.minimum(y, np.log(trial / np.where(relief > 0, relief, 1.0))), y)
    for _ in range(_ITERATIONS):
        rate = np.exp(y)
        hardened, slope = _hardened(rate, time, resistance, reference, law)
        flow = hardened * (rate / reference) ** m
        residual = flow + relief * rate - trial
        if np.all(np.abs(residual) <= _RELATIVE * trial):
            return rate, hardened
        gradient = m * flow + slope * rate * (rate / reference) ** m + relief * rate
        y = y - np.clip(residual / gradient, -2.0, 2.0)
    raise LisseError("Anand model: an implicit step did not converge.")


def _hardened(rate: Array, time: Array, resistance: Array, reference: Array, law: AnandLaw) -> tuple[Array, Array]:
    """Return the resistance [Pa] at the end of a step at a plastic rate, and its derivative by the rate [Pa s]."""
    a, n = law.hardening_exponent, law.saturation_exponent
    saturation = law.saturation_resistance * (rate / reference) ** n
    gain = time * law.hardening
    value = resistance.copy()
    for _ in range(_ITERATIONS):
        gap = 1 - value / saturation
        error = value - resistance - gain * rate * np.abs(gap) ** a * np.sign(gap)
        steep = gain * rate * a * np.abs(gap) ** (a - 1) / saturation
        value = value - error / (1 + steep)
        if np.all(np.abs(error) <= 1e-12 * resistance):
            break
    gap = 1 - value / saturation
    tangent = a * np.abs(gap) ** (a - 1)
    growth = gain * (np.abs(gap) ** a * np.sign(gap) + tangent * n * value / saturation)
    return value, growth / (1 + gain * rate * tangent / saturation)
