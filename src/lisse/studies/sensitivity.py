"""Which claim matters most, and so which measurement to make next: Sobol indices of the numbers of a run.

A cheap screen picks the claims that are told apart; all others act as one group, whose index says what the screen has
missed. Correlated claims are one group too. Leaves out: the error of the equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lisse.errors import InputError, LisseError
from lisse.studies.batch import Progress, Refused, solve_many
from lisse.studies.sampling import Dimension, Draws, correlate, draw, groups, points
from lisse.studies.sobol_indices import Indices, design, indices, screen
from lisse.studies.uncertainty import RTOL, Layered, held_current

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.studies.prepared import Solved

Array = NDArray[np.float64]

BASE = 128
"""Base points unless told otherwise; each factor costs as many runs, and two more."""
SCREENED = 256
"""Runs of the screen."""
KEPT = 8
"""Factors that are told apart."""
ENERGY = "specific_energy_Wh_kg"
DEFAULTS = ("discharge_capacity_mAh_g", "mean_discharge_voltage_V", ENERGY)
"""Outputs of a full cell unless told otherwise: of the last cycle, and of the cell in its format."""
UNITS = {
    "_mAh_g": "mAh/g",
    "_mAh_cm2": "mAh/cm2",
    "_ohm_cm2": "ohm cm2",
    "_S_cm2": "S/cm2",
    "_Wh_kg": "Wh/kg",
    "_Wh": "Wh",
    "_V": "V",
    "_nm": "nm",
    "_um": "um",
}
"""Units by the ending of a key."""
LARGE_REST = 0.1
"""Share of the variance in what the screen has put together from which it has missed something [-]."""


@dataclass(frozen=True)
class Factor:
    """Claims that move together in the analysis: one, some that are correlated, or all that the screen left.

    Attributes
    ----------
    dimensions
        The claims.
    rest
        Whether it is what the screen left.
    """

    dimensions: tuple[Dimension, ...]
    rest: bool = False

    @property
    def label(self) -> str:
        """What it is, in words."""
        if self.rest:
            return f"the other {len(self.dimensions)} claims"
        names = [f"{row.claim.property.replace('_', ' ')}" for row in self.dimensions]
        return f"{_owner(self.dimensions[0])} {' and '.join(names)}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "label": self.label,
            "claims": [
                {
                    "name": row.name,
                    "roles": [role for role, _ in row.keys],
                    "property": row.claim.property,
                    "spread": row.claim.spread.to_dict(),
                    "method": row.claim.method,
                    "source": {"citation": row.claim.source.citation, "doi": row.claim.source.doi},
                }
                for row in self.dimensions
            ],
        }


def in_words(output: str) -> tuple[str, str]:
    """Return the name of an output and its unit.

    Examples
    --------
    >>> in_words("discharge_capacity_mAh_g"), in_words("contact_fraction")
    (('discharge capacity', 'mAh/g'), ('contact fraction', ''))
    """
    ending = next((ending for ending in UNITS if output.endswith(ending)), "")
    return output.removesuffix(ending).replace("_", " "), UNITS.get(ending, "")


def _owner(row: Dimension) -> str:
    return row.claim.role if row.claim.own else row.claim.material


@dataclass(frozen=True)
class Sensitivity:
    """Shares of the variance of some outputs.

    Attributes
    ----------
    cell, protocol
        What was run.
    outputs
        Names of the numbers.
    factors
        What is told apart; the last one may be the rest.
    indices
        Arrays of shape (outputs, factors).
    means
        Of the outputs, over both base samples, shape (outputs,).
    screened
        Guess of the screen of the share of every claim, by name, the largest of the outputs.
    fits
        Part of the variance that the screen's regression explains, shape (outputs,).
    base, seed, runs, refused
        Base points, seed, runs in all, and those that gave no cell or no number.
    """

    cell: str
    protocol: str
    outputs: tuple[str, ...]
    factors: tuple[Factor, ...]
    indices: Indices
    means: Array
    screened: dict[str, float]
    fits: Array
    base: int
    seed: int
    runs: int
    refused: int

    def ranked(self, output: str) -> list[tuple[Factor, dict[str, float]]]:
        """Return factors with first and total index and their standard errors, the largest total first."""
        row = self.outputs.index(output)
        found = self.indices
        table = {
            "first": found.first,
            "first_error": found.first_error,
            "total": found.total,
            "total_error": found.total_error,
        }
        rows = [
            (factor, {name: float(values[row, column]) for name, values in table.items()})
            for column, factor in enumerate(self.factors)
        ]
        return sorted(rows, key=lambda item: -item[1]["total"] if np.isfinite(item[1]["total"]) else 0.0)

    def advice(self, output: str) -> str:
        """Return the measurement to make next for an output, in a sentence."""
        name, _ = in_words(output)
        ranked = [item for item in self.ranked(output) if not item[0].rest]
        if not ranked or not np.isfinite(ranked[0][1]["total"]):
            return f"{name}: too few of the runs gave this number to say which claim matters."
        factor, found = ranked[0]
        spreads = ", ".join(_spread_text(row) for row in factor.dimensions)
        sources = "; ".join(dict.fromkeys(row.claim.source.citation for row in factor.dimensions))
        method = " and ".join(dict.fromkeys(row.claim.method for row in factor.dimensions))
        return (
            f"{name}: measure {factor.label} next ({method}, {spreads}; {sources}): "
            f"{100 * found['total']:.0f} ± {100 * found['total_error']:.0f} % of the variance hang on it, "
            f"{100 * found['first']:.0f} ± {100 * found['first_error']:.0f} % on it alone."
        )

    @property
    def warnings(self) -> list[str]:
        """What a reader must know."""
        found = []
        for row, output in enumerate(self.outputs):
            rest = [k for k, factor in enumerate(self.factors) if factor.rest]
            if rest and self.indices.total[row, rest[0]] > LARGE_REST:
                share = 100 * self.indices.total[row, rest[0]]
                found.append(f"{output}: {share:.0f} % of the variance is in the claims that the screen put together.")
        if self.refused:
            found.append(
                f"{self.refused} of {self.runs} runs gave no cell or lack a number; their points are left out."
            )
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types, as ``lisse sensitivity --json`` prints them."""
        return {
            "cell": self.cell,
            "protocol": self.protocol,
            "base_points": self.base,
            "seed": self.seed,
            "runs": self.runs,
            "failed": self.refused,
            "factors": [factor.as_dict() for factor in self.factors],
            "screen": {
                "explained": dict(zip(self.outputs, map(float, self.fits), strict=True)),
                "shares": self.screened,
            },
            "outputs": {output: self._output(row, output) for row, output in enumerate(self.outputs)},
            "warnings": self.warnings,
        }

    def _output(self, row: int, output: str) -> dict[str, Any]:
        return {
            "mean": float(self.means[row]),
            "standard_deviation": float(np.sqrt(self.indices.variance[row])),
            "base_points_used": int(self.indices.used[row]),
            "shares": [{"label": factor.label, **found} for factor, found in self.ranked(output)],
            "measure_next": self.advice(output),
        }


def _spread_text(row: Dimension) -> str:
    from lisse.materials import PROPERTIES
    from lisse.materials.quantities import written_spread
    from lisse.units import show

    spread, unit = row.claim.spread, PROPERTIES[row.claim.property].unit
    if spread.kind == "absolute" and unit == "J/mol":
        return f"± {show(spread.size, unit, 'kJ/mol')}"
    return written_spread(spread, "", unit)


def sensitivity(
    cell: Cell,
    protocol: str = "1 cycle at C/3",
    outputs: Sequence[str] | None = None,
    *,
    base: int = BASE,
    keep: int = KEPT,
    screened: int = SCREENED,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Share out the variance of some numbers of a run among the claims of a cell.

    Parameters
    ----------
    cell
        The cell.
    protocol
        What is done with it; its last cycle counts.
    outputs
        Keys of a cycle in the summary of a run, or :data:`ENERGY`; :data:`DEFAULTS` without it.
    base
        Base points; ``base * (keep + 3)`` runs follow the screen.
    keep
        How many claims (or groups of correlated ones) are told apart.
    screened
        Runs of the screen that picks them.
    seed
        Of the points and of the bootstrap.
    workers, progress
        As in :func:`lisse.studies.uncertainty.uncertainty`.

    Raises
    ------
    InputError
        If an argument or an output is not accepted.
    """
    if base < 8 or keep < 1 or screened < 16:
        raise InputError("sensitivity: at least 8 base points, 1 claim to keep and 16 runs of the screen are needed.")
    held = held_current(cell)
    wanted = tuple(outputs) if outputs else _defaults(held)
    first = draw(held, screened, seed, also=partial(_energy_claims, wanted))
    rows = first.dimensions
    parts = groups(rows)
    keep = min(keep, len(parts))
    total = screened + base * (keep + 2 + (keep < len(parts)))
    run = _Runner(held, protocol, wanted, workers, total, progress)
    values = run(first)
    _check_outputs(wanted, values)
    shares, fits = screen(first.shares, values)
    by_part = np.array([shares[:, list(part)].sum(axis=1).max() for part in parts])
    order = np.argsort(-by_part, kind="stable")
    chosen = [parts[k] for k in order[:keep]]
    rest = tuple(sorted(number for k in order[keep:] for number in parts[k]))
    factors = [Factor(tuple(rows[k] for k in part)) for part in chosen]
    if rest:
        chosen.append(rest)
        factors.append(Factor(tuple(rows[k] for k in rest), rest=True))
    names = [row.name for row in rows]
    # Latin hypercubes: among so many Sobol dimensions some pairs go together where points are few.
    both = points([*names, *(f"{name} again" for name in names)], base, seed, "lhs")
    asked = design(correlate(rows, both[:, : len(rows)]), correlate(rows, both[:, len(rows) :]), chosen)
    found = run(Draws(held, rows, asked.reshape(-1, len(rows)), "lhs", seed)).reshape(*asked.shape[:2], -1)
    return Sensitivity(
        cell.name,
        protocol,
        wanted,
        tuple(factors),
        indices(found, seed),
        np.nanmean(found[:2], axis=(0, 1)),
        dict(sorted(zip(names, map(float, shares.max(axis=0)), strict=True), key=lambda item: -item[1])),
        fits,
        base,
        seed,
        run.done,
        run.refused,
    )


def _defaults(cell: Cell) -> tuple[str, ...]:
    return ("mean_discharge_voltage_V",) if cell.symmetric else DEFAULTS


def _energy_claims(outputs: Sequence[str], cell: Cell) -> None:
    """Ask a cell for the densities of its format, where the energy of the whole cell is wanted."""
    if ENERGY in outputs:
        from lisse.energy import energy_of

        energy_of(cell, cell.derived.nominal_capacity / 36000, 3.7)


def _check_outputs(outputs: Sequence[str], values: Array) -> None:
    """Refuse an output that no run has."""
    for name, column in zip(outputs, values.T, strict=True):
        if not np.isfinite(column).any():
            raise InputError(
                f'--output: no run has "{name}"; write {ENERGY} or a key of a cycle in the summary of a run, such as '
                "discharge_capacity_mAh_g or cathode_resistance_ohm_cm2."
            )


class _Runner:
    """Runs draws and reads the outputs; counts what is done."""

    def __init__(
        self,
        cell: Cell,
        protocol: str,
        outputs: Sequence[str],
        workers: int | None,
        total: int,
        progress: Progress | None,
    ) -> None:
        self.cell, self.protocol, self.outputs, self.workers = cell, protocol, outputs, workers
        self.total, self.progress = total, progress
        self.done = self.refused = 0

    def __call__(self, draws: Draws[Cell]) -> Array:
        """Return the outputs of the draws, shape (draws, outputs)."""
        found = solve_many(
            self.cell,
            self.protocol,
            draws.make,
            len(draws),
            read=partial(_read, Layered(self.cell, self.protocol, None, RTOL), self.outputs),
            workers=self.workers,
            rtol=RTOL,
            progress=self._note,
        )
        missing = [float("nan")] * len(self.outputs)
        values = np.array([missing if isinstance(one, Refused) else one for one in found], dtype=float)
        self.done += len(draws)
        self.refused += int((~np.isfinite(values)).any(axis=1).sum())
        return values

    def _note(self, done: int, count: int) -> None:
        if self.progress is not None:
            self.progress(self.done + done, self.total)


def _read(layered: Layered, outputs: Sequence[str], solved: Solved) -> list[float]:
    """Return the outputs of one run; not a number where it has none."""
    solved = layered.rescue(solved)
    if solved.status == "failed":
        return [float("nan")] * len(outputs)
    rows = solved.summary()["cycles"]
    last: dict[str, Any] = rows[-1] if rows else {}
    return [_energy(solved, last) if name == ENERGY else _number(last.get(name)) for name in outputs]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _energy(solved: Solved, last: dict[str, Any]) -> float:
    from lisse.energy import energy_of

    capacity, voltage = (last.get(key) for key in ("discharge_capacity_mAh_cm2", "mean_discharge_voltage_V"))
    if not capacity or not voltage:
        return float("nan")
    try:
        return float(energy_of(solved.cell, capacity, voltage).specific_energy)
    except LisseError:
        return float("nan")
