"""From a PyBaMM half-cell parameter set to the parameters of this model, so that both can be run side by side.

Only what a one-ion model reads is taken over: the electrolyte's salt stays at its initial concentration. Leaves
out: degradation, composite electrodes and the other tortuosity models of PyBaMM (Bruggeman exponents are used).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from lisse._math import whole_power
from lisse.errors import InputError
from lisse.mechanism import FARADAY, GAS_CONSTANT, REFERENCE_TEMPERATURE

if TYPE_CHECKING:
    import pybamm

SECOND_TEMPERATURE = 308.15
"""Where activation energies are read off if the set's ambient temperature is the reference one [K]."""
TABLE_POINTS = 2001
"""Knots of the table into which a diffusivity that depends on the content is integrated."""
LARGEST_POWER = 32
"""Integer powers up to this one are written as products."""
WITHOUT_EFFECT = 0.0
"""Volume changes and pressure terms: PyBaMM's half-cell knows no stack pressure."""


def from_pybamm_half_cell(
    values: pybamm.ParameterValues, lithium_content_start: float | None = None
) -> pybamm.ParameterValues:
    r"""Return the parameters of :class:`~lisse.cell.model.SolidStateCell` that belong to a PyBaMM half-cell set.

    The set is one for ``{"working electrode": "positive"}`` with a transference number of one. Functions of the
    temperature are taken at 25 degC with the activation energy between 25 degC and the set's ambient temperature
    (35 degC where that is 25 degC); a diffusivity :math:`D(x)` becomes the table of :math:`\int_0^x D\,dx`. Effective
    conductivities use the set's Bruggeman exponents.

    Parameters
    ----------
    values
        For example ``pybamm.ParameterValues("Xu2019")`` after ``update({"Cation transference number": 1.0})``.
    lithium_content_start
        Stoichiometry at the start, between 0 and 1; the set's initial concentration where it is not given.

    Returns
    -------
    pybamm.ParameterValues
        Complete for every option of the model; what PyBaMM does not know has the model's default.

    Raises
    ------
    InputError
        If the transference number is not one, a parameter is missing or depends on position, or the start lies
        outside 0 to 1.

    Notes
    -----
    With ``{"surface_form": "false"}`` the model then solves the equations of ``pybamm.lithium_ion.DFN`` without its
    salt balance, which has nothing to do at a transference number of one.
    """
    import pybamm

    source = _Source(values)
    transference = source.number("Cation transference number", source.salt, source.ambient)
    if abs(transference - 1) > 1e-9:
        raise InputError(
            f"Cation transference number: {transference:g} is not 1; where a solid electrolyte is meant, update the "
            'set with {"Cation transference number": 1.0}.'
        )
    result = _defaults() | _cell(source) | _transport(source) | _reactions(source)
    result["Initial lithium content"] = _start(source, lithium_content_start)
    return pybamm.ParameterValues(result)


class _Source:
    """Reads the set: numbers, and functions at fixed arguments."""

    def __init__(self, values: pybamm.ParameterValues) -> None:
        self.values = values
        self.salt = self.number("Initial concentration in electrolyte [mol.m-3]")
        self.ambient = self.number("Ambient temperature [K]")
        self.sites = self.number("Maximum concentration in positive electrode [mol.m-3]")

    def raw(self, name: str) -> Any:
        """Return the set's entry as it stands."""
        if name not in self.values:
            raise InputError(f"{name}: the set does not give it, and a half-cell set must.")
        return self.values[name]

    def number(self, name: str, *arguments: float) -> float:
        """Return a number, or a function's value at ``arguments``."""
        import pybamm

        value = self.raw(name)
        try:
            if callable(value):
                value = value(*(pybamm.Scalar(argument) for argument in arguments))
            number = float(self.values.evaluate(pybamm.convert_to_symbol(value)))
        except (TypeError, ValueError, NotImplementedError):
            raise InputError(f"{name}: {value!r} is not a single number; a constant is needed here.") from None
        if not math.isfinite(number):
            raise InputError(f"{name}: {number!r} is not a finite number.")
        return number

    def array(self, name: str, contents: np.ndarray, temperature: float) -> np.ndarray:
        """Return a function of content and temperature at many contents."""
        import pybamm

        value = self.raw(name)
        if not callable(value):
            return np.full(contents.size, self.number(name))
        symbol = value(pybamm.Vector(contents), pybamm.Scalar(temperature)) + pybamm.Vector(0 * contents)
        return np.asarray(self.values.process_symbol(symbol).evaluate()).ravel()

    def optional(self, name: str, default: float) -> float:
        """Return a number that not every set has."""
        return self.number(name) if name in self.values else default

    def energy(self, value: Callable[[float], float]) -> float:
        """Activation energy [J/mol] of a function of the temperature."""
        second = self.ambient if abs(self.ambient - REFERENCE_TEMPERATURE) > 1 else SECOND_TEMPERATURE
        ratio = value(second) / value(REFERENCE_TEMPERATURE)
        return GAS_CONSTANT * float(math.log(ratio)) / (1 / REFERENCE_TEMPERATURE - 1 / second)


def _defaults() -> dict[str, Any]:
    from lisse.cell.model import SolidStateCell

    table = SolidStateCell({"thermal": "lumped", "fixture": "spring"}).parameter_table
    return {info.name: info.default for info in table if info.default is not None}


def _start(source: _Source, given: float | None) -> float:
    name = "Initial concentration in positive electrode [mol.m-3]"
    start = source.number(name) / source.sites if given is None else given
    if not 0 < start < 1:
        origin = name if given is None else "lithium_content_start"
        raise InputError(f"{origin}: the lithium content {start!r} at the start is not between 0 and 1.")
    return float(start)


def _cell(source: _Source) -> dict[str, Any]:
    width = source.number("Electrode width [m]") * source.optional(
        "Number of electrodes connected in parallel to make a cell", 1.0
    )
    height, capacity = source.number("Electrode height [m]"), source.number("Nominal cell capacity [A.h]")
    area = width * height
    volume = source.number("Lithium metal partial molar volume [m3.mol-1]")
    foil = source.number("Negative electrode thickness [m]")
    return {
        "Ambient temperature [K]": source.ambient,
        "Initial temperature [K]": source.number("Initial temperature [K]"),
        "Electrode width [m]": width,
        "Electrode height [m]": height,
        "Nominal cell capacity [A.h]": capacity,
        "Nominal current density [A.m-2]": capacity / area,
        "Current function [A]": source.raw("Current function [A]"),
        "Lower voltage cut-off [V]": source.number("Lower voltage cut-off [V]"),
        "Upper voltage cut-off [V]": source.number("Upper voltage cut-off [V]"),
        # The lithium foil conducts in series.
        "Contact resistance [Ohm.m2]": source.optional("Contact resistance [Ohm]", 0.0) * area
        + foil / source.number("Negative electrode conductivity [S.m-1]"),
        "Initial anode lithium [mol.m-2]": foil / volume,
        "Anode lithium molar volume [m3.mol-1]": volume,
        "Anode partial molar volume of lithium [m3.mol-1]": volume,
        "Stack pressure [Pa]": _defaults()["Reference pressure [Pa]"],
        # Contact is complete at any pressure.
        "Anode contact hardness [Pa]": 1.0,
        "Anode contact resistance [Ohm.m2]": 0.0,
        "Anode contact unloading exponent": 0.0,
    }


def _transport(source: _Source) -> dict[str, Any]:
    name = "Electrolyte conductivity [S.m-1]"

    def bulk(temperature: float) -> float:
        return source.number(name, source.salt, temperature)

    values: dict[str, Any] = {}
    for layer in ("Positive electrode", "Separator"):
        pores = source.number(f"{layer} porosity")
        exponent = source.number(f"{layer} Bruggeman coefficient (electrolyte)")
        stem = f"{layer} ionic conductivity"
        values |= {
            f"{layer} thickness [m]": source.number(f"{layer} thickness [m]"),
            f"{stem} [S.m-1]": bulk(REFERENCE_TEMPERATURE) * pores**exponent,
            f"{stem} activation energy [J.mol-1]": source.energy(bulk),
            f"{stem} temperature exponent": 0.0,
        }
    solid = 1 - source.number("Positive electrode porosity")
    electronic = source.number("Positive electrode conductivity [S.m-1]", 0.5, source.ambient)
    values["Positive electrode electronic conductivity [S.m-1]"] = electronic * solid ** source.number(
        "Positive electrode Bruggeman coefficient (electrode)"
    )
    return values | _particles(source)


def _particles(source: _Source) -> dict[str, Any]:
    name = "Positive particle diffusivity [m2.s-1]"

    def half_full(temperature: float) -> float:
        return source.number(name, 0.5, temperature)

    return {
        "Positive particle radius [m]": source.number("Positive particle radius [m]"),
        "Positive electrode active material volume fraction": source.number(
            "Positive electrode active material volume fraction"
        ),
        "Maximum concentration in positive electrode [mol.m-3]": source.sites,
        "Positive particle diffusivity activation energy [J.mol-1]": source.energy(half_full),
        "Positive particle diffusivity integral [m2.s-1]": _diffusivity_integral(source, name),
    }


def _diffusivity_integral(source: _Source, name: str) -> Callable[[Any], Any]:
    """Return the integral of the diffusivity at 25 degC from zero as a function of the content."""
    edges = np.linspace(0, 1, TABLE_POINTS)
    # The middle of each interval: the ends of the range may lie outside the function's.
    diffusivities = source.array(name, (edges[1:] + edges[:-1]) / 2, REFERENCE_TEMPERATURE)
    constant = float(diffusivities[0])
    if np.ptp(diffusivities) <= 1e-12 * constant:
        return lambda content: constant * content
    table = np.concatenate([[0.0], np.cumsum(diffusivities * np.diff(edges))])

    def interpolated(content: Any) -> Any:
        import pybamm

        return pybamm.Interpolant(edges, table, content, interpolator="cubic")

    return interpolated


def _reactions(source: _Source) -> dict[str, Any]:
    kinetics = "Positive electrode exchange-current density [A.m-2]"
    lithium = "Exchange-current density for lithium metal electrode [A.m-2]"
    metal = 1 / source.number("Lithium metal partial molar volume [m3.mol-1]")

    def exchange(content: Any, temperature: float = REFERENCE_TEMPERATURE) -> Any:
        import pybamm

        value = source.raw(kinetics)
        if not callable(value):
            return value + 0 * content
        arguments = (source.salt, content * source.sites, source.sites, temperature)
        return value(*(pybamm.convert_to_symbol(argument) for argument in arguments))

    def half_full(temperature: float) -> float:
        return float(source.values.evaluate(exchange(0.5, temperature) + 0))

    def stripping(temperature: float) -> float:
        return source.number(lithium, source.salt, metal, temperature)

    return {
        "Positive electrode OCP [V]": _open_circuit(source),
        "Positive electrode OCP entropic change [V.K-1]": source.raw("Positive electrode OCP entropic change [V.K-1]"),
        "Positive electrode volume strain": WITHOUT_EFFECT,
        "Positive electrode partial molar volume of lithium [m3.mol-1]": WITHOUT_EFFECT,
        kinetics: exchange,
        "Positive electrode exchange-current density activation energy [J.mol-1]": source.energy(half_full),
        "Anode potential [V]": source.optional("Negative electrode OCP [V]", 0.0),
        "Anode charge-transfer resistance [Ohm.m2]": GAS_CONSTANT
        * REFERENCE_TEMPERATURE
        / (FARADAY * stripping(REFERENCE_TEMPERATURE)),
        "Anode charge-transfer activation energy [J.mol-1]": source.energy(lambda t: stripping(t) / t),
    } | _double_layers(source)


def _double_layers(source: _Source) -> dict[str, Any]:
    """Return the double-layer capacities that the set gives; the model has a default for the others."""
    sides = {"Positive electrode": "Positive electrode", "Negative electrode": "Anode"}
    return {
        f"{ours} double-layer capacity [F.m-2]": source.number(f"{theirs} double-layer capacity [F.m-2]")
        for theirs, ours in sides.items()
        if f"{theirs} double-layer capacity [F.m-2]" in source.values
    }


def _open_circuit(source: _Source) -> Callable[[Any], Any]:
    """Return the open-circuit curve at 25 degC, whatever the temperature that the set refers to."""
    curve = source.raw("Positive electrode OCP [V]")
    entropic = source.raw("Positive electrode OCP entropic change [V.K-1]")
    offset = REFERENCE_TEMPERATURE - source.number("Reference temperature [K]")

    def at(value: Any, content: Any) -> Any:
        return value(content) if callable(value) else value

    def potential(content: Any) -> Any:
        value = multiplied_powers(at(curve, content))
        return value + offset * at(entropic, content) if offset else value

    return potential


def multiplied_powers(symbol: Any) -> Any:
    """Write integer powers in a PyBaMM expression as products; anything else is returned as it is.

    The heat of mixing needs the open-circuit curve in every shell of every particle, where the powers of a
    polynomial would take a third of the time of a solve.

    Examples
    --------
    >>> import pybamm
    >>> x = pybamm.StateVector(slice(0, 1))
    >>> y = multiplied_powers(2 * x**5 + pybamm.exp(x**2))
    >>> any(isinstance(node, pybamm.Power) for node in y.pre_order())
    False
    >>> round(float(y.evaluate(y=np.array([[2.0]]))[0, 0]), 4)  # 2 times 32 and e^4
    118.5982
    """
    import pybamm

    if not isinstance(symbol, pybamm.Symbol) or not symbol.children:
        return symbol
    children = [multiplied_powers(child) for child in symbol.children]
    if not (isinstance(symbol, pybamm.Power) and isinstance(children[1], pybamm.Scalar)):
        return symbol.create_copy(new_children=children)
    exponent = float(children[1].value)
    if exponent not in range(2, LARGEST_POWER + 1):
        return symbol.create_copy(new_children=children)
    return whole_power(children[0], int(exponent))
