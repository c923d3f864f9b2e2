"""Typed access to the keys of a parsed JSON body.

A key that is absent or null gives None; a key of the wrong type raises `BodyError`, which a reader turns
into a `Rejection`. Unknown keys are never looked at.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import orjson

from stillwatch.exchanges.reader import Record

Body = Mapping[str, Any]
T = TypeVar("T")
_SHOWN = 60  # characters of an offending value that an error message repeats


class BodyError(ValueError):
    """A body that is not what its API documents: `field` is the path of the key, `reason` a sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"field `{field}`: {reason}")
        self.field = field
        self.reason = reason


def wrong_type(field: str, expected: str, found: Any) -> BodyError:
    """The error for a value of another type than its API documents."""
    return BodyError(
        field, f"expected {expected}, found {_shown(found)}; correct the log, or leave the key out"
    )


def _shown(found: Any) -> str:
    """The value for a message; a container by its size, since it may hold a whole conversation."""
    if isinstance(found, dict):
        return f"an object of {len(found)} keys"
    if isinstance(found, list):
        return f"a list of {len(found)}"
    if isinstance(found, str) and len(found) > _SHOWN:
        return repr(found[:_SHOWN]) + "…"
    return repr(found)


def joined(where: str, key: str) -> str:
    """The path of `key` under `where`, as error messages show it."""
    return f"{where}.{key}" if where else key


def text(body: Body, key: str, where: str = "") -> str | None:
    """The string at `key`; an empty one is as good as absent (missing is never the empty string)."""
    value = body.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise wrong_type(joined(where, key), "a string", value)
    return value


def identifier(body: Body, key: str, where: str = "") -> str | None:
    """The string at `key`, or the number there as a string: ids are logged as either."""
    value = body.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(body, key, where)


def number(body: Body, key: str, where: str = "") -> float | None:
    """The finite number at `key`."""
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong_type(joined(where, key), "a number", value)
    return float(value)


def integer(body: Body, key: str, where: str = "") -> int | None:
    """The whole number at `key`, within 64 bits; 5.0 is one, 5.5 is not."""
    value = body.get(key)
    if value is None:
        return None
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not -(2**63) <= value < 2**63:
        raise wrong_type(joined(where, key), "a whole number", value)
    return int(value)


def flag(body: Body, key: str, where: str = "") -> bool | None:
    """The boolean at `key`."""
    value = body.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise wrong_type(joined(where, key), "true or false", value)


def items(body: Body, key: str, where: str = "") -> list[Any] | None:
    """The list at `key`."""
    value = body.get(key)
    if value is None or isinstance(value, list):
        return value
    raise wrong_type(joined(where, key), "a list", value)


def object_at(body: Body, key: str, where: str = "") -> Body:
    """The object at `key`; an empty one where it is absent."""
    value = body.get(key)
    if value is None:
        return {}
    return an_object(value, joined(where, key))


def an_object(value: Any, where: str) -> Body:
    """`value` if it is a JSON object."""
    if isinstance(value, dict):
        return value
    raise wrong_type(where, "an object", value)


def first(*candidates: T | None) -> T | None:
    """The first candidate that is not None."""
    return next((value for value in candidates if value is not None), None)


def total(*counts: int | None) -> int | None:
    """Sum of the counts that are there; None if none is."""
    there = [count for count in counts if count is not None]
    return sum(there) if there else None


def present(**fields: Any) -> Record:
    """A partial record of the fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def exchange(request: Record, response: Record) -> Record:
    """One record of both halves. `model_served` stays only where it differs from the model asked for."""
    record = {**request, **response}
    if record.get("model_served") == record.get("model"):
        record.pop("model_served", None)
    return record


def as_json(value: Any, *, where: str, sort_keys: bool = False) -> bytes:
    """Compact JSON in UTF-8. orjson first; the standard library for what that refuses.

    Which is integers over 64 bits, and lone surrogates (then everything outside ASCII is escaped).
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else 0)
    except TypeError:
        pass
    try:
        plain = json.dumps(value, sort_keys=sort_keys, ensure_ascii=False, separators=(",", ":"))
        return plain.encode()
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=sort_keys, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BodyError(where, f"cannot be written as JSON ({error}); is it nested too deep?") from error


def from_json(data: bytes | str) -> Any:
    """The value of JSON, lone surrogates in strings included. Raises `ValueError` where it is not JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(data)
        except RecursionError:
            raise error from None


def run_on(texts: Iterable[str]) -> str:
    """The texts as one, a character that was cut in two (a surrogate pair over two deltas) made whole."""
    whole = "".join(texts)
    try:
        whole.encode()
    except UnicodeEncodeError:
        whole = whole.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return whole


def digest(value: str | bytes) -> str:
    """SHA-256 in hex of bytes, or of a string's UTF-8."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def schema_hash(schema: Any, where: str) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of a schema."""
    return digest(as_json(schema, where=where, sort_keys=True))
