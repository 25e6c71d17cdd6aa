"""Virtual tests of lithium as laboratories do them: tension, creep, compression, nano-indentation, pillars.

Each test takes SI numbers and returns curves in the units of the papers. Leaves out: elastic unloading, pile-up under
the indenter, necking, and barrelling other than through the friction that causes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.anode import viscoplasticity
from lisse.anode.creep import (
    CREEP_CLAIMS,
    SIZE_CLAIMS,
    CreepLaw,
    creep_rate,
    flow_stress,
    number,
    range_warnings,
    size_factor,
)
from lisse.anode.extrusion import constraint_factor, passed_time
from lisse.anode.mechanical_test_result import (
    Curve,
    MechanicalTest,
    Row,
    anand_warnings,
    celsius,
    check_temperature,
    claim_rows,
    positive,
    size_warnings,
)
from lisse.anode.viscoplasticity import ANAND_CLAIMS, AnandLaw
from lisse.errors import InputError
from lisse.materials import Material
from lisse.mechanism import REFERENCE_TEMPERATURE

Array = NDArray[np.float64]

BERKOVICH_AREA = 24.5
"""Projected area of contact over depth squared of a Berkovich (or Vickers) tip [-]; an ideal, sharp tip."""
HARDNESS_OVER_FLOW_STRESS = 3.0
"""Mean pressure under a sharp tip over the flow stress at the rate dh/dt/h [-] (Tabor)."""
OFFSET = 0.002
"""Plastic strain at which the yield stress is read [-]."""
HARDNESS_DEPTHS = (0.25e-6, 1e-6, 10e-6)
"""Depths at which hardness is reported [m]."""
DEFAULT_RATES = (5e-4, 5e-3, 5e-2, 5e-1)
"""Strain rates of the tension tests that the review shows [1/s]."""
DEFAULT_CREEP_STRESSES = (0.2e6, 0.3e6, 0.4e6, 0.6e6)
"""Stresses of the published tension creep tests, rounded [Pa]."""
DEFAULT_COMPRESSION_STRESSES = (0.8e6, 1.6e6, 2.4e6)
"""Initial stresses within the range of the published compression tests [Pa]."""
DEFAULT_LOADING_RATES = (0.01, 0.05, 0.25)
"""Loading rate over load of the indentation [1/s]."""
DEFAULT_DIAMETERS = (0.5e-6, 1e-6, 2e-6, 5e-6, 10e-6, 25e-6, 50e-6)
"""Diameters of the pillars [m]."""
PILLAR_RATE = 5e-4
"""Strain rate of the pillar tests [1/s]."""

PILLAR_WARNING = (
    "size effect of lithium: fitted to indentation; the published pillars (105 MPa at 1.2 um, 15 MPa at 9.5 um) are 15 "
    "to 40 times stronger than it says."
)
"""Said with every pillar test."""


def tension(
    strain_rates: Sequence[float] = DEFAULT_RATES,
    temperature: float = REFERENCE_TEMPERATURE,
    largest_strain: float = 0.3,
    material: str = "Li",
) -> MechanicalTest:
    """Tension at constant true strain rates: Anand's model with its hardening, and the creep law as a plateau.

    Parameters
    ----------
    strain_rates
        [1/s].
    temperature
        [K], below the melting temperature.
    largest_strain
        True strain at the end [-].
    material
        Name of an anode material with the claims.

    Examples
    --------
    >>> test = tension([5e-4])
    >>> round(test.rows[0]["yield_stress_MPa"], 2)  # 0.57 MPa in Fincher et al. 2020 (from memory)
    0.58
    """
    rates = positive(strain_rates, "strain rate", "1/s")
    check_temperature(temperature)
    positive([largest_strain], "largest strain", "")
    found = Material.load(material)
    anand, law = AnandLaw.of(found), CreepLaw.of(found)
    strain = np.concatenate((np.linspace(0, 0.01, 41), np.linspace(0.01, max(largest_strain, 0.02), 146)[1:]))
    stress = viscoplasticity.tension(strain, rates, temperature, anand) / 1e6
    plateau = np.asarray(flow_stress(rates, temperature, law)) / 1e6
    curves, rows = [], []
    for rate, line, level in zip(rates, stress, plateau, strict=True):
        label = f"{rate:.0e} 1/s"
        curves += [Curve(label, "Anand", 100 * strain, line), Curve(label, "creep", 100 * strain, 0 * line + level)]
        # The offset line rises steeply and crosses the curve once.
        offset = np.interp(0.0, anand.youngs_modulus / 1e6 * (strain - OFFSET) - line, line)
        row: Row = {
            "strain_rate_1_s": float(rate),
            "yield_stress_MPa": float(offset),
            "stress_at_10_percent_MPa": float(np.interp(0.1, strain, line)) if strain[-1] >= 0.1 else None,
            "creep_law_flow_stress_MPa": float(level),
        }
        rows.append(row)
    warnings = [*range_warnings(plateau * 1e6, temperature, "flow stress"), *anand_warnings(rates, temperature)]
    conditions = {"strain_rates_1_s": rates.tolist(), "temperature_degC": celsius(temperature)}
    claims = claim_rows(found, ANAND_CLAIMS, CREEP_CLAIMS)
    return MechanicalTest(
        "tension", found.name, conditions, "strain / %", "true stress / MPa",
        tuple(curves), tuple(rows), tuple(warnings), claims,
    )  # fmt: skip


def creep(
    stresses: Sequence[float] = DEFAULT_CREEP_STRESSES,
    temperature: float = REFERENCE_TEMPERATURE,
    duration: float = 3600.0,
    material: str = "Li",
) -> MechanicalTest:
    """Creep in tension at constant true stress: the steady creep law, and Anand's model with its primary stage.

    Parameters
    ----------
    stresses
        [Pa].
    temperature
        [K].
    duration
        [s]. Curves end at a strain of 1.
    material
        Name of an anode material with the claims.

    Examples
    --------
    >>> test = creep([0.4e6], temperature=299.15)
    >>> f"{test.rows[0]['creep_law_rate_1_s']:.1e}"
    '2.0e-05'
    """
    loads = positive(stresses, "stress", "Pa")
    check_temperature(temperature)
    positive([duration], "duration", "s")
    found = Material.load(material)
    anand, law = AnandLaw.of(found), CreepLaw.of(found)
    time = np.geomspace(duration / 1000, duration, 181)
    hardening = viscoplasticity.creep(time, loads, temperature, anand)
    steady = np.asarray(creep_rate(loads, temperature, law))
    curves, rows = [], []
    for load, rate, line in zip(loads, steady, hardening, strict=True):
        label = f"{load / 1e6:.3g} MPa"
        straight = np.where(rate * time < viscoplasticity.LARGEST_CREEP_STRAIN, rate * time, np.nan)
        curves += [Curve(label, "creep", time, 100 * straight), Curve(label, "Anand", time, 100 * line)]
        last = (line[-1] - line[-2]) / (time[-1] - time[-2])
        row: Row = {
            "stress_MPa": float(load / 1e6),
            "creep_law_rate_1_s": float(rate),
            "anand_rate_at_end_1_s": float(last) if np.isfinite(last) else None,
        }
        rows.append(row)
    warnings = [*range_warnings(loads, temperature, "stress"), *anand_warnings(steady, temperature)]
    conditions = {
        "stresses_MPa": (loads / 1e6).tolist(),
        "temperature_degC": celsius(temperature),
        "duration_s": duration,
    }
    claims = claim_rows(found, CREEP_CLAIMS, ANAND_CLAIMS)
    return MechanicalTest(
        "creep", found.name, conditions, "time / s", "strain / %",
        tuple(curves), tuple(rows), tuple(warnings), claims, logarithmic=True,
    )  # fmt: skip


def compression(
    stresses: Sequence[float] = DEFAULT_COMPRESSION_STRESSES,
    temperature: float = REFERENCE_TEMPERATURE,
    duration: float = 720.0,
    aspect_ratio: float = 2.0,
    friction: float = 1.0,
    material: str = "Li",
) -> MechanicalTest:
    r"""Compression of a cylinder under a dead load between rough platens.

    .. math:: -\frac{\dot h}{h} = \dot\varepsilon\left(\frac{\sigma_0\,h/h_0}{1 + m\,\varphi(R/h)}\right),\quad
              R^2 h = R_0^2 h_0

    The cylinder gets wider, so that the stress falls, and flatter, so that friction bears more of it
    (:func:`~lisse.anode.extrusion.constraint_factor`): the rate falls with time, and after some minutes the engineering
    rate is lower the *higher* the load was. It is no material law; do not fit creep to it.

    Parameters
    ----------
    stresses
        Initial stress, load over initial area [Pa].
    temperature
        [K].
    duration
        [s].
    aspect_ratio
        Height over diameter at the start [-].
    friction
        :math:`m` [-], 0 (oiled) to 1 (lithium sticks).
    material
        Name of an anode material with the claims.

    References
    ----------
    Friction work added to the work of uniform compression (upper bound): B. Avitzur, Metal Forming, 1968.

    Examples
    --------
    >>> test = compression([0.8e6, 2.4e6])
    >>> test.rows[1]["engineering_rate_at_end_1_s"] < test.rows[0]["engineering_rate_at_end_1_s"]
    True
    """
    loads = positive(stresses, "stress", "Pa")
    check_temperature(temperature)
    positive([duration], "duration", "s")
    positive([aspect_ratio], "aspect ratio", "")
    if not 0 <= friction <= 1:
        raise InputError(f"friction: {friction:g} is outside of its range; give 0 (none) to 1 (sticking).")
    found = Material.load(material)
    law = CreepLaw.of(found)
    time = np.concatenate(([0.0], np.geomspace(duration * 1e-4, duration, 180)))
    curves, rows, borne = [], [], []
    for load in loads:
        reached, rate, stress = _upset(load, time, temperature, law, aspect_ratio, friction)
        shorter = 1 - np.exp(-reached)
        curves.append(Curve(f"{load / 1e6:.3g} MPa", "creep", time, 100 * shorter))
        row: Row = {
            "stress_MPa": float(load / 1e6),
            "rate_at_start_1_s": float(rate[0]),
            "rate_at_end_1_s": float(rate[-1]),
            "engineering_rate_at_end_1_s": float(rate[-1] * (1 - shorter[-1])),
            "compression_at_end_percent": float(100 * shorter[-1]),
        }
        rows.append(row)
        borne.append(stress)
    conditions = {
        "stresses_MPa": (loads / 1e6).tolist(),
        "temperature_degC": celsius(temperature),
        "duration_s": duration,
        "height_over_diameter": aspect_ratio,
        "friction": friction,
    }
    warnings = range_warnings(np.array(borne), temperature, "stress without the part that friction bears")
    return MechanicalTest(
        "compression", found.name, conditions, "time / s", "compression / %",
        tuple(curves), tuple(rows), tuple(warnings), claim_rows(found, CREEP_CLAIMS),
    )  # fmt: skip


def indentation(
    loading_rates: Sequence[float] = DEFAULT_LOADING_RATES,
    temperature: float = REFERENCE_TEMPERATURE,
    depth: float = 10e-6,
    material: str = "Li",
) -> MechanicalTest:
    r"""Load against depth of a sharp indenter at a constant loading rate over load.

    .. math:: P = 24.5\,h^2 H,\quad H = 3\,\sigma_f(\dot h/h)\,S_l(h)

    The depth follows from :math:`\dot h/h = \dot\varepsilon(P/(3\cdot 24.5 h^2))` with the creep law; for a metal
    without size effect it ends at half of the loading rate. Contact depth and depth are the same: hardness over modulus
    of lithium is below 1 %.

    Parameters
    ----------
    loading_rates
        :math:`\dot P/P` [1/s].
    temperature
        [K].
    depth
        Largest depth [m]; the curves start at a fortieth of it.
    material
        Name of an anode material with the claims.

    Examples
    --------
    The smaller the depth the harder:

    >>> row = indentation([0.05]).rows[0]
    >>> round(row["hardness_0.25um_MPa"] / row["hardness_10um_MPa"], 1)
    5.7
    """
    rates = positive(loading_rates, "loading rate", "1/s")
    check_temperature(temperature)
    positive([depth], "depth", "m")
    found = Material.load(material)
    law = CreepLaw.of(found)
    length, exponent = (number(found, name) for name in SIZE_CLAIMS)
    depths = np.geomspace(depth / 40, depth, 121)
    wide = np.geomspace(min(depths[0], HARDNESS_DEPTHS[0]), max(depth, HARDNESS_DEPTHS[-1]), 481)
    curves, rows, flow = [], [], []
    for rate in rates:
        hardness = _hardness(wide, rate, temperature, law, length, exponent)
        flow.append(hardness / HARDNESS_OVER_FLOW_STRESS / size_factor(wide, length, exponent))
        load = BERKOVICH_AREA * depths**2 * np.exp(np.interp(np.log(depths), np.log(wide), np.log(hardness)))
        curves.append(Curve(f"{rate:.3g} 1/s", "creep", depths * 1e6, load * 1e3))
        read = np.exp(np.interp(np.log(HARDNESS_DEPTHS), np.log(wide), np.log(hardness))) / 1e6
        values = {f"hardness_{d * 1e6:g}um_MPa": float(h) for d, h in zip(HARDNESS_DEPTHS, read, strict=True)}
        row: Row = {"loading_rate_1_s": float(rate), "load_at_end_mN": float(load[-1] * 1e3), **values}
        rows.append(row)
    conditions = {
        "loading_rates_1_s": rates.tolist(),
        "temperature_degC": celsius(temperature),
        "depth_um": depth * 1e6,
        "tip": "Berkovich, ideally sharp",
    }
    warnings = range_warnings(np.array(flow), temperature, "flow stress without size effect") + size_warnings(depths)
    return MechanicalTest(
        "indentation", found.name, conditions, "depth / um", "load / mN",
        tuple(curves), tuple(rows), tuple(warnings), claim_rows(found, CREEP_CLAIMS, SIZE_CLAIMS),
    )  # fmt: skip


def pillar(
    diameters: Sequence[float] = DEFAULT_DIAMETERS,
    temperature: float = REFERENCE_TEMPERATURE,
    strain_rate: float = PILLAR_RATE,
    material: str = "Li",
) -> MechanicalTest:
    """Flow stress of compressed pillars against their diameter, with each size effect that the material claims.

    Parameters
    ----------
    diameters
        [m]; the diameter is the size that counts.
    temperature
        [K].
    strain_rate
        [1/s].
    material
        Name of an anode material with the claims.

    Examples
    --------
    >>> rows = pillar([1e-6, 10e-6]).rows
    >>> rows[0]["strength_MPa"] > rows[1]["strength_MPa"]
    True
    """
    sizes = np.sort(positive(diameters, "diameter", "m"))
    check_temperature(temperature)
    positive([strain_rate], "strain rate", "1/s")
    found = Material.load(material)
    bulk = float(flow_stress(strain_rate, temperature, CreepLaw.of(found)))
    length = number(found, "size_effect_length")
    claims = [claim for claim in found.claims if claim.property == "size_effect_exponent"]
    curves, rows = [], [Row(diameter_um=float(size * 1e6)) for size in sizes]
    for claim in claims:
        factor = size_factor(sizes, length, number(found, claim.property, claim.id))
        strength = bulk * np.asarray(factor) / 1e6
        label = f"{strain_rate:.0e} 1/s, {claim.id}"
        curves.append(Curve(label, f"size effect: {claim.id}", sizes * 1e6, strength))
        for row, value in zip(rows, strength, strict=True):
            row["strength_MPa" if claim.default else f"strength_{claim.id}_MPa"] = float(value)
    conditions = {
        "strain_rate_1_s": strain_rate,
        "temperature_degC": celsius(temperature),
        "bulk_flow_stress_MPa": bulk / 1e6,
    }
    return MechanicalTest(
        "pillar", found.name, conditions, "diameter / um", "flow stress / MPa", tuple(curves), tuple(rows),
        (*range_warnings(bulk, temperature, "flow stress without size effect"), *size_warnings(sizes), PILLAR_WARNING),
        (*claim_rows(found, CREEP_CLAIMS, ("size_effect_length",)), *(claim.to_dict() for claim in claims)),
        logarithmic=True,
    )  # fmt: skip


TESTS: dict[str, Callable[..., MechanicalTest]] = {
    "tension": tension,
    "creep": creep,
    "compression": compression,
    "indentation": indentation,
    "pillar": pillar,
}
"""The tests by name."""


def _upset(
    load: float, time: Array, temperature: float, law: CreepLaw, aspect_ratio: float, friction: float
) -> tuple[Array, Array, Array]:
    """Return true strain, its rate [1/s] and the stress [Pa] that friction leaves to the metal, over time."""
    strain = np.linspace(0.0, 6.0, 6001)
    flatness = np.exp(1.5 * strain) / (2 * aspect_ratio)
    stress = load * np.exp(-strain) / (1 + friction * constraint_factor(flatness, law.exponent))
    passed = passed_time(strain, creep_rate(stress, temperature, law))
    reached = np.interp(time, passed, strain)
    metal = np.interp(reached, strain, stress)
    return reached, np.asarray(creep_rate(metal, temperature, law)), metal


def _hardness(depths: Array, rate: float, temperature: float, law: CreepLaw, length: float, exponent: float) -> Array:
    """Return the hardness [Pa] at rising depths while the load grows at ``rate`` times itself."""
    from scipy.integrate import solve_ivp

    def softer(log_depth: Any, log_load: Any) -> Any:
        size = np.exp(log_depth)
        mean = np.exp(log_load) / (HARDNESS_OVER_FLOW_STRESS * BERKOVICH_AREA * size**2)
        return rate / np.asarray(creep_rate(mean, temperature, law, size_factor(size, length, exponent)))

    first, last = float(np.log(depths[0])), float(np.log(depths[-1]))
    # Starts a decade earlier, on the steady state of a metal with this size effect.
    begin = first - np.log(10.0)
    steady = HARDNESS_OVER_FLOW_STRESS * flow_stress(rate / (2 - exponent), temperature, law)
    start = steady * size_factor(np.exp(begin), length, exponent) * BERKOVICH_AREA * np.exp(2 * begin)
    solution = solve_ivp(
        softer, (begin, last), [float(np.log(start))], method="LSODA", t_eval=np.log(depths).clip(first, last),
        rtol=1e-8, atol=1e-10,
    )  # fmt: skip
    load = np.exp(np.asarray(solution.y[0], dtype=np.float64))
    return np.asarray(load / (BERKOVICH_AREA * depths**2), dtype=np.float64)
