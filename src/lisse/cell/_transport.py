"""Effective conductivities of the composite of a cell: which closure, with which thresholds, and plug-in closures.

The closures are functions of ``lisse.cathode.conductivity``. Leaves out: what changes while the cell works.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from lisse.cathode import conductivity, percolation_sizes
from lisse.cell.active_materials import geometric_mean, mean, volume_shares
from lisse.cell.claims import ClaimBook
from lisse.cell.fields import brief
from lisse.cell.specification import CellFile
from lisse.errors import InputError
from lisse.mechanism import REFERENCE_TEMPERATURE
from lisse.separator import conduction

Closure = Callable[[Mapping[str, float], Mapping[str, float]], tuple[float, float]]
"""A plug-in closure, registered under the entry-point group ``lisse.closures``.

It takes volume fractions (``active``, ``electrolyte``, ``carbon``, ``binder``, ``void``) and conductivities of the
phases [S/m] (``ionic`` of the electrolyte at the cell's temperature, ``electronic`` of the active material) and returns
the ionic and the electronic conductivity of the composite [S/m], carbon and binder included.
"""
WHOLE = ("measured", "tortuosity", "plugin")
"""Closures whose numbers hold for the composite as it is, with its carbon and its binder."""


def size_ratio(spec: CellFile, radius: float) -> float | None:
    """Return active material over electrolyte by diameter [-]; None where the file gives no electrolyte size."""
    diameter = spec.composite.electrolyte_particle_diameter
    return None if diameter is None else 2 * radius / diameter


def connected_fraction(spec: CellFile, fractions: Mapping[str, float], radius: float) -> float:
    """Return the connected fraction of the file; where it gives none but both sizes, what the packing connects [-]."""
    cathode, ratio = spec.composite, size_ratio(spec, radius)
    if ratio is None or "connected_fraction" in cathode.model_fields_set:
        return cathode.connected_fraction
    share = fractions["active"] / (fractions["active"] + fractions["electrolyte"])
    return float(percolation_sizes.ionic_utilisation(share, ratio))


def electrolyte_conductivity(book: ClaimBook, role: str, temperature: float) -> float:
    """Ionic conductivity of the electrolyte in ``role`` at a temperature [S/m]."""
    claim = book.resolve(role, "ionic_conductivity")
    exponent = 0.0
    if book.has(role, "arrhenius_form"):
        exponent = {"exp": 0.0, "exp/T": 1.0}[book.text(role, "arrhenius_form")]
    reference = claim.temperature or REFERENCE_TEMPERATURE
    value, energy = book.number(role, "ionic_conductivity"), book.number(role, "activation_energy")
    return float(conduction.conductivity(value, energy, temperature, exponent, reference))


def transport(spec: CellFile, book: ClaimBook, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the effective conductivities at the cell's temperature, and the thresholds where the closure has any."""
    chosen = spec.composite.transport
    kappa = electrolyte_conductivity(book, "electrolyte", spec.operation.temperature)
    found: dict[str, Any] = {"transport_closure": chosen.closure}
    try:
        if chosen.closure == "percolation":
            found |= _thresholds(spec, book, values["particle_radius"])
            ionic = conductivity.percolating_ionic(kappa, values["electrolyte_fraction"], found["ionic_threshold"])
            electronic = _percolating_active(spec, book, values["active_fraction"], found["electronic_threshold"])
        else:
            ionic, electronic = _other_closure(spec, book, values, kappa)
    except InputError as error:
        raise InputError(f"cathode.transport.closure: {error}") from None
    if chosen.closure not in WHOLE:
        ionic = ionic * _binder_factor(spec, book)
        electronic = electronic + _carbon_network(book, values["carbon_fraction"])
    return found | {
        "cathode_ionic_conductivity": float(ionic),
        "cathode_electronic_conductivity": float(electronic),
    }


def _other_closure(spec: CellFile, book: ClaimBook, values: Mapping[str, Any], kappa: float) -> tuple[Any, Any]:
    """Return the conductivities by a closure without thresholds."""
    chosen = spec.composite.transport
    active, electrolyte = values["active_fraction"], values["electrolyte_fraction"]
    if chosen.closure == "measured":
        # What was measured was measured at 25 degC; temperature acts on it as on the electrolyte.
        assert chosen.ionic_conductivity is not None
        reference = electrolyte_conductivity(book, "electrolyte", REFERENCE_TEMPERATURE)
        return chosen.ionic_conductivity * kappa / reference, chosen.electronic_conductivity
    if chosen.closure == "table":
        return conductivity.measured_ionic(kappa, electrolyte), conductivity.measured_electronic(active)
    grain = _grain_conductivity(spec, book)
    if chosen.closure == "bruggeman":
        return conductivity.bruggeman(kappa, electrolyte), conductivity.bruggeman(grain, active)
    if chosen.closure == "tortuosity":
        return (
            conductivity.tortuous(kappa, electrolyte, chosen.ionic_tortuosity_factor),
            conductivity.tortuous(grain, active, chosen.electronic_tortuosity_factor),
        )
    fractions = {name: values[f"{name}_fraction"] for name in ("active", "electrolyte", "carbon", "binder", "void")}
    return _plugged(str(chosen.plugin), fractions, {"ionic": kappa, "electronic": grain})


def _thresholds(spec: CellFile, book: ClaimBook, radius: float) -> dict[str, float]:
    """Return both percolation thresholds [-]; the sizes of the particles decide where the file gives both."""
    given, ratio = spec.composite.transport.ionic_threshold, size_ratio(spec, radius)
    ionic = conductivity.IONIC_THRESHOLD if ratio is None else float(percolation_sizes.ionic_threshold(ratio))
    thresholds = {role: _electronic_threshold(book, role, radius, ratio) for role in book.active_roles}
    return {"ionic_threshold": given or ionic, "electronic_threshold": mean(volume_shares(spec, book), thresholds)}


def _electronic_threshold(book: ClaimBook, role: str, radius: float, ratio: float | None) -> float:
    """Return the percolation threshold that the composite would have with one of its active materials [-]."""
    own, diameter = _has_own_network(book, role), "percolation_particle_diameter"
    electronic, reference = conductivity.ELECTRONIC_THRESHOLD, percolation_sizes.REFERENCE_DIAMETER
    if own:
        electronic = book.number(role, "percolation_threshold")
    if not own or ratio is not None:
        if own and book.has(role, diameter):
            reference = book.number(role, diameter)
        electronic = float(percolation_sizes.electronic_threshold(2 * radius, electronic, reference))
    return electronic


def _has_own_network(book: ClaimBook, role: str) -> bool:
    names = ("percolation_conductivity", "percolation_threshold", "percolation_exponent")
    return all(book.has(role, name) for name in names)


def _percolating_active(spec: CellFile, book: ClaimBook, fraction: float, threshold: float) -> float:
    """Electronic conductivity of the active material's network [S/m]; of a blend, the geometric mean by volume."""
    found = {}
    for role in book.active_roles:
        names = ("conductivity", "exponent") if _has_own_network(book, role) else ()
        law = {name: book.number(role, f"percolation_{name}") for name in names}
        found[role] = float(conductivity.percolating_electronic(fraction, threshold=threshold, **law))
    return geometric_mean(volume_shares(spec, book), found)


def _grain_conductivity(spec: CellFile, book: ClaimBook) -> float:
    """Electronic conductivity of the active material [S/m]; of a curve, the value in mid-range."""
    found = {}
    for role in book.active_roles:
        claim = book.resolve(role, "electronic_conductivity").value
        if isinstance(claim, float | int):
            found[role] = float(claim)
            continue
        curve = book.curve(role, "electronic_conductivity")
        low, high = curve.range or (0.0, 1.0)
        found[role] = float(curve((low + high) / 2))
    return geometric_mean(volume_shares(spec, book), found)


def _carbon_network(book: ClaimBook, fraction: float) -> Any:
    if fraction == 0:
        return 0.0
    names = ("percolation_conductivity", "percolation_threshold", "percolation_exponent")
    prefactor, threshold, exponent = (book.number("carbon", name) for name in names)
    return conductivity.carbon_network(prefactor, fraction, threshold, exponent)


def _binder_factor(spec: CellFile, book: ClaimBook) -> float:
    share = spec.composite.mass_fractions.binder
    if share == 0:
        return 1.0
    return float(conductivity.binder_factor(share, book.number("electrolyte", "binder_sensitivity")))


def _plugged(name: str, fractions: Mapping[str, float], phases: Mapping[str, float]) -> tuple[float, float]:
    """Ask a plug-in closure; refuse one that is not installed and one that returns no two conductivities."""
    found = {entry.name: entry for entry in entry_points(group="lisse.closures")}
    if name not in found:
        known = ", ".join(sorted(found)) or "none is installed"
        raise InputError(f"{brief(name)} is not registered under lisse.closures (known: {known}).")
    closure: Closure = found[name].load()
    answer = closure(dict(fractions), dict(phases))
    try:
        ionic, electronic = (float(value) for value in answer)
        good = all(math.isfinite(value) and value > 0 for value in (ionic, electronic))
    except (TypeError, ValueError):
        good = False
    if not good:
        raise InputError(f"{brief(name)} returned {brief(answer)}; two conductivities above 0 S/m are accepted.")
    return ionic, electronic
