"""Sharing of a current by patches: closed forms, conservation, limits of lateral conduction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.anode.patches import PatchNetwork, disc_layout, row_layout, share_current, share_linear

AREA = 1e-4
THICKNESS, CONDUCTIVITY = 1e-3, 0.2
COLUMN = THICKNESS / CONDUCTIVITY


def uneven(patches, seed=3, spread=1.0):
    return 5e-3 * np.random.default_rng(seed).lognormal(0, spread, (2, patches))


def network(patches=60, sheet=THICKNESS * CONDUCTIVITY, layers=1):
    return PatchNetwork(disc_layout(patches), AREA / patches, COLUMN, sheet, layers)


@given(st.integers(1, 300))
@settings(max_examples=30, deadline=None)
def test_disc(count):
    """As many patches as asked for, each at its own place, in one piece, about as wide as the disc of their area."""
    layout = disc_layout(count)
    assert len(np.unique(layout.positions, axis=0)) == count
    sides = np.linalg.norm(np.diff(layout.positions[layout.pairs], axis=1)[:, 0], axis=1)
    assert np.allclose(sides, 1)
    reached, grew = {0}, True
    while grew:
        more = {int(k) for pair in layout.pairs for k in pair if reached & set(pair.tolist())}
        grew = not more <= reached
        reached |= more
    assert len(reached) == count
    assert np.hypot(*layout.positions.T).max() < np.sqrt(count / np.pi) + 1


def test_square_grid_has_all_its_neighbours():
    """A grid of n by n has 2 n (n - 1) shared edges."""
    assert len(disc_layout(4).pairs) == 4
    assert len(disc_layout(16).pairs) == 24


def test_mean_square_radius_of_a_disc():
    """It is half of the radius squared."""
    assert np.mean(disc_layout(1000).relative_radius ** 2) == pytest.approx(0.5, rel=0.01)


def test_equal_patches_share_equally():
    found = share_linear(network(), np.full((2, 60), 7e-3), 10.0)
    assert np.allclose(found.current, 10.0, rtol=1e-10)
    assert found.voltage == pytest.approx(10.0 * (COLUMN + 2 * 7e-3), rel=1e-10)


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("current", [12.0, -3.0])
def test_the_total_is_kept_on_both_faces(layers, current):
    found = share_linear(network(layers=layers), uneven(60), current)
    assert np.allclose(found.current.mean(axis=1), current, rtol=1e-9)
    assert np.ptp(found.current[0]) > 1


def test_charge_is_kept_where_one_face_touches_nowhere_else():
    """All current of the first face through one patch spreads through the slab to the second."""
    resistance = np.stack([np.full(60, 1e12), np.full(60, 1e-3)])
    resistance[0, 0] = 1e-3
    found = share_linear(network(), resistance, 1.0)
    assert found.current[0, 0] == pytest.approx(60, rel=1e-6)
    assert 1 < found.current[1, 0] < 59
    assert found.current[1].mean() == pytest.approx(1, rel=1e-9)


def test_no_lateral_conduction_is_columns_in_parallel():
    resistance = uneven(60)
    whole = resistance.sum(axis=0) + COLUMN
    voltage = 10.0 / np.mean(1 / whole)
    for layers in (1, 4):
        found = share_linear(network(sheet=0.0, layers=layers), resistance, 10.0)
        assert np.allclose(found.current, voltage / whole, rtol=1e-9)
        assert found.voltage == pytest.approx(voltage)


def test_perfect_lateral_conduction_leaves_each_face_to_itself():
    """Both planes of the slab are then equipotential: i is in proportion to 1/R on each face."""
    resistance = uneven(60)
    found = share_linear(network(sheet=1e2), resistance, 10.0)
    alone = 1 / resistance
    assert np.allclose(found.current, 10.0 * alone / alone.mean(axis=1, keepdims=True), rtol=1e-4)
    assert found.voltage == pytest.approx(10.0 * (1 / alone.mean(axis=1)).sum() + 10.0 * COLUMN, rel=1e-4)


def test_two_patches():
    """Two patches against a perfect second face, solved by hand.

    With x = current of the first minus the mean, the nodes at phi = m +- d; the lateral joint of a third of the sheet's
    conductance carries 2 d g: x = d (1/c + 2 g / A), and U is the same for both: R1 (I + x) + d = R2 (I - x) - d.
    """
    area, sheet, mean = 2e-6, 3e-4, 10.0
    first, second = 2e-3, 9e-3
    conductance = 1 / COLUMN + 2 * (sheet / 3) / area
    x = (second - first) * mean / (first + second + 2 / conductance)
    pair = PatchNetwork(row_layout(2), area, COLUMN, sheet)
    found = share_linear(pair, np.array([[first, second], [0.0, 0.0]]), mean)
    assert np.allclose(found.current[0], [mean + x, mean - x], rtol=1e-9)
    assert found.voltage == pytest.approx(first * (mean + x) + COLUMN * mean + x / conductance, rel=1e-9)


@pytest.mark.parametrize(("waves", "layers", "accuracy"), [(1, 1, 2e-3), (4, 1, 0.03), (4, 8, 1e-3), (12, 16, 6e-3)])
def test_a_small_ripple_meets_the_admittance_of_a_slab(waves, layers, accuracy):
    """Laplace: a ripple e of R gives the ripple -i R e / (R + 1/Y) of the current, Y = kappa k coth(k L)."""
    patches, side, mean, ripple = 120, 1e-4, 10.0, 1e-6
    base = 2e-3
    wavenumber = np.pi * waves / (patches * side)
    shape = np.cos(wavenumber * (np.arange(patches) + 0.5) * side)
    row = PatchNetwork(row_layout(patches), side**2, COLUMN, THICKNESS * CONDUCTIVITY, layers)
    found = share_linear(row, np.stack([base * (1 + ripple * shape), np.zeros(patches)]), mean)
    amplitude = 2 * np.mean((found.current[0] - mean) * shape)
    measured = -mean * base * ripple / amplitude - base
    exact = 1 / (CONDUCTIVITY * wavenumber / np.tanh(wavenumber * THICKNESS))
    assert measured == pytest.approx(exact, rel=accuracy)


def test_lateral_conduction_lowers_the_voltage():
    """Rayleigh: another path can only help."""
    resistance = uneven(60)
    found = [share_linear(network(sheet=sheet), resistance, 1.0) for sheet in (0.0, 1e-5, 1e-4, 1e-3, 1e-1)]
    assert np.all(np.diff([one.voltage for one in found]) < 0)


def test_dissipation_equals_power():
    """Uniqueness in one number: U I is what resistors and slab dissipate, all of it positive."""
    net, resistance = network(), uneven(60)
    found = share_linear(net, resistance, 10.0)
    inside = np.concatenate([found.voltage - resistance[0] * found.current[0], resistance[1] * found.current[1]])
    slab = inside @ (net.matrix @ inside)
    faces = (resistance * found.current**2).sum() * net.patch_area
    assert slab > 0
    assert slab + faces == pytest.approx(found.voltage * 10.0 * AREA, rel=1e-9)


def test_resistance_that_falls_with_current():
    """Charge transfer far from equilibrium: without lateral conduction every column obeys U = 2 b asinh(i/2j) + c i."""
    thermal, exchange = 0.0257, np.array([0.1, 1.0, 10.0, 100.0])
    net = PatchNetwork(row_layout(4), AREA / 4, 1e-4, 0.0)

    def resistance(current):
        drop = 2 * thermal * np.arcsinh(current[0] / (2 * exchange)) / current[0]
        return np.stack([drop, np.zeros(4)])

    found = share_current(net, resistance, 40.0)
    across = 2 * thermal * np.arcsinh(found.current[0] / (2 * exchange)) + 1e-4 * found.current[0]
    assert np.allclose(across, found.voltage, rtol=1e-6)
    assert found.current[0].mean() == pytest.approx(40.0)


def test_a_resistance_that_grows_too_fast_is_refused():
    pair = PatchNetwork(row_layout(2), AREA, 1e-6, 0.0)
    with pytest.raises(RuntimeError, match="did not settle"):
        share_current(pair, lambda i: np.array([[1.0, 2.0], [0.0, 0.0]]) * i**4, 10.0)
