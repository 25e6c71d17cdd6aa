"""Interlayers: their equations against closed forms, and the library's layers against what is known of them."""

import numpy as np
import pybamm
import pytest

from lisse.anode import interlayers
from lisse.cell.cell import Cell
from lisse.materials import Material, library

NAMES = ("Ag-C", "Ag-graphite", "Li3N-LiF", "LixSiSy", "PCE", "PEO-LiTFSI", "Si", "LiAlO")
FACTORS = ("healing_current_factor", "critical_plating_factor", "interphase_factor")


def test_the_library_has_them():
    assert {material.name for material in library().values() if material.kind == "interlayer"} >= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_acts_by_its_properties_and_its_factors_are_assumed(name):
    layer = Material.load(name)
    for needed in ("thickness", "density", "ionic_conductivity", "activation_energy", "electronic_conductivity"):
        assert layer.has(needed)
    assert layer.value("youngs_modulus") > 0
    # no layer may resist by more than the cells with it show
    resistance = layer.value("thickness") / layer.value("ionic_conductivity")
    assert resistance < 30e-4  # 30 ohm cm2
    for factor in FACTORS:
        claim = layer.claim(factor)
        assert claim.method == "assumed"
        assert claim.spread.size >= 1.5


def test_capacities_are_faradays():
    """2.25 Li per Ag, Li per C6 372 mA h/g, 3.75 Li per Si; one part of silver to three of carbon by weight."""
    silver = 2.25 * 26801.5 / 107.87
    assert Material.load("Ag-graphite").value("specific_capacity") / 3600 == pytest.approx(
        0.75 * 372 + 0.25 * silver, rel=2e-3
    )
    assert Material.load("Ag-C").value("specific_capacity") / 3600 == pytest.approx(
        0.75 * 200 + 0.25 * silver, rel=2e-2
    )
    assert Material.load("Si").value("specific_capacity") / 3600 == pytest.approx(3.75 * 26801.5 / 28.086, rel=2e-3)


def test_silver_is_less_than_a_hundredth_of_the_cell():
    """Lee 2020 (second-hand): at most 0.9 % of 6.8 mA h/cm2 in silver."""
    layer = Material.load("Ag-C")
    silver = 0.25 * layer.value("density") * layer.value("thickness") / 0.10787 * 2.25 * 96485.33 / 3.6e4
    assert silver / 6.8 == pytest.approx(0.009, rel=0.1)


def test_reservoir_is_a_smooth_ramp():
    assert interlayers.deficit_beyond_reservoir(4e-6, 4e-6) == pytest.approx(interlayers.TRANSITION)
    heights = np.linspace(0, 1e-5, 201)
    ramp = np.maximum(heights - 4e-6, 0)
    assert np.max(np.abs(interlayers.deficit_beyond_reservoir(heights, 4e-6) - ramp)) <= interlayers.TRANSITION
    symbol = interlayers.deficit_beyond_reservoir(pybamm.Scalar(6e-6), pybamm.Scalar(4e-6))
    assert symbol.evaluate() == pytest.approx(2e-6, rel=1e-3)


def test_limit_is_that_of_a_linear_profile():
    """Steady diffusion through a slab: flux = D c / L, here 1e-13 x 2e4 / 1e-5 mol/(m2 s)."""
    charge_per_volume = 2e4 * 96485.33212
    limit = interlayers.transport_limited_current(charge_per_volume / 1500, 1500, 1e-13, 1e-5)
    assert limit == pytest.approx(2e-4 * 96485.33212, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_can_name_them(name):
    layer = Material.load(name)
    micrometres = layer.value("thickness") * 1e6
    cell = Cell.load("reference").replace(
        **{"anode.interlayer": {"material": name, "thickness": f"{micrometres:.6g} um"}}
    )
    assert cell.derived.interlayer_resistance == pytest.approx(
        layer.value("thickness") / layer.value("ionic_conductivity"), rel=1e-3
    )
    assert cell.derived.interlayer_mass == pytest.approx(layer.value("thickness") * layer.value("density"), rel=1e-3)
