from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from .study_help import EVALUATORS

_NUMBER = itertools.count()


@pytest.fixture
def own_evaluators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a module with evaluators that this process and its workers can import; return its name."""
    name = f"evaluators_of_tests_{next(_NUMBER)}"
    (tmp_path / f"{name}.py").write_text(EVALUATORS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return name
