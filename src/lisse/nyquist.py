"""Impedance of a cell by cycle: one run, and a spectrum at rest in the charge of each cycle that is asked for.

All spectra belong to one lithium content of the connected oxide, so that they differ by what cycling did. Leaves out:
spectra under current.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.errors import InputError, LisseError

if TYPE_CHECKING:
    import pybamm

    from lisse.cell.cell import Cell
    from lisse.cell.eis import Impedance
    from lisse.cell.solving import Progress
    from lisse.simulate import Run

CYCLES = (1, 10, 50)
"""Cycles whose spectra are taken if none are asked for."""
MOST_CYCLES = 5000
"""A later cycle is refused."""


@dataclass(frozen=True)
class Nyquist:
    """Spectra of one cell after different numbers of cycles.

    Attributes
    ----------
    cell
        Name of the cell.
    mechanisms
        Mechanisms that were on.
    rate
        Current of every cycle.
    state_of_charge
        At which the spectra were asked for.
    spectra
        Impedance by cycle; cycle 0 is the cell as built.
    warnings
        What a reader must know.
    """

    cell: str
    mechanisms: tuple[str, ...]
    rate: str
    state_of_charge: float
    spectra: dict[int, Impedance]
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary with the keys that ``lisse nyquist --json`` prints."""
        rows = []
        for cycle, spectrum in self.spectra.items():
            own = spectrum.as_dict()
            rows.append({"cycle": cycle, **{key: own[key] for key in own if key not in ("cell", "timing_s")}})
        return {
            "cell": self.cell,
            "rate": self.rate,
            "state_of_charge": self.state_of_charge,
            "mechanisms": list(self.mechanisms),
            "spectra": rows,
            "warnings": list(self.warnings),
        }


def impedance_by_cycle(
    cell: Cell | str | Path,
    cycles: Sequence[int] = CYCLES,
    *,
    state_of_charge: float = 0.5,
    frequencies: Sequence[float] | None = None,
    rate: str = "C/10",
    mechanisms: Sequence[str] | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Nyquist:
    """Cycle a cell and take its impedance in the charge of some cycles.

    Parameters
    ----------
    cell
        A cell, the name of a library cell, or the path of a cell file.
    cycles
        Numbers of the cycles, from 1; 0 is the cell as built.
    state_of_charge
        From 0 (as built) to 1 (open circuit at the upper limit): the charge of a cycle stops at its lithium content,
        or at the end of the charge where that comes first, and the cell rests for ten hours.
    frequencies
        [Hz]; default 1 MHz to 1 mHz.
    rate
        Current of charge and discharge, such as ``"C/10"``.
    mechanisms
        Mechanisms to switch on; without them those of the cell file, and all of the composite where it lists none.
    changes
        Fields of the cell file to replace, by dotted path.
    progress
        Called at the start of each step.

    Raises
    ------
    InputError
        If a cycle, the state of charge, the cell or the rate cannot be accepted.
    LisseError
        If not even the first of the cycles is reached.
    """
    from lisse.cell.eis import content_at, impedance
    from lisse.cell.mechanism_choice import composite_mechanisms
    from lisse.simulate import run

    asked = sorted(set(cycles))
    if not asked or asked[0] < 0 or asked[-1] > MOST_CYCLES:
        raise InputError(f"--cycles: {', '.join(map(str, cycles)) or 'none'}; give numbers from 0 to {MOST_CYCLES}.")
    described, note = composite_mechanisms(cell, mechanisms, changes)
    target, notes, spectra = content_at(described, state_of_charge), [note] if note else [], {}
    if asked[0] == 0:
        spectra[0] = impedance(described, frequencies, state_of_charge)
    if asked[-1] > 0:
        last = asked[-1]
        found = run(described, f"{last} cycle{'s' if last > 1 else ''} at {rate}", progress=progress)
        notes += found.summary["warnings"]
        for cycle in (number for number in asked if number > 0):
            state = state_in_charge(found, cycle, target)
            if state is None:
                notes.append(
                    f"Cycle {cycle} was not reached: the run {found.summary['status']} ({found.outcome.reason})."
                )
            else:
                spectra[cycle] = impedance(described, frequencies, state=state)
    if not spectra:
        raise LisseError(f"nyquist: {notes[-1]}")
    mechanisms_on = tuple(described.spec.mechanisms)
    return Nyquist(described.name, mechanisms_on, rate, state_of_charge, spectra, tuple(dict.fromkeys(notes)))


def state_in_charge(run: Run, cycle: int, content: float) -> dict[str, Any] | None:
    """Return the state of a run in the charge of a cycle, where the connected oxide first holds a lithium content.

    Parameters
    ----------
    run
        Whose solution holds the cycle; one that was not resumed and did not jump over cycles.
    cycle
        From 1.
    content
        Lithium content [-]; the end of the charge where it is not reached.

    Returns
    -------
    dict or None
        States by name, between two outputs by linear interpolation; None where the run holds no charge of that cycle.
    """
    from lisse.cell.solving import last_state

    table = run.timeseries
    rows = table[(table["cycle"] == cycle) & (table["kind"] == "charge")]
    if run.solution is None or cycle > len(run.solution.cycles) or rows.empty:
        return None
    steps = run.solution.cycles[cycle - 1].steps
    for number in rows["step"].unique():
        part = steps[int(number) - 1]
        held = rows.loc[rows["step"] == number, "lithium_content"].to_numpy(dtype=float)
        below = np.flatnonzero(held <= content)
        if below.size:
            return last_state(run.options, _cut(part, held, int(below[0]), content))
    return last_state(run.options, part)


def _cut(part: pybamm.Solution, held: np.ndarray[Any, Any], row: int, content: float) -> pybamm.Solution:
    """Return the state of a step between an output and the one before it, as a solution of one time."""
    import pybamm

    times, states = part.t, part.y
    share = 0.0
    if row > 0:
        share = float((content - held[row]) / (held[row - 1] - held[row]))
        states = share * states[:, row - 1 : row] + (1 - share) * states[:, row : row + 1]
        times = share * times[row - 1 : row] + (1 - share) * times[row : row + 1]
    else:
        states, times = states[:, :1], times[:1]
    return pybamm.Solution(times, states, part.all_models[-1], part.all_inputs[-1])
