"""Rate estimates against the equations that they solve: Fick in a sphere, Ohm in a porous electrode."""

import numpy as np
import pytest

from lisse.cathode import rate_limits, transmission_line


def test_diffusion_lag_is_that_of_fick_in_a_sphere():
    """Explicit finite volumes of a sphere under a constant flux, run until the profile is steady."""
    radius, diffusivity, cells = 2e-6, 4e-16, 60
    edges = np.linspace(0, radius, cells + 1)
    volumes, areas = np.diff(edges**3) / 3, edges**2
    rate = 1e-5  # of the mean content, per second
    content, width = np.zeros(cells), radius / cells
    step = 0.2 * width**2 / diffusivity
    flux = np.zeros(cells + 1)
    flux[-1] = rate * volumes.sum()
    for _ in range(int(0.8 * radius**2 / diffusivity / step)):
        flux[1:-1] = areas[1:-1] * diffusivity * np.diff(content) / width
        content += step * np.diff(flux) / volumes
    mean = np.sum(content * volumes) / volumes.sum()
    surface = content[-1] + (content[-1] - content[-2]) / 2
    assert surface - mean == pytest.approx(rate_limits.diffusion_lag(radius, diffusivity, rate), rel=0.01)


def test_electrolyte_limit_is_the_drop_of_an_even_reaction():
    thickness, kappa, voltage = 50e-6, 0.01, 0.4
    current = rate_limits.electrolyte_limit(kappa, voltage, thickness)
    depth = np.linspace(0, thickness, 2001)
    drop = np.trapezoid(current * (1 - depth / thickness) / kappa, depth)  # ions are used up evenly on their way in
    assert drop == pytest.approx(voltage, rel=1e-6)


def test_mean_drop_is_two_thirds_of_the_drop_at_the_collector():
    """The resistance of the electrode holds the mean drop, L/3 kappa where slow kinetics make the reaction even."""
    thickness, kappa, area = 50e-6, 0.01, 8e5
    admittance = transmission_line.kinetic_admittance(1e-4, 298.15)
    total = transmission_line.impedance(thickness, kappa, 1e6, area, admittance)
    ionic = float(np.real(total)) - 1 / (float(np.real(admittance)) * area * thickness)
    assert ionic == pytest.approx(thickness / (3 * kappa), rel=0.01)
    assert rate_limits.electrolyte_limit(kappa, 0.1, thickness) * ionic == pytest.approx(0.1 * 2 / 3, rel=0.01)


def test_ohmic_loss_cuts_a_straight_curve():
    # U = 4.3 - 0.004 q down to 3.5 V gives 200 mAh/g; with 50 mV less at the terminals the window ends 12.5 earlier
    full = (4.3 - 3.5) / 4e-3
    short = (4.3 - 0.05 - 3.5) / 4e-3
    assert rate_limits.ohmic_loss(5.0, 0.01, -4e-3) == pytest.approx(full - short)
