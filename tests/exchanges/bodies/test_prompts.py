"""Prompt-shaped bodies of the models on Bedrock."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.bodies.prompts import prompt_request, prompt_response
from tests.exchanges.bodies.makers import JSON_VALUES

USER = [{"role": "user", "content": "Hi"}]


@pytest.mark.parametrize(
    ("body", "longest"),
    [
        (
            {
                "inputText": "Hi",
                "textGenerationConfig": {"maxTokenCount": 9, "temperature": 0.5, "topP": 0.9},
            },
            9,
        ),
        ({"prompt": "Hi", "max_gen_len": 8, "temperature": 0.5, "top_p": 0.9}, 8),
        ({"prompt": "Hi", "max_tokens": 7, "temperature": 0.5, "top_p": 0.9}, 7),
        ({"prompt": "Hi", "max_tokens_to_sample": 6, "temperature": 0.5, "top_p": 0.9}, 6),
        ({"message": "Hi", "max_tokens": 5, "temperature": 0.5, "p": 0.9}, 5),
        ({"prompt": "Hi", "maxTokens": 4, "temperature": 0.5, "topP": 0.9}, 4),
    ],
)
def test_every_vendors_prompt(body, longest):
    record = prompt_request(body)
    assert record == {"messages": USER, "max_tokens": longest, "temperature": 0.5, "top_p": 0.9}


def test_earlier_turns_come_first():
    history = [{"role": "USER", "message": "Hello"}, {"role": "CHATBOT", "message": "Yes?"}]
    record = prompt_request({"message": "Hi", "chat_history": history, "preamble": "Be kind."})
    assert [turn["role"] for turn in record["messages"]] == ["user", "assistant", "user"]
    assert record["system"] == "Be kind."


@pytest.mark.parametrize(
    ("body", "finish"),
    [
        ({"results": [{"outputText": "Hello", "completionReason": "FINISH", "tokenCount": 2}]}, "stop"),
        ({"generation": "Hello", "stop_reason": "length", "generation_token_count": 2}, "length"),
        ({"outputs": [{"text": "Hello", "stop_reason": "stop"}]}, "stop"),
        ({"completion": "Hello", "stop_reason": "stop_sequence"}, "stop"),
        ({"text": "Hello", "finish_reason": "COMPLETE"}, "stop"),
        ({"generations": [{"text": "Hello", "finish_reason": "MAX_TOKENS"}]}, "length"),
        ({"completions": [{"data": {"text": "Hello"}, "finishReason": {"reason": "length"}}]}, "length"),
    ],
)
def test_every_vendors_answer(body, finish):
    record = prompt_response(body)
    assert (record["output"], record["finish_reason"]) == ("Hello", finish)


@given(
    st.dictionaries(
        st.sampled_from(
            ["prompt", "message", "chat_history", "results", "outputs", "generation", "stop_reason"]
        ),
        JSON_VALUES,
    )
)
def test_any_body_is_read_or_refused(body):
    for convert in (prompt_request, prompt_response):
        with contextlib.suppress(BodyError):
            convert(body)
