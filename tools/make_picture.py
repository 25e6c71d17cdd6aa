"""Draw the picture of the README and the docs: the reference cell's run.

Usage: python tools/make_picture.py [docs/_static/reference.svg]
"""

from __future__ import annotations

import sys
from pathlib import Path

import lisse


def main() -> None:
    """Run the reference cell and write the figure."""
    default = Path(__file__).resolve().parents[1] / "docs" / "_static" / "reference.svg"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    lisse.run("reference").plot().savefig(target, metadata={"Date": None})
    print(target)


if __name__ == "__main__":
    main()
