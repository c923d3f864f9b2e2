"""Messages bodies: blocks, thinking, refusals, and what the caller says about its user."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.anthropic_messages import (
    anthropic_messages,
    anthropic_request,
    anthropic_response,
)
from stillwatch.exchanges.bodies.fields import BodyError, schema_hash
from tests.exchanges.bodies.makers import (
    JSON_VALUES,
    WHOLE_MESSAGE,
    message_request,
    message_response,
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_plain_request():
    assert anthropic_request(message_request(temperature=1, stream=True)) == {
        "model": "claude-sonnet-4-5",
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
        "max_tokens": 1024,
        "temperature": 1.0,
        "stream": True,
    }


def test_a_plain_response():
    assert anthropic_response(message_response()) == {
        "response_id": "msg_1",
        "model_served": "claude-sonnet-4-5-20250929",
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_a_whole_answer():
    record = anthropic_response(WHOLE_MESSAGE)
    assert record["output"] == "Let me look."
    assert record["reasoning"] == "The user wants the weather."
    assert record["reasoning_issued"] == [sha("c2lnbmVk"), sha("b3BhcXVl")]
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city":"Zürich","days":[1,2]}'}]
    assert record["finish_reason"] == "tool_calls"


def test_system_blocks_are_joined():
    blocks = [{"type": "text", "text": "One."}, {"type": "text", "text": "Two.", "cache_control": {}}]
    late = [{"role": "user", "content": "Hi"}, {"role": "system", "content": "Three."}]
    record = anthropic_request(message_request(system=blocks, messages=late))
    assert record["system"] == "One.\nTwo.\nThree."
    assert record["messages"] == [{"role": "user", "content": "Hi"}]


def test_tool_results_in_a_user_turn_become_tool_messages():
    _, conversation = anthropic_messages(
        [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": WHOLE_MESSAGE["content"]},
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": "12 °C"},
                    {"type": "text", "text": "And tomorrow?"},
                ],
            },
        ]
    )
    assert [turn["role"] for turn in conversation] == ["user", "assistant", "tool", "user"]
    said = 'Let me look.\n[tool_call:weather] {"city":"Zürich","days":[1,2]}'
    assert conversation[1]["content"] == said
    assert [turn["content"] for turn in conversation[2:]] == ["12 °C", "And tomorrow?"]


def test_an_answer_carried_over_reads_as_it_was_given():
    blocks = [{"type": "text", "text": "The sky is "}, {"type": "text", "text": "blue.", "citations": []}]
    given_out = anthropic_response(message_response(content=blocks))["output"]
    _, conversation = anthropic_messages([{"role": "assistant", "content": blocks}])
    assert conversation == [{"role": "assistant", "content": given_out}]


def test_the_reasoning_issued_is_the_reasoning_presented_later():
    issued = anthropic_response(WHOLE_MESSAGE)["reasoning_issued"]
    turn = {"role": "assistant", "content": WHOLE_MESSAGE["content"]}
    assert anthropic_request(message_request(messages=[turn]))["reasoning_ref"] == issued


@pytest.mark.parametrize("category", ["reasoning_extraction", "frontier_llm", None])
def test_a_refusal_keeps_its_category(category):
    details = {"type": "refusal", "category": category, "explanation": "…"}
    record = anthropic_response(message_response(content=[], stop_reason="refusal", stop_details=details))
    assert record["finish_reason"] == "refusal"
    assert record.get("refusal_category") == category


def test_input_counts_are_of_all_input():
    usage = {
        "input_tokens": 5,
        "cache_read_input_tokens": 90,
        "cache_creation_input_tokens": 7,
        "output_tokens": 50,
        "output_tokens_details": {"thinking_tokens": 30},
    }
    record = anthropic_response(message_response(usage=usage))
    assert (record["input_tokens"], record["cache_read_tokens"]) == (102, 90)
    assert (record["output_tokens"], record["reasoning_tokens"]) == (50, 30)


@pytest.mark.parametrize(
    ("said", "effort"),
    [
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, "2048"),
        ({"thinking": {"type": "adaptive"}}, "adaptive"),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}}, "max"),
        ({}, None),
    ],
)
def test_effort_or_budget_or_mode(said, effort):
    assert anthropic_request(message_request(**said)).get("reasoning_effort") == effort


@pytest.mark.parametrize("key", ["output_config", "output_format"])
def test_the_output_schema_is_hashed(key):
    form = {"type": "json_schema", "schema": {"type": "object"}}
    said = {key: {"format": form} if key == "output_config" else form}
    wanted = schema_hash({"type": "object"}, "")
    assert anthropic_request(message_request(**said))["response_format"] == wanted


def test_a_thread_is_linked_by_its_previous_message():
    said = {"thread": {"type": "continue", "previous_message_id": "msg_0"}}
    assert anthropic_request(message_request(**said))["previous_response_id"] == "msg_0"


def test_a_registered_profile_is_the_end_user():
    said = {"metadata": {"user_id": "u"}, "user_profile_id": "uprof_1"}
    assert anthropic_request(message_request(**said))["end_user_id"] == "uprof_1"


def test_built_in_tools_go_by_name():
    tools = [{"type": "web_search_20260318", "name": "web_search"}, {"name": "f", "input_schema": {}}]
    assert anthropic_request(message_request(tools=tools))["tools"] == ["web_search", "f"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (message_request(messages=[{"role": "user", "content": [7]}]), "messages[0].content[0]"),
        (message_request(metadata={"user_id": []}), "metadata.user_id"),
        (message_request(thinking="yes"), "thinking"),
    ],
)
def test_a_wrong_type_is_refused_by_field(body, field):
    with pytest.raises(BodyError) as raised:
        anthropic_request(body)
    assert raised.value.field == field


KEYS = sorted(
    {*message_request(), *message_response(), "role", "text", "thinking", "signature", "input",
     "name", "tools", "metadata", "user_id", "output_config", "format", "schema",
     "stop_details", "category", "thread"}
)  # fmt: skip


@given(
    st.recursive(JSON_VALUES, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(KEYS), v))
)
def test_any_body_is_read_or_refused(value):
    for convert in (anthropic_request, anthropic_response):
        for body in (value, {"messages": [value]}, {"content": [value]}, {"metadata": {"user_id": value}}):
            if isinstance(body, dict):
                with contextlib.suppress(BodyError):
                    assert None not in convert(body).values()
