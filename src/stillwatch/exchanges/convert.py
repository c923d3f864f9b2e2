"""Convert one loose value to the type of its column, or say what was expected and what to do.

Loggers differ: integers as strings (BigQuery), whole floats (JavaScript), identifiers as numbers. What
loses nothing is accepted, everything else refused with a reason. A missing value, however written, is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

TIME_PATTERN = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"
_TIME = re.compile(TIME_PATTERN)
_NAIVE = re.compile(r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_SECONDS = 4_102_444_800  # 2100-01-01: later "seconds" are milliseconds
INT64 = 1 << 63
EXACT = 1 << 53  # beyond this a float does not say which whole number was meant
# Written for "not known" by gateways; for an identifier or a context field it means missing.
UNKNOWN = frozenset({"", "unknown", "Unknown", "UNKNOWN"})


class BadValueError(ValueError):
    """A value that its field cannot hold; the message says what was expected and what was found."""


def shown(value: object) -> str:
    """Return a value as it is quoted in an error: its repr, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def clean(text: str) -> str:
    """Return text that Arrow can hold: lone surrogates become U+FFFD, split pairs are joined again."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_text(value: object) -> str | None:
    """Convert free text; an empty one is missing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value)
    raise BadValueError(f"expected text, got {shown(value)}; map the text itself with --map")


def to_label(value: object) -> str | None:
    """Convert an identifier or label: text, or an integer taken as text; `""` and `unknown` are missing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return None if value in UNKNOWN else clean(value)
    return to_text(value)


def to_float(value: object) -> float | None:
    """Convert a number; NaN is missing, an infinity is refused."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValueError(f"expected a number, got {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        raise BadValueError(f"expected a finite number, got {shown(value)}")
    return None if math.isnan(number) else number


def to_int(value: object) -> int | None:
    """Convert a whole number that fits 64 signed bits."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValueError(f"expected a whole number, got {shown(value)}")
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if not value.is_integer() or abs(value) > EXACT:
            raise BadValueError(f"expected a whole number of at most 64 bits, got {shown(value)}")
        value = int(value)
    if not -INT64 <= value < INT64:
        raise BadValueError(f"expected a whole number of at most 64 bits, got {shown(value)}")
    return value


def to_bool(value: object) -> bool | None:
    """Convert a truth value; the words `true` and `false` too."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise BadValueError(f"expected true or false, got {shown(value)}")


def to_time(value: object) -> datetime | None:
    """Convert RFC 3339 text with an offset, or epoch seconds, to a UTC instant of microseconds."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BadValueError(
                f"expected a time with an offset, got {value.isoformat()}; cast the column to UTC"
            )
        return value.astimezone(UTC)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValueError(f"expected a time such as 2026-11-02T09:14:03Z, got {shown(value)}")
    return _time_of_text(value) if isinstance(value, str) else _time_of_seconds(value)


def _time_of_text(text: str) -> datetime:
    if not _TIME.match(text):
        if _NAIVE.match(text):
            raise BadValueError(f"expected a time with an offset, got {shown(text)}; append Z if it is UTC")
        raise BadValueError(
            f"expected a time with an offset such as 2026-11-02T09:14:03Z, got {shown(text)}; "
            "map another field with --map time=PATH"
        )
    try:
        instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadValueError(f"expected a time that exists, got {shown(text)} ({error})") from None
    return _in_range(instant, text)


def _time_of_seconds(seconds: float) -> datetime:
    if not 0 <= seconds < LATEST_SECONDS:
        hint = "; it looks like milliseconds: divide by 1000" if seconds >= LATEST_SECONDS else ""
        raise BadValueError(f"expected epoch seconds between 1970 and 2100, got {shown(seconds)}{hint}")
    return _EPOCH + timedelta(microseconds=round(seconds * 1e6))


def _in_range(instant: datetime, found: object) -> datetime:
    if not 0 <= (instant - _EPOCH).total_seconds() < LATEST_SECONDS:
        raise BadValueError(f"expected a time between 1970 and 2100, got {shown(found)}")
    return instant


def _number(text: str) -> int | float:
    try:
        return int(text) if text.lstrip("+-").isdecimal() and len(text) < 25 else float(text)
    except ValueError:
        raise BadValueError(f"expected a number, got {shown(text)}") from None


Converter = Callable[[Any], Any]
