"""Where the capacity of the first cycle goes: isolation, oxidation, anode, polarisation, slow diffusion.

Every term is read from states of the cell, or from the charge that the same discharge would still pass without an
overpotential; they add up to the loss because lithium does. Leaves out: self-discharge, and losses of later cycles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.errors import LisseError

if TYPE_CHECKING:
    import pybamm

    from lisse.cell.cell import Cell
    from lisse.cell.solving import Progress
    from lisse.simulate import Run

TERMS = ("kinetic", "isolation", "oxidation", "polarisation", "anode")
"""Terms of the loss, in the order of cathode.md C10."""
OF_THE_INTERFACE = ("isolation", "oxidation")
"""Terms that only the contact of oxide and sulfide brings: a liquid fills gaps and isolates nothing."""
DRIVEN = ("separator", "contacts", "cathode ionic", "cathode electronic", "cathode kinetics")
"""Origins of the polarisation, the anode's and that inside the particles apart."""
INTERPHASES, DOUBLE_LAYER = "Charge of cathode interphases [C.m-2]", "Cathode double-layer charge [A.h]"
"""What moves charge besides the lithium of the oxide, and a short that filaments made."""
COMPLETE = 5e-3
"""Distance from the lower limit at which a discharge counts as complete [V]."""
NO_LIMIT = -10.0
"""Terminal voltage that a discharge without overpotentials never reaches [V]."""


@dataclass(frozen=True)
class FirstCycle:
    """The loss of a first cycle and its terms.

    Attributes
    ----------
    cell
        Name of the cell.
    mechanisms
        Mechanisms that were on.
    rate
        Current of the cycle, as asked for.
    charge, discharge
        Capacities [mAh/g].
    terms
        Loss by term [mAh/g], under the names of :data:`TERMS`.
    contents
        Lithium content of the connected oxide at the start, and at the end of the discharge.
    loss_without_mechanisms
        Loss of the same cell with the mechanisms of its composite off [mAh/g]; None where that was not computed.
    warnings
        What a reader must know.
    """

    cell: str
    mechanisms: tuple[str, ...]
    rate: str
    charge: float
    discharge: float
    terms: dict[str, float]
    contents: tuple[float, float]
    loss_without_mechanisms: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def loss(self) -> float:
        """Charge less discharge capacity [mAh/g]."""
        return self.charge - self.discharge

    @property
    def interface_loss(self) -> float:
        """What only the solid interface costs [mAh/g]: isolated particles, and charge that oxidised electrolyte."""
        return sum(self.terms[name] for name in OF_THE_INTERFACE)

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse first-cycle --json`` prints."""
        loss = self.loss
        return {
            "cell": self.cell,
            "rate": self.rate,
            "mechanisms": list(self.mechanisms),
            "charge_capacity_mAh_g": self.charge,
            "discharge_capacity_mAh_g": self.discharge,
            "loss_mAh_g": loss,
            "loss_fraction": loss / self.charge,
            "terms_mAh_g": dict(self.terms),
            "interface_loss_mAh_g": self.interface_loss,
            "interface_share_of_loss": self.interface_loss / loss if loss > 0 else None,
            "loss_without_composite_mechanisms_mAh_g": self.loss_without_mechanisms,
            "lithium_content": {"start": self.contents[0], "end": self.contents[1]},
            "warnings": list(self.warnings),
        }


def first_cycle(
    cell: Cell | str | Path,
    rate: str = "C/10",
    *,
    mechanisms: Sequence[str] | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> FirstCycle:
    """Run the first cycle of a cell and divide its loss.

    Parameters
    ----------
    cell
        A cell, the name of a library cell, or the path of a cell file.
    rate
        Current of charge and discharge, such as ``"C/10"``.
    mechanisms
        Mechanisms to switch on; without them those of the cell file, and all of the composite where it lists none.
    changes
        Fields of the cell file to replace, by dotted path.
    progress
        Called at the start of each step.

    Returns
    -------
    FirstCycle
        Its terms add up to the loss.

    Raises
    ------
    InputError
        If cell or rate cannot be accepted.
    LisseError
        If the cycle does not complete.

    Examples
    --------
    >>> found = first_cycle("reference")
    >>> abs(sum(found.terms.values()) - found.loss) < 1e-3
    True
    """
    from lisse.cell.mechanism_choice import composite_mechanisms, without_composite
    from lisse.simulate import run

    described, note = composite_mechanisms(cell, mechanisms, changes)
    protocol = f"1 cycle at {rate}"
    found = run(described, protocol, progress=progress)
    divided = decompose(found, rate)
    plain = without_composite(described)
    alone = None
    if plain.spec.mechanisms != described.spec.mechanisms:
        row = run(plain, protocol, progress=progress).summary["cycles"]
        alone = row[0]["charge_capacity_mAh_g"] - row[0]["discharge_capacity_mAh_g"] if _both(row) else None
    warnings = (*((note,) if note else ()), *found.summary["warnings"])
    return FirstCycle(**{**divided.__dict__, "loss_without_mechanisms": alone, "warnings": warnings})


def _both(rows: list[dict[str, Any]]) -> bool:
    keys = ("charge_capacity_mAh_g", "discharge_capacity_mAh_g")
    return bool(rows) and all(rows[0][key] is not None for key in keys)


def divisible(run: Run) -> str:
    """Return why the first cycle of a run cannot be divided; empty if it can: a charge, then a full discharge."""
    solution = run.solution
    if run.cell.symmetric or run.earlier is not None or solution is None or not solution.cycles:
        return "the run holds no first cycle of a cell with a composite"
    table = run.timeseries
    first = table[table["cycle"] == 1]
    working = first[first["kind"] != "rest"]
    kinds = working["kind"].to_numpy()
    turns = [str(kind) for kind, before in zip(kinds, ["", *kinds], strict=False) if kind != before]
    if turns != ["charge", "discharge"]:
        return "its first cycle is not one charge followed by one discharge"
    end, limit = float(working["voltage_V"].iloc[-1]), run.cell.derived.lower_voltage
    if end > limit + COMPLETE:
        return f"its first discharge ends at {end:.3f} V, not at the lower limit of {limit:.3f} V"
    return ""


def decompose(run: Run, rate: str = "") -> FirstCycle:
    r"""Divide the loss of the first cycle of a run.

    .. math:: Q_{irr} = Q_{kin} + Q_{iso} + Q_{CEI} + Q_{pol} + Q_{an}

    With :math:`N` sites of a population, of which the share :math:`u` is connected and holds the content
    :math:`x_{end}`, and :math:`L_{iso}` the lithium of the others: :math:`Q_{iso} = F[N (1 - u) x_{end} - L_{iso}]` is
    what they would have taken up with the rest, :math:`Q_{CEI}` the charge that oxidised electrolyte. What is left,
    :math:`F N (x_0 - x_{end})`, lies open in particles that could be filled. The discharge goes on at its current until
    the voltage without overpotentials reaches the limit; what it passes then is divided between the anode
    (:math:`Q_{an}`) and the rest (:math:`Q_{pol}`) as their overpotentials at the limit are. What even that leaves open
    is :math:`Q_{kin}`: diffusion is too slow where the oxide is nearly full. A negative term is a gain: an oxide that
    starts with less lithium than a discharge puts into it. Charge of a short counts with the anode, that of the double
    layer with the polarisation.

    Parameters
    ----------
    run
        Whose first cycle is a charge and a discharge to the lower limit.
    rate
        Its current, for the result.

    Raises
    ------
    LisseError
        If it is not.
    """
    if reason := divisible(run):
        raise LisseError(f"first cycle: {reason}; its loss has no terms.")
    table = run.timeseries
    first = table[table["cycle"] == 1]
    capacity = {kind: float(part["capacity_mAh_g"].max()) for kind, part in first.groupby("kind") if kind != "rest"}
    return FirstCycle(
        cell=run.cell.name,
        mechanisms=tuple(run.cell.spec.mechanisms),
        rate=rate,
        charge=capacity["charge"],
        discharge=capacity["discharge"],
        terms=_terms(run),
        contents=(run.cell.derived.initial_lithium_content, float(first["lithium_content"].iloc[-1])),
    )


def _last_working_step(run: Run) -> pybamm.Solution:
    """Return the solution of the step with which the first discharge ends (a rest may follow it)."""
    assert run.solution is not None
    table = run.timeseries
    first = table[(table["cycle"] == 1) & (table["kind"] != "rest")]
    step: pybamm.Solution = run.solution.cycles[0].steps[int(first["step"].iloc[-1]) - 1]
    return step


def _ends(run: Run, last: pybamm.Solution, names: Sequence[str]) -> dict[str, np.ndarray[Any, Any]]:
    """Values at the start of a run and at the end of a step, arrays of two; what the model lacks is left out."""
    from lisse.cell.observing import read

    assert run.solution is not None
    known = [name for name in names if name in last.all_models[0].variables]
    if not known:
        return {}
    start, end = read(run.solution.first_state, known), read(last.last_state, known)
    return {name: np.array([start[name][0], end[name][-1]]) for name in known}


def _terms(run: Run) -> dict[str, float]:
    """Loss of the first cycle by term [mAh/g]."""
    from lisse.cell.audit import SHORT_CHARGE

    discharge = _last_working_step(run)
    missing, isolated = _open_sites(run, discharge)
    held = _held_back(run, discharge)
    area = run.cell.derived.cell_area / 3600
    moved = {
        name: float(np.diff(values)[0])
        for name, values in _ends(run, discharge, [INTERPHASES, DOUBLE_LAYER, SHORT_CHARGE]).items()
    }
    amounts = {
        "kinetic": missing - sum(held.values()),
        "isolation": isolated,
        "oxidation": moved.get(INTERPHASES, 0.0) * area,
        "polarisation": held["polarisation"] - moved.get(DOUBLE_LAYER, 0.0),
        "anode": held["anode"] + moved.get(SHORT_CHARGE, 0.0),
    }
    return {name: amount / run.active_mass for name, amount in amounts.items()}  # A.h over kg is mAh/g


def _open_sites(run: Run, last: pybamm.Solution) -> tuple[float, float]:
    """Lithium that the oxide lacks at the end of a step, were all of it connected, and that which isolation adds [A.h].

    Returns
    -------
    tuple
        Sums over the populations.
    """
    from lisse.cathode.diffusion import population_name
    from lisse.mechanism import FARADAY

    missing = isolated = 0.0
    for k in range(1, run.options.populations + 1):
        stem, cut_off = (
            population_name(name, k).capitalize() + " lithium inventory [mol]"
            for name in ("cathode", "isolated cathode")
        )
        connected, capacity = (population_name(name, k) for name in ("Connected fraction", "Content capacity [C.m-2]"))
        found = _ends(run, last, [stem, cut_off, connected, capacity])
        share = found.get(connected, np.ones(2))[-1]
        lithium, lost = found[stem] * FARADAY / 3600, found.get(cut_off, np.zeros(2)) * FARADAY / 3600
        sites = found[capacity][-1] / share * run.cell.derived.cell_area / 3600
        content = lithium[-1] / (sites * share)
        missing += lithium[0] + lost[0] - sites * content
        isolated += sites * (1 - share) * content - lost[-1]
    return float(missing), float(isolated)


def _held_back(run: Run, discharge: pybamm.Solution) -> dict[str, float]:
    """Charge that the first discharge leaves because of overpotentials outside of the particles [A.h], by owner."""
    import pybamm

    from lisse.cell.observing import read
    from lisse.cell.solving import ATOL, QUIET, RTOL, quiet, solver_reason
    from lisse.cell.symmetric import cell_model

    limit = run.cell.derived.lower_voltage
    origins = [f"{origin.capitalize()} overpotential [V]" for origin in ("anode", *DRIVEN)]
    names = ["Current [A]", "Voltage [V]", *origins]
    end = {name: float(values[-1]) for name, values in read(discharge.last_state, names).items()}
    drops = [max(end[name], 0.0) for name in origins]
    current, total = end["Current [A]"], sum(drops)
    if current <= 0 or total <= 0:
        return {"anode": 0.0, "polarisation": 0.0}
    values = {**run.values, "Current function [A]": current, "Lower voltage cut-off [V]": NO_LIMIT}
    simulation = pybamm.Simulation(
        cell_model(run.options).set_initial_conditions_from(discharge, inplace=False),
        parameter_values=pybamm.ParameterValues(values),
        solver=pybamm.IDAKLUSolver(rtol=RTOL, atol=ATOL, on_extrapolation="ignore", options=QUIET),
    )
    hours = run.cell.derived.nominal_current / current
    try:
        with quiet():
            further = simulation.solve([0, hours * 3600])
    except pybamm.SolverError as error:
        raise LisseError(
            f"first cycle: the continued discharge was not solved ({solver_reason(str(error))})."
        ) from None
    seen = read(further, names)
    inner = seen["Voltage [V]"] + sum(seen[name] for name in origins)
    passed = current * _time_at(further.t, inner - limit) / 3600
    return {"anode": passed * drops[0] / total, "polarisation": passed * sum(drops[1:]) / total}


def _time_at(time: np.ndarray[Any, Any], above: np.ndarray[Any, Any]) -> float:
    """Return the time at which a falling quantity first passes zero, the last time if it never does [s]."""
    below = np.flatnonzero(above <= 0)
    if not below.size:
        return float(time[-1])
    k = int(below[0])
    if k == 0:
        return float(time[0])
    share = above[k - 1] / (above[k - 1] - above[k])
    return float(time[k - 1] + share * (time[k] - time[k - 1]))
