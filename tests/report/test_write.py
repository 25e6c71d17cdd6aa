"""The HTML report: whole, offline, escaped, and sensible where a run is not."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.report import MeasuredCurve, MeasuredData, write_report
from lisse.report.tables import bill
from lisse.report.view import cell_view
from lisse.report.write import report_html

LOADING = {"src", "srcset", "data", "poster", "action", "xlink:href", "background"}


class Page(HTMLParser):
    """Collects tags, what they would load, links, and visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in LOADING or (name == "href" and tag != "a"):
                self.loads.append(f"{tag} {name}={value}")
            if name == "href" and tag == "a":
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_report_is_one_small_file_that_loads_nothing(run, tmp_path: Path) -> None:
    target = tmp_path / "new" / "report.html"
    write_report(run, target)
    html = target.read_text(encoding="utf-8")
    page = Page(html)
    assert page.loads == []
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest", html)
    assert "default-src 'none'" in html
    assert len(html) < 300_000
    assert list(target.parent.iterdir()) == [target]
    assert page.ids.count("theme") == 1
    assert len(page.ids) == len(set(page.ids))


def test_every_claim_shows_its_citation_and_a_link_that_leads_there(run) -> None:
    page = Page(report_html(run))
    for claim in run.summary["claims"]:
        assert claim["source"]["citation"] in page.text
    assert "https://doi.org/10.1000/xyz123" in page.links
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inner) == len(run.summary["claims"])
    assert set(inner) <= set(page.ids)


def test_values_stand_in_the_units_of_the_field(run) -> None:
    text = Page(report_html(run)).text
    # 0.13 S/m, 1.2e-3 ohm m2, 720000 A s/kg, 6.8e-16 m2/s, 37000 +- 3000 J/mol
    for written in ("1.3 mS/cm", "12 Ω cm²", "200 mAh/g", "6.8 × 10⁻¹² cm²/s", "37 kJ/mol ± 3 kJ/mol"):
        assert written in text
    assert "curve (expression), V ± 0.005 V" in text
    assert "suspect thermodynamic limit; kinetics widen it" in text


def test_markup_in_names_stays_text(run) -> None:
    evil = '<script>alert("x")</script>&'
    run.cell = run.cell.replace(description=evil)
    run.summary["claims"][0]["material"] = evil
    run.summary["warnings"] = [evil]
    run.summary["reason"] = evil
    run.summary["status"] = "stopped"
    data = MeasuredData(evil, (MeasuredCurve(evil, np.array([0.0, 1.0]), np.array([4.0, 3.0])),))
    html = report_html(run, data)
    page = Page(html)
    assert page.tags.count("script") == 1
    assert "<script>alert" not in html
    assert page.text.count(evil) >= 4


def test_a_doi_that_is_none_becomes_no_link(run) -> None:
    run.summary["claims"][0]["source"] = {"citation": "C", "doi": 'javascript:alert(1)"', "tag": ""}
    assert not any("javascript" in link for link in Page(report_html(run)).links)


def test_drawings_are_well_formed_and_finite(run) -> None:
    html = report_html(run)
    drawings = re.findall(r"<svg class=\"chart\".*?</svg>", html, re.S)
    assert len(drawings) == 6
    for drawing in drawings:
        ET.fromstring(drawing)
        assert "nan" not in drawing.lower().replace("nanometre", "")
        assert "inf," not in drawing


def test_failed_run_without_outputs_still_reports(make_run) -> None:
    run = make_run(0)
    run.summary |= {
        "status": "failed", "reason": "no start found", "losses_V": dict.fromkeys(run.summary["losses_V"]),
        "audit": dict.fromkeys(run.summary["audit"]), "claims": [], "warnings": [], "conditions": {},
    }  # fmt: skip
    text = Page(report_html(run)).text
    assert "The run failed: no start found." in text
    assert text.count("no solution") == 3
    assert "no overpotential to divide" in text


def test_a_run_of_nothing_but_a_rest_still_reports(run) -> None:
    run.timeseries = run.timeseries.assign(kind="rest")
    page = Page(report_html(run))
    assert "nan" not in " ".join(page.words).split()


def test_gaps_in_a_run_are_gaps_in_the_report(run) -> None:
    run.timeseries.loc[50:90, "voltage_V"] = np.nan
    run.timeseries["loss_anode_V"] = np.nan
    run.summary["cycles"][0] = dict.fromkeys(run.summary["cycles"][0]) | {"cycle": 1}
    run.summary["cycles"][1]["coulombic_efficiency"] = float("nan")
    html = report_html(run)
    assert "nan" not in re.sub(r"<script>.*?</script>", "", html, flags=re.S).lower()


@pytest.mark.parametrize(("error", "verdict"), [(0.9e-4, "pass"), (-1.1e-4, "fail"), (None, "nothing flowed")])
def test_audit_is_judged_by_its_limit(run, error: float | None, verdict: str) -> None:
    run.summary["audit"]["energy_relative_error"] = error
    html = report_html(run)
    assert ("do not use these numbers" in html) == (verdict == "fail")
    row = html[html.index("<td>energy<br>") :]
    assert re.search(r">(pass|fail|nothing flowed|no solution)</span>", row).group(1) == verdict


@pytest.mark.parametrize("name", ["reference", "practical-pouch", "table1-53-lpscl-nmc111"])
def test_bill_of_materials_adds_up_to_the_cell(name: str) -> None:
    cell = Cell.load(name)
    view = cell_view(cell)
    assert sum(layer.mass for layer in view.layers) == pytest.approx(cell.derived.stack_mass, rel=1e-9)
    assert sum(layer.thickness for layer in view.layers) == pytest.approx(cell.derived.stack_thickness, rel=1e-9)
    cathode = next(layer for layer in view.layers if layer.role == "cathode")
    assert sum(part.mass for part in view.constituents) == pytest.approx(cathode.mass, rel=1e-3)
    volumes = [part.volume_fraction for part in view.constituents if part.volume_fraction is not None]
    assert sum(volumes) + view.porosity == pytest.approx(1.0, abs=1e-6)
    rows, total = bill(view)
    whole = sum(float(row.mass) for row in rows if not row.part)
    assert whole == pytest.approx(float(total.mass), abs=0.04)


def test_an_error_that_is_no_number_is_a_fail(run) -> None:
    run.summary["audit"]["lithium_relative_error"] = float("nan")
    assert "The books do not close (lithium)" in Page(report_html(run)).text


def test_every_drawn_cycle_is_named_until_the_legend_grows_too_long(make_run) -> None:
    few, many = report_html(make_run(12)), report_html(make_run(20))
    assert [f"cycle {k}</li>" in few for k in range(1, 13)] == [True] * 12
    assert "The legend names" not in few
    assert sum(f"cycle {k}</li>" in many for k in range(1, 21)) == 6
    assert "The legend names 6 of them" in many


def test_efficiencies_above_100_percent_are_explained_where_they_occur(run) -> None:
    note = "artefact of unequal steps"
    assert note not in report_html(run)
    run.summary["cycles"][5]["coulombic_efficiency"] = 1.37
    text = report_html(run)
    assert text.count(note) == 2  # under the figure and under the table


def test_many_cycles_stay_small(make_run) -> None:
    run = make_run(300)
    html = report_html(run)
    assert len(html) < 900_000
    assert "24 of 300 cycles are drawn" in html
    assert "of 300 cycles are listed" in html


def test_report_is_the_same_each_time(run) -> None:
    assert report_html(run) == report_html(run)
