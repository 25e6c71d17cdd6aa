"""A consistent start of a step where the solver's own search fails."""

import numpy as np
import pytest

import lisse
from lisse.cell import solving
from lisse.cell.consistent import CLOSED, consistent_state
from lisse.cell.options import CATHODE_MECHANISMS


class Bends:
    """One equation whose root a line search overshoots: a surface content that hardly moves with the current."""

    len_rhs, len_alg, len_rhs_and_alg = 1, 1, 2
    concatenated_initial_conditions = np.zeros((2, 1))

    def algebraic_eval(self, time, state, inputs):
        return np.arctan(20 * (state[1:] - state[0])) + np.tanh(state[1:] - state[0])

    def jac_algebraic_eval(self, time, state, inputs):
        away = state[1] - state[0]
        slope = 20 / (1 + np.square(np.clip(20 * away, -1e9, 1e9))) + 1 - np.tanh(away) ** 2
        return np.array([[-slope, slope]])


class Never(Bends):
    def algebraic_eval(self, time, state, inputs):
        return 1.0 + (state[1:] - state[0]) ** 2

    def jac_algebraic_eval(self, time, state, inputs):
        return np.array([[0.0, 2 * (state[1] - state[0])]])


class Stands:
    """A solution that ends in a state."""

    t = np.zeros(1)

    def __init__(self, state):
        self.last_state = self
        self.all_ys = [np.asarray(state, dtype=float)[:, None]]


def test_a_flat_equation_is_solved_and_the_states_stay(monkeypatch):
    import pybamm

    monkeypatch.setattr(pybamm.BaseSolver, "_set_up_model_inputs", staticmethod(lambda model, inputs: {}))
    found = consistent_state(Stands([0.3, 4.0]), Bends(), {})
    assert found == pytest.approx([0.3, 0.3], abs=CLOSED)
    assert found[0] == 0.3
    assert consistent_state(Stands([0.3, 4.0]), Never(), {}) is None


def test_a_step_begins_although_the_first_search_fails(monkeypatch):
    """Two attempts at one step are made to fail, plain and twin; the run must end as one in which none did."""
    plain = lisse.run("reference", "1 cycle at 1C", mechanisms=["cathode_interphase"])
    import pybamm

    step, failed, used = pybamm.IDAKLUSolver.step, [], []

    def fails_first(self, old_solution, model, *arguments, **options):
        if len(failed) < 2 and not isinstance(old_solution, pybamm.EmptySolution):
            failed.append(old_solution)
            step(self, old_solution, model, *arguments, **options)  # else its equations are not set up
            raise pybamm.SolverError("IDA could not find consistent states (made to fail)")
        return step(self, old_solution, model, *arguments, **options)

    def counted(*arguments):
        used.append(consistent_state(*arguments))
        return used[-1]

    monkeypatch.setattr(pybamm.IDAKLUSolver, "step", fails_first)
    monkeypatch.setattr(solving, "consistent_state", counted)
    run = lisse.run("reference", "1 cycle at 1C", mechanisms=["cathode_interphase"])
    assert run.summary["status"] == "completed"
    assert failed[0] is failed[1]
    assert len(used) == 1
    assert used[0] is not None
    assert run.summary["cycles"][0]["discharge_capacity_mAh_g"] == pytest.approx(
        plain.summary["cycles"][0]["discharge_capacity_mAh_g"], rel=1e-3
    )
    run.books.check()


@pytest.mark.parametrize(
    ("cell", "protocol", "mechanisms"),
    [
        ("reference", "formation + 1 cycle at 1C", ["cathode_interphase"]),
        ("koerver-2017", "1 cycle at C/10 + 1 cycle at C/4", ["voids", "interphase", *CATHODE_MECHANISMS]),
    ],
)
def test_a_charge_after_a_deep_discharge_begins(cell, protocol, mechanisms):
    """The surface of the oxide is full: both runs once stopped here with a cell that looked dead."""
    run = lisse.run(cell, protocol, mechanisms=mechanisms)
    assert run.summary["status"] == "completed"
    first, second = run.summary["cycles"]
    assert second["charge_capacity_mAh_g"] > 0.2 * first["charge_capacity_mAh_g"]
    assert not [warning for warning in run.summary["warnings"] if "double layers" in warning]
    run.books.check()
