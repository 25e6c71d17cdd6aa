"""Impedance by cycle: without damage it is that of the fresh cell, and with damage it grows by what the states say."""

from __future__ import annotations

import numpy as np
import pytest

import lisse
from lisse.cell.eis import content_at
from lisse.cell.solving import last_state
from lisse.nyquist import impedance_by_cycle, state_in_charge

GRID = list(np.geomspace(1e6, 1e-3, 28))


@pytest.fixture(scope="module")
def cycled():
    return impedance_by_cycle("koerver-2017", [3, 0, 1], frequencies=GRID)


def test_a_cycle_without_damage_leaves_the_spectrum_of_the_fresh_cell():
    found = impedance_by_cycle("reference", [0, 2], frequencies=GRID, mechanisms=[]).spectra
    fresh, later = (found[cycle].impedance_ohm_cm2 for cycle in (0, 2))
    assert found[2].lithium_content == pytest.approx(found[0].lithium_content, abs=1e-5)
    assert found[2].open_circuit_voltage_V == pytest.approx(found[0].open_circuit_voltage_V, abs=1e-5)
    assert np.abs(later / fresh - 1).max() < 2e-3


def test_spectra_belong_to_one_content(cycled):
    target = content_at(lisse.Cell.load("koerver-2017"), 0.5)
    assert list(cycled.spectra) == [0, 1, 3]
    for spectrum in cycled.spectra.values():
        assert spectrum.lithium_content == pytest.approx(target, abs=1e-3)


def test_the_arc_grows_by_the_resistance_of_the_reaction(cycled):
    first, third = (cycled.spectra[cycle] for cycle in (1, 3))
    middle = np.argmin(np.abs(np.array(GRID) - 10.0))  # below the arcs, above diffusion
    grown = (third.impedance_ohm_cm2 - first.impedance_ohm_cm2)[middle].real
    said = third.resistances_ohm_cm2["cathode reaction"] - first.resistances_ohm_cm2["cathode reaction"]
    assert said > 10
    # Where the pores conduct well the resistance of the reaction adds to the rest.
    assert grown == pytest.approx(said, rel=0.1)
    # The separator does not age.
    assert third.impedance_ohm_cm2[0].real == pytest.approx(first.impedance_ohm_cm2[0].real, rel=1e-3)


def test_the_state_is_that_of_the_charge_at_the_content():
    run = lisse.run("reference", "2 cycles at C/10", mechanisms=["contact_loss"])
    table = run.timeseries
    state = state_in_charge(run, 2, 0.6)
    rows = table[(table["cycle"] == 2) & (table["kind"] == "charge")]
    widest = state["Widest contact gap [m]"].ravel()[0]
    assert state["Mean lithium of connected particles"].ravel()[0] == pytest.approx(
        0.6 * np.interp(-0.6, -rows["lithium_content"], rows["connected_fraction"]), rel=1e-6
    )
    assert widest > 0
    end = state_in_charge(run, 2, 0.0)  # never reached: the end of the charge
    lowest = rows["lithium_content"].iloc[-1] * rows["connected_fraction"].iloc[-1]
    assert end["Mean lithium of connected particles"].ravel()[0] == pytest.approx(lowest, rel=1e-9)
    assert state_in_charge(run, 3, 0.6) is None


def test_a_charged_cell_that_never_worked_has_gaps_of_its_charge():
    """Contact is lost from where the composite was pressed, not from where the cell rests."""
    plain, loose = (
        lisse.impedance(lisse.Cell.load("reference").replace(mechanisms=on), [1.0], 0.9)
        for on in ([], ["contact_loss"])
    )
    assert loose.impedance_ohm_cm2[0].real > 1.2 * plain.impedance_ohm_cm2[0].real


def test_the_state_of_a_run_is_rested_first():
    run = lisse.run("reference", "charge at C/5 until 4.2 V")
    state = last_state(run.options, run.solution)
    short, long = (lisse.impedance(run.cell, [1e3], state=state, rest=rest) for rest in (1.0, 36000.0))
    assert short.open_circuit_voltage_V > long.open_circuit_voltage_V + 1e-3
    assert short.lithium_content == pytest.approx(long.lithium_content, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cycles", "1,ten"], "not a list of whole numbers"),
        (["--cycles", "-1"], "from 0 to 5000"),
        (["--cycles", "1,9000"], "from 0 to 5000"),
        (["--soc", "1.5"], "1.5 is not between 0 and 1"),
        (["--lowest", "10", "--highest", "1"], "frequencies"),
    ],
)
def test_refusals_take_one_line(call, arguments, words):
    code, out, err = call("nyquist", "koerver-2017", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_command(call, document, tmp_path):
    options = ("--cycles", "0,1", "--lowest", "0.1", "--mechanism", "cathode_interphase")
    found = document("nyquist", "koerver-2017", *options, "--figure", str(tmp_path / "n.svg"))
    assert [entry["cycle"] for entry in found["spectra"]] == [0, 1]
    assert found["mechanisms"] == ["cathode_interphase"]
    frequencies = found["spectra"][1]["frequency_Hz"]
    assert min(frequencies) == pytest.approx(0.1)
    assert len(frequencies) == len(found["spectra"][1]["impedance_real_ohm_cm2"])
    assert "as built" in (tmp_path / "n.svg").read_text(encoding="utf-8")
    code, out, _ = call("nyquist", "koerver-2017", *options)
    assert code == 0
    assert "ohm cm2" in out
