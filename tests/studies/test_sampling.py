"""Draws of cells: the distributions that the spreads state, bounds, correlations, and names that keep their column."""

from __future__ import annotations

import numpy as np
import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.materials.curves import AdjustedCurve
from lisse.separator.creep_into_pores import fitted_velocity
from lisse.studies.sampling import claims_of, correlation, dimensions, draw, groups, points

FACTOR, ABSOLUTE = "Li6PS5Cl.ionic_conductivity.review-table2", "Li6PS5Cl.activation_energy.review-table2"


@pytest.fixture(scope="module")
def cell():
    return Cell.load("reference")


def column(draws, name):
    place = [row.name for row in draws.dimensions].index(name)
    return draws.numbers()[:, place]


@pytest.mark.parametrize("sampling", ["sobol", "lhs"])
def test_a_factor_is_lognormal_and_a_difference_normal(cell, sampling):
    draws = draw(cell, 1024, sampling=sampling)
    logs = np.log(column(draws, FACTOR) / 0.13)
    assert logs.mean() == pytest.approx(0.0, abs=2e-3)
    assert logs.std() == pytest.approx(np.log(1.5), rel=0.01)
    energies = column(draws, ABSOLUTE)
    assert energies.mean() == pytest.approx(0.33 * 96485.33, rel=1e-3)
    assert energies.std() == pytest.approx(0.03 * 96485.33, rel=0.01)
    # 90 % of a normal distribution lie within 1.645 sigma
    assert np.quantile(logs, 0.95) == pytest.approx(1.645 * np.log(1.5), rel=0.02)


def test_bounds_of_a_uniform_spread_are_kept_and_filled():
    cell = Cell.load("sym-li-lpscl")
    found = column(draw(cell, 256), "Li6PS5Cl.void_yield.drift")
    assert 0.3 <= found.min() < 0.31
    assert 0.99 < found.max() <= 1.0
    assert found.mean() == pytest.approx(0.65, abs=0.01)


def test_physical_bounds_cut_the_tails(cell):
    draws = draw(cell, 2048)
    content = column(draws, "NMC811.pristine_lithium_content.first-charge")
    assert content.max() <= cell.claim("active", "open_circuit_voltage").value.range[1]
    assert column(draws, "VGCF.percolation_threshold.network").min() > 0  # 0.02 ± 0.01 reaches below zero
    assert (column(draws, "NMC811.percolation_exponent.composite") > 0).all()


def test_every_draw_of_the_reference_cell_is_a_cell(cell):
    draws = draw(cell, 64)
    assert all(isinstance(draws.make(number), Cell) for number in range(64))


def test_one_claim_in_two_roles_is_drawn_once(cell):
    drawn = draw(cell, 8).make(3)
    assert drawn.number("separator", "ionic_conductivity") == drawn.number("electrolyte", "ionic_conductivity")
    assert drawn.number("separator", "ionic_conductivity") != cell.number("separator", "ionic_conductivity")


def test_a_value_of_the_cell_file_belongs_to_its_role(cell):
    own = cell.replace(**{"claims.separator.ionic_conductivity": {"value": "2 mS/cm", "spread": "x/÷ 1.2"}})
    names = [row.name for row in dimensions(own)]
    assert "separator.ionic_conductivity.own" in names
    assert FACTOR in names  # that of the cathode's electrolyte


def test_curves_are_scaled_shifted_or_stretched(cell):
    values = draw(cell, 16).values(5)
    diffusivity, voltage, strain = (
        values["active", name] for name in ("diffusivity", "open_circuit_voltage", "volume_strain")
    )
    assert all(isinstance(curve, AdjustedCurve) for curve in (diffusivity, voltage, strain))
    assert diffusivity.offset == 0
    assert voltage.factor == 1
    assert strain.offset == 0
    base = cell.claim("active", "open_circuit_voltage").value
    assert voltage(0.3) - base(0.3) == pytest.approx(voltage(0.8) - base(0.8))


def test_an_absolute_spread_of_a_strain_is_that_of_its_whole_stroke(cell):
    stroke = np.ptp(cell.claim("active", "volume_strain").value(np.linspace(0.11, 1.0, 400)))
    factors = column(draw(cell, 1024), "NMC811.volume_strain.debiasi")
    assert factors.std() * stroke == pytest.approx(0.0015, rel=0.02)


def test_claims_of_one_fit_are_correlated(cell):
    draws = draw(cell, 2048)
    names = ("lithium_contact_hardness", "lithium_contact_resistance")
    hardness, resistance = (np.log(column(draws, f"Li6PS5Cl.{name}.doux-2020")) for name in names)
    assert np.corrcoef(hardness, resistance)[0, 1] == pytest.approx(-0.9, abs=0.01)
    assert hardness.std() == pytest.approx(np.log(1.15), rel=0.01)
    assert resistance.std() == pytest.approx(np.log(1.25), rel=0.01)


def test_the_correlation_of_the_contact_law_is_that_of_its_fit():
    """A fit of ln R = ln R_c - ln(exp(P/P_H) - 1) to six pressures with equal relative errors."""
    ratio = np.array([1, 5, 10, 15, 20, 25]) / 6.0
    slopes = np.stack([np.ones(6), ratio * np.exp(ratio) / (np.exp(ratio) - 1)], axis=1)
    covariance = np.linalg.inv(slopes.T @ slopes)
    assert covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]) == pytest.approx(-0.91, abs=0.01)


def test_the_correlation_of_the_densification_is_that_of_its_two_points():
    """Loose powder sets the intercept A; the density at 370 MPa then sets P_y = 370 MPa/(y - A)."""
    rise = np.log(1 / (1 - 0.82)) - 0.92
    share = np.log(1.15) * 0.92 / rise / np.log(1.3)
    assert share == pytest.approx(0.6, abs=0.03)


def test_the_creep_rate_follows_what_it_was_fitted_with():
    cell = Cell.load("sym-li-lpscl")
    draws = draw(cell, 8)
    assert not any("pore_creep_rate" in row.name for row in draws.dimensions)
    values = draws.values(2)
    scale, threshold = (values["separator", f"pore_creep_{name}"] for name in ("pressure", "threshold_pressure"))
    claims = [cell.number("separator", f"pore_creep_{name}") for name in ("pressure", "threshold_pressure")]
    expected = fitted_velocity(scale, threshold) / fitted_velocity(*claims)
    assert values["separator", "pore_creep_rate"] / cell.number("separator", "pore_creep_rate") == pytest.approx(
        expected
    )


@pytest.mark.parametrize("sampling", ["sobol", "lhs"])
def test_a_new_name_does_not_move_the_others(sampling):
    names = ["density", "diffusivity", "porosity"]
    before = points(names, 64, 3, sampling)
    after = points(["capacity", *names], 64, 3, sampling)
    assert np.array_equal(before, after[:, 1:])
    assert not np.array_equal(before, points(names, 64, 4, sampling))


@pytest.mark.parametrize("sampling", ["sobol", "lhs"])
def test_every_claim_is_stratified(sampling):
    found = points([f"claim {number}" for number in range(40)], 256, 0, sampling)
    assert all(len(set(np.floor(256 * column))) == 256 for column in found.T)
    # no two claims go together more than those of random points
    apart = np.corrcoef(found.T) - np.eye(40)
    assert np.abs(apart).max() < 0.45
    assert np.sqrt((apart**2).mean()) < 1.1 / np.sqrt(256)


def test_groups_join_correlated_claims(cell):
    rows = dimensions(cell)
    joined = [{rows[k].claim.property for k in group} for group in groups(rows) if len(group) > 1]
    assert {"lithium_contact_hardness", "lithium_contact_resistance"} in joined
    assert sum(len(group) for group in groups(rows)) == len(rows)
    assert np.linalg.eigvalsh(correlation(rows)).min() > 0


def test_draws_stay_when_a_field_is_replaced(cell):
    drawn = draw(cell, 4).make(1)
    warm = drawn.replace(**{"operation.temperature": "60 degC"})
    assert warm.number("active", "exchange_current_density") == drawn.number("active", "exchange_current_density")
    own = drawn.replace(**{"claims.active.exchange_current_density": "1 A/m^2"})
    assert own.number("active", "exchange_current_density") == 1.0


def test_claims_of_mechanisms_are_drawn(cell):
    names = {claim.property for claim in claims_of(cell.replace(mechanisms=["contact_loss"]))}
    assert "adhesion_energy" in names
    assert "adhesion_energy" not in {claim.property for claim in claims_of(cell)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"count": 1}, "1 draws are not accepted"),
        ({"count": 8, "sampling": "grid"}, 'sampling: "grid" is not known; write sobol or lhs'),
        ({"count": 8, "seed": -1}, "seed: -1 is not accepted"),
    ],
)
def test_bad_arguments_get_one_sentence(cell, arguments, words):
    with pytest.raises(InputError, match=words):
        draw(cell, **arguments)
