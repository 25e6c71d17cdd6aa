"""Nyquist and Bode plots of circuits whose impedance is known."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.report.impedance import bode, nyquist, write_impedance_report

F = np.geomspace(1e6, 1e-2, 65)
Z = 20 + 100 / (1 + 2j * np.pi * F * 100 * 1.6e-6)  # a resistor, and one beside a capacitor: an arc about 1 kHz


def scales(svg: str) -> tuple[list[float], list[float]]:
    found = re.search(r'data-x="([^"]*)" data-y="([^"]*)"', svg)
    return [float(v) for v in found.group(1).split()], [float(v) for v in found.group(2).split()]


@pytest.mark.parametrize("z", [Z, Z + 500, Z * 1e-3, Z.conj()])
def test_one_ohm_is_as_long_on_both_axes_and_all_points_are_inside(z: np.ndarray) -> None:
    x, y = scales(nyquist(F, z).svg)
    assert (x[1] - x[0]) / (x[3] - x[2]) == pytest.approx((y[1] - y[0]) / (y[2] - y[3]), rel=1e-6)
    assert x[0] <= z.real.min()
    assert z.real.max() <= x[1]
    assert y[0] <= (-z.imag).min()
    assert (-z.imag).max() <= y[1]


def test_decades_are_marked_and_named() -> None:
    svg = nyquist(F, Z).svg
    assert svg.count('class="mark5"') == 9  # 10 mHz to 1 MHz
    assert ">1 kHz</text>" in svg


def test_bode_phase_of_a_capacitor_is_minus_ninety_degrees() -> None:
    svg = bode(F, 1 / (2j * np.pi * F * 1e-6)).svg
    titles = re.findall(r"<title>phase: (\S+)", svg)
    assert len(titles) == F.size
    assert {float(t) for t in titles} == {-90.0}


def test_points_that_are_not_finite_are_left_out() -> None:
    z = Z.copy()
    z[3] = np.nan
    assert nyquist(F, z).svg.count('class="m"') == F.size - 1
    assert "fewer than two" in nyquist(F, Z * np.nan).caption


def test_lengths_must_agree() -> None:
    with pytest.raises(InputError, match="64 values for 65 frequencies"):
        bode(F, Z[:-1])


def test_page_loads_nothing_and_lists_every_frequency(tmp_path: Path) -> None:
    spectrum = SimpleNamespace(
        cell=Cell.load("reference"), frequency_Hz=F, impedance_ohm_cm2=Z, lithium_content=0.6,
        open_circuit_voltage_V=3.8, resistances_ohm_cm2={"separator": 20.0},
    )  # fmt: skip
    write_impedance_report(spectrum, tmp_path / "eis.html")
    html = (tmp_path / "eis.html").read_text(encoding="utf-8")
    assert not re.search(r"(src|<link)", html.split("<body>")[1].split("<script>")[0])
    assert html.count("<tr>") == F.size + 1
    assert "65 frequencies" in html
