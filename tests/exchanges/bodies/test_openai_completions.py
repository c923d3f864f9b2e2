"""Prompt-shaped bodies of OpenAI: legacy completions and embeddings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.bodies.openai_completions import (
    completions_request,
    completions_response,
    embeddings_request,
    embeddings_response,
)
from tests.exchanges.bodies.makers import JSON_VALUES


def test_a_prompt_is_a_user_message():
    record = completions_request(
        {"model": "m", "prompt": "Once", "max_tokens": 5, "logprobs": 3, "user": "u"}
    )
    assert record == {
        "model": "m",
        "messages": [{"role": "user", "content": "Once"}],
        "max_tokens": 5,
        "logprobs": True,
        "end_user_id": "u",
    }


def test_a_batch_of_prompts_is_a_message_each():
    said = completions_request({"prompt": ["a", "b"]})["messages"]
    assert [turn["content"] for turn in said] == ["a", "b"]


def test_token_numbers_are_comparable_though_opaque():
    one, two, three = (
        completions_request({"prompt": tokens})["messages"] for tokens in ([1, 2], [1, 2], [[1, 2], [3]])
    )
    assert one == two
    assert one[0]["content"].startswith("[tokens:")
    assert three[0] == one[0]
    assert len(three) == 2


def test_a_completion():
    body = {
        "id": "cmpl-1",
        "object": "text_completion",
        "model": "m-1",
        "choices": [{"text": " upon a time", "index": 0, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 3},
    }
    assert completions_response(body) == {
        "response_id": "cmpl-1",
        "model_served": "m-1",
        "output": " upon a time",
        "finish_reason": "length",
        "input_tokens": 1,
        "output_tokens": 3,
    }


def test_embeddings_keep_texts_and_counts_but_no_vectors():
    assert embeddings_request({"model": "e", "input": ["a"]})["messages"] == [
        {"role": "user", "content": "a"}
    ]
    body = {"object": "list", "data": [{"embedding": [0.1]}], "model": "e", "usage": {"prompt_tokens": 1}}
    assert embeddings_response(body) == {"model_served": "e", "input_tokens": 1}


def test_a_wrong_type_is_refused_by_field():
    with pytest.raises(BodyError, match="max_tokens"):
        completions_request({"prompt": "x", "max_tokens": "five"})


@given(st.dictionaries(st.sampled_from(["prompt", "input", "choices", "usage", "logprobs"]), JSON_VALUES))
def test_any_body_is_read_or_refused(body):
    for convert in (completions_request, completions_response, embeddings_request, embeddings_response):
        with contextlib.suppress(BodyError):
            convert(body)
