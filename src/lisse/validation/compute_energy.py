"""Computations of the targets on energy at cell level: designs of a published map, the review's packing rule, goals.

A design is the library's pouch with another loading, composition, separator and excess of lithium; units are those of
``lisse energy``. Leaves out: any number that the targets hold.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from lisse.cell.cell import Cell
from lisse.energy import energy_of, simulated_energy
from lisse.energy.breakdown import MAH_CM2
from lisse.energy.equilibrium import mean_voltages
from lisse.mechanism import FARADAY
from lisse.validation.computations import computation, number

BASE = "practical-pouch"
MANY = 10_000
"""Layers of a cell whose outermost foils do not count."""
CARBON = 0.005
"""Mass fraction of carbon in a design, as in the library's pouch."""
GRAPHITE_DENSITY = 2260.0
"""[kg/m3], crystallographic."""


def _design(
    capacity_mAh_g: float,
    areal_mAh_cm2: float,
    active_fraction: float,
    separator_um: float,
    excess: float,
    porosity: float,
    packing_loss: float,
) -> Cell:
    """Return a pouch of many layers without casing and fixture, whose tabs stand for all that packs it."""
    plated = areal_mAh_cm2 * MAH_CM2 / FARADAY * number("Li", "lithium_molar_volume") * 1e6
    changes: dict[str, Any] = {
        "cathode.loading": f"{areal_mAh_cm2 / capacity_mAh_g * 1e3!r} mg/cm^2",
        "cathode.mass_fractions": {
            "active": active_fraction,
            "electrolyte": 1 - CARBON - active_fraction,
            "carbon": CARBON,
        },
        "cathode.porosity": porosity,
        "cathode.transport": {"closure": "measured", "ionic_conductivity": "1 S/m", "electronic_conductivity": "1 S/m"},
        "separator.thickness": f"{separator_um!r} um",
        "anode.thickness": f"{max(excess * plated, 1e-3)!r} um",
        "format.kind": "pouch",
        "format.layers": MANY,
        "format.tab_mass_share": packing_loss,
        "format.packing_efficiency": 1 - packing_loss,
        "format.casing.mass": "0 g",
        "format.fixture.factor": 0,
    }
    return Cell.load(BASE).replace(**changes)


@computation
def design_energy(design: dict[str, float], voltage_V: float, level: str, quantity: str) -> float:
    """Number of a level (``Wh_kg``, ``Wh_L``, ``mass_mg_cm2``, ``thickness_um``, ``cost_USD_kWh``) of a design."""
    found = energy_of(_design(**design), design["areal_mAh_cm2"], voltage_V)
    value = found.as_dict()["levels"][level][quantity]
    return math.nan if value is None else float(value)


@computation
def thickest_separator(design: dict[str, float], voltage_V: float, Wh_kg: float) -> float:
    """Thickness of the separator at which a design has a specific energy, packed [um]."""
    thin, thick = (
        energy_of(_design(**design, separator_um=um), design["areal_mAh_cm2"], voltage_V) for um in (10.0, 20.0)
    )
    first, slope = thin.levels["cell"].mass, (thick.levels["cell"].mass - thin.levels["cell"].mass) / 10
    return 10 + (thin.energy / Wh_kg - first) / slope


@computation
def theoretical_energy(active: str) -> float:
    """Theoretical capacity of an active material at its mean open-circuit voltage in the pouch's window [Wh/kg]."""
    found = _bare(active)
    return found.derived.theoretical_capacity / 3600 * mean_voltages(found, 1.0)[0]


def _bare(active: str) -> Cell:
    return Cell.load(BASE).replace(**{"cathode.active": active})


@computation
def packing_factor(design: dict[str, float], voltage_V: float) -> float:
    """Specific energy of the packed cell over the theoretical one of its active material [-]."""
    levels = energy_of(_design(**design), design["areal_mAh_cm2"], voltage_V).levels
    return levels["cell"].specific_energy / levels["material"].theoretical_specific_energy


@computation
def lithium_over_graphite(
    design: dict[str, float],
    voltage_V: float,
    quantity: str,
    graphite_mAh_g: float,
    excess_anode: float,
    graphite_fraction: float,
    anode_porosity: float,
    voltage_loss: float,
) -> float:
    """Energy of a design over that with a composite of graphite and electrolyte in the place of its lithium [-]."""
    cell, areal = _design(**design), design["areal_mAh_cm2"]
    found = energy_of(cell, areal, voltage_V)
    stack = found.levels["stack"]
    mass = areal * excess_anode / graphite_mAh_g * 10 / graphite_fraction
    specific_volume = graphite_fraction / GRAPHITE_DENSITY + (1 - graphite_fraction) / number("Li6PS5Cl", "density")
    lithium = [part for part in found.parts if part.group == "lithium"]
    if quantity == "Wh_kg":
        other = stack.mass - sum(part.mass for part in lithium) + mass
        return other / stack.mass * voltage_V / (voltage_V - voltage_loss)
    volume = mass * specific_volume / (1 - anode_porosity)
    other = stack.volume - sum(part.volume for part in lithium) + volume
    return other / stack.volume * voltage_V / (voltage_V - voltage_loss)


@computation
def highest_of_table1() -> float:
    """Highest specific energy of the stacks of Table 1 at the printed capacity and the mean voltage at rest [Wh/kg]."""
    from lisse.validation.targets import load_section

    found = []
    for target in load_section("table1").targets:
        if target.secondary or target.run is None:
            continue
        cell = Cell.load(target.run.cell)
        areal = target.published * 3600 * cell.derived.active_loading / MAH_CM2
        voltage = mean_voltages(cell, target.published * 3600)[1]
        found.append(energy_of(cell, areal, voltage).levels["stack"].specific_energy)
    return max(found)


@cache
def _simulated(cell: str, protocol: str, layers: int) -> dict[str, Any]:
    return simulated_energy(cell, protocol, changes={"format.kind": "pouch", "format.layers": layers}).as_dict()


@computation
def simulated_level(cell: str, protocol: str, layers: int, level: str, quantity: str) -> float:
    """Number of a level of a library cell as a pouch, at what a protocol brings out of it."""
    return float(_simulated(cell, protocol, layers)["levels"][level][quantity])
