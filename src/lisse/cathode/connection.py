"""Isolated active material: what loses its path keeps the lithium, the volume and the place that it had.

The connected fraction only falls, so that no lithium returns unless the cell is pressed again. Leaves out: particles
that differ from the mean of their population.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lisse.cathode.diffusion import population_name
from lisse.cathode.shrinkage import volume_strain
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter

CAUSES = {
    "Widest contact gap [m]": "contact-connected fraction",
    "Crack density": "uncracked mass fraction",
}
"""States that cut particles off, and the fraction that each of them leaves."""
CUT_OFF_SCALE = 1e-2
"""Scale of the rate at which particles are cut off [1/s]: large, since what matters is the state that it feeds."""
PATHS = ("Contact path ratio", "Crack path ratio")
"""Factors on the diffusion length."""


class Connection(Mechanism):
    """Connected fraction and isolated inventory of one population.

    Parameters
    ----------
    population
        Number of the population.
    """

    name = "connection"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Pristine lithium content", "Lithium per formula unit when the composite was pressed"),
    )

    def __init__(self, population: int = 1) -> None:
        self.population = population

    def label(self, name: str) -> str:
        """Return the name of a variable of this population."""
        return population_name(name, self.population)

    def _product(self, assembly: Assembly, names: list[str]) -> Any:
        import pybamm

        result = pybamm.Scalar(1)
        for name in names:
            factor = assembly.get(self.label(name))
            result = result if factor is None else result * factor
        return result

    def publish(self, assembly: Assembly) -> None:
        """Publish connected fraction (of what the cell file calls connected), path ratio and isolated inventory."""
        import pybamm

        fractions = [name.capitalize() for name in CAUSES.values()]
        assembly.variables |= {
            self.label("Connected fraction"): self._product(assembly, fractions),
            self.label("Diffusion length factor"): self._product(assembly, list(PATHS)),
        }
        held = pybamm.Variable(self.label("Mean lithium of connected particles"))
        assembly.variables |= {
            held.name: held,
            # A twin of the mean of all shells, which an equation with every shell in it would give at a high price.
            self.label("Content of connected particles"): held / assembly[self.label("Connected fraction")],
        }
        scales = {"Isolated lithium": 0.1, "Isolated volume strain": 0.01, "Cut-off rate [s-1]": CUT_OFF_SCALE}
        for name, scale in scales.items():
            assembly.variables[self.label(name)] = pybamm.Variable(self.label(name), scale=scale)

    def equations(self, assembly: Assembly) -> None:
        """Hand what is cut off over to the isolated inventory, with the lithium and the volume of that moment."""
        connected = assembly[self.label("Connected fraction")]
        states = [state for name in CAUSES if (state := assembly.get(self.label(name))) is not None]
        cut_off = assembly[self.label("Cut-off rate [s-1]")]
        loss = sum(-connected.diff(state) * assembly.rhs[state] for state in states)
        assembly.add_algebraic(cut_off, (cut_off - loss) / CUT_OFF_SCALE, 0)
        left = self._product(assembly, [f"Initial {name}" for name in CAUSES.values()])
        assembly.variables[self.label("Initial connected fraction")] = left
        lost = 1 - left
        content = assembly[self.label("Content of connected particles")]
        start = parameter(self.label("Initial lithium content"))
        taken = connected * assembly[self.label("Rate of connected content [s-1]")]
        held = assembly[self.label("Mean lithium of connected particles")]
        assembly.add_state(held, taken - cut_off * content, left * start)
        for name, carried, at_start in (
            ("Isolated lithium", content, start),
            ("Isolated volume strain", volume_strain(content, self.population), volume_strain(start, self.population)),
        ):
            assembly.add_state(assembly[self.label(name)], cut_off * carried, lost * at_start)
