"""Newman-Tobias (C11): worked cases, limits, and a resistor ladder that knows nothing of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisse.cathode import transmission_line as line

CASE_A = (50e-6, 0.0166, 0.0556, 8.4e5, line.kinetic_admittance(0.3, 298.15))
CASE_B = (40e-6, 0.01, 0.1, 3.6e5, line.kinetic_admittance(0.155, 298.15))


def ladder(thickness, ionic, electronic, area, admittance, cells):
    """Resistance between the separator (ions, z = 0) and the collector (electrons, z = L)."""
    h = thickness / cells
    n = 2 * cells
    matrix = np.zeros((n, n), dtype=complex)
    rhs = np.zeros(n, dtype=complex)

    def join(i, j, g):
        matrix[i, i] += g
        matrix[j, j] += g
        matrix[i, j] -= g
        matrix[j, i] -= g

    for k in range(cells):
        join(k, cells + k, area * admittance * h)
        if k + 1 < cells:
            join(k, k + 1, ionic / h)
            join(cells + k, cells + k + 1, electronic / h)
    matrix[0, 0] += 2 * ionic / h  # electrolyte potential 0 at the separator
    rhs[n - 1] = 1.0  # one ampere per square metre of electrons at the collector
    potential = np.linalg.solve(matrix, rhs)
    return potential[n - 1] + h / (2 * electronic)


def test_worked_cases():
    """A1: 3.29462e-3 and 1.295277e-2 ohm m2; nu 1.38498 and 0.618258."""
    assert line.impedance(*CASE_A) == pytest.approx(3.29462e-3, rel=2e-6)
    assert line.impedance(*CASE_B) == pytest.approx(1.295277e-2, rel=2e-7)
    assert line.reduced_thickness(*CASE_A) == pytest.approx(1.38498, abs=5e-6)
    assert line.reduced_thickness(*CASE_B) == pytest.approx(0.618258, abs=5e-7)


@pytest.mark.parametrize("case", [CASE_A, CASE_B])
def test_ladder_converges_to_it_at_second_order(case):
    exact = line.impedance(*case)
    errors = [abs(ladder(*case, n) / exact - 1) for n in (10, 20, 40)]
    assert errors[2] < 1e-3
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.1)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("omega", [1e-2, 1e2, 1e6])
def test_complex_admittance_equals_the_ladder(omega):
    """A3: kinetics beside a double layer of 1e-3 F/m2, the electrode of Minnmann's 42 vol%."""
    admittance = line.kinetic_admittance(0.1, 298.15) + 1j * omega * 1e-3
    case = (54.8e-6, 0.0166, 0.0556, 3 * 0.42 / 3e-6, admittance)
    assert abs(ladder(*case, 400) / line.impedance(*case) - 1) < 1e-2


def test_high_frequency_limit_is_both_networks_in_parallel():
    case = (54.8e-6, 0.0166, 0.0556, 4.2e5, 1e12j)
    assert line.impedance(*case).real == pytest.approx(54.8e-6 / (0.0166 + 0.0556), rel=1e-3)


def test_slow_kinetics_leave_a_third_of_each_network():
    """1/(a Y L) + L/(3 kappa) + L/(3 sigma) as nu goes to zero."""
    thickness, ionic, electronic, area, admittance = 40e-6, 0.01, 0.1, 3.6e5, 1e-2
    rest = line.impedance(thickness, ionic, electronic, area, admittance) - 1 / (area * admittance * thickness)
    assert rest == pytest.approx(thickness / 3 * (1 / ionic + 1 / electronic), rel=1e-3)


def test_thick_electrode_does_not_overflow():
    thick = line.impedance(1.0, 0.01, 0.1, 3.6e5, 1e3)
    assert thick == pytest.approx(1.0 / 0.11, rel=1e-3)


@given(
    st.floats(5e-6, 3e-4),
    st.floats(1e-4, 1.0),
    st.floats(1e-4, 10.0),
    st.floats(1e4, 1e7),
    st.floats(1e-2, 1e3),
)
def test_networks_are_interchangeable_and_resistance_falls_with_conductivity(
    thickness, ionic, electronic, area, admittance
):
    value = line.impedance(thickness, ionic, electronic, area, admittance)
    assert np.isfinite(value)
    assert value > 0
    swapped = line.impedance(thickness, electronic, ionic, area, admittance)
    assert swapped == pytest.approx(value, rel=1e-9)
    assert line.impedance(thickness, 2 * ionic, electronic, area, admittance) < value * (1 + 1e-12)
    assert line.impedance(thickness, ionic, electronic, area, 2 * admittance) < value * (1 + 1e-12)
