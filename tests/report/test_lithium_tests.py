"""Figures of the virtual tests: every curve is drawn, in the units of the test."""

import pytest

from lisse.anode.mechanical_tests import TESTS
from lisse.errors import InputError
from lisse.report.lithium_tests import plot_lithium_test, write_lithium_test


@pytest.mark.parametrize("name", TESTS)
def test_every_curve_is_drawn(name):
    result = TESTS[name]()
    axes = plot_lithium_test(result).axes[0]
    assert len(axes.lines) == len(result.curves)
    assert (axes.get_xlabel(), axes.get_ylabel()) == (result.x, result.y)
    assert axes.get_xscale() == ("log" if result.logarithmic else "linear")


def test_one_colour_a_condition_and_one_line_a_law():
    result = TESTS["tension"]([5e-4, 5e-2])
    lines = plot_lithium_test(result).axes[0].lines
    assert lines[0].get_color() == lines[1].get_color() != lines[2].get_color()
    assert [line.get_linestyle() for line in lines] == ["-", "--", "-", "--"]


def test_formats(tmp_path):
    result = TESTS["pillar"]()
    assert write_lithium_test(result, tmp_path / "a" / "p.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(InputError, match=r'--figure: "p.jpg" ends in none of .svg, .png, .pdf;'):
        write_lithium_test(result, tmp_path / "p.jpg")
