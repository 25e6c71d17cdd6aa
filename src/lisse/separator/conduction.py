"""Ionic conduction of the pressed sulfide layer: temperature, density, binder, grain boundaries.

Leaves out: the effect of the stack pressure on the contacts between grains, and conductivity lost to
moisture.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from lisse._math import conduction_factor as temperature_factor
from lisse.mechanism import REFERENCE_TEMPERATURE, Assembly, Mechanism, ParameterInfo, arrhenius, parameter

__all__ = [
    "SeparatorConduction",
    "area_resistance",
    "binder_factor",
    "conductivity",
    "density_factor",
    "grain_boundary_resistance",
    "grain_size_resistance",
    "temperature_factor",
]


def conductivity(
    reference_conductivity: Any,
    activation_energy: Any,
    temperature: Any,
    temperature_exponent: Any = 0.0,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Conductivity [S/m] at a temperature.

    .. math:: \sigma(T) = \sigma(T_0)\left(\frac{T_0}{T}\right)^m
              \exp\left[-\frac{E}{R}\left(\frac{1}{T}-\frac{1}{T_0}\right)\right]

    Parameters
    ----------
    reference_conductivity
        :math:`\sigma(T_0)` [S/m].
    activation_energy
        :math:`E` [J/mol], as fitted in the form that ``temperature_exponent`` names.
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K]; about 250 to 370 K.
    temperature_exponent
        :math:`m` [-]: 0 for :math:`e^{-E/RT}` (the review's Table 2), 1 for :math:`(1/T)\,e^{-E/RT}`.

    Examples
    --------
    Li6PS5Cl (1.3e-3 S/cm at 25 degC, 0.33 eV) has 4.0e-4, 5.0e-3 and 9.6e-3 S/cm at 0, 60 and 80 degC:

    >>> energy = 0.33 * 96485.33212
    >>> [f"{conductivity(0.13, energy, 273.15 + t) / 100:.1e}" for t in (0, 60, 80)]
    ['4.0e-04', '5.0e-03', '9.6e-03']
    """
    factor = temperature_factor(activation_energy, temperature, temperature_exponent, reference_temperature)
    return reference_conductivity * factor


def density_factor(relative_density: Any, reference_density: Any = 1.0, exponent: Any = 2.5) -> Any:
    r"""Factor [-] on a conductivity measured at another relative density.

    .. math:: f = \left(\frac{1-\varepsilon_p}{1-\varepsilon_{p,ref}}\right)^{\alpha}

    Parameters
    ----------
    relative_density
        :math:`1-\varepsilon_p` [-] of the layer, 0.6 to 1.
    reference_density
        :math:`1-\varepsilon_{p,ref}` [-] of the sample whose conductivity is multiplied.
    exponent
        :math:`\alpha` [-], 1.5 to 3.

    Examples
    --------
    An 82 % dense pellet keeps 61 % of the dense conductivity:

    >>> round(density_factor(0.82), 2)
    0.61
    """
    return (relative_density / reference_density) ** exponent


def binder_factor(mass_fraction: Any, sensitivity: Any = 0.32) -> Any:
    r"""Factor [-] on the conductivity of a tape with binder.

    .. math:: f_B = \exp(-\beta_B\,100\,w_B)

    Parameters
    ----------
    mass_fraction
        :math:`w_B` [-] (0.01 is 1 wt%), 0 to about 0.03.
    sensitivity
        :math:`\beta_B` [per wt%].

    References
    ----------
    Y.-G. Lee et al., Nat. Energy 5 (2020) 299 (second-hand), doi:10.1038/s41560-020-0575-z.

    Examples
    --------
    1 wt% lowers 1.8 to 1.31 mS/cm:

    >>> round(float(1.8 * binder_factor(0.01)), 2)
    1.31
    """
    return np.exp(-sensitivity * 100 * mass_fraction)


def grain_boundary_resistance(
    reference_resistance: Any,
    activation_energy: Any,
    temperature: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Grain-boundary resistance per area [ohm m^2] of the whole layer at a temperature.

    .. math:: R_{gb}(T) = R_{gb,0}\exp\left[+\frac{E}{R}\left(\frac{1}{T}-\frac{1}{T_0}\right)\right]

    Parameters
    ----------
    reference_resistance
        :math:`R_{gb,0}` [ohm m^2] at :math:`T_0`; 29 ohm cm2 in a fresh 400 um Li3PS4 pellet (R. Koerver et
        al., Chem. Mater. 29 (2017) 5574-5582, second-hand).
    activation_energy
        :math:`E` [J/mol].
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].

    Examples
    --------
    With 0.33 eV it falls 7.4 times from 25 to 80 degC, as the conductivity of Li6PS5Cl rises:

    >>> round(float(1 / grain_boundary_resistance(1.0, 0.33 * 96485.33212, 353.15)), 1)
    7.4
    """
    return reference_resistance / arrhenius(activation_energy, temperature, reference_temperature)


def grain_size_resistance(boundary_resistance: Any, thickness: Any, grain_size: Any, reference_size: Any) -> Any:
    r"""Resistance per area [ohm m^2] that grains of another size add to a layer, negative for coarser ones.

    .. math:: \Delta R = r_{gb}\,L\left(\frac1d - \frac1{d_0}\right)

    A measured conductivity already holds the boundaries of its own sample, so only the difference counts.

    Parameters
    ----------
    boundary_resistance
        :math:`r_{gb}` [ohm m^2] of one boundary at the temperature of interest, see :func:`grain_boundary_resistance`.
    thickness
        :math:`L` [m].
    grain_size, reference_size
        :math:`d` of the layer and :math:`d_0` of the sample whose conductivity is used [m].

    Examples
    --------
    Boundaries of 0.36 ohm cm2, as the 29 ohm cm2 of a 400 um Li3PS4 pellet with grains of 5 um give:

    >>> round(grain_size_resistance(0.3625e-4, 400e-6, 5e-6, 1.0) * 1e4)
    29
    """
    return boundary_resistance * thickness * (1 / grain_size - 1 / reference_size)


def area_resistance(thickness: Any, layer_conductivity: Any, grain_boundary: Any = 0.0) -> Any:
    r"""Resistance of the layer per area [ohm m^2].

    .. math:: R = L/\sigma + R_{gb}

    Parameters
    ----------
    thickness
        :math:`L` [m].
    layer_conductivity
        :math:`\sigma` [S/m] with all its factors.
    grain_boundary
        :math:`R_{gb}` [ohm m^2], 0 where the conductivity was measured with its grain boundaries.

    Examples
    --------
    400 um of Li3PS4 at 0.11 mS/cm are 364 ohm cm2 (the notes on Koerver 2017: 463 ohm on 0.785 cm2 are 363):

    >>> round(area_resistance(400e-6, 0.011) * 1e4)
    364
    """
    return thickness / layer_conductivity + grain_boundary


class SeparatorConduction(Mechanism):
    """Ohmic drop of the separator, and of what stands in series with the cell."""

    name = "separator conduction"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Separator thickness [m]", ""),
        ParameterInfo("Separator ionic conductivity [S.m-1]", "Of the pressed layer at 25 degC"),
        ParameterInfo("Separator ionic conductivity activation energy [J.mol-1]", "Arrhenius energy", 0.0),
        ParameterInfo("Separator ionic conductivity temperature exponent", "m in (T0/T)^m exp(-E/RT): 0 or 1", 0.0),
        ParameterInfo("Contact resistance [Ohm.m2]", "In series: leads, collectors, what is not modelled", 0.0),
    )

    def publish(self, assembly: Assembly) -> None:
        """Book the ohmic drops."""
        stem = "Separator ionic conductivity"
        layer = conductivity(
            parameter(f"{stem} [S.m-1]"),
            parameter(f"{stem} activation energy [J.mol-1]"),
            assembly["Temperature [K]"],
            parameter(f"{stem} temperature exponent"),
        )
        resistance = area_resistance(parameter("Separator thickness [m]"), layer)
        contacts = parameter("Contact resistance [Ohm.m2]")
        assembly.variables["Separator area resistance [Ohm.m2]"] = resistance
        # A short bypasses the separator, not the leads.
        inside, outside = assembly["Internal current density [A.m-2]"], assembly["Total current density [A.m-2]"]
        for origin, current, value in (("separator", inside, resistance), ("contacts", outside, contacts)):
            assembly.add_overpotential(origin, current * value)
            assembly.add_dissipation(origin, current**2 * value)
