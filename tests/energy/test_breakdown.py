"""Specific energy at every level, the waterfall between them, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.cell.cell import Cell
from lisse.energy import GROUPS, energy_of
from lisse.errors import InputError

POUCH = Cell.load("practical-pouch")
BARE = {
    "format.casing.mass": "0 g",
    "format.packing_efficiency": 1,
    "format.fixture.factor": 0,
    "format.layers": 10_000,
}


def test_the_advanced_design_of_the_worked_examples():
    """cathode.md A10: 497 Wh/kg in the stack, 472 packed with a share of 0.05; 5 mAh/cm2 at 3.797 V."""
    found = energy_of(POUCH.replace(**BARE, **{"format.tab_mass_share": 0.05}), 5, 3.797)
    assert found.levels["stack"].specific_energy == pytest.approx(497, rel=0.015)
    assert found.specific_energy == pytest.approx(472, rel=0.015)
    assert found.levels["material"].specific_energy == pytest.approx(205 * 3.797, rel=1e-3)


def test_theory_is_one_lithium_at_the_mean_open_circuit_voltage():
    """275.5 mAh/g of NMC811, whose curve means 3.83 V over 2.6 to 4.3 V."""
    found = energy_of(POUCH, 5, 3.8)
    material = found.levels["material"]
    assert material.theoretical_specific_energy == pytest.approx(275.5 * found.theoretical_voltage, rel=1e-4)
    assert found.theoretical_voltage == pytest.approx(3.83, abs=0.02)
    for level in found.levels.values():
        assert level.theoretical_specific_energy * level.mass == pytest.approx(found.theoretical_energy)
        assert level.theoretical_energy_density * level.volume * 1e3 == pytest.approx(found.theoretical_energy)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.01, 6.7),
    st.floats(0.5, 4.5),
    st.sampled_from(["pellet", "sheet", "pouch", "bipolar"]),
    st.integers(1, 60),
    st.floats(0, 300),
)
def test_the_waterfall_adds_up_exactly(capacity, voltage, kind, layers, pressure):
    layers = layers if kind in ("pouch", "bipolar") else 1
    cell = POUCH.replace(**{"format.kind": kind, "format.layers": layers})
    found = energy_of(cell, capacity, voltage, stack_pressure_MPa=pressure)
    steps, held = found.waterfall, found.levels["cell_with_fixture"]
    assert [step.key for step in steps] == ["theoretical", "utilisation", "voltage", *GROUPS[1:]]
    assert sum(step.change for step in steps) == pytest.approx(held.specific_energy, rel=1e-12)
    assert steps[0].change == found.levels["material"].theoretical_specific_energy
    left = {step.key: step.left for step in steps}
    assert left["voltage"] == pytest.approx(found.levels["material"].specific_energy, rel=1e-12)
    assert left["collectors"] == pytest.approx(found.levels["stack"].specific_energy, rel=1e-12)
    assert left["casing"] == pytest.approx(found.levels["cell"].specific_energy, rel=1e-12)
    assert all(step.change <= 1e-12 for step in steps[3:])


def test_parts_of_a_blend_are_those_of_one_material_blended_with_itself():
    whole = energy_of(POUCH, 4.5, 3.7)
    blended = energy_of(
        POUCH.replace(**{"cathode.blend": [{"active": "NMC811", "mass_fraction": 0.4, "particle_diameter": "7 um"}]}),
        4.5,
        3.7,
    )
    assert blended.masses == pytest.approx(whole.masses)
    assert blended.equilibrium_voltage == pytest.approx(whole.equilibrium_voltage, abs=1e-9)


def test_formats_share_out_what_they_share():
    """More layers share casing and foils; a bipolar stack has the voltage of all, a pouch the capacity of all."""
    single, pouch, bipolar = (
        energy_of(POUCH.replace(**{"format.kind": kind, "format.layers": layers}), 5, 3.8)
        for kind, layers in (("pouch", 1), ("pouch", 20), ("bipolar", 20))
    )
    assert single.specific_energy < pouch.specific_energy
    assert pouch.as_dict()["whole"]["capacity_Ah"] == pytest.approx(20 * 20 * 5e-3)
    assert pouch.as_dict()["whole"]["voltage_V"] == 3.8
    assert bipolar.as_dict()["whole"]["capacity_Ah"] == pytest.approx(20 * 5e-3)
    assert bipolar.as_dict()["whole"]["voltage_V"] == pytest.approx(76)
    assert bipolar.as_dict()["whole"]["energy_Wh"] == pytest.approx(pouch.as_dict()["whole"]["energy_Wh"])


def test_cost_is_mass_times_price_over_energy():
    found = energy_of(POUCH.replace(**BARE, **{"format.tab_mass_share": 0}), 5, 3.8)
    spent = sum(part.mass * part.price for part in found.parts if part.mass)
    assert found.levels["cell"].cost == pytest.approx(spent / (190 / 1000))  # 19 mWh/cm2 are 190 Wh/m2


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0, 3.8), ("capacity: 0 gives no energy",)),
        ((float("nan"), 3.8), ("capacity", "nan")),
        ((5, -1), ("voltage: -1", "above 0")),
        ((50, 3.8), ("capacity: 50 mAh/cm2", "6.72 mAh/cm2")),
    ],
)
def test_what_gives_no_energy_is_refused(numbers, words):
    with pytest.raises(InputError) as error:
        energy_of(POUCH, *numbers)
    assert all(word in str(error.value) for word in words)


def test_a_negative_pressure_is_refused():
    with pytest.raises(InputError, match="stack_pressure_MPa: -1 is no pressure"):
        energy_of(POUCH, 5, 3.8, stack_pressure_MPa=-1)


def test_a_symmetric_cell_has_no_energy():
    with pytest.raises(InputError, match="symmetric cell"):
        energy_of(Cell.load("sym-li-lpscl"), 1, 1)


def test_a_composite_below_its_threshold_is_named():
    cell = POUCH.replace(**{"cathode.mass_fractions": {"active": 0.94, "electrolyte": 0.055, "carbon": 0.005}})
    assert "No path for ions" in energy_of(cell, 5, 3.8).warnings[0]
    assert not energy_of(POUCH, 5, 3.8).warnings
