"""Write a cell document back as TOML text (the standard library reads TOML but does not write it).

Leaves out: comments and the order of tables within nested tables, which reading had already dropped.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from lisse.errors import InputError

_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")


def toml_text(document: Mapping[str, Any]) -> str:
    """Return TOML text that reads back as ``document``.

    Parameters
    ----------
    document
        Tables of strings, numbers, truth values, lists and tables; no dates.

    Raises
    ------
    InputError
        If a value has no TOML form.

    Examples
    --------
    >>> print(toml_text({"name": "cell", "anode": {"material": "Li", "thickness": "50 um"}}))
    name = "cell"
    <BLANKLINE>
    [anode]
    material = "Li"
    thickness = "50 um"
    <BLANKLINE>
    """
    lines = [f"{_key(key)} = {_value(value, key)}" for key, value in document.items() if not isinstance(value, Mapping)]
    for key, value in document.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]"]
            lines += [f"{_key(name)} = {_value(item, f'{key}.{name}')}" for name, item in value.items()]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if _BARE_KEY.match(key) else json.dumps(key)


def _text(value: str) -> str:
    # JSON's escapes are TOML's too, except that TOML also wants DEL escaped and knows no surrogate pairs.
    escaped = json.dumps(value, ensure_ascii=False)
    return escaped.replace("\x7f", "\\u007f")


def _value(value: Any, field: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {math.inf: "inf", -math.inf: "-inf"}.get(value, "nan")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item, field) for item in value) + "]"
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        return "{ " + ", ".join(f"{_key(k)} = {_value(v, f'{field}.{k}')}" for k, v in value.items()) + " }"
    raise InputError(f"{field}: a {type(value).__name__} cannot be written to a TOML file.")
