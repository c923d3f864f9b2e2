"""Typed events of the Responses API, put together into one response body.

The closing event (`response.completed`, `.incomplete`, `.failed`) carries the whole response and is taken
as it is. Where it is missing or empty, the output is built from the items and deltas that arrived.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, run_on

# event: (list of the item, index of the part in the event, kind of the part, key of the part's text)
_PARTS = {
    "response.output_text": ("content", "content_index", "output_text", "text"),
    "response.refusal": ("content", "content_index", "refusal", "refusal"),
    "response.reasoning_text": ("content", "content_index", "reasoning_text", "text"),
    "response.reasoning_summary_text": ("summary", "summary_index", "summary_text", "text"),
}
# event: (kind of the item, key of the item's text)
_ITEMS = {
    "response.function_call_arguments": ("function_call", "arguments"),
    "response.custom_tool_call_input": ("custom_tool_call", "input"),
    "response.mcp_call_arguments": ("mcp_call", "arguments"),
}
_CLOSING = ("response.completed", "response.incomplete", "response.failed")


class _Item:
    """One output item: as it was announced or closed, and the deltas in between."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self.closed = False
        self.parts: dict[tuple[str, int], tuple[str, str, list[str]]] = {}
        self.text: tuple[str, str, list[str]] | None = None

    def part(self, key: str, index: int, kind: str, spelling: str) -> list[str]:
        return self.parts.setdefault((key, index), (kind, spelling, []))[2]

    def whole(self) -> dict[str, Any]:
        """The item as the response would list it."""
        if self.closed:
            return self.said
        item = dict(self.said)
        item.pop("encrypted_content", None)  # in the announcement it may be incomplete (vendor's own words)
        for (key, _), (kind, spelling, said) in sorted(self.parts.items(), key=lambda part: part[0]):
            fresh = [] if key not in item or item[key] is self.said.get(key) else item[key]
            item[key] = [*fresh, {"type": kind, spelling: run_on(said)}]
            item.setdefault("type", "message" if kind in ("output_text", "refusal") else "reasoning")
        if self.text is not None:
            kind, spelling, said = self.text
            item.setdefault("type", kind)
            item[spelling] = run_on(said)
        if item.get("type") == "message":
            item.setdefault("role", "assistant")
        return item


def assemble_response(events: list[dict[str, Any]]) -> Body:
    """The response body of its events. Raises `BodyError` on a value of the wrong type."""
    body: dict[str, Any] = {}
    items: dict[int, _Item] = {}
    for position, event in enumerate(events):
        where = f"sse[{position}]"
        kind = fields.text(event, "type", where) or ""
        response = fields.object_at(event, "response", where)
        if response:
            body = {**body, **response}
        if kind in _CLOSING and response.get("output"):
            return body
        if kind == "error":
            body["error"] = fields.first(event.get("error"), {**event, "type": event.get("code")})
        _take(kind, event, items, where)
    body["output"] = [items[index].whole() for index in sorted(items)]
    return body


def _take(kind: str, event: Body, items: dict[int, _Item], where: str) -> None:
    """Add an event to the item it speaks of."""
    name, _, step = kind.rpartition(".")
    if name == "response.output_item":
        item = _item(event, items, where)
        item.said = dict(fields.object_at(event, "item", where))
        item.closed = step == "done"
    elif name in _PARTS:
        key, place, part, spelling = _PARTS[name]
        index = fields.integer(event, place, where) or 0
        _say(_item(event, items, where).part(key, index, part, spelling), step, event, spelling, where)
    elif name in _ITEMS:
        item = _item(event, items, where)
        if item.text is None:
            item.text = (*_ITEMS[name], [])
        _say(item.text[2], step, event, item.text[1], where)


def _item(event: Body, items: dict[int, _Item], where: str) -> _Item:
    return items.setdefault(fields.integer(event, "output_index", where) or 0, _Item())


def _say(said: list[str], step: str, event: Body, spelling: str, where: str) -> None:
    """A delta goes on with the text, a `done` event repeats it whole."""
    if step == "done" and event.get(spelling) is not None:
        said[:] = [fields.text(event, spelling, where) or ""]
    elif step == "delta":
        said.append(fields.text(event, "delta", where) or "")
