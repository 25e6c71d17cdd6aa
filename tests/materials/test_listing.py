"""What the command line shows of materials."""

from __future__ import annotations

import json

import pytest

from lisse.cli import app
from lisse.materials import Material, library
from lisse.materials.listing import counts, listing


def run(capsys, monkeypatch, *arguments: str) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    app(list(arguments), standalone_mode=False)
    return str(capsys.readouterr().out)


def test_spreads_are_in_the_unit_of_the_value():
    shown = listing(Material.load("Li6PS5Cl"))
    claim, value, method, _ = shown.groups["activation energy"][0]
    assert (claim, value, method) == ("review-table2*", "0.33 eV ± 0.03 eV", "measured")
    assert shown.groups["void yield"][0][1] == "0.7 in 0.3 .. 1"
    assert listing(Material.load("NMC811")).groups["open circuit voltage"][0][1].startswith("curve, 0.11 to 0.994 ±")


def test_references_are_numbered_as_they_appear():
    shown = listing(Material.load("Li10SnP2S12"))
    numbers = [int(row[3].strip("[]")) for rows in shown.groups.values() for row in rows]
    firsts = list(dict.fromkeys(numbers))
    assert firsts == list(range(1, len(shown.references) + 1))
    assert shown.references[0].startswith("C. Wu")
    # the tin electrolyte keeps the suspect activation energy of the review, not as its default
    assert [(name, claim) for name, claim, _ in shown.suspects] == [("activation energy", "review-table2")]
    assert [row[0] for row in shown.groups["activation energy"]][1] == "review-table2!"


@pytest.mark.parametrize("name", ["Li6PS5Cl", "NMC811", "Li"])
def test_a_material_fits_a_narrow_terminal(name, capsys, monkeypatch):
    out = run(capsys, monkeypatch, "materials", name)
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    material = Material.load(name)
    for claim in material.claims:
        assert claim.id in out
        assert claim.source.citation.split()[0] in out
    if name == "Li6PS5Cl":
        assert "0.33 eV ± 0.03 eV" in out
        assert "hydrolyses in humid air and releases H2S" in out


def test_the_list_counts_claims_by_how_they_are_known(capsys, monkeypatch):
    rows = json.loads(run(capsys, monkeypatch, "materials", "--json"))["materials"]
    assert {row["name"] for row in rows} == set(library())
    for row in rows:
        material = Material.load(row["name"])
        assert sum(row[method] for method in ("measured", "computed", "fitted", "assumed", "defined")) == row["claims"]
        assert row["claims"] == len(material.claims)
        assert row["assumed"] == sum(claim.method == "assumed" for claim in material.claims)
    out = run(capsys, monkeypatch, "materials")
    assert max(map(len, out.splitlines())) <= 80
    head, line = out.splitlines()[0], next(text for text in out.splitlines() if text.startswith("LLZO "))
    assert head.split() == ["name", "kind", "measured", "computed", "fitted", "assumed"]
    known = counts(Material.load("LLZO").claims)
    assert [int(text) for text in line.split()[2:]] == [known[method] for method in head.split()[2:]]
