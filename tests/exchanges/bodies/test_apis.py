"""The API of a pair is told from its path, else from its bodies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies import apis
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import JSON_VALUES

BEDROCK = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0"
VERTEX = "/v1/projects/p/locations/us-east5/publishers"


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/v1/chat/completions", apis.CHAT),
        ("https://api.openai.com/v1/chat/completions?x=1", apis.CHAT),
        ("/openai/deployments/gpt4/chat/completions?api-version=2024-10-21", apis.CHAT),
        ("/v1beta/openai/chat/completions", apis.CHAT),
        ("/v1/responses", apis.RESPONSES),
        ("/v1/messages?beta=true", apis.MESSAGES),
        ("/anthropic/v1/messages/", apis.MESSAGES),
        (f"{VERTEX}/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict", apis.MESSAGES),
        ("/v1/completions", apis.COMPLETIONS),
        ("/v1/complete", apis.PROMPT),
        ("/v1/embeddings", apis.EMBEDDINGS),
        ("/v1beta/models/gemini-3-pro:generateContent", apis.GEMINI),
        (f"{VERTEX}/google/models/gemini-3-pro:streamGenerateContent?alt=sse", apis.GEMINI),
        (f"{BEDROCK}/converse", apis.CONVERSE),
        (f"{BEDROCK}/converse-stream", apis.CONVERSE),
        (f"{BEDROCK}/invoke", None),
        ("/v1/models", None),
        (None, None),
    ],
)
def test_known_endpoints(path, api):
    assert apis.api_of_path(path) is api
    assert not apis.is_no_inference(path)


@pytest.mark.parametrize(
    "path", ["/v1/messages/count_tokens", "/v1/messages/batches", "/v1beta/models/gemini-3-pro:countTokens"]
)
def test_endpoints_that_answer_nothing(path):
    assert apis.is_no_inference(path)
    assert apis.api_of_path(path) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            f"{BEDROCK}/converse",
            {"model": "anthropic.claude-sonnet-4-5-20250929-v1:0", "platform": "bedrock"},
        ),
        ("/model/meta.llama3-v1:0/invoke", {"model": "meta.llama3-v1:0", "platform": "bedrock"}),
        (
            f"{VERTEX}/google/models/gemini-3-pro:streamGenerateContent",
            {"model": "gemini-3-pro", "stream": True, "platform": "vertex"},
        ),
        (f"{VERTEX}/anthropic/models/claude@1:rawPredict", {"model": "claude@1", "platform": "vertex"}),
        ("/openai/deployments/gpt4/chat/completions", {"model": "gpt4", "platform": "azure"}),
        ("/openai/v1/chat/completions", {}),
        ("/v1/models/gpt-4o", {}),
        (None, {}),
    ],
)
def test_what_a_path_says(path, said):
    assert apis.from_path(path) == said


@pytest.mark.parametrize(
    ("request_body", "response_body", "api"),
    [
        (makers.chat_request(), {}, apis.CHAT),
        ({}, makers.chat_response(), apis.CHAT),
        (makers.message_request(), {}, apis.MESSAGES),
        ({}, makers.message_response(), apis.MESSAGES),
        ({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5}, {}, apis.CHAT),
        ({"messages": [{"role": "user", "content": "Hi"}]}, makers.message_response(), apis.MESSAGES),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": "x"}]}]},
            {},
            apis.MESSAGES,
        ),
        (makers.responses_request(), {}, apis.RESPONSES),
        ({}, makers.responses_response(), apis.RESPONSES),
        ({"model": "e", "input": "Hi"}, {}, apis.EMBEDDINGS),
        ({"contents": []}, {}, apis.GEMINI),
        ({}, makers.gemini_response(), apis.GEMINI),
        ({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}, {}, apis.CONVERSE),
        ({"messages": [], "inferenceConfig": {}}, {}, apis.CONVERSE),
        ({}, makers.converse_response(), apis.CONVERSE),
        ({"model": "m", "prompt": "Hi"}, {}, apis.COMPLETIONS),
        ({"prompt": "Hi", "max_gen_len": 5}, {"generation": "x"}, apis.PROMPT),
        ({"inputText": "Hi"}, {"results": []}, apis.PROMPT),
        ({"message": "Hi"}, {}, apis.PROMPT),
        ({}, {}, None),
        ({"file": "x"}, {"id": "file-1"}, None),
    ],
)
def test_bodies_tell_their_api(request_body, response_body, api):
    assert apis.api_of_bodies(request_body, response_body) is api


@given(
    st.dictionaries(
        st.sampled_from(["messages", "system", "input", "output", "type", "content"]), JSON_VALUES
    )
)
def test_no_body_raises(body):
    apis.api_of_bodies(body, body)
    apis.api_of_bodies({"messages": [body]}, {})


def test_a_malformed_request_is_empty_only_if_the_service_refused_it():
    assert apis.CHAT.asked({"model": 7}, refused=True) == {}
    with pytest.raises(BodyError):
        apis.CHAT.asked({"model": 7}, refused=False)


def test_a_path_too_long_for_an_endpoint_is_none():
    assert apis.api_of_path("/x" * 100_000 + "/v1/messages") is None
    assert apis.from_path("/model/" + "x" * 100_000 + "/converse") == {}


@given(st.text(max_size=60))
def test_no_path_raises(path):
    apis.api_of_path(path)
    apis.from_path("/model/" + path)
