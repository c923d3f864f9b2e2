"""generateContent bodies, in both spellings of their keys."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError, schema_hash
from stillwatch.exchanges.bodies.gemini import camel, gemini_request, gemini_response
from tests.exchanges.bodies.makers import JSON_VALUES
from tests.exchanges.bodies.makers import gemini_response as response

CALL = {"functionCall": {"name": "weather", "args": {"city": "Bern"}}, "thoughtSignature": "c2ln"}


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def request(**said: Any) -> dict[str, Any]:
    """One generateContent request."""
    return {
        "contents": [{"role": "user", "parts": [{"text": "Weather?"}]}],
        "systemInstruction": {"parts": [{"text": "Answer briefly."}]},
        "generationConfig": {"temperature": 0.2, "topP": 0.9, "maxOutputTokens": 512, "candidateCount": 2},
    } | said


def test_a_plain_request_in_either_spelling():
    expected = {
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "Weather?"}],
        "temperature": 0.2,
        "top_p": 0.9,
        "max_tokens": 512,
        "n": 2,
    }
    snake = {
        "contents": "Weather?",
        "system_instruction": "Answer briefly.",
        "generation_config": {
            "temperature": 0.2,
            "top_p": 0.9,
            "max_output_tokens": 512,
            "candidate_count": 2,
        },
    }
    assert gemini_request(request()) == gemini_request(snake) == expected


def test_a_plain_response():
    assert gemini_response(response()) == {
        "response_id": "r1",
        "model_served": "gemini-3-pro",
        "output": "100 °C at sea level.",
        "finish_reason": "stop",
        "input_tokens": 20,
        "output_tokens": 8,
    }


def test_an_agent_loop_with_media():
    picture = base64.b64encode(b"picture").decode()
    turns = [
        {
            "role": "user",
            "parts": [{"inlineData": {"mimeType": "image/png", "data": picture}}, {"text": "Where?"}],
        },
        {"role": "model", "parts": [{"text": "Hm.", "thought": True}, {"text": "Looking."}, CALL]},
        {"role": "user", "parts": [{"functionResponse": {"name": "weather", "response": {"t": 12}}}]},
        {"role": "user", "parts": [{"file_data": {"mime_type": "application/pdf", "file_uri": "gs://b/f"}}]},
    ]
    record = gemini_request(request(contents=turns))
    assert record["messages"] == [
        {"role": "user", "content": f"[image:{sha(b'picture')}]\nWhere?"},
        {"role": "assistant", "content": 'Looking.\n[tool_call:weather] {"city":"Bern"}'},
        {"role": "tool", "content": '{"t":12}'},
        {"role": "user", "content": f"[file:{sha('gs://b/f')}]"},
    ]
    assert record["reasoning_ref"] == [sha("c2ln")]


def test_a_whole_answer():
    record = gemini_response(response({"text": "Hm.", "thought": True}, {"text": "Looking."}, CALL))
    assert (record["output"], record["reasoning"]) == ("Looking.", "Hm.")
    assert record["reasoning_issued"] == [sha("c2ln")]
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city":"Bern"}'}]
    assert record["finish_reason"] == "tool_calls"


def test_thoughts_count_as_output():
    usage = {
        "promptTokenCount": 9,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 30,
        "cachedContentTokenCount": 4,
    }
    record = gemini_response(response(usageMetadata=usage))
    assert (record["output_tokens"], record["reasoning_tokens"], record["cache_read_tokens"]) == (35, 30, 4)


def test_a_blocked_prompt_keeps_the_reason():
    record = gemini_response({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    assert record == {"finish_reason": "content_filter", "refusal_category": "PROHIBITED_CONTENT"}


def test_tools_schema_and_thinking():
    schema = {"type": "OBJECT"}
    config = {
        "responseMimeType": "application/json",
        "responseSchema": schema,
        "thinkingConfig": {"thinkingBudget": 1024},
        "seed": 7,
        "responseLogprobs": True,
    }
    tools = [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}, {"googleSearch": {}}]
    record = gemini_request(request(tools=tools, generationConfig=config))
    assert record["tools"] == ["f", "g", "googleSearch"]
    assert record["response_format"] == schema_hash(schema, "")
    assert (record["reasoning_effort"], record["seed"], record["logprobs"]) == ("1024", 7, True)
    del config["responseSchema"]
    assert gemini_request(request(generationConfig=config))["response_format"] == "json_object"


def test_keys_without_underscores_are_left_alone():
    body = {"topP": 1}
    assert camel(body) is body
    assert camel({"max_output_tokens": 1}) == {"maxOutputTokens": 1}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"contents": [7]}, "contents[0]"),
        ({"contents": [{"parts": 7}]}, "contents[0].parts"),
        ({"contents": [{"parts": [{"text": 7}]}]}, "contents[0].parts[0].text"),
        ({"generationConfig": {"topP": "x"}}, "generationConfig.topP"),
    ],
)
def test_a_wrong_type_is_refused_by_field(said, field):
    with pytest.raises(BodyError) as raised:
        gemini_request(request(**said))
    assert raised.value.field == field


KEYS = sorted(
    {*request(), *response(), "role", "parts", "text", "thought", "functionCall",
     "functionResponse", "inlineData", "name", "args", "data", "tools", "functionDeclarations",
     "content", "thoughtSignature", "finishReason"}
)  # fmt: skip


@given(
    st.recursive(JSON_VALUES, lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(KEYS), v))
)
def test_any_body_is_read_or_refused(value):
    for convert in (gemini_request, gemini_response):
        for body in (value, {"contents": value}, {"contents": [{"parts": [value]}]}, {"candidates": [value]}):
            if isinstance(body, dict):
                with contextlib.suppress(BodyError):
                    assert None not in convert(body).values()
