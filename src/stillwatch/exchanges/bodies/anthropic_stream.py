"""Message events of the Anthropic API (direct, on Bedrock, on Vertex), put together into one Message body."""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, from_json, run_on

# delta: key of the block that it goes on with
_DELTAS = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thinking"),
    "signature_delta": ("signature", "signature"),
    "compaction_delta": ("content", "content"),
}


class _Block:
    """One content block: as it started, and what came after."""

    def __init__(self, start: Body) -> None:
        self.start = dict(start)
        self.texts: dict[str, list[str]] = {}
        self.arguments: list[str] = []

    def add(self, delta: Body, where: str) -> None:
        """Take in one delta."""
        kind = fields.text(delta, "type", where)
        if kind == "input_json_delta":
            self.arguments.append(fields.text(delta, "partial_json", where) or "")
        elif kind in _DELTAS:
            key, block_key = _DELTAS[kind]
            self.start.setdefault("type", kind.removesuffix("_delta"))
            self.texts.setdefault(block_key, []).append(fields.text(delta, key, where) or "")

    def whole(self, where: str) -> dict[str, Any]:
        """The block as an unstreamed Message has it."""
        block = dict(self.start)
        for key, said in self.texts.items():
            block[key] = run_on([fields.text(self.start, key, where) or "", *said])
        arguments = run_on(self.arguments)
        if arguments:
            block["input"] = _parsed(arguments)
        return block


def _parsed(arguments: str) -> Any:
    """The arguments of a tool call; as text where the stream was cut inside them."""
    try:
        return from_json(arguments)
    except ValueError:
        return arguments


def assemble_message(events: list[dict[str, Any]]) -> Body:
    """The Message body of its events. Raises `BodyError` on a value of the wrong type."""
    body: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    blocks: dict[int, _Block] = {}
    for position, event in enumerate(events):
        where = f"sse[{position}]"
        kind = fields.text(event, "type", where)
        if kind == "message_start":
            body.update(fields.object_at(event, "message", where))
            usage.update(_counts(body, where))
        elif kind == "content_block_start":
            index = fields.integer(event, "index", where) or 0
            blocks[index] = _Block(fields.object_at(event, "content_block", where))
        elif kind == "content_block_delta":
            index = fields.integer(event, "index", where) or 0
            blocks.setdefault(index, _Block({})).add(fields.object_at(event, "delta", where), where)
        elif kind == "message_delta":
            delta = fields.object_at(event, "delta", where)
            body.update({key: value for key, value in delta.items() if value is not None})
            usage.update(_counts(event, where))
        elif kind == "error":
            body["error"] = event.get("error")
    whole = [blocks[index].whole("sse.content_block") for index in sorted(blocks)]
    return {**body, "content": whole or body.get("content"), "usage": usage}


def _counts(holder: Body, where: str) -> dict[str, Any]:
    """Counts are cumulative: later ones replace earlier ones, nulls replace nothing."""
    usage = fields.object_at(holder, "usage", where)
    return {key: value for key, value in usage.items() if value is not None}
