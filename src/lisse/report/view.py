"""What the report reads of a run and of its cell, gathered in one place and in people's units.

The drawing and the bill of materials work on :class:`CellView`, not on the cell, so that a cell that lacks a number
(a failed run, a cell of one's own) still draws what it has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol

from lisse.report.svg import summary_number

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
    def cell(self) -> Any: ...  # noqa: D102

    @property
    def summary(self) -> dict[str, Any]: ...  # noqa: D102

    @property
    def timeseries(self) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Layer:
    """One layer of the cell: thickness in m, mass in kg/m^2 (None where it is not known)."""

    role: str
    label: str
    material: str
    thickness: float
    mass: float | None = None


@dataclass(frozen=True)
class Constituent:
    """One solid of the composite cathode: mass in kg/m^2 of cell, volume as a fraction of the cathode."""

    label: str
    material: str
    mass: float | None
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


def quantity_text(value: Any, unit: str, digits: int = 4) -> str:
    """Write an SI number in the unit people use, or a text value as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        factor, face = FACES.get(unit, (1.0, unit.replace("*", " ").replace("^2", "²").replace("^3", "³")))
        if unit == "K":
            return f"{summary_number(value - 273.15, digits)} °C"
        return f"{summary_number(value * factor, digits)} {face}".strip()
    return str(value) if value is not None else "–"


def derived_table(derived: Any) -> list[tuple[str, str]]:
    """Return label and value of every number the cell derives, read from the fields' own label and unit."""
    if not is_dataclass(derived):
        return []
    rows = []
    for f in fields(derived):
        value = getattr(derived, f.name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        label = str(f.metadata.get("label", f.name.replace("_", " ")))
        rows.append((label, quantity_text(float(value), str(f.metadata.get("unit", "")))))
    return rows


def _get(thing: Any, *names: str) -> float | None:
    """Return the first of the named attributes that is a finite number."""
    for name in names:
        value = getattr(thing, name, None)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    return None


def _density(cell: Any, role: str) -> float | None:
    """Return the density claim of a role in kg/m^3, None where the cell has none."""
    try:
        value = cell.claim(role, "density").value
    except Exception:  # a report is drawn even where the library has no density
        return None
    return number(value) or None


def _layer(cell: Any, role: str, label: str, table: Any, derived: Any, relative_density: float = 1.0) -> Layer | None:
    if table is None:
        return None
    thickness = _get(table, "thickness") or _get(derived, f"{role}_thickness", f"thickness_{role}")
    if thickness is None:
        return None
    mass = _get(derived, f"{role}_areal_mass", f"{role}_mass", f"{role}_mass_per_area")
    density = _density(cell, role) if mass is None else None
    if density is not None:
        mass = density * thickness * relative_density
    return Layer(role, label, str(getattr(table, "material", "")), thickness, mass)


def _constituents(cell: Any, thickness: float | None) -> tuple[tuple[Constituent, ...], float | None]:
    """Return the solids of the composite and its mass in kg/m^2."""
    cathode, derived = cell.spec.cathode, cell.derived
    shares = cathode.mass_fractions
    total = _get(derived, "composite_loading", "composite_areal_mass", "composite_mass_per_area", "cathode_areal_mass")
    loading = _get(derived, "loading", "active_loading", "areal_loading") or _get(cathode, "loading")
    if total is None and loading is not None and number(shares.active) > 0:
        total = loading / shares.active
    out = []
    for key, label in (
        ("active", "active material"), ("electrolyte", "electrolyte"), ("carbon", "carbon"), ("binder", "binder"),
    ):  # fmt: skip
        share = number(getattr(shares, key, 0.0))
        if share <= 0:
            continue
        mass = total * share if total is not None else None
        volume = _get(derived, f"{key}_volume_fraction", f"{key}_fraction", f"volume_fraction_{key}")
        density = _density(cell, key) if volume is None else None
        if density and mass is not None and thickness:
            volume = mass / density / thickness
        out.append(Constituent(label, str(getattr(cathode, key, "") or ""), mass, volume))
    return tuple(out), total


def _particles(cell: Any) -> tuple[tuple[float, float], ...]:
    """Return radius and volume share of each size class."""
    cathode, derived = cell.spec.cathode, cell.derived
    spread = getattr(cathode, "distribution", None)
    if spread is not None and getattr(spread, "diameters", None):
        return tuple((d / 2, f) for d, f in zip(spread.diameters, spread.volume_fractions, strict=True))
    if spread is not None:
        # Thirds of the volume about the percentiles: enough for a picture.
        return tuple((d / 2, 1 / 3) for d in (spread.d10, spread.d50, spread.d90))
    diameter = _get(cathode, "particle_diameter") or _get(derived, "particle_diameter")
    radius = _get(cathode, "particle_radius") or _get(derived, "particle_radius", "mean_particle_radius")
    radius = radius or (diameter / 2 if diameter else None)
    if radius is None:
        try:
            radius = number(cell.claim("active", "particle_radius").value) or None
        except Exception:
            radius = None
    return ((radius, 1.0),) if radius else ()


def cell_view(cell: Any) -> CellView:
    """Gather what the drawing and the bill of materials need from a ``lisse.cell.Cell``."""
    spec, derived = cell.spec, cell.derived
    collectors = getattr(spec, "collectors", None)
    density = _get(spec.separator, "relative_density") or _get(derived, "separator_relative_density") or 1.0
    thickness = _get(spec.cathode, "thickness") or _get(derived, "cathode_thickness", "thickness_cathode")
    constituents, total = _constituents(cell, thickness)
    volume = {c.label: c.volume_fraction or 0.0 for c in constituents}
    porosity = _get(spec.cathode, "porosity")
    porosity = porosity if porosity is not None else _get(derived, "porosity", "cathode_porosity")
    if porosity is None:
        porosity = max(1.0 - sum(volume.values()), 0.0) if all(c.volume_fraction for c in constituents) else 0.0
    layers = [
        _layer(cell, "collector_negative", "collector −", getattr(collectors, "negative", None), derived),
        _layer(cell, "anode", "anode", spec.anode, derived),
        _layer(cell, "interlayer", "interlayer", getattr(spec.anode, "interlayer", None), derived),
        _layer(cell, "separator", "separator", spec.separator, derived, density),
        Layer("cathode", "cathode", f"{spec.cathode.active} composite", thickness, total) if thickness else None,
        _layer(cell, "collector_positive", "collector +", getattr(collectors, "positive", None), derived),
    ]
    coating = getattr(spec.cathode, "coating", None)
    return CellView(
        name=str(cell.name),
        description=str(getattr(spec, "description", "") or ""),
        layers=tuple(layer for layer in layers if layer is not None),
        constituents=constituents,
        active_fraction=volume.get("active material", 0.0),
        porosity=porosity,
        carbon_fraction=volume.get("carbon", 0.0),
        particles=_particles(cell),
        coating=str(getattr(coating, "material", "")) if coating is not None else "",
    )
