"""The integrator of many small systems: order, own steps, early ends."""

import numpy as np
import pytest

from lisse.lithium.integrate import integrate


def test_error_falls_with_the_tolerance_as_a_second_order_method_does():
    exact = np.exp(-1)
    errors = [
        abs(integrate(lambda y: -y, np.ones((1, 1, 1)), np.ones(1), 1e-9, tolerance=t)[0, 0, 0] - exact)
        for t in (1e-4, 1e-5, 1e-6)
    ]
    # The error per step goes as the cube of the step, the error at the end as its square: 10^(2/3) per decade.
    assert errors[0] / errors[1] == pytest.approx(10 ** (2 / 3), rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(10 ** (2 / 3), rel=0.15)


def test_a_stiff_coupled_pair_follows_its_closed_form():
    # Fast decay into a slow pool: y0' = -1000 y0 + 1, y1' = y0 - y1.
    def rates(y):
        return np.stack([-1000 * y[0] + 1, y[0] - y[1]])

    end = integrate(rates, np.zeros((2, 1, 3)), np.array([0.01, 1.0, 10.0]), 1e-9, tolerance=1e-5)
    t = np.array([0.01, 1.0, 10.0])
    pool = 1e-3 * (1 - np.exp(-t)) - 1e-3 * (np.exp(-t) - np.exp(-1000 * t)) / 999
    np.testing.assert_allclose(end[1, 0], pool, rtol=1e-3)


def test_each_sample_stops_at_its_own_time_or_when_the_observer_says_so():
    elapsed = np.zeros(3)

    def observe(step, y, advanced):
        elapsed[...] += step
        return (y[0, 0] > 0.5) & (np.arange(3) == 2)

    integrate(lambda y: np.ones_like(y), np.zeros((1, 1, 3)), np.array([0.0, 2.0, 2.0]), 1.0, observe=observe)
    assert elapsed[0] == 0
    assert elapsed[1] == pytest.approx(2.0)
    assert 0.5 < elapsed[2] < 2.0
