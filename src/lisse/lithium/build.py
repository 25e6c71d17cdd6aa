"""From a cell file to simulated lithium faces: what acts on them, drawn parameters, warnings about ranges.

Any cell will do: of a full cell, the symmetric cell of its anode and separator is taken. Leaves out: the composite
cathode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lisse._math import conduction_factor
from lisse.anode.contact import ATMOSPHERE
from lisse.anode.creep import CreepLaw
from lisse.anode.extrusion import squeeze_rate
from lisse.anode.healing import CALIBRATED_PRESSURE
from lisse.anode.interlayers import area_resistance
from lisse.cell.cell import Cell
from lisse.lithium.filaments import Filaments
from lisse.lithium.interface import Interface, Surroundings
from lisse.lithium.parameters import creeps, draw, medians, read_claims
from lisse.lithium.simulator import Setup, Simulator
from lisse.mechanism import LITHIUM_MOLAR_VOLUME, REFERENCE_TEMPERATURE

Array = NDArray[np.float64]

DEFAULT_VOLTAGE_LIMIT = 5.0
"""Voltage at which cyclers usually stop a symmetric cell [V] (anode.md 3.10)."""
CALIBRATED_TEMPERATURE = (248.15, 398.15)
"""Temperatures over which the creep of lithium was measured [K] (LePage et al., second-hand)."""
CALIBRATED_CURRENT = (0.5, 40.0)
"""Current densities of the tests behind the void balance and the critical plating current [A/m2]."""
PORE_PRESSURE = (10e6, 25e6)
"""Stack pressures of the tests behind the creep into pores [Pa] (Doux et al. 2020)."""


@dataclass(frozen=True)
class Conditions:
    """What a test sets, in SI; None leaves what the cell file says.

    Attributes
    ----------
    pressure, temperature
        [Pa], [K]; numbers or arrays over cells.
    voltage_limit
        [V].
    bulk_nucleation
        Whether electronic leak can bear lithium in the bulk (contested; off unless asked for).
    """

    pressure: Array | float | None = None
    temperature: Array | float | None = None
    voltage_limit: float | None = None
    bulk_nucleation: bool = False


def build(
    cell: Cell,
    conditions: Conditions | None = None,
    *,
    count: int = 1,
    seed: int | None = None,
    parameters: dict[str, Array] | None = None,
) -> Simulator:
    """Return a simulator of cells with the lithium and the separator of a cell file.

    Parameters
    ----------
    cell
        Cell file.
    conditions
        Pressure, temperature and voltage limit, where they differ from the file.
    count
        Number of cells.
    seed
        Draws every parameter from its spread and shorts by chance; None takes every claim's own value and the
        deterministic criterion.
    parameters
        Of the cells, shape (count,) each, in place of those that the claims and the seed give.

    Raises
    ------
    InputError
        If the materials make no claim on a parameter that is needed.
    """
    asked = conditions or Conditions()
    claims = read_claims(cell)
    if parameters is None:
        parameters = medians(claims, count) if seed is None else draw(claims, count, seed)
    temperature = _spread(cell.spec.operation.temperature if asked.temperature is None else asked.temperature, count)
    pressure = _spread(cell.derived.stack_pressure if asked.pressure is None else asked.pressure, count)
    around = _surroundings(cell, parameters, temperature)
    face = Interface(parameters, around)
    operation = cell.spec.operation
    # What the contact remembers is the pressure of its attachment, unless the test presses harder.
    attached = cell.spec.anode.attach_pressure or 0.0
    limit = asked.voltage_limit
    if limit is None:
        limit = max(abs(v) for v in operation.voltage_window) if cell.symmetric else DEFAULT_VOLTAGE_LIMIT
    setup = Setup(
        pressure=np.maximum(pressure, ATMOSPHERE),
        highest_pressure=np.maximum(pressure, attached),
        stiffness=cell.fixture_stiffness,
        lithium=_lithium(cell),
        separator_thickness=cell.derived.separator_thickness,
        voltage_limit=limit,
        extrusion_rate=_extrusion(cell, parameters, pressure, temperature),
    )
    return Simulator(
        face, Filaments(cell, parameters, face, np.maximum(pressure, ATMOSPHERE), seed, asked.bulk_nucleation), setup
    )


def _lithium(cell: Cell) -> Array:
    """Thickness of the lithium of both faces [m]; what plates in a full cell comes out of its cathode."""
    thickness, own = cell.spec.anode.thickness, cell.derived.anode_lithium
    counter = own * (cell.counter_thickness / thickness if thickness else 1.0)
    if not cell.symmetric:
        counter += cell.derived.cathode_lithium
    return LITHIUM_MOLAR_VOLUME * np.array([own, counter])


def _spread(value: Array | float, count: int) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=float), (count,)).copy()


def _surroundings(cell: Cell, parameters: dict[str, Array], temperature: Array) -> Surroundings:
    """Conductivity of the separator as this cell has it, moved by the drawn claim and by temperature."""
    derived, spec = cell.derived, cell.spec
    own = cell.number("separator", "ionic_conductivity")
    energy = cell.number("separator", "activation_energy")
    exponent = cell.arrhenius_exponent("separator")
    factor = conduction_factor(energy, temperature, exponent) / conduction_factor(
        energy, spec.operation.temperature, exponent
    )
    conductivity = derived.separator_conductivity * factor * parameters["conductivity"] / own
    resistance = derived.separator_thickness / conductivity + derived.series_resistance
    layers = 2 if cell.symmetric else 1
    return Surroundings(temperature, resistance + layers * _interlayer(cell, temperature), conductivity)


def _interlayer(cell: Cell, temperature: Array) -> Array | float:
    """Area resistance of the interlayer at the temperature of the test [ohm m2]."""
    layer = cell.spec.anode.interlayer
    if layer is None:
        return 0.0
    claim = cell.claim("interlayer", "ionic_conductivity")
    return np.asarray(
        area_resistance(
            layer.thickness,
            cell.number("interlayer", "ionic_conductivity"),
            cell.number("interlayer", "activation_energy"),
            temperature,
            claim.temperature or REFERENCE_TEMPERATURE,
        )
    )


def _extrusion(cell: Cell, parameters: dict[str, Array], pressure: Array, temperature: Array) -> Array | float:
    if cell.spec.anode.die_confined or not creeps(cell):
        return 0.0
    law = CreepLaw(
        parameters["creep_prefactor"],
        parameters["creep_exponent"],
        parameters["creep_energy"],
        parameters["sinh_coefficient"],
    )
    radius = np.sqrt(cell.derived.cell_area / np.pi)
    return np.asarray(squeeze_rate(pressure, cell.spec.anode.thickness, radius, temperature, law))


def range_warnings(
    cell: Cell,
    pressure: tuple[float, float],
    temperature: tuple[float, float],
    current: tuple[float, float],
) -> list[str]:
    """Return a sentence for every law that is used outside the range in which it was calibrated.

    Parameters
    ----------
    cell
        The cell.
    pressure, temperature, current
        Lowest and highest values of the test [Pa], [K], [A/m2].
    """
    found = []
    if pressure[0] < ATMOSPHERE:
        found.append("stack pressure: below the atmosphere; 0.1 MPa is used.")
    if not creeps(cell):
        name = cell.spec.anode.material
        found.append(
            f"{name} keeps its skeleton: neither voids nor filaments are simulated; its depletion by diffusion is part "
            "of `lisse run` only."
        )
        return found
    material = cell.claim("separator", "ionic_conductivity").material
    low, high = CALIBRATED_PRESSURE.get(material, (np.nan, np.nan))
    if np.isnan(low):
        found.append(f"healing current: no critical stripping current of {material} was published to calibrate it on.")
    elif pressure[0] < low or pressure[1] > high:
        found.append(
            f"healing current: calibrated on {material} at {low / 1e6:g} to {high / 1e6:g} MPa, "
            f"used at {_range(pressure, 1e6)} MPa."
        )
    if pressure[1] > PORE_PRESSURE[1]:
        found.append(
            f"creep into pores: calibrated at {PORE_PRESSURE[0] / 1e6:g} to {PORE_PRESSURE[1] / 1e6:g} MPa, "
            f"used at {_range(pressure, 1e6)} MPa."
        )
    if temperature[0] < CALIBRATED_TEMPERATURE[0] or temperature[1] > CALIBRATED_TEMPERATURE[1]:
        found.append(f"creep of lithium: measured at -25 to 125 degC, used at {_range(temperature, 1, 273.15)} degC.")
    if current[0] < CALIBRATED_CURRENT[0] or current[1] > CALIBRATED_CURRENT[1]:
        found.append(f"void balance: calibrated at 0.05 to 4 mA/cm2, used at {_range(current, 10)} mA/cm2.")
    return found


def _range(values: tuple[float, float], unit: float, zero: float = 0.0) -> str:
    low, high = ((value - zero) / unit for value in values)
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
