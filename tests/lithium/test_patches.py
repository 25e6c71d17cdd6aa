"""Cells of patches: the uniform cell as a limit, books of charge, convergence, rim, endings, input."""

import numpy as np
import pytest

from lisse.anode.patches import PatchNetwork, disc_layout
from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.build import Conditions, build
from lisse.lithium.patched_cell import PatchedCell
from lisse.lithium.patches import local_currents, pressure_profile

CELL = Cell.load("sym-li-lpscl")
FREE = CELL.replace(**{"anode.die_confined": False})


@pytest.fixture(scope="module")
def stripped():
    return local_currents(CELL, 10.0, patches=100)


def equal_patches(patches=3):
    """Return patches that do not differ, and the simulator of one uniform cell."""
    simulator = build(CELL, count=2 * patches)
    around = simulator.face.around
    network = PatchNetwork.of_separator(
        disc_layout(patches), CELL.derived.cell_area, CELL.derived.separator_thickness, float(around.conductivity[0])
    )
    pressure = simulator.state.pressure[:patches]
    lithium = simulator.state.lithium[:, :1]
    return PatchedCell(simulator.face, simulator.filaments, network, pressure, pressure, lithium), build(CELL)


def test_equal_patches_are_the_uniform_cell():
    """Two and a half cycles: coverage, interphase and voltage of the simulator of whole cells."""
    patched, uniform = equal_patches()
    for half in range(3):
        sign = (-1) ** half
        history = patched.half_cycle(10.0 * sign, 3600.0, 40)
        uniform.advance(10.0 * sign, 3600.0)
        assert np.ptp(history.current[-1]) < 1e-6
        assert np.allclose(patched.coverage(), uniform.coverage(), rtol=3e-3)
        assert np.allclose(patched.state.lithium, uniform.state.lithium, rtol=1e-4)
    assert abs(history.voltage[-1]) == pytest.approx(float(uniform.state.voltage[0]), rel=5e-3)
    assert patched.coverage()[0, 0] < 0.65


def test_the_total_current_is_kept(stripped):
    assert np.allclose(stripped.current.mean(axis=2), 10.0, rtol=1e-9)


def test_lithium_is_what_the_charge_took():
    """1 mAh/cm2 is 4.85 um in the mean; the other face gains it."""
    patched, _ = equal_patches(2)
    before = patched.state.lithium.copy()
    patched.half_cycle(10.0, 3600.0, 20)
    film = (patched.state.interphase - 3.6) * 12.997e-6 / 96485.33
    change = (patched.state.lithium - before + film).mean(axis=1)
    assert np.allclose(change, [-4.849e-6, 4.849e-6], rtol=1e-3)


def test_current_leaves_lost_contact(stripped):
    """Patches with less contact carry less current, and those below them on the other face follow in part."""
    order = np.corrcoef(stripped.contact[-1, 0], stripped.current[-1, 0])[0, 1]
    other = np.corrcoef(stripped.contact[-1, 0], stripped.current[-1, 1])[0, 1]
    assert order > 0.9
    assert 0.2 < other < order
    spread = stripped.current_over_mean.std(axis=2)
    assert np.all(np.diff(spread[:, 0]) > 0)
    assert spread[-1, 0] > 3 * spread[-1, 1]


def test_sharing_saves_the_weakest(stripped):
    """Its own current, without sharing, would have left the weakest patch with less contact."""
    weakest = int(np.argmin(stripped.coverage[-1, 0]))
    height = -np.log(stripped.coverage[-1, 0, weakest])
    uniform = build(CELL)
    uniform.face.p["coverage_height"] = np.array([_height(weakest)])
    uniform.advance(10.0, 3600.0)
    assert -np.log(uniform.coverage()[0, 0]) > 1.1 * height


def _height(patch):
    from lisse.lithium.parameters import draw, read_claims

    return draw({"coverage_height": read_claims(CELL)["coverage_height"]}, 200, 1)["coverage_height"][patch]


def test_convergence_with_sub_steps():
    """Splitting of nearly second order; with 40 sub-steps every patch's current is within 0.04 %."""
    found = {n: local_currents(CELL, 10.0, patches=50, steps=n).current[-1, 0] for n in (5, 10, 40, 160)}
    error = {n: np.abs(found[n] / found[160] - 1).max() for n in (5, 10, 40)}
    assert error[40] < 4e-4
    assert error[40] < error[10] / 8 < error[5] / 20


def test_seeds():
    first, again, other = (local_currents(CELL, 10.0, patches=30, steps=5, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.current, again.current)
    assert not np.allclose(first.current, other.current, rtol=1e-2)


def test_pressure_is_even_in_a_die_and_a_hill_between_platens():
    layout = disc_layout(400)
    assert np.all(pressure_profile(CELL, layout) == 1)
    hill = pressure_profile(FREE, layout)
    assert hill.mean() == pytest.approx(1)
    inverse = 1 / 6.56  # the friction hill: (n' + 3)/(n' + 1) of the mean in the middle, 0 at the rim
    exact = (inverse + 3) / (inverse + 1) * (1 - layout.relative_radius ** (1 + inverse))
    assert np.allclose(hill, exact, atol=0.02)
    assert hill[layout.relative_radius > 0.97].max() < 0.2


def test_the_rim_loses_contact_first():
    free, die = (local_currents(cell, 10.0, patches=100, steps=20) for cell in (FREE, CELL))
    rim = free.summary()["rim"]
    assert rim["contact_fraction_rim"] < 0.3 * rim["contact_fraction_middle"]
    assert rim["current_over_mean_rim"] < 0.5 < 1.5 < rim["current_over_mean_middle"]
    assert free.pressure.min() == 1e5
    even = die.summary()["rim"]
    assert even["contact_fraction_rim"] == pytest.approx(even["contact_fraction_middle"], rel=0.2)


def test_more_pressure_evens_the_current():
    largest = [
        local_currents(CELL, 10.0, Conditions(pressure=p), steps=20).current_over_mean[-1, 0].max() for p in (3e6, 7e6)
    ]
    assert largest[0] - 1 > 2 * (largest[1] - 1)


def test_summary(stripped):
    summary = stripped.summary()
    relative = summary["local_current_over_mean"]
    assert set(relative) == {"median", "p90", "max"}
    assert len(summary["time_h"]) == len(relative["max"]) == len(summary["patches_lost"]) == 41
    assert relative["max"][-1] > relative["p90"][-1] > relative["median"][-1]
    assert summary["time_h"][-1] == pytest.approx(1.0)
    assert len(summary["map"]["contact_fraction"]) == 100
    assert summary["ended_by"] == "survived"
    assert max(summary["contact_fraction"]["mean"]) == summary["contact_fraction"]["mean"][0]
    assert any("assumed" in line for line in summary["warnings"])


def test_cycles_alternate_and_bring_patches_to_the_critical_current():
    """Void edges are smallest at the start of plating; the weakest patches of 100 start filaments there."""
    found = local_currents(CELL, 10.0, half_cycles=4, steps=20)
    assert found.half_cycle.tolist() == [1] * 21 + [2] * 21 + [3] * 21 + [4] * 21
    assert np.allclose(found.current.mean(axis=2)[[5, 30]], [[10, 10], [-10, -10]])
    summary = found.summary()
    assert len(summary["time_h"]) == 4
    assert summary["time_h"] == pytest.approx([1, 2, 3, 4])
    assert summary["plating_current_over_critical"][1] > 1 > summary["plating_current_over_critical"][0]
    assert summary["patches_above_critical_plating_current"][1] >= 1
    first, second = found.coverage[20, 0], found.coverage[62, 0]
    assert np.median(second) < np.median(first)  # the ratchet


def test_negative_current_plates_first():
    found = local_currents(CELL, -10.0, patches=20, steps=5)
    assert found.edge_current[-1, 0].min() > 0
    assert found.edge_current[-1, 1].max() == 0
    assert found.coverage[-1, 0].min() > 0.999 > found.coverage[-1, 1].max()


def test_endings():
    thin = CELL.replace(**{"anode.thickness": "4 um"})
    assert local_currents(thin, 10.0, patches=20).ending == "lithium_exhausted"
    limited = local_currents(CELL, 10.0, Conditions(voltage_limit=0.33), patches=20)
    assert limited.ending == "voltage_limit"
    assert limited.voltage[-1] > 0.33 > limited.voltage[-2]
    assert limited.summary()["ended_by"] == "voltage_limit"


def test_lost_patches_and_lost_contact():
    """80 mAh/cm2 in one strip: patches go one by one, then the electrode."""
    thick = CELL.replace(**{"anode.thickness": "1 mm"})
    found = local_currents(thick, 10.0, Conditions(voltage_limit=1e3), patches=50, capacity=2.88e6, steps=160)
    lost = np.array(found.summary()["patches_lost"])
    assert found.ending == "contact_loss"
    assert 0 in lost
    assert ((lost > 0) & (lost < 40)).sum() > 5
    assert np.all(np.diff(lost) >= 0)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"current": 0.0}, "current: 0 is not accepted"),
        ({"patches": 1}, "patches: 1 is not accepted; it must be 2 to 2000"),
        ({"capacity": -1.0}, "capacity: -1 is not accepted"),
        ({"half_cycles": 0}, "half_cycles: 0 is not accepted"),
        ({"steps": 0}, "steps: 0 is not accepted"),
    ],
)
def test_bad_input(given, sentence):
    with pytest.raises(InputError, match=sentence):
        local_currents(CELL, **({"current": 10.0} | given))


def test_an_alloy_has_no_voids():
    with pytest.raises(InputError, match="no metal that creeps"):
        local_currents(Cell.load("koerver-2017"), 1.0)
