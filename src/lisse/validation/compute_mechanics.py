"""Computations of the targets on lithium's mechanics: thin callers of creep, Anand's model and the virtual tests.

Units are those of the targets (MPa, degC, um, 1/s). Leaves out: everything in which a cell takes part.
"""

from __future__ import annotations

import numpy as np

from lisse.anode import creep, mechanical_tests, viscoplasticity
from lisse.validation.computations import KELVIN, computation, number


@computation
def lithium_creep_rate(stress_MPa: float, celsius: float) -> float:
    """Rate of steady creep of lithium in tension [1/s]."""
    return float(creep.creep_rate(stress_MPa * 1e6, celsius + KELVIN, creep.CreepLaw.of("Li")))


@computation
def lithium_creep_exponent(stresses_MPa: list[float], celsius: float) -> float:
    """Slope of log rate against log stress over the stresses of a series of tests [-]."""
    rates = [lithium_creep_rate(stress, celsius) for stress in stresses_MPa]
    return float(np.polyfit(np.log(stresses_MPa), np.log(rates), 1)[0])


@computation
def lithium_modulus(name: str) -> float:
    """Elastic constant of lithium: ``E``, ``G`` or ``K`` [GPa], ``nu`` [-]; G and K follow from the other two."""
    modulus, ratio = number("Li", "youngs_modulus"), number("Li", "poisson_ratio")
    values = {
        "E": modulus / 1e9,
        "nu": ratio,
        "G": creep.shear_modulus(modulus, ratio) / 1e9,
        "K": creep.bulk_modulus(modulus, ratio) / 1e9,
    }
    return float(values[name])


@computation
def lithium_anand_stress(strain: float, strain_rate: float, celsius: float) -> float:
    """True stress of Anand's model in tension at 25 degC or another temperature [MPa]."""
    law = viscoplasticity.AnandLaw.of("Li")
    return float(viscoplasticity.tension([strain], strain_rate, celsius + KELVIN, law)[0]) / 1e6


@computation
def lithium_anand_stresses_matched(
    strains: list[float], strain_rates: list[float], kelvins: list[float], stresses_MPa: list[float], within: float
) -> float:
    """Count the stresses of a table (temperature, rate, strain; the last runs fastest) that come out ``within``."""
    law = viscoplasticity.AnandLaw.of("Li")
    temperature, rate = np.meshgrid(kelvins, strain_rates, indexing="ij")
    found = viscoplasticity.tension(strains, rate, temperature, law).ravel() / 1e6
    return float(np.sum(np.abs(found / np.array(stresses_MPa) - 1) <= within))


@computation
def lithium_creep_temperature_ratio(what: str, cold_celsius: float, warm_celsius: float) -> float:
    """Ratio of creep between two temperatures [-]: warm over cold ``rate`` at 0.4 MPa, cold over warm ``stress``."""
    law, ends = creep.CreepLaw.of("Li"), np.array([cold_celsius, warm_celsius]) + KELVIN
    if what == "rate":
        cold, warm = creep.creep_rate(0.4e6, ends, law)
        return float(warm / cold)
    cold, warm = creep.flow_stress(2e-5, ends, law)
    return float(cold / warm)


@computation
def lithium_yield_stress(strain_rate: float, law: str, celsius: float = 25.0) -> float:
    """Stress at which lithium yields in tension [MPa]: 0.2 % offset of ``anand``, flow stress of the ``creep`` law."""
    row = mechanical_tests.tension([strain_rate], celsius + KELVIN).rows[0]
    value = row[{"anand": "yield_stress_MPa", "creep": "creep_law_flow_stress_MPa"}[law]]
    return float("nan") if value is None else value


@computation
def lithium_hardness(depth_um: float, loading_rate: float = 0.05, celsius: float = 25.0) -> float:
    """Hardness of lithium at a depth below a sharp tip [MPa]."""
    row = mechanical_tests.indentation([loading_rate], celsius + KELVIN, depth_um * 1e-6).rows[0]
    load = row["load_at_end_mN"]
    return float("nan") if load is None else load * 1e-9 / (mechanical_tests.BERKOVICH_AREA * (depth_um * 1e-6) ** 2)


@computation
def lithium_pillar_strength(diameter_um: float, strain_rate: float = 5e-4, over_um: float | None = None) -> float:
    """Flow stress of a lithium pillar [MPa]; with ``over_um``, over that of a pillar of this diameter [-]."""
    sizes = [diameter_um * 1e-6] + ([] if over_um is None else [over_um * 1e-6])
    rows = mechanical_tests.pillar(sizes, strain_rate=strain_rate).rows
    strength = {round(float(row["diameter_um"] or 0.0), 6): float(row["strength_MPa"] or 0.0) for row in rows}
    value = strength[round(diameter_um, 6)]
    return value if over_um is None else value / strength[round(over_um, 6)]


@computation
def lithium_compression_ratio(
    low_MPa: float, high_MPa: float, minutes: float, aspect_ratio: float, celsius: float
) -> float:
    """Engineering strain rate under the higher initial stress over that under the lower, after a time [-]."""
    loads = [low_MPa * 1e6, high_MPa * 1e6]
    test = mechanical_tests.compression(loads, celsius + KELVIN, minutes * 60, aspect_ratio)
    low, high = (float(row["engineering_rate_at_end_1_s"] or 0.0) for row in test.rows)
    return high / low
