"""The command ``lisse materials``: list them, show one, check a file, import a cathode from BPX.

Heavy modules are imported inside the command. Leaves out: the library itself (``lisse.materials``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lisse.cli_common import JsonOption, make_console, print_json
from lisse.errors import InputError


def materials(
    name: Annotated[str | None, typer.Argument(help="Material to show; without it, all are listed.")] = None,
    check: Annotated[Path | None, typer.Option(help="Check a material file of your own.")] = None,
    directory: Annotated[
        list[Path] | None, typer.Option(help="Directory of further material files (also LISSE_MATERIALS).")
    ] = None,
    from_bpx: Annotated[
        Path | None, typer.Option("--from-bpx", metavar="FILE", help="Import the cathode of a BPX file, as NAME.")
    ] = None,
    molar_mass: Annotated[str | None, typer.Option(help='With --from-bpx: of the oxide, e.g. "96.46 g/mol".')] = None,
    density: Annotated[str | None, typer.Option(help='With --from-bpx: of the oxide, e.g. "4.68 g/cm^3".')] = None,
    out: Annotated[Path | None, typer.Option(help="With --from-bpx: the material file to write.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the materials, show one with its claims and references, check a file, or import a cathode from BPX."""
    from lisse.materials import Material, add_directory, check_file, library

    if from_bpx is not None:
        _import_bpx(from_bpx, molar_mass, density, name, out, as_json)
        return
    if molar_mass or density or out:
        raise InputError("materials: --molar-mass, --density and --out belong to an import; write --from-bpx FILE too.")
    for path in directory or []:
        add_directory(path, "--directory")
    if check is not None:
        material = check_file(check)
        if as_json:
            print_json({"file": str(check), "name": material.name, "valid": True, "claims": len(material.claims)})
        else:
            make_console().print(f"{check}: {material.name} is valid, {len(material.claims)} claims", markup=False)
        return
    if name is not None:
        from lisse.cell.thermodynamic_facts import completed

        _show_material(completed(Material.load(name)), as_json)
        return
    from lisse.materials.listing import METHODS, counts

    rows: list[dict[str, Any]] = [
        {"name": m.name, "kind": m.kind, "claims": len(m.claims), **counts(m.claims)}
        for m in sorted(library().values(), key=lambda m: (m.kind, m.name))
    ]
    if as_json:
        print_json({"materials": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    methods = [method for method in METHODS if method != "defined"]
    for column in ("name", "kind", *methods):
        table.add_column(column, justify="left" if column in ("name", "kind") else "right", no_wrap=True)
    for row in rows:
        table.add_row(row["name"], row["kind"].replace("_", " "), *(str(row[method] or "") for method in methods))
    make_console().print(table)


def _import_bpx(
    path: Path, molar_mass: str | None, density: str | None, name: str | None, out: Path | None, as_json: bool
) -> None:
    from lisse.materials import check_file
    from lisse.materials.bpx import from_bpx, missing, write_material

    if not (molar_mass and density and out):
        raise InputError(
            "--from-bpx: BPX has neither density nor molar mass; write --molar-mass, --density and --out, "
            'e.g. --molar-mass "96.46 g/mol" --density "4.68 g/cm^3" --out oxide.toml.'
        )
    document = from_bpx(path, molar_mass=molar_mass, density=density, name=name)
    material, lacking = check_file(write_material(document, out)), missing(document)
    if as_json:
        print_json({"file": str(out), **material.to_dict(), "missing": lacking})
        return
    _show_material(material, False)
    make_console().print(f"written: {out}\nmissing, a cell needs it too: {', '.join(lacking)}", markup=False)


def _show_material(material: Any, as_json: bool) -> None:
    if as_json:
        print_json(material.to_dict())
        return
    from rich.table import Table

    from lisse.materials.listing import listing

    shown, console = listing(material), make_console()
    console.print(f"{material.name} ({material.kind.replace('_', ' ')}): {material.description}", markup=False)
    width = max(len(row[0]) for rows in shown.groups.values() for row in rows)
    for name, rows in shown.groups.items():
        console.print(name, style="bold")
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=width + 2, no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(width=8)
        table.add_column(width=4, justify="right")
        for claim, value, method, reference in rows:
            table.add_row(f"  {claim}", value, method, reference.replace("[", r"\["))
        console.print(table)
    console.print("* used unless a cell chooses another claim; ! suspect")
    for name, claim, reason in shown.suspects:
        console.print(f"! {name}, {claim}: {reason}", markup=False)
    for number, text in enumerate(shown.references, 1):
        console.print(f"[{number}] {text}", markup=False)
