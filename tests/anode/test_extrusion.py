"""Squeeze flow of a foil: the published formula, its limits, self-locking, the pressure hill, and the die."""

import math

import numpy as np
import pybamm
import pytest

from lisse.anode import extrusion
from lisse.anode.creep import CreepLaw

LAW = CreepLaw.of("Li")
BARE = CreepLaw(7.7e-3, 6.56, 37e3, 1e-12)


@pytest.mark.parametrize(
    ("megapascal", "micrometre", "radius", "rate"),
    [
        (5, 30, 6e-3, 2e-13),
        (75, 30, 6e-3, 9e-6),
        (1, 500, 6.35e-3, 5e-9),
        (5, 500, 6.35e-3, 2e-4),
        (25, 500, 6.35e-3, 7.6),
    ],
)
def test_rates_of_the_physics_notes(megapascal, micrometre, radius, rate):
    """1.6, one digit (power law); the sinh law flows at least as fast."""
    arguments = (megapascal * 1e6, micrometre * 1e-6, radius, 298.15)
    bare = extrusion.squeeze_rate(*arguments, BARE)
    assert bare == pytest.approx(rate, rel=0.13)
    assert extrusion.squeeze_rate(*arguments, LAW) >= bare


def test_formula_as_printed():
    """Eq. 1.6-1 with K = 3^-1/2 (3^1/2 A)^-n' in MPa."""
    h, radius, rate, q = 400e-6, 6e-3, 3e-5, 1 / 6.56
    k = 3**-0.5 * (3**0.5 * 7.7e-3) ** -q
    printed = 2 * k * radius ** (q + 1) / ((q + 3) * h) * ((2 + 1 / q) * (rate * h) / h**2) ** q
    assert extrusion.squeeze_pressure(rate, h, radius, 298.15, BARE) == pytest.approx(printed * 1e6, rel=1e-9)


def test_rate_independent_limit():
    """Friction hill of a sticking rigid-plastic disc: 2R/(3 sqrt(3) h)."""
    assert extrusion.constraint_factor(20.0, 1e8) == pytest.approx(40 / (3 * math.sqrt(3)), rel=1e-6)


def test_pressure_and_rate_are_inverse():
    pressure = extrusion.squeeze_pressure(1e-4, 500e-6, 6.35e-3, 310.0, LAW)
    assert extrusion.squeeze_rate(pressure, 500e-6, 6.35e-3, 310.0, LAW) == pytest.approx(1e-4, rel=1e-9)


def test_a_power_law_foil_locks_itself():
    """Rate as h^(n + 1): ln(h0/h) = ln(1 + (n + 1) r t)/(n + 1)."""
    arguments = (5e6, 500e-6, 6.35e-3, 298.15, BARE)
    rate = extrusion.squeeze_rate(*arguments)
    times = np.array([0.0, 10.0, 1e3, 1e5, 1e8])
    expected = np.log1p(7.56 * rate * times) / 7.56
    assert extrusion.extruded_strain(times, *arguments) == pytest.approx(expected, rel=1e-3, abs=1e-9)
    event = math.expm1(7.56 * 0.05) / (7.56 * rate)
    assert extrusion.time_to_extrusion(*arguments) == pytest.approx(event, rel=1e-3)


def test_thin_foils_are_locked_and_thick_ones_are_not():
    """30 um stays for a thousand hours at 20 MPa; 500 um passes the event within minutes at 5 MPa."""
    assert extrusion.time_to_extrusion(20e6, 30e-6, 6e-3, 298.15, LAW) > 3.6e6
    assert extrusion.time_to_extrusion(5e6, 500e-6, 6.35e-3, 298.15, LAW) < 600


def test_a_die_keeps_everything():
    arguments = (75e6, 500e-6, 6.35e-3, 298.15, LAW, 1.0)
    assert extrusion.squeeze_rate(*arguments) == 0
    assert extrusion.time_to_extrusion(*arguments) == math.inf
    assert np.all(extrusion.extruded_strain([1.0, 1e9], *arguments) == 0)
    assert np.all(extrusion.lithium_pressure(75e6, np.linspace(0, 1, 5), LAW, 1.0) == 75e6)


@pytest.mark.parametrize("confined", [0.0, 0.4, 1.0])
def test_the_pressure_hill_carries_the_stack(confined):
    """Its mean over the area is the stack pressure."""
    x = (np.arange(20000) + 0.5) / 20000
    hill = extrusion.lithium_pressure(3e6, x, LAW, confined)
    assert np.sum(2 * x * hill) / 20000 == pytest.approx(3e6, rel=1e-6)


def test_symbols_and_numbers_agree():
    names = ("P", "h", "R", "T", "A", "n", "Q", "alpha", "c")
    symbols = {name: pybamm.InputParameter(name) for name in names}
    law = CreepLaw(*(symbols[name] for name in ("A", "n", "Q", "alpha")))
    rate = extrusion.squeeze_rate(symbols["P"], symbols["h"], symbols["R"], symbols["T"], law, symbols["c"])
    values = (5e6, 500e-6, 6.35e-3, 298.15, 7.7e-3, 6.56, 37e3, 0.35e-6, 0.25)
    number = 0.75 * extrusion.squeeze_rate(*values[:4], LAW)
    assert rate.evaluate(inputs=dict(zip(names, values, strict=True))).item() == pytest.approx(number, rel=1e-12)
