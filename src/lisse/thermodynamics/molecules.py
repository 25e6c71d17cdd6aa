"""Experimental Gibbs energies of molecules and salts at 300 K, which take the place of computed ones that are wrong.

Standard Gibbs energies of formation, elements in their reference states at zero, 1 bar. Leaves out: other temperatures,
activities (humidity, dissolved gas), and phosphorus, whose reference state differs between the tables.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from lisse.citations import Source
from lisse.errors import InputError
from lisse.thermodynamics.composition import parse

State = Literal["gas", "liquid", "solid"]


@dataclass(frozen=True)
class Molecule:
    """A measured standard Gibbs energy of formation.

    Attributes
    ----------
    formula
        Formula unit, to which the energy belongs.
    state
        ``gas``, ``liquid`` or ``solid``, at 1 bar.
    gibbs_energy
        At 300 K [eV per formula unit].
    replaces_computed
        Whether it takes the place of the computed formation energy.
    source
        Where it was read.
    """

    formula: str
    state: State
    gibbs_energy: float
    replaces_computed: bool
    source: Source


@lru_cache(maxsize=1)
def molecules() -> tuple[Molecule, ...]:
    """Return all experimental Gibbs energies."""
    path = resources.files("lisse.thermodynamics").joinpath("data/molecules.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    janaf = data["sources"]["janaf"]
    source = Source(citation=janaf["citation"], tag=janaf["tag"])
    return tuple(
        Molecule(row["formula"], row["state"], row["gibbs_energy_eV"], row.get("replaces_computed", False), source)
        for row in data["molecules"]
    )


def experimental_energies() -> dict[str, float]:
    """Return the energies that take the place of computed ones, by formula [eV per formula unit].

    Examples
    --------
    >>> experimental_energies()
    {'H2O': -2.455, 'H2S': -0.3462}
    """
    return {row.formula: row.gibbs_energy for row in molecules() if row.replaces_computed}


def gibbs_energy(formula: str, state: State | None = None) -> float:
    """Return a measured Gibbs energy of formation at 300 K [eV per formula unit as written].

    Parameters
    ----------
    formula
        Any multiple of a formula in the table.
    state
        Needed only to tell water from steam; the liquid if not given.

    Raises
    ------
    InputError
        If the table has no such substance.

    Examples
    --------
    >>> gibbs_energy("H2O"), gibbs_energy("H2O", "gas"), gibbs_energy("Li4O2")
    (-2.455, -2.368, -11.6468)
    """
    wanted = parse(formula)
    for row in molecules():
        known = parse(row.formula)
        if known.reduced == wanted.reduced and state in (None, row.state):
            return row.gibbs_energy * wanted.atoms / known.atoms
    which = f"{formula} ({state})" if state else formula
    listed = ", ".join(f"{row.formula} ({row.state})" for row in molecules())
    raise InputError(f'formula: there is no measured Gibbs energy of "{which}"; the table has {listed}.')
