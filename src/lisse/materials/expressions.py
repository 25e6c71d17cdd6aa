"""Closed-form expressions of material files: parsed with ``ast``, evaluated with their exact derivative.

Forward-mode differentiation: every node yields its value and its derivative, so one walk serves floats, NumPy
arrays and PyBaMM symbols. Leaves out: everything that is not arithmetic or one of ``FUNCTIONS``.
"""

from __future__ import annotations

import ast
import math
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lisse._math import whole_power
from lisse.errors import InputError

FUNCTIONS = ("exp", "log", "log10", "sqrt", "tanh", "sinh", "cosh", "erf")
"""Functions an expression may call; ``log`` is the natural logarithm."""

MAX_LENGTH = 4000
MAX_DEPTH = 200
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")

Dual = tuple[Any, Any]
"""Value and derivative; the derivative is None where it is zero."""


LARGEST_PRODUCT = 32
"""Whole exponents up to this one are written as products in compiled models."""


def is_symbol(x: Any) -> bool:
    """Tell whether ``x`` is a PyBaMM symbol, without importing PyBaMM."""
    pybamm = sys.modules.get("pybamm")
    return pybamm is not None and isinstance(x, pybamm.Symbol)


def apply(name: str, x: Any) -> Any:
    """Apply one of ``FUNCTIONS`` to a float, an array or a PyBaMM symbol."""
    if is_symbol(x):
        return getattr(sys.modules["pybamm"], name)(x)
    if name == "erf":
        from scipy.special import erf

        return erf(x)
    return getattr(np, name)(x)


class Expression:
    """A checked expression with its named parts.

    Parameters
    ----------
    text
        The expression, for example ``"4.4 - 0.8*s"``.
    variable
        Name of the independent variable.
    where
        Named sub-expressions, evaluated in order; each may use the variable and the names before it.
    field
        Name used in error messages.

    Raises
    ------
    InputError
        If a text is not an expression of the known names.
    """

    def __init__(self, text: str, variable: str, where: dict[str, str] | None = None, field: str = "expression"):
        names = [variable]
        if not _plain(variable):
            raise InputError(f'{field}: variable "{variable}" is not a name; write one such as "x".')
        self.text, self.variable = text, variable
        self._parts: list[tuple[str, ast.expr]] = []
        for name, part in (where or {}).items():
            if not _plain(name) or name in names:
                raise InputError(
                    f'{field}: the name "{name}" in where is taken or no name; write a new one such as "s".'
                )
            self._parts.append((name, _parse(part, names, f"{field}: where.{name}")))
            names.append(name)
        self._tree = _parse(text, names, field)

    def value(self, x: Any) -> Any:
        """Evaluate at ``x``."""
        return self._walk(x, None)[0]

    def derivative(self, x: Any) -> Any:
        """Evaluate the exact derivative at ``x``."""
        slope = self._walk(x, 1.0)[1]
        return 0.0 if slope is None else slope

    def _walk(self, x: Any, seed: float | None) -> Dual:
        known: dict[str, Dual] = {self.variable: (x, seed)}
        for name, part in self._parts:
            known[name] = _dual(part, known)
        return _dual(self._tree, known)


def _plain(name: str) -> bool:
    return bool(_IDENTIFIER.fullmatch(name)) and name.isascii() and name not in FUNCTIONS


def _refusal(field: str, text: str, names: list[str]) -> InputError:
    shown = text if len(text) <= 80 else text[:77] + "..."
    return InputError(
        f"{field}: {shown!r} is not an expression of {', '.join(names)}; accepted are numbers, + - * / **, "
        f"parentheses and {', '.join(FUNCTIONS)}."
    )


def _parse(text: str, names: list[str], field: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise InputError(f"{field}: an expression of {len(text)} characters is too long; write at most {MAX_LENGTH}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(field, text, names) from None
    for node, depth in _nodes(tree):
        if depth > MAX_DEPTH:
            raise InputError(
                f"{field}: the expression nests deeper than {MAX_DEPTH} levels; write it in parts (where)."
            )
        if not _allowed(node, names):
            raise _refusal(field, text, names)
    return tree


def _nodes(tree: ast.expr) -> Iterator[tuple[ast.expr, int]]:
    """Yield the sub-expressions with their depth, without recursion."""
    stack: list[tuple[ast.expr, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        if depth > MAX_DEPTH:
            return
        if isinstance(node, ast.BinOp):
            stack += [(node.left, depth + 1), (node.right, depth + 1)]
        elif isinstance(node, ast.UnaryOp):
            stack.append((node.operand, depth + 1))
        elif isinstance(node, ast.Call):
            stack += [(argument, depth + 1) for argument in node.args]


def _allowed(node: ast.expr, names: list[str]) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float() as number):
            try:
                return math.isfinite(float(number))
            except OverflowError:
                return False
        case ast.Name(id=name):
            return name in names
        case ast.BinOp(op=operator):
            return isinstance(operator, _OPERATORS)
        case ast.UnaryOp(op=operator):
            return isinstance(operator, ast.USub | ast.UAdd)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            return name in FUNCTIONS and not isinstance(argument, ast.Starred)
    return False


def _dual(node: ast.expr, known: dict[str, Dual]) -> Dual:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number), None
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=operator, operand=operand):
            value, slope = _dual(operand, known)
            if isinstance(operator, ast.UAdd):
                return value, slope
            return -value, None if slope is None else -slope
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATIONS[type(operator)](_dual(left, known), _dual(right, known))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            value, slope = _dual(argument, known)
            result = apply(name, value)
            return result, None if slope is None else _slope_of(name, value, result) * slope
    raise AssertionError("unchecked node")  # _parse lets nothing else through


def _slope_of(name: str, x: Any, value: Any) -> Any:
    """Return the derivative of a function at ``x``, where it has the given value."""
    slopes: dict[str, Callable[[], Any]] = {
        "exp": lambda: value,
        "log": lambda: 1 / x,
        "log10": lambda: 1 / (math.log(10) * x),
        "sqrt": lambda: 0.5 / value,
        "tanh": lambda: 1 - value**2,
        "sinh": lambda: apply("cosh", x),
        "cosh": lambda: apply("sinh", x),
        "erf": lambda: 2 / math.sqrt(math.pi) * apply("exp", -(x**2)),
    }
    return slopes[name]()


def _number(x: Any) -> Any:
    """Turn Python floats into NumPy's, which overflow to inf and divide by zero without an exception."""
    return np.float64(x) if isinstance(x, float) else x


def _safe(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if isinstance(left, float) and isinstance(right, float):
        return float(operation(np.float64(left), np.float64(right)))
    if is_symbol(left) or is_symbol(right):
        return operation(left, right)
    return operation(_number(left), _number(right))


def _sum(left: Any, right: Any) -> Any:
    if left is None:
        return right
    return left if right is None else left + right


def _add(a: Dual, b: Dual) -> Dual:
    return _safe(lambda p, q: p + q, a[0], b[0]), _sum(a[1], b[1])


def _subtract(a: Dual, b: Dual) -> Dual:
    return _safe(lambda p, q: p - q, a[0], b[0]), _sum(a[1], None if b[1] is None else -b[1])


def _multiply(a: Dual, b: Dual) -> Dual:
    slope = _sum(None if a[1] is None else a[1] * b[0], None if b[1] is None else a[0] * b[1])
    return _safe(lambda p, q: p * q, a[0], b[0]), slope


def _divide(a: Dual, b: Dual) -> Dual:
    value = _safe(lambda p, q: p / q, a[0], b[0])
    slope = None if a[1] is None else _safe(lambda p, q: p / q, a[1], b[0])
    if b[1] is not None:
        slope = _sum(slope, -_safe(lambda p, q: p / q, value * b[1], b[0]))
    return value, slope


def _raise(base: Any, exponent: Any) -> Any:
    """Power; small whole exponents become products, which compiled models evaluate several times faster."""
    if is_symbol(base) and isinstance(exponent, int | float) and exponent in range(2, LARGEST_PRODUCT + 1):
        return whole_power(base, int(exponent))
    return _safe(lambda p, q: p**q, base, exponent)


def _power(a: Dual, b: Dual) -> Dual:
    value = _raise(a[0], b[0])
    slope = None
    if a[1] is not None:
        slope = b[0] * _safe(lambda p, q: p**q, a[0], _safe(lambda p, q: p - q, b[0], 1.0)) * a[1]
    if b[1] is not None:
        slope = _sum(slope, value * apply("log", a[0]) * b[1])
    return value, slope


_OPERATIONS: dict[type[ast.operator], Callable[[Dual, Dual], Dual]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
    ast.Pow: _power,
}
