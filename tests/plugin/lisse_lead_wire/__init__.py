"""An example package that brings a mechanism and a material to lisse through entry points.

The mechanism is a lead wire: a resistance in series with the cell, per cell area.
"""

from pathlib import Path
from typing import ClassVar

from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter


class LeadWire(Mechanism):
    """Ohmic drop of a long lead."""

    name = "lead wire"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Lead wire resistance [Ohm.m2]", "Resistance of the lead times the cell area"),
    )

    def publish(self, assembly: Assembly) -> None:
        """Book the drop and its heat under contacts."""
        current = assembly["Total current density [A.m-2]"]
        resistance = parameter("Lead wire resistance [Ohm.m2]")
        assembly.variables["Lead wire overpotential [V]"] = current * resistance
        assembly.add_overpotential("contacts", current * resistance)
        assembly.add_dissipation("contacts", current**2 * resistance)


def materials() -> Path:
    """Directory of material files."""
    return Path(__file__).parent / "materials"
