"""Published results against which lisse is held: ``validate_all`` computes them, ``show_results`` prints them."""

from lisse.validation.results import Result, Results
from lisse.validation.runner import validate, validate_all
from lisse.validation.show import markdown_table, show_results, update_readme
from lisse.validation.targets import SECTIONS, Section, Target, Tolerance, load_section, read_section

__all__ = [
    "SECTIONS",
    "Result",
    "Results",
    "Section",
    "Target",
    "Tolerance",
    "load_section",
    "markdown_table",
    "read_section",
    "show_results",
    "update_readme",
    "validate",
    "validate_all",
]
