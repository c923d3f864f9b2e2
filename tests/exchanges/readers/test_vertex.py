"""Vertex request-response rows become exchanges."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Head, Parsed, Rejection
from stillwatch.exchanges.readers.vertex import READER
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES
from tests.exchanges.readers.fakes import LogFile, records, refusals

ASKED = {"contents": [{"role": "user", "parts": [{"text": "Weather?"}]}], "generationConfig": {"topP": 0.9}}
ENDPOINT = "projects/acme/locations/us-central1/publishers/google/models/gemini-3-pro"


def row(asked: Any = ASKED, answered: Any = None, **said: Any) -> dict[str, Any]:
    """One row of the logging table."""
    return {
        "endpoint": ENDPOINT,
        "deployed_model_id": None,
        "logging_time": "2026-11-02T06:00:00.123456Z",
        "request_id": 1234567890123456789,
        "request_payload": [],
        "response_payload": [],
        "model": "publishers/google/models/gemini-3-pro",
        "model_version": "gemini-3-pro-002",
        "api_method": "generateContent",
        "full_request": asked,
        "full_response": answered or makers.gemini_response(modelVersion="gemini-3-pro-002"),
        "metadata": {},
        "otel_log": {"body": "ignored"},
    } | said


def record(*args: Any, **said: Any) -> dict[str, Any]:
    (only,) = records(READER, LogFile(row(*args, **said)))
    return only


def test_a_gemini_row():
    assert record() == {
        "exchange_id": "1234567890123456789",
        "time": "2026-11-02T06:00:00.123456Z",
        "platform": "vertex",
        "project_id": "acme",
        "api": "chat",
        "model": "gemini-3-pro",
        "model_served": "gemini-3-pro-002",
        "messages": [{"role": "user", "content": "Weather?"}],
        "top_p": 0.9,
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "response_id": "r1",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_bodies_may_be_json_in_strings():
    answered = json.dumps(makers.gemini_response(modelVersion="gemini-3-pro-002"))
    assert record(json.dumps(ASKED), answered) == record()


@pytest.mark.parametrize("as_string", [False, True])
def test_a_streamed_row_is_put_together(as_string):
    chunks: Any = makers.gemini_stream(makers.gemini_response(modelVersion="gemini-3-pro-002"), [4])
    assert record(answered=json.dumps(chunks) if as_string else chunks) == record()


def test_a_claude_row():
    asked = makers.message_request(anthropic_version="vertex-2023-10-16")
    del asked["model"]
    said = {"model": "publishers/anthropic/models/claude-sonnet-4-5", "model_version": None}
    found = record(asked, makers.message_response(), **said)
    assert (found["api"], found["model"]) == ("messages", "claude-sonnet-4-5")
    assert (found["output"], found["system"]) == ("100 °C at sea level.", "Answer briefly.")
    events = makers.message_stream(makers.message_response(), [4])
    assert record(asked, events, **said) == found


def test_the_caller_is_what_the_operator_says():
    assert "account_id" not in record()
    assert record(account_id="acct_1")["account_id"] == "acct_1"


def test_a_row_without_bodies_keeps_its_metadata():
    found = record(full_request=None, full_response=None)
    assert (found["model"], found["model_served"]) == ("gemini-3-pro", "gemini-3-pro-002")
    assert "messages" not in found


@pytest.mark.parametrize("request_id", [None, 1.2345678901234568e19])
def test_without_an_exact_request_id_the_content_is_the_id(request_id):
    one, same, other = (record(request_id=request_id, endpoint=name)["exchange_id"] for name in "aab")
    assert one == same != other


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"full_request": "{cut"}, "full_request"),
        ({"full_response": "[cut"}, "full_response"),
        ({"full_request": {"contents": 7}}, "contents[0]"),
        ({"model": 7}, "model"),
    ],
)
def test_a_malformed_row_is_refused_by_field(said, field):
    (refused,) = refusals(READER, LogFile(row(**said)))
    assert (refused.file, refused.line, refused.field) == ("log.jsonl", 1, field)


def test_only_rows_of_the_table_are_recognised():
    assert READER.recognises(LogFile(row()).head())
    assert not READER.recognises(LogFile({"logging_time": "x"}, {"full_request": {}}, 7).head())
    assert not READER.recognises(LogFile().head())


def test_a_first_line_longer_than_the_head_is_recognised_by_its_beginning():
    assert READER.recognises(Head(json.dumps(row()).encode()[:-9], ()))
    assert not READER.recognises(Head(b'{"exchange_id": "', ()))


@given(JSON_VALUES, st.sampled_from(["full_request", "full_response", "model", "endpoint", "request_id"]))
def test_any_row_is_read_or_refused(value, key):
    for item in READER.read([LogFile(value, row(**{key: value}), row(ASKED, [value]))]):
        assert isinstance(item, Parsed | Rejection)
