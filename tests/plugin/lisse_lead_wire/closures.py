"""Example closures: spheres of oxide in an electrolyte that surrounds them, and one that answers nonsense."""

from collections.abc import Mapping


def maxwell(fractions: Mapping[str, float], conductivities: Mapping[str, float]) -> tuple[float, float]:
    """Conductivities of a dilute packing [S/m]: all but electrolyte blocks ions, a third of the oxide bridges."""
    blocked = 1 - fractions["electrolyte"]
    ionic = conductivities["ionic"] * 2 * (1 - blocked) / (2 + blocked)
    return ionic, conductivities["electronic"] * fractions["active"] / 3


def broken(fractions: Mapping[str, float], conductivities: Mapping[str, float]) -> tuple[float, float]:
    """Return no conductivity that can be."""
    return -conductivities["ionic"], fractions["void"]
