"""Plausible bodies of each vendor, and the same answers streamed. A test says only what matters to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

Body = dict[str, Any]

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def chat_request(**said: Any) -> Body:
    """One chat completion request."""
    return {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": "What is the boiling point of water?"},
        ],
    } | said


def chat_response(message: Body | None = None, **said: Any) -> Body:
    """One chat completion; `message` is the first choice's."""
    answer = {"role": "assistant", "content": "100 °C at sea level."} | (message or {})
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1793500000,
        "model": "gpt-4o-2024-11-20",
        "choices": [{"index": 0, "message": answer, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 8, "total_tokens": 28},
    } | said


def message_request(**said: Any) -> Body:
    """One Messages request."""
    return {
        "model": "claude-sonnet-4-5",
        "max_tokens": 1024,
        "system": "Answer briefly.",
        "messages": [{"role": "user", "content": "What is the boiling point of water?"}],
    } | said


def message_response(**said: Any) -> Body:
    """One Message."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [{"type": "text", "text": "100 °C at sea level."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 20, "output_tokens": 8},
    } | said


def responses_request(**said: Any) -> Body:
    """One Responses request."""
    return {
        "model": "gpt-5",
        "instructions": "Answer briefly.",
        "input": "What is the boiling point of water?",
    } | said


def output_text(text: str) -> Body:
    """One message item of a response."""
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


def responses_response(*items: Body, **said: Any) -> Body:
    """One response of these output items."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1793500000,
        "model": "gpt-5-2025-08-07",
        "status": "completed",
        "output": list(items) or [output_text("100 °C at sea level.")],
        "usage": {"input_tokens": 20, "output_tokens": 8},
    } | said


def gemini_response(*parts: Body, **said: Any) -> Body:
    """One generateContent response of these parts."""
    content = {"role": "model", "parts": list(parts) or [{"text": "100 °C at sea level."}]}
    return {
        "candidates": [{"content": content, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 8, "totalTokenCount": 28},
        "modelVersion": "gemini-3-pro",
        "responseId": "r1",
    } | said


def converse_response(*blocks: Body, **said: Any) -> Body:
    """One Converse response of these content blocks."""
    content = list(blocks) or [{"text": "100 °C at sea level."}]
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 20, "outputTokens": 8, "totalTokens": 28},
    } | said


CUTS = st.lists(st.integers(0, 400), max_size=6)  # where texts are cut into deltas


def pieces(text: str, cuts: Iterable[int]) -> list[str]:
    """The text cut at these positions (taken modulo its length); always at least one piece."""
    places = sorted({cut % (len(text) + 1) for cut in cuts} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(places)] or [""]


def chat_stream(body: Body, cuts: Sequence[int]) -> list[Body]:
    """The chunks that a chat completion would have come in, each text cut at `cuts`."""
    head = {"id": body["id"], "object": "chat.completion.chunk", "model": body["model"]}
    choice = body["choices"][0]
    message = choice["message"]

    def chunk(finish: str | None = None, **delta: Any) -> Body:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    chunks = [chunk(role="assistant", content="")]
    for key in ("reasoning_content", "content", "refusal"):
        chunks += [chunk(**{key: piece}) for piece in pieces(message.get(key) or "", cuts)]
    for index, call in enumerate(message.get("tool_calls") or []):
        function = {"name": call["function"]["name"], "arguments": ""}
        chunks.append(chunk(tool_calls=[{"index": index, "id": f"call_{index}", "function": function}]))
        chunks += [
            chunk(tool_calls=[{"index": index, "function": {"arguments": piece}}])
            for piece in pieces(call["function"]["arguments"], cuts)
        ]
    chunks.append(chunk(choice["finish_reason"]))
    return [*chunks, {**head, "choices": [], "usage": body["usage"]}]


def message_stream(body: Body, cuts: Sequence[int]) -> list[Body]:
    """The events that a Message would have come in, each text cut at `cuts`."""
    started = {**body, "content": [], "stop_reason": None, "usage": {**body["usage"], "output_tokens": 1}}
    events: list[Body] = [{"type": "message_start", "message": started}, {"type": "ping"}]
    for index, block in enumerate(body["content"]):
        events += _block_events(index, block, cuts)
    delta = {"stop_reason": body["stop_reason"], "stop_details": body.get("stop_details")}
    usage = {"output_tokens": body["usage"]["output_tokens"]}
    return [*events, {"type": "message_delta", "delta": delta, "usage": usage}, {"type": "message_stop"}]


def _block_events(index: int, block: Body, cuts: Sequence[int]) -> list[Body]:
    texts = {"text": ("text_delta", "text"), "thinking": ("thinking_delta", "thinking")}
    kind = block["type"]
    start, deltas = dict(block), []
    if kind in texts:
        delta, key = texts[kind]
        start[key] = ""
        deltas = [{"type": delta, key: piece} for piece in pieces(block[key], cuts)]
    if "signature" in block:
        start["signature"] = ""
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    if "input" in block:
        start["input"] = {}
        arguments = json.dumps(block["input"])
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(arguments, cuts)]
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def responses_stream(body: Body, cuts: Sequence[int], closed: bool = True) -> list[Body]:
    """The events that a response would have come in; without its items in the last one unless `closed`."""
    begun = {**body, "status": "in_progress", "output": [], "usage": None}
    events: list[Body] = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(body["output"]):
        events += _item_events({"output_index": index, "item_id": item.get("id")}, item, cuts)
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    last = body if closed else {**body, "output": []}
    return [*events, {"type": f"response.{body['status']}", "response": last}]


def _item_events(place: Body, item: Body, cuts: Sequence[int]) -> list[Body]:
    announced = {key: value for key, value in item.items() if key not in ("arguments", "content", "summary")}
    events: list[Body] = [{"type": "response.output_item.added", **place, "item": announced}]
    if "arguments" in item:
        kind = "response.function_call_arguments.delta"
        events += [{"type": kind, **place, "delta": piece} for piece in pieces(item["arguments"], cuts)]
    kinds = {
        "output_text": ("response.output_text", "text", "content_index"),
        "refusal": ("response.refusal", "refusal", "content_index"),
        "summary_text": ("response.reasoning_summary_text", "text", "summary_index"),
    }
    for key in ("content", "summary"):
        for index, part in enumerate(item.get(key, [])):
            kind, spelling, counter = kinds[part["type"]]
            where = {**place, counter: index}
            events += [
                {"type": f"{kind}.delta", **where, "delta": said} for said in pieces(part[spelling], cuts)
            ]
            events.append({"type": f"{kind}.done", **where, spelling: part[spelling]})
    return events


def gemini_stream(body: Body, cuts: Sequence[int]) -> list[Body]:
    """The chunks that a generateContent response would have come in."""
    candidate = body["candidates"][0]
    parts: list[Body] = []
    for part in candidate["content"]["parts"]:
        said = pieces(part["text"], cuts) if "text" in part else [None]
        parts += [part if piece is None else {**part, "text": piece} for piece in said]
    chunks = [{"candidates": [{"content": {"role": "model", "parts": [part]}}]} for part in parts]
    last = {"candidates": [{"content": {}, "finishReason": candidate["finishReason"]}]}
    return [*chunks, {**body, **last}]


def converse_stream(body: Body, cuts: Sequence[int]) -> list[Body]:
    """The events that a Converse response would have come in."""
    events: list[Body] = [{"messageStart": {"role": "assistant"}}]
    for index, block in enumerate(body["output"]["message"]["content"]):
        place = {"contentBlockIndex": index}
        for delta in _converse_deltas(block, cuts):
            key = "contentBlockStart" if "start" in delta else "contentBlockDelta"
            events.append({key: {**place, **delta}})
        events.append({"contentBlockStop": place})
    ends = [{"messageStop": {"stopReason": body["stopReason"]}}, {"metadata": {"usage": body["usage"]}}]
    return [*events, *ends]


def _converse_deltas(block: Body, cuts: Sequence[int]) -> list[Body]:
    if "toolUse" in block:
        call = block["toolUse"]
        said = pieces(json.dumps(call["input"]), cuts)
        start = {"start": {"toolUse": {"name": call["name"], "toolUseId": "t1"}}}
        return [start, *({"delta": {"toolUse": {"input": piece}}} for piece in said)]
    if "reasoningContent" in block:
        thought = block["reasoningContent"]["reasoningText"]
        said = pieces(thought["text"], cuts)
        deltas = [{"delta": {"reasoningContent": {"text": piece}}} for piece in said]
        return [*deltas, {"delta": {"reasoningContent": {"signature": thought["signature"]}}}]
    return [{"delta": {"text": piece}} for piece in pieces(block["text"], cuts)]


def as_sse(events: Iterable[Body], newline: str = "\n", named: bool = False, done: bool = True) -> str:
    """The events as a server would send them."""
    sent = []
    for event in events:
        name = f"event: {event.get('type', 'message')}{newline}" if named else ""
        sent.append(f"{name}data: {json.dumps(event, ensure_ascii=False)}{newline}{newline}")
    return "".join(sent) + (f"data: [DONE]{newline}{newline}" if done else "")


WHOLE_CHAT = chat_response(
    {
        "content": "Let me look.",
        "reasoning_content": "The user wants the weather, so I call the tool.",
        "tool_calls": [
            {"type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern"}'}},
            {"type": "function", "function": {"name": "clock", "arguments": "{}"}},
        ],
    }
)

WHOLE_MESSAGE = message_response(
    content=[
        {"type": "thinking", "thinking": "The user wants the weather.", "signature": "c2lnbmVk"},
        {"type": "redacted_thinking", "data": "b3BhcXVl"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Zürich", "days": [1, 2]}},
    ],
    stop_reason="tool_use",
)

WHOLE_RESPONSE = responses_response(
    {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "Thinking of water."}],
        "encrypted_content": "Z2VoZWlt",
    },
    output_text("Let me look."),
    {
        "id": "fc_1",
        "type": "function_call",
        "name": "weather",
        "call_id": "c",
        "arguments": '{"city": "Bern"}',
    },
)
