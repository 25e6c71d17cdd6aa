"""Lithium squeezed out of the cell: flow of a sticking disc under pressure, and what a die prevents.

Lubrication theory of a power-law metal between platens that do not slip. Leaves out: slip, the bulge at the edge, the
pressure that the extruded rim meets, and the lithium that plating adds (the cell gives the thickness).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lisse.anode.creep import CreepLaw, creep_rate, flow_stress
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter

EXTRUSION_EVENT = "lithium_extrusion"
"""Name of the event."""
EXTRUSION_STRAIN = 0.05
"""Extruded strain at which the event fires [-]: lithium over the edge can short the cell."""
_LARGEST_STRAIN = 6.0
_POINTS = 4001


def constraint_factor(aspect_ratio: Any, exponent: Any) -> Any:
    r"""Mean pressure on a sticking disc over the flow stress of its metal [-].

    .. math:: \varphi = \frac{2}{\sqrt3\,(n'+3)}\left(\frac{R}{h}\right)^{1+n'}
              \left(\frac{2+n}{\sqrt3}\right)^{n'},\quad n' = 1/n

    The squeeze flow of a slab, p = (2 K R^(n'+1) / ((n'+3) h)) ((2+1/n') (-dh/dt) / h^2)^n' with
    K = 3^(-1/2) (3^(1/2) A)^(-n'), written as a pure number: p = phi sigma_f(-(dh/dt)/h).

    Parameters
    ----------
    aspect_ratio
        :math:`R/h` [-], radius over thickness; the theory wants it above about 5.
    exponent
        :math:`n` [-] of the creep.

    References
    ----------
    Derived for lisse; the limit is the friction hill of a rigid-plastic disc (Avitzur, Metal Forming, 1968).

    Examples
    --------
    A metal without rate dependence: 2R/(3 sqrt(3) h)

    >>> round(float(constraint_factor(10.0, 1e9)), 3), round(20 / (3 * 3**0.5), 3)
    (3.849, 3.849)
    """
    inverse = 1 / exponent
    share = 2 / (3**0.5 * (inverse + 3))
    return share * aspect_ratio ** (1 + inverse) * ((2 + exponent) / 3**0.5) ** inverse


def squeeze_rate(
    pressure: Any, thickness: Any, radius: Any, temperature: Any, law: CreepLaw, confined: Any = 0.0
) -> Any:
    r"""Rate at which a lithium foil is squeezed out, :math:`-\dot h/h` [1/s].

    .. math:: -\frac{\dot h}{h} = (1-c)\;\dot\varepsilon\left(\frac{P}{\varphi(R/h)}\right)

    Exact for a power law; where the power law breaks down (P over the constraint factor above about 1 MPa) the
    reference stress stands for the distribution, and lithium flows out within seconds in any case.

    Parameters
    ----------
    pressure
        :math:`P` [Pa], mean stack pressure.
    thickness, radius
        :math:`h`, :math:`R` of the foil under the platen [m]. Thin foils are locked: 30 um on 12 mm flows only above
        about 25 MPa on the time scale of a cell.
    temperature, law
        See :func:`~lisse.anode.creep.creep_rate`.
    confined
        :math:`c` [-]: 1 in a die, where lithium cannot leave and its pressure is hydrostatic, 0 between free platens.

    Examples
    --------
    500 um foil of 12.7 mm: half a per cent in ten days at 1 MPa, gone in hours at 5 MPa

    >>> law = CreepLaw.of("Li")
    >>> [f"{float(squeeze_rate(p, 500e-6, 6.35e-3, 298.15, law)):.0e}" for p in (1e6, 5e6)]
    ['5e-09', '2e-04']
    """
    reference = pressure / constraint_factor(radius / thickness, law.exponent)
    return (1 - confined) * creep_rate(reference, temperature, law)


def squeeze_pressure(rate: Any, thickness: Any, radius: Any, temperature: Any, law: CreepLaw) -> Any:
    r"""Mean pressure [Pa] that squeezes a foil at a rate: the inverse of :func:`squeeze_rate` between free platens.

    Parameters
    ----------
    rate
        :math:`-\dot h/h` [1/s].
    thickness, radius, temperature, law
        See :func:`squeeze_rate`.
    """
    return constraint_factor(radius / thickness, law.exponent) * flow_stress(rate, temperature, law)


def lithium_pressure(pressure: Any, relative_radius: Any, law: CreepLaw, confined: Any = 0.0) -> Any:
    r"""Pressure in the lithium [Pa] at a distance from the middle of the foil.

    .. math:: p = P\left[c + (1-c)\,\frac{n'+3}{n'+1}\left(1-\left(\frac rR\right)^{n'+1}\right)\right]

    Its mean over the area is the stack pressure. Between free platens the middle bears almost three times the mean and
    the edge nothing: contact there is lost first. In a die it is the same everywhere.

    Parameters
    ----------
    pressure
        :math:`P` [Pa], mean stack pressure.
    relative_radius
        :math:`r/R` [-], 0 to 1.
    law, confined
        See :func:`squeeze_rate`.

    Examples
    --------
    >>> law = CreepLaw.of("Li")
    >>> [round(float(lithium_pressure(1.0, r, law)), 2) for r in (0.0, 1.0)], float(lithium_pressure(1.0, 1.0, law, 1))
    ([2.74, 0.0], 1.0)
    """
    inverse = 1 / law.exponent
    hill = (inverse + 3) / (inverse + 1) * (1 - relative_radius ** (inverse + 1))
    return pressure * (confined + (1 - confined) * hill)


def extruded_strain(
    time: ArrayLike,
    pressure: float,
    thickness: float,
    radius: float,
    temperature: float,
    law: CreepLaw,
    confined: float = 0.0,
) -> NDArray[np.float64]:
    r"""Strain that has been squeezed out after a time under constant pressure, :math:`\ln(h_0/h)` [-].

    The foil locks itself: it flows more slowly as it gets thinner.

    Parameters
    ----------
    time
        Times [s], not negative; any shape.
    pressure, thickness, radius, temperature, law, confined
        See :func:`squeeze_rate`; ``thickness`` is that at the start.

    Returns
    -------
    ndarray
        Strain, shape of ``time``; held at 6 (0.2 % of the thickness left).

    Examples
    --------
    The event at 5 MPa and 500 um comes after some minutes:

    >>> law = CreepLaw.of("Li")
    >>> strain = extruded_strain([60.0, 600.0], 5e6, 500e-6, 6.35e-3, 298.15, law)
    >>> (strain > EXTRUSION_STRAIN).tolist()
    [False, True]
    """
    wanted = np.asarray(time, float)
    strain = np.linspace(0.0, _LARGEST_STRAIN, _POINTS)
    rate = squeeze_rate(pressure, thickness * np.exp(-strain), radius, temperature, law, confined)
    if rate[0] <= 0:
        return np.zeros_like(wanted)
    return np.interp(wanted, passed_time(strain, rate), strain)


def time_to_extrusion(
    pressure: float,
    thickness: float,
    radius: float,
    temperature: float,
    law: CreepLaw,
    confined: float = 0.0,
) -> float:
    """Time [s] until the event ``lithium_extrusion`` under constant pressure; infinite in a die.

    Parameters
    ----------
    pressure, thickness, radius, temperature, law, confined
        See :func:`extruded_strain`.

    Examples
    --------
    >>> time_to_extrusion(5e6, 500e-6, 6.35e-3, 298.15, CreepLaw.of("Li"), confined=1.0)
    inf
    """
    strain = np.linspace(0.0, EXTRUSION_STRAIN, 201)
    rate = squeeze_rate(pressure, thickness * np.exp(-strain), radius, temperature, law, confined)
    return float(passed_time(strain, rate)[-1]) if rate[0] > 0 else float("inf")


def passed_time(strain: ArrayLike, rate: ArrayLike) -> NDArray[np.float64]:
    r"""Time at which each strain is reached, :math:`t = \int d\varepsilon/\dot\varepsilon` [s].

    Parameters
    ----------
    strain
        Strains from the start, increasing [-]; shape (points,).
    rate
        Rate at each of them, above 0 [1/s]; shape (points,).

    Examples
    --------
    >>> passed_time([0.0, 0.1, 0.2], [1e-3, 1e-3, 1e-3]).round(6).tolist()
    [0.0, 100.0, 200.0]
    """
    slowness = 1 / np.asarray(rate, float)
    pieces = (slowness[1:] + slowness[:-1]) / 2 * np.diff(np.asarray(strain, float))
    return np.concatenate(([0.0], np.cumsum(pieces)))


class Extrusion(Mechanism):
    """Lithium foil that no die confines: it thins under the stack pressure, and ends the run when it has flowed out."""

    name = "extrusion"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Anode foil thickness [m]", "At the start"),
        ParameterInfo("Anode foil radius [m]", "Of a disc with the area of the cell"),
        ParameterInfo("Anode creep prefactor [s-1]", "Creep of lithium at 1 MPa and 25 degC"),
        ParameterInfo("Anode creep sinh coefficient [Pa-1]", "Inverse of the stress where the power law breaks down"),
    )

    def publish(self, assembly: Assembly) -> None:
        """Create the extruded strain; it takes thickness from the stack."""
        import pybamm

        strain = pybamm.Variable("Extruded strain")
        assembly.variables[strain.name] = strain
        assembly.swelling.append(parameter("Anode foil thickness [m]") * (np.exp(-strain) - 1))

    def equations(self, assembly: Assembly) -> None:
        """Squeeze the foil."""
        import pybamm

        strain = assembly["Extruded strain"]
        law = CreepLaw(
            parameter("Anode creep prefactor [s-1]"),
            parameter("Anode creep exponent"),
            parameter("Anode creep activation energy [J.mol-1]"),
            parameter("Anode creep sinh coefficient [Pa-1]"),
        )
        rate = squeeze_rate(
            np.maximum(assembly["Stack pressure [Pa]"], 0.0),
            parameter("Anode foil thickness [m]") * np.exp(-strain),
            parameter("Anode foil radius [m]"),
            assembly["Temperature [K]"],
            law,
        )
        assembly.add_state(strain, rate, 0)
        assembly.events.append(pybamm.Event(EXTRUSION_EVENT, 1 - strain / EXTRUSION_STRAIN))
