"""The cell is a PyBaMM model: what PyBaMM's own classes do with it, and the names under which they find it."""

from __future__ import annotations

from importlib.metadata import entry_points

import numpy as np
import pybamm
import pytest

from lisse import Cell, InputError
from lisse.cathode.diffusion import population_name
from lisse.cell.initial_state import initial_state
from lisse.cell.model import SolidStateCell
from lisse.cell.peer import from_pybamm_half_cell

NOMINAL = 0.0024  # A.h, Xu2019


@pytest.fixture
def values() -> pybamm.ParameterValues:
    source = pybamm.ParameterValues("Xu2019")
    source.update({"Cation transference number": 1.0})
    return from_pybamm_half_cell(source, lithium_content_start=0.4)


def run(values: pybamm.ParameterValues, *steps: object) -> pybamm.Solution:
    simulation = pybamm.Simulation(
        SolidStateCell(), parameter_values=values, experiment=pybamm.Experiment([tuple(steps)])
    )
    return simulation.solve(calc_esoh=False)


def test_drive_cycle(values: pybamm.ParameterValues) -> None:
    time = np.arange(0, 121, 1.0)
    current = NOMINAL * (0.5 + np.sin(time / 10))
    solution = run(values, pybamm.step.current(np.column_stack([time, current])))
    assert solution["Current [A]"](time[1:-1]) == pytest.approx(current[1:-1], abs=1e-9)
    passed = np.trapezoid(current, time) / 3600
    assert solution["Discharge capacity [A.h]"].entries[-1] == pytest.approx(passed, abs=5e-5 * NOMINAL)


def test_drive_cycle_as_current_function(values: pybamm.ParameterValues) -> None:
    time = np.linspace(0, 600, 61)
    current = NOMINAL * np.cos(time / 100)
    values["Current function [A]"] = pybamm.Interpolant(time, current, pybamm.t)
    solution = pybamm.Simulation(SolidStateCell(), parameter_values=values).solve(time)
    assert solution["Current [A]"](300.0) == pytest.approx(NOMINAL * np.cos(3), rel=1e-6)


def test_power(values: pybamm.ParameterValues) -> None:
    solution = run(values, "Discharge at 5 mW for 20 minutes")
    assert solution["Power [W]"].entries == pytest.approx(5e-3, rel=1e-5)
    assert solution["Discharge energy [W.h]"].entries[-1] == pytest.approx(5e-3 / 3, rel=1e-4)


def test_constant_current_constant_voltage_and_rest(values: pybamm.ParameterValues) -> None:
    solution = run(values, "Charge at 1C until 4.1 V", "Hold at 4.1 V until C/20", "Rest for 1 hour")
    charge, hold, rest = solution.cycles[0].steps
    assert charge["C-rate"].entries == pytest.approx(-1, rel=1e-9)
    assert hold["Voltage [V]"].entries == pytest.approx(4.1, abs=1e-6)
    assert hold["Current [A]"].entries[-1] == pytest.approx(-NOMINAL / 20, rel=1e-3)
    assert rest["Current [A]"].entries == pytest.approx(0, abs=1e-12)
    # At rest every overpotential dies and what is left is the open-circuit voltage of the mean content.
    assert rest["Voltage [V]"].entries[-1] == pytest.approx(rest["Equilibrium voltage [V]"].entries[-1], abs=1e-4)


def test_resistance_step(values: pybamm.ParameterValues) -> None:
    solution = run(values, pybamm.step.resistance(2000.0, duration=60))
    ratio = solution["Voltage [V]"].entries / solution["Current [A]"].entries
    assert ratio == pytest.approx(2000, rel=1e-5)


def test_step_ends_on_any_variable(values: pybamm.ParameterValues) -> None:
    def full(variables: dict) -> pybamm.Symbol:
        return 0.45 - variables["Mean lithium content"]

    stop = pybamm.step.CustomTermination(name="Content reached", event_function=full)
    solution = run(values, pybamm.step.c_rate(1, duration="2 hours", termination=[stop]))
    assert solution["Mean lithium content"].entries[-1] == pytest.approx(0.45, abs=1e-5)


def test_initial_current_may_be_an_input(values: pybamm.ParameterValues) -> None:
    values["Current function [A]"] = "[input]"
    simulation = pybamm.Simulation(SolidStateCell(), parameter_values=values)
    drops = []
    for current in (NOMINAL, 2 * NOMINAL):
        solution = simulation.solve([0, 10], inputs={"Current function [A]": current})
        drops.append(solution["Separator overpotential [V]"].entries[0])
    assert drops[1] == pytest.approx(2 * drops[0], rel=1e-9)


def test_impedance_at_high_frequency_is_ohmic(values: pybamm.ParameterValues) -> None:
    # The double layers short the reactions: electrons and ions share the current at every depth.
    model = SolidStateCell({"surface_form": "differential"})
    simulation = pybamm.EISSimulation(model, parameter_values=values, var_pts={"x_p": 100, "r_p": 5})
    found = np.asarray(simulation.solve([1e9]).impedance)[0] * 0.0154 * 0.01
    ionic = values["Positive electrode ionic conductivity [S.m-1]"]
    electronic = values["Positive electrode electronic conductivity [S.m-1]"]
    ohmic = 2.5e-5 / values["Separator ionic conductivity [S.m-1]"] + 42e-6 / (ionic + electronic)
    assert found.real == pytest.approx(ohmic, rel=2e-2)
    assert abs(found.imag) < 1e-2 * ohmic


def test_impedance_needs_double_layers(values: pybamm.ParameterValues) -> None:
    with pytest.raises(ValueError, match="surface form"):
        pybamm.EISSimulation(SolidStateCell(), parameter_values=values)


@pytest.mark.parametrize(
    ("group", "name"), [("pybamm_models", "lisse.SolidStateCell"), ("pybamm_parameter_sets", "lisse.reference")]
)
def test_entry_points_are_registered(group: str, name: str) -> None:
    assert name in entry_points(group=group).names, "lisse is not installed in this environment (make installs it)"


def test_pybamm_finds_model_and_parameters_by_name() -> None:
    model = pybamm.Model("lisse.SolidStateCell", {"thermal": "lumped"})
    assert isinstance(model, SolidStateCell)
    assert model.options["thermal"] == "lumped"
    values = pybamm.ParameterValues("lisse.reference")
    solution = pybamm.Simulation(SolidStateCell(), parameter_values=values, C_rate=0.1).solve([0, 3600])
    # One tenth of the nominal capacity has been discharged.
    assert solution["Discharge capacity [A.h]"].entries[-1] == pytest.approx(
        0.1 * values["Nominal cell capacity [A.h]"], rel=1e-6
    )


@pytest.mark.parametrize(
    "options", [{}, {"thermal": "lumped"}, {"fixture": "spring"}, {"surface form": "differential"}], ids=str
)
def test_the_default_cell_starts_charged_and_is_discharged(options: dict) -> None:
    simulation = pybamm.Simulation(pybamm.Model("lisse.SolidStateCell", options))
    solution = simulation.solve([0, 3600])
    assert solution["Equilibrium voltage [V]"].entries[0] == pytest.approx(4.3, abs=2e-3)  # 5 MPa add 0.5 mV
    assert solution.termination == "event: Minimum voltage [V]"  # 1C is more than this cell can give
    given = solution["Discharge capacity [A.h]"].entries[-1]
    assert 0.3 < given / simulation.parameter_values["Nominal cell capacity [A.h]"] < 1


def test_default_parameters_know_one_size_class() -> None:
    with pytest.raises(InputError, match=r"one size class, not of 2; .* cathode\.distribution"):
        pybamm.Simulation(SolidStateCell({"populations": 2}))


def inventory(values: pybamm.ParameterValues) -> float:
    """Lithium in anode and connected oxide [mol/m2]."""
    parts = ("connected fraction", "active material volume fraction", "thickness [m]")
    sites = np.prod([values[f"Positive electrode {part}"] for part in parts])
    sites *= values["Maximum concentration in positive electrode [mol.m-3]"]
    return values["Initial anode lithium [mol.m-2]"] + sites * values["Initial lithium content"]


def test_initial_state_of_a_cells_parameters() -> None:
    values = Cell.load("reference").parameter_values()
    built, total = values["Initial lithium content"], inventory(values)
    curve = values["Positive electrode OCP [V]"]
    values.set_initial_state(1.0)
    charged = values["Initial lithium content"]
    assert float(curve(charged)) == pytest.approx(4.3, abs=1e-6)
    assert inventory(values) == pytest.approx(total, rel=1e-12)
    values.set_initial_state(0.25)
    assert values["Initial lithium content"] == pytest.approx(built - 0.25 * (built - charged))
    values.set_initial_state("4.0 V")
    assert float(curve(values["Initial lithium content"])) == pytest.approx(4.0, abs=1e-6)
    assert inventory(values) == pytest.approx(total, rel=1e-12)
    other = values.set_initial_state(0, inplace=False)
    assert (other["Initial lithium content"], float(curve(values["Initial lithium content"]))) == pytest.approx(
        (built, 4)
    )


def test_initial_voltage_of_a_lithium_indium_cell_with_size_classes() -> None:
    classes = {"cathode.distribution": {"diameters": ["3 um", "9 um"], "volume_fractions": [0.3, 0.7]}}
    values = Cell.load("table1-60-lps-nmc811").replace(**classes).parameter_values()
    values.set_initial_state("3.3 V")
    curve = values["Positive electrode OCP [V]"]
    for number in (1, 2):
        content = values[population_name("Initial lithium content", number)]
        assert float(curve(content)) == pytest.approx(3.3 + 0.62, abs=1e-6)


@pytest.mark.parametrize("value", [2, -0.1, float("nan"), True, None, "9 V", "4.0", "full"])
def test_refused_initial_states(value: object) -> None:
    with pytest.raises(InputError, match=r"^(initial state|state of charge): .*\.$"):
        Cell.load("reference").parameter_values().set_initial_state(value)


def test_initial_soc_of_a_simulation() -> None:
    values = Cell.load("reference").parameter_values()
    simulation = pybamm.Simulation(SolidStateCell(), parameter_values=values, C_rate=0.1, cache_esoh=False)
    starts = [simulation.solve([0, 60], initial_soc=soc)["Mean lithium content"].entries[0] for soc in (0.5, 1.0)]
    expected = [initial_state(Cell.load("reference"), soc)["Initial lithium content"] for soc in (0.5, 1.0)]
    assert starts == pytest.approx(expected, rel=1e-9)
    with pytest.raises(InputError, match=r"^initial_soc: .*set_initial_state.* cache_esoh=False\.$"):
        pybamm.Simulation(SolidStateCell(), parameter_values=values, C_rate=0.1).solve([0, 60], initial_soc=0.5)


def test_an_experiment_of_ones_own_stops_where_the_open_circuit_curve_ends() -> None:
    values = Cell.load("reference").parameter_values()
    experiment = pybamm.Experiment(["Charge at C/20 for 40 hours"])
    solution = pybamm.Simulation(SolidStateCell(), parameter_values=values, experiment=experiment).solve()
    assert solution.termination == "event: Lithium content below the open-circuit curve"
    assert solution["Surface lithium content"].entries[:, -1].min() == pytest.approx(0.105, abs=1e-3)
