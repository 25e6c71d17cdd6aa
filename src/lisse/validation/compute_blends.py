"""Computations of the targets on blends of active materials.

Units are those of the targets (wt%, V). Leaves out: everything that needs a run of a cell.
"""

from __future__ import annotations

import numpy as np

from lisse.cathode.blend import blend
from lisse.validation.computations import computation

SCAN = 1e-3
"""Distance of the potentials that are looked through [V]."""


@computation
def zero_strain_share(first: str, second: str, voltage: float) -> float:
    """Share of the first of two materials at which their blend keeps its volume at a potential [wt%]."""
    found = blend([first, second], [voltage]).zero_fraction
    assert found is not None
    return 100 * float(found[0])


@computation
def highest_zero_strain_voltage(first: str, second: str, lowest: float, highest: float) -> float:
    """Highest potential in a range at which any blend of two materials keeps its volume [V]."""
    voltages = np.arange(lowest, highest + SCAN / 2, SCAN)
    found = blend([first, second], voltages).zero_fraction
    assert found is not None
    return float(voltages[np.isfinite(found)].max())


@computation
def blend_amplitude(first: str, second: str, first_wt_percent: float, voltage: float, over: str) -> float:
    """Pressure amplitude of a blend over that of one of its materials, charged to a potential [-]."""
    found = blend([first, second], [voltage])
    ratio = first_wt_percent / 100, 1 - first_wt_percent / 100
    return found.amplitude_over_single(ratio)[found.names.index(over)]
