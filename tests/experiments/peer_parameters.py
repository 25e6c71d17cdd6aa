"""A cheap cell for PyBaMM runs: PyBaMM's Xu2019 half cell with one mobile ion, as parameters of lisse's model."""

from __future__ import annotations

from dataclasses import dataclass

import pybamm

from lisse.cell.model import SolidStateCell

FARADAY = 96485.33212
TEMPERATURE = 298.15


@dataclass(frozen=True)
class Facts:
    lower_voltage_V: float
    upper_voltage_V: float
    area_m2: float
    nominal_capacity_Ah: float
    lowest_equilibrium_V: float = 0.0
    highest_equilibrium_V: float = 10.0


def peer_parameters() -> pybamm.ParameterValues:
    peer = pybamm.ParameterValues("Xu2019")
    ionic = float(
        peer.evaluate(
            pybamm.FunctionParameter(
                "Electrolyte conductivity [S.m-1]", {"c": pybamm.Scalar(1000), "T": pybamm.Scalar(TEMPERATURE)}
            )
        )
    )
    highest = peer["Maximum concentration in positive electrode [mol.m-3]"]
    diffusivity = peer["Positive particle diffusivity [m2.s-1]"]
    exchange = peer["Positive electrode exchange-current density [A.m-2]"]
    lithium = peer["Exchange-current density for lithium metal electrode [A.m-2]"]
    at_lithium = float(
        pybamm.convert_to_symbol(
            lithium(pybamm.Scalar(1000), pybamm.Scalar(7.69e4), pybamm.Scalar(TEMPERATURE))
        ).evaluate()
    )
    active = peer["Positive electrode active material volume fraction"]
    same = (
        "Electrode width [m]",
        "Electrode height [m]",
        "Nominal cell capacity [A.h]",
        "Positive electrode thickness [m]",
        "Separator thickness [m]",
        "Positive particle radius [m]",
        "Positive electrode active material volume fraction",
        "Maximum concentration in positive electrode [mol.m-3]",
        "Positive electrode OCP [V]",
        "Lower voltage cut-off [V]",
        "Upper voltage cut-off [V]",
    )
    area = peer["Electrode width [m]"] * peer["Electrode height [m]"]
    values = {name: peer[name] for name in same}
    values |= {
        "Current function [A]": peer["Nominal cell capacity [A.h]"],
        "Nominal current density [A.m-2]": peer["Nominal cell capacity [A.h]"] / area,
        "Ambient temperature [K]": TEMPERATURE,
        "Initial temperature [K]": TEMPERATURE,
        "Heat capacity per area [J.m-2.K-1]": 500.0,
        "Heat transfer coefficient [W.m-2.K-1]": 10.0,
        "Stack pressure [Pa]": 101325.0,
        "Reference pressure [Pa]": 101325.0,
        "Highest stack pressure [Pa]": 0.0,
        "Fixture stiffness [Pa.m-1]": 0.0,
        "Electrode height fraction of volume change": 0.45,
        "Contact resistance [Ohm.m2]": 0.0,
        "Positive electrode connected fraction": 1.0,
        "Positive electrode wetted fraction": 1.0,
        "Positive electrode volume strain": 0.0,
        "Positive electrode partial molar volume of lithium [m3.mol-1]": 0.0,
        "Positive electrode interfacial resistance [Ohm.m2]": 0.0,
        "Positive electrode coated fraction": 1.0,
        "Positive electrode OCP entropic change [V.K-1]": 0.0,
        "Positive electrode double-layer capacity [F.m-2]": 0.2,
        "Positive electrode exchange-current density [A.m-2]": lambda x: exchange(
            pybamm.Scalar(1000), x * highest, highest, pybamm.Scalar(TEMPERATURE)
        ),
        "Positive electrode exchange-current density activation energy [J.mol-1]": 0.0,
        "Positive particle diffusion length ratio": 1.0,
        "Positive particle diffusivity integral [m2.s-1]": lambda x: diffusivity * x,
        "Positive particle diffusivity activation energy [J.mol-1]": 0.0,
        "Positive electrode ionic conductivity [S.m-1]": ionic * peer["Positive electrode porosity"] ** 1.5,
        "Positive electrode ionic conductivity activation energy [J.mol-1]": 0.0,
        "Positive electrode ionic conductivity temperature exponent": 0.0,
        "Positive electrode electronic conductivity [S.m-1]": peer["Positive electrode conductivity [S.m-1]"]
        * active**1.5,
        "Separator ionic conductivity [S.m-1]": ionic * peer["Separator porosity"] ** 1.5,
        "Separator ionic conductivity activation energy [J.mol-1]": 0.0,
        "Separator ionic conductivity temperature exponent": 0.0,
        "Initial lithium content": peer["Initial concentration in positive electrode [mol.m-3]"] / highest,
        "Anode potential [V]": 0.0,
        "Anode charge-transfer resistance [Ohm.m2]": 8.314462618 * TEMPERATURE / FARADAY / at_lithium,
        "Anode charge-transfer activation energy [J.mol-1]": 0.0,
        "Anode contact hardness [Pa]": 1.0,
        "Anode contact resistance [Ohm.m2]": 0.0,
        "Anode contact unloading exponent": 0.0,
        "Anode depletion exponent": 0.0,
        "Anode double-layer capacity [F.m-2]": 0.2,
        "Anode lithium molar volume [m3.mol-1]": 12.997e-6,
        "Anode partial molar volume of lithium [m3.mol-1]": 0.0,
        "Initial anode lithium [mol.m-2]": 100.0,
    }
    # A mechanism that came later brings parameters with a default.
    table = SolidStateCell().parameter_table
    defaults = {info.name: info.default for info in table if info.default is not None and info.name not in values}
    return pybamm.ParameterValues(values | defaults)


def facts_of(values: pybamm.ParameterValues) -> Facts:
    return Facts(
        float(values["Lower voltage cut-off [V]"]),
        float(values["Upper voltage cut-off [V]"]),
        float(values["Electrode width [m]"] * values["Electrode height [m]"]),
        float(values["Nominal cell capacity [A.h]"]),
    )
