"""Cracks in the particles of the active material: longer ways for lithium, and grains that lose their contact.

In a solid composite no electrolyte fills a crack, so cracks add no area. They grow with every stroke beyond a threshold
of strain, whatever the protocol; no law takes a cycle number. Leaves out: single grains and their orientation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lisse.cathode.diffusion import population_name
from lisse.cathode.shrinkage import positive_part
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter


@dataclass(frozen=True)
class Morphology:
    """What the arrangement of the grains does to cracking.

    Attributes
    ----------
    path_ratio
        Diffusion length of the cracked particle over that of the whole one [-].
    active_mass
        Share of the active mass that stays connected when all cracks are open [-].
    mismatch
        Strain that grain boundaries feel over that of randomly oriented grains [-].
    """

    path_ratio: float
    active_mass: float
    mismatch: float


MORPHOLOGIES = {
    "polycrystal": Morphology(path_ratio=5.6 / 1.6, active_mass=0.6, mismatch=1.0),
    "single-crystal": Morphology(path_ratio=2.35 / 1.3, active_mass=0.9, mismatch=1.0),
    "radial": Morphology(path_ratio=5.6 / 1.6, active_mass=0.6, mismatch=0.3),
}
"""End states after G. Conforto et al. 2021 (second-hand; diffusion length and active mass of NMC811 before and after 40
cycles); radially oriented grains are a modelling choice (0.2 to 0.4), without a measurement behind it."""
THRESHOLD_STRAIN = 0.01
"""Shrinkage below which grain boundaries hold [-]; a modelling choice."""
STRAIN_WIDTH = 1e-4
"""Width over which cracking begins [-]."""
PUBLISHED_SHRINKAGE, PUBLISHED_CYCLES = 0.0436, 15.0
"""Shrinkage of NMC811 at 4.25 V and the cycles in which its cracking went 63 % of the way (Conforto et al. 2021)."""
GROWTH = 1 / PUBLISHED_CYCLES / (PUBLISHED_SHRINKAGE - THRESHOLD_STRAIN) ** 2
"""Crack growth per squared strain beyond the threshold [-], calibrated on that paper's cycling."""


def crack_rate(density: Any, shrinkage: Any, speed: Any, growth: Any, threshold: Any, mismatch: Any = 1.0) -> Any:
    r"""Rate of the crack density [1/s].

    .. math:: \dot\xi = k\,(1 - \xi)\,\max(g e - e_{th}, 0)\; g\,|\dot\varepsilon_v|

    A cycle of amplitude e adds :math:`k (g e - e_{th})^2 (1 - \xi)`: half of it on the way out, half on the way back.

    Parameters
    ----------
    density
        :math:`\xi` [-], 0 to 1.
    shrinkage
        :math:`e` [-] of the particle since it was made.
    speed
        :math:`|\dot\varepsilon_v|` [1/s].
    growth
        :math:`k` [-].
    threshold
        :math:`e_{th}` [-].
    mismatch
        :math:`g` [-].

    Examples
    --------
    >>> round(float(crack_rate(0.5, 0.03, 1e-6, 50.0, 0.01)) * 1e6, 2)
    0.5
    """
    return growth * (1 - density) * positive_part(mismatch * shrinkage - threshold, STRAIN_WIDTH) * mismatch * speed


def path_ratio(density: Any, cracked: Any) -> Any:
    """Diffusion length over that of the whole particle [-].

    Examples
    --------
    >>> float(path_ratio(0.5, 3.5))
    2.25
    """
    return 1 + (cracked - 1) * density


def uncracked_mass(density: Any, left: Any) -> Any:
    """Share of the active mass that cracks have not cut off [-].

    Examples
    --------
    >>> round(float(uncracked_mass(1 - 2.718281828 ** (-40 / 15), 0.6)), 2)  # 40 cycles of Conforto et al. 2021: 0.63
    0.63
    """
    return 1 - (1 - left) * density


class Cracks(Mechanism):
    """Crack density of one population.

    Parameters
    ----------
    population
        Number of the population.
    """

    name = "cracks"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Positive particle crack growth", "Per squared strain beyond the threshold", GROWTH),
        ParameterInfo("Positive particle crack threshold strain", "Shrinkage without cracking", THRESHOLD_STRAIN),
        ParameterInfo("Positive particle grain mismatch", "Strain at grain boundaries, share", 1.0),
        ParameterInfo("Positive particle cracked path ratio", "Diffusion length when fully cracked, ratio"),
        ParameterInfo("Positive particle cracked active mass", "Active mass that stays connected, share"),
        ParameterInfo("Initial positive particle crack density", "From 0 to 1", 0.0),
    )

    def __init__(self, population: int = 1) -> None:
        self.population = population

    def label(self, name: str) -> str:
        """Return the name of a variable of this population."""
        return population_name(name, self.population)

    def publish(self, assembly: Assembly) -> None:
        """Create the crack density; publish what it does to mass and path."""
        import pybamm

        density = pybamm.Variable(self.label("Crack density"))
        left = parameter("Positive particle cracked active mass")
        assembly.variables |= {
            density.name: density,
            self.label("Uncracked mass fraction"): uncracked_mass(density, left),
            self.label("Initial uncracked mass fraction"): uncracked_mass(
                parameter("Initial positive particle crack density"), left
            ),
            self.label("Crack path ratio"): path_ratio(density, parameter("Positive particle cracked path ratio")),
        }

    def equations(self, assembly: Assembly) -> None:
        """Let cracks grow with every stroke."""
        density = assembly[self.label("Crack density")]
        rate = crack_rate(
            density,
            assembly[self.label("Shrinkage")],
            assembly[self.label("Strain speed [s-1]")],
            parameter("Positive particle crack growth"),
            parameter("Positive particle crack threshold strain"),
            parameter("Positive particle grain mismatch"),
        )
        assembly.add_state(density, rate, parameter("Initial positive particle crack density"))
