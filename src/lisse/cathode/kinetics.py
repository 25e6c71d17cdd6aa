"""Charge transfer between the oxide and the electrolyte: symmetric Butler-Volmer with one ion.

Leaves out: the growth of the interphase (its resistance is an argument) and the loss of wetted area, which
acts through the area per volume.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from lisse._math import clip
from lisse.cathode.diffusion import electrode_mean, population_name
from lisse.cathode.interphase import parallel_film_resistance
from lisse.mechanism import (
    FARADAY,
    GAS_CONSTANT,
    REFERENCE_TEMPERATURE,
    Assembly,
    Mechanism,
    ParameterInfo,
    arrhenius,
    parameter,
)

LITHIUM_CLIP = 1e-4
"""Distance of x from 0 and 1 inside the square root [-]; the state is never clipped."""


def exchange_current_density(
    lithium_content: Any,
    reference: Any,
    activation_energy: Any = 0.0,
    temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Exchange current density per wetted area [A/m^2]; no salt concentration appears (one mobile ion).

    .. math:: i_0 = i_{0,ref}\; 2\sqrt{x(1-x)}\;
              \exp\left[-\frac{E}{R}\left(\frac{1}{T}-\frac{1}{298.15}\right)\right]

    Parameters
    ----------
    lithium_content
        :math:`x` [-] at the particle's surface; clipped to 1e-4 ... 0.9999 here only.
    reference
        :math:`i_{0,ref}` [A/m^2], its value at x = 0.5 and 25 degC (sulfide cells: 0.01 to 25).
    activation_energy
        :math:`E` [J/mol]; about 50e3 in sulfide cells, 24e3 to 40e3 in liquid ones.
    temperature
        :math:`T` [K].

    Examples
    --------
    0.155 A/m2 is the maximum that Bielefeld et al. 2022 give for NMC811 | Li6PS5Cl (second-hand):

    >>> round(float(exchange_current_density(0.5, 0.155)), 3)
    0.155
    """
    x = clip(lithium_content, LITHIUM_CLIP, 1 - LITHIUM_CLIP)
    return reference * 2 * np.sqrt(x * (1 - x)) * arrhenius(activation_energy, temperature)


def overpotential(current_density: Any, exchange: Any, temperature: Any, film_resistance: Any = 0.0) -> Any:
    r"""Overpotential of charge transfer and film [V]; it has the sign of the current.

    .. math:: \varphi_s - \varphi_e - U = \frac{2RT}{F}\,\mathrm{asinh}\frac{j}{2 i_0} + j R_f

    Written with asinh because sinh makes singular Jacobians at the start of a discharge.

    Parameters
    ----------
    current_density
        :math:`j` [A/m^2] per wetted area, positive where lithium leaves the oxide (charge).
    exchange
        :math:`i_0` [A/m^2].
    temperature
        :math:`T` [K].
    film_resistance
        :math:`R_f` [ohm m^2] per wetted area (interphase, coating).

    Examples
    --------
    The small-signal resistance is :math:`RT/(F i_0)`, 25.69 mV at 25 degC over :math:`i_0`:

    >>> round(float(overpotential(1e-6, 1.0, 298.15)) * 1e6 * 1e3, 2)
    25.69
    """
    thermal = 2 * GAS_CONSTANT * temperature / FARADAY
    return thermal * np.arcsinh(current_density / (2 * exchange)) + current_density * film_resistance


def current_density(overpotential: Any, exchange: Any, temperature: Any) -> Any:
    r"""Current density per wetted area [A/m^2] at a charge-transfer overpotential (no film).

    .. math:: j = 2 i_0 \sinh\frac{F\eta}{2RT}

    Parameters
    ----------
    overpotential
        :math:`\eta` [V].
    exchange
        :math:`i_0` [A/m^2].
    temperature
        :math:`T` [K].

    Examples
    --------
    A slope of 118.3 mV a decade at 25 degC (two times ln(10) RT/F):

    >>> ratio = current_density(0.5 + 0.1183, 1.0, 298.15) / current_density(0.5, 1.0, 298.15)
    >>> round(float(ratio), 2)
    10.0
    """
    return 2 * exchange * np.sinh(FARADAY * overpotential / (2 * GAS_CONSTANT * temperature))


def patchy_film_resistance(film_resistance: Any, coverage: Any, exchange: Any, temperature: Any) -> Any:
    r"""Film resistance [ohm m^2], per whole area, of a film that covers only a part of it.

    .. math:: \frac{1}{R_{ct} + R} = \frac{c}{R_{ct} + R_f} + \frac{1 - c}{R_{ct}}
              \;\Rightarrow\; R = \frac{c R_f}{1 + (1 - c) R_f / R_{ct}},\quad R_{ct} = \frac{RT}{F i_0}

    Coated and bare part carry their currents side by side, each through its own charge transfer. The split is that of
    small overpotentials; where :math:`j \gg i_0` it overstates R, because the bare part takes more than this.

    Parameters
    ----------
    film_resistance
        :math:`R_f` [ohm m^2] of the coated part.
    coverage
        :math:`c` [-], 0 to 1.
    exchange
        :math:`i_0` [A/m^2].
    temperature
        :math:`T` [K].

    Examples
    --------
    A film that blocks half the area doubles the resistance to charge transfer, 0.0257 ohm m2 at 1 A/m2:

    >>> round(float(patchy_film_resistance(1e9, 0.5, 1.0, 298.15)), 4)
    0.0257
    """
    transfer = GAS_CONSTANT * temperature / (FARADAY * exchange)
    return coverage * film_resistance / (1 + (1 - coverage) * film_resistance / transfer)


class CathodeReaction(Mechanism):
    """Butler-Volmer kinetics of one population, in the inverted form that no solver step can overflow.

    Parameters
    ----------
    population
        Number of the population.
    space_charge
        Whether bare oxide has a space-charge layer. One that an interphase covers is part of its resistance.
    """

    name = "cathode reaction"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo(
            "Positive electrode exchange-current density [A.m-2]",
            "Per wetted area, at 25 degC, as a function of the lithium content at the surface",
        ),
        ParameterInfo(
            "Positive electrode exchange-current density activation energy [J.mol-1]", "Arrhenius energy", 0.0
        ),
        ParameterInfo(
            "Positive electrode interfacial resistance [Ohm.m2]",
            "Film, per coated area of the active material",
            0.0,
        ),
        ParameterInfo("Positive electrode coated fraction", "Share of the wetted area under the film", 1.0),
    )

    def __init__(self, population: int = 1, *, space_charge: bool = False) -> None:
        self.population, self.space_charge = population, space_charge

    def equations(self, assembly: Assembly) -> None:
        """Tie the current to the overpotential, as asinh: smooth and without overflow."""
        import pybamm

        def label(name: str) -> str:
            return population_name(name, self.population)

        temperature = assembly["Temperature [K]"]
        exchange = pybamm.FunctionParameter(
            label("Positive electrode exchange-current density [A.m-2]"),
            {"Surface lithium content": assembly[label("Surface lithium content")]},
        ) * arrhenius(
            parameter(label("Positive electrode exchange-current density activation energy [J.mol-1]")),
            temperature,
        )
        current = assembly[label("Interfacial current density [A.m-2]")]
        if self.space_charge and self.population not in assembly.films:
            covered = parameter(label("Positive electrode coated fraction"))
            layers = [
                parameter(label("Positive electrode interfacial resistance [Ohm.m2]")),
                parameter("Space-charge layer resistance [Ohm.m2]"),
            ]
            film = parallel_film_resistance(layers, [covered, 1 - covered], exchange, temperature)
        elif self.population not in assembly.films:
            film = patchy_film_resistance(
                parameter(label("Positive electrode interfacial resistance [Ohm.m2]")),
                parameter(label("Positive electrode coated fraction")),
                exchange,
                temperature,
            )
        else:
            film = parallel_film_resistance(*assembly.films[self.population], exchange, temperature)
        drop = overpotential(current, exchange, temperature, film)
        transfer = GAS_CONSTANT * temperature / (FARADAY * exchange)
        area = assembly[label("Wetted area per volume [m-1]")] * parameter("Positive electrode thickness [m]")
        assembly.variables[label("Reaction conductance [S.m-2]")] = area * electrode_mean(1 / (transfer + film))
        residual = (
            assembly[label("Surface open-circuit potential [V]")]
            - assembly["Positive electrode surface potential difference [V]"]
            - drop
        )
        assembly.add_algebraic(current, residual, pybamm.PrimaryBroadcast(0, "positive electrode"))
