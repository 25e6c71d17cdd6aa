"""What a design varies: how it is written, what cell follows, what is refused."""

from __future__ import annotations

import math

import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.studies.variables import changed_cell, read_variable, with_changes, written_protocol


@pytest.fixture(scope="module")
def cell():
    return Cell.load("practical-pouch")


def changed(cell, *texts, share=1.0):
    variables = tuple(read_variable(text) for text in texts)
    return changed_cell(cell, variables, {variable.path: variable.at(share) for variable in variables})


def test_a_range_has_ends_a_unit_and_shares():
    variable = read_variable("separator.thickness = 20 um .. 80 um")
    assert (variable.path, variable.low, variable.high, variable.unit) == ("separator.thickness", 20.0, 80.0, "um")
    assert [variable.at(share) for share in (0.0, 0.25, 1.0)] == [20.0, 35.0, 80.0]
    assert variable.share(35.0) == pytest.approx(0.25)
    assert variable.written(35.0) == "35 um"


def test_equal_factors():
    variable = read_variable("cathode.particle_diameter=1 um..16 um log")
    assert variable.at(0.5) == pytest.approx(4.0)
    assert variable.share(2.0) == pytest.approx(0.25)
    assert 1.0 <= variable.at(0.0) <= variable.at(1.0) <= 16.0
    # 1 % of the way in factors is at the bound: 16**0.01 = 1.028.
    assert variable.bound(1.027) == "lower"
    assert variable.bound(1.03) is None
    assert variable.bound(15.9) == "upper"


def test_choices_are_toml_or_names_or_nothing():
    variable = read_variable('anode.interlayer=none|{ material = "Ag-C", thickness = "7 um" }')
    assert variable.written(variable.choices[0]) is None
    assert variable.written(variable.choices[1]) == {"material": "Ag-C", "thickness": "7 um"}
    assert read_variable("cathode.active=NMC811|NMC622").written("NMC622") == "NMC622"
    assert variable.bound(variable.choices[0]) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("separator.thickness", "field=low..high"),
        ("separator.thickness=30 um", "one value"),
        ("separator.thickness=60 um..15 um", "empty"),
        ("separator.thickness=15 um..15 um", "empty"),
        ("separator.thickness=15 um..0.06 mm", "one unit"),
        ("separator.thickness=thin..thick", "not a number"),
        ("separator.thickness=1 um..2 um..3 um", "more than two ends"),
        ("separator.thickness=0 um..60 um log", "by factors"),
        ("cathode.active=NMC811|NMC811", "one value"),
    ],
)
def test_what_is_refused(text, word):
    with pytest.raises(InputError, match=word):
        read_variable(text)


def test_the_electrolyte_loses_what_the_active_material_gains(cell):
    found = changed(cell, "cathode.mass_fractions.active=0.7..0.9")
    shares = dict(found.spec.composite.mass_fractions)
    assert shares["active"] == 0.9
    assert shares["electrolyte"] == pytest.approx(1 - 0.9 - 0.005)


def test_its_own_share_is_left_alone(cell):
    fields = {"cathode.mass_fractions.active": 0.8, "cathode.mass_fractions.electrolyte": 0.19}
    fields["cathode.mass_fractions.carbon"] = 0.01
    assert dict(with_changes(cell, fields).spec.composite.mass_fractions)["electrolyte"] == 0.19


def test_the_capacity_follows_the_loading(cell):
    low, high = (changed(cell, "cathode.loading=20 mg/cm^2..40 mg/cm^2", share=share) for share in (0.0, 1.0))
    assert high.derived.nominal_capacity == pytest.approx(2 * low.derived.nominal_capacity)
    # ... and not a separator, whose cell keeps the capacity of its file.
    thick = changed(cell, "separator.thickness=30 um..60 um")
    assert thick.derived.nominal_capacity == cell.derived.nominal_capacity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("separator.relative_density=0.9..0.99", "separator_conductivity"),
        ("operation.temperature=30 degC..60 degC", "separator_conductivity"),
        ("operation.stack_pressure=1 MPa..5 MPa", "stack_pressure"),
        ('anode.interlayer=none|{ material = "Ag-C", thickness = "7 um" }', "interlayer_mass"),
        ("cathode.transport.ionic_threshold=0.15..0.2", "ionic_threshold"),
        ("cathode.active=NMC811|NMC622", "theoretical_capacity"),
        ("cathode.porosity=0.02..0.1", "cathode_thickness"),
    ],
)
def test_both_ends_are_different_cells(cell, text, number):
    ends = [changed(cell, text, share=share) for share in (0.0, 1.0)]
    low, high = (getattr(end.derived, number) for end in ends)
    assert not math.isclose(low, high, rel_tol=1e-6)


def test_coarser_electrolyte_leaves_active_particles_unconnected(cell):
    """Bielefeld et al.: at a given composition more of the active material is reached the finer the electrolyte."""
    lean = with_changes(cell, {"cathode.mass_fractions.active": 0.8, "cathode.transport": {}})
    variable = "cathode.electrolyte_particle_diameter=0.5 um..3 um"
    fine, coarse = (changed(lean, variable, share=share).derived for share in (0.0, 1.0))
    assert coarse.connected_fraction < fine.connected_fraction <= 1
    assert fine.ionic_threshold < coarse.ionic_threshold


def test_a_number_of_the_protocol():
    protocol = "1 cycle at {charge_rate}C charge, {rest}C discharge"
    variables = tuple(read_variable(text, protocol) for text in ("charge_rate=0.1..0.5", "rest=0.2..0.3"))
    assert all(variable.in_protocol for variable in variables)
    written = written_protocol(protocol, variables, {"charge_rate": 0.123456789, "rest": 0.25})
    assert written == "1 cycle at 0.123457C charge, 0.25C discharge"
    assert not read_variable("charge_rate=0.1..0.5").in_protocol
