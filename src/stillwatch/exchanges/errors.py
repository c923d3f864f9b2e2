"""What can go wrong while reading, one class per thing a caller would do differently."""

from __future__ import annotations


class ReadError(Exception):
    """The input as a whole cannot be read: no such file, an unknown format, a bad `--map`.

    The message names the file (and line and field where there are any) and what to do.
    A single bad row is never a ReadError: it is a dead letter.
    """


class OptionError(ReadError):
    """How the input is to be read cannot be used: an unknown field, path, value or format, not the file."""


class DamagedSourceError(Exception):
    """A source broke off or broke a limit while being read; what came before it is good.

    Carries only the reason: whoever catches it knows the file and the line.
    """
