"""The errors are ours, so that a caller can tell them from bugs."""

from __future__ import annotations

from stillwatch.exchanges.errors import DamagedSourceError, ReadError


def test_neither_is_the_other():
    assert not issubclass(ReadError, DamagedSourceError)
    assert not issubclass(DamagedSourceError, ReadError | OSError)
