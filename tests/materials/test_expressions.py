"""The expression grammar: right numbers, and never anything but InputError for the rest."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisse.errors import InputError
from lisse.materials.expressions import FUNCTIONS, Expression

REFERENCE = {
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "erf": math.erf,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_and_their_derivatives(name):
    expression, step = Expression(f"{name}(2*x)", "x"), 1e-6
    assert float(expression.value(0.7)) == pytest.approx(REFERENCE[name](1.4), rel=1e-14)
    slope = (REFERENCE[name](1.4 + 2 * step) - REFERENCE[name](1.4 - 2 * step)) / (2 * step)
    assert float(expression.derivative(0.7)) == pytest.approx(slope, rel=1e-8)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("x**3 - 2*x", 2.0**3 - 4, 3 * 4 - 2),
        ("-x**2", -4.0, -4.0),
        ("1/x", 0.5, -0.25),
        ("2**x", 4.0, 4 * math.log(2)),
        ("x**x", 4.0, 4 * (math.log(2) + 1)),
        ("(x + 1)/(x - 1)", 3.0, -2.0),
        ("+3e0", 3.0, 0.0),
    ],
)
def test_values_and_exact_derivatives(text, value, slope):
    expression = Expression(text, "x")
    assert float(expression.value(2.0)) == pytest.approx(value, rel=1e-14)
    assert float(expression.derivative(2.0)) == pytest.approx(slope, rel=1e-14)


def test_where_is_evaluated_in_order():
    expression = Expression("t*t", "x", {"s": "x + 1", "t": "2*s"})
    assert float(expression.value(1.0)) == 16.0
    assert float(expression.derivative(1.0)) == 16.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "y",
        "x +",
        "x^2",
        "__import__('os').system('true')",
        "x.real",
        "[x]",
        "x if x else 1",
        "exp(x, 1)",
        "exp(x=1)",
        "exp(*x)",
        "sin(x)",
        "lambda: 1",
        "True",
        "1j",
        "'a'",
        "x < 1",
        "1e999",
        "9" * 400,
        "\0",
        "x" + "+x" * 300,
        "(" * 500 + "x" + ")" * 500,
        "x" * 5000,
    ],
)
def test_refused(text):
    with pytest.raises(InputError) as caught:
        Expression(text, "x", field="file.toml: claim")
    message = str(caught.value)
    assert message.startswith("file.toml: claim")
    assert message.endswith(".")
    assert "\n" not in message


def test_refused_names():
    for where in ({"x": "1"}, {"exp": "1"}, {"a b": "1"}, {"s": "t", "t": "x"}):
        with pytest.raises(InputError, match="file"):
            Expression("x", "x", where, field="file")


def test_towers_of_powers_do_not_hang():
    with np.errstate(over="ignore"):
        assert not np.isfinite(Expression("9**9**9**9**9", "x").value(np.float64(1.0)))


ATOMS = st.one_of(
    st.text(alphabet="x0123456789.eE+-*/()^ ,_'\"[]{}<>=:\\\n\tsab√×", max_size=40),
    st.text(max_size=40),
    st.recursive(
        st.sampled_from(["x", "1", "2.5", "0", "1e-3", "7"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
            st.tuples(st.sampled_from([*FUNCTIONS, "-"]), inner).map(lambda p: f"{p[0]}({p[1]})"),
        ),
        max_leaves=12,
    ),
)


@settings(max_examples=300, deadline=None)
@given(ATOMS)
def test_any_text_is_an_expression_or_an_input_error(text):
    try:
        expression = Expression(text, "x")
    except InputError:
        return
    x = np.array([-1.0, 0.0, 0.5, 1.0])
    with np.errstate(all="ignore"):
        assert np.broadcast_to(expression.value(x), x.shape).dtype == float
        np.broadcast_to(expression.derivative(x), x.shape)
