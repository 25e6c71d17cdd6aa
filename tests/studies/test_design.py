"""The search of a design against an optimum known in closed form, what binds it, what nothing satisfies, what is kept.

The thinnest stack with an excess of lithium: the separator as thin as it may be, and a foil of just that excess.
"""

from __future__ import annotations

import errno
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from lisse import Cell
from lisse.errors import InputError
from lisse.studies import search as searching
from lisse.studies.design import Constraint, Design, Problem, Trial, evaluate, read_constraint, read_metric
from lisse.studies.design_notes import TRIALS_FILE
from lisse.studies.metrics import METRICS, Settings
from lisse.studies.search import search
from lisse.studies.variables import read_variable

SEPARATOR, FOIL = "separator.thickness=15 um..60 um", "anode.thickness=1 um..20 um"


def problem_of(*constraints, objectives=(("stack_thickness", -1),), vary=(SEPARATOR, FOIL), **settings):
    return Problem(
        Cell.load("practical-pouch"),
        "1 cycle at C/3",
        tuple((read_metric(name, "test"), sign) for name, sign in objectives),
        tuple(read_variable(text) for text in vary),
        tuple(read_constraint(text) for text in constraints),
        settings=Settings(workers=1, **settings),
    )


def excess(foil):
    """Excess of a foil [um] over the practical capacity, which takes 4.839 um for each mAh/cm2."""
    return foil / (4.839 * 0.2439 * Cell.load("practical-pouch").derived.practical_capacity / 3.6e4)


@pytest.fixture(scope="module")
def found():
    return search(problem_of("lithium_excess >= 0.5"), 120, workers=1)


def test_the_known_optimum(found):
    best = found.best
    # Without a better design by more than 1 %: the optimum is 15 um of separator and the foil of an excess of 0.5.
    other = Cell.load("practical-pouch").derived.stack_thickness * 1e6 - 30 - 4.84
    optimum = other + 15 + 0.5 / excess(1.0)
    assert optimum <= best.objectives[0] * (1 + 1e-3)
    assert best.objectives[0] == pytest.approx(optimum, rel=0.01)
    assert best.values["separator.thickness"] == pytest.approx(15, abs=0.45)
    assert excess(best.values["anode.thickness"]) == pytest.approx(0.5, rel=0.03)


def test_what_binds_and_what_is_at_a_bound(found):
    assert [str(row) for row in found.binding(found.best)] == ["lithium_excess >= 0.5"]
    assert [(v.path, bound) for v, bound in found.at_bounds(found.best)] == [("separator.thickness", "lower")]
    assert found.assumed_at_bounds(found.best) == []


def test_assumed_fields_at_their_bound_are_named():
    found = search(problem_of(vary=("geometry.area=10 cm^2..20 cm^2", SEPARATOR)), 2, workers=1)
    trial = replace(found.trials[0], values={"geometry.area": 20.0, "separator.thickness": 15.0})
    assert found.assumed_at_bounds(trial) == ["geometry.area"]


def test_a_constraint_that_alone_rules_out_a_better_design_binds():
    problem = problem_of("lithium_excess >= 0.5", "window_margin >= -1")
    good = Trial({}, (100.0,), (-0.5, -0.5), (0.75, -0.5))
    cheaper = Trial({}, (90.0,), (0.4, -0.5), (0.3, -0.5))
    both = Trial({}, (80.0,), (0.4, 0.4), (0.3, -1.4))
    assert Design(problem, (good,)).binding(good) == []
    assert Design(problem, (good, both)).binding(good) == []
    assert [row.metric.name for row in Design(problem, (good, cheaper)).binding(good)] == ["lithium_excess"]


def test_a_share_of_cells_binds_within_one_cell():
    problem = problem_of("short_probability <= 0.1", cells=20)
    near, far = (Trial({}, (100.0,), ((value - 0.1) / 0.1,), (value,)) for value in (0.05, 0.0))
    assert Design(problem, (near,)).binding(near) == list(problem.constraints)
    assert Design(problem, (far,)).binding(far) == []


def test_what_nothing_satisfies_and_by_how_much():
    found = search(problem_of("lithium_excess >= 10"), 60, workers=1)
    assert found.best is None
    most = found.nearest.constrained[0]
    assert most == pytest.approx(excess(20.0), rel=0.03)
    assert found.shortfall == (
        f"constraints: none of 60 designs keeps lithium_excess >= 10 (at best {most:.4g}, {1 - most / 10:.1%} off)."
    )


def test_constraints_that_contradict_each_other():
    found = search(problem_of("lithium_excess >= 0.5", "lithium_excess <= 0.4"), 30, workers=1)
    assert found.best is None
    assert "keeps all at once" in found.shortfall
    assert found.as_dict()["feasible"] is False


@pytest.mark.parametrize("objectives", [(("stack_thickness", -1),), (("stack_thickness", -1), ("lithium_excess", 1))])
def test_a_resumed_search_is_that_which_was_never_interrupted(tmp_path, objectives):
    problem = problem_of("lithium_excess >= 0.3", objectives=objectives)
    whole = search(problem, 38, out=tmp_path / "whole", workers=1)
    path = tmp_path / "part" / TRIALS_FILE
    search(problem, 18, out=path.parent, workers=1)
    with path.open("a") as file:
        file.write('{"values": {"separ')  # a line that a killed process left
    resumed = search(problem, 38, out=path.parent, resume=True, workers=1)
    assert resumed == whole
    assert path.read_bytes() == (tmp_path / "whole" / TRIALS_FILE).read_bytes()


def test_nothing_is_simulated_twice(tmp_path, monkeypatch):
    problem = problem_of()
    search(problem, 12, out=tmp_path, workers=1)
    seen = []
    monkeypatch.setattr(searching, "evaluate", lambda problem, values: seen.append(values) or evaluate(problem, values))
    search(problem, 15, out=tmp_path, resume=True, workers=1)
    assert len(seen) == 3


def test_processes_do_not_matter():
    problem = problem_of("lithium_excess >= 0.5")
    assert search(problem, 17, workers=2).trials == search(problem, 17, workers=1).trials


def test_ctrl_c_keeps_what_is_done(tmp_path, monkeypatch):
    problem, done = problem_of(), []

    def stopping(problem, values):
        if len(done) == 6:
            raise KeyboardInterrupt
        done.append(values)
        return evaluate(problem, values)

    with monkeypatch.context() as patch:
        patch.setattr(searching, "evaluate", stopping)
        stopped = search(problem, 20, out=tmp_path, workers=1)
    assert stopped.interrupted
    assert len(stopped.trials) == 6
    assert search(problem, 20, out=tmp_path, resume=True, workers=1) == search(problem, 20, workers=1)


def test_the_front_is_that_of_the_thinnest_separators():
    found = search(problem_of(objectives=(("stack_thickness", -1), ("lithium_excess", 1))), 160, workers=1)
    front = found.front
    assert len(front) > 10
    thickness, lithium = zip(*(trial.objectives for trial in front), strict=True)
    assert list(thickness) == sorted(thickness)
    assert list(lithium) == sorted(lithium)
    assert sum(trial.values["separator.thickness"] < 20 for trial in front) > 0.8 * len(front)
    # Both ends of the front lie at the ends of the foil's range.
    foils = [trial.values["anode.thickness"] for trial in front]
    assert foils[0] < 2 < 19 < foils[-1]


def test_designs_that_cannot_be_say_why_and_steer_the_search():
    found = search(problem_of(vary=("cathode.mass_fractions.active=0.9..1.2",)), 40, workers=1)
    assert all("mass_fractions" in row["reason"] for row in found.failures)
    impossible = sum(trial.values["cathode.mass_fractions.active"] >= 0.995 for trial in found.trials)
    assert sum(row["count"] for row in found.failures) == impossible > 0
    # The middle of the range is impossible; the best, next to what is, is found all the same.
    assert found.trials[0].reason is not None
    assert 0.98 < found.best.values["cathode.mass_fractions.active"] < 0.995


def test_an_error_that_nobody_foresaw_is_a_design_with_its_reason(monkeypatch):
    def broken(candidate):
        raise ZeroDivisionError("by zero")

    problem = problem_of("lithium_excess >= 0.5")
    monkeypatch.setitem(METRICS, "stack_thickness", replace(METRICS["stack_thickness"], read=broken))
    problem = replace(problem, objectives=((METRICS["stack_thickness"], -1),))
    trial = evaluate(problem, problem.middle)
    assert trial.reason == "ZeroDivisionError: by zero"
    assert not trial.feasible


@pytest.mark.parametrize(
    ("sense", "probability", "judged"),
    [("<=", None, 7.0), ("<=", 0.9, 9.0), ("<=", 0.95, 10.0), (">=", 0.9, 2.0), (">=", 0.5, 6.0)],
)
def test_a_chance_constraint_is_judged_on_the_value_that_so_many_draws_keep(sense, probability, judged):
    """Of the draws 1 to 10, nine are at most 9 and nine at least 2; the cell itself has 7."""
    constraint = Constraint(METRICS["capacity"], sense, 5.0)
    draws = [3.0, 10.0, 1.0, 5.0, 4.0, 8.0, 7.0, 2.0, 9.0, 6.0]
    excess, value = constraint.violation([7.0, *draws], probability)
    assert value == judged
    assert excess == pytest.approx((judged - 5) / 5 if sense == "<=" else (5 - judged) / 5)
    kept = sum(draw <= value if sense == "<=" else draw >= value for draw in draws)
    assert probability is None or kept >= 10 * probability > kept - 1


def test_how_far_off_a_design_is():
    margin, capacity = read_constraint("window_margin >= 0"), read_constraint("capacity <= 200 mAh/g")
    assert margin.judged(-0.42) == "-0.42, 0.42 off"
    assert capacity.judged(210.0) == "210, 5.0% off"
    assert capacity.judged(190.0) == "190"
    assert capacity.judged(None) == capacity.judged(math.nan) == "not computed"


def test_a_draw_that_delivers_nothing_keeps_no_constraint():
    constraint = Constraint(METRICS["capacity"], ">=", 5.0)
    assert constraint.violation([7.0, 8.0, 9.0, math.nan], 0.6) == (pytest.approx(-0.6), 8.0)
    assert constraint.violation([7.0, 8.0, 9.0, math.nan], 0.9)[0] == math.inf


def test_rates_of_the_protocol_are_those_of_the_lithium():
    problem = replace(
        problem_of(), protocol="1 cycle at {charge_rate}C charge, {discharge_rate}C discharge", variables=()
    )
    texts = ("charge_rate=0.1..0.5", "discharge_rate=0.2..1")
    problem = replace(problem, variables=tuple(read_variable(text, problem.protocol) for text in texts))
    candidate = problem.candidate({"charge_rate": 0.25, "discharge_rate": 0.5})
    assert candidate.protocol == "1 cycle at 0.25C charge, 0.5C discharge"
    assert (candidate.settings.charge_rate, candidate.settings.discharge_rate) == (0.25, 0.5)
    assert problem_of().candidate(problem_of().middle).settings.charge_rate == pytest.approx(1 / 3)


def test_costly_numbers_wait_for_the_cheap_ones(monkeypatch):
    asked = []
    metric = replace(METRICS["short_probability"], read=lambda candidate: asked.append(candidate) or [0.0])
    problem = problem_of("lithium_excess >= 0.5")
    problem = replace(problem, constraints=(Constraint(metric, "<=", 0.1), *problem.constraints))
    bad = evaluate(problem, {"separator.thickness": 30.0, "anode.thickness": 1.0})
    assert (asked, bad.constrained[0]) == ([], None)
    good = evaluate(problem, {"separator.thickness": 30.0, "anode.thickness": 20.0})
    assert (len(asked), good.constrained[0], good.feasible) == (1, 0.0, True)
    # A design that breaks the costly bound is nearer than one that breaks a cheap one by a hair.
    hair = evaluate(problem, {"separator.thickness": 30.0, "anode.thickness": 11.5})
    assert 0 < hair.violations[1] < 0.01
    far = replace(good, violations=(9.0, -0.7), constrained=(1.0, 0.87))
    assert Design(problem, (hair, far)).nearest is far


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("short_probability < 0.1", "not of the form"),
        ("short_probabilty <= 0.1", "short_probability"),
        ("highest_pressure <= 5 bar", "MPa"),
        ("specific_energy >= 500 Wh/L", "Wh/kg"),
    ],
)
def test_constraints_that_are_refused(text, word):
    with pytest.raises(InputError, match=word):
        read_constraint(text)


def test_what_is_refused_before_anything_is_simulated():
    for changes, word in (
        ({"vary": ("separator.thicknes=15 um..60 um",)}, "thickness"),
        ({"vary": ("separator.thickness=15..60",)}, "unit"),
        ({"vary": ("charge_rate=0.1..0.5",)}, "--protocol"),
        ({"objectives": (("separator_stress", -1),)}, "bending"),
    ):
        with pytest.raises(InputError, match=word):
            search(problem_of(**changes), 5, workers=1)
    symmetric = replace(problem_of(), cell=Cell.load("sym-li-lpscl"))
    with pytest.raises(InputError, match="symmetric"):
        search(symmetric, 5, workers=1)
    alloy = problem_of().cell.replace(anode={"material": "Li-In", "thickness": "100 um"})
    with pytest.raises(InputError, match="skeleton"):
        search(replace(problem_of("ccd_margin >= 1.2"), cell=alloy), 5, workers=1)


def test_the_folder_of_a_search(tmp_path, monkeypatch):
    problem = problem_of()
    with pytest.raises(InputError, match="--out"):
        search(problem, 3, resume=True, workers=1)
    search(problem, 3, out=tmp_path, workers=1)
    lines = (tmp_path / TRIALS_FILE).read_text().splitlines()
    assert len(lines) == 4
    assert set(json.loads(lines[1])) == {"values", "objectives", "violations", "constrained", "reason"}
    with pytest.raises(InputError, match="holds a search already"):
        search(problem, 3, out=tmp_path, workers=1)
    with pytest.raises(InputError, match="another problem"):
        search(problem_of(vary=(SEPARATOR,)), 3, out=tmp_path, resume=True, workers=1)
    opened = Path.open

    def full(self, mode="r", **options):
        if mode == "a":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(self, mode, **options)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(InputError, match="No space left"):
        search(problem, 6, out=tmp_path, resume=True, workers=1)
    assert (tmp_path / TRIALS_FILE).read_text().splitlines() == lines
