"""What a reader asks of the composite as a whole: means over its populations, and resistances per cell area.

Leaves out: single populations, whose variables stand beside these in a solution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lisse.cathode.diffusion import population_name
from lisse.mechanism import Assembly, parameter

if TYPE_CHECKING:
    import pybamm

MEANS = {
    "Wetted fraction": "Wetted fraction of composite",
    "Contact-connected fraction": "Contact-connected fraction of composite",
    "Uncracked mass fraction": "Uncracked mass fraction of composite",
    "Diffusion length factor": "Diffusion length factor of composite",
    "Contact gap [m]": "Mean contact gap [m]",
    "Gap volume per particle volume": "Gap volume per particle volume of composite",
    "Cathode interphase thickness [m]": "Mean cathode interphase thickness [m]",
}
"""Variables of single populations and their means, weighted with the volume of the populations."""


def add_composite_summary(assembly: Assembly, populations: int, *, coated: bool) -> None:
    """Publish the means of all populations, the share that takes part, and the resistance of the reaction.

    Parameters
    ----------
    assembly
        After all mechanisms have written their equations.
    populations
        Number of populations.
    coated
        Whether the particles wear a coating.
    """
    volumes = [
        parameter(population_name("Positive electrode active material volume fraction", k))
        for k in range(1, populations + 1)
    ]
    whole = sum(volumes[1:], volumes[0])

    def mean(name: str) -> pybamm.Symbol | None:
        parts = [assembly.get(population_name(name, k)) for k in range(1, populations + 1)]
        if any(part is None for part in parts):
            return None
        return sum(volume * part for volume, part in zip(volumes, parts, strict=True)) / whole

    for name, joint in MEANS.items():
        if (value := mean(name)) is not None:
            assembly.variables[joint] = value
    given = mean("Given connected fraction")
    if (connected := mean("Connected fraction")) is not None:
        # The three situations of a particle (W. Zhang et al. 2018): coated and in contact, detached, decomposing.
        active = given * connected
        covered = parameter("Positive electrode coated fraction") if coated else 0
        assembly.variables |= {
            "Active mass fraction": active,
            "Coated fraction in contact": covered * active,
            "Decomposing fraction": (1 - covered) * active,
            "Detached fraction": 1 - active,
        }
    conductances = [assembly[population_name("Reaction conductance [S.m-2]", k)] for k in range(1, populations + 1)]
    assembly.variables["Cathode resistance [Ohm.m2]"] = 1 / sum(conductances[1:], conductances[0])
    if assembly.get("Cathode interphase charge [C.m-2]") is not None:
        charges = [assembly[population_name("Cathode interphase charge [C.m-2]", k)] for k in range(1, populations + 1)]
        assembly.variables["Charge of cathode interphases [C.m-2]"] = sum(charges[1:], charges[0])
