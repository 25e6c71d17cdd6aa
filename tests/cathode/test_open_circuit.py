"""Entropy and pressure in the open-circuit voltage (C6, C12; B21)."""

import pytest

from lisse.cathode import open_circuit

LITHIUM, INDIUM = 12.997e-6, 7.89e-6


def test_one_cubic_centimetre_per_mole():
    """1 cm3/mol is 0.01036 mV/MPa."""
    assert open_circuit.pressure_coefficient(0.0, 1e-6) * 1e9 == pytest.approx(0.01036, rel=1e-3)


@pytest.mark.parametrize(("volume", "slope"), [(LITHIUM, 0.134), (INDIUM, 0.082)])
def test_anode_raises_the_voltage_under_pressure(volume, slope):
    """+0.134 mV/MPa for lithium, +0.082 for In/InLi."""
    assert open_circuit.pressure_coefficient(0.0, volume) * 1e9 == pytest.approx(slope, abs=0.001)


def test_oxide_that_swells_on_lithiation_lowers_it():
    assert open_circuit.pressure_coefficient(5e-6, LITHIUM) < open_circuit.pressure_coefficient(0.0, LITHIUM)


def test_indium_against_titanate():
    """Measured +0.122 mV/MPa (In | LTO, strainless LTO); the notes allow a factor 2."""
    assert 0.5 < open_circuit.pressure_coefficient(0.0, INDIUM) * 1e9 / 0.122 < 2.0


@pytest.mark.parametrize(
    ("upper", "lower", "measured"),
    [  # knots of the LiCoO2 strain (x, %) around x = 0.75, 0.80, 0.86, 0.94; slope against In in uV/MPa
        ((0.794, 1.118), (0.775, 1.270), 101.7),
        ((0.870, 0.677), (0.843, 0.795), 85.6),
        ((0.960, 0.151), (0.934, 0.269), 84.3),
    ],
)
def test_cobalt_oxide_against_indium(upper, lower, measured):
    """B21: the slopes from the strain table are within a factor 2 of the measured ones for x >= 0.8."""
    slope = (upper[1] - lower[1]) / 100 / (upper[0] - lower[0])
    volume = open_circuit.partial_molar_volume(97.87e-3, 5050.0, slope)
    assert volume < 0
    predicted = open_circuit.pressure_coefficient(volume, INDIUM) * 1e12
    assert 0.5 < predicted / measured < 2.0


def test_partial_molar_volume_of_nmc811_and_cobalt_oxide():
    plateau = open_circuit.partial_molar_volume(97.28e-3, 4770.0, 0.0061 / 0.15)
    assert plateau * 1e6 == pytest.approx(0.8, abs=0.05)
    # Formula volume 20.4 cm3/mol: a slope of one is one formula volume.
    assert open_circuit.partial_molar_volume(97.28e-3, 4770.0, 1.0) * 1e6 == pytest.approx(20.4, abs=0.05)
    # 4.2 V region, x from 0.29 to 0.213: 5 to 6 cm3/mol from the knots (-3.10, -4.86 %).
    steep = open_circuit.partial_molar_volume(97.28e-3, 4770.0, 0.0176 / 0.077)
    assert 4.5e-6 < steep < 6e-6
    # LiCoO2 swells on delithiation between x 0.9 and 0.65: -1.2 to -1.5 cm3/mol.
    cobalt = open_circuit.partial_molar_volume(97.87e-3, 5050.0, (0.00405 - 0.02051) / (0.910 - 0.662))
    assert -1.5e-6 < cobalt < -1.2e-6


def test_voltage_terms_add_up():
    base = open_circuit.open_circuit_voltage(3.8, 298.15, -1e-4, 5e6, 5e6, 0.0, LITHIUM)
    assert base == 3.8
    warm = open_circuit.open_circuit_voltage(3.8, 308.15, -1e-4, 5e6, 5e6, 0.0, LITHIUM)
    assert warm - base == pytest.approx(-1e-3)
    pressed = open_circuit.open_circuit_voltage(3.8, 298.15, -1e-4, 105e6, 5e6, 0.0, LITHIUM)
    # At most 15 mV in 100 MPa.
    assert pressed - base == pytest.approx(13.4e-3, abs=0.2e-3)
