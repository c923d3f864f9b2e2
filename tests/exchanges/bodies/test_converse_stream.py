"""ConverseStream events add up to the Converse body."""

from __future__ import annotations

from hypothesis import given

from stillwatch.exchanges.bodies.bedrock_converse import converse_response
from stillwatch.exchanges.bodies.converse_stream import assemble_converse
from tests.exchanges.bodies import makers
from tests.exchanges.bodies.makers import CUTS


@given(CUTS)
def test_a_converse_stream_cut_anywhere_is_the_response(cuts):
    whole = makers.converse_response(
        {"reasoningContent": {"reasoningText": {"text": "Weighing it.", "signature": "c2ln"}}},
        {"text": "Let me look."},
        {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Bern"}}},
        stopReason="tool_use",
    )
    assert converse_response(assemble_converse(makers.converse_stream(whole, cuts))) == converse_response(
        whole
    )


def test_a_stream_cut_off_inside_arguments_keeps_them_as_text():
    call = {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Bern"}}}
    events = makers.converse_stream(makers.converse_response(call), [9])[:3]
    record = converse_response(assemble_converse(events))
    assert record == {"tool_calls": [{"name": "weather", "arguments": '{"city": '}]}
