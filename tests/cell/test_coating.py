"""A coating on a part of the particles: coated and bare area side by side, no jump at full coverage."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq

from lisse.cathode.kinetics import overpotential, patchy_film_resistance
from lisse.cell.cell import Cell
from lisse.cell.model import SolidStateCell
from lisse.cell.remarks import remarks


def exact_current(eta: float, coverage: float, film: float, exchange: float, temperature: float) -> float:
    """Current density of a coated and a bare part at one overpotential, each with its own charge transfer."""
    coated = brentq(lambda j: overpotential(j, exchange, temperature, film) - eta, 0, 1e6)
    bare = brentq(lambda j: overpotential(j, exchange, temperature) - eta, 0, 1e6)
    return coverage * coated + (1 - coverage) * bare


@pytest.mark.parametrize("coverage", [0.2, 0.6, 0.95])
def test_parallel_paths_at_small_overpotentials(coverage):
    film, exchange, temperature = 0.05, 0.4, 298.15
    current = exact_current(1e-3, coverage, film, exchange, temperature)
    effective = patchy_film_resistance(film, coverage, exchange, temperature)
    assert overpotential(current, exchange, temperature, effective) == pytest.approx(1e-3, rel=1e-3)
    # far from equilibrium the bare part takes more than its share, and the film is overstated
    current = exact_current(0.2, coverage, film, exchange, temperature)
    assert overpotential(current, exchange, temperature, effective) > 0.2


def test_ends_of_the_coverage():
    assert patchy_film_resistance(0.02, 1.0, 0.4, 298.15) == 0.02
    assert patchy_film_resistance(0.02, 0.0, 0.4, 298.15) == 0.0


def test_voltage_of_a_cell_falls_with_the_coverage_without_a_jump():
    def voltage(coverage: float | None) -> float:
        coating = {"material": "LiNbO3", "thickness": "50 nm"} if coverage is not None else None
        cell = Cell.load("reference").replace(**{"cathode.coating": coating})
        if coverage is not None:
            cell = cell.replace(**{"cathode.coating.coverage": coverage})
        values = cell.parameter_values()
        values["Initial lithium content"] = 0.5
        simulation = pybamm.Simulation(SolidStateCell(), parameter_values=values)
        return float(simulation.solve(np.array([0.0, 60.0]))["Voltage [V]"].entries[-1])

    bare, half, nearly, full = (voltage(coverage) for coverage in (None, 0.5, 0.999, 1.0))
    assert full < nearly < half < bare
    assert nearly - full < 0.01 * (bare - full)


@pytest.mark.parametrize(("thickness", "said"), [("1 um", []), ("2 um", ["200"])])
def test_a_film_that_resists_more_than_charge_transfer_is_said(thickness, said):
    """LiNbO3 conducts 1e-6 S/cm: 1 um of it has 100 ohm cm2, 2 um 200."""
    cell = Cell.load("reference").replace(**{"cathode.coating.thickness": thickness})
    texts = [text for text in remarks(cell) if text.startswith("cathode.coating:")]
    assert [text.split(" have ")[1].split()[0] for text in texts] == said
