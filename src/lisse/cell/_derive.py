"""How the derived quantities of a cell are computed, layer by layer, from its specification and its claims.

The equations stand in the files of the layers. Leaves out: what changes while the cell works.
"""

from __future__ import annotations

import math
from typing import Any

from lisse.anode import contact
from lisse.cathode import composition
from lisse.cell._transport import connected_fraction, electrolyte_conductivity, transport
from lisse.cell._windows import symmetric_window, window
from lisse.cell.active_materials import (
    density,
    initial_contents,
    mass_shares,
    mean,
    or_default,
    populations,
    site_shares,
    volume_shares,
)
from lisse.cell.claims import ClaimBook
from lisse.cell.derived import Derived
from lisse.cell.particles import mean_radius
from lisse.cell.specification import CellFile
from lisse.errors import InputError
from lisse.mechanism import FARADAY
from lisse.separator import conduction, densification
from lisse.units import show

PELLET_PRESSURE = 370e6
"""Pressure at which the pellets behind the library's conductivities are taken to be pressed [Pa]."""
HIGHEST_COATING_RESISTANCE = 1.0
"""A film of more than 1e4 ohm cm2 on each particle contradicts every cell that works [ohm m^2]."""
LITHIUM_CONTACT = (
    "lithium_contact_hardness",
    "lithium_contact_resistance",
    "lithium_contact_unloading_exponent",
)
"""Claims on the static contact of lithium with the electrolyte."""
LARGEST_POROSITY = 0.7
"""As for a porosity that the file gives [-]."""
SYMMETRIC_CAPACITY = 3.6e4
"""Nominal capacity of a symmetric cell whose file names none [C/m2]: 1 mAh/cm2."""
PRACTICAL_ORIGIN = "practical capacity of the active material times loading"
"""Where a nominal capacity comes from that the file does not give."""


def derive(spec: CellFile, book: ClaimBook) -> Derived:
    """Return the derived quantities; raise InputError where file and claims cannot be brought together."""
    values: dict[str, Any] = {}
    values |= _geometry(spec)
    if spec.cathode is not None:
        values |= _composite(spec, book, values["cell_area"])
        values |= _capacity(spec, book, values)
        values |= transport(spec, book, values)
    else:
        values |= _symmetric_capacity(spec, values)
    values |= _separator(spec, book, values["cell_area"])
    values |= _series(spec, book)
    values |= _anode(spec, book, values)
    values |= window(spec, book) if spec.cathode is not None else symmetric_window(spec)
    values |= _masses(spec, book, values)
    for name, value in values.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"cell file: {name.replace('_', ' ')} comes out as {value}; a finite cell is needed.")
    return Derived(**values)


def _geometry(spec: CellFile) -> dict[str, Any]:
    area = spec.geometry.area
    if area is None:
        area = float(composition.die_area(spec.geometry.die_diameter))
    operation = spec.operation
    pressure = operation.stack_pressure
    if pressure is None and operation.frame_force is None:
        pressure = contact.ATMOSPHERE
    elif pressure is None:
        assert operation.frame_force is not None
        pressure = operation.frame_force / area
        if pressure > 2e9:
            raise InputError(
                f"operation.frame_force: on {show(area, 'm^2', 'cm^2')} this force makes "
                f"{show(pressure, 'Pa', 'MPa')}; at most 2000 MPa is accepted."
            )
    highest = max(pressure, spec.anode.attach_pressure or 0.0)
    return {"cell_area": area, "stack_pressure": pressure, "highest_pressure": highest}


def _solid_volume(spec: CellFile, book: ClaimBook) -> tuple[dict[str, float], dict[str, float]]:
    """Return normalised mass fractions and densities of the composite's solids."""
    weights = {name: weight for name, weight in spec.composite.mass_fractions if weight > 0}
    total = sum(weights.values())
    weights = {name: weight / total for name, weight in weights.items()}
    others = {name: book.number(name, "density") for name in weights if name != "active"}
    return weights, {"active": density(spec, book), **others}


def _composite(spec: CellFile, book: ClaimBook, area: float) -> dict[str, Any]:
    cathode = spec.composite
    weights, densities = _solid_volume(spec, book)
    loading = cathode.loading
    if cathode.pressed_mass is not None:
        loading = float(composition.loading_from_mass(cathode.pressed_mass, weights["active"], area))
    solid = composition.volume_fractions(weights, densities, 0.0)
    if loading is None or cathode.thickness is None:
        porosity = or_default(spec, "cathode.porosity", cathode.porosity, lambda: _pressed_porosity(spec, book))
    else:
        dense = composition.thickness_from_loading(loading, solid["active"], densities["active"])
        porosity = 1 - dense / cathode.thickness
        if not 0 <= porosity <= LARGEST_POROSITY:
            raise InputError(
                f"cathode.thickness: {show(cathode.thickness, 'm', 'um')} gives a porosity of {porosity:.3g} "
                f"with this loading, whose solids alone are {show(dense, 'm', 'um')} thick; "
                f"0 to {LARGEST_POROSITY} is accepted."
            )
    volumes = composition.volume_fractions(weights, densities, porosity)
    if loading is None:
        thickness = cathode.thickness
        loading = float(composition.areal_loading(thickness, volumes["active"], densities["active"]))
    else:
        thickness = float(composition.thickness_from_loading(loading, volumes["active"], densities["active"]))
    radius = mean_radius(populations(spec, book))
    surface = composition.specific_surface_area(volumes["active"], radius)
    connected = connected_fraction(spec, volumes, radius)
    wetted = composition.wetted_surface_area(volumes["active"], radius, connected, cathode.wetted_fraction)
    return {
        "cathode_thickness": thickness,
        "active_loading": loading,
        "active_fraction": volumes["active"],
        "electrolyte_fraction": volumes["electrolyte"],
        "carbon_fraction": volumes.get("carbon", 0.0),
        "binder_fraction": volumes.get("binder", 0.0),
        "void_fraction": porosity,
        "particle_radius": radius,
        "specific_surface_area": surface,
        "wetted_surface_area": wetted,
        "connected_fraction": connected,
        "wetted_fraction": cathode.wetted_fraction,
        "coating_resistance": _coating_resistance(spec, book),
    }


def _coating_resistance(spec: CellFile, book: ClaimBook) -> float:
    """Film on the coated part; the bare part beside it has none (the model puts both in parallel)."""
    coating = spec.composite.coating
    if coating is None:
        return 0.0
    film = coating.thickness / book.number("coating", "ionic_conductivity")
    if film > HIGHEST_COATING_RESISTANCE:
        raise InputError(
            f"cathode.coating: {show(coating.thickness, 'm', 'nm')} of {coating.material} would have "
            f"{show(film, 'ohm*m^2', 'ohm*cm^2')} on the particles, which no working cell has; "
            "at most 1e4 ohm*cm^2 is accepted."
        )
    return film


def _capacity(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    loading, area = values["active_loading"], values["cell_area"]
    shares = mass_shares(spec)
    molar_mass = {role: book.number(role, "molar_mass") for role in shares}
    theoretical = mean(shares, {role: float(composition.theoretical_capacity(molar_mass[role])) for role in shares})
    practical = mean(shares, {role: book.number(role, "practical_capacity") for role in shares})
    given = spec.operation.nominal_capacity
    if given is None:
        nominal, origin = practical * loading, PRACTICAL_ORIGIN
    elif given[0] == "A*s/kg":
        nominal, origin = given[1] * loading, f"cell file, {show(given[1], 'A*s/kg', 'mA*h/g')} times loading"
    else:
        nominal, origin = given[1], f"cell file, {show(given[1], 'A*s/m^2', 'mA*h/cm^2')}"
    if "operation.nominal_capacity" in spec.defaults:
        origin = PRACTICAL_ORIGIN
    contents, connected = initial_contents(spec, book), values["connected_fraction"]
    sites = {role: composition.site_density(book.number(role, "density"), molar_mass[role]) for role in shares}
    return {
        "theoretical_capacity": theoretical,
        "practical_capacity": practical,
        "areal_capacity_theoretical": composition.areal_capacity(loading, theoretical, connected),
        "areal_capacity_practical": composition.areal_capacity(loading, practical, connected),
        "nominal_capacity": nominal,
        "nominal_capacity_source": origin,
        "nominal_current": nominal * area / 3600,
        "site_density": mean(volume_shares(spec, book), sites),
        "initial_lithium_content": mean(site_shares(spec, book), contents),
        "cathode_lithium": sum(shares[role] * contents[role] * loading / molar_mass[role] for role in shares),
    }


def _fabricated_density(spec: CellFile, book: ClaimBook, role: str, material: str, field: str) -> float:
    """Relative density at the fabrication pressure, in place of ``field``, by the claims of the material in a role."""
    pressure = spec.operation.fabrication_pressure
    if pressure is None:
        raise InputError(f"{field}: give it, or operation.fabrication_pressure from which it follows.")
    if not book.has(role, "densification_pressure"):
        raise InputError(f"{field}: this must be given, since {material} has no claim on how it densifies.")
    return _pressed_density(book, pressure, role)


def _pressed_porosity(spec: CellFile, book: ClaimBook) -> float:
    """Porosity of the composite, which is taken to be as dense as its electrolyte pressed alone."""
    field = "cathode.porosity"
    porosity = 1 - _fabricated_density(spec, book, "electrolyte", spec.composite.electrolyte, field)
    if porosity > LARGEST_POROSITY:
        raise InputError(
            f"{field}: {porosity:.3g} follows from the fabrication pressure; give one of at most {LARGEST_POROSITY}."
        )
    return porosity


def _pressed_density(book: ClaimBook, pressure: float, role: str = "separator") -> float:
    heckel = book.number(role, "densification_pressure")
    return float(densification.relative_density(pressure, heckel, book.number(role, "densification_intercept")))


def _separator(spec: CellFile, book: ClaimBook, area: float) -> dict[str, Any]:
    separator, temperature = spec.separator, spec.operation.temperature
    field = "separator.relative_density"
    relative = or_default(
        spec,
        field,
        separator.relative_density,
        lambda: _fabricated_density(spec, book, "separator", separator.material, field),
    )
    share = separator.binder.mass_fraction if separator.binder is not None else 0.0
    weights, densities = {"separator": 1 - share}, {"separator": book.number("separator", "density")}
    factor = 1.0
    if share:
        weights["binder"], densities["binder"] = share, book.number("separator_binder", "density")
        factor = float(conduction.binder_factor(share, book.number("separator", "binder_sensitivity")))
    solid_density = 1 / sum(weights[name] / densities[name] for name in weights)
    if separator.thickness is not None:
        thickness = separator.thickness
        mass = thickness * relative * solid_density
    else:
        assert separator.mass is not None
        mass = separator.mass / area
        thickness = mass / (relative * solid_density)
    own = book.resolve("separator", "ionic_conductivity").own
    if not own and book.has("separator", "densification_pressure"):
        factor *= float(conduction.density_factor(relative, _pressed_density(book, PELLET_PRESSURE)))
    kappa = electrolyte_conductivity(book, "separator", temperature) * factor
    resistance = float(conduction.area_resistance(thickness, kappa)) + _boundaries(spec, book, thickness)
    if resistance <= 0:
        raise InputError(
            f"separator.grain_size: {show(separator.grain_size or 0.0, 'm', 'um')} takes away more boundaries than the "
            "separator has resistance; give a smaller grain size or claim on grain_boundary_resistance."
        )
    if resistance != conduction.area_resistance(thickness, kappa):
        kappa = thickness / resistance
    return {
        "separator_thickness": thickness,
        "separator_density": relative,
        "separator_porosity": 1 - relative,
        "separator_conductivity": kappa,
        "separator_resistance": float(conduction.area_resistance(thickness, kappa)),
        "separator_mass": mass,
    }


def _boundaries(spec: CellFile, book: ClaimBook, thickness: float) -> float:
    """Resistance that grains of another size than those of the material's sample add at temperature [ohm m^2]."""
    given = spec.separator.grain_size
    claims = ("grain_size", "grain_boundary_resistance", "activation_energy")
    if given is None or not all(book.has("separator", name) for name in claims):
        return 0.0
    own = book.number("separator", "grain_size")
    if given == own:
        return 0.0
    boundary = conduction.grain_boundary_resistance(
        book.number("separator", "grain_boundary_resistance"),
        book.number("separator", "activation_energy"),
        spec.operation.temperature,
    )
    return float(conduction.grain_size_resistance(boundary, thickness, given, own))


def _series(spec: CellFile, book: ClaimBook) -> dict[str, Any]:
    interlayer = spec.anode.interlayer
    return {
        "interlayer_resistance": (
            interlayer.thickness / book.number("interlayer", "ionic_conductivity") if interlayer else 0.0
        ),
        "series_resistance": spec.contacts.series_resistance,
    }


def _symmetric_capacity(spec: CellFile, values: dict[str, Any]) -> dict[str, Any]:
    """A symmetric cell has no capacity of its own: 1C is the capacity that the file names, else 1 mAh/cm2."""
    given = spec.operation.nominal_capacity
    if given is not None and given[0] != "A*s/m^2":
        raise InputError(
            "operation.nominal_capacity: a symmetric cell has no active material; give it per area, such as "
            '"1 mA*h/cm^2".'
        )
    nominal = SYMMETRIC_CAPACITY if given is None else given[1]
    origin = "1 mAh/cm2 of a symmetric cell" if given is None else f"cell file, {show(nominal, 'A*s/m^2', 'mA*h/cm^2')}"
    return {
        "nominal_capacity": nominal,
        "nominal_capacity_source": origin,
        "nominal_current": nominal / 3600 * values["cell_area"],
    }


def _anode(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    thickness, temperature = spec.anode.thickness, spec.operation.temperature
    density = book.number("anode", "density")
    if book.has("anode", "lithium_fraction_initial"):
        host = density / book.number("anode", "molar_mass")
        lithium = book.number("anode", "lithium_fraction_initial") * host * thickness
    else:
        lithium = book.number("anode", "specific_capacity") * density * thickness / FARADAY
    fraction, resistance = 1.0, 0.0
    if book.has("anode", "creep_exponent"):
        hardness, unit_resistance, exponent = (book.number(book.interface(name), name) for name in LITHIUM_CONTACT)
        softened = contact.contact_hardness(
            hardness,
            temperature,
            book.number("anode", "creep_activation_energy"),
            book.number("anode", "creep_exponent"),
        )
        pressures = values["stack_pressure"], values["highest_pressure"]
        fraction = float(contact.contact_fraction(*pressures, softened, exponent))
        resistance = float(contact.contact_resistance(unit_resistance, fraction))
    found = {
        "contact_fraction": fraction,
        "contact_resistance": resistance,
        "anode_potential": book.number("anode", "potential"),
        "anode_lithium": lithium,
        "lithium_excess": lithium * FARADAY / values["nominal_capacity"],
        "anode_mass": density * thickness,
    }
    if spec.cathode is not None:
        return found | {
            "lithium_inventory": lithium + values["cathode_lithium"],
            "lithium_excess": lithium * FARADAY / values["areal_capacity_practical"],
        }
    counter = counter_thickness(spec)
    return found | {
        "lithium_inventory": lithium * (1 + counter / thickness if thickness else 0.0),
        "counter_electrode_mass": density * counter,
    }


def counter_thickness(spec: CellFile) -> float:
    """Thickness of the second electrode of a symmetric cell [m]; of a full cell, that of its anode."""
    counter = spec.counter_electrode
    return spec.anode.thickness if counter is None or counter.thickness is None else counter.thickness


def _masses(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    interlayer = spec.anode.interlayer
    composite = coating_mass = 0.0
    if spec.cathode is not None:
        weights, _ = _solid_volume(spec, book)
        composite = values["active_loading"] / weights["active"]
        coating = spec.cathode.coating
        if coating is not None:
            film = values["specific_surface_area"] * values["cathode_thickness"] * coating.thickness * coating.coverage
            coating_mass = film * book.number("coating", "density")
    interlayer_mass = interlayer.thickness * book.number("interlayer", "density") if interlayer else 0.0
    collectors = {"positive": spec.collectors.positive, "negative": spec.collectors.negative}
    collector_mass = sum(
        layer.thickness * book.number(f"collector_{side}", "density") for side, layer in collectors.items() if layer
    )
    second = values["cathode_thickness"] if spec.cathode is not None else counter_thickness(spec)
    thickness = spec.anode.thickness + values["separator_thickness"] + second
    thickness += sum(layer.thickness for layer in (*collectors.values(), interlayer) if layer)
    parts = (
        values["anode_mass"],
        values.get("counter_electrode_mass", 0.0),
        interlayer_mass,
        values["separator_mass"],
        composite,
        coating_mass,
        collector_mass,
    )
    own = {"cathode_mass": composite, "coating_mass": coating_mass} if spec.cathode is not None else {}
    return own | {
        "interlayer_mass": interlayer_mass,
        "collector_mass": collector_mass,
        "stack_mass": sum(parts),
        "stack_thickness": thickness,
    }
