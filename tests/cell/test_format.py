"""The format of a cell file: what is assumed where it says nothing, and what is refused."""

import tomllib

import pytest

from lisse.cell.cell import Cell
from lisse.cell.format import format_values
from lisse.errors import InputError


def values(name, **changes):
    return format_values(Cell.load(name).replace(**{f"format.{key}": value for key, value in changes.items()}).spec)


def test_a_die_makes_a_pellet_an_area_a_sheet_and_layers_a_pouch():
    assert values("reference").kind == "pellet"
    assert values("lee-2020").kind == "sheet"
    assert values("reference", layers=4).kind == "pouch"
    assert (values("reference").layers, values("reference", kind="bipolar").layers) == (1, 20)
    assert values("reference").casing_material is None
    assert values("reference", kind="pouch").casing_thickness == pytest.approx(153e-6)


def test_what_a_file_leaves_open_of_its_format_is_assumed():
    cell = Cell.load("reference").replace(**{"format.kind": "pouch", "format.tab_mass_share": 0.03})
    assert {field for field in cell.assumed if field.startswith("format.")} == {
        "format.layers",
        "format.packing_efficiency",
        "format.casing.material",
        "format.casing.thickness",
        "format.fixture.material",
        "format.fixture.factor",
    }


def test_a_cell_without_a_format_assumes_none_in_a_run():
    assert not [field for field in Cell.load("reference").assumed if field.startswith("format")]


def test_a_resolved_file_is_the_same_cell_and_can_be_changed():
    cell = Cell.load("reference").replace(**{"format.layers": 6})
    again = Cell.from_dict(tomllib.loads(cell.to_toml(resolved=True)))
    assert again == cell
    assert format_values(again.spec) == format_values(cell.spec)
    assert format_values(again.replace(**{"format.kind": "bipolar"}).spec).tab_mass_share == 0.01
    single = again.replace(**{"format.layers": None})
    assert format_values(single.spec).kind == "pellet"


def test_a_mass_of_the_casing_takes_the_place_of_its_thickness():
    cell = Cell.load("reference").replace(**{"format.casing.thickness": "0.2 mm"})
    changed = cell.replace(**{"format.casing.mass": "2 g"})
    assert (changed.spec.format.casing.mass, changed.spec.format.casing.thickness) == (2e-3, None)
    assert format_values(changed.spec).casing_material == "Al laminate"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "puch", ("format.kind: 'puch' is not one of pellet, sheet, pouch, bipolar", '"pouch"')),
        ("layers", 0, ("format.layers: 0", "1 to 10000")),
        ("layers", 2.5, ("format.layers: 2.5", "whole number")),
        ("packing_efficiency", 1.2, ("format.packing_efficiency: 1.2", "at most 1")),
        ("packing_efficiency", 0, ("format.packing_efficiency: 0", "above 0")),
        ("tab_mass_share", 1, ("format.tab_mass_share: 1", "at most 0.9")),
        ("fixture.factor", -1, ("format.fixture.factor: -1", "at least 0")),
        ("fixture.allowable_stress", "3 bananas", ("format.fixture.allowable_stress", "bananas")),
        ("fixture.material", "NMC811", ("format.fixture.material", "kind active_material")),
        ("casing.material", "alu laminat", ("format.casing.material", '"Al laminate"')),
        ("casing.thickness", "0 um", ("format.casing.thickness", "above 0")),
        ("tabs", 0.1, ("format.tabs: unknown key", "tab_mass_share")),
    ],
)
def test_bad_formats_get_one_sentence(field, value, words):
    with pytest.raises(InputError) as error:
        values("lee-2020", **{field: value})
    assert all(word in str(error.value) for word in words)


def test_a_pellet_has_one_layer():
    with pytest.raises(InputError, match=r"format\.layers: a pellet has one layer, not 3"):
        values("reference", kind="pellet", layers=3)
