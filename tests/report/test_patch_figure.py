"""Figure of lateral patches: every patch is drawn, curves are those of the result."""

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.lithium.patches import local_currents
from lisse.report.patch_figure import plot_patches, write_patch_figure


@pytest.fixture(scope="module")
def found():
    return local_currents(Cell.load("sym-li-lpscl"), 10.0, patches=30, steps=4)


def test_every_patch_and_curve(found):
    curves, current, contact, *_ = plot_patches(found).axes
    highest = curves.lines[0]
    assert np.allclose(highest.get_xdata(), found.time / 3600)
    assert np.allclose(highest.get_ydata(), found.current_over_mean[:, 0].max(axis=1))
    for axes, values in ((current, found.current_over_mean), (contact, found.contact)):
        squares = axes.collections[0]
        assert len(squares.get_paths()) == 30
        assert np.allclose(squares.get_array(), values[-1, 0])
    side = found.patch_side * 1e3
    corners = np.array([path.vertices.min(axis=0) for path in current.collections[0].get_paths()])
    assert np.allclose(corners + side / 2, found.positions * 1e3)
    assert 30 * side**2 == pytest.approx(found.cell.derived.cell_area * 1e6)


def test_formats(found, tmp_path):
    assert write_patch_figure(found, tmp_path / "a" / "p.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(InputError, match=r'--figure: "p.jpg" ends in none of .svg, .png, .pdf;'):
        write_patch_figure(found, tmp_path / "p.jpg")
