"""Percentiles and counts of simulated cells, honest about those that outlived the test.

Leaves out: drawing and simulating.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.lithium.interface import Ending
from lisse.lithium.simulator import Simulator

Array = NDArray[np.float64]


def band(values: Array, low: float = 10, high: float = 90) -> dict[str, float | None]:
    """Return median and percentiles of values of which infinite ones were not reached in the test.

    Parameters
    ----------
    values
        One per cell; infinite where the cell outlived the test.
    low, high
        Percentiles [%].

    Returns
    -------
    dict
        ``median``, ``p10``, ``p90`` (by the percentiles' names); None where the percentile was not reached.

    Examples
    --------
    >>> band(np.array([1.0, 2.0, np.inf]))
    {'median': 2.0, 'p10': 1.0, 'p90': None}
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    found = {}
    for name, share in (("median", 50.0), (f"p{low:g}", low), (f"p{high:g}", high)):
        # The nearest rank, so that no average is taken with a cell that outlived the test.
        rank = min(len(ordered) - 1, max(0, int(np.ceil(share / 100 * len(ordered))) - 1))
        found[name] = float(ordered[rank]) if np.isfinite(ordered[rank]) else None
    return found


def endings(simulator: Simulator) -> dict[str, int]:
    """Return how many cells ended in which way; ``survived`` for those that did not."""
    codes = simulator.state.ending
    counts = {str(ending.label): int((codes == ending).sum()) for ending in Ending if ending is not Ending.NONE}
    counts = {name: number for name, number in counts.items() if number}
    return counts | {"survived": int(simulator.state.alive.sum())}


def main_ending(counts: dict[str, int]) -> str:
    """Return the most frequent ending.

    Examples
    --------
    >>> main_ending({"short": 3, "contact_loss": 5, "survived": 0})
    'contact_loss'
    """
    return max(counts, key=lambda name: counts[name])


def rounded(value: Any, digits: int = 6) -> Any:
    """Return numbers with a few significant digits and None for those that are not finite, in nested containers.

    Examples
    --------
    >>> rounded({"a": [1.23456789, float("nan")], "b": 3})
    {'a': [1.23457, None], 'b': 3}
    """
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [rounded(item, digits) for item in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.{digits}g}") if np.isfinite(value) else None
    return value
