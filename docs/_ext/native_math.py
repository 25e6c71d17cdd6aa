"""Equations of the documentation as MathML, which browsers draw themselves: a built page loads nothing.

The conversion is docutils' own, so it needs no further package. Leaves out: numbers of equations.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import escape, unescape
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

_log = logging.getLogger(__name__)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)\w+;")
"""Entities that HTML knows by name and XML does not, such as the invisible one between a function and its argument."""
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ET.register_namespace("", NAMESPACE)


def _with_subscripts_aside(markup: str) -> str:
    r"""Put the subscript of an accented letter (``\bar V_a``) beside it: docutils puts it underneath."""
    root = ET.fromstring(_NAMED.sub(lambda entity: unescape(entity[0]), markup))
    for node in root.iter(f"{{{NAMESPACE}}}munderover"):
        base, below, accent = node
        if base.tag.endswith("}mo"):
            continue  # the limits of a sum
        node.tag = f"{{{NAMESPACE}}}msub"
        letter = ET.Element(f"{{{NAMESPACE}}}mover", accent="true")
        letter.extend([base, accent])
        node[:] = [letter, below]
    return ET.tostring(root, encoding="unicode")


def mathml(text: str, *, block: bool, location: nodes.Element | None = None) -> str:
    """Return LaTeX as MathML; what cannot be converted is a warning, and stands as it was written."""
    try:
        return _with_subscripts_aside(tex2mathml(text, as_block=block))
    except MathError as error:
        _log.warning("no MathML for %r: %s", text, error, location=location)
        return f"<code>{escape(text)}</code>"


def visit_inline(self: Any, node: nodes.Element) -> None:
    """Write an equation inside a line."""
    self.body.append(mathml(node.astext(), block=False, location=node))
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.Element) -> None:
    """Write an equation on a line of its own."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(mathml(node.astext(), block=True, location=node))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer("native", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
