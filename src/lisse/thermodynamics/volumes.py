"""Molar volumes of phases, and how much volume a reaction gains or loses.

From the densities of the library's materials, charged oxides by their measured volume strain, else from a table of
crystal structures and handbook densities. Leaves out: pores, gases, and the temperature.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from lisse.errors import InputError
from lisse.materials import Curve, Material
from lisse.materials.library import read_file
from lisse.thermodynamics.composition import Composition, parse

GASES: tuple[str, ...] = (
    "H",
    "N",
    "O",
    "F",
    "Cl",
    "H2S",
    "H3N",
    "H3P",
    "HF",
    "HCl",
    "HBr",
    "HI",
    "CO",
    "CO2",
    "COS",
    "NO",
    "NO2",
    "N2O",
    "SO2",
    "SF4",
    "SF6",
    "SiF4",
    "PF3",
    "PF5",
)
"""Formulas of what is a gas at 25 degC and 1 bar: it leaves, or presses, and has no molar volume of its own."""
FOLDERS = ("electrolytes", "coatings", "active_materials", "anodes")
"""Parts of the shipped library whose densities are those of a phase; collectors and carbons are none."""


@dataclass(frozen=True)
class MolarVolume:
    """Volume of one mole of formula units, without pores.

    Attributes
    ----------
    value
        The volume of the formula as it was asked for [m^3/mol].
    method
        How it was come by: ``measured``, ``computed``, ``assumed`` (densities of the library), ``computed from
        lattice``, ``density`` or ``estimated`` (the table).
    source
        Where it comes from.
    note
        Lattice constants, polymorph and certainty.
    """

    value: float
    method: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class _Known:
    """A volume with the composition that it belongs to."""

    composition: Composition
    volume: MolarVolume


@lru_cache(maxsize=8192)
def molar_volume(formula: str) -> MolarVolume | None:
    """Return the volume per formula unit as written, None for a gas or where none is known.

    A density of the shipped library comes first, then the table, then a density that the library assumes.

    Raises
    ------
    InputError
        If the formula does not parse.

    Examples
    --------
    >>> round(molar_volume("Li2S").value * 1e6, 2), round(molar_volume("Li4S2").value * 1e6, 2), molar_volume("O2")
    (28.12, 56.24, None)
    """
    wanted = parse(formula)
    key = wanted.reduced
    if key in _gases():
        return None
    measured, assumed = _library()
    for source in (measured, _table(), assumed):
        if key in source:
            return _scaled(source[key], wanted)
    return _partly_charged(wanted)


def unknown_because(formula: str) -> str | None:
    """Return why a formula has no molar volume, None where it has one.

    Examples
    --------
    >>> unknown_because("SO2"), unknown_because("Ni3O4"), unknown_because("Li2S")
    ('a gas at room temperature', 'no crystal structure or density in the tables', None)
    """
    if molar_volume(formula) is not None:
        return None
    if parse(formula).reduced in _gases():
        return "a gas at room temperature"
    return "no crystal structure or density in the tables"


def reaction_volume(reactants: Mapping[str, float], products: Mapping[str, float]) -> tuple[float | None, list[str]]:
    """Return the relative change of volume of a reaction, and the formulas whose volume is not known.

    Parameters
    ----------
    reactants, products
        Formula and moles of formula units, none negative.

    Returns
    -------
    tuple
        Volume of the products over that of the reactants, less one, or None if any formula is unknown; those formulas.

    Raises
    ------
    InputError
        If there are no reactants, or an amount is negative.

    Examples
    --------
    >>> change, unknown = reaction_volume({"Li3N": 1}, {"Li": 3, "N": 1})
    >>> change, unknown
    (None, ['N'])
    """
    for formula, amount in (*reactants.items(), *products.items()):
        if not (math.isfinite(amount) and amount >= 0):
            raise InputError(f"reaction: {formula} has the amount {amount:g}; write a number of at least 0.")
    used, made = ({name: n for name, n in side.items() if n > 0} for side in (reactants, products))
    if not used:
        raise InputError("reaction: there are no reactants; name at least one with an amount above 0.")
    found = {formula: molar_volume(formula) for formula in (*used, *made)}
    volumes = {formula: volume.value for formula, volume in found.items() if volume is not None}
    if unknown := sorted(found.keys() - volumes.keys()):
        return None, unknown
    before, after = (sum(n * volumes[formula] for formula, n in side.items()) for side in (used, made))
    return after / before - 1, []


@lru_cache(maxsize=1)
def _gases() -> frozenset[str]:
    return frozenset(parse(formula).reduced for formula in GASES)


def _scaled(known: _Known, wanted: Composition) -> MolarVolume:
    units = wanted.atoms / known.composition.atoms
    return MolarVolume(known.volume.value * units, known.volume.method, known.volume.source, known.volume.note)


@lru_cache(maxsize=1)
def _table() -> dict[str, _Known]:
    """Read the table of molar volumes, by reduced formula."""
    path = resources.files("lisse.thermodynamics").joinpath("data/molar_volumes.csv")
    found = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        volume = MolarVolume(float(row["molar_volume_cm3_mol"]) * 1e-6, row["method"], row["source"], row["note"])
        composition = parse(row["formula"])
        found[composition.reduced] = _Known(composition, volume)
    return found


@lru_cache(maxsize=1)
def _materials() -> tuple[Material, ...]:
    """Read the shipped materials that are phases; results do not hang on a user's own."""
    folder = resources.files("lisse.materials").joinpath("data")
    with resources.as_file(folder) as root:
        return tuple(read_file(path) for part in FOLDERS for path in sorted((root / part).glob("*.toml")))


@lru_cache(maxsize=1)
def _library() -> tuple[dict[str, _Known], dict[str, _Known]]:
    """Return the volumes of library materials by reduced formula: those that are known, and those that are assumed."""
    measured: dict[str, _Known] = {}
    assumed: dict[str, _Known] = {}
    for material, composition in _phases():
        volume = _own_volume(material)
        if volume is not None:
            into = assumed if volume.method == "assumed" else measured
            if composition.reduced not in into or material.name == material.formula:
                into[composition.reduced] = _Known(composition, volume)
    return measured, assumed


def _phases() -> Iterator[tuple[Material, Composition]]:
    for material in _materials():
        try:
            yield material, parse(material.formula)
        except InputError:  # a polymer or a mixture
            continue


def _own_volume(material: Material) -> MolarVolume | None:
    if not (material.has("density") and material.has("molar_mass")):
        return None
    density, mass = material.claim("density"), material.claim("molar_mass")
    if not (isinstance(density.value, float) and isinstance(mass.value, float)):
        return None
    source = f"density of {material.name} in the library: {density.source.citation}"
    return MolarVolume(mass.value / density.value, density.method, source, density.note)


def _partly_charged(wanted: Composition) -> MolarVolume | None:
    """Return the volume of an oxide of the library at another lithium content, from its measured volume strain."""
    for material, composition in _phases():
        if material.kind != "active_material" or not material.has("volume_strain"):
            continue
        units = _units(wanted, composition)
        whole, strain = _own_volume(material), material.value("volume_strain")
        if units is None or whole is None or not isinstance(strain, Curve) or strain.range is None:
            continue
        content, reference = wanted.amounts.get("Li", 0.0) / units, composition.amounts["Li"]
        if strain.range[0] <= content <= strain.range[1]:
            factor = 1 + float(strain(content)) - float(strain(min(reference, strain.range[1])))
            claim = material.claim("volume_strain")
            source = f"{whole.source}; volume strain: {claim.source.citation}"
            return MolarVolume(whole.value * units * factor, "computed", source, f"{material.name} at x = {content:g}")
    return None


def _units(wanted: Composition, whole: Composition) -> float | None:
    """Return how many formula units of a material a formula is when lithium is not counted; None if it is another."""
    frame = {symbol: count for symbol, count in whole.amounts.items() if symbol != "Li"}
    other = {symbol: count for symbol, count in wanted.amounts.items() if symbol != "Li"}
    if "Li" not in whole.amounts or frame.keys() != other.keys():
        return None
    ratio = other["O"] / frame["O"] if "O" in frame else 0.0
    return ratio if all(math.isclose(other[s], ratio * frame[s], rel_tol=1e-3) for s in frame) else None
