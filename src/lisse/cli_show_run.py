"""What ``lisse run`` prints: the table of cycles, what the mechanisms left, the losses and the books.

Leaves out: the run (``lisse.simulate``) and the report (``lisse.report``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.cli_common import make_console
from lisse.cli_uncertainty import spread_notes, with_band

if TYPE_CHECKING:
    from rich.console import Console

    from lisse.simulate import Run


COLUMNS = (
    ("charge_capacity_mAh_g", 1, 1.0),
    ("discharge_capacity_mAh_g", 1, 1.0),
    ("discharge_capacity_mAh_cm2", 2, 1.0),
    ("coulombic_efficiency", 2, 100.0),
    ("mean_discharge_voltage_V", 3, 1.0),
)
"""Columns of the table of cycles: key, decimals and factor."""


def show_run(result: Run, target: Path | None, no_report: bool) -> None:
    """Print a run; with error bars each number has those of its draws below it."""
    from rich.table import Table

    console, summary = make_console(), result.summary
    table = Table(
        title=f"{summary['cell']}: {summary['status']}" + (f" ({summary['reason']})" if summary["reason"] else "")
    )
    for column in (
        "cycle",
        "charge\nmAh/g",
        "discharge\nmAh/g",
        "discharge\nmAh/cm2",
        "efficiency\n%",
        "mean V\ndischarge",
    ):
        table.add_column(column, justify="right")
    for number, row in enumerate(summary["cycles"]):
        cells = [
            with_band(
                _text(None if row[key] is None else factor * row[key], digits),
                result.spread,
                f"cycles.{number}.{key}",
                digits,
                factor,
            )
            for key, digits, factor in COLUMNS
        ]
        table.add_row(str(row["cycle"]), *cells)
    console.print(table)
    for line in spread_notes(result.spread) if result.spread is not None else []:
        console.print(line, markup=False)
    conditions = summary["conditions"]
    one_c = (
        f"{conditions['nominal_capacity_mAh_cm2']:g} mA/cm2"
        if conditions["one_C_mA_g"] is None
        else f"{conditions['one_C_mA_g']:.0f} mA/g"
    )
    console.print(
        f"{conditions['temperature_degC']:.0f} degC, {conditions['stack_pressure_MPa']:g} MPa; 1C is "
        f"{one_c} ({conditions['nominal_capacity_origin']})"
    )
    _show_interface(console, result)
    losses = ", ".join(
        f"{name.replace('_', ' ')} {1e3 * value:.1f}{_beside(result, f'losses_V.{name}', 1, 1e3)}"
        for name, value in summary["losses_V"].items()
        if value is not None
    )
    console.print(f"mean overpotential on discharge [mV]: {losses}", markup=False)
    audit = ", ".join(f"{name.split('_')[0]} {_text(value, None)}" for name, value in summary["audit"].items())
    console.print(f"audit, relative errors: {audit}")
    for warning in summary["warnings"]:
        console.print(f"note: {warning}", markup=False)
    timing = summary["timing_s"]
    console.print(
        f"built in {timing['build']:.2f} s, solved in {timing['solve']:.2f} s, audited in {timing['audit']:.2f} s"
    )
    if target is not None:
        console.print(
            f"run directory: {target}" + ("" if no_report else f"; report: {target / 'report.html'}"), markup=False
        )


def _show_interface(console: Console, result: Run) -> None:
    """Say what the last cycle left at the lithium and at the oxide, a line each, where their mechanisms were on."""
    summary = result.summary
    last: dict[str, Any] = summary["cycles"][-1] if summary["cycles"] else {}

    def parts_of(shown: tuple[tuple[str, str, int | None, str], ...]) -> list[str]:
        place = f"cycles.{len(summary['cycles']) - 1}"
        return [
            f"{label} {_text(last[key], digits)}{_beside(result, f'{place}.{key}', digits)}{unit}"
            for label, key, digits, unit in shown
            if last.get(key) is not None
        ]

    shown = (
        ("contact fraction", "contact_fraction", 3, ""),
        ("void coverage", "void_coverage", 3, ""),
        ("interphase", "anode_interphase_nm", 1, " nm"),
        ("lithium lost", "lithium_lost_mAh_cm2", 4, " mAh/cm2"),
        ("short", "short_conductance_S_cm2", None, " S/cm2"),
    )
    if len(parts := parts_of(shown)) > 1:
        console.print(f"lithium interface, last cycle: {', '.join(parts)}")
    composite = (
        ("active mass", "active_mass_fraction", 3, ""),
        ("wetted", "wetted_fraction", 3, ""),
        ("diffusion length", "diffusion_length_ratio", 2, " of the particle's"),
        ("interphase", "cathode_interphase_nm", 1, " nm"),
        ("resistance", "cathode_resistance_ohm_cm2", 0, " ohm cm2"),
    )
    if last.get("active_mass_fraction") is not None or last.get("cathode_interphase_nm") is not None:
        console.print(f"composite, last cycle: {', '.join(parts_of(composite))}")
    if (jumps := summary["cycle_jumping"]) is not None:
        console.print(
            f"cycle jumping: {jumps['simulated_cycles']} of {jumps['total_cycles']} cycles simulated, error of a state "
            f"per jump up to {jumps['largest_error']:.1e}"
        )
    if summary["time_to_short_h"] is not None:
        console.print(f"time to short: {summary['time_to_short_h']:.3g} h")


def _text(value: float | None, digits: int | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1e}" if digits is None else f"{value:.{digits}f}"


def _beside(result: Run, path: str, digits: int | None, factor: float = 1.0) -> str:
    """Return the median and the 5 to 95 % of a number in brackets; nothing without error bars."""
    band = None if result.spread is None else result.spread.band(path)
    if band is None:
        return ""
    median, low, high = (_text(factor * band[key], digits) for key in ("median", "p05", "p95"))
    return f" ({median}; {low} to {high})"
