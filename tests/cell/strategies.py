"""Hypothesis strategies for cell files: valid ones that a lab could press, and broken ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ELECTROLYTES = ("Li6PS5Cl", "Li3PS4", "Li10GeP2S12", "Li6PS5Br")
ACTIVES = ("NMC811", "NMC622", "NMC532", "NMC111", "NCA", "LiCoO2")
# Highest upper limit against lithium [V] that stays inside every curve's range.
HIGHEST = 4.2


def amounts(low: float, high: float, unit: str, digits: int = 4) -> st.SearchStrategy[str]:
    """Text such as ``"12.5 mg"`` with a number between two limits."""
    return st.floats(low, high, allow_nan=False).map(lambda number: f"{number:.{digits}g} {unit}")


@st.composite
def valid_cells(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of random cells that :meth:`lisse.cell.cell.Cell.from_dict` accepts."""
    anode = draw(st.sampled_from(("Li", "Li-In")))
    geometry = draw(
        st.one_of(
            amounts(0.2, 50, "cm^2").map(lambda a: {"area": a}),
            amounts(6, 20, "mm").map(lambda d: {"die_diameter": d}),
        )
    )
    electrolyte = draw(st.sampled_from(ELECTROLYTES))
    cathode = _cathode(draw, electrolyte)
    operation: dict[str, Any] = {
        "temperature": draw(amounts(-10, 80, "degC", 3)),
        "stack_pressure": draw(amounts(0.5, 100, "MPa")),
        "fabrication_pressure": draw(amounts(100, 500, "MPa")),
    }
    lower, upper = draw(st.floats(2.0, 3.0)), draw(st.floats(3.9, HIGHEST))
    if draw(st.booleans()):
        operation |= {"voltage_window": [f"{lower:.3f} V", f"{upper:.3f} V"], "reference": "Li"}
    else:
        window = [f"{lower - 0.62:.3f} V", f"{upper - 0.63:.3f} V"]
        operation |= {"voltage_window": window, "reference": "Li-In"}
    capacity = draw(st.one_of(st.none(), amounts(120, 220, "mA*h/g")))
    if capacity is not None:
        operation["nominal_capacity"] = capacity
    document: dict[str, Any] = {
        "name": "random",
        "description": "a random cell",
        "geometry": geometry,
        "anode": {"material": anode, "thickness": draw(amounts(10, 200, "um"))},
        "separator": {
            "material": draw(st.sampled_from(ELECTROLYTES)),
            "thickness": draw(amounts(15, 800, "um")),
            "relative_density": draw(st.floats(0.7, 1.0)),
        },
        "cathode": cathode,
        "operation": operation,
    }
    if draw(st.booleans()):
        document["contacts"] = {"series_resistance": draw(amounts(0, 60, "ohm*cm^2"))}
    return document


def _cathode(draw: st.DrawFn, electrolyte: str) -> dict[str, Any]:
    active = draw(st.floats(0.5, 0.85))
    carbon = draw(st.sampled_from((0.0, 0.02)))
    fractions = {"active": active, "electrolyte": 1 - active - carbon}
    cathode: dict[str, Any] = {
        "active": draw(st.sampled_from(ACTIVES)),
        "electrolyte": electrolyte,
        "mass_fractions": fractions,
        "porosity": draw(st.floats(0.0, 0.25)),
        "connected_fraction": draw(st.floats(0.6, 1.0)),
        "wetted_fraction": draw(st.floats(0.2, 1.0)),
        "morphology": draw(st.sampled_from(("polycrystal", "single-crystal", "radial"))),
    }
    if carbon:
        cathode["carbon"], fractions["carbon"] = "VGCF", carbon
    cathode |= draw(
        st.one_of(
            amounts(1, 25, "mg/cm^2").map(lambda m: {"loading": m}),
            amounts(10, 120, "um").map(lambda length: {"thickness": length}),
        )
    )
    cathode |= draw(
        st.one_of(
            st.just({}),
            amounts(2, 14, "um").map(lambda d: {"particle_diameter": d}),
            amounts(1, 7, "um").map(lambda r: {"particle_radius": r}),
            st.just({"distribution": {"d10": "3 um", "d50": "5 um", "d90": "9 um"}}),
            st.just({"distribution": {"diameters": ["3 um", "9 um"], "volume_fractions": [0.3, 0.7]}}),
        )
    )
    if draw(st.booleans()):
        cathode["coating"] = {"material": "LiNbO3", "thickness": draw(amounts(1, 15, "nm"))}
    return cathode


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["30 um", "5 MPa", "-3 mg", "1e400 m", "nan V", "9^9^9^9 m", "Li", "Li6PS5Cl", "1 +- 2 m"]),
)
"""Values that may stand, rightly or wrongly, in a field."""

documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
"""Nested tables, lists and values like those that TOML can hold."""
