"""A mechanism and a material that come from another installed package (tests/plugin is one)."""

from pathlib import Path

import numpy as np
import pybamm
import pytest

import lisse
from lisse import Cell, InputError, Material, SolidStateCell
from lisse.cell.bookkeeping import audit
from lisse.cell.parameter_sets import options_for, parameter_values

PLUGIN = Path(__file__).parents[1] / "plugin"


@pytest.fixture
def plugin(monkeypatch):
    monkeypatch.syspath_prepend(str(PLUGIN))


def discharge(cell, resistance, mechanisms):
    options = options_for(cell, {"mechanisms": mechanisms})
    values = parameter_values(cell, options)
    if mechanisms:
        values["Lead wire resistance [Ohm.m2]"] = resistance
    values["Initial lithium content"] = 0.4
    simulation = pybamm.Simulation(SolidStateCell(options), parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, 600])
    return solution, audit(solution, values, simulation.mesh["positive particle"].edges, 1)


def test_lead_wire_lowers_the_voltage_by_ohms_law_and_the_books_close(plugin):
    cell = Cell.load("reference")
    bare, _ = discharge(cell, 0.0, ())
    wired, books = discharge(cell, 20e-4, ("lead-wire",))
    current = cell.derived.nominal_capacity / 3600  # 1C for the default current [A/m2]
    drop = bare["Voltage [V]"](300.0) - wired["Voltage [V]"](300.0)
    assert np.isclose(drop, current * 20e-4, rtol=1e-3)
    books.check()


def test_an_unknown_mechanism_is_refused_in_one_sentence():
    with pytest.raises(InputError, match="mechanism 'no-such' is not registered"):
        SolidStateCell({"mechanisms": ("no-such",)})


def test_material_of_the_plugin(plugin):
    assert Material.load("Ag").value("density") == pytest.approx(10490.0)


def test_lead_wire_through_a_run(plugin):
    options, name = {"mechanisms": ("lead-wire",)}, "Lead wire resistance [Ohm.m2]"
    with pytest.raises(InputError, match="Lead wire resistance"):
        lisse.run("reference", "1 cycle at C/10", options=options)
    wired = lisse.run("reference", "1 cycle at C/10", options=options, parameters={name: 20e-4})
    bare = lisse.run("reference", "1 cycle at C/10")
    current = bare.cell.derived.nominal_capacity / 36000
    gained = wired.summary["losses_V"]["contacts"] - bare.summary["losses_V"]["contacts"]
    assert gained == pytest.approx(current * 20e-4, rel=1e-3)
