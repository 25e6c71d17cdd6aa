"""How far and how fast the particles have shrunk since the composite was pressed; contact and cracks both follow it.

Leaves out: strains that differ between the core and the shell of a particle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.mechanism import Assembly, Mechanism, parameter

if TYPE_CHECKING:
    import pybamm

STRAIN_STEP = 0.02
"""Half-width in x over which the slope of the measured strain is taken; its knots are no closer [-]."""
RATE_ROUNDING = 1e-9
"""Speed of strain below which a particle counts as at rest [1/s]."""


def positive_part(value: Any, width: float) -> Any:
    r"""Return the positive part with a slope that does not jump; zero stays zero.

    .. math:: y_+ = \frac{\max(y, 0)^2}{\max(y, 0) + w}

    Examples
    --------
    >>> [round(float(positive_part(y, 0.001)), 4) for y in (-1.0, 0.0, 0.001, 1.0)]
    [0.0, 0.0, 0.0005, 0.999]
    """
    above = np.maximum(value, 0.0)
    return above**2 / (above + width)


def volume_strain(content: pybamm.Symbol, population: int = 1) -> pybamm.Symbol:
    """Return the free volume strain of a population at a lithium content [-]."""
    import pybamm

    name = population_name("Positive electrode volume strain", population)
    return pybamm.FunctionParameter(name, {"Lithium content": content})


def shrinkage(content: pybamm.Symbol, pristine: pybamm.Symbol, population: int = 1) -> pybamm.Symbol:
    """Return the loss of volume since the composite was pressed [-]; 0 for an oxide that has swollen."""
    return np.maximum(volume_strain(pristine, population) - volume_strain(content, population), 0.0)


class Shrinkage(Mechanism):
    """Shrinkage of one population and its speed, which is the same on charge and on discharge.

    Parameters
    ----------
    population
        Number of the population.
    """

    name = "shrinkage"

    def __init__(self, population: int = 1) -> None:
        self.population = population

    def equations(self, assembly: Assembly) -> None:
        """Publish the shrinkage [-] and the speed of the volume strain, not negative [1/s]."""

        def label(name: str) -> str:
            return population_name(name, self.population)

        content = assembly[label("Content of connected particles")]
        above, below = (volume_strain(content + step, self.population) for step in (STRAIN_STEP, -STRAIN_STEP))
        flow = electrode_mean(
            assembly[label("Wetted area per volume [m-1]")] * assembly[label("Interfacial current density [A.m-2]")]
        )
        rate = flow * parameter("Positive electrode thickness [m]") / assembly[label("Content capacity [C.m-2]")]
        assembly.variables[label("Rate of connected content [s-1]")] = rate
        speed = (above - below) / (2 * STRAIN_STEP) * rate
        pristine = parameter(label("Pristine lithium content"))
        assembly.variables |= {
            label("Shrinkage"): shrinkage(content, pristine, self.population),
            label("Strain speed [s-1]"): np.sqrt(speed**2 + RATE_ROUNDING**2) - RATE_ROUNDING,
        }
