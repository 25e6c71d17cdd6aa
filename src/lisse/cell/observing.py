"""Many variables of a solution read at once: one compiled function for each model, not one for each variable.

What the variables share (potentials, means) is computed once. Leaves out: interpolation between output times, which
PyBaMM's own ``solution[name]`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

if TYPE_CHECKING:
    import pybamm

Array = np.ndarray[Any, np.dtype[np.float64]]
CHUNK = 400
"""Output times of the profiles at once: their arrays fit a processor's cache, whatever the length of a run."""
_COMPILED: WeakKeyDictionary[Any, dict[tuple[str, ...], tuple[Any, Any]]] = WeakKeyDictionary()
"""Functions made for a model and some variables of it: a model that is solved many times is compiled once."""
_SERIALISED: WeakKeyDictionary[Any, tuple[dict[int, str], list[Any]]] = WeakKeyDictionary()
"""The same functions as PyBaMM hands them to its solver, by their identity, and the functions themselves."""


def read(solution: pybamm.Solution, names: Sequence[str]) -> dict[str, Array]:
    """Return variables that are one number at each time, at all output times.

    Parameters
    ----------
    solution
        From PyBaMM, with its states at all output times.
    names
        Names of variables of the model, each of which is a single number at each time.

    Returns
    -------
    dict
        Arrays of shape (times,) by name, in the variables' own units.

    Raises
    ------
    ValueError
        If a variable is a field in space.
    """
    import pybamm
    from pybamm.solvers.processed_variable import ProcessedVariableRawFVM

    parts = []
    for model, states, inputs in zip(solution.all_models, solution.all_ys, solution.all_inputs, strict=True):
        compiled = _COMPILED.setdefault(model, {})
        key = *names, "inputs:", *inputs
        if key not in compiled:
            symbols = [model.get_processed_variable_or_event(name) for name in names]
            if fields := [name for name, symbol in zip(names, symbols, strict=True) if symbol.size != 1]:
                raise ValueError(f"{', '.join(fields)}: a field in space is no single number at each time.")
            together = pybamm.numpy_concatenation(*symbols)
            compiled[key] = together, solution.process_casadi_var(together, inputs, states.shape)
        parts.append(compiled[key])
    expressions, leaves = zip(*parts, strict=True)
    raw = ProcessedVariableRawFVM(", ".join(names), list(expressions), list(leaves), solution)
    texts, kept = _SERIALISED.setdefault(solution.all_models[0], ({}, []))
    kept.extend({id(leaf): leaf for leaf in leaves if id(leaf) not in texts}.values())
    raw._observer._serialised = texts
    table = raw.entries
    return {name: np.ascontiguousarray(row) for name, row in zip(names, np.asarray(table, dtype=float), strict=True)}


def read_fields(
    solution: pybamm.Solution, names: Sequence[str], chunk: int = CHUNK
) -> Iterator[tuple[slice, dict[str, Array]]]:
    """Yield fields in space, some output times after others.

    Parameters
    ----------
    solution
        From PyBaMM, with its states at all output times.
    names
        Names of variables of the model.
    chunk
        Output times of one piece, about.

    Yields
    ------
    tuple
        Which output times, and the fields in them by name, each of shape (points, times) in the order of the mesh.
    """
    first, gathered, count = 0, [], 0
    for model, times, states, inputs in zip(
        solution.all_models, solution.all_ts, solution.all_ys, solution.all_inputs, strict=True
    ):
        symbols = [model.get_processed_variable_or_event(name) for name in names]
        for start in range(0, len(times), chunk):
            now = slice(start, start + chunk)
            gathered.append([symbol.evaluate(times[now], states[:, now], inputs=inputs) for symbol in symbols])
            count += len(times[now])
            if count >= chunk:
                yield slice(first, first + count), _joined(names, gathered)
                first, gathered, count = first + count, [], 0
    if count:
        yield slice(first, first + count), _joined(names, gathered)


def _joined(names: Sequence[str], pieces: list[list[Array]]) -> dict[str, Array]:
    return {name: np.concatenate(parts, axis=1) for name, parts in zip(names, zip(*pieces, strict=True), strict=True)}
