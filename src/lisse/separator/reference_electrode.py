"""Three-electrode cells: potentials of both electrodes against a reference electrode inside the separator.

The reference carries no current and disturbs none. Leaves out: its own potential against lithium, and where it shades.
"""

from __future__ import annotations

from typing import ClassVar

from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter


class ReferenceElectrode(Mechanism):
    """Potentials at the two sides of a point in the separator, under PyBaMM's names.

    What stands in series outside of the cell is in neither: the terminal voltage is their difference less that.
    """

    name = "reference electrode"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo(
            "Reference electrode position", "In the separator: 0 at the anode, 1 at the other electrode", 0.5
        ),
    )

    def publish(self, assembly: Assembly) -> None:
        """Publish both potentials; comes after every mechanism that books a drop."""
        position, losses = parameter("Reference electrode position"), assembly.overpotentials
        separator = losses["separator"]
        positive = assembly["Positive electrode potential [V]"] - (1 - position) * separator
        for origin, loss in losses.items():
            if origin not in ("anode", "separator", "contacts"):
                positive = positive - loss
        assembly.variables |= {
            "Negative electrode 3E potential [V]": parameter("Anode potential [V]")
            + losses["anode"]
            + position * separator,
            "Positive electrode 3E potential [V]": positive,
        }
