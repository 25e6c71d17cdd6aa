"""What the tests of studies share: documents of small studies, evaluators that workers import, and real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

EVALUATORS = '''
"""Evaluators of the tests."""
import math
import os
import time

def quick(cell, protocol):
    return {"thickness_um": 1e6 * cell.derived.separator_thickness}

def slow(cell, protocol):
    time.sleep(0.1)
    return quick(cell, protocol)

def deadly(cell, protocol):
    if math.isclose(cell.spec.separator.thickness, 30e-6):
        os._exit(9)
    return quick(cell, protocol)

def wrong(cell, protocol):
    if math.isclose(cell.spec.separator.thickness, 30e-6):
        raise ZeroDivisionError("nothing to divide by")
    return {"broken": float("nan"), **quick(cell, protocol)}
'''


def document(**changes: Any) -> dict[str, Any]:
    """Return a factorial study of two fields, six points, that needs no run."""
    found: dict[str, Any] = {
        "name": "small",
        "evaluator": "cell",
        "design": {"kind": "factorial"},
        "vary": {
            "separator.thickness": {"values": ["20 um", "30 um", "40 um"]},
            "operation.stack_pressure": {"range": "5 MPa..10 MPa", "points": 2},
        },
    }
    return found | changes


def listed(count: int, **changes: Any) -> dict[str, Any]:
    """Return a study of a list of separators: 20, 21, 22 ... um."""
    points = [{"separator.thickness": f"{20 + number} um"} for number in range(count)]
    return {"name": "listed", "evaluator": "cell", "design": {"kind": "list"}, "points": points} | changes


def as_toml(found: dict[str, Any]) -> str:
    """Return a document as TOML; inline tables are enough here."""

    def value(item: Any) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f'"{key}" = {value(one)}' for key, one in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(value, item)) + "]"
        return f'"{item}"' if isinstance(item, str) else str(item).lower() if isinstance(item, bool) else str(item)

    return "".join(f"{key} = {value(item)}\n" for key, item in found.items())


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start ``lisse study`` with its output read later, in a session of its own, so that it can be stopped whole."""
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "lisse.cli", "study", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


def wait_for(condition: Any, seconds: float = 60) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def children(pid: int, word: str) -> list[int]:
    """Return the processes below one whose command line has a word (Linux)."""
    found, below = [], {pid}
    rows = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    parsed = [line.split(None, 2) for line in rows.splitlines()]
    for _ in range(5):
        below |= {int(row[0]) for row in parsed if int(row[1]) in below}
    found = [int(row[0]) for row in parsed if int(row[0]) in below and len(row) > 2 and word in row[2]]
    return [child for child in found if child != pid]
