"""Charges, peaks and what two kinds of cell show."""

import numpy as np
import pytest

from lisse.mechanism import FARADAY
from lisse.thermodynamics.voltammogram import (
    DETECTION_LIMIT,
    HIGHEST,
    PEAK_WIDTH,
    Charge,
    peaks,
    voltammogram,
    why,
)


def test_lithium_sulfide_gives_its_theoretical_capacity():
    """1166 mAh/g, as every paper on lithium-sulfur cells has it, in one step."""
    for found in voltammogram("Li2S").values():
        assert [step.charge / 3.6e3 for step in found.charges] == pytest.approx([1166.5], rel=1e-3)
        assert found.charges[0].voltage == found.window.oxidation
        assert found.charges[0].products == ("S",)


def test_charges_of_argyrodite_by_hand():
    """Five lithium down to phosphorus, eight down to Li3P; two up to sulfur; 268.4 g/mol."""
    found = voltammogram("Li6PS5Cl")["uncorrected_S"]
    unit = FARADAY / 0.2684
    down = [step.charge for step in found.charges if step.charge < 0]
    assert down[0] == pytest.approx(-5 * unit, rel=2e-3)
    assert sum(down) == pytest.approx(-8 * unit, rel=2e-3)
    assert next(step.charge for step in found.charges if step.charge > 0) == pytest.approx(2 * unit, rel=2e-3)
    assert found.capacity[0] == pytest.approx(-8 * unit, rel=2e-3)


def test_the_sweep_holds_the_charge_of_its_steps():
    for found in voltammogram("Li3PS4").values():
        area = np.trapezoid(found.slope, found.voltages)
        assert area == pytest.approx(sum(step.charge for step in found.charges), rel=1e-6)
        inside = (found.voltages > found.window.reduction) & (found.voltages < found.window.oxidation)
        assert np.all(found.capacity[inside] == 0)
        assert found.slope[found.voltages < found.window.reduction].max() <= 0


def test_a_peak_is_as_wide_as_it_says():
    voltages = np.linspace(1.5, 2.5, 100001)
    found = peaks(voltages, (Charge(2.0, 1.0, ()),))
    above = voltages[found > found.max() / 2]
    assert above[-1] - above[0] == pytest.approx(PEAK_WIDTH, abs=1e-4)


@pytest.mark.parametrize("electrolyte", ["Li10GeP2S12", "Li6PS5Cl", "Li3PS4", "Li7P2S8I"])
def test_the_mixture_shows_the_window_and_the_flat_metal_shows_none(electrolyte):
    """The review, 4.1: 0 to 5 V with Li | SE | metal, 1.7 to 2.1 V (LGPS) with carbon."""
    for found in voltammogram(electrolyte).values():
        carbon, metal = found.carbon.as_dict(), found.metal.as_dict()
        assert carbon["apparent_window_V"] == pytest.approx([found.window.reduction, found.window.oxidation])
        assert metal["apparent_window_V"] == [0.0, HIGHEST]
        assert metal["largest_current_A_m2"] < DETECTION_LIMIT < 0.1 * carbon["largest_current_A_m2"]
        ratio = found.carbon.mass / found.metal.mass
        assert ratio == pytest.approx(found.carbon.area_ratio / found.metal.area_ratio)
        assert found.carbon.current == pytest.approx(ratio * found.metal.current)


def test_what_does_not_react_shows_no_current():
    """LiF lasts to 6.4 V."""
    found = voltammogram("LiF")["uncorrected_S"]
    assert found.charges == ()
    assert not found.slope.any()
    assert found.as_dict()["se_carbon"]["apparent_window_V"] == [0.0, HIGHEST]


def test_a_mixture_without_a_window_is_reduced_and_oxidised_at_one_voltage():
    """3 Li2S + S: one sulfur takes two lithium, three Li2S give six; 169.9 g/mol."""
    down, up = voltammogram("3 Li2S + S")["uncorrected_S"].charges
    assert down.voltage == up.voltage == pytest.approx(2.01, abs=0.01)
    assert down.charge == pytest.approx(-2 * FARADAY / 0.1699, rel=1e-3)
    assert up.charge == pytest.approx(6 * FARADAY / 0.1699, rel=1e-3)


def test_the_reason_gives_the_ratio_and_the_limit():
    text = why(voltammogram("Li6PS5Cl"))
    assert "310 times less" in text
    assert f"{DETECTION_LIMIT:g} A/m2" in text
