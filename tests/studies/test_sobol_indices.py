"""Sobol indices against functions whose indices are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from lisse.studies.sampling import points
from lisse.studies.sobol_indices import design, indices, screen


def analyse(function, inputs, base, groups=None, seed=0):
    both = qmc.Sobol(2 * inputs, rng=seed).random(base)
    asked = design(both[:, :inputs], both[:, inputs:], groups or [(number,) for number in range(inputs)])
    return indices(function(asked)[..., None], seed)


def ishigami(share):
    x = np.pi * (2 * share - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


# T. Ishigami and T. Homma 1990 with a = 7, b = 0.1: closed forms of the partial variances
ONE = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
TWO = 7**2 / 8
BOTH = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
WHOLE = ONE + TWO + BOTH


def test_ishigami():
    found = analyse(ishigami, 3, 4096)
    assert found.variance[0] == pytest.approx(WHOLE, rel=0.01)
    assert found.first[0] == pytest.approx([ONE / WHOLE, TWO / WHOLE, 0.0], abs=0.01)
    assert found.total[0] == pytest.approx([(ONE + BOTH) / WHOLE, TWO / WHOLE, BOTH / WHOLE], abs=0.01)


def test_errors_cover_the_truth():
    truth = np.array([(ONE + BOTH) / WHOLE, TWO / WHOLE, BOTH / WHOLE])
    off = []
    for seed in range(20):
        found = analyse(ishigami, 3, 256, seed=seed)
        off.append((found.total[0] - truth) / found.total_error[0])
    # Sobol points converge faster than the bootstrap, which takes them for random, says.
    assert np.sqrt(np.mean(np.square(off))) < 1.2
    assert np.mean(np.abs(off) < 2) > 0.9


def g_function(share, weights):
    return np.prod((np.abs(4 * share - 2) + weights) / (1 + weights), axis=-1)


def test_g_function():
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    own = 1 / (3 * (1 + weights) ** 2)
    variance = np.prod(1 + own) - 1
    total = [own[k] * np.prod(np.delete(1 + own, k)) / variance for k in range(5)]
    found = analyse(lambda share: g_function(share, weights), 5, 8192)
    assert found.first[0] == pytest.approx(own / variance, abs=0.015)
    assert found.total[0] == pytest.approx(total, abs=0.015)


def test_a_group_counts_as_one():
    """Of Ishigami's function the first and the third input together miss nothing but the second."""
    found = analyse(ishigami, 3, 4096, groups=[(0, 2), (1,)])
    assert found.first[0] == pytest.approx([(ONE + BOTH) / WHOLE, TWO / WHOLE], abs=0.01)
    assert found.total[0] == pytest.approx([(ONE + BOTH) / WHOLE, TWO / WHOLE], abs=0.01)


def test_points_without_a_number_are_left_out():
    both = points([f"input {number}" for number in range(6)], 512, 0, "sobol")
    asked = design(both[:, :3], both[:, 3:], [(0,), (1,), (2,)])
    values = ishigami(asked)[..., None]
    whole = indices(values)
    values[2, 7] = np.nan
    found = indices(values)
    assert found.used[0] == 511
    assert found.total[0] == pytest.approx(whole.total[0], abs=0.02)
    assert np.isnan(indices(np.full_like(values, np.nan)).total).all()


def test_the_screen_finds_what_acts_alone():
    share = points([f"input {number}" for number in range(30)], 256, 0, "sobol")
    from scipy.special import ndtri

    scores = ndtri(share)
    values = 3 * scores[:, 4] + scores[:, 11] + 1.5 * scores[:, 20] ** 2
    shares, fits = screen(share, values[:, None])
    # variances 9, 1 and 2 * 2.25
    assert list(np.argsort(-shares[0])[:3]) == [4, 20, 11]
    assert shares[0][4] == pytest.approx(9 / 14.5, abs=0.12)
    assert fits[0] > 0.95
