"""The words that LiteLLM's two logs share."""

from __future__ import annotations

import pytest

from stillwatch.exchanges import litellm
from stillwatch.exchanges.bodies import apis


@pytest.mark.parametrize(
    ("call_type", "api"),
    [
        ("completion", apis.CHAT),
        ("acompletion", apis.CHAT),
        ("aresponses", apis.RESPONSES),
        ("anthropic_messages", apis.MESSAGES),
        ("aembedding", apis.EMBEDDINGS),
        ("agenerate_content_stream", apis.GEMINI),
        ("atranscription", None),
        ("list_batches", None),
        (None, None),
    ],
)
def test_a_call_type_names_its_api(call_type, api):
    assert litellm.api_of_call(call_type) is api


def test_what_is_no_inference_has_no_conversation():
    assert litellm.request_fields("aimage_generation", {"n": 1}, [{"role": "user", "content": "x"}]) == {}


def test_json_columns_are_unpacked_and_text_is_left():
    assert litellm.unpacked('{"a": 1}') == {"a": 1}
    assert litellm.unpacked("[broken") == "[broken"
    assert litellm.unpacked(7) == 7


def test_a_bad_time_is_left_to_validation_to_name():
    assert litellm.spans("yesterday", None, None, True) == {"time": "yesterday"}
    assert litellm.spans(2, 1, 1, True) == {"time": 2}


def test_an_odd_error_code_is_no_status():
    found = litellm.outcome("failure", {"error_code": "quota", "error_class": "QuotaError"}, {}, None)
    assert found == {"error_type": "QuotaError", "finish_reason": "error"}
