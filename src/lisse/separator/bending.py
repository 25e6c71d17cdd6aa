"""Bending and cracking of the separator by electrodes that change their volume, and widening of its grain boundaries.

Elastic plates in equal biaxial strain, bonded to each other; pistons press the stack flat. Leaves out: the edge of the
cell, slip between the layers, creep of the sulfide, and the history of a crack once it has run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lisse._math import clip
from lisse.mechanism import Assembly, Mechanism, ParameterInfo, parameter
from lisse.separator.flaws import stress_intensity

IN_PLANE_SHARE = 0.2
"""In-plane strain over the volume strain of the oxide in a composite (assumed): 1/3 if nothing goes into pores or
height, 0 if all does."""


@dataclass(frozen=True)
class Plate:
    """One layer of the stack; numbers, arrays or PyBaMM symbols.

    Attributes
    ----------
    thickness
        [m].
    youngs_modulus
        [Pa].
    poisson_ratio
        [-].
    strain
        In-plane strain that the layer would have on its own [-], positive for growth.
    """

    thickness: Any
    youngs_modulus: Any
    poisson_ratio: Any
    strain: Any = 0.0

    @property
    def biaxial_modulus(self) -> Any:
        """Stress per equal biaxial strain, E/(1 - nu) [Pa]."""
        return self.youngs_modulus / (1 - self.poisson_ratio)


def composite_modulus(volume_fractions: Sequence[Any], moduli: Sequence[Any]) -> Any:
    r"""Young's modulus [Pa] of a pressed composite whose softest solid is its matrix (assumed).

    .. math:: E = (1-\varepsilon)^2\left[\sum_k \frac{\varphi_k}{(1-\varepsilon)E_k}\right]^{-1},\quad
              1-\varepsilon = \sum_k \varphi_k

    Solids in series, and the square of the density for the pores.

    Parameters
    ----------
    volume_fractions
        :math:`\varphi_k` [-] of the solids; what is missing to 1 are pores.
    moduli
        :math:`E_k` [Pa] of the solids.

    Examples
    --------
    NMC and Li6PS5Cl, 45 and 41 % of the volume, 14 % pores:

    >>> round(composite_modulus([0.45, 0.41], [178e9, 22e9]) / 1e9, 1)
    30.1
    """
    solid = sum(volume_fractions)
    compliance = sum(share / modulus for share, modulus in zip(volume_fractions, moduli, strict=True))
    return solid**3 / compliance


def yield_limited_strain(strain: Any, biaxial_modulus: Any, yield_strength: Any) -> Any:
    r"""Elastic part [-] of a misfit strain in a layer that flows at :math:`\sigma_y`.

    .. math:: \varepsilon_{el} = \min\left(|\varepsilon|, \sigma_y/E'\right)\,\mathrm{sgn}\,\varepsilon

    Examples
    --------
    Lithium (0.8 MPa) can pass on no more than 63 millionths of a strain of 1 %:

    >>> round(float(yield_limited_strain(0.01, 7.82e9 / (1 - 0.381), 0.8e6)) * 1e6)
    63
    """
    most = yield_strength / biaxial_modulus
    return clip(strain, -1 * most, most)


def curvature(layers: Sequence[Plate]) -> Any:
    r"""Curvature of a free stack [1/m], positive when the upper side (the last layer) is the longer one.

    With :math:`A, B, D = \int E'(1, z, z^2)\,dz` and :math:`N, M = \int E'\varepsilon^*(1, z)\,dz`:

    .. math:: \kappa = \frac{A M - B N}{A D - B^2}

    Parameters
    ----------
    layers
        From bottom to top, at least two.

    References
    ----------
    S. Timoshenko, J. Opt. Soc. Am. 11 (1925) 233 (two layers; this is the same for any number).

    Examples
    --------
    Two equal layers with a misfit of 1e-3, 0.2 mm together: 3/2 of misfit over thickness:

    >>> pair = [Plate(1e-4, 20e9, 0.3), Plate(1e-4, 20e9, 0.3, 1e-3)]
    >>> round(float(curvature(pair)), 6)
    7.5
    """
    stretch, coupling, bending, force, moment = _integrals(layers)
    return (stretch * moment - coupling * force) / (stretch * bending - coupling**2)


def face_stresses(layers: Sequence[Plate], number: int, bent: Any) -> tuple[Any, Any]:
    r"""In-plane stress at the lower and the upper face of a layer [Pa], tension positive.

    .. math:: \sigma(z) = E'\left(\varepsilon_0 + \kappa z - \varepsilon^*\right),\quad
              \varepsilon_0 = (N - B\kappa)/A

    Parameters
    ----------
    layers
        From bottom to top.
    number
        Index of the layer.
    bent
        :math:`\kappa` [1/m] that the stack has: :func:`curvature` when free, 0 between flat pistons.

    Examples
    --------
    Held flat, two equal layers share the misfit, one in tension and one in compression:

    >>> pair = [Plate(1e-4, 20e9, 0.3), Plate(1e-4, 20e9, 0.3, 1e-3)]
    >>> [round(float(face_stresses(pair, k, 0.0)[0]) / 1e6, 2) for k in (0, 1)]
    [14.29, -14.29]
    """
    stretch, coupling, _, force, _ = _integrals(layers)
    middle = (force - coupling * bent) / stretch
    low = sum((layer.thickness for layer in layers[:number]), 0.0)
    layer = layers[number]
    modulus = layer.biaxial_modulus
    lower = modulus * (middle + bent * low - layer.strain)
    return lower, modulus * (middle + bent * (low + layer.thickness) - layer.strain)


def _integrals(layers: Sequence[Plate]) -> tuple[Any, Any, Any, Any, Any]:
    stretch: Any = 0.0
    coupling: Any = 0.0
    bending: Any = 0.0
    force: Any = 0.0
    moment: Any = 0.0
    low: Any = 0.0
    for layer in layers:
        high = low + layer.thickness
        zeroth = layer.biaxial_modulus * layer.thickness
        first = zeroth * (low + high) / 2
        stretch = stretch + zeroth
        coupling = coupling + first
        bending = bending + zeroth * (low**2 + low * high + high**2) / 3
        force = force + zeroth * layer.strain
        moment = moment + first * layer.strain
        low = high
    return stretch, coupling, bending, force, moment


def rigidity(layers: Sequence[Plate]) -> Any:
    r"""Bending rigidity of the bonded stack [N m], :math:`D - B^2/A`.

    Examples
    --------
    One layer: :math:`E' h^3/12`:

    >>> round(float(rigidity([Plate(1e-3, 22e9, 0.37)])), 3)
    2.91
    """
    stretch, coupling, bending, _, _ = _integrals(layers)
    return bending - coupling**2 / stretch


def stoney_curvature(
    film_stress: Any, film_thickness: Any, substrate_thickness: Any, substrate_biaxial_modulus: Any
) -> Any:
    r"""Curvature [1/m] that a thin stressed film gives a thick plate; the limit of :func:`curvature`.

    .. math:: \kappa = \frac{6\,\sigma_f t_f}{E'_s t_s^2}

    Parameters
    ----------
    film_stress
        :math:`\sigma_f` [Pa].
    film_thickness, substrate_thickness
        :math:`t_f \ll t_s` [m].
    substrate_biaxial_modulus
        :math:`E'_s = E/(1-\nu)` [Pa].

    References
    ----------
    G. G. Stoney, Proc. R. Soc. A 82 (1909) 172, doi:10.1098/rspa.1909.0021.

    Examples
    --------
    10 MPa in 30 um on a pellet of 1 mm, 22 GPa; a disc of 13 mm sags by a micrometre:

    >>> round(stoney_curvature(10e6, 30e-6, 1e-3, 22e9 / 0.63), 4)
    0.0515
    """
    return 6 * film_stress * film_thickness / (substrate_biaxial_modulus * substrate_thickness**2)


def flattening_pressure(bent: Any, stack_rigidity: Any, radius: Any, poisson_ratio: Any = 0.3) -> Any:
    r"""Pressure [Pa] that presses a curved disc flat, from the centre of a disc that rests on its rim.

    .. math:: P_f = \frac{16\,D\,(1+\nu)\,|\kappa|}{(3+\nu)R^2}

    Parameters
    ----------
    bent
        :math:`\kappa` [1/m] of the free stack.
    stack_rigidity
        :math:`D(1+\nu)` [N m] for equal biaxial bending, see :func:`rigidity`.
    radius
        :math:`R` [m] of the cell.
    poisson_ratio
        :math:`\nu` [-].

    References
    ----------
    S. Timoshenko, S. Woinowsky-Krieger, Theory of Plates and Shells (1959), simply supported disc under uniform load.

    Examples
    --------
    A 100 um separator with a curvature of 10 per metre lies flat under less than the atmosphere:

    >>> round(float(flattening_pressure(10.0, 2.9e-3, 6.5e-3)) / 1e3, 1)
    3.3
    """
    return 16 * stack_rigidity * np.abs(bent) / ((3 + poisson_ratio) * radius**2)


def pressed_curvature(bent: Any, pressure: Any, flattening: Any) -> Any:
    r"""Curvature [1/m] that is left under a pressure: :math:`\kappa\max(0, 1 - P/P_f)`.

    Examples
    --------
    >>> [float(pressed_curvature(10.0, p, 4e3)) for p in (1e3, 1e5)]
    [7.5, 0.0]
    """
    return bent * np.maximum(1 - pressure / np.maximum(flattening, 1e-6), 0.0)


def boundary_gap(stress: Any, youngs_modulus: Any, grain_size: Any) -> Any:
    r"""Mean opening [m] of a grain boundary if all tensile strain goes into the boundaries.

    .. math:: \delta = d\,\max(\sigma, 0)/E

    Examples
    --------
    10 MPa on grains of 5 um in a pellet of 4.7 GPa open 11 nm:

    >>> round(float(boundary_gap(10e6, 4.7e9, 5e-6)) * 1e9)
    11
    """
    return grain_size * np.maximum(stress, 0.0) / youngs_modulus


def widening_resistance(boundary_resistance: Any, gap: Any, doubling_gap: Any, thickness: Any, grain_size: Any) -> Any:
    r"""Resistance per area [ohm m^2] that open grain boundaries add.

    .. math:: \Delta R = \frac{L}{d}\,r_{gb}\,\frac{\delta}{\delta_2}

    Parameters
    ----------
    boundary_resistance
        :math:`r_{gb}` [ohm m^2] of one closed boundary.
    gap, doubling_gap
        :math:`\delta`; and :math:`\delta_2` at which a boundary has twice its resistance [m] (assumed).
    thickness, grain_size
        :math:`L`, :math:`d` [m].

    Examples
    --------
    20 boundaries of 2e-3 ohm cm2, opened by the doubling gap:

    >>> round(widening_resistance(2e-7, 2e-9, 2e-9, 100e-6, 5e-6) * 1e4, 4)
    0.04
    """
    return thickness / grain_size * boundary_resistance * gap / doubling_gap


class SeparatorBending(Mechanism):
    """Stress of the separator between electrodes that grow and shrink; ends the run when its largest flaw runs.

    Parameters
    ----------
    populations
        Number of populations of active particles.
    """

    name = "separator bending"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Separator thickness [m]", ""),
        ParameterInfo("Separator Young's modulus [Pa]", "Of the pressed layer"),
        ParameterInfo("Separator Poisson's ratio", ""),
        ParameterInfo("Separator fracture toughness [Pa.m0.5]", "Mode I"),
        ParameterInfo("Separator largest flaw [m]", "Depth of the deepest crack from a face"),
        ParameterInfo("Separator grain size [m]", ""),
        ParameterInfo("Separator grain-boundary resistance [Ohm.m2]", "Of one boundary", 0.0),
        ParameterInfo("Separator grain-boundary opening [m]", "Gap that doubles the resistance of a boundary"),
        ParameterInfo("Positive electrode Young's modulus [Pa]", "Of the composite"),
        ParameterInfo("Positive electrode Poisson's ratio", ""),
        ParameterInfo("Positive electrode yield strength [Pa]", "Largest in-plane stress of the composite"),
        ParameterInfo("Electrode in-plane share of volume change", "In-plane over volume strain", IN_PLANE_SHARE),
        ParameterInfo("Anode thickness [m]", "At the start"),
        ParameterInfo("Anode Young's modulus [Pa]", ""),
        ParameterInfo("Anode Poisson's ratio", ""),
        ParameterInfo("Anode yield strength [Pa]", "Largest in-plane stress of the anode"),
        ParameterInfo(
            "Anode in-plane share of volume change", "In-plane over volume strain: 0 for metal, 1/3 for an alloy", 0.0
        ),
    )

    def __init__(self, populations: int = 1) -> None:
        self.populations = populations

    def publish(self, assembly: Assembly) -> None:
        """Publish stress, curvature and stress intensity, and book what open grain boundaries cost."""
        layers = [self._anode(assembly), _layer("Separator"), self._cathode(assembly)]
        free, bonded = curvature(layers), rigidity(layers)
        radius = (parameter("Electrode width [m]") * parameter("Electrode height [m]") / np.pi) ** 0.5
        bent = pressed_curvature(
            free, assembly["Stack pressure [Pa]"], flattening_pressure(free, bonded, radius, layers[1].poisson_ratio)
        )
        tension = np.maximum(*face_stresses(layers, 1, bent))
        grain = parameter("Separator grain size [m]")
        gap = boundary_gap(tension, layers[1].youngs_modulus, grain)
        widened = widening_resistance(
            parameter("Separator grain-boundary resistance [Ohm.m2]"),
            gap,
            parameter("Separator grain-boundary opening [m]"),
            layers[1].thickness,
            grain,
        )
        intensity = stress_intensity(np.maximum(tension, 0.0), parameter("Separator largest flaw [m]"))
        current = assembly["Internal current density [A.m-2]"]
        assembly.variables |= {
            "Separator bending stress [Pa]": tension,
            "Stack curvature [m-1]": bent,
            "Separator stress intensity [Pa.m0.5]": intensity,
            "Separator grain-boundary gap [m]": gap,
            "Separator grain-boundary widening resistance [Ohm.m2]": widened,
        }
        assembly.add_overpotential("separator", current * widened)
        assembly.add_dissipation("separator", current**2 * widened)

    def equations(self, assembly: Assembly) -> None:
        """End the run where the stress intensity reaches the toughness."""
        import pybamm

        toughness = parameter("Separator fracture toughness [Pa.m0.5]")
        margin = 1 - assembly["Separator stress intensity [Pa.m0.5]"] / toughness
        assembly.events.append(pybamm.Event("Separator cracked", margin))

    def _anode(self, assembly: Assembly) -> Plate:
        layer, lithium = _layer("Anode"), assembly["Anode lithium [mol.m-2]"]
        gained = lithium - parameter("Initial anode lithium [mol.m-2]")
        strain = gained * parameter("Anode lithium molar volume [m3.mol-1]") / layer.thickness
        return _yielding(layer, strain * parameter("Anode in-plane share of volume change"), "Anode")

    def _cathode(self, assembly: Assembly) -> Plate:
        import pybamm

        volume: Any = 0.0
        for k in range(1, self.populations + 1):
            label = "" if k == 1 else f" ({k})"
            contents = assembly[f"Mean lithium content{label}"], parameter(f"Initial lithium content{label}")
            now, start = (
                pybamm.FunctionParameter(f"Positive electrode volume strain{label}", {"Lithium content": content})
                for content in contents
            )
            volume = volume + parameter(f"Positive electrode active material volume fraction{label}") * (now - start)
        strain = volume * parameter("Electrode in-plane share of volume change")
        return _yielding(_layer("Positive electrode"), strain, "Positive electrode")


def _layer(part: str) -> Plate:
    return Plate(
        parameter(f"{part} thickness [m]"),
        parameter(f"{part} Young's modulus [Pa]"),
        parameter(f"{part} Poisson's ratio"),
    )


def _yielding(layer: Plate, strain: Any, part: str) -> Plate:
    limited = yield_limited_strain(strain, layer.biaxial_modulus, parameter(f"{part} yield strength [Pa]"))
    return Plate(layer.thickness, layer.youngs_modulus, layer.poisson_ratio, limited)
