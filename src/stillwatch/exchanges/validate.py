"""Check one record against the canonical schema: types, required fields, ranges, the form of the lists.

`validate` gives a row whose values Arrow takes as they are, or says which field is wrong and what to do.
The fast paths of the canonical readers accept only blocks on which this function would change nothing
beyond what they do themselves; tests hold the two to the same result.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from stillwatch.exchanges.convert import (
    BadValueError,
    Converter,
    shown,
    to_bool,
    to_float,
    to_int,
    to_label,
    to_text,
    to_time,
)
from stillwatch.exchanges.json_values import encode
from stillwatch.exchanges.schema import (
    EXCHANGE_FIELDS,
    INSTANT,
    LAYERS,
    MESSAGES,
    REQUIRED,
    TOOL_CALLS,
)

Row = dict[str, Any]

FREE_TEXT = frozenset({"system", "output", "reasoning"})
NOT_NEGATIVE = frozenset(
    {
        "duration_ms",
        "ttft_ms",
        "temperature",
        "top_p",
        "max_tokens",
        "n",
        "status",
        "input_tokens",
        "output_tokens",
        "reasoning_tokens",
        "cache_read_tokens",
        "asn",
    }
)
ZERO_IS_MISSING = frozenset({"status", "asn"})  # there is no HTTP status 0 and no public AS 0
ROLES = ("user", "assistant", "tool")
SYSTEM_ROLES = ("system", "developer")
_ROLE_NAMES = {"human": "user", "model": "assistant", "ai": "assistant", "function": "tool"}


class InvalidRecordError(ValueError):
    """A record that is no exchange; `field` names where, the message what was expected and what to do."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def validate(record: dict[str, Any]) -> Row:
    """Return the record as a row of the exchange schema, missing fields left out.

    Fields that the schema does not have are ignored. Raises InvalidRecordError.
    """
    row: Row = {}
    for field, value in record.items():
        convert = _CONVERTERS.get(field)
        if convert is None or value is None:
            continue
        try:
            converted = convert(value)
        except BadValueError as error:
            raise InvalidRecordError(field, str(error)) from None
        if converted is not None:
            row[field] = converted
    for field in REQUIRED:
        if field not in row:
            raise InvalidRecordError(field, _missing(field, record.get(field)))
    _move_system_messages(row)
    return row


def _missing(field: str, value: object) -> str:
    found = "is missing" if value is None else f"is missing (written as {shown(value)})"
    return f"{found}; map it from another field with --map {field}=PATH or give it with --set {field}=VALUE"


def _at_least_zero(convert: Converter, zero_is_missing: bool) -> Converter:
    def checked(value: object) -> Any:
        number = convert(value)
        if number is not None and number < 0:
            raise BadValueError(f"expected zero or more, got {shown(value)}")
        return None if zero_is_missing and number == 0 else number

    return checked


def _list_of(field: str, value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise BadValueError(f"expected a list, got {shown(value)}")
    return list(value)


def _to_strings(value: object) -> list[str]:
    found = []
    for position, item in enumerate(_list_of("", value)):
        if not isinstance(item, str):
            raise BadValueError(f"expected text at [{position}], got {shown(item)}")
        found.append(clean_text(item))
    return found


def clean_text(value: str) -> str:
    """Return text that Arrow can hold; an empty one stays empty (inside lists it keeps its place)."""
    return to_text(value) or ""


def _part(item: object, position: int, name: str) -> Any:
    if not isinstance(item, dict):
        raise BadValueError(f"expected an object at [{position}], got {shown(item)}")
    return item.get(name)


def _to_messages(value: object) -> list[dict[str, str | None]]:
    found = []
    for position, item in enumerate(_list_of("messages", value)):
        role, content = _part(item, position, "role"), _part(item, position, "content")
        if not isinstance(role, str) or not role:
            raise BadValueError(
                f"expected a role at [{position}]: user, assistant or tool; got {shown(role)}"
            )
        if content is not None and not isinstance(content, str):
            raise BadValueError(
                f"expected text as content at [{position}], got {shown(content)}; write images and files as "
                "[image:SHA256] and [file:SHA256]"
            )
        found.append(
            {"role": clean_text(_ROLE_NAMES.get(role, role)), "content": content and clean_text(content)}
        )
    return found


def _to_layers(value: object) -> list[dict[str, Any]]:
    found = []
    for position, item in enumerate(_list_of("layers", value)):
        try:
            layer = {name: to_int(_part(item, position, name)) for name in ("message", "start", "end")}
            layer_author = to_label(_part(item, position, "author"))
        except BadValueError as error:
            raise BadValueError(f"at [{position}]: {error}") from None
        found.append({"author": layer_author, **layer})
    return found


def _to_tool_calls(value: object) -> list[dict[str, str | None]]:
    found = []
    for position, item in enumerate(_list_of("tool_calls", value)):
        call = {}
        for name in ("name", "arguments"):
            text = _part(item, position, name)
            if name == "arguments" and isinstance(text, dict | list):
                text = encode(text).decode("utf-8", "replace")
            if text is not None and not isinstance(text, str):
                raise BadValueError(f"expected text as {name} at [{position}], got {shown(text)}")
            call[name] = text and clean_text(text)
        found.append(call)
    return found


def _move_system_messages(row: Row) -> None:
    """Move system and developer turns to `system`, where the schema has them."""
    messages = row.get("messages")
    if not messages or not any(m["role"] in SYSTEM_ROLES for m in messages):
        return
    if row.get("layers"):
        raise InvalidRecordError(
            "layers", "cannot be kept while system text is among the messages; write it as `system`"
        )
    texts = [m["content"] for m in messages if m["role"] in SYSTEM_ROLES and m["content"]]
    if texts:
        row["system"] = "\n".join([row["system"], *texts] if "system" in row else texts)
    row["messages"] = [m for m in messages if m["role"] not in SYSTEM_ROLES]


def _converter(field: str, kind: pa.DataType) -> Converter:
    lists: dict[pa.DataType, Converter] = {
        MESSAGES: _to_messages,
        LAYERS: _to_layers,
        TOOL_CALLS: _to_tool_calls,
        INSTANT: to_time,
    }
    if kind in lists:
        return lists[kind]
    if pa.types.is_list(kind):
        return _to_strings
    if pa.types.is_boolean(kind):
        return to_bool
    if pa.types.is_string(kind):
        return to_text if field in FREE_TEXT else to_label
    convert: Converter = to_int if pa.types.is_integer(kind) else to_float
    return _at_least_zero(convert, field in ZERO_IS_MISSING) if field in NOT_NEGATIVE else convert


_CONVERTERS: dict[str, Converter] = {field: _converter(field, kind) for field, kind in EXCHANGE_FIELDS}
CONVERTERS = dict(_CONVERTERS)  # by field; for constants given as text
