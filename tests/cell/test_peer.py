"""The one-ion cell against PyBaMM's own half-cell DFN with the same parameters and a transference number of one."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from lisse.cell.model import SolidStateCell
from lisse.cell.peer import from_pybamm_half_cell
from lisse.errors import InputError

HALF_CELL = {"working electrode": "positive"}
FINE = {"x_n": 20, "x_s": 20, "x_p": 60, "r_p": 100}


def half_cell(name: str = "Xu2019", **others: float) -> pybamm.ParameterValues:
    values = pybamm.ParameterValues(name)
    values.update({"Cation transference number": 1.0, **others}, check_already_exists=False)
    return values


def difference(values: pybamm.ParameterValues, c_rate: float, start: float, options: dict | None = None) -> np.ndarray:
    """Voltage of lisse minus voltage of PyBaMM [V] over the time that both last, after ``start`` seconds."""
    ours = from_pybamm_half_cell(values)
    current = c_rate * values["Nominal cell capacity [A.h]"]
    end = 2 * 3600 / abs(c_rate)
    solutions = []
    for model, parameters, mesh, solver in (
        (SolidStateCell(options), ours, None, None),
        (pybamm.lithium_ion.DFN(HALF_CELL), values, FINE, pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-7)),
    ):
        parameters = parameters.copy()
        parameters["Current function [A]"] = current
        simulation = pybamm.Simulation(model, parameter_values=parameters, var_pts=mesh, solver=solver)
        solutions.append(simulation.solve([0, end]))
    times = np.linspace(start, 0.9999 * min(s.t[-1] for s in solutions), 500)
    assert abs(solutions[0].t[-1] / solutions[1].t[-1] - 1) < 1e-3
    return solutions[0]["Voltage [V]"](times) - solutions[1]["Voltage [V]"](times)


@pytest.mark.parametrize("c_rate", [0.1, 1.0])
@pytest.mark.parametrize("options", [None, {"transform": False}], ids=["transform", "plain"])
def test_voltage_agrees_with_pybamm(c_rate: float, options: dict | None) -> None:
    deviation = difference(half_cell(), c_rate, 0.0, options)
    assert np.sqrt(np.mean(deviation**2)) < 1e-3


def test_other_temperature_agrees_through_activation_energies() -> None:
    # Valoen's conductivity is not an Arrhenius law; it must still be met at the set's temperature.
    values = half_cell(**{"Ambient temperature [K]": 318.15, "Initial temperature [K]": 318.15})
    deviation = difference(values, 1.0, 0.0)
    assert np.sqrt(np.mean(deviation**2)) < 1e-3


def test_diffusivity_of_the_content_becomes_a_table() -> None:
    # A graphite half-cell whose diffusivity falls ten times with its content, charged (delithiated) from half full.
    values = half_cell("Ecker2015_graphite_halfcell", **{"Upper voltage cut-off [V]": 1.5})
    deviation = difference(values, -0.5, 0.0)
    assert np.sqrt(np.mean(deviation**2)) < 1e-3


def test_start_can_be_given() -> None:
    values = from_pybamm_half_cell(half_cell(), lithium_content_start=0.4)
    assert values["Initial lithium content"] == 0.4


def test_defaults_come_from_the_model() -> None:
    values = from_pybamm_half_cell(half_cell())
    for option in ({}, {"surface_form": "differential", "thermal": "lumped", "fixture": "spring"}):
        missing = {info.name for info in SolidStateCell(option).parameter_table} - set(values.keys())
        assert not missing


@pytest.mark.parametrize(
    ("change", "start", "field"),
    [
        ({"Cation transference number": 0.38}, None, "Cation transference number: 0.38"),
        ({}, 1.2, "lithium_content_start"),
        ({"Initial concentration in positive electrode [mol.m-3]": 1e6}, None, "Initial concentration"),
        ({"Separator thickness [m]": float("nan")}, None, "Separator thickness"),
        ({"Positive electrode porosity": lambda x, y, z: 0.3 + x}, None, "Positive electrode porosity"),
    ],
)
def test_sets_that_do_not_fit_are_refused(change: dict, start: float | None, field: str) -> None:
    values = half_cell(**change)
    with pytest.raises(InputError, match=field) as caught:
        from_pybamm_half_cell(values, start)
    assert str(caught.value).count(". ") == 0


def test_missing_parameter_is_named() -> None:
    values = half_cell()
    del values["Separator porosity"]
    with pytest.raises(InputError, match="Separator porosity"):
        from_pybamm_half_cell(values)
