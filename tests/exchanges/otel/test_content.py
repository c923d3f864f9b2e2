"""What was said reads the same from every dialect of attributes and events."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import pytest

from stillwatch.exchanges.otel.content import content
from stillwatch.exchanges.otel.items import Event, from_json
from stillwatch.exchanges.otel.record import DETAILS, record_of
from tests.exchanges.otel.makers import CHAT, span, spans_json

INPUT = [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
OUTPUT = [{"role": "assistant", "parts": [{"type": "text", "content": "hello"}], "finish_reason": "stop"}]


def record(attributes: dict[str, Any], events: Any = ()) -> dict[str, Any]:
    (item,) = from_json(spans_json(span(attributes, events=events)))
    return record_of([item])


def text(value: Any) -> str:
    return orjson.dumps(value).decode()


DIALECTS = {
    "parts": {"gen_ai.input.messages": INPUT, "gen_ai.output.messages": OUTPUT},
    "text": {"gen_ai.prompt": "hi", "gen_ai.completion": "hello"},
    "json text": {
        "gen_ai.prompt": text([{"role": "user", "content": "hi"}]),
        "gen_ai.completion": text([{"role": "assistant", "content": "hello"}]),
    },
    "OpenLLMetry": {
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "hello",
        "gen_ai.completion.0.finish_reason": "stop",
    },
    "OpenInference": {
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.contents.0.message_content.type": "text",
        "llm.input_messages.0.message.contents.0.message_content.text": "hi",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "hello",
        "input.value": "something else",
        "output.value": "something else",
    },
    "OpenInference bodies": {
        "input.value": text({"messages": [{"role": "user", "content": "hi"}]}),
        "output.value": text({"choices": [{"message": {"role": "assistant", "content": "hello"}}]}),
    },
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_of_attributes_gives_the_same_messages(content):
    found = record({**CHAT, **content})
    assert found["messages"] == [{"role": "user", "content": "hi"}]
    assert found["output"] == "hello"


SPAN_EVENTS = [
    [
        ("gen_ai.content.prompt", {"gen_ai.prompt": "hi"}),
        ("gen_ai.content.completion", {"gen_ai.completion": "hello"}),
    ],
    [
        ("gen_ai.user.message", {"gen_ai.event.content": text({"role": "user", "content": "hi"})}),
        ("gen_ai.choice", {"gen_ai.event.content": text({"index": 0, "message": {"content": "hello"}})}),
    ],
    [("gen_ai.user.message", {"content": "hi"}), ("gen_ai.choice", {"message": {"content": "hello"}})],
    [(DETAILS, {"gen_ai.input.messages": INPUT, "gen_ai.output.messages": OUTPUT})],
]


@pytest.mark.parametrize("events", SPAN_EVENTS)
def test_messages_in_events_of_the_span_are_read(events):
    found = record(CHAT, events=events)
    assert found["messages"] == [{"role": "user", "content": "hi"}]
    assert found["output"] == "hello"


def test_tools_of_older_conventions_are_found():
    schema = {"type": "function", "function": {"name": "find"}}
    inference = record({**CHAT, "llm.tools.0.tool.json_schema": text(schema)})
    llmetry = record({**CHAT, "llm.request.functions.0.name": "find"})
    assert inference["tools"] == llmetry["tools"] == ["find"]


def test_opaque_reasoning_is_hashed_where_it_is_shown_and_where_it_is_issued():
    part = {"type": "reasoning", "content": "", "signature": "s"}
    said = [{"role": "assistant", "parts": [part]}]
    found = record({**CHAT, "gen_ai.input.messages": said, "gen_ai.output.messages": said})
    assert found["reasoning_ref"] == found["reasoning_issued"] == [hashlib.sha256(b"s").hexdigest()]


def test_attributes_go_before_events_and_nothing_said_is_nothing():
    asked = {"gen_ai.input.messages": INPUT}
    events = [Event(name="gen_ai.user.message", time=1, attributes={"content": "other"})]
    assert content(asked, events) == {"messages": [{"role": "user", "content": "hi"}]}
    assert content({}, []) == {}
