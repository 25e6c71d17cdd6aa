"""Write a cell or material document as TOML text (the standard library reads TOML but does not write it).

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
    >>> print(toml_text({"name": "oxide", "claims": [{"id": "own", "curve": {"x": [0.0, 1.0]}}]}))
    name = "oxide"
    <BLANKLINE>
    [[claims]]
    id = "own"
    [claims.curve]
    x = [0.0, 1.0]
    <BLANKLINE>
    """
    plain = {key: value for key, value in document.items() if not isinstance(value, Mapping) and not _tables(value)}
    lines = [f"{_key(key)} = {_value(value, key)}" for key, value in plain.items()]
    for key, value in document.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(key)}]"]
            lines += [f"{_key(name)} = {_value(item, f'{key}.{name}')}" for name, item in value.items()]
        elif _tables(value):
            for index, table in enumerate(value):
                lines += _element(key, table, f"{key}[{index}]")
    return "\n".join(lines) + "\n"


def _tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _element(key: str, table: Mapping[str, Any], field: str) -> list[str]:
    """Write one element of a list of tables; a table of texts in it stays on one line, a longer one gets its own."""
    own = {name: item for name, item in table.items() if isinstance(item, Mapping) and not _flat(item)}
    lines = ["", f"[[{_key(key)}]]"]
    lines += [f"{_key(name)} = {_value(item, f'{field}.{name}')}" for name, item in table.items() if name not in own]
    for name, item in own.items():
        lines.append(f"[{_key(key)}.{_key(name)}]")
        lines += [f"{_key(part)} = {_value(value, f'{field}.{name}.{part}')}" for part, value in item.items()]
    return lines


def _flat(table: Mapping[str, Any]) -> bool:
    return not any(isinstance(value, Mapping | list | tuple) for value in table.values())


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
