"""The socket into which every mechanism plugs: states, rates, overpotentials, heat, lithium, events.

A mechanism is a class with one level of inheritance that adds its part to an :class:`Assembly`; the cell model
(:mod:`lisse.cell.model`) is nothing but mechanisms in order. Leaves out: the equations themselves, which are
plain functions in the file of their mechanism.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pybamm

FARADAY = 96485.33212
"""Faraday constant [C/mol] (CODATA 2018)."""
GAS_CONSTANT = 8.314462618
"""Molar gas constant [J/(mol K)] (CODATA 2018)."""
REFERENCE_TEMPERATURE = 298.15
"""Temperature at which parameters without a temperature of their own are given [K]."""
LITHIUM_MOLAR_VOLUME = 12.997e-6
"""Molar volume of lithium [m3/mol] (534 kg/m3)."""
VOLUME_PER_CHARGE = LITHIUM_MOLAR_VOLUME / FARADAY
"""Volume of lithium per charge, its thickness per charge and area [m3/C]: 4.85 um per mAh/cm2."""
CREEP_REFERENCE_STRESS = 1e6
"""Stress at which prefactors of the creep of lithium are given [Pa]."""

ORIGINS = (
    "separator",
    "cathode ionic",
    "cathode electronic",
    "cathode kinetics",
    "cathode diffusion",
    "anode",
    "contacts",
)
"""Where the voltage goes; the losses of a solution are reported under these names, in this order."""


@dataclass(frozen=True)
class ParameterInfo:
    """What a model parameter is: one row of the parameter table in the docs.

    Attributes
    ----------
    name
        Full name with unit, as PyBaMM writes it.
    description
        One line.
    default
        Value used when a parameter set does not give one; None means that the set must give it.
    """

    name: str
    description: str
    default: float | None = None

    @property
    def unit(self) -> str:
        """Unit in PyBaMM's notation, empty for a pure number."""
        return self.name.rsplit("[", 1)[1].rstrip("]") if self.name.endswith("]") else ""


@dataclass(frozen=True)
class Face:
    """One lithium face of the cell; a symmetric cell has two, which see one current with opposite signs.

    Attributes
    ----------
    name
        What its variables begin with.
    sign
        1 where a discharging current strips, -1 where it plates.
    """

    name: str = "Anode"
    sign: int = 1

    @property
    def inventory(self) -> str:
        """Name of its lithium in the books."""
        return self.name.lower()


ANODE = Face()
"""The one lithium face of a full cell."""
COUNTER_ELECTRODE = Face("Counter electrode", -1)
"""The second lithium face of a symmetric cell."""


@dataclass
class Assembly:
    """What mechanisms add to, and read of each other while a cell model is put together.

    Potentials in V, currents per cell area in A/m2 and positive on discharge, dissipation per cell area in W/m2,
    lithium per cell area in mol/m2.
    """

    options: Any
    rhs: dict[pybamm.Symbol, pybamm.Symbol] = field(default_factory=dict)
    algebraic: dict[pybamm.Symbol, pybamm.Symbol] = field(default_factory=dict)
    initial: dict[pybamm.Symbol, pybamm.Symbol] = field(default_factory=dict)
    boundary: dict[pybamm.Symbol, dict[str, tuple[pybamm.Symbol, str]]] = field(default_factory=dict)
    variables: dict[str, pybamm.Symbol] = field(default_factory=dict)
    events: list[pybamm.Event] = field(default_factory=list)
    overpotentials: dict[str, pybamm.Symbol] = field(default_factory=dict)
    dissipation: dict[str, pybamm.Symbol] = field(default_factory=dict)
    lithium: dict[str, pybamm.Symbol] = field(default_factory=dict)
    reversible_heat: list[pybamm.Symbol] = field(default_factory=list)
    stored_charge: dict[str, pybamm.Symbol] = field(default_factory=dict)
    stored_energy: list[pybamm.Symbol] = field(default_factory=list)
    swelling: list[pybamm.Symbol] = field(default_factory=list)
    """What adds to the thickness of the stack besides lithium and cathode [m]: voids, interphases."""
    side_reactions: dict[int, Callable[[Assembly], pybamm.Symbol]] = field(default_factory=dict)
    """By population: returns the current at which its electrolyte is oxidised [A/m2], once the potentials are known."""
    films: dict[int, tuple[list[pybamm.Symbol], list[pybamm.Symbol]]] = field(default_factory=dict)
    """By population: resistances [Ohm.m2] of the patches of its surface, and their shares, which add up to one."""
    origins: tuple[str, ...] = ORIGINS

    def __getitem__(self, name: str) -> pybamm.Symbol:
        """Return a variable that an earlier mechanism published."""
        return self.variables[name]

    def get(self, name: str) -> pybamm.Symbol | None:
        """Return a variable that an earlier mechanism published; None where the mechanism is switched off."""
        return self.variables.get(name)

    def current_at(self, face: Face) -> pybamm.Symbol:
        """Return the current density inside the cell at a lithium face [A/m2], positive when it strips."""
        current = self["Internal current density [A.m-2]"]
        return current if face.sign > 0 else -current

    def add_overpotential(self, origin: str, loss: pybamm.Symbol) -> None:
        """Subtract ``loss`` [V] (positive on discharge) from the terminal voltage, booked under ``origin``."""
        if origin not in self.origins:
            raise ValueError(f"origin {origin!r} is not one of {', '.join(self.origins)}")
        self.overpotentials[origin] = self.overpotentials.get(origin, 0) + loss

    def add_dissipation(self, origin: str, power: pybamm.Symbol) -> None:
        """Book ``power`` [W/m2 of cell area] as turned into heat irreversibly."""
        self.dissipation[origin] = self.dissipation.get(origin, 0) + power

    def add_double_layer(self, electrode: str, charge: pybamm.Symbol, energy: pybamm.Symbol) -> None:
        """Book the charge [C/m2] that a double layer withholds from its electrode, and its energy [J/m2]."""
        self.stored_charge[electrode] = charge
        self.stored_energy.append(energy)

    def add_state(self, state: pybamm.Variable, rate: pybamm.Symbol, initial: Any) -> None:
        """Add a differential state with its rate of change per second and its initial value."""
        import pybamm

        self.rhs[state] = pybamm.convert_to_symbol(rate)
        self.initial[state] = pybamm.convert_to_symbol(initial)
        self.variables[state.name] = state

    def add_algebraic(self, state: pybamm.Variable, residual: pybamm.Symbol, initial: Any) -> None:
        """Add an algebraic state with its residual (zero at the solution) and a first guess."""
        import pybamm

        self.algebraic[state] = residual
        self.initial[state] = pybamm.convert_to_symbol(initial)
        self.variables[state.name] = state


class Mechanism:
    """One mechanism of the cell: publish variables first, equations after all have published.

    Subclasses set ``name`` and ``parameters`` and override :meth:`publish` and, where they have states,
    :meth:`equations`. A mechanism of another package registers its class under the entry-point group
    ``lisse.mechanisms`` and is switched on by name in :class:`lisse.cell.options.Options`.
    """

    name: ClassVar[str] = ""
    parameters: ClassVar[tuple[ParameterInfo, ...]] = ()
    references: ClassVar[tuple[str, ...]] = ()

    def publish(self, assembly: Assembly) -> None:
        """Create states and publish variables, overpotentials and lithium inventories."""

    def equations(self, assembly: Assembly) -> None:
        """Add rates, residuals, boundary conditions, dissipation and events."""


def parameter(name: str) -> pybamm.Parameter:
    """Return the PyBaMM parameter of that name."""
    import pybamm

    return pybamm.Parameter(name)


def arrhenius(activation_energy: Any, temperature: Any, reference: Any = REFERENCE_TEMPERATURE) -> Any:
    r"""Arrhenius factor, 1 at the reference temperature.

    .. math:: a_T = \exp\left[-\frac{E}{R}\left(\frac{1}{T} - \frac{1}{T_0}\right)\right]

    Parameters
    ----------
    activation_energy
        :math:`E` [J/mol].
    temperature, reference
        :math:`T`, :math:`T_0` [K].

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.isclose(arrhenius(37e3, 398.15) / arrhenius(37e3, 248.15), 860, rtol=0.02))  # LePage, -25 to 125 C
    True
    """
    import numpy as np

    return np.exp(-activation_energy / GAS_CONSTANT * (1 / temperature - 1 / reference))
