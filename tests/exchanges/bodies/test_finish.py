"""Every vendor's word for the end of an answer has one of six meanings, or none."""

from __future__ import annotations

import pytest
from hypothesis import given

from stillwatch.exchanges.bodies.finish import finish_reason
from tests.exchanges.bodies.makers import JSON_VALUES

MEANINGS = {"stop", "length", "tool_calls", "refusal", "content_filter", "error"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stop", "stop"), ("end_turn", "stop"), ("stop_sequence", "stop"), ("STOP", "stop"),
        ("COMPLETE", "stop"),
        ("FINISH", "stop"), ("length", "length"), ("max_tokens", "length"), ("MAX_TOKENS", "length"),
        ("max_output_tokens", "length"), ("model_context_window_exceeded", "length"),
        ("tool_calls", "tool_calls"), ("function_call", "tool_calls"), ("tool_use", "tool_calls"),
        ("refusal", "refusal"), ("content_filter", "content_filter"), ("SAFETY", "content_filter"),
        ("guardrail_intervened", "content_filter"), ("MALFORMED_FUNCTION_CALL", "error"), ("failed", "error"),
    ],
)  # fmt: skip
def test_the_vendors_words_are_known(said, meant):
    assert finish_reason(said) == meant


@given(JSON_VALUES)
def test_a_word_not_known_says_nothing(value):
    assert finish_reason(value) in MEANINGS | {None}
    assert finish_reason("FINISH_REASON_UNSPECIFIED") is None
