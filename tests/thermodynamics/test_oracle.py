"""Ladders, interfaces and open systems against pymatgen on the same entries; needs the extra ``thermo``."""

import numpy as np
import pytest

from lisse.errors import InputError
from lisse.materials.library import built_in
from lisse.thermodynamics.composition import parse, resolve
from lisse.thermodynamics.interface import reaction
from lisse.thermodynamics.table import table
from lisse.thermodynamics.windows import window

pytest.importorskip("pymatgen.analysis.phase_diagram", reason="pymatgen is not installed (extra thermo)")

from pymatgen.analysis.interface_reactions import GrandPotentialInterfacialReactivity, InterfacialReactivity
from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element

pytestmark = pytest.mark.filterwarnings("ignore")
SCHEMES = ("uncorrected_S", "mp2020", "legacy")
LITHIUM = Element("Li")
PRESENT = 1e-6


def entries_of(scheme, elements):
    energies = table(scheme)
    found = [PDEntry(Composition(symbol), 0.0) for symbol in elements]
    for formula, energy in zip(energies.formulas, energies.energies, strict=True):
        phase = parse(formula)
        if phase.elements <= elements:
            found.append(PDEntry(Composition(formula), energy * phase.atoms))
    return found


def spelt(formulas):
    """Formulas as pymatgen spells them."""
    return {Composition(formula).reduced_formula for formula in formulas}


def electrolytes():
    """Formulas of the electrolytes and coatings of the library that the table covers, each once."""
    formulas = {}
    for material in built_in():
        if material.kind in ("electrolyte", "coating"):
            try:
                formula = parse(material.formula)
                table().check_covered(formula)
            except InputError:
                continue
            if not {"C", "H"} <= formula.elements:
                formulas.setdefault(formula.reduced, material.formula)
    return sorted(formulas.values())


FORMULAS = electrolytes()


def test_the_library_has_enough_to_compare():
    assert len(FORMULAS) >= 24
    assert {"Li6PS5Cl", "Li10GeP2S12", "Li7La3Zr2O12", "LiNbO3"} <= set(FORMULAS)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("formula", FORMULAS)
def test_ladders(formula, scheme):
    composition = parse(formula)
    diagram = PhaseDiagram(entries_of(scheme, composition.elements | {"Li"}))
    profile = diagram.get_element_profile(LITHIUM, Composition(composition.amounts))
    ladder = window(formula, scheme).ladder
    assert [step.lower for step in ladder] == pytest.approx([-step["chempot"] for step in profile], abs=1e-6)
    for own, peer in zip(ladder, profile, strict=True):
        products = [product for product in peer["reaction"].products if product != Composition("Li")]
        assert spelt(own.phases) == spelt(product.reduced_formula for product in products)
        # pymatgen counts lithium per formula unit as given, as lisse does.
        assert own.lithium_uptake == pytest.approx(peer["evolution"], abs=1e-6)


@pytest.mark.parametrize("formula", FORMULAS)
def test_hull_energies_and_distances(formula):
    composition = parse(formula)
    diagram = PhaseDiagram(entries_of("mp2020", composition.elements))
    found = window(formula, "mp2020")
    peer = diagram.get_hull_energy_per_atom(Composition(composition.amounts))
    assert found.hull_energy == pytest.approx(peer, abs=1e-9)
    own = [entry for entry in diagram.all_entries if parse(entry.name).is_same(composition)]
    if found.above_hull is None:
        assert own == []
    else:
        assert found.above_hull == pytest.approx(diagram.get_e_above_hull(own[0]), abs=1e-9)


PAIRS = [
    ("Li3PS4", "LiCoO2", "legacy"),
    ("Li6PS5Cl", "LiCoO2", "uncorrected_S"),
    ("Li3PO4", "Li3PS4", "uncorrected_S"),
    ("Li6PS5Cl", "Li", "mp2020"),
    ("LiNbO3", "Li6PS5Cl", "uncorrected_S"),
    ("LiTaO3", "Li10GeP2S12", "mp2020"),
    ("LLZO", "LiCoO2@0.5", "uncorrected_S"),
    ("Li9.54Si1.74P1.44S11.7Cl0.3", "LiCoO2", "mp2020"),
    ("Li7P2S8I", "NMC111", "mp2020"),
    ("Li6PS5Cl", "NMC811@0.3", "uncorrected_S"),
    ("Li10GeP2S12", "NMC811", "uncorrected_S"),
    ("Li6PS4.7O0.3Br", "NMC622", "mp2020"),
]


def ends_of(first, second):
    return [Composition(dict(resolve(name).composition.amounts)) for name in (first, second)]


def amounts_of(decomposition):
    """Atoms in each phase per atom of the mixture, none that is rounding."""
    return {
        entry.composition.reduced_formula: amount for entry, amount in decomposition.items() if amount > 1.5 * PRESENT
    }


@pytest.mark.parametrize(("first", "second", "scheme"), PAIRS)
def test_interfaces(first, second, scheme):
    one, two = ends_of(first, second)
    elements = {str(element) for element in one.elements + two.elements}
    diagram = PhaseDiagram(entries_of(scheme, elements))
    peer = InterfacialReactivity(one, two, diagram, norm=True, use_hull_energy=True).get_kinks()
    found = reaction(first, second, scheme)
    # pymatgen's mixing ratio is the share of the first.
    assert [kink.fraction for kink in found.kinks] == pytest.approx(sorted(1 - kink[1] for kink in peer), abs=1e-6)
    by_fraction = sorted((1 - kink[1], kink[2]) for kink in peer)
    assert [kink.energy for kink in found.kinks] == pytest.approx([energy for _, energy in by_fraction], abs=1e-6)
    for kink in found.kinks:
        mixture = one.fractional_composition * (1 - kink.fraction) + two.fractional_composition * kink.fraction
        atoms = {formula: count * parse(formula).atoms for formula, count in kink.products.items()}
        named = {Composition(formula).reduced_formula: amount for formula, amount in atoms.items()}
        assert named == pytest.approx(amounts_of(diagram.get_decomposition(mixture)), abs=1e-6)


@pytest.mark.parametrize("voltage", [0.0, 1.7, 2.6, 4.3])
@pytest.mark.parametrize(("first", "second"), [("Li6PS5Cl", "LiCoO2"), ("LiNbO3", "Li6PS5Cl"), ("LLZO", "LiCoO2")])
def test_interfaces_in_touch_with_lithium(first, second, voltage):
    one, two = ends_of(first, second)
    elements = {str(element) for element in one.elements + two.elements}
    entries = entries_of("uncorrected_S", elements)
    peer = GrandPotentialInterfacialReactivity(
        one,
        two,
        GrandPotentialPhaseDiagram(entries, {LITHIUM: -voltage}),
        PhaseDiagram(entries),
        norm=True,
        use_hull_energy=True,
        include_no_mixing_energy=True,
    ).get_kinks()
    found = reaction(first, second, voltage=voltage)
    # pymatgen counts energy per atom that is not lithium, lisse per atom of the mixture.
    hosts = [1 - end.get_atomic_fraction(LITHIUM) for end in (one, two)]
    energies = [kink.energy / ((1 - kink.fraction) * hosts[0] + kink.fraction * hosts[1]) for kink in found.kinks]
    by_fraction = sorted((1 - kink[1], kink[2]) for kink in peer)
    assert [kink.fraction for kink in found.kinks] == pytest.approx([ratio for ratio, _ in by_fraction], abs=1e-6)
    assert energies == pytest.approx([energy for _, energy in by_fraction], abs=1e-6)


@pytest.mark.parametrize("material", ["0.5 Li6PS5Cl + 0.5 LiCoO2", "Li10GeP2S12", "LLZO", "Li7P2S8I"])
def test_products_at_a_voltage(material):
    composition = resolve(material).composition
    entries = entries_of("mp2020", composition.elements | {"Li"})
    host = Composition({symbol: count for symbol, count in composition.amounts.items() if symbol != "Li"})
    found = window(material, "mp2020")
    for voltage in np.linspace(0.0131, 5.4871, 8):
        diagram = GrandPotentialPhaseDiagram(entries, {LITHIUM: -float(voltage)})
        decomposition = diagram.get_decomposition(host)
        peer = {entry.original_comp.reduced_formula for entry, part in decomposition.items() if part > 1.5 * PRESENT}
        assert spelt(found.step_at(float(voltage)).phases) == peer


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_ladders_of_every_mixture_with_oxides(scheme):
    for first, second in (("Li6PS5Cl", "NMC811"), ("Li10GeP2S12", "NCA"), ("Li6PS4.7O0.3Br", "NMC622")):
        material = f"{first} + {second}"
        composition = resolve(material).composition
        diagram = PhaseDiagram(entries_of(scheme, composition.elements))
        profile = diagram.get_element_profile(LITHIUM, Composition(composition.amounts))
        ladder = [step for step in window(material, scheme).ladder if step.lower < 6]
        peer = [-step["chempot"] for step in profile if -step["chempot"] < 6]
        assert [step.lower for step in ladder] == pytest.approx(peer, abs=1e-6)
