"""Numbers of every simulated cell of a test of the lithium interface, and their 5 to 95 %.

The cells of these tests are draws of the claims already, so their scatter is the error bar. Leaves out: the tests.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.lithium.critical_current import CriticalCurrent
from lisse.lithium.cycle_life import Life
from lisse.lithium.statistics import band, rounded
from lisse.lithium.stripping import Strip

Array = NDArray[np.float64]


def samples(found: CriticalCurrent | Strip | Life) -> dict[str, Array]:
    """Return numbers of the cells by their path in the document, each of shape (cells,); infinite if not reached."""
    if isinstance(found, CriticalCurrent):
        return {"critical_current_density_mA_cm2": found.current / 10}
    if isinstance(found, Strip):
        state = found.simulator.state
        history = {
            f"history.{name}.{row}": values[row]
            for name, values in (
                ("contact_fraction", found.contact),
                ("void_coverage", found.coverage),
                ("voltage_V", found.voltage),
            )
            for row in range(len(found.time))
        }
        ended = np.where(state.alive, np.inf, state.time) / 3600
        return {"critical_stripping_current_mA_cm2": found.critical / 10, "time_to_end_h": ended, **history}
    history = {
        f"cycles.{row}.{name}": factor * values[row]
        for row in range(int(found.history.cycles.max(initial=0)))
        for name, values, factor in (
            ("contact_fraction", found.history.contact, 1.0),
            ("void_coverage", found.history.coverage, 1.0),
            ("voltage_V", found.history.voltage, 1.0),
            ("anode_interphase_nm", found.history.interphase, 1e9),
            ("lithium_lost_mAh_cm2", found.history.lithium_lost, 1 / 3.6e4),
            ("stack_pressure_MPa", found.history.pressure, 1e-6),
        )
    }
    return {
        "time_to_short_h": found.time_to_short / 3600,
        "time_to_end_h": found.time_to_end / 3600,
        "cycles_completed": found.history.cycles.astype(float),
        **history,
    }


def spread_of_cells(found: CriticalCurrent | Strip | Life) -> dict[str, Any]:
    """Return the key ``uncertainty`` of the document of a test.

    A percentile is None where the test did not reach it; cells that have ended are not counted in what follows.
    """
    values = {}
    for path, numbers in samples(found).items():
        known = numbers[~np.isnan(numbers)]
        if known.size and not (known == known[0]).all():
            values[path] = {**band(known, 5, 95), "count": int(known.size)}
    return rounded(
        {
            "count": len(found.simulator.state.time),
            "seed": found.seed,
            "sampling": "independent",
            "failed": {"count": 0, "reasons": {}},
            "values": {path: _named(numbers) for path, numbers in values.items()},
        }
    )


def _named(numbers: dict[str, Any]) -> dict[str, Any]:
    return {{"p5": "p05"}.get(name, name): value for name, value in numbers.items()}
