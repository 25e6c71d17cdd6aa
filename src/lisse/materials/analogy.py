"""Claims that one material takes over from another: what nobody has measured on it is assumed to be as there.

Leaves out: any scaling of the values; only the spread grows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace

from lisse.citations import ASSUMPTION_PREFIX, Source
from lisse.errors import InputError
from lisse.materials.properties import PROPERTIES
from lisse.materials.quantities import Spread
from lisse.materials.schema import Claim, LikeSpec


def borrowed(like: LikeSpec, kind: str, own: Iterable[Claim], model: Iterable[Claim], file: str) -> tuple[Claim, ...]:
    """Return the claims that a material takes over.

    Parameters
    ----------
    like
        The ``[[like]]`` table of the file.
    kind
        Kind of the material that takes over.
    own, model
        Claims that the material has already, and the claims of the material it is like.
    file
        Name of the file, for messages.

    Returns
    -------
    tuple of Claim
        One a property: the default value of the model, of method "assumed", with a wider spread.

    Raises
    ------
    InputError
        If a property is unknown for the kind, claimed already, or not claimed by the model.
    """
    held = {claim.property for claim in own}
    defaults = {claim.property: claim for claim in model if claim.default}
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", like.material).strip("-").lower()
    source = Source(citation=f"{ASSUMPTION_PREFIX}: as {like.material}, no data of its own", tag="assume")
    found = []
    for name in like.properties:
        field = f'{file}: like "{like.material}"'
        if name not in PROPERTIES or kind not in PROPERTIES[name].kinds:
            raise InputError(f'{field} names "{name}", which is no property of the kind {kind}; leave it out.')
        if name in held:
            raise InputError(f'{field} names "{name}", of which the material has a claim already; leave it out.')
        if name not in defaults:
            raise InputError(f'{field} names "{name}", of which {like.material} has no claim itself; leave it out.')
        held.add(name)
        claim = defaults[name]
        spread = widened(claim.spread, claim.value if isinstance(claim.value, float) else 0.0, like.widen)
        found.append(
            replace(claim, id=f"as-{slug}", spread=spread, method="assumed", source=source, note="", suspect=None)
        )
    return tuple(found)


def widened(spread: Spread, value: float, factor: float) -> Spread:
    """Add the doubt of an analogy, a factor, to a spread in quadrature; bounds and exact values stay.

    Examples
    --------
    >>> round(widened(Spread("factor", 1.5), 2.0, 1.5).size, 3)
    1.774
    >>> round(widened(Spread("absolute", 3.0), 4.0, 2.718281828).size, 3)
    5.0
    """
    doubt = math.log(factor)
    if spread.kind == "factor":
        return Spread("factor", math.exp(math.hypot(math.log(spread.size), doubt)))
    if spread.kind == "absolute":
        return Spread("absolute", math.hypot(spread.size, abs(value) * doubt))
    return spread
