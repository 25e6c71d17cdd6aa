"""What is drawn has the right size and place."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.report import cell_drawing
from lisse.report.svg import Scale, limits, path, thin, tick_text, ticks
from lisse.report.view import cell_view


def test_layers_are_to_scale() -> None:
    view = cell_view(Cell.load("reference"))
    svg = cell_drawing.cell(view).svg
    widths = [float(w) for w, t in re.findall(r'width="([\d.]+)" height="64.0"><title>(.*?)</title>', svg) if ":" in t]
    thick = np.array([layer.thickness for layer in view.layers])
    assert np.array(widths) / sum(widths) == pytest.approx(thick / thick.sum(), abs=1e-4)


@pytest.mark.parametrize("fraction", [0.3, 0.5, 0.65])
def test_section_holds_the_area_fraction_without_overlap(fraction: float) -> None:
    rng = np.random.default_rng(1)
    view = cell_view(Cell.load("reference"))
    view = type(view)(**(vars(view) | {"active_fraction": fraction, "particles": ((2e-6, 0.5), (4e-6, 0.5))}))
    width, height = 57e-6, 30e-6
    radii = cell_drawing._radii(view, width * height, rng)
    xy = cell_drawing._pack(radii, width, height, rng)
    assert np.sum(np.pi * radii**2) / (width * height) == pytest.approx(fraction, rel=1e-9)
    assert np.all(xy[:, 0] >= radii - 1e-12)
    assert np.all(xy[:, 0] <= width - radii + 1e-12)
    d = xy[:, None] - xy[None]
    d[..., 1] -= height * np.round(d[..., 1] / height)
    overlap = radii[:, None] + radii[None] - np.hypot(d[..., 0], d[..., 1])
    np.fill_diagonal(overlap, 0.0)
    assert overlap.max() < 0.12 * radii.max()


def test_cut_radii_follow_the_plane_through_a_sphere() -> None:
    # A plane meets a sphere of radius R in a circle of mean area 2/3 pi R^2 (integral of R^2 - h^2 over h).
    rng = np.random.default_rng(0)
    view = cell_view(Cell.load("reference"))
    radius = view.particles[0][0]
    radii = cell_drawing._radii(view, 4e-6, rng)
    assert np.mean(np.pi * radii**2) == pytest.approx(2 / 3 * np.pi * radius**2, rel=0.01)


def test_ticks_are_round_and_written_with_their_decimals() -> None:
    assert ticks(0.0, 205.0, 5) == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert ticks(0.5, 9.5, 6, whole=True) == [2.0, 4.0, 6.0, 8.0]
    assert tick_text([-0.5, 0.0, 0.5]) == ["−0.5", "0.0", "0.5"]
    assert tick_text([3.0, 3.25, 3.5]) == ["3.00", "3.25", "3.50"]


def test_limits_ignore_what_is_not_finite() -> None:
    assert limits([np.array([np.nan, 1.0, np.inf, 3.0])], pad=0.0) == (1.0, 3.0)
    assert limits([np.array([np.nan])]) == (0.0, 1.0)
    assert limits([np.array([25.0, 25.0])], least=2.0, pad=0.0) == (24.0, 26.0)


def test_thinned_line_stays_within_its_tolerance() -> None:
    x = np.linspace(0, 500, 3000)
    y = 100 + 80 * np.sin(x / 30)
    keep = thin(x, y, 0.12)
    assert keep.size < 600
    assert np.abs(np.interp(x, x[keep], y[keep]) - y).max() < 0.5


def test_long_history_keeps_its_extremes() -> None:
    x = np.linspace(0, 1000, 200_000)
    y = np.sin(40 * x)
    y[123_456] = 5.0
    keep = thin(x, y)
    assert keep.size < 10_000
    assert 123_456 in keep


def test_pen_lifts_at_gaps() -> None:
    y = np.array([1.0, 2.0, np.nan, 1.0, 1.5])
    assert path(np.arange(5.0), y) == "M0.00,1.00L1.00,2.00M3.00,1.00L4.00,1.50"


def test_log_scale_puts_decades_at_equal_steps() -> None:
    scale = Scale(1e-2, 1e4, 0.0, 600.0, log=True)
    assert scale([0.01, 1.0, 1e4]) == pytest.approx([0.0, 200.0, 600.0])
