"""One temperature for the whole cell, between adiabatic and isothermal.

Leaves out: gradients through the stack, tabs, and the exotherms of abuse (cathode.md section 8).
"""

from __future__ import annotations

from typing import ClassVar

from lisse.cell.options import Thermal
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter


def temperature_rate(heat: float, capacity: float, transfer: float, excess: float) -> float:
    r"""Rate of change of a lumped temperature.

    .. math:: C \frac{dT}{dt} = q - h (T - T_{amb})

    Parameters
    ----------
    heat
        Irreversible and reversible heat per cell area [W/m2].
    capacity
        Heat capacity per cell area [J/(m2 K)].
    transfer
        Heat transfer coefficient per cell area [W/(m2 K)]; 0 is adiabatic.
    excess
        Temperature above ambient [K].

    Examples
    --------
    >>> temperature_rate(10.0, 500.0, 0.0, 0.0)
    0.02
    >>> temperature_rate(10.0, 500.0, 5.0, 2.0)
    0.0
    """
    return (heat - transfer * excess) / capacity


class LumpedTemperature(Mechanism):
    """Temperature of the cell: the ambient one, or a state that every heat source feeds.

    Parameters
    ----------
    thermal
        Isothermal or lumped.
    """

    name = "temperature"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Ambient temperature [K]", "Temperature of the surroundings", 298.15),
        ParameterInfo("Initial temperature [K]", "Temperature at the start (lumped)", 298.15),
        ParameterInfo("Heat capacity per area [J.m-2.K-1]", "Of the whole stack (lumped)", 500.0),
        ParameterInfo("Heat transfer coefficient [W.m-2.K-1]", "Per cell area; 0 is adiabatic (lumped)", 10.0),
    )

    def __init__(self, thermal: Thermal) -> None:
        self.lumped = thermal is Thermal.LUMPED

    def publish(self, assembly: Assembly) -> None:
        """Publish the temperature."""
        import pybamm

        ambient = parameter("Ambient temperature [K]")
        temperature = ambient
        if self.lumped:
            # The state is the rise, so that the solver's relative tolerance acts on what matters.
            rise = pybamm.Variable("Temperature rise [K]")
            assembly.variables[rise.name] = rise
            temperature = parameter("Initial temperature [K]") + rise
        assembly.variables |= {
            "Ambient temperature [K]": ambient,
            "Temperature [K]": temperature,
            "Initial temperature [K]": parameter("Initial temperature [K]") if self.lumped else ambient,
        }

    def equations(self, assembly: Assembly) -> None:
        """Balance the heat; must come after every mechanism that dissipates."""
        import pybamm

        irreversible = pybamm.convert_to_symbol(sum(assembly.dissipation.values()))
        reversible = pybamm.convert_to_symbol(sum(assembly.reversible_heat))
        assembly.variables |= {
            "Irreversible heat [W.m-2]": irreversible,
            "Reversible heat [W.m-2]": reversible,
        }
        if self.lumped:
            temperature = assembly["Temperature [K]"]
            rate = temperature_rate(
                irreversible + reversible,
                parameter("Heat capacity per area [J.m-2.K-1]"),
                parameter("Heat transfer coefficient [W.m-2.K-1]"),
                temperature - assembly["Ambient temperature [K]"],
            )
            assembly.add_state(assembly["Temperature rise [K]"], rate, 0)
