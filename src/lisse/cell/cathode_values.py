"""Parameters of the mechanisms of the composite cathode: contact loss, cracks, interphase.

Leaves out: what every build reads (``parameter_sets``).
"""

from __future__ import annotations

from typing import Any

from lisse.cathode.contact_loss import ContactLoss, fabrication_quality, gap_length_factor
from lisse.cathode.cracks import MORPHOLOGIES, Cracks
from lisse.cathode.debonding import RESIDUAL_SHARE, mismatch_modulus
from lisse.cathode.interphase import CathodeInterphase
from lisse.cell.cell import Cell
from lisse.cell.options import Options

WETTING_GAP, ISOLATION_GAP = 40e-9, 3.5e-9
"""Gaps over which wetted area and paths are lost at the reference interface [m] (see ``contact_loss``). The second is
calibrated: it lets uncoated NMC811 in Li3PS4 (Koerver et al. 2017) lose 19 mAh/g to isolation in its first cycle."""
LOWEST_CONNECTED = 0.75
"""Connected fraction of widely open contacts after 446 MPa [-]."""


def cathode_mechanism_values(cell: Cell, options: Options) -> dict[str, Any]:
    """Return the parameters of the mechanisms of the composite that are on, those of single populations left out."""
    on = {"contact_loss": ContactLoss, "cracks": Cracks, "cathode_interphase": CathodeInterphase}
    values: dict[str, Any] = {
        info.name: info.default
        for name, mechanism in on.items()
        if getattr(options, name)
        for info in mechanism.parameters
        if info.default is not None
    }
    if options.contact_loss:
        values |= _contact_values(cell)
    if options.cracks:
        values |= _crack_values(cell)
    if options.cathode_interphase:
        values |= _interphase_values(cell, options)
    return values


def population_mechanism_values(cell: Cell, options: Options, radius: float, role: str = "active") -> dict[str, Any]:
    """Return the parameters of one population: particles of a radius [m] of the material in a role."""
    values: dict[str, Any] = {}
    if options.contact_loss or options.cracks:
        values["Pristine lithium content"] = cell.initial_contents[role]
    if options.contact_loss:
        modulus = _mismatch_modulus(cell, role)
        factor = float(gap_length_factor(_adhesion(cell), radius, modulus))
        values |= {
            "Positive electrode mismatch modulus [Pa]": modulus,
            "Positive electrode wetting gap [m]": WETTING_GAP * factor,
            "Positive electrode isolation gap [m]": ISOLATION_GAP * factor,
        }
    return values


def _mismatch_modulus(cell: Cell, role: str) -> float:
    electrolyte, particle = (
        (cell.number(part, "youngs_modulus"), cell.number(part, "poisson_ratio")) for part in ("electrolyte", role)
    )
    return float(mismatch_modulus(*electrolyte, *particle))


def _adhesion(cell: Cell) -> float:
    """Fracture energy of the interface [J/m2]: of the coated and the bare part together, with what a binder adds."""
    adhesion, coating = cell.number("electrolyte", "adhesion_energy"), cell.spec.composite.coating
    if coating is not None and cell.has_claim("coating", "adhesion_energy"):
        adhesion += coating.coverage * (cell.number("coating", "adhesion_energy") - adhesion)
    share = cell.spec.composite.mass_fractions.binder
    if share and cell.has_claim("binder", "adhesion_per_binder"):
        adhesion += share * cell.number("binder", "adhesion_per_binder")
    return adhesion


def _contact_values(cell: Cell) -> dict[str, Any]:
    pressed = cell.spec.operation.fabrication_pressure or 0.0
    quality = min(1.0, float(fabrication_quality(pressed))) if pressed else 1.0
    reach, coating = 0.0, cell.spec.composite.coating
    if coating is not None and cell.has_claim("coating", "elastic_strain_limit"):
        reach = coating.thickness * cell.number("coating", "elastic_strain_limit")
    return {
        "Positive particle shell reach [m]": reach,
        "Positive electrode residual pressure [Pa]": RESIDUAL_SHARE * pressed,
        "Positive electrode lowest connected fraction": 1 - (1 - LOWEST_CONNECTED) / quality**0.5,
    }


def _crack_values(cell: Cell) -> dict[str, Any]:
    form = MORPHOLOGIES[cell.spec.composite.morphology]
    relief = 1.0
    if cell.spec.composite.grain_coating is not None:
        relief = cell.number("grain_coating", "grain_mismatch_factor")
    return {
        "Positive particle grain mismatch": form.mismatch * relief,
        "Positive particle cracked path ratio": form.path_ratio,
        "Positive particle cracked active mass": form.active_mass,
    }


def _interphase_values(cell: Cell, options: Options) -> dict[str, Any]:
    stem = "Cathode interphase"
    values = {
        f"{stem} {name}": cell.number("electrolyte", claim)
        for name, claim in (
            ("parabolic constant [m2.s-1]", "oxidation_growth"),
            ("activation energy [J.mol-1]", "oxidation_growth_energy"),
            ("voltage sensitivity [V-1]", "oxidation_voltage_sensitivity"),
            ("onset voltage [V]", "oxidation_onset"),
            ("onset width [V]", "oxidation_onset_width"),
            ("fast thickness [m]", "oxidation_first_thickness"),
            ("fast time [s]", "oxidation_first_time"),
            ("conductivity [S.m-1]", "oxidation_film_conductivity"),
            ("conductivity activation energy [J.mol-1]", "oxidation_film_energy"),
            ("charge per volume [C.m-3]", "oxidation_charge_density"),
            ("oxidation potential [V]", "oxidation_potential"),
        )
    }
    if options.coated:
        values["Coating residual reactivity"] = cell.number("coating", "residual_reactivity")
    if options.carbon_oxidation:
        area = cell.number("carbon", "specific_surface") * cell.number("carbon", "density")
        values |= {
            "Carbon area per volume [m-1]": area * cell.derived.carbon_fraction,
            "Carbon oxidation factor": cell.number("carbon", "oxidation_factor"),
        }
    return values
