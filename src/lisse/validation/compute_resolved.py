"""Computations of the targets on the resolved tier: current at the rim of a void, rough contact in time.

Units are those of the targets (MPa, mA/cm2, h). Leaves out: the cell; the metal's claims are those of the library.
"""

from __future__ import annotations

from lisse.anode import contact_evolution, creep, current_focusing, rough_contact
from lisse.mechanism import FARADAY
from lisse.resolved import ELECTROLYTE_POISSON, SIZE
from lisse.validation.computations import KELVIN, computation, number

GRID = 128


@computation
def void_edge_current(reduced_radius: float, solved: bool = True) -> float:
    """Current density at the rim of a void over the mean [-]: by finite volumes, or by the closed form."""
    if solved:
        return current_focusing.solve_void(reduced_radius).edge
    return float(current_focusing.edge_ratio(reduced_radius))


def _modulus(electrolyte: str) -> float:
    return rough_contact.contact_modulus(
        number("Li", "youngs_modulus"),
        number("Li", "poisson_ratio"),
        number(electrolyte, "youngs_modulus"),
        ELECTROLYTE_POISSON,
    )


def _hardness(celsius: float) -> rough_contact.Hardness:
    size = number("Li", "size_effect_length"), number("Li", "size_effect_exponent")
    return rough_contact.Hardness(creep.CreepLaw.of("Li"), celsius + KELVIN, *size)


@computation
def resolved_contact_fraction(electrolyte: str, pressure_MPa: float, celsius: float = 25.0, seed: int = 1) -> float:
    """Contact fraction of assumed rough lithium right after pressing [-]."""
    surface = rough_contact.self_affine(GRID, SIZE, rough_contact.Roughness(), seed)
    return rough_contact.press_plastic(surface, pressure_MPa * 1e6, _modulus(electrolyte), _hardness(celsius)).fraction


@computation
def resolved_history(
    electrolyte: str,
    pressure_MPa: float,
    current_mA_cm2: float,
    time_h: float,
    quantity: str = "contact_fraction",
    celsius: float = 25.0,
    seed: int = 1,
) -> float:
    """Contact fraction [-], or ``mean_gap`` over the roughness [-], of rough lithium after a time under current."""
    roughness = rough_contact.Roughness()
    surface = rough_contact.self_affine(GRID, SIZE, roughness, seed)
    volume = number("Li", "lithium_molar_volume") / FARADAY
    conditions = contact_evolution.Conditions(pressure_MPa * 1e6, current_mA_cm2 * 10, time_h * 3600, volume)
    history = contact_evolution.evolve(surface, conditions, _modulus(electrolyte), _hardness(celsius))
    if quantity == "mean_gap":
        return float(history.mean_gap[-1]) / roughness.rms_height
    return float(history.fraction[-1])
