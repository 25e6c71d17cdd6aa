"""Numbers of a design: those that need no run in closed form, those of a run as the run and the energy give them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import lisse
from lisse import Cell
from lisse.energy import energy_of
from lisse.studies import metrics
from lisse.studies.metrics import METRICS, Candidate, Settings

ALONE = Settings(workers=1, cells=30, cycles=10)


def read(name, candidate):
    return METRICS[name].read(candidate)


@pytest.fixture(scope="module")
def cell():
    return Cell.load("practical-pouch")


@pytest.fixture(scope="module")
def run(cell):
    return Candidate(cell, "1 cycle at C/3", ALONE)


def test_numbers_without_a_run(cell):
    candidate = Candidate(cell, "not read", ALONE)
    # 4.839 um of lithium for each mAh/cm2 of practical capacity.
    practical = 0.2439 * cell.derived.practical_capacity / 3.6e4
    assert read("lithium_excess", candidate) == [pytest.approx(4.84 / (4.839 * practical), rel=0.01)]
    assert read("window_margin", candidate) == [pytest.approx(cell.number("coating", "oxidation_potential") - 4.3)]
    # Lithium, separator, cathode and both foils, of which a stack shares each with its neighbour.
    layers = 4.84 + 30 + 1e6 * cell.derived.cathode_thickness
    assert layers < read("stack_thickness", candidate)[0] <= layers + 10 + 6


def test_a_bare_sulfide_has_no_window_left(cell):
    """Its edge near 2 V is some 2 V below the upper potential of an NMC cell."""
    bare = Candidate(cell.replace(**{"cathode.coating": None}), "", ALONE)
    assert read("window_margin", bare)[0] == pytest.approx(-2.2, abs=0.3)


def test_numbers_of_the_run(cell, run):
    whole = lisse.run(cell, "1 cycle at C/3").summary["cycles"][-1]
    assert read("capacity", run) == [pytest.approx(whole["discharge_capacity_mAh_g"], rel=1e-3)]
    assert read("areal_capacity", run)[0] == pytest.approx(24.39e-3 * read("capacity", run)[0], rel=1e-6)
    assert read("mean_voltage", run) == [pytest.approx(whole["mean_discharge_voltage_V"], rel=1e-4)]
    assert read("retention", run) == [1.0]
    assert read("highest_pressure", run) == [pytest.approx(3.0)]


def test_energies_are_those_of_the_breakdown(cell, run):
    (capacity,), (voltage,) = read("areal_capacity", run), read("mean_voltage", run)
    levels = energy_of(cell, capacity, voltage).levels
    assert read("specific_energy", run) == [pytest.approx(levels["cell"].specific_energy)]
    assert read("energy_density", run) == [pytest.approx(levels["cell"].energy_density)]
    # The fixture that holds 3 MPa has a mass.
    pressed = read("pressed_energy", run)[0]
    assert pressed == pytest.approx(levels["cell_with_fixture"].specific_energy)
    assert pressed < read("specific_energy", run)[0]


def test_more_pressure_needs_more_fixture(cell, run):
    harder = Candidate(cell.replace(**{"operation.stack_pressure": "6 MPa"}), "1 cycle at C/3", ALONE)
    # The mass of a fixture goes with its force, so the gap in kg per Wh doubles.
    gap = [1 / read("pressed_energy", one)[0] - 1 / read("specific_energy", one)[0] for one in (run, harder)]
    energy = [read("areal_capacity", one)[0] * read("mean_voltage", one)[0] for one in (run, harder)]
    assert gap[1] * energy[1] == pytest.approx(2 * gap[0] * energy[0], rel=0.01)


def test_draws_are_common_to_all_designs(cell):
    """Equal designs give equal numbers, and another design is judged on the same draws."""
    settings = replace(ALONE, draws=4)
    one, again = (read("capacity", Candidate(cell, "1 cycle at C/3", settings)) for _ in range(2))
    thick = cell.replace(**{"separator.thickness": "31 um"})
    other = read("capacity", Candidate(thick, "1 cycle at C/3", settings))
    assert one == again
    assert len(one) == 5
    assert np.std(one) > 1.0
    # A micrometre of separator moves all draws together: their differences hardly vary.
    assert np.std(np.subtract(other, one)) < 0.05 * np.std(one)


def test_a_composite_that_does_not_percolate_says_so(cell):
    poor = cell.replace(**{"cathode.mass_fractions": {"active": 0.94, "electrolyte": 0.055, "carbon": 0.005}})
    candidate = Candidate(poor, "1 cycle at C/3", ALONE)
    assert math.isnan(read("specific_energy", candidate)[0])
    assert "No path for ions" in candidate.why_nothing()


@pytest.fixture(scope="module")
def slow_and_fast(cell):
    warm = cell.replace(**{"operation.temperature": "60 degC"})
    return [
        Candidate(warm, "", replace(ALONE, charge_rate=rate, discharge_rate=rate, cycles=6)) for rate in (0.05, 1.0)
    ]


def test_slow_charges_live_longer(slow_and_fast):
    slow, fast = slow_and_fast
    assert read("short_probability", slow)[0] < read("short_probability", fast)[0]
    assert read("mean_life", slow)[0] > read("mean_life", fast)[0]
    assert read("median_life", slow)[0] == 6
    # Cells that short end early, so both numbers speak of the same cells.
    assert fast.life.cycles[fast.life.shorted].max() <= 6
    assert read("mean_life", fast)[0] == pytest.approx(fast.life.cycles.mean())


def test_the_critical_current_does_not_depend_on_the_foil(cell, monkeypatch):
    """A test strips its foil first: a thin one would end for want of lithium, not of contact."""
    monkeypatch.setattr(metrics, "CURRENT_STEPS", (10.0, 30.0, 50.0))
    settings = replace(ALONE, cells=21, charge_rate=0.1)
    thin, thick = (
        read("ccd_margin", Candidate(cell.replace(**{"anode.thickness": text}), "", settings))[0]
        for text in ("2 um", "20 um")
    )
    assert thin == thick
    # Plating 5 mAh/cm2 in ten hours is 0.5 mA/cm2, and the median of 21 cells is one of the steps.
    assert round(thin * 5.0, 6) in (10.0, 30.0, 50.0)


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("short_probability", {"anode": {"material": "Li-In", "thickness": "100 um"}}, "skeleton"),
        ("separator_stress", {}, "bending"),
    ],
)
def test_numbers_that_a_cell_lacks(cell, name, changes, word):
    assert word in (METRICS[name].refusal(cell.replace(**changes)) or "")


def test_numbers_that_a_cell_has(cell):
    assert {name for name, metric in METRICS.items() if metric.refusal(cell)} == {"separator_stress"}
