"""Open-circuit voltage with temperature and pressure, and the lithium volume that the pressure works on.

Leaves out: hysteresis between charge and discharge, and the dependence of the strain on the pressure itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lisse.cathode.diffusion import population_name
from lisse.mechanism import FARADAY, REFERENCE_TEMPERATURE, Assembly, Mechanism, ParameterInfo, parameter

if TYPE_CHECKING:
    import pybamm

UNREACHED = 0.01
"""Distance beyond an empty or full oxide, where kinetics ends every run: a bound there never does [-]."""


def partial_molar_volume(molar_mass: Any, density: Any, strain_slope: Any) -> Any:
    r"""Volume that one mole of lithium adds to the oxide [m^3/mol].

    .. math:: \bar V_{Li} = \frac{M}{\rho}\,\frac{d\varepsilon_v}{dx}

    Always derived from the strain: published curves count the unit cell (three formula units) and are about
    three times too large.

    Parameters
    ----------
    molar_mass
        :math:`M` [kg/mol] of the oxide.
    density
        :math:`\rho` [kg/m^3].
    strain_slope
        :math:`d\varepsilon_v/dx` [-], slope of the volume strain (a fraction, not per cent) in lithium
        content; positive where the lattice swells on lithiation, negative for LiCoO2 at 0.65 < x < 0.9.

    References
    ----------
    Strains: de Biasi et al. 2017 (second-hand).

    Examples
    --------
    NMC811 from x = 0.90 to 0.75 shrinks by 0.61 %: 0.8 cm3/mol on the plateau:

    >>> round(partial_molar_volume(97.28e-3, 4770.0, 0.0061 / 0.15) * 1e6, 1)
    0.8
    """
    return molar_mass / density * strain_slope


def pressure_coefficient(volume_cathode: Any, volume_anode: Any) -> Any:
    r"""Change of the cell's equilibrium voltage with pressure [V/Pa]; 1 cm3/mol is 0.01036 mV/MPa.

    .. math:: \left(\frac{\partial E}{\partial p}\right)_T
              = -\frac{\bar V_{Li,cathode} - \bar V_{Li,anode}}{F}

    The discharge moves lithium from the anode into the oxide; where this shrinks the cell, pressure helps it.

    Parameters
    ----------
    volume_cathode
        :math:`\bar V_{Li,cathode}` [m^3/mol], see :func:`partial_molar_volume`.
    volume_anode
        :math:`\bar V_{Li,anode}` [m^3/mol]: 12.997e-6 for lithium, 7.89e-6 for In to InLi.

    References
    ----------
    R. Koerver et al., Energy Environ. Sci. 11 (2018) 2142-2158. Measured slopes scatter by a factor 2.

    Examples
    --------
    Share of a lithium and of an indium anode [mV/MPa]:

    >>> [round(pressure_coefficient(0.0, volume) * 1e9, 3) for volume in (12.997e-6, 7.89e-6)]
    [0.135, 0.082]
    """
    return -(volume_cathode - volume_anode) / FARADAY


def open_circuit_voltage(
    reference_voltage: Any,
    temperature: Any,
    entropic_coefficient: Any,
    pressure: Any,
    reference_pressure: Any,
    volume_cathode: Any,
    volume_anode: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Open-circuit voltage of the cell at temperature and pressure.

    .. math:: U = U_{ref}(x) + (T - T_{ref})\frac{dU}{dT}
              - \frac{\bar V_{Li,cathode} - \bar V_{Li,anode}}{F}\,(p - p_{ref})

    Parameters
    ----------
    reference_voltage
        :math:`U_{ref}` [V] at the lithium content in question.
    temperature, reference_temperature
        :math:`T`, :math:`T_{ref}` [K].
    entropic_coefficient
        :math:`dU/dT` [V/K].
    pressure, reference_pressure
        :math:`p`, :math:`p_{ref}` [Pa], positive in compression.
    volume_cathode, volume_anode
        Partial molar volumes of lithium [m^3/mol]; with ``volume_anode = 0`` only the cathode's term stays.

    Examples
    --------
    -0.1 mV/K (NMC111) lowers 3.8 V by 3.5 mV at 60 degC:

    >>> round(float(open_circuit_voltage(3.8, 333.15, -1e-4, 5e6, 5e6, 0.8e-6, 12.997e-6)), 4)
    3.7965
    """
    return (
        reference_voltage
        + (temperature - reference_temperature) * entropic_coefficient
        + pressure_coefficient(volume_cathode, volume_anode) * (pressure - reference_pressure)
    )


class OpenCircuit(Mechanism):
    """Open-circuit potential of one population at temperature and pressure.

    Parameters
    ----------
    population
        Number of the population.
    """

    name = "open circuit"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Positive electrode OCP [V]", "Open-circuit potential as a function of the lithium content"),
        ParameterInfo(
            "Positive electrode OCP entropic change [V.K-1]", "dU/dT as a function of the lithium content", 0.0
        ),
        ParameterInfo(
            "Positive electrode partial molar volume of lithium [m3.mol-1]",
            "As a function of the lithium content",
            0.0,
        ),
        ParameterInfo("Reference pressure [Pa]", "Pressure at which the open-circuit curve holds", 101325.0),
        ParameterInfo(
            "Anode partial molar volume of lithium [m3.mol-1]",
            "For the pressure term of the voltage",
            12.997e-6,
        ),
        ParameterInfo("Lowest lithium content", "A particle's surface below it ends the run", -UNREACHED),
        ParameterInfo("Highest lithium content", "A particle's surface above it ends the run", 1 + UNREACHED),
    )

    def __init__(self, population: int = 1) -> None:
        self.population = population

    def _potential(self, content: pybamm.Symbol, temperature: pybamm.Symbol, pressure: pybamm.Symbol) -> pybamm.Symbol:
        import pybamm

        def curve(name: str) -> pybamm.Symbol:
            return pybamm.FunctionParameter(population_name(name, self.population), {"Lithium content": content})

        return open_circuit_voltage(
            curve("Positive electrode OCP [V]"),
            temperature,
            curve("Positive electrode OCP entropic change [V.K-1]"),
            pressure,
            parameter("Reference pressure [Pa]"),
            curve("Positive electrode partial molar volume of lithium [m3.mol-1]"),
            parameter("Anode partial molar volume of lithium [m3.mol-1]"),
        )

    def publish(self, assembly: Assembly) -> None:
        """Publish the potential at the surface, in the bulk, at the mean content and at the start."""
        import pybamm

        temperature, pressure = assembly["Temperature [K]"], assembly["Stack pressure [Pa]"]

        def label(name: str) -> str:
            return population_name(name, self.population)

        def at(name: str) -> pybamm.Symbol:
            return self._potential(assembly[label(name)], temperature, pressure)

        start = parameter(label("Initial lithium content"))
        assembly.variables |= {
            label("Open-circuit potential [V]"): at("Lithium content"),
            label("Surface open-circuit potential [V]"): at("Surface lithium content"),
            # Enthalpy: what is left of the potential at absolute zero and reference pressure.
            label("Enthalpy potential [V]"): self._potential(
                assembly[label("Lithium content")], pybamm.Scalar(0), parameter("Reference pressure [Pa]")
            ),
            label("Initial open-circuit potential [V]"): self._potential(
                start, assembly["Initial temperature [K]"], assembly["Initial stack pressure [Pa]"]
            ),
        }
        self._add_to_mean(assembly, at("Mean lithium content"))
        self._guard(assembly)

    def _add_to_mean(self, assembly: Assembly, potential: pybamm.Symbol) -> None:
        """Add this population's share to the potential that the book of losses starts from.

        Each population counts at its own mean content, weighted with its capacity: materials of a blend have no mean
        content in common. At rest all of them are at one potential, and this is it.
        """
        name, capacity = "Open-circuit potential of mean content [V]", "Content capacity of all populations [C.m-2]"
        own = assembly[population_name("Content capacity [C.m-2]", self.population)]
        if assembly[capacity] is own:
            assembly.variables[name] = potential
            return
        part = own / assembly[capacity] * potential
        assembly.variables[name] = part if self.population == 1 else assembly[name] + part

    def _guard(self, assembly: Assembly) -> None:
        """End the run where the curve ends.

        The surface suffices: diffusion puts no content, and so no mean, beyond what the surface or the start has had.
        """
        import pybamm

        surface = assembly[population_name("Surface lithium content", self.population)]
        lowest, highest = (
            parameter(population_name(f"{end} lithium content", self.population)) for end in ("Lowest", "Highest")
        )
        for side, distance in (("below", pybamm.min(surface) - lowest), ("above", highest - pybamm.max(surface))):
            name = population_name(f"Lithium content {side} the open-circuit curve", self.population)
            assembly.events.append(pybamm.Event(name, distance))
