"""Flaws in a brittle separator: Griffith's strength, the pressure of lithium plated into a flaw, and what cracks it.

Slits in plane strain, filled with creeping lithium that is squeezed back to the mouth as more is plated. Leaves out:
how many flaws there are and how deep (``flaw_statistics``), and what the crack does once it runs (``cracks``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.mechanism import CREEP_REFERENCE_STRESS, FARADAY, LITHIUM_MOLAR_VOLUME, VOLUME_PER_CHARGE

EDGE_CRACK = 1.12
"""Shape factor Y of a crack from the surface [-]; a penny inside has 2/pi."""
SMOOTHING = float(np.log(2) / -np.log(0.98))
"""Exponent of the smooth minimum [-]: where both pressures are equal it lies 2 % below them."""
LARGEST_CURRENT = 1e9
"""No search goes above this current density [A/m2]; a flaw that needs more never cracks."""
SMALLEST_CURRENT = 1e-9
"""No search goes below this current density [A/m2]; a flaw that needs less cracks under pressure alone."""
WIDTHS = (1e-10, 1e-2)
"""Widths between which the critical one is sought [m]."""


@dataclass(frozen=True)
class Metal:
    r"""How lithium creeps, :math:`\dot\varepsilon = A\,[\sinh(\alpha\sigma)/\alpha\sigma_{ref}]^n` with 1 MPa for
    :math:`\sigma_{ref}`.

    Attributes
    ----------
    prefactor
        :math:`A` [1/s] at the temperature of interest: 7.7e-3 at 25 degC (Masias et al., second-hand).
    exponent
        :math:`n` [-].
    sinh_coefficient
        :math:`\alpha` [1/Pa], above 0; the power law returns as it vanishes.
    size_factor
        How much stronger lithium is in the flaw than in bulk [-], 1 for none.
    """

    prefactor: Any = 7.7e-3
    exponent: Any = 6.56
    sinh_coefficient: Any = 0.35e-6
    size_factor: Any = 1.0


LITHIUM = Metal()
"""Lithium at 25 degC."""


def critical_stress(toughness: Any, depth: Any, shape: Any = EDGE_CRACK) -> Any:
    r"""Stress at which a flaw runs (Griffith) [Pa].

    .. math:: \sigma_c = \frac{K_{Ic}}{Y\sqrt{\pi a}}

    Parameters
    ----------
    toughness
        :math:`K_{Ic}` [Pa m^0.5]: 0.23e6 for 75Li2S-25P2S5 glass, 1.25e6 for LLZO.
    depth
        :math:`a` [m], above 0.
    shape
        :math:`Y` [-]: 1.12 for a crack from the surface.

    References
    ----------
    L. Porz et al., Adv. Energy Mater. 7 (2017) 1701003, doi:10.1002/aenm.201701003 (the criterion).

    Examples
    --------
    1 um in the glass and in the garnet:

    >>> [round(float(critical_stress(k, 1e-6)) / 1e6) for k in (0.23e6, 1.25e6)]
    [116, 630]
    """
    return toughness / (shape * np.sqrt(np.pi * depth))


def nernst_stress(overpotential: Any, molar_volume: Any = LITHIUM_MOLAR_VOLUME) -> Any:
    r"""Pressure that an overpotential can hold against plating [Pa], :math:`p = \eta F/\Omega`.

    Parameters
    ----------
    overpotential
        :math:`\eta` [V], local, at the interface.
    molar_volume
        :math:`\Omega` [m3/mol].

    Examples
    --------
    7.42 MPa for each millivolt, about 75 MPa for 10 mV:

    >>> round(float(nernst_stress(1e-3)) / 1e6, 2)
    7.42
    """
    return overpotential * FARADAY / molar_volume


def critical_overpotential(toughness: Any, depth: Any, shape: Any = EDGE_CRACK) -> Any:
    r"""Local overpotential that can run a flaw [V], :math:`\eta_c = \sigma_c\Omega/F`.

    It is the overpotential at the mouth of the flaw, not the voltage of the cell.

    Examples
    --------
    >>> round(float(critical_overpotential(0.23e6, 1e-6)) * 1e3, 1)  # mV
    15.6
    """
    return critical_stress(toughness, depth, shape) * LITHIUM_MOLAR_VOLUME / FARADAY


def power_law_pressure(current: Any, depth: Any, width: Any, metal: Metal = LITHIUM) -> Any:
    r"""Pressure at the tip that squeezes lithium out of a slit, for the bare power law [Pa].

    .. math:: p = \frac{2K}{w}\left[\left(2+\frac1{n'}\right)\frac{4 i V_F}{w^2}\right]^{n'}\frac{a^{n'+1}}{n'+1},
              \quad n'=\frac1n,\quad K = S_l\,3^{-1/2}(\sqrt3 A)^{-n'}

    Channel flow without slip of what is plated on both walls; computed from logarithms, as it spans many decades.

    Parameters
    ----------
    current
        :math:`i` [A/m^2] on the walls of the flaw, 0 or more.
    depth, width
        :math:`a`, :math:`w` [m].
    metal
        How lithium creeps; its ``sinh_coefficient`` is not used here.

    References
    ----------
    Channel flow as in L. Barroso-Luque, Q. Tu, G. Ceder, J. Electrochem. Soc. 167 (2020) 020534,
    doi:10.1149/1945-7111/ab6c5b; derived again.

    Examples
    --------
    A flaw of 1 um by 19 nm at 1 mA/cm2:

    >>> round(float(power_law_pressure(10.0, 1e-6, 19e-9)) / 1e6)
    213
    """
    return np.exp(_log_power_law(current, depth, width, metal))


def _log_power_law(current: Any, depth: Any, width: Any, metal: Metal) -> Any:
    flow = 1 / metal.exponent
    reference = np.log(CREEP_REFERENCE_STRESS * metal.size_factor / np.sqrt(3))
    strength = reference - flow * np.log(np.sqrt(3) * metal.prefactor)
    with np.errstate(divide="ignore"):
        rate = np.log((2 + metal.exponent) * 4 * VOLUME_PER_CHARGE) + np.log(current) - 2 * np.log(width)
    return np.log(2 / width) + strength + flow * rate + (flow + 1) * np.log(depth) - np.log(flow + 1)


def flow_pressure(current: Any, depth: Any, width: Any, metal: Metal = LITHIUM) -> Any:
    r"""Pressure at the tip that squeezes lithium out of a slit, with breakdown of the power law [Pa].

    .. math:: p = \frac{2a}{\sqrt3\,w}\,\frac{S_l}{\alpha}\,
              \mathrm{asinh}\left(\frac{\alpha\,\sigma_w}{S_l}\right),\quad \sigma_w = \frac{\sqrt3\,w}{2a}\,p_{power}

    The stress at the wall, averaged along the slit, is that of the hyperbolic sine at the rate of the power law; the
    full solution of the channel is 2 % higher at 200 MPa and 4 % higher at 1 GPa.

    Parameters
    ----------
    current, depth, width, metal
        See :func:`power_law_pressure`.

    Examples
    --------
    >>> round(float(flow_pressure(10.0, 1e-6, 19e-9)) / 1e6)
    180
    """
    lever = np.sqrt(3) * width / (2 * depth)
    alpha = metal.sinh_coefficient / metal.size_factor
    return np.arcsinh(alpha * lever * power_law_pressure(current, depth, width, metal)) / (alpha * lever)


def tip_pressure(flow: Any, ceiling: Any) -> Any:
    r"""Pressure that plating builds at the tip of a filled flaw [Pa]: a smooth minimum.

    .. math:: p = \left(p_{flow}^{-k} + p_\eta^{-k}\right)^{-1/k},\quad p_\eta = \eta F/\Omega

    Plating stops where the pressure has used up the overpotential.

    Parameters
    ----------
    flow
        :math:`p_{flow}` [Pa], see :func:`flow_pressure`.
    ceiling
        :math:`p_\eta` [Pa], see :func:`nernst_stress`; infinite where there is none.

    Examples
    --------
    >>> [round(float(tip_pressure(p, 50e6)) / 1e6, 1) for p in (10e6, 50e6, 500e6)]
    [10.0, 49.0, 50.0]
    """
    with np.errstate(divide="ignore"):
        low, high = -SMOOTHING * np.log(flow), -SMOOTHING * np.log(ceiling)
    return np.exp(-np.logaddexp(low, high) / SMOOTHING)


def profile_factor(flow: Any, ceiling: Any, exponent: Any = LITHIUM.exponent) -> Any:
    r"""Mean over tip pressure of a filled flaw [-].

    The pressure falls from tip to mouth as :math:`1-(x/a)^{n'+1}`, and wherever that exceeds the ceiling it stays
    there: :math:`(n'+1)/(n'+2)` while flow decides, 1 where the ceiling does, and the mean of the cut profile
    between.

    Parameters
    ----------
    flow, ceiling
        :math:`p_{flow}`, :math:`p_\eta` [Pa].
    exponent
        :math:`n` [-] of creep.

    Examples
    --------
    >>> [round(float(profile_factor(p, 50e6)), 3) for p in (10e6, 100e6, 1e12)]
    [0.535, 0.777, 1.0]
    """
    power = 1 / np.asarray(exponent, dtype=float) + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.minimum(1.0, np.nan_to_num(ceiling / np.asarray(flow, dtype=float), nan=1.0, posinf=1.0))
        flat = (1 - level) ** (1 / power)
        rest = (1 - flat) - (1 - flat ** (power + 1)) / (power + 1)
        factor = flat + rest / level
    return np.where(level > 0, factor, 1.0)


def mean_pressure(
    current: Any,
    depth: Any,
    width: Any,
    stack_pressure: Any = 0.0,
    local_resistance: Any = np.inf,
    metal: Metal = LITHIUM,
) -> Any:
    r"""Mean pressure on the walls of a filled flaw [Pa].

    .. math:: \bar p = P + f\,\min(p_{flow},\; i R_{loc} F/\Omega)

    Parameters
    ----------
    current
        :math:`i` [A/m^2] at the flaw.
    depth, width
        :math:`a`, :math:`w` [m].
    stack_pressure
        :math:`P` [Pa]. It does not close a crack across the separator, whose plane is parallel to it; it loads the
        lithium inside.
    local_resistance
        :math:`R_{loc}` [ohm m^2] at the mouth of the flaw; infinite removes the ceiling.
    metal
        How lithium creeps.

    Examples
    --------
    With 1 ohm cm2 the overpotential of 1 mA/cm2 is 1 mV, which holds 7.4 MPa whatever the flaw:

    >>> round(float(mean_pressure(10.0, 5e-6, 50e-9, 5e6, 1e-4)) / 1e6, 1)
    12.4
    """
    flow = flow_pressure(current, depth, width, metal)
    # No current holds no pressure, whatever the resistance.
    ceiling = nernst_stress(np.maximum(current, SMALLEST_CURRENT) * local_resistance)
    return stack_pressure + profile_factor(flow, ceiling, metal.exponent) * tip_pressure(flow, ceiling)


def stress_intensity(pressure: Any, depth: Any, residual_stress: Any = 0.0, shape: Any = EDGE_CRACK) -> Any:
    r"""Stress intensity of a flaw under a mean pressure on its walls [Pa m^0.5].

    .. math:: K_I = Y(\bar p - \sigma_{res})\sqrt{\pi a}

    Parameters
    ----------
    pressure
        :math:`\bar p` [Pa], see :func:`mean_pressure`.
    depth
        :math:`a` [m].
    residual_stress
        :math:`\sigma_{res}` [Pa]: compression in the plane of the separator (die, firing, ion exchange).
    shape
        :math:`Y` [-].

    Examples
    --------
    Compression of 200 MPa shields a flaw of 10 um in the garnet, which runs at 199 MPa, up to twice that:

    >>> round(float(stress_intensity(399e6, 10e-6, 200e6)) / 1e6, 2)
    1.25
    """
    return shape * (pressure - residual_stress) * np.sqrt(np.pi * depth)


@dataclass(frozen=True)
class Loading:
    """What acts on a flaw besides the current; numbers or arrays that broadcast with depth and width.

    Attributes
    ----------
    toughness
        K_Ic of the separator [Pa m^0.5].
    stack_pressure
        P [Pa].
    local_resistance
        R_loc [ohm m^2] at the mouth; infinite for no ceiling.
    residual_stress
        Compression in the plane [Pa].
    metal
        How lithium creeps.
    """

    toughness: Any
    stack_pressure: Any = 0.0
    local_resistance: Any = np.inf
    residual_stress: Any = 0.0
    metal: Metal = LITHIUM

    def shape(self, *others: Any) -> tuple[int, ...]:
        """Return the shape to which the loading and other arrays broadcast."""
        metal = (self.metal.prefactor, self.metal.exponent, self.metal.sinh_coefficient, self.metal.size_factor)
        own = (self.toughness, self.stack_pressure, self.local_resistance, self.residual_stress)
        return np.broadcast_shapes(*(np.shape(x) for x in (*metal, *own, *others)))

    def excess(self, current: Any, depth: Any, width: Any) -> Any:
        """Return stress intensity minus toughness [Pa m^0.5]; the flaw runs where it is not negative."""
        pressure = mean_pressure(current, depth, width, self.stack_pressure, self.local_resistance, self.metal)
        return stress_intensity(pressure, depth, self.residual_stress) - self.toughness


def crack_drive(current: Any, depth: Any, width: Any, loading: Loading) -> Any:
    r"""Pressure in a flaw over what it withstands [-], :math:`K_I/K_{Ic}`; the flaw runs from 1 on.

    Parameters
    ----------
    current
        At the flaw [A/m^2].
    depth, width
        a, w [m].
    loading
        Toughness, pressure, local resistance, compression.

    Examples
    --------
    >>> load = Loading(0.3e6, 5e6, 1e-4)
    >>> [round(float(crack_drive(i, 5e-6, 50e-9, load)), 2) for i in (10.0, 100.0)]
    [0.18, 1.09]
    """
    return 1 + loading.excess(current, depth, width) / loading.toughness


def initiation_current(depth: Any, width: Any, loading: Loading) -> NDArray[np.float64]:
    """Return the current density at the flaw above which it runs [A/m^2].

    Parameters
    ----------
    depth, width
        a, w [m].
    loading
        Toughness, pressure, local resistance, compression.

    Returns
    -------
    array
        0 where the stack pressure alone runs the flaw, infinite where no current does (a flaw so wide that lithium
        flows out faster than it could ever be plated).

    Examples
    --------
    5 um deep, 0.3 MPa m^0.5, at 5 MPa and 1 ohm cm2: a narrow flaw runs where the overpotential suffices, (68 - 5) MPa
    or 8.4 mV (and 2 % for the smooth minimum); lithium flows out of a wide one:

    >>> [round(float(i) / 10, 1) for i in initiation_current(5e-6, np.array([5e-9, 150e-9]), Loading(0.3e6, 5e6, 1e-4))]
    [8.5, 16.6]
    """
    shape = loading.shape(depth, width)
    low, high = (np.full(shape, np.log(x)) for x in (SMALLEST_CURRENT, LARGEST_CURRENT))
    at_rest = loading.excess(SMALLEST_CURRENT, depth, width) >= 0
    never = loading.excess(LARGEST_CURRENT, depth, width) < 0
    for _ in range(60):
        middle = (low + high) / 2
        runs = loading.excess(np.exp(middle), depth, width) >= 0
        low, high = np.where(runs, low, middle), np.where(runs, middle, high)
    return np.where(at_rest, 0.0, np.where(never, np.inf, np.exp(high)))


def critical_width(current: Any, depth: Any, loading: Loading) -> NDArray[np.float64]:
    """Return the width of the widest flaw of a given depth that still cracks at a current density [m].

    Parameters
    ----------
    current
        At the flaw [A/m^2].
    depth
        a [m].
    loading
        Toughness, pressure, local resistance, compression.

    Returns
    -------
    array
        0 where not even the narrowest cracks, infinite where every one does.

    Examples
    --------
    In the glass at 1 mA/cm2, without pressure or ceiling, by the bare power law (alpha near 0):

    >>> power_law = Metal(sinh_coefficient=1e-12)
    >>> widths = critical_width(10.0, np.array([1e-6, 5e-6, 20e-6]), Loading(0.23e6, metal=power_law))
    >>> [round(float(w) * 1e9) for w in widths]
    [19, 144, 835]
    """
    shape = loading.shape(current, depth)
    low, high = (np.full(shape, np.log(x)) for x in WIDTHS)
    never = loading.excess(current, depth, WIDTHS[0]) < 0
    always = loading.excess(current, depth, WIDTHS[1]) >= 0
    for _ in range(60):
        middle = (low + high) / 2
        cracks = loading.excess(current, depth, np.exp(middle)) >= 0
        low, high = np.where(cracks, middle, low), np.where(cracks, high, middle)
    return np.where(never, 0.0, np.where(always, np.inf, np.exp(low)))


def subsurface_current(current: Any, pore_perimeter: Any, neck_length: Any) -> Any:
    r"""Current density that counts in the neck of a pore under the surface [A/m^2].

    .. math:: i' = i\,\frac{A_p}{2a}

    What is plated on the walls of the pore leaves through the neck; put the neck's length and width for depth and
    width then.

    Parameters
    ----------
    current
        :math:`i` [A/m^2].
    pore_perimeter
        :math:`A_p` [m]: wall of the pore per unit of its length.
    neck_length
        :math:`a` [m].

    Examples
    --------
    >>> round(float(subsurface_current(10.0, 30e-6, 5e-6)))
    30
    """
    return current * pore_perimeter / (2 * neck_length)
