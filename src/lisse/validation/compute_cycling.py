"""Computations of the targets on cells whose composite ages: numbers of runs, ratios of them, orders of several runs.

Units are those of the summary of a run. Leaves out: numbers that a single run prints as they are, which the targets ask
for by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from lisse.cathode.contact_loss import path_ratio
from lisse.cell.options import CATHODE_MECHANISMS
from lisse.mechanism import FARADAY, GAS_CONSTANT
from lisse.validation.computations import KELVIN, computation

PATH_FACTOR = 0.5
"""Default of the factor in the path length of a particle that is wetted in part (``cathode.contact_loss``)."""
BOUNDARY = ("cathode ionic", "cathode electronic", "cathode kinetics", "separator", "anode", "contacts")
"""Origins of a cell's resistance; diffusion in the particles takes hours and is no resistance."""
PULSE = 1e-3
"""Current of a resistance [C]: small enough for straight lines."""
ACTIVE_STEP = 0.02
"""Smallest change of the lithium content that diffraction sees [-], about the uncertainty of the curves' scale."""


def _key(run: Mapping[str, Any]) -> str:
    return json.dumps(run, sort_keys=True)


def _carry_out(run: Mapping[str, Any]) -> Any:
    """Carry out a run: ``cell``, ``protocol``, ``changes``, fields to leave out (``without``) and ``parameters``."""
    from lisse.simulate import run as carry_out

    changes = {**run.get("changes", {}), **dict.fromkeys(run.get("without", ()))}
    return carry_out(run["cell"], run["protocol"], changes=changes, parameters=run.get("parameters"))


@cache
def _summary(key: str) -> dict[str, Any]:
    found: dict[str, Any] = _carry_out(json.loads(key)).summary
    return found


def _number(run: Mapping[str, Any], quantity: str) -> float:
    """Number at a path in the summary of a run; not a number if the run did not get there, or failed."""
    from lisse.validation.runner import read_quantity

    summary = _summary(_key(run))
    if summary["status"] == "failed":
        return float("nan")
    value = read_quantity(summary, quantity)
    return float("nan") if value is None else value


def _changed(run: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run with what another one replaces; its changes are added to those of the first."""
    return {**run, **other, "changes": {**run.get("changes", {}), **other.get("changes", {})}}


@computation
def cycling_number(
    run: dict[str, Any], quantity: str, factor: float = 1.0, start: float = 0.0, missing: float = np.nan
) -> float:
    """``start`` plus ``factor`` times a number of a run; ``missing`` where the run does not get so far."""
    found = _number(run, quantity)
    return missing if np.isnan(found) else start + factor * found


@computation
def cycling_ratio(
    run: dict[str, Any], quantity: str, other: dict[str, Any], over: str | None = None, factor: float = 1.0
) -> float:
    """``factor`` times a number of a run over one of another; ``other`` says what differs, ``over`` which number."""
    return factor * _number(run, quantity) / _number(_changed(run, other), over or quantity)


@computation
def cycling_order(run: dict[str, Any], quantity: str, others: list[dict[str, Any]], over: str | None = None) -> float:
    """Return the share of the neighbours in a list of runs in which the later one has the larger number [-].

    Each of ``others`` says what differs from ``run``; with ``over`` the numbers are ratios within a run.
    """
    rows = [_changed(run, other) for other in others]
    values = [_number(row, quantity) / (_number(row, over) if over else 1.0) for row in rows]
    return float(np.mean([later > earlier for earlier, later in pairwise(values)]))


@computation
def first_cycle_term(cell: str, term: str, changes: dict[str, Any] | None = None) -> float:
    """Return a term of the loss of the first cycle at C/10 [mAh/g]."""
    return _first_cycle(cell, json.dumps(changes or {}, sort_keys=True))[term]


@cache
def _first_cycle(cell: str, changes: str) -> dict[str, float]:
    from lisse.first_cycle import decompose

    run = {"cell": cell, "protocol": "1 cycle at C/10", "changes": json.loads(changes)}
    return dict(decompose(_carry_out(run)).terms)


@computation
def interphase_rise(cell: str, protocol: str) -> float:
    """Resistance that the interphase adds to the cathode by the end of the first charge [ohm cm2]."""
    run: dict[str, Any] = {"cell": cell, "protocol": protocol}
    others = [name for name in CATHODE_MECHANISMS if name != "cathode_interphase"]
    alone = _changed(run, {"changes": {"mechanisms": others}})
    quantity = "cycles[0].cathode_resistance_ohm_cm2"
    return _number(run, quantity) - _number(alone, quantity)


@computation
def partly_wetted_voltage(cell: str, wetted: float, rate: float, capacity_mAh_g: float) -> float:
    """Overpotential that a smaller contact adds on charge at a capacity [mV]; area and path are inputs."""
    found = [_charge_curve(cell, wetted, rate), _charge_curve(cell, None, rate)]
    voltages = [float(np.interp(capacity_mAh_g, curve[0], curve[1])) for curve in found]
    return 1e3 * (voltages[0] - voltages[1])


@computation
def partly_wetted_capacity(cell: str, wetted: float, rate: float) -> float:
    """Change of the charge capacity by a smaller contact [%]; area and path are inputs."""
    less, full = (float(_charge_curve(cell, share, rate)[0][-1]) for share in (wetted, None))
    return 100 * (less / full - 1)


@cache
def _charge_curve(cell: str, wetted: float | None, rate: float) -> tuple[Any, Any]:
    """Capacity [mAh/g] and voltage of a first charge."""
    run: dict[str, Any] = {"cell": cell, "protocol": f"Charge at {rate}C until upper"}
    if wetted is not None:
        run["changes"] = {"cathode.wetted_fraction": wetted}
        ratio = float(path_ratio(wetted, PATH_FACTOR))
        run["parameters"] = {"Positive particle diffusion length ratio": ratio}
    frame = _carry_out(run).timeseries
    return frame["capacity_mAh_g"].to_numpy(), frame["voltage_V"].to_numpy()


@computation
def repressed_capacity(cell: str, protocol: str, pressure: str, after: str) -> float:
    """Capacity of the first discharge ``after`` an aged cell was pressed again [mAh/g]."""
    from lisse.repress import repress

    aged = _carry_out({"cell": cell, "protocol": protocol})
    found = repress(aged, pressure, after).summary["cycles"]
    return float(found[len(aged.summary["cycles"])]["discharge_capacity_mAh_g"])


@computation
def inactive_share(cell: str, protocol: str, changes: dict[str, Any] | None = None) -> float:
    """Active material that the first charge leaves as it was [%]: cut off from the start, or never reached."""
    run = _carry_out({"cell": cell, "protocol": protocol, "changes": changes or {}})
    profile = np.asarray(run.solution["Particle mean lithium content"](run.solution.t[-1]))
    start = run.cell.derived.initial_lithium_content
    reached = np.mean(profile < start - ACTIVE_STEP)
    return 100 * float(1 - reached * run.summary["cycles"][0]["connected_fraction"])


@computation
def cell_resistance(cell: str, celsius: float, content: float, changes: dict[str, Any] | None = None) -> float:
    """Resistance of a whole cell at a lithium content [ohm cm2], diffusion in the particles left out."""
    return _resistance(cell, celsius, content, json.dumps(changes or {}, sort_keys=True))


@cache
def _resistance(cell: str, celsius: float, content: float, changes: str) -> float:
    run = {
        "cell": cell,
        "protocol": f"Charge at {PULSE} C for 10 minutes",
        "changes": {
            **json.loads(changes),
            "operation.temperature": f"{celsius} degC",
            "cathode.initial_lithium_content": content,
        },
    }
    last = _carry_out(run).timeseries.iloc[-1]
    lost = sum(float(last[f"loss_{origin.replace(' ', '_')}_V"]) for origin in BOUNDARY)
    return 1e3 * lost / float(last["current_density_mA_cm2"])


@computation
def resistance_energy(cell: str, low: float, high: float, content: float) -> float:
    """Activation energy of a cell's resistance between two temperatures in degC [eV]."""
    cold, warm = (cell_resistance(cell, celsius, content) for celsius in (low, high))
    inverse = 1 / (low + KELVIN) - 1 / (high + KELVIN)
    return float(np.log(cold / warm)) / inverse * GAS_CONSTANT / FARADAY


@computation
def three_electrode_gap(cell: str, position: float) -> float:
    """Largest difference between the cell's voltage and that of its electrodes against a reference [V]."""
    from lisse.cell.observing import read

    names = ["Positive electrode 3E potential [V]", "Negative electrode 3E potential [V]", "Voltage [V]"]
    changes = {"separator.reference_electrode": position, "contacts.series_resistance": "0 ohm*cm^2"}
    run = _carry_out({"cell": cell, "protocol": "1 cycle at C/5", "changes": changes})
    found = read(run.solution, names)
    return float(np.max(np.abs(found[names[0]] - found[names[1]] - found[names[2]])))
