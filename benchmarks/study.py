"""What a study costs beside its points: sending, writing and keeping count, a point."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

COUNT = 2000
GOAL_S = 1e-3
"""Overhead that a point may cost [s]."""


def study_overhead(count: int = COUNT) -> dict[str, Any]:
    """Run points that need no simulation in this process; what is not spent on them is the study's."""
    from lisse.studies.cluster import Place
    from lisse.studies.query import query
    from lisse.studies.runner import run_study
    from lisse.studies.study_file import make_study

    study = make_study(
        {
            "name": "overhead",
            "evaluator": "cell",
            "design": {"kind": "sobol", "count": count},
            "vary": {"separator.thickness": {"range": "20 um..60 um"}},
        }
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "s"
        start = time.perf_counter()
        run_study(study, folder, Place(0))
        whole = time.perf_counter() - start
        own = float(query(folder, "select sum(seconds) from points").rows[0][0])
    each = (whole - own) / count
    return {
        "name": "overhead of a study, a point",
        "ratio": each / GOAL_S,
        "goal": 1.0,
        "holds": each <= GOAL_S,
        "own_s": each,
        "goal_s": GOAL_S,
    }
