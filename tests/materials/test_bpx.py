"""Import of a cathode from a BPX file: lithium content, kinetics, what is refused, and a cell built on it."""

import copy
import json
import math
import sys
import tomllib

import pytest

from lisse.cell.cell import Cell
from lisse.cli import app
from lisse.errors import InputError
from lisse.materials import Material, SuspectClaimWarning, check_file
from lisse.materials.bpx import from_bpx, missing, write_material
from lisse.toml_text import toml_text

pytest.importorskip("bpx")

# An invented layered oxide: 5 g/cm3 and 100 g/mol hold 50 000 mol/m3 of sites, of which the file uses 48 000.
OXIDE = {"molar_mass": "100 g/mol", "density": "5 g/cm^3"}
SCALE = 0.96
OCP = "4.9 - 1.1*x + 0.2*tanh(3*(0.6 - x)) - 0.02*exp(20*(x - 1))"
POSITIVE = {
    "Thickness [m]": 6.1e-5,
    "Porosity": 0.31,
    "Transport efficiency": 0.17,
    "Conductivity [S.m-1]": 0.4,
    "Minimum stoichiometry": 0.4,
    "Maximum stoichiometry": 0.9,
    "Maximum concentration [mol.m-3]": 48000.0,
    "Particle radius [m]": 3.2e-6,
    "Surface area per unit volume [m-1]": 5.4e5,
    "Diffusivity [m2.s-1]": 4.0e-15,
    "Diffusivity activation energy [J.mol-1]": 31000.0,
    "OCP [V]": OCP,
    "Entropic change coefficient [V.K-1]": {"x": [0.0, 0.5, 1.0], "y": [-2e-4, -1e-4, 0.0]},
    "Reaction rate constant [mol.m-2.s-1]": 2e-5,
    "Reaction rate constant activation energy [J.mol-1]": 41000.0,
}
NEGATIVE = {
    **{key: POSITIVE[key] for key in ("Thickness [m]", "Porosity", "Transport efficiency", "Conductivity [S.m-1]")},
    "Minimum stoichiometry": 0.02,
    "Maximum stoichiometry": 0.8,
    "Maximum concentration [mol.m-3]": 29000.0,
    "Particle radius [m]": 6e-6,
    "Surface area per unit volume [m-1]": 3e5,
    "Diffusivity [m2.s-1]": 2e-14,
    "OCP [V]": "0.09 + 0.6*exp(-25*x)",
    "Reaction rate constant [mol.m-2.s-1]": 3e-5,
}
FILE = {
    "Header": {
        "BPX": "1.0.0",
        "Title": "Invented pouch",
        "References": "A. Nobody, J. Invented 1 (2020) 1-2, https://doi.org/10.9999/invented.1.",
        "Model": "DFN",
    },
    "Parameterisation": {
        "Cell": {
            "Electrode area [m2]": 0.01,
            "Number of electrode pairs connected in parallel to make a cell": 1,
            "Lower voltage cut-off [V]": 2.8,
            "Upper voltage cut-off [V]": 4.5,
            "Nominal cell capacity [A.h]": 0.3,
            "Reference temperature [K]": 298.15,
        },
        "Electrolyte": {
            "Cation transference number": 0.3,
            "Diffusivity [m2.s-1]": 2e-10,
            "Conductivity [S.m-1]": 1.0,
        },
        "Negative electrode": NEGATIVE,
        "Positive electrode": POSITIVE,
        "Separator": {"Thickness [m]": 2e-5, "Porosity": 0.4, "Transport efficiency": 0.25},
    },
}


def save(path, positive=None, header=None, drop=()):
    """Write the example with some fields of the positive electrode or the header changed."""
    document = copy.deepcopy(FILE)
    document["Header"].update(header or {})
    electrode = document["Parameterisation"]["Positive electrode"]
    electrode.update(positive or {})
    for key in drop:
        del electrode[key]
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def imported(tmp_path):
    def read(**changes):
        document = from_bpx(save(tmp_path / "pouch.json", **changes), **OXIDE)
        target = tmp_path / "oxide.toml"
        target.unlink(missing_ok=True)
        return Material.load(write_material(document, target))

    return read


def voltage(s):
    return 4.9 - 1.1 * s + 0.2 * math.tanh(3 * (0.6 - s)) - 0.02 * math.exp(20 * (s - 1))


@pytest.mark.parametrize("s", [0.4, 0.5, 0.6, 0.75, 0.9])
def test_voltage_at_a_stoichiometry_is_that_of_the_file(imported, s):
    curve = imported().value("open_circuit_voltage")
    assert curve(SCALE * s) == pytest.approx(voltage(s), abs=1e-6)
    slope = -1.1 - 0.6 * (1 - math.tanh(3 * (0.6 - s)) ** 2) - 0.4 * math.exp(20 * (s - 1))
    assert curve.derivative(SCALE * s) == pytest.approx(slope / SCALE, abs=1e-4)


def test_numbers_of_the_file_come_out_in_si(imported):
    material = imported()
    assert material.value("open_circuit_voltage").range == pytest.approx((0.384, 0.864))
    assert material.value("exchange_current_density") == pytest.approx(96485.33212 * 2e-5 / 2)
    # half of 48 000 mol/m3 in 5000 kg/m3: 4.8 mol/kg, 128.6 mA h/g
    assert material.value("practical_capacity") / 3600 == pytest.approx(128.647, abs=1e-3)
    assert material.value("diffusivity") == 4e-15
    assert material.value("diffusivity_activation_energy") == 31000
    assert material.value("exchange_current_activation_energy") == 41000
    assert material.value("particle_radius") == 3.2e-6
    assert material.value("molar_mass") == pytest.approx(0.1)
    assert material.value("density") == 5000
    entropy = material.value("entropic_coefficient")
    assert entropy.range == pytest.approx((0.384, 0.864))
    assert entropy(SCALE * 0.7) == pytest.approx(-6e-5)
    assert entropy(SCALE * 0.4) == pytest.approx(-1.2e-4)


def test_claims_say_where_they_come_from(imported):
    material = imported()
    assert material.name == "Invented pouch"
    claim = material.claim("diffusivity")
    assert claim.method == "fitted"
    assert claim.temperature == 298.15
    assert "BPX gives none" in claim.note
    assert claim.source.citation.startswith("A. Nobody, J. Invented 1 (2020) 1-2")
    assert 'BPX file "Invented pouch"' in claim.source.citation
    assert claim.source.doi == "10.9999/invented.1"
    assert "liquid" in material.claim("exchange_current_density").note
    # sqrt(0.624 * 0.376 / (0.65 * 0.35)) = 1.0155
    assert "1.02 times" in material.claim("exchange_current_density").note
    assert material.claim("density").source.is_assumption
    with pytest.warns(SuspectClaimWarning, match="whole porous electrode"):
        assert material.value("electronic_conductivity") == 0.4


def test_tables_are_cut_to_the_stoichiometry_limits(imported):
    table = {"x": [1.0, 0.8, 0.2, 0.0], "y": [3.0, 3.5, 4.4, 4.6]}
    curve = imported(positive={"OCP [V]": table}).value("open_circuit_voltage")
    assert curve.range == pytest.approx((0.384, 1.0))
    assert curve(SCALE * 0.8) == pytest.approx(3.5)
    assert curve(0.384) == pytest.approx(4.1)
    assert curve(0.864) == pytest.approx(3.25)
    # above the limit: the points of the file, and a knee that ends it before the oxide is full
    assert curve(SCALE * 0.95) == pytest.approx(3.125, abs=0.02)
    assert curve(1.0) == pytest.approx(3.0 - 0.6 * math.exp(1.5))
    coefficient = imported(positive={"Diffusivity [m2.s-1]": {"x": [0, 1], "y": [1e-15, 3e-15]}}).value("diffusivity")
    assert coefficient.range == pytest.approx((0.384, 0.864))


def test_the_voltage_ends_before_the_oxide_is_full(imported):
    curve = imported().value("open_circuit_voltage")
    assert curve(0.984) < curve(0.864) - 0.3
    assert curve(1.0) < 2.0
    assert imported(positive={"OCP [V]": 3.45}).value("open_circuit_voltage")(0.6) == pytest.approx(3.45)


def test_diffusivity_may_be_an_expression_or_a_numeric_text(imported):
    material = imported(positive={"Diffusivity [m2.s-1]": "1e-14*exp(-2*x)"})
    assert material.value("diffusivity")(0.48) == pytest.approx(1e-14 * math.exp(-1))
    assert imported(positive={"Diffusivity [m2.s-1]": "3e-15"}).value("diffusivity") == 3e-15


def test_hysteresis_branches_are_further_claims(imported):
    material = imported(positive={"OCP (lithiation) [V]": "4.0 - x"})
    assert material.value("open_circuit_voltage", "bpx-lithiation")(SCALE * 0.5) == pytest.approx(3.5)
    assert material.claim("open_circuit_voltage").id == "bpx"


def test_missing_names_what_bpx_lacks(tmp_path):
    document = from_bpx(save(tmp_path / "a.json"), **OXIDE)
    assert missing(document) == ["pristine_lithium_content", "volume_strain", "double_layer_capacitance"]
    energy = "Diffusivity activation energy [J.mol-1]"
    document = from_bpx(save(tmp_path / "b.json", positive={energy: 0}), **OXIDE)
    assert "diffusivity_activation_energy" in missing(document)
    text = write_material(document, tmp_path / "b.toml").read_text(encoding="utf-8")
    assert text.startswith("# A cell needs in addition: pristine_lithium_content, diffusivity_activation_energy,")


def test_a_cell_takes_the_oxide_once_the_missing_is_given(tmp_path):
    path = str(write_material(from_bpx(save(tmp_path / "a.json"), **OXIDE), tmp_path / "oxide.toml"))
    base = {
        "cathode.active": path,
        "cathode.initial_lithium_content": "0.86",
        "operation.voltage_window": ["2.6 V", "4.4 V"],
    }
    cell = Cell.load("reference").replace(**base)
    assert cell.derived.initial_lithium_content == 0.86
    with pytest.raises(InputError, match="double_layer_capacitance"):
        cell.claim("active", "double_layer_capacitance")
    own = {"active.double_layer_capacitance": "1e-3 F/m^2"}
    assert cell.replace(claims=own).claim("active", "double_layer_capacitance").value == 1e-3
    with pytest.raises(InputError, match="pristine_lithium_content"):
        Cell.load("reference").replace(**{key: base[key] for key in base if "initial" not in key})


def test_files_of_version_0_and_partial_files_are_read(tmp_path):
    document = copy.deepcopy(FILE)
    document["Header"]["BPX"] = "0.4"
    document["Parameterisation"]["Cell"]["Ambient temperature [K]"] = 298.15
    document["Parameterisation"]["Electrolyte"]["Initial concentration [mol.m-3]"] = 1000
    (tmp_path / "old.json").write_text(json.dumps(document), encoding="utf-8")
    partial = {"Header": {"BPX": "1.0.0", "Model": "Partial"}, "Parameterisation": {"Positive electrode": POSITIVE}}
    (tmp_path / "partial.json").write_text(json.dumps(partial), encoding="utf-8")
    old, part = (from_bpx(tmp_path / name, **OXIDE) for name in ("old.json", "partial.json"))
    curves = [[c["curve"] for c in d["claims"] if c["property"] == "open_circuit_voltage"] for d in (old, part)]
    assert curves[0] == curves[1]
    assert part["name"] == "partial"
    assert "BPX file partial.json, no references given" in {claim["source"]["citation"] for claim in part["claims"]}
    assert not any("temperature" in claim for claim in part["claims"])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"drop": ["OCP [V]"]}, r'not valid BPX: "Positive electrode > OCP \[V\]": field required'),
        ({"drop": ["Reaction rate constant [mol.m-2.s-1]"]}, "Reaction rate constant .*field required"),
        ({"positive": {"Porositty": 0.3}}, 'Positive electrode > Porositty": extra inputs are not permitted'),
        ({"positive": {"OCP [V]": "4 - * x"}}, r'"Positive electrode > OCP \[V\]" is not a number, an expression'),
        ({"positive": {"Diffusivity [m2.s-1]": "4 - * x"}}, "Diffusivity .*is not a number, an expression"),
        (
            {"positive": {"OCP [V]": "exit(3)"}},
            r"'exit\(3\) - knee' is not an expression of x, s, knee; accepted are numbers",
        ),
        ({"positive": {"OCP [V]": "4 - 9**9**9**9"}}, "not finite all over its range"),
        ({"positive": {"Diffusivity [m2.s-1]": "1e-14*(0.7 - x)"}}, "diffusivity falls to -2e-15 m2/s"),
        ({"positive": {"Maximum concentration [mol.m-3]": 63000.0}}, "means 1.13 Li per formula unit .*at most 0.995"),
        ({"positive": {"Minimum stoichiometry": 0.95}}, "limits 0.95 to 0.9 are not accepted"),
        ({"positive": {"OCP [V]": {"x": [0.0, 0.1], "y": [4.0, 3.9]}}}, "does not reach the stoichiometry limits"),
        ({"header": {"Model": "P2D"}}, 'not valid BPX: "Model": input should be'),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path, changes, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        from_bpx(save(tmp_path / "bad.json", **changes), **OXIDE)
    assert str(caught.value).startswith("bad.json: ")
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_no_expression_of_a_file_is_run_as_python(tmp_path, monkeypatch):
    import bpx

    def run(self, preamble=None):
        raise AssertionError(f"run as Python: {self}")

    # the package runs the open-circuit expressions of both electrodes to compare voltage limits
    monkeypatch.setattr(bpx.Function, "to_python_function", run)
    document = copy.deepcopy(FILE)
    document["Parameterisation"]["Negative electrode"]["OCP [V]"] = "exit(3)"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert from_bpx(path, **OXIDE)["name"] == "Invented pouch"


def test_other_refusals(tmp_path, monkeypatch):
    good = save(tmp_path / "good.json")
    for text, sentence in (
        ("no json", "it is not JSON"),
        ("[1]", "not valid BPX"),
        ("{}", '"Parameterisation" is mis'),
    ):
        path = tmp_path / "other.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=sentence):
            from_bpx(path, **OXIDE)
    with pytest.raises(InputError, match="no readable file"):
        from_bpx(tmp_path / "absent.json", **OXIDE)
    with pytest.raises(InputError, match=r'density: "0 g/cm\^3" is out of range'):
        from_bpx(good, molar_mass="100 g/mol", density="0 g/cm^3")
    with pytest.raises(InputError, match="molar_mass"):
        from_bpx(good, molar_mass="100", density="5 g/cm^3")
    blend = copy.deepcopy(FILE)
    shell = ("Thickness [m]", "Porosity", "Transport efficiency", "Conductivity [S.m-1]")
    grain = {key: value for key, value in POSITIVE.items() if key not in shell}
    blend["Parameterisation"]["Positive electrode"] = {
        **{key: POSITIVE[key] for key in shell},
        "Particle": {"Large": grain, "Small": grain},
    }
    path.write_text(json.dumps(blend), encoding="utf-8")
    with pytest.raises(InputError, match=r"is a blend \(Large, Small\)"):
        from_bpx(path, **OXIDE)
    monkeypatch.setitem(sys.modules, "bpx", None)
    with pytest.raises(InputError, match=r"pip install \"lisse\[bpx\]\""):
        from_bpx(good, **OXIDE)


def test_write_material_keeps_what_is_there(tmp_path):
    document = from_bpx(save(tmp_path / "a.json"), **OXIDE, name="oxide A")
    target = write_material(document, tmp_path / "a.toml")
    assert tomllib.loads(target.read_text(encoding="utf-8")) == document
    assert check_file(target).name == "oxide A"
    with pytest.raises(InputError, match="exists already"):
        write_material(document, target)
    with pytest.raises(InputError, match=r"not the name of a \.toml file"):
        write_material(document, tmp_path / "a.txt")
    with pytest.raises(InputError, match="cannot be written"):
        write_material(document, tmp_path / "nowhere" / "a.toml")
    document["claims"][0]["property"] = "densty"
    with pytest.raises(InputError, match='did you mean "density"'):
        write_material(document, tmp_path / "b.toml")
    assert not (tmp_path / "b.toml").exists()


def test_lists_of_tables_read_back():
    document = {"name": "a", "claims": [{"id": "b", "curve": {"where": {"s": "x"}, "x": [1.0]}, "source": {"c": "d"}}]}
    assert tomllib.loads(toml_text({**document, "end": {"list": [{"a": 1}]}})) == {
        **document,
        "end": {"list": [{"a": 1}]},
    }
    assert "[[claims]]" in toml_text(document)


def test_command_writes_and_lists(tmp_path, capsys):
    source, target = str(save(tmp_path / "a.json")), tmp_path / "a.toml"
    given = ["--from-bpx", source, "--molar-mass", "100 g/mol", "--density", "5 g/cm^3", "--out", str(target)]
    app(["materials", "oxide B", *given, "--json"], standalone_mode=False)
    printed = json.loads(capsys.readouterr().out)
    assert printed["name"] == "oxide B"
    assert printed["file"] == str(target)
    assert printed["missing"] == ["pristine_lithium_content", "volume_strain", "double_layer_capacitance"]
    assert len(printed["claims"]) == len(check_file(target).claims) == 11
    target.unlink()
    app(["materials", *given], standalone_mode=False)
    assert "missing, a cell needs it too: pristine_lithium_content" in capsys.readouterr().out
    with pytest.raises(InputError, match="neither density nor molar mass"):
        app(["materials", "--from-bpx", source], standalone_mode=False)
    with pytest.raises(InputError, match="write --from-bpx FILE too"):
        app(["materials", "--out", str(target)], standalone_mode=False)
