"""Chunks of streamGenerateContent add up to the response."""

from __future__ import annotations

from hypothesis import given

from stillwatch.exchanges.bodies.gemini import gemini_response
from stillwatch.exchanges.bodies.gemini_stream import assemble_gemini
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import CUTS


@given(CUTS)
def test_a_gemini_stream_cut_anywhere_is_the_response(cuts):
    whole = makers.gemini_response(
        {"text": "Weighing it.", "thought": True},
        {"text": "Let me look."},
        {"functionCall": {"name": "weather", "args": {"city": "Bern"}}, "thoughtSignature": "c2ln"},
    )
    assert gemini_response(assemble_gemini(makers.gemini_stream(whole, cuts))) == gemini_response(whole)


def test_a_stream_cut_off_has_no_reason_to_finish():
    chunks = makers.gemini_stream(makers.gemini_response(), [3])[:1]
    assert gemini_response(assemble_gemini(chunks)) == {"output": "100"}


def test_snake_case_chunks_are_read_too():
    chunks = [{"candidates": [{"content": {"parts": [{"text": "a"}]}}], "model_version": "gemini-3-pro"}]
    assert gemini_response(assemble_gemini(chunks)) == {"output": "a", "model_served": "gemini-3-pro"}
