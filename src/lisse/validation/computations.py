"""Closed-form computations that targets name: thin callers of the package's own equations and claims.

Units are those of the targets (MPa, degC, mS/cm, ohm cm2). Leaves out: everything that needs a run of a cell.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from lisse.anode import contact
from lisse.cathode import composition, conductivity, open_circuit, transmission_line
from lisse.materials import Curve, Material
from lisse.materials.library import SuspectClaimWarning
from lisse.mechanism import FARADAY
from lisse.separator import conduction, densification

COMPUTATIONS: dict[str, Callable[..., float]] = {}
"""Name and function of every computation a target may ask for; filled by this module and by those in TOPICS."""
TOPICS: tuple[str, ...] = (
    "mechanics",
    "filaments",
    "alloys",
    "separator",
    "resolved",
    "interface",
    "volume",
    "contact",
    "transport",
    "cycling",
    "blends",
    "energy",
    "thermodynamics",
)
"""Modules beside this one, named ``compute_<topic>``, that register further computations."""

KELVIN = 273.15
EV = FARADAY
"""One electronvolt per particle [J/mol]."""
HIGHEST_CONTENT = 0.985
"""Lithium content at which the search for a voltage starts; the knee of the curves lies above."""


def all_computations() -> dict[str, Callable[..., float]]:
    """Return every computation by name, those of the topics included."""
    for topic in TOPICS:
        import_module(f"lisse.validation.compute_{topic}")
    return COMPUTATIONS


def computation(function: Callable[..., float]) -> Callable[..., float]:
    """Register a function under its name."""
    COMPUTATIONS[function.__name__] = function
    return function


def number(material: str, name: str, claim: str | None = None) -> float:
    """Return a claim's number in SI: the default one, or the one named, suspect or not."""
    with warnings.catch_warnings():
        if claim is not None:
            warnings.simplefilter("ignore", SuspectClaimWarning)
        value = Material.load(material).claim(name, claim).value
    if not isinstance(value, float | int):
        raise TypeError(f"{material}: {name} is not a number")
    return float(value)


def curve(material: str, name: str, claim: str | None = None) -> Curve:
    """Return a claim's curve in SI."""
    found = Material.load(material).claim(name, claim)
    value = found.curve if found.curve is not None else found.value
    if not isinstance(value, Curve):
        raise TypeError(f"{material}: {name} is not a curve")
    return value


def covered(found: Curve) -> tuple[float, float]:
    """Return the lithium contents that a curve covers; all of them where it names none."""
    return (0.0, 1.0) if found.range is None else found.range


# Lithium contact


@computation
def contact_resistance(electrolyte: str, pressure_MPa: float) -> float:
    """Resistance of lithium on an electrolyte on first loading [ohm cm2], one interface."""
    fraction = contact_fraction(electrolyte, pressure_MPa)
    return float(contact.contact_resistance(number(electrolyte, "lithium_contact_resistance"), fraction)) * 1e4


@computation
def contact_fraction(electrolyte: str, pressure_MPa: float, highest_MPa: float = 0.0) -> float:
    """Contact fraction of lithium on an electrolyte [-]."""
    return float(
        contact.contact_fraction(
            pressure_MPa * 1e6,
            max(highest_MPa, pressure_MPa) * 1e6,
            number(electrolyte, "lithium_contact_hardness"),
            number(electrolyte, "lithium_contact_unloading_exponent"),
        )
    )


@computation
def symmetric_resistance(
    electrolyte: str, pressure_MPa: float, area_cm2: float, pellet_ohm: float, highest_MPa: float = 0.0
) -> float:
    """Resistance of a Li | electrolyte | Li cell [ohm]: the pellet and two contacts."""
    fraction = contact_fraction(electrolyte, pressure_MPa, highest_MPa)
    one = float(contact.contact_resistance(number(electrolyte, "lithium_contact_resistance"), fraction)) * 1e4
    return pellet_ohm + 2 * one / area_cm2


@computation
def anode_potential(anode: str) -> float:
    """Potential of an anode against lithium [V]."""
    return number(anode, "potential")


# Separator


@computation
def electrolyte_conductivity(electrolyte: str, celsius: float, claim: str | None = None) -> float:
    """Conductivity of an electrolyte at a temperature [S/cm]; ``claim`` chooses value and activation energy."""
    material = Material.load(electrolyte)
    exponent = {"exp": 0.0, "exp/T": 1.0}[str(material.value("arrhenius_form"))]
    reference = number(electrolyte, "ionic_conductivity", claim)
    energy = number(electrolyte, "activation_energy", claim)
    return float(conduction.conductivity(reference, energy, celsius + KELVIN, exponent)) / 100


@computation
def activation_energies_matched(rows: list[list[Any]]) -> float:
    """Count the rows ``[electrolyte, claim, eV]`` whose activation energy is the library's."""
    return float(
        sum(
            abs(number(electrolyte, "activation_energy", claim) / EV - energy) < 1e-6
            for electrolyte, claim, energy in rows
        )
    )


@computation
def pressed_density(electrolyte: str, pressure_MPa: float) -> float:
    """Relative density of a cold-pressed pellet [%]."""
    slope, intercept = (number(electrolyte, f"densification_{name}") for name in ("pressure", "intercept"))
    return 100 * float(densification.relative_density(pressure_MPa * 1e6, slope, intercept))


@computation
def pellet_conductivity(electrolyte: str, pressure_MPa: float, reference_MPa: float, celsius: float) -> float:
    """Conductivity of a cold-pressed pellet [mS/cm]; the default claim counts as pressed at ``reference_MPa``."""
    now, then = (pressed_density(electrolyte, pressure) for pressure in (pressure_MPa, reference_MPa))
    return electrolyte_conductivity(electrolyte, celsius) * 1e3 * float(conduction.density_factor(now, then))


# Composite cathode


@computation
def newman_tobias(
    thickness_um: float, ionic: float, electronic: float, area_per_volume: float, exchange_current_density: float
) -> float:
    """Resistance of a linearised cathode at 25 degC [ohm m2]; conductivities in S/m."""
    admittance = transmission_line.kinetic_admittance(exchange_current_density, 298.15)
    return float(transmission_line.impedance(thickness_um * 1e-6, ionic, electronic, area_per_volume, admittance))


@computation
def active_volume_share(active: str, electrolyte: str, active_mass_fraction: float) -> float:
    """Active material over all solids by volume [%]."""
    volumes = composition.volume_fractions(
        {"active": active_mass_fraction, "electrolyte": 1 - active_mass_fraction},
        {"active": number(active, "density"), "electrolyte": number(electrolyte, "density")},
        0.0,
    )
    return 100 * float(volumes["active"])


@computation
def die_loading(composite_mg: float, active_mass_fraction: float, die_mm: float) -> float:
    """Areal loading of active material of a weighed composite in a die [mg/cm2]."""
    area = composition.die_area(die_mm * 1e-3)
    return float(composition.loading_from_mass(composite_mg * 1e-6, active_mass_fraction, area)) * 100


@computation
def composite_ionic(electrolyte_fraction: float, electrolyte_mS_cm: float) -> float:
    """Effective ionic conductivity of a composite by the percolation closure [S/cm]."""
    return float(conductivity.percolating_ionic(electrolyte_mS_cm / 10, electrolyte_fraction)) / 100


@computation
def composite_electronic(active_fraction: float) -> float:
    """Effective electronic conductivity of a carbon-free NMC622 composite by the percolation closure [S/cm]."""
    return float(conductivity.percolating_electronic(active_fraction)) / 100


@computation
def binder_tortuosity(without_binder: float, binder_mass_fraction: float, electrolyte: str) -> float:
    """Tortuosity factor of a composite with binder [-] from that without."""
    sensitivity = number(electrolyte, "binder_sensitivity")
    return without_binder / float(conductivity.binder_factor(binder_mass_fraction, sensitivity))


# Active material


def content_at(active: str, voltage: float, claim: str | None = None) -> float:
    """Return the lithium content at an open-circuit voltage [-]."""
    from scipy.optimize import brentq

    potential = curve(active, "open_circuit_voltage", claim)
    low = max(covered(potential)[0], 0.1)
    return float(brentq(lambda x: float(potential(x)) - voltage, low, HIGHEST_CONTENT, xtol=1e-10))


@computation
def volume_change_on_charge(active: str, voltage: float) -> float:
    """Volume change of an active material from pristine to an open-circuit voltage [%]."""
    strain = curve(active, "volume_strain")
    start = min(number(active, "pristine_lithium_content"), covered(strain)[1])
    end = max(content_at(active, voltage), covered(strain)[0])
    full, charged = 1 + float(strain(start)), 1 + float(strain(end))
    return 100 * (charged / full - 1)


@computation
def curve_difference(active: str, claim: str, other: str, low: float, high: float) -> float:
    """Largest difference of two open-circuit curves of a material between two contents [mV]."""
    content = np.linspace(low, high, 1201)
    one, two = (np.asarray(curve(active, "open_circuit_voltage", name)(content)) for name in (claim, other))
    return 1e3 * float(np.max(np.abs(one - two)))


@computation
def open_circuit_potential(active: str, content: float) -> float:
    """Open-circuit voltage of an active material against lithium [V]."""
    return float(curve(active, "open_circuit_voltage")(content))


@computation
def mean_open_circuit_potential(active: str, upper: float, capacity_mAh_g: float) -> float:
    """Mean open-circuit voltage [V] of a discharge of a measured capacity that starts at ``upper``."""
    potential = curve(active, "open_circuit_voltage")
    start = content_at(active, upper)
    theoretical = float(composition.theoretical_capacity(number(active, "molar_mass"))) / 3600
    end = start + capacity_mAh_g / theoretical
    content = np.linspace(start, end, 2001)
    return float(np.trapezoid(np.asarray(potential(content)), content)) / (end - start)


@computation
def pressure_slope(anode: str, active: str | None = None, content: float = 0.5, width: float = 0.02) -> float:
    """Slope of the equilibrium voltage with pressure [mV/MPa]; without ``active`` the cathode keeps its volume.

    The strain is a table: its slope is taken over ``width`` around the content, as a measurement between two states.
    """
    cathode = 0.0
    if active is not None:
        strain = curve(active, "volume_strain")
        ends = [float(strain(content + side * width / 2)) for side in (1, -1)]
        cathode = open_circuit.partial_molar_volume(
            number(active, "molar_mass"), number(active, "density"), (ends[0] - ends[1]) / width
        )
    return float(open_circuit.pressure_coefficient(cathode, number(anode, "lithium_molar_volume"))) * 1e9
