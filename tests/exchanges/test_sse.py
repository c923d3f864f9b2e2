"""A stream put together again says what the unstreamed body says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges import sse
from stillwatch.exchanges.bodies.anthropic_messages import anthropic_response
from stillwatch.exchanges.bodies.bedrock_converse import converse_response
from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.bodies.gemini import gemini_response
from stillwatch.exchanges.bodies.openai_chat import openai_response
from stillwatch.exchanges.bodies.openai_completions import completions_response
from stillwatch.exchanges.bodies.openai_responses import responses_response
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES, as_sse, chat_stream, message_stream

CUTS = st.lists(st.integers(0, 400), max_size=6)
TEXT = st.text(min_size=1, max_size=40)
ARGUMENTS = st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text(max_size=5), max_size=3)

WHOLE_CHAT = makers.chat_response(
    {
        "content": "Let me look.",
        "reasoning_content": "The user wants the weather, so I call the tool.",
        "tool_calls": [
            {"type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}},
            {"type": "function", "function": {"name": "clock", "arguments": "{}"}},
        ],
    }
)
WHOLE_MESSAGE = makers.message_response(
    content=[
        {"type": "thinking", "thinking": "The user wants the weather.", "signature": "c2lnbmVk"},
        {"type": "redacted_thinking", "data": "b3BhcXVl"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Zürich", "days": [1, 2]}},
    ],
    stop_reason="tool_use",
)
WHOLE_RESPONSE = makers.responses_response(
    {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "Thinking of water."}],
        "encrypted_content": "Z2VoZWlt",
    },
    makers.output_text("Let me look."),
    {
        "id": "fc_1",
        "type": "function_call",
        "name": "weather",
        "call_id": "c",
        "arguments": '{"city": "Bern"}',
    },
)


@given(CUTS)
def test_a_chat_stream_cut_anywhere_is_the_completion(cuts):
    assert openai_response(sse.assemble(chat_stream(WHOLE_CHAT, cuts))) == openai_response(WHOLE_CHAT)


@given(CUTS)
def test_a_message_stream_cut_anywhere_is_the_message(cuts):
    stream = as_sse(message_stream(WHOLE_MESSAGE, cuts), named=True, done=False)
    assert anthropic_response(sse.assemble(stream)) == anthropic_response(WHOLE_MESSAGE)


@given(CUTS, st.booleans())
def test_a_response_stream_cut_anywhere_is_the_response(cuts, closed):
    stream = as_sse(makers.responses_stream(WHOLE_RESPONSE, cuts, closed), named=True)
    assert responses_response(sse.assemble(stream)) == responses_response(WHOLE_RESPONSE)


@given(CUTS)
def test_a_gemini_stream_cut_anywhere_is_the_response(cuts):
    whole = makers.gemini_response(
        {"text": "Weighing it.", "thought": True},
        {"text": "Let me look."},
        {"functionCall": {"name": "weather", "args": {"city": "Bern"}}, "thoughtSignature": "c2ln"},
    )
    assert gemini_response(sse.assemble(makers.gemini_stream(whole, cuts))) == gemini_response(whole)


@given(CUTS)
def test_a_converse_stream_cut_anywhere_is_the_response(cuts):
    whole = makers.converse_response(
        {"reasoningContent": {"reasoningText": {"text": "Weighing it.", "signature": "c2ln"}}},
        {"text": "Let me look."},
        {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Bern"}}},
        stopReason="tool_use",
    )
    assert converse_response(sse.assemble(makers.converse_stream(whole, cuts))) == converse_response(whole)


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


def test_a_line_separator_inside_text_ends_no_line():
    assert sse.events('data: {"a": "x\u2028y"}\n\n') == [{"a": "x\u2028y"}]


def test_a_truncated_stream_gives_what_arrived_and_no_reason_to_finish():
    events = message_stream(WHOLE_MESSAGE, [5])
    upto = next(i for i, event in enumerate(events) if event.get("delta", {}).get("text"))
    record = anthropic_response(sse.assemble(events[: upto + 1]))
    assert record["output"] == "Let m"
    assert record["reasoning"] == "The user wants the weather."
    assert "finish_reason" not in record
    chat = openai_response(sse.assemble(chat_stream(makers.chat_response(), [3])[:3]))
    assert chat["output"] == "100"
    assert "finish_reason" not in chat


def test_a_response_cut_off_gives_its_deltas_but_no_unfinished_seal():
    events = makers.responses_stream(WHOLE_RESPONSE, [8])
    added = {"type": "response.output_item.added", "output_index": 0, "item": WHOLE_RESPONSE["output"][0]}
    record = responses_response(sse.assemble([events[0], added]))
    assert "reasoning_issued" not in record
    cut = next(i for i, event in enumerate(events) if event["type"] == "response.output_text.delta")
    record = responses_response(sse.assemble(events[: cut + 1]))
    assert (record["output"], record.get("finish_reason")) == ("Let me l", None)


def test_arguments_cut_off_are_kept_as_text():
    events = message_stream(WHOLE_MESSAGE, [9])
    cut = max(i for i, e in enumerate(events) if e.get("delta", {}).get("partial_json"))
    record = anthropic_response(sse.assemble(events[:cut]))
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city": '}]


def test_only_the_first_choice_is_the_answer():
    def chunk(index: int, text: str) -> dict[str, Any]:
        return {"choices": [{"index": index, "delta": {"content": text}, "finish_reason": None}]}

    body = sse.assemble([chunk(1, "no"), chunk(0, "yes"), chunk(1, "no"), chunk(0, "!")])
    assert openai_response(body)["output"] == "yes!"


def test_tool_calls_without_an_index_go_on_with_the_latest():
    deltas = [
        {"id": "a", "function": {"name": "f", "arguments": "{"}},
        {"function": {"arguments": "}"}},
        {"id": "b", "function": {"name": "g", "arguments": "{}"}},
    ]
    body = sse.assemble([{"choices": [{"delta": {"tool_calls": [delta]}}]} for delta in deltas])
    calls = [{"name": "f", "arguments": "{}"}, {"name": "g", "arguments": "{}"}]
    assert openai_response(body)["tool_calls"] == calls


def test_legacy_completion_chunks_are_text():
    chunks = [{"object": "text_completion", "choices": [{"text": said, "index": 0}]} for said in ("a ", "b")]
    assert completions_response(sse.assemble(chunks))["output"] == "a b"


def test_an_error_inside_a_stream_is_the_end_of_the_answer():
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    record = anthropic_response(sse.assemble([*message_stream(WHOLE_MESSAGE, [])[:-2], error]))
    assert (record["finish_reason"], record["error_type"]) == ("error", "overloaded_error")
    assert record["output"] == "Let me look."
    failed = {"type": "error", "code": "server_error", "message": "…"}
    record = responses_response(sse.assemble([{"type": "response.created", "response": {}}, failed]))
    assert record["error_type"] == "server_error"


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
        try:
            convert(body)
        except BodyError:
            pass


@given(st.text(max_size=200))
def test_no_text_breaks_the_event_parser(text):
    for event in sse.events(text):
        assert isinstance(event, dict)
    assert sse.events("data: " + json.dumps(text) + "\n\n") == []
