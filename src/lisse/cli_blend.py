"""The command ``blend``: at which ratio active materials keep their volume together, and what any ratio does.

Heavy modules are imported inside the command. Leaves out: the calculation (``lisse.cathode.blend``) and the cell model,
which runs blends by ``cathode.blend`` of a cell file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import FigureOption, JsonOption, check_figure, deliver, make_console, show_notes
from lisse.cli_uncertainty import SamplingOption, SeedOption, UncertaintyOption, asked, spread_over_materials
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.cathode.blend import Blend

MOST_VOLTAGES = 200
"""Rows that a table may have."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(blend)


def blend(
    materials: Annotated[
        list[str], typer.Argument(help="Active materials, two or more: names of the library or material files.")
    ],
    voltage: Annotated[
        list[float] | None, typer.Option(help="Potential in V vs Li, in place of a range; may be repeated.")
    ] = None,
    lowest: Annotated[float, typer.Option("--from", help="Lowest potential in V vs Li.")] = 3.95,
    highest: Annotated[float, typer.Option("--to", help="Highest potential in V vs Li.")] = 4.3,
    step: Annotated[float, typer.Option(help="Distance of the potentials in V.")] = 0.05,
    ratio: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WT%",
            help="Blend whose strain is given, by weight, e.g. 55:45 (or 55 for the first of two); may be repeated.",
        ),
    ] = None,
    figure: FigureOption = None,
    uncertainty: UncertaintyOption = None,
    seed: SeedOption = 0,
    sampling: SamplingOption = "sobol",
    as_json: JsonOption = False,
) -> None:
    """Zero-strain mixing ratio of active materials, and the strain of any ratio, by voltage."""
    from lisse.cathode.blend import blend as compute
    from lisse.report.blend import write_blend_figure

    check_figure(figure)
    if figure is not None and len(materials) != 2:
        raise InputError(f"--figure: the map shows blends of two materials, not of {len(materials)}.")
    if len(materials) > 2 and not ratio:
        raise InputError("--ratio: more than two materials need one, such as 50:30:20.")
    voltages = voltage or _range(lowest, highest, step)
    wanted, ratios = asked(uncertainty, seed, sampling), [_parts(text, len(materials)) for text in ratio or []]
    found = compute(materials, voltages, ratios)
    spread = spread_over_materials(wanted, lambda: compute(materials, voltages, ratios).as_dict(), not as_json)
    deliver(found, _show, write_blend_figure, figure, as_json, spread)


def _range(lowest: float, highest: float, step: float) -> list[float]:
    if not (step > 0 and lowest <= highest and (highest - lowest) / step < MOST_VOLTAGES):
        raise InputError(
            f"--from, --to, --step: {lowest:g} to {highest:g} V by {step:g} V is no range of 1 to {MOST_VOLTAGES} "
            "potentials."
        )
    count = int((highest - lowest) / step + 1e-6) + 1
    return [round(lowest + k * step, 6) for k in range(count)]


def _parts(text: str, count: int) -> list[float]:
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        raise InputError(f'--ratio: "{text}" is not a ratio by weight such as 55:45.') from None
    if len(parts) == 1 and count == 2:
        if not 0 <= parts[0] <= 100:
            raise InputError(f"--ratio: {parts[0]:g} wt% of the first material is not between 0 and 100.")
        return [parts[0], 100 - parts[0]]
    return parts


def _show(found: Blend) -> None:
    from rich.table import Table

    document = found.as_dict()
    names, two = document["materials"], len(document["materials"]) == 2
    table = Table(title=f"{' + '.join(names)}: volume strain at one potential", box=None, padding=(0, 1))
    heads = ["U\nV vs Li", *(f"{name}\nx" for name in names), *(f"{name}\n%" for name in names)]
    heads += [f"zero strain\nwt% {names[0]}"] if two else []
    heads += [f"{':'.join(f'{part:g}' for part in _rounded(ratio))}\n%" for ratio in document["ratios_wt_percent"]]
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for row in document["rows"]:
        zero = row["zero_strain_wt_percent"]
        cells = [f"{row['voltage_V']:.3f}", *(f"{x:.3f}" for x in row["lithium_content"])]
        cells += [f"{strain:+.2f}" for strain in row["strain_percent"]]
        cells += ["none" if zero is None else f"{zero:.1f}"] if two else []
        cells += [f"{strain:+.2f}" for strain in row["blend_strain_percent"]]
        table.add_row(*cells)
    make_console().print(table)
    show_notes(_notes(found))


def _rounded(ratio: list[float]) -> list[float]:
    return [round(share, 1) for share in ratio]


def _notes(found: Blend) -> list[str]:
    notes = ["strains count from the material as made, and are those of the free lattice, each particle at rest."]
    document = found.as_dict()
    for ratio, shares in zip(document["ratios_wt_percent"], document["pressure_amplitude_over_single"], strict=True):
        parts = ":".join(f"{part:g}" for part in _rounded(ratio))
        over = [f"{share:.2f} of {name} alone" for name, share in zip(document["materials"], shares, strict=True)]
        notes.append(
            f"charged to {document['amplitude_to_voltage_V']:g} V, the cathode's pressure of {parts} varies by "
            f"{', '.join(over)} (same loading)."
        )
    return notes
