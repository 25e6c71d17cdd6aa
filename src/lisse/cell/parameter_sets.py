"""From a cell file to the parameters of the model: every number drawn from a claim or from the file.

Leaves out: protocols (they set the current) and options (they choose the build).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from lisse.cathode import kinetics
from lisse.cathode.composition import site_density
from lisse.cathode.diffusion import population_name
from lisse.cathode.open_circuit import partial_molar_volume
from lisse.cell.active_materials import mass_shares
from lisse.cell.cathode_values import cathode_mechanism_values, population_mechanism_values
from lisse.cell.cell import Cell
from lisse.cell.fields import brief
from lisse.cell.lithium_values import interlayer_values, lithium_values
from lisse.cell.messages import nearest
from lisse.cell.options import CELL_MECHANISMS, LITHIUM_MECHANISMS, ContactLaw, Fixture, Options, Thermal
from lisse.cell.particles import SizeClass
from lisse.errors import InputError
from lisse.materials import Curve
from lisse.separator.conduction import temperature_factor

if TYPE_CHECKING:
    import pybamm

REFERENCE_PRESSURE = 101325.0
"""Open-circuit curves are measured under one atmosphere [Pa]."""
HEIGHT_FRACTION = 0.45
"""Share of the oxide's volume change that appears as height of the electrode [-] (cathode.md 2.4, calibrated)."""
FULL_CONTACT_HARDNESS = 1.0
"""An alloy anode is pressed powder: any pressure closes its contact [Pa]."""


CONTENT_SLACK = 0.005
"""How far the content may leave the range of the open-circuit curve [-]: temperature and pressure shift the voltage,
and the curve itself is known to no better than 0.02 V, the spread of its claim."""
STRAIN_WINDOW = 0.02
"""Half-width in x over which the slope of the measured strain is taken: the knots are no closer, and a slope that
jumps at a knot would make the voltage jump [-]."""


def options_for(cell: Cell, options: Options | dict[str, Any] | None = None) -> Options:
    """Return the options of a cell's build: what is asked for, completed by what the cell file says.

    Raises
    ------
    InputError
        If the cell needs a fixture that no mechanism models yet.
    """
    asked = Options.asked(options)
    operation = cell.spec.operation
    facts: dict[str, Any] = {
        "fixture": Fixture.CONSTANT_PRESSURE if operation.fixture == "constant_pressure" else Fixture.SPRING,
        "populations": 1 if cell.symmetric else len(cell.size_classes),
        "transform": cell.symmetric or any(_constant_diffusivity(cell, role) is None for role in cell.active_roles),
    }
    if operation.heat_transfer is not None:
        facts["thermal"] = Thermal.LUMPED
    made = Options.make({**facts, **_interface_facts(cell), **asked})
    if made.symmetric != cell.symmetric:
        kind = "a symmetric cell" if cell.symmetric else "a cell with a composite"
        raise InputError(f"option symmetric: {made.symmetric} does not fit {cell.name}, which is {kind}; leave it out.")
    if made.reference_electrode and cell.spec.separator.reference_electrode is None:
        raise InputError(
            "option reference_electrode: it needs separator.reference_electrode in the cell file, a position from 0 at "
            "the anode to 1 at the cathode."
        )
    if not cell.has_claim("anode", "creep_prefactor"):
        # An alloy keeps its skeleton: it opens no voids, grows no filaments and does not flow out.
        made = made.model_copy(update=dict.fromkeys(("voids", "filaments", "extrusion"), False))
    if made.cathode_mechanisms:
        composite = cell.spec.composite
        films = {"coated": composite.coating is not None, "carbon_oxidation": composite.carbon is not None}
        made = made.model_copy(update=films)
    if made.fixture is Fixture.SPRING and operation.fixture == "constant_pressure":
        raise InputError('option fixture: "spring" needs operation.spring_stiffness in the cell file.')
    if made.thermal is Thermal.LUMPED and operation.heat_transfer is None:
        raise InputError(
            'option thermal: "lumped" needs operation.heat_transfer, such as "10 W/m^2/K", in the cell file.'
        )
    if made.fixture is Fixture.SPRING and cell.derived.stack_pressure == 0:
        raise InputError(
            f'operation.stack_pressure: it is 0, but fixture = "{operation.fixture}" starts from a pressure above 0.'
        )
    if made.populations != facts["populations"]:
        raise InputError(
            f"option populations: {made.populations} does not fit the cell file, whose number of size classes is "
            f"{facts['populations']}; leave the option out, and give cathode.distribution or cathode.blend for more "
            "than one."
        )
    if facts["transform"] and not made.transform:
        raise InputError(
            f"option transform: False needs a constant diffusivity, and that of {cell.spec.composite.active_name} "
            "depends on the lithium content; leave the option out."
        )
    return made


def _interface_facts(cell: Cell) -> dict[str, Any]:
    """Options that the cell file implies about its lithium and its separator; those that are off are left out."""
    anode, separator = cell.spec.anode, cell.spec.separator
    listed: set[str] = set(cell.spec.mechanisms)
    if cell.symmetric and not listed:
        # Without its interface a symmetric cell is a resistor.
        listed = set(LITHIUM_MECHANISMS)
    facts: dict[str, Any] = {name: True for name in CELL_MECHANISMS if name in listed}
    facts["symmetric"] = cell.symmetric
    facts["extrusion"] = not (anode.die_confined or cell.symmetric) and cell.has_claim("anode", "creep_prefactor")
    facts["alloy_diffusion"] = not cell.symmetric and all(
        cell.has_claim("anode", name) for name in ("limiting_lithium_concentration", "diffusivity")
    )
    facts["space_charge"] = not cell.symmetric and cell.spec.composite.space_charge_resistance > 0
    facts["reference_electrode"] = separator.reference_electrode is not None and not cell.symmetric
    facts["contact_law"] = ContactLaw(anode.contact_law) if anode.contact_law else ContactLaw.EXPONENTIAL
    return {name: value for name, value in facts.items() if value}


def parameter_values(cell: Cell, options: Options | dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the parameters of :class:`~lisse.cell.model.SolidStateCell` for a cell.

    Parameters
    ----------
    cell
        The cell.
    options
        Options of the build; thermal parameters are drawn only where they are read.

    Returns
    -------
    dict
        Names with units as keys; numbers in SI (capacity in A.h), and functions of the lithium content.
    """
    resolved = options_for(cell, options)
    values = _cell_values(cell) | _separator_values(cell) | _anode_values(cell)
    if cell.symmetric:
        share = cell.counter_thickness / cell.spec.anode.thickness if cell.spec.anode.thickness else 1.0
        values["Initial counter electrode lithium [mol.m-2]"] = cell.derived.anode_lithium * share
    else:
        values |= _cathode_values(cell)
        values |= cathode_mechanism_values(cell, resolved)
        if resolved.space_charge:
            values["Space-charge layer resistance [Ohm.m2]"] = cell.spec.composite.space_charge_resistance
        for number, size in enumerate(cell.size_classes, start=1):
            own = _population_values(cell, size)
            own |= population_mechanism_values(cell, resolved, size.radius, size.role)
            values |= {population_name(name, number): value for name, value in own.items()}
    if resolved.thermal is Thermal.LUMPED:
        values |= _thermal_values(cell)
    values |= lithium_values(cell, resolved)
    return _plugin_defaults(resolved) | values


def _plugin_defaults(options: Options) -> dict[str, Any]:
    """Defaults of the parameters that mechanisms of other packages bring."""
    if not options.mechanisms:
        return {}
    from lisse.cell.model import load_mechanism

    brought = (info for name in options.mechanisms for info in load_mechanism(name).parameters)
    return {info.name: info.default for info in brought if info.default is not None}


def with_parameters(options: Options, values: dict[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values with those that the user gives, complete for the mechanisms of other packages.

    Raises
    ------
    InputError
        If a name is unknown, a value is not a finite number, or a mechanism lacks a value.
    """
    needed: dict[str, str] = {}
    if options.mechanisms:
        from lisse.cell.model import load_mechanism

        needed = {
            info.name: mechanism for mechanism in options.mechanisms for info in load_mechanism(mechanism).parameters
        }
    if not isinstance(given or {}, Mapping):
        raise InputError(f"parameters: {brief(given)} is not a dictionary of names and numbers.")
    for name, value in (given or {}).items():
        if name not in values and name not in needed:
            close = nearest(str(name), [*values, *needed])
            hint = f'; the nearest known one is "{close}"' if close else ""
            raise InputError(f"parameters: {brief(name)} is not a parameter of this cell's model{hint}.")
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise InputError(f'parameters: "{name}" is {brief(value)}, but must be a finite number.')
    complete = values | dict(given or {})
    for name, mechanism in needed.items():
        if name not in complete:
            raise InputError(f'mechanism {mechanism!r} needs a value of "{name}": give it in parameters.')
    return complete


def reference() -> dict[str, Any]:
    """Return the parameters of the library's reference cell, charged (the PyBaMM entry point ``lisse.reference``).

    PyBaMM's current is a discharge unless told otherwise, so this set starts at the upper limit of the window; the
    cell itself is built discharged, and so are :meth:`lisse.Cell.parameter_values`.
    """
    from lisse.cell.initial_state import initial_state

    cell = Cell.load("reference")
    return parameter_values(cell) | initial_state(cell, 1.0)


def _number(cell: Cell, role: str, name: str) -> float:
    value = cell.claim(role, name).value
    if isinstance(value, Curve) and value.constant is not None:
        return value.constant
    if isinstance(value, Curve | str):
        raise InputError(f"claims.{role}.{name}: a single number is needed here.")
    return value


def _cell_values(cell: Cell) -> dict[str, Any]:
    derived = cell.derived
    side = derived.cell_area**0.5
    return {
        "Ambient temperature [K]": cell.spec.operation.temperature,
        "Initial temperature [K]": cell.spec.operation.temperature,
        "Electrode width [m]": side,
        "Electrode height [m]": side,
        "Nominal cell capacity [A.h]": derived.nominal_current,
        "Nominal current density [A.m-2]": derived.nominal_capacity / 3600,
        "Current function [A]": derived.nominal_current,
        "Lower voltage cut-off [V]": derived.lower_voltage,
        "Upper voltage cut-off [V]": derived.upper_voltage,
        "Stack pressure [Pa]": derived.stack_pressure,
        "Highest stack pressure [Pa]": derived.highest_pressure,
        "Reference pressure [Pa]": REFERENCE_PRESSURE,
        "Fixture stiffness [Pa.m-1]": cell.fixture_stiffness,
        "Electrode height fraction of volume change": HEIGHT_FRACTION,
        "Contact resistance [Ohm.m2]": derived.series_resistance,
    }


def _separator_values(cell: Cell) -> dict[str, Any]:
    energy, exponent = _number(cell, "separator", "activation_energy"), cell.arrhenius_exponent("separator")
    factor = temperature_factor(energy, cell.spec.operation.temperature, exponent)
    stem = "Separator ionic conductivity"
    return {
        "Separator thickness [m]": cell.derived.separator_thickness,
        # The derived value holds at the cell's temperature; the model's at 25 degC.
        f"{stem} [S.m-1]": cell.derived.separator_conductivity / float(factor),
        f"{stem} activation energy [J.mol-1]": energy,
        f"{stem} temperature exponent": exponent,
    }


def _facing(cell: Cell, name: str) -> float:
    """Return a number of the material that faces the lithium."""
    return _number(cell, cell.interface(name), name)


def _anode_values(cell: Cell) -> dict[str, Any]:
    derived = cell.derived
    volume = _number(cell, "anode", "lithium_molar_volume")
    creeps = cell.has_claim("anode", "creep_exponent")
    contact = {
        "Anode contact hardness [Pa]": FULL_CONTACT_HARDNESS,
        "Anode contact resistance [Ohm.m2]": 0.0,
        "Anode contact unloading exponent": 0.0,
        "Anode creep activation energy [J.mol-1]": 0.0,
        "Anode creep exponent": 1.0,
    }
    if creeps:
        contact = {
            "Anode contact hardness [Pa]": _facing(cell, "lithium_contact_hardness"),
            "Anode contact resistance [Ohm.m2]": _facing(cell, "lithium_contact_resistance"),
            "Anode contact unloading exponent": _facing(cell, "lithium_contact_unloading_exponent"),
            "Anode creep activation energy [J.mol-1]": _number(cell, "anode", "creep_activation_energy"),
            "Anode creep exponent": _number(cell, "anode", "creep_exponent"),
        }
    depletes = cell.has_claim("anode", "depletion_exponent")
    return contact | {
        "Anode potential [V]": derived.anode_potential,
        "Anode charge-transfer resistance [Ohm.m2]": _number(cell, "anode", "charge_transfer_resistance"),
        "Anode charge-transfer activation energy [J.mol-1]": _number(
            cell, "anode", "charge_transfer_activation_energy"
        ),
        "Anode depletion exponent": _number(cell, "anode", "depletion_exponent") if depletes else 0.0,
        "Anode double-layer capacity [F.m-2]": _number(cell, "anode", "double_layer_capacitance"),
        "Initial anode lithium [mol.m-2]": derived.anode_lithium,
        "Anode lithium molar volume [m3.mol-1]": volume,
        "Anode partial molar volume of lithium [m3.mol-1]": volume,
        **interlayer_values(cell),
    }


def _cathode_values(cell: Cell) -> dict[str, Any]:
    derived = cell.derived
    energy, exponent = _number(cell, "electrolyte", "activation_energy"), cell.arrhenius_exponent("electrolyte")
    factor = temperature_factor(energy, cell.spec.operation.temperature, exponent)
    stem = "Positive electrode ionic conductivity"
    return {
        "Positive electrode thickness [m]": derived.cathode_thickness,
        f"{stem} [S.m-1]": derived.cathode_ionic_conductivity / float(factor),
        f"{stem} activation energy [J.mol-1]": energy,
        f"{stem} temperature exponent": exponent,
        "Positive electrode electronic conductivity [S.m-1]": derived.cathode_electronic_conductivity,
        "Positive electrode double-layer capacity [F.m-2]": _double_layer_capacity(cell),
    }


def _double_layer_capacity(cell: Cell) -> float:
    """Capacity per area of the active materials, the mean over their areas [F/m2]."""
    areas = [size.volume_fraction / size.radius for size in cell.size_classes]
    found = [_number(cell, size.role, "double_layer_capacitance") for size in cell.size_classes]
    if len(set(found)) == 1:
        return found[0]
    return sum(area * capacity for area, capacity in zip(areas, found, strict=True)) / sum(areas)


def _population_values(cell: Cell, size: SizeClass) -> dict[str, Any]:
    derived, role = cell.derived, size.role
    strain, coating = cell.claim(role, "volume_strain").value, cell.spec.composite.coating
    molar_mass, density = _number(cell, role, "molar_mass"), _number(cell, role, "density")
    reference_current = _number(cell, role, "exchange_current_density")
    curve = cell.claim(role, "open_circuit_voltage").value
    lowest, highest = (curve.range if isinstance(curve, Curve) else None) or (0.0, 1.0)

    def exchange(content: Any) -> Any:
        return kinetics.exchange_current_density(content, reference_current)

    def volume(content: Any) -> Any:
        assert isinstance(strain, Curve)
        slope = (strain(content + STRAIN_WINDOW) - strain(content - STRAIN_WINDOW)) / (2 * STRAIN_WINDOW)
        return partial_molar_volume(molar_mass, density, slope)

    return {
        "Positive particle radius [m]": size.radius,
        "Positive electrode active material volume fraction": derived.active_fraction * size.volume_fraction,
        "Positive electrode connected fraction": derived.connected_fraction,
        "Positive electrode wetted fraction": derived.wetted_fraction,
        "Positive particle diffusion length ratio": 1.0,
        "Maximum concentration in positive electrode [mol.m-3]": site_density(density, molar_mass),
        "Initial lithium content": cell.initial_contents[role],
        "Positive particle diffusivity integral [m2.s-1]": _diffusivity_integral(cell, role),
        "Positive particle diffusivity activation energy [J.mol-1]": _number(
            cell, role, "diffusivity_activation_energy"
        ),
        "Positive electrode OCP [V]": curve,
        "Lowest lithium content": lowest - CONTENT_SLACK,
        "Highest lithium content": highest + CONTENT_SLACK,
        "Positive electrode OCP entropic change [V.K-1]": cell.claim(role, "entropic_coefficient").value,
        "Positive electrode volume strain": strain,
        "Positive electrode partial molar volume of lithium [m3.mol-1]": volume,
        "Positive electrode exchange-current density [A.m-2]": exchange,
        "Positive electrode exchange-current density activation energy [J.mol-1]": _number(
            cell, role, "exchange_current_activation_energy"
        ),
        "Positive electrode interfacial resistance [Ohm.m2]": derived.coating_resistance,
        "Positive electrode coated fraction": 0.0 if coating is None else coating.coverage,
    }


def _constant_diffusivity(cell: Cell, role: str) -> float | None:
    value = cell.claim(role, "diffusivity").value
    if isinstance(value, Curve):
        return value.constant
    return float(value) if not isinstance(value, str) else None


def _diffusivity_integral(cell: Cell, role: str) -> Callable[[Any], Any]:
    constant = _constant_diffusivity(cell, role)
    if constant is not None:
        return lambda content: constant * content
    value = cell.claim(role, "diffusivity").value
    assert isinstance(value, Curve)
    return value.antiderivative


def _thermal_values(cell: Cell) -> dict[str, Any]:
    """Heat capacity of the layers per area; what is not a material of its own (voids, fixture) adds nothing."""
    derived, spec = cell.derived, cell.spec
    masses = {"anode": derived.anode_mass, "separator": derived.separator_mass}
    if cell.symmetric:
        masses["anode"] += derived.counter_electrode_mass
    else:
        fractions = {name: share for name, share in spec.composite.mass_fractions if share > 0}
        total = sum(fractions.values())
        masses |= {role: derived.cathode_mass * share / total for role, share in fractions.items()}
        active = masses.pop("active")
        masses |= {role: active * share for role, share in mass_shares(spec).items()}
    for side, layer in (("positive", spec.collectors.positive), ("negative", spec.collectors.negative)):
        if layer is not None:
            role = f"collector_{side}"
            masses[role] = layer.thickness * _number(cell, role, "density")
    capacity = sum(mass * _number(cell, role, "heat_capacity") for role, mass in masses.items())
    return {
        "Heat capacity per area [J.m-2.K-1]": capacity,
        "Heat transfer coefficient [W.m-2.K-1]": spec.operation.heat_transfer,
    }


def pybamm_parameter_values(cell: Cell, options: Options | dict[str, Any] | None = None) -> pybamm.ParameterValues:
    """Return :func:`parameter_values` as PyBaMM's class, with a ``set_initial_state`` that knows the cell."""
    import pybamm

    from lisse.cell.initial_state import let_pybamm_set_it

    return let_pybamm_set_it(pybamm.ParameterValues(parameter_values(cell, options)), cell)
