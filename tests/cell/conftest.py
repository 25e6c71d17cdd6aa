from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

PELLET: dict[str, Any] = {
    "name": "pellet",
    "description": "what a pellet lab writes down",
    "geometry": {"die_diameter": "10 mm"},
    "anode": {"material": "Li-In", "thickness": "100 um"},
    "separator": {"material": "Li6PS5Cl", "mass": "100 mg"},
    "cathode": {
        "active": "NMC811",
        "electrolyte": "Li6PS5Cl",
        "mass_fractions": {"active": 0.7, "electrolyte": 0.3},
        "composite_mass": "12 mg",
        "porosity": 0.14,
    },
    "operation": {
        "temperature": "25 degC",
        "frame_force": "4 kN",
        "fabrication_pressure": "370 MPa",
        "voltage_window": ["2.0 V", "3.68 V"],
        "reference": "Li-In",
    },
}


@pytest.fixture
def pellet() -> Callable[..., dict[str, Any]]:
    """A pellet cell's document with changes given as ``{"cathode.porosity": 0.2}``; None removes a key."""

    def build(changes: dict[str, Any] | None = None) -> dict[str, Any]:
        document = copy.deepcopy(PELLET)
        for path, value in (changes or {}).items():
            table = document
            *tables, key = path.split(".") if not path.startswith("claims.") else ["claims", path[7:]]
            for name in tables:
                table = table.setdefault(name, {})
            if value is None:
                del table[key]
            else:
                table[key] = value
        return document

    return build
