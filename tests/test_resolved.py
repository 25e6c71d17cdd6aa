"""The resolved tier for a cell and its command: what it reads, says and refuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.errors import InputError
from lisse.resolved import contact_map

Call = Callable[..., tuple[int, str, str]]


def test_json_and_figure(call: Call, tmp_path: Path) -> None:
    figure = tmp_path / "deep" / "map.svg"
    options = ["--pressure", "2 MPa", "--current", "-1 mA/cm^2", "--time", "0.1 h", "--grid", "64", "--seed", "4"]
    code, out, err = call("contact-map", "reference", *options, "--json", "--figure", str(figure))
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert figure.read_text(encoding="utf-8").lstrip().startswith("<?xml")
    assert (found["pressure_MPa"], found["grid"], found["seed"]) == (2.0, 64, 4)
    assert found["contact_fraction"] == found["history"]["contact_fraction"][-1]
    assert found["history"]["time_s"][-1] == pytest.approx(360.0)
    assert {item["name"] for item in found["assumed"]} >= {"roughness.rms_height", "strain_rate"}


def test_table(call: Call) -> None:
    code, out, _ = call("contact-map", "reference", "--pressure", "1 MPa", "--grid", "64")
    assert code == 0
    assert "contact fraction, pressed" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reference", "--pressure=-3 MPa"], "pressure: '-3 MPa' is negative"),
        (["reference", "--current", "1 mA/cm^2"], "needs a time"),
        (["reference", "--time", "0 h"], "time: '0 h'"),
        (["reference", "--grid", "20"], "two grid steps"),
        (["reference", "--figure", "map.txt"], '"map.txt" ends in none of'),
        (["koerver-2017"], "has no creep law"),
    ],
)
def test_bad_input(call: Call, arguments: list[str], words: str) -> None:
    code, out, err = call("contact-map", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_interlayer_keeps_lithium_off() -> None:
    cell = Cell.load("reference").replace(**{"anode.interlayer": {"material": "PEO-LiTFSI", "thickness": "1 um"}})
    with pytest.raises(InputError, match="interlayer: 'PEO-LiTFSI'"):
        contact_map(cell)


def test_no_pressure_is_the_atmosphere() -> None:
    found = contact_map("reference", pressure="0 MPa", grid=64)
    assert found.pressure == 1e5
    assert any("atmosphere" in warning for warning in found.warnings)


def test_stress_outside_of_the_measured_creep_is_said() -> None:
    warnings = contact_map("reference", pressure="20 MPa", grid=64).warnings
    assert any("creep law" in warning and "0.2 to 0.6 MPa" in warning for warning in warnings)


def test_current_over_the_map() -> None:
    """All current flows where lithium touches; the interface costs at least what even sharing would, Z / theta."""
    found = contact_map("reference", pressure="1 MPa", grid=64)
    assert np.mean(found.current.ratio) == pytest.approx(1.0)
    even = 1e-4 / found.last.fraction
    assert even < found.current.area_resistance < 3 * even


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from lisse.anode.rough_contact import Roughness, press, self_affine

    monkeypatch.setitem(sys.modules, "ContactMechanics", None)
    surface = self_affine(64, 100e-6, Roughness())
    with pytest.raises(InputError, match=r"pip install \"lisse\[resolved\]\""):
        press(surface, 1e6, 6.6e9)
    assert press(surface, 1e6, 6.6e9, 1e7).fraction == pytest.approx(0.1, rel=0.05)
