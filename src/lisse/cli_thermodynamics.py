"""The commands ``window``, ``interface``, ``voltammogram`` and ``fetch-phases``: what is stable against what.

Heavy modules are imported inside the commands. Leaves out: the calculation (``lisse.stability``), the ranking of
coatings, and what a cell makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    from lisse.stability import Contact, Overview, Stability
    from lisse.thermodynamics.table import Scheme
    from lisse.thermodynamics.voltammogram import Voltammogram

SubstanceArgument = Annotated[str, typer.Argument(help='Formula, library name, or mixture ("0.7 Li3PS4 + 0.3 LiI").')]
SCHEME_WORDS = {
    "uncorrected_S": "no sulfide correction (uncorrected_S)",
    "mp2020": "MP2020 corrections (mp2020)",
    "legacy": "legacy corrections (legacy)",
}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("window")(window)
    app.command("interface")(interface)
    app.command("voltammogram")(voltammogram)
    app.command("fetch-phases")(fetch_phases)


# Windows


def window(
    material: Annotated[
        str | None, typer.Argument(help='Formula, library name, or mixture ("0.7 Li3PS4 + 0.3 LiI").')
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every electrolyte and coating of the library, and binaries.")
    ] = False,
    voltage: Annotated[
        list[float] | None,
        typer.Option(help="Voltage in V for a decomposition energy, beside 0 and 5 V; may be repeated."),
    ] = None,
    scheme: Annotated[
        str | None, typer.Option(help="One scheme only: uncorrected_S, mp2020, or legacy; the first two without it.")
    ] = None,
    confinement: Annotated[
        str | None, typer.Option(metavar="MODULUS", help='Window under mechanical confinement, e.g. "15 GPa".')
    ] = None,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stability window of a material, the ladder of what it turns into, and what else is known of it."""
    from lisse.report.thermodynamics import write_ladder, write_overview
    from lisse.stability import overview, stability
    from lisse.units import quantity

    check_figure(figure)
    if (material is None) != everything:
        raise InputError("window: give either a material or --all.")
    if everything and (voltage or confinement):
        raise InputError("window: --voltage and --confinement belong to one material; leave them out with --all.")
    schemes = _schemes(scheme)
    if material is None:
        rows = overview(schemes=schemes, polyanion=polyanion, phases=phases)
        deliver(rows, _show_overview, write_overview, figure, as_json)
        return
    found = stability(
        material,
        voltages=voltage or (),
        schemes=schemes,
        confinement=None if confinement is None else quantity(confinement, "Pa", "--confinement"),
        polyanion=polyanion,
        phases=phases,
    )
    deliver(found, _show_stability, write_ladder, figure, as_json)


def _schemes(name: str | None) -> tuple[Scheme, ...]:
    from lisse.thermodynamics.table import COLUMNS, SCHEMES

    if name is None:
        return SCHEMES
    found = tuple(scheme for scheme in COLUMNS if scheme == name)
    if not found:
        raise InputError(f'--scheme: "{name}" is not known; take one of {", ".join(COLUMNS)}.')
    return found


def _show_stability(found: Stability) -> None:
    document = found.as_dict()
    title = document["material"]
    if document["formula"] != title:
        title += f" ({document['formula']})"
    _show_windows(f"{title}: window in V against lithium", document)
    for scheme, values in document["schemes"].items():
        _show_ladder(f"ladder, {SCHEME_WORDS[scheme]}", values["ladder"])
    _show_confined(document)
    _show_known(document)
    show_notes(document["notes"])


def _show_windows(title: str, document: Mapping[str, Any]) -> None:
    schemes: dict[str, Any] = document["schemes"]
    voltages = list(next(iter(schemes.values()))["decomposition_energy_eV_atom"])
    rows = []
    for scheme, values in schemes.items():
        energies = [f"{values['decomposition_energy_eV_atom'][at]:.3f}" for at in voltages]
        above = values["above_hull_meV_atom"]
        rows.append(
            [
                scheme,
                f"{values['reduction_V']:.2f}",
                f"{values['oxidation_V']:.2f}" if values["is_oxidised"] else "none",
                "at the hull" if above is None else f"{round(above) + 0}",
                *energies,
            ]
        )
    heads = ["scheme", "reduction\nV", "oxidation\nV", "above hull\nmeV/atom"]
    _table(title, [*heads, *(f"energy\n{at} V\neV/atom" for at in voltages)], rows)
    band = document["band"]
    if len(schemes) > 1:
        edges = [f"{edge} {_range(band[f'{edge}_V'])} V" for edge in ("reduction", "oxidation")]
        make_console().print(f"band over the schemes: {', '.join(edges)}", markup=False)


def _range(ends: Iterable[float]) -> str:
    shown = [f"{end:.2f}" for end in ends]
    return shown[0] if len(set(shown)) == 1 else " to ".join(shown)


def _show_ladder(title: str, ladder: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        [
            f"{step['voltage_V']:.3f}",
            f"{step['upper_voltage_V']:.3f}",
            f"{step['lithium_uptake']:+.2f}" if abs(step["lithium_uptake"]) > 5e-3 else "0",
            _formulas(step["amounts"]),
        ]
        for step in ladder
    ]
    _table(title, ["from\nV", "to\nV", "lithium\nper formula", "phases"], rows, left=(3,), wrap=(3,))


def _formulas(amounts: Mapping[str, float]) -> str:
    from lisse.materials.thermodynamic_claims import reaction_text

    return reaction_text({formula: _nearly_one(amount) for formula, amount in amounts.items()})


def _nearly_one(amount: float) -> float:
    return 1.0 if abs(amount - 1) < 5e-4 else amount


def _show_confined(document: Mapping[str, Any]) -> None:
    confined = {scheme: values["confined"] for scheme, values in document["schemes"].items() if "confined" in values}
    console = make_console()
    for scheme, values in confined.items():
        head = f"confined by {values['modulus_Pa'] / 1e9:g} GPa, {SCHEME_WORDS[scheme]}:"
        console.print(f"{head} {_edge(values, 'reduction')}; {_edge(values, 'oxidation')}", markup=False)
    for row in document.get("confined_by_claims", ()):
        console.print(
            f"confined, by the volume of {row['claim']} ({row['method']}: {row['citation']}), no sulfide correction: "
            f"{row['reduction_V']:.2f} to {row['oxidation_V']:.2f} V",
            markup=False,
        )


def _edge(values: Mapping[str, Any], edge: str) -> str:
    volume, reason = values["decomposition_volume_m3_mol"][edge], values["reason"][edge]
    at = values[f"{edge}_V"]
    shown = f"{edge} {'not known' if at is None else f'{at:.2f} V'}"
    room = "" if volume is None else f"{volume * 1e6:+.1f} cm3 per mol Li from {values['volume_from'][edge]}"
    said = ", ".join(filter(None, (room, reason)))
    return f"{shown} ({said})" if said else shown


def _show_known(document: Mapping[str, Any]) -> None:
    """Print what papers say, each kind by its name: none of it is a result of this hull."""
    rows = [
        [_kind(row), _volts(row["reduction_V"]), _volts(row["oxidation_V"]), row["citation"]]
        for row in (*document["kinetic_windows"], *document["published_decomposition_windows"])
    ]
    for claim in document["claims"]:
        ends = [claim["value_V"], None] if claim["property"].startswith("reduction") else [None, claim["value_V"]]
        kind = f"claim {claim['id']} ({claim['method']}{', default' if claim['default'] else ''})"
        rows.append([kind, *(_volts(end) for end in ends), claim["citation"]])
    if rows:
        _table("from elsewhere", ["quantity", "reduction\nV", "oxidation\nV", "source"], rows, left=(0, 3), wrap=(0, 3))


def _kind(row: Mapping[str, Any]) -> str:
    """Return what a published window is, with its width where the edges are not known."""
    width = "" if row["reduction_V"] is not None else f", {row['width_V']:.2f} V wide"
    return f"{row['quantity']} (published{width})"


def _volts(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float | int) else ""


def _show_overview(found: Overview) -> None:
    document = found.as_dict()["materials"]
    schemes = next(iter(row["schemes"] for row in document if row["schemes"]))
    heads = ["material", "kind", *(f"{scheme}\nV" for scheme in schemes), "kinetic\nV"]
    rows, reasons = [], []
    for row in document:
        if row["reason"]:
            reasons.append(f"{row['name']}: {row['reason']}.")
            continue
        windows = [f"{values['reduction_V']:.2f} to {values['oxidation_V']:.2f}" for values in row["schemes"].values()]
        kinetic = [one for one in row["kinetic_windows"] if one["quantity"] == "intrinsic"]
        known = f"{kinetic[0]['reduction_V']:.2f} to {kinetic[0]['oxidation_V']:.2f}" if kinetic else ""
        rows.append([", ".join([row["name"], *row["also"]]), row["group"], *windows, known])
    _table("windows against lithium", heads, rows, left=(0, 1), wrap=(0,))
    show_notes([*reasons, "kinetic windows are published ones, of their own kind; they are no result of the hull."])


# Interfaces


def interface(
    first: SubstanceArgument,
    second: SubstanceArgument,
    voltage: Annotated[
        float | None, typer.Option(help="Voltage in V at which both exchange lithium; a closed system without it.")
    ] = None,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reaction of two materials: energy against mixing ratio, products, volume, and type of the interface."""
    from lisse.report.thermodynamics import write_contact
    from lisse.stability import contact

    check_figure(figure)
    found = contact(first, second, voltage=voltage, polyanion=polyanion, phases=phases)
    deliver(found, _show_contact, write_contact, figure, as_json)


def _show_contact(found: Contact) -> None:
    document = found.as_dict()
    names = f"{document['first']['name']} | {document['second']['name']}"
    at = "" if found.voltage is None else f", lithium exchanged at {found.voltage:g} V"
    schemes: dict[str, Any] = document["schemes"]
    rows = [
        [head, *(read(values) for values in schemes.values())]
        for head, read in (
            ("reaction energy / meV per atom", lambda values: f"{values['reaction_energy_meV_atom']:.0f}"),
            ("with each other alone / meV per atom", lambda values: f"{values['mutual_energy_meV_atom']:.0f}"),
            ("atoms of the second", lambda values: _share(values["mixing_fraction"])),
            ("volume change", _volume),
            ("electronic conductors", lambda values: _conductors(values["electronic_conductors"])),
            ("type", lambda values: str(values["interphase_type"])),
        )
    ]
    if found.voltage is None:
        del rows[1]
    _table(f"{names}{at}", ["", *(SCHEME_WORDS[scheme] for scheme in schemes)], rows, left=(0,), wrap=(1, 2))
    for scheme, values in schemes.items():
        _show_reaction(SCHEME_WORDS[scheme], values)
    show_notes([f"{document['type_rule']}.", *document["notes"]])


def _show_reaction(name: str, values: Mapping[str, Any]) -> None:
    console = make_console()
    if not values["reacts"]:
        console.print(f"{name}: no reaction", markup=False)
        return
    left, right = values["reactants_per_atom"], values["amounts_per_atom"]
    largest = max(left.values())
    given = {formula: amount / largest for formula, amount in left.items() if amount > 0}
    made = {formula: amount / largest for formula, amount in right.items()}
    freed = {formula: -amount / largest for formula, amount in left.items() if amount < 0}
    console.print(f"{name}: {_formulas(given)} -> {_formulas(made | freed)}", markup=False)
    if values["products_in_excess_lithium"] is not None:
        excess = " + ".join(values["products_in_excess_lithium"])
        console.print(f"{name}: beside lithium in excess, {excess}", markup=False)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _volume(values: Mapping[str, Any]) -> str:
    change = values["volume_change"]
    if change is None:
        return f"not known ({', '.join(values['volume_unknown_of'])})"
    return f"{100 * change:+.1f} %"


def _conductors(found: Mapping[str, str]) -> str:
    return ", ".join(f"{formula} ({why})" for formula, why in found.items()) or "none"


# Voltammograms


def voltammogram(
    material: SubstanceArgument,
    polyanion: PolyanionOption = False,
    phases: PhasesOption = None,
    figure: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """What Li | SE | SE-carbon would show of an electrolyte, and why Li | SE | metal shows a wider window."""
    from lisse.thermodynamics.composition import resolve
    from lisse.thermodynamics.voltammogram import voltammogram as compute

    check_figure(figure)
    substance = resolve(material)
    found = compute(substance, polyanion=polyanion, phases=phases)
    deliver(_Sweeps(substance.name, found), _show_sweeps, _write_sweeps, figure, as_json)


class _Sweeps:
    """Voltammograms of one material, as they are printed."""

    def __init__(self, name: str, found: Mapping[Scheme, Voltammogram]) -> None:
        self.name, self.found = name, found

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        from lisse.thermodynamics.voltammogram import ASSUMED, why

        return {
            "material": self.name,
            "schemes": {scheme: one.as_dict() for scheme, one in self.found.items()},
            "assumed": dict(ASSUMED),
            "why": why(self.found),
        }


def _write_sweeps(shown: _Sweeps, path: Path) -> Path:
    from lisse.report.thermodynamics import write_voltammogram

    return write_voltammogram(shown.found, shown.name, path)


def _show_sweeps(shown: _Sweeps) -> None:
    document = shown.as_dict()
    for scheme, values in document["schemes"].items():
        rows = [
            [f"{step['voltage_V']:.3f}", f"{step['capacity_mAh_g']:+.0f}", " + ".join(step["products"])]
            for step in values["steps"]
        ]
        heads = ["at\nV", "mAh per g\nof electrolyte", "to"]
        _table(
            f"{shown.name}: charge from the window outward, {SCHEME_WORDS[scheme]}", heads, rows, left=(2,), wrap=(2,)
        )
        for key, label in (("se_carbon", "Li | SE | SE-carbon"), ("flat_metal", "Li | SE | metal")):
            low, high = values[key]["apparent_window_V"]
            most = 1e2 * values[key]["largest_current_A_m2"]
            make_console().print(
                f"{label}: window appears as {low:.2f} to {high:.2f} V, largest current {most:.2g} uA/cm2", markup=False
            )
    assumed = document["assumed"]
    show_notes(
        [
            document["why"],
            f"peaks are drawn {assumed['peak_width_V']:g} V wide, a choice of display; areas, depth, scan rate and "
            "detection limit are assumed (--json names them), so that currents are orders of magnitude.",
        ]
    )


# Phases


def fetch_phases(
    elements: Annotated[list[str], typer.Argument(help="Elements, e.g. Li-P-S.")],
    out: Annotated[Path, typer.Option(help="CSV file to write, for --phases.")],
    as_json: JsonOption = False,
) -> None:
    """Fetch formation energies from the Materials Project with your own key (never needed)."""
    from lisse.thermodynamics.fetch import fetch_phases as fetch

    count = fetch(elements, out)
    if as_json:
        print_json({"file": str(out), "phases": count})
    else:
        make_console().print(f"{out}: {count} phases; give it to lisse window --phases", markup=False)


def _table(
    title: str, heads: list[str], rows: list[list[str]], left: tuple[int, ...] = (0,), wrap: tuple[int, ...] = ()
) -> None:
    """Print a table; columns to the left hold words, and those that wrap give way on a narrow screen."""
    from rich.table import Table

    table = Table(title=title, box=None, padding=(0, 1), title_justify="left")
    for place, head in enumerate(heads):
        side: Any = "left" if place in left else "right"
        least = 14 if place in wrap else None
        table.add_column(head, justify=side, no_wrap=place not in wrap, overflow="fold", min_width=least)
    for row in rows:
        table.add_row(*row)
    make_console().print(table)
