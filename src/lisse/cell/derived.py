"""Numbers that follow from a cell file and its claims: thicknesses, fractions, capacities, masses.

Every number here is drawn from resolved claims and from the equations of the layers. Leaves out: anything that
changes while the cell works.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any


def _number(unit: str, label: str) -> Any:
    return field(default=math.nan, metadata={"unit": unit, "label": label})


def _text(label: str) -> Any:
    return field(default="", metadata={"unit": "", "label": label})


@dataclass(frozen=True)
class Derived:
    """Derived quantities of a cell, in SI; each field carries its ``unit`` and ``label``.

    What a cell does not have (the composite of a symmetric cell) is not a number, or empty, and not among the rows.
    """

    cell_area: float = _number("m^2", "cell area")
    # composite cathode
    cathode_thickness: float = _number("m", "cathode thickness")
    active_loading: float = _number("kg/m^2", "areal loading of active material")
    active_fraction: float = _number("", "active material volume fraction")
    electrolyte_fraction: float = _number("", "electrolyte volume fraction of the cathode")
    carbon_fraction: float = _number("", "carbon volume fraction")
    binder_fraction: float = _number("", "binder volume fraction of the cathode")
    void_fraction: float = _number("", "porosity of the cathode")
    particle_radius: float = _number("m", "area-mean particle radius")
    site_density: float = _number("mol/m^3", "lithium sites per volume of active material")
    specific_surface_area: float = _number("1/m", "true area of active material per volume of cathode")
    wetted_surface_area: float = _number("1/m", "wetted, connected area per volume of cathode")
    connected_fraction: float = _number("", "connected fraction of active material")
    wetted_fraction: float = _number("", "wetted fraction of a particle")
    initial_lithium_content: float = _number("", "initial lithium content")
    coating_resistance: float = _number("ohm*m^2", "film resistance of the coating per coated area")
    # capacities
    theoretical_capacity: float = _number("A*s/kg", "theoretical capacity of the active material")
    practical_capacity: float = _number("A*s/kg", "practical capacity of the active material")
    areal_capacity_theoretical: float = _number("A*s/m^2", "theoretical areal capacity")
    areal_capacity_practical: float = _number("A*s/m^2", "practical areal capacity")
    nominal_capacity: float = _number("A*s/m^2", "nominal areal capacity (1C in one hour)")
    nominal_capacity_source: str = _text("where the nominal capacity comes from")
    nominal_current: float = _number("A", "current of 1C")
    # conduction
    separator_thickness: float = _number("m", "separator thickness")
    separator_density: float = _number("", "relative density of the separator")
    separator_porosity: float = _number("", "porosity of the separator")
    separator_conductivity: float = _number("S/m", "ionic conductivity of the separator at the cell's temperature")
    separator_resistance: float = _number("ohm*m^2", "area resistance of the separator at the cell's temperature")
    cathode_ionic_conductivity: float = _number("S/m", "effective ionic conductivity of the cathode at temperature")
    cathode_electronic_conductivity: float = _number("S/m", "effective electronic conductivity of the cathode")
    ionic_threshold: float = _number("", "percolation threshold of the electrolyte in the cathode")
    electronic_threshold: float = _number("", "percolation threshold of the active material")
    transport_closure: str = _text("closure of the effective conductivities")
    interlayer_resistance: float = _number("ohm*m^2", "area resistance of the interlayer")
    series_resistance: float = _number("ohm*m^2", "series resistance of leads and contacts")
    # pressure and anode
    stack_pressure: float = _number("Pa", "stack pressure")
    highest_pressure: float = _number("Pa", "highest pressure that the lithium contact has seen")
    contact_fraction: float = _number("", "static contact fraction of the anode")
    contact_resistance: float = _number("ohm*m^2", "resistance of the anode's static contact")
    anode_potential: float = _number("V", "anode potential against lithium")
    anode_lithium: float = _number("mol/m^2", "lithium reservoir of the anode")
    cathode_lithium: float = _number("mol/m^2", "lithium in the cathode at the start")
    lithium_inventory: float = _number("mol/m^2", "lithium in both electrodes at the start")
    lithium_excess: float = _number("", "lithium reservoir of the anode over the practical areal capacity")
    # voltage window
    lower_potential: float = _number("V", "lower limit of the window against lithium")
    upper_potential: float = _number("V", "upper limit of the window against lithium")
    lower_voltage: float = _number("V", "lower limit of the terminal voltage")
    upper_voltage: float = _number("V", "upper limit of the terminal voltage")
    lowest_equilibrium_voltage: float = _number("V", "terminal voltage at the lower end of the open-circuit curve")
    highest_equilibrium_voltage: float = _number("V", "terminal voltage at the upper end of the open-circuit curve")
    # masses and thickness
    anode_mass: float = _number("kg/m^2", "areal mass of the anode")
    counter_electrode_mass: float = _number("kg/m^2", "areal mass of the counter electrode")
    interlayer_mass: float = _number("kg/m^2", "areal mass of the interlayer")
    separator_mass: float = _number("kg/m^2", "areal mass of the separator")
    cathode_mass: float = _number("kg/m^2", "areal mass of the composite")
    coating_mass: float = _number("kg/m^2", "areal mass of the coating")
    collector_mass: float = _number("kg/m^2", "areal mass of the collectors")
    stack_mass: float = _number("kg/m^2", "areal mass of the stack")
    stack_thickness: float = _number("m", "thickness of the stack")

    def rows(self) -> Iterator[tuple[str, float | str, str, str]]:
        """Yield name, value, unit and label of every quantity, in order."""
        for item in fields(self):
            value = getattr(self, item.name)
            if value != "" and value == value:
                yield item.name, value, item.metadata["unit"], item.metadata["label"]
