"""What came of the targets: values, deviations, verdicts, and the skill of the sections that have one.

Leaves out: printing (``show``, ``figure``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from lisse.validation.targets import Target


@dataclass(frozen=True)
class Result:
    """A target and what lisse computes for it.

    Attributes
    ----------
    target
        What was published.
    simulated
        In the target's unit; None if the run did not get as far.
    note
        Why a run ended early or failed, empty otherwise.
    assumed
        Fields of the cell that its source does not give, by dotted path; empty where no cell is run.
    """

    target: Target
    simulated: float | None
    note: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def deviation(self) -> float | None:
        """Simulated minus published, None without a value."""
        return None if self.simulated is None else self.simulated - self.target.published

    @property
    def verdict(self) -> str:
        """``hit`` inside the tolerance, ``miss`` outside and where there is no finite value."""
        if self.simulated is None or not math.isfinite(self.simulated):
            return "miss"
        low, high = self.target.tolerance.accepted(self.target.published)
        # The ends count as inside, also where decimal fractions are not exact in binary.
        slack = 1e-12 * max(abs(self.target.published), abs(self.simulated))
        return "hit" if low - slack <= self.simulated <= high + slack else "miss"

    @property
    def said(self) -> str:
        """The note; of a miss without one why it is off, as far as that is known."""
        return self.note or (self.target.known_deviation if self.verdict == "miss" else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the result under the keys of ``lisse validate --json``."""
        target = self.target
        low, high = target.tolerance.accepted(target.published)
        return {
            "id": target.id,
            "section": target.section,
            "description": target.description,
            "conditions": target.conditions,
            "published": target.published,
            "simulated": self.simulated,
            "deviation": self.deviation,
            "unit": target.unit,
            "tolerance": target.tolerance.text(target.unit),
            "accepted": [low if math.isfinite(low) else None, high if math.isfinite(high) else None],
            "verdict": self.verdict,
            "kind": target.kind,
            "gate": target.gate,
            "note": self.said,
            "assumed": list(self.assumed),
            "source": {
                "citation": target.source.citation,
                "doi": target.source.doi,
                "tag": target.source.tag,
            },
        }


@dataclass(frozen=True)
class Results:
    """All results of one call, in the order of the files.

    Attributes
    ----------
    results
        One a target.
    titles
        Title of each section.
    skills
        Skill of the sections that have one, see :func:`lisse.validation.skill.section_skill`.
    """

    results: tuple[Result, ...]
    titles: dict[str, str] = field(default_factory=dict)
    skills: dict[str, dict[str, Any]] = field(default_factory=dict)

    def section(self, name: str) -> list[Result]:
        """Return the results of a section."""
        return [result for result in self.results if result.target.section == name]

    def sections(self) -> list[str]:
        """Return the sections that have results, in order."""
        return list(dict.fromkeys(result.target.section for result in self.results))

    def counts(self, name: str) -> tuple[int, int]:
        """Return hits and targets of a section."""
        found = self.section(name)
        return sum(result.verdict == "hit" for result in found), len(found)

    def broken_gates(self) -> list[str]:
        """Return the names of the targets that should be hit and are missed."""
        return [result.target.id for result in self.results if result.target.gate and result.verdict == "miss"]

    def failed_runs(self) -> list[str]:
        """Return the names of the targets whose run failed: no solution, or books that do not close."""
        return [result.target.id for result in self.results if result.note.startswith("failed")]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON: ``targets``, and ``sections`` with counts and skill."""
        sections: dict[str, Any] = {}
        for name in self.sections():
            hits, targets = self.counts(name)
            sections[name] = {"title": self.titles.get(name, name), "hits": hits, "targets": targets}
            if name in self.skills:
                sections[name]["skill"] = self.skills[name]
        return {
            "targets": [result.as_dict() for result in self.results],
            "sections": sections,
            "broken_gates": self.broken_gates(),
            "failed_runs": self.failed_runs(),
        }
