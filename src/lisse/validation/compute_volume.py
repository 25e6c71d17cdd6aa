"""Computations of the targets on the volume of active materials and the pressure of a press frame.

Units are those of the targets (%, V, MPa, um). Leaves out: everything that needs a run of a cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse.cathode import volume_change
from lisse.cathode.composition import theoretical_capacity
from lisse.cell.parameter_sets import HEIGHT_FRACTION
from lisse.materials import Material
from lisse.validation.computations import computation, content_at, covered, curve, number

MAH_CM2 = 36000.0
"""One mAh/cm2 in C/m2."""
MG_CM2 = 0.01
"""One mg/cm2 in kg/m2."""


def _strain(active: str, content: float) -> float:
    """Return the free volume strain [-], refusing a content below the table."""
    return float(volume_change.lattice_strain(Material.load(active), content).volume[0])


@computation
def volume_strain_at(active: str, content: float) -> float:
    """Free volume strain at a lithium content, against the discharged state [%]."""
    return 100 * _strain(active, content)


@computation
def volume_knots(active: str, knots: list[list[float]]) -> float:
    """Largest distance of the volume strain from printed knots ``[content, percent]`` [%]."""
    return max(abs(volume_strain_at(active, content) - percent) for content, percent in knots)


@computation
def late_volume_share(active: str, voltage: float, capacity_share: float) -> float:
    """Share of the shrinkage up to a voltage that falls in the last part of the capacity [%]."""
    start, end = number(active, "pristine_lithium_content"), content_at(active, voltage)
    late = end + capacity_share * (start - end)
    return 100 * (_strain(active, late) - _strain(active, end)) / (_strain(active, start) - _strain(active, end))


@computation
def longest_c_axis_voltage(active: str, claim: str | None = None) -> float:
    """Open-circuit voltage at which the c axis is longest [V]."""
    low, high = covered(curve(active, "c_axis_strain"))
    content = np.linspace(low, high, 4001)
    strain = volume_change.lattice_strain(Material.load(active), content).c_axis
    assert strain is not None
    return float(curve(active, "open_circuit_voltage", claim)(content[int(np.argmax(strain))]))


def _frame(
    actives: list[dict[str, Any]],
    anode_cm3_mol: float,
    stiffness_MPa_um: float,
    charge_mAh_cm2: float | None = None,
) -> volume_change.PressureChange:
    """Return the change of pressure on charge.

    Each active material has ``material``, ``loading_mg_cm2``, ``start`` and ``end`` (lithium contents); its share of
    the charge follows from them unless the whole charge is given.
    """
    charge, growth = 0.0, 0.0
    for part in actives:
        name, loading = part["material"], part["loading_mg_cm2"] * MG_CM2
        charge += loading * float(theoretical_capacity(number(name, "molar_mass"))) * (part["start"] - part["end"])
        change = _strain(name, part["end"]) - _strain(name, part["start"])
        growth += float(volume_change.cathode_growth(loading, number(name, "density"), change, HEIGHT_FRACTION))
    if charge_mAh_cm2 is not None:
        charge = charge_mAh_cm2 * MAH_CM2
    anode = float(volume_change.anode_growth(charge, anode_cm3_mol * 1e-6))
    return volume_change.pressure_change(stiffness_MPa_um * 1e12, anode, growth)


@computation
def frame_pressure(
    actives: list[dict[str, Any]],
    anode_cm3_mol: float,
    stiffness_MPa_um: float,
    charge_mAh_cm2: float | None = None,
) -> float:
    """Change of the pressure of a press frame on charge [MPa]; arguments as in :func:`_frame`."""
    return _frame(actives, anode_cm3_mol, stiffness_MPa_um, charge_mAh_cm2).total / 1e6


@computation
def frame_slope(
    actives: list[dict[str, Any]], anode_cm3_mol: float, stiffness_MPa_um: float, charge_mAh_cm2: float
) -> float:
    """Change of the pressure per areal charge [MPa cm2/mAh]."""
    return frame_pressure(actives, anode_cm3_mol, stiffness_MPa_um, charge_mAh_cm2) / charge_mAh_cm2


@computation
def frame_anode_share(
    actives: list[dict[str, Any]],
    anode_cm3_mol: float,
    stiffness_MPa_um: float,
    charge_mAh_cm2: float | None = None,
) -> float:
    """Share of the anode in the change of the pressure [%]."""
    return 100 * _frame(actives, anode_cm3_mol, stiffness_MPa_um, charge_mAh_cm2).anode_share


@computation
def rigid_over_frame(modulus_GPa: float, thickness_um: float, stiffness_MPa_um: float) -> float:
    """Pressure of a cell whose thickness is held over that in a frame, for equal growth [-].

    A cell of one modulus answers a growth h with the strain h over its thickness, a frame with its stiffness times h.
    """
    rigid = float(volume_change.rigid_pressure(1e-6 / (thickness_um * 1e-6), modulus_GPa * 1e9))
    return rigid / (stiffness_MPa_um * 1e6)
