"""Results as people read them: a table in the terminal and one in Markdown for the README.

Leaves out: the parity figure (``figure``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lisse.errors import InputError
from lisse.validation.results import Result, Results

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

START, END = "<!-- validation:start -->", "<!-- validation:end -->"
"""Lines of the README between which the table stands."""
WIDE = 130
"""Columns of a terminal from which on conditions, tolerance and kind are shown."""
GUESSES = {
    "simulation": "lisse",
    "best_constant": "best constant (chosen on these very cells)",
    "leave_one_out_regression": "regression on nickel, temperature, rate, anode (leave one out)",
    "leave_one_out_active_material_mean": "mean of the active material's other cells",
}
"""Rows of the skill block."""


def number_text(value: float | None) -> str:
    """Return a number with four significant digits, a dash for none.

    Examples
    --------
    >>> number_text(153.4), number_text(0.0003061), number_text(None), number_text(80.0)
    ('153.4', '0.0003061', '–', '80')
    """
    if value is None:
        return "–"
    if value and not 1e-4 <= abs(value) < 1e5:
        return f"{value:.3e}"
    return f"{float(f'{value:.4g}'):.10g}"


def show_results(results: Results, console: Console) -> None:
    """Print one table a section, and what the section's skill is worth; a wide terminal also gets the conditions."""
    for name in results.sections():
        console.print(_section_table(results, name, wide=console.width >= WIDE))
        for line in _assumed_lines(results.section(name)):
            console.print(line, markup=False)
        if name in results.skills:
            _show_skill(results.skills[name], console)
    hits = sum(result.verdict == "hit" for result in results.results)
    broken = results.broken_gates()
    console.print(f"{hits} of {len(results.results)} targets hit; gates broken: {', '.join(broken) or 'none'}")
    if failed := results.failed_runs():
        console.print(f"run failed, so that the number counts for little: {', '.join(failed)}")


def _section_table(results: Results, name: str, wide: bool) -> Table:
    from rich import box
    from rich.table import Table

    hits, targets = results.counts(name)
    title = f"{results.titles.get(name, name)}: {hits} of {targets} hit"
    table = Table(title=title, title_justify="left", box=box.SIMPLE, show_edge=False)
    table.add_column("target" if wide else "target, kind", overflow="fold")
    if wide:
        table.add_column("what", ratio=1)
    for column in ("published", "lisse", "deviation"):
        table.add_column(column, justify="right", no_wrap=True)
    for column in ("unit", "tolerance", "kind", "verdict") if wide else ("unit", "verdict"):
        folds = column in ("tolerance", "unit")
        table.add_column(column, no_wrap=not folds, overflow="fold", max_width=8 if folds and not wide else None)
    for result in results.section(name):
        target = result.target
        colour = "green" if result.verdict == "hit" else "red" if target.gate else "yellow"
        what = f"{target.description}; {target.conditions}" + (f" [dim]({result.said})[/]" if result.said else "")
        numbers = [number_text(value) for value in (target.published, result.simulated, _deviation(result))]
        verdict = f"[{colour}]{result.verdict}[/]"
        kind = target.kind + (" · gate" if target.gate else "")
        table.add_row(
            *([target.id, what] if wide else [f"{target.id}\n[dim]{kind}[/]"]),
            *numbers,
            *([target.unit, target.tolerance.text(target.unit), kind, verdict] if wide else [target.unit, verdict]),
        )
    return table


def _deviation(result: Result) -> float | None:
    """The deviation; zero where only the rounding of the computer is left."""
    found = result.deviation
    return 0.0 if found is not None and abs(found) <= 1e-12 * abs(result.target.published) else found


def _assumed_lines(results: Sequence[Result]) -> Iterator[str]:
    """Yield which fields the cells of a section assume, fields of the same cells on one line, the commonest first."""
    runs = [result for result in results if result.assumed]
    fields: dict[tuple[str, ...], list[str]] = {}
    for name in dict.fromkeys(name for result in runs for name in result.assumed):
        fields.setdefault(tuple(result.target.id for result in runs if name in result.assumed), []).append(name)
    for assuming, names in sorted(fields.items(), key=lambda item: -len(item[0])):
        others = [result.target.id for result in runs if result.target.id not in assuming]
        if not others:
            where = f"all {len(runs)} cells that are run" if len(runs) > 1 else assuming[0]
        elif len(others) < len(assuming):
            where = f"all but {', '.join(others)}"
        else:
            where = ", ".join(assuming)
        yield f"Assumed by {where}: {', '.join(names)}."


def _skill_rows(skill: dict[str, Any]) -> list[list[str]]:
    rows = []
    for key, label in GUESSES.items():
        found = skill[key]
        value = f", {number_text(found['value'])} {skill['unit']}" if "value" in found else ""
        keys = ("median_absolute_error", "largest_absolute_error", "mean_signed_error", "rank_correlation")
        texts = [f"{found[name]:.1f}" for name in keys[:3]]
        correlation = found[keys[3]]
        rows.append([label + value, *texts, "–" if correlation is None else f"{correlation:.2f}"])
    return rows


def _skill_text(skill: dict[str, Any]) -> str:
    goals = ", ".join(
        f"{name} error at most {goal['limit']:g}: {'holds' if goal['holds'] else 'does not hold'}"
        for name, goal in skill["goal"].items()
    )
    assumed = f"A cell file has {skill['median_assumed_fields']:g} assumed fields in the median."
    if skill["without_value"]:
        assumed += f" Counted as zero, since the run has no value: {', '.join(skill['without_value'])}."
    return f"Asked for beforehand: {goals}. {assumed}" if goals else assumed


SKILL_COLUMNS = ("", "median error", "largest error", "mean signed error", "rank correlation")


def _show_skill(skill: dict[str, Any], console: Console) -> None:
    from rich.table import Table

    table = Table(title=f"Skill over {skill['cells']} cells, in {skill['unit']}", title_justify="left")
    for column in SKILL_COLUMNS:
        table.add_column(column, justify="right" if column else "left")
    for row in _skill_rows(skill):
        table.add_row(*row)
    console.print(table)
    console.print(_skill_text(skill))


def markdown_table(results: Results) -> str:
    """Return the results for a README: a summary, the skill, and every target folded away a section."""
    # Predictions first and apart: a calibrated value and a transcription hit by construction.
    kinds = ("predicted", "ordering", "calibrated", "analytic")
    present = [kind for kind in kinds if any(result.target.kind == kind for result in results.results)]
    lines = ["| section, hits of targets | " + " | ".join(present) + " | missed |"]
    lines += ["|---|" + "---:|" * len(present) + "---|"]
    for name in results.sections():
        rows = results.section(name)
        missed = [result.target.id for result in rows if result.verdict == "miss"]
        shown = ", ".join(missed) if len(missed) <= 12 else f"{len(missed)}, see below"
        cells = []
        for kind in present:
            group = [result for result in rows if result.target.kind == kind]
            hits = sum(result.verdict == "hit" for result in group)
            cells.append(f"{hits} of {len(group)}" if group else "–")
        lines.append(f"| {results.titles.get(name, name)} | " + " | ".join(cells) + f" | {shown or 'none'} |")
    if failed := results.failed_runs():
        lines += ["", f"Run failed, so that the number counts for little: {', '.join(failed)}."]
    for name, skill in results.skills.items():
        lines += ["", f"{results.titles.get(name, name)}, {skill['cells']} cells, in {skill['unit']}:", ""]
        lines += ["| " + " | ".join(SKILL_COLUMNS) + " |", "|---|---:|---:|---:|---:|"]
        lines += ["| " + " | ".join(row) + " |" for row in _skill_rows(skill)]
        lines += ["", _skill_text(skill)]
    for name in results.sections():
        lines += ["", "<details>", f"<summary>{results.titles.get(name, name)}: all targets</summary>", ""]
        lines += ["| target | what | published | lisse | unit | tolerance | kind | verdict |"]
        lines += ["|---|---|---:|---:|---|---|---|---|"]
        lines += [_markdown_row(result) for result in results.section(name)]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _markdown_row(result: Result) -> str:
    target = result.target
    verdict = result.verdict if result.verdict == "hit" else "**miss**"
    cells = [
        target.id,
        f"{target.description}; {target.conditions}",
        number_text(target.published),
        number_text(result.simulated),
        target.unit,
        target.tolerance.text(target.unit),
        target.kind,
        verdict,
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def update_readme(path: str | Path, results: Results) -> None:
    """Replace what stands between the two validation comments of a Markdown file.

    Raises
    ------
    InputError
        If the file lacks one of the comments.
    """
    file = Path(path)
    text = file.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise InputError(f"{file.name}: there is no {START if not start else END} to put the table at.")
    file.write_text(f"{before}{START}\n{markdown_table(results)}{END}{after}", encoding="utf-8")
