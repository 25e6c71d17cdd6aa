"""Blends of active materials at one potential: what each holds, how much it has swollen, and where both cancel.

Particles that share both potentials rest at one open-circuit potential, so that it alone fixes every lithium content.
Leaves out: currents between the materials while they are not at rest (the cell model has them) and stresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lisse.cathode.volume_change import Array, lattice_strain
from lisse.errors import InputError
from lisse.materials import Curve, Material

VOLTAGES = tuple(round(3.95 + 0.05 * step, 2) for step in range(8))
"""Potentials that are looked at unless others are asked for [V against lithium]: 3.95 to 4.3 V."""
HALVINGS = 60
"""Bisections of an open-circuit curve: below the rounding of a lithium content."""
MONOTONE_POINTS = 1025
"""Points at which a curve is held to be falling."""
RISE = 1e-9
"""A rise that counts as one [V]; a plateau may be flat to rounding."""
CHARGE_POINTS = 401
"""Potentials between start and end of a charge at which the growth is looked at."""


def content_at_potential(curve: Curve, potential: Any, name: str) -> Array:
    """Return the lithium content at which an open-circuit curve passes a potential.

    Parameters
    ----------
    curve
        Open-circuit potential [V] over lithium content, falling.
    potential
        [V] against lithium, a number or an array.
    name
        Of the material, for messages.

    Returns
    -------
    ndarray
        Of the shape of ``potential``.

    Raises
    ------
    InputError
        If the potential lies outside the curve, or the curve rises somewhere.

    Examples
    --------
    >>> nmc = Material.load("NMC811").value("open_circuit_voltage")
    >>> content_at_potential(nmc, [3.95, 4.30], "NMC811").round(3).tolist()
    [0.485, 0.212]
    """
    asked = np.asarray(potential, dtype=float)
    low, high = curve.range or (0.0, 1.0)
    rising = np.flatnonzero(np.diff(np.asarray(curve(np.linspace(low, high, MONOTONE_POINTS)))) > RISE)
    if rising.size:
        where = low + (high - low) * float(rising[0]) / (MONOTONE_POINTS - 1)
        raise InputError(
            f"{name}: its open-circuit curve rises with lithium at the content {where:.3g}, so a potential fixes no "
            "content; give a curve that falls throughout."
        )
    bottom, top = float(curve(high)), float(curve(low))
    if outside := [value for value in np.atleast_1d(asked).ravel() if not bottom <= value <= top]:
        raise InputError(
            f"{name}: its open-circuit curve covers {bottom:.3f} to {top:.3f} V against lithium, not {outside[0]:g} V; "
            "ask for a potential in between."
        )
    poor, rich = np.full(asked.shape, low), np.full(asked.shape, high)
    for _ in range(HALVINGS):
        middle = (poor + rich) / 2
        above = np.asarray(curve(middle)) >= asked
        poor, rich = np.where(above, middle, poor), np.where(above, rich, middle)
    return np.asarray((poor + rich) / 2)


def volume_fractions(mass_fractions: Any, densities: Any) -> Array:
    r"""Volume fractions of the materials of a blend, :math:`v_p = (w_p/\rho_p)/\sum_q w_q/\rho_q` [-].

    Parameters
    ----------
    mass_fractions
        :math:`w_p`, any scale, shape (materials,).
    densities
        :math:`\rho_p` [kg/m^3], shape (materials,).

    Examples
    --------
    >>> volume_fractions([0.55, 0.45], [4770.0, 5050.0]).round(3).tolist()
    [0.564, 0.436]
    """
    volumes = np.asarray(mass_fractions, dtype=float) / np.asarray(densities, dtype=float)
    return np.asarray(volumes / volumes.sum())


def blend_strain(mass_fractions: Any, densities: Any, strains: Any) -> Array:
    r"""Volume strain of a blend, :math:`\varepsilon_v = \sum_p v_p\,\varepsilon_{v,p}` [-].

    Parameters
    ----------
    mass_fractions
        Shape (materials,).
    densities
        [kg/m^3], shape (materials,).
    strains
        Of the single materials [-], shape (materials, ...).

    Returns
    -------
    ndarray
        Of the shape of one material's strains.

    Examples
    --------
    55:45 by weight of NMC811 and LiCoO2 at 3.95 V: -1.43 and +2.01 % nearly cancel, in percent:

    >>> round(100 * float(blend_strain([0.55, 0.45], [4770.0, 5050.0], [-0.0143, 0.0201])), 2)
    0.07
    """
    return np.asarray(np.tensordot(volume_fractions(mass_fractions, densities), np.asarray(strains), axes=1))


def zero_strain_fraction(strain: Any, other: Any, density: Any, other_density: Any) -> Array:
    r"""Mass fraction of the first of two materials at which their blend keeps its volume [-].

    .. math:: \sum_p v_p\,\varepsilon_{v,p} = 0 \;\Rightarrow\;
              w = \frac{\varepsilon_2/\rho_2}{\varepsilon_2/\rho_2 - \varepsilon_1/\rho_1}

    Parameters
    ----------
    strain, other
        :math:`\varepsilon_1, \varepsilon_2` [-] at one potential.
    density, other_density
        :math:`\rho_1, \rho_2` [kg/m^3].

    Returns
    -------
    ndarray
        Not a number where both swell, both shrink, or one of them does neither.

    Examples
    --------
    NMC811 with LiCoO2 at 3.95 V, and at 4.3 V, where both are smaller than they were:

    >>> zero_strain_fraction([-0.0139, -0.0476], [0.0195, -0.0105], 4770.0, 5050.0).round(2).tolist()
    [0.57, nan]
    """
    first, second = np.asarray(strain, dtype=float) / density, np.asarray(other, dtype=float) / other_density
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(first * second < 0, second / (second - first), np.nan))


@dataclass(frozen=True)
class Component:
    """One active material of a blend.

    Attributes
    ----------
    material
        With claims on open-circuit voltage, volume strain, density and pristine lithium content.
    curve
        Open-circuit potential over lithium content [V].
    density
        [kg/m^3].
    pristine
        Lithium content as made [-].
    """

    material: Material
    curve: Curve
    density: float
    pristine: float

    @classmethod
    def load(cls, name: str) -> Component:
        """Return an active material of the library, or of a file.

        Raises
        ------
        InputError
            If it is none, or lacks a claim.
        """
        material = Material.load(name)
        if material.kind != "active_material":
            raise InputError(f"blend: {material.name} is of kind {material.kind}, but an active material is needed.")
        curve = material.value("open_circuit_voltage")
        if not isinstance(curve, Curve):
            raise InputError(f"{material.name}: its open-circuit voltage is no curve, so a potential fixes no content.")
        return cls(material, curve, _number(material, "density"), _number(material, "pristine_lithium_content"))

    def content(self, potential: Any) -> Array:
        """Lithium content at a potential; see :func:`content_at_potential`."""
        return content_at_potential(self.curve, potential, self.material.name)

    def growth(self, content: Any) -> Array:
        """Volume strain at a lithium content, against the pristine one [-]."""
        contents = np.asarray(content, dtype=float)
        strain = lattice_strain(self.material, contents.ravel()).volume.reshape(contents.shape)
        return np.asarray(strain - lattice_strain(self.material, self.pristine).volume[0])

    def growth_on_charge(self, potentials: Array) -> Array:
        """Volume strain while the potential rises from below that of the pristine material [-]."""
        start = float(self.curve(self.pristine))
        return self.growth(np.minimum(self.content(np.maximum(potentials, start)), self.pristine))


@dataclass(frozen=True)
class Blend:
    """Strains of active materials and their blends over the potential.

    Attributes
    ----------
    components
        The materials, two or more.
    voltages
        Potentials [V against lithium], shape (n,).
    ratios
        Mass fractions of the blends asked for, each with one number a material, adding up to one.
    content, strain
        Lithium content and volume strain [-] of every material, shape (materials, n).
    """

    components: tuple[Component, ...]
    voltages: Array
    ratios: tuple[tuple[float, ...], ...]
    content: Array
    strain: Array

    @property
    def names(self) -> list[str]:
        """Names of the materials."""
        return [component.material.name for component in self.components]

    @property
    def densities(self) -> list[float]:
        """Densities of the materials [kg/m^3]."""
        return [component.density for component in self.components]

    def strain_of(self, ratio: Sequence[float]) -> Array:
        """Volume strain of a blend of mass fractions ``ratio`` [-], shape (n,)."""
        return blend_strain(ratio, self.densities, self.strain)

    @property
    def zero_fraction(self) -> Array | None:
        """Mass fraction of the first material at which two keep their volume [-], shape (n,); None for more than two.

        Not a number where no blend does.
        """
        if len(self.components) != 2:
            return None
        return zero_strain_fraction(*self.strain, *self.densities)

    def amplitude(self, ratio: Sequence[float], upper: float | None = None) -> float:
        r"""Largest difference in volume per mass during a charge to ``upper`` [m^3/kg].

        .. math:: \max_U g - \min_U g,\qquad g(U) = \sum_p w_p\,\varepsilon_{v,p}(U)/\rho_p

        Times loading, height fraction and stiffness of the frame it is the cathode's part of the pressure amplitude
        (:func:`lisse.cathode.volume_change.cathode_growth`), so ratios of it are ratios of pressures at one loading.

        Parameters
        ----------
        ratio
            Mass fractions, adding up to one.
        upper
            [V]; the highest of :attr:`voltages` without it.
        """
        top = float(np.max(self.voltages)) if upper is None else upper
        start = min(float(component.curve(component.pristine)) for component in self.components)
        potentials = np.linspace(min(start, top), top, CHARGE_POINTS)
        growth = sum(
            share / component.density * component.growth_on_charge(potentials)
            for share, component in zip(ratio, self.components, strict=True)
            if share > 0
        )
        return float(np.ptp(growth))

    def amplitude_over_single(self, ratio: Sequence[float], upper: float | None = None) -> list[float]:
        """Amplitude of a blend over that of each of its materials alone, at one loading [-]."""
        own = self.amplitude(ratio, upper)
        alone = np.eye(len(self.components)).tolist()
        return [own / single if (single := self.amplitude(pure, upper)) > 0 else np.inf for pure in alone]

    def as_dict(self) -> dict[str, Any]:
        """Return the document that ``lisse blend --json`` prints."""
        zero = self.zero_fraction
        rows = [
            {
                "voltage_V": float(voltage),
                "lithium_content": self.content[:, k].tolist(),
                "strain_percent": (100 * self.strain[:, k]).tolist(),
                "zero_strain_wt_percent": None if zero is None or np.isnan(zero[k]) else 100 * float(zero[k]),
                "blend_strain_percent": [100 * float(self.strain_of(ratio)[k]) for ratio in self.ratios],
            }
            for k, voltage in enumerate(self.voltages)
        ]
        return {
            "materials": self.names,
            "ratios_wt_percent": [[100 * share for share in ratio] for ratio in self.ratios],
            "pressure_amplitude_over_single": [self.amplitude_over_single(ratio) for ratio in self.ratios],
            "amplitude_to_voltage_V": float(np.max(self.voltages)),
            "rows": rows,
        }


def _number(material: Material, name: str) -> float:
    value = material.value(name)
    if not isinstance(value, int | float):
        raise InputError(f"{material.name}: {name} is {value!r}, but a single number is needed.")
    return float(value)


def blend(
    names: Sequence[str], voltages: Sequence[float] | Array = VOLTAGES, ratios: Sequence[Sequence[float]] = ()
) -> Blend:
    """Compare active materials at common potentials.

    Parameters
    ----------
    names
        Two or more active materials, by name or file.
    voltages
        Potentials [V against lithium].
    ratios
        Blends whose strain is asked for, each as parts by weight with one number a material.

    Raises
    ------
    InputError
        If a material has no claim on what is needed, a potential lies outside the data of one, or a ratio does not
        have one part a material.

    Examples
    --------
    >>> found = blend(["NMC811", "LiCoO2"], [3.95, 4.05, 4.30], [(55, 45)])
    >>> found.zero_fraction.round(2).tolist(), (100 * found.strain_of((0.55, 0.45))).round(2).tolist()
    ([0.57, 0.55, nan], [0.06, -0.02, -3.22])
    """
    components = tuple(Component.load(name) for name in names)
    known = [component.material.name for component in components]
    if len(known) < 2 or len(set(known)) < len(known):
        raise InputError(f"blend: {', '.join(known) or 'nothing'} is no blend; name two or more different materials.")
    potentials = np.asarray(voltages, dtype=float)
    if potentials.ndim != 1 or not potentials.size or not np.all(np.isfinite(potentials)):
        raise InputError(f"blend: {list(voltages)} are no voltages; give one or more finite numbers.")
    fractions = tuple(_fractions(ratio, known) for ratio in ratios)
    content = np.array([component.content(potentials) for component in components])
    strain = np.array([part.growth(own) for part, own in zip(components, content, strict=True)])
    return Blend(components, potentials, fractions, content, strain)


def _fractions(ratio: Sequence[float], names: Sequence[str]) -> tuple[float, ...]:
    """Return parts by weight as mass fractions."""
    parts = [float(part) for part in ratio]
    text = ":".join(f"{part:g}" for part in parts)
    if len(parts) != len(names):
        raise InputError(f"ratio: {text} has {len(parts)} parts, but {len(names)} materials are blended.")
    if not all(np.isfinite(part) and part >= 0 for part in parts) or sum(parts) <= 0:
        raise InputError(f"ratio: {text} is no ratio by weight; give parts of at least 0 that are not all 0.")
    return tuple(part / sum(parts) for part in parts)
