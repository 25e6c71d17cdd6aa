"""Thermodynamics in the cell: which claims it sets and which not, what it warns of, materials of the user."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lisse.cell.cell import Cell
from lisse.cell.remarks import remarks
from lisse.cell.thermodynamic_facts import thermodynamic_remarks, thermodynamics
from lisse.materials import Material

FILE = """name = "mine"
kind = "{kind}"
formula = "{formula}"
{state}
[[like]]
material = "{like}"
properties = {properties}

[[claims]]
id = "lab"
property = "density"
value = "2000 kg/m^3"
method = "measured"
spread = "x/÷ 1.02"
source = {{ citation = "A lab's own finding", tag = "own" }}
"""
OWN_TYPE = """
[[claims]]
id = "lab"
property = "interphase_type"
value = 3
method = "{method}"
source = {{ citation = "A lab's own finding", tag = "own" }}
"""


@pytest.fixture
def material(tmp_path):
    """Write a material file that is like one of the library but for formula and density; return its path."""

    def write(kind: str, formula: str, like: str, method: str = "", without: tuple[str, ...] = ()) -> str:
        model = {c.property for c in Material.load(like).claims if c.default and not c.id.startswith(("as-", "hull-"))}
        properties = model - {"density", *without, *(["interphase_type"] if method else [])}
        state = 'state = "crystal"' if kind == "electrolyte" else ""
        text = FILE.format(kind=kind, formula=formula, state=state, like=like, properties=sorted(properties))
        path = tmp_path / f"mine-{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(text + (OWN_TYPE.format(method=method) if method else ""), encoding="utf-8")
        return str(path)

    return write


KINETIC = (
    "interphase_parabolic_constant",
    "interphase_rate",
    "interphase_activation_energy",
    "oxidation_growth",
    "oxidation_onset",
)


def test_another_electrolyte_changes_the_chemistry_and_no_rate(material):
    """The same rates by analogy, and what lithium and oxide make of the formula."""
    cell = Cell.load("reference").replace(mechanisms=["interphase", "cathode_interphase"])
    found = {}
    for formula in ("Li6PS5Cl", "Li4GeS4"):
        path = material("electrolyte", formula, "Li6PS5Cl", without=KINETIC[3:])
        other = cell.replace(**{"separator.material": path})
        found[formula] = other
        assert other.claim("separator", "interphase_type").claim_id == "hull-uncorrected_S"
    argyrodite, germanate = found.values()
    assert argyrodite.number("separator", "interphase_type") == 3
    assert germanate.number("separator", "interphase_type") == 2  # lithium and germanium alloy
    for name in KINETIC[:3]:
        assert argyrodite.number("separator", name) == germanate.number("separator", name)
    thickness = [cell.number("separator", "interphase_thickness_per_charge") for cell in found.values()]
    # Li6PS5Cl + 8 Li: 24.6 cm3 a mole of lithium; Li4GeS4 + 7.75 Li, 4 Li2S and Li15Ge4: less
    assert thickness[0] * 96485.33 * 1e6 == pytest.approx(24.4, rel=0.03)
    assert thickness[1] < 0.85 * thickness[0]
    built = [cell.parameter_values() for cell in found.values()]
    names = {name for name in built[0].keys() if built[0][name] != built[1][name] and "nterphase" in name}  # noqa: SIM118
    assert {"Anode interphase electron conduction", "Anode interphase thickness per charge [m3.C-1]"} <= names
    assert not any("constant" in name or "reaction rate" in name or "onset" in name for name in names)


def test_what_was_measured_on_the_material_wins_and_a_cell_can_choose(material):
    cell = Cell.load("reference")
    for method, kind in (("measured", 3), ("fitted", 3), ("assumed", 2)):
        path = material("electrolyte", "Li4GeS4", "Li6PS5Cl", method)
        assert cell.replace(**{"separator.material": path}).number("separator", "interphase_type") == kind
    chosen = cell.replace(**{"separator.material": path, "claims.separator.interphase_type": {"id": "lab"}})
    assert chosen.number("separator", "interphase_type") == 3
    other = cell.replace(**{"claims.electrolyte.oxidation_potential": {"id": "hull-mp2020"}})
    assert other.number("electrolyte", "oxidation_potential") == pytest.approx(2.26, abs=0.01)


def test_the_facts_of_the_reference_cell():
    cell = Cell.load("reference")
    facts = thermodynamics(cell)
    assert set(facts) == {"separator", "electrolyte", "coating", "contacts"}
    assert facts["separator"]["origin"] == "library"
    assert facts["electrolyte"]["potential_V"] == pytest.approx(4.3)
    for scheme, edge in (("uncorrected_S", 2.01), ("mp2020", 2.26)):
        found = facts["electrolyte"]["schemes"][scheme]
        assert found["outside_window_V"] == pytest.approx(4.3 - edge, abs=0.01)
    pairs = [(row["first"], row["second"], row["state"]) for row in facts["contacts"]]
    assert pairs == [
        ("Li6PS5Cl", "NMC811", "discharged"),
        ("Li6PS5Cl", "NMC811", "charged"),
        ("LiNbO3", "NMC811", "discharged"),
        ("LiNbO3", "NMC811", "charged"),
        ("Li6PS5Cl", "LiNbO3", None),
    ]
    energies = [row["schemes"]["uncorrected_S"]["reaction_energy_meV_atom"] for row in facts["contacts"]]
    # the oxide bites more when charged, and the coating is the milder neighbour of both
    assert energies[1] < energies[0] < energies[4] < energies[3]


def test_warnings_say_how_far_outside():
    lines = remarks(Cell.load("reference"))
    assert any(line.startswith("Li6PS5Cl on Li is 1.72 V below its reduction edge") for line in lines)
    assert any("2.04 to 2.29 V above its oxidation edge at 4.30 V" in line for line in lines)
    assert any(line.startswith("LiNbO3 does not separate") and "0.5" in line for line in lines)
    indium = list(thermodynamic_remarks(Cell.load("koerver-2017")))
    assert len(indium) == 2  # no coating
    assert "1.10 V below" in indium[0]
    assert len(list(thermodynamic_remarks(Cell.load("sym-li-lpscl")))) == 1
    garnet = list(thermodynamic_remarks(Cell.load("sym-li-llzo")))
    assert garnet[0].startswith("LLZO on Li is 0.05 V below")


def test_an_interlayer_keeps_lithium_off():
    cell = Cell.load("reference").replace(**{"anode.interlayer": {"material": "Li3N-LiF", "thickness": "1 um"}})
    assert not any("on Li is" in line for line in thermodynamic_remarks(cell))


def test_a_coating_inside_its_window_that_reacts(material):
    """Lithium phosphide would burn in charged oxide as the sulfide does; lithium fluoride would not."""
    cell = Cell.load("reference")
    for formula, leaks in (("Li3P", True), ("LiF", False)):
        coated = cell.replace(**{"cathode.coating.material": material("coating", formula, "LiNbO3")})
        said = [line for line in thermodynamic_remarks(coated) if "does not separate" in line]
        assert bool(said) == leaks
        if leaks:
            assert "with the charged oxide it reacts" in said[0]
            assert thermodynamics(coated)["coating"]["origin"] == "computed"


def test_a_formula_outside_the_table_changes_nothing(material):
    cell = Cell.load("reference")
    for formula, why in (("Li2UO4", "U of Li2UO4"), ("LiC2H3O", "organic"), ("Li-glass", "cannot be read")):
        path = material("coating", formula, "LiNbO3")
        coated = cell.replace(**{"cathode.coating.material": path})
        facts = thermodynamics(coated)
        assert why in facts["coating"]["reason"]
        assert facts["coating"]["schemes"] == {}
        assert all(why in row["reason"] for row in facts["contacts"] if "mine" in (row["first"], row["second"]))
        assert not any("does not separate" in line for line in thermodynamic_remarks(coated))


def test_a_run_computes_no_phase_diagram_of_library_materials():
    code = (
        "import sys, lisse; from lisse.cell.remarks import remarks; cell = lisse.Cell.load('reference');"
        "remarks(cell); from lisse.thermodynamics.table import rows; found = rows.cache_info().currsize;"
        "print(found, any(name.split('.')[0] == 'pymatgen' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]
