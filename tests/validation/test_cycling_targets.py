"""The targets on cells whose composite ages: what must hold does, and the computations say what they are asked."""

import math

import pytest

from lisse.validation import compute_cycling, validate
from lisse.validation.targets import load_section

KOERVER = {"cell": "koerver-2017", "protocol": "1 cycle at C/10"}


def chosen(*stems):
    section = load_section("cathode")
    names = tuple(f"cathode.{stem}" for stem in stems)
    targets = tuple(target for target in section.targets if target.id.startswith(names))
    return validate([section.model_copy(update={"targets": targets})])


def test_books_and_identities_hold():
    results = chosen("A2.", "A6")
    assert len(results.results) == 3
    assert results.broken_gates() == []


@pytest.mark.slow
def test_trends_of_composition_size_pressure_and_form_hold():
    results = chosen("C1.nickel", "C1.size", "C1.pressure", "C1.fabrication", "C1.coating", "C1.single", "C1.radial")
    assert len(results.results) == 10
    assert {result.verdict for result in results.results} == {"hit"}


@pytest.mark.slow
def test_a_lower_cut_off_and_a_smaller_depth_crack_less():
    results = chosen("C1.cut-off", "C1.depth", "C2.")
    assert len(results.results) == 5
    assert results.broken_gates() == []


def test_an_interphase_alone_isolates_nothing():
    changes = {"mechanisms": ["cathode_interphase"]}
    assert compute_cycling.first_cycle_term("koerver-2017", "isolation", changes) == pytest.approx(0, abs=1e-6)
    assert compute_cycling.first_cycle_term("koerver-2017", "oxidation", changes) > 0.1


def test_a_run_compared_with_itself_differs_by_nothing():
    quantity = "cycles[0].charge_capacity_mAh_g"
    assert compute_cycling.cycling_ratio(KOERVER, quantity, {}) == 1
    assert compute_cycling.cycling_order(KOERVER, quantity, [{}, {}]) == 0
    slow = {"protocol": "1 cycle at C/50"}
    assert compute_cycling.cycling_order(KOERVER, quantity, [{}, slow]) == 1
    assert compute_cycling.cycling_order(KOERVER, quantity, [slow, {}]) == 0


def test_a_cycle_that_is_not_reached_has_no_number():
    later = "cycles[5].charge_capacity_mAh_g"
    assert math.isnan(compute_cycling.cycling_number(KOERVER, later))
    assert compute_cycling.cycling_number(KOERVER, later, missing=0.0) == 0


def test_the_larger_resistance_of_a_cold_cell_has_an_activation_energy():
    cold, warm = (compute_cycling.cell_resistance("koerver-2017", celsius, 0.6) for celsius in (25.0, 60.0))
    # separator alone: 0.11 mS/cm over 400 um make 364 ohm cm2 at 25 degC
    assert cold > 364
    energy = compute_cycling.resistance_energy("koerver-2017", 25.0, 60.0, 0.6)
    boltzmann = 8.617333e-5
    assert energy == pytest.approx(math.log(cold / warm) * boltzmann / (1 / 298.15 - 1 / 333.15), rel=1e-4)
    assert 0.2 < energy < 0.6
