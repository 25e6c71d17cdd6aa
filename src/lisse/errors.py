"""Errors that a user can cause, each one sentence long."""

from __future__ import annotations


class LisseError(Exception):
    """Base class of everything lisse raises on purpose."""


class InputError(LisseError):
    """A file, field or option that lisse cannot accept.

    The message is one sentence that names the field, the value and what would be accepted. The command line
    prints it and exits with code 2; nothing has been written by then.
    """
