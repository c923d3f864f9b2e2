"""Decode one JSON value, tolerantly where loggers are careless, and never by recursion without a bound.

orjson is strict and fast; what it refuses but Python's own `json.dumps` writes every day (lone surrogates
of a cut emoji, NaN) is decoded a second time by the standard library. Deep nesting is refused before that.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

MAX_DEPTH = 200
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class NotJSONError(ValueError):
    """The bytes are not one JSON value; the message says why, and what to do."""


def depth(data: bytes, enough: int | None = None) -> int:
    """Return the deepest nesting of brackets outside strings (0 for a scalar), or one beyond `enough`."""
    level = deepest = 0
    for token in _STRUCTURE.finditer(data):
        mark = data[token.start()]
        if mark in b"[{":
            level += 1
            deepest = max(deepest, level)
            if enough is not None and deepest > enough:
                break
        elif mark in b"]}":
            level -= 1
    return deepest


def decode(data: bytes) -> Any:
    """Decode one JSON value; raises NotJSONError."""
    # A value can only be too deep if it has enough brackets; counting those first keeps the common case fast.
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > MAX_DEPTH and depth(data, MAX_DEPTH) > MAX_DEPTH:
        raise NotJSONError(
            f"nested deeper than {MAX_DEPTH} levels; no exchange needs that, look at the writer"
        )
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return _second_chance(data, error)


def _second_chance(data: bytes, error: orjson.JSONDecodeError) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise NotJSONError(
            f"not UTF-8 at byte {wrong.start}; convert the file, e.g. `iconv -f latin1 -t utf-8`"
        ) from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotJSONError(f"not JSON: {error.msg} at character {error.pos}") from None


def encode(value: Any) -> bytes:
    """Encode any value as JSON for a dead letter; what JSON cannot hold is written as text."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
    except (TypeError, ValueError):
        return repr(value).encode("utf-8", "replace")
