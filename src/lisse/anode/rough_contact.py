"""Rough lithium pressed on a flat separator, resolved on a periodic grid: pressure, gap and contact map.

Elastic half-space with a plastic cap at the hardness; ContactMechanics (extra ``lisse[resolved]``) solves the purely
elastic one. Leaves out: adhesion, friction, and creep and current, which change the contact with time
(``contact_evolution``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lisse.anode.creep import CreepLaw, flow_stress, size_factor
from lisse.errors import InputError, LisseError

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CONSTRAINT = 3.0
"""Hardness over flow stress [-]: the surrounding metal holds a contact spot together (Tabor)."""
LARGEST_ITERATIONS = 600
"""Iterations of the contact solver before it gives up."""
MOST_ROUNDS = 8
"""Rounds between hardness and size of the spots."""
TOLERANCE = 3e-4
"""Penetration over the roughness [-] at which the contact solver stops."""
LARGEST_ERROR = 0.05
"""Penetration, over the roughness, and missing force, over the force, that a solution may have [-]."""


@dataclass(frozen=True)
class Roughness:
    """What is assumed of the lithium's surface; none of it was measured on the cells of the library.

    Attributes
    ----------
    rms_height
        Root-mean-square height [m]; 0.3 to 3 um are seen on rolled and pressed foil.
    hurst
        Hurst exponent [-], 0 (exclusive) to 1; 0.7 to 0.9 for most worked surfaces.
    longest, shortest
        Wavelengths [m] between which the surface is self-affine; flat on larger, smooth on smaller scales.
    """

    rms_height: float = 1e-6
    hurst: float = 0.8
    longest: float = 50e-6
    shortest: float = 5e-6


@dataclass(frozen=True)
class Surface:
    """Heights of the lithium on a square periodic grid.

    Attributes
    ----------
    heights
        Height towards the separator [m], shape (n, n).
    size
        Side of the square [m].
    """

    heights: Array
    size: float

    @property
    def step(self) -> float:
        """Distance of the grid points [m]."""
        return self.size / len(self.heights)

    @property
    def rms_slope(self) -> float:
        """Root-mean-square slope [-], both directions together, from the Fourier series."""
        spectrum = np.abs(np.fft.fft2(self.heights)) ** 2
        return float(np.sqrt(np.sum(wavevector(self) ** 2 * spectrum)) / self.heights.size)


@dataclass(frozen=True)
class Contact:
    """Where and how hard lithium presses on the separator.

    Attributes
    ----------
    pressure
        Contact pressure [Pa], shape (n, n), not negative.
    gap
        Distance of the two faces [m], shape (n, n); nought in contact.
    flattened
        Surface after plastic flow; the lithium pushed aside has risen evenly elsewhere.
    strengthening
        Factor by which the spots are stronger than bulk lithium [-]; 1 where no size effect was asked for.
    iterations
        Iterations of the solver.
    """

    pressure: Array
    gap: Array
    flattened: Surface
    strengthening: float
    iterations: int

    @property
    def touching(self) -> Mask:
        """Where lithium touches, shape (n, n)."""
        return self.pressure > 0

    @property
    def fraction(self) -> float:
        """Contact fraction [-]."""
        return float(np.mean(self.touching))

    @property
    def feature_radius(self) -> float:
        """Radius [m] of spots or voids, see :func:`feature_radius`."""
        return feature_radius(self.touching, self.flattened.step)


def wavevector(surface: Surface) -> Array:
    """Length of the wavevectors [1/m] of a surface, shape (n, n), in the order of ``np.fft.fft2``."""
    axis = 2 * np.pi * np.fft.fftfreq(len(surface.heights), surface.step)
    return np.hypot(axis[:, None], axis[None, :])


def self_affine(grid: int, size: float, roughness: Roughness, seed: int = 1) -> Surface:
    r"""Random self-affine surface, power spectrum :math:`C(q) \propto q^{-2(1+H)}` between two cut-offs.

    Parameters
    ----------
    grid
        Points along a side, 8 to 1024.
    size
        Side of the square [m]; at least the longest wavelength.
    roughness
        Height, Hurst exponent and cut-offs.
    seed
        Of the random phases and amplitudes, 0 or above; the same seed gives the same surface.

    Raises
    ------
    InputError
        If the cut-offs do not fit the grid, or a number lies outside of its range.

    References
    ----------
    T.D.B. Jacobs, T. Junge, L. Pastewka, Surf. Topogr.: Metrol. Prop. 5 (2017) 013001,
    doi:10.1088/2051-672X/aa51f8.

    Examples
    --------
    >>> surface = self_affine(64, 100e-6, Roughness(rms_height=0.5e-6))
    >>> round(float(np.std(surface.heights)) * 1e6, 3)
    0.5
    """
    if not 8 <= grid <= 1024:
        raise InputError(f"grid: {grid} is not a number of points from 8 to 1024.")
    if seed < 0:
        raise InputError(f"seed: {seed} is not a whole number from 0 up.")
    if not (roughness.rms_height > 0 and 0 < roughness.hurst <= 1):
        raise InputError(
            f"roughness: rms_height {roughness.rms_height:g} m and hurst {roughness.hurst:g} "
            "are not a height above 0 and an exponent above 0 and up to 1."
        )
    if not 2 * size / grid <= roughness.shortest <= roughness.longest <= size:
        raise InputError(
            f"roughness: wavelengths from {roughness.shortest:g} to {roughness.longest:g} m do not lie between two "
            f"grid steps ({2 * size / grid:.3g} m) and the size of the surface ({size:g} m); change them or the grid."
        )
    q = wavevector(Surface(np.zeros((grid, grid)), size))
    inside = (q >= 2 * np.pi / roughness.longest * (1 - 1e-9)) & (q <= 2 * np.pi / roughness.shortest * (1 + 1e-9))
    amplitude = np.where(inside, np.where(inside, q, 1.0) ** (-1 - roughness.hurst), 0.0)
    noise = np.random.default_rng(seed).standard_normal((grid, grid))
    heights = np.fft.ifft2(amplitude * np.fft.fft2(noise)).real
    return Surface(heights * roughness.rms_height / np.std(heights), size)


def contact_modulus(young: float, poisson: float, other_young: float, other_poisson: float) -> float:
    r"""Contact modulus of two solids [Pa], :math:`1/E^* = (1-\nu_1^2)/E_1 + (1-\nu_2^2)/E_2`.

    Parameters
    ----------
    young, other_young
        Moduli [Pa].
    poisson, other_poisson
        Poisson ratios [-].

    Examples
    --------
    Lithium (7.82 GPa, 0.381) on Li6PS5Cl (22 GPa, 0.3) lies in the 5 to 8 GPa that are expected of it:

    >>> round(contact_modulus(7.82e9, 0.381, 22e9, 0.3) / 1e9, 1)
    6.6
    """
    return 1 / ((1 - poisson**2) / young + (1 - other_poisson**2) / other_young)


def feature_radius(touching: Mask, step: float) -> float:
    r"""Radius [m] of contact spots or of the voids between them, whichever is smaller: twice area over perimeter.

    Exact for discs of one size. The perimeter counts the sides between touching and open grid cells, times
    :math:`\pi/4` because sides follow the axes. Infinite where everything touches, and where nothing does.

    Parameters
    ----------
    touching
        Contact map, shape (n, n), periodic.
    step
        Distance of the grid points [m].

    Examples
    --------
    >>> x = np.arange(256) - 128
    >>> round(feature_radius(np.hypot(x[:, None], x) < 50, 1.0))
    50
    """
    sides = sum(int(np.sum(touching != np.roll(touching, 1, axis))) for axis in (0, 1))
    count = int(np.sum(touching))
    return 2 * min(count, touching.size - count) * step / (np.pi / 4 * sides) if sides else np.inf


@dataclass(frozen=True)
class Hardness:
    r"""Hardness of the lithium in a contact spot, :math:`H = 3\,\sigma(\dot\varepsilon, T)\,S_l`.

    Attributes
    ----------
    law
        Creep law of the bulk metal.
    temperature
        [K].
    bulk_size, size_exponent
        Size effect, see :func:`lisse.anode.creep.size_factor`.
    strain_rate
        Rate at which the asperities are pressed flat [1/s]; assumed, a factor of 10 either way moves H by 1.4.
    """

    law: CreepLaw
    temperature: float
    bulk_size: float = 25e-6
    size_exponent: float = 0.47
    strain_rate: float = 1e-3

    def strengthening(self, radius: float) -> float:
        """Strength of a spot of this radius [m] over that of the bulk metal [-]."""
        return float(size_factor(radius, self.bulk_size, self.size_exponent))

    def of_spot(self, radius: float) -> float:
        """Hardness [Pa] of a spot of this radius [m].

        Examples
        --------
        Indentation found 7.5 MPa at a depth of 10 um (Fincher et al., Acta Mater. 186 (2020) 215, from memory), at
        rates about a hundred times the default:

        >>> hardness = Hardness(CreepLaw.of("Li"), 298.15, strain_rate=0.1)
        >>> round(hardness.of_spot(10e-6) / 1e6, 1)
        6.5
        """
        return CONSTRAINT * self.strengthening(radius) * self.flow_stress

    @property
    def flow_stress(self) -> float:
        """Flow stress of the bulk metal at the rate of pressing [Pa]."""
        return float(flow_stress(self.strain_rate, self.temperature, self.law))


def press(
    surface: Surface,
    pressure: float,
    modulus: float,
    hardness: float | None = None,
    start: Array | None = None,
    softness: float = 0.0,
) -> Contact:
    r"""Press a surface on a flat until the mean pressure is reached.

    .. math:: g = \delta - h + u \ge 0,\quad 0 \le p \le H,\quad p\,g = 0\ (p < H),\quad \langle p\rangle = P,\quad
              \hat u(q) = \left(\frac{2}{E^* |q|} + c\right)\hat p(q)

    Where the mean pressure reaches the hardness no roughness can carry it: everything touches. A purely elastic
    contact is solved by ContactMechanics; with a hardness lisse projects on the two bounds itself, because the
    plastic branch of ContactMechanics 1.8 stops far from a solution where spots flow without bending first.

    Parameters
    ----------
    surface
        Heights of the lithium, shape (n, n).
    pressure
        :math:`P` [Pa], above 0.
    modulus
        :math:`E^*` [Pa], see :func:`contact_modulus`.
    hardness
        :math:`H` [Pa]; None for a purely elastic contact.
    start
        Pressure [Pa] of a similar contact, shape (n, n), from which the projection starts.
    softness
        :math:`c` [m/Pa], not negative: displacement that each point has for itself; counts only with a hardness.

    Raises
    ------
    InputError
        If the pressure is not above 0, or ContactMechanics is not installed and the contact elastic.
    LisseError
        If the solver does not converge.

    References
    ----------
    I.A. Polonsky, L.M. Keer, Wear 231 (1999) 206, doi:10.1016/S0043-1648(99)00113-1; plastic cap as in A. Almqvist
    et al., Tribol. Int. 40 (2007) 574, doi:10.1016/j.triboint.2005.11.008; steps of J. Barzilai, J.M. Borwein, IMA J.
    Numer. Anal. 8 (1988) 141, doi:10.1093/imanum/8.1.141.
    """
    if not pressure > 0:
        raise InputError(f"pressure: {pressure:g} Pa is not a pressure above 0; a contact needs one.")
    if hardness is not None and pressure >= hardness:
        return _closed(surface, pressure)
    if hardness is None:
        found, distance, iterations = _elastic(surface, pressure, modulus)
        flowing = np.zeros_like(found, bool)
    else:
        found, distance, iterations = _projected(
            surface, pressure, half_space(surface, modulus) + softness, hardness, start
        )
        flowing = found >= hardness
    _check(found, distance[~flowing], pressure, _scale(surface))
    heights = surface.heights + np.where(flowing, np.minimum(distance, 0.0), 0.0)
    heights += np.mean(surface.heights) - np.mean(heights)
    gap = np.where(found > 0, 0.0, np.maximum(distance, 0.0))
    return Contact(found, gap, Surface(heights, surface.size), 1.0, iterations)


def press_plastic(surface: Surface, pressure: float, modulus: float, hardness: Hardness) -> Contact:
    """Press a surface whose hardness is that of its own contact spots.

    The radius of spots and voids sets the size effect, the hardness sets the spots. The rounds start from small, hard
    spots, as loading does, and end when the strength changes by less than 3 %.

    Parameters
    ----------
    surface, pressure, modulus
        See :func:`press`.
    hardness
        Strength of the metal and its size effect.

    Returns
    -------
    Contact
        With the strengthening of the last round.
    """
    radius = surface.step / 2
    found = _closed(surface, pressure)
    for _ in range(MOST_ROUNDS):
        strengthening = hardness.strengthening(radius)
        found = replace(press(surface, pressure, modulus, hardness.of_spot(radius)), strengthening=strengthening)
        # Half a cell of the grid is the smallest spot there is.
        radius = max(found.feature_radius, surface.step / 2)
        if abs(hardness.strengthening(radius) / strengthening - 1) < 0.03:
            break
    return found


def _closed(surface: Surface, pressure: float) -> Contact:
    """Return the complete contact: a flat face under even pressure."""
    shape = surface.heights.shape
    flat = Surface(np.full(shape, np.mean(surface.heights)), surface.size)
    return Contact(np.full(shape, float(pressure)), np.zeros(shape), flat, 1.0, 0)


def _scale(surface: Surface) -> float:
    """Return the roughness [m] against which penetrations are judged; the grid step of a flat surface."""
    return float(np.std(surface.heights)) or surface.step


def _check(found: Array, distance: Array, pressure: float, roughness: float) -> None:
    """Raise where the force is wrong, or faces that do not flow lie inside each other."""
    force = abs(float(np.mean(found)) / pressure - 1)
    penetration = -min(float(np.min(distance, initial=0.0)), 0.0) / roughness
    if not max(force, penetration) < LARGEST_ERROR:
        raise LisseError(
            f"rough contact: the solver did not converge (force off by {force:.1%}, penetration {penetration:.1%} of "
            "the roughness); take a finer grid or a smoother surface."
        )


def _projected(
    surface: Surface, pressure: float, compliance: Array, hardness: float, start: Array | None
) -> tuple[Array, Array, int]:
    """Return pressure, distance of the faces (negative where they flow) and iterations of the capped contact.

    Gradient steps of Barzilai and Borwein on the elastic energy, each projected on bounds and mean pressure.
    """
    shape = surface.heights.shape
    tolerance = TOLERANCE * _scale(surface)

    def distance(force: Array) -> Array:
        return np.fft.irfft2(compliance * np.fft.rfft2(force), shape) - surface.heights

    found = np.full(shape, pressure) if start is None else start
    gradient = gap = distance(found)
    step = 1 / float(np.mean(compliance))
    iterations, wrong = 0, np.inf
    while wrong > tolerance and iterations < LARGEST_ITERATIONS:
        iterations += 1
        moved, shift = _project(found - step * gradient, pressure, hardness)
        new = distance(moved)
        change, bend = moved - found, new - gradient
        found, gradient = moved, new
        gap = gradient + shift / step
        wrong = float(np.max(np.where(found <= 0, -gap, np.where(found >= hardness, gap, np.abs(gap)))))
        curvature = float(np.sum(change * bend))
        if curvature <= 0:
            break
        step = float(np.sum(change**2)) / curvature
    return found, gap, iterations


def _project(values: Array, mean: float, upper: float) -> tuple[Array, float]:
    """Return the nearest field with this mean between 0 and ``upper``, and what was taken off before clipping."""
    low, high = float(np.min(values)) - upper, float(np.max(values))
    shift = float(np.mean(values)) - mean
    clipped = np.clip(values - shift, 0.0, upper)
    for _ in range(80):
        excess = float(np.mean(clipped)) - mean
        if abs(excess) < 1e-6 * mean:
            break
        low, high = (shift, high) if excess > 0 else (low, shift)
        share = float(np.mean((clipped > 0) & (clipped < upper)))
        newton = shift + excess / share if share else low
        shift = newton if low < newton < high else (low + high) / 2
        clipped = np.clip(values - shift, 0.0, upper)
    return clipped, shift


def half_space(surface: Surface, modulus: float) -> Array:
    """Compliance :math:`2/(E^* |q|)` [m/Pa] in the order of ``np.fft.rfft2``; nought for the mean."""
    q = wavevector(surface)[:, : len(surface.heights) // 2 + 1]
    return np.where(q > 0, 2 / (modulus * np.where(q > 0, q, 1.0)), 0.0)


def _elastic(surface: Surface, pressure: float, modulus: float) -> tuple[Array, Array, int]:
    """Return pressure, distance of the faces and iterations of the elastic contact, by ContactMechanics."""
    try:
        from ContactMechanics import PeriodicFFTElasticHalfSpace
        from ContactMechanics.Optimization import constrained_conjugate_gradients
        from SurfaceTopography import Topography
    except ImportError:
        raise InputError(
            'rough contact: the package "ContactMechanics" is not installed; run pip install "lisse[resolved]".'
        ) from None
    sides, cell = (surface.size, surface.size), surface.step**2
    result = constrained_conjugate_gradients(
        PeriodicFFTElasticHalfSpace(surface.heights.shape, modulus, sides),
        Topography(surface.heights, sides, periodic=True),
        external_force=pressure * surface.size**2,
        pentol=TOLERANCE * _scale(surface),
        forcetol=1e-2 * pressure * cell,
        thermotol=1e-4,
        maxiter=LARGEST_ITERATIONS,
    )
    distance = np.asarray(result.x) - surface.heights - float(result.offset)
    return np.maximum(result.jac, 0.0) / cell, distance, int(result.nit)
