"""Free strain of layered oxides and the press frame: against diffraction, closed forms and published pressures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from lisse.cathode import volume_change as vc
from lisse.cathode.debonding import axes_volume_strain
from lisse.cell.cell import Cell
from lisse.cell.remarks import remarks
from lisse.errors import InputError
from lisse.materials import Material

# L. de Biasi et al. 2017: largest c axis near x = 0.45 [%], lithium content of the shortest a axis, volume at 4.6 V
C_MAXIMUM = {"NMC111": 1.77, "NMC532": 1.77, "NMC622": 1.75, "NMC711": 1.67, "NMC811": 1.50, "NMC851005": 1.59}
SHORTEST_A = {"NMC111": 0.40, "NMC532": 0.30, "NMC622": 0.25, "NMC711": 0.20, "NMC811": 0.20, "NMC851005": 0.15}
# Knots of the volume as printed, those that diffraction gives (x, %).
KNOTS = {
    "NMC811": {0.9: 0.0, 0.75: -0.61, 0.6: -1.15, 0.5: -1.40, 0.44: -1.50, 0.40: -1.65, 0.34: -2.15, 0.29: -3.10},
    "NMC851005": {0.89: 0.0, 0.175: -5.67, 0.09: -7.97},
    "NMC622": {0.85: -0.150, 0.75: -0.392, 0.65: -0.647, 0.55: -0.882, 0.45: -1.207, 0.35: -1.808, 0.18: -4.84},
    "NMC532": {0.93: 0.0, 0.75: -0.294, 0.55: -0.6615, 0.341: -1.81, 0.21: -3.30, 0.19: -3.66},
    "NMC111": {0.94: 0.0, 0.6615: -0.485, 0.383: -0.97, 0.22: -2.0, 0.21: -2.34},
    "NMC711": {0.91: 0.0, 0.26: -3.15, 0.13: -6.23},
    "NCA": {0.93: 0.0, 0.58: -1.15, 0.38: -1.65, 0.17: -5.75},
    "LiCoO2": {1.0: 0.0, 0.794: 1.118, 0.593: 2.187, 0.477: 0.677, 0.461: -0.104, 0.43: -1.054},
}
SERIES = list(C_MAXIMUM)


def at_voltage(name: str, volts: float) -> float:
    curve = Material.load(name).value("open_circuit_voltage")
    return brentq(lambda x: float(curve(x)) - volts, curve.range[0], 0.97)


@pytest.mark.parametrize("name", KNOTS)
def test_volume_at_the_printed_knots(name):
    strain = vc.lattice_strain(Material.load(name), list(KNOTS[name])).volume
    assert 100 * strain == pytest.approx(list(KNOTS[name].values()), abs=0.02)


def test_volume_collapses_seven_times_as_fast_near_4_2_volts():
    # 4.1 cubic angstrom per x at 3.99 to 4.05 V and 29.8 at most, in a cell of 101.3
    curve = Material.load("NMC811").value("volume_strain")
    slopes = 101.3 * np.asarray(curve.derivative(np.linspace(0.20, 0.60, 401)))
    at = 101.3 * float(curve.derivative(0.42))
    assert at == pytest.approx(4.1, abs=1.5)
    assert slopes.max() == pytest.approx(29.8, rel=0.35)
    assert slopes.max() / at > 5


@pytest.mark.parametrize("name", SERIES)
def test_nothing_happens_above_the_first_knot(name):
    strain = vc.lattice_strain(Material.load(name), [0.95, 0.98, 1.0])
    assert strain.volume == pytest.approx(0, abs=1e-12)
    assert strain.a_axis == pytest.approx(0, abs=1e-12)
    assert strain.c_axis == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", SERIES)
def test_the_axes_make_up_the_volume(name):
    material = Material.load(name)
    content = np.linspace(material.value("volume_strain").range[0], 1.0, 801)
    strain = vc.lattice_strain(material, content)
    assert 100 * axes_volume_strain(strain.a_axis, strain.c_axis) == pytest.approx(100 * strain.volume, abs=0.05)
    assert strain.linear == pytest.approx((1 + strain.volume) ** (1 / 3) - 1)
    assert strain.linear == pytest.approx(strain.volume / 3, abs=1e-3)


@pytest.mark.parametrize("name", SERIES)
def test_c_axis_passes_its_maximum_and_a_axis_its_minimum(name):
    material = Material.load(name)
    content = np.linspace(material.value("volume_strain").range[0], 0.95, 1601)
    strain = vc.lattice_strain(material, content)
    assert content[np.argmax(strain.c_axis)] == pytest.approx(0.45, abs=0.012)
    assert 100 * strain.c_axis.max() == pytest.approx(C_MAXIMUM[name], abs=0.01)
    assert -1.95 < 100 * strain.a_axis.min() < -1.25
    shortest = float(vc.lattice_strain(material, SHORTEST_A[name]).a_axis[0])
    assert shortest == pytest.approx(strain.a_axis.min(), abs=2e-4)
    # c falls below its maximum for good, a never grows on charge
    below = content < 0.44
    assert np.all(np.diff(strain.c_axis[below]) >= -1e-9)
    assert np.all(np.diff(strain.a_axis) >= -1e-9)


def test_nickel_decides_how_much_the_axes_disagree_at_4_3_volts():
    # c has come back by then, so the mismatch of the nickel-rich oxides is the smaller one; at x = 0.45 all are alike
    mid = [float(vc.lattice_strain(Material.load(name), 0.45).mismatch[0]) for name in SERIES]
    assert max(mid) / min(mid) < 1.15
    assert mid[0] == pytest.approx(0.0177 + 0.0130, abs=5e-4)


def test_c_axis_of_nmc111_falls_from_little_above_4_0_volts_on():
    """The review: it drops dramatically above 4.0 V. Anchored to +-0.02 in x the maximum is at 4.10 to 4.18 V."""
    material = Material.load("NMC111")
    content = np.linspace(0.3, 0.9, 1201)
    longest = content[np.argmax(vc.lattice_strain(material, content).c_axis)]
    anchored = material.value("open_circuit_voltage", "mohtat-anchored")
    assert 4.05 <= float(anchored(longest)) <= 4.15
    drop = vc.lattice_strain(material, [longest, at_voltage("NMC111", 4.6)]).c_axis
    assert drop[0] - drop[1] > 0.005


def test_a_lithium_content_below_the_table_is_refused():
    nmc811 = Material.load("NMC811")
    assert 100 * vc.lattice_strain(nmc811, 0.11).volume[0] == pytest.approx(-7.35)
    with pytest.raises(InputError) as caught:
        vc.lattice_strain(nmc811, [0.5, 0.08])
    assert str(caught.value) == (
        "NMC811: volume_strain covers lithium contents from 0.11 to 1, not 0.08; ask for at least 0.11."
    )


def test_materials_without_claims_on_the_axes():
    strain = vc.lattice_strain(Material.load("LiCoO2"), [0.6, 0.9])
    assert strain.a_axis is None
    assert strain.mismatch is None


def test_a_window_below_the_table_is_named_in_the_warnings_of_a_cell():
    cell = Cell.load("reference")
    assert not [text for text in remarks(cell) if "volume_strain" in text]
    short = {"form": "table", "x": [0.3, 0.6, 0.9], "y": [-3.0, -1.0, 0.0], "unit": "%"}
    found = [
        text
        for text in remarks(cell.replace(claims={"active.volume_strain": {"curve": short, "spread": "+- 0.2 %"}}))
        if text.startswith("volume_strain")
    ]
    assert found == [
        "volume_strain of NMC811 covers lithium contents from 0.3 to 0.9, and the upper limit of 4.300 V against "
        "lithium takes it to 0.212: below 0.3 the strain is held at its end value."
    ]


def test_pressure_by_origin():
    # R. Koerver et al. 2018: 1 mAh/cm2 is 4.839 um of lithium and 2.944 um of InLi
    lithium, indium = (vc.anode_growth(36000.0, volume) for volume in (12.97e-6, 7.89e-6))
    assert lithium * 1e6 == pytest.approx(4.839, abs=0.01)
    assert indium * 1e6 == pytest.approx(2.944, abs=0.01)
    shrink = vc.cathode_growth(0.107, 4770.0, -0.0131, 0.45)
    parts = vc.pressure_change(0.30e12, indium, shrink, other=1e-8)
    assert parts.total == pytest.approx(0.30e12 * (indium + shrink + 1e-8))
    assert parts.anode_share == pytest.approx(indium / (indium - shrink + 1e-8))
    assert vc.pressure_change(0.0, indium, shrink).total == 0
