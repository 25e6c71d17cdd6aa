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
WIDTH, SIDE, TALL = 530.0, 454.0, 360.0


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
    """Write a frequency with the prefix people use, two digits."""
    for factor, unit in ((1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz")):
        if value >= 0.95 * factor:
            return f"{float(f'{value / factor:.2g}'):g} {unit}"
    return f"{float(f'{value * 1e3:.2g}'):g} mHz"


def _label_spot(
    words: str, at: tuple[float, float], curve: Array, taken: list[tuple[float, float]], corner: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the left end of a label's base line near ``at``, clear of the curve and of other labels, or None.

    Parameters
    ----------
    curve
        Pixels on the curve, shape (n, 2), dense.
    taken
        Left ends of labels that stand already.
    corner
        Right and lower edge of the panel in pixels.
    """
    wide = 6.8 * len(words)
    for dx, dy in ((9, -6), (-9 - wide, -6), (10, 4), (-10 - wide, 4), (-wide / 2, -12), (9, 15), (-9 - wide, 15)):
        x, y = at[0] + dx, at[1] + dy
        if x < 66 or x + wide > corner[0] or y < 22 or y > corner[1] - 3:
            continue
        box = (curve[:, 0] > x - 3) & (curve[:, 0] < x + wide + 3) & (curve[:, 1] > y - 13) & (curve[:, 1] < y + 5)
        if not box.any() and all(abs(y - v) > 14 or x > u + 58 or x + wide < u for u, v in taken):
            return x, y
    return None


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
    # Equal axes: whichever direction has room to spare is widened.
    ohm = max((x[1] - x[0]) / SIDE, (y[1] - y[0]) / TALL, 1e-12)
    spare = ohm * SIDE - (x[1] - x[0])
    start = max(x[0] - spare / 2, min(0.0, x[0]))
    panel = Panel(
        Scale(start, start + ohm * SIDE, 62, 62 + SIDE), Scale(y[0], y[0] + ohm * TALL, 12 + TALL, 12),
        "Z′", "−Z″", UNIT, UNIT,
    )  # fmt: skip
    panel.line(z.real, -z.imag, "impedance", DISCHARGE)
    panel.dots(z.real, -z.imag, "impedance", DISCHARGE)
    steps = np.linspace(0, f.size - 1, 20 * f.size)
    px, py = (np.interp(steps, np.arange(f.size), v) for v in (panel.x(z.real), panel.y(-z.imag)))
    curve = np.column_stack([px, py])
    placed: list[tuple[float, float]] = []
    for k in _decades(f):
        at = panel.x.at(float(z.real[k])), panel.y.at(float(-z.imag[k]))
        panel.body.append(f'<circle class="mark5" cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="5"/>')
        words = _frequency_text(float(f[k]))
        # Decades crowd where the arc is short; a label without room is left out.
        spot = _label_spot(words, at, curve, placed, (62 + SIDE, 12 + TALL))
        if spot is not None:
            panel.text(*spot, words, "tick")
            placed.append(spot)
    svg = drawing(WIDTH, TALL + 60, title, [panel.render()])
    return Figure(
        "nyquist", title, svg, "One ohm is as long on both axes; circled points are whole decades of frequency."
    )


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
        Scale(*x, log=True), Scale(*span, 196, 12, log=wide_range), "frequency", "magnitude", "Hz", UNIT, show_x=False
    )
    top.line(f, size, "magnitude", DISCHARGE)
    top.dots(f, size, "magnitude", DISCHARGE)
    low = Panel(
        Scale(*x, log=True), Scale(*limits([phase], zero=True, least=5.0, pad=0.1), 372, 222),
        "frequency", "phase", "Hz", "°",
    )  # fmt: skip
    low.line(f, phase, "phase", WARM)
    low.dots(f, phase, "phase", WARM)
    svg = drawing(WIDTH, TALL + 60, title, [top.render(), low.render()])
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
            (f"|Z| at {_frequency_text(float(f[0]))}", summary_number(abs(z[0]), 3), UNIT),
            (f"|Z| at {_frequency_text(float(f[-1]))}", summary_number(abs(z[-1]), 3), UNIT),
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
