"""Mass, volume, cost and energy of a cell in its format, from what it is made of and what it delivers.

:func:`energy_of` takes a capacity and a mean voltage and needs no simulation; :func:`simulated_energy` runs a protocol
for both. Leaves out: modules and packs, cooling, electronics, and the cost of making anything.
"""

from __future__ import annotations

from lisse.energy.breakdown import EnergyBreakdown, Level, Step, energy_of
from lisse.energy.parts import GROUPS, Part
from lisse.energy.simulated import DEFAULT_PROTOCOL, SimulatedEnergy, simulated_energy

__all__ = [
    "DEFAULT_PROTOCOL",
    "GROUPS",
    "EnergyBreakdown",
    "Level",
    "Part",
    "SimulatedEnergy",
    "Step",
    "energy_of",
    "simulated_energy",
]
