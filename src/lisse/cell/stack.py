"""Stack pressure: the one owner of what both electrodes move.

A fixture holds the pressure, or answers the breathing of the stack like a spring (cathode.md C14). Leaves out:
frames whose stiffness is not given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cathode.shrinkage import volume_strain
from lisse.cell.options import Fixture
from lisse.mechanism import ANODE, Assembly, Face, Mechanism, ParameterInfo, parameter

if TYPE_CHECKING:
    import pybamm

    from lisse.cell.cell import Cell

MEMORY_TIME = 100.0
"""Time with which the memory follows a rising pressure [s]; it matters only once the pressure falls."""


def spring_pressure(initial: Any, stiffness: Any, thickness_change: Any) -> Any:
    r"""Stack pressure of a spring fixture.

    .. math:: p = p_0 + k_{st}\,\Delta h

    Parameters
    ----------
    initial
        Pressure at the start [Pa].
    stiffness
        :math:`k_{st}` [Pa/m]; 0 holds the pressure.
    thickness_change
        Growth of the free stack since the start [m].

    Examples
    --------
    >>> round(spring_pressure(65e6, 0.30e12, 5e-6) / 1e6, 2)  # cathode.md 2.4: 0.30 MPa/um
    66.5
    """
    return initial + stiffness * thickness_change


def stack_stiffness(cell: Cell) -> float:
    r"""Stiffness of the stack itself [Pa/m]: what a fixture that does not give way adds to the pressure.

    .. math:: \frac{1}{k_{st}} = \sum_j \frac{L_j}{E_j}

    Layers in series with their Young's moduli; the composite has that of its electrolyte, which carries the load
    between the particles.

    Parameters
    ----------
    cell
        The cell; its separator (and the electrolyte of its cathode) needs a claim on Young's modulus.

    Raises
    ------
    InputError
        If a claim is missing.

    Examples
    --------
    A millimetre of Li6PS5Cl between foils of lithium: 1e13 Pa/m, at the upper end of what stacks show.

    >>> from lisse.cell.cell import Cell
    >>> f"{stack_stiffness(Cell.load('sym-li-lpscl-doux')):.1e}"
    '1.4e+13'
    """
    compliance = cell.derived.separator_thickness / cell.number("separator", "youngs_modulus")
    compliance += cell.spec.anode.thickness / cell.number("anode", "youngs_modulus")
    if cell.symmetric:
        compliance += cell.counter_thickness / cell.number("anode", "youngs_modulus")
    else:
        compliance += cell.derived.cathode_thickness / cell.number("electrolyte", "youngs_modulus")
    return 1 / compliance


class StackPressure(Mechanism):
    """Stack pressure and change of thickness since the start.

    Parameters
    ----------
    fixture
        Constant pressure or spring.
    populations
        Number of populations of active particles; 0 for a cell without a composite.
    faces
        The lithium faces.
    memory
        Whether the highest pressure so far is a state; else it is that of the parameter.
    """

    name = "stack pressure"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Stack pressure [Pa]", "At the start of the run"),
        ParameterInfo("Positive electrode volume strain", "Free strain as a function of the lithium content", 0.0),
        ParameterInfo("Fixture stiffness [Pa.m-1]", "Pressure per change of thickness (spring)", 0.0),
        ParameterInfo(
            "Electrode height fraction of volume change",
            "Share of the oxide's volume change seen as height",
            0.45,
        ),
        ParameterInfo("Anode lithium molar volume [m3.mol-1]", "Volume the anode gains per lithium", 12.997e-6),
        ParameterInfo("Highest stack pressure [Pa]", "Highest pressure the contact has seen", 0.0),
    )

    def __init__(
        self, fixture: Fixture, populations: int, *, faces: Sequence[Face] = (ANODE,), memory: bool = False
    ) -> None:
        self.fixture, self.populations = fixture, populations
        self.faces, self.memory = tuple(faces), memory

    def publish(self, assembly: Assembly) -> None:
        """Publish the pressure and the change of thickness."""
        import pybamm

        change = self._thickness_change(assembly)
        start = parameter("Stack pressure [Pa]")
        pressure = start
        if self.fixture is Fixture.SPRING:
            pressure = spring_pressure(start, parameter("Fixture stiffness [Pa.m-1]"), change)
            assembly.events.append(pybamm.Event("Stack pressure lost", pressure / start))
        assembly.variables |= {
            "Stack pressure [Pa]": pressure,
            "Initial stack pressure [Pa]": start,
            "Thickness change [m]": change,
            "Highest stack pressure [Pa]": parameter("Highest stack pressure [Pa]"),
        }
        if self.memory:
            highest = pybamm.Variable("Highest stack pressure [Pa]", scale=1e6)
            assembly.variables[highest.name] = highest

    def equations(self, assembly: Assembly) -> None:
        """Let the memory follow a pressure that rises; the contact itself takes the larger of the two at once."""
        if self.memory:
            highest, pressure = assembly["Highest stack pressure [Pa]"], assembly["Stack pressure [Pa]"]
            start = np.maximum(parameter("Highest stack pressure [Pa]"), parameter("Stack pressure [Pa]"))
            assembly.add_state(highest, np.maximum(pressure - highest, 0.0) / MEMORY_TIME, start)

    def _thickness_change(self, assembly: Assembly) -> pybamm.Symbol:
        from lisse.mechanism import FARADAY

        plated = [
            assembly[f"{face.name} lithium [mol.m-2]"] - parameter(f"Initial {face.inventory} lithium [mol.m-2]")
            for face in self.faces
        ]
        change = parameter("Anode lithium molar volume [m3.mol-1]") * sum(plated[1:], plated[0])
        change = sum(assembly.swelling, change)
        share = parameter("Electrode height fraction of volume change")
        for k in range(1, self.populations + 1):
            content = assembly[population_name("Mean lithium content", k)]
            initial = parameter(population_name("Initial lithium content", k))
            now, start = volume_strain(content, k), volume_strain(initial, k)
            solid = assembly[population_name("Content capacity [C.m-2]", k)] / (
                FARADAY * parameter(population_name("Maximum concentration in positive electrode [mol.m-3]", k))
            )
            growth = solid * (now - start)
            isolated = assembly.get(population_name("Isolated volume strain", k))
            if isolated is not None:
                # What is cut off keeps the strain that it had then.
                connected = assembly[population_name("Connected fraction", k)]
                growth = growth + solid / connected * (isolated - (1 - connected) * start)
            change = change + share * growth
        return change
