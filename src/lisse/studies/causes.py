"""What can cost a cell capacity, voltage and life, and the cell without each of these causes.

They are the mechanisms of the review's Fig. 1 (a to h), the separator, the transport through the composite, and the
speed of particles and charge transfer. With all of them off the cell is at equilibrium. Leaves out: the loss itself
(``explain``), and what no model of the cell has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cell.cell import Cell
from lisse.cell.options import Options

FREE = 1e4
"""Factor on a conductivity that leaves no drop of voltage to speak of [-]."""
FAST = 1e3
"""Factor on an exchange current that leaves no overpotential to speak of [-]."""
NO_RESISTANCE = 1e-9
"""Charge-transfer resistance that costs nothing to speak of [ohm m2]; the equations divide by it."""
UNIFORM = 1e-4
"""Difference of the lithium content between surface and mean that counts as none, at 1C where it is largest [-]."""
FASTEST = 1e5
"""Largest factor on a diffusivity [-]: beyond, the solver cannot follow."""
CONTENTS = np.linspace(0.3, 0.95, 66)
"""Lithium contents among which diffusion is slowest somewhere; closer to full every nickel-rich oxide ends the run."""


@dataclass(frozen=True)
class Cause:
    """One player.

    Attributes
    ----------
    name
        Key in results.
    label
        What it is, in words.
    figure
        Letter of the review's Fig. 1; empty where it is none of them.
    mechanisms
        Options of the build that are off without it.
    factors
        Parameters that it multiplies when off, with the factor.
    values
        Parameters that have another value when off.
    """

    name: str
    label: str
    figure: str = ""
    mechanisms: tuple[str, ...] = ()
    factors: Mapping[str, float] | None = None
    values: Mapping[str, float] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Parameters of the model that it changes."""
        return (*(self.factors or {}), *(self.values or {}))


def causes_of(cell: Cell, options: Options, values: Mapping[str, Any]) -> tuple[Cause, ...]:
    """Return the players of a full cell: those whose loss its build and its numbers have.

    Parameters
    ----------
    cell
        The cell.
    options
        Of its build.
    values
        Parameters of its model.
    """
    found = [
        cause
        for cause in (*_of_figure(options.populations), *_of_transport(options.populations, values))
        if _costs(cause, options, values)
    ]
    return tuple(found)


def _costs(cause: Cause, options: Options, values: Mapping[str, Any]) -> bool:
    """Whether switching a player off changes anything of the cell."""
    if any(getattr(options, name) for name in cause.mechanisms):
        return True
    if any(name in values for name in cause.factors or {}):
        return True
    return any(name in values and values[name] != value for name, value in (cause.values or {}).items())


def _of_figure(populations: int) -> tuple[Cause, ...]:
    def every(name: str, value: float) -> dict[str, float]:
        return {population_name(name, number): value for number in range(1, populations + 1)}

    return (
        Cause(
            "lithium_contact",
            "contact and charge transfer of the anode, and voids",
            "a",
            ("voids",),
            None,
            # One player, because voids focus the current without limit where charge transfer resists nothing.
            {"Anode contact resistance [Ohm.m2]": 0.0, "Anode charge-transfer resistance [Ohm.m2]": NO_RESISTANCE},
        ),
        Cause("lithium_interphase", "interphase at the lithium", "b", ("interphase",)),
        Cause("filaments", "filaments and shorts", "c", ("filaments",)),
        Cause("electrolyte_oxidation", "oxidation of the electrolyte on carbon", "d", ("carbon_oxidation",)),
        Cause("separator_mechanics", "bending and cracking of the separator", "e", ("bending",)),
        Cause("cathode_interphase", "interphase at the oxide", "f", ("cathode_interphase", "space_charge")),
        Cause(
            "contact_loss",
            "contact of oxide and electrolyte, as pressed and as lost",
            "g",
            ("contact_loss",),
            None,
            every("Positive electrode wetted fraction", 1.0) | every("Positive electrode connected fraction", 1.0),
        ),
        Cause("cracks", "cracks in the oxide", "h", ("cracks",)),
    )


def _of_transport(populations: int, values: Mapping[str, Any]) -> tuple[Cause, ...]:
    def every(name: str, value: float) -> dict[str, float]:
        return {population_name(name, number): value for number in range(1, populations + 1)}

    positive = "Positive electrode"
    return (
        Cause(
            "separator",
            "conduction of the separator and of an interlayer",
            factors={"Separator ionic conductivity [S.m-1]": FREE},
            values={"Interlayer area resistance [Ohm.m2]": 0.0},
        ),
        Cause(
            "composite_transport",
            "conduction of ions and electrons in the composite",
            factors={
                f"{positive} ionic conductivity [S.m-1]": FREE,
                f"{positive} electronic conductivity [S.m-1]": FREE,
            },
        ),
        Cause(
            "particle_diffusion",
            "diffusion in the oxide",
            factors={
                population_name("Positive particle diffusivity integral [m2.s-1]", number): _uniform(values, number)
                for number in range(1, populations + 1)
            },
        ),
        Cause("anode_diffusion", "diffusion in the alloy of the anode", mechanisms=("alloy_diffusion",)),
        Cause(
            "charge_transfer",
            "charge transfer at the oxide, its coating and contacts in series",
            factors=every(f"{positive} exchange-current density [A.m-2]", FAST),
            values=every(f"{positive} interfacial resistance [Ohm.m2]", 0.0) | {"Contact resistance [Ohm.m2]": 0.0},
        ),
    )


def _uniform(values: Mapping[str, Any], population: int) -> float:
    r"""Return the factor on the diffusivity that leaves particles uniform: :math:`\Delta x = R^2\dot x/(15 D)`."""
    integral = values[population_name("Positive particle diffusivity integral [m2.s-1]", population)]
    radius = float(values[population_name("Positive particle radius [m]", population)])
    slowest = float(np.diff(integral(CONTENTS)).min() / np.diff(CONTENTS)[0]) if callable(integral) else float(integral)
    return float(np.clip(radius**2 / 3600 / (15 * slowest * UNIFORM), 1.0, FASTEST))


def options_without(options: Options, off: Iterable[Cause]) -> Options:
    """Return the options of the build with some players off; equal where the builds are."""
    names = {name for cause in off for name in cause.mechanisms}
    if "cathode_interphase" in names:
        names.add("carbon_oxidation")  # without the interphase it says nothing
    return options.model_copy(update=dict.fromkeys(names, False))


def changes_without(off: Iterable[Cause], values: Mapping[str, Any], ease: float = 1.0) -> dict[str, float]:
    """Return the parameters that have other values with some players off: numbers, and factors of functions.

    Parameters
    ----------
    off
        The players.
    values
        Parameters of the model.
    ease
        Divides every factor, for a solver that cannot follow the whole one.
    """
    changes: dict[str, float] = {}
    for cause in off:
        for name, factor in (cause.factors or {}).items():
            if name in values:
                number = values[name]
                changes[name] = factor / ease if callable(number) else factor / ease * float(number)
        changes |= {name: value for name, value in (cause.values or {}).items() if name in values}
    return changes
