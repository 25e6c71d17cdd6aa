"""The energy of a run is that of its discharge."""

import pytest

from lisse.cell.cell import Cell
from lisse.energy import simulated_energy
from lisse.energy.simulated import energy_of_cycle
from lisse.errors import InputError, LisseError
from lisse.simulate import run


@pytest.fixture(scope="module")
def cycled():
    return run("reference", "formation + 1 cycle at 1C")


def test_capacity_voltage_and_energy_are_those_of_the_last_discharge(cycled):
    found, number = energy_of_cycle(cycled)
    row = cycled.summary["cycles"][-1]
    assert number == 2
    assert found.capacity / 36_000 == pytest.approx(row["discharge_capacity_mAh_cm2"])
    area = cycled.cell.derived.cell_area
    assert found.energy * area == pytest.approx(row["discharge_energy_Wh"], rel=1e-9)
    loading = cycled.cell.derived.active_loading
    assert found.levels["material"].specific_energy == pytest.approx(row["discharge_energy_Wh"] / (loading * area))


def test_voltage_at_rest_less_the_mean_overpotential_is_the_mean_voltage():
    only = run("reference", "1 cycle at C/10")
    found, _ = energy_of_cycle(only)
    lost = sum(value for value in only.summary["losses_V"].values() if value is not None)
    assert found.equilibrium_voltage - found.mean_voltage == pytest.approx(lost, abs=2e-3)


def test_another_cycle(cycled):
    slow, number = energy_of_cycle(cycled, 1)
    assert number == 1
    assert slow.specific_energy > energy_of_cycle(cycled)[0].specific_energy
    with pytest.raises(LisseError, match=r"not cycle 3, only 1, 2"):
        energy_of_cycle(cycled, 3)


def test_a_fixture_holds_the_highest_pressure_of_the_run():
    gap = run("reference", "1 cycle at C/10", changes={"operation.fixture": "constant_gap"})
    found, _ = energy_of_cycle(gap)
    assert found.pressure > gap.cell.derived.stack_pressure
    assert found.pressure == pytest.approx(1e6 * gap.summary["cycles"][0]["stack_pressure_MPa"]["max"])


def test_what_it_rests_on_is_listed():
    found = simulated_energy("reference", "1 cycle at C/10", changes={"format.kind": "pouch"}).as_dict()
    used = {(claim["role"], claim["property"]) for claim in found["claims"]}
    assert {("casing", "density"), ("fixture", "yield_strength"), ("separator", "price"), ("active", "density")} <= used
    assert found["warnings"]


def test_a_symmetric_cell_is_refused_before_it_runs():
    with pytest.raises(InputError, match="symmetric"):
        simulated_energy("sym-li-lpscl")


def test_a_protocol_that_does_not_discharge_delivers_nothing():
    with pytest.raises(LisseError, match="no cycle of the run of reference discharged"):
        simulated_energy(Cell.load("reference"), "Charge at C/10 until upper")


def test_cycles_count_from_one():
    with pytest.raises(InputError, match="cycle: 0"):
        simulated_energy("reference", cycle=0)
