"""Sulfides in humid air: closed form against its rate law, sulfur balance, humidity as people write it, the command."""

import json

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lisse.errors import InputError
from lisse.materials import Material
from lisse.separator import air


def test_closed_form_solves_the_rate_law():
    rate, activity, surface = 3e-8, 0.4, 500.0
    solution = solve_ivp(lambda _, x: rate * activity * surface * (1 - x), (0, 5e5), [0.0], rtol=1e-10, atol=1e-12)
    assert air.reacted_fraction(5e5, rate, activity, surface) == pytest.approx(solution.y[0, -1], rel=1e-8)


def test_vapour_pressures_of_water():
    """Handbook values over liquid water: 611 Pa at 0, 2339 Pa at 20, 7384 Pa at 40 degC; 19 Pa at -40 (supercooled)."""
    got = air.saturation_pressure(np.array([273.15, 293.15, 313.15, 233.15]))
    assert got == pytest.approx([611.2, 2339, 7384, 19.0], rel=6e-3)


@pytest.mark.parametrize("text", ["50 %", "0.5", 0.5, "13.87 degC dew point", "dew point 13.87 degC"])
def test_one_humidity_in_many_words(text):
    """A dew point of 13.9 degC at 25 degC is half humidity (psychrometric tables)."""
    assert air.read_humidity(text, 298.15) == pytest.approx(0.5, rel=2e-3)


@pytest.mark.parametrize("text", ["wet", "0 %", "120 %", "-40 degC", "30 degC dew point", "-300 degC dew point", "50"])
def test_humidities_that_are_refused(text):
    with pytest.raises(InputError, match="humidity") as refused:
        air.read_humidity(text, 298.15)
    assert str(refused.value).count(".") - str(refused.value).count("0.") <= 2
    assert "\n" not in str(refused.value)


def test_everything_reacted_gives_all_the_sulfur_and_no_conductivity():
    result = air.expose("Li6PS5Cl", "100 %", "9 years")
    assert result.fraction[-1] == pytest.approx(1.0, abs=1e-6)
    assert result.evolved[-1] == pytest.approx(5 / 0.26836, rel=1e-4)
    assert result.gas_volume[-1] == pytest.approx(5 / 0.26836 * 0.024465, rel=1e-3)  # 24.465 l/mol at 25 degC, 1 atm
    assert result.conductivity[-1] < 1e-12 * result.conductivity[0]


def test_order_of_the_literature():
    """Muramatsu 2011 (review): 67:33 gives more H2S than 75:25; 80:20 lies between, and so does the argyrodite."""
    names = ("67Li2S-33P2S5", "Li6PS5Cl", "80Li2S-20P2S5", "75Li2S-25P2S5")
    gas = [air.expose(name, "50 %", "1 h").gas_volume[-1] for name in names]
    assert gas[0] == max(gas)
    assert gas[3] == min(gas)
    assert gas[0] > gas[2] > gas[3]


def test_every_rate_is_an_assumption_in_a_material_that_has_the_rest():
    rated = [m for m in map(Material.load, ("Li3PS4", "Li7P3S11", "LGPS", "Li6PS5Br")) if m.has("hydrolysis_rate")]
    assert len(rated) == 4
    for material in rated:
        assert material.claim("hydrolysis_rate").method == "assumed"
        result = air.expose(material.name, "30 %", "1 h")
        assert 0 < result.fraction[-1] < 0.2
        assert "ranking only" in result.warnings[0]


def test_a_thin_sheet_reacts_slower_than_its_powder_and_has_a_volume_of_gas():
    powder = air.expose("Li6PS5Cl", "50 %", "1 h")
    sheet = air.expose("Li6PS5Cl", "50 %", "1 h", thickness="30 um", area="100 cm^2")
    # surfaces 6/d = 1.2 and 2/L = 0.0667 per um
    assert powder.specific_surface / sheet.specific_surface == pytest.approx(18.0, rel=1e-9)
    gas = sheet.as_dict()
    assert gas["h2s_cm3"] == pytest.approx(0.561 * gas["h2s_cm3_g"], rel=1e-3)  # 30 um x 100 cm2 x 1.87 g/cm3


def test_command_prints_json_alone_and_writes_its_figure(call, tmp_path):
    figure = tmp_path / "plots" / "air.png"
    code, out, err = call("air", "LPSCl", "--humidity", "50 %", "--time", "2 h", "--json", "--figure", str(figure))
    values = json.loads(out)
    assert (code, err) == (0, "")
    assert values["material"] == "Li6PS5Cl"
    assert values["time_h"] == pytest.approx(2.0)
    left = values["conductivity_left_S_cm"] / values["conductivity_fresh_S_cm"]
    assert left == pytest.approx((1 - values["reacted_fraction"]) ** 3, rel=1e-9)
    assert len(values["series"]["time_h"]) == len(values["series"]["h2s_cm3_g"])
    assert figure.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("LLZO", "--humidity", "50 %", "--time", "1 h"), "hydrolysis_rate"),
        (("NMC811", "--humidity", "50 %", "--time", "1 h"), "hydrolysis_rate"),
        (("LPSCl", "--humidity", "wet", "--time", "1 h"), "humidity"),
        (("LPSCl", "--humidity", "50 %", "--time", "-1 h"), "time"),
        (("LPSCl", "--humidity", "50 %", "--time", "1 h", "--thickness", "0 um"), "thickness"),
        (("LPSCl", "--humidity", "50 %", "--time", "1 h", "--area", "1 cm^2"), "area"),
        (("LPSCl", "--humidity", "50 %", "--time", "1 h", "--figure", "x.txt"), "--figure"),
        (("LPSCl", "--humidity", "50 %", "--time", "1 h", "--temperature", "900 degC"), "temperature"),
    ],
)
def test_bad_input_is_one_sentence(call, arguments, word):
    code, out, err = call("air", *arguments)
    assert (code, out) == (2, "")
    assert word in err
    assert err.count("\n") == 1
