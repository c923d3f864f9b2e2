"""Logged server-sent-event streams, put together again into the body that would have come unstreamed.

`events` reads a stream in any form that loggers keep: the text as received, its lines, its network chunks
(cut anywhere), or the parsed events. `assemble` tells the API from the events. A stream that was cut off
gives what arrived, without a reason to finish.

The text format is the WHATWG one (HTML living standard, 9.2.6), read more tolerantly: a last event without
its blank line counts, blank lines may be missing altogether, a bare JSON line is an event, and an event
whose data is no JSON object (`[DONE]`, a cut-off end) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from stillwatch.exchanges.bodies.anthropic_stream import assemble_message
from stillwatch.exchanges.bodies.converse_stream import assemble_converse
from stillwatch.exchanges.bodies.fields import Body, from_json, wrong_type
from stillwatch.exchanges.bodies.gemini_stream import assemble_gemini
from stillwatch.exchanges.bodies.openai_chat_stream import assemble_chat
from stillwatch.exchanges.bodies.openai_responses_stream import assemble_response

Events = list[dict[str, Any]]
_LINE_END = re.compile(r"\r\n|\n|\r")  # not str.splitlines, which also cuts at U+2028 inside JSON
_CONVERSE = {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop"}


def events(stream: Any, where: str = "sse") -> Events:
    """The events of a logged stream: a string, or a list of strings or of event objects.

    Raises `BodyError` if it is none of these.
    """
    if isinstance(stream, str):
        return list(_from_text(stream))
    if not isinstance(stream, list):
        raise wrong_type(where, "a stream as a string or a list of events", stream)
    if any(isinstance(item, str) for item in stream):
        texts = [item for item in stream if isinstance(item, str)]
        whole = any("\n" in text or "\r" in text for text in texts)  # else a list of lines
        return list(_from_text(("" if whole else "\n").join(texts)))
    found = []
    for position, item in enumerate(stream):
        if not isinstance(item, dict):
            raise wrong_type(f"{where}[{position}]", "an event object", item)
        event = _unwrapped(item)
        if event is not None:
            found.append(event)
    return found


def _unwrapped(item: dict[str, Any]) -> dict[str, Any] | None:
    """The event itself, if the logger kept it as `{"event": …, "data": …}`; None if that holds no object."""
    if "data" not in item or not item.keys() <= {"event", "data", "id", "retry", "time", "comment"}:
        return item
    data = item["data"]
    return _parsed(data) if isinstance(data, str) else data if isinstance(data, dict) else None


def _from_text(text: str) -> Iterator[dict[str, Any]]:
    data: list[str] = []
    for line in _LINE_END.split(text.removeprefix("\ufeff")):
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif line == "" and data:
            yield from _dispatch(data)
            data = []
        elif line.startswith("{"):
            yield from _dispatch([line])
    yield from _dispatch(data)


def _dispatch(data: list[str]) -> Iterator[dict[str, Any]]:
    """The event of these data lines; or, where a logger dropped the blank lines between, of each line."""
    event = _parsed("\n".join(data))
    found = [event] if event is not None or len(data) < 2 else [_parsed(line) for line in data]
    yield from (event for event in found if event is not None)


def _parsed(data: str) -> dict[str, Any] | None:
    try:
        event = from_json(data)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def assemble(stream: Any, where: str = "sse") -> Body:
    """The body that the events of a stream add up to; an empty one where no event is known.

    Raises `BodyError` where an event has a value of the wrong type.
    """
    return assemble_events(events(stream, where))


def assemble_events(found: Events) -> Body:
    """As `assemble`, for events already parsed."""
    for event in found:
        assembler = _assembler(event)
        if assembler is not None:
            return assembler(found)
    return next((event for event in found if "error" in event), {})


def _assembler(event: dict[str, Any]) -> Callable[[Events], Body] | None:
    kind = event.get("type")
    if isinstance(kind, str) and (
        kind in ("message_start", "message_delta") or kind.startswith("content_block")
    ):
        return assemble_message
    if isinstance(kind, str) and kind.startswith("response."):
        return assemble_response
    if "choices" in event:
        return assemble_chat
    if "candidates" in event or "usageMetadata" in event:
        return assemble_gemini
    return assemble_converse if _CONVERSE & event.keys() else None
