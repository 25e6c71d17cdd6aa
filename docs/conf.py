"""Sphinx configuration: Markdown pages, tables made from the code, warnings are errors (make docs)."""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS / "_ext"), str(DOCS.parent / "src")]
os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

from lisse._version import __version__  # noqa: E402

project = "lisse"
author = "The lisse developers"
project_copyright = "2026, The lisse developers"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "lisse_tables",
    "native_math",
]
html_math_renderer = "native"  # Sphinx's default would load MathJax from the network
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
myst_update_mathjax = False
exclude_patterns = ["_build"]

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"lisse {release}"
html_static_path = ["_static"]
html_css_files = ["lisse.css"]
