"""Nothing in the lithium interface is idle: every claim and field moves an output of a test by more than noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lisse.cell.cell import Cell
from lisse.lithium.build import build
from lisse.lithium.influence import FIELDS, Influence, influences, joined, moved_values
from lisse.lithium.parameters import ROWS, medians, read_claims

CELL = Cell.load("sym-li-lpscl")


@pytest.fixture(scope="module")
def rows() -> dict[str, Influence]:
    return {row.parameter: row for row in influences(CELL)}


def test_every_parameter_moves_an_output(rows: dict[str, Influence]) -> None:
    fields = {name for name, *_ in FIELDS} | {"operation.spring_stiffness"}
    assert set(rows) == {row.name for row in ROWS} | fields
    assert [name for name, row in rows.items() if not row.moved] == []
    largest = [max(abs(x) for pair in row.moved.values() for x in pair) for row in rows.values()]
    assert min(largest) > 1e-3


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("toughness", 1),
        ("flaw_size", -1),
        ("local_resistance", -1),
        ("critical_plating_current", 1),
        ("separator.grain_size", -1),
        ("separator.relative_density", 1),
        ("geometry.area", -1),
    ],
)
def test_flaws_move_the_critical_current(rows: dict[str, Influence], name: str, sign: int) -> None:
    """Tougher and denser pellets bear more, deeper flaws, coarser grains, larger areas less (anode.md 4.3 and 4.5)."""
    low, high = rows[name].moved["ccd: critical current"]
    assert sign * low < 0 < sign * high


def test_electronic_conductivity_moves_the_critical_current_with_nucleation_in_the_bulk(
    rows: dict[str, Influence],
) -> None:
    moved = rows["electronic_conductivity"].moved
    low, high = moved["ccd: critical current with bulk nucleation"]
    assert low > 0 > high
    assert "ccd: critical current" not in moved  # off unless asked for


def test_the_speed_of_filaments_moves_their_end_and_not_their_start(rows: dict[str, Influence]) -> None:
    moved = rows["filament_speed"].moved
    assert not any(name.startswith("ccd") for name in moved)
    low, high = moved["cycle-life: time to short"]
    assert low > 0 > high


def test_known_sensitivities(rows: dict[str, Influence]) -> None:
    """Closed forms: the healing current is linear in its terms, times go as 1/rate, and an energy as its Arrhenius."""
    low, high = rows["healing_offset"].moved["strip: critical stripping current"]
    offset = 0.5 / (0.5 + 0.492 * 3 + 1.73e-5 * 3**6.56)
    assert (low, high) == pytest.approx((-offset, offset), rel=1e-6)
    low, high = rows["press_short_time"].moved["cycle-life: time to cross at rest at 60 MPa"]
    assert (low, high) == pytest.approx((1 / 7.4 - 1, 6.4), rel=1e-6)
    warm = rows["creep_energy"].moved["cycle-life: critical stripping current at 60 degC"]
    inverse = (1 / 298.15 - 1 / 333.15) / 8.314462618
    assert warm == pytest.approx([math.exp(d * inverse) - 1 for d in (-6000, 6000)], rel=1e-6)
    low, high = rows["interphase_parabolic"].moved["cycle-life: interphase thickness"]
    assert (low, high) == pytest.approx((1 / 1.1 - 1, 0.1), abs=2e-3)
    assert rows["press_short_pressure"].moved["cycle-life: time to cross at rest at 60 MPa"][1] == np.inf


@pytest.mark.parametrize(("field", "value", "sign"), [("grain_size", "10 um", -1), ("relative_density", 0.92, 1)])
def test_the_drawn_distribution_moves_as_a_whole(field: str, value: object, sign: int) -> None:
    """Initiation current densities of 200 drawn cells: 10th percentile, median and 90th."""
    other = CELL.replace(**{f"separator.{field}": value})
    usual, moved = (np.percentile(build(c, count=200, seed=1).filaments.critical, (10, 50, 90)) for c in (CELL, other))
    assert (sign * (moved / usual - 1) > 0.1).all()


def test_joined_cells_do_as_they_do_alone() -> None:
    """A pellet of other size, grain and interlayer beside the usual one; whoever lacks an interlayer keeps its own."""
    layer = {"material": "Li3N-LiF", "thickness": "20 um"}
    other = CELL.replace(
        **{"separator.thickness": "0.5 mm", "separator.grain_size": "10 um", "anode.interlayer": layer}
    )
    alone = [build(cell) for cell in (CELL, other)]
    together = joined([build(cell) for cell in (CELL, other)])
    for simulator in (*alone, together):
        for sign in (1.0, -1.0, 1.0):
            simulator.advance(10.0 * sign, 1800.0)
    for name in ("voltage", "time", "pressure"):
        values = [float(getattr(one.state, name)[0]) for one in alone]
        assert getattr(together.state, name) == pytest.approx(values, rel=1e-6), name
    assert together.coverage()[0] == pytest.approx([one.coverage()[0, 0] for one in alone], rel=1e-9)
    assert together.filaments.critical[0] == pytest.approx([one.filaments.critical[0, 0] for one in alone], rel=1e-12)


def test_given_parameters_take_the_place_of_the_claims() -> None:
    claims = read_claims(CELL)
    parameters = medians(claims, 2)
    parameters["healing_offset"][1] = 1.5
    healing = build(CELL, count=2, parameters=parameters).face.healing(np.full(2, 3e6))
    assert healing[1] - healing[0] == pytest.approx(1.0, rel=1e-12)
    assert moved_values("healing_offset", claims["healing_offset"]) == (0.0, 1.0)
    assert moved_values("void_spacing", claims["void_spacing"]) == pytest.approx((100e-6, 400e-6))
