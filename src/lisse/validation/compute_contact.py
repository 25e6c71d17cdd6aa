"""Computations of the targets on debonding between oxide and electrolyte: thin callers of one particle's mechanics.

Units are those of the targets (GPa, MPa, um, nm, %). Leaves out: everything that needs a run of a cell.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from lisse.cathode import debonding
from lisse.validation.computations import computation, number, volume_change_on_charge

PARTICLE_POISSON = 0.3
"""Poisson's ratio with which a bulk modulus of a particle is told to the equations; only the bulk modulus matters."""


@computation
def contact_mismatch_modulus(youngs_GPa: float, poisson_ratio: float, particle_bulk_GPa: float) -> float:
    """Pressure on a particle per misfit of volume, K* [GPa]."""
    particle = 3 * (1 - 2 * PARTICLE_POISSON) * particle_bulk_GPa * 1e9
    return float(debonding.mismatch_modulus(youngs_GPa * 1e9, poisson_ratio, particle, PARTICLE_POISSON)) / 1e9


@computation
def contact_traction_strain(pressure_MPa: float, modulus_GPa: float) -> float:
    """Loss of volume at which an interface without strength is no longer pressed [%]."""
    return 100 * float(debonding.traction_critical_strain(pressure_MPa * 1e6, modulus_GPa * 1e9))


@computation
def contact_energy_strain(adhesion: float, radius_um: float, modulus_GPa: float, pressure_MPa: float = 0.0) -> float:
    """Loss of volume from which debonding pays for its surface [%]; ``adhesion`` in J/m2."""
    strain = debonding.energy_critical_strain(radius_um * 1e-6, adhesion, modulus_GPa * 1e9, pressure_MPa * 1e6)
    return 100 * float(strain)


@computation
def contact_critical_radius(shrinkage_percent: float, adhesion: float, modulus_GPa: float) -> float:
    """Radius below which the energy does not suffice [um]."""
    return float(debonding.critical_radius(shrinkage_percent / 100, adhesion, modulus_GPa * 1e9)) * 1e6


@computation
def contact_gap(shrinkage_percent: float, radius_um: float) -> float:
    """Gap around a detached particle without pressure [nm]."""
    return float(debonding.gap(shrinkage_percent / 100, radius_um * 1e-6, 1e9)) * 1e9


@computation
def contact_opposite_gap(
    active: str, electrolyte: str, voltage: float, radius_um: float, stack_MPa: float, fabrication_MPa: float
) -> float:
    """Gap opposite of the side on which a charged particle sticks [um]: twice the mean one."""
    pressure = debonding.interface_pressure(stack_MPa * 1e6, fabrication_MPa * 1e6)
    shrinkage = -volume_change_on_charge(active, voltage) / 100
    return 2 * float(debonding.gap(shrinkage, radius_um * 1e-6, _modulus(active, electrolyte), pressure)) * 1e6


@computation
def contact_yield_strain(yield_GPa: float, youngs_GPa: float, poisson_ratio: float) -> float:
    """Change of volume of a rigid particle at which the matrix begins to flow [%]."""
    return 100 * float(debonding.cavity_yield_strain(yield_GPa * 1e9, youngs_GPa * 1e9, poisson_ratio))


@computation
def contact_flow_strain(tension_MPa: float, yield_GPa: float, youngs_GPa: float, poisson_ratio: float) -> float:
    """Change of volume of a rigid particle in a matrix that flows, at a tension [%]."""
    strain = debonding.cavity_strain(tension_MPa * 1e6, yield_GPa * 1e9, youngs_GPa * 1e9, poisson_ratio)
    return 100 * float(strain)


@computation
def contact_fracture_energy(electrolyte: str) -> float:
    """Fracture energy of an electrolyte from its toughness [J/m2], of the default claims."""
    toughness, youngs, poisson = (
        number(electrolyte, name) for name in ("fracture_toughness", "youngs_modulus", "poisson_ratio")
    )
    return toughness**2 * (1 - poisson**2) / youngs


@computation
def contact_severity_ratio(base: dict[str, Any], other: dict[str, Any]) -> float:
    """Severity in a second case over that in a first one [-]; ``other`` names what differs.

    Severity is the loss of volume at a voltage over the critical one, from the library's claims.
    """
    return _severity(**{**base, **other}) / _severity(**base)


@computation
def contact_pairs_ordered(
    adhesions: list[float], losses: list[float], shrinkage_percent: float, radius_um: float, modulus_GPa: float
) -> float:
    """Share of the pairs of interfaces (J/m2) of which the one that loses more contact lost more capacity [-]."""
    strains = [contact_energy_strain(adhesion, radius_um, modulus_GPa) for adhesion in adhesions]
    rows = list(zip([shrinkage_percent / strain for strain in strains], losses, strict=True))
    pairs = list(combinations(rows, 2))
    return sum((one[0] - two[0]) * (one[1] - two[1]) > 0 for one, two in pairs) / len(pairs)


def _severity(
    active: str,
    electrolyte: str,
    voltage: float,
    radius_um: float,
    pressure_MPa: float = 0.0,
    adhesion: float | None = None,
) -> float:
    gamma = number(electrolyte, "adhesion_energy") if adhesion is None else adhesion
    modulus = _modulus(active, electrolyte)
    critical = debonding.critical_strain(radius_um * 1e-6, gamma, modulus, pressure_MPa * 1e6)
    return -volume_change_on_charge(active, voltage) / 100 / float(critical)


def _modulus(active: str, electrolyte: str) -> float:
    matrix, particle = (
        (number(name, "youngs_modulus"), number(name, "poisson_ratio")) for name in (electrolyte, active)
    )
    return float(debonding.mismatch_modulus(*matrix, *particle))
