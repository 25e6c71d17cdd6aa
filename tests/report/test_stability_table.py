"""The panel on windows and contacts: bands over the schemes, and reasons where there are no facts."""

from __future__ import annotations

from lisse.cell.cell import Cell
from lisse.cell.thermodynamic_facts import thermodynamics
from lisse.report.stability_table import contacts, parts
from lisse.report.write import report_html


def test_bands_of_the_reference_cell(run):
    run.summary["thermodynamics"] = thermodynamics(Cell.load("reference"))
    separator, electrolyte, coating = parts(run.summary)
    assert separator.window == electrolyte.window == "1.72 to 2.01/2.26 V"
    assert (separator.outside, electrolyte.outside) == ("1.72 V", "2.29/2.04 V")
    assert separator.products == "5 Li2S + Li3P + LiCl"
    assert (coating.material, coating.outside) == ("LiNbO3", "0.54/0.55 V")
    rows = contacts(run.summary)
    assert [row.pair for row in rows][-1] == "Li6PS5Cl | LiNbO3"
    assert all("meV/atom" in row.energy for row in rows)
    page = report_html(run)
    assert "Stability at equilibrium" in page
    assert "2.29/2.04 V" in page


def test_a_run_without_facts_has_no_panel(run):
    assert parts(run.summary) == contacts(run.summary) == []
    assert "Stability at equilibrium" not in report_html(run)


def test_a_material_without_facts_says_why(run):
    run.summary["thermodynamics"] = thermodynamics(
        Cell.load("reference").replace(**{"cathode.coating.material": "polypyrrole"})
    )
    assert parts(run.summary)[2].products.startswith("organic")
    assert "organic" in contacts(run.summary)[-1].products
