"""Plots of the composite: there where their mechanism was on, well-formed, and with the numbers of the run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import lisse
from lisse.report.composite_charts import figures, origin_resistances
from lisse.report.tables import cycle_heads, cycle_rows, left_out
from lisse.report.write import report_html

KEYS = {
    "contact": {"wetted_fraction": 0.7, "connected_fraction": 0.9, "diffusion_length_ratio": 1.2},
    "cathode_interphase": {"cathode_interphase_nm": 8.0},
    "situations": {"coated_in_contact_fraction": 0.5, "decomposing_fraction": 0.3, "detached_fraction": 0.2},
}


def keys(run):
    return [figure.key for figure in figures(run)]


def add(run, values):
    for number, row in enumerate(run.summary["cycles"]):
        row |= {key: value + 0.001 * number for key, value in values.items()}


def test_a_run_without_mechanisms_shows_none_of_them(run):
    assert keys(run) == []


@pytest.mark.parametrize("key", KEYS)
def test_each_plot_comes_with_its_mechanism(run, key):
    add(run, KEYS[key] | {"cathode_resistance_ohm_cm2": 200.0})
    drawn = {figure.key: figure for figure in figures(run)}
    assert key in drawn
    assert not (set(KEYS) - {key}) & set(drawn)
    ET.fromstring(drawn[key].svg)
    assert "nan" not in drawn[key].svg


@pytest.mark.parametrize("cycles", [1, 2, 80])
def test_any_number_of_cycles_is_drawn(make_run, cycles):
    run = make_run(cycles)
    for values in KEYS.values():
        add(run, values)
    drawn = figures(run)
    assert [figure.key for figure in drawn] == ["contact", "cathode_interphase", "situations", "resistances"]
    for figure in drawn:
        ET.fromstring(figure.svg)


def test_a_cycle_without_a_number_leaves_a_gap(run):
    for values in KEYS.values():
        add(run, values)
    for key in ("wetted_fraction", "detached_fraction", "cathode_interphase_nm"):
        run.summary["cycles"][3][key] = None
    for figure in figures(run):
        ET.fromstring(figure.svg)
        assert "nan" not in figure.svg


def test_resistance_by_origin_is_overpotential_over_current_density(run):
    # The synthetic run has 9.2 and 3.0 mV per mA/cm2 for separator and contacts, 2 % more with each cycle.
    number, table = origin_resistances(run)
    assert number == pytest.approx(np.arange(1, 10))
    assert table["separator"] == pytest.approx(9.2 * (1 + 0.02 * number), rel=1e-9)
    assert table["contacts"] == pytest.approx(3.0 * (1 + 0.02 * number), rel=1e-9)


def test_pressure_is_drawn_against_content_where_it_moves(run):
    table = run.timeseries
    table["lithium_content"] = np.linspace(0.9, 0.3, len(table))
    (figure,) = figures(run)
    assert figure.key == "breathing"
    assert "stack pressure / MPa" in figure.svg
    assert "thickness" not in figure.svg
    table["stack_pressure_MPa"] = 5.0
    assert figures(run) == []
    table["thickness_change_um"] = 5 * (0.9 - table["lithium_content"])
    assert "change of thickness / µm" in figures(run)[0].svg


@pytest.fixture(scope="module")
def worked():
    return lisse.run("koerver-2017", "2 cycles at C/10", mechanisms=["contact_loss", "cracks", "cathode_interphase"])


def test_a_real_run_shows_all_and_its_own_loss(worked):
    drawn = {figure.key: figure for figure in figures(worked)}
    assert list(drawn) == ["breathing", "contact", "cathode_interphase", "situations", "resistances", "first_cycle"]
    row = worked.summary["cycles"][0]
    loss = row["charge_capacity_mAh_g"] - row["discharge_capacity_mAh_g"]
    assert f"loses {loss:.1f} mAh/g" in drawn["first_cycle"].caption
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="28"', drawn["first_cycle"].svg)]
    assert widths[0] / widths[-1] == pytest.approx(
        row["charge_capacity_mAh_g"] / row["discharge_capacity_mAh_g"], rel=2e-3
    )


def test_the_page_holds_them_once_and_lists_less_as_left_out(worked):
    html = report_html(worked)
    for key in ("breathing", "contact", "cathode_interphase", "situations", "resistances", "first_cycle"):
        assert html.count(f'id="{key}"') == 1
    assert not any("Cracks" in text or "contact between oxide" in text for text in left_out(worked.summary))
    assert any("filaments" in text for text in left_out(worked.summary))


def test_columns_of_the_cycles_follow_the_mechanisms(run, worked):
    assert len(cycle_heads(run.summary)) == 7
    assert [head for head, _ in cycle_heads(worked.summary)][7:] == [
        "active", "wetted", "diffusion length", "cathode", "cathode",
    ]  # fmt: skip
    row, table = worked.summary["cycles"][1], cycle_rows(worked.summary)
    assert table[1][7] == f"{100 * row['active_mass_fraction']:.1f}"
    assert table[1][-1] == f"{row['cathode_resistance_ohm_cm2']:.0f}"
