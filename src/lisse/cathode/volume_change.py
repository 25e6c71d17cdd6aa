"""What the lattice of an active material does with its lithium content, and what a press frame feels of it.

Free strain of the volume and of the two axes, their mismatch across grain boundaries, and the shares of anode and
cathode in the stack pressure. Leaves out: stresses (``cathode.debonding``) and the history of a run (``cell.stack``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lisse.errors import InputError
from lisse.materials import Curve, Material
from lisse.mechanism import FARADAY

Array = npt.NDArray[np.float64]
END = 1e-9
"""A lithium content this near to the end of a table still lies in it [-]."""


def linear_strain(volume_strain: Any) -> Any:
    r"""Strain of every length of a particle of many grains at random [-].

    .. math:: \varepsilon_{lin} = (1+\varepsilon_v)^{1/3} - 1 \approx \varepsilon_v/3

    Parameters
    ----------
    volume_strain
        :math:`\varepsilon_v` [-], above -1.

    Examples
    --------
    NMC811 at 4.3 V (-4.86 %), in percent:

    >>> round(100 * linear_strain(-0.0486), 2)
    -1.65
    """
    return (1 + volume_strain) ** (1 / 3) - 1


def a_axis_strain(volume_strain: Any, c_strain: Any) -> Any:
    r"""Strain of the a axis of a layered lattice from its volume and its c axis [-].

    .. math:: \varepsilon_a = \sqrt{\frac{1+\varepsilon_v}{1+\varepsilon_c}} - 1,\qquad
              \varepsilon_v \approx 2\varepsilon_a + \varepsilon_c

    Parameters
    ----------
    volume_strain, c_strain
        :math:`\varepsilon_v, \varepsilon_c` [-].

    Examples
    --------
    NMC811 where its c axis is longest, x = 0.45 (volume -1.47 %, c +1.50 %), in percent:

    >>> round(100 * float(a_axis_strain(-0.0147, 0.0150)), 2)
    -1.47
    """
    return np.sqrt((1 + volume_strain) / (1 + c_strain)) - 1


def mismatch_strain(a_strain: Any, c_strain: Any) -> Any:
    r"""Strain by which two grains disagree where a meets c, :math:`|\varepsilon_a-\varepsilon_c|`.

    Parameters
    ----------
    a_strain, c_strain
        :math:`\varepsilon_a, \varepsilon_c` [-].

    Examples
    --------
    >>> round(mismatch_strain(-0.0147, 0.0150), 4)
    0.0297
    """
    return abs(a_strain - c_strain)


def anode_growth(areal_charge: Any, lithium_volume: Any) -> Any:
    r"""Height that an anode gains by a charge [m], :math:`\Delta h_{an} = q_A \bar V_{an}/F`.

    Parameters
    ----------
    areal_charge
        :math:`q_A` [C/m^2], positive on charge.
    lithium_volume
        :math:`\bar V_{an}` [m^3/mol] per lithium that it takes up.

    Examples
    --------
    1 mAh/cm2 on lithium and into indium, in um:

    >>> [round(anode_growth(36000.0, volume) * 1e6, 2) for volume in (12.997e-6, 7.89e-6)]
    [4.85, 2.94]
    """
    return areal_charge * lithium_volume / FARADAY


def cathode_growth(loading: Any, density: Any, strain_change: Any, height_fraction: Any) -> Any:
    r"""Height that a composite gains when its active material changes its volume [m].

    .. math:: \Delta h_{cat} = \chi_c\,\frac{m}{\rho}\,\Delta\varepsilon_v

    Parameters
    ----------
    loading
        :math:`m` [kg/m^2] of active material.
    density
        :math:`\rho` [kg/m^3].
    strain_change
        :math:`\Delta\varepsilon_v` [-]; of a blend, call it for every material and add.
    height_fraction
        :math:`\chi_c` [-], 0 to 1: what does not show as height opens and closes voids in the composite.

    Examples
    --------
    10.7 mg/cm2 of NMC811 that shrink by 1.31 %, in um:

    >>> round(cathode_growth(0.107, 4770.0, -0.0131, 0.45) * 1e6, 3)
    -0.132
    """
    return height_fraction * loading / density * strain_change


def rigid_pressure(volume_strain: Any, modulus: Any) -> Any:
    r"""Pressure of an active material that cannot change its volume at all [Pa], :math:`\Delta p = K\varepsilon_v`.

    The limit of a cell in a frame that does not give way; frames do, and measure a hundredth to a thousandth of it.

    Parameters
    ----------
    volume_strain
        :math:`\varepsilon_v` [-], positive for expansion.
    modulus
        :math:`K` [Pa] of what stands in the way.

    Examples
    --------
    The -66 MPa that R. Koerver et al. 2018 expect of NMC811 belong to 1.4 GPa:

    >>> round(rigid_pressure(-0.0486, 1.36e9) / 1e6)
    -66
    """
    return modulus * volume_strain


@dataclass(frozen=True)
class PressureChange:
    """Change of the stack pressure in a frame, by origin [Pa].

    Attributes
    ----------
    anode, cathode, other
        Shares; ``other`` is what else grows (interphases, plated lithium elsewhere).
    """

    anode: float
    cathode: float
    other: float = 0.0

    @property
    def total(self) -> float:
        """Their sum [Pa]."""
        return self.anode + self.cathode + self.other

    @property
    def anode_share(self) -> float:
        """Share of the anode in the sum of all magnitudes [-]."""
        return abs(self.anode) / (abs(self.anode) + abs(self.cathode) + abs(self.other))


def pressure_change(stiffness: float, anode: float, cathode: float, other: float = 0.0) -> PressureChange:
    r"""Change of the stack pressure in a frame of given stiffness, split by what causes it.

    .. math:: \Delta p = k_{st}\,(\Delta h_{an} + \Delta h_{cat} + \Delta h_{other})

    Parameters
    ----------
    stiffness
        :math:`k_{st}` [Pa/m]; 0.085 to 0.5 MPa/um were found for laboratory presses, 0 holds the pressure.
    anode, cathode, other
        Growth of the layers [m], see :func:`anode_growth` and :func:`cathode_growth`.

    References
    ----------
    R. Koerver et al., Energy Environ. Sci. 11 (2018) 2142-2158 (press of about 0.30 MPa/um).

    Examples
    --------
    Indium against 10.7 mg/cm2 of NMC811, 1.15 mAh/cm2: 1.08 MPa were measured.

    >>> parts = pressure_change(0.30e12, anode_growth(41400.0, 7.89e-6), cathode_growth(0.107, 4770.0, -0.0131, 0.45))
    >>> round(parts.total / 1e6, 2), round(parts.anode_share, 2)
    (0.98, 0.96)
    """
    return PressureChange(stiffness * anode, stiffness * cathode, stiffness * other)


@dataclass(frozen=True)
class LatticeStrain:
    """Free strains of a material at given lithium contents; all arrays have the shape of ``content``.

    Attributes
    ----------
    content
        Lithium per formula unit [-].
    volume
        Volume strain against the first point of the table [-].
    a_axis, c_axis
        Strains of the axes [-]; None where the material makes no claim on them.
    """

    content: Array
    volume: Array
    a_axis: Array | None
    c_axis: Array | None

    @property
    def linear(self) -> Array:
        """Strain of every length, were the grains at random [-]."""
        return np.asarray(linear_strain(self.volume))

    @property
    def mismatch(self) -> Array | None:
        """Disagreement of the axes, which grain boundaries feel [-]; None without claims on the axes."""
        if self.a_axis is None or self.c_axis is None:
            return None
        return np.asarray(mismatch_strain(self.a_axis, self.c_axis))


def lattice_strain(material: Material, content: Any) -> LatticeStrain:
    """Return the free strains of an active material.

    Above the first point of a table (the discharged end) the strain is that of this point, which is zero.

    Parameters
    ----------
    material
        With a claim on ``volume_strain``; those on ``c_axis_strain`` and ``a_axis_strain`` are read where it has them.
    content
        Lithium per formula unit, a number or an array.

    Raises
    ------
    InputError
        If a content lies below the lower end of a table, which nothing continues.

    Examples
    --------
    >>> strain = lattice_strain(Material.load("NMC811"), [0.9, 0.45])
    >>> (100 * strain.c_axis).round(2).tolist(), (100 * strain.mismatch).round(1).tolist()
    ([0.0, 1.5], [0.0, 3.0])
    """
    contents = np.atleast_1d(np.asarray(content, dtype=float))
    volume = _strain(material, "volume_strain", contents)
    axes = [
        _strain(material, name, contents) if material.has(name) else None for name in ("a_axis_strain", "c_axis_strain")
    ]
    return LatticeStrain(contents, volume, axes[0], axes[1])


def _strain(material: Material, name: str, contents: Array) -> Array:
    curve = material.value(name)
    assert isinstance(curve, Curve)
    check_strain_range(material.name, name, curve, float(np.min(contents)))
    return np.asarray(curve(contents))


def check_strain_range(material: str, name: str, curve: Curve, lowest: float) -> None:
    """Refuse a lithium content below the lower end of a strain curve.

    Parameters
    ----------
    material, name
        For the message.
    curve
        The strain.
    lowest
        Lowest lithium content that is asked for [-].

    Raises
    ------
    InputError
        In one sentence that names the curve, its range and the value.
    """
    if not strain_covers(curve, lowest):
        low, high = curve.range or (0.0, 1.0)
        raise InputError(
            f"{material}: {name} covers lithium contents from {low:g} to {high:g}, not {lowest:.4g}; ask for at least "
            f"{low:g}."
        )


def strain_covers(curve: Curve, lowest: float) -> bool:
    """Tell whether a strain curve reaches down to a lithium content; a constant always does."""
    return curve.range is None or lowest >= curve.range[0] - END
