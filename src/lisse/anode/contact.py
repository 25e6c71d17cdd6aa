"""Static contact between lithium and a solid electrolyte: how much of the area touches under pressure.

Leaves out: voids from stripping (they multiply this fraction), creep with time, and the constriction of the
current, which the fitted contact resistance already contains.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from lisse._math import clip, erf
from lisse.mechanism import (
    ANODE,
    REFERENCE_TEMPERATURE,
    Assembly,
    Face,
    Mechanism,
    ParameterInfo,
    arrhenius,
    parameter,
)

ATMOSPHERE = 1e5
"""Lowest pressure on a contact [Pa]: the air presses where no fixture does."""
SMALLEST_FRACTION = 1e-4
"""Contact fractions are kept above this [-], so that the resistance stays finite."""


def contact_hardness(
    reference_hardness: Any,
    temperature: Any,
    activation_energy: Any,
    creep_exponent: Any,
    reference_temperature: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Effective hardness of the lithium asperities [Pa]: flow stress at a given strain rate.

    .. math:: P_H(T) = P_{H,0}\exp\left[\frac{Q}{nR}\left(\frac{1}{T}-\frac{1}{T_0}\right)\right]

    Parameters
    ----------
    reference_hardness
        :math:`P_{H,0}` [Pa] at :math:`T_0`: 6.0e6 for Li | cold-pressed Li6PS5Cl, 44.6e6 for Li | LLZO.
    temperature, reference_temperature
        :math:`T`, :math:`T_0` [K].
    activation_energy, creep_exponent
        :math:`Q` [J/mol], :math:`n` [-] of the creep of lithium: 37e3 and 6.56.

    Examples
    --------
    1.5 times harder at -20 degC:

    >>> round(float(contact_hardness(1.0, 253.15, 37e3, 6.56)), 1)
    1.5
    """
    return reference_hardness / arrhenius(activation_energy / creep_exponent, temperature, reference_temperature)


def exponential(pressure: Any, hardness: Any) -> Any:
    r"""Contact fraction [-] on first loading, plastic asperities that fill up (default law).

    .. math:: \theta_s = 1 - e^{-P/P_H}

    Parameters
    ----------
    pressure
        :math:`P` [Pa]; at least 0.1 MPa is used.
    hardness
        :math:`P_H` [Pa], see :func:`contact_hardness`.

    Examples
    --------
    Li | LLZO: about 20 % at 10 MPa, all of it at 400 MPa (Zhang and Harris 2020, quoted by Eckhardt et al.
    2023):

    >>> [round(float(exponential(p, 44.6e6)), 2) for p in (10e6, 400e6)]
    [0.2, 1.0]
    """
    return 1 - np.exp(-np.maximum(pressure, ATMOSPHERE) / hardness)


def persson(pressure: Any, contact_modulus: Any, slope: Any) -> Any:
    r"""Contact fraction [-] of elastic self-affine surfaces (Persson).

    .. math:: \theta_s = \mathrm{erf}\left(\frac{\sqrt 2\,P}{E^* h'_{rms}}\right)

    Parameters
    ----------
    pressure
        :math:`P` [Pa]; at least 0.1 MPa is used.
    contact_modulus
        :math:`E^*` [Pa], :math:`1/E^* = (1-\nu_1^2)/E_1 + (1-\nu_2^2)/E_2`; 5e9 to 8e9 for lithium.
    slope
        :math:`h'_{rms}` [-], root-mean-square slope of the surfaces.

    Examples
    --------
    Light contact grows as :math:`\sqrt{8/\pi}\,P/(E^* h')`:

    >>> round(float(persson(1e6, 6e9, 0.1)) * 6e9 * 0.1 / 1e6, 2)
    1.6
    """
    return erf(np.sqrt(2) * np.maximum(pressure, ATMOSPHERE) / (contact_modulus * slope))


def plasticity_index(contact_modulus: Any, hardness: Any, height_deviation: Any, tip_radius: Any) -> Any:
    r"""Greenwood-Williamson plasticity index [-]; above 1 the asperities flow.

    .. math:: \psi = \frac{E^*}{H}\sqrt{\frac{\sigma_s}{R_a}}

    Parameters
    ----------
    contact_modulus, hardness
        :math:`E^*`, :math:`H` [Pa].
    height_deviation, tip_radius
        Standard deviation :math:`\sigma_s` of the asperities' heights and radius :math:`R_a` of their tips
        [m].

    Examples
    --------
    Lithium (6 GPa, 10 MPa) flows even when it is smooth (0.1 um on 100 um):

    >>> round(float(plasticity_index(6e9, 10e6, 0.1e-6, 100e-6)), 1)
    19.0
    """
    return contact_modulus / hardness * np.sqrt(height_deviation / tip_radius)


def gw_ep(pressure: Any, contact_modulus: Any, hardness: Any, height_deviation: Any, tip_radius: Any) -> Any:
    r"""Contact fraction [-] of elastic-plastic asperities (Greenwood-Williamson, exponential heights).

    .. math:: \theta_s = \min\left(1,\; \frac{P}{p_m}\right),\quad
              p_m = H\,\min\left(1,\; \psi/\sqrt\pi\right)

    Elastic asperities carry the mean pressure :math:`E^*\sqrt{\sigma_s/R_a}/\sqrt\pi` whatever the load; it
    cannot exceed the hardness, so that for lithium (:math:`\psi \gg 1`) the plastic limit P/H rules.

    Parameters
    ----------
    pressure
        :math:`P` [Pa]; at least 0.1 MPa is used.
    contact_modulus, hardness, height_deviation, tip_radius
        See :func:`plasticity_index`.

    References
    ----------
    J. A. Greenwood, J. B. P. Williamson, Proc. R. Soc. A 295 (1966) 300, doi:10.1098/rspa.1966.0242.

    Examples
    --------
    >>> round(float(gw_ep(2e6, 6e9, 10e6, 1e-6, 10e-6)), 2)  # P/H
    0.2
    """
    index = plasticity_index(contact_modulus, hardness, height_deviation, tip_radius)
    mean_pressure = hardness * np.minimum(1.0, index / np.sqrt(np.pi))
    return np.minimum(1.0, np.maximum(pressure, ATMOSPHERE) / mean_pressure)


def unloaded(fraction_at_highest: Any, pressure: Any, highest_pressure: Any, unloading_exponent: Any) -> Any:
    r"""Contact fraction [-] after the pressure has been higher: most of the contact is remembered.

    .. math:: \theta_s = \theta_s(P_{max})\left(\frac{P}{P_{max}}\right)^{\mu_u}

    Parameters
    ----------
    fraction_at_highest
        :math:`\theta_s(P_{max})` [-] by any of the loading laws.
    pressure, highest_pressure
        :math:`P`, :math:`P_{max}` [Pa]; at least 0.1 MPa is used, and a pressure above the highest counts as
        it.
    unloading_exponent
        :math:`\mu_u` [-], 0.07 to 0.11 for Li | Li6PS5Cl.

    Examples
    --------
    From 25 to 5 MPa Li | Li6PS5Cl keeps 87 % of its contact:

    >>> round(float(unloaded(1.0, 5e6, 25e6, 0.09)), 2)
    0.87
    """
    now = np.maximum(pressure, ATMOSPHERE)
    return fraction_at_highest * (now / np.maximum(highest_pressure, now)) ** unloading_exponent


def contact_fraction(pressure: Any, highest_pressure: Any, hardness: Any, unloading_exponent: Any) -> Any:
    r"""Contact fraction [-] of the default law with its memory of the highest pressure.

    .. math:: \theta_s = \left(1 - e^{-P_{max}/P_H}\right)\left(\frac{P}{P_{max}}\right)^{\mu_u}

    Parameters
    ----------
    pressure
        :math:`P` [Pa], now.
    highest_pressure
        :math:`P_{max}` [Pa] seen so far, for example when the lithium was attached.
    hardness
        :math:`P_H` [Pa], see :func:`contact_hardness`.
    unloading_exponent
        :math:`\mu_u` [-].

    References
    ----------
    Fit to J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253, doi:10.1002/aenm.201903253 (second-hand).

    Examples
    --------
    >>> first, back = (contact_fraction(5e6, top, 6.0e6, 0.09) for top in (5e6, 25e6))
    >>> round(float(first), 2), round(float(back), 2)
    (0.57, 0.85)
    """
    highest = np.maximum(highest_pressure, pressure)
    return unloaded(exponential(highest, hardness), pressure, highest, unloading_exponent)


def contact_resistance(resistance: Any, fraction: Any) -> Any:
    r"""Resistance of an incomplete contact per area [ohm m^2]; constriction is contained in it.

    .. math:: R_{con} = R_c\,\frac{1-\theta}{\theta}

    Parameters
    ----------
    resistance
        :math:`R_c` [ohm m^2] per interface: 60e-4 for Li | Li6PS5Cl, 75.5e-4 for Li | LLZO, sample-dependent.
    fraction
        :math:`\theta` [-], contact fraction; values outside 1e-4 ... 1 are taken as the nearer end.

    Examples
    --------
    Li | LLZO: 300 and 50 ohm cm2 at 10 and 41 MPa (Krauskopf et al. 2019, quoted by Eckhardt et al. 2023):

    >>> [round(float(contact_resistance(75.5, exponential(p, 44.6e6)))) for p in (10e6, 41e6)]
    [300, 50]
    """
    theta = clip(fraction, SMALLEST_FRACTION, 1.0)
    return resistance * (1 - theta) / theta


class StaticContact(Mechanism):
    """Contact fraction of lithium under the stack pressure and between its voids, and what stands in series there.

    Parameters
    ----------
    face
        The lithium face.
    law
        First loading: ``exponential``, ``persson`` or ``gw_ep``.
    """

    name = "static contact"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Anode contact hardness [Pa]", "Effective hardness of the asperities at 25 degC"),
        ParameterInfo("Anode contact resistance [Ohm.m2]", "Prefactor of the contact resistance"),
        ParameterInfo("Anode contact unloading exponent", "Memory of the highest pressure", 0.09),
        ParameterInfo("Anode creep activation energy [J.mol-1]", "Softens the asperities when warm", 0.0),
        ParameterInfo("Anode creep exponent", "Stress exponent of creep", 1.0),
        ParameterInfo("Interlayer area resistance [Ohm.m2]", "Of a layer between anode and separator at 25 degC", 0.0),
        ParameterInfo("Interlayer conduction activation energy [J.mol-1]", "Arrhenius energy", 0.0),
    )
    law_parameters: ClassVar[dict[str, tuple[ParameterInfo, ...]]] = {
        "exponential": (),
        "persson": (
            ParameterInfo("Anode contact modulus [Pa]", "Plane-strain modulus of lithium and separator together"),
            ParameterInfo("Anode contact surface slope", "Root-mean-square slope of the surfaces"),
        ),
        "gw_ep": (
            ParameterInfo("Anode contact modulus [Pa]", "Plane-strain modulus of lithium and separator together"),
            ParameterInfo("Anode contact height deviation [m]", "Standard deviation of the asperities' heights"),
            ParameterInfo("Anode contact tip radius [m]", "Radius of the asperities' tips"),
        ),
    }
    """What the laws of first loading need besides."""

    def __init__(self, face: Face = ANODE, law: str = "exponential") -> None:
        self.face, self.law = face, law
        self.parameters = (*type(self).parameters, *self.law_parameters[law])  # type: ignore[misc]

    def publish(self, assembly: Assembly) -> None:
        """Publish contact fraction and resistance, and book the drop."""
        hardness = contact_hardness(
            parameter("Anode contact hardness [Pa]"),
            assembly["Temperature [K]"],
            parameter("Anode creep activation energy [J.mol-1]"),
            parameter("Anode creep exponent"),
        )
        name, pressure = self.face.name, assembly["Stack pressure [Pa]"]
        highest = np.maximum(assembly["Highest stack pressure [Pa]"], pressure)
        static = unloaded(
            self._loaded(highest, hardness), pressure, highest, parameter("Anode contact unloading exponent")
        )
        covered = assembly.get(f"{name} void coverage")
        fraction = static if covered is None else np.maximum(static * covered, SMALLEST_FRACTION)
        unit = parameter("Anode contact resistance [Ohm.m2]")
        resistance = contact_resistance(unit, fraction)
        if (spots := assembly.get(f"{name} void constriction [Ohm.m2]")) is not None:
            # A fitted contact resistance contains the constriction already.
            resistance = resistance + (unit <= 0) * spots
        assembly.variables |= {
            f"{name} contact fraction": fraction,
            f"{name} static contact fraction": static,
            f"{name} contact area resistance [Ohm.m2]": resistance,
        }
        layer = parameter("Interlayer area resistance [Ohm.m2]") / arrhenius(
            parameter("Interlayer conduction activation energy [J.mol-1]"), assembly["Temperature [K]"]
        )
        series = resistance + layer
        if (film := assembly.get(f"{name} interphase area resistance [Ohm.m2]")) is not None:
            series = series + film / fraction
        current = assembly["Internal current density [A.m-2]"]
        assembly.add_overpotential(self.face.inventory, current * series)
        assembly.add_dissipation(self.face.inventory, current**2 * series)

    def _loaded(self, pressure: Any, hardness: Any) -> Any:
        """Contact fraction on first loading."""
        if self.law == "exponential":
            return exponential(pressure, hardness)
        modulus = parameter("Anode contact modulus [Pa]")
        if self.law == "persson":
            return persson(pressure, modulus, parameter("Anode contact surface slope"))
        heights, radius = parameter("Anode contact height deviation [m]"), parameter("Anode contact tip radius [m]")
        return gw_ep(pressure, modulus, hardness, heights, radius)
