"""Converse bodies: parts named by a key."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.bedrock_converse import converse_request, converse_response
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies.makers import JSON_VALUES
from tests.exchanges.bodies.makers import converse_response as response

THOUGHT = {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}}
HIDDEN = {"reasoningContent": {"redactedContent": "b3BhcXVl"}}
CALL = {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Bern"}}}


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def request(**said: Any) -> dict[str, Any]:
    """One Converse request."""
    return {
        "messages": [{"role": "user", "content": [{"text": "Weather?"}]}],
        "system": [{"text": "Answer briefly."}, {"cachePoint": {"type": "default"}}],
        "inferenceConfig": {"maxTokens": 512, "temperature": 0.2, "topP": 0.9},
    } | said


def test_a_plain_request():
    assert converse_request(request()) == {
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "Weather?"}],
        "max_tokens": 512,
        "temperature": 0.2,
        "top_p": 0.9,
    }


def test_a_plain_response():
    assert converse_response(response()) == {
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_an_agent_loop_with_reasoning_and_media():
    picture = base64.b64encode(b"picture").decode()
    result = {
        "toolResult": {
            "toolUseId": "t1",
            "content": [{"json": {"t": 12}}, {"text": "cold"}],
            "status": "success",
        }
    }
    turns = [
        {
            "role": "user",
            "content": [{"image": {"format": "png", "source": {"bytes": picture}}}, {"text": "Where?"}],
        },
        {"role": "assistant", "content": [THOUGHT, HIDDEN, {"text": "Looking."}, CALL]},
        {"role": "user", "content": [result, {"guardContent": {"text": {"text": "Sure?"}}}]},
    ]
    record = converse_request(request(messages=turns))
    assert record["messages"] == [
        {"role": "user", "content": f"[image:{sha(b'picture')}]\nWhere?"},
        {"role": "assistant", "content": 'Looking.\n[tool_call:weather] {"city":"Bern"}'},
        {"role": "tool", "content": '{"t":12}\ncold'},
        {"role": "user", "content": "Sure?"},
    ]
    assert record["reasoning_ref"] == [sha("c2ln"), sha("b3BhcXVl")]


def test_a_whole_answer():
    record = converse_response(response(THOUGHT, HIDDEN, {"text": "Looking."}, CALL, stopReason="tool_use"))
    assert (record["output"], record["reasoning"]) == ("Looking.", "Hm.")
    assert record["reasoning_issued"] == [sha("c2ln"), sha("b3BhcXVl")]
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city":"Bern"}'}]
    assert record["finish_reason"] == "tool_calls"


def test_tools_and_budget():
    tools = [
        {"toolSpec": {"name": "weather", "inputSchema": {"json": {}}}},
        {"cachePoint": {"type": "default"}},
    ]
    extra = {"thinking": {"type": "enabled", "budget_tokens": 4096}}
    record = converse_request(request(toolConfig={"tools": tools}, additionalModelRequestFields=extra))
    assert record["tools"] == ["weather", "cachePoint"]
    assert record["reasoning_effort"] == "4096"


def test_a_document_in_a_bucket_is_marked_by_its_place():
    document = {"document": {"name": "d", "format": "pdf", "source": {"s3Location": {"uri": "s3://b/k"}}}}
    text = converse_request(request(messages=[{"role": "user", "content": [document]}]))["messages"][0][
        "content"
    ]
    assert text.startswith("[file:")


def test_cached_input_is_counted_in():
    usage = {"inputTokens": 5, "outputTokens": 1, "cacheReadInputTokens": 90, "cacheWriteInputTokens": 7}
    record = converse_response(response(usage=usage))
    assert (record["input_tokens"], record["cache_read_tokens"]) == (102, 90)


def test_a_guardrail_is_a_content_filter():
    assert converse_response(response(stopReason="guardrail_intervened"))["finish_reason"] == "content_filter"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"messages": [7]}, "messages[0]"),
        ({"messages": [{"role": "user", "content": [7]}]}, "messages[0].content[0]"),
        ({"inferenceConfig": {"maxTokens": "many"}}, "inferenceConfig.maxTokens"),
    ],
)
def test_a_wrong_type_is_refused_by_field(said, field):
    with pytest.raises(BodyError) as raised:
        converse_request(request(**said))
    assert raised.value.field == field


KEYS = sorted(
    {*request(), *response(), "role", "content", "text", "toolUse", "toolResult", "image",
     "source", "bytes", "name", "input", "reasoningContent", "reasoningText", "signature",
     "message", "toolConfig", "tools", "json"}
)  # fmt: skip


@given(
    st.recursive(JSON_VALUES, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(KEYS), v))
)
def test_any_body_is_read_or_refused(value):
    for convert in (converse_request, converse_response):
        bodies = (value, {"messages": [{"role": "user", "content": value}]}, {"output": {"message": value}})
        for body in bodies:
            if isinstance(body, dict):
                with contextlib.suppress(BodyError):
                    assert None not in convert(body).values()
