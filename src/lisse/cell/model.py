"""The coupled cell model: a PyBaMM model put together from mechanisms.

One mobile ion, one composite cathode, one anode that is a lithium reservoir. The mesh is dimensionless, so that
every number of a cell is an input of the built model. Leaves out what no mechanism brings: see the docs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from importlib.metadata import entry_points
from typing import Any

import numpy as np
import pybamm

from lisse.anode.alloy_diffusion import AlloyDiffusion
from lisse.anode.contact import StaticContact
from lisse.anode.extrusion import Extrusion
from lisse.anode.interphase import Interphase
from lisse.anode.kinetics import AnodeReaction
from lisse.anode.reservoir import EXHAUSTED, EXHAUSTED_RESERVOIR, AnodeReservoir
from lisse.anode.voids import Voids
from lisse.cathode.charge import CompositeCharge
from lisse.cathode.connection import Connection
from lisse.cathode.contact_loss import ContactLoss
from lisse.cathode.cracks import Cracks
from lisse.cathode.diffusion import ParticleDiffusion
from lisse.cathode.interphase import CathodeInterphase
from lisse.cathode.kinetics import CathodeReaction
from lisse.cathode.open_circuit import OpenCircuit
from lisse.cathode.shrinkage import Shrinkage
from lisse.cell.audit import SHORT_CHARGE, add_book_states, add_books
from lisse.cell.common_terms import CellSolver
from lisse.cell.composite_summary import add_composite_summary
from lisse.cell.losses import book_losses
from lisse.cell.options import Fixture, Options, SurfaceForm, Thermal
from lisse.cell.stack import StackPressure
from lisse.cell.thermal import LumpedTemperature
from lisse.errors import InputError
from lisse.mechanism import ANODE, ORIGINS, Assembly, Face, Mechanism, ParameterInfo, parameter
from lisse.separator.bending import SeparatorBending
from lisse.separator.conduction import SeparatorConduction
from lisse.separator.reference_electrode import ReferenceElectrode
from lisse.separator.shorts import Filaments

NOMINAL = 10.0
"""Size of current densities for the solver [A/m2]."""
CELL_PARAMETERS = (
    ParameterInfo("Current function [A]", "Applied current, positive on discharge"),
    ParameterInfo("Electrode width [m]", "Width times height is the cell area"),
    ParameterInfo("Electrode height [m]", "Width times height is the cell area"),
    ParameterInfo("Nominal cell capacity [A.h]", "Defines 1C"),
    ParameterInfo("Nominal current density [A.m-2]", "1C per cell area"),
    ParameterInfo("Lower voltage cut-off [V]", "Terminal voltage at which a discharge ends"),
    ParameterInfo("Upper voltage cut-off [V]", "Terminal voltage at which a charge ends"),
)


class CellParameters:
    """The few symbols that PyBaMM's control submodels ask of ``model.param``."""

    def __init__(self) -> None:
        self.A_cc = parameter("Electrode width [m]") * parameter("Electrode height [m]")
        self.Q = parameter("Nominal cell capacity [A.h]")
        self.current_with_time = pybamm.FunctionParameter("Current function [A]", {"Time [s]": pybamm.t})


class PybammOptions(dict[str, str]):
    """Options under the keys that PyBaMM looks for. Its own search for an initial state is refused."""

    def __missing__(self, key: str) -> str:
        """Say what to do in place of ``initial_soc``; that an option is missing otherwise, as a dictionary does.

        Raises
        ------
        InputError
            Where PyBaMM looks for the two intercalation electrodes of a lithium-ion cell.
        """
        if key == "open-circuit potential":
            raise InputError(
                "initial_soc: PyBaMM looks for it between two intercalation electrodes, which this cell does not have; "
                "call values.set_initial_state(0.5) on values = cell.parameter_values(), or build the simulation with "
                "these values and cache_esoh=False."
            )
        raise KeyError(key)


class SolidStateCell(pybamm.BaseModel):
    """Li (or Li-In) | sulfide | composite LiMO2 cathode as a PyBaMM model.

    Parameters
    ----------
    options
        An :class:`~lisse.cell.options.Options` or a dictionary of its fields.
    name
        Name of the model.

    Examples
    --------
    >>> model = SolidStateCell({"thermal": "lumped"})
    >>> model.options["surface form"]
    'false'
    """

    def __init__(self, options: Options | dict[str, Any] | None = None, name: str = "lisse solid-state cell") -> None:
        super().__init__(name)
        self.cell_options = Options.make(options)
        self.param = CellParameters()
        self.mechanisms: list[Mechanism] = []
        self._assemble()

    @property
    def options(self) -> dict[str, str]:
        """Options under the keys that PyBaMM looks for."""
        return PybammOptions(
            {"surface form": self.cell_options.surface_form.value, "thermal": self.cell_options.thermal.value}
        )

    @property
    def parameter_table(self) -> list[ParameterInfo]:
        """Every parameter the model reads, with unit and meaning."""
        rows = {info.name: info for info in CELL_PARAMETERS}
        for mechanism in self.mechanisms:
            rows |= {info.name: info for info in mechanism.parameters}
        return list(rows.values())

    def _assemble(self) -> None:
        options = self.cell_options
        self.mechanisms = make_mechanisms(options)
        assembly = Assembly(options=options)
        current = self._start(assembly)
        for mechanism in self.mechanisms:
            mechanism.publish(assembly)
        voltage = assembly["Positive electrode potential [V]"] - parameter("Anode potential [V]")
        for loss in assembly.overpotentials.values():
            voltage = voltage - loss
        self._terminals(assembly, voltage, current)
        if options.filaments:
            add_internal_current(assembly, self.param)
        # Heat feeds the temperature, so the temperature's balance is written after everything that dissipates.
        for mechanism in self.mechanisms[1:]:
            mechanism.equations(assembly)
        add_composite_summary(assembly, options.populations, coated=options.coated)
        book_losses(assembly, options.populations)
        # Isothermal and under constant pressure the particles' own heat moves nothing: the audit finds it afterwards.
        moving = options.thermal is Thermal.LUMPED or options.fixture is Fixture.SPRING
        add_books(assembly, options.populations, particles=moving)
        self.mechanisms[0].equations(assembly)
        add_interface_summary(assembly, (ANODE,))
        if options.audit:
            add_book_states(assembly, particles=moving)
        self._adopt(assembly)

    def _start(self, assembly: Assembly) -> pybamm.Symbol:
        """Publish time and currents; return the applied current [A]."""
        current = self.param.current_with_time
        applied = current / self.param.A_cc
        # Beside a short the cell carries what the leads carry, and what the short takes.
        short = self.cell_options.filaments
        inside = pybamm.Variable("Internal current density [A.m-2]", scale=NOMINAL) if short else applied
        assembly.variables |= {
            "Time [s]": pybamm.t,
            "Time [h]": pybamm.t / 3600,
            "Current [A]": current,
            "Current variable [A]": current,
            "Total current density [A.m-2]": applied,
            "Internal current density [A.m-2]": inside,
            "C-rate": current / self.param.Q,
        }
        return current

    def _terminals(self, assembly: Assembly, voltage: pybamm.Symbol, current: pybamm.Symbol) -> None:
        """Publish the voltage at the terminals and inside of the leads, and count the charge."""
        assembly.variables |= {
            "Internal voltage [V]": voltage + assembly.overpotentials["contacts"],
            "Voltage [V]": voltage,
            "Terminal voltage [V]": voltage,
            "Battery voltage [V]": voltage,
            "Power [W]": current * voltage,
        }
        capacity = pybamm.Variable("Discharge capacity [A.h]", scale=self.param.Q)
        assembly.add_state(capacity, current / 3600, 0)

    def _adopt(self, assembly: Assembly) -> None:
        self.rhs, self.algebraic, self.initial_conditions = assembly.rhs, assembly.algebraic, assembly.initial
        self.boundary_conditions = assembly.boundary
        area = self.param.A_cc
        for origin, power in assembly.dissipation.items():
            assembly.variables[f"{origin.capitalize()} dissipation [W.m-2]"] = power
        for name, charge in assembly.stored_charge.items():
            assembly.variables[f"{name.capitalize()} double-layer charge [A.h]"] = charge * area / 3600
        if assembly.stored_energy:
            assembly.variables["Double-layer energy [W.h]"] = sum(assembly.stored_energy) * area / 3600
        for name, amount in assembly.lithium.items():
            assembly.variables[f"{name.capitalize()} lithium inventory [mol]"] = amount * area
        self.variables = assembly.variables
        voltage = assembly["Voltage [V]"]
        self.events = [
            pybamm.Event("Minimum voltage [V]", voltage - parameter("Lower voltage cut-off [V]")),
            pybamm.Event("Maximum voltage [V]", parameter("Upper voltage cut-off [V]") - voltage),
            *assembly.events,
        ]
        self.summary_variables = ["Time [s]", "Discharge capacity [A.h]", "Mean lithium content"]
        if self.cell_options.audit:
            self.summary_variables += ["Discharge energy [W.h]"]

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Parameters of the library's reference cell, charged; what its file leaves open has the table's default.

        Raises
        ------
        InputError
            If the options ask for size classes, which that cell does not have.
        """
        from lisse.cell.cell import Cell
        from lisse.cell.initial_state import let_pybamm_set_it
        from lisse.cell.lithium_values import lithium_values
        from lisse.cell.parameter_sets import reference

        if self.cell_options.populations > 1:
            raise InputError(
                f"option populations: the default parameters are those of one size class, not of "
                f"{self.cell_options.populations}; give the parameter_values of a cell with cathode.distribution."
            )
        defaults = {info.name: info.default for info in self.parameter_table if info.default is not None}
        cell = Cell.load("reference")
        own = lithium_values(cell, self.cell_options)
        return let_pybamm_set_it(pybamm.ParameterValues(defaults | own | reference()), cell)

    @property
    def default_geometry(self) -> dict[str, Any]:
        """Unit intervals for the composite and for the particles."""
        return {
            "positive electrode": {"x_p": {"min": 0, "max": 1}},
            "positive particle": {"r_p": {"min": 0, "max": 1}},
        }

    @property
    def default_var_pts(self) -> dict[str, int]:
        """Cells through the composite and shells of a particle."""
        return {"x_p": 10, "r_p": 15}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Uniform composite; shells cluster at the surface, where a slow oxide has its front."""
        return {
            "positive electrode": pybamm.Uniform1DSubMesh,
            "positive particle": pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": 2.0}
            ),
        }

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """Finite volumes; values at a particle's surface use the known flux there."""
        surface = {"extrapolation": {"order": {"value": "linear", "gradient": "linear"}, "use bcs": True}}
        return {
            "positive electrode": pybamm.FiniteVolume(),
            "positive particle": pybamm.FiniteVolume(surface),
        }

    @property
    def default_solver(self) -> pybamm.BaseSolver:
        """IDA, at half a millivolt and far below; ``lisse.run`` solves tighter, so that its books close."""
        return CellSolver(rtol=5e-5, atol=5e-7)

    @property
    def default_quick_plot_variables(self) -> list[str]:
        """What ``Simulation.plot`` shows."""
        return [
            "Current [A]",
            "Voltage [V]",
            *(f"{origin.capitalize()} overpotential [V]" for origin in ORIGINS),
        ]


def make_mechanisms(options: Options) -> list[Mechanism]:
    """Return the mechanisms of a cell in the order in which they publish; the temperature comes first."""
    double_layer = options.surface_form is SurfaceForm.DIFFERENTIAL
    populations = range(1, options.populations + 1)
    mechanisms: list[Mechanism] = [LumpedTemperature(options.thermal)]
    for k in populations:
        mechanisms += composite_damage(options, k)
    mechanisms += [ParticleDiffusion(k, transform=options.transform) for k in populations]
    mechanisms += lithium_reservoir(options)
    mechanisms += [OpenCircuit(k) for k in populations]
    mechanisms += [CompositeCharge(options.populations, double_layer=double_layer)]
    mechanisms += [CathodeReaction(k, space_charge=options.space_charge) for k in populations]
    mechanisms += [AnodeReaction(double_layer=double_layer), SeparatorConduction()]
    if options.filaments:
        mechanisms += [Filaments()]
    if options.bending:
        mechanisms += [SeparatorBending(options.populations)]
    mechanisms += [load_mechanism(name) for name in options.mechanisms]
    return [*mechanisms, ReferenceElectrode()] if options.reference_electrode else mechanisms


def composite_damage(options: Options, population: int) -> list[Mechanism]:
    """Return what shrinking does to the contacts and particles of one population, and the interphase on it."""
    parts: list[Mechanism] = []
    if options.contact_loss or options.cracks:
        parts.append(Shrinkage(population))
        parts += [ContactLoss(population)] * options.contact_loss + [Cracks(population)] * options.cracks
        parts.append(Connection(population))
    if options.cathode_interphase:
        parts.append(
            CathodeInterphase(
                population, coated=options.coated, carbon=options.carbon_oxidation, space_charge=options.space_charge
            )
        )
    return parts


def lithium_reservoir(options: Options) -> list[Mechanism]:
    """Return the lithium of the anode, what grows on it, the pressure that both move, and the contact under it."""
    event = EXHAUSTED if options.lithium_mechanisms else EXHAUSTED_RESERVOIR
    parts: list[Mechanism] = [AlloyDiffusion(event) if options.alloy_diffusion else AnodeReservoir(event=event)]
    if options.voids:
        parts.append(Voids())
    if options.interphase:
        parts.append(Interphase())
    if options.extrusion:
        parts.append(Extrusion())
    memory = options.voids and options.fixture is Fixture.SPRING
    parts.append(StackPressure(options.fixture, options.populations, memory=memory))
    return [*parts, StaticContact(law=options.contact_law.value)]


def add_internal_current(assembly: Assembly, param: CellParameters) -> None:
    """Let the cell carry what its short takes besides, and keep the book of that charge."""
    inside, applied = assembly["Internal current density [A.m-2]"], assembly["Total current density [A.m-2]"]
    leak = assembly["Internal conductance [S.m-2]"] * assembly["Internal voltage [V]"]
    assembly.add_algebraic(inside, (inside - applied - leak) / NOMINAL, 0)
    assembly.variables["Short current density [A.m-2]"] = leak
    charge = pybamm.Variable(SHORT_CHARGE, scale=param.Q)
    assembly.add_state(charge, leak * param.A_cc / 3600, 0)


def add_interface_summary(assembly: Assembly, faces: Sequence[Face]) -> None:
    """Publish the worse of the lithium faces' contacts and thicknesses, and the lithium that both have lost."""
    for stem, name, join in (
        ("contact fraction", "Lowest contact fraction", np.minimum),
        ("void coverage", "Lowest void coverage", np.minimum),
        ("interphase thickness [m]", "Thickest interphase [m]", np.maximum),
        ("interphase charge [C.m-2]", "Lithium lost to interphases [C.m-2]", np.add),
    ):
        found = [assembly.get(f"{face.name} {stem}") for face in faces]
        known = [symbol for symbol in found if symbol is not None]
        if known:
            assembly.variables[name] = reduce(join, known)


def load_mechanism(name: str) -> Mechanism:
    """Instantiate a mechanism that another installed package registers under ``lisse.mechanisms``.

    Raises
    ------
    InputError
        If no package registers that name.
    """
    found = {entry.name: entry for entry in entry_points(group="lisse.mechanisms")}
    if name not in found:
        known = ", ".join(sorted(found)) or "none is installed"
        raise InputError(f"mechanism {name!r} is not registered under lisse.mechanisms (known: {known}).")
    mechanism: Mechanism = found[name].load()()
    return mechanism
