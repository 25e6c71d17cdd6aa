"""What a pressed composite is made of: from the masses a lab weighs to volumes, loading and area.

Leaves out: size classes of particles (they share these sums) and the swelling of the active material, which
changes the volumes while the cell works.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lisse.errors import InputError
from lisse.mechanism import FARADAY


def volume_fractions(mass_fractions: Mapping[str, Any], densities: Mapping[str, Any], porosity: Any) -> dict[str, Any]:
    r"""Volume fractions of the solids of a pressed composite; with the porosity they add up to one.

    .. math:: \varepsilon_k = (1-\varepsilon_V)\,\frac{w_k/\rho_k}{\sum_j w_j/\rho_j}

    Parameters
    ----------
    mass_fractions
        :math:`w_k` [-] by component; only their ratios matter.
    densities
        :math:`\rho_k` [kg/m^3] of the solids, for every component of ``mass_fractions``.
    porosity
        :math:`\varepsilon_V` [-], 0 to below 1.

    Raises
    ------
    InputError
        If a component has no density.

    Examples
    --------
    70:30 by weight of NMC811 and Li3PS4 is 47:53 by volume in the paper (R. Koerver et al., Chem. Mater. 29
    (2017) 5574-5582); the crystallographic densities give 48:52:

    >>> weights = {"active": 0.70, "electrolyte": 0.30}
    >>> volumes = volume_fractions(weights, {"active": 4770.0, "electrolyte": 1880.0}, porosity=0.0)
    >>> {name: round(volume, 2) for name, volume in volumes.items()}
    {'active': 0.48, 'electrolyte': 0.52}
    """
    missing = [name for name in mass_fractions if name not in densities]
    if missing:
        raise InputError(
            f"densities: '{missing[0]}' has a mass fraction but no density; give one for each of "
            f"{', '.join(mass_fractions)}."
        )
    specific_volumes = {name: weight / densities[name] for name, weight in mass_fractions.items()}
    total: Any = 0.0
    for volume in specific_volumes.values():
        total = total + volume
    return {name: (1 - porosity) * volume / total for name, volume in specific_volumes.items()}


def die_area(diameter: Any) -> Any:
    r"""Area [m^2] of a round die of that diameter [m].

    Examples
    --------
    >>> round(die_area(10e-3) * 1e4, 3)  # a 10 mm die is the 0.785 cm2 of the pellet cells
    0.785
    """
    return np.pi / 4 * diameter**2


def loading_from_mass(composite_mass: Any, active_mass_fraction: Any, area: Any) -> Any:
    r"""Areal loading of active material [kg/m^2] of a weighed composite spread over a die.

    .. math:: m = w_{AM}\,M / A

    Parameters
    ----------
    composite_mass
        :math:`M` [kg] of the whole composite.
    active_mass_fraction
        :math:`w_{AM}` [-].
    area
        :math:`A` [m^2].

    Examples
    --------
    12 mg of a 70 % composite on a 10 mm die are the 10.7 mg/cm2 of R. Koerver et al., J. Mater. Chem. A 5
    (2017) 22750-22760:

    >>> round(loading_from_mass(12e-6, 0.70, die_area(10e-3)) * 100, 1)
    10.7
    """
    return active_mass_fraction * composite_mass / area


def areal_loading(thickness: Any, active_volume_fraction: Any, density: Any) -> Any:
    r"""Areal loading of active material [kg/m^2] of a composite of that thickness.

    .. math:: m = \varepsilon_{AM}\,\rho_{AM}\,L

    Parameters
    ----------
    thickness
        :math:`L` [m].
    active_volume_fraction
        :math:`\varepsilon_{AM}` [-].
    density
        :math:`\rho_{AM}` [kg/m^3].

    Examples
    --------
    P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537: 54.8 um at 42 vol% of NMC622 carry 10.7
    mg/cm2:

    >>> round(areal_loading(54.8e-6, 0.42, 4650.0) * 100, 1)
    10.7
    """
    return active_volume_fraction * density * thickness


def thickness_from_loading(loading: Any, active_volume_fraction: Any, density: Any) -> Any:
    r"""Thickness [m] of a composite that carries that areal loading of active material [kg/m^2].

    .. math:: L = \frac{m}{\varepsilon_{AM}\,\rho_{AM}}

    Examples
    --------
    P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537: 9.17 mg/cm2 at 33 vol% of NMC622 are 59.8 um:

    >>> round(thickness_from_loading(0.0917, 0.33, 4650.0) * 1e6, 1)
    59.8
    """
    return loading / (active_volume_fraction * density)


def site_density(density: Any, molar_mass: Any) -> Any:
    r"""Lithium sites per volume of the oxide [mol/m^3]: true content, not a fitted stoichiometry.

    .. math:: c_{max} = \rho / M

    Parameters
    ----------
    density
        :math:`\rho` [kg/m^3].
    molar_mass
        :math:`M` [kg/mol].

    Examples
    --------
    NMC811 (4770 kg/m3, 97.28 g/mol; the physics notes print 49 034 mol/m3):

    >>> round(site_density(4770.0, 97.28e-3))
    49034
    """
    return density / molar_mass


def theoretical_capacity(molar_mass: Any) -> Any:
    r"""Charge of one lithium per formula unit [A s/kg].

    .. math:: q_{th} = F/M

    Examples
    --------
    LiCoO2 holds 273.8 mAh/g:

    >>> round(theoretical_capacity(97.87e-3) / 3600, 1)
    273.8
    """
    return FARADAY / molar_mass


def areal_capacity(loading: Any, specific_capacity: Any, connected_fraction: Any = 1.0) -> Any:
    r"""Areal capacity [A s/m^2] of a loading of active material.

    .. math:: q_A = m\,q\,u

    Parameters
    ----------
    loading
        :math:`m` [kg/m^2] of active material.
    specific_capacity
        :math:`q` [A s/kg].
    connected_fraction
        :math:`u` [-], share of the active material that both networks reach.

    Examples
    --------
    10.7 mg/cm2 at 200 mAh/g are the 2.14 mAh/cm2 that the review's Table 1 implies for its reference 60:

    >>> round(areal_capacity(0.107, 200 * 3600.0) / 36000, 2)
    2.14
    """
    return loading * specific_capacity * connected_fraction


def specific_surface_area(active_volume_fraction: Any, radius: Any) -> Any:
    r"""True area of spherical particles per volume of electrode [1/m].

    .. math:: a_{true} = 3\,\varepsilon_{AM}/r

    Parameters
    ----------
    active_volume_fraction
        :math:`\varepsilon_{AM}` [-].
    radius
        :math:`r` [m].

    Examples
    --------
    Case A of the transmission line (42 vol%, 1.5 um) has 8.4e5 1/m:

    >>> f"{specific_surface_area(0.42, 1.5e-6):.1e}"
    '8.4e+05'
    """
    return 3 * active_volume_fraction / radius


def wetted_surface_area(active_volume_fraction: Any, radius: Any, connected_fraction: Any, wetted_fraction: Any) -> Any:
    r"""Area on which the reaction runs, per volume of electrode [1/m].

    .. math:: a = 3\,\varepsilon_{AM}\,u\,\theta/r

    Parameters
    ----------
    active_volume_fraction
        :math:`\varepsilon_{AM}` [-].
    radius
        :math:`r` [m].
    connected_fraction
        :math:`u` [-], share of the active material that both networks reach.
    wetted_fraction
        :math:`\theta` [-], share of a connected particle's surface that touches electrolyte.

    Examples
    --------
    At most 80 % of the surface is covered (Hlushkou et al. 2018, LiCoO2, second-hand):

    >>> round(float(wetted_surface_area(0.42, 1.5e-6, 1.0, 0.8) / specific_surface_area(0.42, 1.5e-6)), 3)
    0.8
    """
    return specific_surface_area(active_volume_fraction, radius) * connected_fraction * wetted_fraction
