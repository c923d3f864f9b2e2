"""Chat completion chunks add up to the completion."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from stillwatch.exchanges.bodies.openai_chat import openai_response
from stillwatch.exchanges.bodies.openai_chat_stream import assemble_chat
from stillwatch.exchanges.bodies.openai_completions import completions_response
from tests.exchanges.bodies.makers import CUTS, WHOLE_CHAT, chat_response, chat_stream


@given(CUTS)
def test_a_chat_stream_cut_anywhere_is_the_completion(cuts):
    assert openai_response(assemble_chat(chat_stream(WHOLE_CHAT, cuts))) == openai_response(WHOLE_CHAT)


def test_a_stream_cut_off_has_no_reason_to_finish():
    record = openai_response(assemble_chat(chat_stream(chat_response(), [3])[:3]))
    assert record["output"] == "100"
    assert "finish_reason" not in record


def test_only_the_first_choice_is_the_answer():
    def chunk(index: int, text: str) -> dict[str, Any]:
        return {"choices": [{"index": index, "delta": {"content": text}, "finish_reason": None}]}

    body = assemble_chat([chunk(1, "no"), chunk(0, "yes"), chunk(1, "no"), chunk(0, "!")])
    assert openai_response(body)["output"] == "yes!"


def test_tool_calls_without_an_index_go_on_with_the_latest():
    deltas = [
        {"id": "a", "function": {"name": "f", "arguments": "{"}},
        {"function": {"arguments": "}"}},
        {"id": "b", "function": {"name": "g", "arguments": "{}"}},
    ]
    body = assemble_chat([{"choices": [{"delta": {"tool_calls": [delta]}}]} for delta in deltas])
    calls = [{"name": "f", "arguments": "{}"}, {"name": "g", "arguments": "{}"}]
    assert openai_response(body)["tool_calls"] == calls


def test_a_name_repeated_in_each_delta_is_one_name():
    deltas = [{"index": 0, "function": {"name": "f", "arguments": said}} for said in ("{", "}")]
    body = assemble_chat([{"choices": [{"delta": {"tool_calls": [delta]}}]} for delta in deltas])
    assert openai_response(body)["tool_calls"] == [{"name": "f", "arguments": "{}"}]


def test_the_legacy_function_call_is_a_tool_call():
    deltas = [{"function_call": said} for said in ({"name": "f"}, {"arguments": "{"}, {"arguments": "}"})]
    body = assemble_chat([{"choices": [{"index": 0, "delta": delta}]} for delta in deltas])
    assert openai_response(body)["tool_calls"] == [{"name": "f", "arguments": "{}"}]


def test_legacy_completion_chunks_are_text():
    chunks = [{"object": "text_completion", "choices": [{"text": said, "index": 0}]} for said in ("a ", "b")]
    assert completions_response(assemble_chat(chunks))["output"] == "a b"


def test_an_error_chunk_stays_beside_what_arrived():
    body = assemble_chat([*chat_stream(chat_response(), [])[:-2], {"error": {"code": "server_error"}}])
    record = openai_response(body)
    assert (record["output"], record["error_type"]) == ("100 °C at sea level.", "server_error")
