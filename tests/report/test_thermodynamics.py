"""Figures of stability show the numbers they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lisse.report.thermodynamics import (
    _apart,
    as_formula,
    plot_contact,
    plot_ladder,
    plot_overview,
    plot_voltammogram,
)
from lisse.stability import contact, overview, stability
from lisse.thermodynamics.voltammogram import voltammogram
from lisse.thermodynamics.windows import band


@pytest.fixture(autouse=True)
def no_window_is_opened():
    yield
    assert plt.get_fignums() == []


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_bars_reach_from_edge_to_edge():
    rows = [row for row in overview().rows if row.windows]
    (axes,) = plot_overview(overview()).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == len(rows)
    assert "Li$_{6}$PS$_{5}$Cl (and 1 more)" in labels
    ends = {
        (round(bar.get_y() + bar.get_height() / 2, 3), round(bar.get_x(), 4), round(bar.get_x() + bar.get_width(), 4))
        for bar in axes.patches
    }
    for place, row in zip(axes.get_yticks(), rows, strict=True):
        edges = band(row.windows)
        low, high = edges["reduction_V"][0], edges["oxidation_V"][1]
        assert (round(place, 3), round(low, 4), round(high, 4)) in ends
    # Published kinetic windows: a thin line each.
    assert {tuple(line.get_xdata()) for line in axes.lines} >= {(1.11, 2.19), (1.24, 2.47), (0.0, 3.61)}


def test_a_ladder_names_its_phases():
    found = stability("Li3PS4")
    axes, words = plot_ladder(found).axes
    assert any("Li$_{3}$P + Li$_{2}$S" in text or "Li$_{2}$S + Li$_{3}$P" in text for text in texts(words))
    (line, other) = axes.lines
    assert max(line.get_xdata()) == pytest.approx(8)
    assert line.get_linestyle() != other.get_linestyle()


def test_labels_keep_their_distance_and_stay_in():
    heights = _apart([0.1, 0.12, 0.13, 2.0, 4.99, 5.0], 0.2)
    assert np.diff(heights).min() >= 0.2 - 1e-9
    assert min(heights) >= 0.1 - 1e-9
    assert max(heights) <= 5.0


def test_an_interface_curve_has_its_kinks_and_its_minimum():
    found = contact("Li6PS5Cl", "LiCoO2")
    figure = plot_contact(found)
    (axes,) = figure.axes
    kinks = found.reactions["uncorrected_S"].kinks
    assert axes.lines[0].get_xdata() == pytest.approx([kink.fraction for kink in kinks])
    assert min(axes.lines[0].get_ydata()) == pytest.approx(1e3 * found.reactions["uncorrected_S"].energy)
    assert any("Co$_{9}$S$_{8}$" in text.get_text() for text in figure.legends[0].get_texts())


def test_voltammograms_stand_on_their_scales():
    found = voltammogram("Li10GeP2S12")
    carbon, metal = plot_voltammogram(found, "Li10GeP2S12").axes
    most = max(abs(carbon.lines[0].get_ydata()))
    assert most == pytest.approx(100 * found["uncorrected_S"].carbon.as_dict()["largest_current_A_m2"])
    assert metal.get_ylim() == (-1000.0, 1000.0)
    assert any("3.2 µA" in text for text in texts(metal))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Li3.25Ge0.25P0.75S4", "Li$_{3.25}$Ge$_{0.25}$P$_{0.75}$S$_{4}$"),
        ("80Li2S-20P2S5", "80Li$_{2}$S-20P$_{2}$S$_{5}$"),
        ("0.7 Li3PS4 + 0.3 LiI", "0.7 Li$_{3}$PS$_{4}$ + 0.3 LiI"),
        ("NMC811@0.3", "NMC811@0.3"),
        ("Li3PS4 glass", "Li$_{3}$PS$_{4}$ glass"),
    ],
)
def test_numbers_of_formulas_are_subscripts(name, shown):
    assert as_formula(name) == shown
