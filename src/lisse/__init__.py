"""lisse: design, build and diagnose all-solid-state lithium-metal cells with sulfide electrolytes.

>>> import lisse
>>> cell = lisse.Cell.load("reference")
>>> run = lisse.run(cell, "1 cycle at C/10", temperature="25 degC")
>>> run.summary["status"]
'completed'
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lisse._version import __version__
from lisse.errors import InputError, LisseError

# Nothing here talks to the network: PyBaMM's telemetry is switched off before it can be imported.
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"

if TYPE_CHECKING:
    from lisse.cell.cell import Cell
    from lisse.cell.eis import impedance
    from lisse.cell.model import SolidStateCell
    from lisse.cell.options import Options
    from lisse.experiments import Protocol
    from lisse.materials import Material
    from lisse.simulate import Run, run

_HOMES = {
    "Cell": "lisse.cell.cell",
    "Material": "lisse.materials",
    "Options": "lisse.cell.options",
    "Protocol": "lisse.experiments",
    "Run": "lisse.simulate",
    "SolidStateCell": "lisse.cell.model",
    "impedance": "lisse.cell.eis",
    "run": "lisse.simulate",
}
"""Where each public name lives; imported on first use, so that ``import lisse`` stays light."""

__all__ = [
    "Cell",
    "InputError",
    "LisseError",
    "Material",
    "Options",
    "Protocol",
    "Run",
    "SolidStateCell",
    "__version__",
    "impedance",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lisse' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
