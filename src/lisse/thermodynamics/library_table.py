"""The table of what the library's electrolytes, coatings and oxides do to each other, made from the formation energies.

``python -m lisse.thermodynamics.library_table`` writes it (``make thermo-table``); a cell reads it, so that a run
computes no phase diagram. Leaves out: materials of the user, whose facts are computed when a cell names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from lisse.errors import InputError
from lisse.materials import Material
from lisse.materials.library import built_in
from lisse.materials.thermodynamic_claims import FILE, library_table, own_volume
from lisse.thermodynamics.composition import parse
from lisse.thermodynamics.facts import (
    CHARGED_POTENTIAL,
    Facts,
    cached_contact_facts,
    charged_formula,
    material_facts,
    reason_against,
)

ABOUT = {
    "made_from": "data/formation_energies.csv with the molar volumes of lisse.thermodynamics.volumes",
    "made_by": "make thermo-table",
    "energies": "Materials Project, November 2019, as published by Bartel et al., npj Comput. Mater. 6 (2020) 97",
    "licence": "CC BY 4.0",
    "charged_potential_V": CHARGED_POTENTIAL,
}


def build() -> dict[str, Any]:
    """Compute the table.

    Returns
    -------
    dict
        ``about``; ``materials`` (electrolytes and coatings by name: kind, formula, molar volume, and what
        :func:`lisse.thermodynamics.facts.material_facts` gives); ``oxides`` (active materials by name: formula,
        charged formula); ``contacts`` (by formula of the one, then of the other, see
        :func:`lisse.thermodynamics.facts.contact_facts`).
    """
    found = sorted(built_in(), key=lambda material: material.name)
    touching = [material for material in found if material.kind in ("electrolyte", "coating")]
    oxides = {material.name: _oxide(material) for material in found if material.kind == "active_material"}
    return {
        "about": ABOUT,
        "materials": {material.name: _material(material) for material in touching},
        "oxides": oxides,
        "contacts": _contacts(touching, oxides),
    }


def _material(material: Material) -> Facts:
    volume = own_volume(material.claims)
    head = {"kind": material.kind, "formula": material.formula, "molar_volume_m3_mol": volume}
    return head | material_facts(material.formula, volume)


def _oxide(material: Material) -> Facts:
    return {
        "formula": material.formula,
        "reason": reason_against(material.formula),
        "charged_formula": charged_formula(material),
    }


def _contacts(touching: Iterable[Material], oxides: dict[str, Facts]) -> dict[str, dict[str, Facts]]:
    """Return every coating against every electrolyte, and both against every oxide, discharged and charged."""
    usable = [material for material in touching if reason_against(material.formula) is None]
    coatings = _formulas(material.formula for material in usable if material.kind == "coating")
    electrolytes = _formulas(material.formula for material in usable if material.kind == "electrolyte")
    cathodes = [row[key] for row in oxides.values() for key in ("formula", "charged_formula") if not row["reason"]]
    states = _formulas(formula for formula in cathodes if formula is not None)
    pairs = {first: states + (coatings if first in electrolytes else []) for first in {*coatings, *electrolytes}}
    return {first: {second: cached_contact_facts(first, second) for second in pairs[first]} for first in sorted(pairs)}


def _formulas(given: Iterable[str]) -> list[str]:
    """Return the formulas as they are spelt here, each once, sorted."""
    return sorted({spelt(formula) for formula in given})


def spelt(formula: str) -> str:
    """Return the spelling of a formula under which the table keeps its contacts.

    Examples
    --------
    >>> spelt("Li3Si1S3.5"), spelt("LiNi0.8Co0.1Mn0.1O2")
    ('Li6Si2S7', 'Li10MnCoNi8O20')
    """
    return parse(formula).reduced


def text(document: dict[str, Any]) -> str:
    """Write a table as JSON, one line an entry, entries sorted: what does not change gives the same bytes."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield "{"
    for place, (section, content) in enumerate(document.items()):
        yield f"{json.dumps(section)}: {{"
        for row, key in enumerate(sorted(content)):
            comma = "," if row < len(content) - 1 else ""
            value = json.dumps(content[key], ensure_ascii=False, allow_nan=False)
            yield f"{json.dumps(key)}: {value}{comma}"
        yield "}," if place < len(document) - 1 else "}"
    yield "}"


def contact(first: str, second: str) -> Facts:
    """Return the contact of two formulas: from the table, else computed.

    Examples
    --------
    >>> contact("Li6PS5Cl", "LiCoO2")["schemes"]["uncorrected_S"]["reaction_energy_meV_atom"] < -300
    True
    """
    try:
        one, two = spelt(first), spelt(second)
    except InputError:  # which the facts give as their reason
        return cached_contact_facts(first, second)
    contacts = library_table()["contacts"]
    for here, there in ((one, two), (two, one)):
        if there in contacts.get(here, {}):
            return contacts[here][there]
    return cached_contact_facts(one, two)


def write(path: Path | None = None) -> Path:
    """Compute the table and write it; return where."""
    target = path or Path(str(resources.files("lisse").joinpath(FILE)))
    target.write_text(text(build()), encoding="utf-8")
    return target


if __name__ == "__main__":
    print(write())
