"""What envelopes around bodies share: columns beside them, bodies logged as strings, ids where none is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from stillwatch.exchanges.bodies.fields import Body, BodyError, as_json, digest, from_json, wrong_type
from stillwatch.exchanges.reader import Head, Record
from stillwatch.exchanges.schema import EXCHANGE_FIELDS

_COLUMNS = frozenset(name for name, _ in EXCHANGE_FIELDS)
_ID_DIGITS = 32


def beside(row: Body, reserved: Collection[str] = ()) -> Record:
    """The canonical columns that stand in a row beside its bodies, as they are: validation types them.

    `reserved` are keys that the row's own format uses for something else, such as `output` of Bedrock.
    """
    return {
        key: value
        for key, value in row.items()
        if key in _COLUMNS and key not in reserved and value is not None
    }


def beginning(head: Head) -> bytes:
    """The head of a source whose first JSON value is longer than it: all there is to recognise it by.

    Empty where a value is whole, since its keys then tell more surely.
    """
    started = head.data.lstrip()[:1] in (b"{", b"[")
    return head.data if started and not head.documents else b""


def parsed_body(body: Any, where: str) -> Body:
    """A body as an object: as it is, or parsed from a string; an empty one for null or an empty string.

    Raises `BodyError` for a string that is not a JSON object, as a logger leaves that cuts long bodies.
    """
    if body is None or body == "":
        return {}
    if isinstance(body, str):
        try:
            body = from_json(body)
        except ValueError as error:
            reason = f"expected JSON in the string ({error}); was it cut off? raise the logger's size limit"
            raise BodyError(where, reason) from None
    if not isinstance(body, dict):
        raise wrong_type(where, "an object", body)
    return body


def content_id(row: Any) -> str:
    """An id for a row that has none: 32 hex digits of the SHA-256 of its canonical JSON.

    The same row gives the same id in every file, so a second delivery of it is seen as one.
    """
    return digest(as_json(row, where="line", sort_keys=True))[:_ID_DIGITS]
