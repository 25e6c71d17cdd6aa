"""How the derived quantities of a cell are computed, layer by layer, from its specification and its claims.

The equations stand in the files of the layers. Leaves out: what changes while the cell works.
"""

from __future__ import annotations

import math
from typing import Any

from lisse.anode import contact
from lisse.cathode import composition, conductivity
from lisse.cell.claims import ClaimBook
from lisse.cell.derived import Derived
from lisse.cell.particles import mean_radius, size_classes
from lisse.cell.specification import CellFile
from lisse.errors import InputError
from lisse.materials import Material
from lisse.mechanism import FARADAY, REFERENCE_TEMPERATURE
from lisse.separator import conduction, densification
from lisse.units import show

PELLET_PRESSURE = 370e6
"""Pressure at which the pellets behind the library's conductivities are taken to be pressed [Pa]."""
LOWEST_POTENTIAL = 1.5
"""Below this the oxide takes up a second lithium, which no curve here describes [V vs Li]."""
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


def derive(spec: CellFile, book: ClaimBook) -> Derived:
    """Return the derived quantities; raise InputError where file and claims cannot be brought together."""
    values: dict[str, Any] = {}
    values |= _geometry(spec)
    values |= _composite(spec, book, values["cell_area"])
    values |= _capacity(spec, book, values)
    values |= _separator(spec, book, values["cell_area"])
    values |= _transport(spec, book, values)
    values |= _anode(spec, book, values)
    values |= _window(spec, book, values)
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
    if pressure is None:
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
    weights = {name: weight for name, weight in spec.cathode.mass_fractions if weight > 0}
    total = sum(weights.values())
    weights = {name: weight / total for name, weight in weights.items()}
    return weights, {name: book.number(name, "density") for name in weights}


def _composite(spec: CellFile, book: ClaimBook, area: float) -> dict[str, Any]:
    cathode = spec.cathode
    weights, densities = _solid_volume(spec, book)
    loading = cathode.loading
    if cathode.composite_mass is not None:
        loading = float(composition.loading_from_mass(cathode.composite_mass, weights["active"], area))
    solid = composition.volume_fractions(weights, densities, 0.0)
    if cathode.porosity is not None:
        porosity = cathode.porosity
    else:
        dense = composition.thickness_from_loading(loading, solid["active"], densities["active"])
        assert cathode.thickness is not None
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
    radius = _particle_radius(spec, book)
    surface = composition.specific_surface_area(volumes["active"], radius)
    wetted = composition.wetted_surface_area(
        volumes["active"], radius, cathode.connected_fraction, cathode.wetted_fraction
    )
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
        "connected_fraction": cathode.connected_fraction,
        "wetted_fraction": cathode.wetted_fraction,
        "coating_resistance": _coating_resistance(spec, book),
    }


def _particle_radius(spec: CellFile, book: ClaimBook) -> float:
    cathode = spec.cathode
    if cathode.distribution is not None:
        return mean_radius(size_classes(cathode.distribution))
    if cathode.particle_diameter is not None:
        return cathode.particle_diameter / 2
    if cathode.particle_radius is not None:
        return cathode.particle_radius
    return book.number("active", "particle_radius")


def _coating_resistance(spec: CellFile, book: ClaimBook) -> float:
    """Film of the coated part in parallel to the bare part, which has no film of its own yet."""
    coating = spec.cathode.coating
    if coating is None:
        return 0.0
    film = coating.thickness / book.number("coating", "ionic_conductivity")
    if film > HIGHEST_COATING_RESISTANCE:
        raise InputError(
            f"cathode.coating: {show(coating.thickness, 'm', 'nm')} of {coating.material} would have "
            f"{show(film, 'ohm*m^2', 'ohm*cm^2')} on the particles, which no working cell has; "
            "at most 1e4 ohm*cm^2 is accepted."
        )
    return film if coating.coverage == 1 else 0.0


def _capacity(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    loading, area = values["active_loading"], values["cell_area"]
    molar_mass = book.number("active", "molar_mass")
    theoretical = float(composition.theoretical_capacity(molar_mass))
    practical = book.number("active", "practical_capacity")
    given = spec.operation.nominal_capacity
    if given is None:
        nominal, origin = practical * loading, "practical capacity of the active material times loading"
    elif given[0] == "A*s/kg":
        nominal, origin = given[1] * loading, f"cell file, {show(given[1], 'A*s/kg', 'mA*h/g')} times loading"
    else:
        nominal, origin = given[1], f"cell file, {show(given[1], 'A*s/m^2', 'mA*h/cm^2')}"
    content = spec.cathode.initial_lithium_content
    if content is None:
        content = book.number("active", "pristine_lithium_content")
    connected = spec.cathode.connected_fraction
    return {
        "theoretical_capacity": theoretical,
        "practical_capacity": practical,
        "areal_capacity_theoretical": composition.areal_capacity(loading, theoretical, connected),
        "areal_capacity_practical": composition.areal_capacity(loading, practical, connected),
        "nominal_capacity": nominal,
        "nominal_capacity_source": origin,
        "nominal_current": nominal * area / 3600,
        "site_density": composition.site_density(book.number("active", "density"), molar_mass),
        "initial_lithium_content": content,
        "cathode_lithium": content * loading / molar_mass,
    }


def _relative_density(spec: CellFile, book: ClaimBook) -> float:
    given = spec.separator.relative_density
    if given is not None:
        return given
    pressure = spec.operation.fabrication_pressure
    if pressure is None:
        raise InputError(
            "separator.relative_density: give it, or operation.fabrication_pressure from which it follows."
        )
    if not book.has("separator", "densification_pressure"):
        raise InputError(
            f"separator.relative_density: this must be given, since {spec.separator.material} has no claim "
            "on how it densifies."
        )
    return _pressed_density(book, pressure)


def _pressed_density(book: ClaimBook, pressure: float) -> float:
    heckel = book.number("separator", "densification_pressure")
    return float(densification.relative_density(pressure, heckel, book.number("separator", "densification_intercept")))


def _conductivity(book: ClaimBook, role: str, temperature: float) -> float:
    """Ionic conductivity of the electrolyte in ``role`` at a temperature [S/m]."""
    claim = book.resolve(role, "ionic_conductivity")
    exponent = 0.0
    if book.has(role, "arrhenius_form"):
        exponent = {"exp": 0.0, "exp/T": 1.0}[book.text(role, "arrhenius_form")]
    reference = claim.temperature or REFERENCE_TEMPERATURE
    value, energy = book.number(role, "ionic_conductivity"), book.number(role, "activation_energy")
    return float(conduction.conductivity(value, energy, temperature, exponent, reference))


def _separator(spec: CellFile, book: ClaimBook, area: float) -> dict[str, Any]:
    separator, temperature = spec.separator, spec.operation.temperature
    density = _relative_density(spec, book)
    share = separator.binder.mass_fraction if separator.binder is not None else 0.0
    weights, densities = {"separator": 1 - share}, {"separator": book.number("separator", "density")}
    factor = 1.0
    if share:
        weights["binder"], densities["binder"] = share, book.number("separator_binder", "density")
        factor = float(conduction.binder_factor(share, book.number("separator", "binder_sensitivity")))
    solid_density = 1 / sum(weights[name] / densities[name] for name in weights)
    if separator.thickness is not None:
        thickness = separator.thickness
        mass = thickness * density * solid_density
    else:
        assert separator.mass is not None
        mass = separator.mass / area
        thickness = mass / (density * solid_density)
    own = book.resolve("separator", "ionic_conductivity").own
    if not own and book.has("separator", "densification_pressure"):
        factor *= float(conduction.density_factor(density, _pressed_density(book, PELLET_PRESSURE)))
    kappa = _conductivity(book, "separator", temperature) * factor
    return {
        "separator_thickness": thickness,
        "separator_density": density,
        "separator_porosity": 1 - density,
        "separator_conductivity": kappa,
        "separator_resistance": float(conduction.area_resistance(thickness, kappa)),
        "separator_mass": mass,
    }


def _transport(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    transport, temperature = spec.cathode.transport, spec.operation.temperature
    reference = _conductivity(book, "electrolyte", REFERENCE_TEMPERATURE)
    kappa = _conductivity(book, "electrolyte", temperature)
    active, electrolyte = values["active_fraction"], values["electrolyte_fraction"]
    try:
        if transport.closure == "measured":
            # What was measured was measured at 25 degC; temperature acts on it as on the electrolyte.
            assert transport.ionic_conductivity is not None
            ionic: Any = transport.ionic_conductivity * kappa / reference
            electronic: Any = transport.electronic_conductivity
        elif transport.closure == "bruggeman":
            ionic = conductivity.bruggeman(kappa, electrolyte)
            electronic = conductivity.bruggeman(_grain_conductivity(book), active)
        elif transport.closure == "table":
            ionic = conductivity.measured_ionic(kappa, electrolyte)
            electronic = conductivity.measured_electronic(active)
        else:
            threshold = transport.ionic_threshold or conductivity.IONIC_THRESHOLD
            ionic = conductivity.percolating_ionic(kappa, electrolyte, threshold)
            electronic = _percolating_active(book, active)
    except InputError as error:
        raise InputError(f"cathode.transport.closure: {error}") from None
    if transport.closure != "measured":
        ionic = ionic * _cathode_binder_factor(spec, book)
        electronic = electronic + _carbon_network(book, values["carbon_fraction"])
    interlayer = spec.anode.interlayer
    return {
        "cathode_ionic_conductivity": float(ionic),
        "cathode_electronic_conductivity": float(electronic),
        "transport_closure": transport.closure,
        "interlayer_resistance": (
            interlayer.thickness / book.number("interlayer", "ionic_conductivity") if interlayer else 0.0
        ),
        "series_resistance": spec.contacts.series_resistance,
    }


def _grain_conductivity(book: ClaimBook) -> float:
    """Electronic conductivity of the active material [S/m]; of a curve, the value in mid-range."""
    claim = book.resolve("active", "electronic_conductivity").value
    if isinstance(claim, float | int):
        return float(claim)
    curve = book.curve("active", "electronic_conductivity")
    low, high = curve.range or (0.0, 1.0)
    return float(curve((low + high) / 2))


def _percolating_active(book: ClaimBook, fraction: float) -> Any:
    names = ("percolation_conductivity", "percolation_threshold", "percolation_exponent")
    if not all(book.has("active", name) for name in names):
        return conductivity.percolating_electronic(fraction)
    prefactor, threshold, exponent = (book.number("active", name) for name in names)
    return conductivity.percolating_electronic(fraction, prefactor, threshold, exponent)


def _carbon_network(book: ClaimBook, fraction: float) -> Any:
    if fraction == 0:
        return 0.0
    names = ("percolation_conductivity", "percolation_threshold", "percolation_exponent")
    prefactor, threshold, exponent = (book.number("carbon", name) for name in names)
    return conductivity.carbon_network(prefactor, fraction, threshold, exponent)


def _cathode_binder_factor(spec: CellFile, book: ClaimBook) -> float:
    share = spec.cathode.mass_fractions.binder
    if share == 0:
        return 1.0
    return float(conductivity.binder_factor(share, book.number("electrolyte", "binder_sensitivity")))


def _anode(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    thickness, temperature = spec.anode.thickness, spec.operation.temperature
    density = book.number("anode", "density")
    if book.has("anode", "lithium_fraction_initial"):
        host = density / book.number("anode", "molar_mass")
        lithium = book.number("anode", "lithium_fraction_initial") * host * thickness
    else:
        lithium = book.number("anode", "specific_capacity") * density * thickness / FARADAY
    fraction, resistance = 1.0, 0.0
    if book.has("anode", "creep_exponent") and spec.anode.interlayer is None:
        hardness, unit_resistance, exponent = (book.number("separator", name) for name in LITHIUM_CONTACT)
        softened = contact.contact_hardness(
            hardness,
            temperature,
            book.number("anode", "creep_activation_energy"),
            book.number("anode", "creep_exponent"),
        )
        pressures = values["stack_pressure"], values["highest_pressure"]
        fraction = float(contact.contact_fraction(*pressures, softened, exponent))
        resistance = float(contact.contact_resistance(unit_resistance, fraction))
    total = lithium + values["cathode_lithium"]
    return {
        "contact_fraction": fraction,
        "contact_resistance": resistance,
        "anode_potential": book.number("anode", "potential"),
        "anode_lithium": lithium,
        "lithium_inventory": total,
        "lithium_excess": lithium * FARADAY / values["areal_capacity_practical"],
        "anode_mass": density * thickness,
    }


def _window(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    """Bring the voltage window to the lithium scale and to the terminals, and hold it against the curve."""
    lower, upper = (limit + _reference_potential(spec, book) for limit in spec.operation.voltage_window)
    curve, name = book.curve("active", "open_circuit_voltage"), spec.cathode.active
    low_content, high_content = curve.range or (0.0, 1.0)
    content = values["initial_lithium_content"]
    if not low_content <= content <= high_content:
        raise InputError(
            f"cathode.initial_lithium_content: {content:g} lies outside the open-circuit curve of {name}, which "
            f"covers {low_content:g} to {high_content:g}."
        )
    highest, start = float(curve(low_content)), float(curve(content))
    field = "operation.voltage_window"
    if upper > highest:
        raise InputError(
            f"{field}: the upper limit is {upper:.3f} V against lithium, but the curve of {name} ends at "
            f"{highest:.3f} V; set it to at most that."
        )
    if upper <= start:
        raise InputError(
            f"{field}: the upper limit is {upper:.3f} V against lithium, but {name} starts at {start:.3f} V and "
            "could not be charged; set it above that."
        )
    if lower < LOWEST_POTENTIAL:
        raise InputError(
            f"{field}: the lower limit is {lower:.3f} V against lithium; it must be at least "
            f"{LOWEST_POTENTIAL} V, below which the oxide takes up a second lithium."
        )
    anode = book.number("anode", "potential")
    return {
        "lower_potential": lower,
        "upper_potential": upper,
        "lower_voltage": lower - anode,
        "upper_voltage": upper - anode,
    }


def _reference_potential(spec: CellFile, book: ClaimBook) -> float:
    """Potential against lithium of the electrode that the window is given against [V]."""
    reference = Material.load(spec.operation.reference)
    anode = book.material("anode")
    if anode is not None and anode.name == reference.name:
        return book.number("anode", "potential")
    potential = reference.value("potential")
    assert isinstance(potential, float)
    return potential


def _masses(spec: CellFile, book: ClaimBook, values: dict[str, Any]) -> dict[str, Any]:
    weights, _ = _solid_volume(spec, book)
    composite = values["active_loading"] / weights["active"]
    interlayer, coating = spec.anode.interlayer, spec.cathode.coating
    interlayer_mass = interlayer.thickness * book.number("interlayer", "density") if interlayer else 0.0
    coating_mass = 0.0
    if coating is not None:
        film = values["specific_surface_area"] * values["cathode_thickness"] * coating.thickness * coating.coverage
        coating_mass = film * book.number("coating", "density")
    collectors = {"positive": spec.collectors.positive, "negative": spec.collectors.negative}
    collector_mass = sum(
        layer.thickness * book.number(f"collector_{side}", "density") for side, layer in collectors.items() if layer
    )
    thickness = spec.anode.thickness + values["separator_thickness"] + values["cathode_thickness"]
    thickness += sum(layer.thickness for layer in (*collectors.values(), interlayer) if layer)
    parts = (
        values["anode_mass"],
        interlayer_mass,
        values["separator_mass"],
        composite,
        coating_mass,
        collector_mass,
    )
    return {
        "interlayer_mass": interlayer_mass,
        "cathode_mass": composite,
        "coating_mass": coating_mass,
        "collector_mass": collector_mass,
        "stack_mass": sum(parts),
        "stack_thickness": thickness,
    }
