"""What a voltammogram shows of an electrolyte: at a mixture with carbon (Li | SE | SE-carbon), and at a flat metal.

The ladder of equilibria gives the charge of every step; how much electrolyte an electrode reaches gives the current.
Leaves out: overpotentials, plating of lithium, interphases that stop a reaction, and passivation of the carbon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.mechanism import FARADAY
from lisse.thermodynamics.composition import Substance, resolve
from lisse.thermodynamics.masses import molar_mass
from lisse.thermodynamics.table import Scheme
from lisse.thermodynamics.windows import NO_EXCHANGE, Window, windows

Array = NDArray[np.float64]

HIGHEST = 5.0
"""Upper end of the sweep [V against lithium]; the lower one is 0 V."""
PEAK_WIDTH = 0.10
"""Full width of a peak at half of its height [V]: a choice of display, not a result."""
SCAN_RATE = 1e-4
"""Scan rate [V/s] (assumed): slow, as such measurements are made."""
REACHED_DEPTH = 10e-9
"""Electrolyte that reacts in one sweep, measured from the electrode [m] (assumed; interphases are 1 to 100 nm)."""
ELECTROLYTE_LOADING = 7.5e-2
"""Electrolyte in the mixture with carbon [kg/m^2] (assumed: 10 mg/cm^2, three quarters of it electrolyte)."""
CARBON_LOADING = 2.5e-2
"""Carbon in the mixture [kg/m^2] (assumed)."""
CARBON_SURFACE = 62e3
"""Surface of the carbon [m^2/kg]: that of carbon black."""
TOUCHING = 0.2
"""Share of the carbon's surface that touches electrolyte [-] (assumed; the rest is carbon against carbon and pores)."""
FLAT_AREA_RATIO = 1.0
"""Area of a flat metal that touches, per area of the cell [-] (at most that)."""
PLATING = 10.0
"""Current density at which lithium plates and strips at 0 V in such a sweep [A/m^2] (assumed): it sets the axis."""
DETECTION_LIMIT = 0.01 * PLATING
"""Current density below which a peak is not seen [A/m^2] (assumed: a hundredth of the axis)."""
DENSITY = 2000.0
"""Density of an electrolyte for which the library has none [kg/m^3] (assumed)."""
POINTS = 1001
"""Voltages of a curve."""
ASSUMED: dict[str, float] = {
    "peak_width_V": PEAK_WIDTH,
    "scan_rate_V_s": SCAN_RATE,
    "reached_depth_m": REACHED_DEPTH,
    "electrolyte_loading_kg_m2": ELECTROLYTE_LOADING,
    "carbon_loading_kg_m2": CARBON_LOADING,
    "carbon_surface_m2_kg": CARBON_SURFACE,
    "touching_share": TOUCHING,
    "flat_area_ratio": FLAT_AREA_RATIO,
    "plating_current_A_m2": PLATING,
    "detection_limit_A_m2": DETECTION_LIMIT,
}
"""Parameters behind the two voltammograms."""


@dataclass(frozen=True)
class Charge:
    """Charge of one step of the ladder.

    Attributes
    ----------
    voltage
        Where it is exchanged [V].
    charge
        Per mass of electrolyte [A s/kg], positive on oxidation, negative on reduction, counted from the window.
    products
        Phases beyond the step, seen from the window.
    """

    voltage: float
    charge: float
    products: tuple[str, ...]


Steps = tuple[Charge, ...]


@dataclass(frozen=True)
class Apparent:
    """What one electrode shows.

    Attributes
    ----------
    area_ratio
        Area that touches electrolyte over the area of the cell [-].
    mass
        Electrolyte that reacts [kg/m^2 of the cell].
    current
        Current density at the voltages of the curve [A/m^2 of the cell].
    reduction, oxidation
        First step on either side whose peak is seen [V]; None where none is.
    """

    area_ratio: float
    mass: float
    current: Array
    reduction: float | None
    oxidation: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; an edge that is not seen is an end of the sweep in ``apparent_window_V``."""
        return {
            "area_ratio": self.area_ratio,
            "reacting_electrolyte_kg_m2": self.mass,
            "largest_current_A_m2": float(np.abs(self.current).max()),
            "reduction_seen_V": self.reduction,
            "oxidation_seen_V": self.oxidation,
            "apparent_window_V": [0.0 if self.reduction is None else self.reduction, self.oxidation or HIGHEST],
        }


@dataclass(frozen=True)
class Voltammogram:
    """Voltammogram in one scheme.

    Attributes
    ----------
    window
        Window and ladder behind it.
    charges
        Charge of every step up to :data:`HIGHEST`, by falling voltage below and by rising voltage above the window.
    voltages
        Of the curves [V].
    capacity
        Charge exchanged on the way from the window to a voltage, without peaks broadened [A s/kg].
    slope
        Charge per volt, peaks broadened [A s/kg/V], positive on oxidation.
    carbon, metal
        What the mixture with carbon and the flat metal show.
    """

    window: Window
    charges: Steps
    voltages: Array
    capacity: Array
    slope: Array
    carbon: Apparent
    metal: Apparent

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types; capacities in mAh per gram of electrolyte."""
        return {
            "reduction_V": self.window.reduction,
            "oxidation_V": self.window.oxidation,
            "steps": [
                {"voltage_V": step.voltage, "capacity_mAh_g": step.charge / 3.6e3, "products": list(step.products)}
                for step in self.charges
            ],
            "se_carbon": self.carbon.as_dict(),
            "flat_metal": self.metal.as_dict(),
            "curve": {
                "voltage_V": self.voltages.tolist(),
                "capacity_mAh_g": (self.capacity / 3.6e3).tolist(),
                "capacity_slope_mAh_g_V": (self.slope / 3.6e3).tolist(),
            },
        }


def peaks(voltages: Array, steps: Steps, width: float = PEAK_WIDTH) -> Array:
    """Return charge per volt [A s/kg/V] of steps, each a Gaussian of a full width at half height [V].

    Examples
    --------
    A peak holds the charge of its step:

    >>> grid = np.linspace(0, 4, 4001)
    >>> float(round(np.trapezoid(peaks(grid, (Charge(2.0, 100.0, ()),)), grid), 6))
    100.0
    """
    sigma = width / (2 * np.sqrt(2 * np.log(2)))
    found = np.zeros_like(voltages)
    for step in steps:
        found += (
            abs(step.charge) * np.exp(-0.5 * ((voltages - step.voltage) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        )
    return found


def step_charges(found: Window, molar_mass: float) -> Steps:
    """Return the charges of a ladder.

    Parameters
    ----------
    found
        Window of the electrolyte.
    molar_mass
        Of the formula unit that the window counts by [kg/mol].

    Returns
    -------
    tuple of Charge
        First down from the window, then up.
    """
    unit = FARADAY / molar_mass
    down, up = [], []
    for low, high in pairwise(found.ladder):
        if high.lower > HIGHEST:
            break
        # A composition without a window is reduced below a voltage and oxidised above the same one.
        taken = max(low.lithium_uptake, 0.0) - max(high.lithium_uptake, 0.0)
        given = max(-high.lithium_uptake, 0.0) - max(-low.lithium_uptake, 0.0)
        least = NO_EXCHANGE * found.composition.atoms
        if taken > least:
            down.append(Charge(high.lower, -unit * taken, tuple(low.phases)))
        if given > least:
            up.append(Charge(high.lower, unit * given, tuple(high.phases)))
    return (*reversed(down), *up)


def _curves(charges: Steps, density: float, found: Window) -> Voltammogram:
    voltages = np.linspace(0.0, HIGHEST, POINTS)
    down, up = (tuple(step for step in charges if sign * step.charge > 0) for sign in (-1, 1))
    slope = peaks(voltages, up) - peaks(voltages, down)
    capacity = np.zeros_like(voltages)
    for step in charges:
        capacity[voltages > step.voltage if step.charge > 0 else voltages < step.voltage] += step.charge
    touched = TOUCHING * CARBON_LOADING * CARBON_SURFACE
    carbon = _shown(touched, min(touched * REACHED_DEPTH * density, ELECTROLYTE_LOADING), down, up, slope)
    metal = _shown(FLAT_AREA_RATIO, FLAT_AREA_RATIO * REACHED_DEPTH * density, down, up, slope)
    return Voltammogram(found, charges, voltages, capacity, slope, carbon, metal)


def _shown(ratio: float, mass: float, down: Steps, up: Steps, slope: Array) -> Apparent:
    """Return what an electrode shows that reaches this much electrolyte [kg/m^2]."""
    below, above = (
        [step.voltage for step in steps if SCAN_RATE * mass * _height(step, steps) > DETECTION_LIMIT]
        for steps in (down, up)
    )
    return Apparent(ratio, mass, SCAN_RATE * mass * slope, max(below, default=None), min(above, default=None))


def _height(step: Charge, steps: Steps) -> float:
    """Return the charge per volt at a step, peaks beside it included [A s/kg/V]."""
    return float(peaks(np.array([step.voltage]), steps)[0])


def voltammogram(
    material: str | Substance,
    *,
    polyanion: bool = False,
    phases: Path | None = None,
) -> dict[Scheme, Voltammogram]:
    """Compute voltammograms of an electrolyte in both schemes.

    Parameters
    ----------
    material
        Formula, library name or mixture; the density of a library material sets how much reacts.
    polyanion, phases
        As in :func:`lisse.thermodynamics.windows.window`.

    Raises
    ------
    InputError
        If the material cannot be read, or the table does not cover it.

    Examples
    --------
    >>> found = voltammogram("Li10GeP2S12")["uncorrected_S"]
    >>> found.carbon.reduction == found.window.reduction, found.metal.reduction, found.metal.oxidation
    (True, None, None)
    """
    substance = resolve(material) if isinstance(material, str) else material
    mass = molar_mass(substance.composition)
    density = DENSITY
    if substance.material is not None and substance.material.has("density"):
        value = substance.material.value("density")
        density = value if isinstance(value, float) else DENSITY
    results: dict[Scheme, Voltammogram] = {}
    for scheme, found in windows(substance, polyanion=polyanion, phases=phases).items():
        results[scheme] = _curves(step_charges(found, mass), density, found)
    return results


def why(found: Mapping[Scheme, Voltammogram]) -> str:
    """Return in a sentence why the flat metal shows a wider window than the mixture."""
    one = next(iter(found.values()))
    ratio, most = one.carbon.mass / one.metal.mass, float(np.abs(one.metal.current).max())
    return (
        f"Li | SE | metal overestimates the window: a flat metal reaches {ratio:.0f} times less electrolyte than the "
        f"carbon of a mixture, so that currents stay at {most:.2g} A/m2 or less, and what lies under "
        f"{DETECTION_LIMIT:g} A/m2 is not told from zero beside plated lithium."
    )
