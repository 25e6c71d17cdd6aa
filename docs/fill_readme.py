"""Write the results of ``lisse validate --json`` into the README, between its validation markers.

Usage: python docs/fill_readme.py RESULTS.json README.md
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

START, END = "<!-- validation:start -->", "<!-- validation:end -->"


def deviation(target: dict[str, Any]) -> float | None:
    """Relative deviation of a target; None where there are no two numbers to compare."""
    published, simulated = target.get("published"), target.get("simulated")
    if not isinstance(published, int | float) or not isinstance(simulated, int | float) or published == 0:
        return None
    return abs(simulated / published - 1)


def table(targets: list[dict[str, Any]]) -> str:
    """Return a Markdown table with one line for each section and kind, in the order of the targets."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for target in targets:
        groups.setdefault((target["section"], target["kind"]), []).append(target)
    lines = ["| section | kind | within tolerance | median deviation |", "| --- | --- | --- | --- |"]
    for (section, kind), group in groups.items():
        hits = sum(target["verdict"] == "hit" for target in group)
        deviations = [d for target in group if (d := deviation(target)) is not None]
        middle = f"{median(deviations):.1%}" if deviations and kind != "ordering" else ""
        lines.append(f"| {section} | {kind} | {hits} of {len(group)} | {middle} |")
    missed = [target["id"] for target in targets if target["verdict"] != "hit"]
    if missed:
        lines += ["", f"Missed: {', '.join(missed)}."]
    return "\n".join(lines)


def fill(readme: str, targets: list[dict[str, Any]]) -> str:
    """Return the README with the table between its markers."""
    if START not in readme or END not in readme:
        raise SystemExit(f"the README lacks {START} or {END}")
    before, _, rest = readme.partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}\n{table(targets)}\n{END}{after}"


def main() -> None:
    """Read both files and write the second."""
    results, readme = Path(sys.argv[1]), Path(sys.argv[2])
    targets = json.loads(results.read_text(encoding="utf-8"))["targets"]
    readme.write_text(fill(readme.read_text(encoding="utf-8"), targets), encoding="utf-8")


if __name__ == "__main__":
    main()
