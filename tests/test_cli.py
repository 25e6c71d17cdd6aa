"""The command line: JSON, exit codes, refusals that write nothing."""

import json
import subprocess
import sys

import pytest


def test_run_json_is_the_summary_alone(monkeypatch, call, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("run", "reference", "-p", "1 cycle at C/10", "--json")
    summary = json.loads(out)
    assert code == 0
    assert err == ""
    assert summary["status"] == "completed"
    assert set(summary["losses_V"]) == {
        "separator",
        "cathode_ionic",
        "cathode_electronic",
        "cathode_kinetics",
        "cathode_diffusion",
        "anode",
        "contacts",
    }
    assert set(summary["timing_s"]) == {"build", "solve", "audit"}
    assert summary["cycles"][0]["cycle"] == 1
    assert list(tmp_path.iterdir()) == []


def test_run_writes_its_directory(monkeypatch, call, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("run", "reference", "-p", "1 cycle at C/10", "--out", "here")
    assert code == 0
    assert "report: here/report.html" in out.replace("\n", "")
    assert (tmp_path / "here" / "summary.json").exists()


def test_set_changes_the_cell(call):
    code, out, _ = call(
        "cell",
        "reference",
        "--set",
        "separator.thickness=30 um",
        "--set",
        "cathode.porosity=0.1",
        "--json",
    )
    derived = json.loads(out)["derived"]
    assert code == 0
    assert derived["separator_thickness"]["value"] == pytest.approx(30e-6)
    assert derived["void_fraction"]["value"] == pytest.approx(0.1)


def test_listings(call):
    _, out, _ = call("cells", "--json")
    names = [row["name"] for row in json.loads(out)["cells"]]
    assert "reference" in names
    assert sum(name.startswith("table1-") for name in names) == 24
    _, out, _ = call("materials", "--json")
    assert {"Li6PS5Cl", "NMC811", "Li", "LiNbO3"} <= {row["name"] for row in json.loads(out)["materials"]}
    _, out, _ = call("materials", "LPSCl")
    assert "Li6PS5Cl (electrolyte)" in out
    assert "review-table2" in out.replace("\n", "")
    _, out, _ = call("materials", "LPSCl", "--json")
    shown = json.loads(out)
    default = next(c for c in shown["claims"] if c["property"] == "ionic_conductivity" and c["default"])
    assert default["value"] == pytest.approx(0.13)
    assert default["source"]["citation"]
    _, out, _ = call("protocols", "--json")
    assert {"formation", "rate", "cycle", "reference"} <= {row["name"] for row in json.loads(out)["protocols"]}


@pytest.mark.parametrize(("kind", "key"), [("cell", "cathode"), ("material", "claims")])
def test_schemas(call, kind, key):
    code, out, _ = call("schema", kind)
    assert code == 0
    assert key in json.loads(out)["properties"]


def test_eis_json(call, tmp_path):
    page = tmp_path / "eis.html"
    code, out, _ = call("eis", "reference", "--lowest", "0.1", "--out", str(page), "--json")
    spectrum = json.loads(out)
    assert code == 0
    assert len(spectrum["frequency_Hz"]) == len(spectrum["impedance_real_ohm_cm2"])
    assert spectrum["impedance_real_ohm_cm2"][0] > sum(spectrum["resistances_ohm_cm2"].values())
    assert page.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "refrence"], "reference"),
        (["run", "reference", "-p", "dance"], "dance"),
        (["run", "reference", "--pressure", "5 um"], "operation.stack_pressure"),
        (
            ["run", "reference", "--pressure", "5"],
            "operation.stack_pressure: '5' has no unit; write a quantity such as",
        ),
        (["run", "reference", "--pressure", "5 m + 3 s"], "wrong dimension"),
        (["run", "reference", "--temperature", "25"], "operation.temperature"),
        (["run", "reference", "--set", "cathode.porosty=0.1"], "porosity"),
        (["run", "reference", "--set", "nonsense"], "path=value"),
        (["run", "reference", "--set", "cathode.mass_fractions.active=0.9"], "add up to"),
        (["run", "reference", "--set", 'operation.voltage_window=["2.6 V", "9 V"]'], "voltage_window"),
        (["run", "reference", "--set", "separator.material=Li6PS5C"], "Li6PS5Cl"),
        (["run", "reference", "--data", "missing.csv"], "missing.csv"),
        (["run", "missing.toml"], "missing.toml"),
        (["run"], "cell"),
        (["run", "reference", "--frobnicate"], "frobnicate"),
        (["materials", "unobtainium"], "unobtainium"),
        (["materials", "--check", "missing.toml"], "missing.toml"),
        (["eis", "reference", "--soc", "2"], "state of charge"),
        (["validate", "--section", "nowhere"], "nowhere"),
        (["validate", "--section", "separator", "--out", "parity.doc"], '--out: "parity.doc" ends in none of'),
        (["dance"], "dance"),
        (["schema", "dance"], "dance"),
        (["run", "--resume", "nowhere"], "nowhere"),
        (["run", "--resume", "nowhere", "--pressure", "5 MPa"], "--resume"),
    ],
)
def test_bad_input_is_one_sentence_exit_2_and_writes_nothing(monkeypatch, call, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*arguments)
    assert code == 2
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_cell_file_is_named(call, tmp_path):
    (tmp_path / "empty.toml").write_text("# nothing yet\n")
    code, _, err = call("cell", str(tmp_path / "empty.toml"))
    assert code == 2
    assert "empty.toml" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(("command", "words"), [("run", "lisse-runs/CELL"), ("eis", "Lowest frequency in Hz")])
def test_help_shows_what_its_texts_say(monkeypatch, call, command, words):
    """Square brackets in a help text would be taken for markup and vanish."""
    monkeypatch.setenv("COLUMNS", "200")
    _, out, _ = call(command, "--help")
    assert words in out


def test_corrupt_toml(call, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("name = [")
    code, _, err = call("cell", str(broken))
    assert code == 2
    assert "broken.toml" in err


def test_help_imports_nothing_heavy():
    script = (
        "import sys; sys.argv = ['lisse', '--help']\n"
        "from lisse.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pybamm', 'scipy', 'pandas', 'plotly', 'pint', 'matplotlib', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_a_failed_run_exits_with_1(monkeypatch, call):
    from lisse.cell import audit

    monkeypatch.setitem(audit.LIMITS, "energy_relative_error", 0.0)
    code, out, _ = call("run", "reference", "-p", "1 cycle at C/10", "--json")
    assert json.loads(out)["status"] == "failed"
    assert code == 1


def test_a_warning_is_a_sentence_without_a_line_of_code():
    changes = 'cathode.coating={ material = "Li2ZrO3", thickness = "5 nm" }'
    arguments = ["lisse", "cell", "reference", "--set", changes]
    script = f"import sys; from lisse.cli import main; sys.argv = {arguments!r}; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [
        "lisse: note: Li2ZrO3: ionic_conductivity (film) is suspect: an order of magnitude from memory"
    ]
