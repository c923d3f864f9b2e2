"""Events of Bedrock's ConverseStream (and Nova's own stream), put together into one Converse body."""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import Body, from_json, run_on


def assemble_converse(events: list[dict[str, Any]]) -> Body:
    """The Converse body of its events. Raises `BodyError` on a value of the wrong type."""
    body: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    for position, event in enumerate(events):
        where = f"sse[{position}]"
        for key in ("contentBlockStart", "contentBlockDelta"):
            said = fields.object_at(event, key, where)
            if said:
                index = fields.integer(said, "contentBlockIndex", where) or 0
                block = blocks.setdefault(index, {"texts": {}})
                _start(block, fields.object_at(said, "start", where), where)
                _go_on(block, fields.object_at(said, "delta", where), where)
        stop = fields.object_at(event, "messageStop", where)
        body["stopReason"] = fields.first(stop.get("stopReason"), body.get("stopReason"))
        usage = fields.object_at(fields.object_at(event, "metadata", where), "usage", where)
        body["usage"] = usage or body.get("usage")
    content = [_whole(blocks[index]) for index in sorted(blocks)]
    return {**body, "output": {"message": {"role": "assistant", "content": content}}}


def _start(block: dict[str, Any], start: Body, where: str) -> None:
    call = fields.object_at(start, "toolUse", where)
    if call:
        block["name"] = call.get("name")


def _go_on(block: dict[str, Any], delta: Body, where: str) -> None:
    thought = fields.object_at(delta, "reasoningContent", where)
    call = fields.object_at(delta, "toolUse", where)
    said = {
        "text": fields.text(delta, "text", where),
        "input": fields.text(call, "input", where),
        "thought": fields.text(thought, "text", where),
        "signature": fields.text(thought, "signature", where),
        "redactedContent": fields.text(thought, "redactedContent", where),
    }
    for key, text in said.items():
        if text is not None:
            block["texts"].setdefault(key, []).append(text)


def _whole(block: dict[str, Any]) -> dict[str, Any]:
    said = {key: run_on(texts) for key, texts in block["texts"].items()}
    if "name" in block or "input" in said:
        arguments = said.get("input", "")
        try:
            parsed = from_json(arguments) if arguments else {}
        except ValueError:  # the stream was cut inside the arguments
            parsed = arguments
        return {"toolUse": {"name": block.get("name"), "input": parsed}}
    if "redactedContent" in said:
        return {"reasoningContent": {"redactedContent": said["redactedContent"]}}
    if "thought" in said or "signature" in said:
        thought = {"text": said.get("thought"), "signature": said.get("signature")}
        return {"reasoningContent": {"reasoningText": thought}}
    return {"text": said.get("text", "")}
