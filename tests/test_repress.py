"""Pressing a cell again: what comes back, what does not, and books that close over the joint."""

import numpy as np
import pytest

import lisse
from lisse.cell.options import CATHODE_MECHANISMS
from lisse.errors import InputError
from lisse.repress import HEALING_PRESSURE, repress

INVENTORIES = tuple(f"{name} lithium inventory [mol]" for name in ("Cathode", "Isolated cathode"))
SIZES = {
    "cathode.particle_radius": None,
    "cathode.particle_diameter": None,
    "cathode.distribution": {"diameters": ["3 um", "9 um"], "volume_fractions": [0.4, 0.6]},
}


@pytest.fixture(scope="module")
def aged():
    """Three cycles of the uncoated nickel-rich cell with all that wears its composite."""
    return lisse.run("koerver-2017", "3 cycles at C/10", mechanisms=list(CATHODE_MECHANISMS))


def at(run, name, moment):
    return float(np.ravel(run.solution[name].entries)[moment])


def test_pressing_brings_contact_and_capacity_back(aged):
    both = repress(aged, "300 MPa", "1 cycle at C/10")
    rows = both.summary["cycles"]
    assert both.summary["status"] == "completed"
    assert [row["cycle"] for row in rows] == [1, 2, 3, 4]
    assert rows[3]["discharge_capacity_mAh_g"] > rows[2]["discharge_capacity_mAh_g"] + 0.5
    joint = both.timeseries
    after = joint[joint["cycle"] == 4].iloc[0]
    before = joint[joint["cycle"] == 3].iloc[-1]
    assert after["connected_fraction"] > before["connected_fraction"] + 0.1
    # Of the gaps that cycling has added, exp(-300/125) stays.
    assert HEALING_PRESSURE == 125e6
    assert at(both, "Irreversible gap volume", 0) == pytest.approx(
        at(aged, "Irreversible gap volume", -1) * np.exp(-300 / 125), rel=1e-6
    )
    # Cracks and interphase are as they were.
    for name in ("Crack density", "Cathode interphase thickness [m]"):
        assert at(both, name, 0) == pytest.approx(at(aged, name, -1), rel=1e-9)
    assert joint["time_s"].is_monotonic_increasing


def test_lithium_of_what_was_isolated_comes_back_and_none_else(aged):
    both = repress(aged, "300 MPa", "Rest for 1 minute")
    old, new = ([at(run, name, moment) for name in INVENTORIES] for run, moment in ((aged, -1), (both, 0)))
    assert sum(new) == pytest.approx(sum(old), rel=1e-10)
    assert new[1] < old[1] / 5
    # Particles cut off by cracks stay so: 1 - uncracked of the sites, with the lithium that all isolated ones share.
    isolated = at(aged, "Isolated lithium", -1) / (1 - at(aged, "Connected fraction", -1))
    left = 1 - at(both, "Connected fraction", 0)
    assert at(both, "Isolated lithium", 0) == pytest.approx(isolated * left, rel=1e-6)
    assert left >= 1 - at(aged, "Uncracked mass fraction", -1) - 1e-9
    # The content of the connected particles is the mean of both parts.
    whole = at(aged, "Connected fraction", -1)
    mean = (whole * at(aged, "Mean lithium content", -1) + (1 - left - whole) * isolated) / (1 - left)
    assert at(both, "Mean lithium content", 0) == pytest.approx(mean, rel=1e-6)


def test_books_close_over_the_joint(aged):
    both = repress(aged, "300 MPa", "1 cycle at C/10")
    assert abs(both.books.lithium_relative_error) < 1e-8
    assert abs(both.books.charge_relative_error) < 1e-8
    assert abs(both.books.energy_relative_error) < 1e-4
    for name in ("Anode lithium inventory [mol]", "Cathode interphase lithium inventory [mol]"):
        assert at(both, name, 0) == pytest.approx(at(aged, name, -1), rel=1e-9)


def test_more_pressure_brings_more_back_and_hardly_any_nothing(aged):
    fractions = [
        repress(aged, pressure, "Rest for 1 minute").timeseries["connected_fraction"].iloc[-1]
        for pressure in ("0.001 MPa", "100 MPa", "400 MPa")
    ]
    before = aged.timeseries["connected_fraction"].iloc[-1]
    assert before - 1e-6 <= fractions[0] <= fractions[1] <= fractions[2] <= 1
    assert fractions[2] > before + 0.1


def test_size_classes_are_pressed_one_by_one_and_a_cell_twice():
    worn = lisse.run("koerver-2017", "1 cycle at C/10", mechanisms=["contact_loss"], changes=SIZES)
    once = repress(worn, "300 MPa", "1 cycle at C/10")
    twice = repress(once, "300 MPa", "1 cycle at C/10")
    assert [row["cycle"] for row in twice.summary["cycles"]] == [1, 2, 3]
    for earlier, later in ((worn, once), (once, twice)):
        names = [f"{n[:-24]}{k} lithium inventory [mol]" for n in INVENTORIES for k in ("", " (2)")]
        old, new = (sum(at(run, name, moment) for name in names) for run, moment in ((earlier, -1), (later, 0)))
        assert new == pytest.approx(old, rel=1e-10)
        assert not later.books.failures()


def test_a_run_directory_holds_the_whole(aged, tmp_path):
    both = repress(aged, "300 MPa", "Charge at C/10 for 1 hour")
    saved = both.save(tmp_path / "run", report=False)
    assert "pressed again at 300 MPa" in (saved / "protocol.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("pressure", ["0 MPa", "-1 MPa", "300", "3 GPa", "much", "1e400 MPa", "5 degC"])
def test_a_pressure_that_is_none_is_refused(aged, pressure):
    with pytest.raises(InputError) as refusal:
        repress(aged, pressure, "1 cycle at C/10")
    assert "repress" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_cannot_be_pressed_is_refused(aged):
    plain = lisse.run("koerver-2017", "Charge at C/10 for 1 hour", mechanisms=["cracks"])
    with pytest.raises(InputError, match="contact_loss"):
        repress(plain, "300 MPa", "1 cycle at C/10")
    with pytest.raises(InputError, match="protocol"):
        repress(aged, "300 MPa", "a walk in the park")
    symmetric = lisse.run("sym-li-lpscl", "Charge at 0.1 mA/cm^2 for 1 minute")
    with pytest.raises(InputError, match="contact_loss"):
        repress(symmetric, "300 MPa", "1 cycle at C/10")


def test_the_command_line_presses_again(document, call, tmp_path):
    base = ("run", "koerver-2017", "--protocol", "1 cycle at C/5", "--mechanism", "contact_loss")
    summary = document(*base, "--repress", "300 MPa", "--then", "1 cycle at C/5")
    assert [row["cycle"] for row in summary["cycles"]] == [1, 2]
    code, out, err = call(*base, "--repress", "300 MPa", "--out", str(tmp_path / "run"))
    assert (code, out) == (2, "")
    assert err.startswith("lisse: --repress: it goes with --then")
    assert not (tmp_path / "run").exists()
