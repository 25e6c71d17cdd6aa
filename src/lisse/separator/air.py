"""What humid air does to a sulfide: H2S that escapes and conductivity that is left.

First-order hydrolysis at the true surface, fed by the water in the air. Leaves out: how fast air reaches the inside of
a pellet, the crust that slows the reaction, oxygen and CO2, drying afterwards. The rates are guesses in a known order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError
from lisse.materials import Material
from lisse.mechanism import GAS_CONSTANT
from lisse.units import quantity

WATER_ORDER = 1.0
"""Order of the hydrolysis in the water activity [-] (assumed)."""
CONDUCTIVITY_EXPONENT = 3.0
"""Exponent of the conductivity in the unreacted fraction [-] (assumed)."""
ATMOSPHERE = 101325.0
"""Pressure at which a volume of gas is given [Pa]."""
DEW_POINTS = (-80.0, 60.0)
"""Dew points and temperatures that are accepted [degC]."""
RANKING = (
    "ranking only: the rates of hydrolysis are assumed, in the order that the literature gives; compare materials, "
    "do not trust amounts"
)
_ZERO = 273.15
_DEW = re.compile(r"^(?:dew\s*point\s+(?P<after>.+)|(?P<before>.+?)\s+dew\s*point)$", re.IGNORECASE)
_ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")


def saturation_pressure(temperature: Any) -> Any:
    r"""Vapour pressure of (supercooled) water [Pa], Magnus form.

    .. math:: p_s = 610.94\,\mathrm{Pa}\,e^{17.625\,t/(t + 243.04)},\quad t = T - 273.15

    Parameters
    ----------
    temperature
        :math:`T` [K]; fitted from -40 to 50 degC.

    References
    ----------
    O. A. Alduchov, R. E. Eskridge, J. Appl. Meteorol. 35 (1996) 601.

    Examples
    --------
    Steam tables: 3.17 kPa at 25 degC:

    >>> round(float(saturation_pressure(298.15)) / 1e3, 2)
    3.16
    """
    celsius = temperature - _ZERO
    return 610.94 * np.exp(17.625 * celsius / (celsius + 243.04))


def water_activity(dew_point: Any, temperature: Any) -> Any:
    r"""Relative humidity [-] of air with a dew point: :math:`p_s(T_d)/p_s(T)`.

    Examples
    --------
    A dry room with a dew point of -40 degC at 20 degC, in percent:

    >>> round(100 * float(water_activity(233.15, 293.15)), 2)
    0.81
    """
    return saturation_pressure(dew_point) / saturation_pressure(temperature)


def reacted_fraction(time: Any, rate: Any, activity: Any, specific_surface: Any, order: float = WATER_ORDER) -> Any:
    r"""Fraction of the sulfide that has reacted [-].

    .. math:: \dot x = k_h\,a_w^p A_s\,(1-x)\ \Rightarrow\ x = 1 - e^{-k_h a_w^p A_s t}

    Parameters
    ----------
    time
        :math:`t` [s].
    rate
        :math:`k_h` [kg/(m^2 s)]: mass that saturated vapour turns per true area.
    activity
        :math:`a_w` [-], relative humidity.
    specific_surface
        :math:`A_s` [m^2/kg].
    order
        :math:`p` [-].

    Examples
    --------
    >>> round(float(reacted_fraction(3600.0, 1e-8, 0.5, 600.0)), 4)
    0.0107
    """
    return -np.expm1(-rate * activity**order * specific_surface * time)


def powder_surface(grain_size: Any, density: Any) -> Any:
    """Return the surface of spheres per mass [m2/kg], 6/(rho d).

    Examples
    --------
    >>> round(powder_surface(5e-6, 1870.0))
    642
    """
    return 6 / (density * grain_size)


def sheet_surface(thickness: Any, density: Any) -> Any:
    """Return the surface of a dense sheet open on both sides per mass [m2/kg], 2/(rho L).

    Examples
    --------
    >>> round(sheet_surface(100e-6, 1870.0), 1)
    10.7
    """
    return 2 / (density * thickness)


def hydrogen_sulfide(fraction: Any, sulfur_atoms: Any, molar_mass: Any) -> Any:
    """Return the H2S per mass of fresh sulfide [mol/kg], one for each sulfur that has reacted.

    Examples
    --------
    All of Li3PS4 (180.06 g/mol) would give 22 mol/kg:

    >>> round(hydrogen_sulfide(1.0, 4, 0.18006), 1)
    22.2
    """
    return fraction * sulfur_atoms / molar_mass


def conductivity_left(fraction: Any, exponent: float = CONDUCTIVITY_EXPONENT) -> Any:
    """Return the conductivity over that of the fresh material [-], (1 - x)^3.

    Examples
    --------
    >>> round(conductivity_left(0.1), 3)
    0.729
    """
    return (1 - fraction) ** exponent


def sulfur_atoms(formula: str) -> float:
    """Count the sulfur atoms of a formula unit.

    Examples
    --------
    >>> sulfur_atoms("Li9.54Si1.74P1.44S11.7Cl0.3"), sulfur_atoms("Li7La3Zr2O12")
    (11.7, 0)
    """
    return sum(float(count or 1) for element, count in _ELEMENT.findall(formula) if element == "S")


def read_humidity(text: str | float, temperature: float) -> float:
    """Return the water activity [-] of ``"50 %"``, ``0.5`` or ``"-40 degC dew point"`` at a temperature [K].

    Raises
    ------
    InputError
        If it is none of these, not above 0, or above saturation.

    Examples
    --------
    >>> round(read_humidity("30 %", 298.15), 3), round(read_humidity("-40 degC dew point", 293.15), 4)
    (0.3, 0.0081)
    """
    accepted = 'write a relative humidity such as "50 %" or a dew point such as "-40 degC dew point"'
    found = _DEW.match(text.strip()) if isinstance(text, str) else None
    if found is None:
        try:
            activity = quantity(text, "", "humidity")
        except InputError:
            raise InputError(f"humidity: {text!r} is not a humidity; {accepted}.") from None
    else:
        dew_point = _celsius(found["after"] or found["before"], "humidity (dew point)") + _ZERO
        activity = float(water_activity(dew_point, temperature))
    if not 0 < activity <= 1:
        raise InputError(f"humidity: {text!r} is a water activity of {activity:.3g}; it must be above 0 and at most 1.")
    return activity


def _celsius(text: str, field: str) -> float:
    low, high = DEW_POINTS
    celsius = quantity(text, "K", field) - _ZERO
    if not low <= celsius <= high:
        raise InputError(f"{field}: {text!r} is out of range; write {low:g} to {high:g} degC.")
    return celsius


@dataclass(frozen=True)
class Exposure:
    """Result of :func:`expose`: arrays over time and the numbers they rest on.

    Attributes
    ----------
    material
        Name of the electrolyte.
    activity, temperature
        Relative humidity [-] and temperature [K] of the air.
    specific_surface
        [m2/kg].
    mass
        Mass of the sheet [kg]; None where no area is given.
    time, fraction
        [s] and reacted fraction [-], of equal length, from the start to the end.
    evolved
        H2S per mass of fresh material [mol/kg].
    conductivity
        Conductivity at 25 degC of the layer [S/m].
    warnings
        What to keep in mind.
    """

    material: str
    activity: float
    temperature: float
    specific_surface: float
    mass: float | None
    time: NDArray[np.float64]
    fraction: NDArray[np.float64]
    evolved: NDArray[np.float64]
    conductivity: NDArray[np.float64]
    warnings: tuple[str, ...]

    @property
    def gas_volume(self) -> NDArray[np.float64]:
        """Volume of the H2S per mass at the temperature and 1 atm [m3/kg]."""
        return np.asarray(self.evolved * GAS_CONSTANT * self.temperature / ATMOSPHERE)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON types, in the units of the keys."""
        volume = self.gas_volume
        return {
            "material": self.material,
            "relative_humidity": self.activity,
            "temperature_degC": self.temperature - _ZERO,
            "specific_surface_m2_g": self.specific_surface / 1e3,
            "time_h": float(self.time[-1]) / 3600,
            "reacted_fraction": float(self.fraction[-1]),
            "h2s_cm3_g": 1e3 * float(volume[-1]),
            "h2s_cm3": None if self.mass is None else 1e6 * self.mass * float(volume[-1]),
            "conductivity_fresh_S_cm": float(self.conductivity[0]) / 100,
            "conductivity_left_S_cm": float(self.conductivity[-1]) / 100,
            "series": {
                "time_h": [float(value) / 3600 for value in self.time],
                "reacted_fraction": [float(value) for value in self.fraction],
                "h2s_cm3_g": [1e3 * float(value) for value in volume],
                "conductivity_S_cm": [float(value) / 100 for value in self.conductivity],
            },
            "warnings": list(self.warnings),
        }


def expose(
    material: str,
    humidity: str | float,
    time: str,
    temperature: str = "25 degC",
    thickness: str | None = None,
    area: str | None = None,
    points: int = 121,
) -> Exposure:
    """Leave an electrolyte in humid air.

    Parameters
    ----------
    material
        Name of an electrolyte of the library, or a file.
    humidity
        ``"50 %"``, ``0.5`` or ``"-40 degC dew point"``.
    time
        For example ``"2 h"``.
    temperature
        Of air and material; the rate itself does not change with it.
    thickness, area
        Of a dense sheet open on both sides; without a thickness it is a powder of the material's grain size.
    points
        Length of the series.

    Raises
    ------
    InputError
        If an input is out of range, or the material has no rate of hydrolysis.

    Examples
    --------
    >>> glasses = [expose(name, "50 %", "1 h") for name in ("67Li2S-33P2S5", "75Li2S-25P2S5")]
    >>> bool(glasses[0].gas_volume[-1] > glasses[1].gas_volume[-1])
    True
    """
    kelvin = _celsius(temperature, "temperature") + _ZERO
    activity = read_humidity(humidity, kelvin)
    seconds = quantity(time, "s", "time")
    if not 0 < seconds <= 10 * 365.25 * 86400:
        raise InputError(f"time: {time!r} is out of range; write a time above 0 and at most 10 years.")
    loaded = Material.load(material)
    if loaded.kind != "electrolyte" or not loaded.has("hydrolysis_rate"):
        raise InputError(
            f"material: {loaded.name} has no claim about hydrolysis_rate, so its reaction with air is not known; "
            "take an electrolyte that has one or add the claim to a file of your own."
        )
    density, mass = _number(loaded, "density"), None
    if thickness is None:
        if area is not None:
            raise InputError(f"area: {area!r} is given without a thickness; give the thickness of the sheet too.")
        surface = float(powder_surface(_number(loaded, "grain_size"), density))
    else:
        height = _positive(thickness, "m", "thickness")
        surface = float(sheet_surface(height, density))
        mass = None if area is None else _positive(area, "m^2", "area") * height * density
    when = np.linspace(0.0, seconds, points)
    fraction = np.asarray(reacted_fraction(when, _number(loaded, "hydrolysis_rate"), activity, surface))
    evolved = np.asarray(hydrogen_sulfide(fraction, sulfur_atoms(loaded.formula), _number(loaded, "molar_mass")))
    fresh = _number(loaded, "ionic_conductivity")
    left = np.asarray(fresh * conductivity_left(fraction))
    warnings = _warnings(loaded, kelvin, thickness)
    return Exposure(loaded.name, activity, kelvin, surface, mass, when, fraction, evolved, left, warnings)


def _warnings(material: Material, temperature: float, thickness: str | None) -> tuple[str, ...]:
    spread = material.claim("hydrolysis_rate").spread
    found = [f"{RANKING} (hydrolysis rate of {material.name}: {spread})"]
    if abs(temperature - 298.15) > 10:
        found.append(
            "the rate of hydrolysis is taken as that of room temperature; only the vapour follows the temperature"
        )
    if thickness is not None:
        found.append("a sheet is taken as dense, open on both sides; pores add surface")
    return tuple(found)


def _number(material: Material, name: str) -> float:
    value = material.value(name)
    if not isinstance(value, float | int):
        raise InputError(f"material: {name} of {material.name} is not a number; give a claim that is one.")
    return float(value)


def _positive(text: str, unit: str, field: str) -> float:
    number = quantity(text, unit, field)
    if number <= 0:
        raise InputError(f"{field}: {text!r} is out of range; write a positive quantity.")
    return number
