"""The lithium that the anode holds: one inventory, whatever the anode is made of.

Leaves out: where in the anode the lithium sits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lisse.mechanism import ANODE, FARADAY, Assembly, Face, Mechanism, ParameterInfo, parameter

if TYPE_CHECKING:
    import pybamm

EXHAUSTED = "lithium_exhausted"
"""Name of the event of a lithium face whose interface is modelled."""
EXHAUSTED_RESERVOIR = "Anode lithium exhausted"
"""Name of the event where no mechanism of the lithium interface is on."""


def lithium_loss(assembly: Assembly, face: Face = ANODE) -> pybamm.Symbol:
    """Return the rate at which a face loses lithium [mol/(m2 s)]: to the current, and to its interphase."""
    loss = assembly[f"{face.name} faradaic current density [A.m-2]"]
    consumed = assembly.get(f"{face.name} interphase consumption [A.m-2]")
    return (loss if consumed is None else loss + consumed) / FARADAY


class AnodeReservoir(Mechanism):
    """Lithium that one electrode holds; ends the run when it is gone.

    Parameters
    ----------
    face
        The lithium face.
    event
        Name of the event.
    """

    name = "anode reservoir"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Initial anode lithium [mol.m-2]", "Lithium that the anode can give"),
    )

    def __init__(self, face: Face = ANODE, event: str = EXHAUSTED_RESERVOIR) -> None:
        self.face, self.event = face, event

    def publish(self, assembly: Assembly) -> None:
        """Create the inventory and the event that ends the run when it is used up."""
        import pybamm

        lithium = pybamm.Variable(f"{self.face.name} lithium [mol.m-2]", scale=10)
        assembly.variables[lithium.name] = lithium
        assembly.lithium[self.face.inventory] = lithium
        share = lithium / parameter(f"Initial {self.face.inventory} lithium [mol.m-2]")
        assembly.events.append(pybamm.Event(self.event, share - 1e-3))

    def equations(self, assembly: Assembly) -> None:
        """Give lithium to the current and to the interphase."""
        lithium = assembly[f"{self.face.name} lithium [mol.m-2]"]
        start = parameter(f"Initial {self.face.inventory} lithium [mol.m-2]")
        assembly.add_state(lithium, -lithium_loss(assembly, self.face), start)
