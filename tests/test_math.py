"""Shared helpers: the same answer from NumPy and from a PyBaMM symbol."""

import numpy as np
import pytest

from lisse import _math


def test_piecewise_linear_equals_numpy():
    knots, values = (0.1, 0.4, 0.5, 0.9), (1.0, -2.0, 3.0, 3.5)
    where = np.linspace(-0.2, 1.2, 57)
    assert _math.piecewise_linear(where, knots, values) == pytest.approx(np.interp(where, knots, values))


def test_helpers_serve_symbols():
    import pybamm

    x = pybamm.InputParameter("x")
    assert not _math.is_number(x)
    for function in (
        lambda v: _math.clip(v, 0.2, 0.6),
        _math.erf,
        lambda v: _math.piecewise_linear(v, (0.1, 0.4, 0.5), (1.0, -2.0, 3.0)),
    ):
        for value in (0.0, 0.3, 0.45, 0.8):
            assert float(function(x).evaluate(inputs={"x": value})) == pytest.approx(float(function(value)))
