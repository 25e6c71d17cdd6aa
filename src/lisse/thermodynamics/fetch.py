"""Formation energies from the Materials Project with a key of one's own, as the table that ``--phases`` reads.

Nothing else in lisse reaches the network. Leaves out: mixing functionals (GGA and GGA+U only), and structures.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

from lisse.errors import InputError, LisseError
from lisse.thermodynamics.composition import ELEMENTS, Composition, parse
from lisse.thermodynamics.table import USER_COLUMNS, USER_MP2020

KEY = "MP_API_KEY"
"""Environment variable with the key."""
FIELDS = ("formula_pretty", "formation_energy_per_atom", "energy_above_hull")
"""What is asked for."""
THERMO_TYPE = "GGA_GGA+U"
"""Calculations that are asked for: those of the table that comes with lisse."""
MOST_ELEMENTS = 8
"""Elements of one request; every subset of them is a system of its own."""
HIGHEST_ABOVE_HULL = 0.05
"""Energy above the hull up to which phases are kept [eV/atom], as in the table that comes with lisse."""
ANIONS = {"S": -0.503, "Br": -0.534, "I": -0.379}
"""Correction of an anion in MP2020 that the scheme ``uncorrected_S`` does not have [eV per atom of it]."""
METALS = {"Co": 0.236, "Fe": 0.477, "Ni": -0.377, "W": -0.087}
"""Difference of MP2020 to the older correction of metals in oxides and fluorides [eV per atom of it]."""


def without_correction(energy: float, composition: Composition) -> float:
    """Return a formation energy with MP2020 corrections as the scheme ``uncorrected_S`` has it [eV/atom].

    Sulfide, bromide and iodide lose their correction where there is no oxygen, transition metals in oxides and
    fluorides get the older one. Differences below 0.03 eV per atom of an element, of oxygen and others, stay.

    Parameters
    ----------
    energy
        Formation energy with MP2020 corrections [eV/atom].
    composition
        Composition of the phase.

    References
    ----------
    The numbers are those by which the two columns of the table that comes with lisse differ.

    Examples
    --------
    >>> round(without_correction(-1.5074, parse("Li2S")), 4)
    -1.3397
    """
    amounts = composition.amounts
    shift = 0.0
    if "O" not in amounts:
        shift += sum(ANIONS[symbol] * count for symbol, count in amounts.items() if symbol in ANIONS)
    if "O" in amounts or "F" in amounts:
        shift += sum(METALS[symbol] * count for symbol, count in amounts.items() if symbol in METALS)
    return energy - shift / composition.atoms


def read_elements(words: Iterable[str]) -> list[str]:
    """Read elements written as ``Li P S``, ``Li-P-S`` or ``Li,P,S``.

    Raises
    ------
    InputError
        If one is not an element, one comes twice, or there are too few or too many.

    Examples
    --------
    >>> read_elements(["Li-P-S"]), read_elements(["Li", "P", "S"])
    (['Li', 'P', 'S'], ['Li', 'P', 'S'])
    """
    symbols = [symbol for word in words for symbol in word.replace(",", " ").replace("-", " ").split()]
    for symbol in symbols:
        if symbol not in ELEMENTS:
            raise InputError(f'elements: "{symbol}" is not an element; write symbols such as Li-P-S.')
    if len(set(symbols)) != len(symbols) or not 2 <= len(symbols) <= MOST_ELEMENTS:
        raise InputError(
            f"elements: {' '.join(symbols) or 'none'} are not 2 to {MOST_ELEMENTS} different ones; write Li-P-S."
        )
    return symbols


def client() -> Any:
    """Return a client of the Materials Project.

    Raises
    ------
    InputError
        If mp-api is not installed, or no key is set.
    """
    try:
        module = import_module("mp_api.client")
    except ImportError:
        raise InputError('fetch-phases: mp-api is not installed; run pip install "lisse[mp]".') from None
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise InputError(
            f"fetch-phases: the environment variable {KEY} is empty; put your Materials Project key there."
        )
    return module.MPRester(key)


def fetch_phases(elements: Iterable[str], path: Path, rester: Any = None) -> int:
    """Write the phases of a chemical system as a table that ``--phases`` reads.

    Parameters
    ----------
    elements
        Symbols, see :func:`read_elements`.
    path
        CSV file to write.
    rester
        Client with ``materials.thermo.search``, such as ``mp_api.client.MPRester``; :func:`client` without one.

    Returns
    -------
    int
        Number of phases, the lowest of each formula; the elements themselves are left out, they are at zero.

    Raises
    ------
    InputError
        If elements, extra or key are missing, or the service has nothing.
    LisseError
        If the service does not answer.
    """
    symbols = read_elements(elements)
    systems = ["-".join(sorted(part)) for n in range(1, len(symbols) + 1) for part in combinations(symbols, n)]
    # Made before the try: what it refuses is a sentence already.
    service = client() if rester is None else rester
    try:
        with service as opened:
            found = opened.materials.thermo.search(
                chemsys=systems,
                thermo_types=[THERMO_TYPE],
                energy_above_hull=(0.0, HIGHEST_ABOVE_HULL),
                all_fields=False,
                fields=list(FIELDS),
            )
    except Exception as error:
        # Whatever the network or the service says: it is no fault of the reader's.
        why = " ".join(str(error).split())[:200]
        raise LisseError(f"fetch-phases: the Materials Project did not answer ({why}); try again later.") from error
    energies = dict(_lowest(found))
    if not energies:
        raise InputError(f"fetch-phases: the Materials Project has no compound of {' '.join(symbols)}; name others.")
    _write(energies, path)
    return len(energies)


def _lowest(found: Iterable[Any]) -> Iterator[tuple[str, float]]:
    energies: dict[str, float] = {}
    for document in found:
        composition, energy = parse(str(_get(document, "formula_pretty"))), _get(document, "formation_energy_per_atom")
        if energy is None or len(composition.amounts) == 1:
            continue
        formula = composition.reduced
        energies[formula] = min(float(energy), energies.get(formula, float("inf")))
    yield from sorted(energies.items())


def _get(document: Any, name: str) -> Any:
    """Return a field of a document, which is a model or, with an older client, a mapping."""
    return document.get(name) if isinstance(document, dict) else getattr(document, name)


def _write(energies: dict[str, float], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*USER_COLUMNS, USER_MP2020])
        for formula, energy in energies.items():
            plain = without_correction(energy, parse(formula))
            writer.writerow([formula, f"{plain:.6f}", f"{energy:.6f}"])
