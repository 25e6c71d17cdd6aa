"""When and how far a shrinking oxide particle comes off the electrolyte around it: mechanics of one sphere in a matrix.

Traction and energy criteria, the gap, plastic flow of the matrix. Leaves out: neighbours, pores beside the particle,
edges at which debonding starts early, creep, and what happens to the cell (``cathode.contact_loss``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

RESIDUAL_SHARE = 0.02
"""Pressure that stays locked in around a particle over the fabrication pressure [-]. A modelling choice without a
measurement: 0 to 70 MPa are thought to stay of about 400 MPa, 0 to 0.18. NMC811 loses contact in Li3PS4 at 67 MPa
(Koerver et al. 2017), which a tenth would not allow."""
NEWTON_STEPS = 8
"""Newton's method on a convex function; five reach rounding up to a loss of 90 % in a matrix that yields at 1 MPa."""


def mismatch_modulus(
    youngs_modulus: Any, poisson_ratio: Any, particle_youngs_modulus: Any = np.inf, particle_poisson_ratio: Any = 0.3
) -> Any:
    r"""Pressure on a sphere in an infinite matrix per misfit of volume [Pa].

    .. math:: K^* = \left[\frac{3}{4G} + \frac{1}{K_p}\right]^{-1},\qquad
              G = \frac{E}{2(1+\nu)},\quad K_p = \frac{E_p}{3(1-2\nu_p)}

    Parameters
    ----------
    youngs_modulus, poisson_ratio
        :math:`E` [Pa], :math:`\nu` [-] of the matrix: the electrolyte.
    particle_youngs_modulus, particle_poisson_ratio
        :math:`E_p` [Pa], :math:`\nu_p` [-] of the particle; rigid when left out.

    References
    ----------
    J.D. Eshelby, Proc. R. Soc. London A 241 (1957) 376 (spherical inhomogeneity).

    Examples
    --------
    Oxide with a bulk modulus of 130 GPa in Li3PS4, in GPa:

    >>> round(float(mismatch_modulus(20e9, 0.3, 156e9, 0.3)) / 1e9, 1)
    9.5
    """
    matrix = 1.5 * (1 + poisson_ratio) / youngs_modulus
    return 1 / (matrix + 3 * (1 - 2 * particle_poisson_ratio) / particle_youngs_modulus)


def shear_mismatch_modulus(
    youngs_modulus: Any, poisson_ratio: Any, particle_youngs_modulus: Any, particle_poisson_ratio: Any
) -> Any:
    r"""Half of the deviatoric stress in a sphere per misfit of shape [Pa].

    .. math:: G^* = \frac{G\,G_p\,(1-\beta)}{G + \beta(G_p - G)},\qquad \beta = \frac{2(4-5\nu)}{15(1-\nu)}

    Parameters
    ----------
    youngs_modulus, poisson_ratio
        Of the matrix [Pa], [-].
    particle_youngs_modulus, particle_poisson_ratio
        Of the particle [Pa], [-]; its anisotropy of stiffness is left out.

    References
    ----------
    J.D. Eshelby, Proc. R. Soc. London A 241 (1957) 376 (spherical inhomogeneity).

    Examples
    --------
    A particle as stiff as its matrix, G = 10 GPa and nu = 0.2, for which beta is 1/2:

    >>> round(float(shear_mismatch_modulus(24e9, 0.2, 24e9, 0.2)) / 1e9, 9)
    5.0
    """
    own, other = (
        modulus / (2 * (1 + ratio))
        for modulus, ratio in ((youngs_modulus, poisson_ratio), (particle_youngs_modulus, particle_poisson_ratio))
    )
    share = 2 * (4 - 5 * poisson_ratio) / (15 * (1 - poisson_ratio))
    return own * other * (1 - share) / (own + share * (other - own))


def interface_pressure_change(volume_strain: Any, modulus: Any) -> Any:
    r"""Change of the pressure at the interface [Pa] while it holds, :math:`\Delta p = K^* \varepsilon_v`.

    Parameters
    ----------
    volume_strain
        :math:`\varepsilon_v` [-] of the particle were it free, negative for a loss of volume.
    modulus
        :math:`K^*` [Pa].

    Examples
    --------
    NMC811 (-5 %) in Li3PS4 would pull with 475 MPa; no interface bears that:

    >>> round(interface_pressure_change(-0.05, 9.5e9) / 1e6)
    -475
    """
    return modulus * volume_strain


def axes_volume_strain(strain_a: Any, strain_c: Any) -> Any:
    r"""Volume strain [-] of a lattice with two equal axes, :math:`(1+\varepsilon_a)^2(1+\varepsilon_c) - 1`.

    Parameters
    ----------
    strain_a, strain_c
        :math:`\varepsilon_a, \varepsilon_c` [-], relative changes of the lattice constants.

    Examples
    --------
    >>> round(axes_volume_strain(-0.02, 0.01), 6)
    -0.029996
    """
    return (1 + strain_a) ** 2 * (1 + strain_c) - 1


def directional_pressure_change(strain_a: Any, strain_c: Any, cosine: Any, modulus: Any, shear_modulus: Any) -> Any:
    r"""Change of the pressure [Pa] where the normal of a single crystal's surface has an angle to the c axis.

    .. math:: \Delta p(\vartheta) = K^*\varepsilon_v
              + 2G^*(\varepsilon_c - \varepsilon_a)\left(\cos^2\vartheta - \tfrac13\right)

    Its mean over the surface is that of :func:`interface_pressure_change`, which is all that a particle of many
    grains at random feels.

    Parameters
    ----------
    strain_a, strain_c
        :math:`\varepsilon_a, \varepsilon_c` [-].
    cosine
        :math:`\cos\vartheta` [-], 1 along c.
    modulus, shear_modulus
        :math:`K^*, G^*` [Pa].

    Examples
    --------
    Halfway through a charge a shrinks and c grows: the crystal pulls at its equator and presses at its poles, in MPa

    >>> (directional_pressure_change(-0.015, 0.016, np.array([0.0, 1.0]), 9.5e9, 7e9) / 1e6).round().tolist()
    [-280.0, 154.0]
    """
    mean = interface_pressure_change(axes_volume_strain(strain_a, strain_c), modulus)
    return mean + 2 * shear_modulus * (strain_c - strain_a) * (cosine**2 - 1 / 3)


def interface_pressure(
    stack_pressure: Any, fabrication_pressure: Any = 0.0, concentration: Any = 1.0, share: Any = RESIDUAL_SHARE
) -> Any:
    r"""Pressure between particle and electrolyte before the particle changes its volume [Pa].

    .. math:: p_0 = g\,p_{stack} + p_{res},\qquad p_{res} = c_{res}\,p_{fab}

    Parameters
    ----------
    stack_pressure, fabrication_pressure
        [Pa].
    concentration
        :math:`g` [-], 1 to 2: stiff particles carry more than their share of the load.
    share
        :math:`c_{res}` [-].

    Examples
    --------
    >>> interface_pressure(30e6, 400e6) / 1e6
    38.0
    """
    return concentration * stack_pressure + share * fabrication_pressure


def traction_critical_strain(pressure: Any, modulus: Any, strength: Any = 0.0) -> Any:
    r"""Loss of volume [-] at which the interface is pulled with its strength, :math:`(p_0 + \sigma_{adh})/K^*`.

    Parameters
    ----------
    pressure
        :math:`p_0` [Pa].
    modulus
        :math:`K^*` [Pa].
    strength
        :math:`\sigma_{adh}` [Pa].

    Examples
    --------
    Li3PS4 at 5, 70 and 200 MPa, in percent:

    >>> (traction_critical_strain(np.array([5e6, 70e6, 200e6]), 9.5e9) * 100).round(2).tolist()
    [0.05, 0.74, 2.11]
    """
    return (pressure + strength) / modulus


def energy_release(shrinkage: Any, radius: Any, modulus: Any, pressure: Any = 0.0) -> Any:
    r"""Elastic energy per interface area that debonding sets free [J/m2].

    .. math:: G = \frac{rK^*}{6}\left(s - \frac{p_0}{K^*}\right)^2

    All the energy stored in particle and matrix over all of the surface: the mean over a particle that comes off
    at once.

    Parameters
    ----------
    shrinkage
        :math:`s = -\varepsilon_v` [-].
    radius
        :math:`r` [m].
    modulus, pressure
        :math:`K^*, p_0` [Pa].

    Examples
    --------
    >>> round(float(energy_release(0.05, 3.5e-6, 9.5e9)), 1)
    13.9
    """
    return radius * modulus / 6 * np.maximum(shrinkage - pressure / modulus, 0.0) ** 2


def shape_energy_release(strain_a: Any, strain_c: Any, radius: Any, shear_modulus: Any) -> Any:
    r"""What the change of shape of a single crystal adds to :func:`energy_release` [J/m2].

    .. math:: G' = \tfrac29\, r\, G^* (\varepsilon_c - \varepsilon_a)^2

    Parameters
    ----------
    strain_a, strain_c
        :math:`\varepsilon_a, \varepsilon_c` [-].
    radius
        [m].
    shear_modulus
        :math:`G^*` [Pa].

    Examples
    --------
    >>> round(shape_energy_release(-0.015, 0.015, 3e-6, 7e9), 1)
    4.2
    """
    return 2 / 9 * radius * shear_modulus * (strain_c - strain_a) ** 2


def energy_critical_strain(radius: Any, adhesion: Any, modulus: Any, pressure: Any = 0.0) -> Any:
    r"""Loss of volume [-] from which debonding pays for its new surface.

    .. math:: s_c = \frac{p_0}{K^*} + \sqrt{\frac{6\Gamma}{rK^*}}

    Parameters
    ----------
    radius
        :math:`r` [m].
    adhesion
        :math:`\Gamma` [J/m2], fracture energy of the interface.
    modulus, pressure
        :math:`K^*, p_0` [Pa].

    Examples
    --------
    3.5 um in Li3PS4, 0.1, 1, 4 and 14 J/m2, in percent:

    >>> (energy_critical_strain(3.5e-6, np.array([0.1, 1, 4, 14]), 9.5e9) * 100).round(2).tolist()
    [0.42, 1.34, 2.69, 5.03]
    """
    return pressure / modulus + np.sqrt(6 * adhesion / (radius * modulus))


def critical_radius(shrinkage: Any, adhesion: Any, modulus: Any, pressure: Any = 0.0) -> Any:
    r"""Radius [m] below which the energy does not suffice, :math:`6\Gamma/[K^*(s - p_0/K^*)^2]`; else infinite.

    Parameters
    ----------
    shrinkage
        :math:`s` [-].
    adhesion
        :math:`\Gamma` [J/m2].
    modulus, pressure
        :math:`K^*, p_0` [Pa].

    Examples
    --------
    At 1 J/m2 and losses of 1.2, 2.5 and 5 %, in um:

    >>> (critical_radius(np.array([0.012, 0.025, 0.05]), 1.0, 9.5e9) * 1e6).round(2).tolist()
    [4.39, 1.01, 0.25]
    """
    driving = np.maximum(shrinkage - pressure / modulus, 0.0)
    with np.errstate(divide="ignore"):
        return 6 * adhesion / (modulus * driving**2)


def critical_strain(radius: Any, adhesion: Any, modulus: Any, pressure: Any = 0.0, strength: Any = 0.0) -> Any:
    """Loss of volume [-] from which both criteria hold: the larger of the two.

    Without a strength the energy always decides; with one, the traction decides for particles larger than
    6 adhesion modulus / strength^2.

    Parameters
    ----------
    radius
        [m].
    adhesion
        [J/m2].
    modulus, pressure, strength
        [Pa].

    Examples
    --------
    At 1 J/m2 and 200 MPa the change-over lies at 1.4 um; in percent:

    >>> (critical_strain(np.array([1e-6, 4e-6]), 1.0, 9.5e9, 0.0, 200e6) * 100).round(2).tolist()
    [2.51, 2.11]
    """
    return np.maximum(
        traction_critical_strain(pressure, modulus, strength),
        energy_critical_strain(radius, adhesion, modulus, pressure),
    )


def debonds(shrinkage: Any, radius: Any, adhesion: Any, modulus: Any, pressure: Any = 0.0, strength: Any = 0.0) -> Any:
    """Tell whether the interface is pulled beyond its strength and has the energy to come off: both must hold.

    Parameters
    ----------
    shrinkage
        Loss of volume [-].
    radius
        [m].
    adhesion
        [J/m2].
    modulus, pressure, strength
        [Pa].

    References
    ----------
    D. Leguillon, Eur. J. Mech. A 21 (2002) 61 (strength and energy as joint conditions).

    Examples
    --------
    >>> debonds(np.array([0.012, 0.024, 0.05]), 3.5e-6, 2.6, 9.5e9).tolist()  # NMC111, NMC622, NMC811
    [False, True, True]
    """
    pulled = shrinkage > traction_critical_strain(pressure, modulus, strength)
    return pulled & (energy_release(shrinkage, radius, modulus, pressure) >= adhesion)


def gap(shrinkage: Any, radius: Any, modulus: Any, pressure: Any = 0.0) -> Any:
    r"""Gap around a particle that has come off all over [m]; 0 while the matrix springs after it.

    .. math:: \delta = r\left[1 - (1-s)^{1/3}\right] - \frac{r p_0}{3K^*}

    The particle stays stuck on one side as a rule; opposite of it the gap is then up to twice as wide.

    Parameters
    ----------
    shrinkage
        :math:`s` [-].
    radius
        :math:`r` [m].
    modulus, pressure
        :math:`K^*, p_0` [Pa].

    Examples
    --------
    >>> round(float(gap(0.05, 3.5e-6, 9.5e9)) * 1e9, 1)
    59.3
    """
    return np.maximum(radius * (1 - (1 - shrinkage) ** (1 / 3)) - radius * pressure / (3 * modulus), 0.0)


def cavity_yield_strain(
    yield_strength: Any, youngs_modulus: Any, poisson_ratio: Any, particle_bulk_modulus: Any = np.inf
) -> Any:
    r"""Change of volume of the particle [-] at which the matrix begins to flow, :math:`2\sigma_y/3K^*`.

    Parameters
    ----------
    yield_strength, youngs_modulus, poisson_ratio
        :math:`\sigma_y, E` [Pa], :math:`\nu` [-] of the matrix.
    particle_bulk_modulus
        :math:`K_p` [Pa]; rigid when left out.

    Examples
    --------
    0.1 and 0.3 GPa in Li3PS4 around a rigid particle, in percent:

    >>> (cavity_yield_strain(np.array([0.1e9, 0.3e9]), 20e9, 0.3) * 100).round(2).tolist()
    [0.65, 1.95]
    """
    return yield_strength * ((1 + poisson_ratio) / youngs_modulus + 2 / (3 * particle_bulk_modulus))


def _hill(yield_strength: Any, youngs_modulus: Any, poisson_ratio: Any, particle_bulk_modulus: Any) -> tuple[Any, Any]:
    """Return A, B in s = A e^(L - 1) + B L, L = 1 + 3 ln(c/r) the pressure over 2/3 yield strength; A + B yields."""
    ratio = yield_strength / youngs_modulus
    slope = 2 * yield_strength / (3 * particle_bulk_modulus) - 2 * ratio * (1 - 2 * poisson_ratio)
    return 3 * ratio * (1 - poisson_ratio), slope


def cavity_strain(
    pressure: Any,
    yield_strength: Any,
    youngs_modulus: Any,
    poisson_ratio: Any,
    particle_bulk_modulus: Any = np.inf,
) -> Any:
    r"""Change of volume [-] that goes with a pressure or tension at the interface, elastic or beyond yielding.

    .. math:: s = \frac{3u}{r} + \frac{\Delta p}{K_p},\qquad
              \frac{u}{r} = \frac{\sigma_y}{E}\left[(1-\nu)\left(\frac cr\right)^3
              - \tfrac23(1-2\nu)\left(1 + 3\ln\frac cr\right)\right]

    Parameters
    ----------
    pressure
        :math:`|\Delta p|` [Pa]; with the sum of :math:`p_0` and the strength it is the traction criterion in a
        matrix that flows.
    yield_strength, youngs_modulus, poisson_ratio
        Of the matrix, which flows at constant stress [Pa], [-].
    particle_bulk_modulus
        :math:`K_p` [Pa]; rigid when left out.

    References
    ----------
    R. Hill, The Mathematical Theory of Plasticity, Clarendon Press (1950), chapter V (spherical shell, thick limit).

    Examples
    --------
    150 MPa in Li3PS4 that flows at 100 MPa, in percent:

    >>> round(float(cavity_strain(150e6, 100e6, 20e9, 0.3)) * 100, 2)
    2.76
    """
    growth, slope = _hill(yield_strength, youngs_modulus, poisson_ratio, particle_bulk_modulus)
    level = 1.5 * pressure / yield_strength
    elastic = np.minimum(level, 1.0)
    beyond = np.maximum(level, 1.0) - 1
    return (growth + slope) * elastic + growth * (np.exp(beyond) - 1) + slope * beyond


def cavity_pressure(
    shrinkage: Any,
    yield_strength: Any,
    youngs_modulus: Any,
    poisson_ratio: Any,
    particle_bulk_modulus: Any = np.inf,
) -> Any:
    r"""Tension at an interface that holds while the particle shrinks [Pa]; inverse of :func:`cavity_strain`.

    :math:`|\Delta p| = \tfrac23\sigma_y[1 + 3\ln(c/r)]` beyond yielding: it rises ever more slowly, but
    without a limit. The same pressure, as compression, goes with a particle that grows.

    Parameters
    ----------
    shrinkage
        :math:`s` [-], 0 or more; any shape.
    yield_strength, youngs_modulus, poisson_ratio
        Of the matrix [Pa], [-].
    particle_bulk_modulus
        [Pa]; rigid when left out.

    Examples
    --------
    1, 2.76 and 5 % in Li3PS4 that flows at 100 MPa, in MPa:

    >>> (cavity_pressure(np.array([0.01, 0.0276, 0.05]), 100e6, 20e9, 0.3) / 1e6).round().tolist()
    [93.0, 150.0, 184.0]
    """
    growth, slope = _hill(yield_strength, youngs_modulus, poisson_ratio, particle_bulk_modulus)
    first = growth + slope
    elastic = np.minimum(shrinkage / first, 1.0)
    plastic = np.maximum(shrinkage - first, 0.0)
    beyond = np.log(1 + plastic / first)
    for _ in range(NEWTON_STEPS):
        excess = growth * (np.exp(beyond) - 1) + slope * beyond - plastic
        beyond = beyond - excess / (growth * np.exp(beyond) + slope)
    return 2 / 3 * yield_strength * (elastic + beyond)


def cavity_plastic_radius(
    shrinkage: Any,
    yield_strength: Any,
    youngs_modulus: Any,
    poisson_ratio: Any,
    particle_bulk_modulus: Any = np.inf,
) -> Any:
    """Radius of the zone that flows over that of the particle, c/r [-]; 1 while all is elastic.

    Parameters are those of :func:`cavity_pressure`.

    Examples
    --------
    >>> cavity_plastic_radius(np.array([0.005, 0.0276]), 100e6, 20e9, 0.3).round(2).tolist()
    [1.0, 1.52]
    """
    tension = cavity_pressure(shrinkage, yield_strength, youngs_modulus, poisson_ratio, particle_bulk_modulus)
    return np.exp((np.maximum(1.5 * tension / yield_strength, 1.0) - 1) / 3)
