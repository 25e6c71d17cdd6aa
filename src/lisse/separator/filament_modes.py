"""Which of four shapes a filament takes: straight, branching, spalling or diffuse.

The four were seen in a garnet (Kazyak et al.), straight and spalling ones also in a glass. The criteria are assumed: no
source gives limits. Leaves out: mixtures and the change from one to another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MODES = ("straight", "branching", "spalling", "diffuse")
"""Names of the modes; the codes are their places."""
TWO_CRACKS = float(np.sqrt(2))
"""Pressure over strength from which the energy set free suffices for two cracks [-]: energy goes as its square."""


def filament_mode(
    drive: Any, depth_to_grain: Any, connectivity: Any = 0.0, leak_to_limit: Any = 0.0
) -> NDArray[np.int64]:
    r"""Mode of each filament, as its place in :data:`MODES`; all criteria are assumed.

    ========== ==================================================================================================
    diffuse    :math:`\sigma_e \ge \sigma_{e,max}` (lithium born in the bulk), or no crack runs
               (:math:`\bar p < \sigma_c`) and the pores connect
    spalling   :math:`\bar p \ge \sqrt2\,\sigma_c`, flaw within a grain: the second crack turns along the surface
    branching  :math:`\bar p \ge \sqrt2\,\sigma_c`, flaw deeper than a grain: the second crack follows boundaries
    straight   else
    ========== ==================================================================================================

    Parameters
    ----------
    drive
        :math:`\bar p/\sigma_c` [-]: pressure in the flaw over its strength, at the short.
    depth_to_grain
        :math:`a/d` [-]: depth of the flaw over grain size; 0 for a glass: without boundaries it never branches.
    connectivity
        :math:`g(\varepsilon_p)` [-], see :func:`lisse.separator.creep_into_pores.pore_connectivity`.
    leak_to_limit
        :math:`\sigma_e/\sigma_{e,max}` [-], see :func:`lisse.separator.electronic_leak.conductivity_limit`; leave it at
        0 unless nucleation in the bulk is switched on.

    Returns
    -------
    array of int

    References
    ----------
    E. Kazyak et al., Matter 2 (2020), doi:10.1016/j.matt.2020.02.008 (the four modes).

    Examples
    --------
    >>> [MODES[k] for k in filament_mode([1.1, 2.0, 2.0, 0.3], [2.0, 2.0, 0.4, 2.0], [1.0, 1.0, 1.0, 1.0])]
    ['straight', 'branching', 'spalling', 'diffuse']
    """
    drive, depth, pores, leak = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (drive, depth_to_grain, connectivity, leak_to_limit))
    )
    diffuse = (leak >= 1) | ((drive < 1) & (pores > 0))
    twofold = drive >= TWO_CRACKS
    names = np.select([diffuse, twofold & (depth < 1), twofold], [3, 2, 1], default=0)
    return np.asarray(names, dtype=np.int64)


def mode_names(codes: Any) -> list[str]:
    """Return the names of some modes.

    Examples
    --------
    >>> mode_names([0, 3])
    ['straight', 'diffuse']
    """
    return [MODES[int(code)] for code in np.ravel(codes)]
