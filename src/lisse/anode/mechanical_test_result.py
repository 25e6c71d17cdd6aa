"""Result of a virtual test of lithium, and the checks that all tests share.

Leaves out: the tests (``mechanical_tests``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lisse.anode.creep import MEASURED_TEMPERATURE, MELTING_TEMPERATURE
from lisse.anode.viscoplasticity import MEASURED_RATES
from lisse.errors import InputError
from lisse.materials import Material

Array = NDArray[np.float64]
Row = dict[str, float | None]
"""One line of the table of a test: numbers with their unit at the end of the key."""
SMALLEST_SIZE = 0.25e-6
"""Smallest depth of the indentation tests that gave the size effect [m]."""


@dataclass(frozen=True)
class Curve:
    """One line of a test.

    Attributes
    ----------
    label
        What was varied, ``"2e-03 1/s"``.
    model
        Law behind it: ``"Anand"``, ``"creep"``, ``"size effect: indentation"``.
    x, y
        Points in the units of the test's axes; shape (points,).
    """

    label: str
    model: str
    x: Array
    y: Array


@dataclass(frozen=True)
class MechanicalTest:
    """Result of a virtual test.

    Attributes
    ----------
    name, material
        The test and the material.
    conditions
        What was set, with units in the keys.
    x, y
        Name and unit of the axes, ``"depth / um"``.
    curves
        The lines.
    rows
        What a table of the test would print, one row for each value that was varied.
    warnings
        One sentence for each law that was used outside of its range.
    claims
        Claims of the material that the numbers rest on.
    logarithmic
        Whether both axes are read on logarithmic scales.
    """

    name: str
    material: str
    conditions: dict[str, Any]
    x: str
    y: str
    curves: tuple[Curve, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    claims: tuple[dict[str, Any], ...]
    logarithmic: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON types; points without value are None."""
        return {
            "test": self.name,
            "material": self.material,
            "conditions": self.conditions,
            "x": self.x,
            "y": self.y,
            "curves": [{"label": c.label, "model": c.model, "x": _plain(c.x), "y": _plain(c.y)} for c in self.curves],
            "rows": list(self.rows),
            "warnings": list(self.warnings),
            "claims": list(self.claims),
        }


def anand_warnings(rates: Array, temperature: float) -> list[str]:
    """Return one sentence for each range of Anand's model that rates [1/s] or a temperature [K] leave."""
    low, high = MEASURED_RATES
    found = []
    if np.min(rates) < low * (1 - 1e-9) or np.max(rates) > high * (1 + 1e-9):
        found.append(
            f"Anand model of lithium: strain rate of {np.min(rates):.2g} to {np.max(rates):.2g} 1/s lies outside of "
            f"the covered {low:g} to {high:g} 1/s."
        )
    if not MEASURED_TEMPERATURE[0] <= temperature <= MEASURED_TEMPERATURE[1]:
        found.append(
            f"Anand model of lithium: temperature of {celsius(temperature):g} degC lies outside of the covered "
            f"{celsius(MEASURED_TEMPERATURE[0]):g} to {celsius(MEASURED_TEMPERATURE[1]):g} degC."
        )
    return found


def size_warnings(sizes: Array) -> list[str]:
    """Return a sentence if a size [m] is smaller than those from which the size effect was fitted."""
    smallest = float(np.min(sizes))
    if smallest >= SMALLEST_SIZE * (1 - 1e-9):
        return []
    return [
        f"size effect of lithium: {smallest * 1e6:.2g} um lies below the measured {SMALLEST_SIZE * 1e6:g} um, where "
        "vapour-deposited films flow by diffusion."
    ]


def positive(values: Sequence[float], name: str, unit: str) -> Array:
    """Return the values as an array.

    Raises
    ------
    InputError
        If the list is empty, or a value is not a finite number above 0.
    """
    found = np.atleast_1d(np.asarray(values, float))
    if not found.size:
        raise InputError(f"{name}: the list is empty; give at least one value.")
    for value in found:
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name}: {value:g}{' ' * bool(unit)}{unit} is not accepted; give a value above 0.")
    return found


def check_temperature(temperature: float) -> None:
    """Check a temperature [K].

    Raises
    ------
    InputError
        If lithium has no solid state there.
    """
    if not 0 < temperature < MELTING_TEMPERATURE:
        raise InputError(
            f"temperature: {celsius(temperature):g} degC is not accepted; give one below the melting point of "
            f"lithium, {celsius(MELTING_TEMPERATURE):g} degC."
        )


def celsius(temperature: float) -> float:
    """Return a temperature [K] in degC."""
    return round(temperature - 273.15, 6)


def claim_rows(material: Material, *groups: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return the default claims of some properties, each once, as plain JSON types."""
    names = dict.fromkeys(name for group in groups for name in group)
    return tuple(material.claim(name).to_dict() for name in names)


def _plain(values: Array) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
