"""Nyquist and Bode plots of an impedance spectrum, and the page that holds them.

Leaves out: fitting of circuits and distributions of relaxation times.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lisse.errors import InputError
from lisse.report.palette import DISCHARGE, WARM
from lisse.report.svg import Array, Figure, Panel, Scale, drawing, limits, summary_number
from lisse.report.write import render, save

if TYPE_CHECKING:
    from lisse.cell.cell import Cell

UNIT = "Ω cm²"
WIDTH, SIDE = 530.0, 454.0


class Spectrum(Protocol):
    """What the page needs of an impedance: frequencies in Hz, impedance in ohm cm2, and the state of the cell."""

    @property
    def cell(self) -> Cell: ...  # noqa: D102

    @property
    def frequency_Hz(self) -> NDArray[np.float64]: ...  # noqa: D102

    @property
    def impedance_ohm_cm2(self) -> NDArray[np.complex128]: ...  # noqa: D102

    @property
    def lithium_content(self) -> float: ...  # noqa: D102

    @property
    def open_circuit_voltage_V(self) -> float: ...  # noqa: D102

    @property
    def resistances_ohm_cm2(self) -> dict[str, float]: ...  # noqa: D102


def _clean(frequency: ArrayLike, impedance: ArrayLike) -> tuple[Array, NDArray[np.complex128]]:
    """Return finite points in order of falling frequency."""
    f, z = np.asarray(frequency, dtype=float).ravel(), np.asarray(impedance, dtype=complex).ravel()
    if f.size != z.size:
        raise InputError(f"impedance: {z.size} values for {f.size} frequencies; give one for each.")
    good = np.isfinite(f) & (f > 0) & np.isfinite(z)
    order = np.argsort(-f[good])
    return f[good][order], z[good][order]


def _decades(frequency: Array) -> list[int]:
    """Return the index of the point nearest to each whole decade that the spectrum holds."""
    logs = np.log10(frequency)
    whole = range(int(np.ceil(logs.min() - 0.05)), int(np.floor(logs.max() + 0.05)) + 1)
    return [int(np.argmin(np.abs(logs - k))) for k in whole]


def _frequency_text(value: float) -> str:
    power = round(float(np.log10(value)))
    names = {-3: "1 mHz", -2: "10 mHz", -1: "0.1 Hz", 0: "1 Hz", 1: "10 Hz", 2: "100 Hz", 3: "1 kHz", 4: "10 kHz",
             5: "100 kHz", 6: "1 MHz", 7: "10 MHz"}  # fmt: skip
    return names.get(power, f"{10.0**power:.0e} Hz")


def nyquist(frequency_Hz: ArrayLike, impedance_ohm_cm2: ArrayLike) -> Figure:
    """Draw minus the imaginary part against the real part, one ohm as long on both axes.

    Parameters
    ----------
    frequency_Hz, impedance_ohm_cm2
        Shape (n,), any order; points that are not finite are left out.
    """
    f, z = _clean(frequency_Hz, impedance_ohm_cm2)
    title = "Nyquist"
    if f.size < 2:
        return Figure("nyquist", title, "", "The spectrum holds fewer than two finite points.")
    x, y = limits([z.real], pad=0.08), limits([-z.imag], zero=True, pad=0.08)
    span = max(x[1] - x[0], y[1] - y[0], 1e-9)
    # Equal axes: the shorter one is widened to the span of the longer.
    xs = ((x[0] + x[1] - span) / 2, (x[0] + x[1] + span) / 2)
    xs = (0.0, span) if xs[0] < 0 <= x[0] else xs
    ys = (y[0], y[0] + span)
    panel = Panel(Scale(*xs, 62, 62 + SIDE), Scale(*ys, 12 + SIDE, 12), "Z′", "−Z″", UNIT, UNIT)
    panel.line(z.real, -z.imag, "impedance", DISCHARGE)
    panel.dots(z.real, -z.imag, "impedance", DISCHARGE)
    placed: list[tuple[float, float]] = []
    for k in _decades(f):
        px, py = panel.x.at(z.real[k]), panel.y.at(-z.imag[k])
        panel.body.append(f'<circle class="mark5" cx="{px:.1f}" cy="{py:.1f}" r="5"/>')
        words = _frequency_text(f[k])
        wide = 7.0 * len(words)
        left = px + 9 + wide > 62 + SIDE
        at = (px - 9 - wide if left else px + 9, py - 7)
        # Decades crowd where the arc is short; a label that would touch another is left out.
        if all(abs(at[1] - v) > 15 or at[0] + wide < u or at[0] > u + 70 for u, v in placed):
            panel.text(px - 9 if left else px + 9, py - 7, words, "tick", "end" if left else "start")
            placed.append(at)
    svg = drawing(WIDTH, SIDE + 60, title, [panel.render()])
    return Figure("nyquist", title, svg, "One ohm is as long on both axes; circled points are whole decades of frequency.")


def bode(frequency_Hz: ArrayLike, impedance_ohm_cm2: ArrayLike) -> Figure:
    """Draw magnitude and phase against frequency.

    Parameters
    ----------
    frequency_Hz, impedance_ohm_cm2
        Shape (n,), any order; points that are not finite are left out.
    """
    f, z = _clean(frequency_Hz, impedance_ohm_cm2)
    title = "Bode"
    if f.size < 2:
        return Figure("bode", title, "", "The spectrum holds fewer than two finite points.")
    size, phase = np.abs(z), np.degrees(np.angle(z))
    x = (float(f.min()), float(f.max()), 62.0, WIDTH - 14)
    wide_range = size.min() > 0 and size.max() / size.min() > 20
    span = (float(size.min()) / 1.2, float(size.max()) * 1.2) if wide_range else limits([size], zero=True, pad=0.1)
    top = Panel(
        Scale(*x, log=True), Scale(*span, 244, 12, log=wide_range), "frequency", "magnitude", "Hz", UNIT, show_x=False
    )
    top.line(f, size, "magnitude", DISCHARGE)
    top.dots(f, size, "magnitude", DISCHARGE)
    low = Panel(
        Scale(*x, log=True), Scale(*limits([phase], zero=True, least=5.0, pad=0.1), 466, 272),
        "frequency", "phase", "Hz", "°",
    )  # fmt: skip
    low.line(f, phase, "phase", WARM)
    low.dots(f, phase, "phase", WARM)
    svg = drawing(WIDTH, SIDE + 60, title, [top.render(), low.render()])
    return Figure("bode", title, svg, "Magnitude and phase of the impedance per cell area.")


def impedance_html(spectrum: Spectrum) -> str:
    """Return the page of an impedance spectrum as self-contained HTML."""
    f, z = _clean(spectrum.frequency_Hz, spectrum.impedance_ohm_cm2)
    operation = spectrum.cell.spec.operation
    facts = [
        ("Temperature", f"{summary_number(operation.temperature - 273.15)} °C"),
        ("Stack pressure", f"{summary_number(spectrum.cell.derived.stack_pressure / 1e6)} MPa"),
        ("Open-circuit voltage", f"{summary_number(spectrum.open_circuit_voltage_V)} V"),
        ("Lithium content", summary_number(spectrum.lithium_content)),
    ]
    headline = []
    if f.size:
        headline = [
            (f"|Z| at {summary_number(f[0], 2)} Hz", summary_number(abs(z[0]), 3), UNIT),
            (f"|Z| at {summary_number(f[-1], 2)} Hz", summary_number(abs(z[-1]), 3), UNIT),
        ]
    headline += [(name, summary_number(value, 3), UNIT) for name, value in spectrum.resistances_ohm_cm2.items()]
    rows: list[list[Any]] = [
        [
            summary_number(freq), summary_number(value.real), summary_number(value.imag), summary_number(abs(value)),
            summary_number(float(np.degrees(np.angle(value))), 3),
        ]
        for freq, value in zip(f, z, strict=True)
    ]  # fmt: skip
    return render(
        "impedance.html.j2",
        {
            "name": spectrum.cell.name,
            "facts": facts,
            "headline": headline,
            "figures": [nyquist(f, z), bode(f, z)],
            "rows": rows,
        },
    )


def write_impedance_report(spectrum: Spectrum, path: str | Path) -> None:
    """Write the self-contained HTML page of an impedance spectrum.

    Parameters
    ----------
    spectrum
        From ``lisse.cell.eis.impedance``.
    path
        Where the page goes; parent directories are made.
    """
    save(Path(path), impedance_html(spectrum))
