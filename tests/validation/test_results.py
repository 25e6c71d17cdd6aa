"""Verdicts, runs shared between targets, and what is shown of them."""

import io
import json
from types import SimpleNamespace

import pytest
from rich.console import Console

from lisse import simulate
from lisse.errors import InputError
from lisse.validation import (
    Result,
    Results,
    markdown_table,
    read_section,
    show_results,
    update_readme,
    validate,
)
from lisse.validation.figure import write_parity
from lisse.validation.runner import read_quantity
from lisse.validation.targets import load_section

KEYS = {"id", "section", "published", "simulated", "unit", "tolerance", "verdict", "kind", "gate", "source"}
SECTION = """
name = "anode"
title = "Lithium anode"
description = "made up"
[sources]
a = { citation = "A. Author, J. Journal 1 (2020) 1", doi = "10.1000/1", tag = "web" }
[[targets]]
id = "potential"
description = "potential | of Li-In"
conditions = "25 degC"
published = PUBLISHED
unit = "V"
tolerance = { absolute = 0.01 }
kind = "analytic"
gate = true
source = "a"
compute = "anode_potential"
arguments = { anode = "Li-In" }
"""
RUNS = """
name = "table1"
title = "Table 1"
description = "made up"
[sources]
a = { citation = "A. Author, J. Journal 1 (2020) 1", tag = "web" }
[[targets]]
id = "charge"
description = "first charge"
conditions = "c"
published = 180
unit = "mAh/g"
tolerance = { absolute = 10 }
kind = "predicted"
source = "a"
run = { cell = "one", protocol = "1 cycle at C/10" }
quantity = "cycles[0].charge_capacity_mAh_g"
[[targets]]
id = "discharge"
description = "first discharge"
conditions = "c"
published = 150
unit = "mAh/g"
tolerance = { absolute = 10 }
kind = "predicted"
source = "a"
run = { protocol = "1 cycle at C/10", cell = "one" }
quantity = "cycles[0].discharge_capacity_mAh_g"
"""


@pytest.fixture
def stopped(monkeypatch):
    """A run that ends in its first charge; counts how often it is asked for."""
    calls = []

    class Stopped:
        cell = SimpleNamespace(assumed=("cathode.porosity",))
        summary = {  # noqa: RUF012
            "status": "stopped",
            "reason": "minimum_voltage",
            "cycles": [{"charge_capacity_mAh_g": 175.0, "discharge_capacity_mAh_g": None}],
        }

    def run(cell, protocol, *, changes):
        calls.append((cell, protocol, changes))
        return Stopped()

    monkeypatch.setattr(simulate, "run", run)
    return calls


def section(published):
    return read_section(SECTION.replace("PUBLISHED", str(published)))


@pytest.mark.parametrize(("published", "verdict"), [(0.62, "hit"), (0.63, "hit"), (0.6301, "miss"), (0.5, "miss")])
def test_verdict(published, verdict):
    """Li-In lies 0.62 V above lithium (the review)."""
    results = validate([section(published)])
    assert results.results[0].verdict == verdict
    assert results.broken_gates() == ([] if verdict == "hit" else ["anode.potential"])


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_no_number_is_a_miss(value):
    target = section(0.62).targets[0]
    assert Result(target, value).verdict == "miss"


def test_json_has_the_keys_of_the_contract():
    document = json.loads(json.dumps(validate([section(0.7)]).as_dict()))
    (row,) = document["targets"]
    assert set(row) >= KEYS
    assert (row["id"], row["verdict"], row["tolerance"], row["gate"]) == ("anode.potential", "miss", "±0.01 V", True)
    assert row["deviation"] == pytest.approx(-0.08)
    assert row["source"] == {"citation": "A. Author, J. Journal 1 (2020) 1", "doi": "10.1000/1", "tag": "web"}
    assert document["sections"] == {"anode": {"title": "Lithium anode", "hits": 0, "targets": 1}}
    assert document["broken_gates"] == ["anode.potential"]


def test_equal_runs_are_solved_once_and_a_stopped_cell_counts_with_what_it_has(stopped):
    seen = []
    charge, discharge = validate([read_section(RUNS)], lambda *what: seen.append(what)).results
    assert stopped == [("one", "1 cycle at C/10", {})]
    assert seen == [(1, 1, "one")]
    assert (charge.simulated, charge.verdict) == (175.0, "hit")
    assert (discharge.simulated, discharge.verdict) == (None, "miss")
    assert discharge.note == "stopped: minimum_voltage"
    assert discharge.as_dict()["assumed"] == ["cathode.porosity"]


def test_assumed_fields_stand_with_the_cells_that_assume_them():
    target, text = section(0.62).targets[0], io.StringIO()
    cells = {"a": ("x", "y"), "b": ("x",), "c": ("x", "y", "z")}
    rows = [Result(target.model_copy(update={"id": name}), 0.62, assumed=fields) for name, fields in cells.items()]
    show_results(Results((*rows, Result(target, 0.62))), Console(file=text, width=80))
    lines = [line for line in text.getvalue().splitlines() if line.startswith("Assumed")]
    assert lines == ["Assumed by all 3 cells that are run: x.", "Assumed by all but b: y.", "Assumed by c: z."]


def test_failed_runs_are_named_whatever_their_number():
    target = section(0.62).targets[0]
    results = Results(
        (Result(target, 0.62, "failed: audit: energy_relative_error"), Result(target, 0.62, "stopped: x"))
    )
    assert results.failed_runs() == ["anode.potential"]
    assert "counts for little: anode.potential." in markdown_table(results)


def test_a_misspelt_quantity_is_an_error_not_a_miss():
    with pytest.raises(KeyError):
        read_quantity({"cycles": [{"charge_capacity_mAh_g": 1.0}]}, "cycles[0].charge_capacity")


def test_the_terminal_shows_miss_and_broken_gate():
    text = io.StringIO()
    show_results(validate([section(0.7)]), Console(file=text, width=200))
    assert "Lithium anode: 0 of 1 hit" in text.getvalue()
    assert "miss" in text.getvalue()
    assert "gates broken: anode.potential" in text.getvalue()


def anode_results():
    """Results of all rows of the anode of which only the contact of lithium is computed: the others take a minute."""
    anode = load_section("anode")
    contact = [target for target in anode.targets if target.id.startswith(("anode.B1.", "anode.B2."))]
    computed = validate([anode.model_copy(update={"targets": tuple(contact)})])
    others = tuple(Result(target, 1.1 * target.published) for target in anode.targets if target not in contact)
    return Results((*computed.results, *others), computed.titles)


def test_a_narrow_terminal_cuts_no_number():
    text = io.StringIO()
    show_results(anode_results(), Console(file=text, width=80))
    rows = [line for line in text.getvalue().splitlines() if "anode.B2.5MPa" in line]
    # 30.5 + 2 * 60 / (exp(5 / 6) - 1) / 1.267 ohm by hand
    assert rows
    assert rows[0].split()[1:] == ["110", "103.3", "-6.699", "ohm", "hit"]
    below = text.getvalue().splitlines()[text.getvalue().splitlines().index(rows[0]) + 1]
    assert below.split() == ["calibrated", "·", "gate"]
    assert max(len(line) for line in text.getvalue().splitlines()) <= 80


def test_readme_gets_the_table_between_its_markers(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- validation:start -->\nold\n<!-- validation:end -->\nb\n", encoding="utf-8")
    results = validate([section(0.7)])
    update_readme(readme, results)
    update_readme(readme, results)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("a\n<!-- validation:start -->\n| section, hits of targets | analytic | missed |")
    assert text.endswith("<!-- validation:end -->\nb\n")
    assert "old" not in text
    assert text.count("| Lithium anode | 0 of 1 | anode.potential |") == 1
    assert (
        "| anode.potential | potential / of Li-In; 25 degC | 0.7 | 0.62 | V | ±0.01 V | analytic | **miss** |" in text
    )
    assert markdown_table(results) in text


def test_a_readme_without_markers_is_left_alone(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(InputError, match="validation:start"):
        update_readme(readme, Results(()))
    assert readme.read_text(encoding="utf-8") == "nothing\n"


def test_parity_figure(tmp_path):
    results = anode_results()
    svg = write_parity(results, tmp_path / "new" / "parity.svg").read_text(encoding="utf-8")
    assert svg.lstrip().startswith("<?xml")
    assert write_parity(results, tmp_path / "parity.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(InputError, match=r'--out: "parity.doc" ends in none of \.svg'):
        write_parity(results, tmp_path / "parity.doc")


def test_a_figure_of_nothing_can_be_drawn(tmp_path):
    assert write_parity(Results(()), tmp_path / "empty.svg").exists()


def test_every_known_deviation_says_why_and_fits_a_target():
    """A reason that fits no target, or a miss of thermodynamics without one, would be an entry nobody reads."""
    import tomllib
    from fnmatch import fnmatchcase
    from importlib import resources

    found = validate([load_section("thermodynamics")]).results
    assert [one.target.id for one in found if one.verdict == "miss" and not one.said] == []
    assert [one.target.id for one in found if one.verdict == "hit" and one.said] == []
    missed = [one.target.id.removeprefix("thermodynamics.") for one in found if one.verdict == "miss"]
    for path in resources.files("lisse.validation").joinpath("data").iterdir():
        document = tomllib.loads(path.read_text(encoding="utf-8")) if path.name.startswith("thermodynamics") else {}
        for pattern in document.get("deviations", {}):
            assert any(fnmatchcase(name, pattern) for name in missed), pattern
