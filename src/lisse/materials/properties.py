"""The property table: what can be claimed about a material, in which unit, for which kind.

This table drives the check of material files, their listing and the docs. Leaves out: the values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KINDS = (
    "electrolyte",
    "active_material",
    "anode",
    "additive",
    "binder",
    "collector",
    "coating",
    "interlayer",
)
"""Kinds of material, in the order of a lithium ion's way."""

Form = Literal["number", "curve", "number or curve", "text"]
Sign = Literal["positive", "non-negative", "any"]


@dataclass(frozen=True)
class Property:
    """One row of the table.

    Attributes
    ----------
    name
        Name used in material files.
    unit
        SI unit of the value inside lisse, empty for a pure number and for text.
    kinds
        Kinds of material that may claim it.
    description
        One line.
    form
        Whether the claim is a number, a curve in the lithium content x, either, or text.
    sign
        Sign that a number must have.
    choices
        Texts or numbers that are accepted; empty if all are.
    maximum
        Largest number that is accepted.
    """

    name: str
    unit: str
    kinds: tuple[str, ...]
    description: str
    form: Form = "number"
    sign: Sign = "positive"
    choices: tuple[str | float, ...] = ()
    maximum: float | None = None


_SE = ("electrolyte",)
_AM = ("active_material",)
_AN = ("anode",)
_SOLIDS = KINDS
_IONIC = ("electrolyte", "coating", "interlayer", "anode")
_ELECTRONIC = ("electrolyte", "active_material", "additive", "collector", "anode", "interlayer", "coating")
_NETWORK = ("active_material", "additive")
_CHARGE = ("active_material", "anode", "interlayer", "additive")

_ROWS = (
    # every material
    Property("density", "kg/m^3", _SOLIDS, "crystallographic or true density, without pores"),
    Property("molar_mass", "kg/mol", _SOLIDS, "mass of one formula unit"),
    Property("youngs_modulus", "Pa", _SOLIDS, "Young's modulus"),
    Property("shear_modulus", "Pa", _SOLIDS, "shear modulus"),
    Property("bulk_modulus", "Pa", _SOLIDS, "bulk modulus"),
    Property("poisson_ratio", "", _SOLIDS, "Poisson's ratio", maximum=0.5),
    Property("fracture_toughness", "Pa*m^0.5", _SOLIDS, "mode-I fracture toughness"),
    Property("fracture_strength", "Pa", _SOLIDS, "strength of a particle or dense body"),
    Property("yield_strength", "Pa", _SOLIDS, "onset of plastic flow in uniaxial loading"),
    Property("hardness", "Pa", _SOLIDS, "indentation hardness"),
    Property("heat_capacity", "J/kg/K", _SOLIDS, "specific heat at constant pressure"),
    Property("thermal_conductivity", "W/m/K", _SOLIDS, "thermal conductivity"),
    # conduction
    Property("ionic_conductivity", "S/m", _IONIC, "lithium-ion conductivity", sign="non-negative"),
    Property("activation_energy", "J/mol", _IONIC, "activation energy of the ionic conductivity"),
    Property(
        "arrhenius_form",
        "",
        _IONIC,
        "which Arrhenius form the activation energy belongs to: exp(-E/RT) or (1/T)exp(-E/RT)",
        form="text",
        choices=("exp", "exp/T"),
    ),
    Property("electronic_conductivity", "S/m", _ELECTRONIC, "electronic conductivity", form="number or curve"),
    Property(
        "network_conductivity",
        "S/m",
        _NETWORK,
        "electronic conductivity of a fully connected network of grains",
    ),
    Property("percolation_conductivity", "S/m", _NETWORK, "prefactor of the percolation closure"),
    Property("percolation_threshold", "", _NETWORK, "volume fraction at the percolation threshold", maximum=1.0),
    Property("percolation_exponent", "", _NETWORK, "exponent of the percolation closure"),
    # electrolyte
    Property(
        "oxidation_potential",
        "V",
        (*_SE, "coating"),
        "upper edge of the stability window against lithium",
        sign="any",
    ),
    Property(
        "reduction_potential",
        "V",
        (*_SE, "coating"),
        "lower edge of the stability window against lithium",
        sign="any",
    ),
    Property(
        "interphase_type",
        "",
        _SE,
        "interphase with lithium: 1 none, 2 mixed conductor (keeps growing), 3 ion-conducting film",
        choices=(1.0, 2.0, 3.0),
    ),
    Property("air_stability", "", _SE, "what humid air does to it", form="text"),
    Property("grain_size", "m", (*_SE, "active_material"), "grain or powder particle diameter"),
    Property("densification_pressure", "Pa", _SE, "Heckel pressure P_y in ln(1/(1-D)) = P/P_y + A"),
    Property("densification_intercept", "", _SE, "Heckel intercept A", sign="non-negative"),
    Property("lithium_contact_hardness", "Pa", _SE, "effective hardness P_H of the static contact with lithium"),
    Property(
        "lithium_contact_resistance",
        "ohm*m^2",
        _SE,
        "constriction resistance R_c of the contact with lithium",
    ),
    Property("lithium_contact_unloading_exponent", "", _SE, "exponent of the contact area on unloading"),
    Property("binder_sensitivity", "", _SE, "decay of the conductivity per weight percent of binder"),
    # active material
    Property("practical_capacity", "A*s/kg", _AM, "capacity that a cell delivers at C/10"),
    Property("theoretical_capacity", "A*s/kg", _AM, "capacity of one lithium per formula unit"),
    Property("pristine_lithium_content", "", _AM, "lithium per formula unit before the first charge", maximum=1.2),
    Property("open_circuit_voltage", "V", (*_AM, "anode"), "potential against lithium at rest", form="curve"),
    Property("diffusivity", "m^2/s", (*_AM, "anode"), "chemical diffusivity of lithium", form="number or curve"),
    Property("diffusivity_activation_energy", "J/mol", (*_AM, "anode"), "activation energy of the diffusivity"),
    Property("exchange_current_density", "A/m^2", _AM, "i0_ref in i0 = i0_ref 2 sqrt(x(1-x)), per wetted area"),
    Property("exchange_current_activation_energy", "J/mol", _AM, "activation energy of the exchange current"),
    Property("entropic_coefficient", "V/K", (*_AM, "anode"), "dU/dT", form="number or curve", sign="any"),
    Property("volume_strain", "", _AM, "free volume change against the first point", form="curve"),
    Property("particle_radius", "m", (*_AM, "additive"), "radius of a secondary particle (or single crystal)"),
    Property("double_layer_capacitance", "F/m^2", (*_AM, "anode"), "capacitance per true area (anode: cell area)"),
    Property("specific_surface", "m^2/kg", (*_AM, "additive"), "BET surface"),
    # anode
    Property("potential", "V", _AN, "potential against lithium", sign="any"),
    Property("lithium_molar_volume", "m^3/mol", _AN, "volume that one mole of stored lithium takes"),
    Property("charge_transfer_resistance", "ohm*m^2", _AN, "charge transfer resistance at 25 degC"),
    Property("charge_transfer_activation_energy", "J/mol", _AN, "activation energy of the charge transfer"),
    Property("specific_capacity", "A*s/kg", (*_AN, "interlayer", "additive"), "charge per mass of anode"),
    Property("creep_prefactor", "1/s", _AN, "creep rate at 1 MPa and 25 degC"),
    Property("creep_exponent", "", _AN, "stress exponent of the creep"),
    Property("creep_activation_energy", "J/mol", _AN, "activation energy of the creep"),
    Property("depletion_exponent", "", _AN, "how sharply the potential rises when the alloy runs out of lithium"),
    Property(
        "lithium_fraction_initial",
        "",
        _AN,
        "part of the lithium capacity filled at the start",
        sign="non-negative",
        maximum=1.0,
    ),
    # coating, collector, interlayer
    Property("film_thickness", "m", ("coating", "interlayer"), "usual thickness of the film"),
    Property(
        "residual_reactivity",
        "",
        ("coating",),
        "interphase growth that is left under the coating",
        sign="non-negative",
        maximum=1.0,
    ),
    Property("thickness", "m", ("collector", "interlayer", "anode"), "usual thickness"),
)

PROPERTIES: dict[str, Property] = {row.name: row for row in _ROWS}
"""The table by name."""


def properties_of(kind: str) -> list[Property]:
    """Return the properties that a kind of material may claim."""
    return [row for row in _ROWS if kind in row.kinds]
