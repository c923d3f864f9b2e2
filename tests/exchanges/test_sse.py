"""A stream put together again says what the unstreamed body says."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges import sse
from stillwatch.exchanges.bodies.anthropic_messages import anthropic_response
from stillwatch.exchanges.bodies.bedrock_converse import converse_response
from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.bodies.gemini import gemini_response
from stillwatch.exchanges.bodies.openai_chat import openai_response
from stillwatch.exchanges.bodies.openai_responses import responses_response
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import (
    CUTS,
    JSON_VALUES,
    WHOLE_MESSAGE,
    as_sse,
    chat_stream,
    message_stream,
)

TEXT = st.text(min_size=1, max_size=40)
ARGUMENTS = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5), max_size=3)


@given(TEXT, ARGUMENTS, CUTS)
def test_any_text_and_arguments_survive_streaming(text, arguments, cuts):
    content = [{"type": "text", "text": text}, {"type": "tool_use", "name": "f", "input": arguments}]
    whole = makers.message_response(content=content)
    stream = as_sse(message_stream(whole, cuts), done=False)
    assert anthropic_response(sse.assemble(stream)) == anthropic_response(whole)
    chat = makers.chat_response({"content": text})
    assert openai_response(sse.assemble(as_sse(chat_stream(chat, cuts)))) == openai_response(chat)


@given(st.lists(st.integers(0, 4000), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_network_chunks_may_be_cut_inside_events(cuts, newline):
    stream = as_sse(message_stream(WHOLE_MESSAGE, [3]), newline, named=True, done=False)
    chunks = makers.pieces(stream, cuts)
    assert sse.events(chunks) == sse.events(stream)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_comments_and_unknown_fields_do_not_matter(newline):
    lines = ["\ufeff: keep-alive", "", "id: 7", "retry: 10", "event: x", 'data: {"a":', "data: 1}", "", ""]
    assert sse.events(newline.join(lines)) == [{"a": 1}]


@pytest.mark.parametrize(
    "logged",
    [
        'data: {"a": 1}\ndata: {"b": 2}\n',  # the logger dropped blank lines
        '{"a": 1}\n{"b": 2}\n',  # and field names
        ['data: {"a": 1}', 'data: {"b": 2}'],
        ['data: {"a": 1}\n\n', 'data: {"b"', ": 2}\n\n"],
        ['{"a": 1}', '{"b": 2}'],
        [{"a": 1}, {"b": 2}],
        [{"event": "x", "data": {"a": 1}}, {"event": "y", "data": '{"b": 2}'}],
        'data:{"a": 1}\n\ndata:{"b": 2}',  # the last event without its blank line
        'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [DONE]\n\n',
        'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: {"c": "cut o',
    ],
)
def test_every_way_to_log_a_stream_gives_its_events(logged):
    assert sse.events(logged) == [{"a": 1}, {"b": 2}]


def test_a_character_cut_in_two_by_the_server_is_whole_again():
    halves = ["I like \\ud83d", "\\ude00 you"]
    stream = "".join(f'data: {{"choices": [{{"delta": {{"content": "{half}"}}}}]}}\n\n' for half in halves)
    assert openai_response(sse.assemble(stream))["output"] == "I like \U0001f600 you"


def test_a_line_separator_inside_text_ends_no_line():
    assert sse.events('data: {"a": "x\u2028y"}\n\n') == [{"a": "x\u2028y"}]


@pytest.mark.parametrize("stream", [7, {"a": 1}, [1], None])
def test_what_is_no_stream_is_refused(stream):
    with pytest.raises(BodyError):
        sse.assemble(stream)


EVENT_KEYS = st.sampled_from(
    ["type", "index", "delta", "choices", "message", "content_block", "response", "item", "output_index",
     "candidates", "content", "parts", "messageStop", "contentBlockDelta", "usage", "text", "tool_calls",
     "function", "arguments", "error"]
)  # fmt: skip
EVENT_VALUES = st.recursive(
    JSON_VALUES
    | st.sampled_from(
        ["message_start", "content_block_delta", "text_delta", "response.output_text.delta", "message_delta",
         "response.output_item.added", "response.completed", "input_json_delta"]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(EVENT_KEYS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(st.dictionaries(EVENT_KEYS, EVENT_VALUES, max_size=4), max_size=4))
def test_no_stream_of_objects_raises_anything_but_a_body_error(events):
    try:
        body = sse.assemble(events)
    except BodyError:
        return
    for convert in (
        openai_response,
        anthropic_response,
        responses_response,
        gemini_response,
        converse_response,
    ):
        with contextlib.suppress(BodyError):
            convert(body)


@given(st.text(max_size=200))
def test_no_text_breaks_the_event_parser(text):
    for event in sse.events(text):
        assert isinstance(event, dict)
    assert sse.events("data: " + json.dumps(text) + "\n\n") == []
