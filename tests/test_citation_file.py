"""CITATION.cff says what the package says of itself."""

import datetime
import re
import tomllib
from pathlib import Path

import lisse

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def value(key):
    (found,) = re.findall(rf'^{key}: "?([^"\n]+)"?$', TEXT, re.M)
    return found


def test_version_licence_and_date():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert value("version") == lisse.__version__
    assert value("license") == project["license"]
    assert datetime.date.fromisoformat(value("date-released")).year >= 2026


def test_the_project_s_keywords_are_among_its_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    words = re.findall(r"^  - (.+)$", TEXT.split("keywords:\n")[1].split("\nreferences:")[0], re.M)
    assert set(project["keywords"]) <= set(words)


def test_what_it_rests_on_has_a_doi_and_no_article_of_its_own_is_invented():
    assert len(re.findall(r"^  - type: article$", TEXT, re.M)) == len(re.findall(r"^    doi: 10\.\d+/\S+$", TEXT, re.M))
    assert "preferred-citation" not in TEXT
