"""The report's tables: headline numbers, bill of materials, conditions, audit, claims and their references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lisse.cell.claims import ACTIVE_ROLES
from lisse.report.svg import summary_number
from lisse.report.view import CellView, neat_unit, number, quantity_text

LIMITS = {"lithium": 1e-6, "charge": 1e-6, "energy": 1e-4}
EFFICIENCY_MARGIN = 5e-4
"""An efficiency this far above 1 is not rounding [-]."""
_BOOKS = {
    "lithium": "anode, separator, cathode and interphases together, against the throughput",
    "charge": "integral of the current against the lithium that moved",
    "energy": "energy delivered and dissipated against the loss of free energy",
}
_ROLES = {
    "anode": "Anode",
    "interlayer": "Interlayer",
    "separator": "Separator",
    "separator_binder": "Separator binder",
    **{role: f"Active material{role.removeprefix('active').replace('_', ' ')}" for role in ACTIVE_ROLES},
    "electrolyte": "Cathode electrolyte",
    "carbon": "Carbon",
    "binder": "Binder",
    "coating": "Coating",
    "grain_coating": "Grain-boundary coating",
    "collector_positive": "Positive collector",
    "collector_negative": "Negative collector",
}
LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("voids", "Voids and creep at the lithium during cycling: its contact is static, set by pressure."),
    ("filaments", "Lithium filaments, short circuits and the critical current density."),
    ("interphase", "Growth of an interphase at the anode."),
    ("cathode_interphase", "Growth of an interphase in the cathode: its electrolyte does not age."),
    ("contact_loss", "Loss of contact between oxide and electrolyte while the oxide shrinks."),
    ("cracks", "Cracks in the particles of the active material."),
    ("bending", "Fracture of the separator."),
    ("", "Differences across the area of the cell: the model is one-dimensional through the stack."),
    ("", "Salt concentration: the sulfide conducts lithium alone (transference number of one), so none builds up."),
)
"""What a run leaves out, and the mechanism that would bring it in."""
CYCLE_COLUMNS: tuple[tuple[str, str, str, int, float], ...] = (
    ("cycle", "cycle", "", 0, 1.0),
    ("charge_capacity_mAh_g", "charge", "mAh/g", 1, 1.0),
    ("discharge_capacity_mAh_g", "discharge", "mAh/g", 1, 1.0),
    ("discharge_capacity_mAh_cm2", "discharge", "mAh/cm²", 3, 1.0),
    ("coulombic_efficiency", "coulombic", "efficiency, %", 2, 100.0),
    ("mean_discharge_voltage_V", "mean discharge", "voltage, V", 3, 1.0),
    ("discharge_energy_Wh", "discharge", "energy, mWh", 3, 1e3),
)
"""Columns of the table of cycles: key, heading, its second line, decimals and factor."""
MECHANISM_COLUMNS: tuple[tuple[str, str, str, int, float], ...] = (
    ("active_mass_fraction", "active", "mass, %", 1, 100.0),
    ("wetted_fraction", "wetted", "area, %", 1, 100.0),
    ("diffusion_length_ratio", "diffusion length", "over radius", 2, 1.0),
    ("cathode_interphase_nm", "cathode", "interphase, nm", 2, 1.0),
    ("cathode_resistance_ohm_cm2", "cathode", "Ω cm²", 0, 1.0),
)
"""Columns that are there where mechanisms of the composite were on."""


@dataclass(frozen=True)
class MaterialRow:
    """One line of the bill of materials, already written out."""

    label: str
    material: str
    thickness: str
    mass: str
    mass_share: str
    volume: str
    volume_share: str
    part: bool = False


@dataclass(frozen=True)
class Book:
    """One book of the audit: relative error, its limit and the verdict.

    The verdict is ``pass`` or ``fail``; ``no solution`` or ``nothing flowed`` where there is nothing to audit.
    """

    name: str
    meaning: str
    error: str
    limit: str
    verdict: str


@dataclass
class Reference:
    """One entry of the list of references."""

    number: int
    citation: str
    doi: str = ""
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ClaimRow:
    """One claim as the table shows it."""

    property: str
    material: str
    value: str
    spread: str
    method: str
    references: tuple[int, ...]
    tag: str
    assumed: bool
    suspect: str
    own: bool


def bill(view: CellView) -> tuple[list[MaterialRow], MaterialRow]:
    """Return the bill of materials and its total.

    The solids of the cathode are listed under it; they are parts, not added twice.
    """
    mass = sum(layer.mass for layer in view.layers)
    thick = sum(layer.thickness for layer in view.layers)

    def row(
        label: str, material: str, m: float | None, t: float | None, v: float | None, part: bool = False
    ) -> MaterialRow:
        return MaterialRow(
            label,
            material,
            quantity_text(t, "m") if t is not None else "",
            f"{m * 100:.2f}" if m is not None else "",
            f"{m / mass:.1%}" if m is not None else "",
            f"{v * 1e5:.2f}" if v is not None else "",
            f"{v / thick:.1%}" if v is not None else "",
            part,
        )

    rows = []
    for layer in view.layers:
        rows.append(row(layer.label, layer.material, layer.mass, layer.thickness, layer.thickness))
        if layer.role == "cathode":
            for c in view.constituents:
                volume = c.volume_fraction * layer.thickness if c.volume_fraction is not None else None
                rows.append(row(c.label, c.material, c.mass, None, volume, part=True))
            rows.append(row("pores", "", None, None, view.porosity * layer.thickness, part=True))
    return rows, row("together", "", mass, thick, thick)


def audit(summary: dict[str, Any], *, solved: bool = True) -> list[Book]:
    """Judge each book by its limit; a missing error is never a pass, an error that is no number is a fail.

    Parameters
    ----------
    summary
        Of the run.
    solved
        Whether the run has a solution at all.
    """
    errors = summary.get("audit") or {}
    out = []
    for name, limit in LIMITS.items():
        value = errors.get(f"{name}_relative_error")
        if isinstance(value, int | float):
            verdict = "pass" if abs(value) <= limit else "fail"
            out.append(Book(name, _BOOKS[name], summary_number(value, 2), summary_number(limit, 1), verdict))
        else:
            verdict = "nothing flowed" if solved else "no solution"
            out.append(Book(name, _BOOKS[name], "–", summary_number(limit, 1), verdict))
    return out


def claims(summary: dict[str, Any]) -> tuple[list[tuple[str, list[ClaimRow]]], list[Reference]]:
    """Group the claims by role and number their references in order of appearance."""
    references: dict[str, Reference] = {}
    groups: dict[str, list[ClaimRow]] = {}
    for claim in sorted(
        summary.get("claims") or [], key=lambda c: list(_ROLES).index(c["role"]) if c.get("role") in _ROLES else 99
    ):
        role = str(claim.get("role", ""))
        source = claim.get("source") or {}
        citation, doi = str(source.get("citation") or ""), str(source.get("doi") or "")
        doi = doi if re.fullmatch(r"10\.\d{4,9}/\S+", doi) else ""
        tag = str(source.get("tag") or "")
        numbers: tuple[int, ...] = ()
        if citation or doi:
            entry = references.setdefault(
                doi.lower() + "|" + citation, Reference(len(references) + 1, citation or doi, doi)
            )
            if tag and tag not in entry.tags:
                entry.tags.append(tag)
            numbers = (entry.number,)
        groups.setdefault(_ROLES.get(role, role.replace("_", " ").capitalize()), []).append(
            ClaimRow(
                property=str(claim.get("property", "")).replace("_", " "),
                material=str(claim.get("material") or ""),
                value=_claim_value(claim),
                spread=_spread(claim.get("spread"), str(claim.get("unit") or "")),
                method=str(claim.get("method") or ""),
                references=numbers,
                tag=tag,
                assumed=claim.get("method") == "assumed",
                suspect=_suspect(claim.get("suspect")),
                own=bool(claim.get("own")),
            )
        )
    return list(groups.items()), list(references.values())


def _suspect(value: Any) -> str:
    return value if isinstance(value, str) else "marked suspect in the library" if value else ""


def _claim_value(claim: dict[str, Any]) -> str:
    value, unit = claim.get("value"), str(claim.get("unit") or "")
    if isinstance(value, str) and value.startswith("curve"):
        form = value.replace("Curve)", ")").lower()  # "curve (HinderedCurve)" names a class
        return f"{form}, {neat_unit(unit)}" if unit else form
    return quantity_text(value, unit)


def _spread(spread: Any, unit: str) -> str:
    """Write the summary's spread (``"× / ÷ 1.5"`` or ``"± 4800"`` in SI) in the unit of the value beside it."""
    text = str(spread or "")
    match = re.fullmatch(r"±\s*([-+.\deE]+)", text)
    if match is None:
        return "" if text == "none" else text
    size = float(match.group(1))
    # A spread of a temperature is a difference, so it keeps kelvin.
    return f"± {summary_number(size, 3)} K" if unit == "K" else f"± {quantity_text(size, unit, 3)}"


def headline(summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return label, number and unit-or-note of the figures that a reader looks for first."""
    if (summary.get("conditions") or {}).get("symmetric"):
        return _symmetric_headline(summary)
    rows = [r for r in summary.get("cycles") or [] if number(r.get("discharge_capacity_mAh_g"), -1) > 0]
    first, last = (rows[0], rows[-1]) if rows else ({}, {})
    losses = {k: number(v) for k, v in (summary.get("losses_V") or {}).items() if number(v, -9) > -9}
    cards = [
        ("First discharge", summary_number(first.get("discharge_capacity_mAh_g")), "mAh/g"),
        ("Areal capacity", summary_number(first.get("discharge_capacity_mAh_cm2"), 3), "mAh/cm²"),
        ("Mean voltage", summary_number(first.get("mean_discharge_voltage_V")), "V"),
        ("First efficiency", summary_number(_percent(first.get("coulombic_efficiency"))), "%"),
    ]
    if len(rows) > 1:
        label = f"Discharge, cycle {summary_number(last.get('cycle'))}"
        cards.append((label, summary_number(last.get("discharge_capacity_mAh_g")), "mAh/g"))
    total = summary_number(sum(losses.values()) * 1e3, 3) if losses else "–"
    cards.append(("Mean overpotential", total, "mV"))
    return [(label, value, unit if value != "–" else "") for label, value, unit in cards]


def _symmetric_headline(summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return the same of a symmetric cell, whose capacity says nothing."""
    rows = summary.get("cycles") or []
    last = rows[-1] if rows else {}
    worst = min((number(r.get("contact_fraction"), 1.0) for r in rows), default=None)
    cards = [
        ("Cycles", summary_number(last.get("cycle")), ""),
        ("Per half cycle", summary_number(last.get("discharge_capacity_mAh_cm2"), 3), "mAh/cm²"),
        ("Lowest contact", summary_number(_percent(worst), 3), "%"),
        ("Interphase", summary_number(last.get("anode_interphase_nm"), 3), "nm"),
        ("Lithium lost", summary_number(last.get("lithium_lost_mAh_cm2"), 3), "mAh/cm²"),
        ("Time to short", summary_number(summary.get("time_to_short_h"), 3), "h"),
    ]
    return [(label, value, unit if value != "–" else "") for label, value, unit in cards]


def _percent(value: Any) -> Any:
    return value * 100 if isinstance(value, int | float) else None


def efficiency_note(summary: dict[str, Any]) -> str:
    """Return what a reader must know of efficiencies above 100 %; empty where there are none."""
    found = [number(row.get("coulombic_efficiency")) for row in summary.get("cycles") or []]
    if max(found, default=0.0) <= 1 + EFFICIENCY_MARGIN:
        return ""
    return (
        "Efficiencies above 100 % are an artefact of unequal steps, not a gain: after a fast discharge less charge "
        "fits in, and a slower discharge then gives more than that."
    )


def conditions(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the conditions of the run as label and text."""
    given = summary.get("conditions") or {}
    out = [("Protocol", str(summary.get("protocol") or "–"))]
    for key, label, unit in (
        ("temperature_degC", "Temperature", "°C"),
        ("stack_pressure_MPa", "Stack pressure", "MPa"),
        ("nominal_capacity_mAh_cm2", "Nominal capacity", "mAh/cm²"),
        ("one_C_mA_g", "1C", "mA/g"),
    ):
        if number(given.get(key), -1e9) > -1e9:
            out.append((label, f"{summary_number(given[key])} {unit}"))
    window = given.get("voltage_window_V")
    if window:
        out.append(("Window", f"{window[0]:g} to {window[1]:g} V"))
    return out


def left_out(summary: dict[str, Any]) -> list[str]:
    """Return what the run leaves out: what its mechanisms bring is not on the list."""
    on = (summary.get("conditions") or {}).get("mechanisms") or []
    return [text for mechanism, text in LEFT_OUT if mechanism not in on]


def _columns(summary: dict[str, Any]) -> list[tuple[str, str, str, int, float]]:
    rows = summary.get("cycles") or []
    on = any(row.get(key) is not None for row in rows for key, *_ in MECHANISM_COLUMNS[:-1])
    more = [column for column in MECHANISM_COLUMNS if on and any(row.get(column[0]) is not None for row in rows)]
    return [*CYCLE_COLUMNS, *more]


def cycle_heads(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the headings of the table of cycles, two lines each."""
    return [(head, unit) for _, head, unit, _, _ in _columns(summary)]


def cycle_rows(summary: dict[str, Any]) -> list[list[str]]:
    """Return the table of cycles: all of up to 40, else the first ten, every so many, and the last ten."""
    rows = summary.get("cycles") or []
    columns = _columns(summary)
    if len(rows) > 40:
        step = -(-(len(rows) - 20) // 20)
        rows = rows[:10] + rows[10:-10:step] + rows[-10:]
    return [[_fixed(row.get(key), digits, factor) for key, _, _, digits, factor in columns] for row in rows]


def _fixed(value: Any, decimals: int, factor: float) -> str:
    out = number(value, float("nan")) * factor
    return f"{out:.{decimals}f}".replace("-", "−") if out == out else "–"
