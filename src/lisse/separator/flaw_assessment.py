"""One flaw of one material under one current and pressure: what cracks it, from the claims of the library.

Leaves out: populations of flaws (``flaw_statistics``) and time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lisse.errors import InputError
from lisse.materials import Material
from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius
from lisse.separator import flaws, linear_stability
from lisse.separator.filament_modes import MODES, filament_mode

CURVE_DEPTHS = (0.1e-6, 1e-6, 10e-6, 100e-6)
"""Depths of the Griffith curve that are listed [m]."""
CREEP_MEASURED_UP_TO = 0.6e6
"""Highest stress of the creep tests [Pa]."""
CREEP_TEMPERATURES = (248.15, 398.15)
"""Range of the creep tests [K]."""
USUAL_ASPECT = 0.03
"""Width over depth where the material has no claim [-]."""


@dataclass(frozen=True)
class FlawAssessment:
    """What a flaw withstands, and what acts on it.

    Attributes
    ----------
    material
        Name.
    toughness
        K_Ic [Pa m^0.5].
    depth, width
        Of the flaw [m].
    current
        At the flaw [A/m^2].
    pressure, temperature
        Stack pressure [Pa], [K].
    local_resistance
        At the mouth [ohm m^2].
    loading
        What acts besides the current.
    modulus_ratio
        Shear modulus over that of lithium [-]; None where the material claims none.
    threshold_ratio
        Monroe-Newman threshold of that ratio [-], for ions much larger than atoms of the metal.
    glass
        Whether the material has no grains; otherwise ``grain_size`` [m].
    warnings
        Sentences on what limits the result.
    """

    material: str
    toughness: float
    depth: float
    width: float
    current: float
    pressure: float
    temperature: float
    local_resistance: float
    loading: flaws.Loading
    modulus_ratio: float | None
    threshold_ratio: float | None
    grain_size: float | None
    warnings: tuple[str, ...] = field(default=())

    def griffith(self) -> list[dict[str, float]]:
        """Return the Griffith curve at the listed depths."""
        return [
            {
                "depth_um": depth * 1e6,
                "stress_MPa": float(flaws.critical_stress(self.toughness, depth)) / 1e6,
                "overpotential_mV": float(flaws.critical_overpotential(self.toughness, depth)) * 1e3,
            }
            for depth in CURVE_DEPTHS
        ]

    @property
    def flow_loading(self) -> flaws.Loading:
        """The same loading without the ceiling that the overpotential sets."""
        return flaws.Loading(self.toughness, self.pressure, metal=self.loading.metal)

    def as_dict(self) -> dict[str, Any]:
        """Return everything under the keys of ``lisse flaw --json``."""
        point = (self.current, self.depth, self.width)
        drive = float(flaws.crack_drive(*point, self.loading))
        ceiling = float(flaws.nernst_stress(self.current * self.local_resistance))
        widths = (flaws.critical_width(self.current, self.depth, load) for load in (self.loading, self.flow_loading))
        currents = (
            flaws.initiation_current(self.depth, self.width, load) for load in (self.loading, self.flow_loading)
        )
        limited, bare = (float(w) * 1e9 for w in widths)
        starts, flows = (float(i) / 10 for i in currents)
        relative_depth = 0.0 if self.grain_size is None else self.depth / self.grain_size
        mode = MODES[int(filament_mode(drive, relative_depth))] if drive >= 1 else None
        return {
            "material": self.material,
            "fracture_toughness_MPa_m05": self.toughness / 1e6,
            "current_density_mA_cm2": self.current / 10,
            "stack_pressure_MPa": self.pressure / 1e6,
            "temperature_degC": self.temperature - 273.15,
            "flaw_depth_um": self.depth * 1e6,
            "flaw_width_nm": self.width * 1e9,
            "local_resistance_ohm_cm2": self.local_resistance * 1e4,
            "griffith": self.griffith(),
            "critical_stress_MPa": float(flaws.critical_stress(self.toughness, self.depth)) / 1e6,
            "critical_overpotential_mV": float(flaws.critical_overpotential(self.toughness, self.depth)) * 1e3,
            "flow_pressure_MPa": float(flaws.flow_pressure(*point, self.loading.metal)) / 1e6,
            "overpotential_pressure_MPa": ceiling / 1e6,
            "mean_pressure_MPa": float(
                flaws.mean_pressure(*point, self.pressure, self.local_resistance, self.loading.metal)
            )
            / 1e6,
            "stress_intensity_over_toughness": drive,
            "cracks": drive >= 1,
            "filament_mode": mode,
            "critical_width_nm": limited,
            "critical_width_without_ceiling_nm": bare,
            "initiation_current_density_mA_cm2": starts,
            "initiation_current_density_without_ceiling_mA_cm2": flows,
            "monroe_newman": self.monroe_newman(),
            "warnings": list(self.warnings),
        }

    def monroe_newman(self) -> dict[str, Any] | None:
        """Return ratio of shear moduli, threshold and verdict of linear stability; None without a shear modulus."""
        if self.modulus_ratio is None or self.threshold_ratio is None:
            return None
        above = self.modulus_ratio >= self.threshold_ratio
        return {
            "modulus_ratio": self.modulus_ratio,
            "threshold_ratio": self.threshold_ratio,
            "verdict": f"{'above' if above else 'below'} the Monroe-Newman threshold; no criterion of a short",
        }


def assess_flaw(
    material: str,
    current: float = 10.0,
    pressure: float = 5e6,
    depth: float = 5e-6,
    width: float | None = None,
    local_resistance: float | None = None,
    temperature: float = REFERENCE_TEMPERATURE,
) -> FlawAssessment:
    """Assess one flaw.

    Parameters
    ----------
    material
        Name of an electrolyte, or path of a material file, with a claim about ``fracture_toughness``.
    current
        Plating current density at the flaw [A/m^2], above 0.
    pressure
        Stack pressure [Pa], 0 or more.
    depth
        Of the flaw [m], above 0.
    width
        Of the flaw [m], above 0; the material's width over depth, or 0.03, without it.
    local_resistance
        At the mouth [ohm m^2], above 0; the charge-transfer resistance of lithium without it.
    temperature
        [K], below the melting point of lithium.

    Raises
    ------
    InputError
        If a number is out of range, or the material has no fracture toughness.

    Examples
    --------
    >>> found = assess_flaw("Li3PS4 glass", depth=1e-6).as_dict()
    >>> round(found["critical_stress_MPa"]), round(found["critical_overpotential_mV"], 1)
    (116, 15.6)
    """
    found, lithium = Material.load(material), Material.load("Li")
    toughness = _number(found, "fracture_toughness")
    aspect = _number(found, "flaw_aspect_ratio") if found.has("flaw_aspect_ratio") else USUAL_ASPECT
    width = aspect * depth if width is None else width
    assumed_resistance = local_resistance is None
    if local_resistance is None:
        local_resistance = _number(lithium, "charge_transfer_resistance")
    _check(current, pressure, depth, width, local_resistance, temperature)
    energy = _number(lithium, "creep_activation_energy")
    metal = flaws.Metal(
        _number(lithium, "creep_prefactor") * float(arrhenius(energy, temperature)),
        _number(lithium, "creep_exponent"),
        _number(lithium, "creep_sinh_coefficient"),
    )
    modulus = _number(found, "shear_modulus") if found.has("shear_modulus") else None
    ratio = threshold = None
    if modulus is not None:
        ratio = modulus / _number(lithium, "shear_modulus")
        poisson = _number(found, "poisson_ratio") if found.has("poisson_ratio") else linear_stability.SEPARATOR_POISSON
        threshold = float(linear_stability.threshold_modulus(1.0, poisson, _number(lithium, "poisson_ratio")))
    grain = None if "glass" in found.state else _number(found, "grain_size") if found.has("grain_size") else 5e-6
    point = (current, depth, width)
    wall = float(np.sqrt(3) * width / (2 * depth) * flaws.flow_pressure(*point, metal))
    warnings = _warnings(found, wall, assumed_resistance, temperature, modulus is None)
    loading = flaws.Loading(toughness, pressure, local_resistance, metal=metal)
    return FlawAssessment(
        found.name,
        toughness,
        depth,
        width,
        current,
        pressure,
        temperature,
        local_resistance,
        loading,
        ratio,
        threshold,
        grain,
        warnings,
    )


def _number(material: Material, name: str) -> float:
    value = material.value(name)
    if not isinstance(value, int | float):
        raise InputError(f"{material.name}: {name} is not a number; a flaw needs one.")
    return float(value)


def _check(current: float, pressure: float, depth: float, width: float, resistance: float, temperature: float) -> None:
    """Refuse numbers that no flaw has."""
    positive = {
        "current": (current, "A/m^2"),
        "length": (depth, "m"),
        "width": (width, "m"),
        "resistance": (resistance, "ohm*m^2"),
    }
    for name, (value, unit) in positive.items():
        if not (value > 0 and math.isfinite(value)):
            raise InputError(f"{name}: {value:g} {unit} is not accepted; give a number above 0.")
    if not (pressure >= 0 and math.isfinite(pressure)):
        raise InputError(f"pressure: {pressure:g} Pa is not accepted; give 0 or more.")
    if width > depth:
        raise InputError(
            f"width: {width:g} m exceeds the length of the flaw, {depth:g} m; a slit is narrower than deep."
        )
    if not 0 < temperature < 453.5:
        raise InputError(f"temperature: {temperature:g} K is not between 0 K and 453.5 K, where lithium melts.")


def _warnings(
    material: Material, wall_stress: float, assumed_resistance: bool, temperature: float, no_modulus: bool
) -> tuple[str, ...]:
    found = []
    if material.claim("fracture_toughness").method == "assumed":
        found.append(f"the fracture toughness of {material.name} is assumed.")
    if assumed_resistance:
        found.append("the local resistance is the charge-transfer resistance of lithium, known within a factor of 30.")
    if wall_stress > CREEP_MEASURED_UP_TO:
        found.append(
            f"creep of lithium: the stress at the wall of this flaw, {wall_stress / 1e6:.1f} MPa, lies above the "
            "0.6 MPa up to which it was measured."
        )
    if not CREEP_TEMPERATURES[0] <= temperature <= CREEP_TEMPERATURES[1]:
        found.append("creep of lithium: its temperature dependence was measured from -25 to 125 degC.")
    if no_modulus:
        found.append(f"{material.name} has no shear modulus, so that there is no Monroe-Newman verdict.")
    return tuple(found)
