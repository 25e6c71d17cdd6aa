"""Windows, interfaces and open systems beside pymatgen (extra ``thermo``) on the same formation energies.

No result comes out of a cache. One row reads table and library from their files; elsewhere both sides have the energies
in memory. A row holds only where both sides give the same answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
from benchmarks.bench import best_of

from lisse.thermodynamics import windows
from lisse.thermodynamics.composition import Composition, parse, resolve
from lisse.thermodynamics.interface import reaction
from lisse.thermodynamics.table import SCHEMES, Scheme, table
from lisse.thermodynamics.windows import window

TABLE2 = (
    "50Li2S-50GeS2",
    "60Li2S-40SiS2",
    "67Li2S-33P2S5",
    "Li7P3S11",
    "Li3PS4",
    "78Li2S-22P2S5",
    "80Li2S-20P2S5",
    "Li7Ge3PS12",
    "Li3.25Ge0.25P0.75S4",
    "Li9.54Si1.74P1.44S11.7Cl0.3",
    "Li10GeP2S12",
    "Li10SnP2S12",
    "Li10SiP2S12",
    "Li11AlP2S12",
    "Li6PS5Cl",
    "Li6PS5Br",
)
"""Electrolytes of the review's Table 2, each once."""
EIGHT_ELEMENTS = ("Li10GeP2S12", "NMC811")
SIX_ELEMENTS = "0.5 Li6PS5Cl + 0.5 LiCoO2"
POTENTIALS = np.linspace(0.0131, 5.4871, 50)
WINDOWS_GOAL, INTERFACE_GOAL, POTENTIALS_GOAL = 2.0, 0.3, 0.1
"""Seconds for all windows, seconds for an interface, time over pymatgen's for the potentials."""
SAME = 1e-6
"""Difference up to which two voltages [V], fractions or energies [eV/atom] are the same."""
PRESENT = 1.5e-6
"""Amount per atom above which a phase of pymatgen's counts, a little more than lisse's own."""


def clear_caches() -> None:
    """Empty every cache of lisse, the table of energies and the library's among them."""
    for module in [module for name, module in sys.modules.items() if name.startswith("lisse.")]:
        for value in list(vars(module).values()):
            if callable(getattr(value, "cache_clear", None)):
                value.cache_clear()


def forget_windows() -> None:
    """Empty the cache of windows, and nothing else."""
    windows._window.cache_clear()


class Peer:
    """The same entries in pymatgen.

    Parameters
    ----------
    scheme
        Corrections of the energies.
    """

    def __init__(self, scheme: Scheme) -> None:
        from pymatgen.analysis.phase_diagram import PDEntry
        from pymatgen.core import Composition as Formula

        energies = table(scheme)
        found = [PDEntry(Formula(symbol), 0.0) for symbol in energies.elements]
        for formula, energy in zip(energies.formulas, energies.energies, strict=True):
            phase = Formula(formula)
            found.append(PDEntry(phase, energy * phase.num_atoms))
        self.entries = [(frozenset(element.symbol for element in entry.composition), entry) for entry in found]

    def within(self, elements: frozenset[str]) -> list[Any]:
        """Return the entries of a chemical system."""
        return [entry for contained, entry in self.entries if contained <= elements]

    def ladder(self, composition: Composition) -> list[float]:
        """Return where the steps of a material's ladder begin [V]."""
        from pymatgen.analysis.phase_diagram import PhaseDiagram
        from pymatgen.core import Composition as Formula
        from pymatgen.core import Element

        diagram = PhaseDiagram(self.within(composition.elements | {"Li"}))
        profile = diagram.get_element_profile(Element("Li"), Formula(dict(composition.amounts)))
        return [-float(step["chempot"]) for step in profile]

    def kinks(self, first: Composition, second: Composition) -> list[tuple[float, float]]:
        """Return fraction of the second and energy at each kink."""
        from pymatgen.analysis.interface_reactions import InterfacialReactivity
        from pymatgen.analysis.phase_diagram import PhaseDiagram
        from pymatgen.core import Composition as Formula

        one, two = (Formula(dict(side.amounts)) for side in (first, second))
        diagram = PhaseDiagram(self.within(first.elements | second.elements))
        found = InterfacialReactivity(one, two, diagram, norm=True, use_hull_energy=True).get_kinks()
        return sorted((1 - kink[1], float(kink[2])) for kink in found)

    def products(self, composition: Composition, voltage: float) -> set[str]:
        """Return what a material turns into at a voltage, by a grand-potential diagram of its own."""
        from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram
        from pymatgen.core import Composition as Formula
        from pymatgen.core import Element

        entries = self.within(composition.elements | {"Li"})
        diagram = GrandPotentialPhaseDiagram(entries, {Element("Li"): -voltage})
        host = Formula({symbol: count for symbol, count in composition.amounts.items() if symbol != "Li"})
        found = diagram.get_decomposition(host).items()
        return {parse(entry.original_comp.reduced_formula).reduced for entry, amount in found if amount > PRESENT}


def same(own: object, peer: object) -> bool:
    """Whether two lists of numbers are."""
    one, two = np.asarray(own, dtype=float), np.asarray(peer, dtype=float)
    return one.shape == two.shape and bool(np.allclose(one, two, rtol=0, atol=SAME))


def compare(name: str, sides: dict[str, Any], repeats: int, goal_s: float | None, goal: float | None) -> dict[str, Any]:
    """Time both sides; the answers are those of one more call before."""
    first, second = (action() for action in sides.values())
    agree = len(first) == len(second) and all(
        one == two if isinstance(one, set) else same(one, two) for one, two in zip(first, second, strict=True)
    )
    times = best_of(repeats, sides)
    ratio = times["lisse"] / times["pymatgen"]
    fast = ratio <= goal if goal is not None else times["lisse"] <= (goal_s or 0.0)
    goals = {"goal": goal} if goal is not None else {"goal_s": goal_s}
    return {
        "name": name,
        "ratio": ratio,
        **goals,
        "holds": fast and agree,
        "own_s": times["lisse"],
        "peer_s": times["pymatgen"],
        "same_answers": agree,
    }


def windows_of_table2(peers: dict[Scheme, Peer]) -> list[dict[str, Any]]:
    """Windows and ladders of the review's Table 2 in both schemes: from nothing, and with energies in memory."""
    compositions = [resolve(name).composition for name in TABLE2]

    def ladders(materials: Iterable[str | Composition]) -> list[list[float]]:
        listed = list(materials)
        return [[step.lower for step in window(one, scheme).ladder] for scheme in SCHEMES for one in listed]

    def anew() -> None:
        clear_caches()
        ladders(TABLE2)

    def own() -> list[list[float]]:
        forget_windows()
        return ladders(compositions)

    def peer() -> list[list[float]]:
        return [peers[scheme].ladder(composition) for scheme in SCHEMES for composition in compositions]

    cold = best_of(5, {"lisse": anew})["lisse"]
    first = {
        "name": "windows of Table 2, files read anew",
        "ratio": cold / WINDOWS_GOAL,
        "goal": 1.0,
        "holds": cold <= WINDOWS_GOAL,
        "own_s": cold,
        "goal_s": WINDOWS_GOAL,
    }
    sides = {"lisse": own, "pymatgen": peer}
    return [first, compare("windows of Table 2 (pymatgen)", sides, 3, WINDOWS_GOAL, None)]


def interface_of_eight(peer: Peer) -> dict[str, Any]:
    """One interface with eight elements."""
    ends = [resolve(name).composition for name in EIGHT_ELEMENTS]

    def own() -> list[tuple[float, float]]:
        return [(kink.fraction, kink.energy) for kink in reaction(*EIGHT_ELEMENTS).kinks]

    def other() -> list[tuple[float, float]]:
        return peer.kinks(*ends)

    sides = {"lisse": own, "pymatgen": other}
    return compare("interface, eight elements (pymatgen)", sides, 3, INTERFACE_GOAL, None)


def fifty_potentials(peer: Peer) -> dict[str, Any]:
    """Products at 50 potentials in a system of six elements: one ladder beside 50 grand-potential diagrams."""
    composition = resolve(SIX_ELEMENTS).composition

    def own() -> list[set[str]]:
        forget_windows()
        found = window(composition)
        return [{parse(name).reduced for name in found.step_at(float(voltage)).phases} for voltage in POTENTIALS]

    def other() -> list[set[str]]:
        return [peer.products(composition, float(voltage)) for voltage in POTENTIALS]

    sides = {"lisse": own, "pymatgen": other}
    return compare("50 potentials, six elements (pymatgen)", sides, 2, None, POTENTIALS_GOAL)


def stability() -> list[dict[str, Any]]:
    """Return the rows of thermodynamics."""
    peers = {scheme: Peer(scheme) for scheme in SCHEMES}
    plain = peers["uncorrected_S"]
    return [*windows_of_table2(peers), interface_of_eight(plain), fifty_potentials(plain)]
