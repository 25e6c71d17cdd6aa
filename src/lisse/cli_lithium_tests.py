"""The command ``lisse lithium``: virtual mechanical tests of lithium, as a table, JSON or a figure.

Heavy modules are imported inside the command. Leaves out: the tests themselves (``lisse.anode.mechanical_tests``).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lisse.cli_common import FigureOption, JsonOption, check_figure, deliver, make_console, show_notes
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over_materials
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.anode.mechanical_test_result import MechanicalTest

UNITS = {"_1_s": "1/s", "_MPa": "MPa", "_percent": "%", "_mN": "mN", "_um": "um"}
"""Ends of the keys of a row and the units that they stand for."""
OPTIONS: dict[str, dict[str, str]] = {
    "tension": {"strain_rate": "strain_rates"},
    "creep": {"stress": "stresses", "duration": "duration"},
    "compression": {
        "stress": "stresses",
        "duration": "duration",
        "aspect_ratio": "aspect_ratio",
        "friction": "friction",
    },
    "indentation": {"loading_rate": "loading_rates", "depth": "depth"},
    "pillar": {"diameter": "diameters", "strain_rate": "strain_rate"},
}
"""Options of each test, temperature and material apart, and the arguments that they set."""
_SI = {"strain_rate": "1/s", "stress": "Pa", "duration": "s", "loading_rate": "1/s", "depth": "m", "diameter": "m"}


def lithium(
    test: Annotated[str, typer.Argument(help="tension, creep, compression, indentation or pillar.")],
    strain_rate: Annotated[
        list[str] | None, typer.Option(help='Tension (may be repeated), pillar: e.g. "5e-4 1/s".')
    ] = None,
    stress: Annotated[
        list[str] | None, typer.Option(help='Creep, compression: e.g. "0.4 MPa"; may be repeated.')
    ] = None,
    loading_rate: Annotated[
        list[str] | None, typer.Option(help='Indentation: loading rate over load, e.g. "0.05 1/s"; may be repeated.')
    ] = None,
    diameter: Annotated[list[str] | None, typer.Option(help='Pillar: e.g. "1 um"; may be repeated.')] = None,
    depth: Annotated[str | None, typer.Option(help='Indentation: largest depth, e.g. "10 um".')] = None,
    duration: Annotated[str | None, typer.Option(help='Creep, compression: e.g. "12 min".')] = None,
    aspect_ratio: Annotated[
        float | None, typer.Option(help="Compression: height over diameter at the start [default: 2].")
    ] = None,
    friction: Annotated[float | None, typer.Option(help="Compression: 0 (oiled) to 1 (sticking) [default: 1].")] = None,
    temperature: Annotated[str, typer.Option(help="Temperature of the metal.")] = "25 degC",
    material: Annotated[str, typer.Option(help="Anode material with creep and Anand claims.")] = "Li",
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Virtual mechanical test of lithium: tension, creep, compression, nano-indentation or pillar compression."""
    from lisse.anode.mechanical_tests import TESTS
    from lisse.report.lithium_tests import write_lithium_test
    from lisse.units import quantity

    if test not in TESTS:
        raise InputError(f'lithium: "{test}" is not a test; accepted are {", ".join(TESTS)}.')
    check_figure(figure)
    given = {
        "strain_rate": strain_rate,
        "stress": stress,
        "loading_rate": loading_rate,
        "diameter": diameter,
        "depth": depth,
        "duration": duration,
        "aspect_ratio": aspect_ratio,
        "friction": friction,
    }
    arguments = _arguments(test, given)
    kelvin = quantity(temperature, "K", "--temperature")
    wanted, run = asked(uncertainty, seed, sampling), partial(TESTS[test], temperature=kelvin, material=material)
    result = run(**arguments)
    spread = spread_over_materials(wanted, lambda: run(**arguments).as_dict(), not as_json)
    deliver(result, _show, write_lithium_test, figure, as_json, spread)


def _arguments(test: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a test in SI; refuse options that belong to another one."""
    from lisse.units import quantity

    arguments: dict[str, Any] = {}
    for option, value in given.items():
        if value is None or value == []:
            continue
        flag = f"--{option.replace('_', '-')}"
        if option not in OPTIONS[test]:
            owners = " and ".join(name for name, options in OPTIONS.items() if option in options)
            raise InputError(f"{flag}: it belongs to {owners}, not to {test}.")
        numbers = [quantity(one, _SI.get(option, ""), flag) for one in (value if isinstance(value, list) else [value])]
        argument = OPTIONS[test][option]
        several = argument != option
        if not several and len(numbers) > 1:
            raise InputError(f"{flag}: {test} takes one value, not {len(numbers)}; give it once.")
        arguments[argument] = numbers if several else numbers[0]
    return arguments


def _show(result: MechanicalTest) -> None:
    from rich.table import Table

    table = Table(title=f"{result.name} of {result.material}, {result.conditions['temperature_degC']:g} degC")
    for key in result.rows[0]:
        table.add_column(_header(key), justify="right")
    for row in result.rows:
        table.add_row(*("-" if value is None else f"{value:.3g}" for value in row.values()))
    make_console().print(table)
    show_notes(result.warnings)


def _header(key: str) -> str:
    r"""Return the heading of a column.

    Examples
    --------
    >>> _header("yield_stress_MPa")
    'yield stress\nMPa'
    """
    for suffix, unit in UNITS.items():
        if key.endswith(suffix):
            return f"{key.removesuffix(suffix).replace('_', ' ')}\n{unit}"
    return key.replace("_", " ")
