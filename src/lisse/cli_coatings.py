"""The commands ``coatings``, ``substitutions`` and ``hydrolysis``: what can be done about reactions and about air.

Heavy modules are imported inside the commands. Leaves out: the chemistry (``lisse.thermodynamics``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from lisse.cli_common import (
    FigureOption,
    JsonOption,
    PhasesOption,
    PolyanionOption,
    check_figure,
    deliver,
    make_console,
    print_json,
    show_notes,
)
from lisse.errors import InputError

if TYPE_CHECKING:
    from lisse.thermodynamics.coatings import Ranking, Rating
    from lisse.thermodynamics.hydrolysis import AirRanking
    from lisse.thermodynamics.substitutions import Comparisons, Traits
    from lisse.thermodynamics.table import Scheme

ChargedOption = Annotated[
    float | None,
    typer.Option(help="Lithium per formula unit of the charged oxide; from its curve at 4.3 V without it."),
]
UNKNOWN = "–"
"""Shown where a value is not known."""
BOTH = "Two numbers are those of the schemes uncorrected_S and mp2020;"
"""Start of the caption of every table."""
BEST = 5
"""Layers that are shown with other electrolytes."""


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(coatings)
    app.command()(substitutions)
    app.command()(hydrolysis)


def coatings(
    electrolyte: Annotated[str, typer.Argument(help="Electrolyte: name of the library, formula or mixture.")],
    cathode: Annotated[str, typer.Argument(help='Oxide that it must not touch; "Li" for lithium metal.')],
    coating: Annotated[
        list[str] | None, typer.Option(metavar="X", help="One more layer: name, formula or mixture; may be repeated.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(metavar="X", help="One more electrolyte to show; may be repeated.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show all electrolytes of the library.")] = False,
    charged: ChargedOption = None,
    lower: Annotated[float | None, typer.Option(help="Lower end of the working range in V vs Li; 2.5.")] = None,
    upper: Annotated[float | None, typer.Option(help="Upper end of the working range in V vs Li; 4.3.")] = None,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank coatings and surface layers between an electrolyte and an oxide, or lithium."""
    from lisse.report.coatings import write_coatings_figure
    from lisse.thermodynamics.coatings import Options, electrolytes, rank

    check_figure(figure)
    further = [*(also or []), *(electrolytes() if everything else [])]
    found = rank(
        electrolyte,
        cathode,
        coatings=coating or [],
        further=further,
        charged=charged,
        lower=lower,
        upper=upper,
        options=Options(polyanion, phases),
    )
    deliver(found, _show_ranking, write_coatings_figure, figure, as_json)


def _show_ranking(found: Ranking) -> None:
    from rich.table import Table

    from lisse.thermodynamics.table import SCHEMES

    title = f"{found.electrolyte.name} | {found.partner.name}, {found.lower:g} to {found.upper:g} V against lithium"
    table = Table(
        title=title,
        box=None,
        pad_edge=False,
        collapse_padding=True,
        caption=f"{BOTH} contacts in meV/atom.",
        caption_justify="left",
    )
    table.add_column("\n#", justify="right", no_wrap=True)
    table.add_column("layer", no_wrap=True)
    heads = ("electro-\nlyte", *(_broken(state) for state in found.states))
    for head in (*heads, "window\nV", "out\nV", "Li\nat%", "\nS/cm", "\nsep."):
        table.add_column(head, justify="right", no_wrap=True)
    bare = [_band(found.bare[scheme][state].energy for scheme in SCHEMES) for state in found.states]
    table.add_row("", "bare", "", *bare)
    places = [found.places(scheme) for scheme in SCHEMES]
    ratings = [{rating.layer.name: rating for rating in found.ratings[scheme]} for scheme in SCHEMES]
    for name in (rating.layer.name for rating in found.ratings[SCHEMES[0]]):
        rank = "/".join(dict.fromkeys(str(place[name]) for place in places))
        table.add_row(rank, name, *_cells(found, [rating[name] for rating in ratings]))
    make_console().print(table)
    if found.further:
        _show_further(found)
    why = {rating.layer.name: rating.reasons for rating in found.ratings[SCHEMES[0]] if rating.reasons}
    show_notes([*found.notes, *(f"{name} does not separate: {'; '.join(reasons)}." for name, reasons in why.items())])


def _broken(state: str) -> str:
    """Return the name of a state in two lines where it is long."""
    return state.replace("discharged", "dis-\ncharged")


def _cells(found: Ranking, ratings: list[Rating]) -> list[str]:
    from lisse.report.stability_table import band

    layer = ratings[0].layer
    edges = (band([getattr(rating.window, edge) for rating in ratings], 1) for edge in ("reduction", "oxidation"))
    return [
        _band(rating.energy("electrolyte") for rating in ratings),
        *(_band(rating.energy(state) for rating in ratings) for state in found.states),
        "-".join(edges),
        f"{max(rating.outside for rating in ratings):.2f}",
        f"{100 * layer.lithium_fraction:.0f}",
        UNKNOWN if layer.conductivity is None else f"{layer.conductivity / 100:.0e}",
        "no" if any(rating.reasons for rating in ratings) else "yes",
    ]


def _show_further(found: Ranking) -> None:
    """Print the contacts of the best layers with other electrolytes, the stronger of the two schemes."""
    from rich.table import Table

    from lisse.thermodynamics.table import SCHEMES

    names = [rating.layer.name for rating in found.ratings[SCHEMES[0]][:BEST]]
    energies = found.further_energies
    table = Table(title="the best with other electrolytes / meV/atom", box=None, pad_edge=False, collapse_padding=True)
    table.add_column("electrolyte", no_wrap=True)
    for name in names:
        table.add_column(name.replace(" ", "\n"), justify="right", no_wrap=True)
    table.caption, table.caption_justify = "The stronger of both schemes; --json and --figure have all layers.", "left"
    for other in found.further:
        strongest = (min(energies[scheme][name][other.name] for scheme in SCHEMES) for name in names)
        table.add_row(other.name, *(_band([energy]) for energy in strongest))
    make_console().print(table)


def _band(energies: Iterable[float]) -> str:
    """Return energies [eV/atom] as whole meV/atom, two with a slash where the schemes differ."""
    return "/".join(dict.fromkeys(f"{round(1e3 * energy) + 0:d}" for energy in energies))


def substitutions(
    cathode: Annotated[str, typer.Argument(help="Oxide that the electrolytes touch.")] = "NMC811",
    pair: Annotated[
        list[str] | None,
        typer.Option(metavar="PARENT:MATERIAL", help="One more pair to compare, by name or formula; may be repeated."),
    ] = None,
    charged: ChargedOption = None,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare electrolytes with exchanged elements with those they come from."""
    from lisse.thermodynamics.coatings import Options
    from lisse.thermodynamics.substitutions import compare_substitutions

    pairs = [_pair(text) for text in pair or []]
    found = compare_substitutions(cathode, pairs, charged=charged, options=Options(polyanion, phases))
    if as_json:
        print_json(found.as_dict())
    else:
        _show_substitutions(found)


def _pair(text: str) -> tuple[str, str]:
    parent, colon, material = text.partition(":")
    if not (colon and parent.strip() and material.strip()):
        raise InputError(f'--pair: "{text}" is not of the form parent:material, such as Li3PS4:Li4SnS4.')
    return parent.strip(), material.strip()


def _show_substitutions(found: Comparisons) -> None:
    from rich.table import Table

    table = Table(
        title=f"substitutions, beside lithium and {found.oxide.name}", box=None, pad_edge=False, collapse_padding=True
    )
    table.caption, table.caption_justify = f"{BOTH} cathode in meV/atom.", "left"
    table.add_column("material", no_wrap=True)
    heads = ("oxidised\nV", "water\neV/H2S", "lithium\neV/atom", "type", *(_broken(state) for state in found.states))
    for head in heads:
        table.add_column(head, justify="right", overflow="fold")
    parents = {row.substitution.parent: row.parent for row in found.rows}
    for parent, traits in parents.items():
        table.add_row(parent, *_traits(traits))
        for row in found.rows:
            if row.substitution.parent == parent:
                table.add_row(row.substitution.material, *_traits(row.material))
    make_console().print(table)
    show_notes(
        (
            "water: energy of turning all sulfur into H2S, a ranking only; the higher, the more stable in air.",
            "lithium: energy and type of interphase beside lithium metal (2: a product conducts electrons).",
            *found.notes,
        )
    )


def _traits(both: Mapping[Scheme, Traits]) -> list[str]:
    """Return the cells of one electrolyte."""
    from lisse.report.stability_table import band

    traits = list(both.values())

    def cell(quantity: str, digits: int) -> str:
        values = [found.values[quantity] for found in traits]
        return band([value for value in values if value is not None], digits)

    energies = (cell(f"{state}_energy_meV_atom", 0) for state in ("discharged", "charged"))
    return [
        cell("oxidation_V", 2),
        cell("hydrolysis_energy_eV_H2S", 2),
        cell("lithium_energy_eV_atom", 1),
        "/".join(dict.fromkeys(str(found.lithium_type) for found in traits)),
        *(text for text in energies if text),
    ]


def hydrolysis(
    materials: Annotated[
        list[str] | None,
        typer.Argument(help="Sulfides: names, formulas or mixtures; those of the library without any."),
    ] = None,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank sulfides by what water does to them at equilibrium (for amounts in air: lisse air)."""
    from lisse.thermodynamics.hydrolysis import rank_in_air

    found = rank_in_air(materials or [], polyanion=polyanion, phases=phases)
    if as_json:
        print_json(found.as_dict())
    else:
        _show_hydrolysis(found)


def _show_hydrolysis(found: AirRanking) -> None:
    from rich.table import Table

    from lisse.report.stability_table import band
    from lisse.thermodynamics.hydrolysis import RANKING
    from lisse.thermodynamics.table import SCHEMES

    table = Table(title="sulfides in water, the most stable first", box=None, pad_edge=False, collapse_padding=True)
    table.caption, table.caption_justify = f"{BOTH} rate: assumed.", "left"
    heads = ("rank", "energy\neV/H2S", "S kept\n%", "hard-soft\nrank", "rate\nkg/m2/s")
    table.add_column("sulfide", no_wrap=True)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    places, soft = [found.places(scheme) for scheme in SCHEMES], found.softness_order()
    for row in found.rows:
        name, results = row.material.name, [row.results[scheme] for scheme in SCHEMES]
        table.add_row(
            name,
            "/".join(dict.fromkeys(str(place[name]) for place in places)),
            band([result.energy for result in results], 2),
            band([100 * result.sulfur_left for result in results], 0),
            str(soft[name]),
            UNKNOWN if row.rate is None else f"{row.rate:.1e}",
        )
    make_console().print(table)
    left_out = (f"{name} is left out ({reason})." for name, reason in found.left_out.items())
    show_notes([f"{RANKING}.", *left_out, *found.notes])
