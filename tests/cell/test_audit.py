"""The books of a run must close, and must not close when something leaks."""

import numpy as np
import pybamm
import pytest

from lisse import Cell, SolidStateCell
from lisse.cell.audit import LIMITS, Audit, AuditError
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.cell.results import audit

LEAK = 1 + 1e-5


def books(cell_name="reference", leak=None, options=None, current=0.5, content=0.4, duration=3600.0, changes=None):
    cell = Cell.load(cell_name)
    if changes:
        cell = cell.replace(**changes)
    build = options_for(cell, options)
    values = parameter_values(cell, build)
    values["Current function [A]"] = current * values["Nominal cell capacity [A.h]"]
    for k in range(1, build.populations + 1):
        values["Initial lithium content" + (f" ({k})" if k > 1 else "")] = content
    model = SolidStateCell(build)
    if leak:
        variable = next(v for v in model.rhs if v.name == leak)
        model.rhs[variable] = model.rhs[variable] * LEAK
    simulation = pybamm.Simulation(model, parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, duration])
    return audit(solution, values, simulation.mesh["positive particle"].edges, build.populations)


def test_books_close_on_a_discharge():
    result = books()
    assert abs(result.lithium_relative_error) < 1e-9
    assert abs(result.charge_relative_error) < 1e-9
    assert abs(result.energy_relative_error) < LIMITS["energy_relative_error"]
    result.check()


@pytest.mark.parametrize("state", ["Lithium content", "Anode lithium [mol.m-2]", "Discharge capacity [A.h]"])
def test_a_leak_of_1e_5_in_any_inventory_breaks_the_books(state):
    result = books(leak=state)
    assert "charge_relative_error" in result.failures()
    assert abs(result.charge_relative_error) == pytest.approx(1e-5, rel=0.01)
    with pytest.raises(AuditError, match="charge_relative_error"):
        result.check()
    if state != "Discharge capacity [A.h]":
        assert "lithium_relative_error" in result.failures()


@pytest.mark.parametrize("state", ["Discharge energy [W.h]", "Dissipated energy [W.h]"])
def test_a_wrong_energy_state_breaks_the_energy_book(state):
    cell = Cell.load("reference")
    build = options_for(cell)
    values = parameter_values(cell, build)
    values["Initial lithium content"] = 0.4
    model = SolidStateCell(build)
    variable = next(v for v in model.rhs if v.name == state)
    model.rhs[variable] = model.rhs[variable] * 1.02
    simulation = pybamm.Simulation(model, parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, 1800])
    result = audit(solution, values, simulation.mesh["positive particle"].edges, 1)
    assert "energy_relative_error" in result.failures()


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ({"thermal": "lumped"}, {"operation.heat_transfer": "0 W/m^2/K"}),
        (None, {"operation.temperature": "60 degC"}),
        (None, {"operation.fixture": "spring", "operation.spring_stiffness": "0.3 MPa/um"}),
        (
            None,
            {
                "cathode.particle_diameter": None,
                "cathode.distribution": {"d10": "3 um", "d50": "6 um", "d90": "10 um"},
            },
        ),
    ],
    ids=["adiabatic", "warm", "spring", "size classes"],
)
def test_books_close_with_every_option(options, changes):
    books(options=options, changes=changes).check()


def test_charge_direction_too():
    books(current=-0.2, content=0.97, duration=7200.0).check()


def test_nothing_flows_nothing_to_audit():
    assert books(current=0.0) == Audit(None, None, None)


def test_nan_is_a_failure():
    assert Audit(float("nan"), 0.0, 0.0).failures() == ["lithium_relative_error"]


def test_mixing_heat_equals_flux_times_gradient():
    """The summed-by-parts heat of mixing against a quadrature of the gradient form on a fine mesh."""
    cell = Cell.load("reference").replace(claims={"active.diffusivity": {"id": "ruess-d1"}})
    build = options_for(cell)
    values = parameter_values(cell, build)
    values["Initial lithium content"] = 0.45
    model = SolidStateCell(build)
    simulation = pybamm.Simulation(
        model, parameter_values=pybamm.ParameterValues(values), var_pts={"x_p": 10, "r_p": 60}
    )
    simulation.solve([0, 1800])
    content = simulation.solution["Lithium content"].entries[..., -1]
    edges = simulation.mesh["positive particle"].edges
    nodes = (edges[1:] + edges[:-1]) / 2
    curve = cell.claim("active", "open_circuit_voltage").value
    slope = np.diff(content, axis=0) / np.diff(nodes)[:, None]
    drop = np.diff(curve(content), axis=0) / np.diff(nodes)[:, None]
    inner = edges[1:-1, None]
    surface = simulation.solution["Surface lithium content"].entries[..., -1]
    last = np.array([(surface - content[-1]) * (curve(surface) - curve(content[-1])) / (1 - nodes[-1])])
    density = np.vstack([slope * drop * inner**2 * np.diff(nodes)[:, None], last])
    diffusivity = 6.8e-16 / (3.5e-6) ** 2
    capacity = values["Maximum concentration in positive electrode [mol.m-3]"] * 96485.33212
    volume = cell.derived.active_fraction * cell.derived.cathode_thickness
    expected = -3 * diffusivity * capacity * volume * density.sum(axis=0).mean()
    heat = model.variables["Cathode diffusion dissipation [W.m-2]"]
    measured = simulation.solution["Cathode diffusion dissipation [W.m-2]"].entries[-1]
    assert heat is not None
    assert measured == pytest.approx(expected, rel=0.02)


def test_books_close_with_double_layers():
    books(options={"surface_form": "differential"}, duration=600.0).check()
