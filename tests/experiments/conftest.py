from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

_SPEC = importlib.util.spec_from_file_location("peer_parameters", Path(__file__).with_name("peer_parameters.py"))


@pytest.fixture(scope="session")
def peer() -> Any:
    """The module of the cheap cell (tests are no package, so it is loaded by its place)."""
    import sys

    module = importlib.util.module_from_spec(_SPEC)
    sys.modules["peer_parameters"] = module  # dataclasses look their module up
    _SPEC.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def run(peer: Any) -> Callable[..., Any]:
    """Run a protocol on the cheap cell (``other`` facts on request); returns resolved protocol and solution."""
    import pybamm

    from lisse.cell.model import SolidStateCell
    from lisse.experiments import Protocol

    values = peer.peer_parameters()
    facts = peer.facts_of(values)

    def go(protocol: Any, mode: str = "legacy", period_s: float | None = None, **other: float) -> tuple[Any, Any]:
        source = protocol if isinstance(protocol, Protocol) else Protocol.load(protocol)
        resolved = source.resolve(replace(facts, **other))
        simulation = pybamm.Simulation(
            SolidStateCell(),
            parameter_values=values.copy(),
            experiment=resolved.experiment(period_s),
            var_pts={"x_p": 5, "r_p": 8},
            experiment_model_mode=mode,
        )
        return resolved, simulation.solve()

    return go
