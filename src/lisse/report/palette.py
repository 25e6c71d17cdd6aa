"""Colours of the report: one per origin of overpotential, the same in every panel and in the drawing of the cell.

The hues follow Okabe and Ito's colour-blind-safe set, shifted so that each keeps its contrast on both pages.
"""

from __future__ import annotations

from lisse.report.svg import Colour

# Stacking order of the overpotential panels: from the contacts through the cell to the inside of the particles.
ORIGINS: dict[str, tuple[str, Colour]] = {
    "contacts": ("contacts", Colour("#b0578f", "#d98cba")),
    "anode": ("anode", Colour("#00855f", "#2fbf95")),
    "separator": ("separator", Colour("#0b62a4", "#4a9ade")),
    "cathode_ionic": ("cathode, ionic", Colour("#56b4e9", "#9bd8fb")),
    "cathode_electronic": ("cathode, electronic", Colour("#6f7782", "#a3abb6")),
    "cathode_kinetics": ("cathode, kinetics", Colour("#c94f0a", "#f0793a")),
    "cathode_diffusion": ("cathode, diffusion", Colour("#dd9400", "#f6c04d")),
}

CHARGE = Colour("#7a4fb0", "#b693e6")
DISCHARGE = Colour("#0b62a4", "#5aa9ea")
NEUTRAL = Colour("#4a5561", "#b4bdc8")
WARM = Colour("#c94f0a", "#f0793a")

SITUATIONS: dict[str, tuple[str, Colour]] = {
    "coated_in_contact_fraction": ("coated, in contact", Colour("#00855f", "#2fbf95")),
    "decomposing_fraction": ("bare, decomposing", Colour("#dd9400", "#f6c04d")),
    "detached_fraction": ("detached", Colour("#6f7782", "#a3abb6")),
}
"""The three situations of a particle (W. Zhang et al. 2018), by the key of a cycle."""

TERMS: dict[str, tuple[str, Colour]] = {
    "kinetic": ("slow diffusion", ORIGINS["cathode_diffusion"][1]),
    "isolation": ("lost contact", WARM),
    "oxidation": ("oxidation", Colour("#b0578f", "#d98cba")),
    "polarisation": ("polarisation", ORIGINS["separator"][1]),
    "anode": ("anode", ORIGINS["anode"][1]),
}
"""Terms of the first-cycle loss, by the name that ``lisse.first_cycle`` gives them."""

# Viridis (van der Walt and Smith) at nine equal steps: ordered in lightness, readable without colour vision.
_VIRIDIS = ("440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725")


def _viridis(part: float) -> str:
    """Return the colour at ``part`` in 0 to 1."""
    at = min(max(part, 0.0), 1.0) * (len(_VIRIDIS) - 1)
    k = min(int(at), len(_VIRIDIS) - 2)
    first, second = _VIRIDIS[k], _VIRIDIS[k + 1]
    mix = [round(int(first[i : i + 2], 16) * (1 - at + k) + int(second[i : i + 2], 16) * (at - k)) for i in (0, 2, 4)]
    return "#" + "".join(f"{v:02x}" for v in mix)


def cycle_colour(position: int, count: int) -> Colour:
    """Return the colour of the curve at ``position`` (0-based) among ``count``; early is dark, late is bright."""
    part = position / (count - 1) if count > 1 else 0.35
    return Colour(_viridis(0.05 + 0.66 * part), _viridis(0.32 + 0.66 * part))
