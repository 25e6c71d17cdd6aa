"""Compute every published result and write the tables into the README.

Usage: python tools/update_readme.py [README.md]
"""

from __future__ import annotations

import sys
from pathlib import Path

from lisse.validation import update_readme, validate_all


def main() -> None:
    """Compute, then write; nothing is written if a computation fails."""
    readme = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "README.md"
    update_readme(readme, validate_all(progress=lambda done, total, text: print(f"{done}/{total} {text}")))


if __name__ == "__main__":
    main()
