from __future__ import annotations

import math

import pytest

from lisse.cell.cell import Cell
from lisse.cell.particles import mean_radius, size_classes
from lisse.cell.specification import Distribution
from lisse.errors import InputError

MAH_CM2 = 36_000.0


def test_a8_12_mg_on_a_10_mm_die():
    # R. Koerver et al., Chem. Mater. 29 (2017) 5574: 10.7 mg/cm2; 70:30 by weight is 47:53 by volume (dense)
    derived = Cell.load("table1-60-lps-nmc811").replace(**{"cathode.porosity": 0.0}).derived
    assert derived.active_loading == pytest.approx(0.107, rel=0.01)
    assert derived.active_fraction == pytest.approx(0.47, abs=0.015)
    assert derived.electrolyte_fraction == pytest.approx(0.53, abs=0.015)


@pytest.mark.parametrize(("volume", "thickness"), [("33", 59.8), ("42", 54.8), ("61", 46.2), ("61-fine", 46.2)])
def test_minnmann_thicknesses(volume, thickness):
    # P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537, second-hand
    derived = Cell.load(f"minnmann-2021-{volume}").derived
    assert derived.cathode_thickness * 1e6 == pytest.approx(thickness, abs=0.06)
    assert derived.active_fraction == pytest.approx(int(volume[:2]) / 100, abs=0.001)
    assert derived.series_resistance == pytest.approx(80e-4)


def test_bielefeld_set():
    derived = Cell.load("bielefeld-2022").derived
    assert derived.active_loading == pytest.approx(0.080, rel=0.005)  # 80 g/m2
    assert derived.active_fraction == pytest.approx(0.42, abs=0.001)
    assert derived.electrolyte_fraction == pytest.approx(0.44, abs=0.001)
    assert derived.nominal_capacity == pytest.approx(0.080 * 200 * 3600, rel=0.005)
    assert derived.site_density == pytest.approx(49_034, rel=1e-4)


def test_areal_capacities_of_row_60():
    cell = Cell.load("table1-60-lps-nmc811")
    derived = cell.derived
    # 10.7 mg/cm2 times 200 mA h/g is the 2.14 mA h/cm2 that 0.214 mA/cm2 at C/10 implies
    assert derived.nominal_capacity / MAH_CM2 == pytest.approx(2.14, rel=1e-6)
    # F/M of NMC811 is 275.5 mA h/g
    assert derived.theoretical_capacity / 3600 == pytest.approx(275.5, abs=0.05)
    assert derived.areal_capacity_theoretical / MAH_CM2 == pytest.approx(10.7e-3 * 275.5, rel=2e-3)
    assert derived.nominal_current == pytest.approx(2.14e-3 * 0.7854, rel=1e-4)
    assert "cell file" in derived.nominal_capacity_source


def test_nominal_capacity_defaults_to_the_practical_capacity():
    cell = Cell.load("reference").replace(**{"operation.nominal_capacity": None})
    practical = cell.claim("active", "practical_capacity").value
    assert cell.derived.nominal_capacity == pytest.approx(practical * 0.11)
    assert "practical capacity" in cell.derived.nominal_capacity_source


def test_separator_of_doux():
    # J.-M. Doux et al., Adv. Energy Mater. 10 (2020) 1903253: 200 mg in a 13 mm die at 370 MPa, 82 % dense
    cell = Cell.load("reference").replace(**{"separator.mass": "200 mg", "separator.relative_density": None})
    derived = cell.derived
    assert derived.separator_density == pytest.approx(0.821, abs=0.02)
    assert derived.separator_thickness == pytest.approx(200e-6 / 1.327e-4 / (0.82 * 1860), rel=0.02)
    assert derived.separator_porosity == pytest.approx(1 - derived.separator_density)
    assert derived.separator_mass * derived.cell_area == pytest.approx(200e-6)


def test_separator_conductivity_follows_table_2():
    # Li6PS5Cl: 1.3 mS/cm at 25 degC with 0.33 eV gives 5.0 mS/cm at 60 degC
    cell = Cell.load("reference")
    assert cell.derived.separator_conductivity == pytest.approx(0.13, rel=0.02)
    warm = cell.replace(**{"operation.temperature": "60 degC"})
    assert warm.derived.separator_conductivity == pytest.approx(0.50, rel=0.03)
    ratio = warm.derived.cathode_ionic_conductivity / cell.derived.cathode_ionic_conductivity
    assert ratio == pytest.approx(5.0 / 1.3, rel=0.02)


def test_binder_of_the_tape_lowers_conductivity():
    # 1 wt% lowers 1.8 to 1.31 mS/cm (Y.-G. Lee et al., Nat. Energy 5 (2020) 299, second-hand)
    cell = Cell.load("practical-pouch")
    bare = cell.replace(**{"separator.binder": None})
    ratio = cell.derived.separator_conductivity / bare.derived.separator_conductivity
    assert ratio == pytest.approx(1.31 / 1.8, rel=0.01)


def test_pressure_and_contact():
    # Li | Li6PS5Cl, first loading: 110 ohm cm2 for two contacts and the pellet at 5 MPa, 50 after 25 MPa
    first = Cell.load("reference").replace(**{"anode.attach_pressure": None}).derived
    pressed = Cell.load("reference").derived
    assert first.contact_fraction == pytest.approx(0.57, abs=0.01)
    assert pressed.contact_fraction == pytest.approx(0.85, abs=0.01)
    assert (first.contact_resistance - pressed.contact_resistance) * 1e4 * 2 / 1.267 == pytest.approx(60, rel=0.15)
    indium = Cell.load("table1-60-lps-nmc811").derived
    assert (indium.contact_fraction, indium.contact_resistance) == (1.0, 0.0)


def test_voltage_window_on_both_scales():
    cell = Cell.load("table1-60-lps-nmc811").derived  # 2.6 to 4.3 V against Li, Li-In anode
    assert (cell.lower_potential, cell.upper_potential) == pytest.approx((2.6, 4.3))
    assert (cell.lower_voltage, cell.upper_voltage) == pytest.approx((1.98, 3.68))
    changes = {"operation.voltage_window": ["1.98 V", "3.68 V"], "operation.reference": "Li-In"}
    same = Cell.load("table1-60-lps-nmc811").replace(**changes).derived
    assert (same.lower_potential, same.upper_potential) == pytest.approx((2.6, 4.3))
    lithium = Cell.load("reference").replace(**changes).derived
    assert (lithium.lower_voltage, lithium.upper_voltage) == pytest.approx((2.6, 4.3))


def test_lithium_inventory():
    derived = Cell.load("reference").derived
    # 50 um of lithium (534 kg/m3, 3860 mA h/g) are 10.3 mA h/cm2, 0.3731 mol/m2 per mA h/cm2
    assert derived.anode_lithium == pytest.approx(50e-4 * 0.534 * 3860 * 0.3731, rel=2e-3)
    assert derived.lithium_inventory == pytest.approx(derived.anode_lithium + derived.cathode_lithium)
    pouch = Cell.load("practical-pouch").derived
    # a fifth of 5 mA h/cm2 at 4.84 um per mA h/cm2
    assert pouch.anode_lithium / 0.3731 == pytest.approx(1.0, rel=0.01)


def test_practical_pouch_masses():
    # the "advanced" row of the energy map: 38.2 mg/cm2 with half of each 10 um Al and 6 um Cu collector
    cell = Cell.load("practical-pouch")
    derived = cell.derived
    half = (derived.stack_mass - derived.collector_mass / 2) * 100
    assert half == pytest.approx(38.2, rel=0.03)
    assert derived.collector_mass == pytest.approx(2700 * 10e-6 + 8960 * 6e-6, rel=0.01)
    assert derived.areal_capacity_practical / MAH_CM2 == pytest.approx(5.0, rel=0.06)


def test_porosity_from_thickness_and_loading():
    cell = Cell.load("minnmann-2021-42")
    measured = cell.replace(**{"cathode.porosity": None, "cathode.thickness": "54.8 um"})
    assert measured.derived.void_fraction == pytest.approx(0.14, abs=0.002)


def test_percolation_closure_and_threshold():
    # P. Minnmann et al.: 61:25 vol% with 1.6 mS/cm conducts 3.06e-6 S/cm coarse and 1.17e-5 S/cm fine
    changes = {
        "cathode.transport": {"closure": "percolation"},
        "claims.electrolyte.ionic_conductivity": "1.6 mS/cm",
    }
    cell = Cell.load("minnmann-2021-61").replace(**changes)
    assert cell.derived.cathode_ionic_conductivity == pytest.approx(3.06e-4, rel=0.12)
    assert cell.derived.cathode_electronic_conductivity == pytest.approx(0.143, rel=0.06)
    fine = cell.replace(**{"cathode.transport.ionic_threshold": 0.188}).derived
    assert fine.cathode_ionic_conductivity == pytest.approx(1.17e-3, rel=0.12)


def test_bruggeman_and_table_closures():
    cell = Cell.load("minnmann-2021-61").replace(**{"claims.electrolyte.ionic_conductivity": "1.6 mS/cm"})
    table = cell.replace(**{"cathode.transport": {"closure": "table"}}).derived
    brug = cell.replace(**{"cathode.transport": {"closure": "bruggeman"}}).derived
    assert table.cathode_ionic_conductivity == pytest.approx(3.06e-4, rel=0.01)
    # Bruggeman is 65 times too high at 25 vol%
    assert brug.cathode_ionic_conductivity / table.cathode_ionic_conductivity == pytest.approx(65, abs=1)


def test_size_classes_keep_volume_and_area():
    distribution = Distribution(d10="2 um", d50="5 um", d90="12.5 um")
    sigma = math.log(12.5 / 2) / (2 * 1.2815515655)
    for count in (1, 3, 20):
        classes = size_classes(distribution, count)
        assert sum(c.volume_fraction for c in classes) == pytest.approx(1)
        # area mean of a log-normal distribution of volume
        assert mean_radius(classes) == pytest.approx(2.5e-6 * math.exp(-(sigma**2) / 2), rel=1e-9)


def test_distribution_sets_the_area():
    changes = {"cathode.distribution": {"diameters": ["2 um", "6 um"], "volume_fractions": [0.5, 0.5]}}
    cell = Cell.load("reference").replace(**changes)
    derived = cell.derived
    assert derived.particle_radius == pytest.approx(1.5e-6)
    classes = cell.size_classes
    area = sum(3 * derived.active_fraction * c.volume_fraction / c.radius for c in classes)
    assert derived.specific_surface_area == pytest.approx(area)


def test_own_claim_wins_and_is_marked():
    cell = Cell.load("minnmann-2021-42")
    density = cell.claim("active", "density")
    assert density.own
    assert density.value == pytest.approx(4650)
    assert "Minnmann" in density.source.citation
    assert not cell.claim("electrolyte", "density").own


def test_material_of_ones_own_says_which_claims_it_lacks(tmp_path):
    claims = {"density": "2000 kg/m^3", "ionic_conductivity": "1 mS/cm", "activation_energy": "0.3 eV"}
    text = 'name = "Mine"\nkind = "electrolyte"\nstate = "glass"\n'
    for name, value in claims.items():
        text += f'[[claims]]\nid = "a"\nproperty = "{name}"\nvalue = "{value}"\nmethod = "defined"\n'
        text += 'source = { citation = "my lab" }\n'
    path = tmp_path / "mine.toml"
    path.write_text(text)
    cell = Cell.load("reference")
    with pytest.raises(InputError, match=r'give claims\."separator\.lithium_contact_hardness"'):
        cell.replace(**{"separator.material": str(path)})
    with pytest.raises(InputError, match=r"separator\.relative_density: this must be given, since"):
        cell.replace(**{"separator.material": str(path), "separator.relative_density": None})
    contact = {
        "claims.separator.lithium_contact_hardness": "6 MPa",
        "claims.separator.lithium_contact_resistance": "60 ohm*cm^2",
        "claims.separator.lithium_contact_unloading_exponent": 0.09,
    }
    mine = cell.replace(**{"separator.material": str(path), **contact})
    assert mine.derived.separator_conductivity == pytest.approx(0.1)
    assert mine.claim("separator", "lithium_contact_hardness").value == pytest.approx(6e6)


def test_every_derived_number_has_unit_and_label():
    for name, value, unit, label in Cell.load("reference").derived.rows():
        assert label
        assert isinstance(value, str) or type(value) is float, name
        assert isinstance(unit, str)


def test_missing_claim_says_where_to_give_it():
    with pytest.raises(InputError, match=r'give claims\."active\.creep_exponent" in the cell file'):
        Cell.load("reference").claim("active", "creep_exponent")
