"""Amazon Bedrock Converse bodies, and Amazon Nova's own, which have the same shape.

Parts are objects with one key that names them (`text`, `image`, `toolUse`, …) instead of a `type`.
"""

from __future__ import annotations

from typing import Any

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.content import (
    Message,
    Piece,
    answer_text,
    arguments_text,
    canonical_role,
    joined_pieces,
    mark,
    run_together,
    split_turn,
    system_text,
    tool_call_line,
    tool_name,
)
from stillwatch.exchanges.bodies.errors import error_fields
from stillwatch.exchanges.bodies.fields import Body, an_object, digest, present, schema_hash
from stillwatch.exchanges.bodies.finish import finish_reason
from stillwatch.exchanges.reader import Record

_MEDIA = {"image": "image", "video": "video", "audio": "audio", "document": "file"}


def converse_request(body: Body) -> Record:
    """The canonical fields of a Converse request. Raises `BodyError` on a value of the wrong type."""
    messages = fields.items(body, "messages")
    config = fields.object_at(body, "inferenceConfig")
    offered = fields.items(fields.object_at(body, "toolConfig"), "tools", "toolConfig")
    extra = fields.object_at(body, "additionalModelRequestFields")
    thinking = extra.get("thinking", extra.get("reasoning_config"))
    return present(
        system=_system(fields.items(body, "system") or []),
        messages=None if messages is None else _conversation(messages),
        reasoning_ref=_presented(messages or []),
        tools=None if offered is None else _tool_names(offered),
        tools_hash=schema_hash(offered, "toolConfig.tools") if offered else None,
        reasoning_effort=_effort(thinking) if isinstance(thinking, dict) else None,
        **_sampling(config, "inferenceConfig"),
    )


def _sampling(config: Body, where: str) -> Record:
    longest = fields.integer(config, "maxTokens", where)
    return present(
        temperature=fields.number(config, "temperature", where),
        top_p=fields.number(config, "topP", where),
        max_tokens=fields.first(longest, fields.integer(config, "max_new_tokens", where)),
    )


def _effort(thinking: Body) -> str | None:
    where = "additionalModelRequestFields.thinking"
    return fields.first(
        fields.identifier(thinking, "budget_tokens", where), fields.identifier(thinking, "type", where)
    )


def _system(blocks: list[Any]) -> str | None:
    return system_text(*(joined_pieces(_pieces([block], "system")) for block in blocks))


def _conversation(messages: list[Any]) -> list[Message]:
    conversation: list[Message] = []
    for position, value in enumerate(messages):
        where = f"messages[{position}]"
        turn = an_object(value, where)
        role = canonical_role(turn.get("role"), f"{where}.role")
        blocks = turn.get("content")
        said = [{"text": blocks}] if isinstance(blocks, str) else fields.items(turn, "content", where) or []
        conversation += split_turn(role, _pieces(said, f"{where}.content"))
    return conversation


def _pieces(blocks: list[Any], where: str) -> list[Piece]:
    return [
        _piece(an_object(block, f"{where}[{position}]"), f"{where}[{position}]")
        for position, block in enumerate(blocks)
    ]


def _piece(block: Body, where: str) -> Piece:
    if block.get("text") is not None:
        return Piece("text", fields.text(block, "text", where) or "")
    if "toolUse" in block:
        call = fields.object_at(block, "toolUse", where)
        return Piece("call", tool_call_line(call.get("name"), call.get("input"), where))
    if "toolResult" in block:
        result = fields.object_at(block, "toolResult", where)
        return Piece("result", _result(fields.items(result, "content", where) or [], where))
    if "guardContent" in block:  # text set apart for a guardrail to check
        said = fields.object_at(fields.object_at(block, "guardContent", where), "text", where)
        return Piece("text", fields.text(said, "text", where) or "")
    for key, kind in _MEDIA.items():
        if isinstance(block.get(key), dict):
            return Piece("mark", _medium(kind, block[key], where))
    hidden = not block or "reasoningContent" in block or "cachePoint" in block
    return Piece("thinking", "") if hidden else Piece("mark", mark(next(iter(block)), block, where=where))


def _result(blocks: list[Any], where: str) -> str:
    """The text of a tool result: its texts, its JSON written compactly, its media as marks."""
    said = []
    for block in blocks:
        part = an_object(block, where)
        if part.get("json") is not None:
            said.append(arguments_text(part["json"], where))
        elif "toolResult" not in part:
            said.append(_piece(part, where).text)
    return "\n".join(text for text in said if text)


def _medium(kind: str, medium: Body, where: str) -> str:
    source = medium.get("source")
    sent = source.get("bytes") if isinstance(source, dict) else None
    encoded = isinstance(sent, str)
    return mark(kind, sent if encoded else fields.first(source, medium), encoded, where=where)


def _tool_names(offered: list[Any]) -> list[str]:
    names = []
    for position, value in enumerate(offered):
        where = f"toolConfig.tools[{position}]"
        tool = an_object(value, where)
        spec = next((said for said in tool.values() if isinstance(said, dict) and "name" in said), {})
        names.append(tool_name(spec.get("name"), where) or next(iter(tool), "unnamed"))
    return names


def _presented(messages: list[Any]) -> list[str] | None:
    contents = (turn.get("content") for turn in messages if isinstance(turn, dict))
    return [ref for content in contents if isinstance(content, list) for ref in _sealed(content)] or None


def _sealed(blocks: list[Any]) -> list[str]:
    """SHA-256 of each reasoning signature and each redacted reasoning block, as transmitted."""
    found = []
    for block in blocks:
        thought = block.get("reasoningContent") if isinstance(block, dict) else None
        if isinstance(thought, dict):
            signed = thought.get("reasoningText")
            seal = signed.get("signature") if isinstance(signed, dict) else thought.get("redactedContent")
            if isinstance(seal, str) and seal:
                found.append(digest(seal))
    return found


def converse_response(body: Body) -> Record:
    """The canonical fields of a Converse response. Raises `BodyError` on a value of the wrong type."""
    answer = fields.object_at(fields.object_at(body, "output"), "message", "output")
    where = "output.message.content"
    blocks = fields.items(answer, "content", "output.message") or []
    calls = [
        {"name": tool_name(call.get("name"), where), "arguments": arguments_text(call.get("input"), where)}
        for call in (fields.object_at(block, "toolUse", where) for block in blocks if isinstance(block, dict))
        if call
    ]
    return present(
        output=answer_text(run_together(_pieces(blocks, where))),
        reasoning=_thought(blocks, where),
        reasoning_issued=_sealed(blocks) or None,
        tool_calls=calls or None,
        **converse_usage(fields.object_at(body, "usage")),
        **({"finish_reason": finish_reason(body.get("stopReason"))} | error_fields(body)),
    )


def _thought(blocks: list[Any], where: str) -> str | None:
    thoughts = []
    for block in blocks:
        if isinstance(block, dict) and isinstance(block.get("reasoningContent"), dict):
            said = fields.object_at(block["reasoningContent"], "reasoningText", where)
            thoughts.append(fields.text(said, "text", where))
    return system_text(*thoughts)


def converse_usage(usage: Body, where: str = "usage") -> Record:
    """Token counts; as with Anthropic's own API cached input is counted apart and added here."""
    read = fields.first(
        fields.integer(usage, "cacheReadInputTokens", where),
        fields.integer(usage, "cacheReadInputTokenCount", where),
    )
    written = fields.first(
        fields.integer(usage, "cacheWriteInputTokens", where),
        fields.integer(usage, "cacheWriteInputTokenCount", where),
    )
    fresh = fields.integer(usage, "inputTokens", where)
    return present(
        input_tokens=None if fresh is None else fields.total(fresh, read, written),
        output_tokens=fields.integer(usage, "outputTokens", where),
        cache_read_tokens=read,
    )
