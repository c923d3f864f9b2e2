"""What can be read of JSON that was cut off: telemetry limits attribute lengths, and log parts go missing."""

from __future__ import annotations

import re
from typing import Any

import orjson

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+("?)|[\[\]{},]', re.DOTALL)
_CLOSERS = {"[": "]", "{": "}"}
_TRIES = 4  # places before the cut that are tried: an escape, a half pair of surrogates, a key without value


def read_truncated(text: str) -> Any:
    """The value of JSON text whose end is missing: open strings, lists and objects are closed at the cut.

    A string that was cut keeps what there is of it. Returns None where nothing can be read.
    """
    stack: list[str] = []
    commas: list[tuple[int, str]] = []
    open_string = False
    for token in _TOKEN.finditer(text):
        symbol = token.group()[0]
        if symbol == '"':
            open_string = not token.group(1)
        elif symbol == ",":
            commas.append((token.start(), _closing(stack)))
        elif symbol in _CLOSERS:
            stack.append(_CLOSERS[symbol])
        elif not stack or stack.pop() != symbol:
            return None
        if len(commas) > _TRIES:
            del commas[0]
    if len(stack) > 1000:
        return None
    closing = _closing(stack)
    candidates = [text + closing]
    if open_string:
        candidates = [f'{cut}"{closing}' for cut in _cuts(text)]
    candidates += [text[:at] + closers for at, closers in reversed(commas)]
    return next((value for value in map(_parsed, candidates) if value is not None), None)


def _closing(stack: list[str]) -> str:
    return "".join(reversed(stack))


def _cuts(text: str) -> list[str]:
    """The text, and the text before each of its last backslashes: the cut may be inside an escape."""
    cuts = [text]
    for _ in range(_TRIES):
        at = cuts[-1].rfind("\\", max(0, len(text) - 24))
        if at < 0:
            break
        cuts.append(cuts[-1][:at])
    return cuts


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
