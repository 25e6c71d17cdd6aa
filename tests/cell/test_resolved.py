"""A cell written out in full is the same cell, and what is not given is filled in, counted and named."""

from __future__ import annotations

import tomllib

import pytest

from lisse.cell.cell import Cell
from lisse.cell.library import cell_library
from lisse.cell.parameter_sets import parameter_values
from lisse.cell.remarks import remarks


def reread(cell: Cell) -> Cell:
    return Cell.from_dict(tomllib.loads(cell.to_toml(resolved=True)))


@pytest.mark.parametrize("name", cell_library())
def test_a_library_cell_written_in_full_is_the_same_cell(name):
    cell = Cell.load(name)
    again = reread(cell)
    assert again == cell
    assert again.derived == cell.derived
    assert again.claims_used() == cell.claims_used()
    assert again.defaults == cell.defaults
    assert again.assumed == cell.assumed
    assert remarks(again) == remarks(cell)
    assert again.to_toml(resolved=True) == cell.to_toml(resolved=True)
    if cell.symmetric:
        return
    numbers, others = (
        {key: value for key, value in parameter_values(c).items() if isinstance(value, float)} for c in (cell, again)
    )
    assert numbers == others


def test_everything_that_is_left_open_is_written_with_its_unit_and_marked(pellet):
    document = pellet({"cathode.porosity": None, "operation.frame_force": None})
    written = tomllib.loads(Cell.from_dict(document).to_toml(resolved=True))
    assert written["operation"]["stack_pressure"] == "0.1 MPa"
    assert written["contacts"]["series_resistance"] == "0 ohm*cm^2"
    assert written["cathode"]["connected_fraction"] == 1
    assert written["cathode"]["wetted_fraction"] == 0.8
    assert written["cathode"]["mass_fractions"]["carbon"] == 0
    assert written["cathode"]["transport"] == {"closure": "percolation", "ionic_threshold": 0.221}
    assert written["cathode"]["particle_radius"].endswith(" um")
    assert written["operation"]["nominal_capacity"].endswith(" mA*h/cm^2")
    assert written["cathode"]["porosity"] == pytest.approx(0.18, abs=0.005)
    assert written["separator"]["relative_density"] == pytest.approx(0.82, abs=0.005)
    # what the file gave stays as it was, and is not among the defaults
    given = {f"{table}.{key}" for table, keys in document.items() if isinstance(keys, dict) for key in keys}
    assert written["cathode"]["composite_mass"] == "12 mg"
    assert given & set(written["defaults"]) <= {"cathode.mass_fractions"}
    paths = {f"{t}.{k}" for t, keys in written.items() if isinstance(keys, dict) for k in keys} - given
    paths |= {"cathode.mass_fractions.carbon", "cathode.mass_fractions.binder"}
    paths |= {"cathode.transport.closure", "cathode.transport.ionic_threshold"}
    assert set(written["defaults"]) == paths - {"cathode.transport"}


def test_a_value_of_a_file_in_full_wins_over_the_default_that_it_was(pellet):
    written = tomllib.loads(Cell.from_dict(pellet({"cathode.porosity": None})).to_toml(resolved=True))
    written["cathode"]["porosity"] = 0.2
    written["operation"]["nominal_capacity"] = "100 mA*h/g"
    again = Cell.from_dict(written)
    assert again.derived.void_fraction == 0.2
    assert again.derived.nominal_capacity == pytest.approx(360e3 * again.derived.active_loading)


def test_what_was_filled_in_follows_anew_from_what_is_changed(pellet):
    cell = Cell.from_dict(pellet({"cathode.porosity": None}))
    for changes in (
        {"operation.fabrication_pressure": "100 MPa"},
        {"cathode.thickness": "100 um"},
        {"cathode.particle_diameter": "4 um"},
        {"cathode.transport.closure": "bruggeman"},
        {"operation.stack_pressure": "5 MPa"},
    ):
        assert reread(cell).replace(**changes).derived == cell.replace(**changes).derived


def test_mass_is_the_mass_of_the_composite(pellet):
    document = pellet({"cathode.composite_mass": None, "cathode.mass": "12 mg"})
    cell = Cell.from_dict(document)
    # 12 mg of 70:30 on 0.7854 cm2
    assert cell.derived.active_loading * 100 == pytest.approx(12 * 0.7 / 0.7854, rel=1e-4)
    assert cell.derived == Cell.from_dict(pellet()).derived
    assert cell.replace(**{"cathode.loading": "5 mg/cm^2"}).derived.active_loading == pytest.approx(0.05)
    assert reread(cell).derived == cell.derived


def test_description_may_be_left_out(pellet):
    assert Cell.from_dict(pellet({"description": None})).spec.description == ""


@pytest.mark.parametrize("amount", [{}, {"cathode.composite_mass": None, "cathode.thickness": "80 um"}])
def test_porosity_follows_from_the_fabrication_pressure(pellet, amount):
    # Li6PS5Cl is 82 % dense after 370 MPa (J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253)
    cell = Cell.from_dict(pellet({"cathode.porosity": None, **amount}))
    assert cell.derived.void_fraction == pytest.approx(0.18, abs=0.005)
    assert "cathode.porosity" in cell.assumed
    assert any("porosity" in text and "0.18" in text and "370 MPa" in text for text in remarks(cell))
    assert "cathode.porosity" not in Cell.from_dict(pellet()).assumed
    claims = {(claim.role, claim.property) for claim in cell.claims_used()}
    assert ("electrolyte", "densification_pressure") in claims


def test_porosity_that_two_other_fields_fix_is_not_assumed(pellet):
    cell = Cell.from_dict(pellet({"cathode.porosity": None, "cathode.thickness": "80 um"}))
    assert "cathode.porosity" not in (*cell.defaults, *cell.assumed)


def test_defaults_that_describe_the_cell_count_as_assumed():
    for name in cell_library():
        if not name.startswith("table1-"):
            continue
        cell = Cell.load(name)
        assert {"operation.fixture", "cathode.connected_fraction"} <= set(cell.assumed)
        assert len(set(cell.assumed)) == len(cell.assumed) >= len(cell.spec.assumed) + 2
    # a coating that is assumed as a whole is one assumption, with its coverage; one whose thickness is, is two
    assert "cathode.coating.coverage" not in Cell.load("table1-50-lpsbr-nmc111").assumed
    assert "cathode.coating.coverage" in Cell.load("table1-55-lpscl-nca").assumed


def test_giving_a_default_explicitly_is_no_assumption(pellet):
    assert "operation.fixture" in Cell.from_dict(pellet()).assumed
    assert "operation.fixture" not in Cell.from_dict(pellet({"operation.fixture": "constant_pressure"})).assumed


def test_perfect_contact_is_said():
    cell = Cell.load("reference")
    assert not any("contact" in text and "perfect" in text for text in remarks(cell))
    for anode in ("Li-Mg", "Li-In"):
        alloy = cell.replace(**{"anode.material": anode, "operation.voltage_window": ["1.9 V", "3.6 V"]})
        assert alloy.derived.contact_resistance == 0
        assert any(text.startswith(f"{anode} has no contact law") for text in remarks(alloy))


def test_mechanisms_that_an_alloy_cannot_have_are_named():
    on = {"mechanisms": ["all"]}
    assert not any("keeps its skeleton" in text for text in remarks(Cell.load("reference").replace(**on)))
    (text,) = [text for text in remarks(Cell.load("koerver-2017").replace(**on)) if "keeps its skeleton" in text]
    assert text.startswith("voids and filaments: listed, but off, since Li-In")


@pytest.mark.parametrize("pressure", ["0 MPa", "0.05 MPa", None])
def test_below_the_atmosphere_it_is_the_atmosphere_and_said(pressure):
    cell = Cell.load("reference").replace(**{"anode.attach_pressure": None, "operation.stack_pressure": pressure})
    air = cell.replace(**{"operation.stack_pressure": "0.1 MPa"})
    assert cell.derived.contact_resistance == air.derived.contact_resistance
    assert any("atmosphere" in text and "0.1 MPa" in text for text in remarks(cell))
    assert not any("atmosphere" in text for text in remarks(air))
