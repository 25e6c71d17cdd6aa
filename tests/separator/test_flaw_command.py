"""``lisse flaw``: keys, numbers, refusals, figure."""

import json

import numpy as np
import pytest

from lisse.errors import InputError
from lisse.separator.flaw_assessment import assess_flaw


def test_json_of_the_glass(call):
    """Griffith values of anode.md 3.3 and the pressure of 1 mV."""
    code, out, err = call("flaw", "Li3PS4 glass", "--length", "1 um", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert [round(row["stress_MPa"], 1) for row in found["griffith"]] == [366.4, 115.9, 36.6, 11.6]
    assert found["critical_overpotential_mV"] == pytest.approx(15.6, abs=0.05)
    assert found["overpotential_pressure_MPa"] == pytest.approx(7.42, rel=0.01)
    assert found["cracks"] is False
    assert found["filament_mode"] is None
    assert found["critical_width_nm"] == 0  # 1 mV can not crack a flaw that stands 15.6 mV
    assert found["critical_width_without_ceiling_nm"] == pytest.approx(19, rel=0.2)
    assert 2 < found["monroe_newman"]["threshold_ratio"] < 3


def test_null_where_no_current_cracks(call):
    code, out, _ = call("flaw", "LLZO", "--length", "10 um", "--width", "5 um", "--json")
    assert code == 0
    assert json.loads(out)["initiation_current_density_mA_cm2"] is None


def test_table_names_what_it_rests_on(call):
    code, out, _ = call("flaw", "Li6PS5Cl", "--current", "50 mA/cm^2", "--length", "20 um")
    words = " ".join(out.split())
    assert code == 0
    assert "yes" in words
    assert "fracture toughness of Li6PS5Cl is assumed" in words
    assert "Monroe-Newman" in words


def test_figure(call, tmp_path):
    code, _, _ = call("flaw", "Li6PS5Cl", "--figure", str(tmp_path / "new" / "flaw.svg"))
    assert code == 0
    assert (tmp_path / "new" / "flaw.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Li"], "fracture_toughness"),
        (["Li6PS5Cl", "--pressure", "-1 MPa"], "pressure"),
        (["Li6PS5Cl", "--current", "0 mA/cm^2"], "current"),
        (["Li6PS5Cl", "--length", "0 um"], "length"),
        (["Li6PS5Cl", "--width", "10 um"], "width"),
        (["Li6PS5Cl", "--resistance", "-1 ohm*cm^2"], "resistance"),
        (["Li6PS5Cl", "--temperature", "200 degC"], "temperature"),
        (["Li6PS5Cl", "--length", "5"], "--length"),
        (["Li6PS5Cl", "--figure", "flaw.txt"], "--figure"),
        (["nothing"], "material"),
    ],
)
def test_refusals(call, arguments, words):
    code, out, err = call("flaw", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.startswith("lisse: ")
    assert err.count("\n") == 1


def test_infinite_pressure_is_refused():
    with pytest.raises(InputError, match="pressure"):
        assess_flaw("Li6PS5Cl", pressure=float("inf"))


def test_warmth_softens_lithium():
    """Flow pressure goes as the creep rate to -1/n in the power-law limit: 60 degC, 37 kJ/mol, n = 6.56."""
    cold, warm = (
        assess_flaw("Li6PS5Cl", depth=20e-6, width=10e-6, temperature=t).as_dict()["flow_pressure_MPa"]
        for t in (298.15, 333.15)
    )
    assert warm / cold == pytest.approx(np.exp(-37e3 / 8.314 * (1 / 298.15 - 1 / 333.15) / 6.56), rel=0.01)


def test_a_measured_resistance_is_not_warned_of():
    assert not any("factor of 30" in w for w in assess_flaw("LLZO", local_resistance=1e-4).warnings)
    assert any("factor of 30" in w for w in assess_flaw("LLZO").warnings)


def test_a_glass_has_no_grains():
    assert assess_flaw("Li3PS4 glass").grain_size is None
    assert assess_flaw("Li6PS5Cl").grain_size == pytest.approx(5e-6)
