"""An uncertainty run: 200 draws of one charge and discharge of the reference cell, against the time that is allowed.

Its error is that of drawn cells against the same cells at the tolerance of the books.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

import lisse
from lisse.cell.solving import RTOL as BOOKS
from lisse.studies.prepared import Prepared
from lisse.studies.sampling import draw
from lisse.studies.uncertainty import RTOL, uncertainty

COUNT, GOAL_S, WORKERS = 200, 6.0, 2
PROTOCOL = "1 cycle at C/3"
COMPARED = 10
"""Draws whose voltages are compared."""
LARGEST_ERROR = 1.0
"""Voltage error that a draw may have, the mean over the draws [mV RMS]."""


def error_bars(repeats: int = 2) -> list[dict[str, Any]]:
    """Time the run, its build and its books of draws included, best of ``repeats`` with everything imported."""
    cell = lisse.Cell.load("reference")
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = uncertainty(cell, PROTOCOL, COUNT, workers=WORKERS)
        times.append(time.perf_counter() - start)
    error, taken = error_of_draws(cell), min(times)
    entry = {"ratio": taken / GOAL_S, "goal": 1.0, "goal_s": GOAL_S, "own_s": taken, "own_error_mV": error}
    holds = taken <= GOAL_S and error <= LARGEST_ERROR and not found.reasons
    return [{"name": f"uncertainty, N = {COUNT}", "holds": holds, **entry}]


def error_of_draws(cell: lisse.Cell) -> float:
    """Root mean square difference of the voltages at equal shares of the capacity, over charges and discharges [mV]."""
    draws = draw(cell, COMPARED, sampling="lhs")
    cells = [draws.make(number) for number in range(COMPARED)]
    quick, exact = (Prepared(cell, PROTOCOL, cells, rtol=rtol) for rtol in (RTOL, BOOKS))
    squares = []
    for one in cells:
        mine, other = quick.solve(one), exact.solve(one)
        if "failed" in (mine.status, other.status):
            continue
        for kind in ("charge", "discharge"):
            curves = [frame[frame["kind"] == kind] for frame in (mine.timeseries, other.timeseries)]
            ours, theirs = (_voltage(curve) for curve in curves)
            squares.append(float(np.mean((ours - theirs) ** 2)))
    return 1e3 * float(np.mean(squares)) ** 0.5


def _voltage(curve: Any) -> Any:
    share = curve["capacity_mAh_g"].to_numpy() / float(curve["capacity_mAh_g"].max())
    return np.interp(np.linspace(0.0, 1.0, 1000), share, curve["voltage_V"].to_numpy())
