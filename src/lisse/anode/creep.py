"""Elasticity and creep of lithium: rate against stress, stress against rate, size effect, closure of buried voids.

One law at every stress: a power law that turns exponential above about 3 MPa. Leaves out: hardening
(``viscoplasticity``) and linear diffusional creep below 0.3 MPa, where the power law is a lower bound. There is no
threshold stress.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from lisse.materials import Material
from lisse.mechanism import CREEP_REFERENCE_STRESS, arrhenius

LARGEST_STRESS = 1e8
"""Stress above which the rate is held [Pa]: lithium then flows at once, and the numbers stay finite."""
MEASURED_STRESS = (0.2e6, 0.6e6)
"""Stresses of the tension tests that gave prefactor and exponent [Pa]."""
MEASURED_TEMPERATURE = (248.15, 398.15)
"""Temperatures over which the activation energy was measured [K]."""
MELTING_TEMPERATURE = 453.5
"""Melting temperature of lithium [K]."""
CREEP_CLAIMS = ("creep_prefactor", "creep_exponent", "creep_activation_energy", "creep_sinh_coefficient")
"""Claims of an anode material that the law reads, in the order of the fields of :class:`CreepLaw`."""
SIZE_CLAIMS = ("size_effect_length", "size_effect_exponent")
"""Claims behind :func:`size_factor`."""


@dataclass(frozen=True)
class CreepLaw:
    r"""Coefficients of the creep law, each a number, an array over cases or a PyBaMM symbol.

    Attributes
    ----------
    prefactor
        :math:`A_0` [1/s]: rate of the bare power law at 1 MPa and 25 degC.
    exponent
        :math:`n` [-].
    activation_energy
        :math:`Q` [J/mol].
    sinh_coefficient
        :math:`\alpha` [1/Pa]: its inverse is the stress at which the power law breaks down.
    """

    prefactor: Any
    exponent: Any
    activation_energy: Any
    sinh_coefficient: Any

    @classmethod
    def of(cls, material: str | Material = "Li") -> Self:
        """Return the law from the default claims of an anode material.

        Examples
        --------
        >>> CreepLaw.of("Li").exponent
        6.56
        """
        found = material if isinstance(material, Material) else Material.load(material)
        return cls(*(number(found, name) for name in CREEP_CLAIMS))


def number(material: Material, name: str, claim: str | None = None) -> float:
    """Return a claim of a material that is one number [SI]."""
    value = material.value(name, claim)
    if not isinstance(value, int | float):
        raise TypeError(f"{material.name}: {name} is not a number")
    return float(value)


def shear_modulus(youngs_modulus: Any, poisson_ratio: Any) -> Any:
    r"""Shear modulus of an isotropic solid [Pa], :math:`G = E/(2(1+\nu))`.

    Parameters
    ----------
    youngs_modulus
        :math:`E` [Pa].
    poisson_ratio
        :math:`\nu` [-], -1 to 0.5.

    Examples
    --------
    Pulse-echo on lithium gave 2.83 GPa (Masias et al., J. Mater. Sci. 54 (2019) 2585):

    >>> round(shear_modulus(7.82e9, 0.381) / 1e9, 2)
    2.83
    """
    return youngs_modulus / (2 * (1 + poisson_ratio))


def bulk_modulus(youngs_modulus: Any, poisson_ratio: Any) -> Any:
    r"""Bulk modulus of an isotropic solid [Pa], :math:`K = E/(3(1-2\nu))`.

    Parameters
    ----------
    youngs_modulus
        :math:`E` [Pa].
    poisson_ratio
        :math:`\nu` [-], -1 to below 0.5.

    Examples
    --------
    Pulse-echo on lithium gave 11.1 GPa (Masias et al., J. Mater. Sci. 54 (2019) 2585):

    >>> round(bulk_modulus(7.82e9, 0.381) / 1e9, 1)
    11.0
    """
    return youngs_modulus / (3 * (1 - 2 * poisson_ratio))


def size_factor(size: Any, bulk_size: Any, size_exponent: Any) -> Any:
    r"""Strength of a small piece of lithium over that of the bulk metal [-].

    .. math:: S_l = \max\left[1, \left(\frac{l^*}{l}\right)^\beta\right]

    Parameters
    ----------
    size
        :math:`l` [m]: the smallest of void radius, radius of a contact spot, indentation depth, film thickness.
    bulk_size
        :math:`l^*` [m]: size from which the metal is as soft as in bulk, 10 to 50 um.
    size_exponent
        :math:`\beta` [-]: 0.47 from indentation at 0.25 to 10 um, about 0.9 from pillars of 1 to 10 um.

    Examples
    --------
    Hardness of 43 and 7.5 MPa at depths of 250 nm and 10 um (Fincher et al., Acta Mater. 186 (2020) 215, from
    memory) is a factor of 5.7:

    >>> round(float(size_factor(0.25e-6, 25e-6, 0.47) / size_factor(10e-6, 25e-6, 0.47)), 1)
    5.7
    """
    return np.maximum(1.0, (bulk_size / size) ** size_exponent)


def creep_rate(stress: Any, temperature: Any, law: CreepLaw, strengthening: Any = 1.0) -> Any:
    r"""Equivalent strain rate [1/s] under an equivalent (von Mises) stress.

    .. math:: \dot\varepsilon = A_0\, e^{-\frac{Q}{R}\left(\frac1T-\frac1{T_0}\right)}
              \left[\frac{\sinh(\alpha\,\sigma/S_l)}{\alpha\,\sigma_{ref}}\right]^n,\quad \sigma_{ref} = 1\,\mathrm{MPa}

    It holds at every stress, so that nothing jumps where the power law breaks down. The price is a rate above that
    of the bare power law: by 5 % at 0.6 MPa (the largest stress that was measured), 14 % at 1 MPa, a factor of 1.7 at
    2 MPa, 3.2 at 3 MPa and 71 at 6 MPa. ``prefactor`` keeps the meaning that it has in the bare law.

    Parameters
    ----------
    stress
        :math:`\sigma` [Pa], not negative. Measured from 0.2 to 0.6 MPa; held above 100 MPa.
    temperature
        :math:`T` [K], -25 to 125 degC.
    law
        Coefficients.
    strengthening
        :math:`S_l` [-], see :func:`size_factor`.

    References
    ----------
    A. Masias et al., J. Mater. Sci. 54 (2019) 2585, doi:10.1007/s10853-018-2971-3 (second-hand); Q of W.S. LePage et
    al., J. Electrochem. Soc. 166 (2019) A89, doi:10.1149/2.0221902jes (second-hand). The breakdown is assumed, after
    C.M. Sellars, W.J. McTegart, Acta Metall. 14 (1966) 1136, doi:10.1016/0001-6160(66)90207-0.

    Examples
    --------
    Four tests at 0.4 MPa and 26 degC gave 1.3e-5 to 1.7e-5 1/s:

    >>> f"{float(creep_rate(0.4e6, 299.15, CreepLaw.of('Li'))):.1e}"
    '2.0e-05'
    """
    effective = np.minimum(stress / strengthening, LARGEST_STRESS)
    reduced = np.sinh(law.sinh_coefficient * effective) / (law.sinh_coefficient * CREEP_REFERENCE_STRESS)
    return law.prefactor * arrhenius(law.activation_energy, temperature) * reduced**law.exponent


def flow_stress(strain_rate: Any, temperature: Any, law: CreepLaw, strengthening: Any = 1.0) -> Any:
    r"""Equivalent stress [Pa] at which lithium flows at a rate: the inverse of :func:`creep_rate`.

    .. math:: \sigma = \frac{S_l}{\alpha}\,\mathrm{arsinh}\left[\alpha\,\sigma_{ref}
              \left(\frac{\dot\varepsilon}{A(T)}\right)^{1/n}\right]

    Parameters
    ----------
    strain_rate
        :math:`\dot\varepsilon` [1/s], not negative.
    temperature, law, strengthening
        See :func:`creep_rate`.

    Examples
    --------
    Lithium flows at about 0.75 MPa at 1e-3 1/s (quoted by Wang et al. in a comparison of alkali metals):

    >>> round(float(flow_stress(1e-3, 298.15, CreepLaw.of("Li"))) / 1e6, 2)
    0.72
    """
    rate = strain_rate / (law.prefactor * arrhenius(law.activation_energy, temperature))
    argument = law.sinh_coefficient * CREEP_REFERENCE_STRESS * rate ** (1 / law.exponent)
    return strengthening / law.sinh_coefficient * np.arcsinh(argument)


def void_pressure(pressure: Any, surface_energy: Any, radius: Any) -> Any:
    r"""Pressure that closes a spherical void in lithium [Pa], :math:`P_{eff} = P + 2\gamma/a`.

    Parameters
    ----------
    pressure
        :math:`P` [Pa] in the lithium around it.
    surface_energy
        :math:`\gamma` [J/m2], 0.5 for lithium.
    radius
        :math:`a` [m].

    Examples
    --------
    A void of 1 um closes itself as 1 MPa would:

    >>> void_pressure(0.0, 0.5, 1e-6)
    1000000.0
    """
    return pressure + 2 * surface_energy / radius


def void_closure_rate(pressure: Any, temperature: Any, law: CreepLaw, strengthening: Any = 1.0) -> Any:
    r"""Rate at which a buried void loses its volume by creep, :math:`k_o = -\dot V/V` [1/s].

    .. math:: k_o = \frac32\, \dot\varepsilon\left(\frac{3 P_{eff}}{2 n}\right)

    A spherical void in a solid that creeps as :func:`creep_rate`; the stress that counts is 3/(2n) of the pressure,
    0.23 for lithium, so that the breakdown of the power law adds less than 12 % up to 4 MPa.

    Parameters
    ----------
    pressure
        :math:`P_{eff}` [Pa], see :func:`void_pressure`; the stack pressure where voids are larger than some um.
    temperature, law
        See :func:`creep_rate`.
    strengthening
        :math:`S_o` [-] of the lithium around the void; a fitted number (2 for Li | Li6PS5Cl) because annealed deposits
        are softer than :func:`size_factor` says.

    References
    ----------
    D.S. Wilkinson, M.F. Ashby, Acta Metall. 23 (1975) 1277 (geometry of the closing void).

    Examples
    --------
    Hours at 3 MPa, minutes at 7 MPa:

    >>> law = CreepLaw.of("Li")
    >>> [f"{float(void_closure_rate(p, 298.15, law, 2.0)):.0e}" for p in (3e6, 7e6)]
    ['1e-05', '3e-03']
    """
    return 1.5 * creep_rate(1.5 * pressure / law.exponent, temperature, law, strengthening)


def range_warnings(stress: Any, temperature: Any, what: str) -> list[str]:
    """Return one sentence for each range of the creep law that a calculation leaves, none where it holds.

    Parameters
    ----------
    stress
        Equivalent stress over the size factor [Pa], a number or an array.
    temperature
        [K], a number or an array.
    what
        What the stress is, for the sentence: ``"flow stress"``.
    """
    ranges = (
        (what, np.asarray(stress, float) / 1e6, np.array(MEASURED_STRESS) / 1e6, "MPa"),
        ("temperature", np.asarray(temperature, float) - 273.15, np.array(MEASURED_TEMPERATURE) - 273.15, "degC"),
    )
    return [
        f"creep law of lithium: {name} of {_span(value)} {unit} lies outside of the measured {_span(ends)} {unit}."
        for name, value, ends, unit in ranges
        if value.size and (np.min(value) < ends[0] * (1 - 1e-9) or np.max(value) > ends[1] * (1 + 1e-9))
    ]


def _span(values: Any) -> str:
    low, high = f"{np.min(values):.3g}", f"{np.max(values):.3g}"
    return low if low == high else f"{low} to {high}"
