"""What the report reads of a run and of its cell, gathered in one place and in people's units.

The drawing and the bill of materials work on :class:`CellView`, not on the cell, so that the two can
change apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lisse.report.svg import summary_number

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.cell.derived import Derived

# Unit in SI, as the library writes it: (factor, unit at the faces).
FACES: dict[str, tuple[float, str]] = {
    "m": (1e6, "µm"),
    "kg": (1e6, "mg"),
    "m^2": (1e4, "cm²"),
    "kg/m^2": (100.0, "mg/cm²"),
    "kg/m^3": (1e-3, "g/cm³"),
    "kg/mol": (1e3, "g/mol"),
    "A*s/kg": (1 / 3600.0, "mAh/g"),
    "A*s/m^2": (1e-1 / 3600.0, "mAh/cm²"),
    "A*s": (1e3 / 3600.0, "mAh"),
    "A/m^2": (0.1, "mA/cm²"),
    "A": (1e3, "mA"),
    "S/m": (10.0, "mS/cm"),
    "S/m^2": (0.1, "mS/cm²"),
    "ohm*m^2": (1e4, "Ω cm²"),
    "ohm*m": (100.0, "Ω cm"),
    "Pa": (1e-6, "MPa"),
    "J/mol": (1e-3, "kJ/mol"),
    "m^2/s": (1e4, "cm²/s"),
    "m^3/mol": (1e6, "cm³/mol"),
    "m^3/m^2": (1e6, "µm"),
    "V": (1.0, "V"),
    "V/K": (1e3, "mV/K"),
    "F/m^2": (100.0, "µF/cm²"),
    "J/m^2": (1e-1 / 3600.0, "mWh/cm²"),
    "J/kg": (1 / 3600.0, "Wh/kg"),
    "J/m^3": (1e-3 / 3600.0, "Wh/L"),
    "1/m": (1e-6, "1/µm"),
}


class RunLike(Protocol):
    """What the report needs of a run: its cell, its summary and its table."""

    @property
    def cell(self) -> Cell: ...  # noqa: D102

    @property
    def summary(self) -> dict[str, Any]: ...  # noqa: D102

    @property
    def timeseries(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Layer:
    """One layer of the cell: thickness in m, mass in kg/m^2."""

    role: str
    label: str
    material: str
    thickness: float
    mass: float


@dataclass(frozen=True)
class Constituent:
    """One solid of the composite cathode: mass in kg/m^2 of cell, volume as a fraction of the cathode.

    The volume is None for a film too thin to be counted.
    """

    label: str
    material: str
    mass: float
    volume_fraction: float | None


@dataclass(frozen=True)
class CellView:
    """The cell as the report draws and lists it.

    Attributes
    ----------
    layers
        From the anode's collector to the cathode's.
    constituents
        Solids of the cathode.
    active_fraction, porosity, carbon_fraction
        By volume of the cathode.
    particles
        Radius in m and share by volume of the active material of each size class.
    """

    name: str
    description: str
    layers: tuple[Layer, ...]
    constituents: tuple[Constituent, ...]
    active_fraction: float
    porosity: float
    carbon_fraction: float
    particles: tuple[tuple[float, float], ...]
    coating: str


def number(value: Any, default: float = 0.0) -> float:
    """Return a finite float, ``default`` for anything else."""
    try:
        out = float(value)
    except (TypeError, ValueError):
        return default
    return out if math.isfinite(out) else default


def neat_unit(unit: str) -> str:
    """Write ``m^2/s`` as m²/s."""
    return unit.replace("*", " ").replace("^2", "²").replace("^3", "³").replace("^0.5", "^½")


def quantity_text(value: Any, unit: str, digits: int = 4) -> str:
    """Write an SI number in the unit people use, or a text value as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        factor, face = FACES.get(unit, (1.0, neat_unit(unit)))
        if unit == "K":
            return f"{summary_number(value - 273.15, digits)} °C"
        return f"{summary_number(value * factor, digits)} {face}".strip()
    return str(value) if value is not None else "–"


def derived_table(derived: Derived) -> list[tuple[str, str]]:
    """Return label and value of every quantity that the cell derives."""
    return [(label, quantity_text(value, unit)) for _, value, unit, label in derived.rows()]


def _constituents(cell: Cell) -> tuple[Constituent, ...]:
    """Return the solids of the composite; the film on the particles counts as one, its volume as none."""
    if cell.symmetric:
        return ()
    from lisse.cell.active_materials import components, mass_shares

    cathode, derived, parts = cell.spec.composite, cell.derived, components(cell.spec)
    total = sum(share for _, share in cathode.mass_fractions)
    active, shares = derived.cathode_mass * cathode.mass_fractions.active / total, mass_shares(cell.spec)
    volumes = dict.fromkeys(shares, 0.0)
    for size in cell.size_classes:
        volumes[size.role] += size.volume_fraction * derived.active_fraction
    out = [
        Constituent("active material", parts[role][1].active, active * share, volumes[role])
        for role, share in shares.items()
    ]
    out += [
        Constituent(
            label,
            getattr(cathode, key),
            derived.cathode_mass * getattr(cathode.mass_fractions, key) / total,
            getattr(derived, f"{key}_fraction"),
        )
        for key, label in (
            ("electrolyte", "electrolyte"),
            ("carbon", "carbon"),
            ("binder", "binder"),
        )
        if getattr(cathode.mass_fractions, key) > 0
    ]
    if cathode.coating is not None:
        out.append(Constituent("coating", cathode.coating.material, derived.coating_mass, None))
    return tuple(out)


def _layers(cell: Cell) -> tuple[Layer, ...]:
    """Return the layers from the anode's collector to the cathode's."""
    spec, derived = cell.spec, cell.derived

    def collector(side: str, label: str) -> Layer | None:
        table = getattr(spec.collectors, side)
        if table is None:
            return None
        density = cell.claim(f"collector_{side}", "density").value
        return Layer(f"collector_{side}", label, table.material, table.thickness, number(density) * table.thickness)

    film, tape = spec.anode.interlayer, spec.separator.binder
    separator = spec.separator.material if tape is None else f"{spec.separator.material} + {tape.material}"
    layers = (
        collector("negative", "collector −"),
        Layer("anode", "anode", spec.anode.material, spec.anode.thickness, derived.anode_mass),
        Layer("interlayer", "interlayer", film.material, film.thickness, derived.interlayer_mass) if film else None,
        Layer("separator", "separator", separator, derived.separator_thickness, derived.separator_mass),
        _opposite(cell),
        collector("positive", "collector +"),
    )
    return tuple(layer for layer in layers if layer is not None)


def _opposite(cell: Cell) -> Layer:
    """Return the layer that faces the anode: the composite, or the other lithium of a symmetric cell."""
    spec, derived = cell.spec, cell.derived
    if cell.symmetric:
        mass, thickness = derived.counter_electrode_mass, cell.counter_thickness
        return Layer("counter_electrode", "counter electrode", spec.anode.material, thickness, mass)
    mass = derived.cathode_mass + derived.coating_mass
    return Layer("cathode", "cathode", f"{spec.composite.active_name} composite", derived.cathode_thickness, mass)


def cell_view(cell: Cell) -> CellView:
    """Gather what the drawing and the bill of materials need of a cell."""
    spec, derived = cell.spec, cell.derived
    if cell.symmetric:
        return CellView(cell.name, spec.description, _layers(cell), (), 0.0, 0.0, 0.0, (), "")
    return CellView(
        name=cell.name,
        description=spec.description,
        layers=_layers(cell),
        constituents=_constituents(cell),
        active_fraction=derived.active_fraction,
        porosity=derived.void_fraction,
        carbon_fraction=derived.carbon_fraction,
        particles=tuple((size.radius, size.volume_fraction) for size in cell.size_classes),
        coating=spec.composite.coating.material if spec.composite.coating is not None else "",
    )
