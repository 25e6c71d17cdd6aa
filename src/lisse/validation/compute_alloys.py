"""Computations of targets on alloy anodes and interlayers.

Leaves out: everything that needs a run of a cell.
"""

from __future__ import annotations

from lisse.anode import alloy_diffusion, interlayers
from lisse.materials import Material
from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius
from lisse.validation.computations import KELVIN, computation, number


@computation
def alloy_utilisation(anode: str, current_mA_cm2: float, thickness_um: float, total: bool = False) -> float:
    """Part of an alloy's lithium that comes out at a constant current [%], of that above the limit or of all of it."""
    names = ("diffusivity", "lithium_concentration", "limiting_lithium_concentration")
    values = (number(anode, name) for name in names)
    return 100 * float(
        alloy_diffusion.utilisation(10 * current_mA_cm2, thickness_um * 1e-6, *values, total=total),
    )


@computation
def interlayer_current_limit(interlayer: str, celsius: float) -> float:
    """Largest current density that lithium carries through a layer of the usual thickness [mA/cm2]."""
    claim = Material.load(interlayer).claim("diffusivity")
    energy, temperature = number(interlayer, "diffusivity_activation_energy"), celsius + KELVIN
    diffusivity = number(interlayer, "diffusivity") * arrhenius(
        energy, temperature, claim.temperature or REFERENCE_TEMPERATURE
    )
    capacity, density = number(interlayer, "specific_capacity"), number(interlayer, "density")
    limit = interlayers.transport_limited_current(capacity, density, diffusivity, number(interlayer, "thickness"))
    return float(limit) / 10


@computation
def interlayer_first_cycle_loss(interlayer: str, charge_mAh_cm2: float) -> float:
    """First charge that stays in a layer of the usual thickness, if all does that it can hold [points of it]."""
    names = ("specific_capacity", "density", "thickness")
    held = interlayers.host_charge(*(number(interlayer, name) for name in names))
    return 100 * float(held) / (3.6e4 * charge_mAh_cm2)
