"""Why a cell falls short: values add up, the ideal is the open-circuit curve, what costs nothing gets nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lisse import Cell
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.experiments import Protocol
from lisse.mechanism import FARADAY
from lisse.studies.batch import solve_many
from lisse.studies.causes import causes_of, changes_without, options_without
from lisse.studies.explain import QUANTITIES, _Game, explain

QUICK = "bielefeld-2022"
"""A cell with five causes and one build: 32 short runs."""
EVERY = ["voids", "interphase", "filaments", "bending", "contact_loss", "cracks", "cathode_interphase"]


@pytest.fixture(scope="module")
def quick():
    return explain(Cell.load(QUICK), workers=1)


def open_circuit(cell):
    """Return capacity [mAh/g] and mean voltage between the voltage limits, from the curve of the oxide alone."""
    curve, derived = cell.claim("active", "open_circuit_voltage").value, cell.derived
    content = np.linspace(*curve.range, 100_001)
    inside = content[(curve(content) >= derived.lower_potential) & (curve(content) <= derived.upper_potential)]
    capacity = float(np.ptp(inside)) * FARADAY / cell.number("active", "molar_mass") / 3600
    return capacity, float(np.mean(curve(inside))) - derived.anode_potential


def alone(cell, coalition=frozenset()):
    """Return the value of one set of causes."""
    game = _Game(cell, Protocol.load("1 cycle at C/3"), workers=1)
    return dict(zip(QUANTITIES, game([coalition])[0, 0], strict=True)), game


def test_values_add_up_to_the_gap(quick):
    gap = quick.shares.full - quick.shares.empty
    assert np.abs(quick.shares.values.sum(axis=0) - gap).max() < 1e-9
    assert max(map(abs, quick.residual.values())) < 1e-9
    assert (quick.shares.exact, quick.shares.coalitions, quick.incomplete) == (True, 32, 0)


def test_the_actual_cell_is_that_of_a_run(quick):
    import lisse
    from lisse.energy import energy_of

    last = lisse.run(QUICK, "1 cycle at C/3").summary["cycles"][-1]
    capacity, voltage = last["discharge_capacity_mAh_g"], last["mean_discharge_voltage_V"]
    assert quick.actual["capacity_mAh_g"] == pytest.approx(capacity, rel=5e-4)
    assert quick.actual["voltage_V"] == pytest.approx(voltage, abs=3e-4)
    assert quick.actual["energy_Wh_kg_active"] == pytest.approx(capacity * voltage, rel=6e-4)
    whole = energy_of(Cell.load(QUICK), last["discharge_capacity_mAh_cm2"], voltage).specific_energy
    assert quick.actual["energy_Wh_kg"] == pytest.approx(whole, rel=6e-4)


@pytest.mark.parametrize("name", ["reference", "koerver-2017"])
def test_the_ideal_cell_holds_what_its_open_circuit_curve_does(name):
    cell = Cell.load(name)
    ideal, game = alone(cell)
    capacity, voltage = open_circuit(cell)
    assert ideal["capacity_mAh_g"] == pytest.approx(capacity, rel=5e-3)
    assert ideal["voltage_V"] == pytest.approx(voltage, abs=5e-3)
    assert game.incomplete == 0


def test_fast_diffusion_of_a_quick_oxide_stays_within_what_the_solver_can_follow():
    """LiCoO2 needs a factor of tens where NMC811 needs 1e5, at which the solver of LiCoO2 would never return."""
    factors = {}
    for name in ("zhang-2017", "reference"):
        cell = Cell.load(name)
        options = options_for(cell)
        values = parameter_values(cell, options)
        cause = next(c for c in causes_of(cell, options, values) if c.name == "particle_diffusion")
        factors[name] = changes_without([cause], values)["Positive particle diffusivity integral [m2.s-1]"]
    # R^2/3600/(15 D 1e-4) with R = 5 um and D = 1e-13 m2/s
    assert factors["zhang-2017"] == pytest.approx(25e-12 / 3600 / (15 * 1e-13 * 1e-4), rel=0.02)
    assert factors["reference"] == 1e5


def test_causes_that_cost_nothing_get_nothing():
    """A separator of 10 nm."""
    cell = Cell.load(QUICK).replace(**{"separator.thickness": "10 nm"})
    found = explain(cell, workers=1)
    shares = {cause.name: found.share(place, "capacity_mAh_g") for place, cause in enumerate(found.causes)}
    noise = 2e-4 * found.ideal["capacity_mAh_g"]  # of the solver
    assert abs(shares["separator"]) < noise
    assert shares["particle_diffusion"] < -100 * noise


def test_the_share_of_a_thick_separator_in_the_voltage():
    """Its drop at the current, and again at most that because the charge ends that much below the limit."""
    cell = Cell.load(QUICK).replace(**{"separator.thickness": "0.5 mm"})
    found = explain(cell, "1 cycle at C/10", workers=1)
    place = [cause.name for cause in found.causes].index("separator")
    drop = cell.derived.nominal_capacity / 10 / 3600 * cell.derived.separator_resistance
    assert drop > 3e-3
    assert -2 * drop < found.share(place, "voltage_V") < -drop


def test_builds_that_are_equal_count_once():
    """Oxidation on carbon is part of the cathode's interphase: without it, its switch makes no other build."""
    cell = Cell.load("reference").replace(mechanisms=EVERY)
    options = options_for(cell)
    causes = {cause.name: cause for cause in causes_of(cell, options, parameter_values(cell, options))}
    assert len(causes) == 12
    assert {cause.figure for cause in causes.values()} == set("abcdefgh") | {""}
    one = options_without(options, [causes["cathode_interphase"]])
    assert one == options_without(options, [causes["cathode_interphase"], causes["electrolyte_oxidation"]])
    assert one != options_without(options, [causes["electrolyte_oxidation"]])


def test_diffusion_in_an_alloy_anode_is_a_cause():
    cell = Cell.load("reference").replace(**{"anode.material": "Li-Mg"})
    options = options_for(cell)
    names = [cause.name for cause in causes_of(cell, options, parameter_values(cell, options))]
    assert options.alloy_diffusion
    assert "anode_diffusion" in names


def test_a_cell_that_needs_its_own_build_keeps_the_options_of_the_others():
    """A set of causes that is off stays off for a draw of which the common build makes nothing."""
    cell = Cell.load("koerver-2017")
    off = [c for c in causes_of(cell, options_for(cell), parameter_values(cell)) if c.mechanisms]
    options = options_without(options_for(cell), off)
    other = cell.replace(**{"cathode.active": "NMC622", "cathode.initial_lithium_content": 0.93})

    def read(solved):
        return any("crack" in name.lower() for name in solved.solution.all_models[0].variables)

    found = solve_many(cell, "1 cycle at C/3", [cell, other].__getitem__, 2, read=read, workers=1, options=options)
    assert found == [False, False]


def test_draws_are_common_to_all_sets_of_causes():
    found = explain(Cell.load(QUICK), draws=3, seed=4, workers=1)
    assert found.drawn is not None
    values, empty, full = found.drawn.values, found.drawn.empty, found.drawn.full
    assert values.shape == (5, 3, 4)
    assert np.abs(values.sum(axis=0) - (full - empty)).max() < 1e-9
    assert np.ptp(full[:, 0]) > 1  # they differ
    document = found.as_dict()["uncertainty"]
    assert (document["draws"], document["failed"], document["seed"]) == (3, 0, 4)
    first = document["causes"][0]["capacity_mAh_g"]
    assert first["p05"] <= first["median"] <= first["p95"]
    assert first["median"] == pytest.approx(float(np.median(values[0, :, 0])))


def test_the_result_does_not_depend_on_the_number_of_processes(quick):
    two = explain(Cell.load(QUICK), workers=2)
    assert np.abs(two.shares.values - quick.shares.values).max() < 1e-9


def test_the_document_is_json(quick):
    document = json.loads(json.dumps(quick.as_dict()))
    assert set(document) == {
        "cell", "protocol", "ideal_cell", "ideal", "actual", "residual", "exact", "coalitions", "incomplete_runs",
        "causes", "uncertainty", "mechanisms_off",
    }  # fmt: skip
    assert set(document["causes"][0]) == {"name", "label", "review_figure_1", "standard_error", *QUANTITIES}
    assert document["uncertainty"] is None
    assert [row["name"] for row in document["causes"]] == [cause.name for cause in quick.causes]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sym-li-lpscl", {}, "symmetric"),
        (QUICK, {"orders": 1}, "orders: 1"),
        (QUICK, {"draws": -1}, "draws: -1"),
    ],
)
def test_bad_input(name, arguments, words):
    with pytest.raises(InputError, match=words):
        explain(Cell.load(name), **arguments)


def test_a_protocol_without_a_discharge_is_refused():
    with pytest.raises(InputError, match="discharges nothing"):
        explain(Cell.load(QUICK), "Charge at C/3 until 4.2 V", workers=1)


@pytest.mark.slow
def test_all_mechanisms_from_random_orders():
    """Twelve causes, each mechanism of the lithium, the separator and the composite among them."""
    found = explain(Cell.load("reference").replace(mechanisms=EVERY), orders=6, seed=1)
    assert not found.shares.exact
    assert found.incomplete == 0
    assert max(map(abs, found.residual.values())) < 1e-9
    capacity = {cause.name: found.share(place, "capacity_mAh_g") for place, cause in enumerate(found.causes)}
    assert max(found.error(place, "capacity_mAh_g") for place in range(12)) < 1
    assert min(capacity, key=capacity.__getitem__) == "particle_diffusion"
    assert max(capacity.values()) < 0.1  # nothing gains
