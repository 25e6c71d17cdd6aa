"""Curves of material properties in the lithium content: constant, closed form, table, hindered.

A curve works on floats, NumPy arrays and PyBaMM symbols and knows its derivative and integral. Leaves out:
curves of more than one variable; temperature enters through activation energies and entropic coefficients.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lisse.errors import InputError
from lisse.materials.expressions import Expression, apply, is_symbol

Array = npt.NDArray[np.float64]
CELLS = 2048
"""Cells of the grid that carries integrals without a closed form."""


class Curve(ABC):
    """A property as a function of one variable.

    Attributes
    ----------
    unit
        SI unit of the value.
    range
        Lowest and highest argument for which the source vouches; None for a constant. Nothing is clipped in
        closed forms; tables hold their end values outside.
    """

    unit: str
    range: tuple[float, float] | None

    def __call__(self, x: Any) -> Any:
        """Return the value at ``x`` (float, array or PyBaMM symbol) in SI."""
        return self._finish(self._value, x)

    def derivative(self, x: Any) -> Any:
        """Return the derivative with respect to ``x``, exact for every form."""
        return self._finish(self._derivative, x)

    def antiderivative(self, x: Any) -> Any:
        """Return the integral from the lower end of the range (from zero for a constant) to ``x``.

        Exact for constants, hindered curves with one width, and tables on numbers. Otherwise (closed forms,
        tables in log y, and tables on PyBaMM symbols) a cubic through exact values on a grid of
        2048 cells: relative error under 1e-9 where the curve is smooth, under 2e-6 at the kinks of tables.
        Outside the range the end value is carried on.
        """
        return self._finish(self._antiderivative, x)

    @property
    def constant(self) -> float | None:
        """The value if the curve is a constant, else None."""
        return None

    @abstractmethod
    def _value(self, x: Any) -> Any: ...

    @abstractmethod
    def _derivative(self, x: Any) -> Any: ...

    @abstractmethod
    def _antiderivative(self, x: Any) -> Any: ...

    @staticmethod
    def _finish(function: Any, x: Any) -> Any:
        if is_symbol(x):
            return function(x)
        numbers = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            result = np.broadcast_to(np.asarray(function(numbers), dtype=float), numbers.shape)
        return float(result) if result.ndim == 0 else np.array(result)

    def _bounds(self) -> tuple[float, float]:
        assert self.range is not None
        return self.range

    @cached_property
    def _cumulative(self) -> tuple[Array, Array, Array]:
        """Grid, integral up to each node (8-point Gauss-Legendre in each cell) and value at each node."""
        low, high = self._bounds()
        nodes = np.union1d(np.linspace(low, high, CELLS + 1), self._breaks())
        abscissae, weights = np.polynomial.legendre.leggauss(8)
        half = np.diff(nodes)[:, None] / 2
        values = np.asarray(self(nodes[:-1, None] + half * (1 + abscissae)))
        cells = (half * weights * values).sum(axis=1)
        return nodes, np.concatenate(([0.0], np.cumsum(cells))), np.asarray(self(nodes))

    def _breaks(self) -> Array:
        """Arguments at which the curve is not smooth."""
        return np.empty(0)

    def _integral_on_grid(self, x: Any) -> Any:
        low, high = self._bounds()
        inside = _clip(x, low, high)
        nodes, integral, values = self._cumulative
        if is_symbol(x):
            pybamm = sys.modules["pybamm"]
            cubic = pybamm.Interpolant(nodes, integral, inside, interpolator="cubic")
            return cubic + self._value(inside) * (x - inside)
        from scipy.interpolate import CubicHermiteSpline

        return CubicHermiteSpline(nodes, integral, values)(inside) + self._value(inside) * (x - inside)


def _clip(x: Any, low: float, high: float) -> Any:
    if is_symbol(x):
        pybamm = sys.modules["pybamm"]
        return pybamm.minimum(pybamm.maximum(x, low), high)
    return np.clip(x, low, high)


class ConstantCurve(Curve):
    """A constant; its integral is linear."""

    def __init__(self, value: float, unit: str = ""):
        self.unit, self.range, self._number = unit, None, float(value)

    @property
    def constant(self) -> float:
        """The value."""
        return self._number

    def _value(self, x: Any) -> Any:
        return self._number + 0 * x

    def _derivative(self, x: Any) -> Any:
        return 0 * x

    def _antiderivative(self, x: Any) -> Any:
        return self._number * x


class ExpressionCurve(Curve):
    """A closed form (see :mod:`lisse.materials.expressions`), times the factor that brings it to SI."""

    def __init__(self, expression: Expression, limits: tuple[float, float], unit: str = "", factor: float = 1.0):
        self.expression, self.range, self.unit, self._factor = expression, limits, unit, factor

    def _value(self, x: Any) -> Any:
        return self._factor * self.expression.value(x)

    def _derivative(self, x: Any) -> Any:
        return self._factor * self.expression.derivative(x)

    def _antiderivative(self, x: Any) -> Any:
        return self._integral_on_grid(x)


class TableCurve(Curve):
    """A table, interpolated by monotone cubics (PCHIP) or straight lines, in y or in log y.

    Outside the table the end value holds. PyBaMM symbols get the same interpolant (PyBaMM knows PCHIP), so
    values agree to rounding.
    """

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        unit: str = "",
        interpolation: Literal["pchip", "linear"] = "pchip",
        log_y: bool = False,
        field: str = "curve",
    ):
        xs, ys = np.array(x, dtype=float), np.array(y, dtype=float)
        if xs.ndim != 1 or xs.shape != ys.shape or xs.size < 2:
            raise InputError(f"{field}: x has {xs.size} and y has {ys.size} numbers; write equal lists of 2 or more.")
        if xs[0] > xs[-1]:
            xs, ys = xs[::-1].copy(), ys[::-1].copy()
        if not (np.all(np.isfinite(xs)) and np.all(np.isfinite(ys))):
            raise InputError(f"{field}: x or y holds a number that is not finite; write finite numbers.")
        if np.any(np.diff(xs) <= 0):
            raise InputError(f"{field}: x is not sorted; write it strictly rising or strictly falling.")
        if log_y and np.any(ys <= 0):
            raise InputError(f"{field}: log_y = true needs y above zero; the lowest is {ys.min():g}.")
        self.x, self.y, self.unit = xs, ys, unit
        self.interpolation, self.log_y = interpolation, log_y
        self.range = (float(xs[0]), float(xs[-1]))
        self._y = np.log(ys) if log_y else ys

    @cached_property
    def _polynomial(self) -> Any:
        from scipy.interpolate import PchipInterpolator, PPoly

        if self.interpolation == "linear":
            return PPoly(np.array([np.diff(self._y) / np.diff(self.x), self._y[:-1]]), self.x)
        return PchipInterpolator(self.x, self._y)

    def _breaks(self) -> Array:
        return self.x

    def _raw(self, inside: Any) -> Any:
        if is_symbol(inside):
            pybamm = sys.modules["pybamm"]
            return pybamm.Interpolant(self.x, self._y, inside, interpolator=self.interpolation)
        return self._polynomial(inside)

    def _value(self, x: Any) -> Any:
        raw = self._raw(_clip(x, *self._bounds()))
        return apply("exp", raw) if self.log_y else raw

    def _derivative(self, x: Any) -> Any:
        low, high = self._bounds()
        inside = _clip(x, low, high)
        slope = self._raw_slope(inside) * (x >= low) * (x <= high)
        return slope * self._value(x) if self.log_y else slope

    def _raw_slope(self, inside: Any) -> Any:
        if not is_symbol(inside):
            return self._polynomial.derivative()(inside)
        pybamm = sys.modules["pybamm"]
        if self.interpolation == "pchip":
            return pybamm.Interpolant(self.x, self._y, inside, interpolator="pchip", _num_derivatives=1)
        slopes = np.diff(self._y) / np.diff(self.x)
        steps = [
            float(rise) * (inside >= float(knot)) for rise, knot in zip(np.diff(slopes), self.x[1:-1], strict=True)
        ]
        return sum(steps, start=pybamm.Scalar(float(slopes[0])))

    def _antiderivative(self, x: Any) -> Any:
        if self.log_y or is_symbol(x):
            return self._integral_on_grid(x)
        inside = _clip(x, *self._bounds())
        return self._polynomial.antiderivative()(inside) + self._polynomial(inside) * (x - inside)


class AdjustedCurve(Curve):
    """Another curve times a factor plus an offset: how a claim with a spread is drawn.

    Examples
    --------
    >>> line = TableCurve([0.0, 1.0], [2.0, 4.0], interpolation="linear")
    >>> moved = AdjustedCurve(line, factor=2.0, offset=1.0)
    >>> moved(0.5), moved.derivative(0.5), moved.antiderivative(1.0)
    (7.0, 4.0, 7.0)
    """

    def __init__(self, base: Curve, factor: float = 1.0, offset: float = 0.0):
        self.base, self.factor, self.offset = base, factor, offset
        self.unit, self.range = base.unit, base.range

    @property
    def constant(self) -> float | None:
        """The value if the curve is a constant, else None."""
        return None if self.base.constant is None else self.factor * self.base.constant + self.offset

    def _value(self, x: Any) -> Any:
        return self.factor * self.base._value(x) + self.offset

    def _derivative(self, x: Any) -> Any:
        return self.factor * self.base._derivative(x)

    def _antiderivative(self, x: Any) -> Any:
        low = 0.0 if self.range is None else self.range[0]
        return self.factor * self.base._antiderivative(x) + self.offset * (x - low)


class HinderedCurve(Curve):
    r"""Diffusivity of Ni-rich layered oxides, which collapses when the oxide is nearly full of lithium.

    .. math:: D(x) = D_\mathrm{min} + \frac{D_\mathrm{p}}{1+e^{(x-x_c)/w_c}}
              \left[h + \frac{1-h}{1+e^{-(x-x_h)/w_h}}\right]

    Parameters
    ----------
    D_min, D_plateau
        :math:`D_\mathrm{min}`, :math:`D_\mathrm{p}` [m2/s].
    x_c, w_c
        Position and width of the collapse.
    h, x_h, w_h
        Share that is left at low lithium content, position and width of that step; ``h = 1`` switches it off.
    """

    def __init__(
        self,
        D_min: float,
        D_plateau: float,
        x_c: float,
        w_c: float,
        h: float,
        x_h: float,
        w_h: float,
        limits: tuple[float, float],
    ):
        self.D_min, self.D_plateau, self.h = D_min, D_plateau, h
        self.x_c, self.w_c, self.x_h, self.w_h = x_c, w_c, x_h, w_h
        self.unit, self.range = "m^2/s", limits

    def _steps(self, x: Any) -> tuple[Any, Any]:
        # tanh keeps the logistic steps free of overflow at any argument
        collapse = 0.5 - 0.5 * apply("tanh", (x - self.x_c) / (2 * self.w_c))
        rise = 0.5 + 0.5 * apply("tanh", (x - self.x_h) / (2 * self.w_h))
        return collapse, rise

    def _value(self, x: Any) -> Any:
        collapse, rise = self._steps(x)
        return self.D_min + self.D_plateau * collapse * (self.h + (1 - self.h) * rise)

    def _derivative(self, x: Any) -> Any:
        collapse, rise = self._steps(x)
        falling = -collapse * (1 - collapse) / self.w_c * (self.h + (1 - self.h) * rise)
        return self.D_plateau * (falling + collapse * (1 - self.h) * rise * (1 - rise) / self.w_h)

    def _antiderivative(self, x: Any) -> Any:
        if self.h != 1 and self.w_c != self.w_h:
            return self._integral_on_grid(x)
        low = self._bounds()[0]
        return self._closed(x) - float(self._closed(np.float64(low)))

    def _closed(self, x: Any) -> Any:
        w = self.w_c
        past_c = _softplus((self.x_c - x) / w)
        total = self.D_min * x - self.D_plateau * self.h * w * past_c
        if self.h != 1:
            # partial fractions of the product of two logistic steps of equal width
            share = (1 - self.h) * w / (1 - np.exp((self.x_h - self.x_c) / w))
            total = total + self.D_plateau * share * (_softplus((self.x_h - x) / w) - past_c)
        return total


def _softplus(z: Any) -> Any:
    """Return ln(1 + exp(z)) without overflow."""
    if is_symbol(z):
        pybamm = sys.modules["pybamm"]
        return pybamm.maximum(z, 0) + pybamm.log(1 + pybamm.exp(-abs(z)))
    return np.logaddexp(0.0, z)
