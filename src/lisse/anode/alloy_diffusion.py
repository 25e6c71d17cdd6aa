"""Diffusion of lithium in an alloy anode (Li-Mg): the surface can run out while the inside is still full.

One-dimensional diffusion in a frame that does not move: in closed form at constant current, and by finite volumes
inside a cell, where plating beyond pure lithium puts a layer of metal on top. Leaves out: the shrinking of the alloy,
a diffusivity that depends on the content, and voids (the skeleton keeps contact).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lisse.anode.reservoir import EXHAUSTED_RESERVOIR, lithium_loss
from lisse.mechanism import FARADAY, Assembly, Mechanism, ParameterInfo, arrhenius, parameter

LITHIUM_CONCENTRATION = 76.9e3
"""Lithium in the metal [mol/m3], 534 kg/m3: where the alloy's surface is full and metal starts to cover it."""
SHELLS = 16
"""Finite volumes through the alloy."""
GROWTH = 1.35
"""Ratio of the thickness of a volume to that of its neighbour nearer to the surface."""
THINNEST_LAYER = 1e-3
"""Lithium metal on the alloy below which it cannot keep the surface full [mol/m2] (13 nm)."""
_SHELL_NAMES = tuple(f"Anode alloy concentration in shell {k} [mol.m-3]" for k in range(1, SHELLS + 1))
_LAYER_NAME = "Lithium metal on the anode alloy [mol.m-2]"
_TERMS = 50
_EARLY = 0.1
"""Dimensionless time below which the sum over images converges faster than the series."""


def depletion_depth(dimensionless_time: Any) -> Any:
    r"""Drop of the surface concentration at constant current [-], in units of :math:`iL/(FD)`.

    .. math:: g(\tau) = \tau + \frac13 - \frac{2}{\pi^2}\sum_{k\ge1}\frac{e^{-k^2\pi^2\tau}}{k^2}
              = 2\sqrt\tau\left[\frac{1}{\sqrt\pi} + 2\sum_{k\ge1}\mathrm{ierfc}\frac{k}{\sqrt\tau}\right]

    Parameters
    ----------
    dimensionless_time
        :math:`\tau = Dt/L^2` [-], at least 0.

    References
    ----------
    H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, Oxford (1959), slab with constant flux at one face.

    Examples
    --------
    Half-space at early times, :math:`2\sqrt{\tau/\pi}`; steady profile at late times, :math:`\tau+1/3`:

    >>> [round(float(depletion_depth(tau)), 5) for tau in (1e-4, 2.0)]
    [0.01128, 2.33333]
    """
    from scipy.special import erfc

    tau = np.asarray(dimensionless_time, dtype=float)
    order = np.arange(1, _TERMS + 1).reshape((-1,) + (1,) * tau.ndim)
    late = tau + 1 / 3 - 2 / np.pi**2 * np.sum(np.exp(-((order * np.pi) ** 2) * tau) / order**2, axis=0)
    root = np.sqrt(np.clip(tau, 1e-300, _EARLY))
    images = np.exp(-((order / root) ** 2)) / np.sqrt(np.pi) - order / root * erfc(order / root)
    early = 2 * np.sqrt(np.maximum(tau, 0)) * (1 / np.sqrt(np.pi) + 2 * np.sum(images, axis=0))
    return np.where(tau < _EARLY, early, late)


def surface_concentration(
    time: Any, current_density: Any, thickness: Any, diffusivity: Any, initial_concentration: Any
) -> Any:
    r"""Lithium at the stripped surface [mol/m^3] at constant current, from a uniform start.

    .. math:: c(L, t) = c_0 - \frac{iL}{FD}\,g\left(\frac{Dt}{L^2}\right)

    Parameters
    ----------
    time
        :math:`t` [s].
    current_density
        :math:`i` [A/m^2], positive when stripping.
    thickness
        :math:`L` [m] of the alloy, with a wall at its back.
    diffusivity
        :math:`D` [m^2/s], constant.
    initial_concentration
        :math:`c_0` [mol/m^3].

    Examples
    --------
    Sand's case: after 1 h at 1 A/m2 a thick alloy has lost 2i/F sqrt(t/(pi D)) = 12.8 mol/l at its surface:

    >>> round(70e3 - float(surface_concentration(3600.0, 1.0, 1e-3, 3e-15, 70e3)), -2)
    12800.0
    """
    depth = depletion_depth(diffusivity * time / thickness**2)
    return initial_concentration - current_density * thickness / (FARADAY * diffusivity) * depth


def stripping_time(
    current_density: Any,
    thickness: Any,
    diffusivity: Any,
    initial_concentration: Any,
    limiting_concentration: Any,
) -> Any:
    r"""Time [s] at which the surface reaches the limiting concentration: the root of :func:`surface_concentration`.

    The root lies between :math:`\xi - 1/3` (or 0) and the smaller of :math:`\xi` and :math:`\pi\xi^2/4`, with
    :math:`\xi = FD(c_0 - c_\beta)/(iL)`; it is found by halving, for arrays at once.

    Parameters
    ----------
    current_density
        :math:`i` [A/m^2], above 0.
    thickness, diffusivity, initial_concentration
        As in :func:`surface_concentration`.
    limiting_concentration
        :math:`c_\beta` [mol/m^3], below the initial one.

    Examples
    --------
    >>> time = stripping_time(1.0, 25e-6, 3e-15, 69.6e3, 24.0e3)
    >>> round(float(surface_concentration(time, 1.0, 25e-6, 3e-15, 69.6e3)))
    24000
    """
    drop = np.asarray(initial_concentration - limiting_concentration, dtype=float)
    target = FARADAY * diffusivity * drop / (current_density * thickness)
    low = np.maximum(target - 1 / 3, 0.0)
    high = np.minimum(target, np.pi * target**2 / 4)
    for _ in range(60):
        middle = (low + high) / 2
        below = depletion_depth(middle) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2 * thickness**2 / diffusivity


def utilisation(
    current_density: Any,
    thickness: Any,
    diffusivity: Any,
    initial_concentration: Any,
    limiting_concentration: Any,
    *,
    total: bool = False,
) -> Any:
    r"""Part of the lithium [-] that comes out before the surface is used up.

    .. math:: u = \frac{i\,t_{end}}{F L\,(c_0 - c_\beta)}

    Parameters
    ----------
    current_density, thickness, diffusivity, initial_concentration, limiting_concentration
        As in :func:`stripping_time`.
    total
        Relate to all lithium (:math:`c_0`) instead of that above :math:`c_\beta`.

    References
    ----------
    Model and parameters of T. Krauskopf et al., Adv. Energy Mater. 9 (2019) 1902568, doi:10.1002/aenm.201902568
    (second-hand).

    Examples
    --------
    Li0.9Mg0.1 of 25 um at 0.01, 0.1 and 1 mA/cm2, of the lithium above the limit and of all of it:

    >>> alloy = 25e-6, 3.0e-15, 69.6e3, 24.0e3
    >>> [round(100 * float(utilisation(i, *alloy)), 1) for i in (0.1, 1.0, 10.0)]
    [93.7, 41.3, 4.1]
    >>> [round(100 * float(utilisation(i, *alloy, total=True)), 1) for i in (0.1, 1.0, 10.0)]
    [61.4, 27.1, 2.7]
    """
    time = stripping_time(current_density, thickness, diffusivity, initial_concentration, limiting_concentration)
    base = initial_concentration if total else initial_concentration - limiting_concentration
    return current_density * time / (FARADAY * thickness * base)


def shell_fractions(shells: int = SHELLS, growth: float = GROWTH) -> tuple[float, ...]:
    """Return the thicknesses of the finite volumes over that of the alloy, from its back to its surface [-].

    Examples
    --------
    >>> [round(x, 3) for x in shell_fractions(3, 2.0)]
    [0.571, 0.286, 0.143]
    """
    weights = [growth**k for k in range(shells - 1, -1, -1)]
    return tuple(weight / sum(weights) for weight in weights)


@dataclass(frozen=True)
class Surface:
    """What happens at the surface of the alloy; each a number, an array over cells or a PyBaMM symbol.

    Attributes
    ----------
    concentration
        Lithium at the surface [mol/m3].
    outflow
        Lithium that leaves the alloy [mol/(m2 s)].
    layer_growth
        Growth of the lithium metal on top [mol/(m2 s)].
    """

    concentration: Any
    outflow: Any
    layer_growth: Any


def surface_state(
    concentrations: Sequence[Any], layer: Any, current_density: Any, thickness: Any, diffusivity: Any
) -> Surface:
    r"""Surface concentration and how the current divides between the alloy and the metal on top of it.

    Without metal the parabola through the last volume gives the surface concentration,
    :math:`c_s = \bar c_N + h(c'_L/3 + c'_{L-h}/6)` with :math:`c'_L = -j/D`. Where this is above pure lithium, or
    where metal is left, the surface is held at pure lithium and the metal takes up or gives what is missing.

    Parameters
    ----------
    concentrations
        Means of the finite volumes from back to surface [mol/m3].
    layer
        Lithium metal on the alloy [mol/m2].
    current_density
        :math:`i` [A/m^2], positive when stripping.
    thickness, diffusivity
        [m], [m2/s].

    Returns
    -------
    Surface
    """
    fractions = shell_fractions(len(concentrations))
    size = fractions[-1] * thickness
    inner_slope = (concentrations[-1] - concentrations[-2]) / ((fractions[-1] + fractions[-2]) / 2 * thickness)
    demand = current_density / FARADAY
    bare = concentrations[-1] + size * (-demand / (3 * diffusivity) + inner_slope / 6)
    # Rate into the metal that brings the surface to pure lithium.
    needed = (bare - LITHIUM_CONCENTRATION) * 3 * diffusivity / size
    held = np.maximum(layer, 0.0)
    growth = np.maximum(needed, 0.0) + np.minimum(needed, 0.0) * held / (held + THINNEST_LAYER)
    return Surface(bare - growth * size / (3 * diffusivity), demand + growth, growth)


def concentration_rates(concentrations: Sequence[Any], outflow: Any, thickness: Any, diffusivity: Any) -> list[Any]:
    """Return the rates of the finite volumes [mol/(m3 s)]; lithium leaves through the surface only.

    Parameters
    ----------
    concentrations
        Means of the volumes from back to surface [mol/m3]: numbers, arrays over cells, or PyBaMM symbols.
    outflow
        Lithium that leaves through the surface [mol/(m2 s)], see :class:`Surface`.
    thickness, diffusivity
        [m], [m2/s].

    Examples
    --------
    What leaves is what the volumes lose:

    >>> rates = concentration_rates([3e4, 2e4, 1e4], 1e-5, 25e-6, 3e-15)
    >>> lost = -sum(25e-6 * f * r for f, r in zip(shell_fractions(3), rates))
    >>> round(float(lost) * 1e5, 9)
    1.0
    """
    fractions = shell_fractions(len(concentrations))
    flux: list[Any] = [0.0]
    for k in range(len(concentrations) - 1):
        distance = (fractions[k] + fractions[k + 1]) / 2 * thickness
        flux.append(-diffusivity * (concentrations[k + 1] - concentrations[k]) / distance)
    flux.append(outflow)
    return [(flux[k] - flux[k + 1]) / (fraction * thickness) for k, fraction in enumerate(fractions)]


class AlloyDiffusion(Mechanism):
    """Lithium of an alloy anode, in shells; stands in place of the reservoir and ends the run at its surface.

    Parameters
    ----------
    event
        Name of the event.
    """

    name = "alloy diffusion"
    parameters: ClassVar[tuple[ParameterInfo, ...]] = (
        ParameterInfo("Initial anode lithium [mol.m-2]", "Lithium in the alloy at the start"),
        ParameterInfo("Anode alloy thickness [m]", "Thickness of the alloy, which stays"),
        ParameterInfo("Anode alloy diffusivity [m2.s-1]", "Chemical diffusivity of lithium at 25 degC"),
        ParameterInfo("Anode alloy diffusivity activation energy [J.mol-1]", "Arrhenius energy", 0.0),
        ParameterInfo(
            "Anode alloy limiting concentration [mol.m-3]", "Lithium at the surface at which it is used up", 0.0
        ),
    )
    references: ClassVar[tuple[str, ...]] = ("10.1002/aenm.201902568",)

    def __init__(self, event: str = EXHAUSTED_RESERVOIR) -> None:
        self.event = event

    def publish(self, assembly: Assembly) -> None:
        """Create shells and metal layer; publish the lithium that both hold."""
        import pybamm

        thickness = parameter("Anode alloy thickness [m]")
        shells = [pybamm.Variable(name, scale=LITHIUM_CONCENTRATION) for name in _SHELL_NAMES]
        layer = pybamm.Variable(_LAYER_NAME)
        lithium = sum(f * thickness * c for f, c in zip(shell_fractions(), shells, strict=True)) + layer
        assembly.variables |= {shell.name: shell for shell in shells}
        assembly.variables |= {layer.name: layer, "Anode lithium [mol.m-2]": lithium}
        assembly.lithium["anode"] = lithium

    def equations(self, assembly: Assembly) -> None:
        """Let lithium diffuse to the current; end the run when the surface has none left."""
        import pybamm

        thickness, initial = parameter("Anode alloy thickness [m]"), parameter("Initial anode lithium [mol.m-2]")
        diffusivity = parameter("Anode alloy diffusivity [m2.s-1]") * arrhenius(
            parameter("Anode alloy diffusivity activation energy [J.mol-1]"), assembly["Temperature [K]"]
        )
        current = FARADAY * lithium_loss(assembly)
        shells, layer = [assembly[name] for name in _SHELL_NAMES], assembly[_LAYER_NAME]
        surface = surface_state(shells, layer, current, thickness, diffusivity)
        rates = concentration_rates(shells, surface.outflow, thickness, diffusivity)
        for shell, rate in zip(shells, rates, strict=True):
            assembly.add_state(shell, rate, initial / thickness)
        assembly.add_state(layer, surface.layer_growth, 0)
        name = "Anode surface concentration [mol.m-3]"
        assembly.variables[name] = surface.concentration
        limit = parameter("Anode alloy limiting concentration [mol.m-3]")
        left = (surface.concentration - limit) / LITHIUM_CONCENTRATION
        assembly.events.append(pybamm.Event(self.event, left))
