"""Chunks of `streamGenerateContent`, put together into one generateContent response."""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, an_object, run_on
from stillwatch.exchanges.bodies.gemini import camel

_LATEST = ("usageMetadata", "modelVersion", "responseId", "promptFeedback", "error")


def assemble_gemini(events: list[dict[str, Any]]) -> Body:
    """The response body of its chunks, first candidate only. Raises `BodyError` on a wrong type."""
    body: dict[str, Any] = {}
    candidate: dict[str, Any] = {}
    parts: list[dict[str, Any]] = []
    for position, event in enumerate(map(camel, events)):
        where = f"sse[{position}]"
        body.update({key: event[key] for key in _LATEST if event.get(key)})
        for value in fields.items(event, "candidates", where) or []:
            chunk = an_object(value, f"{where}.candidates")
            if not fields.integer(chunk, "index", where):
                candidate.update({key: said for key, said in chunk.items() if said is not None})
                content = fields.object_at(chunk, "content", where)
                for part in fields.items(content, "parts", where) or []:
                    _go_on(parts, dict(an_object(part, f"{where}.candidates.parts")))
    candidate["content"] = {"role": "model", "parts": parts}
    return {**body, "candidates": [candidate]}


def _go_on(parts: list[dict[str, Any]], part: dict[str, Any]) -> None:
    """Append a part; a text that goes on with the text before it becomes one with it."""
    last = parts[-1] if parts else {}
    unsigned = last.keys() <= {"text", "thought"}
    both_text = isinstance(last.get("text"), str) and isinstance(part.get("text"), str)
    if unsigned and both_text and bool(last.get("thought")) == bool(part.get("thought")):
        parts[-1] = {**last, **part, "text": run_on([last["text"], part["text"]])}
    else:
        parts.append(part)
