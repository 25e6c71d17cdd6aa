"""The books of a run must close, and must not close when something leaks."""

import numpy as np
import pybamm
import pytest
from scipy.interpolate import PchipInterpolator

import lisse
from lisse import Cell, SolidStateCell
from lisse.cell.audit import LIMITS, Audit, AuditError
from lisse.cell.bookkeeping import ParticleBook, audit
from lisse.cell.parameter_sets import options_for, parameter_values

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


@pytest.mark.parametrize("state", ["Work above the middle of the window [W.h]", "Dissipated energy [W.h]"])
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


def test_books_close_where_steps_set_their_own_temperature():
    """A jump of the temperature changes the free energy without any charge."""
    steps = [
        "Charge at C/2 until 4.2 V",
        {"mode": "c_rate", "value": "C/2", "kind": "discharge", "until": ["lower"], "temperature": "60 degC"},
        {"mode": "c_rate", "value": "C/2", "kind": "charge", "until": ["10 min"], "temperature": "45 degC"},
    ]
    run = lisse.run("reference", lisse.Protocol.from_dict({"name": "jump", "cycles": [{"steps": steps}]}))
    assert sorted(set(run.timeseries["temperature_degC"].round(6))) == [25.0, 45.0, 60.0]
    assert run.books.energy_relative_error is not None
    run.books.check()


def test_charge_direction_too():
    books(current=-0.2, content=0.97, duration=7200.0).check()


def test_nothing_flows_nothing_to_audit():
    assert books(current=0.0) == Audit(None, None, None)


@pytest.mark.parametrize(
    ("cell", "protocol", "mechanisms", "changes"),
    [
        # Made discharged, so that the lower limit is met in a millisecond.
        ("table1-54-lpscl-nmc711", "Discharge at C/5 until 2.5 V", ["voids"], {"operation.temperature": "0 degC"}),
        ("doerrer-2021", "1 cycle at 5C", [], {"separator.material": "Li10GeP2S12"}),
        # Shorts before anything has moved, so that particles have one content.
        (
            "table1-58-lps-nmc622",
            "formation",
            ["all"],
            {"operation.stack_pressure": "300 MPa", "separator.thickness": "5 um"},
        ),
    ],
)
def test_next_to_nothing_flows_and_the_books_close(cell, protocol, mechanisms, changes):
    run = lisse.run(cell, protocol, mechanisms=mechanisms, changes=changes)
    assert run.summary["status"] in ("completed", "stopped")
    Audit(**run.summary["audit"]).check()


def test_nan_is_a_failure():
    assert Audit(float("nan"), 0.0, 0.0).failures() == ["lithium_relative_error"]


def test_mixing_heat_read_in_pieces_is_that_of_the_whole_profile():
    """Flux times drop at every face, written out for a constant diffusivity D: D/R2 times slope of the content."""
    run = lisse.run("reference", "Charge at 1C until 4.2 V, Discharge at 1C until 3.4 V")
    edges = np.asarray(run.outcome.edges)
    values = run.values | {"Positive particle diffusivity integral [m2.s-1]": lambda content: 2e-16 * content}
    book = ParticleBook.of(run.solution, values, edges, 1, enthalpy=False)
    content = run.solution["Lithium content"].entries
    profile = np.concatenate([content, run.solution["Surface lithium content"].entries[None]])
    radii = np.append((edges[1:] + edges[:-1]) / 2, 1.0)
    total = 0.0
    for shell in range(len(edges) - 1):
        drop = book.potential(profile[shell + 1]) - book.potential(profile[shell])
        flux = 2e-16 * (profile[shell + 1] - profile[shell]) / (radii[shell + 1] - radii[shell])
        total -= 3 * edges[shell + 1] ** 2 * (flux * drop).mean(axis=0)
    offset, heat = 0, 0.0
    for times in run.solution.all_ts:
        part = total[offset : offset + len(times)]
        heat += float(PchipInterpolator(times, part).integrate(times[0], times[-1]))
        offset += len(times)
    assert heat > 0
    assert book.mixing(run.solution) == pytest.approx(book.capacity * book.speed * heat, rel=1e-12)


def test_mixing_heat_summed_by_parts_equals_flux_times_drop():
    """Two ways to the heat of mixing: from the rates while solving, from the profiles afterwards."""
    cell = Cell.load("reference").replace(**{"operation.heat_transfer": "1e5 W/m^2/K"})
    build = options_for(cell)
    values = parameter_values(cell, build)
    values["Initial lithium content"] = 0.45
    simulation = pybamm.Simulation(SolidStateCell(build), parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, 1800])
    power = solution["Cathode diffusion dissipation [W.m-2]"].entries
    book = ParticleBook.of(solution, values, simulation.mesh["positive particle"].edges, 1, enthalpy=False)
    while_solving = np.trapezoid(power, solution.t) * cell.derived.cell_area / 3600
    assert book.mixing(solution) == pytest.approx(while_solving, rel=5e-3)
    assert while_solving > 0


def test_books_close_with_double_layers():
    books(options={"surface_form": "differential"}, duration=600.0).check()
