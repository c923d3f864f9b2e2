"""Find where a JSON value ends by its brackets and strings alone, without decoding it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stillwatch.exchanges.json_values import NotJSONError, decode

_QUOTE, _BACKSLASH, _BREAK = b'"\\\n'
SPACE = b" \t\r\n\v\f"
_OUTSIDE = re.compile(rb'[^"{}\[\]]*+')
_INSIDE = re.compile(rb'[^"\\\n]*+')


def concatenated(raw: bytes) -> Iterator[Any]:
    """Yield the objects of a line such as `{…}{…}`; nothing at all if any of them is broken."""
    walker = Walker()
    values: list[Any] = []
    position = 0
    while position < len(raw):
        start = position
        position, ended = walker.walk(raw, position)
        if not ended:
            return
        try:
            values.append(decode(raw[start:position]))
        except NotJSONError:
            return
        position = len(raw) - len(raw[position:].lstrip(SPACE))
    yield from values


class Walker:
    """Finds the end of a JSON value by its brackets and strings, across pieces, without decoding it."""

    def __init__(self) -> None:
        self.level = 0
        self._in_string = False
        self._escaped = False

    def walk(self, data: bytes, position: int) -> tuple[int, bool]:
        """Go on from `position`; return where the value ended and True, or the length of data and False."""
        while position < len(data):
            if self._escaped:
                self._escaped = False
                position += 1
            elif self._in_string:
                position = end_of(_INSIDE, data, position)
                if position == len(data):
                    break
                if data[position] == _BREAK:  # not legal in a string: the value is broken, end it here
                    return position, True
                self._escaped = self._in_string = data[position] == _BACKSLASH
                position += 1
            else:
                position = end_of(_OUTSIDE, data, position)
                if position == len(data):
                    break
                mark = data[position]
                position += 1
                if mark == _QUOTE:
                    self._in_string = True
                elif mark in b"{[":
                    self.level += 1
                else:
                    self.level -= 1
                    if self.level <= 0:
                        return position, True
        return position, False


def end_of(pattern: re.Pattern[bytes], data: bytes, position: int) -> int:
    """Return where a match of the pattern at a position ends; the position itself if there is none."""
    found = pattern.match(data, position)
    return found.end() if found else position
