"""The property table: what can be claimed about a material, in which unit, for which kind.

This table drives the check of material files, their listing and the docs. Leaves out: the values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    "casing",
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
    read_by
        What computes with it: "cell" (the cell model and what is derived of a cell), or empty for library data,
        which :data:`LIBRARY_DATA` lists.
    """

    name: str
    unit: str
    kinds: tuple[str, ...]
    description: str
    form: Form = "number"
    sign: Sign = "positive"
    choices: tuple[str | float, ...] = ()
    maximum: float | None = None
    read_by: str = "cell"


_SE = ("electrolyte",)
_AM = ("active_material",)
_AN = ("anode",)
_SOLIDS = KINDS
_IONIC = ("electrolyte", "coating", "interlayer", "anode")
_ELECTRONIC = ("electrolyte", "active_material", "additive", "collector", "anode", "interlayer", "coating")
_NETWORK = ("active_material", "additive")
_CHARGE = ("active_material", "anode", "interlayer", "additive")
_TOUCHING = ("electrolyte", "interlayer")
_HOSTS = ("active_material", "anode", "interlayer")

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
    Property("price", "USD/kg", _SOLIDS, "price of the material bought by the tonne", read_by="lisse energy"),
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
    Property(
        "percolation_particle_diameter", "m", _AM, "diameter of the particles that the percolation threshold holds for"
    ),
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
        _TOUCHING,
        "interphase with lithium: 1 none, 2 mixed conductor (keeps growing), 3 ion-conducting film",
        choices=(1.0, 2.0, 3.0),
    ),
    Property("air_stability", "", _SE, "what humid air does to it", form="text"),
    Property(
        "hydrolysis_rate",
        "kg/m^2/s",
        _SE,
        "mass that saturated water vapour turns into H2S and hydroxides, per true area",
        read_by="lisse air",
    ),
    Property(
        "decomposition_volume",
        "m^3/mol",
        _SE,
        "growth of volume per mole of lithium when it decomposes at either edge of its window",
    ),
    Property("grain_boundary_resistance", "ohm*m^2", _SE, "resistance of one grain boundary per area at 25 degC"),
    Property("grain_boundary_opening", "m", _SE, "gap at which a grain boundary has twice its resistance"),
    Property("grain_size", "m", (*_SE, "active_material"), "grain or powder particle diameter"),
    Property("densification_pressure", "Pa", _SE, "Heckel pressure P_y in ln(1/(1-D)) = P/P_y + A"),
    Property("densification_intercept", "", _SE, "Heckel intercept A", sign="non-negative"),
    Property("lithium_contact_hardness", "Pa", _TOUCHING, "effective hardness P_H of the static contact with lithium"),
    Property(
        "lithium_contact_resistance",
        "ohm*m^2",
        _TOUCHING,
        "constriction resistance R_c of the contact with lithium",
    ),
    Property("lithium_contact_unloading_exponent", "", _TOUCHING, "exponent of the contact area on unloading"),
    Property("binder_sensitivity", "", _SE, "decay of the conductivity per weight percent of binder"),
    # contact with lithium under current
    Property(
        "healing_current_offset",
        "A/m^2",
        _TOUCHING,
        "stripping current that lithium heals without pressure, i_0",
        sign="non-negative",
    ),
    Property(
        "healing_current_linear",
        "A/m^2/Pa",
        _TOUCHING,
        "healing current per pressure, k_1",
        sign="non-negative",
    ),
    Property(
        "healing_current_power",
        "A/m^2",
        _TOUCHING,
        "part of the healing current that goes with the creep exponent of lithium, at 1 MPa, k_n",
        sign="non-negative",
    ),
    Property("void_height", "m", _TOUCHING, "open void volume per area at which contact is down to 1/e, h_1"),
    Property("void_onset_ratio", "", _TOUCHING, "void volume at which healing is half of its full value, over h_1"),
    Property("void_yield", "", _TOUCHING, "part of the stripped lithium that opens void, chi", maximum=1.0),
    Property("void_spacing", "m", _TOUCHING, "distance between voids"),
    Property("refill_efficiency", "", _TOUCHING, "void volume that plating closes per deposited volume, lambda"),
    Property("occluded_fraction", "", _TOUCHING, "part of the refilled void that is buried, omega", maximum=1.0),
    Property("occluded_size_factor", "", _TOUCHING, "strengthening of lithium around a buried void"),
    Property("reexposure_thickness", "m", _TOUCHING, "cover below which stripping opens a buried void again"),
    Property("critical_plating_current", "A/m^2", _TOUCHING, "local plating current of which half of the cells short"),
    Property("weibull_modulus", "", _TOUCHING, "Weibull modulus of the critical plating current, m_J"),
    # filaments
    Property("pore_creep_pressure", "Pa", _SE, "pressure that speeds creep of lithium into pores by e, P_0"),
    Property("pore_creep_rate", "m/s", _SE, "creep front at 0.075 mA/cm2, 18 % porosity and no pressure, v_0"),
    Property("pore_creep_threshold_pressure", "Pa", _SE, "pressure below which lithium does not creep into pores"),
    Property(
        "pore_creep_critical_porosity",
        "",
        _SE,
        "porosity below which pores do not connect",
        sign="non-negative",
        maximum=0.18,
    ),
    Property(
        "pore_creep_current_exponent",
        "",
        _SE,
        "exponent of the plating current in the creep front, a_i",
        sign="non-negative",
    ),
    Property("mechanical_short_time", "s", _SE, "median time to a short by pressure alone, t_m"),
    Property("mechanical_short_pressure", "Pa", _SE, "pressure above which pressure alone can short a cell"),
    Property("flaw_size", "m", _SE, "smallest depth of the flaws at the surface, a_min"),
    Property("flaw_aspect_ratio", "", _SE, "width over depth of a flaw"),
    Property("surface_slope", "", _SE, "root-mean-square slope of the surface that lithium is pressed on"),
    Property("asperity_height_deviation", "m", _SE, "standard deviation of the heights of the surface's asperities"),
    Property("asperity_tip_radius", "m", _SE, "radius of the tips of the surface's asperities"),
    Property("critical_plating_toughness", "Pa*m^0.5", _SE, "toughness of the samples behind that current"),
    Property("local_resistance_ratio", "", _SE, "resistance at the mouth of the flaw that decides over the mean one"),
    Property("filament_speed", "m/s", _SE, "advance of a filament after it has started"),
    Property("soft_short_growth", "S/m^2/s", _SE, "rise of the parallel conductance of a soft short"),
    # interphase with lithium
    Property(
        "interphase_parabolic_constant",
        "A*s^0.5/m^2",
        _TOUCHING,
        "charge consumed per root of time where diffusion decides, k_q",
        sign="non-negative",
    ),
    Property("interphase_rate", "A/m^2", _TOUCHING, "current consumed where the reaction decides, k_r"),
    Property("interphase_conductivity", "S/m", _TOUCHING, "ionic conductivity of the interphase"),
    Property("interphase_thickness_per_charge", "m^3/C", _TOUCHING, "interphase formed per charge of lithium"),
    Property("interphase_activation_energy", "J/mol", _TOUCHING, "activation energy of the growth"),
    Property(
        "interphase_fresh_surface_factor",
        "",
        _TOUCHING,
        "extra growth on freshly plated lithium",
        sign="non-negative",
    ),
    # interphase with the oxide
    Property("oxidation_growth", "m^2/s", _SE, "parabolic constant of the interphase on bare oxide at 4.3 V, k_p"),
    Property("oxidation_voltage_sensitivity", "1/V", _SE, "how fast that constant rises with voltage, s_V"),
    Property("oxidation_onset", "V", _SE, "voltage against lithium at which the oxidation is seen"),
    Property("oxidation_onset_width", "V", _SE, "width of that onset"),
    Property("oxidation_growth_energy", "J/mol", _SE, "activation energy of the growth"),
    Property("oxidation_first_thickness", "m", _SE, "interphase that forms at once on bare oxide"),
    Property("oxidation_first_time", "s", _SE, "time in which it does"),
    Property("oxidation_film_conductivity", "S/m", _SE, "ionic conductivity of the interphase on oxide"),
    Property("oxidation_film_energy", "J/mol", _SE, "activation energy of that conductivity"),
    Property("oxidation_charge_density", "A*s/m^3", _SE, "charge of oxidation per volume of electrolyte"),
    Property("oxidation_factor", "", ("additive",), "growth on its surface over that on bare oxide"),
    # contact with the oxide
    Property("adhesion_energy", "J/m^2", (*_SE, "coating"), "fracture energy of the interface with the oxide"),
    Property(
        "adhesion_per_binder",
        "J/m^2",
        ("binder",),
        "what it adds to that energy per mass fraction of the composite",
        sign="non-negative",
    ),
    # active material
    Property("practical_capacity", "A*s/kg", _AM, "capacity that a cell delivers at C/10"),
    Property("theoretical_capacity", "A*s/kg", _AM, "capacity of one lithium per formula unit"),
    Property("pristine_lithium_content", "", _AM, "lithium per formula unit before the first charge", maximum=1.2),
    Property("open_circuit_voltage", "V", (*_AM, "anode"), "potential against lithium at rest", form="curve"),
    Property("diffusivity", "m^2/s", _HOSTS, "chemical diffusivity of lithium", form="number or curve"),
    Property("diffusivity_activation_energy", "J/mol", _HOSTS, "activation energy of the diffusivity"),
    Property("exchange_current_density", "A/m^2", _AM, "i0_ref in i0 = i0_ref 2 sqrt(x(1-x)), per wetted area"),
    Property("exchange_current_activation_energy", "J/mol", _AM, "activation energy of the exchange current"),
    Property("entropic_coefficient", "V/K", (*_AM, "anode"), "dU/dT", form="number or curve", sign="any"),
    Property("volume_strain", "", _AM, "free volume change against the first point", form="curve"),
    Property(
        "a_axis_strain",
        "",
        _AM,
        "free change of the lattice constant a against the first point",
        form="curve",
        read_by="lisse pressure-voltage",
    ),
    Property(
        "c_axis_strain",
        "",
        _AM,
        "free change of the lattice constant c against the first point",
        form="curve",
        read_by="lisse pressure-voltage",
    ),
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
    Property("creep_sinh_coefficient", "1/Pa", _AN, "alpha of the breakdown of the power law, sinh(alpha s)/alpha"),
    Property("surface_energy", "J/m^2", _AN, "surface energy"),
    Property("size_effect_length", "m", _AN, "size below which lithium gets stronger"),
    Property("size_effect_exponent", "", _AN, "exponent of the size effect"),
    Property("anand_prefactor", "1/s", _AN, "Anand model: prefactor A", read_by="lisse lithium"),
    Property("anand_activation_energy", "J/mol", _AN, "Anand model: activation energy Q", read_by="lisse lithium"),
    Property("anand_rate_sensitivity", "", _AN, "Anand model: rate sensitivity m", read_by="lisse lithium"),
    Property("anand_initial_resistance", "Pa", _AN, "Anand model: initial resistance S_0", read_by="lisse lithium"),
    Property("anand_saturation_resistance", "Pa", _AN, "Anand model: saturation value S_s", read_by="lisse lithium"),
    Property("anand_hardening", "Pa", _AN, "Anand model: hardening modulus H_0", read_by="lisse lithium"),
    Property("anand_hardening_exponent", "", _AN, "Anand model: hardening exponent a", read_by="lisse lithium"),
    Property("anand_saturation_exponent", "", _AN, "Anand model: rate exponent n of S_s", read_by="lisse lithium"),
    Property("lithium_concentration", "mol/m^3", _AN, "lithium in the alloy as made"),
    Property(
        "limiting_lithium_concentration",
        "mol/m^3",
        _AN,
        "lithium at the surface of an alloy at which it counts as used up",
        sign="non-negative",
    ),
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
    Property(
        "grain_mismatch_factor",
        "",
        ("coating",),
        "strain at grain boundaries that it fills over that without it",
        sign="non-negative",
        maximum=1.0,
    ),
    Property("elastic_strain_limit", "", ("coating",), "largest strain from which a shell comes back"),
    Property("thickness", "m", ("collector", "interlayer", "anode"), "usual thickness"),
    # what an interlayer does to the interface with lithium
    Property("healing_current_factor", "", ("interlayer",), "healing current of lithium under it over that without"),
    Property("critical_plating_factor", "", ("interlayer",), "critical plating current under it over that without"),
    Property(
        "interphase_factor",
        "",
        ("interlayer",),
        "growth of the interphase under it over that without",
        sign="non-negative",
    ),
    Property("reservoir_thickness", "m", ("interlayer",), "lithium in its pores, as thickness of dense metal"),
)

LIBRARY_DATA = (
    "bulk_modulus",
    "fracture_strength",
    "hardness",
    "thermal_conductivity",
    "network_conductivity",
    "air_stability",
    "lithium_concentration",
    "film_thickness",
)
"""Properties that no mechanism reads yet. Whoever builds one that does takes its properties out of this list: the
documentation shows what is left, and a test holds the list against the code."""

PROPERTIES: dict[str, Property] = {
    row.name: replace(row, read_by="") if row.name in LIBRARY_DATA else row for row in _ROWS
}
"""The table by name."""


def properties_of(kind: str) -> list[Property]:
    """Return the properties that a kind of material may claim."""
    return [row for row in PROPERTIES.values() if kind in row.kinds]
