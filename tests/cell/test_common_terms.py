"""Equations without repeated terms are the same equations."""

from __future__ import annotations

import casadi
import numpy as np
import pytest

from lisse.cell.common_terms import _once, _together


@pytest.fixture
def inputs():
    return casadi.MX.sym("t"), casadi.MX.sym("y", 3), casadi.MX.sym("p", 1)


def repeated(time, state, given):
    """Two terms of one another, written out twice."""
    return casadi.exp(state[0] * state[1]) + time, given * casadi.exp(state[0] * state[1]) - state[2]


def test_a_function_without_repeats_has_the_same_values_and_fewer_instructions(inputs):
    first, second = repeated(*inputs)
    function = casadi.Function("f", inputs, [casadi.vertcat(first, second)])
    simpler = _once(function)
    point = 0.5, np.array([0.3, 1.2, 2.0]), np.array([4.0])
    assert np.asarray(simpler(*point)) == pytest.approx(np.asarray(function(*point)))
    assert simpler.n_instructions() < function.n_instructions()
    assert simpler.name() == "f"


def test_events_with_the_same_symbols_are_one_function(inputs):
    events = [casadi.Function(f"e{number}", inputs, [value]) for number, value in enumerate(repeated(*inputs))]
    together = _together(events)
    point = 0.5, np.array([0.3, 1.2, 2.0]), np.array([4.0])
    for event, other in zip(together, events, strict=True):
        assert float(event(*point)) == float(other(*point))
    made = casadi.Function("all", inputs, [casadi.vertcat(*(event(*inputs) for event in together))])
    apart = casadi.Function("all", inputs, [casadi.vertcat(*(event(*inputs) for event in events))])
    assert np.asarray(made(*point)) == pytest.approx(np.asarray(apart(*point)))
    # Other symbols give another call.
    others = casadi.MX.sym("t"), casadi.MX.sym("y", 3), casadi.MX.sym("p", 1)
    again = casadi.Function("again", others, [together[1](*others)])
    assert float(again(*point)) == float(events[1](*point))
    assert _together([]) == []
