"""What a cell in its format is made of: mass, volume and price of every part, per area of one cathode face.

A format of N layers is N times this, so masses are shared out: a foil between two layers counts half for each. Leaves
out: the energy (``breakdown``), and films too thin to take room (the coating has a mass and no volume).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lisse.cell.active_materials import mass_shares
from lisse.cell.cell import Cell
from lisse.cell.format import SAFETY_FACTOR, FormatValues
from lisse.mechanism import FARADAY

GROUPS = ("active", "composite", "separator", "lithium", "collectors", "tabs", "casing", "fixture")
"""Groups of parts, in the order in which a waterfall adds them."""
STACK_GROUPS = GROUPS[:5]
"""Groups that make the stack."""
CELL_GROUPS = GROUPS[:7]
"""Groups that make the cell: all but the fixture that presses it."""
NO_PRICE = "no claim on the price of {}"


@dataclass(frozen=True, slots=True)
class Part:
    """One part, per area of cathode face.

    Attributes
    ----------
    group
        One of :data:`GROUPS`.
    label
        What it is.
    material
        Name of its material; empty where there is none (pores).
    mass
        [kg/m2].
    volume
        [m3/m2], in the charged state.
    price
        [USD/kg]; None where nobody says.
    reason
        Why there is no price; empty where there is one.
    """

    group: str
    label: str
    material: str
    mass: float
    volume: float
    price: float | None
    reason: str = ""

    @property
    def cost(self) -> float | None:
        """Cost [USD/m2]; 0 of what has no mass, None where there is no price."""
        if not self.mass:
            return 0.0
        return None if self.price is None else self.mass * self.price


def collector_shares(kind: str, layers: int) -> tuple[float, float]:
    """Return how many positive and negative foils there are for each layer.

    A pouch is coated on both sides of its foils: between its N layers and around them stand N + 1 foils, in turn of one
    kind and of the other, the outermost negative. In a bipolar stack the foil between two layers is half of a positive
    and half of a negative one, and whole ones close both ends. A pellet and a sheet have one of each.

    Parameters
    ----------
    kind
        Kind of format.
    layers
        N, at least 1.

    Examples
    --------
    >>> collector_shares("pouch", 2), collector_shares("pouch", 1), collector_shares("bipolar", 4)
    ((0.5, 1.0), (1.0, 1.0), (0.625, 0.625))
    """
    if kind == "bipolar":
        share = (layers + 1) / (2 * layers)
        return share, share
    if kind == "pouch":
        return math.ceil(layers / 2) / layers, (layers // 2 + 1) / layers
    return 1.0, 1.0


def fixture_ratio(
    pressure: float, density: float, allowable_stress: float, stack_density: float, factor: float
) -> float:
    r"""Mass of what presses a stack over the mass of the stack [-].

    .. math:: \frac{m_{fix}}{m_{stack}} = k_f \frac{p\,\rho_f}{\sigma_{allow}\,\rho_{stack}}

    Bolts that carry the force :math:`pA` along a stack of height h need the section :math:`pA/\sigma` and so the mass
    :math:`\rho_f h p A/\sigma`; :math:`k_f` is the whole fixture over its bolts (1 to 3, assumed).

    Parameters
    ----------
    pressure
        :math:`p` [Pa].
    density, allowable_stress
        Of the fixture [kg/m3, Pa].
    stack_density
        Mean density of the stack [kg/m3].
    factor
        :math:`k_f`.

    Examples
    --------
    Steel at 200 MPa around a stack of 3000 kg/m3 pressed with 5 MPa, twice its bolts:

    >>> round(fixture_ratio(5e6, 7850.0, 200e6, 3000.0, 2.0), 4)
    0.1308
    """
    return factor * pressure * density / (allowable_stress * stack_density)


def plated_thickness(cell: Cell, capacity: float) -> float:
    """Thickness that the anode gains when ``capacity`` [C/m2] is charged into it [m]; 0 where no claim says."""
    if not cell.has_claim("anode", "lithium_molar_volume"):
        return 0.0
    return capacity / FARADAY * cell.number("anode", "lithium_molar_volume")


def parts_of(cell: Cell, form: FormatValues, capacity: float, pressure: float) -> tuple[Part, ...]:
    """Return every part of a cell in its format.

    Parameters
    ----------
    cell
        With a cathode.
    form
        Format, filled in.
    capacity
        What is charged into the anode [C/m2]: the volume is that of the charged cell.
    pressure
        That the fixture holds [Pa].
    """
    stack = [*_cathode(cell), *_separator(cell), *_anode(cell, capacity), *_collectors(cell, form)]
    mass, height = sum(part.mass for part in stack), sum(part.volume for part in stack)
    casing = list(_casing(cell, form, height))
    tabs = _tabs(cell, form, stack, mass + sum(part.mass for part in casing))
    return *stack, *tabs, *casing, *_fixture(cell, form, mass, height, pressure)


def _part(cell: Cell, group: str, label: str, role: str, mass: float, volume: float) -> Part:
    material = cell.material(role)
    assert material is not None
    if cell.has_claim(role, "price"):
        return Part(group, label, material.name, mass, volume, cell.number(role, "price"))
    return Part(group, label, material.name, mass, volume, None, NO_PRICE.format(material.name))


def _cathode(cell: Cell) -> Iterator[Part]:
    derived, cathode = cell.derived, cell.spec.composite
    weights = {name: weight for name, weight in cathode.mass_fractions if weight > 0}
    total, thickness = sum(weights.values()), derived.cathode_thickness
    for role, share in mass_shares(cell.spec).items():
        mass = derived.active_loading * share
        yield _part(cell, "active", "active material", role, mass, mass / cell.number(role, "density"))
    for name, label in (("electrolyte", "catholyte"), ("carbon", "carbon"), ("binder", "binder")):
        if name in weights:
            mass = derived.cathode_mass * weights[name] / total
            yield _part(cell, "composite", label, name, mass, getattr(derived, f"{name}_fraction") * thickness)
    if derived.coating_mass:
        yield _part(cell, "composite", "coating", "coating", derived.coating_mass, 0.0)
    yield Part("composite", "pores", "", 0.0, derived.void_fraction * thickness, None)


def _separator(cell: Cell) -> Iterator[Part]:
    derived, binder = cell.derived, cell.spec.separator.binder
    share = binder.mass_fraction if binder is not None else 0.0
    taken = 0.0
    if share:
        mass = share * derived.separator_mass
        taken = mass / cell.number("separator_binder", "density")
        yield _part(cell, "separator", "separator's binder", "separator_binder", mass, taken)
    volume = derived.separator_thickness - taken
    yield _part(cell, "separator", "separator", "separator", (1 - share) * derived.separator_mass, volume)


def _anode(cell: Cell, capacity: float) -> Iterator[Part]:
    derived, anode = cell.derived, cell.spec.anode
    yield _part(cell, "lithium", "anode as built", "anode", derived.anode_mass, anode.thickness)
    plated = plated_thickness(cell, capacity)
    yield Part("lithium", "charged lithium (mass: active material)", "", 0.0, plated, None)
    if anode.interlayer is not None:
        thickness = anode.interlayer.thickness
        yield _part(cell, "lithium", "interlayer", "interlayer", derived.interlayer_mass, thickness)


def _collectors(cell: Cell, form: FormatValues) -> Iterator[Part]:
    layers = cell.spec.collectors
    for side, layer, share in zip(
        ("positive", "negative"),
        (layers.positive, layers.negative),
        collector_shares(form.kind, form.layers),
        strict=True,
    ):
        if layer is not None:
            role, thickness = f"collector_{side}", layer.thickness * share
            mass = thickness * cell.number(role, "density")
            yield _part(cell, "collectors", f"{side} collector", role, mass, thickness)


def _casing(cell: Cell, form: FormatValues, height: float) -> Iterator[Part]:
    """Wall around all layers, a square box; what its inside has beside the electrodes takes room only."""
    area, packing = cell.derived.cell_area, form.packing_efficiency
    if packing < 1:
        yield Part("casing", "room beside the electrodes", "", 0.0, height * (1 / packing - 1), None)
    if form.casing_material is None:
        return
    density = cell.number("casing", "density")
    if form.casing_mass is not None:
        mass = form.casing_mass / (form.layers * area)
    else:
        assert form.casing_thickness is not None
        base = area / packing
        surface = 2 * base + 4 * math.sqrt(base) * height * form.layers
        mass = density * form.casing_thickness * surface / (form.layers * area)
    if mass:
        yield _part(cell, "casing", "casing", "casing", mass, mass / density)


def _tabs(cell: Cell, form: FormatValues, stack: list[Part], mass: float) -> Iterator[Part]:
    """Tabs and terminals, of the collectors' metals; their room is that beside the electrodes."""
    share = form.tab_mass_share
    if not share:
        return
    foils = [part for part in stack if part.group == "collectors"]
    name, tabs = " + ".join(part.material for part in foils), mass * share / (1 - share)
    costs = [part.cost for part in foils]
    known = [cost for cost in costs if cost is not None]
    if foils and len(known) == len(costs):
        price = sum(known) / sum(part.mass for part in foils)
        yield Part("tabs", "tabs and terminals", name, tabs, 0.0, price)
    else:
        reason = "the collectors have no price" if foils else "the file names no collectors, whose metal they would be"
        yield Part("tabs", "tabs and terminals", name, tabs, 0.0, None, reason)


def _fixture(cell: Cell, form: FormatValues, mass: float, height: float, pressure: float) -> Iterator[Part]:
    density = cell.number("fixture", "density")
    stress = form.allowable_stress
    if stress is None:
        stress = cell.number("fixture", "yield_strength") / SAFETY_FACTOR
    held = mass * fixture_ratio(pressure, density, stress, mass / height, form.fixture_factor)
    if held:
        yield _part(cell, "fixture", "pressure fixture", "fixture", held, held / density)
