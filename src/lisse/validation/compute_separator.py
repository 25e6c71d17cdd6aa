"""Computations of targets on the separator: confined windows and humid air.

Leaves out: conduction and densification (``computations``).
"""

from __future__ import annotations

from lisse.separator import air, constrained_window
from lisse.validation.computations import computation, number


@computation
def confined_window_edge(electrolyte: str, edge: str, modulus_GPa: float) -> float:
    """Edge of the stability window under confinement [V]; ``edge`` is "reduction" or "oxidation"."""
    bare, volume = number(electrolyte, f"{edge}_potential"), number(electrolyte, "decomposition_volume")
    return float(constrained_window.window_edge(bare, modulus_GPa * 1e9, volume, oxidation=edge == "oxidation"))


@computation
def hydrogen_sulfide_ratio(electrolyte: str, reference: str, humidity: str, time: str) -> float:
    """H2S of one electrolyte over that of another in the same air [-]."""
    first, second = (air.expose(name, humidity, time).gas_volume[-1] for name in (electrolyte, reference))
    return float(first / second)
