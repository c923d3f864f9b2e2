"""Chat completion bodies of OpenAI and of servers that speak its dialect."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError, schema_hash
from stillwatch.exchanges.bodies.openai_chat import openai_messages, openai_request, openai_response
from tests.exchanges.bodies.makers import JSON_VALUES, chat_request, chat_response

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_plain_request():
    assert openai_request(chat_request(temperature=0, max_tokens=5, stream=True)) == {
        "model": "gpt-4o",
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
        "temperature": 0.0,
        "max_tokens": 5,
        "stream": True,
    }


def test_a_plain_response():
    assert openai_response(chat_response()) == {
        "response_id": "chatcmpl-1",
        "model_served": "gpt-4o-2024-11-20",
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_system_and_developer_texts_are_joined_wherever_they_stand():
    system, conversation = openai_messages(
        [
            {"role": "system", "content": "One."},
            {"role": "user", "content": "Hi"},
            {"role": "developer", "content": [{"type": "text", "text": "Two."}]},
        ]
    )
    assert system == "One.\nTwo."
    assert conversation == [{"role": "user", "content": "Hi"}]


def test_an_agent_loop_keeps_its_calls_and_results():
    call = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}}
    custom = {"id": "d", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    _, conversation = openai_messages(
        [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": "Let me look.", "tool_calls": [call, custom]},
            {"role": "tool", "tool_call_id": "c", "content": "12 °C"},
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": "ok"},
        ]
    )
    assert [turn["role"] for turn in conversation] == ["user", "assistant", "tool", "assistant", "tool"]
    said = 'Let me look.\n[tool_call:weather] {"city": "Bern"}\n[tool_call:shell] ls'
    assert conversation[1]["content"] == said
    assert conversation[3]["content"] == "[tool_call:f] {}"


@pytest.mark.parametrize("key", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
def test_every_spelling_of_the_longest_answer_is_read(key):
    assert openai_request(chat_request(**{key: 77}))["max_tokens"] == 77


@pytest.mark.parametrize(
    ("said", "effort"),
    [
        ({"reasoning_effort": "high"}, "high"),
        ({"reasoning": {"effort": "low"}}, "low"),
        ({"reasoning": {"max_tokens": 2000}}, "2000"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "1024"),
        ({}, None),
    ],
)
def test_every_spelling_of_the_effort_is_read(said, effort):
    assert openai_request(chat_request(**said)).get("reasoning_effort") == effort


@pytest.mark.parametrize(
    ("said", "user"),
    [
        ({"safety_identifier": "s", "user": "u"}, "s"),
        ({"user": "u", "metadata": {"user_id": "m"}}, "u"),
        ({"metadata": {"user_id": 12}}, "12"),
        ({"metadata": {"other": "x"}}, None),
    ],
)
def test_the_end_user_is_the_most_particular_one_named(said, user):
    assert openai_request(chat_request(**said)).get("end_user_id") == user


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        ({"type": "text"}, "text"),
        ({"type": "json_object"}, "json_object"),
        ({"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}, schema_hash(SCHEMA, "")),
        (None, None),
    ],
)
def test_the_response_format_is_a_word_or_the_hash_of_the_schema(wanted, read):
    assert openai_request(chat_request(response_format=wanted)).get("response_format") == read


def test_tools_are_named_in_order_and_hashed_whole():
    tools = [
        {"type": "function", "function": {"name": "f", "parameters": SCHEMA}},
        {"type": "custom", "custom": {"name": "g"}},
        {"type": "web_search"},
    ]
    record = openai_request(chat_request(tools=tools))
    assert record["tools"] == ["f", "g", "web_search"]
    reordered = [dict(reversed(tool.items())) for tool in tools]
    assert openai_request(chat_request(tools=reordered))["tools_hash"] == record["tools_hash"]
    assert openai_request(chat_request(tools=tools[:2]))["tools_hash"] != record["tools_hash"]
    assert openai_request(chat_request(functions=[{"name": "old"}]))["tools"] == ["old"]


@pytest.mark.parametrize(("said", "asked"), [(True, True), (False, False), (5, True), (0, False)])
def test_logprobs_may_be_a_count(said, asked):
    assert openai_request(chat_request(logprobs=said))["logprobs"] is asked


def test_opaque_reasoning_handed_back_is_hashed_as_transmitted():
    blocks = [
        {"type": "thinking", "thinking": "x", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "ZA=="},
    ]
    turn = {"role": "assistant", "content": "a", "thinking_blocks": blocks}
    assert openai_request(chat_request(messages=[turn]))["reasoning_ref"] == [sha("c2ln"), sha("ZA==")]
    assert openai_response(chat_response(turn))["reasoning_issued"] == [sha("c2ln"), sha("ZA==")]
    details = [{"type": "reasoning.encrypted", "data": "ZW5j"}]
    assert openai_response(chat_response({"reasoning_details": details}))["reasoning_issued"] == [sha("ZW5j")]


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_shown_is_kept(key):
    assert openai_response(chat_response({key: "Because."}))["reasoning"] == "Because."


def test_usage_details_are_read():
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "prompt_tokens_details": {"cached_tokens": 80},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    record = openai_response(chat_response(usage=usage))
    assert (record["input_tokens"], record["cache_read_tokens"], record["reasoning_tokens"]) == (100, 80, 30)


def test_a_refusal_is_a_refusal_and_its_text_the_output():
    record = openai_response(chat_response({"content": None, "refusal": "I can't help with that."}))
    assert (record["output"], record["finish_reason"]) == ("I can't help with that.", "refusal")


def test_a_spoken_answer_is_its_transcript():
    spoken = {"content": None, "audio": {"id": "a", "data": "UklGRg==", "transcript": "Hello."}}
    assert openai_response(chat_response(spoken))["output"] == "Hello."


def test_the_first_choice_is_the_answer():
    body = chat_response()
    body["choices"].append({"index": 1, "message": {"content": "no"}, "finish_reason": "length"})
    assert openai_response(body)["output"] == "100 °C at sea level."
    assert openai_response({"choices": []}) == {}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"messages": "hi"}, "messages"),
        ({"messages": ["hi"]}, "messages[0]"),
        ({"messages": [{"content": "hi"}]}, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"tools": [7]}, "tools[0]"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_a_wrong_type_is_refused_by_field(said, field):
    with pytest.raises(BodyError) as raised:
        openai_request(chat_request(**said))
    assert raised.value.field == field


KEYS = sorted(
    {*chat_request(), *chat_response(), "tools", "tool_calls", "response_format", "reasoning",
     "thinking", "logprobs", "metadata", "function", "content", "role", "name", "message",
     "refusal", "thinking_blocks", "max_tokens"}
)  # fmt: skip


@given(
    st.recursive(JSON_VALUES, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(KEYS), v))
)
def test_any_body_is_read_or_refused(value):
    for convert in (openai_request, openai_response):
        for body in (value, {"messages": [value]}, {"choices": [value]}, {"choices": [{"message": value}]}):
            if isinstance(body, dict):
                with contextlib.suppress(BodyError):
                    assert None not in convert(body).values()
