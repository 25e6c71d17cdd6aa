"""Effective ionic and electronic conductivity of the composite: Bruggeman, measured table, percolation, tortuosity.

Leaves out: how particle sizes move the thresholds (``percolation_sizes``), and the dependence of the active material's
own conductivity on its lithium content.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lisse._math import conduction_factor as temperature_factor
from lisse._math import is_number, piecewise_linear
from lisse.errors import InputError

__all__ = [
    "binder_factor",
    "bruggeman",
    "carbon_network",
    "measured_electronic",
    "measured_ionic",
    "percolating",
    "percolating_electronic",
    "percolating_ionic",
    "temperature_factor",
    "tortuous",
]

# P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537, second-hand (Table S2): NMC622 (3 um) and
# Li6PS5Cl pressed at 380 MPa, 25 degC. Fractions of the electrode's volume, void included; conductivities in
# S/m.
MEASURED_ELECTROLYTE_FRACTION = (0.25, 0.33, 0.44, 0.53, 0.61)
MEASURED_IONIC = (3.06e-4, 3.45e-3, 1.66e-2, 2.66e-2, 4.08e-2)
MEASURED_ACTIVE_FRACTION = (0.25, 0.33, 0.42, 0.53, 0.61)
MEASURED_ELECTRONIC = (2.06e-3, 2.36e-2, 5.56e-2, 1.11e-1, 1.43e-1)
MEASURED_ELECTROLYTE_CONDUCTIVITY = 0.16
"""Conductivity of the electrolyte of the measured table [S/m]."""
MEASURED_ACTIVE_CONDUCTIVITY = 1.0
"""Conductivity of the active material of the measured table [S/m]."""

IONIC_THRESHOLD = 0.221
"""Percolation threshold of a coarse electrolyte [-]; 0.188 for the fine one of the same paper."""
IONIC_EXPONENT = 1.91
IONIC_MARGIN = 0.25 - 0.221
"""Distance above the threshold of the last point of the ionic fit [-]."""
ELECTRONIC_PREFACTOR = 0.38
"""Prefactor [S/m] of 3 um NMC622 without carbon; 14 to 25 times lower for NMC111."""
ELECTRONIC_THRESHOLD = 0.2345
ELECTRONIC_EXPONENT = 1.34
ELECTRONIC_MARGIN = 0.25 - 0.2345
"""Distance above the threshold of the last point of the electronic fit [-]."""
FLOOR = 1e-3
"""Share of the last point's conductivity that is left below the threshold [-]."""


def bruggeman(conductivity: Any, fraction: Any, exponent: Any = 1.5) -> Any:
    r"""Closure M0, for comparison only: 2 to 65 times too high in sulfide composites.

    .. math:: \kappa_{eff} = \kappa_0\,\varepsilon^{b}

    Parameters
    ----------
    conductivity
        :math:`\kappa_0` [S/m] of the phase.
    fraction
        :math:`\varepsilon` [-], its volume fraction, 0 to 1.
    exponent
        :math:`b` [-].

    Examples
    --------
    At 25 vol% of electrolyte it is 65 times the measured value:

    >>> round(bruggeman(0.16, 0.25) / 3.06e-4)
    65
    """
    return conductivity * fraction**exponent


def measured_ionic(conductivity: Any, electrolyte_fraction: Any) -> Any:
    r"""Closure M1, ionic: measured table, log-interpolated, scaled by the electrolyte's own conductivity.

    .. math:: \kappa_{eff} = \frac{\kappa_0}{0.16\,\mathrm{S/m}}\,\kappa_{table}(\varepsilon_{SE})

    Parameters
    ----------
    conductivity
        :math:`\kappa_0` [S/m] of the pressed electrolyte.
    electrolyte_fraction
        :math:`\varepsilon_{SE}` [-] of the electrode's volume, 0.25 to 0.61. A PyBaMM symbol cannot be
        checked before it has a value: outside the range it gets the value at the end.

    Raises
    ------
    InputError
        If a number lies outside the range of the table.

    References
    ----------
    P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537; values second-hand.

    Examples
    --------
    44 vol% of an electrolyte of 1.6 mS/cm conducts 0.166 mS/cm:

    >>> round(float(measured_ionic(0.16, 0.44)) * 10, 3)
    0.166
    """
    _require_inside("electrolyte_fraction", electrolyte_fraction, MEASURED_ELECTROLYTE_FRACTION)
    logarithm = piecewise_linear(
        electrolyte_fraction, MEASURED_ELECTROLYTE_FRACTION, [float(np.log(k)) for k in MEASURED_IONIC]
    )
    return conductivity / MEASURED_ELECTROLYTE_CONDUCTIVITY * np.exp(logarithm)


def measured_electronic(active_fraction: Any, conductivity: Any = MEASURED_ACTIVE_CONDUCTIVITY) -> Any:
    r"""Closure M1, electronic: measured table of a composite without carbon, log-interpolated.

    .. math:: \sigma_{eff} = \frac{\sigma_0}{1\,\mathrm{S/m}}\,\sigma_{table}(\varepsilon_{AM})

    Parameters
    ----------
    active_fraction
        :math:`\varepsilon_{AM}` [-] of the electrode's volume, 0.25 to 0.61 (a symbol: see
        :func:`measured_ionic`).
    conductivity
        :math:`\sigma_0` [S/m] of the active material.

    Raises
    ------
    InputError
        If a number lies outside the range of the table.

    References
    ----------
    P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537; values second-hand.

    Examples
    --------
    42 vol% of NMC622 conducts 0.556 mS/cm:

    >>> round(float(measured_electronic(0.42)) * 10, 3)
    0.556
    """
    _require_inside("active_fraction", active_fraction, MEASURED_ACTIVE_FRACTION)
    logarithm = piecewise_linear(
        active_fraction, MEASURED_ACTIVE_FRACTION, [float(np.log(s)) for s in MEASURED_ELECTRONIC]
    )
    return conductivity / MEASURED_ACTIVE_CONDUCTIVITY * np.exp(logarithm)


def tortuous(conductivity: Any, fraction: Any, factor: Any) -> Any:
    r"""Conductivity of a phase in the composite from its measured tortuosity factor.

    .. math:: \kappa_{eff} = \frac{\varepsilon\,\kappa_0}{\tau^2}

    Parameters
    ----------
    conductivity
        :math:`\kappa_0` [S/m] of the phase.
    fraction
        :math:`\varepsilon` [-], its volume fraction, 0 to 1.
    factor
        :math:`\tau^2` [-], at least 1; also written :math:`\tau`, as here by Kaiser and by Hlushkou.

    Examples
    --------
    44 vol% of an electrolyte of 1.6 mS/cm with a factor of 4.27 conducts the measured 0.166 mS/cm (P. Minnmann et al.,
    J. Electrochem. Soc. 168 (2021) 040537):

    >>> round(tortuous(0.16, 0.44, 4.27) * 10, 3)
    0.165
    """
    return conductivity * fraction / factor


def _require_inside(field: str, value: Any, knots: tuple[float, ...]) -> None:
    """Refuse a number outside the measured compositions; let a symbol pass."""
    if not is_number(value):
        return
    lowest, highest = float(np.min(value)), float(np.max(value))
    if lowest < knots[0] - 1e-12 or highest > knots[-1] + 1e-12:
        outside = lowest if lowest < knots[0] else highest
        raise InputError(
            f"{field}: {outside:.3g} lies outside the measured table, which covers {knots[0]} to "
            f"{knots[-1]}; use another closure such as percolation there."
        )


def percolating(conductivity: Any, fraction: Any, threshold: Any, exponent: Any, margin: Any) -> Any:
    r"""Closure M2: percolation of one phase, with a floor below the threshold.

    .. math:: \kappa_{eff} = \kappa_0 \max\left(\frac{\varepsilon-\varepsilon_c}{1-\varepsilon_c},\;
              \frac{\Delta}{1-\varepsilon_c}\,10^{-3/t}\right)^{t}

    The floor is a thousandth of the conductivity at the last point, :math:`\varepsilon_c + \Delta`: the
    composition nearest to the threshold that was measured. It keeps the equations regular; a cell that rests
    on it does not conduct, and should be flagged.

    Parameters
    ----------
    conductivity
        :math:`\kappa_0` [S/m] of the phase (at a volume fraction of one).
    fraction
        :math:`\varepsilon` [-], its volume fraction, 0 to 1.
    threshold
        :math:`\varepsilon_c` [-], below 1.
    exponent
        :math:`t` [-], about 2.
    margin
        :math:`\Delta` [-], distance above the threshold of the last point of the fit.

    Examples
    --------
    A fine electrolyte has its threshold at 0.188; 25 vol% of it then conducts the measured 0.0117 mS/cm
    (P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537):

    >>> round(float(percolating(0.16, 0.25, 0.188, 1.91, 0.029)) * 10, 4)
    0.0118
    """
    reduced = (fraction - threshold) / (1 - threshold)
    last = margin / (1 - threshold)
    return conductivity * np.maximum(reduced, last * FLOOR ** (1 / exponent)) ** exponent


def percolating_ionic(
    conductivity: Any,
    electrolyte_fraction: Any,
    threshold: Any = IONIC_THRESHOLD,
    exponent: Any = IONIC_EXPONENT,
) -> Any:
    r"""Closure M2, ionic (default outside the measured compositions): see :func:`percolating`.

    Parameters
    ----------
    conductivity
        :math:`\kappa_0` [S/m] of the pressed electrolyte.
    electrolyte_fraction
        :math:`\varepsilon_{SE}` [-] of the electrode's volume; fitted from 0.25 to 0.61. Uncertainty: a
        factor 2 at 60 to 80 % of active material by weight, a factor 5 elsewhere.
    threshold, exponent
        :math:`\varepsilon_c`, :math:`t` [-]; the exponent is the universal 2.0 within its error.

    References
    ----------
    Own fit to P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537 (rms 9 %).

    Examples
    --------
    Measured: 0.408 mS/cm at 61 vol%:

    >>> round(float(percolating_ionic(0.16, 0.61)) * 10, 2)
    0.42
    """
    return percolating(conductivity, electrolyte_fraction, threshold, exponent, IONIC_MARGIN)


def percolating_electronic(
    active_fraction: Any,
    conductivity: Any = ELECTRONIC_PREFACTOR,
    threshold: Any = ELECTRONIC_THRESHOLD,
    exponent: Any = ELECTRONIC_EXPONENT,
) -> Any:
    r"""Closure M2, electronic, without carbon: see :func:`percolating`.

    Parameters
    ----------
    active_fraction
        :math:`\varepsilon_{AM}` [-] of the electrode's volume; fitted from 0.25 to 0.61.
    conductivity
        Prefactor [S/m]; the default is for 3 um NMC622.
    threshold, exponent
        :math:`\varepsilon_c`, :math:`t` [-].

    References
    ----------
    Own fit to P. Minnmann et al., J. Electrochem. Soc. 168 (2021) 040537 (rms 3 %).

    Examples
    --------
    Measured: 1.43 mS/cm at 61 vol%:

    >>> round(float(percolating_electronic(0.61)) * 10, 2)
    1.46
    """
    return percolating(conductivity, active_fraction, threshold, exponent, ELECTRONIC_MARGIN)


def carbon_network(conductivity: Any, carbon_fraction: Any, threshold: Any, exponent: Any) -> Any:
    r"""Electronic conductivity [S/m] that a carbon network adds to that of the active material.

    .. math:: \sigma_C = \sigma_{C0}\,\max(\varepsilon_C - \varepsilon_{C,c},\,0)^{t}

    Parameters
    ----------
    conductivity
        :math:`\sigma_{C0}` [S/m].
    carbon_fraction
        :math:`\varepsilon_C` [-] of the electrode's volume.
    threshold
        :math:`\varepsilon_{C,c}` [-], 0.01 to 0.03 for vapour-grown fibres (from memory).
    exponent
        :math:`t` [-], above 1.

    Examples
    --------
    Below its threshold carbon adds nothing:

    >>> float(carbon_network(1e3, 0.01, 0.02, 2.0))
    0.0
    """
    return conductivity * np.maximum(carbon_fraction - threshold, 0.0) ** exponent


def binder_factor(mass_fraction: Any, sensitivity: Any = 0.47) -> Any:
    r"""Factor on the ionic conductivity of the composite from a binder that sits between electrolyte grains.

    .. math:: f_B = \exp(-\beta_B\,100\,w_B)

    Parameters
    ----------
    mass_fraction
        :math:`w_B` [-] (0.01 is 1 wt%), 0 to about 0.03.
    sensitivity
        :math:`\beta_B` [per wt%]; 0.47 +- 0.02 for nitrile rubber.

    References
    ----------
    Derived from the tortuosities 4.2, 6.4 and 10 at 0, 0.9 and 1.8 wt% of Bielefeld et al. 2020
    (second-hand).

    Examples
    --------
    >>> [round(float(4.2 / binder_factor(w)), 1) for w in (0.0, 0.009, 0.018)]
    [4.2, 6.4, 9.8]
    """
    return np.exp(-sensitivity * 100 * mass_fraction)
