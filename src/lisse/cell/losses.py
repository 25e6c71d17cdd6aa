"""Where the voltage goes: overpotentials by origin that add up to U(x) minus V at every moment.

Cathode terms are means weighted with the reaction, so that the ohmic ones are the dissipated power over the
current. Leaves out nothing: the sum is exact up to the mesh; near zero current the weights become uniform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.mechanism import ORIGINS, Assembly, parameter

if TYPE_CHECKING:
    import pybamm

RESTING_FRACTION = 1e-3
"""Current over nominal current below which the weights of the means become uniform."""


def book_losses(assembly: Assembly, populations: int) -> None:
    """Add the cathode's overpotentials and the table of losses to the assembly.

    Every origin becomes a variable ``"<origin> overpotential [V]"``, positive on discharge; ``"Equilibrium voltage
    [V]"`` is U at the mean content minus the anode's potential.
    """
    import pybamm

    thickness = parameter("Positive electrode thickness [m]")
    electronic = parameter("Positive electrode electronic conductivity [S.m-1]")
    ionic = assembly["Positive electrode ionic conductivity [S.m-1]"]
    current = assembly["Internal current density [A.m-2]"]
    total = assembly["Positive electrode current source [A.m-2]"]
    position = assembly["Position in positive electrode"]
    square = assembly["Mean square ionic current density [A2.m-4]"]
    small = (RESTING_FRACTION * parameter("Nominal current density [A.m-2]")) ** 2
    norm = current**2 + small
    mean_ionic = electrode_mean(total * position)
    ionic_ramp = assembly["Mean ionic current on the way in [A.m-2]"]
    electronic_ramp = assembly["Mean electronic current on the way out [A.m-2]"]
    losses: dict[str, pybamm.Symbol] = {
        "cathode ionic": (current * square + small * ionic_ramp) / norm * thickness / ionic,
        "cathode electronic": (current * (current**2 - 2 * current * mean_ionic + square) + small * electronic_ramp)
        / norm
        * thickness
        / electronic,
    }
    difference = assembly["Positive electrode surface potential difference [V]"]
    surface_mean = kinetic_mean = pybamm.Scalar(0)
    for k in range(1, populations + 1):
        share = assembly[population_name("Share of active material", k)]
        source = assembly[population_name("Current source of population [A.m-2]", k)]
        weight = (current * source + small * share) / norm
        surface = assembly[population_name("Surface open-circuit potential [V]", k)]
        surface_mean = surface_mean + electrode_mean(weight * surface)
        kinetic_mean = kinetic_mean + electrode_mean(weight * (surface - difference))
    equilibrium = assembly["Open-circuit potential of mean content [V]"]
    losses["cathode kinetics"] = kinetic_mean
    losses["cathode diffusion"] = equilibrium - surface_mean
    losses |= {
        origin: pybamm.convert_to_symbol(assembly.overpotentials.get(origin, 0))
        for origin in ORIGINS
        if origin not in losses
    }
    for origin in ORIGINS:
        assembly.variables[f"{origin.capitalize()} overpotential [V]"] = losses[origin]
    assembly.variables["Equilibrium voltage [V]"] = equilibrium - parameter("Anode potential [V]")
