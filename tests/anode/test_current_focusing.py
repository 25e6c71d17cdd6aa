"""Current around a void against the table of K_J, and over contact spots against known constrictions."""

import numpy as np
import pybamm
import pytest

from lisse.anode.current_focusing import edge_ratio, reduced_radius, solve_void, spread
from lisse.errors import InputError

TABLE = {0.1: 1.05, 1.0: 1.38, 3.0: 1.84, 10.0: 2.83, 30.0: 4.6, 100.0: 7.9}
"""B9: the physics notes' solve; 4.5 to 4.7 at 30."""


@pytest.mark.parametrize(("radius", "ratio"), TABLE.items())
def test_table(radius, ratio):
    """5 % for the solve, and for the closed form."""
    assert solve_void(radius).edge == pytest.approx(ratio, rel=0.05)
    assert edge_ratio(radius) == pytest.approx(ratio, rel=0.05)


def test_below_three_up_to_ten():
    """Roy, Fleck and Deshpande."""
    assert solve_void(10.0).edge < 3
    assert edge_ratio(10.0) < 3


@pytest.mark.parametrize("radius", [1.0, 10.0])
def test_mesh_converges(radius):
    """Each halving of the cells moves the rim by less than the one before; the last by less than 0.5 %."""
    values = [solve_void(radius, width).edge for width in (2e-3, 1e-3, 5e-4, 2.5e-4)]
    changes = np.abs(np.diff(values))
    assert np.all(np.diff(changes) < 0)
    assert changes[-1] < 0.005 * values[-1]


def test_far_walls_do_not_matter():
    assert solve_void(3.0, extent=80.0).edge == pytest.approx(solve_void(3.0).edge, rel=1e-3)


def test_charge_is_kept():
    """What enters the electrolyte leaves through the contact, and far from the void the current is even."""
    found = solve_void(3.0)
    assert abs(found.balance) < 1e-9
    assert found.ratio[-1] == pytest.approx(1.0, abs=0.01)


def test_small_void_takes_no_current():
    """K_J - 1 falls with the radius: the interface evens the current out."""
    assert solve_void(0.001).edge == pytest.approx(1.0, abs=2e-3)
    assert edge_ratio(0.0) == 1.0


def test_closed_form_takes_arrays_and_symbols():
    radius = np.array([1.0, 10.0])
    assert edge_ratio(radius) == pytest.approx([edge_ratio(1.0), edge_ratio(10.0)])
    symbol = edge_ratio(reduced_radius(pybamm.Scalar(20e-6), 0.2, 1e-4))
    assert float(symbol.evaluate()) == pytest.approx(edge_ratio(1.0))


@pytest.mark.parametrize("radius", [0.1, 0.2])
def test_disc_constriction(radius):
    """Square flux tube: R = (1 - 1.4092 e + 0.2959 e^3 + 0.0525 e^5)/(4 kappa a), e^2 the contact fraction (Negus)."""
    n = 256
    x = (np.arange(n) - n / 2) / n
    disc = np.hypot(x[:, None], x) < radius
    e = np.sqrt(np.mean(disc))
    expected = (1 - 1.4092 * e + 0.2959 * e**3 + 0.0525 * e**5) / (4 * e / np.sqrt(np.pi))
    thin = 1e-5
    assert spread(disc, 1.0, 1.0, thin).area_resistance - thin / e**2 == pytest.approx(expected, rel=0.03)


def test_resistive_interface_spreads_the_current_evenly():
    disc = np.zeros((64, 64), bool)
    disc[20:40, 10:30] = True
    found = spread(disc, 1e-6, 1.0, 1.0)
    assert found.area_resistance == pytest.approx(1 / np.mean(disc), rel=1e-4)
    assert found.largest == pytest.approx(1 / np.mean(disc), rel=1e-4)


def test_current_flows_where_lithium_touches():
    disc = np.zeros((64, 64), bool)
    disc[20:40, 10:30] = True
    found = spread(disc, 100e-6, 0.2, 1e-4)
    assert np.mean(found.ratio) == pytest.approx(1.0)
    assert np.all(found.ratio[~disc] == 0)
    assert np.all(found.ratio[disc] > 0)
    corner, middle = found.ratio[20, 10], found.ratio[30, 20]
    assert corner > middle


@pytest.mark.parametrize("action", [lambda: solve_void(0.0), lambda: solve_void(1.0, growth=1.0)])
def test_bad_void(action):
    with pytest.raises(InputError, match="reduced radius"):
        action()


def test_no_contact_no_current():
    with pytest.raises(InputError, match="some of the 64 points must touch"):
        spread(np.zeros((8, 8), bool), 1.0, 1.0, 1.0)
