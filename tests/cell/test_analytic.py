"""The cell model against closed forms: porous-electrode resistance and impedance, equilibrium, mesh rates, sphere."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from lisse.cathode import transmission_line
from lisse.cell.model import SolidStateCell
from lisse.cell.peer import from_pybamm_half_cell

FARADAY, GAS_CONSTANT, ROOM = 96485.33212, 8.314462618, 298.15
TIGHT = {"rtol": 1e-8, "atol": 1e-10}


def xu(**changes: object) -> pybamm.ParameterValues:
    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    values = from_pybamm_half_cell(source)
    values.update(changes)
    return values


def composite(thickness: float, ionic: float, electronic: float, area: float, exchange: float) -> dict[str, object]:
    """Parameters of 1 m2 whose resistance is that of its cathode: flat U, fast diffusion, nothing in series."""
    return {
        "Electrode width [m]": 1.0,
        "Electrode height [m]": 1.0,
        "Nominal cell capacity [A.h]": 20.0,
        "Nominal current density [A.m-2]": 20.0,
        "Current function [A]": 0.0,
        "Positive electrode thickness [m]": thickness,
        "Positive electrode ionic conductivity [S.m-1]": ionic,
        "Positive electrode electronic conductivity [S.m-1]": electronic,
        "Positive electrode active material volume fraction": 0.42,
        "Positive particle radius [m]": 3 * 0.42 / area,
        "Positive electrode exchange-current density [A.m-2]": exchange,
        "Positive electrode OCP [V]": lambda x: 3.8 + 0 * x,
        "Positive particle diffusivity integral [m2.s-1]": lambda x: 1e-9 * x,
        "Initial lithium content": 0.5,
        "Separator thickness [m]": 1e-15,
        "Contact resistance [Ohm.m2]": 0.0,
        "Anode charge-transfer resistance [Ohm.m2]": 1e-12,
        "Positive electrode double-layer capacity [F.m-2]": 1e-3,
        "Anode double-layer capacity [F.m-2]": 1e-3,
    }


def impedance(values: pybamm.ParameterValues, frequencies: np.ndarray, mesh: dict[str, int]) -> np.ndarray:
    """Impedance per cell area [ohm m2]; the cell has 1 m2."""
    model = SolidStateCell({"surface_form": "differential"})
    simulation = pybamm.EISSimulation(model, parameter_values=values, var_pts=mesh)
    return np.asarray(simulation.solve(frequencies).impedance)


NEWMAN_TOBIAS = {
    "A": ((50e-6, 0.0166, 0.0556, 8.4e5, 0.3), 3.29462e-3),
    "B": ((40e-6, 0.01, 0.1, 3.6e5, 0.155), 1.295277e-2),
}


@pytest.mark.parametrize("case", NEWMAN_TOBIAS)
def test_resistance_of_the_linearised_cathode_is_newman_tobias(case: str) -> None:
    # J. S. Newman, C. W. Tobias, J. Electrochem. Soc. 109 (1962) 1183; the two numbers are worked cases.
    arguments, exact = NEWMAN_TOBIAS[case]
    values = xu(**composite(*arguments))
    errors = [
        impedance(values, np.array([1e-6]), {"x_p": points, "r_p": 5})[0].real / exact - 1 for points in (10, 20, 40)
    ]
    assert abs(errors[2]) < 1e-3
    rates = np.log2(np.abs(errors[:-1]) / np.abs(errors[1:]))
    assert rates == pytest.approx([2, 2], abs=0.1)


def test_impedance_is_the_transmission_line_with_a_complex_admittance() -> None:
    # Minnmann's 42 vol% composite. The particle's admittance is the closed form for a sphere in parallel with the
    # double layer; separator and anode stand in series.
    thickness, ionic, electronic, area, exchange = 54.8e-6, 0.0166, 0.0556, 8.4e5, 0.3
    diffusivity, slope, sites, double_layer = 5e-16, -0.8, 48700.0, 1e-3
    separator, anode, anode_layer = 30e-6 / 0.13, 1e-4, 0.01
    changes = composite(thickness, ionic, electronic, area, exchange) | {
        "Positive electrode OCP [V]": lambda x: 4.2 + slope * x,
        "Positive particle diffusivity integral [m2.s-1]": lambda x: diffusivity * x,
        "Maximum concentration in positive electrode [mol.m-3]": sites,
        "Positive electrode double-layer capacity [F.m-2]": double_layer,
        "Separator thickness [m]": 30e-6,
        "Separator ionic conductivity [S.m-1]": 0.13,
        "Anode charge-transfer resistance [Ohm.m2]": anode,
        "Anode double-layer capacity [F.m-2]": anode_layer,
    }
    frequencies = np.logspace(-4, 6, 41)
    found = impedance(xu(**changes), frequencies, {"x_p": 40, "r_p": 60})
    omega = 2j * np.pi * frequencies
    radius = 3 * 0.42 / area
    root = radius * np.sqrt(omega / diffusivity)
    diffusion = -slope * radius / (FARADAY * sites * diffusivity) * np.tanh(root) / (root - np.tanh(root))
    charge_transfer = GAS_CONSTANT * ROOM / (FARADAY * exchange)
    admittance = 1 / (charge_transfer + diffusion) + omega * double_layer
    exact = transmission_line.impedance(thickness, ionic, electronic, area, admittance)
    exact = exact + separator + 1 / (1 / anode + omega * anode_layer)
    assert np.max(np.abs(found - exact) / np.abs(exact)) < 0.01


def test_slow_discharge_follows_the_open_circuit_curve() -> None:
    values = xu()
    rate = 1e-3
    current = rate * values["Nominal cell capacity [A.h]"]
    values["Current function [A]"] = current
    solution = pybamm.Simulation(SolidStateCell(), parameter_values=values).solve([0, 1.2 * 3600 / rate])
    area = values["Electrode width [m]"] * values["Electrode height [m]"]
    capacity = FARADAY * 48230.0 * 0.518 * 42e-6 * area / 3600  # A.h per unit of content, from Xu2019
    time = np.linspace(0, 0.999 * solution.t[-1], 200)
    content = 4631.0 / 48230.0 + current * time / 3600 / capacity
    curve = pybamm.ParameterValues("Xu2019")["Positive electrode OCP [V]"](pybamm.Vector(content)).evaluate().ravel()
    assert content[-1] > 0.7
    assert np.max(np.abs(solution["Voltage [V]"](time) - curve)) < 1e-3


@pytest.mark.parametrize("transform", [True, False])
@pytest.mark.parametrize(("axis", "points"), [("x_p", (6, 12, 24)), ("r_p", (10, 20, 40))])
def test_voltage_converges_with_the_square_of_the_mesh(axis: str, points: tuple[int, ...], transform: bool) -> None:
    # Conductivity lowered so that the reaction is far from uniform; voltage in the middle of a 1C discharge.
    values = xu(**{"Positive electrode ionic conductivity [S.m-1]": 5e-3, "Lower voltage cut-off [V]": 2.0})
    values["Current function [A]"] = values["Nominal cell capacity [A.h]"]
    voltages = []
    for count in points:
        simulation = pybamm.Simulation(
            SolidStateCell({"transform": transform}),
            parameter_values=values,
            var_pts={"x_p": 6, "r_p": 10} | {axis: count},
            solver=pybamm.IDAKLUSolver(**TIGHT),
        )
        voltages.append(float(simulation.solve([0, 2000])["Voltage [V]"](2000)))
    changes = np.abs(np.diff(voltages))
    assert np.log2(changes[0] / changes[1]) == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("transform", [True, False])
@pytest.mark.parametrize("wetted", [1.0, 0.5])
def test_sphere_becomes_quasi_steady(transform: bool, wetted: float) -> None:
    # Uniform reaction; under a constant flux N the surface leads the mean by N r / (5 D c), whatever the wetted area.
    diffusivity, radius, sites, current = 1e-14, 3e-6, 48230.0, 10.0
    values = xu(**composite(40e-6, 1e4, 1e4, 3 * 0.42 / radius, 1.0))
    values.update(
        {
            "Positive particle diffusivity integral [m2.s-1]": lambda x: diffusivity * x,
            "Positive electrode wetted fraction": wetted,
            "Current function [A]": current,
        }
    )
    simulation = pybamm.Simulation(
        SolidStateCell({"transform": transform}), parameter_values=values, var_pts={"x_p": 4, "r_p": 40}
    )
    solution = simulation.solve([0, 2000])  # two time constants r2/D
    flux = current / (3 * 0.42 / radius * 40e-6 * FARADAY)
    lead = solution["Surface lithium content"].entries[:, -1] - solution["Particle mean lithium content"].entries[:, -1]
    assert lead == pytest.approx(flux * radius / (5 * diffusivity * sites), rel=2e-3)
