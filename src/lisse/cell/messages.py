"""From pydantic's list of errors to the one sentence that names field, value and what is accepted.

Leaves out: wording of single fields, which their validators own.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lisse.cell.fields import brief
from lisse.errors import InputError


def one_line(text: object) -> str:
    r"""Return text without line breaks and other characters that do not print.

    Examples
    --------
    >>> one_line("two\nlines")
    'two lines'
    """
    return "".join(character if character.isprintable() else " " for character in str(text))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like ``word``, ignoring case; None when none does.

    Examples
    --------
    >>> nearest("porositty", ["porosity", "thickness"])
    'porosity'
    """
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold()[:200], names, n=1, cutoff=0.4)
    return names[close[0]] if close else None


def input_error(error: ValidationError, model: type[BaseModel]) -> InputError:
    """Return the most telling of the errors as one sentence.

    An unknown key comes first: it is often why another key is missing.
    """
    order = {"extra_forbidden": 0, "lisse": 1, "missing": 3}
    first = min(error.errors(include_url=False), key=lambda detail: order.get(detail["type"], 2))
    return InputError(_sentence(first, model))


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location: Sequence[Any] = detail["loc"]
    context: dict[str, Any] = detail.get("ctx", {})
    field = _dotted([*location, *filter(None, [context.get("field", "")])]) or "cell file"
    kind, value = detail["type"], brief(detail["input"])
    if kind == "lisse":
        return f"{field}: {context['reason']}."
    if kind == "extra_forbidden":
        known = list(_table_at(model, location[:-1]).model_fields)
        close = nearest(str(location[-1]), known)
        hint = f'the nearest known key is "{close}"' if close else f"known keys are {', '.join(known)}"
        return f"{field}: unknown key; {hint}."
    if kind == "missing":
        return f"{field}: this must be given, but is not."
    if kind == "literal_error":
        return f"{field}: {value} is not one of {context['expected']}."
    if kind in ("model_type", "dict_type"):
        return f"{field}: {value} is not a table of keys and values."
    if kind == "list_type":
        return f"{field}: {value} is not a list in square brackets."
    if kind == "string_type":
        return f"{field}: {value} is not text in quotes."
    return f"{field}: {value} is not accepted ({detail['msg'][:1].lower()}{detail['msg'][1:]})."


def _dotted(location: Iterable[Any]) -> str:
    # Keys of a user's file can hold anything; a sentence stays one line.
    parts = [one_line(part) for part in location]
    return ".".join(part if len(part) <= 60 else part[:57] + "..." for part in parts)


def _table_at(model: type[BaseModel], location: Iterable[Any]) -> type[BaseModel]:
    """Return the model of the table that ``location`` leads to."""
    for part in location:
        if isinstance(part, int):  # an element of a list, whose tables are of the model found last
            continue
        model = next(_models(model.model_fields[str(part)].annotation))
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation, those in lists and beside None included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
