"""Rough contact against Westergaard, Hertz, Persson and a peer; creep and current against closed forms and balances."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.anode.contact_evolution import Conditions, creep_step, evolve
from lisse.anode.creep import CreepLaw
from lisse.anode.rough_contact import (
    Hardness,
    Roughness,
    Surface,
    feature_radius,
    press,
    press_plastic,
    self_affine,
    wavevector,
)
from lisse.errors import InputError

E = 6.6e9
SIZE = 100e-6
ENDLESS = 1e15
"""A hardness that nothing reaches: the projection then solves the elastic contact."""
LITHIUM = Hardness(CreepLaw(7.7e-3, 6.56, 37e3, 0.35e-6), 298.15)
VOLUME_PER_CHARGE = 1.347e-10


def wave(grid=128, amplitude=1e-6):
    x = np.arange(grid) * SIZE / grid
    return Surface(np.tile((amplitude * np.cos(2 * np.pi * x / SIZE))[:, None], (1, grid)), SIZE)


@pytest.mark.parametrize("hardness", [None, ENDLESS])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9])
def test_wave_touches_as_westergaard_says(share, hardness):
    """Contact width (2/pi) asin sqrt(P/P*), pressure 2 P* cos(..) at the crest; P* = pi E* A / wavelength."""
    full = np.pi * E * 1e-6 / SIZE
    found = press(wave(), share * full, E, hardness)
    assert found.fraction == pytest.approx(2 / np.pi * np.arcsin(np.sqrt(share)), abs=2 / 128)
    assert np.max(found.pressure) == pytest.approx(2 * np.sqrt(share) * full, rel=0.01)


@pytest.mark.parametrize("hardness", [None, ENDLESS])
def test_wave_closes_at_the_full_contact_pressure(hardness):
    full = np.pi * E * 1e-6 / SIZE
    assert press(wave(), 0.97 * full, E, hardness).fraction < 1
    assert press(wave(), 1.03 * full, E, hardness).fraction == 1


@pytest.mark.parametrize("hardness", [None, ENDLESS])
def test_sphere_touches_as_hertz_says(hardness):
    """a^3 = 3 F R / (4 E*), p_0 = 3 F / (2 pi a^2); the radius is a tenth of the period."""
    radius, pressure = 1e-3, 1e6
    x = (np.arange(256) - 128) * SIZE / 256
    found = press(Surface(-np.add.outer(x**2, x**2) / (2 * radius), SIZE), pressure, E, hardness)
    force = pressure * SIZE**2
    a = (3 * force * radius / (4 * E)) ** (1 / 3)
    assert np.sqrt(found.fraction * SIZE**2 / np.pi) == pytest.approx(a, rel=0.02)
    assert np.max(found.pressure) == pytest.approx(3 * force / (2 * np.pi * a**2), rel=0.01)


def test_light_contact_of_a_rough_surface_grows_with_load_over_modulus_and_slope():
    """theta = k P / (E* h'), k between Persson's sqrt(8/pi) and the sqrt(2 pi) of Bush, Gibson and Thomas."""
    surface = self_affine(256, SIZE, Roughness())
    found = press(surface, 30e6, E, ENDLESS)
    factor = found.fraction * E * surface.rms_slope / 30e6
    assert np.sqrt(8 / np.pi) < factor < np.sqrt(2 * np.pi)


@pytest.mark.parametrize("megapascal", [10, 100, 1000])
def test_projection_agrees_with_contact_mechanics(megapascal):
    """The peer: Polonsky and Keer's conjugate gradients in the package ContactMechanics."""
    surface = self_affine(128, SIZE, Roughness(), seed=3)
    own, peer = (press(surface, megapascal * 1e6, E, hardness) for hardness in (ENDLESS, None))
    assert own.fraction == pytest.approx(peer.fraction, rel=0.02)
    assert np.mean(np.abs(own.pressure - peer.pressure)) < 0.01 * megapascal * 1e6


@settings(max_examples=15, deadline=None)
@given(
    pressure=st.floats(1e5, 30e6),
    hardness=st.floats(5e6, 500e6),
    seed=st.integers(0, 100),
    height=st.floats(1e-7, 3e-6),
)
def test_conditions_of_contact_hold(pressure, hardness, seed, height):
    """0 <= p <= H, <p> = P, g >= 0, no pressure across a gap, and the lithium keeps its volume."""
    surface = self_affine(64, SIZE, Roughness(height), seed)
    found = press(surface, pressure, E, hardness)
    assert np.mean(found.pressure) == pytest.approx(pressure, rel=1e-4)
    assert np.min(found.pressure) >= 0
    assert np.max(found.pressure) <= max(hardness, pressure) * (1 + 1e-9)
    assert np.min(found.gap) >= 0
    assert not np.any(found.pressure * found.gap)
    assert np.mean(found.flattened.heights) == pytest.approx(np.mean(surface.heights), abs=1e-12 * height + 1e-20)
    assert found.fraction >= min(1.0, pressure / hardness) * (1 - 1e-3)


def test_soft_metal_touches_on_the_share_of_load_over_hardness():
    """Bowden and Tabor: theta = P/H where spots flow long before they bend."""
    surface = self_affine(128, SIZE, Roughness())
    for share in (0.05, 0.3, 0.7):
        assert press(surface, share * 10e6, E, 10e6).fraction == pytest.approx(share, rel=0.02)
    assert press(surface, 10e6, E, 10e6).fraction == 1


def test_surface_has_the_spectrum_that_was_asked_for():
    """Height, cut-offs, and a spectrum that falls with the power -2 (1 + H) of the wavevector."""
    surface = self_affine(512, SIZE, Roughness(0.7e-6, 0.6, 50e-6, 1e-6), seed=2)
    assert np.std(surface.heights) == pytest.approx(0.7e-6)
    spectrum, q = np.abs(np.fft.fft2(surface.heights)) ** 2, wavevector(surface)
    inside = (q > 2 * np.pi / 50e-6 * 1.001) & (q < 2 * np.pi / 1e-6 * 0.999)
    outside = (q < 2 * np.pi / 50e-6 * 0.999) | (q > 2 * np.pi / 1e-6 * 1.001)
    assert np.max(spectrum[outside]) < 1e-20 * np.max(spectrum)
    edges = np.geomspace(2 * np.pi / 25e-6, 2 * np.pi / 1.1e-6, 12)
    means = [np.mean(spectrum[inside & (q >= a) & (q < b)]) for a, b in pairwise(edges)]
    slope = np.polyfit(np.log(np.sqrt(edges[1:] * edges[:-1])), np.log(means), 1)[0]
    assert slope == pytest.approx(-2 * 1.6, abs=0.15)


def test_same_seed_same_surface():
    one, two, other = (self_affine(64, SIZE, Roughness(), seed).heights for seed in (5, 5, 6))
    assert np.array_equal(one, two)
    assert not np.allclose(one, other)


def test_radius_of_spots_and_of_voids():
    x = np.arange(256) - 128
    disc = np.hypot(x[:, None], x) < 30
    assert feature_radius(disc, 2e-6) == pytest.approx(60e-6, rel=0.03)
    assert feature_radius(~disc, 2e-6) == pytest.approx(60e-6, rel=0.03)
    assert feature_radius(np.ones((8, 8), bool), 1.0) == np.inf


def test_smaller_spots_are_harder():
    """Spots of the pressed surface carry 3 sigma (l*/l)^0.47 with l their own radius."""
    found = press_plastic(self_affine(128, SIZE, Roughness()), 0.5e6, E, LITHIUM)
    expected = (25e-6 / found.feature_radius) ** 0.47
    assert found.strengthening == pytest.approx(expected, rel=0.05)
    bulk = 3 * 0.725e6  # three times the flow stress of bulk lithium at 1e-3 1/s, 25 degC
    assert np.max(found.pressure) == pytest.approx(bulk * found.strengthening, rel=0.01)


def test_pressure_of_a_closed_wave_relaxes_as_a_maxwell_body():
    """Full contact held: p = E* q A / 2 exp(-t / tau), tau = 4 eta / E*."""
    amplitude, eta = 0.1e-6, 1e9
    tau, steps = 4 * eta / E, 200
    surface, found = wave(64, amplitude), None
    for _ in range(steps):
        found = creep_step(surface, 100e6, E, eta, tau / steps, ENDLESS, start=found and found.pressure)
        surface = found.flattened
    swing = np.ptp(found.pressure) / 2
    assert found.fraction == 1
    assert swing == pytest.approx(E * np.pi / SIZE * amplitude / np.e, rel=0.01)


def test_pinned_wave_loses_what_the_current_takes():
    """The mean height falls by V_F i t, whatever creep and plastic flow do; plating gives it back."""
    for current in (20.0, -20.0):
        conditions = Conditions(1e6, current, 100.0, VOLUME_PER_CHARGE)
        surface = self_affine(64, SIZE, Roughness())
        history = evolve(surface, conditions, E, LITHIUM)
        lost = np.mean(surface.heights) - np.mean(history.last.flattened.heights)
        assert history.last.fraction < 1
        assert lost == pytest.approx(VOLUME_PER_CHARGE * current * 100.0, rel=1e-6)


@pytest.mark.parametrize("current", [0.0, -10.0, 10.0])
def test_contact_in_time_does_not_hang_on_its_steps(current, monkeypatch):
    from lisse.anode import contact_evolution

    conditions = Conditions(2e6, current, 200.0, VOLUME_PER_CHARGE)
    surface = self_affine(64, SIZE, Roughness())
    coarse = evolve(surface, conditions, E, LITHIUM)
    monkeypatch.setattr(contact_evolution, "LARGEST_CHANGE", 0.01)
    monkeypatch.setattr(contact_evolution, "LARGEST_PLATING", 0.02)
    fine = evolve(surface, conditions, E, LITHIUM)
    assert len(fine.time) > len(coarse.time)
    assert coarse.fraction[-1] == pytest.approx(fine.fraction[-1], rel=0.05)
    assert coarse.mean_gap[-1] == pytest.approx(fine.mean_gap[-1], rel=0.10)


def test_creep_flattens_and_does_so_faster_when_warm_and_pressed():
    surface = self_affine(64, SIZE, Roughness())

    def end(pressure, temperature):
        hardness = Hardness(LITHIUM.law, temperature)
        return evolve(surface, Conditions(pressure, 0.0, 600.0, VOLUME_PER_CHARGE), E, hardness)

    cold, warm, pressed = end(1e6, 298.15), end(1e6, 333.15), end(2e6, 298.15)
    assert np.all(np.diff(cold.mean_gap) <= 1e-12)
    assert cold.fraction[-1] < warm.fraction[-1]
    assert cold.fraction[-1] < pressed.fraction[-1]


def test_slow_deposit_is_flattened_and_fast_one_stands_in_columns():
    """B12 (Zhang and Harris, as the review tells it): the gap of the fast deposit outgrows the roughness."""
    surface = self_affine(64, SIZE, Roughness())
    slow, fast = (
        evolve(surface, Conditions(3e6, -10 * milli, 3600.0, VOLUME_PER_CHARGE), E, LITHIUM) for milli in (0.005, 5.0)
    )
    assert slow.mean_gap[-1] < 0.1e-6
    assert fast.mean_gap[-1] > 1e-6
    assert slow.fraction[-1] > 0.9 > fast.fraction[-1]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: press(wave(), 0.0, E), "pressure: 0 Pa"),
        (lambda: self_affine(4, SIZE, Roughness()), "grid: 4"),
        (lambda: self_affine(64, SIZE, Roughness(), -1), "seed: -1"),
        (lambda: self_affine(64, SIZE, Roughness(hurst=1.5)), "hurst 1.5"),
        (lambda: self_affine(64, SIZE, Roughness(shortest=1e-6)), "two grid steps"),
        (lambda: evolve(wave(), Conditions(1e6, 0.0, 0.0, 1e-10), E, LITHIUM), "time: 0 s"),
    ],
)
def test_bad_input(action, words):
    with pytest.raises(InputError, match=words):
        action()
