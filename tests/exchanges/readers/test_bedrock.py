"""Bedrock invocation logs become exchanges."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Head, Parsed, Rejection
from stillwatch.exchanges.readers.bedrock import READER
from stillwatch.exchanges.validate import validate
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES
from tests.exchanges.readers.fakes import LogFile, records, refusals

ARN = "arn:aws:sts::123456789012:assumed-role/app/session"
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
CONVERSE = {
    "messages": [{"role": "user", "content": [{"text": "Weather?"}]}],
    "inferenceConfig": {"maxTokens": 512},
}


def invocation(asked: Any = CONVERSE, answered: Any = None, **said: Any) -> dict[str, Any]:
    """One log entry with these bodies."""
    return {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": "2026-11-02T06:00:00Z",
        "accountId": "123456789012",
        "identity": {"arn": ARN},
        "region": "us-east-1",
        "requestId": "a1b2",
        "operation": "Converse",
        "modelId": CLAUDE,
        "input": {"inputContentType": "application/json", "inputBodyJson": asked, "inputTokenCount": 20},
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": answered or makers.converse_response(),
            "outputTokenCount": 8,
        },
    } | said


def record(*args: Any, **said: Any) -> dict[str, Any]:
    (only,) = records(READER, LogFile(invocation(*args, **said)))
    return only


def test_a_converse_entry():
    found = record()
    validate(found)
    assert found == {
        "exchange_id": "a1b2",
        "time": "2026-11-02T06:00:00Z",
        "account_id": "123456789012",
        "key_id": ARN,
        "platform": "bedrock",
        "api": "chat",
        "model": CLAUDE,
        "messages": [{"role": "user", "content": "Weather?"}],
        "max_tokens": 512,
        "stream": False,
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_a_model_of_anthropic_in_its_own_shape():
    asked = makers.message_request(anthropic_version="bedrock-2023-05-31")
    del asked["model"]
    found = record(asked, makers.message_response(), operation="InvokeModel")
    assert (found["api"], found["model"], found["max_tokens"]) == ("messages", CLAUDE, 1024)
    assert found["model_served"] == "claude-sonnet-4-5-20250929"


def test_a_stream_is_put_together_and_timed():
    metrics = {
        "inputTokenCount": 20,
        "outputTokenCount": 8,
        "invocationLatency": 1500,
        "firstByteLatency": 300,
    }
    events = makers.message_stream(makers.message_response(), [4])
    events[-1] = {**events[-1], "amazon-bedrock-invocationMetrics": metrics}
    found = record(makers.message_request(), events, operation="InvokeModelWithResponseStream")
    assert found["output"] == "100 °C at sea level."
    assert (found["stream"], found["duration_ms"], found["ttft_ms"]) == (True, 1500.0, 300.0)


def test_a_converse_stream_is_put_together():
    events = makers.converse_stream(makers.converse_response(), [4])
    assert record(answered=events, operation="ConverseStream")["output"] == "100 °C at sea level."


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({"prompt": "Hi", "max_gen_len": 9}, {"generation": "Hello", "stop_reason": "stop"}),
        ({"inputText": "Hi"}, {"results": [{"outputText": "Hello", "completionReason": "FINISH"}]}),
        (
            {"inputText": "Hi"},
            [{"outputText": "Hel", "index": 0}, {"outputText": "lo", "completionReason": "FINISH"}],
        ),
        ({"message": "Hi"}, {"text": "Hello", "finish_reason": "COMPLETE"}),
        ({"message": "Hi"}, [{"text": "Hel"}, {"text": "lo"}, {"finish_reason": "COMPLETE"}]),
        (
            {"prompt": "Hi"},
            [{"outputs": [{"text": "Hel"}]}, {"outputs": [{"text": "lo", "stop_reason": "stop"}]}],
        ),
        ({"prompt": "Hi"}, {"outputs": [{"text": "Hello", "stop_reason": "stop"}]}),
        ({"messages": [{"role": "user", "content": "Hi"}]}, makers.chat_response({"content": "Hello"})),
    ],
)
def test_other_models_in_their_own_shapes(asked, answered):
    found = record(asked, answered, modelId="vendor.model-v1", operation="InvokeModel")
    assert found["messages"] == [{"role": "user", "content": "Hi"}]
    assert (found["output"], found["finish_reason"]) == ("Hello", "stop")


def test_embeddings_are_told_by_the_model():
    found = record({"inputText": "Hi"}, {"embedding": [0.1]}, modelId="amazon.titan-embed-text-v2:0")
    assert (found["api"], found["messages"]) == ("embeddings", [{"role": "user", "content": "Hi"}])
    found = record({"texts": ["a", "b"]}, {"embeddings": []}, modelId="cohere.embed-multilingual-v3")
    assert len(found["messages"]) == 2


def test_bodies_spilled_to_s3_leave_text_missing_and_are_told(caplog):
    entry = invocation()
    entry["input"] = {"inputBodyS3Path": "s3://b/a1b2_input.json.gz", "inputTokenCount": 90_000}
    entry["output"] = {"outputBodyS3Path": "s3://b/a1b2_output.json.gz", "outputTokenCount": 8}
    with caplog.at_level(logging.WARNING):
        found, _ = records(READER, LogFile(entry, invocation()))
    assert not {"messages", "output", "max_tokens", "api"} & found.keys()
    assert (found["input_tokens"], found["model"]) == (90_000, CLAUDE)
    (said,) = caplog.messages
    assert said.startswith("log.jsonl: 1 exchanges have a body in an S3 object")


def test_cached_input_is_counted_in():
    entry = invocation()
    entry["input"] |= {"inputTokenCount": 5, "cacheReadInputTokenCount": 90, "cacheWriteInputTokenCount": 7}
    (found,) = records(READER, LogFile(entry))
    assert (found["input_tokens"], found["cache_read_tokens"]) == (102, 90)


def test_an_error_keeps_the_request():
    found = record(output=None, errorCode="ThrottlingException", status=None)
    assert (found["error_type"], found["finish_reason"]) == ("ThrottlingException", "error")
    assert found["messages"]


def test_the_model_of_an_inference_profile_is_its_id():
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5"
    assert record(modelId=arn)["model"] == "us.anthropic.claude-sonnet-4-5"


def test_request_metadata_names_no_account():
    tags = {"end_user_id": "u", "account_id": "forged", "exchange_id": "forged", "team": "x", "session_id": 7}
    found = record(requestMetadata=tags)
    assert (found["end_user_id"], found["account_id"], found["exchange_id"]) == ("u", "123456789012", "a1b2")
    assert "session_id" not in found


def test_cloudwatch_exports_are_opened():
    entry = invocation()
    wrapped = [
        {"timestamp": 1, "message": json.dumps(entry)},
        {"logGroup": "g", "logEvents": [{"id": "1", "message": json.dumps(entry)}]},
        {"@message": entry},
    ]
    for value in wrapped:
        assert records(READER, LogFile(value)) == [record()]
        assert READER.recognises(LogFile(value).head())
        (parsed,) = READER.read([LogFile(value)])
        assert json.loads(parsed.raw) == entry


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"input": 7}, "input"),
        ({"modelId": 7}, "modelId"),
        ({"input": {"inputBodyJson": "{cut"}}, "input.inputBodyJson"),
        ({"input": {"inputTokenCount": "many"}}, "input.inputTokenCount"),
        ({"identity": "me"}, "identity"),
    ],
)
def test_a_malformed_entry_is_refused_by_field(said, field):
    (refused,) = refusals(READER, LogFile(invocation(**said)))
    assert (refused.file, refused.line, refused.field) == ("log.jsonl", 1, field)


def test_only_invocation_logs_are_recognised():
    assert READER.recognises(LogFile(invocation()).head())
    assert not READER.recognises(LogFile({"message": "hello"}, 7).head())
    assert not READER.recognises(LogFile().head())


def test_a_first_line_longer_than_the_head_is_recognised_by_its_beginning():
    assert READER.recognises(Head(json.dumps(invocation()).encode()[:-9], ()))
    assert not READER.recognises(Head(b'{"exchange_id": "', ()))


LOG_KEYS = st.sampled_from(
    ["input", "output", "inputBodyJson", "outputBodyJson", "messages", "content", "text",
     "role", "modelId", "message", "logEvents", "identity", "errorCode", "generation",
     "amazon-bedrock-invocationMetrics", "requestMetadata"]
)  # fmt: skip
LOGS = st.recursive(
    JSON_VALUES | st.sampled_from(["user", "amazon.titan-embed", "ModelInvocationLog"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(LOG_KEYS, inner, max_size=5),
    max_leaves=14,
)


@given(LOGS, LOGS)
def test_any_entry_is_read_or_refused(one, other):
    values = [
        one,
        invocation(one, other),
        {"schemaType": "ModelInvocationLog", "input": one, "output": other},
    ]
    for item in READER.read([LogFile(*values)]):
        assert isinstance(item, Parsed | Rejection)
    READER.recognises(LogFile(*values).head())
