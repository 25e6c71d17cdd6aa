"""Voids at the lithium: open and occluded volume, re-exposure on stripping, and what they do to the contact.

A calibrated flux balance (anode.md 2.4): its structure is mechanistic, its coefficients are fitted. Leaves out: the
shape of single voids and where they sit (``patches``, ``rough_contact``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lisse._math import conduction_factor
from lisse.anode.contact import ATMOSPHERE
from lisse.anode.creep import CreepLaw, void_closure_rate, void_pressure
from lisse.anode.current_focusing import edge_ratio, reduced_radius
from lisse.anode.healing import healing_current
from lisse.anode.interlayers import TRANSITION, deficit_beyond_reservoir
from lisse.anode.kinetics import charge_transfer_resistance
from lisse.mechanism import ANODE, VOLUME_PER_CHARGE, Assembly, Face, Mechanism, ParameterInfo, parameter

SMALLEST_HEIGHT = 1e-13
"""Void height below which there is none [m]."""
SMALLEST_OCCLUDED = 1e-11
"""Occluded height below which nothing is left for a cover to lie over [m]."""
COVER_SKIN = 1e-9
"""Cover thickness below which it counts as gone [m]."""
COVERAGE_LOST = 0.05
"""Share of the contact that voids leave when contact counts as lost [-]."""
CONTACT_LOSS = "contact_loss"
"""Name of the event."""
HEIGHT_SCALE = 1e-6
"""Size of void heights for the solver's tolerance [m]."""
NO_TRANSITION = 1e-15
"""Width of the transition without a reservoir [m]: far below every void."""
_HEIGHTS = ("open void height", "occluded void height", "void cover thickness")
CALIBRATION_LENGTH = 0.13 * 1e-4
"""Conductivity times charge-transfer resistance of the cells behind the critical plating current [m]: 13 um."""
OCCLUDED_RADIUS = 0.1
"""Radius of occluded voids over the spacing of voids [-] (20 um at 200 um, anode.md 2.1: 1 to 100 um, assumed)."""
FASTEST_CLOSURE = 1.0
"""Occluded voids that close faster than this count as closed at once [1/s]."""


@dataclass(frozen=True)
class VoidLaw:
    r"""Coefficients of the void balance, each a number, an array over cells or a PyBaMM symbol.

    Attributes
    ----------
    void_yield
        :math:`\chi` [-]: share of the stripped deficit that drift of the lithium does not close.
    coverage_height
        :math:`h_1` [m]: void volume per area at which contact has fallen to 1/e.
    onset_ratio
        :math:`r = h_r/h_1` [-]: void height, over h_1, at which half of the healing current flows.
    refill_efficiency
        :math:`\lambda` [-]: void volume closed per volume plated.
    occluded_fraction
        :math:`\omega` [-]: share of the closed volume that is covered instead of filled.
    reexposure_thickness
        :math:`z_r` [m]: cover thickness at which stripping starts to open covered voids.
    """

    void_yield: Any
    coverage_height: Any
    onset_ratio: Any
    refill_efficiency: Any
    occluded_fraction: Any
    reexposure_thickness: Any

    @property
    def onset_height(self) -> Any:
        """Void height at which half of the healing current flows, :math:`h_r` [m]."""
        return self.onset_ratio * self.coverage_height


def void_rates(
    law: VoidLaw, open_height: Any, occluded_height: Any, cover: Any, current: Any, healing: Any, closure: Any
) -> tuple[Any, Any, Any]:
    r"""Rates of open void volume, occluded void volume (both per area) and of the cover over it [m/s].

    With :math:`s = h_v/(h_v + h_r)`, stripping current :math:`i_s` and plating current :math:`i_p`:

    .. math::
        \dot h_v &= V_F[\chi(i_s - i_h s) - \lambda i_p s] + e \\
        \dot h_o &= \omega\lambda V_F i_p s - k_o h_o - e,\qquad
             e = h_o\,\frac{6 V_F i_s}{z_r}\exp[-(z_c/z_r)^4] \\
        \dot z_c &= V_F i_p - V_F i_s\left(1-e^{-z_c/1\,nm}\right) - z_c\,\frac{\omega\lambda V_F i_p s}{h_o + h_{min}}

    Parameters
    ----------
    law
        Coefficients.
    open_height, occluded_height, cover
        :math:`h_v`, :math:`h_o`, :math:`z_c` [m].
    current
        :math:`i` [A/m^2], positive when stripping.
    healing
        :math:`i_h` [A/m^2], see :func:`lisse.anode.healing.healing_current`.
    closure
        :math:`k_o` [1/s], see :func:`lisse.anode.creep.void_closure_rate`.

    Examples
    --------
    Below the healing current voids settle where its flow balances the current, at h_r i / (i_h - i):

    >>> law = VoidLaw(0.7, 15e-6, 0.003, 3.0, 0.8, 0.3e-6)
    >>> rates = void_rates(law, law.onset_height * 1.0 / (2.0 - 1.0), 0.0, 0.0, 1.0, 2.0, 0.0)
    >>> bool(abs(rates[0]) < 1e-20)
    True
    """
    stripping, plating = np.maximum(current, 0.0), np.maximum(-current, 0.0)
    volume = VOLUME_PER_CHARGE
    saturation = np.maximum(open_height, 0.0) / (np.maximum(open_height, 0.0) + law.onset_height)
    closing = law.refill_efficiency * volume * plating * saturation
    occluding = law.occluded_fraction * closing
    cover = np.maximum(cover, 0.0)
    # Beyond three times the re-exposure thickness nothing is exposed, and no power of a trial step may overflow.
    covered = np.minimum(cover / law.reexposure_thickness, 3.0) ** 2
    opening = occluded_height * (6 * volume / law.reexposure_thickness) * stripping * np.exp(-covered * covered)
    open_rate = volume * law.void_yield * (stripping - healing * saturation) - closing + opening
    occluded_rate = occluding - closure * occluded_height - opening
    dilution = cover * occluding / (np.maximum(occluded_height, 0.0) + SMALLEST_OCCLUDED)
    cover_rate = volume * plating - volume * stripping * (1 - np.exp(-cover / COVER_SKIN)) - dilution
    return open_rate, occluded_rate, cover_rate


def coverage(open_height: Any, coverage_height: Any) -> Any:
    r"""Share of the statically touching area that voids leave [-].

    .. math:: \theta_v = \exp\left[-(h_v/h_1)^{2/3}\right]

    Flat voids of equal shape that overlap at random.

    Parameters
    ----------
    open_height, coverage_height
        :math:`h_v`, :math:`h_1` [m].

    Examples
    --------
    >>> round(float(coverage(15e-6, 15e-6)), 3)
    0.368
    """
    ratio = np.maximum(open_height, SMALLEST_HEIGHT) / coverage_height
    return np.exp(-(ratio ** (2 / 3)))


def void_radius(covered_share: Any, spacing: Any) -> Any:
    r"""Radius of the voids [m] that leave a share of the contact: :math:`a = \ell_v\sqrt{-\ln\theta_v/\pi}`.

    Parameters
    ----------
    covered_share
        :math:`\theta_v` [-], in (0, 1].
    spacing
        :math:`\ell_v` [m], one over the root of the voids' number per area.

    Examples
    --------
    >>> round(float(void_radius(0.5, 200e-6)) * 1e6)
    94
    """
    return spacing * np.sqrt(np.maximum(-np.log(covered_share), 0.0) / np.pi)


def spot_resistance(covered_share: Any, spacing: Any, conductivity: Any) -> Any:
    r"""Constriction resistance per area of contact spots between voids [ohm m^2] (Cooper, Mikic, Yovanovich).

    .. math:: R_v = \frac{\sqrt\pi}{4}\frac{\ell_v}{\kappa}\frac{(1-\sqrt{\theta_v})^{3/2}}{\sqrt{\theta_v}}

    Only for interfaces whose contact resistance is zero: a fitted R_c already contains it.

    Parameters
    ----------
    covered_share
        :math:`\theta_v` [-].
    spacing
        :math:`\ell_v` [m].
    conductivity
        :math:`\kappa` of the electrolyte [S/m].

    References
    ----------
    M. G. Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat Mass Transfer 12 (1969) 279,
    doi:10.1016/0017-9310(69)90011-8.

    Examples
    --------
    >>> round(float(spot_resistance(0.25, 200e-6, 0.2)) * 1e4, 2)
    3.13
    """
    root = np.sqrt(covered_share)
    return np.sqrt(np.pi) / 4 * spacing / conductivity * (1 - root) ** 1.5 / root


def steady_height(onset_height: Any, current: Any, healing: Any) -> Any:
    r"""Void height at which a stripping current below the healing current settles [m].

    .. math:: h_{v,ss} = h_r\,\frac{i}{i_h - i}

    Parameters
    ----------
    onset_height
        :math:`h_r` [m].
    current, healing
        :math:`i < i_h` [A/m^2].

    Examples
    --------
    >>> steady_height(45e-9, 1.0, 2.0)
    4.5e-08
    """
    return onset_height * current / (healing - current)


class Voids(Mechanism):
    """Void balance of one lithium face: three heights, the coverage that they leave, the current at their rims.

    Parameters
    ----------
    face
        The lithium face.
    """

    name = "voids"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Anode void yield", "Share of the stripped deficit that drift does not close"),
        ParameterInfo("Anode void coverage height [m]", "Void volume per area at which 1/e of the contact is left"),
        ParameterInfo("Anode void onset ratio", "Height over the coverage height at which half of the healing flows"),
        ParameterInfo("Anode void refill efficiency", "Void volume closed per volume plated"),
        ParameterInfo("Anode void occluded fraction", "Share of the closed volume that is covered, not filled"),
        ParameterInfo("Anode void re-exposure thickness [m]", "Cover at which stripping opens covered voids"),
        ParameterInfo("Anode void spacing [m]", "One over the root of the voids' number per area"),
        ParameterInfo("Anode occluded void size factor", "Strength of lithium around occluded voids over bulk"),
        ParameterInfo("Anode healing current offset [A.m-2]", "Without pressure, at 25 degC"),
        ParameterInfo("Anode healing current per pressure [A.m-2.Pa-1]", "Linear in the pressure, at 25 degC"),
        ParameterInfo("Anode healing current by creep [A.m-2]", "Power law, at 1 MPa and 25 degC"),
        ParameterInfo("Anode creep prefactor [s-1]", "Creep of lithium at 1 MPa and 25 degC"),
        ParameterInfo("Anode creep sinh coefficient [Pa-1]", "Inverse of the stress where the power law breaks down"),
        ParameterInfo("Anode surface energy [J.m-2]", "Closes small voids without pressure"),
        ParameterInfo("Interlayer reservoir thickness [m]", "Lithium in its pores, which makes up for voids", 0.0),
    )
    references: ClassVar[tuple[str, ...]] = ("10.1038/s41563-019-0438-9",)

    def __init__(self, face: Face = ANODE) -> None:
        self.face = face

    def publish(self, assembly: Assembly) -> None:
        """Create the heights; publish the coverage that they leave, its constriction and the current at the rims."""
        import pybamm

        face = self.face.name
        heights = [pybamm.Variable(f"{face} {kind} [m]", scale=HEIGHT_SCALE) for kind in _HEIGHTS]
        spacing = parameter("Anode void spacing [m]")
        reservoir = parameter("Interlayer reservoir thickness [m]")
        costly = deficit_beyond_reservoir(heights[0], reservoir, TRANSITION * (reservoir > 0) + NO_TRANSITION)
        covered = coverage(costly, parameter("Anode void coverage height [m]"))
        temperature, stem = assembly["Temperature [K]"], "Separator ionic conductivity"
        conductivity = parameter(f"{stem} [S.m-1]") * conduction_factor(
            parameter(f"{stem} activation energy [J.mol-1]"), temperature, parameter(f"{stem} temperature exponent")
        )
        resistance = charge_transfer_resistance(
            parameter("Anode charge-transfer resistance [Ohm.m2]"),
            parameter("Anode charge-transfer activation energy [J.mol-1]"),
            temperature,
        )
        radius = void_radius(covered, spacing)
        focused = edge_ratio(reduced_radius(radius, conductivity, resistance)) / edge_ratio(radius / CALIBRATION_LENGTH)
        plating = np.maximum(-assembly.current_at(self.face), 0.0)
        assembly.variables |= {height.name: height for height in heights} | {
            f"{face} void coverage": covered,
            f"{face} void constriction [Ohm.m2]": spot_resistance(covered, spacing, conductivity),
            f"{face} edge plating current density [A.m-2]": plating / covered * focused,
        }
        assembly.swelling += heights[:2]

    def equations(self, assembly: Assembly) -> None:
        """Balance the heights; end the run when the contact is lost."""
        import pybamm

        face, temperature = self.face.name, assembly["Temperature [K]"]
        pressure = np.maximum(assembly["Stack pressure [Pa]"], ATMOSPHERE)
        energy, exponent = parameter("Anode creep activation energy [J.mol-1]"), parameter("Anode creep exponent")
        healing = healing_current(
            pressure,
            temperature,
            parameter("Anode healing current offset [A.m-2]"),
            parameter("Anode healing current per pressure [A.m-2.Pa-1]"),
            parameter("Anode healing current by creep [A.m-2]"),
            exponent,
            energy,
        )
        creep = CreepLaw(
            parameter("Anode creep prefactor [s-1]"),
            exponent,
            energy,
            parameter("Anode creep sinh coefficient [Pa-1]"),
        )
        radius = OCCLUDED_RADIUS * parameter("Anode void spacing [m]")
        pressed = void_pressure(pressure, parameter("Anode surface energy [J.m-2]"), radius)
        closure = void_closure_rate(pressed, temperature, creep, parameter("Anode occluded void size factor"))
        heights = [assembly[f"{face} {kind} [m]"] for kind in _HEIGHTS]
        current = assembly[f"{face} faradaic current density [A.m-2]"]
        closure = np.minimum(closure, FASTEST_CLOSURE)
        rates = void_rates(self._law(), heights[0], heights[1], heights[2], current, healing, closure)
        for height, rate in zip(heights, rates, strict=True):
            assembly.add_state(height, rate, 0)
        assembly.variables[f"{face} healing current density [A.m-2]"] = pybamm.convert_to_symbol(healing)
        assembly.events.append(pybamm.Event(CONTACT_LOSS, assembly[f"{face} void coverage"] - COVERAGE_LOST))

    @staticmethod
    def _law() -> VoidLaw:
        return VoidLaw(
            parameter("Anode void yield"),
            parameter("Anode void coverage height [m]"),
            parameter("Anode void onset ratio"),
            parameter("Anode void refill efficiency"),
            parameter("Anode void occluded fraction"),
            parameter("Anode void re-exposure thickness [m]"),
        )
