"""Raw request/response pairs become exchanges."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Head, Parsed, Rejection
from stillwatch.exchanges.readers.pairs import READER
from stillwatch.exchanges.validate import validate
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES, as_sse, chat_stream, message_stream
from tests.exchanges.readers.fakes import LogFile, records, refusals

HEADERS = {"Host": "api.example.com", "User-Agent": "OpenAI/Python 3.3.0", "X-Stainless-Lang": "python"}


def pair(
    path: str = "/v1/chat/completions",
    request: dict[str, Any] | None = None,
    response: dict[str, Any] | None = None,
    **said: Any,
) -> dict[str, Any]:
    """One pair; `request` and `response` say what differs inside the envelope."""
    sent = {"method": "POST", "path": path, "headers": HEADERS, "body": makers.chat_request()}
    answered = {"status": 200, "headers": {"x-request-id": "req_1"}, "body": makers.chat_response()}
    return {
        "time": "2026-11-02T06:00:00Z",
        "account_id": "acct_1",
        "request": sent | (request or {}),
        "response": answered | (response or {}),
    } | said


def record(*args: Any, **said: Any) -> dict[str, Any]:
    (only,) = records(READER, LogFile(pair(*args, **said)))
    return only


def test_a_whole_pair_is_a_valid_exchange():
    row = validate(record(ip="198.51.100.7", key_id="k1"))
    assert row["header_hash"]
    del row["header_hash"]
    assert row == {
        "exchange_id": "req_1",
        "time": datetime(2026, 11, 2, 6, tzinfo=UTC),
        "account_id": "acct_1",
        "key_id": "k1",
        "ip": "198.51.100.7",
        "api": "chat",
        "model": "gpt-4o",
        "model_served": "gpt-4o-2024-11-20",
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "status": 200,
        "response_id": "chatcmpl-1",
        "input_tokens": 20,
        "output_tokens": 8,
        "user_agent": "OpenAI/Python 3.3.0",
        "sdk": "python",
    }


def test_the_three_apis_are_told_apart():
    message = record("/v1/messages", {"body": makers.message_request()}, {"body": makers.message_response()})
    response = record(
        "/v1/responses", {"body": makers.responses_request()}, {"body": makers.responses_response()}
    )
    assert (message["api"], response["api"]) == ("messages", "responses")
    assert message["output"] == response["output"] == record()["output"]
    assert message["messages"] == response["messages"] == record()["messages"]


def test_bodies_may_be_json_in_strings():
    strings = record(
        request={"body": json.dumps(makers.chat_request())},
        response={"body": json.dumps(makers.chat_response())},
    )
    assert strings == record()


@pytest.mark.parametrize(("key", "listed"), [("sse", False), ("sse", True), ("body", False), ("body", True)])
def test_a_stream_says_what_the_unstreamed_pair_says(key, listed):
    stream: Any = chat_stream(makers.chat_response(), [4])
    streamed = {"sse": None, "body": None, key: stream if listed else as_sse(stream)}
    found = record(request={"body": makers.chat_request(stream=True)}, response=streamed)
    assert found == {**record(), "stream": True}


def test_an_anthropic_stream():
    stream = as_sse(message_stream(makers.message_response(), [4]), named=True, done=False)
    found = record("/v1/messages", {"body": makers.message_request()}, {"body": None, "sse": stream})
    assert (found["output"], found["stream"], found["finish_reason"]) == (
        "100 °C at sea level.",
        True,
        "stop",
    )


def test_a_gemini_array_of_chunks_is_a_stream():
    chunks = makers.gemini_stream(makers.gemini_response(), [4])
    body = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
    found = record("/v1beta/models/gemini-3-pro:streamGenerateContent", {"body": body}, {"body": chunks})
    assert (found["output"], found["model"], found["stream"]) == (
        "100 °C at sea level.",
        "gemini-3-pro",
        True,
    )


def test_a_gateways_own_path_leaves_it_to_the_bodies():
    found = record("/proxy/llm", {"body": makers.message_request()}, {"body": makers.message_response()})
    assert found["api"] == "messages"


def test_the_path_names_model_and_platform_where_the_body_does_not():
    body = makers.chat_request()
    del body["model"]
    found = record("/openai/deployments/gpt4/chat/completions", {"body": body})
    assert (found["model"], found["platform"]) == ("gpt4", "azure")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models"),
        ("POST", "/v1/messages/count_tokens"),
        ("POST", "/v1/files"),
        ("DELETE", "/v1/files/f"),
    ],
)
def test_a_request_that_is_no_inference_is_an_exchange_without_api(method, path):
    request = {"method": method, "body": "--boundary\r\nfile"}
    found = record(path, request, {"body": {"object": "list", "data": []}})
    assert "api" not in found
    assert "messages" not in found
    assert found["status"] == 200
    validate(found)


def test_columns_beside_the_pair_win():
    found = record(exchange_id="mine", model="other", platform="gateway:x", end_user_id="u", status=None)
    assert (found["exchange_id"], found["model"], found["platform"]) == ("mine", "other", "gateway:x")
    assert found["status"] == 200


def test_the_registered_profile_wins_over_the_bodys_user():
    headers = {"anthropic-user-profile-id": "uprof_1"}
    body = makers.message_request(metadata={"user_id": "u"})
    found = record("/v1/messages", {"body": body, "headers": headers}, {"body": makers.message_response()})
    assert found["end_user_id"] == "uprof_1"


def test_an_id_of_the_clients_choosing_is_not_the_exchanges():
    said = {"x-request-id": "always the same"}
    one, two = (record(request={"headers": said}, response={"headers": {}}, time=time) for time in (1.0, 2.0))
    assert one["exchange_id"] != two["exchange_id"]


def test_without_an_id_the_content_is_the_id():
    one, same, other = (record(response={"headers": None}, time=time) for time in (1.0, 1.0, 2.0))
    assert one["exchange_id"] == same["exchange_id"] != other["exchange_id"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"type": "rate_limit_error", "message": "…"}}, "rate_limit_error"),
        ('{"type": "error", "error": {"type": "overloaded_error"}}', "overloaded_error"),
        ("<html>Bad gateway</html>", None),
        (None, None),
        ([1], None),
        ({"detail": "nope", "choices": 7}, None),
    ],
)
def test_an_error_keeps_the_request(body, kind):
    found = record(response={"status": 529, "body": body})
    assert found["messages"] == record()["messages"]
    assert (found["status"], found["finish_reason"], found.get("error_type")) == (529, "error", kind)
    assert "output" not in found


@pytest.mark.parametrize("body", ["{cut", makers.chat_request(temperature="hot")])
def test_a_malformed_request_that_the_service_refused_is_an_exchange(body):
    error = {"error": {"type": "invalid_request_error", "message": "…"}}
    found = record(request={"body": body}, response={"status": 400, "body": error})
    assert (found["api"], found["status"], found["error_type"]) == ("chat", 400, "invalid_request_error")
    assert "messages" not in found


def test_a_pair_without_bodies_keeps_its_metadata():
    found = record(request={"body": None}, response={"body": None})
    assert found["api"] == "chat"
    assert validate(found)["account_id"] == "acct_1"


def test_a_pair_without_a_response_is_an_exchange():
    only = pair()
    del only["response"]
    (found,) = records(READER, LogFile(only))
    assert found["messages"]
    assert "status" not in found


@pytest.mark.parametrize(
    ("request_", "response", "field"),
    [
        ({"body": '{"messages": [{"role": "us'}, {}, "request.body"),
        ({"body": makers.chat_request(temperature="hot")}, {}, "request.body.temperature"),
        ({}, {"body": makers.chat_response(choices=7)}, "response.body.choices"),
        ({}, {"body": "<html>"}, "response.body"),
        ({}, {"status": "OK"}, "response.status"),
        ({"headers": 7}, {}, "request.headers"),
        ({}, {"sse": 7}, "response.sse"),
    ],
)
def test_a_malformed_part_is_refused_by_field(request_, response, field):
    (refused,) = refusals(READER, LogFile(pair(request=request_, response=response)))
    assert (refused.file, refused.line, refused.field) == ("log.jsonl", 1, field)
    assert "expected" in refused.reason
    assert refused.raw


def test_a_malformed_line_does_not_stop_the_next():
    items = list(READER.read([LogFile(7, pair(), {"request": 7}, pair())]))
    assert [type(item) for item in items] == [Rejection, Parsed, Rejection, Parsed]
    assert [item.line for item in items] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (pair(), True),
        ({"request": {"path": "/v1/models", "method": "GET"}}, True),
        ({"request": {"body": {}}, "response": {"status": 200}}, True),
        ({"request": {"model": "m"}, "response": "text"}, False),
        ({"exchange_id": "x", "time": 1, "account_id": "a"}, False),
        ({"custom_id": "x", "response": {"status_code": 200, "body": {}}}, False),
    ],
)
def test_only_envelopes_are_recognised(value, known):
    assert READER.recognises(LogFile(value).head()) is known


def test_an_empty_head_is_not_recognised():
    assert not READER.recognises(LogFile().head())


def test_a_first_line_longer_than_the_head_is_recognised_by_its_beginning():
    assert READER.recognises(Head(json.dumps(pair()).encode()[:-9], ()))
    assert not READER.recognises(Head(b'{"exchange_id": "', ()))


ENVELOPE_KEYS = st.sampled_from(
    ["request", "response", "method", "path", "headers", "body", "status", "sse", "messages",
     "role", "content", "choices", "message", "type", "model", "error"]
)  # fmt: skip
ENVELOPES = st.recursive(
    JSON_VALUES | st.sampled_from(["POST", "/v1/chat/completions", "/v1/messages", "data: {}", "user"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(ENVELOPE_KEYS, inner, max_size=5),
    max_leaves=16,
)


@given(ENVELOPES, ENVELOPES)
def test_any_line_is_read_or_refused(request, response):
    values = [request, {"request": request, "response": response}, pair(request={"body": request})]
    values += [pair(response={"body": response}), pair(response={"sse": [response]})]
    for item in READER.read([LogFile(*values)]):
        assert isinstance(item, Parsed | Rejection)
