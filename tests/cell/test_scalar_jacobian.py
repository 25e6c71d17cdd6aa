"""A Jacobian written with scalars has the values and the sparsity of the one on matrices."""

from __future__ import annotations

import casadi
import numpy as np
import pytest

import lisse
from lisse.cell import scalar_jacobian as module
from lisse.cell.scalar_jacobian import scalar_jacobian


def derivative(equations):
    arguments = equations.mx_in()
    value = equations.call(arguments, True, False)[0]
    return casadi.Function("slope", arguments, [casadi.jacobian(value, arguments[1])])


def looked_up(state):
    """A table of slopes, taken at computed places, as PyBaMM writes an interpolation."""
    place = casadi.low(np.array([0.0, 1.0, 2.0, 3.0]), state)
    return casadi.MX(casadi.DM([2.0, -1.0, 5.0]))[place] * state


@pytest.fixture
def equations():
    time, state = casadi.MX.sym("t"), casadi.MX.sym("y", 4)
    values = casadi.vertcat(looked_up(state[0]) * state[1], *(casadi.sin(state[n] * time) for n in range(1, 4)))
    return casadi.Function("f", [time, state], [values])


def test_a_table_is_looked_up_outside_and_its_slope_kept(equations, monkeypatch):
    monkeypatch.setattr(module, "MANY_INSTRUCTIONS", 0)
    slow = derivative(equations)
    fast = scalar_jacobian(equations, slow)
    assert fast is not slow
    assert fast.name() == slow.name()
    assert fast.sparsity_out(0) == slow.sparsity_out(0)
    for place, slope in ((0.5, 2.0), (1.5, -1.0), (2.5, 5.0)):
        state = np.array([place, 0.7, 0.2, 1.1])
        assert fast(0.4, state).full() == pytest.approx(slow(0.4, state).full(), rel=1e-14)
        assert float(fast(0.4, state)[0, 0]) == pytest.approx(0.7 * slope)


def test_small_and_unsuitable_jacobians_stay_as_they_are(equations, monkeypatch):
    slow = derivative(equations)
    assert scalar_jacobian(equations, slow) is slow
    monkeypatch.setattr(module, "MANY_INSTRUCTIONS", 0)
    monkeypatch.setattr(module, "SCALAR_ADVANTAGE", 0)
    assert scalar_jacobian(equations, slow) is slow


def test_an_operation_without_a_scalar_form_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(module, "MANY_INSTRUCTIONS", 0)
    time, state = casadi.MX.sym("t"), casadi.MX.sym("y", 2)
    place = casadi.low(np.array([0.0, 1.0, 2.0]), state[0])  # itself a value, not an index
    equations = casadi.Function("f", [time, state], [casadi.vertcat(place * state[1], state[1] ** 2)])
    slow = derivative(equations)
    assert scalar_jacobian(equations, slow) is slow


def test_a_coupled_cell_has_a_scalar_jacobian_of_equal_values(monkeypatch):
    found = []

    def keep(function):
        def wrapped(equations, jacobian):
            fast = function(equations, jacobian)
            found.append((jacobian, fast))
            return fast

        return wrapped

    monkeypatch.setattr("lisse.cell.common_terms.scalar_jacobian", keep(scalar_jacobian))
    mechanisms = ["contact_loss", "cracks", "cathode_interphase", "voids", "interphase", "filaments", "bending"]
    lisse.run("reference", "discharge at C/5 for 10 minutes", mechanisms=mechanisms)
    assert found
    random = np.random.default_rng(1)
    for slow, fast in found:
        assert fast is not slow
        for _ in range(3):
            state, inputs = random.uniform(0.2, 0.8, slow.size_in(1)), random.uniform(0.2, 0.8, slow.size_in(2))
            wanted = slow(0.0, state, inputs).full()
            assert fast(0.0, state, inputs).full() == pytest.approx(wanted, rel=1e-9, abs=1e-12 * abs(wanted).max())
