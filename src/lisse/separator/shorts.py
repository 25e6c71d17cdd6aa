"""Filaments inside the cell model: when one starts, how it crosses the separator, and the short beside the cell.

The deterministic criterion of a single cell (``lisse.lithium`` draws many by chance), made smooth for a solver. Leaves
out: scatter between cells, and which of the four modes a filament has (``filament_modes``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from lisse.mechanism import ANODE, Assembly, Face, Mechanism, ParameterInfo, arrhenius, parameter
from lisse.separator import cracks, creep_into_pores, hazard

SHORT = "short"
"""Name of the event."""
INITIATION_HAZARD = 0.3
"""Cumulative hazard at which a filament has half started [-]: a third of a second above the critical current."""
INITIATION_WIDTH = 2e-3
"""Relative width of the critical current over which the hazard sets in [-]."""
CROSSING_WIDTH = 1e-2
"""Part of the separator over which the short sets in as a filament arrives [-]."""
LENGTH_SCALE = 1e-4
"""Size of crack lengths for the solver's tolerance [m]."""
TAKEN = 0.95
"""Share of the charging current that leaks through a short from which a full cell cannot be charged any more [-]."""
REST = 1e-3
"""Current density far below which a cell rests [A/m2]."""


def step(value: Any, middle: Any, width: Any) -> Any:
    r"""Smooth step from 0 to 1, :math:`\frac12[1+\tanh((x-m)/w)]`.

    Examples
    --------
    >>> [round(float(step(x, 1.0, 0.01)), 3) for x in (0.95, 1.0, 1.05)]
    [0.0, 0.5, 1.0]
    """
    return 0.5 * (1 + np.tanh((value - middle) / width))


def hazard_rate(edge_current: Any, critical: Any) -> Any:
    r"""Rate of the hazard [1/s]: 1 above the critical current at the rims of voids, 0 below.

    .. math:: \dot\Lambda = \frac12\left[1+\tanh\frac{i_{edge}/i_c - 1}{w}\right]\cdot 1\,\mathrm{s}^{-1}

    Parameters
    ----------
    edge_current, critical
        :math:`i_{edge}`, :math:`i_c` [A/m^2] of plating.

    Examples
    --------
    >>> [round(float(hazard_rate(i, 20.0)), 4) for i in (19.8, 20.0, 20.2)]
    [0.0, 0.5, 1.0]
    """
    return step(edge_current / critical, 1.0, INITIATION_WIDTH)


def started(cumulative: Any) -> Any:
    r"""Degree to which a filament has started [-]: :math:`\Lambda^2/(\Lambda^2+\Lambda_{1/2}^2)`.

    Examples
    --------
    >>> [round(float(started(hazard)), 2) for hazard in (0.0, 0.3, 3.0)]
    [0.0, 0.5, 0.99]
    """
    square = cumulative * cumulative
    return square / (square + INITIATION_HAZARD * INITIATION_HAZARD)


class Filaments(Mechanism):
    """Cracks and fronts in the pores from each lithium face, and the conductance of the short that they end in.

    Parameters
    ----------
    faces
        The lithium faces of the cell.
    taken
        Share of the applied current in the short at which it counts as one, however little it conducts.
    """

    name = "filaments"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Filament initiation current density [A.m-2]", "At the rims of voids, at 25 degC"),
        ParameterInfo("Filament speed [m.s-1]", "Of the tip, at 1 mA/cm2"),
        ParameterInfo("Short growth rate [S.m-2.s-1]", "Of its conductance, at 1 mA/cm2"),
        ParameterInfo(
            "Short recovery", "Loss of its conductance by stripping over gain by plating of the same charge", 0.5
        ),
        ParameterInfo("Separator porosity", ""),
        ParameterInfo("Separator electronic conductivity [S.m-1]", "Leaks where nothing has shorted yet"),
        ParameterInfo("Pore creep rate [m.s-1]", "Front of lithium in the pores at 0.075 mA/cm2 and 18 % porosity"),
        ParameterInfo("Pore creep pressure [Pa]", "Scale of the exponential in the stack pressure"),
        ParameterInfo("Pore creep threshold pressure [Pa]", "Below it the front stands"),
        ParameterInfo("Pore creep critical porosity", "Below it pores do not connect"),
        ParameterInfo("Pore creep current exponent", ""),
        ParameterInfo("Mechanical short time [s]", "Time to short by pressure alone"),
        ParameterInfo("Mechanical short pressure [Pa]", "From which pressure alone shorts"),
    )
    references: ClassVar[tuple[str, ...]] = ("10.1038/s41563-019-0438-9", "10.1002/aenm.201903253")

    def __init__(self, faces: Sequence[Face] = (ANODE,), taken: float = TAKEN) -> None:
        self.faces, self.taken = tuple(faces), taken

    def publish(self, assembly: Assembly) -> None:
        """Create filaments and short; publish the conductance beside the cell."""
        import pybamm

        thickness = parameter("Separator thickness [m]")
        short: Any = 0.0
        for face in self.faces:
            name = face.name
            states = [
                pybamm.Variable(f"{name} filament hazard"),
                pybamm.Variable(f"{name} crack length [m]", scale=LENGTH_SCALE),
                pybamm.Variable(f"{name} pore front"),
                pybamm.Variable(f"{name} short growth [S.m-2]"),
            ]
            assembly.variables |= {state.name: state for state in states}
            arrived = 1 - (1 - step(states[1] / thickness, 1.0, CROSSING_WIDTH)) * (
                1 - step(states[2], 1.0, CROSSING_WIDTH)
            )
            assembly.variables[f"{name} filament arrival"] = arrived
            short = short + hazard.BIRTH_CONDUCTANCE * arrived + states[3]
        left = thickness
        for face in self.faces:
            film = assembly.get(f"{face.name} interphase thickness [m]")
            if film is not None:
                left = left - parameter("Anode interphase electron conduction") * film
        leak = parameter("Separator electronic conductivity [S.m-1]") / np.maximum(left, 1e-2 * thickness)
        assembly.variables |= {
            "Short conductance [S.m-2]": short,
            "Electronic leak conductance [S.m-2]": leak,
            "Internal conductance [S.m-2]": short + leak,
        }

    def equations(self, assembly: Assembly) -> None:
        """Let filaments start and cross, and shorts grow; book what leaks; end the run at a hard short."""
        import pybamm

        for face in self.faces:
            self._face(assembly, face)
        conductance, voltage = assembly["Internal conductance [S.m-2]"], assembly["Internal voltage [V]"]
        assembly.add_dissipation("short", conductance * voltage**2)
        short, applied = assembly["Short conductance [S.m-2]"], assembly["Total current density [A.m-2]"]
        share = -short * voltage * applied / (applied**2 + REST**2)
        assembly.variables["Share of the current in the short"] = share
        left = np.minimum(1 - short / hazard.HARD_CONDUCTANCE, 1 - share / self.taken)
        assembly.events.append(pybamm.Event(SHORT, left))

    def _face(self, assembly: Assembly, face: Face) -> None:
        name, temperature, pressure = face.name, assembly["Temperature [K]"], assembly["Stack pressure [Pa]"]
        current, thickness = assembly.current_at(face), parameter("Separator thickness [m]")
        edge = assembly.get(f"{name} edge plating current density [A.m-2]")
        edge = np.maximum(-current, 0.0) if edge is None else edge
        energy = parameter("Anode creep activation energy [J.mol-1]")
        critical = parameter("Filament initiation current density [A.m-2]") * arrhenius(energy, temperature)
        cumulative, crack, front, grown = (
            assembly[f"{name} {state}"]
            for state in ("filament hazard", "crack length [m]", "pore front", "short growth [S.m-2]")
        )
        velocity = creep_into_pores.front_velocity(
            current,
            pressure,
            temperature,
            parameter("Separator porosity"),
            parameter("Pore creep rate [m.s-1]"),
            parameter("Pore creep pressure [Pa]"),
            parameter("Pore creep threshold pressure [Pa]"),
            parameter("Pore creep critical porosity"),
            parameter("Pore creep current exponent"),
            energy,
        )
        pressed = creep_into_pores.mechanical_rate(
            pressure, parameter("Mechanical short time [s]"), parameter("Mechanical short pressure [Pa]")
        )
        # What stands beyond the separator no longer matters: the front and the crack rest there.
        short = np.maximum(assembly[f"{name} filament arrival"] * hazard.BIRTH_CONDUCTANCE + grown, 0.0)
        growth = hazard.conductance_rate(
            short, current, parameter("Short growth rate [S.m-2.s-1]"), parameter("Short recovery")
        )
        advance = started(cumulative) * cracks.advance_rate(-edge, parameter("Filament speed [m.s-1]"))
        assembly.add_state(cumulative, hazard_rate(edge, critical), 0)
        assembly.add_state(crack, advance * (1 - step(crack / thickness, 1.1, CROSSING_WIDTH)), 0)
        crossing = creep_into_pores.crossing_rate(velocity, thickness, pressed)
        assembly.add_state(front, crossing * (1 - step(front, 1.1, CROSSING_WIDTH)), 0)
        assembly.add_state(grown, assembly[f"{name} filament arrival"] * growth, 0)
