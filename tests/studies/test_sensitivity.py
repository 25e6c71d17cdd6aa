"""Which claim matters most: known for what has one cause, and said in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.studies.sensitivity import sensitivity


@pytest.fixture(scope="module")
def found():
    cell = Cell.load("reference")
    return sensitivity(
        cell, "1 cycle at C/3", ["contact_fraction", "discharge_capacity_mAh_g"], base=24, keep=3, screened=48
    )


def test_the_contact_fraction_hangs_on_the_hardness_of_the_contact(found):
    """1 - exp(-P/P_H) after an unloading from the attach pressure: P_H and its exponent, and lithium's creep law."""
    factor, numbers = found.ranked("contact_fraction")[0]
    assert "lithium contact" in factor.label
    assert numbers["total"] > 0.5
    others = [factor.label for factor, numbers in found.ranked("contact_fraction")[1:] if numbers["total"] > 0.2]
    assert all("lithium contact" in label for label in others)


def test_the_capacity_of_a_slow_oxide_hangs_on_its_diffusivity(found):
    factor, numbers = found.ranked("discharge_capacity_mAh_g")[0]
    assert factor.label == "NMC811 diffusivity"
    assert numbers["total"] > 4 * numbers["total_error"]
    advice = found.advice("discharge_capacity_mAh_g")
    assert "measure NMC811 diffusivity next (fitted, ×/÷ 3; R. Koerver" in advice


def test_the_document(found):
    document = found.as_dict()
    assert document["runs"] == 48 + 24 * (3 + 1 + 2)
    assert document["factors"][-1]["label"] == f"the other {len(document['factors'][-1]['claims'])} claims"
    output = document["outputs"]["discharge_capacity_mAh_g"]
    assert output["measure_next"] == found.advice("discharge_capacity_mAh_g")
    names = [claim["name"] for factor in document["factors"] for claim in factor["claims"]]
    assert len(names) == len(set(names)) == len(document["screen"]["shares"])


def test_the_figure_has_a_panel_for_each_output(found, tmp_path):
    from lisse.report.sensitivity import plot_sensitivity, write_sensitivity

    figure = plot_sensitivity(found)
    assert len(figure.axes) == 2
    widths = [bar.get_width() for bar in figure.axes[1].patches]
    totals = [100 * max(numbers["total"], 0) for _, numbers in found.ranked("discharge_capacity_mAh_g")]
    assert np.allclose(widths[: len(totals)], totals)
    assert write_sensitivity(found, tmp_path / "s.svg").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"outputs": ["capacity"]}, '--output: no run has "capacity"'),
        ({"base": 4}, "at least 8 base points"),
    ],
)
def test_bad_arguments_get_one_sentence(arguments, words):
    with pytest.raises(InputError, match=words):
        sensitivity(Cell.load("reference"), screened=16, **arguments)
