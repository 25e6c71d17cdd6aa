"""First-cycle loss: it closes by conservation of lithium, and its terms are what papers and closed forms say."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.optimize import brentq

import lisse
from lisse.first_cycle import TERMS, decompose, first_cycle

ALL = ["contact_loss", "cracks", "cathode_interphase"]
THEORETICAL = 275.5
"""NMC811 [mAh/g]."""


@pytest.fixture(scope="module")
def koerver():
    return first_cycle("koerver-2017")


def test_terms_add_up_to_charge_less_discharge(koerver):
    assert list(koerver.terms) == list(TERMS)
    assert sum(koerver.terms.values()) == pytest.approx(koerver.loss, abs=1e-6)
    assert koerver.mechanisms == tuple(ALL)


def test_a_cell_that_lists_no_mechanism_of_the_composite_gets_all_and_says_so():
    found = first_cycle("reference", changes={"mechanisms": ["interphase"]})
    assert found.mechanisms == ("interphase", *ALL)
    assert "lists no mechanism of the composite" in found.warnings[0]
    assert "lists no mechanism" not in " ".join(first_cycle("reference", mechanisms=["cracks"]).warnings)


@pytest.mark.parametrize(
    ("mechanisms", "changes"),
    [
        (["contact_loss"], {"operation.fixture": "spring", "operation.spring_stiffness": "0.3 MPa/um"}),
        (["contact_loss", "voids", "filaments", "interphase"], {}),  # the short takes charge besides
        (ALL, {"cathode.distribution": {"d10": "2 um", "d50": "4 um", "d90": "8 um"}}),
    ],
)
def test_they_do_with_any_fixture_short_or_size_classes(mechanisms, changes):
    found = first_cycle("reference", mechanisms=mechanisms, changes=changes)
    assert sum(found.terms.values()) == pytest.approx(found.loss, abs=1e-6)
    assert found.terms["isolation"] > 1


def test_without_mechanisms_the_loss_is_that_of_the_liquid_control():
    # Koerver et al. 2017: 211 - 181 mAh/g in a liquid electrolyte, at the same rate.
    found = first_cycle("koerver-2017", mechanisms=[])
    assert found.terms["kinetic"] == pytest.approx(30, abs=3)
    assert (found.terms["isolation"], found.terms["oxidation"]) == (0, 0)
    assert found.loss_without_mechanisms is None


def test_the_solid_interface_costs_more_than_that(koerver):
    assert koerver.loss_without_mechanisms == pytest.approx(30, abs=3)
    assert koerver.loss > koerver.loss_without_mechanisms + koerver.interface_loss * 0.9
    # Their remainder of 18 to 22 mAh/g is for the real cell; isolation can take no more than all that is cut off holds.
    cut_off = (
        1 - lisse.run("koerver-2017", "1 cycle at C/10", mechanisms=ALL).summary["cycles"][0]["active_mass_fraction"]
    )
    start, end = koerver.contents
    assert 0 < koerver.terms["isolation"] < THEORETICAL * cut_off * end
    assert end < start
    # 0.64 mAh/g if 1 % of the electrolyte is oxidised (their XPS), 7 at most.
    assert 0.64 / 3 < koerver.terms["oxidation"] < 7


def test_polarisation_is_the_open_circuit_curve_below_the_ohmic_drop():
    """With fast particles, the charge between the limit and the limit plus i R is closed form."""
    resistance, rate = 0.1, 0.1  # ohm m2, 1/h
    changes = {
        "contacts.series_resistance": f"{resistance * 1e4} ohm*cm^2",
        "claims.active.diffusivity": "1e-12 m^2/s",
        "claims.active.exchange_current_density": "1000 A/m^2",
        "cathode.coating": None,
        "operation.voltage_window": ["3.6 V", "4.2 V"],
    }
    found = first_cycle("table1-51-lpscl-nmc111", mechanisms=[], changes=changes)
    cell = lisse.Cell.load("table1-51-lpscl-nmc111").replace(**changes)
    curve = cell.claim("active", "open_circuit_voltage").value
    current = cell.derived.nominal_capacity / 3600 * rate
    total = (
        resistance
        + cell.derived.separator_resistance
        + cell.derived.cathode_thickness
        / 3
        * (1 / cell.derived.cathode_ionic_conductivity + 1 / cell.derived.cathode_electronic_conductivity)
    )
    above, at = (
        brentq(lambda x, v=v: float(curve(x)) - v, 0.5, 0.99)
        for v in (cell.derived.lower_potential + current * total, cell.derived.lower_potential)
    )
    expected = (at - above) * cell.derived.theoretical_capacity / 3600  # mAh/g
    assert expected > 5
    assert found.terms["polarisation"] + found.terms["anode"] == pytest.approx(expected, rel=0.08)


def test_a_half_deep_cycle_has_no_terms():
    run = lisse.run("reference", "charge at C/10 until 4.2 V, discharge at C/5 until 3.8 V")
    with pytest.raises(lisse.LisseError, match=r"ends at 3.8\d* V, not at the lower limit of 2"):
        decompose(run)
    with pytest.raises(lisse.LisseError, match="not one charge followed by one discharge"):
        decompose(lisse.run("reference", "charge at C/10 until 4.2 V"))


def test_command(call, document, tmp_path):
    figure = tmp_path / "loss.svg"
    found = document("first-cycle", "koerver-2017", "--mechanism", "contact_loss", "--figure", str(figure))
    assert found["mechanisms"] == ["contact_loss"]
    assert sum(found["terms_mAh_g"].values()) == pytest.approx(found["loss_mAh_g"], abs=1e-6)
    terms = found["terms_mAh_g"]
    assert found["interface_loss_mAh_g"] == pytest.approx(terms["isolation"] + terms["oxidation"])
    assert found["interface_share_of_loss"] == pytest.approx(found["interface_loss_mAh_g"] / found["loss_mAh_g"])
    assert "lost" in figure.read_text(encoding="utf-8")
    code, out, _ = call("first-cycle", "koerver-2017", "--mechanism", "contact_loss")
    assert code == 0
    assert f"{found['loss_mAh_g']:.1f} mAh/g" in out
    assert json.dumps(found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sym-li-lpscl"], "symmetric cell"),
        (["reference", "--rate", "fast"], "fast"),
        (["reference", "--mechanism", "breathing"], "breathing"),
        (["reference", "--figure", "loss.txt"], "--figure"),
    ],
)
def test_refusals_take_one_line(call, arguments, words):
    code, out, err = call("first-cycle", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_figure_bars_end_where_the_next_begins(koerver):
    from lisse.report.composite_figures import plot_first_cycle

    bars = plot_first_cycle(koerver).axes[0].patches
    assert len(bars) == 7
    lower = np.array([bar.get_y() for bar in bars])
    upper = lower + [bar.get_height() for bar in bars]
    assert upper[0] == pytest.approx(koerver.charge)
    assert upper[1:6] == pytest.approx(np.concatenate([upper[:1], lower[1:5]]))
    assert lower[5] == pytest.approx(koerver.discharge)
    assert upper[6] == pytest.approx(koerver.discharge)
