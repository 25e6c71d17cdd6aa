"""Interphase between lithium and the electrolyte: charge consumed, thickness, resistance.

One rate law with mixed reaction and diffusion control covers the three types: none (1), mixed-conducting and
unbounded (2), ion-conducting and self-limiting (3). Leaves out: the phases' own thermodynamics (windows).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from lisse.mechanism import ANODE, FARADAY, Assembly, Face, Mechanism, ParameterInfo, arrhenius, parameter

FIRST_CHARGE = 3.6
"""Charge of the film that forms on touching [C/m2] (0.1 uAh/cm2), below which the root law is singular."""
NO_REACTION = 1e30
"""Stands for an infinite rate constant in the sum of the two resistances to growth."""
ROUGHENING_EXPONENT = 8
"""How steeply the fresh surface sets in with the plating current at the rims of voids [-]; assumed."""
THROUGH = "interphase_through"
"""Name of the event."""


def consumption_rate(charge: Any, reaction_rate: Any, parabolic_constant: Any) -> Any:
    r"""Current density that the interphase consumes [A/m^2] at the reference temperature.

    .. math:: \dot q = \left[\frac{1}{k_r} + \frac{2q}{k_q^2}\right]^{-1}

    Parameters
    ----------
    charge
        :math:`q` [C/m^2] of lithium consumed so far.
    reaction_rate
        :math:`k_r` [A/m^2]; infinite growth control by diffusion: use a large number.
    parabolic_constant
        :math:`k_q` [C/(m^2 s^0.5)].

    Examples
    --------
    Li6PS5Cl at 400 h: 60 uAh/cm2, so its rate is half of that over the time:

    >>> k_q = 3.0e-6 * 3600 * 1e4 / 60
    >>> round(float(consumption_rate(60e-6 * 3.6e7, 1e30, k_q)) * 400 * 3600 / 3.6e7 * 1e6)
    30
    """
    return 1 / (1 / reaction_rate + 2 * charge / parabolic_constant**2)


def charge_after(
    duration: Any, charge: Any, reaction_rate: Any, parabolic_constant: Any, temperature_factor: Any = 1.0
) -> Any:
    r"""Charge consumed [C/m^2] after a time at constant temperature, in closed form.

    .. math:: \frac{q}{k_r} + \frac{q^2}{k_q^2} = a_T\,t + \text{const.}

    Parameters
    ----------
    duration
        Time [s].
    charge
        :math:`q` at its beginning [C/m^2].
    reaction_rate, parabolic_constant
        :math:`k_r` [A/m^2], :math:`k_q` [C/(m^2 s^0.5)].
    temperature_factor
        :math:`a_T` [-], and any factor of fresh surface.

    Examples
    --------
    >>> k_q = 3.0e-6 * 3600 * 1e4 / 60
    >>> [round(float(charge_after(h * 3600, 0.0, 1e30, k_q)) / 3.6e7 * 1e6, 1) for h in (100, 400)]
    [30.0, 60.0]
    """
    half = parabolic_constant**2 / (2 * reaction_rate)
    reached = charge**2 + 2 * half * charge + parabolic_constant**2 * temperature_factor * duration
    return np.sqrt(half**2 + reached) - half


def thickness(charge: Any, thickness_per_charge: Any) -> Any:
    r"""Thickness of the interphase [m], :math:`\delta = v_q q`.

    Examples
    --------
    60 uAh/cm2 on Li6PS5Cl are 540 nm:

    >>> round(thickness(60e-6 * 3.6e7, 9e-9 / 36.0) * 1e9)
    540
    """
    return thickness_per_charge * charge


def area_resistance(charge: Any, thickness_per_charge: Any, conductivity: Any) -> Any:
    r"""Ionic resistance of the interphase per area [ohm m^2], :math:`R = \delta/\sigma`.

    Examples
    --------
    300 nm with 1e-6 S/cm are 30 ohm cm2, the bound of the published spectra:

    >>> round(area_resistance(1200.0, 9e-9 / 36.0, 1e-4) * 1e4)
    30
    """
    return thickness(charge, thickness_per_charge) / conductivity


def roughening(edge_current: Any, half: Any) -> Any:
    r"""Degree to which plating makes fresh surface [-]: rises from 0 to 1 about half of the critical current.

    .. math:: f = \frac{(i_{edge}/i_{1/2})^8}{1 + (i_{edge}/i_{1/2})^8}

    Parameters
    ----------
    edge_current
        :math:`i_{edge}` [A/m^2] of plating, not negative.
    half
        :math:`i_{1/2}` [A/m^2], half of the critical plating current.

    Examples
    --------
    >>> [round(float(roughening(i, 10.0)), 3) for i in (5.0, 10.0, 20.0)]
    [0.004, 0.5, 0.996]
    """
    square = (edge_current / half) * (edge_current / half)
    power = square * square * square * square
    return power / (1 + power)


class Interphase(Mechanism):
    """Interphase of one lithium face: lithium consumed, thickness, resistance, and the end of the separator.

    Parameters
    ----------
    face
        The lithium face.
    """

    name = "interphase"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Anode interphase reaction rate [A.m-2]", "Growth limited by the reaction, at 25 degC"),
        ParameterInfo("Anode interphase parabolic constant [C.m-2.s-0.5]", "Growth limited by diffusion, at 25 degC"),
        ParameterInfo("Anode interphase activation energy [J.mol-1]", "Arrhenius energy of growth"),
        ParameterInfo("Anode interphase thickness per charge [m3.C-1]", "Volume per charge of lithium consumed"),
        ParameterInfo("Anode interphase conductivity [S.m-1]", "For lithium ions"),
        ParameterInfo("Anode interphase fresh-surface factor", "Faster growth where plating roughens the surface"),
        ParameterInfo("Anode roughening current density [A.m-2]", "Plating at which half of the surface is fresh"),
        ParameterInfo(
            "Anode interphase electron conduction", "1 if it conducts electrons and never stops, else 0", 0.0
        ),
        ParameterInfo("Initial anode interphase charge [C.m-2]", "Film that forms on touching", FIRST_CHARGE),
    )

    def __init__(self, face: Face = ANODE) -> None:
        self.face = face

    def publish(self, assembly: Assembly) -> None:
        """Create the charge consumed; publish thickness, resistance and the current that the growth consumes."""
        import pybamm

        face, temperature = self.face.name, assembly["Temperature [K]"]
        charge = pybamm.Variable(f"{face} interphase charge [C.m-2]", scale=100)
        per_charge = parameter("Anode interphase thickness per charge [m3.C-1]")
        edge = assembly.get(f"{face} edge plating current density [A.m-2]")
        if edge is None:
            edge = np.maximum(-assembly.current_at(self.face), 0.0)
        # The critical plating current carries the Arrhenius factor of the creep of lithium.
        warm = arrhenius(parameter("Anode creep activation energy [J.mol-1]"), temperature)
        fresh = roughening(edge, parameter("Anode roughening current density [A.m-2]") * warm)
        speed = arrhenius(parameter("Anode interphase activation energy [J.mol-1]"), temperature)
        rate = consumption_rate(
            charge,
            parameter("Anode interphase reaction rate [A.m-2]"),
            parameter("Anode interphase parabolic constant [C.m-2.s-0.5]"),
        )
        grown = 1 + parameter("Anode interphase fresh-surface factor") * fresh
        film = thickness(charge, per_charge)
        assembly.variables |= {
            charge.name: charge,
            f"{face} interphase thickness [m]": film,
            f"{face} interphase area resistance [Ohm.m2]": area_resistance(
                charge, per_charge, parameter("Anode interphase conductivity [S.m-1]")
            ),
            f"{face} interphase consumption [A.m-2]": rate * speed * grown,
        }
        assembly.lithium[f"{self.face.inventory} interphase"] = charge / FARADAY
        # The electrolyte that is consumed takes about the volume of the lithium with it.
        lithium = parameter("Anode lithium molar volume [m3.mol-1]") / FARADAY
        start = parameter("Initial anode interphase charge [C.m-2]")
        assembly.swelling.append((per_charge - lithium) * (charge - start))

    def equations(self, assembly: Assembly) -> None:
        """Let it grow; end the run where one that conducts electrons has crossed the separator."""
        import pybamm

        face = self.face.name
        charge, rate = assembly[f"{face} interphase charge [C.m-2]"], assembly[f"{face} interphase consumption [A.m-2]"]
        assembly.add_state(charge, rate, parameter("Initial anode interphase charge [C.m-2]"))
        share = assembly[f"{face} interphase thickness [m]"] / parameter("Separator thickness [m]")
        left = 1 - parameter("Anode interphase electron conduction") * share
        assembly.events.append(pybamm.Event(THROUGH, left))
