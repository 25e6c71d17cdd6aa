"""Every code block of the README and of the documentation runs: page by page, in order, in one namespace and directory.

A comment before a block changes what happens to it: ``<!-- not run: reason -->``, or ``<!-- file: path -->``, which
writes the block to a file. Leaves out: fences inside other fences, which the pages do not use.
"""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

_BLOCK = re.compile(
    r"(?:<!--\s*(?P<word>not run|file):\s*(?P<text>.*?)\s*-->\n)?^```(?P<language>[\w{}-]+)[^\n]*\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
RUNNABLE = ("python", "console", "bash")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    code: str
    skip: str = ""
    file: str = ""

    @property
    def place(self) -> str:
        """Page and line, as an editor understands them."""
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that are run or written to a file, and those that are marked as not run."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        word, language = match["word"], match["language"]
        if language in RUNNABLE or word == "file":
            line = text.count("\n", 0, match.start("code"))
            skip, file = (match["text"] if word == key else "" for key in ("not run", "file"))
            found.append(Block(page, line, language, match["code"], skip, file))
    return found


def commands(code: str) -> list[list[str]]:
    """Return the ``lisse`` and ``pip install -e`` commands of a console block, as argument lists."""
    found = []
    for line in code.replace("\\\n", " ").splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words[:1] == ["lisse"] or words[:3] == ["pip", "install", "-e"]:
            found.append(words)
    return found


class Runner:
    """Runs the blocks of one page."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self.monkeypatch = monkeypatch
        self.namespace: dict[str, Any] = {"__name__": "__docs__"}

    def run(self, block: Block) -> None:
        """Write the block to its file, or run it."""
        if block.file:
            path = self.directory / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.code, encoding="utf-8")
        elif block.language == "python":
            # Blank lines in front make the numbers of a traceback those of the page.
            exec(compile("\n" * block.line + block.code, str(block.page), "exec"), self.namespace)
        else:
            for words in commands(block.code):
                self.command(words, block)

    def command(self, words: list[str], block: Block) -> None:
        """Run one command line; it must succeed."""
        if words[0] == "pip":
            self.install(self.directory / words[-1])
            return
        from lisse.cli import main

        self.monkeypatch.setattr(sys, "argv", words)
        code: Any = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        assert code == 0, f"{block.place}: `{shlex.join(words)}` exits with {code}"

    def install(self, project: Path) -> None:
        """Make a project importable and its entry points known, which is what an editable install comes to."""
        about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        info = project / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
        info.mkdir()
        header = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
        (info / "METADATA").write_text(header, encoding="utf-8")
        lines = []
        for group, entries in about["entry-points"].items():
            lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.monkeypatch.syspath_prepend(project)


ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda page: page.name)
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(import_module("lisse.materials.library"), "_added", [])  # what a page adds is gone after it
    runner = Runner(tmp_path, monkeypatch)
    for block in blocks(page):
        if not block.skip:
            runner.run(block)


def test_readme_has_python_and_a_command() -> None:
    languages = [block.language for block in blocks(ROOT / "README.md") if not block.skip]
    assert languages.count("python") >= 1
    assert languages.count("console") >= 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_runnable_fence_is_found(page: Path) -> None:
    """A fence that the pattern overlooks would never run."""
    fences = re.findall(rf"^```(?:{'|'.join(RUNNABLE)})\b", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == sum(block.language in RUNNABLE for block in blocks(page))


def test_blocks_and_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "text\n\n<!-- not run: slow -->\n```console\n$ lisse validate\n```\n\n"
        "<!-- file: a/b.toml -->\n```toml\nx = 1\n```\n\n```python\ny = 2\n```\n\n```toml\nz = 3\n```\n",
        encoding="utf-8",
    )
    found = blocks(page)
    assert [(b.language, b.skip, b.file) for b in found] == [
        ("console", "slow", ""),
        ("toml", "", "a/b.toml"),
        ("python", "", ""),
    ]
    assert found[2].code == "y = 2\n"
    assert page.read_text(encoding="utf-8").splitlines()[found[2].line] == "y = 2"


def test_commands_of_a_console_block() -> None:
    code = "# a comment\n$ lisse run x \\\n    --set 'a.b=1 um'\noutput\n$ make run\n$ pip install -e other\n"
    assert commands(code) == [["lisse", "run", "x", "--set", "a.b=1 um"], ["pip", "install", "-e", "other"]]


def test_a_failing_block_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nassert 1 == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        Runner(tmp_path, monkeypatch).run(blocks(page)[0])
