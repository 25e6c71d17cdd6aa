"""Symmetric cells, lithium | separator | lithium: two complete sets of interface states with opposite currents.

Made of the same mechanisms as the full cell, without a composite. Leaves out: impedance (double layers), and what no
mechanism brings: see the docs.
"""

from __future__ import annotations

from typing import Any

import pybamm

from lisse.anode.contact import StaticContact
from lisse.anode.interphase import Interphase
from lisse.anode.kinetics import AnodeReaction
from lisse.anode.reservoir import EXHAUSTED, AnodeReservoir
from lisse.anode.voids import Voids
from lisse.cell.audit import add_book_states
from lisse.cell.model import SolidStateCell, add_interface_summary, add_internal_current, load_mechanism
from lisse.cell.options import Fixture, Options
from lisse.cell.stack import StackPressure
from lisse.cell.thermal import LumpedTemperature
from lisse.errors import InputError
from lisse.mechanism import ANODE, COUNTER_ELECTRODE, Assembly, Mechanism
from lisse.separator.conduction import SeparatorConduction
from lisse.separator.shorts import Filaments

FACES = (ANODE, COUNTER_ELECTRODE)
"""The electrode that a positive current strips, and the one that it plates."""
SYMMETRIC_ORIGINS = ("separator", "anode", "counter electrode", "contacts")
"""Where the voltage of a symmetric cell goes."""
VISIBLE_SHARE = 0.3
"""Share of the current in the short, and so fall of the voltage, that counts as a short [-] (anode.md 3.10)."""


class SymmetricCell(SolidStateCell):
    """Lithium | separator | lithium as a PyBaMM model; the anode strips on a positive current.

    Parameters
    ----------
    options
        An :class:`~lisse.cell.options.Options` or a dictionary of its fields.
    name
        Name of the model.
    """

    def __init__(self, options: Options | dict[str, Any] | None = None, name: str = "lisse symmetric cell") -> None:
        super().__init__(options, name)

    def _assemble(self) -> None:
        options = self.cell_options
        self.mechanisms = symmetric_mechanisms(options)
        assembly = Assembly(options=options, origins=SYMMETRIC_ORIGINS)
        current = self._start(assembly)
        for mechanism in self.mechanisms:
            mechanism.publish(assembly)
        voltage: pybamm.Symbol = pybamm.Scalar(0)
        for origin in SYMMETRIC_ORIGINS:
            loss = pybamm.convert_to_symbol(assembly.overpotentials.get(origin, 0))
            assembly.variables[f"{origin.capitalize()} overpotential [V]"] = loss
            voltage = voltage - loss
        assembly.variables["Equilibrium voltage [V]"] = pybamm.Scalar(0)
        self._terminals(assembly, voltage, current)
        if options.filaments:
            add_internal_current(assembly, self.param)
        for mechanism in self.mechanisms[1:]:
            mechanism.equations(assembly)
        self.mechanisms[0].equations(assembly)
        add_interface_summary(assembly, FACES)
        if options.audit:
            add_book_states(assembly, particles=False)
        self._adopt(assembly)
        self.summary_variables = ["Time [s]", "Discharge capacity [A.h]"]

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Parameters of the library's symmetric Li | Li6PS5Cl | Li cell."""
        from lisse.cell.cell import Cell
        from lisse.cell.parameter_sets import parameter_values

        return pybamm.ParameterValues(parameter_values(Cell.load("sym-li-lpscl"), self.cell_options))

    @property
    def default_geometry(self) -> dict[str, Any]:
        """Nothing in this cell is resolved in space."""
        return {}

    @property
    def default_var_pts(self) -> dict[str, int]:
        """No points in space."""
        return {}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """No mesh."""
        return {}

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """No method."""
        return {}


def symmetric_mechanisms(options: Options) -> list[Mechanism]:
    """Return the mechanisms of a symmetric cell in the order in which they publish.

    Raises
    ------
    InputError
        For an option that only a full cell has.
    """
    for name in ("bending", "reference_electrode", "extrusion"):
        if getattr(options, name):
            raise InputError(f"option {name}: a symmetric cell does not model it in a run; leave it out.")
    mechanisms: list[Mechanism] = [LumpedTemperature(options.thermal)]
    for face in FACES:
        mechanisms.append(AnodeReservoir(face, EXHAUSTED))
        if options.voids:
            mechanisms.append(Voids(face))
        if options.interphase:
            mechanisms.append(Interphase(face))
    memory = options.voids and options.fixture is Fixture.SPRING
    mechanisms.append(StackPressure(options.fixture, 0, faces=FACES, memory=memory))
    for face in FACES:
        mechanisms += [StaticContact(face, options.contact_law.value), AnodeReaction(face=face)]
    mechanisms.append(SeparatorConduction())
    if options.filaments:
        mechanisms.append(Filaments(FACES, VISIBLE_SHARE))
    return mechanisms + [load_mechanism(name) for name in options.mechanisms]


def cell_model(options: Options) -> SolidStateCell:
    """Return the model of a build: of a full cell, or of a symmetric one."""
    return SymmetricCell(options) if options.symmetric else SolidStateCell(options)
