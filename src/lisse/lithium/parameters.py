"""Which claims the lithium interface rests on, and how cells that differ by their spreads are drawn.

Every parameter has a stream of random numbers of its own, so that adding one does not move the others. Leaves out:
what the parameters do (``interface``).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.materials import Curve
from lisse.separator import creep_into_pores

if TYPE_CHECKING:
    from lisse.cell.claims import ResolvedClaim
    from lisse.materials import Spread

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One parameter of the interface.

    Attributes
    ----------
    name
        Key under which the simulator reads it.
    role
        ``anode``, ``separator``, or ``interface``: the interlayer where the cell has one that makes a claim, else the
        separator.
    claim
        Property of the materials library.
    needs_lithium
        Whether it belongs to a metal that creeps, and means nothing for an alloy that keeps its skeleton.
    lowest, highest
        Bounds that a draw is kept within.
    optional
        Whether a cell may do without the claim: what an interlayer changes.
    """

    name: str
    role: str
    claim: str
    needs_lithium: bool = False
    lowest: float = 0.0
    highest: float = np.inf
    optional: bool = False


ROWS: tuple[Row, ...] = (
    Row("creep_prefactor", "anode", "creep_prefactor", True),
    Row("creep_exponent", "anode", "creep_exponent", True, 3.0, 10.0),
    Row("creep_energy", "anode", "creep_activation_energy", True),
    Row("sinh_coefficient", "anode", "creep_sinh_coefficient", True),
    Row("surface_energy", "anode", "surface_energy", True),
    Row("charge_transfer_resistance", "anode", "charge_transfer_resistance"),
    Row("charge_transfer_energy", "anode", "charge_transfer_activation_energy"),
    Row("contact_hardness", "interface", "lithium_contact_hardness", True),
    Row("contact_resistance", "interface", "lithium_contact_resistance", True),
    Row("unloading_exponent", "interface", "lithium_contact_unloading_exponent", True),
    Row("healing_offset", "interface", "healing_current_offset", True),
    Row("healing_linear", "interface", "healing_current_linear", True),
    Row("healing_power", "interface", "healing_current_power", True),
    Row("void_yield", "interface", "void_yield", True, 0.01, 1.0),
    Row("coverage_height", "interface", "void_height", True),
    Row("onset_ratio", "interface", "void_onset_ratio", True),
    Row("refill_efficiency", "interface", "refill_efficiency", True),
    Row("occluded_fraction", "interface", "occluded_fraction", True, 0.0, 1.0),
    Row("occluded_size_factor", "interface", "occluded_size_factor", True, 1.0),
    Row("reexposure_thickness", "interface", "reexposure_thickness", True, 1e-9),
    Row("void_spacing", "interface", "void_spacing", True),
    Row("critical_plating_current", "interface", "critical_plating_current", True),
    Row("weibull_modulus", "interface", "weibull_modulus", True, 0.5),
    Row("interphase_rate", "interface", "interphase_rate"),
    Row("interphase_parabolic", "interface", "interphase_parabolic_constant"),
    Row("interphase_conductivity", "interface", "interphase_conductivity"),
    Row("interphase_thickness", "interface", "interphase_thickness_per_charge"),
    Row("interphase_energy", "interface", "interphase_activation_energy"),
    Row("fresh_surface_factor", "interface", "interphase_fresh_surface_factor"),
    Row("healing_factor", "interlayer", "healing_current_factor", True, optional=True),
    Row("plating_factor", "interlayer", "critical_plating_factor", True, optional=True),
    Row("interphase_factor", "interlayer", "interphase_factor", optional=True),
    Row("reservoir", "interlayer", "reservoir_thickness", True, optional=True),
    Row("pore_pressure", "separator", "pore_creep_pressure", True, 3e6),
    Row("pore_rate", "separator", "pore_creep_rate", True),
    Row("pore_threshold", "separator", "pore_creep_threshold_pressure", True, 0.0, 9e6),
    Row("pore_porosity", "separator", "pore_creep_critical_porosity", True, 0.0, 0.17),
    Row("pore_current_exponent", "separator", "pore_creep_current_exponent", True),
    Row("press_short_time", "separator", "mechanical_short_time", True),
    Row("press_short_pressure", "separator", "mechanical_short_pressure", True),
    Row("toughness", "separator", "fracture_toughness", True),
    Row("flaw_size", "separator", "flaw_size", True),
    Row("flaw_aspect", "separator", "flaw_aspect_ratio", True),
    Row("local_resistance", "separator", "local_resistance_ratio", True, 0.01),
    Row("filament_speed", "separator", "filament_speed", True),
    Row("short_growth", "separator", "soft_short_growth", True),
    Row("conductivity", "separator", "ionic_conductivity"),
    Row("electronic_conductivity", "separator", "electronic_conductivity"),
)


def creeps(cell: Cell) -> bool:
    """Tell whether the anode is a metal that flows under pressure (an alloy keeps its skeleton)."""
    return cell.has_claim("anode", "creep_prefactor")


def read_claims(cell: Cell) -> dict[str, ResolvedClaim]:
    """Return the claims of a cell's lithium interface by parameter.

    Raises
    ------
    InputError
        If a material makes no claim on a parameter that the interface needs.
    """
    flowing = creeps(cell)
    found = {}
    for row in ROWS:
        if (row.needs_lithium and not flowing) or (row.optional and not cell.has_claim(row.role, row.claim)):
            continue
        role = cell.interface(row.claim) if row.role == "interface" else row.role
        claim = cell.claim(role, row.claim)
        if isinstance(claim.value, Curve | str):
            raise InputError(f"claims.{role}.{row.claim}: a single number is needed here.")
        found[row.name] = claim
    return found


def medians(claims: Mapping[str, ResolvedClaim], count: int = 1) -> dict[str, Array]:
    """Return the claims' own values, once per cell."""
    return {name: np.full(count, _value(claim)) for name, claim in claims.items()}


def draw(claims: Mapping[str, ResolvedClaim], count: int, seed: int) -> dict[str, Array]:
    """Return parameters of cells that differ by the spreads of their claims.

    Parameters
    ----------
    claims
        By parameter, see :func:`read_claims`.
    count
        Number of cells.
    seed
        Seed of the random numbers; equal seeds give equal cells.

    Returns
    -------
    dict
        Arrays of shape (count,) in SI.
    """
    rows = {row.name: row for row in ROWS}
    shared = _shared(claims, count, seed)
    drawn = {
        name: np.clip(
            _sample(_value(claim), claim.spread, stream(name, seed), count, shared.get(name)),
            rows[name].lowest,
            rows[name].highest,
        )
        for name, claim in claims.items()
    }
    if "pore_rate" in drawn:
        # Rate, pressure scale and threshold were fitted together: a draw of the others moves the rate along. Its own
        # scatter is that of the paths through the pores.
        fitted = creep_into_pores.fitted_velocity(drawn["pore_pressure"], drawn["pore_threshold"])
        usual = creep_into_pores.fitted_velocity(_value(claims["pore_pressure"]), _value(claims["pore_threshold"]))
        drawn["pore_rate"] = _value(claims["pore_rate"]) * fitted / usual
    if "occluded_fraction" in drawn:
        # Filling more volume than is plated would make lithium (anode.md 2.6): the rest can only be covered.
        covered = 1 - 1 / np.maximum(drawn["refill_efficiency"], 1e-9)
        drawn["occluded_fraction"] = np.maximum(drawn["occluded_fraction"], covered)
    return drawn


def stream(name: str, seed: int) -> np.random.Generator:
    """Return the random numbers of one parameter."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _value(claim: ResolvedClaim) -> float:
    assert isinstance(claim.value, float | int)
    return float(claim.value)


def _shared(claims: Mapping[str, ResolvedClaim], count: int, seed: int) -> dict[str, Array]:
    """Return the normal scores of parameters whose error goes along with that of another one, shape (count,)."""
    found = {}
    for name, claim in claims.items():
        for other, coefficient in claim.correlated.items():
            for partner, theirs in claims.items():
                if theirs.property == other and (theirs.role, theirs.material) == (claim.role, claim.material):
                    own, its = (stream(each, seed).standard_normal(count) for each in (name, partner))
                    found[partner] = coefficient * own + np.sqrt(1 - coefficient**2) * its
    return found


def _sample(
    value: float, spread: Spread, random: np.random.Generator, count: int, normal: Array | None = None
) -> Array:
    if spread.low is not None and spread.high is not None:
        return np.asarray(random.uniform(spread.low, spread.high, count))
    normal = random.standard_normal(count) if normal is None else normal
    if spread.kind == "factor":
        return np.asarray(value * np.exp(np.log(spread.size) * normal))
    if spread.kind == "absolute":
        return np.asarray(value + spread.size * normal)
    return np.full(count, value)
