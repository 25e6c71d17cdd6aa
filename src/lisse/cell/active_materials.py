"""The active materials of a composite: their shares, means over them, their particles, and what they hold.

A composite of one material is a blend of one. Leaves out: what each material does (``lisse.cathode``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from lisse.cathode.blend import content_at_potential
from lisse.cell.claims import ACTIVE_ROLES, ClaimBook
from lisse.cell.particles import SizeClass, size_classes
from lisse.cell.specification import BlendComponent, Cathode, CellFile
from lisse.errors import InputError
from lisse.materials import Curve

MOST_SIZE_CLASSES = 50
"""Size classes of a composite, all materials together."""


def or_default(spec: CellFile, field: str, given: float | None, default: Callable[[], float]) -> float:
    """Return what the file gives, else the default.

    A value that an earlier run filled in (the file lists it in ``defaults``) stays as it is, but the claims behind it
    count as used.
    """
    if given is not None and field not in spec.defaults:
        return given
    found = default()
    return found if given is None else given


def components(spec: CellFile) -> dict[str, tuple[str, Cathode | BlendComponent]]:
    """Return for each role of an active material the dotted table that describes its particles, and that table."""
    cathode = spec.composite
    found: dict[str, tuple[str, Cathode | BlendComponent]] = {"active": ("cathode", cathode)}
    for number, (role, part) in enumerate(zip(ACTIVE_ROLES[1:], cathode.blend or (), strict=False)):
        found[role] = f"cathode.blend.{number}", part
    return found


def mass_shares(spec: CellFile) -> dict[str, float]:
    """Return the share of each active material in their mass, by role; the shares add up to one."""
    others = [part.mass_fraction for part in spec.composite.blend or ()]
    return dict(zip(ACTIVE_ROLES, [1 - sum(others), *others], strict=False))


def density(spec: CellFile, book: ClaimBook) -> float:
    """Density of the active material as a whole [kg/m^3]."""
    shares = mass_shares(spec)
    if len(shares) == 1:
        return book.number("active", "density")
    return 1 / sum(share / book.number(role, "density") for role, share in shares.items())


def volume_shares(spec: CellFile, book: ClaimBook) -> dict[str, float]:
    """Return the share of each active material in their volume, by role."""
    whole = density(spec, book)
    return {role: share * whole / book.number(role, "density") for role, share in mass_shares(spec).items()}


def site_shares(spec: CellFile, book: ClaimBook) -> dict[str, float]:
    """Return the share of each active material in the lithium sites, by role."""
    sites = {role: share / book.number(role, "molar_mass") for role, share in mass_shares(spec).items()}
    return {role: share / sum(sites.values()) for role, share in sites.items()}


def mean(shares: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Mean over the active materials, weighted with ``shares``."""
    return sum(share * values[role] for role, share in shares.items())


def volume_mean(spec: CellFile, book: ClaimBook, name: str) -> float:
    """Mean of a number of the active materials, by volume."""
    shares = volume_shares(spec, book)
    return mean(shares, {role: book.number(role, name) for role in shares})


def geometric_mean(shares: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Geometric mean over the active materials: of numbers that differ by orders of magnitude, all above 0."""
    if len(shares) == 1:
        return next(values[role] for role in shares)
    return math.exp(sum(share * math.log(values[role]) for role, share in shares.items()))


def component_radius(spec: CellFile, book: ClaimBook, role: str) -> float:
    """Radius of the particles of one active material whose file gives no distribution [m]."""
    table, part = components(spec)[role]
    if part.particle_diameter is not None:
        return part.particle_diameter / 2
    return or_default(
        spec, f"{table}.particle_radius", part.particle_radius, lambda: book.number(role, "particle_radius")
    )


def populations(spec: CellFile, book: ClaimBook) -> tuple[SizeClass, ...]:
    """Return the size classes of all active materials, material by material; their volume fractions add up to one.

    Raises
    ------
    InputError
        If there are more than 50.
    """
    found: list[SizeClass] = []
    parts = components(spec)
    for role, share in volume_shares(spec, book).items():
        sizes = parts[role][1].distribution
        classes = size_classes(sizes) if sizes is not None else (SizeClass(component_radius(spec, book, role), 1.0),)
        found += [SizeClass(size.radius, share * size.volume_fraction, role) for size in classes]
    if len(found) > MOST_SIZE_CLASSES:
        raise InputError(
            f"cathode.blend: the active materials have {len(found)} size classes together; at most "
            f"{MOST_SIZE_CLASSES} are accepted."
        )
    return tuple(found)


def initial_contents(spec: CellFile, book: ClaimBook) -> dict[str, float]:
    """Return the lithium content of each active material when the cell is built, by role.

    Every material starts as it is made. Where the file gives a content, it is that of ``cathode.active``, and the
    others rest at its potential.

    Raises
    ------
    InputError
        If that potential lies outside the open-circuit curve of another material.
    """
    field, given = "cathode.initial_lithium_content", spec.composite.initial_lithium_content
    if given is not None and field not in spec.defaults:
        return contents_beside(book, given)
    found = {role: book.number(role, "pristine_lithium_content") for role in mass_shares(spec)}
    return found if given is None else {**found, "active": given}


def contents_beside(book: ClaimBook, content: float) -> dict[str, float]:
    """Return the content of every active material where that of ``cathode.active`` rests at a content, by role."""
    contents = {"active": content}
    others = book.active_roles[1:]
    if not others:
        return contents
    potential = float(book.curve("active", "open_circuit_voltage")(content))
    for role in others:
        curve, name = book.curve(role, "open_circuit_voltage"), book.name(role)
        bottom, top = ends(curve)
        if not bottom <= potential <= top:
            raise InputError(
                f"cathode.initial_lithium_content: at {content:g} {book.name('active')} rests at {potential:.3f} V, "
                f"but the open-circuit curve of {name} covers {bottom:.3f} to {top:.3f} V."
            )
        contents[role] = float(content_at_potential(curve, potential, name))
    return contents


def ends(curve: Curve) -> tuple[float, float]:
    """Return the lowest and the highest potential of an open-circuit curve [V]."""
    poor, rich = curve.range or (0.0, 1.0)
    return float(curve(rich)), float(curve(poor))


def contents_at(book: ClaimBook, potential: float) -> dict[str, float]:
    """Return the content of every active material at rest at a potential [V]; the end of a curve where it ends."""
    contents = {}
    for role in book.active_roles:
        curve = book.curve(role, "open_circuit_voltage")
        inside = float(np.clip(potential, *ends(curve)))
        contents[role] = float(content_at_potential(curve, inside, book.name(role)))
    return contents
