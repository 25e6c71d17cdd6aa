"""Single changes of a cell: what is tried, how gains are ranked, and that each is a run of the changed cell."""

from __future__ import annotations

import numpy as np
import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.studies import remedies as module
from lisse.studies.explain import QUANTITIES
from lisse.studies.remedies import LEVERS, remedies

WHOLE = QUANTITIES.index("energy_Wh_kg")


@pytest.fixture
def energies(monkeypatch):
    """Replace runs by what a function gives for a cell: its specific energy, or a refusal."""

    def use(function):
        def delivered(cell, protocol):
            row = np.zeros(len(QUANTITIES) + 1)
            row[WHOLE] = function(cell)
            return row, None

        monkeypatch.setattr(module, "_delivered", delivered)

    return use


def test_gains_are_ranked_and_a_change_without_effect_stands_above_one_that_harms(energies):
    energies(lambda cell: 300 - 1e6 * cell.derived.separator_thickness + 0.1 * cell.spec.operation.temperature)
    found = remedies(Cell.load("reference"), workers=1)
    gains = [change.energy_Wh_kg for change in found]
    assert gains == sorted(gains, reverse=True)
    assert found[0].label == "separator half as thick"
    assert found[0].fields == {"separator.thickness": ("100 um", "50 um")}
    assert found[0].energy_Wh_kg == pytest.approx(50)
    assert found[1].energy_Wh_kg == pytest.approx(2)  # 20 K
    assert set(gains[2:]) == {0.0}


def test_a_change_that_makes_no_cell_says_why_and_comes_last(energies):
    def refuse(cell):
        if cell.derived.separator_thickness < 60e-6:
            raise InputError("separator.thickness: too thin.")
        return -cell.spec.operation.temperature

    energies(refuse)
    last = remedies(Cell.load("reference"), workers=1)[-1]
    assert (last.label, last.reason) == ("separator half as thick", "separator.thickness: too thin.")
    assert last.energy_Wh_kg is None
    assert last.as_dict()["gain_energy_Wh_kg"] is None


def test_what_cannot_be_changed_is_not_tried(energies):
    energies(lambda cell: 0.0)
    warm = Cell.load("reference").replace(**{"operation.temperature": "60 degC", "operation.stack_pressure": "0 MPa"})
    labels = {change.label for change in remedies(warm, workers=1)}
    assert "20 K warmer" not in labels
    assert "twice the stack pressure" not in labels
    assert len(labels) <= len(LEVERS) - 2
    blend = {change.label for change in remedies(Cell.load("blend-koerver-2018"), workers=1)}
    assert "oxide particles half as large" not in blend


def test_crystals_are_tried_only_where_cracks_are_on(energies):
    energies(lambda cell: 0.0)
    for mechanisms in ([], ["cracks"]):
        cell = Cell.load("reference").replace(mechanisms=mechanisms, **{"cathode.morphology": "polycrystal"})
        labels = {change.label for change in remedies(cell, workers=1)}
        assert ("single crystals" in labels) == bool(mechanisms)


def test_a_gain_is_that_of_two_runs(monkeypatch):
    import lisse
    from lisse.energy import energy_of

    cell, protocol = Cell.load("bielefeld-2022"), "1 cycle at C/3"
    monkeypatch.setattr(module, "LEVERS", (module._particles,))
    (change,) = remedies(cell, protocol, workers=1)
    (_, (before, after)) = next(iter(change.fields.items()))
    assert (before, after) == ("7 um", "3.5 um")
    rows = []
    for one in (cell, cell.replace(**{"cathode.particle_diameter": after})):
        last = lisse.run(one, protocol).summary["cycles"][-1]
        capacity, voltage = last["discharge_capacity_mAh_g"], last["mean_discharge_voltage_V"]
        whole = energy_of(one, last["discharge_capacity_mAh_cm2"], voltage).specific_energy
        rows.append((capacity, voltage, capacity * voltage, whole, capacity * voltage * one.derived.active_loading))
    gains = [change.capacity_mAh_g, change.voltage_V, change.energy_Wh_kg_active, change.energy_Wh_kg]
    gains.append(change.energy_Wh_m2)
    assert gains == pytest.approx([new - old for old, new in zip(*rows, strict=True)], rel=5e-3)
    assert change.capacity_mAh_g > 20  # half the radius, a quarter of the time to diffuse


def test_a_symmetric_cell_is_refused():
    with pytest.raises(InputError, match="symmetric"):
        remedies(Cell.load("sym-li-lpscl"))


@pytest.mark.slow
def test_every_change_of_the_reference_cell_runs():
    found = remedies(Cell.load("reference"), Protocol.load("1 cycle at C/3"))
    assert all(change.reason is None for change in found)
    gains = {change.label: change.energy_Wh_kg for change in found}
    assert gains["separator half as thick"] > 10 * abs(gains["twice the stack pressure"])
