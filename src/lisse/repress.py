"""Press a cycled cell again, and go on: what pressing restores of the contacts in its composite.

Leaves out: cracks, interphases and lithium that is lost, none of which pressure brings back, and the lithium side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from lisse.cell.solving import Progress
    from lisse.experiments import Protocol
    from lisse.simulate import Run

HEALING_PRESSURE = 125e6
"""Pressure that leaves 1/e of the gaps which cycling has added [Pa]; 100 to 150 MPa, a modelling choice."""


def repress(run: Run, pressure: str, protocol: str | Path | Protocol, progress: Progress | None = None) -> Run:
    """Press the cell of a finished run again, run a further protocol, and return the whole run.

    Parameters
    ----------
    run
        A completed or stopped run with the mechanism ``contact_loss``.
    pressure
        Pressure of the press, with its unit; the stack pressure afterwards is that of the cell file.
    protocol
        What follows.
    progress
        Called at the start of each step.

    Raises
    ------
    InputError
        If the run has no such mechanism or no state, or the pressure cannot be read.

    Examples
    --------
    >>> import lisse
    >>> aged = lisse.run("koerver-2017", "2 cycles at C/10", mechanisms=["contact_loss"])
    >>> both = repress(aged, "300 MPa", "1 cycle at C/10")
    >>> [row["cycle"] for row in both.summary["cycles"]]
    [1, 2, 3]
    """
    from lisse.cell.fields import read_quantity
    from lisse.cell.solving import last_state
    from lisse.experiments import Protocol
    from lisse.experiments.resolve import ResolvedProtocol
    from lisse.resume import Earlier
    from lisse.simulate import CellFacts, carry_out

    pascal = read_quantity(pressure, "Pa", "repress")
    if not 0 < pascal <= 2e9:
        raise InputError(f"repress: {pressure!r} is no pressure of a press; give one above 0 and up to 2000 MPa.")
    if not run.options.contact_loss:
        raise InputError('repress: pressing again restores contacts, so the run needs the mechanism "contact_loss".')
    if run.solution is None or run.outcome.status == "failed":
        raise InputError("repress: the run before has no state to go on from; give one that has run.")
    facts = CellFacts.of(run.cell)
    later = (protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)).resolve(facts)
    done = run.protocol.cycles[: int(run.timeseries["cycle"].max())]
    text = f"{run.protocol.text}; pressed again at {pressure}; {later.text}"
    plan = ResolvedProtocol(run.protocol.name, text, [*done, *later.cycles], facts)
    state = last_state(run.options, run.solution)
    for k in range(1, run.options.populations + 1):
        state |= _pressed(state, run.values, k, pascal)
    summary = run.summary
    earlier = Earlier(
        frame=run.timeseries,
        cycles=len(done),
        steps=0,
        state=state,
        books=run.books,
        timing_s=summary["timing_s"],
        warnings=tuple(summary["warnings"]),
    )
    return carry_out(run.cell, plan, run.options, progress, earlier, run.parameters)


def _pressed(state: dict[str, Any], values: dict[str, Any], population: int, pressure: float) -> dict[str, Any]:
    """Return the states of one population after pressing: smaller gaps, and what comes back with its lithium."""
    from lisse.cathode.contact_loss import connected_fraction, gap
    from lisse.cathode.diffusion import population_name

    def now(name: str) -> Any:
        return np.asarray(state[population_name(name, population)], dtype=float)

    def value(name: str) -> Any:
        own = population_name(name, population)
        return values[own] if own in values else values[name]

    limit, length = value("Positive electrode lowest connected fraction"), value("Positive electrode isolation gap [m]")
    held, widest = now("Mean lithium of connected particles"), now("Widest contact gap [m]")
    before = connected_fraction(widest, limit, length)
    uncracked = 1.0
    if population_name("Crack density", population) in state:
        uncracked = 1 - (1 - value("Positive particle cracked active mass")) * now("Crack density")
    whole = before * uncracked
    content = held / whole
    strain = value("Positive electrode volume strain")
    shrunk = strain(value("Pristine lithium content")) - strain(content) if callable(strain) else 0.0
    grown = now("Irreversible gap volume") * np.exp(-pressure / HEALING_PRESSURE)
    share = 1 - value("Electrode height fraction of volume change")
    compression = value("Positive electrode residual pressure [Pa]") + pressure
    modulus, radius = value("Positive electrode mismatch modulus [Pa]"), value("Positive particle radius [m]")
    closed = gap(
        radius,
        share * np.maximum(shrunk, 0.0) + grown,
        compression,
        modulus,
        value("Positive particle shell reach [m]"),
    )
    widest = np.minimum(widest, closed)
    back = (connected_fraction(widest, limit, length) - before) * uncracked
    isolated, volume = now("Isolated lithium"), now("Isolated volume strain")
    returned = isolated / np.maximum(1 - whole, 1e-12)
    joined = whole + back
    mean = (held + back * returned) / joined
    return {
        population_name(name, population): result
        for name, result in {
            "Widest contact gap [m]": widest,
            "Irreversible gap volume": grown,
            "Mean lithium of connected particles": joined * mean,
            "Connected lithium content": joined * (now("Connected lithium content") / whole + mean - content),
            "Isolated lithium": isolated - back * returned,
            "Isolated volume strain": volume * (1 - back / np.maximum(1 - whole, 1e-12)),
        }.items()
    }
