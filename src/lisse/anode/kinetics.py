"""Charge transfer at the anode, and the resistance of an indium anode that runs out of lithium.

Leaves out: the interphase and the contact resistance (other files), and the influence of stress on the
kinetics, below 0.4 mV in lithium.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from lisse.mechanism import (
    ANODE,
    FARADAY,
    GAS_CONSTANT,
    REFERENCE_TEMPERATURE,
    Assembly,
    Face,
    Mechanism,
    ParameterInfo,
    arrhenius,
    parameter,
)

SMALLEST_REMAINDER = 1e-4
"""Remaining share of lithium below which the depletion resistance is held [-]."""


def charge_transfer_resistance(
    reference_resistance: Any,
    activation_energy: Any,
    temperature: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Charge-transfer resistance per area [ohm m^2] at a temperature.

    .. math:: R_{ct}(T) = R_{ct,0}\exp\left[+\frac{E}{R}\left(\frac{1}{T}-\frac{1}{T_0}\right)\right]

    Parameters
    ----------
    reference_resistance
        :math:`R_{ct,0}` [ohm m^2] at :math:`T_0`; 1e-4 (1 ohm cm2) with a spread of a factor 30 for lithium.
    activation_energy
        :math:`E` [J/mol]; 34e3 to 43e3 (0.35 to 0.45 eV).
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].

    Examples
    --------
    50 ohm cm2 at 25 degC and 5 at 60 degC are 0.56 eV (Y.-G. Lee et al., Nat. Energy 5 (2020) 299,
    second-hand):

    >>> round(float(charge_transfer_resistance(50.0, 0.56 * 96485.33212, 333.15)))
    5
    """
    return reference_resistance / arrhenius(activation_energy, temperature, reference_temperature)


def exchange_current_density(resistance: Any, temperature: Any) -> Any:
    r"""Exchange current density per cell area [A/m^2] that belongs to a charge-transfer resistance.

    .. math:: i_{00} = \frac{RT}{F R_{ct}}

    Parameters
    ----------
    resistance
        :math:`R_{ct}` [ohm m^2] at full contact and at this temperature.
    temperature
        :math:`T` [K].

    Examples
    --------
    1 ohm cm2 at 25 degC is 257 A/m2:

    >>> round(exchange_current_density(1e-4, 298.15))
    257
    """
    return GAS_CONSTANT * temperature / (FARADAY * resistance)


def overpotential(current_density: Any, exchange: Any, temperature: Any, contact_fraction: Any = 1.0) -> Any:
    r"""Charge-transfer overpotential of the anode [V]; positive on discharge (stripping).

    .. math:: \eta = \frac{2RT}{F}\,\mathrm{asinh}\frac{i}{2\,\theta\, i_{00}}

    Parameters
    ----------
    current_density
        :math:`i` [A/m^2] per cell area, positive on discharge.
    exchange
        :math:`i_{00}` [A/m^2] at full contact.
    temperature
        :math:`T` [K].
    contact_fraction
        :math:`\theta` [-], share of the area that touches, above 0.

    Examples
    --------
    10 A/m2 (1 mA/cm2) through 1 ohm cm2 cost 1 mV:

    >>> round(float(overpotential(10.0, exchange_current_density(1e-4, 298.15), 298.15)) * 1e3, 3)
    1.0
    """
    thermal = 2 * GAS_CONSTANT * temperature / FARADAY
    return thermal * np.arcsinh(current_density / (2 * contact_fraction * exchange))


def current_density(overpotential: Any, exchange: Any, temperature: Any, contact_fraction: Any = 1.0) -> Any:
    r"""Current density per cell area [A/m^2], positive on discharge; the inverse of :func:`overpotential`.

    .. math:: i = \theta\, 2 i_{00} \sinh\frac{F\eta}{2RT}

    Parameters
    ----------
    overpotential
        :math:`\eta` [V].
    exchange
        :math:`i_{00}` [A/m^2] at full contact.
    temperature
        :math:`T` [K].
    contact_fraction
        :math:`\theta` [-].

    Examples
    --------
    >>> round(float(current_density(1e-3, exchange_current_density(1e-4, 298.15), 298.15)), 2)
    10.0
    """
    driving = FARADAY * overpotential / (2 * GAS_CONSTANT * temperature)
    return contact_fraction * 2 * exchange * np.sinh(driving)


def depletion_resistance(resistance: Any, removed_fraction: Any, exponent: Any = 1.0) -> Any:
    r"""Resistance of a Li-In anode per area [ohm m^2] while its lithium runs out.

    .. math:: R_{In} = \frac{R_0}{(1-s)^m}

    Parameters
    ----------
    resistance
        :math:`R_0` [ohm m^2] of the full anode: 6 to 14 ohm cm2 per electrode.
    removed_fraction
        :math:`s` [-], share of the stored lithium that has been removed, 0 to 1. At 1 the cell must stop;
        above 0.9999 the resistance is held so that the solver can find that event.
    exponent
        :math:`m` [-], about 1.

    References
    ----------
    Shape assumed; ends from R. Koerver et al., Chem. Mater. 29 (2017) 5574-5582 (second-hand).

    Examples
    --------
    30 ohm rise to the 590 ohm seen at the end of discharge when 95 % of the lithium is gone:

    >>> round(float(depletion_resistance(30.0, 0.949)), -1)
    590.0
    """
    return resistance / np.maximum(1 - removed_fraction, SMALLEST_REMAINDER) ** exponent


class AnodeReaction(Mechanism):
    """Charge transfer at the anode and its lithium reservoir (Li, or an alloy that runs out).

    Parameters
    ----------
    double_layer
        Whether the interface stores charge (needed for impedance).
    face
        The lithium face.
    """

    name = "anode reaction"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Anode potential [V]", "Against Li/Li+"),
        ParameterInfo("Anode charge-transfer resistance [Ohm.m2]", "At full contact and 25 degC"),
        ParameterInfo("Anode charge-transfer activation energy [J.mol-1]", "Arrhenius energy", 0.0),
        ParameterInfo("Anode double-layer capacity [F.m-2]", "Per cell area", 0.01),
        ParameterInfo("Anode depletion exponent", "m in (1 - s)^-m; 0 for lithium metal", 0.0),
    )

    def __init__(self, *, double_layer: bool = False, face: Face = ANODE) -> None:
        self.double_layer, self.face = double_layer, face

    def publish(self, assembly: Assembly) -> None:
        """Publish the overpotential and the current that moves lithium."""
        import pybamm

        face = self.face.name
        lithium = assembly[f"{face} lithium [mol.m-2]"]
        current, temperature = assembly.current_at(self.face), assembly["Temperature [K]"]
        resistance = charge_transfer_resistance(
            parameter("Anode charge-transfer resistance [Ohm.m2]"),
            parameter("Anode charge-transfer activation energy [J.mol-1]"),
            temperature,
        )
        removed = 1 - lithium / parameter(f"Initial {self.face.inventory} lithium [mol.m-2]")
        resistance = depletion_resistance(resistance, removed, parameter("Anode depletion exponent"))
        exchange = exchange_current_density(resistance, temperature)
        contact = assembly[f"{face} contact fraction"]
        if self.double_layer:
            drop = pybamm.Variable(f"{face} charge-transfer overpotential [V]")
            faradaic = current_density(drop, exchange, temperature, contact)
        else:
            drop = overpotential(current, exchange, temperature, contact)
            faradaic = current
        assembly.variables |= {
            f"{face} charge-transfer overpotential [V]": drop,
            f"{face} faradaic current density [A.m-2]": faradaic,
        }
        assembly.add_overpotential(self.face.inventory, drop if self.face.sign > 0 else -drop)

    def equations(self, assembly: Assembly) -> None:
        """Charge the double layer, if there is one, and book the heat."""
        drop = assembly[f"{self.face.name} charge-transfer overpotential [V]"]
        faradaic = assembly[f"{self.face.name} faradaic current density [A.m-2]"]
        assembly.add_dissipation(self.face.inventory, faradaic * drop)
        if self.double_layer:
            capacity = parameter("Anode double-layer capacity [F.m-2]")
            rate = (assembly.current_at(self.face) - faradaic) / capacity
            assembly.add_state(drop, rate, 0)
            assembly.add_double_layer(self.face.inventory, capacity * drop, capacity * drop**2 / 2)
