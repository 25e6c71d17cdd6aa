"""Anand's model against its reference table (A3), closed forms at both ends of a curve, and an adaptive solver."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lisse.anode import viscoplasticity
from lisse.anode.viscoplasticity import AnandLaw

LAW = AnandLaw.of("Li")
STRAINS = [0.02, 0.05, 0.1, 0.3]
RATES = [2e-5, 2e-4, 2e-3, 2e-2]
TABLE = {
    298.15: [[0.36, 0.38, 0.39, 0.43], [0.52, 0.54, 0.57, 0.66], [0.74, 0.78, 0.84, 0.99], [1.06, 1.13, 1.24, 1.51]],
    248.0: [[0.58, 0.61, 0.65, 0.75], [0.83, 0.88, 0.95, 1.13], [1.18, 1.27, 1.40, 1.71], [1.69, 1.84, 2.05, 2.59]],
    398.0: [[0.20, 0.21, 0.21, 0.22], [0.29, 0.30, 0.31, 0.33], [0.42, 0.43, 0.45, 0.50], [0.59, 0.62, 0.66, 0.77]],
}
"""True stress [MPa] by temperature [K], rate and strain (physics notes, 1.3)."""


def test_reference_table():
    """A3: 48 stresses, 3 %."""
    found = viscoplasticity.tension(STRAINS, [RATES] * 3, np.array(list(TABLE))[:, None], LAW) / 1e6
    assert found.shape == (3, 4, 4)
    assert found == pytest.approx(np.array(list(TABLE.values())), rel=0.03)


def reference_rate(temperature):
    return 4.25e4 * np.exp(-37e3 / (8.314462618 * temperature))


def test_flow_starts_at_the_initial_resistance():
    """S_0 (rate/k)^m, before anything has hardened."""
    start = 0.95e6 * (2e-3 / reference_rate(298.15)) ** 0.15
    assert viscoplasticity.tension([1e-3], 2e-3, 298.15, LAW)[0] == pytest.approx(start, rel=0.005)


def test_flow_ends_at_saturation():
    """S_s (rate/k)^(m + n): the stress exponent is 5."""
    end = 2.0e6 * (2e-3 / reference_rate(298.15)) ** 0.2
    assert viscoplasticity.steady_stress(2e-3, 298.15, LAW) == pytest.approx(end, rel=1e-12)
    # With a = 2 the gap closes as 1/strain: 4 % of it are left at a strain of 3.
    found = viscoplasticity.tension([3.0], 2e-3, 298.15, LAW)[0]
    assert 0.93 * end < found < end


def test_elastic_before_flow():
    assert viscoplasticity.tension([1e-5], 1.0, 298.15, LAW)[0] == pytest.approx(7.82e9 * 1e-5, rel=1e-3)


def test_cases_do_not_know_each_other():
    together = viscoplasticity.tension(STRAINS, RATES, 298.15, LAW)
    alone = [viscoplasticity.tension(STRAINS, rate, 298.15, LAW) for rate in RATES]
    assert together == pytest.approx(np.array(alone), rel=1e-9)


def test_creep_agrees_with_an_adaptive_solver():
    k, stress, times = reference_rate(298.15), 0.4e6, np.geomspace(1, 1e5, 12)

    def slope(_, y):
        rate = k * (stress / y[1]) ** (1 / 0.15)
        gap = 1 - y[1] / (2e6 * (rate / k) ** 0.05)
        return [rate, 1e7 * abs(gap) ** 2 * np.sign(gap) * rate]

    solved = solve_ivp(slope, (0, times[-1]), [0, 0.95e6], method="LSODA", rtol=1e-9, atol=1e-9, t_eval=times)
    found = viscoplasticity.creep(times, stress, 298.15, LAW)
    assert found - stress / 7.82e9 == pytest.approx(solved.y[0], rel=0.01)


def test_creep_slows_down_and_ends_at_a_strain_of_one():
    found = viscoplasticity.creep([10.0, 20.0, 1e4], [0.4e6, 3e6], 298.15, LAW)
    first, second = found[0, 0], found[0, 1] - found[0, 0]
    assert 0 < second < first
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[0]).all()


def test_rate_over_stress_at_fixed_resistance():
    """Exponent 1/m of the flow rule."""
    low, high = viscoplasticity.plastic_rate([0.5e6, 1.0e6], 0.95e6, 298.15, LAW)
    assert high / low == pytest.approx(2 ** (1 / 0.15), rel=1e-12)
