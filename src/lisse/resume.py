"""Continue a run that was interrupted: its state, what it has done, and the protocol that is left.

Leaves out: runs that an event stopped or that failed; there is nothing to continue.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from lisse.cell.audit import Audit
    from lisse.cell.solving import Progress
    from lisse.experiments import ResolvedProtocol
    from lisse.simulate import Run

STATE_FILE, NOTE_FILE = "state.npz", "resume.json"
"""What an interrupted run leaves in its directory besides the usual files."""


@dataclass(frozen=True)
class Earlier:
    """What an interrupted run has done.

    Attributes
    ----------
    frame
        Its time series.
    cycles, steps
        Whole cycles done, and steps done of the next one.
    state
        Where the cell stands.
    books
        Its audit.
    timing_s
        Its wall times by name [s].
    warnings
        What its reader had to know.
    """

    frame: pd.DataFrame
    cycles: int
    steps: int
    state: dict[str, Any]
    books: Audit
    timing_s: dict[str, float]
    warnings: tuple[str, ...]

    def rest_of(self, protocol: ResolvedProtocol) -> ResolvedProtocol:
        """Return what is left of the protocol."""
        return protocol.after(self.cycles, self.steps)

    def joined_with(self, later: pd.DataFrame, active_mass: float) -> pd.DataFrame:
        """Return one time series of both parts."""
        import pandas as pd

        from lisse.cell.results import half_cycle_capacity

        if later.empty:
            return self.frame
        moved = later.copy()
        moved["step"] += self.steps * (moved["cycle"] == 1)
        moved["cycle"] += self.cycles
        moved["time_s"] += self.frame["time_s"].iloc[-1] if len(self.frame) else 0.0
        frame = pd.concat([self.frame, moved], ignore_index=True)
        frame["capacity_mAh_g"] = half_cycle_capacity(frame) / active_mass
        return frame


def store_state(run: Run, directory: Path) -> None:
    """Write what :func:`resume` needs beside the files of a run directory."""
    import numpy as np

    from lisse.cell.solving import last_state

    before = run.earlier
    if run.solution is None and before is None:
        return
    done = [len(cycle.steps) for cycle in run.solution.cycles] if run.solution is not None else []
    whole = sum(count == len(cycle.steps) for count, cycle in zip(done, run.part.cycles, strict=False))
    steps = done[whole] if whole < len(done) else 0
    if run.outcome.jumper is not None and done:
        # A cycle that has begun stands behind the cycles that were jumped over before it.
        numbers = run.outcome.jumper.numbers
        whole = numbers[whole] - 1 if steps else numbers[whole - 1]
    if before is not None:
        steps += before.steps if whole == 0 else 0
        whole += before.cycles
    options = run.options.model_dump(mode="json")
    note = {"cycles": whole, "steps": steps, "options": options, "parameters": run.parameters}
    (directory / NOTE_FILE).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    state = before.state if run.solution is None and before is not None else last_state(run.options, run.solution)
    np.savez(directory / STATE_FILE, **state)


def resume(directory: str | Path, progress: Progress | None = None) -> Run:
    """Continue the interrupted run of a run directory and return the whole run.

    Parameters
    ----------
    directory
        Run directory whose summary says ``interrupted``.
    progress
        Called at the start of each step.

    Raises
    ------
    InputError
        If there is nothing to continue.
    """
    import numpy as np
    import pandas as pd

    from lisse.cell.audit import Audit
    from lisse.cell.cell import Cell
    from lisse.cell.options import Options
    from lisse.experiments import Protocol
    from lisse.simulate import CellFacts, carry_out

    folder = Path(directory)
    if not (folder / "summary.json").exists():
        raise InputError(f"--resume: {folder} is not a run directory (it has no summary.json).")
    if not (folder / NOTE_FILE).exists():
        raise InputError(f"--resume: the run in {folder} was not interrupted, so there is nothing to continue.")
    note = json.loads((folder / NOTE_FILE).read_text(encoding="utf-8"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    with np.load(folder / STATE_FILE) as stored:
        state = dict(stored)
    cell = Cell.load(folder / "cell.toml")
    plan = Protocol.load(folder / "protocol.toml").resolve(CellFacts.of(cell))
    earlier = Earlier(
        frame=pd.read_parquet(folder / "timeseries.parquet"),
        cycles=note["cycles"],
        steps=note["steps"],
        state=state,
        books=Audit(**summary["audit"]),
        timing_s=summary["timing_s"],
        warnings=tuple(summary["warnings"]),
    )
    return carry_out(cell, plan, Options.make(note["options"]), progress, earlier, note.get("parameters"))
