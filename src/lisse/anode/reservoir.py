"""The lithium that the anode holds: one inventory, whatever the anode is made of.

Leaves out: where in the anode the lithium sits, and what the interphase consumes (it comes with its mechanism).
"""

from __future__ import annotations

from typing import ClassVar

from lisse.mechanism import FARADAY, Assembly, Mechanism, ParameterInfo, parameter


class AnodeReservoir(Mechanism):
    """Lithium that the anode holds; ends the run when it is gone."""

    name = "anode reservoir"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Initial anode lithium [mol.m-2]", "Lithium that the anode can give"),
    )

    def publish(self, assembly: Assembly) -> None:
        """Create the inventory and the event that ends the run when it is used up."""
        import pybamm

        lithium = pybamm.Variable("Anode lithium [mol.m-2]", scale=10)
        assembly.variables[lithium.name] = lithium
        assembly.lithium["anode"] = lithium
        share = lithium / parameter("Initial anode lithium [mol.m-2]")
        assembly.events.append(pybamm.Event("Anode lithium exhausted", share - 1e-3))

    def equations(self, assembly: Assembly) -> None:
        """Give lithium to the current."""
        lithium = assembly["Anode lithium [mol.m-2]"]
        rate = -assembly["Anode faradaic current density [A.m-2]"] / FARADAY
        assembly.add_state(lithium, rate, parameter("Initial anode lithium [mol.m-2]"))
