"""``lisse pressure-voltage``: numbers, keys, refusals, figure."""

import json

import pytest

from lisse.cathode.pressure_voltage import pressure_voltage
from lisse.errors import InputError
from lisse.materials import Material


def test_slopes_of_licoo2_against_indium(call):
    """R. Koerver et al. 2018: 0.1017, 0.0856 and 0.0843 mV/MPa at x = 0.80, 0.86 and 0.94."""
    contents = ("0.80", "0.86", "0.94")
    options = [word for x in contents for word in ("--content", x)]
    code, out, err = call("pressure-voltage", "LCO", "--anode", "Li-In", *options, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["tolerance_factor"] == 2
    for row, measured in zip(found["rows"], (0.1017, 0.0856, 0.0843), strict=True):
        assert measured / 2 < row["slope_mV_MPa"] < measured * 2
        assert row["cell_voltage_V"] == pytest.approx(row["voltage_V"] - 0.62, abs=0.005)
        assert row["a_axis_strain_percent"] is None


def test_shift_of_nmc811_follows_its_slope(call):
    code, out, _ = call("pressure-voltage", "NMC811", "--pressure", "100 MPa", "--pressure", "0.101325 MPa", "--json")
    found = json.loads(out)
    assert code == 0
    assert len(found["rows"]) == 13
    for row in found["rows"]:
        # 1 cm3/mol is 0.010364 mV/MPa; lithium takes 12.997 cm3/mol
        slope = 0.010364 * (12.997 - row["lithium_molar_volume_cm3_mol"])
        assert row["slope_mV_MPa"] == pytest.approx(slope, rel=1e-3)
        assert row["shift_mV"] == pytest.approx([row["slope_mV_MPa"] * (100 - 0.101325), 0.0], abs=1e-9)
        assert 0 < row["shift_mV"][0] < 15
        assert row["axes_mismatch_percent"] == pytest.approx(
            abs(row["a_axis_strain_percent"] - row["c_axis_strain_percent"])
        )


def test_volume_of_lithium_on_the_plateau_of_nmc811():
    # -0.61 % from x = 0.90 to 0.75 is 0.8 cm3/mol
    found = pressure_voltage(Material.load("NMC811"), contents=[0.70, 0.80, 0.55])
    assert found.lithium_volume * 1e6 == pytest.approx([0.8, 1.0, 0.5], abs=0.15)


def test_table_and_figure(call, tmp_path):
    figure = tmp_path / "new" / "pressure.svg"
    code, out, _ = call("pressure-voltage", "NMC622", "--anode", "Li-In", "--content", "0.5", "--figure", str(figure))
    assert code == 0
    assert "within a factor 2" in " ".join(out.split())
    text = figure.read_text()
    assert text.startswith("<?xml")
    assert "c axis" in text


def test_a_material_file_of_ones_own(call, tmp_path):
    source = Material.load("NMC111").path
    own = tmp_path / "own.toml"
    text = source.read_text(encoding="utf-8").replace('name = "NMC111"', 'name = "Own"', 1)
    own.write_text(text, encoding="utf-8")
    code, out, _ = call("pressure-voltage", str(own), "--json", "--figure", str(tmp_path / "own.png"))
    assert code == 0
    assert json.loads(out)["material"] == "Own"
    assert (tmp_path / "own.png").stat().st_size > 10000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Li"], "Li is of kind anode, but active_material is needed"),
        (["NMC811", "--anode", "NCA"], "NCA is of kind active_material, but anode is needed"),
        (["NMC811", "--content", "0.05"], "0.05 lies outside of what voltage and volume strain of NMC811 both cover"),
        (["NMC811", "--content", "0.5", "--content", "0.999"], "lithium content: 0.999"),
        (["NMC811", "--pressure", "-1 MPa"], "pressure: -1 MPa"),
        (["NMC811", "--pressure", "5"], "--pressure"),
        (["NMC811", "--figure", "pressure.txt"], "--figure"),
        (["NMC8111"], "did you mean"),
    ],
)
def test_refusals_take_one_line(call, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("pressure-voltage", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_negative_pressure_is_refused_in_python():
    with pytest.raises(InputError, match="pressure: -2 MPa"):
        pressure_voltage("NMC811", pressures=[-2e6])
