"""Rough contact in time: lithium creeps flat under its contact pressure, current strips or plates it where it touches.

Leaves out: vacancies and their coalescence. A contact spot that is stripped recedes and the stack follows (drift), so
that no void grows from stripping here; what that means for void growth is said in the docs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lisse.anode.creep import CreepLaw, creep_rate
from lisse.anode.rough_contact import (
    CONSTRAINT,
    Array,
    Contact,
    Hardness,
    Surface,
    half_space,
    press,
    press_plastic,
)
from lisse.errors import InputError, LisseError

LARGEST_CHANGE = 0.1
"""Relative change of the contact fraction that a step may bring [-]."""
LARGEST_PLATING = 0.1
"""Thickness that a step may plate at a spot over the roughness [-]; stripping is implicit and needs no limit."""
FINEST_STEP = 1e-6
"""Steps shorter than this over the whole time are taken whatever the contact does [-]."""
FIRST_STEP = 1e-3
"""First step that is tried [s]."""
MOST_STEPS = 3000
"""Steps before the calculation gives up."""


def viscosity(stress: Any, temperature: Any, law: CreepLaw, strengthening: Any = 1.0) -> Any:
    r"""Viscosity [Pa s] of creeping lithium at an equivalent stress.

    .. math:: \eta = \frac{\sigma_e}{3\,\dot\varepsilon(\sigma_e / S_l, T)}

    Parameters
    ----------
    stress
        :math:`\sigma_e` [Pa], above 0.
    temperature, law, strengthening
        See :func:`lisse.anode.creep.creep_rate`.

    Examples
    --------
    At 1 MPa the bare power law has 1e6 / (3 x 7.7e-3) = 4.3e7 Pa s; the breakdown takes 12 % off:

    >>> f"{float(viscosity(1e6, 298.15, CreepLaw.of('Li'))):.1e}"
    '3.8e+07'
    """
    return stress / (3 * creep_rate(stress, temperature, law, strengthening))


def creep_step(
    surface: Surface,
    pressure: float,
    modulus: float,
    viscosity: float,
    duration: float,
    hardness: float,
    stripped: float = 0.0,
    start: Array | None = None,
) -> Contact:
    r"""Let a surface creep and dissolve for a while under a constant mean pressure; returns contact and new surface.

    .. math:: \partial_t \hat u(q) = \frac{\hat p(q)}{2\,\eta\,|q|} + \frac{2\,\partial_t\hat p(q)}{E^*|q|},\quad
              \partial_t h = -V_F\, i(x)

    Backward Euler: over a step the half-space answers like an elastic one of the modulus
    :math:`1/(1/E^* + \Delta t/(4\eta))`, and stripping (:math:`i(x) = i\,p/P`) like a bed of springs, so that each
    step is one contact problem. Plating is laid evenly on what touched before, :math:`i/\theta`.

    Parameters
    ----------
    surface
        Heights at the start, relaxed of all pressure, shape (n, n).
    pressure
        Mean pressure [Pa].
    modulus
        :math:`E^*` [Pa].
    viscosity
        :math:`\eta` [Pa s].
    duration
        :math:`\Delta t` [s].
    hardness
        Largest contact pressure [Pa].
    stripped
        Mean thickness [m] stripped in the step, negative where lithium is plated.
    start
        Pressure [Pa] of the step before, shape (n, n); needed for plating.
    """
    heights = surface.heights
    if stripped < 0 and start is not None:
        touching = start > 0
        heights = heights - stripped * touching / np.mean(touching)
    softened = 1 / (1 / modulus + duration / (4 * viscosity))
    softness = max(stripped, 0.0) / pressure
    found = press(Surface(heights, surface.size), pressure, softened, hardness, start, softness)
    crept = half_space(surface, 4 * viscosity / duration) * np.fft.rfft2(found.pressure)
    lost = np.fft.irfft2(crept, heights.shape) + softness * found.pressure
    return replace(found, flattened=Surface(found.flattened.heights - lost, surface.size))


@dataclass(frozen=True)
class Conditions:
    """What the contact is held under.

    Attributes
    ----------
    pressure
        Mean pressure [Pa].
    current_density
        Per whole area [A/m2], positive where lithium is stripped.
    duration
        [s], above 0.
    volume_per_charge
        Lithium that a charge takes with it [m3/C].
    """

    pressure: float
    current_density: float
    duration: float
    volume_per_charge: float


@dataclass(frozen=True)
class History:
    """A contact in time.

    Attributes
    ----------
    time
        [s], shape (k,); the first is 0, right after pressing.
    fraction
        Contact fraction [-], shape (k,).
    mean_gap
        Mean distance of the faces [m], shape (k,): open volume per area.
    strengthening
        Size factor of the creep [-], shape (k,).
    first, last
        The contact right after pressing and at the end.
    """

    time: Array
    fraction: Array
    mean_gap: Array
    strengthening: Array
    first: Contact
    last: Contact


def evolve(surface: Surface, conditions: Conditions, modulus: float, hardness: Hardness) -> History:
    r"""Press a surface, then let it creep while a current strips or plates it where it touches.

    .. math:: \partial_t h = -V_F\, i(x),\quad i(x) = i\,\frac{p(x)}{P}\ \text{(stripping)},\quad
              \frac{i}{\theta}\ \text{where } p > 0\ \text{(plating)}

    Where every spot carries the hardness both are :math:`i/\theta` on the spots. Stripping follows the load because
    even stripping has no steady solution: spots that recede together lose contact to their neighbours and back at
    every step, however short; the load is what they share in the mean. The creep is that at the mean contact stress,
    :math:`\sigma_e = P/(3\theta)`, with the size factor of the smaller of spots and voids; the cap stays at the
    hardness of the pressing.

    Parameters
    ----------
    surface
        Heights before any pressing, shape (n, n).
    conditions
        Pressure, current and time.
    modulus
        :math:`E^*` [Pa].
    hardness
        Strength of the metal.

    Raises
    ------
    InputError
        If pressure or duration are not above 0.
    LisseError
        If the contact solver fails, or too many steps are needed.
    """
    if not conditions.duration > 0:
        raise InputError(f"time: {conditions.duration:g} s is not a time above 0.")
    first = now = press_plastic(surface, conditions.pressure, modulus, hardness)
    cap = CONSTRAINT * first.strengthening * hardness.flow_stress
    rows = [(0.0, first.fraction, float(np.mean(first.gap)), first.strengthening)]
    speed = conditions.volume_per_charge * conditions.current_density
    plating = LARGEST_PLATING * float(np.std(surface.heights)) / -speed if speed < 0 else np.inf
    time, step = 0.0, FIRST_STEP
    for _ in range(MOST_STEPS):
        # A closed contact stays closed: no roughness is left that could open it.
        if time >= conditions.duration * (1 - 1e-9) or now.fraction == 1:
            rows.append((conditions.duration, *rows[-1][1:]))
            times, fractions, gaps, factors = np.array(rows).T
            return History(times, fractions, gaps, factors, first, now)
        step = min(step, plating * now.fraction, conditions.duration - time)
        new = _advance(now, conditions, modulus, hardness, cap, step)
        large = step > conditions.duration * FINEST_STEP
        if large and abs(new.fraction / now.fraction - 1) > LARGEST_CHANGE:
            step *= 0.4
            continue
        time, now, step = time + step, new, step * 1.5
        rows.append((time, now.fraction, float(np.mean(now.gap)), now.strengthening))
    raise LisseError(f"rough contact: {MOST_STEPS} steps did not reach the time asked for; take a shorter one.")


def _advance(
    now: Contact, conditions: Conditions, modulus: float, hardness: Hardness, cap: float, step: float
) -> Contact:
    """Return contact and surface one step later."""
    surface = now.flattened
    strengthening = hardness.strengthening(max(now.feature_radius, surface.step / 2))
    stress = conditions.pressure / now.fraction / CONSTRAINT
    creeping = float(viscosity(stress, hardness.temperature, hardness.law, strengthening))
    stripped = conditions.volume_per_charge * conditions.current_density * step
    new = creep_step(surface, conditions.pressure, modulus, creeping, step, cap, stripped, now.pressure)
    return replace(new, strengthening=strengthening)
