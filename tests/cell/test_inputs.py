"""One build, any number: what a cell file can vary is an input of the built model."""

import pybamm
import pytest

from lisse import Cell, SolidStateCell
from lisse.cell.parameter_sets import options_for

VARIED = (
    "Positive electrode thickness [m]",
    "Positive particle radius [m]",
    "Separator thickness [m]",
    "Separator ionic conductivity [S.m-1]",
    "Positive electrode ionic conductivity [S.m-1]",
    "Stack pressure [Pa]",
    "Initial lithium content",
    "Ambient temperature [K]",
    "Initial anode lithium [mol.m-2]",
    "Contact resistance [Ohm.m2]",
)


@pytest.mark.parametrize(
    "changes",
    [{}, {"cathode.loading": "5 mg/cm^2", "separator.thickness": "40 um"}, {"operation.temperature": "45 degC"}],
    ids=["as filed", "thinner", "warm"],
)
def test_inputs_of_one_build_equal_a_build_of_their_own(changes):
    cell = Cell.load("reference").replace(**changes) if changes else Cell.load("reference")
    options = options_for(cell)
    own = cell.parameter_values()
    own["Initial lithium content"] = 0.5
    own["Current function [A]"] = 1e-3
    expected = pybamm.Simulation(SolidStateCell(options), parameter_values=own).solve([0, 1800])
    shared = Cell.load("reference").parameter_values()
    shared.update(dict.fromkeys(VARIED, "[input]"))
    shared["Current function [A]"] = 1e-3
    simulation = pybamm.Simulation(SolidStateCell(options), parameter_values=shared)
    solution = simulation.solve([0, 1800], inputs={name: float(own[name]) for name in VARIED})
    # What the loading changes besides the inputs (nothing at a given current) stays out of the comparison.
    assert solution["Voltage [V]"].entries[-1] == pytest.approx(expected["Voltage [V]"].entries[-1], abs=2e-5)
