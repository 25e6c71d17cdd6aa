"""The data files of layered oxides against published numbers (typed from the sources, not from the files)."""

from __future__ import annotations

import numpy as np
import pytest

from lisse.materials import Material

FARADAY = 96485.33
NAMES = ["LiCoO2", "NMC111", "NMC532", "NMC622", "NMC711", "NMC811", "NMC851005", "NCA"]

# Lithium content at 4.3, 4.2, 4.1, 4.0, 3.9, 3.8 (3.7, 3.6) V.
CONTENT = {
    ("NMC811", "chen-anchored"): [0.212, 0.259, 0.363, 0.442, 0.520, 0.597, 0.720],
    ("NMC622", "mohtat-anchored"): [0.310, 0.356, 0.407, 0.467, 0.541, 0.647, 0.842],
    ("NMC532", "mohtat-anchored"): [0.341, 0.385, 0.435, 0.492, 0.563, 0.665, 0.852],
    ("NMC111", "mohtat-anchored"): [0.383, 0.424, 0.471, 0.525, 0.591, 0.687, 0.863],
    ("NCA", "kim-anchored"): [0.235, 0.280, 0.340, 0.409, 0.482, 0.566, 0.685],
    ("NCA", "kim"): [0.235, 0.280, 0.340, 0.409, 0.482, 0.566, 0.685],
    ("LiCoO2", "marquis"): [0.425, 0.495, 0.540, 0.624, 0.919],
    ("NMC532", "colclasure-published"): [0.3355, 0.3848, 0.4385, 0.4959, 0.5594, 0.6417, 0.838, 0.963],
    ("NMC532", "colclasure"): [0.3355, 0.3848, 0.4385, 0.4959, 0.5594, 0.6417, 0.838, 0.963],
}
VOLTAGES = [4.3, 4.2, 4.1, 4.0, 3.9, 3.8, 3.7, 3.6]


def solve(curve, level: float) -> float:
    """Lithium content at which a falling curve passes a voltage (bisection, 1e-9)."""
    low, high = curve.range
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if curve(middle) > level else (low, middle)
    return 0.5 * (low + high)


def voltage(name: str, claim: str | None = None):
    return Material.load(name).value("open_circuit_voltage", claim)


@pytest.mark.parametrize("name", NAMES)
def test_open_circuit_voltage_falls_strictly_over_its_range(name):
    for claim in Material.load(name).claims:
        if claim.property != "open_circuit_voltage":
            continue
        low, high = claim.curve.range
        u = claim.curve(np.linspace(low, high, 4001))
        assert np.all(np.diff(u) < 0), claim.id
        assert u[0] > 4.2
        assert u[-1] < 3.5


@pytest.mark.parametrize("name", NAMES)
def test_default_curve_spans_the_window_of_a_cell(name):
    curve = voltage(name)
    assert curve(curve.range[0]) > 4.35
    assert curve(curve.range[1]) < 3.0
    pristine = Material.load(name).value("pristine_lithium_content")
    assert curve.range[0] < pristine < curve.range[1]
    assert 0.92 <= pristine <= 0.985
    # freshly made powder rests between 2.9 and 3.75 V
    assert 2.9 < curve(pristine) < 3.75


@pytest.mark.parametrize(("name", "claim"), list(CONTENT))
def test_lithium_content_at_given_voltages(name, claim):
    curve = voltage(name, claim)
    for level, x in zip(VOLTAGES, CONTENT[name, claim], strict=False):
        found = solve(curve, level)
        # the page rounds x to three digits: 0.002 in x, or 2 mV where the curve is flat
        assert abs(found - x) <= 0.002 or abs(curve(x) - level) <= 0.002, (level, x, found)


def test_nmc811_working_points():
    curve = voltage("NMC811")
    assert curve(0.66) == pytest.approx(3.746, abs=0.002)  # 3.77 V measured (B35)
    assert curve(0.66) == pytest.approx(3.77, abs=0.030)
    # first charge from pristine powder to 4.3 V: 211 mA h/g in a liquid cell
    assert (0.98 - solve(curve, 4.3)) * 275.5 == pytest.approx(211, abs=1.5)
    # the published curve without the terminal knee gives 3.49 V at x = 1; the knee takes 0.6 exp(1.5) V
    assert curve(1.0) == pytest.approx(3.49 - 2.689, abs=0.01)


def test_lower_anchor_of_nca():
    assert solve(voltage("NCA"), 3.0) == pytest.approx(0.930, abs=0.002)
    x = np.linspace(0.16, 0.9287, 2001)
    assert np.max(np.abs(voltage("NCA")(x) - voltage("NCA", "kim")(x))) < 0.015
    # the default stays finite where the solver may look for a moment
    assert np.isfinite(voltage("NCA")(0.9999))


def test_anchored_nmc532_agrees_with_an_independent_curve():
    """B34: at most 25 mV for 0.30 <= x <= 0.90 (25.9 mV at the very edge, 20 mV from 0.32 on)."""
    anchored, independent = (voltage("NMC532", c) for c in ("mohtat-anchored", "colclasure"))
    x = np.linspace(0.30, 0.90, 601)
    apart = np.abs(anchored(x) - independent(x))
    assert np.max(apart) < 0.0262
    assert np.max(apart[x >= 0.303]) < 0.025
    assert np.sqrt(np.mean(apart**2)) < 0.015


def test_anchored_nmc111_agrees_with_an_independent_curve():
    anchored, independent = (voltage("NMC111", c) for c in ("mohtat-anchored", "bpx"))
    for level in (4.3, 4.2, 4.1, 4.0):
        assert abs(solve(anchored, level) - solve(independent, level)) <= 0.018


def test_nmc711_and_nmc851005_are_anchored_on_the_lattice():
    assert solve(voltage("NMC711"), 4.3) == pytest.approx(0.260, abs=0.002)  # that of NMC721
    assert solve(voltage("NMC851005"), 4.3) == pytest.approx(0.175, abs=0.002)


def test_two_lco_curves_agree_in_the_solid_solution():
    """Each is claimed to 20 mV; their difference stays within two such spreads in quadrature."""
    x = np.linspace(0.45, 0.90, 451)
    assert np.max(np.abs(voltage("LiCoO2")(x) - voltage("LiCoO2", "marquis")(x))) < 0.057


@pytest.mark.parametrize(
    ("name", "claim", "x_low", "capacity", "theoretical", "mean"),
    [
        ("NMC111", "mohtat-anchored", 0.383, 154.3, 277.9, 3.83),
        ("NMC532", "mohtat-anchored", 0.341, 165.2, 277.6, 3.83),
        ("NMC622", "mohtat-anchored", 0.310, 173.4, 276.5, 3.81),
        ("NMC811", "chen-anchored", 0.212, 194.6, 275.5, 3.84),
        ("NMC851005", "chen-anchored", 0.175, 198.8, 275.0, 3.83),
    ],
)
def test_mean_voltage_lies_above_the_measured_discharge(name, claim, x_low, capacity, theoretical, mean):
    """Mean discharge voltages at C/10 (de Biasi 2017); the rest curve lies 0.02 to 0.07 V above."""
    high = x_low + capacity / theoretical
    curve = voltage(name, claim)
    integral = curve.antiderivative(high) - curve.antiderivative(x_low)
    assert 0.02 <= integral / (high - x_low) - mean <= 0.07


@pytest.mark.parametrize(
    ("name", "claim", "sites", "theoretical"),
    [
        ("NMC811", "powder", 49034, 275.5),
        ("NMC622", "literature", 48700, 276.5),
        ("NMC622", "powder", 47970, 276.5),
        ("NMC532", "powder", 48680, 277.6),
        ("NMC111", "powder", 48520, 277.9),
        ("NCA", "powder", 49230, 278.9),
        ("LiCoO2", "crystal", 51600, 273.8),
        ("NMC711", "by-analogy", 49000, 275.4),
        ("NMC851005", "lattice", 49246, 275.0),
    ],
)
def test_site_density_and_theoretical_capacity(name, claim, sites, theoretical):
    material = Material.load(name)
    molar_mass = material.value("molar_mass")
    assert material.value("density", claim) / molar_mass == pytest.approx(sites, rel=1e-3)
    assert material.value("theoretical_capacity") / 3600 == pytest.approx(theoretical, abs=0.15)
    assert FARADAY / molar_mass / 3600 == pytest.approx(theoretical, abs=0.15)


@pytest.mark.parametrize(
    ("name", "points", "tolerance"),
    [
        ("NMC111", {0.383: -0.97, 0.21: -2.34}, 0.15),
        ("NMC532", {0.341: -1.81, 0.19: -3.66, 0.21: -3.30}, 0.15),
        ("NMC622", {0.310: -2.46, 0.18: -4.93, 0.185: -4.85, 0.50: -1.058}, 0.15),
        ("NMC711", {0.260: -3.15, 0.13: -6.23}, 0.15),
        ("NMC811", {0.213: -4.86, 0.11: -7.35, 0.44: -1.50, 0.29: -3.10}, 0.15),
        ("NCA", {0.17: -5.75, 0.09: -7.97}, 0.15),
        ("LiCoO2", {0.60: 2.19, 0.80: 1.09, 0.50: 1.253, 0.43: -1.054}, 0.02),
    ],
)
def test_lattice_volume_against_diffraction(name, points, tolerance):
    strain = Material.load(name).value("volume_strain")
    for x, percent in points.items():
        assert 100 * strain(x) == pytest.approx(percent, abs=tolerance)
    assert strain(0.999) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(("name", "percent"), [("NMC111", -1.2), ("NMC811", -5.0)])
def test_lattice_volume_at_the_charge_limit_of_an_independent_study(name, percent):
    """Kondrakov 2017: first charge to 4.3 V (B31)."""
    x = solve(voltage(name), 4.3)
    assert 100 * Material.load(name).value("volume_strain")(x) == pytest.approx(percent, abs=0.3)


@pytest.mark.parametrize("name", ["NMC111", "NMC532", "NMC622", "NMC711", "NMC811", "NMC851005", "NCA"])
def test_nickel_oxides_only_shrink_on_charging(name):
    strain = Material.load(name).value("volume_strain")
    values = strain(np.linspace(strain.range[0], 1.0, 2001))
    assert np.all(np.diff(values) >= -1e-12)


def test_diffusivity_of_nmc532():
    curve = Material.load("NMC532").value("diffusivity")
    expected = {0.3: 5.9e-15, 0.5: 4.7e-15, 0.7: 3.7e-15, 0.9: 3.3e-15, 0.95: 0.50e-15}
    for x, value in expected.items():
        assert curve(x) == pytest.approx(value, rel=0.02)


def test_hindered_diffusivity_of_nickel_rich_oxides():
    """Closed form C9 at its landmarks: plateau, half-way point of the collapse, low content, full content."""
    nmc811 = Material.load("NMC811").value("diffusivity")
    assert nmc811(0.60) == pytest.approx(8e-16, rel=0.01)
    assert nmc811(0.885) == pytest.approx(4.01e-16, rel=0.01)
    assert nmc811(0.05) == pytest.approx(0.125 * 8e-16, rel=0.02)
    assert nmc811(0.9999) < 2e-18
    nmc622 = Material.load("NMC622").value("diffusivity")
    assert nmc622(0.30) == pytest.approx(5e-16, rel=0.01)
    assert nmc622(0.900) == pytest.approx(2.51e-16, rel=0.01)


def test_tabulated_diffusivity_follows_voltage():
    """Values at 4.22 to 3.6 V (Ruess 2020, second-hand), looked up through the open-circuit voltage."""
    curve, u = Material.load("NMC811").value("diffusivity", "ruess-table"), voltage("NMC811")
    for level, value in {
        4.22: 1.7e-17,
        4.08: 3.5e-16,
        3.94: 6.85e-16,
        3.84: 3.3e-16,
        3.73: 3.8e-16,
        3.6: 7e-18,
    }.items():
        assert curve(solve(u, level)) == pytest.approx(value, rel=0.02)


@pytest.mark.parametrize(
    ("name", "capacity"),
    [
        ("NMC111", 154.3),
        ("NMC532", 165.2),
        ("NMC622", 173.4),
        ("NMC711", 181.8),
        ("NMC811", 194.6),
        ("NMC851005", 198.8),
        ("NCA", 192.5),
    ],
)
def test_practical_capacity_fits_between_the_limits_of_the_curve(name, capacity):
    material = Material.load(name)
    assert material.value("practical_capacity") / 3600 == pytest.approx(capacity, rel=1e-6)
    theoretical = FARADAY / material.value("molar_mass") / 3600
    window = material.value("pristine_lithium_content") - solve(voltage(name), 4.3)
    # what the curve can give must cover what a C/10 cell gives, and by less than a fifth
    assert 0.95 * capacity < window * theoretical < 1.2 * capacity


def test_electronic_closure_of_nmc622_returns_the_measured_composites():
    """Minnmann 2021: effective electronic conductivity without carbon (B8, 6 %)."""
    material = Material.load("NMC622")
    prefactor, threshold, exponent = (
        material.value(f"percolation_{k}") for k in ("conductivity", "threshold", "exponent")
    )
    measured = {0.25: 2.06e-5, 0.33: 2.36e-4, 0.42: 5.56e-4, 0.53: 1.11e-3, 0.61: 1.43e-3}
    for share, value in measured.items():
        model = prefactor * ((share - threshold) / (1 - threshold)) ** exponent / 100
        assert model == pytest.approx(value, rel=0.06)


def test_density_of_nmc851005_follows_from_its_lattice():
    # hexagonal cell with a = 2.8700 and c = 14.1795 angstrom and three formula units
    material = Material.load("NMC851005")
    volume = 2.8700e-10**2 * 14.1795e-10 * np.sqrt(3) / 2
    lattice = 3 * material.value("molar_mass") / (6.02214e23 * volume)
    assert material.value("density") == pytest.approx(lattice, rel=2e-3)


def test_an_organic_cathode_material_counts_lithium_per_carbonyl():
    """C16H6O4: four electrons on 262.22 g/mol."""
    quinone = Material.load("pyrene-4,5,9,10-tetraone")
    assert quinone.value("theoretical_capacity") / 3600 == pytest.approx(4 * FARADAY / 0.26222 / 3600, rel=1e-3)
    assert voltage("PTO")(0.25) == pytest.approx(2.6, abs=0.1)
    assert voltage("PTO")(0.75) == pytest.approx(2.2, abs=0.1)
    own = [claim for claim in quinone.claims if claim.property not in ("molar_mass", "theoretical_capacity")]
    # little of it is measured, and the file says so
    assert {claim.property for claim in own if claim.method != "assumed"} == {"youngs_modulus"}


def test_polypyrrole_is_a_soft_shell_that_conducts_electrons():
    shell = Material.load("PPy")
    assert shell.kind == "coating"
    assert 0.5e9 <= shell.value("youngs_modulus") <= 3e9
    # films break below 10 %; around NMC811 charged to 4.3 V the shell is strained by 1.65 %
    assert 0.0165 < shell.value("elastic_strain_limit") < 0.10
    assert shell.value("residual_reactivity") > 0.5
