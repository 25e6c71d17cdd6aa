"""Parameters of the mechanisms of the lithium interface, of bending and of a reference electrode.

The same claims as in ``lisse.lithium``, which draws many cells from their spreads; here each has its own value.
Leaves out: what every build reads (``parameter_sets``).
"""

from __future__ import annotations

import math
from typing import Any

from lisse.anode.interphase import FIRST_CHARGE
from lisse.cell.cell import Cell
from lisse.cell.options import ContactLaw, Options
from lisse.errors import InputError
from lisse.lithium.build import build
from lisse.lithium.filaments import SHORT_RECOVERY
from lisse.lithium.parameters import medians, read_claims
from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius
from lisse.separator.bending import IN_PLANE_SHARE, composite_modulus
from lisse.separator.flaw_statistics import REFERENCE_GRAIN_SIZE

NO_ROUGHENING = 1e9
"""Plating current density that roughens an alloy, whose skeleton grows no filaments [A/m2]."""
MIXED_CONDUCTOR = 2.0
"""Type of an interphase that conducts electrons."""
CLOSED_BOUNDARY_OPENING = 2e-9
"""Opening that doubles the resistance of a grain boundary, where the separator makes no claim [m]; its resistance is
then 0 and the number moves nothing."""
METAL_IN_PLANE, ALLOY_IN_PLANE = 0.0, 1 / 3
"""In-plane strain of the anode over its volume strain: lithium comes and goes at its surface, an alloy swells alike in
all directions [-]."""

_VOIDS = {
    "Anode void yield": "void_yield",
    "Anode void coverage height [m]": "coverage_height",
    "Anode void onset ratio": "onset_ratio",
    "Anode void refill efficiency": "refill_efficiency",
    "Anode void occluded fraction": "occluded_fraction",
    "Anode void re-exposure thickness [m]": "reexposure_thickness",
    "Anode void spacing [m]": "void_spacing",
    "Anode occluded void size factor": "occluded_size_factor",
    "Anode healing current offset [A.m-2]": "healing_offset",
    "Anode healing current per pressure [A.m-2.Pa-1]": "healing_linear",
    "Anode healing current by creep [A.m-2]": "healing_power",
    "Anode surface energy [J.m-2]": "surface_energy",
}
_HEALING = tuple(name for name in _VOIDS if name.startswith("Anode healing current"))
_CREEP = {
    "Anode creep prefactor [s-1]": "creep_prefactor",
    "Anode creep sinh coefficient [Pa-1]": "sinh_coefficient",
}
_INTERPHASE = {
    "Anode interphase reaction rate [A.m-2]": "interphase_rate",
    "Anode interphase parabolic constant [C.m-2.s-0.5]": "interphase_parabolic",
    "Anode interphase activation energy [J.mol-1]": "interphase_energy",
    "Anode interphase thickness per charge [m3.C-1]": "interphase_thickness",
    "Anode interphase conductivity [S.m-1]": "interphase_conductivity",
    "Anode interphase fresh-surface factor": "fresh_surface_factor",
}
_FILAMENTS = {
    "Filament speed [m.s-1]": "filament_speed",
    "Short growth rate [S.m-2.s-1]": "short_growth",
    "Separator electronic conductivity [S.m-1]": "electronic_conductivity",
    "Pore creep rate [m.s-1]": "pore_rate",
    "Pore creep pressure [Pa]": "pore_pressure",
    "Pore creep threshold pressure [Pa]": "pore_threshold",
    "Pore creep critical porosity": "pore_porosity",
    "Pore creep current exponent": "pore_current_exponent",
    "Mechanical short time [s]": "press_short_time",
    "Mechanical short pressure [Pa]": "press_short_pressure",
}


def lithium_values(cell: Cell, options: Options) -> dict[str, Any]:
    """Return the parameters that the options of a build need besides those of every cell."""
    values: dict[str, Any] = {}
    if options.lithium_mechanisms:
        values |= _interface_values(cell, options)
    if options.alloy_diffusion and cell.has_claim("anode", "limiting_lithium_concentration"):
        values |= _alloy_values(cell)
    if options.bending:
        values |= _bending_values(cell)
    if options.reference_electrode and cell.spec.separator.reference_electrode is not None:
        values["Reference electrode position"] = cell.spec.separator.reference_electrode
    if options.contact_law is not ContactLaw.EXPONENTIAL:
        values |= _contact_values(cell, options.contact_law)
    return values


def _interface_values(cell: Cell, options: Options) -> dict[str, Any]:
    found = {name: float(value[0]) for name, value in medians(read_claims(cell)).items()}
    flows = "creep_prefactor" in found
    names: dict[str, str] = {}
    if options.voids:
        names |= _VOIDS | _CREEP
    if options.extrusion:
        names |= _CREEP
    if options.interphase:
        names |= _INTERPHASE
    if options.filaments:
        names |= _FILAMENTS
    values: dict[str, Any] = {parameter: found[name] for parameter, name in names.items()}
    if options.voids:
        for name in _HEALING:
            values[name] *= found.get("healing_factor", 1.0)
        values["Interlayer reservoir thickness [m]"] = found.get("reservoir", 0.0)
    if options.interphase:
        # The factor of an interlayer is that of the thickness after a given time: of the parabolic constant.
        left = found.get("interphase_factor", 1.0)
        values["Anode interphase parabolic constant [C.m-2.s-0.5]"] *= left
        values["Anode interphase reaction rate [A.m-2]"] *= left**2
        values["Anode roughening current density [A.m-2]"] = (
            found["critical_plating_current"] / 2 if flows else NO_ROUGHENING
        )
        mixed = cell.has_claim("separator", "interphase_type")
        mixed = mixed and cell.number("separator", "interphase_type") == MIXED_CONDUCTOR
        values["Anode interphase electron conduction"] = float(mixed)
        values["Initial anode interphase charge [C.m-2]"] = FIRST_CHARGE
    if options.filaments:
        simulated = build(cell)
        warm = float(simulated.face.creep_factor[0])
        values |= {
            "Filament initiation current density [A.m-2]": float(simulated.filaments.critical[0, 0]) / warm,
            "Short recovery": SHORT_RECOVERY,
            "Separator porosity": cell.derived.separator_porosity,
        }
    if options.extrusion:
        values |= {
            "Anode foil thickness [m]": cell.spec.anode.thickness,
            "Anode foil radius [m]": math.sqrt(cell.derived.cell_area / math.pi),
        }
    return values


def _alloy_values(cell: Cell) -> dict[str, Any]:
    energy = cell.has_claim("anode", "diffusivity_activation_energy")
    return {
        "Anode alloy thickness [m]": cell.spec.anode.thickness,
        "Anode alloy diffusivity [m2.s-1]": cell.number("anode", "diffusivity"),
        "Anode alloy diffusivity activation energy [J.mol-1]": (
            cell.number("anode", "diffusivity_activation_energy") if energy else 0.0
        ),
        "Anode alloy limiting concentration [mol.m-3]": cell.number("anode", "limiting_lithium_concentration"),
    }


def _bending_values(cell: Cell) -> dict[str, Any]:
    """Elasticity and strength of the three layers; a flaw as deep as the deepest that a cell of its area has."""
    derived = cell.derived
    creeps = cell.has_claim("anode", "creep_prefactor")
    flaw = cell.number("separator", "flaw_size")
    if creeps:
        flaw = float(build(cell).filaments.depth[0, 0])
    boundary = cell.has_claim("separator", "grain_boundary_resistance")
    opening = cell.has_claim("separator", "grain_boundary_opening")
    soft = cell.has_claim("anode", "yield_strength")
    composite = composite_modulus(
        [derived.active_fraction, derived.electrolyte_fraction],
        [cell.volume_mean("youngs_modulus"), cell.number("electrolyte", "youngs_modulus")],
    )
    return {
        "Separator Young's modulus [Pa]": cell.number("separator", "youngs_modulus"),
        "Separator Poisson's ratio": cell.number("separator", "poisson_ratio"),
        "Separator fracture toughness [Pa.m0.5]": cell.number("separator", "fracture_toughness"),
        "Separator largest flaw [m]": flaw,
        "Separator grain size [m]": cell.spec.separator.grain_size or REFERENCE_GRAIN_SIZE,
        "Separator grain-boundary resistance [Ohm.m2]": (
            cell.number("separator", "grain_boundary_resistance") if boundary else 0.0
        ),
        "Separator grain-boundary opening [m]": (
            cell.number("separator", "grain_boundary_opening") if opening else CLOSED_BOUNDARY_OPENING
        ),
        "Positive electrode Young's modulus [Pa]": composite,
        "Positive electrode Poisson's ratio": cell.number("electrolyte", "poisson_ratio"),
        "Positive electrode yield strength [Pa]": cell.number("electrolyte", "yield_strength"),
        "Electrode in-plane share of volume change": IN_PLANE_SHARE,
        "Anode thickness [m]": cell.spec.anode.thickness,
        "Anode Young's modulus [Pa]": cell.number("anode", "youngs_modulus"),
        "Anode Poisson's ratio": cell.number("anode", "poisson_ratio"),
        "Anode yield strength [Pa]": cell.number("anode", "yield_strength" if soft else "youngs_modulus"),
        "Anode in-plane share of volume change": METAL_IN_PLANE if creeps else ALLOY_IN_PLANE,
    }


def _contact_values(cell: Cell, law: ContactLaw) -> dict[str, Any]:
    """Parameters of the laws of first loading that lisse does not use by default."""
    if not cell.has_claim("anode", "creep_exponent"):
        raise InputError(
            f'option contact_law: "{law.value}" is a law of lithium metal; {cell.spec.anode.material} touches '
            "everywhere."
        )
    compliance = sum(
        (1 - cell.number(side, "poisson_ratio") ** 2) / cell.number(side, "youngs_modulus")
        for side in ("anode", "separator")
    )
    values: dict[str, Any] = {"Anode contact modulus [Pa]": 1 / compliance}
    if law is ContactLaw.PERSSON:
        return values | {"Anode contact surface slope": cell.number("separator", "surface_slope")}
    return values | {
        "Anode contact height deviation [m]": cell.number("separator", "asperity_height_deviation"),
        "Anode contact tip radius [m]": cell.number("separator", "asperity_tip_radius"),
    }


def interlayer_values(cell: Cell) -> dict[str, float]:
    """Return the resistance of the layer between anode and separator at 25 degC, and its Arrhenius energy."""
    resistance, energy = cell.derived.interlayer_resistance, 0.0
    if resistance and cell.has_claim("interlayer", "activation_energy"):
        energy = cell.number("interlayer", "activation_energy")
        measured = cell.claim("interlayer", "ionic_conductivity").temperature or REFERENCE_TEMPERATURE
        resistance = resistance * float(arrhenius(energy, measured))
    return {
        "Interlayer area resistance [Ohm.m2]": resistance,
        "Interlayer conduction activation energy [J.mol-1]": energy,
    }
