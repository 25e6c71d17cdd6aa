"""The Jacobian of a model with many mechanisms, scalar by scalar: a third of the time of CasADi's matrix graph.

A mechanism adds equations of single numbers, and each costs the matrix graph as much as a whole electrode would. The
scalar graph has no table look-ups, so these stay outside: the coefficients that a look-up returns are constant where
they are constant, and enter as arguments. Leaves out: equations with functions that CasADi cannot write as scalars.
"""

from __future__ import annotations

import casadi

MANY_INSTRUCTIONS = 1500
"""Instructions of a matrix graph below which the scalar one is not tried, since its set-up takes 0.1 s."""
SCALAR_ADVANTAGE = 10
"""Scalar instructions that take no longer than one instruction on matrices."""


def scalar_jacobian(equations: casadi.Function, jacobian: casadi.Function) -> casadi.Function:
    """Return the Jacobian of equations in its faster form.

    Parameters
    ----------
    equations
        Right-hand sides as a function whose second argument is the state.
    jacobian
        Their derivative by the state, a matrix graph with the same arguments.

    Returns
    -------
    casadi.Function
        A function of the same arguments, name, values and sparsity; ``jacobian`` itself where that is the faster one.
    """
    if jacobian.n_instructions() < MANY_INSTRUCTIONS:
        return jacobian
    inputs = equations.mx_in()
    values = equations.call(inputs, True, False)
    found = _looked_up(values[0])
    symbols = [casadi.MX.sym(f"coefficient {number}", node.sparsity()) for number, node in enumerate(found)]
    if found:
        values = casadi.graph_substitute(values, found, symbols)
    try:
        scalar = casadi.Function("scalar", [*inputs, *symbols], values).expand()
    except RuntimeError:  # an operation that has no scalar form
        return jacobian
    arguments = scalar.sx_in()
    derivative = casadi.jacobian(scalar.call(arguments, True, False)[0], arguments[1])
    evaluated = casadi.Function("scalar_jacobian", arguments, [derivative])
    slower = evaluated.n_instructions() > SCALAR_ADVANTAGE * jacobian.n_instructions()
    if slower or evaluated.sparsity_out(0) != jacobian.sparsity_out(0):
        return jacobian
    coefficients = casadi.Function("coefficients", inputs, casadi.cse(found)).call(inputs) if found else []
    return casadi.Function(jacobian.name(), inputs, evaluated.call([*inputs, *coefficients]))


def _looked_up(expression: casadi.MX) -> list[casadi.MX]:
    """Return the nodes of a graph that take entries of a table at computed places."""
    seen: set[int] = set()
    found, left = [], [expression]
    while left:
        node = left.pop()
        if (key := hash(node)) in seen:
            continue
        seen.add(key)
        if node.op() == casadi.OP_GETNONZEROS_PARAM:
            found.append(node)
        left.extend(node.dep(number) for number in range(node.n_dep()))
    return found
