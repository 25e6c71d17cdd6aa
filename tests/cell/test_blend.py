"""Blends in a cell: shares, contents at one potential, what a run does, closed books, refusals."""

from __future__ import annotations

import tomllib
from functools import cache

import numpy as np
import pytest

import lisse
from lisse.cathode.diffusion import population_name
from lisse.cell.eis import content_at, impedance
from lisse.cell.initial_state import initial_state
from lisse.cell.observing import read
from lisse.errors import InputError
from lisse.mechanism import ORIGINS

FARADAY = 96485.33212
NAME = "blend-koerver-2018"
FREE = {
    "operation.fixture": "constant_pressure",
    "operation.spring_stiffness": None,
    "operation.stack_pressure": "0.1013 MPa",
}
"""Atmospheric pressure, at which open-circuit curves hold."""
SIZES = {"d10": "6 um", "d50": "9 um", "d90": "14 um"}
ALONE = {
    "blend": {},
    "NMC811": {"cathode.blend": None},
    "LiCoO2": {"cathode.blend": None, "cathode.active": "LiCoO2", "cathode.particle_diameter": "10 um"},
}
"""The cell with its blend, and with each of its materials alone."""


@pytest.fixture
def cell() -> lisse.Cell:
    return lisse.Cell.load(NAME)


@cache
def cycle(kind: str) -> lisse.Run:
    # An anode that hardly changes its volume, as Li4Ti5O12 in the paper: only the oxide moves the frame.
    still = {"claims.anode.lithium_molar_volume": "1e-3 cm^3/mol"}
    return lisse.run(lisse.Cell.load(NAME).replace(**still, **ALONE[kind]), "1 cycle at C/10")


def test_shares_and_means_are_those_of_the_mixture(cell):
    """Per gram of blend: 0.55 g of NMC811 (97.28 g/mol, 4.77 g/cm3) and 0.45 g of LiCoO2 (97.87 g/mol, 5.05 g/cm3)."""
    volumes = np.array([0.55 / 4.77, 0.45 / 5.05])
    moles = np.array([0.55 / 97.28, 0.45 / 97.87])
    derived = cell.derived
    assert [size.volume_fraction for size in cell.size_classes] == pytest.approx(volumes / volumes.sum())
    assert [size.role for size in cell.size_classes] == ["active", "active_2"]
    assert derived.theoretical_capacity / 3.6 == pytest.approx(FARADAY * moles.sum() / 3.6 * 1000, rel=1e-4)
    assert derived.practical_capacity / 3600 == pytest.approx(0.55 * 194.6 + 0.45 * 152.0)
    assert derived.site_density == pytest.approx(moles.sum() / volumes.sum() * 1e6, rel=1e-4)
    assert derived.cathode_lithium == pytest.approx(derived.active_loading * 1e3 * 0.98 * moles.sum(), rel=1e-4)
    dense = 0.7 * volumes.sum() + 0.3 / 1.88  # cm3 of solids in a gram of composite
    assert derived.active_fraction == pytest.approx(0.86 * 0.7 * volumes.sum() / dense, rel=1e-3)
    assert derived.particle_radius == pytest.approx(volumes.sum() / (volumes @ [1 / 3.5e-6, 1 / 5e-6]))


def test_a_material_blended_with_itself_is_one_material():
    one = lisse.Cell.load("table1-60-lps-nmc811")
    two = one.replace(**{"cathode.blend": [{"active": "NMC811", "mass_fraction": 0.4, "particle_diameter": "7 um"}]})
    for (name, value, *_), (_, same, *_) in zip(one.derived.rows(), two.derived.rows(), strict=True):
        assert same == (value if isinstance(value, str) else pytest.approx(value, rel=1e-12)), name
    assert content_at(two, 0.7) == pytest.approx(content_at(one, 0.7), abs=1e-9)
    plain = {"mechanisms": []}
    capacities = [
        lisse.run(described.replace(**plain), "1 cycle at C/5").summary["cycles"][0]["discharge_capacity_mAh_g"]
        for described in (one, two)
    ]
    assert capacities[1] == pytest.approx(capacities[0], rel=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.3, 0.8, 1.0, "3.3 V"])
def test_it_starts_at_one_potential_and_keeps_its_lithium(cell, value):
    state = initial_state(cell, value)
    contents = [state["Initial lithium content"], state["Initial lithium content (2)"]]
    potentials = [
        float(cell.claim(role, "open_circuit_voltage").value(content))
        for role, content in zip(cell.active_roles, contents, strict=True)
    ]
    assert potentials[0] == pytest.approx(potentials[1], abs=1e-6)
    if value == 1.0:
        assert potentials[0] == pytest.approx(4.1)
    if value == "3.3 V":
        assert potentials[0] == pytest.approx(3.3 + cell.derived.anode_potential)
    moles = np.array([0.55 / 97.28e-3, 0.45 / 97.87e-3]) * cell.derived.active_loading
    gained = state["Initial anode lithium [mol.m-2]"] - cell.derived.anode_lithium
    assert gained == pytest.approx(cell.derived.connected_fraction * (moles @ (0.98 - np.array(contents))), rel=1e-4)


def test_a_given_content_is_that_of_the_first_material(cell):
    contents = cell.replace(**{"cathode.initial_lithium_content": 0.5}).initial_contents
    potential = cell.claim("active", "open_circuit_voltage").value(0.5)
    assert contents["active"] == 0.5
    assert cell.claim("active_2", "open_circuit_voltage").value(contents["active_2"]) == pytest.approx(potential)


def test_impedance_is_taken_at_one_potential(cell):
    found = impedance(cell.replace(**FREE), [1e3], 0.5)
    assert found.lithium_content == pytest.approx(content_at(cell, 0.5), abs=1e-9)
    at_rest = cell.contents_at(found.open_circuit_voltage_V + cell.derived.anode_potential)
    assert cell.mean_content(at_rest) == pytest.approx(found.lithium_content, abs=1e-4)


def test_capacity_lies_between_those_of_its_materials():
    charge = {kind: cycle(kind).summary["cycles"][0]["charge_capacity_mAh_g"] for kind in ALONE}
    assert charge["LiCoO2"] + 5 < charge["blend"] < charge["NMC811"] - 5
    assert charge["blend"] == pytest.approx(0.55 * charge["NMC811"] + 0.45 * charge["LiCoO2"], rel=0.02)


def test_it_moves_its_frame_less_than_either_material():
    """R. Koerver et al. 2018: -0.045 MPa of NMC811, +0.057 to +0.068 of LiCoO2, a quarter to a third of it (x/÷ 2)."""
    swing = {}
    for kind in ALONE:
        pressure = cycle(kind).summary["cycles"][0]["stack_pressure_MPa"]
        swing[kind] = pressure["max"] - pressure["min"]
    assert swing["NMC811"] == pytest.approx(0.045, rel=0.25)
    assert swing["LiCoO2"] == pytest.approx(0.0625, rel=0.25)
    assert swing["blend"] < 0.58 * swing["NMC811"]
    assert swing["blend"] < 0.58 * swing["LiCoO2"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"mechanisms": ["contact_loss", "cracks", "cathode_interphase"]},
        {"operation.heat_transfer": "10 W/m^2/K"},
        {
            "cathode.blend": [
                {"active": "LiCoO2", "mass_fraction": 0.3, "distribution": SIZES},
                {"active": "NMC622", "mass_fraction": 0.2},
            ]
        },
    ],
)  # fmt: skip
def test_books_close(cell, changes):
    run = lisse.run(cell.replace(**changes), "1 cycle at C/5")
    assert run.summary["status"] == "completed"
    assert abs(run.books.lithium_relative_error) < 1e-8
    assert abs(run.books.charge_relative_error) < 1e-8
    assert abs(run.books.energy_relative_error) < 1e-5


def test_losses_add_up_and_the_materials_come_to_rest_together(cell):
    run = lisse.run(cell.replace(**FREE), "Charge at C/10 for 5 hours + rest 20 h")
    solution, values = run.solution, run.values
    names = [f"{origin.capitalize()} overpotential [V]" for origin in ORIGINS]
    means = [population_name("Mean lithium content", k) for k in (1, 2)]
    found = read(solution, [*names, *means, "Equilibrium voltage [V]", "Voltage [V]"])
    missing = found["Equilibrium voltage [V]"] - sum(found[name] for name in names) - found["Voltage [V]"]
    assert np.max(np.abs(missing)) < 1e-6
    rest = [
        values[population_name("Positive electrode OCP [V]", k)](float(found[name][-1]))
        for k, name in enumerate(means, start=1)
    ]
    assert rest[0] == pytest.approx(rest[1], abs=2e-3)
    assert found["Equilibrium voltage [V]"][-1] == pytest.approx(found["Voltage [V]"][-1], abs=1e-3)
    assert means[0] != means[1]
    assert abs(found[means[0]][-1] - found[means[1]][-1]) > 0.1


def test_a_resolved_file_is_the_same_cell(cell):
    short = cell.replace(**{"cathode.blend.0.particle_diameter": None})
    document = tomllib.loads(short.to_toml(resolved=True))
    assert "cathode.blend.0.particle_radius" in document["defaults"]
    assert document["cathode"]["blend"][0]["particle_radius"] == "5 um"
    again = lisse.Cell.from_dict(document)
    assert again == short
    assert again.initial_contents == short.initial_contents
    smaller = again.replace(**{"cathode.blend.0.particle_radius": "2 um"})
    assert smaller.size_classes[1].radius == pytest.approx(2e-6)


def test_each_material_has_claims_of_its_own(cell):
    own = cell.replace(**{"claims.active_2.diffusivity": "2e-16 m^2/s"})
    assert own.claim("active_2", "diffusivity").own
    assert not own.claim("active", "diffusivity").own
    assert own.parameter_values()["Positive particle diffusivity integral (2) [m2.s-1]"](0.5) == pytest.approx(1e-16)


LCO = {"active": "LiCoO2", "mass_fraction": 0.45}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cathode.blend": [LCO | {"mass_fraction": 1.0}]}, ["cathode.blend", "add up to 1", "NMC811", "less than 1"]),
        ({"cathode.blend": [LCO, LCO | {"mass_fraction": 0.6}]}, ["cathode.blend", "1.05", "less than 1"]),
        ({"cathode.blend": [{"active": "LiCoO2"}]}, ["cathode.blend.0.mass_fraction", "must be given"]),
        ({"cathode.blend": [LCO | {"mass_fraction": 0}]}, ["cathode.blend.0.mass_fraction", "above 0"]),
        ({"cathode.blend": [LCO | {"mass_fraction": 45}]}, ["cathode.blend.0.mass_fraction", "45", "at most 1"]),
        ({"cathode.blend": []}, ["cathode.blend"]),
        ({"cathode.blend": LCO}, ["cathode.blend", "list"]),
        ({"cathode.blend": [LCO | {"loading": "1 mg/cm^2"}]}, ["cathode.blend.0.loading", "unknown key"]),
        ({"cathode.blend": [LCO | {"active": "LiCo"}]}, ["cathode.blend.0.active", "LiCo"]),
        ({"cathode.blend": [LCO | {"active": "Li3PS4"}]}, ["cathode.blend.0.active", "electrolyte", "active_material"]),
        (
            {"cathode.blend": [LCO | {"particle_diameter": "5 um", "particle_radius": "2 um"}]},
            ["cathode.blend.0.particle_radius", "both"],
        ),
        ({"cathode.blend": [LCO | {"mass_fraction": 0.1}] * 6}, ["cathode.blend", "5"]),
        (
            {"cathode.blend": [LCO | {"distribution": {"diameters": ["5 um"] * 50, "volume_fractions": [0.02] * 50}}]},
            ["cathode.blend", "51 size classes", "50"],
        ),
        ({"operation.voltage_window": ["2.6 V", "4.45 V"]}, ["operation.voltage_window", "4.450", "LiCoO2", "4.391"]),
        ({"cathode.initial_lithium_content": 0.12}, ["cathode.initial_lithium_content", "LiCoO2", "0.12", "4.391"]),
        ({"cathode.blend.1.mass_fraction": 0.2}, ["cathode.blend.1", "not there"]),
        ({"cathode.blend.0": LCO}, ["cathode.blend.0", "list"]),
        ({"claims.active_3.diffusivity": "1e-15 m^2/s"}, ["active_3", "no active 3"]),
    ],
)  # fmt: skip
def test_refusals_are_one_sentence(cell, changes, words):
    with pytest.raises(InputError) as caught:
        cell.replace(**changes)
    text = str(caught.value)
    assert "\n" not in text
    assert all(word in text for word in words), text
