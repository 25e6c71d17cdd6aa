"""What a reader must know of a cell before believing a number of it: assumptions, defaults, suspect claims.

Leaves out: what happens in a run (``lisse.simulate`` adds that).
"""

from __future__ import annotations

from collections.abc import Iterator

from lisse.anode.contact import ATMOSPHERE
from lisse.cathode.volume_change import strain_covers
from lisse.cell.cell import Cell
from lisse.cell.eis import contents_at_charge
from lisse.cell.thermodynamic_facts import thermodynamic_remarks
from lisse.materials import Curve
from lisse.materials.curves import TableCurve
from lisse.units import show

WIDE_SPREAD = 5.0
"""Spread [factor] from which an assumed claim is named."""
LARGE_COATING_RESISTANCE = 0.0135
"""A film of 135 ohm cm2 on each particle would be all the resistance that the charge transfer of a working composite
has: its 5 ohm cm2 per area of the cell, times the 27 of its surface (derived) [ohm m^2]."""


def remarks(cell: Cell) -> list[str]:
    """Return the warnings on a cell, one sentence each."""
    return [
        *_assumptions(cell),
        *percolation_remarks(cell),
        *_coating(cell),
        *_contact(cell),
        *_symmetric(cell),
        *_deep_delithiation(cell),
        *_unread(cell),
        *_claims(cell),
        *thermodynamic_remarks(cell),
    ]


def _assumptions(cell: Cell) -> Iterator[str]:
    if names := cell.assumed:
        yield f"{len(names)} fields of the cell are assumed, not given by its source: {', '.join(names)}."
    pressure = cell.spec.operation.fabrication_pressure
    if "cathode.porosity" in cell.defaults and pressure is not None:
        yield (
            f"cathode.porosity is not given: {cell.derived.void_fraction:.2f} follows from the fabrication pressure of "
            f"{show(pressure, 'Pa', 'MPa')}, as if the composite pressed like {cell.spec.composite.electrolyte} alone."
        )


def percolation_remarks(cell: Cell) -> list[str]:
    """Return a sentence on each phase of the composite that does not percolate: electrolyte, active material.

    At its threshold a phase conducts nothing; the closure then keeps a floor. Active material counts only where no
    carbon carries the electrons.

    Examples
    --------
    >>> poor = {"cathode.mass_fractions": {"active": 0.9, "electrolyte": 0.1}, "cathode.carbon": None}
    >>> print(percolation_remarks(Cell.load("reference").replace(**poor))[0])
    No path for ions: 0.19 of the cathode is electrolyte, but the law percolation has its threshold at 0.221; what \
carries current is its floor.
    """
    derived = cell.derived
    if cell.symmetric or derived.transport_closure != "percolation":
        return []
    carbon = derived.carbon_fraction
    carries = carbon > 0 and carbon > cell.number("carbon", "percolation_threshold")
    phases = [("ions", "electrolyte", derived.electrolyte_fraction, derived.ionic_threshold)]
    if not carries:
        phases.append(("electrons", "active material", derived.active_fraction, derived.electronic_threshold))
    return [
        f"No path for {carrier}: {fraction:.3g} of the cathode is {phase}, but the law percolation has its threshold "
        f"at {threshold:.4g}; what carries current is its floor."
        for carrier, phase, fraction, threshold in phases
        if fraction <= threshold
    ]


def _coating(cell: Cell) -> Iterator[str]:
    """A film that would resist more than charge transfer does in cells that work."""
    if cell.symmetric or cell.spec.composite.coating is None:
        return
    film, coating = cell.derived.coating_resistance, cell.spec.composite.coating
    if film > LARGE_COATING_RESISTANCE:
        yield (
            f"cathode.coating: {show(coating.thickness, 'm', 'nm')} of {coating.material} have "
            f"{show(film, 'ohm*m^2', 'ohm*cm^2')} on the particles, more than the "
            f"{show(LARGE_COATING_RESISTANCE, 'ohm*m^2', 'ohm*cm^2')} that charge transfer has in working composites."
        )


def _contact(cell: Cell) -> Iterator[str]:
    """The static contact of the anode where it is perfect or rests on the atmosphere alone."""
    anode = cell.spec.anode
    creeps = cell.has_claim("anode", "creep_exponent")
    if creeps and anode.interlayer is not None and cell.interface("lithium_contact_hardness") == "separator":
        yield (
            f"{anode.interlayer.material} makes no claim on its contact with lithium: that of "
            f"{cell.spec.separator.material} is used."
        )
    if not creeps:
        yield f"{anode.material} has no contact law: its contact with the separator is perfect at any pressure."
    asked = [name for name in ("voids", "filaments") if name in cell.spec.mechanisms]
    if asked and not cell.has_claim("anode", "creep_prefactor"):
        yield f"{' and '.join(asked)}: listed, but off, since {anode.material} keeps its skeleton and does not creep."
    pressure = cell.derived.stack_pressure
    if "operation.stack_pressure" in cell.defaults:
        yield f"No stack pressure is given: the atmosphere, {show(pressure, 'Pa', 'MPa')}, presses on the cell."
    elif pressure < ATMOSPHERE:
        yield (
            f"A stack pressure of {show(pressure, 'Pa', 'MPa')} is less than the atmosphere's: the contact of the "
            f"anode is that at {show(ATMOSPHERE, 'Pa', 'MPa')}."
        )


def _symmetric(cell: Cell) -> Iterator[str]:
    """What a cell file asks for and the model of a symmetric cell leaves out."""
    if not cell.symmetric:
        return
    asked = {
        "extrusion of an unconfined foil (anode.die_confined)": not cell.spec.anode.die_confined,
        "the reference electrode": cell.spec.separator.reference_electrode is not None,
        "diffusion in the alloy": cell.has_claim("anode", "limiting_lithium_concentration"),
    }
    if missing := [name for name, is_asked in asked.items() if is_asked]:
        yield f"A run of a symmetric cell leaves out {', '.join(missing)}."


def _deep_delithiation(cell: Cell) -> Iterator[str]:
    """A window that takes the oxide below the data of its volume change."""
    if cell.symmetric:
        return
    for role, lowest in contents_at_charge(cell, 1.0).items():
        claim = cell.claim(role, "volume_strain")
        curve = claim.value
        if not isinstance(curve, Curve) or curve.range is None or strain_covers(curve, lowest):
            continue
        low, high = curve.range
        then = "is held at its end value" if isinstance(curve, TableCurve) else "follows its closed form"
        yield (
            f"volume_strain of {claim.material} covers lithium contents from {low:g} to {high:g}, and the upper limit "
            f"of {cell.derived.upper_potential:.3f} V against lithium takes it to {lowest:.3f}: below {low:g} the "
            f"strain {then}."
        )


def _unread(cell: Cell) -> Iterator[str]:
    spec, defaults = cell.spec, cell.defaults
    fabricated = {"separator.relative_density", "cathode.porosity"} & set(defaults)
    unread = {
        "separator.grain_size (its material makes no claim on its grain boundaries)": spec.separator.grain_size
        is not None
        and not cell.has_claim("separator", "grain_boundary_resistance"),
        "cathode.morphology (the mechanism cracks reads it)": not cell.symmetric
        and "cathode.morphology" not in defaults
        and "cracks" not in spec.mechanisms,
        "operation.fabrication_pressure (densities are given; the mechanism contact_loss reads it)": not fabricated
        and spec.operation.fabrication_pressure is not None
        and "contact_loss" not in spec.mechanisms,
        "anode.attach_pressure (this anode has no contact resistance)": spec.anode.attach_pressure is not None
        and cell.derived.contact_resistance == 0,
    }
    if given := [name for name, is_given in unread.items() if is_given]:
        yield f"Recorded, but read by no mechanism that is on: {', '.join(given)}."


def _claims(cell: Cell) -> Iterator[str]:
    for claim in cell.claims_used():
        name = f"{claim.material} {claim.property.replace('_', ' ')}"
        if claim.suspect:
            yield f"{name}: the claim is suspect ({claim.suspect})."
        if claim.method == "assumed" and claim.spread.kind == "factor" and claim.spread.size >= WIDE_SPREAD:
            yield f"{name} is an assumption with a spread of a factor {claim.spread.size:.2g}."
