"""Chemical formulas: parsed, reduced, mixed, and found by the name of a library material.

A composition counts atoms per formula unit as it was written. Leaves out: structure, and charges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from lisse.errors import InputError
from lisse.materials import Material
from lisse.materials.library import library

ELEMENTS = frozenset(
    re.findall(
        "[A-Z][a-z]?",
        "HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNiCuZnGaGeAsSeBrKrRbSrYZrNbMoTcRuRhPdAgCdInSnSbTeIXeCsBaLaCePrNd"
        "PmSmEuGdTbDyHoErTmYbLuHfTaWReOsIrPtAuHgTlPbBiPoAtRnFrRaAcThPaU",
    )
)
"""Symbols of the elements up to uranium."""

_TOKEN = re.compile(r"([A-Z][a-z]?|\(|\)|\[|\])((?:\d+/\d+)|(?:\d*\.?\d+))?|(.)")
_TERM = re.compile(r"^\s*(?:(\d*\.?\d+(?:/\d+)?)\s*\*?\s+)?(\S.*?)\s*$")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LARGEST_COUNT = 1e4
LARGEST_RATIO = 1e6
"""Atoms of one element for one of another that a composition may have; beyond it the hull sees none of the second."""
_WRITING_ORDER = re.findall(
    "[A-Z][a-z]?",
    "CsRbKNaLiBaSrCaMgYLaScZrHfTiNbTaVMnZnAlGaInCrFeCoCuAgNiSiGeSnSbBiBPHCAuWMoISBrNClOF",
)
_RANK = {symbol: place for place, symbol in enumerate(_WRITING_ORDER)}


@dataclass(frozen=True)
class Composition:
    """Atoms per formula unit.

    Attributes
    ----------
    amounts
        Element symbol to number of atoms, all positive.
    """

    amounts: Mapping[str, float]

    @property
    def atoms(self) -> float:
        """Number of atoms in the formula unit."""
        return sum(self.amounts.values())

    @property
    def elements(self) -> frozenset[str]:
        """Symbols of its elements."""
        return frozenset(self.amounts)

    @property
    def fractions(self) -> dict[str, float]:
        """Atomic fraction of every element."""
        atoms = self.atoms
        return {symbol: count / atoms for symbol, count in self.amounts.items()}

    @property
    def reduced(self) -> str:
        """Formula with the smallest whole numbers, or per one formula unit as given where there are none.

        Examples
        --------
        >>> parse("Li2O2").reduced, parse("Cl2Li2").reduced, parse("Li3.25Ge0.25P0.75S4").reduced
        ('LiO', 'LiCl', 'Li13GeP3S16')
        """
        return _spell(_whole(self.amounts))

    @property
    def formula(self) -> str:
        """Formula with the numbers as given."""
        return _spell(self.amounts)

    def is_same(self, other: Composition) -> bool:
        """Whether two formulas are multiples of each other."""
        mine, others = self.fractions, other.fractions
        return mine.keys() == others.keys() and all(math.isclose(mine[e], others[e], abs_tol=1e-6) for e in mine)

    def with_amount(self, element: str, count: float) -> Composition:
        """Return the composition with another number of atoms of one element, none removing it."""
        amounts = {symbol: number for symbol, number in self.amounts.items() if symbol != element}
        if count > 0:
            amounts[element] = count
        return Composition(amounts)


@dataclass(frozen=True)
class Substance:
    """What a user has named: a composition with the name to show.

    Attributes
    ----------
    name
        Name of the library material, or the formula.
    composition
        Its composition.
    material
        The library material, None for a formula or mixture.
    """

    name: str
    composition: Composition
    material: Material | None = None


def _whole(amounts: Mapping[str, float]) -> dict[str, float]:
    smallest = min(amounts.values())
    for base in (smallest, 1.0):
        ratios = {symbol: Fraction(count / base).limit_denominator(100) for symbol, count in amounts.items()}
        if all(math.isclose(float(ratio), amounts[s] / base, rel_tol=1e-6) for s, ratio in ratios.items()):
            factor = math.lcm(*(ratio.denominator for ratio in ratios.values()))
            counts = {symbol: int(ratio * factor) for symbol, ratio in ratios.items()}
            divisor = math.gcd(*counts.values())
            if max(counts.values()) / divisor <= _LARGEST_COUNT:
                return {symbol: count / divisor for symbol, count in counts.items()}
    return dict(amounts)


def _spell(amounts: Mapping[str, float]) -> str:
    def place(symbol: str) -> tuple[int, str]:
        return _RANK.get(symbol, len(_RANK) // 2), symbol

    return "".join(
        symbol + ("" if amounts[symbol] == 1 else f"{amounts[symbol]:g}") for symbol in sorted(amounts, key=place)
    )


@lru_cache(maxsize=16384)
def parse(formula: str) -> Composition:
    """Read a chemical formula; brackets, decimals, fractions such as ``Ni1/3`` and subscripts are understood.

    Raises
    ------
    InputError
        If it does not parse, names what is no element, or counts nothing.

    Examples
    --------
    >>> dict(parse("Li(PO3)2").amounts)
    {'Li': 1.0, 'P': 2.0, 'O': 6.0}
    """
    text = formula.replace(" ", "").translate(_SUBSCRIPTS)
    stack: list[dict[str, float]] = [{}]
    opened: list[str] = []
    groups: list[dict[str, float]] = []
    for token, count, other in _TOKEN.findall(text):
        if other:
            raise _unreadable(formula, f'"{other}" is not part of a formula')
        number = (float(Fraction(count)) if "/" in count else float(count)) if count else 1.0
        if token in "([":
            if count:
                raise _unreadable(formula, "a number stands after an opening bracket")
            stack.append({})
            opened.append(token)
        elif token in ")]":
            if not opened or "([".index(opened.pop()) != ")]".index(token):
                raise _unreadable(formula, "its brackets do not match")
            groups = [stack.pop()]
            _add(stack[-1], groups[0], number)
        elif token not in ELEMENTS:
            raise _unreadable(formula, f'"{token}" is not an element')
        else:
            _add(stack[-1], {token: 1.0}, number)
    if opened:
        raise _unreadable(formula, "its brackets do not match")
    amounts = {symbol: count for symbol, count in stack[0].items() if count > 0}
    if not amounts:
        raise _unreadable(formula, "it counts no atoms")
    return Composition(amounts)


def _add(total: dict[str, float], part: Mapping[str, float], factor: float) -> None:
    for symbol, count in part.items():
        total[symbol] = total.get(symbol, 0.0) + factor * count


def _unreadable(formula: str, why: str) -> InputError:
    return InputError(
        f'formula: "{formula}" cannot be read because {why}; write a formula such as Li6PS5Cl or Li(PO3)2.'
    )


def resolve(text: str) -> Substance:
    """Find what a name, a formula, or a mixture such as ``"0.7 Li3PS4 + 0.3 LiI"`` (by formula units) stands for.

    ``NMC811@0.3`` is a library material with that lithium content per formula unit.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> resolve("LPSCl").name, resolve("LiCoO2@0.5").composition.formula, resolve("2 Li2S + SiS2").composition.reduced
    ('Li6PS5Cl', 'Li0.5CoO2', 'Li4SiS4')
    """
    found = _resolve(text.translate(_SUBSCRIPTS))
    amounts = found.composition.amounts.values()
    if max(amounts) > LARGEST_RATIO * min(amounts):
        raise InputError(
            f'formula: "{text}" has {max(amounts) / min(amounts):.1g} atoms of one element for one of another; write a '
            f"composition with {LARGEST_RATIO:.0e} at most."
        )
    return found


def _resolve(text: str) -> Substance:
    terms = text.split("+")
    if len(terms) == 1 and not _TERM.match(text):
        raise InputError("material: nothing is named; write a formula, a name of the library, or a mixture.")
    parts = [_term(term, text) for term in terms]
    if len(parts) == 1 and parts[0][0] == 1:
        return parts[0][1]
    total: dict[str, float] = {}
    for amount, substance in parts:
        _add(total, substance.composition.amounts, amount)
    return Substance(" + ".join(f"{amount:g} {substance.name}" for amount, substance in parts), Composition(total))


def _term(term: str, whole: str) -> tuple[float, Substance]:
    found = _TERM.match(term)
    if not found:
        raise InputError(f'material: "{whole}" is no mixture; write one such as "0.7 Li3PS4 + 0.3 LiI".')
    amount = float(Fraction(found[1])) if found[1] else 1.0
    if amount <= 0:
        raise InputError(f'material: "{term.strip()}" has no positive amount.')
    name, at, content = found[2].partition("@")
    substance = _one(name)
    if at:
        try:
            lithium = float(content)
        except ValueError:
            lithium = -1.0
        if not 0 <= lithium <= 2:
            raise InputError(
                f'material: the lithium content in "{found[2]}" must be a number from 0 to 2, such as NMC811@0.3.'
            )
        changed = substance.composition.with_amount("Li", lithium)
        substance = Substance(f"{substance.name}@{content}", changed, substance.material)
    return amount, substance


def _one(name: str) -> Substance:
    material = _named(name)
    if material is not None and material.formula:
        try:
            return Substance(material.name, parse(material.formula), material)
        except InputError:
            raise InputError(
                f'material: the formula of {material.name} in the library, "{material.formula}", is no composition; '
                "write one in its place."
            ) from None
    try:
        return Substance(parse(name).formula, parse(name))
    except InputError:
        if material is not None:
            raise InputError(f"material: {material.name} has no formula; write one in its place.") from None
        raise


def _named(name: str) -> Material | None:
    """Return the library material of a name, alias or file; None where there is none."""
    if name.endswith(".toml"):
        return Material.load(name)
    wanted = name.casefold()
    for material in library().values():
        if wanted in (material.name.casefold(), *(alias.casefold() for alias in material.aliases)):
            return material
    return None
