"""Message events add up to the Message."""

from __future__ import annotations

from hypothesis import given

from stillwatch.exchanges.bodies.anthropic_messages import anthropic_response
from stillwatch.exchanges.bodies.anthropic_stream import assemble_message
from tests.exchanges.bodies.makers import CUTS, WHOLE_MESSAGE, message_stream


@given(CUTS)
def test_a_message_stream_cut_anywhere_is_the_message(cuts):
    body = assemble_message(message_stream(WHOLE_MESSAGE, cuts))
    assert anthropic_response(body) == anthropic_response(WHOLE_MESSAGE)


def test_a_truncated_stream_gives_what_arrived_and_no_reason_to_finish():
    events = message_stream(WHOLE_MESSAGE, [5])
    upto = next(i for i, event in enumerate(events) if event.get("delta", {}).get("text"))
    record = anthropic_response(assemble_message(events[: upto + 1]))
    assert record["output"] == "Let m"
    assert record["reasoning"] == "The user wants the weather."
    assert "finish_reason" not in record


def test_arguments_cut_off_are_kept_as_text():
    events = message_stream(WHOLE_MESSAGE, [9])
    cut = max(i for i, e in enumerate(events) if e.get("delta", {}).get("partial_json"))
    record = anthropic_response(assemble_message(events[:cut]))
    assert record["tool_calls"] == [{"name": "weather", "arguments": '{"city": '}]


def test_an_error_inside_a_stream_is_the_end_of_the_answer():
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    record = anthropic_response(assemble_message([*message_stream(WHOLE_MESSAGE, [])[:-2], error]))
    assert (record["finish_reason"], record["error_type"]) == ("error", "overloaded_error")
    assert record["output"] == "Let me look."


def test_later_counts_replace_earlier_ones_and_nulls_nothing():
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 5, "output_tokens": 1}}}
    delta = {"type": "message_delta", "delta": {}, "usage": {"input_tokens": None, "output_tokens": 9}}
    record = anthropic_response(assemble_message([start, delta]))
    assert record == {"input_tokens": 5, "output_tokens": 9}
