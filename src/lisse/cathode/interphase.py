"""Interphase between oxide and sulfide: parabolic growth above an onset voltage, its charge, its resistance, coatings.

What is oxidised is electrolyte: electrons and lithium that the oxide does not give. Leaves out: products by name
(``lisse`` has them elsewhere), reduction at the end of discharge, and cracks that open fresh surface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.cathode.shrinkage import positive_part
from lisse.mechanism import FARADAY, GAS_CONSTANT, Assembly, Mechanism, ParameterInfo, arrhenius, parameter

if TYPE_CHECKING:
    import pybamm

HIGHEST_VOLTAGE = 5.0
"""Highest cut-off of the measurements behind the law; above it the constant keeps its value there [V vs Li]."""
FIRST_THICKNESS = 1e-9
"""Thickness below which the growth is not yet slowed by the film [m]."""
REFERENCE_VOLTAGE = 4.3
"""Voltage at which the parabolic constant holds [V vs Li]."""
FILM_WIDTH = 1e-11
"""Distance from its end at which the fast part fades out [m]."""
CARBON_FILM = "Cathode interphase thickness on carbon [m]"
"""State of what the electrolyte leaves on carbon."""
VACUUM_PERMITTIVITY = 8.8541878128e-12
"""[F/m] (CODATA 2018)."""


def onset(voltage: Any, start: Any, width: Any) -> Any:
    r"""Share of the full rate at a voltage, :math:`\varphi_{on} = 1/(1 + e^{-(U - U_{on})/w})`.

    Examples
    --------
    >>> [round(float(onset(u, 3.8, 0.05)), 3) for u in (3.6, 3.8, 4.0)]
    [0.018, 0.5, 0.982]
    """
    return 1 / (1 + np.exp(-(voltage - start) / width))


def parabolic_constant(constant: Any, sensitivity: Any, voltage: Any) -> Any:
    r"""Parabolic constant at a voltage [m^2/s], :math:`k_p = k_{p0}\, e^{s_V (U - 4.3\,V)}`.

    Parameters
    ----------
    constant
        :math:`k_{p0}` [m^2/s] at 4.3 V.
    sensitivity
        :math:`s_V` [1/V].
    voltage
        :math:`U` [V vs Li]; beyond 5 V, where nothing was measured, the value at 5 V.

    Examples
    --------
    >>> round(float(parabolic_constant(3e-23, 8.2, 4.6) / 3e-23), 1)
    11.7
    """
    return constant * np.exp(sensitivity * (np.minimum(voltage, HIGHEST_VOLTAGE) - REFERENCE_VOLTAGE))


def growth_rate(thickness: Any, constant: Any, first: Any) -> Any:
    r"""Growth of a film that its own thickness slows down [m/s].

    .. math:: \dot\ell = \frac{k_p}{2\ell + \ell_0} \;\Rightarrow\; \ell^2 + \ell_0 \ell = k_p t

    Parameters
    ----------
    thickness
        :math:`\ell` [m].
    constant
        :math:`k_p` [m^2/s].
    first
        :math:`\ell_0` [m].

    Examples
    --------
    >>> round(float(growth_rate(2e-9, 3e-23, 1e-9)) * 1e15, 1)
    6.0
    """
    return constant / (2 * thickness + first)


def parallel_film_resistance(films: Any, shares: Any, exchange: Any, temperature: Any) -> Any:
    r"""Film resistance per whole area [ohm m^2] of patches side by side, each under its own charge transfer.

    .. math:: \frac{1}{R_{ct} + R} = \sum_i \frac{f_i}{R_{ct} + R_i},\quad R_{ct} = \frac{RT}{F i_0}

    Parameters
    ----------
    films
        Sequence of :math:`R_i` [ohm m^2].
    shares
        Sequence of :math:`f_i` [-], adding up to one.
    exchange
        :math:`i_0` [A/m^2].
    temperature
        :math:`T` [K].

    Examples
    --------
    >>> round(float(parallel_film_resistance([0.3, 0.3], [0.5, 0.5], 0.1, 298.15)), 3)
    0.3
    """
    transfer = GAS_CONSTANT * temperature / (FARADAY * exchange)
    return 1 / sum(share / (transfer + film) for film, share in zip(films, shares, strict=True)) - transfer


def depletion_width(step: Any, permittivity: Any, concentration: Any) -> Any:
    r"""Width of the space-charge layer [m] (Mott-Schottky).

    .. math:: w = \sqrt{2 \varepsilon_r \varepsilon_0 \Delta\varphi / (F c)}

    Parameters
    ----------
    step
        :math:`\Delta\varphi` [V].
    permittivity
        :math:`\varepsilon_r` [-].
    concentration
        :math:`c` [mol/m^3] of mobile lithium.

    Examples
    --------
    1 V, all lithium mobile and one in a hundred [nm]:

    >>> [round(float(depletion_width(1.0, 10.0, c)) * 1e9, 2) for c in (3.4e4, 340.0)]
    [0.23, 2.32]
    """
    return np.sqrt(2 * permittivity * VACUUM_PERMITTIVITY * step / (FARADAY * concentration))


class CathodeInterphase(Mechanism):
    """Interphase on one population, under its coating and beside it, and on the carbon (with population 1).

    Parameters
    ----------
    population
        Number of the population.
    coated
        Whether the particles wear a coating.
    carbon
        Whether the composite holds carbon on which the electrolyte is oxidised too.
    space_charge
        Whether bare oxide has a space-charge layer until the interphase replaces it.
    """

    name = "cathode interphase"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Cathode interphase parabolic constant [m2.s-1]", "Growth on bare oxide at 4.3 V and 25 degC"),
        ParameterInfo("Cathode interphase activation energy [J.mol-1]", "Arrhenius energy of growth"),
        ParameterInfo("Cathode interphase voltage sensitivity [V-1]", "s_V, of the parabolic constant"),
        ParameterInfo("Cathode interphase onset voltage [V]", "Against lithium"),
        ParameterInfo("Cathode interphase onset width [V]", "Width of the onset"),
        ParameterInfo("Cathode interphase first thickness [m]", "Below it growth is not yet slowed", FIRST_THICKNESS),
        ParameterInfo("Cathode interphase fast thickness [m]", "What forms at once above the onset, on bare oxide"),
        ParameterInfo("Cathode interphase fast time [s]", "Time in which it does"),
        ParameterInfo("Cathode interphase conductivity [S.m-1]", "For lithium ions, at 25 degC"),
        ParameterInfo("Cathode interphase conductivity activation energy [J.mol-1]", "Arrhenius energy"),
        ParameterInfo("Cathode interphase charge per volume [C.m-3]", "Oxidation charge of the electrolyte"),
        ParameterInfo("Cathode interphase oxidation potential [V]", "At which the electrolyte is oxidised at all"),
        ParameterInfo("Coating residual reactivity", "Parabolic constant under the coating, share", 1.0),
        ParameterInfo("Space-charge layer resistance [Ohm.m2]", "On bare oxide; not beside the interphase's", 0.0),
        ParameterInfo("Carbon area per volume [m-1]", "Of the composite", 0.0),
        ParameterInfo("Carbon oxidation factor", "Parabolic constant on carbon over that on bare oxide", 1.0),
        ParameterInfo("Initial cathode interphase thickness [m]", "Of the past, on bare oxide", 0.0),
    )

    def __init__(
        self, population: int = 1, *, coated: bool = False, carbon: bool = False, space_charge: bool = False
    ) -> None:
        self.population, self.coated, self.space_charge = population, coated, space_charge
        self.carbon = carbon and population == 1

    def label(self, name: str) -> str:
        """Return the name of a variable of this population."""
        return population_name(name, self.population)

    @property
    def _patches(self) -> tuple[str, ...]:
        """Names of the patches of the oxide's surface."""
        return ("bare", "coated") if self.coated else ("bare",)

    def publish(self, assembly: Assembly) -> None:
        """Create thicknesses and charge; publish the films and the current that the oxidation gives."""
        import pybamm

        films, shares, mean = [], [], pybamm.Scalar(0)
        warm = arrhenius(
            parameter("Cathode interphase conductivity activation energy [J.mol-1]"), assembly["Temperature [K]"]
        )
        conductivity = parameter("Cathode interphase conductivity [S.m-1]") * warm
        covered = parameter(self.label("Positive electrode coated fraction")) if self.coated else pybamm.Scalar(0)
        for patch in self._patches:
            slow, fast = (
                pybamm.Variable(self.label(f"Cathode interphase {part} thickness on {patch} oxide [m]"), scale=1e-9)
                for part in ("slow", "fast")
            )
            assembly.variables |= {slow.name: slow, fast.name: fast}
            resistance = (slow + fast) / conductivity
            share = covered if patch == "coated" else 1 - covered
            if patch == "coated":
                resistance = resistance + parameter(self.label("Positive electrode interfacial resistance [Ohm.m2]"))
            elif self.space_charge:
                # An interphase takes the place of the layer that electrons and ions would leave depleted.
                resistance = np.maximum(resistance, parameter("Space-charge layer resistance [Ohm.m2]"))
            films.append(resistance)
            shares.append(share)
            mean = mean + share * (slow + fast)
        assembly.variables |= {
            self.label("Cathode interphase thickness [m]"): mean,
            self.label("Mean film resistance [Ohm.m2]"): sum(f * r for f, r in zip(shares, films, strict=True)),
        }
        assembly.films[self.population] = films, shares
        charge = pybamm.Variable(self.label("Cathode interphase charge [C.m-2]"), scale=1e3)
        assembly.variables[charge.name] = charge
        if self.carbon:
            film = pybamm.Variable(CARBON_FILM, scale=1e-9)
            assembly.variables[film.name] = film
        # Lithium that leaves the electrolyte; the books count what is lost of it.
        assembly.lithium[self.label("cathode interphase")] = -charge / FARADAY
        assembly.side_reactions[self.population] = self.oxidation

    def oxidation(self, assembly: Assembly) -> pybamm.Symbol:
        """Publish the growth of each thickness; return the current of oxidation, not negative [A/m2 of cell]."""
        voltage = assembly["Positive electrode surface potential difference [V]"]
        temperature = assembly["Temperature [K]"]
        warm = arrhenius(parameter("Cathode interphase activation energy [J.mol-1]"), temperature)
        started = onset(
            voltage,
            parameter("Cathode interphase onset voltage [V]"),
            parameter("Cathode interphase onset width [V]"),
        )
        constant = parabolic_constant(
            parameter("Cathode interphase parabolic constant [m2.s-1]"),
            parameter("Cathode interphase voltage sensitivity [V-1]"),
            voltage,
        )
        driven = electrode_mean(started * constant) * warm
        first, begun = parameter("Cathode interphase first thickness [m]"), electrode_mean(started)
        left = parameter("Coating residual reactivity")
        rates: dict[str, pybamm.Symbol] = {}
        mean = 0
        for patch, share in zip(self._patches, assembly.films[self.population][1], strict=True):
            held = left if patch == "coated" else 1
            slow, fast = (
                assembly[self.label(f"Cathode interphase {part} thickness on {patch} oxide [m]")]
                for part in ("slow", "fast")
            )
            # A film by itself grows as the root of its constant, and so does what forms at once.
            target = parameter("Cathode interphase fast thickness [m]") * held**0.5 * begun
            rates[slow.name] = growth_rate(slow, held * driven, first)
            rates[fast.name] = (
                positive_part(target - fast, FILM_WIDTH) * warm / parameter("Cathode interphase fast time [s]")
            )
            mean = mean + share * (rates[slow.name] + rates[fast.name])
        grown = assembly[self.label("Wetted area per volume [m-1]")] * mean
        if self.carbon:
            film = assembly[CARBON_FILM]
            rates[film.name] = growth_rate(film, parameter("Carbon oxidation factor") * driven, first)
            grown = grown + parameter("Carbon area per volume [m-1]") * rates[film.name]
        per_volume = parameter("Cathode interphase charge per volume [C.m-3]")
        current = grown * per_volume * parameter("Positive electrode thickness [m]")
        assembly.variables |= {f"Growth of {name}": rate for name, rate in rates.items()}
        assembly.variables[self.label("Cathode oxidation current density [A.m-2]")] = current
        return current

    def equations(self, assembly: Assembly) -> None:
        """Let the films grow and book charge and heat of the oxidation."""
        names = [
            self.label(f"Cathode interphase {part} thickness on {patch} oxide [m]")
            for patch in self._patches
            for part in ("slow", "fast")
        ]
        if self.carbon:
            names.append(CARBON_FILM)
        for name in names:
            begin = parameter("Initial cathode interphase thickness [m]") if "slow thickness on bare" in name else 0
            assembly.add_state(assembly[name], assembly[f"Growth of {name}"], begin)
        current = assembly[self.label("Cathode oxidation current density [A.m-2]")]
        assembly.add_state(assembly[self.label("Cathode interphase charge [C.m-2]")], current, 0)
        difference = electrode_mean(assembly["Positive electrode surface potential difference [V]"])
        assembly.add_dissipation(
            "cathode kinetics", current * (difference - parameter("Cathode interphase oxidation potential [V]"))
        )
