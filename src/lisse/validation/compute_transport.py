"""Computations of the targets on transport in the composite: closures, particle sizes, profiles through the electrode.

Units are those of the targets (S/cm, mg/cm2, um). Leaves out: capacities, which need the runs of ``cathode.toml``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse.cathode import composition, conductivity, percolation_sizes
from lisse.cell.cell import Cell
from lisse.materials import Material
from lisse.validation.computations import computation, number

if TYPE_CHECKING:
    from numpy.typing import NDArray

CUT_OFF = 50.0
"""Voltage limit that no profile reaches [V]: the papers compare at a given charge."""


def _volumes(active: str, electrolyte: str, active_mass_fraction: float, void: float) -> dict[str, float]:
    weights = {"active": active_mass_fraction, "electrolyte": 1 - active_mass_fraction}
    densities = {"active": number(active, "density"), "electrolyte": number(electrolyte, "density")}
    return {name: float(value) for name, value in composition.volume_fractions(weights, densities, void).items()}


@computation
def ionic_utilisation(
    active_mass_fraction: float, size_ratio: float, active_g_cm3: float, electrolyte_g_cm3: float
) -> float:
    """Share of the active material that the electrolyte connects [-], of a composite of given densities."""
    active, electrolyte = active_mass_fraction / active_g_cm3, (1 - active_mass_fraction) / electrolyte_g_cm3
    return float(percolation_sizes.ionic_utilisation(active / (active + electrolyte), size_ratio))


@computation
def sized_composite_ionic(electrolyte_fraction: float, electrolyte_mS_cm: float, size_ratio: float) -> float:
    """Effective ionic conductivity by the percolation closure with the threshold of a size ratio [S/cm]."""
    threshold = percolation_sizes.ionic_threshold(size_ratio)
    kappa = conductivity.percolating_ionic(electrolyte_mS_cm / 10, electrolyte_fraction, threshold)
    return float(kappa) / 100


@computation
def composite_tortuosity(
    electrolyte_fraction: float, threshold: float | None = None, exponent: float | None = None
) -> float:
    """Tortuosity factor of the electrolyte in a composite by the percolation closure [-], or by one of its own."""
    law = {"threshold": threshold, "exponent": exponent}
    given = {name: value for name, value in law.items() if value is not None}
    return electrolyte_fraction / float(conductivity.percolating_ionic(1.0, electrolyte_fraction, **given))


@computation
def mixture_ionic(
    active: str, electrolyte: str, active_mass_fraction: float, void: float, electrolyte_mS_cm: float
) -> float:
    """Effective ionic conductivity of a mixture by weight, by the percolation closure [S/cm]."""
    fraction = _volumes(active, electrolyte, active_mass_fraction, void)["electrolyte"]
    return float(conductivity.percolating_ionic(electrolyte_mS_cm / 10, fraction)) / 100


@computation
def mixture_electronic(
    active: str, electrolyte: str, active_mass_fraction: float, void: float, diameter_um: float
) -> float:
    """Effective electronic conductivity of a mixture without carbon, with the library's claims on the oxide [S/cm]."""
    fraction = _volumes(active, electrolyte, active_mass_fraction, void)["active"]
    prefactor, threshold, exponent = (
        number(active, f"percolation_{name}") for name in ("conductivity", "threshold", "exponent")
    )
    reference = percolation_sizes.REFERENCE_DIAMETER
    if Material.load(active).has("percolation_particle_diameter"):
        reference = number(active, "percolation_particle_diameter")
    moved = percolation_sizes.electronic_threshold(diameter_um * 1e-6, threshold, reference)
    return float(conductivity.percolating_electronic(fraction, prefactor, moved, exponent)) / 100


def _profile_cell(
    active_mass_fraction: float, thickness_um: float, loading_mg_cm2: float, ionic_S_cm: float, electronic_S_cm: float
) -> dict[str, Any]:
    """Cell of A. M. Stavola et al. 2023: NMC111 of 9.3 um in Li6PS5Cl, both conductivities measured, 1C 160 mA/g."""
    return {
        "name": "stavola",
        "geometry": {"area": "1 cm^2"},
        "anode": {"material": "Li-In", "thickness": "100 um"},
        "separator": {"material": "Li6PS5Cl", "thickness": "500 um", "relative_density": 0.85},
        "cathode": {
            "active": "NMC111",
            "electrolyte": "Li6PS5Cl",
            "mass_fractions": {"active": active_mass_fraction, "electrolyte": 1 - active_mass_fraction},
            "loading": f"{loading_mg_cm2} mg/cm^2",
            "thickness": f"{thickness_um} um",
            "particle_diameter": "9.3 um",
            "transport": {
                "closure": "measured",
                "ionic_conductivity": f"{ionic_S_cm} S/cm",
                "electronic_conductivity": f"{electronic_S_cm} S/cm",
            },
        },
        "operation": {
            "temperature": "25 degC",
            "stack_pressure": "50 MPa",
            "nominal_capacity": "160 mA*h/g",
            "voltage_window": ["2.7 V", "4.3 V"],
            "reference": "Li",
        },
    }


@cache
def _middle_of_charge(*electrode: float) -> NDArray[np.float64]:
    """Lithium content from separator to collector [-] at half of the charge that the electrode takes at C/10.

    The charge ends when nominal capacity is reached or when some of the oxide is empty, whatever the voltage.
    """
    import pybamm

    from lisse.cell.model import SolidStateCell
    from lisse.cell.parameter_sets import options_for, parameter_values

    cell = Cell.from_dict(_profile_cell(*electrode))
    options = options_for(cell)
    values = parameter_values(cell, options) | {
        "Current function [A]": -cell.derived.nominal_current / 10,
        "Upper voltage cut-off [V]": CUT_OFF,
    }
    simulation = pybamm.Simulation(SolidStateCell(options), parameter_values=pybamm.ParameterValues(values))
    solution = simulation.solve([0, 36000.0])
    content = solution["Particle mean lithium content"]
    return np.asarray(content(solution.t[-1] / 2)).squeeze()


@computation
def content_spread(
    active_mass_fraction: float, thickness_um: float, loading_mg_cm2: float, ionic_S_cm: float, electronic_S_cm: float
) -> float:
    """Largest difference of the lithium content across the electrode in mid-charge [-]."""
    profile = _middle_of_charge(active_mass_fraction, thickness_um, loading_mg_cm2, ionic_S_cm, electronic_S_cm)
    return float(np.ptp(profile))


@computation
def collector_first(
    active_mass_fraction: float, thickness_um: float, loading_mg_cm2: float, ionic_S_cm: float, electronic_S_cm: float
) -> float:
    """Which side gives up its lithium first [-]: 1 the collector's, -1 the separator's."""
    profile = _middle_of_charge(active_mass_fraction, thickness_um, loading_mg_cm2, ionic_S_cm, electronic_S_cm)
    return float(np.sign(profile[0] - profile[-1]))
