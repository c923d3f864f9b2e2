"""Responses bodies: items, history kept by the service, encrypted reasoning."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError, schema_hash
from stillwatch.exchanges.bodies.openai_responses import (
    responses_items,
    responses_request,
    responses_response,
)
from tests.exchanges.bodies.makers import JSON_VALUES, WHOLE_RESPONSE, output_text
from tests.exchanges.bodies.makers import responses_request as request
from tests.exchanges.bodies.makers import responses_response as response


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_plain_request():
    assert responses_request(request(max_output_tokens=9, reasoning={"effort": "high"})) == {
        "model": "gpt-5",
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
        "max_tokens": 9,
        "reasoning_effort": "high",
    }


def test_a_plain_response():
    assert responses_response(response()) == {
        "response_id": "resp_1",
        "model_served": "gpt-5-2025-08-07",
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_items_become_a_conversation():
    system, conversation = responses_items(
        [
            {"role": "developer", "content": "Be kind."},
            {"role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
            {"type": "reasoning", "id": "rs", "summary": []},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Looking."}],
            },
            {"type": "function_call", "call_id": "c", "name": "weather", "arguments": '{"city":"Bern"}'},
            {"type": "function_call_output", "call_id": "c", "output": "12 °C"},
            {"type": "item_reference", "id": "msg_9"},
            {"type": "web_search_call", "id": "ws", "status": "completed", "action": {"query": "snow"}},
        ]
    )
    assert system == "Be kind."
    assert conversation == [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": 'Looking.\n[tool_call:weather] {"city":"Bern"}'},
        {"role": "tool", "content": "12 °C"},
        {"role": "assistant", "content": '[tool_call:web_search] {"action":{"query":"snow"}}'},
    ]


def test_a_call_that_the_service_ran_carries_its_result():
    call = {"type": "mcp_call", "name": "lookup", "arguments": "{}", "output": "found", "server_label": "s"}
    assert responses_items([call])[1] == [
        {"role": "assistant", "content": "[tool_call:lookup] {}"},
        {"role": "tool", "content": "found"},
    ]


@pytest.mark.parametrize("conversation", ["conv_1", {"id": "conv_1"}])
def test_history_kept_by_the_service_is_linked(conversation):
    record = responses_request(request(previous_response_id="resp_0", conversation=conversation))
    assert (record["previous_response_id"], record["session_id"]) == ("resp_0", "conv_1")


def test_a_whole_answer():
    record = responses_response(WHOLE_RESPONSE)
    assert record["output"] == "Let me look."
    assert record["reasoning"] == "Thinking of water."
    assert record["reasoning_issued"] == [sha("Z2VoZWlt")]
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city": "Bern"}'}]
    assert record["finish_reason"] == "tool_calls"


def test_the_reasoning_issued_is_the_reasoning_presented_later():
    later = responses_request(request(input=WHOLE_RESPONSE["output"]))
    assert later["reasoning_ref"] == responses_response(WHOLE_RESPONSE)["reasoning_issued"]


def test_reasoning_text_is_preferred_to_its_summary():
    item = {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "short"}],
        "content": [{"type": "reasoning_text", "text": "long"}],
    }
    assert responses_response(response(item))["reasoning"] == "long"


@pytest.mark.parametrize(
    ("said", "finish"),
    [
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "length"),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "content_filter"),
        ({"status": "failed", "error": {"code": "server_error", "message": "…"}}, "error"),
        ({"status": "in_progress"}, None),
        ({"status": "cancelled"}, None),
    ],
)
def test_the_status_says_why_it_ended(said, finish):
    assert responses_response(response(**said)).get("finish_reason") == finish


def test_a_refusal_part_is_a_refusal():
    item = output_text("")
    item["content"] = [{"type": "refusal", "refusal": "I can't."}]
    record = responses_response(response(item))
    assert (record["output"], record["finish_reason"]) == ("I can't.", "refusal")


def test_the_text_format_and_logprobs_are_read():
    form = {"type": "json_schema", "name": "x", "schema": {"type": "object"}}
    record = responses_request(request(text={"format": form}, include=["message.output_text.logprobs"]))
    assert record["response_format"] == schema_hash({"type": "object"}, "")
    assert record["logprobs"] is True
    assert responses_request(request(top_logprobs=0))["logprobs"] is False


def test_tools_have_their_names_at_the_top():
    tools = [{"type": "function", "name": "f", "parameters": {}}, {"type": "web_search"}]
    assert responses_request(request(tools=tools))["tools"] == ["f", "web_search"]


def test_usage_details_are_read():
    usage = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 80},
        "output_tokens": 50,
        "output_tokens_details": {"reasoning_tokens": 30},
    }
    record = responses_response(response(usage=usage))
    assert (record["cache_read_tokens"], record["reasoning_tokens"]) == (80, 30)


@pytest.mark.parametrize(
    ("said", "field"),
    [({"input": 7}, "input"), ({"input": [7]}, "input[0]"), ({"reasoning": "high"}, "reasoning")],
)
def test_a_wrong_type_is_refused_by_field(said, field):
    with pytest.raises(BodyError) as raised:
        responses_request(request(**said))
    assert raised.value.field == field


KEYS = sorted(
    {*request(), *response(), "type", "role", "content", "summary", "name", "arguments", "text",
     "format", "action", "encrypted_content", "incomplete_details", "conversation", "include",
     "tools", "reasoning", "error"}
)  # fmt: skip
TYPES = st.sampled_from(["message", "reasoning", "function_call", "function_call_output", "web_search_call"])


@given(
    st.recursive(
        JSON_VALUES | TYPES, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(KEYS), v)
    )
)
def test_any_body_is_read_or_refused(value):
    for convert in (responses_request, responses_response):
        for body in (value, {"input": [value]}, {"output": [value]}, {"input": value}):
            if isinstance(body, dict):
                with contextlib.suppress(BodyError):
                    assert None not in convert(body).values()
