"""Curves against SciPy, quadrature, finite differences, and PyBaMM's own evaluation."""

import casadi
import numpy as np
import pybamm
import pytest
from scipy.integrate import quad
from scipy.interpolate import PchipInterpolator

from lisse.materials import ConstantCurve, ExpressionCurve, HinderedCurve, TableCurve
from lisse.materials.expressions import Expression

# volume strain of NMC811 as listed by de Biasi 2017 above x = 0.11, in percent
X = [0.90, 0.75, 0.60, 0.50, 0.44, 0.40, 0.34, 0.29, 0.265, 0.213, 0.18, 0.15, 0.11]
Y = [0, -0.61, -1.15, -1.40, -1.50, -1.65, -2.15, -3.10, -3.95, -4.86, -5.65, -6.55, -7.35]
OCV = Expression("4.4875 - 0.8090*s - 0.0428*tanh(18.5138*(s - 0.5542))", "x", {"s": "(x + 0.0665)/1.067"})
CURVES = {
    "expression": ExpressionCurve(OCV, (0.2, 0.985), "V"),
    "pchip": TableCurve(X, Y),
    "log": TableCurve([0.1, 0.3, 0.4, 0.9], [1e-15, 3e-15, 1e-16, 2e-16], log_y=True),
    "linear": TableCurve([0.1, 0.3, 0.4, 0.9], [1, 3, 1, 2], interpolation="linear"),
    "hindered": HinderedCurve(1e-18, 8e-16, 0.885, 0.015, 0.125, 0.20, 0.015, (0.1, 1.0)),
    "hindered, one step": HinderedCurve(1e-18, 5e-16, 0.90, 0.015, 1.0, 0.0, 0.015, (0.1, 1.0)),
    "hindered, two widths": HinderedCurve(1e-18, 8e-16, 0.885, 0.015, 0.125, 0.20, 0.03, (0.1, 1.0)),
    "constant": ConstantCurve(2.5),
}
AT = np.linspace(0.213, 0.893, 41)


@pytest.mark.parametrize("name", CURVES)
def test_antiderivative_is_the_integral(name):
    curve = CURVES[name]
    low = curve.range[0] if curve.range else 0.0
    knots = [k for k in getattr(curve, "x", []) if low < k < AT[-1]]
    reference = [
        quad(curve, low, b, epsabs=0, epsrel=1e-12, limit=400, points=[k for k in knots if k < b] or None)[0]
        for b in AT
    ]
    scale = np.abs(reference).max()
    assert np.abs(curve.antiderivative(AT) - reference).max() < 1e-8 * scale


@pytest.mark.parametrize("name", CURVES)
def test_derivative_is_the_slope(name):
    curve, step = CURVES[name], 1e-6
    at = np.array([x for x in AT if min(abs(x - k) for k in [*getattr(curve, "x", []), 9.0]) > 2 * step])
    slope = (curve(at + step) - curve(at - step)) / (2 * step)
    assert np.abs(curve.derivative(at) - slope).max() <= 1e-4 * np.abs(slope).max()


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("method", ["__call__", "derivative", "antiderivative"])
def test_pybamm_and_casadi_agree_with_numpy(name, method):
    curve = CURVES[name]
    reference = getattr(curve, method)(AT)
    symbol = pybamm.convert_to_symbol(getattr(curve, method)(pybamm.StateVector(slice(0, AT.size))))
    by_pybamm = np.ravel(symbol.evaluate(y=AT[:, None]))
    y = casadi.MX.sym("y", AT.size)
    by_casadi = np.ravel(casadi.Function("f", [y], [symbol.to_casadi(y=y)])(AT))
    tolerance = (2e-6 if method == "antiderivative" else 1e-12) * max(np.abs(reference).max(), 1e-300)
    assert np.abs(by_pybamm - reference).max() <= tolerance
    assert np.abs(by_casadi - reference).max() <= tolerance


def test_smooth_antiderivative_on_symbols_is_tight():
    curve = CURVES["expression"]
    symbol = curve.antiderivative(pybamm.StateVector(slice(0, AT.size)))
    assert np.ravel(symbol.evaluate(y=AT[:, None])) == pytest.approx(curve.antiderivative(AT), rel=1e-10)


def test_pchip_is_scipys_and_holds_its_ends():
    curve = CURVES["pchip"]
    assert curve(AT) == pytest.approx(PchipInterpolator(X[::-1], Y[::-1])(AT), abs=1e-14)
    assert curve([0.0, 1.0]) == pytest.approx([-7.35, 0.0], abs=1e-14)
    assert curve.derivative(1.0) == 0.0
    assert curve.range == (0.11, 0.90)


def test_pybamm_holds_the_ends_of_a_table():
    outside = np.array([0.0, 1.0])
    symbol = CURVES["pchip"](pybamm.StateVector(slice(0, 2)))
    assert np.ravel(symbol.evaluate(y=outside[:, None])) == pytest.approx([-7.35, 0.0])


def test_expression_at_known_points():
    # tanh(0) = 0 where s = 0.5542, so U = 4.4875 - 0.8090 * 0.5542
    x = 0.5542 * 1.067 - 0.0665
    assert CURVES["expression"](x) == pytest.approx(4.4875 - 0.8090 * 0.5542, rel=1e-14)


def test_hindered_diffusivity_collapses_near_full():
    # cathode.md (C9) for NMC811: half of the plateau at x_c, D_min far above it
    curve = CURVES["hindered"]
    assert curve(0.885) == pytest.approx(1e-18 + 4e-16, rel=1e-6)
    assert curve(0.5) == pytest.approx(8e-16, rel=2e-3)
    assert curve(2.0) == pytest.approx(1e-18, rel=1e-6)


def test_floats_give_floats_and_arrays_keep_their_shape():
    for curve in CURVES.values():
        assert isinstance(curve(0.5), float)
        assert isinstance(curve.antiderivative(0.5), float)
        assert curve(np.full((2, 3), 0.5)).shape == (2, 3)


def test_constant():
    curve = ConstantCurve(3.0, "m^2/s")
    assert curve.constant == 3.0
    assert curve.antiderivative(2.0) == 6.0
    assert CURVES["pchip"].constant is None
