"""Contact loss between oxide and electrolyte as states of the cell: gap, wetted area, connected fraction, path length.

A particle that shrinks leaves a gap; the gap costs area at once and for as long as it is open, and cuts off for good
what it has opened widest. Leaves out: gaps that differ through the thickness, and cracks (``cathode.cracks``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from lisse.cathode.diffusion import population_name
from lisse.cathode.shrinkage import positive_part, shrinkage
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter

if TYPE_CHECKING:
    import pybamm

STRAIN_SPREAD = 0.002
"""Shrinkage by which particles of one size differ in when their gap opens: pressure is not the same at each [-]."""
GAP_TIME, AREA_TIME = 60.0, 30.0
"""Times with which the largest gap and the wetted area follow the gap [s]: short against any charge."""
GAP_WIDTH = 1e-11
"""Width over which the largest gap begins to follow [m]."""
REFERENCE_STRAIN = 0.05
"""Shrinkage to which the growth of the gap by cycling refers [-]."""
GAP_GROWTH = 0.03
"""Gap volume that a cycle of 5 % shrinkage without pressure adds [-]: voids of NMC532 in Li3PS4 at 2 MPa, 3.2 to 9.5 %
between cycles 10 and 50 (T. Shi et al., J. Mater. Chem. A 8 (2020); second-hand)."""
LARGEST_GAP_VOLUME = 0.2
"""Gap volume per particle volume at which cycling adds no more [-]: a little above the largest that was seen, 9.5 % of
a composite with 37.5 % of oxide (T. Shi et al. 2020)."""
CRITICAL_FRACTURE = (2.6, 3.5e-6, 9.5e9)
"""Fracture energy [J/m2], particle radius [m] and mismatch modulus [Pa] to which the gap lengths refer: those of
NMC811 in Li3PS4 (Koerver et al. 2017)."""
REFERENCE_FABRICATION = 446e6
"""Fabrication pressure of the cells to which the isolated share refers [Pa]."""
FABRICATION_PRESSURE = 150e6
"""Pressure at which a sulfide powder flows around the particles [Pa]; cold-pressed Li3PS4 does at 100 to 400 MPa."""


def gap(radius: Any, gap_strain: Any, pressure: Any, modulus: Any, shell: Any = 0.0) -> Any:
    r"""Gap that a particle leaves on average [m], never quite zero.

    .. math:: \bar\delta = \max\left(0,\; \tfrac{r}{3}\left(e_v - \tfrac{p_0}{K^*}\right) - \delta_{shell}\right)

    Parameters
    ----------
    radius
        :math:`r` [m].
    gap_strain
        :math:`e_v` [-], gap volume over particle volume without pressure.
    pressure
        :math:`p_0` [Pa], compression of the interface as pressed.
    modulus
        :math:`K^*` [Pa] of particle and matrix together.
    shell
        What an elastic shell fills [m].

    Examples
    --------
    A loss of 5 % of volume in Li3PS4 (9.5 GPa) under no pressure, 3.5 um: 58 nm

    >>> round(float(gap(3.5e-6, 0.05, 0.0, 9.5e9)) * 1e9)
    58
    """
    opening = radius / 3 * (gap_strain - pressure / modulus) - shell
    return (opening + np.sqrt(opening**2 + (radius / 3 * STRAIN_SPREAD) ** 2)) / 2


def wetted_fraction(opening: Any, pressed: Any, limit: Any, length: Any) -> Any:
    r"""Wetted share of a particle's surface.

    .. math:: \theta = \theta_\infty + (\theta_0 - \theta_\infty) e^{-\bar\delta/\delta_c}

    Parameters
    ----------
    opening
        :math:`\bar\delta` [m].
    pressed
        :math:`\theta_0` [-] as pressed.
    limit
        :math:`\theta_\infty` [-]: the particle stays stuck on one side.
    length
        :math:`\delta_c` [m].

    Examples
    --------
    >>> round(float(wetted_fraction(40e-9, 0.8, 0.3, 40e-9)), 3)
    0.484
    """
    return limit + (pressed - limit) * np.exp(-opening / length)


def connected_fraction(widest: Any, limit: Any, length: Any) -> Any:
    r"""Share of the particles that keep a path for ions and electrons, by the widest gap so far.

    .. math:: u = 1 - (1 - u_\infty)\left[1 - e^{-(\delta_{max}/\delta_u)^2}\right]

    Parameters
    ----------
    widest
        :math:`\delta_{max}` [m], the largest gap of the past; only pressing again makes it smaller.
    limit
        :math:`u_\infty` [-].
    length
        :math:`\delta_u` [m].

    Examples
    --------
    >>> [round(float(connected_fraction(width * 1e-9, 0.75, 20e-9)), 2) for width in (0, 10, 20, 60)]
    [1.0, 0.94, 0.84, 0.75]
    """
    return limit + (1 - limit) * np.exp(-((widest / length) ** 2))


def path_ratio(wetted: Any, factor: Any) -> Any:
    r"""Diffusion length over radius: lithium enters through what contact is left.

    .. math:: r_{eff}/r = 1 + b\,(\theta^{-1/2} - 1)

    Examples
    --------
    >>> round(float(path_ratio(0.3, 0.5)), 2)
    1.41
    """
    return 1 + factor * (wetted**-0.5 - 1)


def gap_length_factor(adhesion: Any, radius: Any, modulus: Any) -> Any:
    r"""Factor on the lengths :math:`\delta_c, \delta_u`: gaps open the later, the tougher the interface.

    The critical shrinkage of the energy criterion is :math:`\sqrt{6\Gamma/(rK^*)}`, its gap r/3 of that: the lengths go
    as :math:`\sqrt{\Gamma r/K^*}` from those of the reference interface.

    Parameters
    ----------
    adhesion
        :math:`\Gamma` [J/m^2].
    radius
        [m].
    modulus
        :math:`K^*` [Pa].

    Examples
    --------
    >>> float(gap_length_factor(4 * 2.6, 3.5e-6, 9.5e9))
    2.0
    """
    tough, size, stiff = CRITICAL_FRACTURE
    return np.sqrt(adhesion / tough * radius / size * stiff / modulus)


def fabrication_quality(pressure: Any) -> Any:
    """Share of the contact at 446 MPa that a lower fabrication pressure makes; 1 there, a little more above.

    Examples
    --------
    >>> [round(float(fabrication_quality(p * 1e6)), 2) for p in (50, 200, 446)]
    [0.3, 0.78, 1.0]
    """
    return np.expm1(-pressure / FABRICATION_PRESSURE) / np.expm1(-REFERENCE_FABRICATION / FABRICATION_PRESSURE)


class ContactLoss(Mechanism):
    """Gap, wetted area and growth of the gap by cycling, of one population.

    Parameters
    ----------
    population
        Number of the population.
    """

    name = "contact loss"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Pristine lithium content", "Lithium per formula unit when the composite was pressed"),
        ParameterInfo("Positive electrode mismatch modulus [Pa]", "K*, of a particle in the electrolyte"),
        ParameterInfo("Positive electrode residual pressure [Pa]", "Compression that fabrication leaves at particles"),
        ParameterInfo("Positive electrode stress concentration", "Pressure at particles over stack pressure", 1.0),
        ParameterInfo("Positive electrode wetting gap [m]", "Gap over which the wetted area is lost"),
        ParameterInfo("Positive electrode wetting gap pressure [Pa]", "Stack pressure that doubles it", 50e6),
        ParameterInfo("Positive electrode isolation gap [m]", "Gap over which particles lose their path"),
        ParameterInfo("Positive electrode lowest connected fraction", "However wide the gaps"),
        ParameterInfo("Positive electrode lowest wetted ratio", "Wetted area of a detached particle, share", 0.375),
        ParameterInfo("Positive particle path factor", "b in r_eff/r = 1 + b (1/sqrt(wetted) - 1)", 0.5),
        ParameterInfo("Positive electrode gap growth", "Gap volume that a cycle of 5 % shrinkage adds", GAP_GROWTH),
        ParameterInfo("Positive electrode gap growth pressure [Pa]", "Pressure that holds this down by 1/e", 20e6),
        ParameterInfo("Positive particle shell reach [m]", "Gap that an elastic shell fills", 0.0),
        ParameterInfo("Initial positive electrode gap volume", "Gap volume per particle volume, of the past", 0.0),
        ParameterInfo("Initial positive electrode widest gap [m]", "Of the past", 0.0),
    )

    def __init__(self, population: int = 1) -> None:
        self.population = population

    def label(self, name: str) -> str:
        """Return the name of a parameter or variable of this population."""
        return population_name(name, self.population)

    def publish(self, assembly: Assembly) -> None:
        """Create the states; publish the wetted and the connected fraction and the path length that follow."""
        import pybamm

        widest = pybamm.Variable(self.label("Widest contact gap [m]"), scale=1e-8)
        wetted = pybamm.Variable(self.label("Wetted fraction"))
        grown = pybamm.Variable(self.label("Irreversible gap volume"), scale=0.01)
        assembly.variables |= {variable.name: variable for variable in (widest, wetted, grown)}
        assembly.variables[self.label("Contact-connected fraction")] = self._connected(widest)
        assembly.variables[self.label("Contact path ratio")] = path_ratio(
            wetted, parameter("Positive particle path factor")
        )

    def _connected(self, widest: pybamm.Symbol) -> pybamm.Symbol:
        return connected_fraction(
            widest,
            parameter("Positive electrode lowest connected fraction"),
            parameter(self.label("Positive electrode isolation gap [m]")),
        )

    def _gap(self, content: pybamm.Symbol, pressure: pybamm.Symbol, grown: pybamm.Symbol) -> pybamm.Symbol:
        """Gap [m] at a mean content, a stack pressure and a gap volume that cycling has left."""
        pristine = parameter(self.label("Pristine lithium content"))
        share = parameter("Electrode height fraction of volume change")
        shrunk = shrinkage(content, pristine, self.population)
        compressed = parameter("Positive electrode stress concentration") * pressure + parameter(
            "Positive electrode residual pressure [Pa]"
        )
        return gap(
            parameter(self.label("Positive particle radius [m]")),
            (1 - share) * shrunk + grown,
            compressed,
            parameter(self.label("Positive electrode mismatch modulus [Pa]")),
            parameter("Positive particle shell reach [m]"),
        )

    def _wetted(self, opening: pybamm.Symbol, pressure: pybamm.Symbol) -> pybamm.Symbol:
        pressed = parameter(self.label("Positive electrode wetted fraction"))
        length = parameter(self.label("Positive electrode wetting gap [m]"))
        stiffer = 1 + pressure / parameter("Positive electrode wetting gap pressure [Pa]")
        limit = pressed * parameter("Positive electrode lowest wetted ratio")
        return wetted_fraction(opening, pressed, limit, length * stiffer)

    def equations(self, assembly: Assembly) -> None:
        """Let area and widest gap follow the gap, and the gap grow with every stroke."""
        widest, wetted, grown = (
            assembly[self.label(name)]
            for name in ("Widest contact gap [m]", "Wetted fraction", "Irreversible gap volume")
        )
        pressure = assembly["Stack pressure [Pa]"]
        content = assembly[self.label("Content of connected particles")]
        opening = self._gap(content, pressure, grown)
        assembly.variables |= {
            self.label("Contact gap [m]"): opening,
            self.label("Gap volume per particle volume"): (1 - parameter("Electrode height fraction of volume change"))
            * assembly[self.label("Shrinkage")]
            + grown,
        }
        start_content, start_pressure = (
            parameter(self.label("Initial lithium content")),
            assembly["Initial stack pressure [Pa]"],
        )
        start_grown = parameter("Initial positive electrode gap volume")
        start = self._gap(start_content, start_pressure, start_grown)
        widest_start = np.maximum(start, parameter("Initial positive electrode widest gap [m]"))
        assembly.variables[self.label("Initial contact-connected fraction")] = self._connected(widest_start)
        assembly.add_state(widest, positive_part(opening - widest, GAP_WIDTH) / GAP_TIME, widest_start)
        assembly.add_state(
            wetted, (self._wetted(opening, pressure) - wetted) / AREA_TIME, self._wetted(start, start_pressure)
        )
        stroke = assembly[self.label("Shrinkage")] * assembly[self.label("Strain speed [s-1]")]
        held = np.exp(-pressure / parameter("Positive electrode gap growth pressure [Pa]"))
        growth = parameter("Positive electrode gap growth") * stroke / REFERENCE_STRAIN**2 * held
        growth = growth * (1 - grown / LARGEST_GAP_VOLUME)
        assembly.add_state(grown, growth, start_grown)
