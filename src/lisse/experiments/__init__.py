"""What is done to a cell: protocols as text or as files, and what they become in PyBaMM."""

from lisse.experiments.endings import StepEnd
from lisse.experiments.protocol import Protocol, protocol_library
from lisse.experiments.resolve import CellFacts, ResolvedProtocol
from lisse.experiments.resolved_steps import ResolvedCycle, ResolvedLimit, ResolvedStep
from lisse.experiments.steps import Cycle, Drive, Limit, Step

__all__ = [
    "CellFacts",
    "Cycle",
    "Drive",
    "Limit",
    "Protocol",
    "ResolvedCycle",
    "ResolvedLimit",
    "ResolvedProtocol",
    "ResolvedStep",
    "Step",
    "StepEnd",
    "protocol_library",
]
