from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lisse.cell.cell import Cell
from lisse.cell.library import cell_library

# The review's Table 1 as printed: electrolyte, anode, oxide, C-rate, mA/cm2, degC.
TABLE_1 = {
    47: ("Li6PS5Cl", "Li-In", "NMC711", 0.1, 0.312, 25),
    48: ("Li6PS4.7O0.3Br", "Li-In", "NMC811", 0.1, 0.214, 25),
    49: ("Li5.7Zn0.15PS4.85O0.15Br", "Li-In", "NMC811", 0.1, 0.214, 25),
    50: ("Li6PS5Br", "Li-In", "NMC111", 0.1, 0.13, 25),
    51: ("Li6PS5Cl", "Li-In", "NMC111", 0.1, 0.066, 25),
    52: ("Li6PS5Cl", "Li-In", "NCA", 0.1, 0.05, 25),
    53: ("Li6PS5Cl", "Li-In", "NMC111", 0.1, 0.1, 25),
    54: ("Li6PS5Cl", "Li-In", "NMC711", 0.1, 0.12, 30),
    55: ("Li6PS5Cl", "Li-In", "NCA", 0.1, 0.12, 25),
    56: ("Li6PS5Cl", "Li", "NMC811", 0.1, 0.06, 30),
    57: ("Li6.55P0.45Si0.55S5I", "Li", "NMC811", 0.1, 0.02, 30),
    58: ("Li3PS4", "Li", "NMC622", 0.1, 0.178, 25),
    59: ("Li3PS4", "Li-In", "NMC111", 0.05, 0.064, 25),
    60: ("Li3PS4", "Li-In", "NMC811", 0.1, 0.214, 25),
    61: ("Li3PS4", "Li-In", "NMC111", 0.05, 0.064, 25),
    62: ("Li3PS4", "Li-In", "NMC111", 0.1, 0.13, 25),
    63: ("Li3PS4", "Li", "NMC622", 0.1, 0.12, 55),
    64: ("Li3PS4", "Li-In", "NMC622", 0.1, 0.053, 30),
    65: ("Li3PS4", "Li-In", "NCA", 0.1, 0.074, 25),
    66: ("Li9.54Si1.74P1.44S11.7Cl0.3", "Li-In", "NMC622", 0.1, 0.2, 40),
    67: ("Li10GeP2S12", "Li-In", "NCA", 0.05, 0.093, 40),
    68: ("Li10GeP2S12", "Li-In", "NMC811", 0.1, 0.204, 35),
    69: ("Li10GeP2S12", "Li-In", "NCA", 0.1, 0.075, 25),
    70: ("Li10GeP2S12", "Li-In", "NCA", 0.1, 0.063, 25),
}
# Loadings in mg/cm2 that the printed current densities allow (from the bracket of 1C definitions).
BRACKETS = {
    47: (15.6, 17.3), 48: (10.7, 10.7), 49: (10.7, 10.7), 50: (8.1, 8.7), 51: (4.1, 4.4), 52: (2.5, 2.8),
    53: (6.3, 6.7), 54: (6.0, 6.7), 55: (6.0, 6.7), 56: (3.0, 3.3), 57: (1.0, 1.1), 58: (9.9, 11.1),
    59: (8.0, 8.5), 60: (10.7, 10.7), 61: (8.0, 8.5), 62: (8.1, 8.7), 63: (6.7, 7.5), 64: (2.9, 3.3),
    65: (3.7, 4.1), 66: (11.1, 12.5), 67: (9.3, 10.3), 68: (10.2, 11.3), 69: (3.7, 4.2), 70: (3.1, 3.5),
}  # fmt: skip
ROWS = {int(name.split("-")[1]): name for name in cell_library() if name.startswith("table1-")}


@pytest.mark.parametrize(("name", "path"), cell_library().items(), ids=list(cell_library()))
def test_every_cell_loads_and_says_what_it_assumes(name: str, path: Path):
    cell = Cell.load(name)
    assert cell.name == name
    assert cell.spec.source is not None
    document = tomllib.loads(path.read_text())
    given = {".".join(keys) for keys in _paths(document)}
    unknown = [field for field in cell.spec.assumed if not _is_field(field)]
    assert not unknown
    # an assumed field either stands in the file or is one that the file leaves to the defaults or leaves out
    for field in cell.spec.assumed:
        assert field in given or field.rsplit(".", 1)[1] in ("coating", "wetted_fraction", "connected_fraction")


def _paths(table: dict, prefix: tuple[str, ...] = ()):
    for key, value in table.items():
        yield (*prefix, key)
        if isinstance(value, dict):
            yield from _paths(value, (*prefix, key))
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield from _paths(item, (*prefix, key, str(number)))


def _is_field(dotted: str) -> bool:
    schema = Cell.json_schema()
    node = schema
    for key in re.sub(r"\.\d+\.", ".", dotted).split("."):  # elements of a list are numbered
        if key not in node.get("properties", {}):
            return False
        node = node["properties"][key]
        options = [node, *node.get("anyOf", [])]
        options += [option["items"] for option in options if "items" in option]
        ref = next((o["$ref"] for o in options if "$ref" in o), None)
        if ref:
            node = schema["$defs"][ref.rsplit("/", 1)[1]]
    return True


def test_all_24_rows_are_there():
    assert sorted(ROWS) == list(range(47, 71))


@pytest.mark.parametrize("number", sorted(TABLE_1))
def test_row_is_as_printed(number: int):
    electrolyte, anode, oxide, rate, current, celsius = TABLE_1[number]
    cell = Cell.load(ROWS[number])
    spec, derived = cell.spec, cell.derived
    assert spec.table1 is not None
    assert spec.table1.reference == number
    assert spec.table1.c_rate == rate
    assert spec.table1.current_density == pytest.approx(current * 10)
    assert spec.operation.temperature == pytest.approx(celsius + 273.15)
    assert spec.cathode.electrolyte.startswith(electrolyte)
    assert (spec.anode.material, spec.cathode.active) == (anode, oxide)
    # the C-rate over the nominal capacity gives the printed current density
    assert derived.nominal_capacity * rate / 3600 == pytest.approx(current * 10, rel=1e-6)
    low, high = BRACKETS[number]
    assert low - 0.06 <= derived.active_loading * 100 <= high + 0.06


def test_printed_capacities_are_no_input():
    for number in ROWS:
        text = cell_library()[ROWS[number]].read_text()
        document = tomllib.loads(text)
        assert set(document["table1"]) == {"reference", "current_density", "c_rate"}
        assert not re.search(r"mA\*?h/g", str(document["operation"]))


def test_no_two_rows_are_the_same_cell():
    # Rows of different papers differ in more than their name and the paper's reference.
    contents = {}
    for number, name in ROWS.items():
        document = tomllib.loads(cell_library()[name].read_text())
        for key in ("name", "description", "source", "table1", "assumed"):
            del document[key]
        contents.setdefault(str(document), []).append(number)
    assert [group for group in contents.values() if len(group) > 1] == []


def test_family_defaults_are_the_same_everywhere():
    for name in ROWS.values():
        cell = Cell.load(name)
        assert cell.spec.cathode.porosity == 0.14
        assert cell.spec.contacts.series_resistance == pytest.approx(50e-4)
        assert (cell.derived.lower_potential, cell.derived.upper_potential) == pytest.approx((2.6, 4.3))
        diameter = {"NMC811": 7, "NMC711": 7, "NMC622": 6, "NMC111": 9.2, "NCA": 7}[cell.spec.cathode.active]
        assert cell.derived.particle_radius == pytest.approx(diameter / 2 * 1e-6)


def test_reference_is_what_the_project_says_it_is():
    cell = Cell.load("reference")
    spec = cell.spec
    assert (spec.anode.material, spec.separator.material, spec.cathode.active) == ("Li", "Li6PS5Cl", "NMC811")
    assert spec.cathode.coating is not None
    assert spec.operation.stack_pressure == 5e6
    assert spec.operation.temperature == pytest.approx(298.15)


def test_names_are_found_in_any_case():
    assert Cell.load("Reference").name == "reference"
