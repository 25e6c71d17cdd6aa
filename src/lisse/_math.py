"""Small functions shared by the three layers, for floats, NumPy arrays and PyBaMM symbols alike.

PyBaMM symbols take NumPy ufuncs (``np.exp``, ``np.maximum``, ...) as they are, so only what NumPy does not
write as a ufunc stands here. Leaves out: anything with a material or a parameter in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lisse.mechanism import REFERENCE_TEMPERATURE, arrhenius


def is_number(value: Any) -> bool:
    """Tell whether ``value`` can be compared now: a number or an array, not a symbol.

    Examples
    --------
    >>> is_number(0.3), is_number("0.3")
    (True, False)
    """
    return isinstance(value, (int, float, np.number, np.ndarray))


def clip(value: Any, lower: Any, upper: Any) -> Any:
    """Limit ``value`` to ``[lower, upper]`` (``np.clip`` asks a PyBaMM symbol for its truth and fails).

    Examples
    --------
    >>> float(clip(1.2, 0.0, 1.0))
    1.0
    """
    return np.minimum(np.maximum(value, lower), upper)


def erf(value: Any) -> Any:
    """Error function, imported late because SciPy is slow to import.

    Examples
    --------
    >>> round(float(erf(0.5)), 4)  # Abramowitz & Stegun, table 7.1
    0.5205
    """
    from scipy.special import erf as scipy_erf

    return scipy_erf(value)


def piecewise_linear(value: Any, knots: Sequence[float], values: Sequence[float]) -> Any:
    """Straight lines between knots, the end values held outside (``np.interp`` does not take a symbol).

    Parameters
    ----------
    value
        Where to interpolate.
    knots, values
        Abscissae in increasing order and the ordinates, of equal length.

    Examples
    --------
    >>> float(piecewise_linear(1.5, (0.0, 1.0, 2.0), (0.0, 10.0, 30.0)))
    20.0
    """
    result: Any = values[0]
    segments = zip(knots[:-1], knots[1:], values[:-1], values[1:], strict=True)
    for left, right, low, high in segments:
        result = result + (high - low) / (right - left) * (clip(value, left, right) - left)
    return result


def conduction_factor(
    activation_energy: Any,
    temperature: Any,
    temperature_exponent: Any = 0.0,
    reference: Any = REFERENCE_TEMPERATURE,
) -> Any:
    r"""Temperature factor of a conductivity in either of the two forms that papers fit.

    .. math:: \frac{\sigma(T)}{\sigma(T_0)} = \left(\frac{T_0}{T}\right)^m
              \exp\left[-\frac{E}{R}\left(\frac{1}{T} - \frac{1}{T_0}\right)\right]

    Parameters
    ----------
    activation_energy
        :math:`E` [J/mol], as fitted in that form.
    temperature, reference
        :math:`T`, :math:`T_0` [K].
    temperature_exponent
        :math:`m` [-]: 0 for :math:`\sigma = A\,e^{-E/RT}`, 1 for :math:`\sigma = (A/T)\,e^{-E/RT}`.

    Examples
    --------
    The second form lowers the conductivity at 80 degC by the ratio of the temperatures:

    >>> both = [conduction_factor(31.84e3, 353.15, m) for m in (0, 1)]
    >>> round(float(both[1] / both[0]), 4)  # 298.15/353.15
    0.8443
    """
    return (reference / temperature) ** temperature_exponent * arrhenius(activation_energy, temperature, reference)


def whole_power(base: Any, exponent: int) -> Any:
    """Raise to a whole power of at least 1 by products, which compiled models evaluate several times faster.

    Examples
    --------
    >>> whole_power(2.0, 5)
    32.0
    """
    product, square, rest = None, base, exponent
    while rest:
        if rest % 2:
            product = square if product is None else product * square
        rest //= 2
        square = square * square if rest else square
    return product
