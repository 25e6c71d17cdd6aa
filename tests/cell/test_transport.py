"""Conductivities of the composite of a cell: particle sizes, tortuosity factors, plug-ins, what does not percolate."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lisse
from lisse import Cell, InputError
from lisse.cell.parameter_sets import parameter_values
from lisse.cell.remarks import remarks
from lisse.cli import app

PLUGIN = Path(__file__).parents[1] / "plugin"
# P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537: oxide of 3 um, electrolyte of 1.6 mS/cm.
PERCOLATING = {
    "cathode.transport": {"closure": "percolation"},
    "claims.electrolyte.ionic_conductivity": "1.6 mS/cm",
    "cathode.particle_radius": None,
    "cathode.particle_diameter": "3 um",
}


def minnmann(**changes: object) -> Cell:
    return Cell.load("minnmann-2021-61").replace(**{**PERCOLATING, **changes})


def test_a_finer_electrolyte_percolates_earlier_when_its_size_is_given():
    coarse, fine = (
        minnmann(**{"cathode.electrolyte_particle_diameter": size}).derived.cathode_ionic_conductivity
        for size in ("4 um", "1.5 um")
    )
    assert coarse == pytest.approx(3.06e-4, rel=0.12)
    assert fine == pytest.approx(1.17e-3, rel=0.12)
    assert minnmann().derived.cathode_ionic_conductivity == coarse


def test_a_threshold_in_the_file_wins_over_the_sizes():
    cell = minnmann(
        **{
            "cathode.electrolyte_particle_diameter": "1.5 um",
            "cathode.transport": {"closure": "percolation", "ionic_threshold": 0.2},
        }
    )
    assert cell.derived.ionic_threshold == 0.2


def test_sizes_are_the_default_of_the_connected_fraction_and_only_then():
    # T. Shi et al., Adv. Energy Mater. 10 (2020) 1902881: 80 wt% at a ratio of 1.67 is half connected, 70 wt% is not
    # limited; with the densities of that paper.
    half = {
        "claims.active.density": "4.85 g/cm^3",
        "claims.electrolyte.density": "1.87 g/cm^3",
        "cathode.active": "NMC532",
        "cathode.electrolyte": "Li3PS4",
        "cathode.mass_fractions": {"active": 0.8, "electrolyte": 0.2},
        "cathode.carbon": None,
        "cathode.particle_diameter": "5 um",
    }
    sized = {**half, "cathode.electrolyte_particle_diameter": "3 um"}
    cell = Cell.load("reference").replace(**{**sized, "cathode.connected_fraction": None})
    assert cell.derived.connected_fraction == pytest.approx(0.50, abs=0.07)
    assert cell.derived.wetted_surface_area == pytest.approx(
        cell.derived.connected_fraction * cell.derived.wetted_fraction * cell.derived.specific_surface_area
    )
    practical = cell.derived.practical_capacity * cell.derived.active_loading
    assert cell.derived.areal_capacity_practical == pytest.approx(cell.derived.connected_fraction * practical)
    values = parameter_values(cell)
    assert values["Positive electrode connected fraction"] == cell.derived.connected_fraction
    given = Cell.load("reference").replace(**{**sized, "cathode.connected_fraction": 0.9})
    assert given.derived.connected_fraction == 0.9
    without = Cell.load("reference").replace(**{**half, "cathode.connected_fraction": None})
    assert without.derived.connected_fraction == 1.0


def test_a_sized_cell_written_in_full_is_the_same_cell():
    sizes = {"cathode.electrolyte_particle_diameter": "1.5 um", "cathode.connected_fraction": None}
    cell = Cell.load("reference").replace(**sizes)
    written = tomllib.loads(cell.to_toml(resolved=True))
    again = Cell.from_dict(written)
    assert again.derived == cell.derived
    assert again.to_toml(resolved=True) == cell.to_toml(resolved=True)
    assert {"cathode.connected_fraction", "cathode.transport.ionic_threshold"} <= set(written["defaults"])
    assert written["cathode"]["connected_fraction"] == cell.derived.connected_fraction < 1
    coarse = again.replace(**{"cathode.electrolyte_particle_diameter": "20 um"}).derived
    assert coarse.ionic_threshold == 0.221
    assert coarse.connected_fraction < cell.derived.connected_fraction


def test_the_electronic_threshold_moves_from_the_size_it_was_measured_at():
    # A. Bielefeld et al., J. Phys. Chem. C 123 (2019) 1626: 7.83 vol% per e-fold of the diameter
    def threshold(**changes: object) -> float:
        return minnmann(**{"cathode.electrolyte_particle_diameter": "3 um", **changes}).derived.electronic_threshold

    assert threshold() == pytest.approx(0.2345)
    assert threshold(**{"cathode.particle_diameter": "8.3 um"}) == pytest.approx(0.2345 + 0.0797, abs=2e-4)
    # NMC111 was measured with 9.3 um (A. M. Stavola et al., ACS Energy Lett. 8 (2023) 1273)
    coarse = {"cathode.active": "NMC111", "cathode.particle_diameter": "9.3 um"}
    assert threshold(**coarse) == pytest.approx(Cell.load("table1-53-lpscl-nmc111").derived.electronic_threshold)
    assert minnmann(**{"cathode.particle_diameter": "8.3 um"}).derived.electronic_threshold == 0.2345


def test_tortuosity_factors_give_the_conductivities_they_were_computed_from():
    # the 42:44 row of Minnmann et al.: 7.44 and 4.27 with 1.6 and 10 mS/cm are 5.56e-4 and 1.66e-4 S/cm
    factors = {"closure": "tortuosity", "ionic_tortuosity_factor": 4.27, "electronic_tortuosity_factor": 7.44}
    cell = Cell.load("minnmann-2021-42").replace(
        **{"cathode.transport": factors, "claims.electrolyte.ionic_conductivity": "1.6 mS/cm"}
    )
    assert cell.derived.cathode_ionic_conductivity == pytest.approx(0.0166, rel=0.01)
    assert cell.derived.cathode_electronic_conductivity == pytest.approx(0.0556, rel=0.02)
    # temperature acts on the electrolyte inside as on the electrolyte outside: Arrhenius, 0.33 eV and the like
    warm = cell.replace(**{"operation.temperature": "60 degC"}).derived
    outside = warm.separator_conductivity / cell.derived.separator_conductivity
    assert warm.cathode_ionic_conductivity / cell.derived.cathode_ionic_conductivity == pytest.approx(outside)
    assert warm.ionic_threshold != warm.ionic_threshold  # not a number: this law has none
    assert "ionic_threshold" not in {name for name, *_ in warm.rows()}


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        ({"closure": "tortuosity", "ionic_tortuosity_factor": 4}, ["electronic_tortuosity_factor", "needs"]),
        ({"ionic_tortuosity_factor": 4}, ['only with closure = "tortuosity"', '"percolation"']),
        (
            {"closure": "tortuosity", "ionic_tortuosity_factor": 0.5, "electronic_tortuosity_factor": 2},
            ["ionic_tortuosity_factor", "at least 1"],
        ),
        ({"closure": "plugin"}, ["cathode.transport.plugin", "needs this value"]),
        ({"closure": "plugin", "plugin": "no-such"}, ["no-such", "not registered under lisse.closures"]),
        ({"closure": "tortuous"}, ["closure", "'tortuosity'"]),
    ],
)
def test_bad_closures_are_refused_in_one_sentence(transport, words):
    with pytest.raises(InputError) as refused:
        Cell.load("reference").replace(**{"cathode.transport": transport})
    text = str(refused.value)
    assert "\n" not in text
    assert all(word in text for word in words)


def test_a_closure_of_another_package(monkeypatch):
    monkeypatch.syspath_prepend(str(PLUGIN))
    cell = Cell.load("reference").replace(**{"cathode.transport": {"closure": "plugin", "plugin": "maxwell"}})
    derived = cell.derived
    # Maxwell: insulating spheres of a share b conduct 2(1-b)/(2+b)
    blocked = 1 - derived.electrolyte_fraction
    kappa = cell.number("electrolyte", "ionic_conductivity")
    assert derived.cathode_ionic_conductivity == pytest.approx(kappa * 2 * (1 - blocked) / (2 + blocked))
    run = lisse.run(cell, "1 cycle at C/10")
    assert run.summary["status"] == "completed"
    with pytest.raises(InputError, match=r"'broken' returned .* two conductivities above 0 S/m"):
        cell.replace(**{"cathode.transport.plugin": "broken"})


def test_what_does_not_percolate_is_said_once_with_law_threshold_and_value():
    poor = {"cathode.mass_fractions": {"active": 0.9, "electrolyte": 0.1}, "cathode.carbon": None}
    cell = Cell.load("reference").replace(**poor)
    found = [text for text in remarks(cell) if text.startswith("No path")]
    assert len(found) == 1
    assert all(word in found[0] for word in ("ions", "0.19", "percolation", "0.221"))
    assert not any(text.startswith("No path") for text in remarks(Cell.load("reference")))
    lean = {"active": 0.3, "electrolyte": 0.7}
    cell = Cell.load("reference").replace(**{"cathode.mass_fractions": lean, "cathode.carbon": None})
    found = [text for text in remarks(cell) if text.startswith("No path")]
    assert len(found) == 1
    assert all(word in found[0] for word in ("electrons", "active material", "0.2345"))
    # enough carbon carries the electrons
    carried = {"active": 0.3, "electrolyte": 0.64, "carbon": 0.06}
    cell = Cell.load("reference").replace(**{"cathode.mass_fractions": carried})
    assert not any(text.startswith("No path") for text in remarks(cell))


def test_exactly_at_the_threshold_nothing_conducts():
    cell = Cell.load("reference")
    at = {"cathode.transport.ionic_threshold": cell.derived.electrolyte_fraction}
    assert any(text.startswith("No path for ions") for text in remarks(cell.replace(**at)))
    below = {"cathode.transport.ionic_threshold": cell.derived.electrolyte_fraction - 1e-6}
    assert not any(text.startswith("No path") for text in remarks(cell.replace(**below)))


def test_the_cell_command_warns(tmp_path):
    options = ["--set", "cathode.transport.ionic_threshold=0.46"]
    shown = CliRunner().invoke(app, ["cell", "reference", *options])
    assert shown.exit_code == 0
    assert "No path for ions" in shown.stdout
    shown = CliRunner().invoke(app, ["cell", "reference", *options, "--json"])
    assert len(json.loads(shown.stdout)["warnings"]) == 1
    shown = CliRunner().invoke(app, ["cell", "reference", "--json"])
    assert json.loads(shown.stdout)["warnings"] == []
