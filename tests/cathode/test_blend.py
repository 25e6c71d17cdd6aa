"""Blends at one potential: the inverse of the curves, the law of mixture, and the ratio at which it gives zero."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.cathode.blend import Component, blend, blend_strain, content_at_potential, zero_strain_fraction
from lisse.errors import InputError
from lisse.materials import Material
from lisse.materials.curves import TableCurve

PRINTED = {3.95: (0.485, -1.39, 0.681, 1.95), 4.05: (0.399, -1.66, 0.578, 2.14), 4.10: (0.363, -1.95, 0.540, 1.89)}
"""Potential: lithium content and strain [%] of NMC811 and of LiCoO2 (cathode.md 2.6)."""


def test_content_is_the_inverse_of_a_straight_line():
    line = TableCurve([0.2, 1.0], [4.4, 3.6], "V", "linear")
    assert content_at_potential(line, np.array([[3.6, 4.0], [4.2, 4.4]]), "line") == pytest.approx(
        np.array([[1.0, 0.6], [0.4, 0.2]])
    )


@pytest.mark.parametrize("name", ["LiCoO2", "NCA", "NMC111", "NMC532", "NMC622", "NMC711", "NMC811", "NMC851005"])
def test_content_returns_the_potential_of_every_oxide(name):
    curve = Material.load(name).value("open_circuit_voltage")
    potentials = np.linspace(3.5, 4.3, 33)
    assert curve(content_at_potential(curve, potentials, name)) == pytest.approx(potentials, abs=1e-9)


@pytest.mark.parametrize("voltage", PRINTED)
def test_contents_and_strains_of_the_spec(voltage):
    """Contents within 0.02, strains within the 0.15 points of their claims."""
    nmc, lco = (Component.load(name) for name in ("NMC811", "LiCoO2"))
    x_nmc, strain_nmc, x_lco, strain_lco = PRINTED[voltage]
    assert [float(part.content(voltage)) for part in (nmc, lco)] == pytest.approx([x_nmc, x_lco], abs=0.02)
    strains = [100 * float(part.growth(part.content(voltage))) for part in (nmc, lco)]
    assert strains == pytest.approx([strain_nmc, strain_lco], abs=0.15)


@given(
    strain=st.floats(-0.08, -1e-4),
    other=st.floats(1e-4, 0.08),
    density=st.floats(1000, 6000),
    other_density=st.floats(1000, 6000),
)
def test_the_zero_strain_blend_has_no_strain(strain, other, density, other_density):
    share = float(zero_strain_fraction(strain, other, density, other_density))
    assert 0 < share < 1
    assert float(blend_strain([share, 1 - share], [density, other_density], [strain, other])) == pytest.approx(
        0, abs=1e-12
    )


def test_equal_and_opposite_strains_cancel_at_equal_volumes():
    # 4 g of 4 g/cm3 and 5 g of 5 g/cm3 are 1 cm3 each
    assert float(zero_strain_fraction(-0.02, 0.02, 4000.0, 5000.0)) == pytest.approx(4 / 9)


def test_both_swelling_or_still_have_no_zero():
    assert np.isnan(zero_strain_fraction([0.01, -0.01, 0.0], [0.02, -0.02, 0.01], 4000.0, 5000.0)).all()


def test_three_materials_follow_the_law_of_mixture():
    found = blend(["NMC811", "LiCoO2", "NMC622"], [4.05], [(50, 30, 20)])
    volumes = np.array([50 / 4.770, 30 / 5.050, 20 / 4.650])
    assert found.zero_fraction is None
    assert found.strain_of(found.ratios[0]) == pytest.approx(volumes @ found.strain / volumes.sum())
    pure = blend(["NMC811", "LiCoO2", "NMC622"], [4.05], [(0, 0, 1)])
    assert pure.strain_of(pure.ratios[0]) == pytest.approx(found.strain[2])


def test_amplitude_of_one_material_alone_is_its_own():
    found = blend(["NMC811", "LiCoO2"], [4.3])
    assert found.amplitude((1.0, 0.0)) == pytest.approx(0.0487 / 4770, rel=0.01)  # falls all the way to 4.3 V
    assert found.amplitude((0.0, 1.0), 4.0) == pytest.approx(0.0217 / 5050, rel=0.01)  # rises all the way to 4.0 V
    assert found.amplitude_over_single((1.0, 0.0))[0] == pytest.approx(1.0)


def test_the_blend_presses_less_than_either_material_up_to_4_1_volts():
    found = blend(["NMC811", "LiCoO2"], [4.1])
    assert max(found.amplitude_over_single((0.55, 0.45))) < 0.4
    assert found.amplitude_over_single((0.55, 0.45), 4.3)[1] > 1  # at 4.3 V both shrink


@pytest.mark.parametrize(
    ("names", "voltages", "ratios", "words"),
    [
        (["NMC811", "LiCoO2"], [4.45], [], ("LiCoO2", "open-circuit curve", "2.000 to 4.391 V", "4.45")),
        (["NMC811", "LiCoO2"], [1.9], [], ("NMC811", "1.9")),
        (["NMC811", "Li3PS4"], [4.0], [], ("Li3PS4", "electrolyte", "active material")),
        (["NMC811"], [4.0], [], ("NMC811", "two or more")),
        (["NMC811", "NCM811"], [4.0], [], ("different",)),
        (["NMC811", "LiCoO2"], [], [], ("voltages",)),
        (["NMC811", "LiCoO2"], [4.0], [(1, 1, 1)], ("1:1:1", "3 parts", "2 materials")),
        (["NMC811", "LiCoO2"], [4.0], [(-1, 2)], ("-1:2",)),
        (["NMC811", "LiCoO2"], [4.0], [(0, 0)], ("0:0",)),
    ],
)
def test_refusals_are_one_sentence(names, voltages, ratios, words):
    with pytest.raises(InputError) as caught:
        blend(names, voltages, ratios)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert all(word in text for word in words)


def test_a_curve_that_rises_fixes_no_content():
    wave = TableCurve([0.2, 0.5, 0.6, 1.0], [4.4, 3.8, 3.9, 3.6], "V", "linear")
    with pytest.raises(InputError, match=r"wave: .* rises with lithium at the content 0\.5"):
        content_at_potential(wave, 4.0, "wave")
