"""Masses and volumes of parts against sums written out by hand, and what formats share out."""

import math

import pytest

from lisse.cell.cell import Cell
from lisse.cell.format import format_values
from lisse.energy import energy_of
from lisse.energy.parts import collector_shares, fixture_ratio, parts_of

PRESSURE = 3e6


def parts(cell, capacity=180_000.0):
    return parts_of(cell, format_values(cell.spec), capacity, PRESSURE)


def mass(found, group):
    return sum(part.mass for part in found if part.group == group)


def test_a_stack_by_hand():
    """Per cm2: 24.39 mg NMC811 of 85 wt%, 30 um of Li6PS5Cl, 4.84 um of Li, half of 10 um Al and 6 um Cu (C31-C34)."""
    cell = Cell.load("practical-pouch").replace(**{"separator.binder": None, "cathode.coating": None})
    found = parts(cell.replace(**{"format.layers": 10_000}))
    assert 100 * mass(found, "active") == pytest.approx(24.39)
    assert 100 * mass(found, "composite") == pytest.approx(24.39 / 0.85 * 0.15)
    assert 100 * mass(found, "separator") == pytest.approx(30e-4 * 0.95 * 1870)
    assert 100 * mass(found, "lithium") == pytest.approx(4.84e-4 * 534)
    assert 100 * mass(found, "collectors") == pytest.approx((10e-4 * 2700 + 6e-4 * 8960) / 2, rel=2e-4)


def test_volumes_of_a_stack_are_its_layers_and_the_lithium_charged_into_it():
    cell = Cell.load("reference")
    stack = [part for part in parts(cell, 72_000.0) if part.group not in ("casing", "tabs", "fixture")]
    plated = 4.849e-6 * 2  # 4.85 um of lithium for each mAh/cm2 at 12.997 cm3/mol
    assert sum(part.volume for part in stack) == pytest.approx(cell.derived.stack_thickness + plated, rel=1e-4)
    assert sum(part.mass for part in stack) == pytest.approx(cell.derived.stack_mass)


def test_lithium_indium_swells_by_its_own_molar_volume():
    """R. Koerver et al. 2018: 7.89 cm3/mol from In to InLi; as much charge takes 0.6 of the room that lithium takes."""
    found = parts(Cell.load("koerver-2017"), 36_000.0)
    plated = next(part for part in found if part.label.startswith("charged lithium"))
    assert plated.volume == pytest.approx(36_000 / 96485 * 7.89e-6, rel=1e-3)


@pytest.mark.parametrize("layers", [1, 2, 3, 20, 21])
def test_between_and_around_n_layers_of_a_pouch_stand_n_plus_one_foils(layers):
    positive, negative = (round(layers * share) for share in collector_shares("pouch", layers))
    assert positive + negative == layers + 1
    assert negative - positive == (layers + 1) % 2  # the outermost are negative


def test_a_bipolar_stack_has_as_much_foil_as_layers_and_one_more():
    assert collector_shares("bipolar", 1) == (1.0, 1.0)
    assert sum(collector_shares("bipolar", 9)) * 9 == pytest.approx(10)
    assert collector_shares("pellet", 1) == collector_shares("sheet", 1) == (1.0, 1.0)


def test_a_fixture_by_its_bolts():
    """A force p A on bolts at the stress s needs the section p A / s; over the height h that is rho p A h / s."""
    area, height, pressure, stress = 20e-4, 3e-3, 5e6, 100e6
    bolts = 7850 * (pressure * area / stress) * height
    assert fixture_ratio(pressure, 7850, stress, 3000, 1.0) == pytest.approx(bolts / (3000 * area * height))


def test_the_fixture_of_a_cell_goes_with_pressure_and_stress():
    cell = Cell.load("practical-pouch")
    found = energy_of(cell, 5, 3.8, stack_pressure_MPa=10)
    stack = found.levels["stack"]
    expected = 2 * 10e6 * 7850 / (355e6 / 1.5) * stack.volume  # k_f p rho_f / s, times m_stack / rho_stack
    assert found.masses["fixture"] == pytest.approx(expected)
    double = energy_of(
        cell.replace(**{"format.fixture.allowable_stress": "473.333333 MPa"}), 5, 3.8, stack_pressure_MPa=10
    )
    assert double.masses["fixture"] == pytest.approx(expected / 2)
    none = energy_of(cell.replace(**{"format.fixture.factor": 0}), 5, 3.8)
    assert none.masses["fixture"] == 0
    assert none.levels["cell_with_fixture"] == none.levels["cell"]


def test_the_casing_is_a_box_around_all_layers():
    """20 layers of 20 cm2 that fill 0.95 of the inside: two faces of 21.05 cm2 and four sides of 4.588 cm."""
    cell = Cell.load("practical-pouch")
    found = energy_of(cell, 5, 3.8)
    height = 20 * found.levels["stack"].volume
    surface = 2 * 20e-4 / 0.95 + 4 * math.sqrt(20e-4 / 0.95) * height
    assert found.masses["casing"] * 20 * 20e-4 == pytest.approx(1450 * 153e-6 * surface)
    given = energy_of(cell.replace(**{"format.casing.mass": "4 g"}), 5, 3.8)
    assert given.masses["casing"] * 20 * 20e-4 == pytest.approx(4e-3)
    bare = energy_of(cell.replace(**{"format.casing.mass": "0 g", "format.packing_efficiency": 1}), 5, 3.8)
    assert bare.levels["cell"].volume == pytest.approx(bare.levels["stack"].volume)


def test_tabs_are_a_share_of_the_cell():
    found = energy_of(Cell.load("practical-pouch").replace(**{"format.tab_mass_share": 0.1}), 5, 3.8)
    assert found.masses["tabs"] / found.levels["cell"].mass == pytest.approx(0.1)


def test_what_has_no_price_says_why():
    found = energy_of(Cell.load("lee-2020"), 6.8, 3.75)
    assert found.no_price == {
        "coating": "no claim on the price of Li2ZrO3",
        "interlayer": "no claim on the price of Ag-C",
    }
    assert all(level.cost is None for name, level in found.levels.items() if name != "material")


def test_tabs_of_a_cell_without_collectors_have_no_price():
    cell = Cell.load("practical-pouch").replace(**{"collectors.positive": None, "collectors.negative": None})
    assert energy_of(cell, 5, 3.8).no_price == {
        "tabs and terminals": "the file names no collectors, whose metal they would be"
    }


def test_a_price_of_the_cell_file_counts():
    cell = Cell.load("practical-pouch").replace(**{"claims.active.price": "10 USD/kg"})
    part = energy_of(cell, 5, 3.8).parts[0]
    assert part.cost == pytest.approx(0.2439 * 10)
