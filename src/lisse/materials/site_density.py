"""Whether the claims of an active material on mass, density and capacity fit together: crystallography, not fits.

Parameter sets of liquid cells carry a largest concentration that was fitted; volume changes need the true one, density
over molar mass. Leaves out: materials whose formula unit holds more than one lithium; count those per lithium.
"""

from __future__ import annotations

from collections.abc import Iterable

from lisse.errors import InputError
from lisse.materials.quantities import FARADAY
from lisse.materials.schema import Claim

CAPACITY_TOLERANCE = 0.01
"""How far a claim on the theoretical capacity may lie from Faraday's law [-]."""
SITES = (1.0e4, 5.6e4)
"""Lithium sites of any active material [mol/m^3]; LiCoO2, the densest layered oxide of lithium, has 5.16e4."""
LAYERED_CAPACITY = (250.0, 300.0)
"""Theoretical capacity that makes a material a layered oxide of lithium and a 3d metal [mA h/g]."""
LAYERED_SITES = (4.4e4, 5.6e4)
"""Lithium sites of those [mol/m^3]; the eight in the library have 4.80e4 to 5.16e4."""


def check_sites(kind: str, claims: Iterable[Claim], file: str) -> None:
    """Hold density, molar mass and capacities of an active material against each other; other kinds pass.

    The default claims count. Nothing is checked that is not claimed, nor a density or molar mass marked as suspect.

    Parameters
    ----------
    kind
        Kind of the material.
    claims
        All of its claims.
    file
        Name used in the message.

    Raises
    ------
    InputError
        In one sentence, if the theoretical capacity is not that of one lithium per molar mass, if the practical
        capacity is larger, or if density over molar mass is no density of lithium sites.
    """
    if kind != "active_material":
        return
    held = {claim.property: claim for claim in claims if claim.default and isinstance(claim.value, float)}
    mass = held.get("molar_mass")
    if mass is None or mass.suspect:
        return
    assert isinstance(mass.value, float)
    limit = FARADAY / mass.value
    _check_capacities(held, limit, f"{mass.value * 1e3:g} g/mol", file)
    density = held.get("density")
    if density is None or density.suspect:
        return
    assert isinstance(density.value, float)
    sites = density.value / mass.value
    layered = LAYERED_CAPACITY[0] <= limit / 3600 <= LAYERED_CAPACITY[1]
    low, high = LAYERED_SITES if layered else SITES
    if not low <= sites <= high:
        what = "a layered oxide" if layered else "an active material"
        raise InputError(
            f"{file}: density over molar mass is {sites:.0f} mol/m^3 of lithium sites, but {what} has {low:.0f} to "
            f"{high:.0f}; correct one of them (a fitted concentration is neither), or mark the density suspect."
        )


def _check_capacities(held: dict[str, Claim], limit: float, mass: str, file: str) -> None:
    """Compare the claims on capacity with Faraday's law [A s/kg]."""
    law = f"{limit / 3600:.1f} mA*h/g, one lithium per {mass}"
    for name in ("theoretical_capacity", "practical_capacity"):
        claim = held.get(name)
        if claim is None or claim.suspect:
            continue
        assert isinstance(claim.value, float)
        apart = claim.value / limit - 1
        if name == "theoretical_capacity" and abs(apart) > CAPACITY_TOLERANCE:
            raise InputError(
                f"{file}: theoretical_capacity is {claim.value / 3600:.1f} mA*h/g, {100 * apart:+.1f} % from {law}; at "
                f"most {100 * CAPACITY_TOLERANCE:g} % is accepted."
            )
        if name == "practical_capacity" and apart > CAPACITY_TOLERANCE:
            raise InputError(
                f"{file}: practical_capacity is {claim.value / 3600:.1f} mA*h/g, more than the {law}; give less, or "
                "count the formula unit per lithium."
            )
