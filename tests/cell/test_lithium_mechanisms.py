"""Voids, interphase, filaments and their neighbours in a full cell: books, events, and what they must agree with."""

import numpy as np
import pybamm
import pytest

import lisse
from lisse import Cell, SolidStateCell
from lisse.cell.options import Options
from lisse.cell.parameter_sets import options_for, parameter_values
from lisse.errors import InputError
from lisse.lithium.build import build
from lisse.mechanism import FARADAY

ALL = {"voids": True, "interphase": True, "filaments": True}
ONE = 10.0  # 1 mA/cm2
SPRING = {"operation.fixture": "spring", "operation.spring_stiffness": "0.1 MPa/um"}
FRESH = {"anode.attach_pressure": None}


def half_cycles(cell, options, pairs, tolerance=5e-6, **given):
    """Discharge and charge a cell for given times [s] at 1 mA/cm2 from the middle of its window."""
    build_options = options_for(cell, options)
    values = parameter_values(cell, build_options) | {"Initial lithium content": 0.4} | given
    current = ONE * cell.derived.cell_area
    steps = [
        (
            pybamm.step.current(current, duration=discharge),
            pybamm.step.current(-current, duration=charge),
        )
        for discharge, charge in pairs
    ]
    simulation = pybamm.Simulation(
        SolidStateCell(build_options),
        experiment=pybamm.Experiment(steps),
        parameter_values=pybamm.ParameterValues(values),
        solver=pybamm.IDAKLUSolver(rtol=tolerance, atol=tolerance / 100),
    )
    return simulation.solve(calc_esoh=False)


@pytest.mark.parametrize("pressure", ["3 MPa", "7 MPa"])
def test_void_states_are_those_of_the_vectorised_simulator(pressure):
    cell = Cell.load("reference").replace(**{"operation.stack_pressure": pressure})
    pairs = [(3000.0, 3060.0)] * 4
    options = {"voids": True, "interphase": True}
    solution = half_cycles(cell, options, pairs)
    simulator = build(cell)
    simulator.tolerance = 1e-6
    for cycle, durations in zip(solution.cycles, pairs, strict=True):
        for part, current, duration in zip(cycle.steps, (ONE, -ONE), durations, strict=True):
            simulator.advance(current, duration)
            for row, name in enumerate(("open void height", "occluded void height", "void cover thickness")):
                own, theirs = part[f"Anode {name} [m]"].entries[-1], simulator.state.voids[row, 0, 0]
                assert own == pytest.approx(theirs, rel=1e-3, abs=1e-10), name
            charge = part["Anode interphase charge [C.m-2]"].entries[-1]
            assert charge == pytest.approx(simulator.state.interphase[0, 0], rel=1e-3)
    assert simulator.state.voids[0, 0, 0] < 1e-11 < solution["Anode open void height [m]"].entries.max()


def test_a_full_cell_ratchets_at_3_and_not_at_7_megapascal():
    """Efficiency below one after the first-cycle loss: occluded voids come back, each cycle more of them."""
    low, high = (
        lisse.run("reference", "10 cycles at 1 mA/cm^2", pressure=p, changes=FRESH, options=ALL).summary["cycles"]
        for p in ("3 MPa", "7 MPa")
    )
    assert low[0]["coulombic_efficiency"] < 0.8
    assert all(row["coulombic_efficiency"] < 1 for row in low)
    covered = [row["void_coverage"] for row in low]
    assert np.all(np.diff(covered) < 0)
    assert covered[0] > 0.7
    assert covered[-1] < 0.52
    steady = [row["void_coverage"] for row in high]
    assert len(high) == 10
    assert np.ptp(steady) < 5e-3
    assert min(steady) > 0.85


def test_voids_crowd_the_current_until_a_filament_starts():
    """Deterministic criterion: a short follows once the current at the rims has reached the critical one."""
    cell = Cell.load("reference").replace(**{"operation.stack_pressure": "3 MPa"} | FRESH)
    cell = cell.replace(claims={"separator.critical_plating_current": "1.5 mA/cm^2"})
    run = lisse.run(cell, "20 cycles at 1 mA/cm^2", options=ALL)
    assert run.summary["reason"] == "short"
    assert run.summary["time_to_short_h"] == pytest.approx(run.solution.t[-1] / 3600)
    edge = run.solution["Anode edge plating current density [A.m-2]"].entries
    critical = run.values["Filament initiation current density [A.m-2]"]
    started = run.solution["Anode filament hazard"].entries
    assert edge[started < 1e-3].max() < 1.03 * critical  # the criterion is smooth over some per cent
    assert edge.max() > critical
    assert run.solution["Anode crack length [m]"].entries[-1] == pytest.approx(100e-6, rel=0.1)
    run.books.check()


@pytest.mark.parametrize("changes", [None, SPRING], ids=["constant pressure", "spring"])
def test_books_close_in_ten_cycles_with_everything_on(changes):
    run = lisse.run("reference", "10 cycles at C/3", options={**ALL, "bending": True}, changes=changes)
    assert run.summary["status"] == "completed"
    run.books.check()
    assert abs(run.books.lithium_relative_error) < 1e-9
    last = run.summary["cycles"][-1]
    assert last["lithium_lost_mAh_cm2"] > 0.01
    assert last["anode_interphase_nm"] == pytest.approx(9e3 * last["lithium_lost_mAh_cm2"], rel=1e-6)
    assert run.solution["Highest stack pressure [Pa]"].entries[-1] == pytest.approx(
        max(25e6, run.solution["Stack pressure [Pa]"].entries.max()), rel=1e-3
    )


def test_the_memory_follows_the_highest_pressure_of_a_spring():
    run = lisse.run("reference", "1 cycle at C/3", options={"voids": True}, changes=SPRING | FRESH)
    pressure, highest = (run.solution[f"{name} [Pa]"].entries for name in ("Stack pressure", "Highest stack pressure"))
    assert pressure.max() > 5.1e6
    assert highest[-1] == pytest.approx(pressure.max(), rel=2e-3)
    assert np.all(np.diff(highest) >= -1.0)


def test_the_interphase_books_the_lithium_that_it_takes():
    run = lisse.run("reference", "1 cycle at C/3", options={"interphase": True})
    names = ("Anode lithium inventory [mol]", "Anode interphase lithium inventory [mol]")
    change = [np.ptp(run.solution[name].entries[[0, -1]]) for name in names]
    area = run.cell.derived.cell_area
    grown = run.solution["Anode interphase charge [C.m-2]"].entries
    assert change[1] == pytest.approx((grown[-1] - grown[0]) * area / FARADAY, rel=1e-9)
    taken = run.solution["Discharge capacity [A.h]"].entries[-1] * 3600 / FARADAY
    anode = run.solution[names[0]].entries
    assert anode[-1] - anode[0] == pytest.approx(-taken - change[1], rel=1e-6)


def test_a_leaking_short_moves_the_internal_current_by_its_conductance_times_the_voltage():
    cell = Cell.load("reference")
    solution = half_cycles(cell, ALL, [(600.0, 600.0)], **{"Separator electronic conductivity [S.m-1]": 1e-4})
    inside, outside = (solution[f"{kind} current density [A.m-2]"].entries for kind in ("Internal", "Total"))
    drop = 10e-4 * outside  # 10 ohm cm2 in series outside of the short
    leak = 1e-4 / 100e-6 * (solution["Voltage [V]"].entries + drop)
    assert inside - outside == pytest.approx(leak, rel=1e-5)
    assert leak.min() > 3.0


def test_a_hard_press_shorts_and_a_weak_one_loses_contact():
    pressed = lisse.run("reference", "5 cycles at C/10", pressure="60 MPa", options=ALL)
    assert (pressed.summary["status"], pressed.summary["reason"]) == ("stopped", "short")
    assert 0 < pressed.summary["time_to_short_h"] < 10
    assert pressed.summary["cycles"][-1]["short_conductance_S_cm2"] > 1e-5
    pressed.books.check()
    loose = lisse.run(
        "reference",
        "Charge at C/10 until 4.3 V, Discharge at 1 mA/cm^2 until 2.6 V",
        pressure="0.1 MPa",
        changes=FRESH
        | {"claims": {"separator.void_height": "1 um", "separator.lithium_contact_resistance": "0.01 ohm*cm^2"}},
        options={"voids": True},
    )
    assert loose.summary["reason"] == "contact_loss"
    assert loose.summary["cycles"][-1]["void_coverage"] == pytest.approx(0.05, abs=1e-3)


def test_lithium_exhausted_has_its_name_with_the_mechanisms_on():
    changes = {"anode.thickness": "1 um", "cathode.initial_lithium_content": 0.3}
    poor = lisse.run("reference", "Discharge at C/2 until 2.6 V", changes=changes, options={"interphase": True})
    assert (poor.summary["status"], poor.summary["reason"]) == ("stopped", "lithium_exhausted")
    # 1 um of lithium is 0.206 mAh/cm2, and some of it is in the interphase.
    row = poor.summary["cycles"][0]
    assert row["discharge_capacity_mAh_cm2"] + row["lithium_lost_mAh_cm2"] == pytest.approx(0.206, rel=0.01)


def test_a_thick_free_foil_flows_out():
    changes = {"anode.die_confined": False, "anode.thickness": "500 um"}
    run = lisse.run("reference", "1 cycle at C/3", pressure="5 MPa", changes=changes)
    assert run.options.extrusion
    assert run.summary["reason"] == "lithium_extrusion"
    assert not options_for(run.cell.replace(**{"anode.die_confined": True})).extrusion


def test_a_mixed_conducting_interphase_crosses_a_thin_separator():
    values = {
        "Anode interphase electron conduction": 1.0,
        "Anode interphase parabolic constant [C.m-2.s-0.5]": 1e5,
        "Anode interphase reaction rate [A.m-2]": 1e2,
        "Anode interphase thickness per charge [m3.C-1]": 2.5e-9,
        "Anode interphase conductivity [S.m-1]": 1e3,
        "Separator electronic conductivity [S.m-1]": 0.0,
    }
    solution = half_cycles(Cell.load("reference"), ALL, [(1200.0, 1200.0)], **values)
    assert solution.termination == "event: interphase_through"
    # q/k_r + q^2/k_q^2 = t, with 100 um over 2.5e-9 m3/C to be reached from 3.6 C/m2
    assert solution.t[-1] == pytest.approx((4e4 - 3.6) / 1e2 + 4e4**2 / 1e5**2, rel=1e-4)
    assert solution["Anode interphase thickness [m]"].entries[-1] == pytest.approx(100e-6, rel=1e-3)


def test_reference_electrode_potentials_add_up_to_the_voltage():
    cell = Cell.load("reference").replace(**{"separator.reference_electrode": 0.25})
    solution = half_cycles(cell, {"voids": True}, [(1200.0, 1200.0)])
    read = {name: solution[f"{name} [V]"].entries for name in ("Voltage", "Contacts overpotential")}
    negative, positive = (solution[f"{side} electrode 3E potential [V]"].entries for side in ("Negative", "Positive"))
    assert positive - negative - read["Contacts overpotential"] == pytest.approx(read["Voltage"], abs=1e-12)
    current = solution["Total current density [A.m-2]"].entries
    expected = solution["Anode overpotential [V]"].entries
    expected = expected + 0.25 * current * solution["Separator area resistance [Ohm.m2]"].entries
    assert negative == pytest.approx(expected, abs=1e-12)
    with pytest.raises(InputError, match=r"separator\.reference_electrode"):
        options_for(Cell.load("reference"), {"reference_electrode": True})


@pytest.mark.parametrize(("law", "fraction"), [("persson", 0.0126), ("gw_ep", 5.0 / 6.0)])
def test_other_contact_laws(law, fraction):
    """Persson: erf(sqrt 2 P/(E* h')) with E* of Li and Li6PS5Cl and a slope of 0.1; asperities: P over hardness."""
    cell = Cell.load("reference").replace(**{"anode.contact_law": law} | FRESH)
    values = parameter_values(cell)
    run = lisse.run(cell, "Charge at C/100 for 1 minute")
    modulus = 1 / ((1 - 0.381**2) / 7.82e9 + (1 - values_of(cell)[1] ** 2) / values_of(cell)[0])
    assert values["Anode contact modulus [Pa]"] == pytest.approx(modulus)
    if law == "persson":
        fraction = np.sqrt(8 / np.pi) * 5e6 / (modulus * 0.1)
    assert run.timeseries["contact_fraction"].iloc[0] == pytest.approx(fraction, rel=1e-3)


def values_of(cell):
    return cell.number("separator", "youngs_modulus"), cell.number("separator", "poisson_ratio")


def test_lithium_magnesium_diffuses():
    cell = Cell.load("reference").replace(**{"anode.material": "Li-Mg", "anode.thickness": "25 um"})
    options = options_for(cell, ALL)
    assert options.alloy_diffusion
    assert options.lithium_mechanisms == ("interphase",)
    lisse.run(cell, "1 cycle at C/3", options=ALL).books.check()
    solution = half_cycles(cell, ALL, [(600.0, 600.0)])
    assert solution.termination == "event: lithium_exhausted"
    # Empty outside, full inside:
    assert solution["Anode surface concentration [mol.m-3]"].entries[-1] == pytest.approx(24e3, rel=1e-3)
    assert solution["Anode lithium [mol.m-2]"].entries[-1] / 25e-6 > 60e3


def test_grains_of_another_size_change_the_separator_by_their_boundaries():
    """One boundary has 2e-3 ohm cm2; in 100 um there are 200 of 0.5 um and 20 of the claimed 5 um."""
    plain = Cell.load("reference")
    same, fine = (plain.replace(**{"separator.grain_size": size}) for size in ("5 um", "0.5 um"))
    assert same.derived.separator_resistance == plain.derived.separator_resistance
    added = fine.derived.separator_resistance - plain.derived.separator_resistance
    assert added == pytest.approx(2e-7 * (200 - 20), rel=1e-9)


def test_an_interlayer_conducts_better_when_warm():
    cell = Cell.load("reference").replace(**{"anode.interlayer": {"material": "PCE", "thickness": "10 um"}})
    warm = cell.replace(**{"operation.temperature": "60 degC"})
    energy = parameter_values(warm)["Interlayer conduction activation energy [J.mol-1]"]
    assert energy > 1e4
    assert parameter_values(warm)["Interlayer area resistance [Ohm.m2]"] == pytest.approx(
        parameter_values(cell)["Interlayer area resistance [Ohm.m2]"]
    )


def test_factors_of_an_interlayer():
    """Claims of the layer: x on the healing current, x on the interphase after a time, a reservoir against voids."""
    layer = {"anode.interlayer": {"material": "Li3N-LiF", "thickness": "10 um"}}
    cell = Cell.load("reference").replace(**layer)
    plain, changed = (parameter_values(c, ALL) for c in (Cell.load("reference"), cell))
    for role, name in (
        ("interphase_factor", "Anode interphase parabolic constant [C.m-2.s-0.5]"),
        ("healing_current_factor", "Anode healing current offset [A.m-2]"),
    ):
        factor = cell.number("interlayer", role) if cell.has_claim("interlayer", role) else 1.0
        assert changed[name] == pytest.approx(factor * plain[name])
    reservoir = changed["Interlayer reservoir thickness [m]"]
    assert reservoir == cell.number("interlayer", "reservoir_thickness")
    run = lisse.run(cell, "Discharge at C/20 for 1 hour, Charge at C/20 for 1 hour", options={"voids": True})
    heights = run.solution["Anode open void height [m]"].entries
    assert heights.max() < reservoir
    assert run.solution["Anode void coverage"].entries.min() > 0.95


def test_mechanisms_come_from_the_cell_file_and_are_off_by_default():
    cell = Cell.load("reference")
    assert not any(getattr(options_for(cell), name) for name in ("voids", "interphase", "filaments", "bending"))
    listed = cell.replace(mechanisms=["voids", "filaments"])
    options = options_for(listed)
    assert options.lithium_mechanisms == ("voids", "filaments")
    assert options_for(listed, Options(voids=False)).filaments
    with pytest.raises(InputError, match="mechanisms"):
        cell.replace(mechanisms=["void"])


def test_nothing_of_it_in_a_plain_run():
    run = lisse.run("reference", "1 cycle at C/3")
    row = run.summary["cycles"][0]
    keys = ("void_coverage", "anode_interphase_nm", "lithium_lost_mAh_cm2", "short_conductance_S_cm2")
    assert [row[key] for key in keys] == [None] * 4
    assert run.summary["time_to_short_h"] is None
    assert row["contact_fraction"] == pytest.approx(run.cell.derived.contact_fraction)
    assert not {"void_coverage", "anode_interphase_nm"} & set(run.timeseries.columns)
