"""LiteLLM callback payloads: the caller, the conversation, the models, the outcome."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Document, Head, Parsed, Rejection
from stillwatch.exchanges.readers import litellm_payload
from stillwatch.exchanges.readers.litellm_payload import READER, payload_record
from tests.exchanges.makers import Reading, jsonl, write

CALLED = 1793620800.25


def payload(**said):
    """One plausible payload of a chat completion."""
    plausible = {
        "id": "chatcmpl-1",
        "trace_id": "trace-1",
        "call_type": "acompletion",
        "stream": True,
        "status": "success",
        "custom_llm_provider": "azure",
        "startTime": CALLED,
        "endTime": CALLED + 2,
        "completionStartTime": CALLED + 0.5,
        "model_group": "smart",
        "model": "gpt-4.1",
        "metadata": {
            "user_api_key_hash": "88dc28d0",
            "user_api_key_org_id": "org-1",
            "user_api_key_team_id": "team-1",
            "user_api_key_user_id": "user-1",
            "requester_custom_headers": {
                "x-stainless-lang": "python",
                "x-stainless-package-version": "3.3.0",
            },
            "usage_object": {
                "prompt_tokens": 30,
                "completion_tokens": 9,
                "prompt_tokens_details": {"cached_tokens": 16},
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
        },
        "end_user": "customer-7",
        "requester_ip_address": "198.51.100.7",
        "user_agent": "OpenAI/Python 3.3.0",
        "prompt_tokens": 30,
        "completion_tokens": 9,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "function": {"name": "weather", "arguments": '{"q": 1}'}}],
            },
            {"role": "tool", "tool_call_id": "c", "content": "Rain"},
        ],
        "model_parameters": {
            "temperature": 0.2,
            "max_tokens": 100,
            "tools": [{"type": "function", "function": {"name": "weather", "parameters": {}}}],
        },
        "response": {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": "gpt-4.1-2025-04-14",
            "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "Rain."}}],
        },
        "error_information": {"error_code": "", "error_class": "", "error_message": ""},
    }
    return plausible | said


def read(tmp_path, *payloads):
    reading = Reading(write(tmp_path / "a.jsonl", jsonl(payloads)), tmp_path)
    return [{k: v for k, v in row.items() if v is not None} for row in reading.rows], reading


def test_a_call_becomes_one_exchange(tmp_path):
    (row,), reading = read(tmp_path, payload())
    assert reading.log.files[str(tmp_path / "a.jsonl")].format == "litellm-payload"
    row.pop("source_file")
    assert len(row.pop("tools_hash")) == 64
    assert row == {
        "exchange_id": "chatcmpl-1",
        "time": datetime(2026, 11, 2, 12, 0, 0, 250000, UTC),
        "duration_ms": 2000.0,
        "ttft_ms": 500.0,
        "account_id": "user-1",
        "org_id": "org-1",
        "project_id": "team-1",
        "key_id": "88dc28d0",
        "end_user_id": "customer-7",
        "session_id": "trace-1",
        "platform": "gateway:litellm",
        "api": "chat",
        "model": "smart",
        "model_served": "gpt-4.1-2025-04-14",
        "system": "Be brief.",
        "messages": [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": '[tool_call:weather] {"q": 1}'},
            {"role": "tool", "content": "Rain"},
        ],
        "response_id": "chatcmpl-1",
        "tools": ["weather"],
        "temperature": 0.2,
        "max_tokens": 100,
        "stream": True,
        "output": "Rain.",
        "finish_reason": "stop",
        "status": 200,
        "input_tokens": 30,
        "output_tokens": 9,
        "reasoning_tokens": 4,
        "cache_read_tokens": 16,
        "ip": "198.51.100.7",
        "user_agent": "OpenAI/Python 3.3.0",
        "sdk": "python/3.3.0",
        "source_line": 1,
    }


def test_a_failure_has_its_error_and_no_counts(tmp_path):
    error = {"error_code": "429", "error_class": "RateLimitError", "llm_provider": "azure"}
    (row,), _ = read(
        tmp_path,
        payload(
            status="failure", error_information=error, response=None, prompt_tokens=0, completion_tokens=0
        ),
    )
    assert (row["status"], row["error_type"], row["finish_reason"]) == (429, "RateLimitError", "error")
    assert "output" not in row and "input_tokens" not in row


def test_redacted_text_is_missing_text(tmp_path):
    hidden = "redacted-by-litellm"
    (row,), _ = read(
        tmp_path, payload(messages=[{"role": "user", "content": hidden}], response={"text": hidden})
    )
    assert row.keys().isdisjoint({"messages", "output", "system"})
    assert row["input_tokens"] == 30


@pytest.mark.parametrize("user", [None, "", "default_user_id"])
def test_a_key_without_an_owner_stands_for_itself(tmp_path, user):
    (row,), _ = read(tmp_path, payload(metadata={"user_api_key_user_id": user, "user_api_key_hash": "h"}))
    assert (row["account_id"], row["key_id"]) == ("h", "h")


def test_without_user_and_key_the_row_is_refused_with_the_fix(tmp_path):
    rows, reading = read(tmp_path, payload(metadata={}))
    assert rows == [] and "--map account_id=PATH" in reading.letters[0]["reason"]


def test_the_first_token_of_an_unstreamed_answer_says_nothing():
    assert "ttft_ms" not in payload_record(payload(stream=False))


@pytest.mark.parametrize(
    ("call_type", "messages", "response", "api", "asked", "answered"),
    [
        (
            "atext_completion",
            "Once upon",
            {"choices": [{"text": " a time"}]},
            "completions",
            "Once upon",
            None,
        ),
        (
            "aresponses",
            "Hi",
            {
                "object": "response",
                "output": [{"type": "message", "content": [{"type": "output_text", "text": "Yo"}]}],
            },
            "responses",
            "Hi",
            "Yo",
        ),
        (
            "anthropic_messages",
            [{"role": "user", "content": "Hi"}],
            {"type": "message", "content": [{"type": "text", "text": "Yo"}], "stop_reason": "end_turn"},
            "messages",
            "Hi",
            "Yo",
        ),
        ("completion", [{"role": "user", "content": "Hi"}], "Yo", "chat", "Hi", "Yo"),
        ("completion", "Hi", None, "chat", "Hi", None),
    ],
)
def test_each_api_is_read_by_its_own_bodies(call_type, messages, response, api, asked, answered):
    record = payload_record(payload(call_type=call_type, messages=messages, response=response))
    assert record["api"] == api
    assert record["messages"][-1]["content"] == asked
    if answered:
        assert record["output"] == answered


def test_wrapped_payloads_are_unwrapped(tmp_path):
    rows, _ = read(tmp_path, {"standard_logging_object": payload(), "kwargs": {}})
    assert [row["exchange_id"] for row in rows] == ["chatcmpl-1"]


def test_a_file_of_one_pretty_printed_payload_is_read(tmp_path):
    reading = Reading(write(tmp_path / "a.json", json.dumps(payload(), indent=2).encode()))
    assert reading.ids() == ["chatcmpl-1"]


def test_a_wrong_type_is_refused_by_field(tmp_path):
    rows, reading = read(tmp_path, payload(), payload(model_parameters={"temperature": "hot"}))
    assert len(rows) == 1
    assert reading.letters[0]["field"] == "model_parameters.temperature"


def test_only_payloads_are_recognised():
    assert READER.recognises(Head(b"", (payload(),)))
    assert not READER.recognises(Head(b"", ({"call_type": "x", "startTime": 1, "request_id": "r"},)))
    assert not READER.recognises(Head(b"", ()))


odd = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3))
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(payload())), odd | st.dictionaries(st.text(max_size=4), odd), max_size=4
    )
)
def test_odd_values_never_raise(said):
    read = litellm_payload._read("f", Document(1, payload(**said), b"{}"))
    assert isinstance(read, Parsed | Rejection)
