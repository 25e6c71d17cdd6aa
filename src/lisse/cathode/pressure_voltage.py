"""How the voltage of a cell at rest depends on the pressure, over the lithium content of its active material.

Leaves out: plasticity and creep of the anode, which relax a pressure, and pressures that differ between the layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lisse.cathode.open_circuit import partial_molar_volume, pressure_coefficient
from lisse.cathode.shrinkage import STRAIN_STEP
from lisse.cathode.volume_change import Array, LatticeStrain, lattice_strain
from lisse.errors import InputError
from lisse.materials import Curve, Material

TOLERANCE = 2.0
"""Factor within which slopes of this kind were found in measurements [-] (Koerver 2018, scatter 0.6 to 1.4)."""
REFERENCE_PRESSURE = 101325.0
"""Pressure at which open-circuit voltages are measured [Pa]."""
PRESSURES = (10e6, 50e6, 100e6)
"""Pressures of which a shift is given unless others are asked for [Pa]."""
POINTS = 13
"""Lithium contents of the table."""
DIGITS = 6
"""Digits of a lithium content that the table keeps."""


@dataclass(frozen=True)
class PressureVoltage:
    """Voltage with pressure of one active material against one anode.

    Attributes
    ----------
    material, anode
        What is held against what.
    anode_potential
        Against lithium [V].
    anode_volume
        Volume per lithium of the anode [m^3/mol].
    pressures
        Pressures of which shifts are given [Pa].
    content
        Lithium content of the rows [-].
    voltage
        Open-circuit voltage against lithium at the reference pressure [V], a row a content.
    lithium_volume
        Partial molar volume of lithium in the active material [m^3/mol].
    slope
        Change of the cell's voltage with pressure [V/Pa].
    strain
        Free strains of the lattice.
    """

    material: Material
    anode: Material
    anode_potential: float
    anode_volume: float
    pressures: tuple[float, ...]
    content: Array
    voltage: Array
    lithium_volume: Array
    slope: Array
    strain: LatticeStrain

    def shift(self, pressure: float) -> Array:
        """Return the shift of the cell's voltage from the reference pressure to another one [V], by row."""
        return self.slope * (pressure - REFERENCE_PRESSURE)

    def as_dict(self) -> dict[str, Any]:
        """Return the document that ``lisse pressure-voltage --json`` prints."""
        strain = self.strain
        columns: dict[str, Array | None] = {
            "lithium_content": self.content,
            "voltage_V": self.voltage,
            "cell_voltage_V": self.voltage - self.anode_potential,
            "slope_mV_MPa": self.slope * 1e9,
            "lithium_molar_volume_cm3_mol": self.lithium_volume * 1e6,
            "volume_strain_percent": 100 * strain.volume,
            "a_axis_strain_percent": None if strain.a_axis is None else 100 * strain.a_axis,
            "c_axis_strain_percent": None if strain.c_axis is None else 100 * strain.c_axis,
            "axes_mismatch_percent": None if strain.mismatch is None else 100 * strain.mismatch,
        }
        shifts = [1e3 * self.shift(pressure) for pressure in self.pressures]
        rows = []
        for k in range(len(self.content)):
            row: dict[str, Any] = {key: None if column is None else float(column[k]) for key, column in columns.items()}
            row["shift_mV"] = [float(shift[k]) for shift in shifts]
            rows.append(row)
        return {
            "material": self.material.name,
            "anode": self.anode.name,
            "anode_lithium_molar_volume_cm3_mol": self.anode_volume * 1e6,
            "reference_pressure_MPa": REFERENCE_PRESSURE / 1e6,
            "pressures_MPa": [pressure / 1e6 for pressure in self.pressures],
            "tolerance_factor": TOLERANCE,
            "rows": rows,
        }


def pressure_voltage(
    material: str | Material,
    anode: str | Material = "Li",
    pressures: Sequence[float] = PRESSURES,
    contents: Sequence[float] | Array | None = None,
) -> PressureVoltage:
    r"""Return the voltage with pressure over lithium content.

    .. math:: \frac{dU}{dp} = -\frac{1}{F}\left(\frac{M}{\rho}\frac{d\varepsilon_v}{dx} - \bar V_{Li,anode}\right)

    The slope of the strain is taken over :data:`lisse.cathode.shrinkage.STRAIN_STEP` to either side, as in a cell.

    Parameters
    ----------
    material
        Active material with claims on density, molar mass, open-circuit voltage and volume strain.
    anode
        Anode with claims on its potential and on the volume of its lithium.
    pressures
        [Pa].
    contents
        Lithium contents [-]; without them, 13 over what voltage and strain both cover.

    Raises
    ------
    InputError
        If a material is of another kind or lacks a claim, a pressure is negative, or a content lies outside of what
        both curves cover.

    References
    ----------
    R. Koerver et al., Energy Environ. Sci. 11 (2018) 2142-2158: indium against LiCoO2 at x = 0.80, 0.102 mV/MPa.

    Examples
    --------
    >>> found = pressure_voltage("LiCoO2", "Li-In", contents=[0.80])
    >>> round(float(found.slope[0]) * 1e9, 3)
    0.096
    """
    active, counter = _load(material, "active_material"), _load(anode, "anode")
    for pressure in pressures:
        if not (np.isfinite(pressure) and pressure >= 0):
            raise InputError(f"pressure: {pressure / 1e6:g} MPa is not a pressure; write 0 or more.")
    potential, strain = (_curve(active, name) for name in ("open_circuit_voltage", "volume_strain"))
    ends = [curve.range or (0.0, 1.0) for curve in (potential, strain)]
    low = max(ends[0][0], ends[1][0] + STRAIN_STEP)
    high = min(ends[0][1], ends[1][1] - STRAIN_STEP)
    given = np.linspace(low, high, POINTS) if contents is None else np.asarray(contents, dtype=float)
    x: Array = np.atleast_1d(np.round(given, DIGITS))
    if np.min(x) < low - 10**-DIGITS or np.max(x) > high + 10**-DIGITS:
        outside = float(x[np.argmax(np.abs(x - (low + high) / 2))])
        raise InputError(
            f"lithium content: {outside:g} lies outside of what voltage and volume strain of {active.name} both cover, "
            f"{low:g} to {high:g}."
        )
    slope = (np.asarray(strain(x + STRAIN_STEP)) - np.asarray(strain(x - STRAIN_STEP))) / (2 * STRAIN_STEP)
    lithium = np.asarray(partial_molar_volume(_number(active, "molar_mass"), _number(active, "density"), slope))
    volume = _number(counter, "lithium_molar_volume")
    return PressureVoltage(
        material=active,
        anode=counter,
        anode_potential=_number(counter, "potential"),
        anode_volume=volume,
        pressures=tuple(pressures),
        content=x,
        voltage=np.asarray(potential(x)),
        lithium_volume=lithium,
        slope=np.asarray(pressure_coefficient(lithium, volume)),
        strain=lattice_strain(active, x),
    )


def _load(material: str | Material, kind: str) -> Material:
    found = material if isinstance(material, Material) else Material.load(material)
    if found.kind != kind:
        raise InputError(f"{found.name} is of kind {found.kind}, but {kind} is needed here.")
    return found


def _number(material: Material, name: str) -> float:
    value = material.value(name)
    if not isinstance(value, float):
        raise InputError(f"{material.name}: {name} is no single number, which is needed here.")
    return value


def _curve(material: Material, name: str) -> Curve:
    value = material.value(name)
    assert isinstance(value, Curve)  # both properties accept nothing else
    return value
