"""Computations of the targets on filaments and shorts: thin callers of the closed forms of the separator.

Units are those of the targets (MPa, mV, um, h). Leaves out: everything that needs a simulated cell.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from lisse.separator import (
    cracks,
    creep_into_pores,
    densification,
    electronic_leak,
    flaw_statistics,
    flaws,
    hazard,
    linear_stability,
)
from lisse.validation.computations import computation, number


@computation
def monroe_newman_ratio(volume_ratio: float, separator_poisson: float, lithium_poisson: float) -> float:
    """Ratio of shear moduli at neutral stability [-]."""
    return float(linear_stability.neutral_modulus_ratio(volume_ratio, separator_poisson, lithium_poisson))


@computation
def nernst_stress_MPa(overpotential_mV: float) -> float:
    """Pressure that an overpotential holds [MPa]."""
    return float(flaws.nernst_stress(overpotential_mV * 1e-3)) / 1e6


@computation
def griffith_stress_MPa(electrolyte: str, depth_um: float) -> float:
    """Stress that a flaw withstands [MPa]."""
    return float(flaws.critical_stress(number(electrolyte, "fracture_toughness"), depth_um * 1e-6)) / 1e6


@computation
def griffith_overpotential_mV(electrolyte: str, depth_um: float) -> float:
    """Overpotential that a flaw withstands [mV]."""
    return float(flaws.critical_overpotential(number(electrolyte, "fracture_toughness"), depth_um * 1e-6)) * 1e3


@computation
def griffith_slope(electrolyte: str) -> float:
    """Slope of log stress against log depth over three decades [-]."""
    depths = np.geomspace(0.1, 100, 7)
    stresses = [griffith_stress_MPa(electrolyte, float(depth)) for depth in depths]
    return float(np.polyfit(np.log(depths), np.log(stresses), 1)[0])


def _front(electrolyte: str) -> creep_into_pores.Front:
    names = ("rate", "pressure", "threshold_pressure", "critical_porosity", "current_exponent")
    return creep_into_pores.Front(*(number(electrolyte, f"pore_creep_{name}") for name in names))


@computation
def pore_short_hours(
    pressure_MPa: float,
    thickness_mm: float,
    porosity: float,
    current_mA_cm2: float = 0.075,
    electrolyte: str = "Li6PS5Cl",
) -> float:
    """Time to short of a symmetric cell that plates half of the time [h]."""
    seconds = creep_into_pores.time_to_short(
        current_mA_cm2 * 10,
        pressure_MPa * 1e6,
        thickness_mm * 1e-3,
        porosity,
        _front(electrolyte),
        median_time=number(electrolyte, "mechanical_short_time"),
    )
    return float(seconds) / 3600


@computation
def pore_crossed_fraction(
    pressure_MPa: float, thickness_mm: float, porosity: float, hours: float, current_mA_cm2: float = 0.075
) -> float:
    """Part of the separator that lithium has crossed after a time [-]; 1 is a short."""
    return hours / pore_short_hours(pressure_MPa, thickness_mm, porosity, current_mA_cm2)


@computation
def pressed_short_quantile(hours: float, spread: float, electrolyte: str = "Li6PS5Cl") -> float:
    """Part of the cells at rest above 50 MPa that have shorted after a time [-]."""
    median = number(electrolyte, "mechanical_short_time") / 3600
    return 0.5 * (1 + math.erf(math.log(hours / median) / (spread * math.sqrt(2))))


@computation
def toughened_current_ratio(overpotential_ratio: float) -> float:
    """Ratio of the critical currents of two separators from that of the overpotentials that they withstand [-]."""
    return float(flaw_statistics.initiation_scale(overpotential_ratio, 1.0))


@computation
def compressed_overpotential_ratio(electrolyte: str, depth_um: float, compression_MPa: float) -> float:
    """Ratio of the overpotentials that run a flaw with compression in the plane and without [-]."""
    toughness, depth = number(electrolyte, "fracture_toughness"), depth_um * 1e-6
    bare, pressed = (
        brentq(lambda p, held=held: flaws.stress_intensity(p, depth, held) - toughness, 0.0, 1e11)
        for held in (0.0, compression_MPa * 1e6)
    )
    return float(pressed / bare)


@computation
def leak_ratio(conductivity_S_cm: float, other_S_cm: float) -> float:
    """Ratio of the lithium that electrons deposit inside two separators of the same shape and voltage [-]."""
    one, other = (
        electronic_leak.deposit_rate(electronic_leak.leak_current(sigma * 100, 1.0, 1e-3))
        for sigma in (conductivity_S_cm, other_S_cm)
    )
    return float(one / other)


def _synthetic(modulus: float, cells: int, areas: tuple[float, ...], seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    scale = hazard.initiation_current_density(20.0, modulus)
    return [
        np.asarray(hazard.sample_currents(random.standard_exponential(cells), scale, modulus, area)) for area in areas
    ]


@computation
def weibull_modulus_recovered(modulus: float, cells: int, seed: int) -> float:
    """Modulus fitted to the critical currents of synthetic cells, half of them of ten times the area [-]."""
    areas = (1e-4, 1e-3)
    samples = _synthetic(modulus, cells // 2, areas, seed)
    return hazard.fit_weibull(np.concatenate(samples), np.repeat(areas, cells // 2))[1]


@computation
def weibull_area_shift(modulus: float, cells: int, seed: int) -> float:
    """Ratio of the median critical currents fitted to synthetic cells of 10 and of 1 cm2 [-]."""
    small, large = (hazard.fit_weibull(sample) for sample in _synthetic(modulus, cells, (1e-4, 1e-3), seed))
    medians = [scale * math.log(2) ** (1 / fitted) for scale, fitted in (small, large)]
    return medians[1] / medians[0]


@computation
def pellet_current_ratio(
    grain_size_um: float, density: float, other_grain_size_um: float, other_density: float
) -> float:
    """Ratio of the initiation currents of two pellets of one electrolyte, by grain size and relative density [-]."""
    one, other = (
        flaw_statistics.pellet_a_99(grain * 1e-6, rho, 1.0)
        for grain, rho in ((grain_size_um, density), (other_grain_size_um, other_density))
    )
    return float(flaw_statistics.initiation_scale(1.0, one / other))


@computation
def pressed_pellet_current_ratio(fabrication_MPa: float, other_MPa: float, electrolyte: str = "Li6PS5Cl") -> float:
    """Ratio of the initiation currents of pellets pressed at two fabrication pressures [-]."""
    claims = (number(electrolyte, "densification_pressure"), number(electrolyte, "densification_intercept"))
    one, other = (float(densification.relative_density(p * 1e6, *claims)) for p in (fabrication_MPa, other_MPa))
    return pellet_current_ratio(5.0, one, 5.0, other)


@computation
def crack_lithium_ratio(
    low_MPa: float, high_MPa: float, plating_MPa: float, length_mm: float, electrolyte: str = "Li6PS5Cl"
) -> float:
    """Lithium that a crack of a length needs to run at a low stack pressure over that at a high one [-]."""
    toughness = number(electrolyte, "fracture_toughness")
    low, high = (
        float(cracks.filled_to_run(toughness, (p + plating_MPa) * 1e6, length_mm * 1e-3)) for p in (low_MPa, high_MPa)
    )
    return low / high
