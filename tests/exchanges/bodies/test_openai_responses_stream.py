"""Typed response events add up to the response."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.openai_responses import responses_response
from stillwatch.exchanges.bodies.openai_responses_stream import assemble_response
from tests.exchanges.bodies.makers import CUTS, WHOLE_RESPONSE, responses_stream


@given(CUTS, st.booleans())
def test_a_response_stream_cut_anywhere_is_the_response(cuts, closed):
    body = assemble_response(responses_stream(WHOLE_RESPONSE, cuts, closed))
    assert responses_response(body) == responses_response(WHOLE_RESPONSE)


def test_a_response_cut_off_gives_its_deltas_but_no_unfinished_seal():
    events = responses_stream(WHOLE_RESPONSE, [8])
    added = {"type": "response.output_item.added", "output_index": 0, "item": WHOLE_RESPONSE["output"][0]}
    record = responses_response(assemble_response([events[0], added]))
    assert "reasoning_issued" not in record
    cut = next(i for i, event in enumerate(events) if event["type"] == "response.output_text.delta")
    record = responses_response(assemble_response(events[: cut + 1]))
    assert (record["output"], record.get("finish_reason")) == ("Let me l", None)


def test_deltas_alone_make_the_items():
    events = [e for e in responses_stream(WHOLE_RESPONSE, [4]) if ".delta" in e["type"]]
    record = responses_response(assemble_response(events))
    assert (record["output"], record["reasoning"]) == ("Let me look.", "Thinking of water.")
    assert record["tool_calls"] == [{"name": "", "arguments": '{"city": "Bern"}'}]


def test_an_error_event_is_an_error():
    failed = {"type": "error", "code": "server_error", "message": "…"}
    record = responses_response(assemble_response([{"type": "response.created", "response": {}}, failed]))
    assert record["error_type"] == "server_error"
