"""Contact loss, cracks and the cathode interphase inside of a cell: books, histories, closed forms."""

import numpy as np
import pybamm
import pytest

import lisse
from lisse import Cell, SolidStateCell
from lisse.cathode.cracks import GROWTH, THRESHOLD_STRAIN
from lisse.cell.options import CATHODE_MECHANISMS
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.mechanism import FARADAY, GAS_CONSTANT

COMPOSITE = list(CATHODE_MECHANISMS)
ALL = [*COMPOSITE, "voids", "interphase", "filaments"]
SPRING = {"operation.fixture": "spring", "operation.spring_stiffness": "0.1 MPa/um"}
SIZES = {
    "cathode.particle_diameter": None,
    "cathode.distribution": {"diameters": ["3 um", "9 um"], "volume_fractions": [0.4, 0.6]},
}
WARM = {"operation.heat_transfer": "10 W/m^2/K"}


@pytest.fixture(autouse=True)
def small_mesh(monkeypatch):
    """Five cells through the composite and eight shells: nothing here depends on more."""
    monkeypatch.setattr(SolidStateCell, "default_var_pts", property(lambda self: {"x_p": 5, "r_p": 8}))


def entries(run, *names):
    found = [run.solution[name].entries for name in names]
    return found[0] if len(names) == 1 else found


def driven(cell, options, steps, **given):
    """Run steps of PyBaMM on a cell with parameters of one's own."""
    build = options_for(cell, options)
    simulation = pybamm.Simulation(
        SolidStateCell(build),
        experiment=pybamm.Experiment(steps),
        parameter_values=pybamm.ParameterValues(parameter_values(cell, build) | given),
        solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9, options={"suppress_algebraic_error": True}),
    )
    return simulation.solve(calc_esoh=False)


# Books


def check_tightly(run):
    assert abs(run.books.lithium_relative_error) < 1e-8
    assert abs(run.books.charge_relative_error) < 1e-8
    assert abs(run.books.energy_relative_error) < 1e-4


@pytest.mark.parametrize("cell", ["reference", "koerver-2017"])
@pytest.mark.parametrize(
    "mechanisms",
    [*([name] for name in COMPOSITE), ALL],
    ids=["contact", "cracks", "oxidation", "all"],
)
def test_books_close_with_lithium_and_with_indium(cell, mechanisms):
    run = lisse.run(cell, "1 cycle at C/5", mechanisms=mechanisms)
    assert run.summary["status"] == "completed"
    assert set(COMPOSITE) & set(mechanisms) <= set(run.summary["conditions"]["mechanisms"])
    check_tightly(run)


@pytest.mark.parametrize(
    ("cell", "changes"),
    [
        ("reference", SPRING),
        ("koerver-2017", {"operation.fixture": "constant_gap"}),
        ("reference", WARM),
        ("koerver-2017", SIZES),
        ("reference", {"cathode.space_charge_resistance": "30 ohm*cm^2"}),
    ],
    ids=["spring", "constant gap", "warm", "sizes", "space charge"],
)
def test_books_close_with_everything_on(cell, changes):
    run = lisse.run(cell, "1 cycle at C/5", mechanisms=ALL, changes=changes)
    assert run.summary["status"] == "completed"
    check_tightly(run)


def test_books_close_with_double_layers():
    """The charge of a double layer leaves with the area that it sits on: up to 1e-6 of what passes."""
    run = lisse.run("reference", "1 cycle at C/5", mechanisms=ALL, options={"surface_form": "differential"})
    assert run.summary["status"] == "completed"
    run.books.check()


def test_books_close_on_a_drive_cycle():
    times = np.arange(0, 1201.0, 60.0)
    data = [[float(time), float(1e-3 * (0.3 + 0.5 * np.sin(time / 90)))] for time in times]
    steps = ["Charge at C/5 until upper", {"drive": {"data": data, "mode": "current"}}]
    run = lisse.run(
        "reference", lisse.Protocol.from_dict({"name": "drive", "cycles": [{"steps": steps}]}), mechanisms=ALL
    )
    assert run.summary["status"] == "completed"
    check_tightly(run)


# Lithium and charge of the interphase


def test_the_electrolyte_loses_what_the_oxide_gains_beyond_the_current():
    run = lisse.run("koerver-2017", "1 cycle at C/5", mechanisms=COMPOSITE)
    names = ("Cathode", "Isolated cathode", "Cathode interphase")
    oxide, isolated, electrolyte = (
        np.diff(run.solution[f"{name} lithium inventory [mol]"].entries[[0, -1]])[0] for name in names
    )
    passed = run.solution["Discharge capacity [A.h]"].entries[-1] * 3600 / FARADAY
    charge = entries(run, "Cathode interphase charge [C.m-2]")[-1] * run.cell.derived.cell_area
    assert charge > 0
    assert -electrolyte * FARADAY == pytest.approx(charge, rel=1e-9)
    assert oxide + isolated - passed == pytest.approx(charge / FARADAY, rel=1e-5)


def test_charge_is_that_of_the_electrolyte_in_the_film():
    """Thickness times wetted area of the oxide, 3 eps/r of volume, times the charge density of the claim."""
    run = lisse.run("koerver-2017", "Charge at C/5 until upper", mechanisms=["cathode_interphase"])
    derived = run.cell.derived
    area = derived.wetted_surface_area * derived.cathode_thickness
    thickness = entries(run, "Cathode interphase thickness [m]")[-1]
    density = run.cell.number("electrolyte", "oxidation_charge_density")
    expected = thickness * area * density
    assert entries(run, "Cathode interphase charge [C.m-2]")[-1] == pytest.approx(expected, rel=1e-6)
    row = run.summary["cycles"][0]
    assert row["cathode_oxidation_mAh_cm2"] == pytest.approx(expected / 36000, rel=1e-6)
    assert row["cathode_interphase_nm"] == pytest.approx(1e9 * thickness)


def test_self_discharge_at_rest():
    """At rest the oxidation draws lithium out of the electrolyte into the oxide, and nothing out of the anode."""
    steps = "Charge at C/10 until upper, Hold at upper until C/100, Rest for 50 hours"
    run = lisse.run("koerver-2017", steps, mechanisms=["cathode_interphase"])
    rest = run.timeseries[run.timeseries["step"] == 3]
    voltage, content, thickness = (
        rest[name].to_numpy() for name in ("voltage_V", "lithium_content", "cathode_interphase_nm")
    )
    assert voltage[-1] < voltage[1] - 1e-3
    assert np.all(np.diff(content) >= 0)
    assert thickness[-1] > thickness[0] + 1
    capacity = entries(run, "Content capacity [C.m-2]")
    capacity = float(np.ravel(capacity)[-1])
    charge = 36000 * np.ptp(rest["cathode_oxidation_mAh_cm2"].to_numpy()[[0, -1]])
    assert content[-1] - content[0] == pytest.approx(charge / capacity, rel=1e-4)
    anode = entries(run, "Anode lithium inventory [mol]")
    resting = run.solution.t >= rest["time_s"].iloc[0]
    assert np.ptp(anode[resting]) < 1e-9 * anode[0]
    still = lisse.run("koerver-2017", steps, mechanisms=[])
    assert np.ptp(still.timeseries[still.timeseries["step"] == 3]["lithium_content"]) < 1e-9


# Growth laws inside of the cell


def test_the_film_grows_as_the_root_of_time_when_the_voltage_does_not_matter():
    """No onset, no sensitivity, nothing at once: l^2 + l0 l = kp t whatever the current does."""
    values = {
        "Cathode interphase onset voltage [V]": 0.0,
        "Cathode interphase voltage sensitivity [V-1]": 0.0,
        "Cathode interphase fast thickness [m]": 0.0,
    }
    run = lisse.run("koerver-2017", "2 cycles at C/5", mechanisms=["cathode_interphase"], parameters=values)
    constant, time = run.values["Cathode interphase parabolic constant [m2.s-1]"], run.solution.t
    expected = (np.sqrt(1e-18 + 4 * constant * time) - 1e-9) / 2
    assert entries(run, "Cathode interphase thickness [m]") == pytest.approx(expected, rel=1e-3, abs=1e-13)


def test_the_film_at_a_held_potential():
    """The same law with the constant that the potential at the particles gives; the fast part ends at 9 nm."""
    steps = "Charge at C/5 until upper, Hold at upper for 60 hours"
    run = lisse.run("koerver-2017", steps, mechanisms=["cathode_interphase"])
    names = ("slow", "fast")
    slow, fast = (entries(run, f"Cathode interphase {name} thickness on bare oxide [m]") for name in names)
    time, potential = run.solution.t, entries(run, "Positive electrode surface potential difference [V]")
    begun = 1 / (1 + np.exp(-(potential - 3.8) / 0.05))
    driven_by = (begun * 3e-23 * np.exp(8.2 * (potential - 4.3))).mean(axis=0)
    integral = np.concatenate([[0.0], np.cumsum(np.diff(time) * (driven_by[1:] + driven_by[:-1]) / 2)])
    assert slow[-1] ** 2 + 1e-9 * slow[-1] == pytest.approx(integral[-1], rel=5e-3)
    assert fast[-1] == pytest.approx(9e-9, rel=0.01)
    assert potential[:, -1] == pytest.approx(4.3, abs=5e-3)


def test_a_warm_cell_oxidises_faster_by_its_arrhenius_factor():
    values = {
        "Cathode interphase onset voltage [V]": 0.0,
        "Cathode interphase voltage sensitivity [V-1]": 0.0,
        "Cathode interphase fast thickness [m]": 0.0,
    }
    cold, warm = (
        lisse.run(
            "koerver-2017",
            "Charge at C/5 for 2 hours",
            temperature=temperature,
            mechanisms=["cathode_interphase"],
            parameters=values,
        )
        for temperature in ("25 degC", "60 degC")
    )
    films = [entries(run, "Cathode interphase thickness [m]")[-1] for run in (cold, warm)]
    growth = [film**2 + 1e-9 * film for film in films]
    assert growth[1] / growth[0] == pytest.approx(np.exp(60e3 / GAS_CONSTANT * (1 / 298.15 - 1 / 333.15)), rel=2e-3)


def test_a_coating_shields_by_its_residual_reactivity():
    """Slow growth under LiNbO3 has a tenth of the constant; the bare tenth beside it grows as without a coating."""
    coat = {"cathode.coating": {"material": "LiNbO3", "thickness": "5 nm", "coverage": 0.9}}
    run = lisse.run("koerver-2017", "Charge at C/5 until upper", mechanisms=["cathode_interphase"], changes=coat)
    share = run.cell.number("coating", "residual_reactivity")
    bare, coated = (
        entries(run, f"Cathode interphase slow thickness on {patch} oxide [m]")[-1] for patch in ("bare", "coated")
    )
    assert coated**2 + 1e-9 * coated == pytest.approx(share * (bare**2 + 1e-9 * bare), rel=1e-3)
    mean = entries(run, "Cathode interphase thickness [m]")[-1]
    fast = [entries(run, f"Cathode interphase fast thickness on {p} oxide [m]")[-1] for p in ("bare", "coated")]
    assert mean == pytest.approx(0.1 * (bare + fast[0]) + 0.9 * (coated + fast[1]), rel=1e-9)


def test_the_resistance_of_the_composite_is_that_of_a_circuit():
    """Per cell area: wetted area times the conductance of bare and coated patches, each transfer and film in series."""
    coat = {"cathode.coating": {"material": "LiNbO3", "thickness": "5 nm", "coverage": 0.7}}
    run = lisse.run(
        "koerver-2017", "Charge at C/5 until upper, Rest for 1 hour", mechanisms=["cathode_interphase"], changes=coat
    )
    content = entries(run, "Surface lithium content")[:, -1]
    exchange = run.values["Positive electrode exchange-current density [A.m-2]"](content)
    transfer = GAS_CONSTANT * 298.15 / (FARADAY * exchange)
    conductivity = run.cell.number("electrolyte", "oxidation_film_conductivity")
    films = {
        patch: sum(
            entries(run, f"Cathode interphase {part} thickness on {patch} oxide [m]")[-1] for part in ("slow", "fast")
        )
        / conductivity
        for patch in ("bare", "coated")
    }
    films["coated"] += run.cell.derived.coating_resistance
    per_area = np.mean(0.7 / (transfer + films["coated"]) + 0.3 / (transfer + films["bare"]))
    area = run.cell.derived.wetted_surface_area * run.cell.derived.cathode_thickness
    assert entries(run, "Cathode resistance [Ohm.m2]")[-1] == pytest.approx(1 / (area * per_area), rel=1e-3)


def test_space_charge_is_never_added_to_an_interphase():
    """30 ohm cm2 on bare oxide: alone it adds just that, under a thick interphase nothing."""
    layer = {"cathode.space_charge_resistance": "30 ohm*cm^2"}
    cell = Cell.load("koerver-2017")
    area = cell.derived.wetted_surface_area * cell.derived.cathode_thickness
    resistances = {}
    for mechanisms in ((), ("cathode_interphase",)):
        for changes in (None, layer):
            run = lisse.run(cell, "Charge at C/5 until upper, Rest for 1 hour", mechanisms=mechanisms, changes=changes)
            resistances[mechanisms, changes is None] = entries(run, "Cathode resistance [Ohm.m2]")
    assert resistances[(), False][0] - resistances[(), True][0] == pytest.approx(30e-4 / area, rel=5e-3)
    with_film = [resistances[("cathode_interphase",), plain] for plain in (False, True)]
    assert with_film[0][0] - with_film[1][0] == pytest.approx(30e-4 / area, rel=5e-3)
    assert with_film[0][-1] == pytest.approx(with_film[1][-1], rel=1e-3)


def test_carbon_is_oxidised_on_its_own_surface():
    bare = lisse.run("reference", "Charge at C/5 until upper", mechanisms=["cathode_interphase"])
    values = bare.values
    assert bare.options.carbon_oxidation
    carbon = entries(bare, "Cathode interphase thickness on carbon [m]")[-1]
    oxide = entries(bare, "Cathode interphase thickness [m]")[-1]
    wetted = bare.cell.derived.wetted_surface_area
    per_volume = values["Cathode interphase charge per volume [C.m-3]"] * bare.cell.derived.cathode_thickness
    expected = per_volume * (wetted * oxide + values["Carbon area per volume [m-1]"] * carbon)
    assert entries(bare, "Cathode interphase charge [C.m-2]")[-1] == pytest.approx(expected, rel=1e-5)
    assert carbon > 0


# Cracks


def linear_strain(content):
    """A particle that loses 10 % of its volume per unit of lithium: 4 % between 0.9 and 0.5."""
    return 0.1 * (content - 0.9)


def strokes(order, options, **given):
    """Take 0.4 of lithium out and back ("-+") or the other way round, in four hours each; return the two steps.

    Particles that conduct well and a wide window, so that nothing but the charge that passes decides on the strain.
    """
    cell = Cell.load("koerver-2017").replace(mechanisms=[])
    derived = cell.derived
    sites = derived.cathode_lithium / derived.initial_lithium_content * derived.connected_fraction  # [mol/m2]
    current = 0.1 * FARADAY * sites * derived.cell_area / 3600
    sign = {"-": -1, "+": 1}
    values = {
        "Positive electrode volume strain": linear_strain,
        "Positive particle diffusivity integral [m2.s-1]": lambda content: 1e-13 * content,
        "Pristine lithium content": 0.9,
        "Initial lithium content": 0.9 if order[0] == "-" else 0.5,
        "Lower voltage cut-off [V]": 0.0,
        "Upper voltage cut-off [V]": 6.0,
    }
    steps = [pybamm.step.current(sign[s] * current, duration=4 * 3600) for s in order]
    solution = driven(cell, {**options, "audit": False}, steps, **(values | given))
    assert np.ptp(solution["Mean lithium content"].entries) == pytest.approx(0.4, abs=1e-3)
    return solution.cycles


def test_cracks_of_a_cycle_are_those_of_its_strain_in_either_direction():
    """k (e - eth)^2 a cycle, half of it each way; e from the charge that has passed."""
    whole = {"Positive particle cracked active mass": 1.0, "Positive particle cracked path ratio": 1.0}
    expected = GROWTH * (0.04 - THRESHOLD_STRAIN) ** 2 / 2
    for order in ("-+", "+-"):
        steps = [step["Crack density"].entries for step in strokes(order, {"cracks": True}, **whole)]
        found = [np.log1p(-density[0]) - np.log1p(-density[-1]) for density in steps]
        assert found == pytest.approx([expected, expected], rel=0.02)


def cracks_of(protocol, upper):
    """Growth of -ln(1 - xi) in the second of two cycles, and what the shrinkage at its turning points makes of it."""
    changes = {"operation.voltage_window": ["2.6 V", upper]}
    run = lisse.run("reference", protocol, mechanisms=["cracks"], changes=changes)
    density, shrunk = entries(run, "Crack density", "Shrinkage")
    cycle = run.timeseries["cycle"].to_numpy() == 2
    beyond = np.maximum(shrunk[cycle] - THRESHOLD_STRAIN, 0) ** 2
    expected = GROWTH / 2 * np.abs(np.diff(beyond)).sum()
    found = np.log1p(-density[cycle][0]) - np.log1p(-density[cycle][-1])
    return found, expected


def test_shallow_cycles_crack_less():
    """4.1 V less than 4.25 V, and the upper half of the charge less than all of it: as the strains say."""
    full, low = (cracks_of("2 cycles at C/10", upper) for upper in ("4.25 V", "4.1 V"))
    steps = ["Charge at C/10 until upper", "Discharge at C/10 for 2 hours"]
    half = cracks_of(lisse.Protocol.from_dict({"name": "half", "cycles": [{"steps": steps, "repeat": 2}]}), "4.25 V")
    for found, expected in (full, low, half):
        assert found == pytest.approx(expected, rel=0.1)  # the slope of the strain is smoothed over 0.04 of content
    assert low[0] < half[0] < full[0]
    assert low[0] < full[0] / 3


def test_radial_grains_and_films_between_grains_crack_less():
    densities = {}
    for name, changes in (
        ("polycrystal", {}),
        ("radial", {"cathode.morphology": "radial"}),
        ("film", {"cathode.grain_coating": "polypyrrole"}),
    ):
        run = lisse.run("reference", "1 cycle at C/10", mechanisms=["cracks"], changes=changes)
        densities[name] = entries(run, "Crack density")[-1]
    assert densities["radial"] < densities["film"] < densities["polycrystal"]
    with pytest.raises(InputError, match=r"grain_mismatch_factor|grain_coating"):
        lisse.run("reference", "1 cycle at C/10", mechanisms=["cracks"], changes={"cathode.grain_coating": "LiNbO3"})


# Contact


def test_contact_follows_the_gap_and_paths_its_widest():
    """r/3 (e_v - p0/K*) where it is wide; the area comes back as the gap closes, the paths do not."""
    run = lisse.run("reference", "3 cycles at C/10", mechanisms=["contact_loss"])
    opening, widest, wetted, connected = entries(
        run, "Contact gap [m]", "Widest contact gap [m]", "Wetted fraction", "Contact-connected fraction"
    )
    shrunk, grown = entries(run, "Shrinkage", "Irreversible gap volume")
    values = run.values
    compressed = 5e6 + values["Positive electrode residual pressure [Pa]"]
    void = (1 - 0.45) * shrunk + grown - compressed / values["Positive electrode mismatch modulus [Pa]"]
    straight = values["Positive particle radius [m]"] / 3 * void
    wide = straight > 1e-8
    assert wide.any()
    assert opening[wide] == pytest.approx(straight[wide], rel=0.02)
    assert np.all(np.diff(widest) >= -1e-14)
    assert np.all(np.diff(connected) <= 1e-9)
    assert widest[-1] == pytest.approx(opening.max(), rel=0.02)
    assert np.all(np.diff(grown) >= -1e-9)
    full = wetted[0]
    assert wetted.min() < full - 0.1
    assert wetted[-1] > wetted.min() + 0.05


def test_isolated_lithium_stays_isolated_while_the_cell_cycles():
    run = lisse.run("koerver-2017", "3 cycles at C/10", mechanisms=["contact_loss", "cracks"])
    isolated, strain = entries(run, "Isolated lithium", "Isolated volume strain")
    assert np.all(np.diff(isolated) >= -1e-6)  # the solver's own tolerance
    assert isolated[-1] > 0.02
    assert np.all(np.diff(strain) <= 1e-7)  # what is cut off was cut off shrunken
    active = run.timeseries["active_mass_fraction"].to_numpy()
    assert np.all(np.diff(active) <= 1e-6)
    whole = run.timeseries["connected_fraction"] * run.timeseries["uncracked_mass_fraction"]
    assert active == pytest.approx(whole.to_numpy() * run.cell.derived.connected_fraction, rel=1e-6)


@pytest.mark.parametrize("order", ["-+", "+-"])
def test_the_gap_grows_with_the_stroke_and_not_with_its_direction(order):
    """K e^2/eref^2 a cycle without pressure, half each way, less and less towards a gap volume of 0.2."""
    kept = {"Positive electrode lowest connected fraction": 1.0, "Positive electrode lowest wetted ratio": 1.0}
    steps = strokes(order, {"contact_loss": True}, **kept, **{"Positive electrode gap growth pressure [Pa]": 67e6})
    grown = [step["Irreversible gap volume"].entries for step in steps]
    expected = 0.03 * 0.04**2 / 0.05**2 / np.e / 2  # the pressure of that cell is 67 MPa
    found = [0.2 * (np.log1p(-entry[0] / 0.2) - np.log1p(-entry[-1] / 0.2)) for entry in grown]
    assert found == pytest.approx([expected, expected], rel=0.005)


def test_pressure_size_and_shells_move_the_contact_as_they_should():
    """Review 5.1: pressure helps, large particles are worse; a shell that stretches fills a part of the gap."""

    def left(**changes):
        protocol = "Charge at C/20 for 10 hours"
        return lisse.run("reference", protocol, mechanisms=["contact_loss"], changes=changes).summary["cycles"][0]

    small, large = (left(**{"cathode.particle_diameter": size}) for size in ("1 um", "4 um"))
    pressed = left(**{"cathode.particle_diameter": "4 um", "operation.stack_pressure": "300 MPa"})
    shell = {"cathode.coating": {"material": "polypyrrole", "thickness": "100 nm"}}
    held = left(**{"cathode.particle_diameter": "4 um"}, **shell)
    for better in (small, pressed, held):
        assert better["wetted_fraction"] > large["wetted_fraction"]
        assert better["connected_fraction"] > large["connected_fraction"]
        assert better["contact_gap_nm"] < large["contact_gap_nm"]
    # 3 % of 100 nm: what the shell follows.
    assert held["contact_gap_nm"] == pytest.approx(large["contact_gap_nm"] - 3.0, abs=0.4)


def test_nothing_of_it_in_a_plain_run():
    row = lisse.run("reference", "1 cycle at C/3").summary["cycles"][0]
    off = ("wetted_fraction", "connected_fraction", "active_mass_fraction", "cathode_interphase_nm")
    assert [row[key] for key in off] == [None] * len(off)
    assert row["cathode_resistance_ohm_cm2"] > 0


# Bad input


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mechanisms": ["contact_los"]}, "mechanisms"),
        ({"mechanisms": ["cracks"], "cathode.morphology": "spiral"}, "cathode.morphology"),
        ({"cathode.space_charge_resistance": "-1 ohm*cm^2"}, "cathode.space_charge_resistance"),
        ({"mechanisms": ["cracks"], "cathode.grain_coating": "Unobtainium"}, "Unobtainium"),
    ],
)
def test_bad_input_gets_one_sentence(changes, field):
    with pytest.raises(InputError) as refusal:
        lisse.run("reference", "1 cycle at C/10", changes=changes)
    text = str(refusal.value)
    assert field in text
    assert "\n" not in text


def test_a_symmetric_cell_has_no_composite():
    with pytest.raises(InputError) as refusal:
        lisse.run("sym-li-lpscl", "strip-plate", mechanisms=["contact_loss"])
    assert "\n" not in str(refusal.value)
